"""What the match loses with each unit, where needs may not be split too: solved again without it.

Where a unit has nothing to do with whole needs, `leave_one_out` says it exactly. The others are solved again
without it, in the part of the network that it could change, as far as the size allows; for what is left there
is a bound: fewer than the most that could be served if all needs could be split, less what is so lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.certificates import serve_most
from matcher.cut import leave_one_out
from matcher.flow import solve
from matcher.problem import CandidateGraph
from matcher.solution import Solution

_SOLVED_EDGES: Final = 600_000
"""So many pairs are solved again in all; the units that lose most come first."""


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """What is lost if a unit leaves, each by itself.

    Attributes
    ----------
    places : int64 array (units)
        Places that the match serves now, less those that the best match without the unit serves. Places of
        a project count too.
    is_exact : bool array (units)
        Else it is at least so many.
    """

    places: IntArray
    is_exact: BoolArray


def lose_each(graph: CandidateGraph, solution: Solution) -> Losses:
    """Count what the match loses with each unit: its capacity, its promises and its pairs go with it.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum, or the best known.

    Returns
    -------
    Losses
    """
    if not graph.need_whole.any():
        lost = leave_one_out(graph)
        return Losses(lost, np.ones(len(lost), np.bool_))
    most = serve_most(graph)
    lost = leave_one_out(graph, flow=most).copy()
    parts = _find_parts(graph)
    given = np.zeros(graph.unit_count, np.int64)
    of_unit = graph.offer_unit[graph.edge_offer]
    np.add.at(given, of_unit[of_unit >= 0], solution.flow[of_unit >= 0])
    part = parts.of_unit
    has_whole = parts.has_whole[part]
    # Who serves nobody leaves the best match as it is.
    is_exact = ~has_whole | (given == 0)
    served = sum_by_row(parts.of_need, solution.served, parts.count)
    served_if_split = sum_by_row(parts.of_need[graph.edge_need], most, parts.count)
    lost[has_whole] = np.maximum(lost - (served_if_split - served)[part], 0)[has_whole]
    lost[given == 0] = 0
    left = _SOLVED_EDGES
    asked = np.flatnonzero(~is_exact)
    for unit in asked[np.lexsort((asked, -given[asked]))].tolist():
        edges = np.flatnonzero(parts.of_need[graph.edge_need] == part[unit])
        left -= len(edges)
        if left < 0:
            break
        after = solve(_without(graph, edges, parts.of_need == part[unit], unit))
        now = int(served[part[unit]])
        if after.status == "optimal":
            lost[unit], is_exact[unit] = now - int(after.served.sum()), True
        elif after.bound is not None:
            lost[unit] = max(int(lost[unit]), now - after.bound)
    return Losses(lost, is_exact)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The parts of a graph that share no pair and no unit."""

    count: int
    of_need: IntArray
    of_unit: IntArray
    has_whole: BoolArray


def _find_parts(graph: CandidateGraph) -> _Parts:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    needs, offers = graph.need_count, graph.offer_count
    own = np.flatnonzero(graph.offer_unit >= 0)
    tail = np.concatenate([graph.edge_need.astype(np.int64), needs + own])
    head = np.concatenate([needs + graph.edge_offer.astype(np.int64), needs + offers + graph.offer_unit[own]])
    size = needs + offers + graph.unit_count
    ties = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    count, label = connected_components(ties, directed=False)
    label = label.astype(np.int64)
    has_whole = np.zeros(count, np.bool_)
    has_whole[label[:needs][graph.need_whole & (graph.need_quantity > 0)]] = True
    return _Parts(count, label[:needs], label[needs + offers :], has_whole)


def _without(graph: CandidateGraph, edges: IntArray, of_part: BoolArray, unit: int) -> CandidateGraph:
    """A part of a graph without a unit's pairs and promises; offers and units keep their rows."""
    kept = edges[graph.offer_unit[graph.edge_offer[edges]] != unit]
    row = np.cumsum(of_part) - 1
    return CandidateGraph(
        graph.need_quantity[of_part],
        graph.need_priority[of_part],
        graph.offer_capacity,
        row[graph.edge_need[kept]],
        graph.edge_offer[kept],
        graph.edge_cost[kept],
        offer_unit=graph.offer_unit,
        unit_capacity=graph.unit_capacity,
        edge_capacity=None if graph.edge_capacity is None else graph.edge_capacity[kept],
        edge_locked=graph.edge_locked[kept],
        need_whole=graph.need_whole[of_part],
    )
