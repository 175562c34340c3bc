"""The proof of an answer, and prices that depend on the problem alone.

A flow is optimal if it keeps all limits and nothing gains at its prices (complementary slackness). Prices
that prove it are not unique; those told are the lengths of the shortest ways from each row to a spare place,
what one more place there would take away elsewhere at best: the same for every optimal flow, whichever the
engine came upon (Dijkstra 1959, over the costs that the engine's own prices leave).
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.heap import lower_key, take_lowest

_FAR = 1 << 62


@compiled
def is_proved(
    need_start: IntArray,
    edge_offer: RowArray,
    edge_cost: RowArray,
    edge_left: IntArray,
    quantity: IntArray,
    outside: IntArray,
    unit_of: RowArray,
    capacity: IntArray,
    of_need: RowArray,
    e_edge: RowArray,
    amount: IntArray,
    other: RowArray,
    price: IntArray,
    way: IntArray,
) -> bool:
    """Check a flow against the prices of offers and units, from nothing but the two.

    Parameters
    ----------
    need_start, edge_offer, edge_cost, quantity, outside, unit_of, capacity
        The problem; nodes are offers, then units.
    edge_left : int64 array (edges)
        Room of each edge, empty where none has one of its own; takes what the flow leaves of it.
    of_need, e_edge, amount, other
        The flow: each need's entries, as in `Entries`.
    price : int64 array (nodes)
        Of one more place, of offers with their unit's.
    way : int64 array (needs)
        Takes what one more place costs each need at best: outside, or by one of its pairs.

    Returns
    -------
    bool
        True if the flow keeps all limits, only pairs are used that cost no more than a need's best way with
        room, and only rows that are full have a price.
    """
    offers, nodes = len(unit_of), len(capacity)
    used, is_limited = np.zeros(nodes, np.int64), len(edge_left) > 0
    for need in range(len(quantity)):
        served = np.int64(0)
        best, dearest = outside[need], -np.int64(_FAR)
        entry = np.int64(of_need[need])
        while entry != -1:
            edge = np.int64(e_edge[entry])
            if amount[entry] < 0 or edge < need_start[need] or edge >= need_start[need + 1]:
                return False
            offer = edge_offer[edge]
            if is_limited:
                edge_left[edge] -= amount[entry]
                if edge_left[edge] < 0:
                    return False
            served += amount[entry]
            used[offer] += amount[entry]
            dearest = max(dearest, edge_cost[edge] + price[offer])
            entry = np.int64(other[entry])
        for edge in range(need_start[need], need_start[need + 1]):
            if is_limited and edge_left[edge] == 0:
                continue
            best = min(best, edge_cost[edge] + price[edge_offer[edge]])
        way[need] = best
        if served > quantity[need] or dearest > best or (best < outside[need] and served < quantity[need]):
            return False
    for offer in range(offers):
        unit = unit_of[offer]
        own = price[offer]
        if unit >= 0:
            used[unit] += used[offer]
            own -= price[unit]
        if own < 0 or used[offer] > capacity[offer] or (own > 0 and used[offer] < capacity[offer]):
            return False
    for unit in range(offers, nodes):
        if (
            price[unit] < 0
            or used[unit] > capacity[unit]
            or (price[unit] > 0 and used[unit] < capacity[unit])
        ):
            return False
    return True


@compiled
def find_lengths(
    in_start: IntArray,
    in_edge: RowArray,
    in_need: RowArray,
    in_cost: RowArray,
    edge_offer: RowArray,
    edge_cost: RowArray,
    edge_left: IntArray,
    outside: IntArray,
    unit_of: RowArray,
    member_start: IntArray,
    members: RowArray,
    capacity: IntArray,
    used: IntArray,
    of_need: RowArray,
    e_edge: RowArray,
    other: RowArray,
    price: IntArray,
    need_price: IntArray,
) -> IntArray:
    """Find the length of the shortest way on for one more place at each offer and unit.

    Parameters
    ----------
    in_start, in_edge, in_need, in_cost
        Edges, together by offer.
    edge_left : int64 array (edges)
        Room left on each edge; empty where none has a room of its own.
    used : int64 array (nodes)
        Of an optimal flow, whose entries `of_need`, `e_edge`, `other` list by need.
    price, need_price : int64 arrays (nodes; needs)
        Prices by which no way with room is shorter than zero.

    Returns
    -------
    int64 array (nodes)
        A row without any way keeps a length beyond all others.
    """
    offers, nodes, needs, is_limited = len(unit_of), len(capacity), len(of_need), len(edge_left) > 0
    key, row, place = (
        np.full(nodes, _FAR, np.int64),
        np.zeros(nodes + 1, np.int32),
        np.full(nodes, -1, np.int32),
    )
    need_key = np.full(needs, _FAR, np.int64)
    size = np.int64(0)
    for node in range(nodes):
        if used[node] < capacity[node] and (node >= offers or unit_of[node] < 0):
            size = lower_key(key, row, place, size, node, -price[node])
    for need in range(needs):
        if of_need[need] != -1:
            need_key[need] = outside[need] - need_price[need]
            entry = np.int64(of_need[need])
            while entry != -1:
                offer = np.int64(edge_offer[e_edge[entry]])
                there = need_key[need]
                if is_limited:
                    there += need_price[need] - edge_cost[e_edge[entry]] - price[offer]
                if there < key[offer]:
                    size = lower_key(key, row, place, size, offer, there)
                entry = np.int64(other[entry])
    while size > 0:
        node = take_lowest(key, row, place, size)
        size -= 1
        here = key[node]
        if node >= offers:
            for k in range(member_start[node - offers], member_start[node - offers + 1]):
                offer = np.int64(members[k])
                there = here + price[node] - price[offer]
                if used[offer] < capacity[offer] and there < key[offer]:
                    size = lower_key(key, row, place, size, offer, there)
            continue
        unit = np.int64(unit_of[node])
        if unit >= 0 and used[node] > 0 and here + price[node] - price[unit] < key[unit]:
            size = lower_key(key, row, place, size, unit, here + price[node] - price[unit])
        base = here + price[node]
        for k in range(in_start[node], in_start[node + 1]):
            need = np.int64(in_need[k])
            there = base + in_cost[k] - need_price[need]
            if there >= need_key[need] or of_need[need] == -1:
                continue
            if is_limited and edge_left[in_edge[k]] == 0:
                continue
            need_key[need] = there
            entry = np.int64(of_need[need])
            while entry != -1:
                offer = np.int64(edge_offer[e_edge[entry]])
                there = need_key[need]
                if is_limited:
                    there += need_price[need] - edge_cost[e_edge[entry]] - price[offer]
                if there < key[offer]:
                    size = lower_key(key, row, place, size, offer, there)
                entry = np.int64(other[entry])
    for node in range(nodes):
        key[node] += price[node]
    return key
