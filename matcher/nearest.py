"""The by-hand rule: one need after another to the nearest offers that still have room."""

from __future__ import annotations

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray
from matcher.problem import MANY_EDGES, CandidateGraph
from matcher.remainder import NetAmounts, find_open_edges, take_promises_off
from matcher.solution import Solution, make_solution

_BLOCK = 1 << 20


def nearest_first(graph: CandidateGraph) -> Solution:
    """Assign as a careful person with a list would: what the exact assignment is compared with.

    Needs come by priority, then row. Each takes the cheapest offer with room (ties: the lower row), then the
    next one, until it is served or nobody is left; a whole need takes part only if all that remains of it
    finds room. Totals of units, capacities of pairs and promises are kept. Load costs count, but guide
    nobody.

    Parameters
    ----------
    graph : CandidateGraph

    Returns
    -------
    Solution
        `heuristic`, without prices or bound.
    """
    net = take_promises_off(graph)
    net_flow = fill_up(graph, net, np.ones(graph.need_count, np.bool_))
    return make_solution(graph, net_flow, "heuristic")


def fill_up(
    graph: CandidateGraph, net: NetAmounts, wanted: BoolArray, *, edge_key: IntArray | None = None
) -> IntArray:
    """Serve needs one after another from what is left.

    Parameters
    ----------
    graph : CandidateGraph
    net : NetAmounts
        What is left of quantities and capacities.
    wanted : bool array (needs)
        The needs to serve.
    edge_key : int64 array (edges), optional
        What a need's edges are ordered by instead of their cost.

    Returns
    -------
    int64 array (edges)
        Places given to each, in the caller's edge order.
    """
    key = graph.edge_cost if edge_key is None else edge_key
    if graph.edge_count >= MANY_EDGES:
        return _fill_large(graph, net, wanted, key)
    edges = np.flatnonzero(find_open_edges(graph, net) & wanted[graph.edge_need])
    need = graph.edge_need[edges]
    order = np.lexsort((graph.edge_offer[edges], key[edges], need, graph.need_priority[need]))
    edges, need = edges[order], need[order]
    capacity = np.full(len(edges), NO_LIMIT) if net.edge_capacity is None else net.edge_capacity[edges]
    flow = np.zeros(graph.edge_count, np.int64)
    if not len(edges):
        return flow
    starts = np.flatnonzero(np.append(True, need[1:] != need[:-1]))
    clerk = _Clerk(graph, net)
    ends = np.append(starts[1:], len(edges))
    # Block by block, because lists of plain integers are quick to walk but large.
    first = 0
    while first < len(starts):
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + _BLOCK, side="right")))
        block = slice(int(starts[first]), int(ends[last - 1]))
        given = clerk.serve(need[block], graph.edge_offer[edges[block]], capacity[block],
                            starts[first:last] - starts[first], ends[first:last] - starts[first])  # fmt: skip
        flow[edges[block]] = given
        first = last
    return flow


def _fill_large(graph: CandidateGraph, net: NetAmounts, wanted: BoolArray, key: IntArray) -> IntArray:
    """Do the same by a compiled loop, which must be loaded first and copies no edge."""
    from matcher.engine.locality import find_starts
    from matcher.nearest_loops import serve_nearest

    needs = np.flatnonzero(wanted)
    flow = np.zeros(graph.edge_count, np.int64)
    serve_nearest(
        needs[np.argsort(graph.need_priority[needs], kind="stable")],
        find_starts(graph.edge_need, graph.need_count), graph.edge_order, graph.edge_offer, key,
        np.zeros(0, np.int64) if net.edge_capacity is None else net.edge_capacity,
        net.need_quantity, net.offer_capacity.copy(), np.append(net.unit_capacity, NO_LIMIT),
        graph.offer_unit, graph.need_whole, flow,
    )  # fmt: skip
    return flow


class _Clerk:
    """Keeps what is left of each offer and unit while needs are served."""

    def __init__(self, graph: CandidateGraph, net: NetAmounts) -> None:
        self.need_left: list[int] = net.need_quantity.tolist()
        self.offer_left: list[int] = net.offer_capacity.tolist()
        self.unit_left: list[int] = [*net.unit_capacity.tolist(), NO_LIMIT]
        self.unit_of: list[int] = graph.offer_unit.tolist()
        self.whole: list[bool] = graph.need_whole.tolist()

    def serve(
        self, need: RowArray, offer: RowArray, capacity: IntArray, starts: IntArray, ends: IntArray
    ) -> list[int]:
        """Serve the needs whose edges lie from `starts` to `ends`; give the places on each edge."""
        offers, capacities = offer.tolist(), capacity.tolist()
        given = [0] * len(offers)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            row = int(need[start])
            left = self.need_left[row]
            used: list[int] = []
            for at in range(start, end):
                places = self._take(offers[at], min(left, capacities[at]))
                if places:
                    given[at] = places
                    used.append(at)
                    left -= places
                    if not left:
                        break
            if left and self.whole[row]:
                for at in used:
                    self._take(offers[at], -given[at])
                    given[at] = 0
        return given

    def _take(self, offer: int, places: int) -> int:
        """Take as many of the places as there is room for (a negative number gives back)."""
        unit = self.unit_of[offer]
        places = min(places, self.offer_left[offer], self.unit_left[unit])
        if places:
            self.offer_left[offer] -= places
            if unit >= 0:
                self.unit_left[unit] -= places
        return places
