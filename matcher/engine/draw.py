"""Places that were pretended, filled one after another from where it costs least, or given up as spare."""

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
_FURTHER = 2
# So many times as far as is asked for are edges put together that cost little.


@compiled
def _bring_near(
    in_edge: RowArray, in_need: RowArray, in_cost: RowArray, need_price: IntArray, first: int, end: int,
    most: int,
) -> tuple[int, int]:  # fmt: skip
    """Put the edges of a stretch that cost at most so much beyond their need's price at its beginning.

    Returns
    -------
    near_end, far_cost : int
        Where the others begin, and the least that these cost beyond their need's price.
    """
    far_cost = np.int64(_FAR)
    for k in range(first, end):
        beyond = in_cost[k] - need_price[in_need[k]]
        if beyond > most:
            far_cost = min(far_cost, beyond)
            continue
        in_edge[k], in_edge[first] = in_edge[first], in_edge[k]
        in_need[k], in_need[first] = in_need[first], in_need[k]
        in_cost[k], in_cost[first] = in_cost[first], in_cost[k]
        first += 1
    return first, far_cost


@compiled
def draw_places(
    in_start: IntArray, in_edge: RowArray, in_need: RowArray, in_cost: RowArray, edge_offer: RowArray,
    edge_cost: RowArray, unit_of: RowArray, member_start: IntArray, members: RowArray,
    capacity: IntArray, floor: IntArray, price: IntArray, need_price: IntArray, left: IntArray,
    used: IntArray, lack: IntArray, of_offer: RowArray, of_need: RowArray, e_need: RowArray,
    e_edge: RowArray, amount: IntArray, after: RowArray, before: RowArray, other: RowArray,
    store: IntArray, edge_left: IntArray, reach: int, most: int,
) -> int:  # fmt: skip
    """Fill the places that were pretended from where it costs least, or give them up as spare.

    Each search runs backward from a row that lacks places, up to the nearest need that wants one or the
    nearest served place that may be left; `in_start`, `in_edge`, `in_need`, `in_cost` are the edges by offer.
    It goes as far as `reach` at first, and further, prices having followed, where it finds none: most ways
    are short, and a search without a bound enters all that lies about. Gives how many edges were looked at;
    ends before all is filled when these are more than `most`. -1 if there is no end at all or a path carries
    nothing, which is a fault.
    """
    needs, offers, nodes, is_limited = len(left), len(unit_of), len(capacity), len(edge_left) > 0
    key, row, place = np.zeros(nodes, np.int64), np.zeros(nodes + 1, np.int32), np.full(nodes, -1, np.int32)
    seen, need_seen = np.zeros(nodes, np.int32), np.zeros(needs, np.int32)
    need_key = np.zeros(needs, np.int64)
    # Where the way goes on from a row: to which node, by which entry and edge.
    link, by_entry = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    by_edge = np.zeros(nodes, np.int64)
    touched, need_touched = np.zeros(nodes + 1, np.int32), np.zeros(needs + 1, np.int32)
    path = np.zeros((3, nodes + 2), np.int64)
    # Needs' prices only fall here, so that what is far from an offer stays far, and needn't be read.
    near_end, far_cost = in_start.copy(), np.full(offers, -_FAR)
    number = 0
    size, looked = np.int64(0), np.int64(0)
    for target in range(nodes):
        limit = np.int64(reach)
        while lack[target] > 0:
            number += 1
            for at in range(size):
                place[row[at]] = -1
            size = np.int64(0)
            touched[0], count, need_count = target, np.int64(1), np.int64(0)
            seen[target], link[target], by_entry[target], by_edge[target] = number, -1, -1, -3
            size = lower_key(key, row, place, size, target, np.int64(0))
            end, start, root, root_edge = limit, np.int64(-1), np.int64(-1), np.int64(-1)
            while size > 0:
                node = take_lowest(key, row, place, size)
                size -= 1
                here = key[node]
                if here >= end:
                    break
                unit = np.int64(-1)
                if node >= offers:
                    unit = node
                    for k in range(member_start[node - offers], member_start[node - offers + 1]):
                        offer = np.int64(members[k])
                        if used[offer] < capacity[offer]:
                            there = here + floor[offer] - floor[node] + price[node] - price[offer]
                            if there < end and (seen[offer] != number or there < key[offer]):
                                if seen[offer] != number:
                                    seen[offer] = number
                                    touched[count] = offer
                                    count += 1
                                link[offer], by_entry[offer], by_edge[offer] = node, -1, -2
                                size = lower_key(key, row, place, size, offer, there)
                elif unit_of[node] >= 0:
                    unit = np.int64(unit_of[node])
                    if used[node] > 0:
                        there = here + price[node] - price[unit] - (floor[node] - floor[unit])
                        if there < end and (seen[unit] != number or there < key[unit]):
                            if seen[unit] != number:
                                seen[unit] = number
                                touched[count] = unit
                                count += 1
                            link[unit], by_entry[unit], by_edge[unit] = node, -1, -2
                            size = lower_key(key, row, place, size, unit, there)
                    unit = np.int64(-1)
                else:
                    unit = node
                if unit >= 0 and used[unit] > 0:
                    there = here + max(np.int64(0), price[unit] - floor[unit])
                    if there < end:
                        end, start, root = there, unit, np.int64(-1)
                if node >= offers:
                    continue
                base = here + price[node]
                if base + far_cost[node] < end:
                    near_end[node], far_cost[node] = _bring_near(
                        in_edge, in_need, in_cost, need_price, near_end[node], in_start[node + 1],
                        _FURTHER * (end - here) - price[node],
                    )  # fmt: skip
                looked += near_end[node] - in_start[node]
                for k in range(in_start[node], near_end[node]):
                    need = np.int64(in_need[k])
                    there = base + in_cost[k] - need_price[need]
                    if is_limited and edge_left[in_edge[k]] == 0:
                        continue
                    if there >= end or (need_seen[need] == number and need_key[need] <= there):
                        continue
                    if need_seen[need] != number:
                        need_seen[need] = number
                        need_touched[need_count] = need
                        need_count += 1
                    need_key[need] = there
                    edge = np.int64(in_edge[k])
                    if left[need] > 0:
                        end, start, root, root_edge = there, node, need, edge
                        continue
                    entry = np.int64(of_need[need])
                    while entry != -1:
                        offer = np.int64(edge_offer[e_edge[entry]])
                        there = need_key[need]
                        if is_limited:
                            there += need_price[need] - edge_cost[e_edge[entry]] - price[offer]
                        if there >= end:
                            entry = np.int64(other[entry])
                            continue
                        if offer != node and (seen[offer] != number or there < key[offer]):
                            if seen[offer] != number:
                                seen[offer] = number
                                touched[count] = offer
                                count += 1
                            link[offer], by_entry[offer], by_edge[offer] = node, entry, edge
                            size = lower_key(key, row, place, size, offer, there)
                        entry = np.int64(other[entry])
            if start == -1 and end >= _FAR // 4:
                return -np.int64(1)
            for k in range(count):
                node = np.int64(touched[k])
                if key[node] < end:
                    price[node] -= end - key[node]
            for k in range(need_count):
                need = np.int64(need_touched[k])
                if need_key[need] < end:
                    need_price[need] -= end - need_key[need]
            for k in range(count):
                node = np.int64(touched[k])
                if used[node] == 0:
                    on = np.int64(0)
                    if node < offers and unit_of[node] >= 0:
                        on = price[unit_of[node]] - floor[unit_of[node]]
                    price[node] = max(price[node], on + floor[node])
            if start == -1:
                limit *= 4
                continue
            more = lack[target]
            depth = 1
            path[0, 0], path[1, 0], path[2, 0] = start, -1, -3
            if root >= 0:
                more = min(more, left[root])
                path[2, 0] = root_edge
            else:
                more = min(more, used[start])
            node = start
            while node != target:
                ahead = np.int64(link[node])
                path[0, depth], path[1, depth], path[2, depth] = ahead, by_entry[node], by_edge[node]
                depth += 1
                node = ahead
            if not push_places(
                unit_of, capacity, left, used, lack, of_offer, of_need, e_need, e_edge, amount, after,
                before, other, store, edge_left, edge_offer, root, path, depth, more, 1, -1,
            ):  # fmt: skip
                return -np.int64(1)
            if looked > most:
                return looked
    return looked
