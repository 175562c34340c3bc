"""What is lost if a unit leaves: places that nobody else could serve, exactly, for every unit.

A unit takes its capacity, its promises and its pairs along. What it served is sought elsewhere in the network
that a maximum flow leaves, and only where a way to spare room exists at all: beyond the minimum cut (Ford and
Fulkerson 1956) there is none, so that units on its near side lose exactly what they give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, RowArray, freeze, group_rows, sum_by_row
from matcher.problem import CandidateGraph
from matcher.remainder import find_remainder, take_promises_off


def leave_one_out(graph: CandidateGraph) -> IntArray:
    """Count the places that could no longer be served if a unit left, each unit by itself.

    Exact: the most places that can be served with the unit, less the most without it and its offers. Its
    promises are lost with it, and their places sought elsewhere like the others; promises of all others stay.
    Needs are taken as if all could be split.

    Parameters
    ----------
    graph : CandidateGraph

    Returns
    -------
    int64 array (units)
        By offer where the graph has no units. Read-only, at least 0.
    """
    from matcher.cut_loops import count_losses, find_open_ends

    network = _Network.lay(graph)
    units = graph.unit_count
    leaver = graph.offer_unit.astype(np.int64) if units else np.arange(graph.offer_count)
    size = units or graph.offer_count
    owner = np.full(network.sink + 1, -1, np.int64)
    owner[graph.need_count : graph.need_count + graph.offer_count] = leaver
    of_edge = leaver[graph.edge_offer]
    lost = np.flatnonzero((network.flow + graph.edge_locked > 0) & (of_edge >= 0))
    # What one leaver serves of one need is sought together.
    key = of_edge[lost] * max(graph.need_count, 1) + graph.edge_need[lost]
    pair, pair_of = np.unique(key, return_inverse=True)
    need = pair % max(graph.need_count, 1)
    served = sum_by_row(pair_of, network.flow[lost], len(pair))
    promised = sum_by_row(pair_of, graph.edge_locked[lost], len(pair))
    kept = graph.need_quantity - sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    sought = served + np.maximum(kept[need] + promised, 0) - np.maximum(kept[need], 0)
    starts = np.searchsorted(pair, np.arange(size + 1) * max(graph.need_count, 1))
    is_open = find_open_ends(network.starts, network.arcs, network.head, network.room, network.sink)
    found = count_losses(
        starts, need, sought, owner, is_open, network.starts, network.arcs, network.head, network.room,
        network.sink,
    )  # fmt: skip
    loss: IntArray = np.diff(np.concatenate([[0], np.cumsum(served + promised)])[starts]) - found
    freeze(loss)
    return loss


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    """What a maximum flow leaves. Nodes: needs, offers, units, a sink.

    Attributes
    ----------
    starts, arcs : int64 arrays
        Arcs out of each node; arc ``2 k + 1`` is arc ``2 k`` the other way round.
    head : int32 array (arcs)
    room : int64 array (arcs)
    flow : int64 array (edges)
        Places beyond promises, in the caller's order of edges.
    """

    starts: IntArray
    arcs: IntArray
    head: RowArray
    room: IntArray
    sink: int
    flow: IntArray

    @classmethod
    def lay(cls, graph: CandidateGraph) -> _Network:
        from matcher.layers import find_maximum_flow, spread

        rest = find_remainder(graph)
        flow = spread(graph, rest, find_maximum_flow(rest))
        net = take_promises_off(graph)
        needs, offers, units = graph.need_count, graph.offer_count, graph.unit_count
        sink = needs + offers + units
        order = graph.edge_order
        of_unit = graph.offer_unit >= 0
        offer_flow = sum_by_row(graph.edge_offer, flow, offers)
        unit_flow = sum_by_row(graph.offer_unit[of_unit], offer_flow[of_unit], units)
        limit = np.full(len(order), NO_LIMIT) if net.edge_capacity is None else net.edge_capacity[order]
        beyond = np.where(of_unit, needs + offers + graph.offer_unit.astype(np.int64), sink)
        tail = np.concatenate(
            [graph.edge_need[order], needs + np.arange(offers), needs + offers + np.arange(units)]
        )
        head = np.concatenate(
            [needs + graph.edge_offer[order].astype(np.int64), beyond, np.full(units, sink)]
        )
        used = np.concatenate([flow[order], offer_flow, unit_flow])
        spare = np.concatenate([limit, net.offer_capacity, net.unit_capacity]) - used
        ends = np.stack([tail, head], axis=1)
        starts, arcs = group_rows(ends.ravel(), sink + 1)
        room = np.stack([spare, used], axis=1).ravel()
        return cls(starts, arcs, ends[:, ::-1].ravel().astype(np.int32), room, sink, flow)
