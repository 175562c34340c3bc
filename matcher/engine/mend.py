"""From nearly the cheapest to the cheapest: what is not exactly right is taken out and brought in again.

Successive shortest paths (Busacker and Gowen 1960; Edmonds and Karp 1972 for the prices that keep reduced
costs from falling below zero). A search stops at the first goal and touches only what it scans. Of spare
places that have a price the flow pretends that they were taken; `lack` counts them, and `draw` fills what is
left of them.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.entries import put, take
from matcher.heap import lower_key, take_lowest

_FAR = 1 << 62


@compiled
def settle_bids(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, outside: IntArray,
    unit_of: RowArray, capacity: IntArray, floor: IntArray, slot_start: IntArray, slots_used: IntArray,
    slot_bid: RowArray, bid_need: RowArray, bid_edge: RowArray, bid_amount: IntArray, price: IntArray,
    need_price: IntArray, left: IntArray, used: IntArray, lack: IntArray, of_offer: RowArray,
    of_need: RowArray, e_need: RowArray, e_edge: RowArray, amount: IntArray, after: RowArray,
    before: RowArray, other: RowArray, store: IntArray, edge_left: IntArray,
) -> None:  # fmt: skip
    """Enter the bids that are exactly right into an empty flow, and pretend what is spare at a price."""
    offers, nodes, is_limited = len(unit_of), len(capacity), len(edge_left) > 0
    if is_limited:
        for offer in range(offers):
            for slot in range(slot_start[offer], slot_start[offer] + slots_used[offer]):
                number = slot_bid[slot]
                edge_left[bid_edge[number]] -= bid_amount[number]
    for need in range(len(left)):
        best = outside[need]
        for edge in range(need_start[need], need_start[need + 1]):
            if is_limited and edge_left[edge] == 0:
                continue
            best = min(best, edge_cost[edge] + price[edge_offer[edge]])
        need_price[need] = best
    for offer in range(offers):
        unit = np.int64(unit_of[offer])
        for slot in range(slot_start[offer], slot_start[offer] + slots_used[offer]):
            number = slot_bid[slot]
            need, edge, places = np.int64(bid_need[number]), np.int64(bid_edge[number]), bid_amount[number]
            if edge_cost[edge] + price[offer] > need_price[need]:
                if is_limited:
                    edge_left[edge] += places
                continue
            put(
                of_offer, of_need, e_need, e_edge, amount, after, before, other, store,
                need, offer, edge, places,
            )  # fmt: skip
            left[need] -= places
            used[offer] += places
            if unit >= 0:
                used[unit] += places
    for offer in range(offers):
        unit = np.int64(unit_of[offer])
        room = capacity[offer] - used[offer]
        on = np.int64(0) if unit < 0 else price[unit]
        if unit >= 0 and used[offer] == 0 and price[offer] < on:
            price[offer] = on
        own_floor = floor[offer] if unit < 0 else floor[offer] - floor[unit]
        if room > 0 and price[offer] > on + own_floor:
            lack[offer] = room
            used[offer] += room
            if unit >= 0:
                used[unit] += room
    for node in range(offers, nodes):
        room = capacity[node] - used[node]
        if room > 0 and price[node] > floor[node]:
            lack[node] = room
            used[node] += room


@compiled
def push_places(
    unit_of: RowArray, capacity: IntArray, left: IntArray, used: IntArray, lack: IntArray,
    of_offer: RowArray, of_need: RowArray, e_need: RowArray, e_edge: RowArray, amount: IntArray,
    after: RowArray, before: RowArray, other: RowArray, store: IntArray, edge_left: IntArray,
    edge_offer: RowArray, root: int, path: IntArray, depth: int, most: int, kind: int, by: int,
) -> int:  # fmt: skip
    """Move places along a path: rows are node, entry given up to come there, edge taken (or -2: by the unit).

    `kind` and `by` tell how the path ends, as in `send_places`. Gives how many were moved.
    """
    offers, is_limited = len(unit_of), len(edge_left) > 0
    more = most
    for step in range(depth):
        node, entry, edge = path[0, step], path[1, step], path[2, step]
        if entry != -1:
            more = min(more, amount[entry])
        if is_limited and edge >= 0:
            more = min(more, edge_left[edge])
        if edge == -2:
            if node >= offers:
                earlier = path[0, step - 1]
                more = min(more, capacity[earlier] - used[earlier])
            else:
                more = min(more, used[node])
    if more <= 0:
        return np.int64(0)
    if root >= 0:
        left[root] -= more
    for step in range(depth):
        node, entry, edge = path[0, step], path[1, step], path[2, step]
        need = root
        if entry != -1:
            need = np.int64(e_need[entry])
            earlier = np.int64(edge_offer[e_edge[entry]])
            used[earlier] -= more
            if is_limited:
                edge_left[e_edge[entry]] += more
            take(of_offer, of_need, e_need, amount, after, before, other, store, entry, earlier, more)
        if edge >= 0:
            if is_limited:
                edge_left[edge] -= more
            put(
                of_offer, of_need, e_need, e_edge, amount, after, before, other, store,
                need, node, edge, more,
            )  # fmt: skip
            used[node] += more
        elif edge == -2:
            if node >= offers:
                used[node] += more
            else:
                used[path[0, step - 1]] -= more
    last = path[0, depth - 1]
    if kind == 1:
        lack[last] -= more
        used[last] -= more
    elif kind == 2:
        left[e_need[by]] += more
        used[last] -= more
        if is_limited:
            edge_left[e_edge[by]] += more
        take(of_offer, of_need, e_need, amount, after, before, other, store, by, last, more)
    return more


@compiled
def send_places(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, outside: IntArray,
    unit_of: RowArray, member_start: IntArray, members: RowArray, capacity: IntArray, floor: IntArray,
    price: IntArray, need_price: IntArray, left: IntArray, used: IntArray, lack: IntArray,
    of_offer: RowArray, of_need: RowArray, e_need: RowArray, e_edge: RowArray, amount: IntArray,
    after: RowArray, before: RowArray, other: RowArray, store: IntArray, edge_left: IntArray, reach: int,
) -> bool:  # fmt: skip
    """Bring the places of needs that lack some to their best ends, one shortest path after another.

    Ends are a spare place, one that was pretended, another need that does without, or staying unserved. A
    search goes as far as `reach` at first, and four times as far each time it finds none. False if there is
    no end at all or a path carries nothing, which is a fault.
    """
    needs, offers, nodes, is_limited = len(left), len(unit_of), len(capacity), len(edge_left) > 0
    key, row, place = np.zeros(nodes, np.int64), np.zeros(nodes + 1, np.int32), np.full(nodes, -1, np.int32)
    seen, need_seen = np.zeros(nodes, np.int32), np.zeros(needs, np.int32)
    need_key = np.zeros(needs, np.int64)
    link, by_entry = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    by_edge = np.zeros(nodes, np.int64)
    touched, need_touched = np.zeros(nodes + 1, np.int32), np.zeros(needs + 1, np.int32)
    path = np.zeros((3, nodes + 2), np.int64)
    number = 0
    size = np.int64(0)
    for turn in range(nodes - offers + needs):
        # Units beyond their capacity first (by places that their offers pretend), then needs.
        full, root = np.int64(-1), np.int64(turn - (nodes - offers))
        if root < 0:
            full, root = np.int64(offers + turn), np.int64(-1)
        limit = np.int64(reach)
        while (full >= 0 and used[full] > capacity[full]) or (
            root >= 0 and left[root] > 0 and need_price[root] < outside[root]
        ):
            number += 1
            for at in range(size):
                place[row[at]] = -1
            size = np.int64(0)
            count, need_count = np.int64(0), np.int64(0)
            end, kind, goal, by = limit, 0 - 1, np.int64(-1), np.int64(-1)
            if root >= 0:
                if outside[root] - need_price[root] <= limit:
                    end, kind = outside[root] - need_price[root], 3
            else:
                seen[full], touched[0], count = number, full, np.int64(1)
                link[full], by_entry[full], by_edge[full] = -1, -1, -3
                size = lower_key(key, row, place, size, full, np.int64(0))
            # The need in hand, first the root itself, then those displaced at the node in hand.
            need, here, node, entry = root, np.int64(0), np.int64(-1), np.int64(-1)
            while True:
                # Displaced from a pair that is full a need may lose, and less from another later.
                at_need = here
                if is_limited and entry != -1:
                    at_need += need_price[need] - edge_cost[e_edge[entry]] - price[node]
                if need >= 0 and (need_seen[need] != number or at_need < need_key[need]) and at_need < end:
                    if need_seen[need] != number:
                        need_seen[need] = number
                        need_touched[need_count] = need
                        need_count += 1
                    need_key[need] = at_need
                    base = at_need - need_price[need]
                    if node != -1 and base + outside[need] < end:
                        end, kind, goal, by = base + outside[need], 2, node, entry
                    for edge in range(need_start[need], need_start[need + 1]):
                        offer = np.int64(edge_offer[edge])
                        there = base + edge_cost[edge] + price[offer]
                        if there < end:
                            if is_limited and edge_left[edge] == 0:
                                continue
                            if seen[offer] == number:
                                if key[offer] <= there:
                                    continue
                            else:
                                seen[offer] = number
                                touched[count] = offer
                                count += 1
                            link[offer], by_entry[offer], by_edge[offer] = node, entry, edge
                            size = lower_key(key, row, place, size, offer, there)
                if entry != -1:
                    entry = np.int64(after[entry])
                if entry == -1:
                    # The next node, until it has places that could be given up.
                    while entry == -1 and size > 0:
                        node = take_lowest(key, row, place, size)
                        size -= 1
                        here = key[node]
                        if here >= end:
                            break
                        if lack[node] > 0:
                            end, kind, goal = here, 1, node
                            break
                        if node >= offers:
                            if used[node] < capacity[node]:
                                there = here + max(np.int64(0), floor[node] - price[node])
                                if there < end:
                                    end, kind, goal = there, 0, node
                            for k in range(member_start[node - offers], member_start[node - offers + 1]):
                                offer = np.int64(members[k])
                                if used[offer] > 0:
                                    own = floor[offer] - floor[node]
                                    there = here + price[offer] - price[node] - own
                                    if there < end:
                                        if seen[offer] == number:
                                            if key[offer] <= there:
                                                continue
                                        else:
                                            seen[offer] = number
                                            touched[count] = offer
                                            count += 1
                                        link[offer], by_entry[offer], by_edge[offer] = node, -1, -2
                                        size = lower_key(key, row, place, size, offer, there)
                            continue
                        if used[node] < capacity[node]:
                            unit = np.int64(unit_of[node])
                            if unit < 0:
                                there = here + max(np.int64(0), floor[node] - price[node])
                                if there < end:
                                    end, kind, goal = there, 0, node
                            else:
                                there = here + floor[node] - floor[unit] + price[unit] - price[node]
                                if there < end and (seen[unit] != number or key[unit] > there):
                                    if seen[unit] != number:
                                        seen[unit] = number
                                        touched[count] = unit
                                        count += 1
                                    link[unit], by_entry[unit], by_edge[unit] = node, -1, -2
                                    size = lower_key(key, row, place, size, unit, there)
                        entry = np.int64(of_offer[node])
                    if entry == -1:
                        break
                need = np.int64(e_need[entry])
            if kind == -1 and limit > _FAR // 8:
                return False
            for k in range(count):
                node = np.int64(touched[k])
                if key[node] < end:
                    price[node] += end - key[node]
            for k in range(need_count):
                need = np.int64(need_touched[k])
                if need_key[need] < end:
                    need_price[need] += end - need_key[need]
            if kind == -1:
                limit *= 4
                continue
            if kind == 3:
                break
            depth, node = 1, goal
            while link[node] != -1:
                depth += 1
                node = np.int64(link[node])
            node = goal
            for step in range(depth - 1, -1, -1):
                path[0, step], path[1, step], path[2, step] = node, by_entry[node], by_edge[node]
                node = np.int64(link[node])
            most = left[root] if root >= 0 else used[full] - capacity[full]
            if kind == 1:
                most = min(most, lack[goal])
            elif kind == 2:
                most = min(most, amount[by])
            else:
                most = min(most, capacity[goal] - used[goal])
            if not push_places(
                unit_of, capacity, left, used, lack, of_offer, of_need, e_need, e_edge, amount, after,
                before, other, store, edge_left, edge_offer, root, path, depth, most, kind, by,
            ):  # fmt: skip
                return False
    return True
