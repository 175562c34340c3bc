"""Places that were pretended, filled together: all prices fall as far as the nearest end is away, at once.

One by one, each place that lacks would look again at what the one before it looked at, only to lower the
same prices by a little more. So one search goes out from all ends there are: needs that want places, and
served places that may be left. Every price falls by how far its row is from the nearest end, after which ways
that lose nothing lead from an end to each row that lacks places, and as many of these are filled as such ways
can carry side by side (primal-dual method, Ford and Fulkerson 1962; ways side by side as by Dinic 1970).
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.mend import push_places
from matcher.heap import lower_key, take_lowest

_FAR = 1 << 62
_LEFT_SHARE = 8
# The search ends when all but this share of the places that lack are reached: the last may be far away.


@compiled
def lower_to_ends(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, unit_of: RowArray,
    member_start: IntArray, members: RowArray, capacity: IntArray, floor: IntArray, price: IntArray,
    need_price: IntArray, left: IntArray, used: IntArray, lack: IntArray, of_offer: RowArray,
    e_need: RowArray, e_edge: RowArray, after: RowArray, edge_left: IntArray,
) -> int:  # fmt: skip
    """Lower each price by how far its row is from the nearest end, at most by what most lacking rows need.

    A way that would gain, as between bids that are nearly right, counts as one that loses nothing. Gives how
    many edges were looked at.
    """
    needs, offers, nodes, is_limited = len(left), len(unit_of), len(capacity), len(edge_left) > 0
    key, row, place = np.full(nodes, _FAR), np.zeros(nodes + 1, np.int32), np.full(nodes, -1, np.int32)
    need_key = np.full(needs, _FAR)
    size, wanted, most = np.int64(0), np.int64(0), np.int64(_FAR)
    for node in range(nodes):
        wanted += lack[node]
        if used[node] > 0 and (node >= offers or unit_of[node] < 0):
            size = lower_key(key, row, place, size, node, max(np.int64(0), price[node] - floor[node]))
    spared, looked = wanted // _LEFT_SHARE, np.int64(0)
    turn, node, entry, here = np.int64(-1), np.int64(-1), np.int64(-1), np.int64(0)
    while True:
        # The need in hand: first each that wants places, then those displaced at the node in hand.
        if turn < needs:
            turn += 1
            need, at_need = turn, np.int64(0)
            if turn < needs and left[turn] == 0:
                continue
        elif entry != -1:
            need, at_need = np.int64(e_need[entry]), here
            if is_limited:
                at_need += max(np.int64(0), need_price[need] - edge_cost[e_edge[entry]] - price[node])
            entry = np.int64(after[entry])
        else:
            if size == 0:
                break
            node = take_lowest(key, row, place, size)
            size -= 1
            here = key[node]
            wanted -= lack[node]
            most = here
            if wanted <= spared:
                break
            if node >= offers:
                for k in range(member_start[node - offers], member_start[node - offers + 1]):
                    offer = np.int64(members[k])
                    own = floor[offer] - floor[node]
                    there = here + max(np.int64(0), price[offer] - price[node] - own)
                    if used[offer] > 0 and there < key[offer]:
                        size = lower_key(key, row, place, size, offer, there)
                continue
            unit = np.int64(unit_of[node])
            if unit >= 0 and used[node] < capacity[node]:
                own = floor[node] - floor[unit]
                there = here + max(np.int64(0), own + price[unit] - price[node])
                if there < key[unit]:
                    size = lower_key(key, row, place, size, unit, there)
            entry = np.int64(of_offer[node])
            continue
        if need >= needs or at_need >= need_key[need]:
            continue
        need_key[need] = at_need
        base = at_need - need_price[need]
        looked += need_start[need + 1] - need_start[need]
        for edge in range(need_start[need], need_start[need + 1]):
            offer = np.int64(edge_offer[edge])
            there = base + edge_cost[edge] + price[offer]
            if there < key[offer] and not (is_limited and edge_left[edge] == 0):
                size = lower_key(key, row, place, size, offer, there)
    for need in range(needs):
        need_price[need] -= min(need_key[need], most)
    # Units first: what their offers may fall to rests on them.
    for turn in range(nodes):
        node = np.int64(nodes - 1 - turn)
        price[node] -= min(key[node], most)
        if used[node] == 0:
            on = np.int64(0)
            if node < offers and unit_of[node] >= 0:
                on = price[unit_of[node]] - floor[unit_of[node]]
            price[node] = max(price[node], on + floor[node])
    return looked


@compiled
def list_bids(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, outside: IntArray, unit_of: RowArray,
    capacity: IntArray, floor: IntArray, price: IntArray, slot_start: IntArray, slots_used: IntArray,
    slot_bid: RowArray, bid_need: RowArray, bid_amount: IntArray, edge_left: IntArray, need_price: IntArray,
    left: IntArray, used: IntArray, lack: IntArray, of_offer: RowArray, after: RowArray,
) -> int:  # fmt: skip
    """List the bids of an auction as places taken, and pretend what is spare at a price; give how much it is.

    `left` is what needs want, and the other arrays from `need_price` on are for what is found.
    """
    offers, nodes, is_limited = len(unit_of), len(capacity), len(edge_left) > 0
    for need in range(len(left)):
        best = outside[need]
        for edge in range(need_start[need], need_start[need + 1]):
            if not (is_limited and edge_left[edge] == 0):
                best = min(best, edge_cost[edge] + price[edge_offer[edge]])
        need_price[need] = best
    for node in range(nodes):
        used[node] = 0
    for offer in range(offers):
        of_offer[offer] = -1
        for slot in range(slot_start[offer], slot_start[offer] + slots_used[offer]):
            number = slot_bid[slot]
            after[number] = of_offer[offer]
            of_offer[offer] = number
            left[bid_need[number]] -= bid_amount[number]
            used[offer] += bid_amount[number]
        if unit_of[offer] >= 0:
            used[unit_of[offer]] += used[offer]
    lacking = np.int64(0)
    for node in range(nodes):
        unit = np.int64(-1) if node >= offers else np.int64(unit_of[node])
        low = floor[node] if unit < 0 else price[unit] + floor[node] - floor[unit]
        room = capacity[node] - used[node]
        lack[node] = room if room > 0 and price[node] > low else 0
        used[node] += lack[node]
        if unit >= 0:
            used[unit] += lack[node]
        lacking += lack[node]
    return lacking


@compiled
def fill_gaps(
    in_start: IntArray, in_edge: RowArray, in_need: RowArray, in_cost: RowArray, edge_offer: RowArray,
    edge_cost: RowArray, unit_of: RowArray, member_start: IntArray, members: RowArray,
    capacity: IntArray, floor: IntArray, price: IntArray, need_price: IntArray, left: IntArray,
    used: IntArray, lack: IntArray, of_offer: RowArray, of_need: RowArray, e_need: RowArray,
    e_edge: RowArray, amount: IntArray, after: RowArray, before: RowArray, other: RowArray,
    store: IntArray, edge_left: IntArray,
) -> int:  # fmt: skip
    """Fill places that lack by ways that lose nothing, side by side, as far as they are found.

    From each row that lacks places the ways are followed backward; a row from which there was none is not
    entered again. Gives how many edges were looked at.
    """
    offers, nodes, is_limited = len(unit_of), len(capacity), len(edge_left) > 0
    path = np.zeros((3, nodes + 2), np.int64)
    stack, by_entry, by_edge = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    # Where each row's list was left: an edge of its own, or a member of the unit; an entry of its need.
    at, at_entry = np.zeros(nodes, np.int64), np.full(nodes, -1, np.int64)
    is_entered, looked = np.zeros(nodes, np.bool_), np.int64(0)
    for node in range(nodes):
        at[node] = in_start[node] if node < offers else member_start[node - offers]
    for target in range(nodes):
        while lack[target] > 0 and not is_entered[target]:
            depth = np.int64(0)
            stack[0], by_entry[0], by_edge[0], is_entered[target] = target, -1, -3, True
            root, root_edge, start = np.int64(-1), np.int64(-1), np.int64(-1)
            while depth >= 0:
                node = stack[depth]
                is_last = node >= offers or unit_of[node] < 0
                if is_last and used[node] > 0 and price[node] <= floor[node]:
                    start = node
                    break
                ahead, entry_ahead, edge_ahead = np.int64(-1), np.int64(-1), np.int64(-2)
                if not is_last:
                    unit = np.int64(unit_of[node])
                    if (
                        not is_entered[unit] and used[node] > 0
                        and price[node] - price[unit] == floor[node] - floor[unit]
                    ):  # fmt: skip
                        ahead = unit
                while ahead == -1 and node >= offers and at[node] < member_start[node - offers + 1]:
                    offer = np.int64(members[at[node]])
                    at[node] += 1
                    own = floor[offer] - floor[node]
                    if (
                        not is_entered[offer] and used[offer] < capacity[offer]
                        and price[offer] - price[node] == own
                    ):  # fmt: skip
                        ahead = offer
                while ahead == -1 and node < offers:
                    if at_entry[node] == -1:
                        if at[node] == in_start[node + 1]:
                            break
                        k = at[node]
                        at[node] += 1
                        looked += 1
                        need = np.int64(in_need[k])
                        if in_cost[k] + price[node] != need_price[need]:
                            continue
                        if is_limited and edge_left[in_edge[k]] == 0:
                            continue
                        if left[need] > 0:
                            root, root_edge, start = need, np.int64(in_edge[k]), node
                            at[node] -= 1
                            break
                        at_entry[node] = of_need[need]
                        continue
                    entry = at_entry[node]
                    edge = np.int64(e_edge[entry])
                    offer = np.int64(edge_offer[edge])
                    at_entry[node] = other[entry]
                    if is_entered[offer]:
                        continue
                    if is_limited and need_price[e_need[entry]] > edge_cost[edge] + price[offer]:
                        continue
                    ahead, entry_ahead, edge_ahead = offer, entry, np.int64(in_edge[at[node] - 1])
                if start != -1:
                    break
                if ahead == -1:
                    depth -= 1
                    continue
                depth += 1
                stack[depth], by_entry[depth], by_edge[depth] = ahead, entry_ahead, edge_ahead
                is_entered[ahead] = True
            if start == -1:
                continue
            most = min(lack[target], left[root] if root >= 0 else used[start])
            path[0, 0], path[1, 0], path[2, 0] = start, -1, root_edge if root >= 0 else -3
            for k in range(depth):
                above = depth - k
                path[0, k + 1] = stack[above - 1]
                path[1, k + 1], path[2, k + 1] = by_entry[above], by_edge[above]
            for k in range(depth + 1):
                # The way was good: its rows may be entered again, from the edge that was in hand.
                node = stack[k]
                is_entered[node] = False
                if node < offers and at_entry[node] != -1:
                    at_entry[node] = -1
                first = in_start[node] if node < offers else member_start[node - offers]
                if k < depth and at[node] > first:
                    at[node] -= 1
            if not push_places(
                unit_of, capacity, left, used, lack, of_offer, of_need, e_need, e_edge, amount, after, before,
                other, store, edge_left, edge_offer, root, path, depth + 1, most, 1, -1,
            ):  # fmt: skip
                is_entered[target] = True
    return looked
