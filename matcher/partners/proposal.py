"""One proposal for all: the set of new pairings of neighbourhoods with organisations that scores most.

Everyone's best partner is the same popular unit, so that each party takes at most so many new ones. Scores
add up, and with both sides apart that makes a flow whose optimum is a set of whole pairings (a b-matching):
exact for the sum of scores. What the pairings gain together is solved again, since gains don't add up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.instance import Instance, Ints
from matcher.partners.recommend import Desk, open_desk, reasons_of, score_of, tell_signed
from matcher.partners.score import SCALE, Table, Weights, score_pairs
from matcher.solution import Solution

Json = dict[str, Any]


def propose_pairings(
    instance: Instance, solution: Solution, *, most: int = 1, weights: Weights | None = None
) -> Json:
    """Propose the best set of new pairings with at most so many for each party.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of its graph.
    most : int
        New pairings of each party at most.
    weights : Weights, optional

    Returns
    -------
    dict
        `most`; `pairs`, by falling score: `parties`, `names`, `score`, `reasons`; `score` of all; `status`
        (`optimal`: no set with so many for each party scores more);
        `gain_places` of all signed together, and what `recommend_partners` says of one pairing besides.

    Raises
    ------
    ValueError
        If no pairing is allowed, or a weight is below zero.
    """
    if most < 1:
        raise ValueError(f"most is {most}, but has to be at least 1")
    desk = open_desk(instance, solution, weights)
    standing = desk.standing
    parties = standing.candidates()
    areas = [party for party in parties if standing.table_of(party) == "areas"]
    others = [party for party in parties if standing.table_of(party) != "areas"]
    table = score_pairs(standing, desk.state, areas, others, desk.weights)
    allowed = _allowed(desk, areas, others) & (table.terms["complement"] > 0)
    chosen = choose(np.where(allowed, table.score, 0), most)
    names = standing.names(parties)
    rows = sorted(
        (_row(desk, table, names, one, other) for one, other in chosen),
        key=lambda row: (-row["score"], row["parties"]),
    )
    pairs = [(row["parties"][0], row["parties"][1]) for row in rows]
    signed = desk.signing.sign([(standing.side(one), standing.side(other)) for one, other in pairs])
    return {
        "most": most,
        "pairs": rows,
        "score": sum(int(table.score[pair]) for pair in chosen) / SCALE,
        "status": "optimal",
        "gain_places": signed.gain_places,
        **tell_signed(desk, signed, pairs),
    }


def _row(desk: Desk, table: Table, names: dict[str, str], one: int, other: int) -> Json:
    parties = [table.ones[one], table.others[other]]
    return {
        "parties": parties,
        "names": [names[party] for party in parties],
        "score": score_of(table, one, other),
        "reasons": reasons_of(desk, table, one, other),
    }


def _allowed(desk: Desk, areas: list[str], others: list[str]) -> np.ndarray:
    """Which pairs of areas and others are neither kin nor tied already."""
    standing = desk.standing
    kin = [standing.kin(other) for other in others]
    found = np.zeros((len(areas), len(others)), dtype=bool)
    for row, area in enumerate(areas):
        taken = standing.kin(area) | standing.partners(area)
        found[row] = [not taken & other for other in kin]
    return found


def choose(score: Ints, most: int) -> list[tuple[int, int]]:
    """Choose the pairs of rows and columns with the largest sum of scores, each taken at most so often.

    Parameters
    ----------
    score : ndarray of int64, shape (rows, columns)
        Pairs at 0 or below are never chosen.
    most : int

    Returns
    -------
    list of (int, int)
        Row and column, sorted; the sum is the largest there is.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    row, column = np.nonzero(score > 0)
    if not len(row):
        return []
    rows, columns = score.shape
    source, sink = rows + columns, rows + columns + 1
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        row.astype(np.int32),
        (rows + column).astype(np.int32),
        np.ones(len(row), np.int64),
        -score[row, column],
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(rows, source, np.int32),
        np.arange(rows, dtype=np.int32),
        np.full(rows, most),
        np.zeros(rows, np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        (rows + np.arange(columns)).astype(np.int32),
        np.full(columns, sink, np.int32),
        np.full(columns, most),
        np.zeros(columns, np.int64),
    )
    # What pairs don't use goes past them at no cost.
    flow.add_arc_with_capacity_and_unit_cost(source, sink, rows * most, 0)
    flow.set_node_supply(source, rows * most)
    flow.set_node_supply(sink, -rows * most)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"the flow of pairings ended with status {status}")
    used = np.flatnonzero(flow.flows(arcs))
    return sorted(zip(row[used].tolist(), column[used].tolist(), strict=True))
