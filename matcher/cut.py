"""What is lost if a unit leaves: places that nobody else could serve, exactly, for every unit.

A unit takes its capacity, its promises and its pairs along. What it served is sought elsewhere in the network
that a maximum flow leaves, and only where a way to spare room exists at all: beyond the minimum cut (Ford and
Fulkerson 1956) there is none, so that units on its near side lose exactly what they give. Of all maximum
flows one is taken whose spare room lies about evenly, since most units then find what they need next door.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray, freeze, group_rows, sum_by_row
from matcher.certificates import read_net_flow
from matcher.problem import CandidateGraph
from matcher.remainder import NetAmounts, take_promises_off

_SWEEPS = 120
_LEAST_PAIRS_OF_TWO = 20_000
# Threads aren't worth their while below.


def leave_one_out(graph: CandidateGraph, *, flow: IntArray | None = None) -> IntArray:
    """Count the places that could no longer be served if a unit left, each unit by itself.

    Exact: the most places that can be served with the unit, less the most without it and its offers. Its
    promises are lost with it, and their places sought elsewhere like the others; promises of all others stay.
    Needs are taken as if all could be split.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges), optional
        An assignment that serves as many places as can be served, promises included: that of `serve_most`, or
        of `solve` where no need is whole. Left out, one is found.

    Returns
    -------
    int64 array (units)
        By offer where the graph has no units. Read-only, at least 0.

    Raises
    ------
    ValueError
        `flow` isn't an assignment of the graph, or more places could be served.
    """
    net = take_promises_off(graph)
    rest = _Rest.find(graph, net, read_net_flow(graph, net, flow))
    units = graph.unit_count
    leaver = graph.offer_unit.astype(np.int64) if units else np.arange(graph.offer_count)
    size = units or graph.offer_count
    of_edge = leaver[graph.edge_offer]
    lost = np.flatnonzero((rest.flow + graph.edge_locked > 0) & (of_edge >= 0))
    # What one leaver serves of one need is sought together.
    key = of_edge[lost] * max(graph.need_count, 1) + graph.edge_need[lost]
    pair, pair_of = np.unique(key, return_inverse=True)
    need = pair % max(graph.need_count, 1)
    served = sum_by_row(pair_of, rest.flow[lost], len(pair))
    promised = sum_by_row(pair_of, graph.edge_locked[lost], len(pair))
    kept = graph.need_quantity - sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    sought = served + np.maximum(kept[need] + promised, 0) - np.maximum(kept[need], 0)
    of_pair = pair // max(graph.need_count, 1)
    can = rest.is_open[need]
    found = _find_elsewhere(graph, rest, leaver, size, of_pair[can], need[can], sought[can])
    loss = sum_by_row(of_pair, served + promised, size) - found
    freeze(loss)
    return loss


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """What a maximum flow leaves of each row and pair.

    Attributes
    ----------
    flow, limit : int64 arrays (edges)
        Places beyond promises, in the caller's order of edges; what the pair itself can carry.
    is_open : bool array (needs, offers, units)
        A place can still come to spare room from there.
    edges : int64 array
        Edges with two open ends, by need; needs and offers that lie together are close by in `rank`.
    rank : int64 array (needs, offers, units)
        Node of each open row; -1 for the others.
    """

    flow: IntArray
    limit: IntArray | None
    offer_room: IntArray
    unit_room: IntArray
    is_open: BoolArray
    edges: IntArray
    rank: IntArray

    @classmethod
    def find(cls, graph: CandidateGraph, net: NetAmounts, flow: IntArray) -> _Rest:
        needs, offers = graph.need_count, graph.offer_count
        of_unit = graph.offer_unit >= 0
        used = sum_by_row(graph.edge_offer, flow, offers)
        offer_room = net.offer_capacity - used
        unit_room = net.unit_capacity - sum_by_row(graph.offer_unit[of_unit], used[of_unit], graph.unit_count)
        is_open = _find_open(graph, net, flow, offer_room, unit_room)
        unserved = net.need_quantity > sum_by_row(graph.edge_need, flow, needs)
        if (unserved & is_open[:needs]).any():
            raise ValueError("flow leaves places unserved that could be served; take that of serve_most")
        both = is_open[graph.edge_need] & is_open[needs:][graph.edge_offer]
        edges, rank = _put_together(graph, is_open, np.flatnonzero(both))
        flow, limit = flow.copy(), net.edge_capacity
        _even_out(graph, rank, edges, flow, limit, offer_room, unit_room)
        return cls(flow, limit, offer_room, unit_room, is_open, edges, rank)


def _find_open(
    graph: CandidateGraph, net: NetAmounts, flow: IntArray, offer_room: IntArray, unit_room: IntArray
) -> BoolArray:
    from matcher.cut_room import mark_open

    order = graph.edge_order
    need, offer, sorted_flow = graph.edge_need[order], graph.edge_offer[order], flow[order]
    is_full = np.zeros(0, np.bool_) if net.edge_capacity is None else flow[order] >= net.edge_capacity[order]
    of_unit = np.flatnonzero(graph.offer_unit >= 0)
    unit_starts, unit_offers = group_rows(graph.offer_unit[of_unit], graph.unit_count)
    return mark_open(
        np.searchsorted(need, np.arange(graph.need_count + 1)), need, offer, sorted_flow, is_full,
        *group_rows(offer, graph.offer_count), offer_room, graph.offer_unit, unit_starts,
        of_unit[unit_offers], unit_room,
    )  # fmt: skip


def _put_together(graph: CandidateGraph, is_open: BoolArray, edges: IntArray) -> tuple[IntArray, IntArray]:
    """Number open rows so that those with pairs in common are close; give the edges by need, and numbers."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    needs, size = graph.need_count, len(is_open)
    rows = needs + graph.offer_count
    rank = np.full(size, -1, np.int64)
    if not len(edges):
        rank[is_open] = np.arange(np.count_nonzero(is_open))
        return edges, rank
    need, offer = graph.edge_need[edges].astype(np.int64), needs + graph.edge_offer[edges].astype(np.int64)
    ties = (np.concatenate([need, offer]), np.concatenate([offer, need]))
    pattern = csr_matrix((np.ones(2 * len(edges), np.bool_), ties), shape=(rows, rows))
    near: IntArray = reverse_cuthill_mckee(pattern, symmetric_mode=True).astype(np.int64)
    near = np.concatenate([near[near < needs], near[near >= needs], np.arange(rows, size)])
    near = near[is_open[near]]
    rank[near] = np.arange(len(near))
    return edges[np.argsort(rank[need], kind="stable")], rank


def _even_out(
    graph: CandidateGraph,
    rank: IntArray,
    edges: IntArray,
    flow: IntArray,
    limit: IntArray | None,
    offer_room: IntArray,
    unit_room: IntArray,
) -> None:
    """Change flow and rooms in place."""
    from matcher.cut_room import spread_room

    needs = graph.need_count
    starts = np.searchsorted(rank[graph.edge_need[edges]], np.arange(np.count_nonzero(rank[:needs] >= 0) + 1))
    # Offers in the order of their numbers, so that neighbours lie together here too.
    near = np.flatnonzero(rank[needs : needs + graph.offer_count] >= 0)
    near = near[np.argsort(rank[needs + near])]
    place = np.empty(graph.offer_count, np.int32)
    place[near] = np.arange(len(near))
    moved, room = flow[edges], offer_room[near]
    pool_room = np.append(unit_room, NO_LIMIT)
    pool = graph.offer_unit[near].astype(np.int64) % len(pool_room)
    spread_room(
        starts, place[graph.edge_offer[edges]], np.zeros(0, np.int64) if limit is None else limit[edges],
        moved, room, pool, pool_room, _SWEEPS,
    )  # fmt: skip
    flow[edges], offer_room[near], unit_room[:] = moved, room, pool_room[:-1]


def _find_elsewhere(
    graph: CandidateGraph,
    rest: _Rest,
    leaver: IntArray,
    size: int,
    of_pair: IntArray,
    need: IntArray,
    sought: IntArray,
) -> IntArray:
    """Find the places that others could serve instead of each leaver; pairs ascend by leaver.

    Each leaver is looked at by itself, so that two threads take half of them each where there are many.
    """
    from matcher.cut_loops import count_losses, label_nodes

    network = _lay_arcs(graph, rest)
    needs, offers = graph.need_count, graph.offer_count
    leaving = np.flatnonzero((leaver >= 0) & rest.is_open[needs : needs + offers])
    owner, node = leaver[leaving], rest.rank[needs + leaving]
    own_room = sum_by_row(owner, rest.offer_room[leaving], size)
    if graph.unit_count:
        unit = np.flatnonzero(rest.is_open[needs + offers :])
        owner, node = np.append(owner, unit), np.append(node, rest.rank[needs + offers + unit])
        own_room = np.minimum(own_room, rest.unit_room)
    own_starts, order = group_rows(owner, size)
    pair_starts, label = np.searchsorted(of_pair, np.arange(size + 1)), label_nodes(*network)
    starts, head, mate, room = network

    def count(first: int, last: int) -> IntArray:
        return count_losses(
            pair_starts[first : last + 1], rest.rank[need], sought, own_starts[first : last + 1], node[order],
            own_room[first:last], label, starts, head, mate, room.copy(),
        )  # fmt: skip

    if len(need) < _LEAST_PAIRS_OF_TWO:
        return count(0, size)
    half = int(np.searchsorted(pair_starts, len(need) // 2))
    with ThreadPoolExecutor(2) as threads:
        return np.concatenate(list(threads.map(count, (0, half), (half, size))))


def _lay_arcs(graph: CandidateGraph, rest: _Rest) -> tuple[IntArray, RowArray, RowArray, IntArray]:
    """Lay the arcs between open rows: starts, heads, mates and room, as `matcher.cut_loops` takes them."""
    needs, offers, rank = graph.need_count, graph.offer_count, rest.rank
    sink = int(np.count_nonzero(rest.is_open))
    edges, used = rest.edges, rest.flow[rest.edges]
    offer = np.flatnonzero(rest.is_open[needs : needs + offers])
    unit = np.flatnonzero(rest.is_open[needs + offers :])
    spare = np.full(len(edges), NO_LIMIT) if rest.limit is None else rest.limit[edges] - used
    offer_used = sum_by_row(graph.edge_offer, rest.flow, offers)[offer]
    of_unit = graph.offer_unit[offer].astype(np.int64)
    beyond = np.where(of_unit >= 0, np.append(rank, sink)[needs + offers + of_unit], sink)
    # An open offer may have no room of its own and belong to a unit that isn't open: no arc from it then.
    onward = beyond >= 0
    ends = _pair_up(
        [rank[graph.edge_need[edges]], rank[needs + offer[onward]], rank[needs + offers + unit]],
        [rank[needs + graph.edge_offer[edges].astype(np.int64)], beyond[onward], np.full(len(unit), sink)],
    )
    room = _pair_up(
        [spare, rest.offer_room[offer[onward]], rest.unit_room[unit]],
        [used, offer_used[onward], np.zeros(len(unit), np.int64)],
    )
    half, order = group_rows(2 * ends + (room == 0), 2 * sink + 2)
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    head = ends.reshape(-1, 2)[:, ::-1].ravel()[order].astype(np.int32)
    return half, head, place[order ^ 1], room[order]


def _pair_up(forth: list[Any], back: list[Any]) -> IntArray:
    """Lay two lists of arrays so that what belongs together is at ``2 k`` and ``2 k + 1``."""
    pairs: IntArray = np.stack([np.concatenate(forth), np.concatenate(back)], axis=1).ravel()
    return pairs.astype(np.int64, copy=False)
