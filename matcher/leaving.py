"""What the match loses with each unit, where needs may not be split too: solved again without it.

Most units are settled by flows. Without a unit no more can be served, of priorities 1 to p, than if all needs
could be split; where as many can with the whole needs left as they are, for every p, that is what the match
serves then (what is served first by priority is a maximum flow for every p). The other units, mostly those
that serve whole needs, are left out and the match solved again, in the part of the network that they could
change, as far as the size allows; for what is left there is the bound from below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.certificates import serve_most
from matcher.cut import leave_one_out
from matcher.flow import solve
from matcher.intervals import remake
from matcher.problem import CandidateGraph
from matcher.solution import Solution

_SOLVED_EDGES: Final = 1_000_000
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
    is_idle = (given == 0) & (solution.status == "optimal")
    is_exact = ~has_whole | is_idle
    served = sum_by_row(parts.of_need, solution.served, parts.count)
    served_if_split = sum_by_row(parts.of_need[graph.edge_need], most, parts.count)
    is_exact |= _leave_wholes(graph, solution)
    lost[has_whole] -= (served_if_split - served)[part][has_whole]
    lost[~is_exact] = np.maximum(lost[~is_exact], 0)
    lost[is_idle] = 0
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


def _leave_wholes(graph: CandidateGraph, solution: Solution) -> BoolArray:
    """Units without which all that flows allow is served with the whole needs as they are served now."""
    fixed = (
        solution.flow * graph.need_whole[graph.edge_need]
        + graph.edge_locked * ~graph.need_whole[graph.edge_need]
    )
    given = sum_by_row(graph.edge_need, fixed, graph.need_count)
    touching = graph.need_whole[graph.edge_need] & (fixed > 0) & (graph.offer_unit[graph.edge_offer] >= 0)
    settled = np.ones(graph.unit_count, np.bool_)
    settled[graph.offer_unit[graph.edge_offer[touching]]] = False
    for level in np.unique(graph.need_priority).tolist():
        behind = graph.need_priority > level
        most = np.where(behind, 0, graph.need_quantity)
        split = _without_wholes(graph, most, graph.edge_locked)
        left = _without_wholes(graph, np.where(graph.need_whole, given, most), fixed)
        aside = fixed - graph.edge_locked
        held = int(aside[behind[graph.edge_need]].sum())
        settled &= _serve_each(split) == _serve_each(left) - held
    return settled


def _serve_each(graph: CandidateGraph) -> IntArray:
    """The most places without each unit, promises of the others included."""
    flow = serve_most(graph)
    return np.asarray(int(flow.sum()) - leave_one_out(graph, flow=flow))


def _without_wholes(graph: CandidateGraph, quantity: IntArray, locked: IntArray) -> CandidateGraph:
    return remake(graph, need_quantity=quantity, edge_locked=locked, need_whole=None, unit_load_cost=None)


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
