"""Partners for one party: all candidates scored, the best of them solved again, ranked with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any, Final

import numpy as np

from matcher.arrays import sum_by_row
from matcher.instance import Instance, Ints
from matcher.partners.score import SCALE, TERMS, Table, Weights, gain_term, score_pairs
from matcher.partners.signing import Signed, Signing
from matcher.partners.standing import Standing
from matcher.partners.tally import State, read_state
from matcher.partners.words import tell_blind_spots, tell_reasons, tell_warning
from matcher.problem import PRIORITIES
from matcher.solution import Solution

Json = dict[str, Any]

MOST_SOLVES: Final = 4
"""So many candidates are solved again at most for each one asked for."""

_LIVES_BY: Final = 0.5
"""Who serves at least this share of a neighbourhood's served places is a partner that it lives by."""


@dataclass(slots=True, eq=False)
class Desk:
    """What recommendations and proposals work with.

    Attributes
    ----------
    instance, solution : Instance, Solution
        The match as it is.
    standing, state, signing : Standing, State, Signing
    weights : Weights
    """

    instance: Instance
    solution: Solution
    standing: Standing
    state: State
    signing: Signing
    weights: Weights


def open_desk(instance: Instance, solution: Solution, weights: Weights | None = None) -> Desk:
    """Gather what recommendations need."""
    return Desk(
        instance,
        solution,
        Standing(instance),
        read_state(instance, solution),
        Signing(instance, solution),
        weights or Weights(),
    )


def recommend_partners(
    instance: Instance,
    solution: Solution,
    party: str,
    *,
    top: int = 10,
    weights: Weights | None = None,
) -> list[Json]:
    """Rank the parties that one party should pair with.

    All candidates (see `Standing.candidates`) that aren't tied to it or its kin are scored with a bound on
    the gain by prices; from the largest on they are solved again as if the pairing were signed, until no
    other can be better than those found (or four for each one asked for were solved).

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of its graph.
    party : str
        Id of a unit, area, alliance, branch or station.
    top : int
        So many at most.
    weights : Weights, optional

    Returns
    -------
    list of dict
        By falling score, then by id: `party`, `name`, `table`, `score` (0 to 1), `reasons` (see
        `tell_reasons`), `gain_places`, `gain_by_priority`, `exact` (the gain is that of two proved optima),
        `come_further` (offers that would serve beyond their stated reach: `offer`, `places`), `blind_spots`
        (`unserved_before`, `unserved_after`, `newly_paired`, `no_longer_silent`, and a sentence: `text`,
        `text_en`), `warnings`.

    Raises
    ------
    ValueError
        If nobody is asked for, the party is on no record, or a weight is below zero.
    """
    if top < 1:
        raise ValueError(f"top is {top}, but has to be at least 1")
    desk = open_desk(instance, solution, weights)
    standing = desk.standing
    if standing.table_of(party) is None:
        raise ValueError(f"no unit, area, alliance, branch or station is called “{party}”")
    kin, partners = standing.kin(party), standing.partners(party)
    others = [
        other
        for other in standing.candidates()
        if not kin & standing.kin(other) and not standing.is_tied(partners, other)
    ]
    table = score_pairs(standing, desk.state, [party], others, desk.weights)
    names = standing.names(others)
    return [
        {"party": others[at], "name": names[others[at]], **row} for at, row in _best_first(desk, table, top)
    ]


def _best_first(desk: Desk, table: Table, top: int) -> list[tuple[int, Json]]:
    """The best columns of a table's first row by the score with the true gain, and what is said of them.

    Scores by prices come first, largest first; one that was solved again waits with its true score until no
    other can be above it.
    """
    queue: list[tuple[float, str, int, Json | None]] = [
        (-score_of(table, 0, at), other, at, None) for at, other in enumerate(table.others)
    ]
    heapify(queue)
    found: list[tuple[int, Json]] = []
    left = MOST_SOLVES * top
    while queue and len(found) < top:
        _, party, at, row = heappop(queue)
        if row is not None:
            found.append((at, row))
        elif left:
            left -= 1
            row = judge(desk, table, 0, at)
            heappush(queue, (-row["score"], party, at, row))
    return found


def judge(desk: Desk, table: Table, one: int, other: int) -> Json:
    """Solve the match again with a pair of a table signed; what `recommend_partners` says of it."""
    parties = table.ones[one], table.others[other]
    signed = desk.signing.sign([(desk.standing.side(parties[0]), desk.standing.side(parties[1]))])
    terms = {name: float(values[one, other]) for name, values in table.terms.items()}
    counts = count_of(table, one, other)
    gain = gain_term(np.array([signed.gain_places]), np.array([counts["lacked"]]))
    terms["gain"] = float(gain[0])
    points = {name: getattr(desk.weights, name) * terms[name] for name in TERMS}
    return {
        "table": desk.standing.table_of(parties[1]),
        "score": round(sum(points.values()), 6),
        "gain_places": signed.gain_places,
        "reasons": tell_reasons(points, counts, signed.gain_places),
        **tell_signed(desk, signed, [parties]),
    }


def reasons_of(desk: Desk, table: Table, one: int, other: int) -> list[Json]:
    """What speaks for a pair of a table by itself, its gain bounded by prices."""
    points = {name: getattr(desk.weights, name) * float(table.terms[name][one, other]) for name in TERMS}
    return tell_reasons(points, count_of(table, one, other), None)


def count_of(table: Table, one: int, other: int) -> dict[str, float]:
    """Numbers behind one pair of a table."""
    counts = {name: float(values[one, other]) for name, values in table.counts.items()}
    return {**counts, "is_circle": float(0 < table.terms["bridge"][one, other] < 1)}


def score_of(table: Table, one: int, other: int) -> float:
    """The score of one pair of a table."""
    return float(table.score[one, other]) / SCALE


def tell_signed(desk: Desk, signed: Signed, pairs: list[tuple[str, str]]) -> Json:
    """What a match with pairings signed changes, beside the gain."""
    difference, project = signed.difference, desk.instance.demand.is_project
    lacks = [int((solution.graph.need_quantity - solution.served)[~project].sum())
             for solution in (desk.solution, difference.after)]  # fmt: skip
    more = (difference.after.served - desk.solution.served)[~project]
    priority = desk.instance.graph.need_priority[~project]
    standing = desk.standing
    parties = sorted({party for pair in pairs for party in pair})
    paired = [
        party for party in parties if standing.is_neighbourhood(party) and not standing.pairings_of[party]
    ]
    woken = _waken(desk, difference.after, parties)
    names = standing.names(parties)
    told = [[names[party] for party in some] for some in (paired, woken)]
    return {
        "gain_by_priority": {str(p): int(more[priority == p].sum()) for p in PRIORITIES},
        "exact": difference.is_certified,
        "come_further": [
            {"offer": desk.instance.supply.ids[offer], "places": places} for offer, places in signed.further
        ],
        "blind_spots": {
            "unserved_before": lacks[0],
            "unserved_after": lacks[1],
            "newly_paired": paired,
            "no_longer_silent": woken,
            **tell_blind_spots(lacks[0], lacks[1], *told),
        },
        "warnings": list_warnings(desk, difference.after, pairs),
    }


def _served_by(instance: Instance, solution: Solution, unit_count: int) -> Ints:
    """Places that each unit row serves."""
    graph = instance.graph
    units = instance.supply.unit[solution.graph.edge_offer]
    return (
        sum_by_row(units, solution.flow, unit_count) if graph.offer_count else np.zeros(unit_count, np.int64)
    )


def _waken(desk: Desk, after: Solution, parties: list[str]) -> list[str]:
    """Which of some parties serve somebody then, and nobody now."""
    units = desk.instance.unit_ids
    before, then = (_served_by(desk.instance, solution, len(units)) for solution in (desk.solution, after))
    woken = units[(before == 0) & (then > 0) & np.isin(units.astype(str), parties)]
    return [str(unit) for unit in woken]


def list_warnings(desk: Desk, after: Solution, pairs: list[tuple[str, str]]) -> list[Json]:
    """List the neighbourhoods that would lose by pairings: a partner they live by, or places in all.

    A neighbourhood lives by a partner that serves at least half of its served places, or is the only one that
    any pairing ties to it.
    """
    areas, names = _areas_of_needs(desk.instance)
    before, then = (
        _by_area(desk.instance, areas, len(names), solution) for solution in (desk.solution, after)
    )
    total = before.sum(axis=1), then.sum(axis=1)
    found: list[Json] = []
    told = desk.standing.names([*names, *(party for pair in pairs for party in pair)])
    partners_then: dict[str, set[str]] = {}
    for pair in pairs:
        for party in pair:
            partners_then.setdefault(party, set()).update(pair)
    for party in sorted(partners_then):
        units = desk.signing.units(desk.standing.side(party))
        was, will = before[:, units].sum(axis=1), then[:, units].sum(axis=1)
        for at in np.flatnonzero(will < was).tolist():
            area = names[at]
            if party not in partners_then.get(area, ()) and _lives_by(
                desk, area, party, int(was[at]), int(total[0][at])
            ):
                found.append(
                    tell_warning("partner_taken", area=area, name=told[area], party=party,
                                 partner=told[party], before=int(was[at]), after=int(will[at]))
                )  # fmt: skip
    for at in np.flatnonzero(total[1] < total[0]).tolist():
        area, served = names[at], (int(total[0][at]), int(total[1][at]))
        found.append(
            tell_warning("places_lost", area=area, name=told[area], before=served[0], after=served[1])
        )
    return found


def _lives_by(desk: Desk, area: str, party: str, served: int, total: int) -> bool:
    partners = desk.standing.partners(area)
    is_only = desk.standing.is_tied(partners, party) and partners <= desk.standing.kin(party)
    return is_only or served >= _LIVES_BY * total


def _areas_of_needs(instance: Instance) -> tuple[Ints, list[str]]:
    """For each need row the number of its area (-1: unknown, or a project), and the areas' ids."""
    demand = instance.demand
    ids = [
        None if project else area
        for area, project in zip(demand.area_id.tolist(), demand.is_project, strict=True)
    ]
    names = sorted({area for area in ids if area})
    number = {area: at for at, area in enumerate(names)}
    return np.array([number.get(area, -1) if area else -1 for area in ids], dtype=np.int64), names


def _by_area(instance: Instance, areas: Ints, count: int, solution: Solution) -> Ints:
    """Places served, by area and unit row."""
    used = np.flatnonzero(solution.flow)
    area = areas[solution.graph.edge_need[used]]
    unit = instance.supply.unit[solution.graph.edge_offer[used]]
    found = np.zeros((count, len(instance.unit_ids)), dtype=np.int64)
    np.add.at(found, (area[area >= 0], unit[area >= 0]), solution.flow[used][area >= 0])
    return found
