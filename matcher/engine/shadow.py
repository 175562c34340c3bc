"""Prices that depend on the problem alone: the shortest ways from each row to a spare place.

What one more place at a row would take away elsewhere, at best: the same for every optimal flow, whichever
the engine came upon (Dijkstra 1959, over the costs that the engine's own prices leave).
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.engine.finish import next_step
from matcher.engine.heap import Heap, lower, pop
from matcher.engine.network import Flow, Net

_FAR = 1 << 62


@compiled
def find_lengths(
    net: Net, flow: Flow, node_length: IntArray, need_length: IntArray, level: int, heap: Heap
) -> IntArray:
    """Find the length of the shortest way on for one more place at each offer and unit.

    Parameters
    ----------
    net, flow
        The flow is optimal.
    node_length, need_length : int64 arrays
        Lengths by which no way with room is shorter than zero: ``level`` for each level, plus cost. Those of
        needs that aren't served at all don't matter.
    level : int
        What one level counts, more than any two costs differ.
    heap : Heap
        Empty, for offers and units.

    Returns
    -------
    int64 array (offers and units)
        A row without any way keeps `_FAR`.
    """
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    need_seen = np.full(len(net.quantity), _FAR, np.int64)
    far = np.full(offers + units, _FAR, np.int64)
    for node in range(offers + units):
        here = np.int64(_FAR)
        if node >= offers:
            room, cost = next_step(net, flow, node - offers)
            if room > 0:
                here = cost - node_length[node]
        elif net.offer_unit[node] < 0 and flow.offer_used[node] < net.offer_capacity[node]:
            here = -node_length[node]
        if here < _FAR:
            far[node] = here
            lower(heap, node, here)
    for need in range(len(net.quantity)):
        if flow.need_first[need] != -1:
            _pass_need(
                net,
                flow,
                need,
                net.weight[need] * level - need_length[need],
                node_length,
                need_length,
                far,
                heap,
                need_seen,
            )
    while heap.size[0]:
        node = pop(heap)
        length = far[node]
        if node >= offers:
            unit = node - offers
            for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
                offer = net.unit_offer[k]
                if flow.offer_used[offer] < net.offer_capacity[offer]:
                    _improve(far, heap, np.int64(offer), length + node_length[node] - node_length[offer])
            continue
        unit = np.int64(net.offer_unit[node])
        if unit >= 0 and flow.offer_used[node] > 0:
            _improve(far, heap, offers + unit, length + node_length[node] - node_length[offers + unit])
        base = length + node_length[node]
        for k in range(net.in_start[node], net.in_start[node + 1]):
            need = net.in_need[k]
            if flow.need_first[need] == -1:
                continue
            edge = net.in_edge[k]
            here = base + net.edge_cost[edge] - need_length[need]
            if here < need_seen[need]:
                if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
                    continue
                _pass_need(net, flow, np.int64(need), here, node_length, need_length, far, heap, need_seen)
    return far


@compiled
def _improve(far: IntArray, heap: Heap, node: int, length: int) -> None:
    if length < far[node]:
        far[node] = length
        lower(heap, node, length)


@compiled
def _pass_need(
    net: Net,
    flow: Flow,
    need: int,
    length: int,
    node_length: IntArray,
    need_length: IntArray,
    far: IntArray,
    heap: Heap,
    need_seen: IntArray,
) -> None:
    """Go on backwards from a need to the offers that serve it."""
    if length >= need_seen[need]:
        return
    need_seen[need] = length
    entry = flow.need_first[need]
    while entry != -1:
        edge = flow.edge[entry]
        offer = np.int64(net.edge_offer[edge])
        _improve(far, heap, offer, length + need_length[need] - net.edge_cost[edge] - node_length[offer])
        entry = flow.other[entry]
