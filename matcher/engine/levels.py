"""Places by priority without any costs: labelled augmenting paths from the most urgent needs down.

What can be served at all forms a polymatroid, so serving as many as possible of the heaviest needs, then
adding the next without giving up a place of the heavier, gives the lexicographic maximum (Edmonds 1970).
Paths follow distance labels (Goldberg and Tarjan 1988; Ahuja and Orlin 1991), set anew from the spare
places backwards when much was relabelled. A part from which no spare place can be reached is closed for good:
its rows stay full, and the weight at which it closed is their price.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.network import Flow, Net, put, take

_CLOSED = 1 << 30
_LEAST_BUDGET = 3000
# Edges that a search by labels reads, at least, before it is asked whether it can come to anything at all.


@compiled
def find_levels(net: Net, flow: Flow) -> tuple[IntArray, IntArray]:
    """Fill an empty flow with the most places by weight, the heaviest first.

    Returns
    -------
    offer_level, unit_level : int64 arrays
        Prices of offers (their unit's included) and units: 0, or the weight at which the row was closed.
    """
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    nodes = offers + units
    level = np.zeros(nodes, np.int64)
    label = np.ones(nodes, np.int32)
    need_label = np.full(len(net.quantity), 2, np.int32)
    path = np.empty((3, 2 * nodes + 4), np.int64)
    seen = np.zeros(nodes, np.int32)
    need_seen = np.zeros(len(net.quantity), np.int32)
    queue = np.empty(nodes, np.int32)
    work = np.zeros(2, np.int64)
    ceiling = np.int64(1) << 62
    while True:
        weight = np.int64(-1)
        for need in range(len(net.quantity)):
            if net.weight[need] < ceiling and net.weight[need] > weight:
                weight = net.weight[need]
        if weight < 0:
            break
        ceiling = weight
        left = _fill_spare(net, flow, weight)
        if left:
            _set_labels(net, flow, label, need_label, level, weight)
        total = 0
        for need in range(len(net.quantity)):
            if net.weight[need] != weight:
                continue
            budget = max(_LEAST_BUDGET, len(net.edge_offer) // 8)
            while flow.left[need] > 0:
                work[0] = 0
                found = _augment(net, flow, need, label, need_label, path, work, budget)
                total += work[0]
                if found == 0:
                    break
                if found == -1:
                    if _close_around(net, flow, need, label, seen, need_seen, queue, work):
                        break
                    budget *= 4
                    total += work[0]
                    if total > len(net.edge_offer):
                        _set_labels(net, flow, label, need_label, level, weight)
                        total = 0
        if left:
            # A label beyond the limit closes its row, but not yet all that the row leads to.
            _set_labels(net, flow, label, need_label, level, weight)
        _close(label, level, weight)
    for offer in range(offers):
        if net.offer_unit[offer] >= 0:
            level[offer] = max(level[offer], level[offers + net.offer_unit[offer]])
    return level[:offers].copy(), level[offers:].copy()


@compiled
def _unit_room(net: Net, flow: Flow, unit: int) -> int:
    last = net.step_start[unit + 1] - 1
    return np.int64(net.step_end[last] - flow.unit_used[unit])


@compiled
def _fill_spare(net: Net, flow: Flow, weight: int) -> bool:
    """Give the needs of a weight what is spare at their offers; tell whether any of them lacks more."""
    lacks = False
    for need in range(len(net.quantity)):
        if net.weight[need] != weight:
            continue
        left = flow.left[need]
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            if left == 0:
                break
            offer = net.edge_offer[edge]
            amount = min(left, net.offer_capacity[offer] - flow.offer_used[offer])
            if len(net.edge_capacity):
                amount = min(amount, net.edge_capacity[edge])
            unit = net.offer_unit[offer]
            if unit >= 0:
                amount = min(amount, _unit_room(net, flow, unit))
            if amount > 0:
                put(net, flow, need, edge, amount)
                flow.offer_used[offer] += amount
                if unit >= 0:
                    flow.unit_used[unit] += amount
                left -= amount
        flow.left[need] = left
        lacks |= left > 0
    return lacks


@compiled
def _set_labels(
    net: Net, flow: Flow, label: RowArray, need_label: RowArray, level: IntArray, weight: int
) -> None:
    """Label offers and units (closed ones excepted) with their distance from a spare place, breadth first."""
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    queue = np.empty(offers + units, np.int32)
    size = 0
    for node in range(offers + units):
        label[node] = _CLOSED
        if level[node] > weight:
            continue
        if node < offers:
            has_room = net.offer_unit[node] < 0 and flow.offer_used[node] < net.offer_capacity[node]
        else:
            has_room = _unit_room(net, flow, node - offers) > 0
        if has_room:
            label[node] = 1
            queue[size] = node
            size += 1
    need_label[:] = _CLOSED
    at = 0
    while at < size:
        node = queue[at]
        at += 1
        if node >= offers:
            unit = node - offers
            for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
                offer = net.unit_offer[k]
                has_room = flow.offer_used[offer] < net.offer_capacity[offer]
                if label[offer] == _CLOSED and has_room:
                    label[offer] = label[node] + 2
                    queue[size] = offer
                    size += 1
            continue
        unit = net.offer_unit[node]
        if unit >= 0 and flow.offer_used[node] > 0 and label[offers + unit] == _CLOSED:
            label[offers + unit] = label[node] + 2
            queue[size] = offers + unit
            size += 1
        for k in range(net.in_start[node], net.in_start[node + 1]):
            need = net.in_need[k]
            if need_label[need] != _CLOSED:
                continue
            edge = net.in_edge[k]
            if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
                continue
            need_label[need] = label[node] + 1
            entry = flow.need_first[need]
            while entry != -1:
                offer = net.edge_offer[flow.edge[entry]]
                if label[offer] == _CLOSED:
                    label[offer] = label[node] + 2
                    queue[size] = offer
                    size += 1
                entry = flow.other[entry]


@compiled
def _close(label: RowArray, level: IntArray, weight: int) -> None:
    """Give rows that were found closed the price of this weight."""
    for node in range(len(label)):
        if label[node] >= _CLOSED and level[node] == 0:
            level[node] = weight


@compiled
def _close_around(
    net: Net,
    flow: Flow,
    root: int,
    label: RowArray,
    seen: RowArray,
    need_seen: RowArray,
    queue: RowArray,
    work: IntArray,
) -> bool:
    """Close all that a need can come to if no place is spare there; False if there is one."""
    offers = len(net.offer_capacity)
    work[1] += 1
    number = work[1]
    work[0] = 0
    size = _note_offers(net, flow, root, label, seen, queue, 0, number)
    need_seen[root] = number
    at = 0
    while at < size:
        node = queue[at]
        at += 1
        if node >= offers:
            unit = node - offers
            if _unit_room(net, flow, unit) > 0:
                return False
            for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
                offer = net.unit_offer[k]
                if flow.offer_used[offer] > 0 and seen[offer] != number:
                    seen[offer] = number
                    queue[size] = offer
                    size += 1
            continue
        if flow.offer_used[node] < net.offer_capacity[node]:
            unit = net.offer_unit[node]
            if unit < 0:
                return False
            if seen[offers + unit] != number:
                seen[offers + unit] = number
                queue[size] = offers + unit
                size += 1
        entry = flow.offer_first[node]
        while entry != -1:
            need = flow.need[entry]
            if need_seen[need] != number:
                need_seen[need] = number
                size = _note_offers(net, flow, need, label, seen, queue, size, number)
                work[0] += net.need_start[need + 1] - net.need_start[need]
            entry = flow.after[entry]
    for k in range(size):
        label[queue[k]] = _CLOSED
    return True


@compiled
def _note_offers(
    net: Net, flow: Flow, need: int, label: RowArray, seen: RowArray, queue: RowArray, size: int, number: int
) -> int:
    """Add the offers that a need can go to, but for closed ones, to a queue; give its size."""
    for edge in range(net.need_start[need], net.need_start[need + 1]):
        offer = net.edge_offer[edge]
        if seen[offer] == number or label[offer] >= _CLOSED:
            continue
        if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
            continue
        seen[offer] = number
        queue[size] = offer
        size += 1
    return size


@compiled
def _relabel_need(net: Net, flow: Flow, need: int, label: RowArray) -> tuple[int, int]:
    """Find the lowest label (plus one) among the offers the need can go to, and the edge to it."""
    best, at = np.int64(_CLOSED), np.int64(-1)
    for edge in range(net.need_start[need], net.need_start[need + 1]):
        here = label[net.edge_offer[edge]]
        if here < best:
            if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
                continue
            best, at = np.int64(here), np.int64(edge)
    return min(best + 1, np.int64(_CLOSED)), at


@compiled
def _step(
    net: Net, flow: Flow, node: int, label: RowArray, need_label: RowArray, work: IntArray
) -> tuple[int, int, int]:
    """Find where a place can go from a node one label down.

    Returns
    -------
    kind, entry, edge : int
        Kind 0: the node has a spare place; 1: by the entry's need and this edge; 2: from an offer to its
        unit; 3: from a unit to the offer `edge`; -1: nowhere, the label was raised.
    """
    offers = len(net.offer_capacity)
    lowest = np.int64(_CLOSED)
    if node >= offers:
        unit = node - offers
        if _unit_room(net, flow, unit) > 0:
            return 0, -1, -1
        for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
            offer = net.unit_offer[k]
            if flow.offer_used[offer] > 0:
                if label[offer] < label[node]:
                    return 3, -1, np.int64(offer)
                lowest = min(lowest, np.int64(label[offer]) + 1)
        work[0] += net.unit_start[unit + 1] - net.unit_start[unit]
    else:
        if flow.offer_used[node] < net.offer_capacity[node]:
            unit = net.offer_unit[node]
            if unit < 0:
                return 0, -1, -1
            if label[offers + unit] < label[node]:
                return 2, -1, -1
            lowest = np.int64(label[offers + unit]) + 1
        entry = flow.offer_first[node]
        while entry != -1:
            need = flow.need[entry]
            if need_label[need] < label[node]:
                found, edge = _relabel_need(net, flow, need, label)
                work[0] += net.need_start[need + 1] - net.need_start[need]
                need_label[need] = found
                if found < label[node]:
                    return 1, np.int64(entry), edge
            lowest = min(lowest, np.int64(need_label[need]))
            work[0] += 1
            entry = flow.after[entry]
    label[node] = lowest + 1 if lowest + 1 < _CLOSED else _CLOSED
    return -1, -1, -1


@compiled
def _augment(
    net: Net,
    flow: Flow,
    root: int,
    label: RowArray,
    need_label: RowArray,
    path: IntArray,
    work: IntArray,
    budget: int,
) -> int:
    """Serve more of a need along one path to a spare place: 1; 0: there is none; -1: it took too long."""
    offers = len(net.offer_capacity)
    limit = 2 * len(label) + 4
    # path[0]: node; path[1], path[2]: the entry given up to come to it, and the edge (or -2: by the unit).
    depth = 0
    while True:
        if depth == 0:
            _, edge = _relabel_need(net, flow, root, label)
            work[0] += net.need_start[root + 1] - net.need_start[root]
            if edge == -1:
                return 0
            if work[0] > budget:
                return -1
            path[0, 0], path[1, 0], path[2, 0] = net.edge_offer[edge], -1, edge
            depth = 1
        node = path[0, depth - 1]
        if work[0] > budget:
            return -1
        kind, entry, edge = _step(net, flow, node, label, need_label, work)
        if kind == 0:
            break
        if kind == -1:
            if label[node] > limit:
                label[node] = _CLOSED
            depth -= 1
        else:
            if kind == 1:
                path[0, depth] = net.edge_offer[edge]
            elif kind == 2:
                path[0, depth] = offers + net.offer_unit[node]
            else:
                path[0, depth] = edge
            path[1, depth] = entry
            path[2, depth] = edge if kind == 1 else -2
            depth += 1
    _push(net, flow, root, path, depth)
    return 1


@compiled
def _push(net: Net, flow: Flow, root: int, path: IntArray, depth: int) -> None:
    """Move as many places along a path as it takes."""
    offers = len(net.offer_capacity)
    last = path[0, depth - 1]
    if last < offers:
        amount = net.offer_capacity[last] - flow.offer_used[last]
    else:
        amount = _unit_room(net, flow, last - offers)
    amount = min(amount, flow.left[root])
    for at in range(depth):
        entry, edge = path[1, at], path[2, at]
        if entry != -1:
            amount = min(amount, flow.amount[entry])
        if edge >= 0 and len(net.edge_capacity):
            amount = min(amount, net.edge_capacity[edge] - flow.edge_flow[edge])
        if edge == -2:
            node, earlier = path[0, at], path[0, at - 1]
            if node >= offers:
                amount = min(amount, net.offer_capacity[earlier] - flow.offer_used[earlier])
            else:
                amount = min(amount, flow.offer_used[node])
    flow.left[root] -= amount
    for at in range(depth):
        node, entry, edge = path[0, at], path[1, at], path[2, at]
        need = root
        if entry != -1:
            need = flow.need[entry]
            offer = net.edge_offer[flow.edge[entry]]
            flow.offer_used[offer] -= amount
            take(net, flow, entry, amount)
        if edge >= 0:
            put(net, flow, need, edge, amount)
            flow.offer_used[node] += amount
        elif node >= offers:
            flow.unit_used[node - offers] += amount
        else:
            flow.unit_used[path[0, at - 1] - offers] -= amount
