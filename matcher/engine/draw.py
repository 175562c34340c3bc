"""Places that were pretended, filled many at a time: one search from all that could fill them."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.keys import lower_key, take_lowest
from matcher.engine.mend import push_places

_FAR = 1 << 62


@compiled
def draw_places(
    need_start: IntArray, edge_need: RowArray, edge_offer: RowArray, edge_cost: RowArray,
    unit_of: RowArray, member_start: IntArray, members: RowArray, capacity: IntArray, floor: IntArray,
    price: IntArray, need_price: IntArray, left: IntArray, used: IntArray, lack: IntArray,
    of_offer: RowArray, of_need: RowArray, e_need: RowArray, e_edge: RowArray, amount: IntArray,
    after: RowArray, before: RowArray, other: RowArray, store: IntArray,
) -> bool:  # fmt: skip
    """Fill the places that were pretended from where it costs least, or give them up as spare.

    Each round is one search from all spare places, served places that may be left, and unserved needs, until
    each place that lacks is found; then
    every place that was reached by a path of its own is filled. False if a round fills none: a fault.
    """
    needs, offers, nodes = len(left), len(unit_of), len(capacity)
    key, row, place = np.zeros(nodes, np.int64), np.zeros(nodes + 1, np.int32), np.full(nodes, -1, np.int32)
    need_seen = np.zeros(needs, np.int32)
    need_key = np.zeros(needs, np.int64)
    link, by_entry = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    by_edge = np.zeros(nodes, np.int64)
    targets = np.empty(nodes, np.int32)
    path = np.zeros((3, nodes + 2), np.int64)
    number = 0
    while True:
        lacking = 0
        for node in range(nodes):
            if lack[node] > 0:
                lacking += 1
        if lacking == 0:
            return True
        number += 1
        key[:] = _FAR
        size = np.int64(0)
        for node in range(nodes):
            if used[node] > 0 and (node >= offers or unit_of[node] < 0):
                link[node], by_entry[node], by_edge[node] = -1, -1, -3
                size = lower_key(key, row, place, size, node, max(np.int64(0), price[node] - floor[node]))
        for need in range(needs):
            if left[need] > 0:
                need_seen[need] = number
                need_key[need] = 0
                for edge in range(need_start[need], need_start[need + 1]):
                    offer = np.int64(edge_offer[edge])
                    there = edge_cost[edge] + price[offer] - need_price[need]
                    if there < key[offer]:
                        link[offer], by_entry[offer], by_edge[offer] = -1, -1, edge
                        size = lower_key(key, row, place, size, offer, there)
        found, end = 0, np.int64(0)
        while size > 0:
            node = take_lowest(key, row, place, size)
            size -= 1
            here = key[node]
            if lack[node] > 0:
                targets[found] = node
                found += 1
                end = here
                if found == lacking:
                    break
            if node >= offers:
                for k in range(member_start[node - offers], member_start[node - offers + 1]):
                    offer = np.int64(members[k])
                    if used[offer] > 0:
                        there = here + price[offer] - price[node] - (floor[offer] - floor[node])
                        if there < key[offer]:
                            link[offer], by_entry[offer], by_edge[offer] = node, -1, -2
                            size = lower_key(key, row, place, size, offer, there)
                continue
            if used[node] < capacity[node] and unit_of[node] >= 0:
                unit = np.int64(unit_of[node])
                there = here + floor[node] - floor[unit] + price[unit] - price[node]
                if there < key[unit]:
                    link[unit], by_entry[unit], by_edge[unit] = node, -1, -2
                    size = lower_key(key, row, place, size, unit, there)
            entry = np.int64(of_offer[node])
            while entry != -1:
                need = np.int64(e_need[entry])
                if need_seen[need] != number:
                    need_seen[need] = number
                    need_key[need] = here
                    base = here - need_price[need]
                    for edge in range(need_start[need], need_start[need + 1]):
                        offer = np.int64(edge_offer[edge])
                        there = base + edge_cost[edge] + price[offer]
                        if there < key[offer]:
                            link[offer], by_entry[offer], by_edge[offer] = node, entry, edge
                            size = lower_key(key, row, place, size, offer, there)
                entry = np.int64(after[entry])
        for at in range(size):
            place[row[at]] = -1
        # What lies beyond the last place found is as far as that.
        for node in range(nodes):
            price[node] -= min(key[node], end)
        for need in range(needs):
            need_price[need] -= min(need_key[need], end) if need_seen[need] == number else end
        for node in range(nodes):
            if used[node] == 0:
                on = np.int64(0)
                if node < offers and unit_of[node] >= 0:
                    on = price[unit_of[node]] - floor[unit_of[node]]
                price[node] = max(price[node], on + floor[node])
        moved = np.int64(0)
        for k in range(found):
            target = np.int64(targets[k])
            depth, node = 1, target
            while link[node] != -1:
                depth += 1
                node = np.int64(link[node])
            most = lack[target]
            root = np.int64(-1)
            if by_edge[node] >= 0:
                root = np.int64(edge_need[by_edge[node]])
                most = min(most, left[root])
            else:
                most = min(most, used[node])
            node = target
            is_open = True
            for step in range(depth - 1, -1, -1):
                entry, edge = np.int64(by_entry[node]), by_edge[node]
                path[0, step], path[1, step], path[2, step] = node, entry, edge
                if entry != -1 and (
                    amount[entry] == 0
                    or edge_offer[e_edge[entry]] != link[node]
                    or e_need[entry] != edge_need[edge]
                ):
                    is_open = False
                    break
                node = np.int64(link[node])
            if is_open:
                moved += push_places(
                    unit_of, capacity, left, used, lack, of_offer, of_need, e_need, e_edge, amount, after,
                    before, other, store, edge_offer, root, path, depth, most, 1, -1,
                )  # fmt: skip
        if moved == 0:
            return False
