"""Capacity certificates: which needs have only which offers, and how many places these are short by.

From the residual network of a maximum flow (the cut of Ford and Fulkerson 1956): all that a further place of
an unserved need could reach is full, and what it can reach falls apart into gaps that have nothing in common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray, freeze, group_rows, sum_by_row
from matcher.problem import MANY_EDGES, CandidateGraph
from matcher.remainder import NetAmounts, find_remainder, take_promises_off


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """One gap: needs, all that could serve them, and by how much that falls short. Net of promises.

    ``quantities of needs - capacities of offers - capacities of units - capacities of pairs == short_by``.
    Every offer that has an edge with one of the needs is listed, or its unit is, or that edge is among
    `pairs` and can carry no more than its own capacity.

    Attributes
    ----------
    needs, offers, units : int64 arrays
        Rows, ascending.
    pairs : int64 array
        Edge rows, ascending, whose own capacity holds.
    short_by : int
        Places, above zero.
    """

    needs: IntArray
    offers: IntArray
    units: IntArray
    pairs: IntArray
    short_by: int


def serve_most(graph: CandidateGraph) -> IntArray:
    """Find an assignment that serves as many places as can be served, whatever it costs.

    Quicker than `solve`, and enough for certificates and losses.

    Parameters
    ----------
    graph : CandidateGraph
        Needs are taken as if all could be split.

    Returns
    -------
    int64 array (edges)
        Places on each, promises included.
    """
    return _find_net_flow(graph) + graph.edge_locked


def _find_net_flow(graph: CandidateGraph) -> IntArray:
    from matcher.layers import find_maximum_flow, spread

    rest = find_remainder(graph)
    return spread(graph, rest, find_maximum_flow(rest))


def read_net_flow(graph: CandidateGraph, net: NetAmounts, flow: IntArray | None) -> IntArray:
    """Take the promises off an assignment that somebody gives; find one where there is none.

    Raises
    ------
    ValueError
        It isn't an assignment of the graph.
    """
    if flow is None:
        return _find_net_flow(graph)
    beyond: IntArray = np.asarray(flow, np.int64) - graph.edge_locked
    used = sum_by_row(graph.edge_offer, beyond, graph.offer_count)
    of_unit = graph.offer_unit >= 0
    unit_used = sum_by_row(graph.offer_unit[of_unit], used[of_unit], graph.unit_count)
    fits = (
        (beyond >= 0).all()
        and (used <= net.offer_capacity).all()
        and (unit_used <= net.unit_capacity).all()
        and (sum_by_row(graph.edge_need, beyond, graph.need_count) <= net.need_quantity).all()
        and (net.edge_capacity is None or (beyond <= net.edge_capacity).all())
    )
    if not fits:
        raise ValueError(
            "flow is no assignment of the graph: it gives more than there is, or breaks promises"
        )
    return beyond


def capacity_certificates(graph: CandidateGraph, *, flow: IntArray | None = None) -> list[Certificate]:
    """Explain the places that no assignment can serve for want of capacity.

    Parameters
    ----------
    graph : CandidateGraph
        Needs are taken as if all could be split. Needs without an edge are in no certificate.
    flow : int64 array (edges), optional
        An assignment that serves as many places as can be served, promises included: that of `serve_most`, or
        of `solve` where no need is whole. Left out, one is found.

    Returns
    -------
    list of Certificate
        One per connected gap, the largest shortage first; together they are short by all the net places of
        needs with an edge less the most that can be served.

    Raises
    ------
    ValueError
        `flow` isn't an assignment of the graph, or more places could be served.
    """
    return certify(graph, read_net_flow(graph, take_promises_off(graph), flow))


def certify(graph: CandidateGraph, net_flow: IntArray) -> list[Certificate]:
    """Read the certificates off a flow (beyond promises) that serves the most places possible."""
    net = take_promises_off(graph)
    has_edge = np.zeros(graph.need_count, np.bool_)
    has_edge[graph.edge_need] = True
    unserved = net.need_quantity - sum_by_row(graph.edge_need, net_flow, graph.need_count)
    unserved[~has_edge] = 0
    if not unserved.any():
        return []
    need_in, offer_in, unit_in = _find_reached(graph, net, net_flow, unserved > 0)
    _refuse_spare(graph, net, net_flow, offer_in, unit_in)
    gap_of_need, gap_of_offer, gap_of_unit = _find_gaps(graph, need_in, offer_in, unit_in)
    holds = offer_in.copy()
    of_unit = np.flatnonzero(graph.offer_unit >= 0)
    holds[of_unit] &= ~unit_in[graph.offer_unit[of_unit]]
    pairs = np.flatnonzero(need_in[graph.edge_need] & ~offer_in[graph.edge_offer])
    short = sum_by_row(gap_of_need[need_in], unserved[need_in], int(gap_of_need.max()) + 1)
    gaps = len(short)
    parts = [
        _split(np.flatnonzero(need_in), gap_of_need, gaps),
        _split(np.flatnonzero(holds), gap_of_offer, gaps),
        _split(np.flatnonzero(unit_in), gap_of_unit, gaps),
        _split(pairs, gap_of_need, gaps, keys=graph.edge_need[pairs]),
    ]
    found = [
        Certificate(needs, offers, units, pairs, places)
        for needs, offers, units, pairs, places in zip(*parts, short.tolist(), strict=True)
    ]
    return sorted(found, key=lambda c: (-c.short_by, int(c.needs[0])))


def _refuse_spare(
    graph: CandidateGraph, net: NetAmounts, flow: IntArray, offer_in: BoolArray, unit_in: BoolArray
) -> None:
    """Refuse a flow after which an unserved place could come to a holder that has room."""
    of_unit = graph.offer_unit >= 0
    used = sum_by_row(graph.edge_offer, flow, graph.offer_count)
    unit_used = sum_by_row(graph.offer_unit[of_unit], used[of_unit], graph.unit_count)
    has_room = ((used < net.offer_capacity) & offer_in & ~of_unit).any()
    if has_room or ((unit_used < net.unit_capacity) & unit_in).any():
        raise ValueError("flow leaves places unserved that could be served; take that of serve_most")


def _find_reached(
    graph: CandidateGraph, net: NetAmounts, flow: IntArray, seeds: BoolArray
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Find the needs, offers and units that a further place of the seeds could come to."""
    if graph.edge_count >= MANY_EDGES:
        return _find_reached_in_large(graph, net, flow, seeds)
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order

    needs, offers, units = graph.need_count, graph.offer_count, graph.unit_count
    capacity = np.full(graph.edge_count, NO_LIMIT) if net.edge_capacity is None else net.edge_capacity
    out, back = np.flatnonzero(flow < capacity), np.flatnonzero(flow > 0)
    offer_flow = sum_by_row(graph.edge_offer, flow, offers)
    of_unit = graph.offer_unit >= 0
    offer_out = np.flatnonzero((offer_flow < net.offer_capacity) & of_unit)
    offer_back = np.flatnonzero((offer_flow > 0) & of_unit)
    first = np.flatnonzero(seeds)
    start = needs + offers + units
    unit_of = graph.offer_unit.astype(np.int64) + needs + offers
    tail = np.concatenate([
        graph.edge_need[out], needs + graph.edge_offer[back].astype(np.int64),
        needs + offer_out, unit_of[offer_back], np.full(len(first), start),
    ])  # fmt: skip
    head = np.concatenate([
        needs + graph.edge_offer[out].astype(np.int64), graph.edge_need[back],
        unit_of[offer_out], needs + offer_back, first,
    ])  # fmt: skip
    network = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(start + 1, start + 1))
    reached = np.zeros(start + 1, np.bool_)
    reached[breadth_first_order(network, start, return_predecessors=False)] = True
    return reached[:needs], reached[needs : needs + offers], reached[needs + offers : start]


def _find_reached_in_large(
    graph: CandidateGraph, net: NetAmounts, flow: IntArray, seeds: BoolArray
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Do the same by a loop that copies no edge, and must be loaded first."""
    from matcher.engine.locality import find_starts
    from matcher.parts_loops import spread_places

    used = np.flatnonzero(flow > 0)
    given = sum_by_row(graph.edge_offer[used], flow[used], graph.offer_count)
    holder_start, at = group_rows(graph.edge_offer[used], graph.offer_count)
    of_unit = graph.offer_unit >= 0
    with_unit = np.flatnonzero(of_unit)
    member_start, members = group_rows(graph.offer_unit[with_unit], graph.unit_count)
    need_in = seeds.copy()
    offer_in, unit_in = np.zeros(graph.offer_count, np.bool_), np.zeros(graph.unit_count, np.bool_)
    spread_places(
        find_starts(graph.edge_need, graph.need_count), graph.edge_order, graph.edge_offer, flow,
        np.zeros(0, np.int64) if net.edge_capacity is None else net.edge_capacity, holder_start,
        graph.edge_need[used[at]], graph.offer_unit, (given < net.offer_capacity) & of_unit,
        (given > 0) & of_unit, member_start, with_unit[members], need_in, offer_in, unit_in,
    )  # fmt: skip
    return need_in, offer_in, unit_in


def _find_gaps(
    graph: CandidateGraph, need_in: BoolArray, offer_in: BoolArray, unit_in: BoolArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Number the connected parts of what was reached: 0, 1, ... by first need; -1 for rows not reached."""
    needs, offers = graph.need_count, graph.offer_count
    is_in = need_in[graph.edge_need]
    is_in &= offer_in[graph.edge_offer]
    tied = offer_in & (graph.offer_unit >= 0)
    tied[tied] = unit_in[graph.offer_unit[tied]]
    part = join_parts(graph, is_in, np.flatnonzero(tied))
    known, first = np.unique(part[:needs][need_in], return_index=True)
    number = np.full(int(part.max()) + 1, -1, np.int64)
    number[known[np.argsort(first)]] = np.arange(len(known))
    gap = number[part]
    gap[~np.concatenate([need_in, offer_in, unit_in])] = -1
    return gap[:needs], gap[needs : needs + offers], gap[needs + offers :]


def join_parts(graph: CandidateGraph, is_in: BoolArray, tied: IntArray) -> IntArray:
    """Number needs, offers, and units behind them by what some edges, and offers tied to their unit, join.

    Parameters
    ----------
    graph : CandidateGraph
    is_in : bool array (edges)
    tied : int64 array
        Offers that hang together with their unit.

    Returns
    -------
    int64 array
        Equal numbers within a part.
    """
    needs, offers = graph.need_count, graph.offer_count
    size = needs + offers + graph.unit_count
    if graph.edge_count >= MANY_EDGES:
        from matcher.parts_loops import find_roots, join_nodes

        above = np.arange(size, dtype=np.int32)
        join_nodes(graph.edge_need, graph.edge_offer, is_in, needs, above)
        rows = (needs + tied).astype(np.int32)
        join_nodes(rows, graph.offer_unit[tied], np.zeros(0, np.bool_), needs + offers, above)
        find_roots(above)
        return above.astype(np.int64)
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    edges = np.flatnonzero(is_in)
    tail = np.concatenate([graph.edge_need[edges], needs + tied])
    head = np.concatenate([
        needs + graph.edge_offer[edges].astype(np.int64), needs + offers + graph.offer_unit[tied]
    ])  # fmt: skip
    network = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    return np.asarray(connected_components(network, directed=False)[1], dtype=np.int64)


def _split(rows: IntArray, gap_of: IntArray, gaps: int, *, keys: RowArray | None = None) -> list[IntArray]:
    """Split rows by their gap (that of their key where keys are given), each part ascending."""
    gap = gap_of[rows if keys is None else keys]
    order = np.argsort(gap, kind="stable")
    parts = np.split(rows[order].astype(np.int64), np.searchsorted(gap[order], np.arange(1, gaps)))
    for part in parts:
        freeze(part)
    return parts
