"""Least cost by shortest ways: from any flow and prices that leave no way with a loss, to the optimum.

Successive shortest paths (Busacker and Gowen 1960; Edmonds and Karp 1972 for the prices that keep reduced
costs from falling below zero). A search stops at the first goal and touches only what it scans.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.engine.heap import Heap, clear, lower, make_heap, pop
from matcher.engine.network import Flow, Net, put, take

_FAR = 1 << 62


class Terms(NamedTuple):
    """What holds beyond the pairs' own costs.

    Attributes
    ----------
    offer_floor, unit_floor : int64 arrays
        Cost of a place at the row itself: 0, or far below zero where the row must be filled.
    is_optional : bool array (needs)
        The need may stay unserved, at cost 0.
    """

    offer_floor: IntArray
    unit_floor: IntArray
    is_optional: BoolArray


class Costs(NamedTuple):
    """Cost of one more place by the cheapest way on, at offers (their unit included), units, and needs."""

    node: IntArray
    need: IntArray


class Search(NamedTuple):
    """Room for one search after another; only what bears the number of the running search counts.

    Attributes
    ----------
    heap : Heap
        Offers, then units.
    seen, need_seen : int64 arrays
        Number of the last search that touched the row.
    need_length : int64 array
    link, entry, edge : integer arrays (nodes)
        The neighbour by which the node was found; the entry moved, and the edge it moves to (-2: between an
        offer and its unit).
    touched, need_touched : int32 arrays
    path : int64 array (3, nodes + 1)
    count : int64 array (4)
        Number of the search, nodes touched, needs touched, and work done.
    """

    heap: Heap
    seen: IntArray
    need_seen: IntArray
    need_length: IntArray
    link: RowArray
    entry: RowArray
    edge: IntArray
    touched: RowArray
    need_touched: RowArray
    path: IntArray
    count: IntArray


def make_search(net: Net) -> Search:
    """Set up the room that searches need."""
    nodes, needs = len(net.offer_capacity) + len(net.step_start) - 1, len(net.quantity)
    return Search(
        make_heap(nodes), np.zeros(nodes, np.int64), np.zeros(needs, np.int64), np.zeros(needs, np.int64),
        np.zeros(nodes, np.int32), np.zeros(nodes, np.int32), np.zeros(nodes, np.int64),
        np.zeros(nodes + 1, np.int32), np.zeros(needs + 1, np.int32), np.zeros((3, nodes + 2), np.int64),
        np.zeros(4, np.int64),
    )  # fmt: skip


@compiled
def next_step(net: Net, flow: Flow, unit: int) -> tuple[int, int]:
    """Give the room of the unit's first step that isn't full, and its cost."""
    used = flow.unit_used[unit]
    for step in range(net.step_start[unit], net.step_start[unit + 1]):
        if net.step_end[step] > used:
            return np.int64(net.step_end[step] - used), np.int64(net.step_cost[step])
    return np.int64(0), np.int64(0)


@compiled
def _reach(search: Search, node: int, length: int, link: int, entry: int, edge: int) -> None:
    """Note a way to a node if it is shorter than any before."""
    number = search.count[0]
    if search.seen[node] == number:
        if search.heap.key[node] <= length:
            return
    else:
        search.seen[node] = number
        search.touched[search.count[1]] = node
        search.count[1] += 1
    search.link[node] = link
    search.entry[node] = entry
    search.edge[node] = edge
    lower(search.heap, node, length)


@compiled
def _reach_need(search: Search, need: int, length: int) -> bool:
    """Note a way to a need; False if it was reached as cheaply before."""
    if search.need_seen[need] == search.count[0]:
        if search.need_length[need] <= length:
            return False
    else:
        search.need_seen[need] = search.count[0]
        search.need_touched[search.count[2]] = need
        search.count[2] += 1
    search.need_length[need] = length
    return True


@compiled
def _begin(search: Search) -> None:
    clear(search.heap)
    search.count[0] += 1
    search.count[1] = 0
    search.count[2] = 0


@compiled
def _scan_need(
    net: Net,
    flow: Flow,
    costs: Costs,
    search: Search,
    need: int,
    length: int,
    link: int,
    entry: int,
    end: int,
) -> None:
    """Go on from a need to its offers."""
    base = length - costs.need[need]
    for edge in range(net.need_start[need], net.need_start[need + 1]):
        offer = net.edge_offer[edge]
        here = base + net.edge_cost[edge] + costs.node[offer]
        if here < end:
            if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
                continue
            _reach(search, offer, here, link, entry, edge)
    search.count[3] += net.need_start[need + 1] - net.need_start[need]


@compiled
def _search_forward(
    net: Net,
    flow: Flow,
    terms: Terms,
    costs: Costs,
    search: Search,
    root: int,
) -> tuple[int, int, int, int]:
    """Find the cheapest end for places of a need.

    Returns
    -------
    length, kind, node, entry : int
        Kind 0: a spare place at the node; 2: the entry's need gives one up;
        3: the need stays unserved; -1: nowhere.
    """
    offers = len(net.offer_capacity)
    _begin(search)
    end, kind, at, by = np.int64(_FAR), np.int64(-1), np.int64(-1), np.int64(-1)
    if terms.is_optional[root]:
        end, kind = -costs.need[root], np.int64(3)
    _reach_need(search, root, np.int64(0))
    _scan_need(net, flow, costs, search, root, np.int64(0), -1, -1, end)
    while search.heap.size[0]:
        node = pop(search.heap)
        length = search.heap.key[node]
        if length >= end:
            break
        if node >= offers:
            unit = node - offers
            room, cost = next_step(net, flow, unit)
            if room > 0:
                here = length + max(np.int64(0), cost + terms.unit_floor[unit] - costs.node[node])
                if here < end:
                    end, kind, at = here, np.int64(0), node
            for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
                offer = net.unit_offer[k]
                if flow.offer_used[offer] > 0:
                    here = length + costs.node[offer] - costs.node[node] - terms.offer_floor[offer]
                    if here < end:
                        _reach(search, np.int64(offer), here, node, -1, -2)
            continue
        if flow.offer_used[node] < net.offer_capacity[node]:
            unit = np.int64(net.offer_unit[node])
            if unit < 0:
                here = length + max(np.int64(0), terms.offer_floor[node] - costs.node[node])
                if here < end:
                    end, kind, at = here, np.int64(0), node
            else:
                here = length + terms.offer_floor[node] + costs.node[offers + unit] - costs.node[node]
                if here < end:
                    _reach(search, offers + unit, here, node, -1, -2)
        entry = np.int64(flow.offer_first[node])
        while entry != -1:
            need = np.int64(flow.need[entry])
            here = length
            if len(net.edge_capacity):
                here += costs.need[need] - net.edge_cost[flow.edge[entry]] - costs.node[node]
            if here < end and _reach_need(search, need, here):
                if terms.is_optional[need] and here - costs.need[need] < end:
                    end, kind, at, by = here - costs.need[need], np.int64(2), node, entry
                _scan_need(net, flow, costs, search, need, here, node, entry, end)
            entry = np.int64(flow.after[entry])
    return end, kind, at, by


@compiled
def _push(net: Net, flow: Flow, root: int, path: IntArray, depth: int, most: int, kind: int, by: int) -> bool:
    """Move places along a path: rows are node, entry given up to come there, edge taken.

    `kind` and `by` as in the search forward: how the path ends. False if none could be moved.
    """
    offers = len(net.offer_capacity)
    amount = most
    for at in range(depth):
        node, entry, edge = path[0, at], path[1, at], path[2, at]
        if entry != -1:
            amount = min(amount, flow.amount[entry])
        if edge >= 0 and len(net.edge_capacity):
            amount = min(amount, net.edge_capacity[edge] - flow.edge_flow[edge])
        if edge == -2:
            if node >= offers:
                earlier = path[0, at - 1]
                amount = min(amount, net.offer_capacity[earlier] - flow.offer_used[earlier])
            else:
                amount = min(amount, flow.offer_used[node])
    if amount <= 0:
        return False
    flow.left[root] -= amount
    for at in range(depth):
        node, entry, edge = path[0, at], path[1, at], path[2, at]
        need = root
        if entry != -1:
            need = np.int64(flow.need[entry])
            flow.offer_used[net.edge_offer[flow.edge[entry]]] -= amount
            take(net, flow, entry, amount)
        if edge >= 0:
            put(net, flow, need, edge, amount)
            flow.offer_used[node] += amount
        elif edge == -2:
            if node >= offers:
                flow.unit_used[node - offers] += amount
            else:
                flow.unit_used[path[0, at - 1] - offers] -= amount
    last = path[0, depth - 1]
    if kind == 2:
        flow.left[flow.need[by]] += amount
        flow.offer_used[last] -= amount
        take(net, flow, by, amount)
    return True


@compiled
def _send(
    net: Net,
    flow: Flow,
    terms: Terms,
    costs: Costs,
    search: Search,
    root: int,
) -> int:
    """Bring places of a need to their best end: 1, 0 if they stay, or -1 if there is none."""
    offers = len(net.offer_capacity)
    end, kind, at, by = _search_forward(net, flow, terms, costs, search, root)
    if kind == -1:
        return -1
    for k in range(search.count[1]):
        node = search.touched[k]
        if search.heap.key[node] < end:
            costs.node[node] += end - search.heap.key[node]
    for k in range(search.count[2]):
        need = search.need_touched[k]
        if search.need_length[need] < end:
            costs.need[need] += end - search.need_length[need]
    if kind == 3:
        return 0
    depth, node = 0, at
    while True:
        depth += 1
        if search.link[node] == -1:
            break
        node = np.int64(search.link[node])
    node = at
    for k in range(depth - 1, -1, -1):
        search.path[0, k], search.path[1, k] = node, search.entry[node]
        search.path[2, k] = search.edge[node]
        node = np.int64(search.link[node])
    most = flow.left[root]
    if kind == 2:
        most = min(most, flow.amount[by])
    elif at < offers:
        most = min(most, net.offer_capacity[at] - flow.offer_used[at])
    else:
        most = min(most, next_step(net, flow, at - offers)[0])
    return 1 if _push(net, flow, root, search.path, depth, most, kind, by) else -1


@compiled
def finish(net: Net, flow: Flow, terms: Terms, costs: Costs, search: Search) -> bool:
    """Make a flow optimal: bring the places that are left to their best ends, need by need.

    Parameters
    ----------
    net, flow, terms
    costs : Costs
        Such that no way with room has a loss. Both are changed in place.
    search : Search

    Returns
    -------
    bool
        False if something can't be brought to an end, which no feasible problem does.
    """
    for need in range(len(net.quantity)):
        while flow.left[need] > 0 and (costs.need[need] < 0 or not terms.is_optional[need]):
            found = _send(net, flow, terms, costs, search, need)
            if found == -1:
                return False
            if found == 0:
                break
    return True
