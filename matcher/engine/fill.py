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
def fill_by_weight(
    need_start: IntArray,
    edge_offer: RowArray,
    weight: IntArray,
    unit_of: RowArray,
    member_start: IntArray,
    members: RowArray,
    capacity: IntArray,
    left: IntArray,
    used: IntArray,
    of_offer: RowArray,
    of_need: RowArray,
    e_need: RowArray,
    e_edge: RowArray,
    amount: IntArray,
    after: RowArray,
    before: RowArray,
    other: RowArray,
    store: IntArray,
) -> IntArray:
    """Fill an empty flow with the most places by weight, the heaviest first.

    Nodes are offers, then units.

    Parameters
    ----------
    need_start, edge_offer
        Edges, together by need.
    weight : int64 array (needs)
        Above zero; the heavier a need, the earlier it is served.
    unit_of : int32 array (offers)
        Node of the unit, -1 for none.
    member_start, members
        Offers of each unit.
    capacity, used : int64 arrays (nodes)
    left : int64 array (needs)
        Places not served.
    of_offer, of_need, e_need, e_edge, amount, after, before, other, store
        As in `Entries`.

    Returns
    -------
    int64 array (nodes)
        0, or the weight at which the row was closed (offers: or their unit).
    """
    needs, offers, nodes = len(left), len(unit_of), len(capacity)
    level = np.zeros(nodes, np.int64)
    layer = np.zeros(nodes, np.int32)
    queue = np.empty(nodes + 1, np.int32)
    need_seen = np.zeros(needs, np.int32)
    need_edge = np.zeros(needs, np.int64)
    need_layer = np.zeros(needs, np.int32)
    node_entry = np.zeros(nodes, np.int64)
    path = np.empty((3, nodes + 2), np.int64)
    wanting = np.empty(needs, np.int32)
    number = 0
    ceiling = np.int64(1) << 62
    while True:
        now = np.int64(0)
        for need in range(needs):
            if now < weight[need] < ceiling:
                now = weight[need]
        if now == 0:
            break
        ceiling = now
        count = 0
        for need in range(needs):
            if weight[need] != now:
                continue
            lacking = left[need]
            for edge in range(need_start[need], need_start[need + 1]):
                if lacking == 0:
                    break
                offer = np.int64(edge_offer[edge])
                room = capacity[offer] - used[offer]
                unit = np.int64(unit_of[offer])
                if unit >= 0:
                    room = min(room, capacity[unit] - used[unit])
                if room > 0:
                    room = min(room, lacking)
                    put(
                        of_offer, of_need, e_need, e_edge, amount, after, before, other, store,
                        need, offer, edge, room,
                    )  # fmt: skip
                    used[offer] += room
                    if unit >= 0:
                        used[unit] += room
                    lacking -= room
            left[need] = lacking
            if lacking > 0:
                wanting[count] = need
                count += 1
        while count > 0:
            # Layers from the needs that want more, up to the first in which a place is spare.
            number += 1
            layer[:] = 0
            size = 0
            for k in range(count):
                need = np.int64(wanting[k])
                need_seen[need] = number
                need_layer[need] = 0
                need_edge[need] = need_start[need]
                for edge in range(need_start[need], need_start[need + 1]):
                    offer = np.int64(edge_offer[edge])
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
                        last = here
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
                        last = here
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
                            if layer[offer] == 0 and level[offer] == 0:
                                layer[offer] = here + 1
                                queue[size] = offer
                                size += 1
                    entry = np.int64(after[entry])
            if last == 1 << 30:
                for k in range(size):
                    level[queue[k]] = now
                break
            # As many paths as go from layer to layer.
            still = 0
            for k in range(count):
                root = np.int64(wanting[k])
                while left[root] > 0:
                    depth = 0
                    is_found = False
                    while True:
                        if depth == 0:
                            edge = need_edge[root]
                            end = need_start[root + 1]
                            while edge < end and layer[edge_offer[edge]] != 1:
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
                                        while edge < end and layer[edge_offer[edge]] != here + 1:
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
                            if amount[entry] == more:
                                node_entry[earlier] = after[entry]
                            take(
                                of_offer, of_need, e_need, amount, after, before, other, store,
                                entry, earlier, more,
                            )  # fmt: skip
                        if edge >= 0:
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
            count = still
    for offer in range(offers):
        if unit_of[offer] >= 0:
            level[offer] = max(level[offer], level[unit_of[offer]])
    return level
