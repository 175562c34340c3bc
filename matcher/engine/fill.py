"""Places by priority without any costs: layered shortest augmenting paths from the most urgent needs down.

What can be served at all forms a polymatroid, so serving as many as possible of the heaviest needs, then
adding the next without giving up a place of the heavier, gives the lexicographic maximum (Edmonds 1970).
Paths are found layer by layer, as many at once as the layers allow (Dinitz 1970). What can be reached from a
need that stays without a place when no spare place can be is closed for good: its rows stay full, and the
weight at which it closed is their price.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.entries import put, take


@compiled
def serve_at_once(
    need_start: IntArray, edge_offer: RowArray, weight: IntArray, now: int, unit_of: RowArray,
    capacity: IntArray, left: IntArray, used: IntArray, of_offer: RowArray, of_need: RowArray,
    e_need: RowArray, e_edge: RowArray, amount: IntArray, after: RowArray, before: RowArray, other: RowArray,
    store: IntArray, edge_left: IntArray, wanting: RowArray,
) -> int:  # fmt: skip
    """Let the needs of a weight take what is spare; list those that want more, and give how many.

    Parameters
    ----------
    need_start, edge_offer
        Edges, together by need.
    now : int
        The weight.
    unit_of : int32 array (offers)
        Node of the unit, -1 for none. Nodes are offers, then units.
    capacity, used : int64 arrays (nodes)
    left : int64 array (needs)
        Places not served.
    of_offer, of_need, e_need, e_edge, amount, after, before, other, store
        As in `Entries`.
    edge_left : int64 array (edges)
        Room left on each edge; empty where none has a room of its own.
    wanting : int32 array (needs)
        Takes the needs that want more.
    """
    count, is_limited = 0, len(edge_left) > 0
    for need in range(len(left)):
        if weight[need] != now or left[need] == 0:
            continue
        lacking = left[need]
        for edge in range(need_start[need], need_start[need + 1]):
            offer = np.int64(edge_offer[edge])
            room = capacity[offer] - used[offer]
            unit = np.int64(unit_of[offer])
            if unit >= 0:
                room = min(room, capacity[unit] - used[unit])
            if is_limited:
                room = min(room, edge_left[edge])
            if room > 0:
                room = min(room, lacking)
                if is_limited:
                    edge_left[edge] -= room
                put(
                    of_offer, of_need, e_need, e_edge, amount, after, before, other, store,
                    need, offer, edge, room,
                )  # fmt: skip
                used[offer] += room
                if unit >= 0:
                    used[unit] += room
                lacking -= room
                if lacking == 0:
                    break
        left[need] = lacking
        if lacking > 0:
            wanting[count] = need
            count += 1
    return count


@compiled
def count_spare(unit_of: RowArray, capacity: IntArray, used: IntArray) -> int:
    """Count offers without a unit, and units, that have room."""
    offers, spare = len(unit_of), 0
    for node in range(len(capacity)):
        spare += used[node] < capacity[node] and (node >= offers or unit_of[node] < 0)
    return spare


@compiled
def lay_forward(
    need_start: IntArray, edge_offer: RowArray, unit_of: RowArray, member_start: IntArray, members: RowArray,
    capacity: IntArray, used: IntArray, of_offer: RowArray, e_need: RowArray, after: RowArray,
    edge_left: IntArray, wanting: RowArray, count: int, now: int, level: IntArray, layer: RowArray,
    queue: RowArray, need_seen: RowArray, need_layer: RowArray, need_edge: IntArray, node_entry: IntArray,
    number: int,
) -> int:  # fmt: skip
    """Lay rows in layers from the needs that want more, up to the first in which a place is spare.

    Parameters
    ----------
    wanting, count : int32 array, int
        The needs that want more, and how many.
    now, level : int, int64 array (nodes)
        Where no place is spare, all rows laid close at this weight.
    layer : int32 array (nodes)
        Takes the layers, from 1 on; 0: none.
    need_seen, need_layer : int32 arrays (needs)
        Take `number` where a need was reached, and the layer that its places can be moved from.
    need_edge, node_entry : int64 arrays (needs; nodes)
        Take where the ways on begin.

    Returns
    -------
    int
        The last layer; 0 where no place is spare.
    """
    offers, is_limited = len(unit_of), len(edge_left) > 0
    layer[:] = 0
    size = 0
    for k in range(count):
        need = np.int64(wanting[k])
        need_seen[need] = number
        need_layer[need] = 0
        need_edge[need] = need_start[need]
        for edge in range(need_start[need], need_start[need + 1]):
            offer = np.int64(edge_offer[edge])
            if is_limited and edge_left[edge] == 0:
                continue
            if layer[offer] == 0 and level[offer] == 0:
                layer[offer] = 1
                queue[size] = offer
                size += 1
    last = np.int64(1) << 30
    at = 0
    while at < size:
        node = np.int64(queue[at])
        at += 1
        here = layer[node]
        if here > last:
            break
        if node >= offers:
            if used[node] < capacity[node]:
                last = np.int64(here)
                continue
            node_entry[node] = member_start[node - offers]
            if here == last:
                continue
            for k in range(member_start[node - offers], member_start[node - offers + 1]):
                offer = np.int64(members[k])
                if layer[offer] == 0 and level[offer] == 0 and used[offer] > 0:
                    layer[offer] = here + 1
                    queue[size] = offer
                    size += 1
            continue
        if used[node] < capacity[node]:
            unit = np.int64(unit_of[node])
            if unit < 0:
                last = np.int64(here)
                continue
            if layer[unit] == 0 and level[unit] == 0:
                layer[unit] = here + 1
                queue[size] = unit
                size += 1
        entry = np.int64(of_offer[node])
        node_entry[node] = entry
        if here == last:
            continue
        while entry != -1:
            need = np.int64(e_need[entry])
            if need_seen[need] != number:
                need_seen[need] = number
                need_layer[need] = here
                need_edge[need] = need_start[need]
                for edge in range(need_start[need], need_start[need + 1]):
                    offer = np.int64(edge_offer[edge])
                    if is_limited and edge_left[edge] == 0:
                        continue
                    if layer[offer] == 0 and level[offer] == 0:
                        layer[offer] = here + 1
                        queue[size] = offer
                        size += 1
            entry = np.int64(after[entry])
    if last < 1 << 30:
        return last
    for k in range(size):
        level[queue[k]] = now
    return np.int64(0)


@compiled
def lay_backward(
    in_start: IntArray, in_edge: RowArray, in_need: RowArray, edge_left: IntArray, edge_offer: RowArray,
    need_start: IntArray, weight: IntArray, left: IntArray, unit_of: RowArray, member_start: IntArray,
    members: RowArray, capacity: IntArray, used: IntArray, of_offer: RowArray, of_need: RowArray,
    e_edge: RowArray, other: RowArray, now: int, layer: RowArray, queue: RowArray, need_seen: RowArray,
    need_layer: RowArray, need_edge: IntArray, node_entry: IntArray, number: int,
) -> int:  # fmt: skip
    """Lay the same layers from the spare places, back to the first needs of the weight that want one.

    Parameters
    ----------
    in_start, in_edge, in_need
        Edges, together by offer.
    of_need, e_edge, other
        The entries of each need.

    Returns
    -------
    int
        The last layer, in which places are spare; 0 where none can be brought to such a need.
    """
    offers, nodes, is_limited = len(unit_of), len(capacity), len(edge_left) > 0
    layer[:] = 0
    size = 0
    for node in range(nodes):
        if used[node] < capacity[node] and (node >= offers or unit_of[node] < 0):
            layer[node] = 1
            queue[size] = node
            size += 1
    last = np.int64(1) << 30
    at = 0
    while at < size:
        node = np.int64(queue[at])
        here = layer[node]
        if here > last:
            break
        at += 1
        if node >= offers:
            node_entry[node] = member_start[node - offers]
            for k in range(member_start[node - offers], member_start[node - offers + 1]):
                offer = np.int64(members[k])
                if layer[offer] == 0 and used[offer] < capacity[offer]:
                    layer[offer] = here + 1
                    queue[size] = offer
                    size += 1
            continue
        node_entry[node] = of_offer[node]
        unit = np.int64(unit_of[node])
        if unit >= 0 and used[node] > 0 and layer[unit] == 0:
            layer[unit] = here + 1
            queue[size] = unit
            size += 1
        for k in range(in_start[node], in_start[node + 1]):
            need = np.int64(in_need[k])
            if need_seen[need] == number or (is_limited and edge_left[in_edge[k]] == 0):
                continue
            need_seen[need] = number
            need_layer[need] = here
            need_edge[need] = need_start[need]
            if left[need] > 0 and weight[need] == now:
                last = np.int64(here)
            elif here < last:
                entry = np.int64(of_need[need])
                while entry != -1:
                    offer = np.int64(edge_offer[e_edge[entry]])
                    if layer[offer] == 0:
                        layer[offer] = here + 1
                        queue[size] = offer
                        size += 1
                    entry = np.int64(other[entry])
    if last == 1 << 30:
        return np.int64(0)
    # Counted from the other end, as by `lay_forward`.
    for k in range(size):
        node = np.int64(queue[k])
        layer[node] = last + 1 - layer[node] if k < at else 0
    for need in range(len(left)):
        if need_seen[need] == number:
            need_layer[need] = last - need_layer[need]
    return last


@compiled
def push_along_layers(
    need_start: IntArray, edge_offer: RowArray, unit_of: RowArray, member_start: IntArray, members: RowArray,
    capacity: IntArray, left: IntArray, used: IntArray, of_offer: RowArray, of_need: RowArray,
    e_need: RowArray, e_edge: RowArray, amount: IntArray, after: RowArray, before: RowArray, other: RowArray,
    store: IntArray, edge_left: IntArray, wanting: RowArray, count: int, layer: RowArray, need_seen: RowArray,
    need_layer: RowArray, need_edge: IntArray, node_entry: IntArray, number: int, last: int,
) -> int:  # fmt: skip
    """Serve as much as goes from layer to layer; give how many needs still want more, listed anew."""
    offers, is_limited = len(unit_of), len(edge_left) > 0
    path = np.empty((3, len(capacity) + 2), np.int64)
    still = 0
    for k in range(count):
        root = np.int64(wanting[k])
        while left[root] > 0 and need_seen[root] == number and need_layer[root] == 0:
            depth = 0
            is_found = False
            while True:
                if depth == 0:
                    edge = need_edge[root]
                    end = need_start[root + 1]
                    while edge < end and (
                        layer[edge_offer[edge]] != 1 or (is_limited and edge_left[edge] == 0)
                    ):
                        edge += 1
                    need_edge[root] = edge
                    if edge == end:
                        break
                    path[0, 0], path[1, 0], path[2, 0] = edge_offer[edge], -1, edge
                    depth = 1
                node = path[0, depth - 1]
                here = layer[node]
                following, entry, edge = np.int64(-1), np.int64(-1), np.int64(-2)
                if node >= offers:
                    if used[node] < capacity[node]:
                        is_found = True
                        break
                    if here < last:
                        k2 = node_entry[node]
                        end = member_start[node - offers + 1]
                        while k2 < end and (layer[members[k2]] != here + 1 or used[members[k2]] == 0):
                            k2 += 1
                        node_entry[node] = k2
                        if k2 < end:
                            following = np.int64(members[k2])
                else:
                    if used[node] < capacity[node]:
                        unit = np.int64(unit_of[node])
                        if unit < 0:
                            is_found = True
                            break
                        if layer[unit] == here + 1:
                            following = unit
                    if following == -1 and here < last:
                        entry = node_entry[node]
                        while entry != -1:
                            need = np.int64(e_need[entry])
                            if need_seen[need] == number and need_layer[need] == here:
                                edge = need_edge[need]
                                end = need_start[need + 1]
                                while edge < end and (
                                    layer[edge_offer[edge]] != here + 1
                                    or (is_limited and edge_left[edge] == 0)
                                ):
                                    edge += 1
                                need_edge[need] = edge
                                if edge < end:
                                    following = np.int64(edge_offer[edge])
                                    break
                            entry = np.int64(after[entry])
                        node_entry[node] = entry
                if following == -1:
                    layer[node] = 0
                    depth -= 1
                    continue
                path[0, depth], path[1, depth], path[2, depth] = following, entry, edge
                depth += 1
            if not is_found:
                break
            end = path[0, depth - 1]
            more = min(left[root], capacity[end] - used[end])
            for step in range(depth):
                if is_limited and path[2, step] >= 0:
                    more = min(more, edge_left[path[2, step]])
                if path[1, step] != -1:
                    more = min(more, amount[path[1, step]])
                elif path[2, step] == -2:
                    node, earlier = path[0, step], path[0, step - 1]
                    if node >= offers:
                        more = min(more, capacity[earlier] - used[earlier])
                    else:
                        more = min(more, used[node])
            left[root] -= more
            for step in range(depth):
                node, entry, edge = path[0, step], path[1, step], path[2, step]
                need = root
                if entry != -1:
                    need = np.int64(e_need[entry])
                    earlier = path[0, step - 1]
                    used[earlier] -= more
                    if is_limited:
                        edge_left[e_edge[entry]] += more
                    if amount[entry] == more:
                        node_entry[earlier] = after[entry]
                    take(
                        of_offer, of_need, e_need, amount, after, before, other, store,
                        entry, earlier, more,
                    )  # fmt: skip
                if edge >= 0:
                    if is_limited:
                        edge_left[edge] -= more
                    put(
                        of_offer, of_need, e_need, e_edge, amount, after, before, other, store,
                        need, node, edge, more,
                    )  # fmt: skip
                    used[node] += more
                elif node >= offers:
                    used[node] += more
                else:
                    used[path[0, step - 1]] -= more
        if left[root] > 0:
            wanting[still] = root
            still += 1
    return still
