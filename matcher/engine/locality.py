"""Rows in an order in which neighbours lie together: searches find in the cache what they need next."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


@compiled
def find_starts(rows: RowArray, size: int) -> IntArray:
    """Find where each row's entries would begin if entries lay together by row."""
    start = np.zeros(size + 1, np.int64)
    for entry in range(len(rows)):
        start[rows[entry] + 1] += 1
    for row in range(size):
        start[row + 1] += start[row]
    return start


@compiled
def find_order(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, offers: int
) -> tuple[RowArray, RowArray]:
    """Put offers in breadth-first order, linked where some need has both as its cheapest; needs by offer.

    Returns
    -------
    offer_rank : int32 array (offers)
        Place of each offer in the order.
    need_order : int32 array (needs)
        Needs by the rank of their cheapest offer.
    """
    needs = len(need_start) - 1
    first, second = np.empty(needs, np.int32), np.empty(needs, np.int32)
    degree = np.zeros(offers + 1, np.int64)
    for need in range(needs):
        one, two = np.int64(-1), np.int64(-1)
        for edge in range(need_start[need], need_start[need + 1]):
            if one == -1 or edge_cost[edge] < edge_cost[one]:
                one, two = np.int64(edge), one
            elif two == -1 or edge_cost[edge] < edge_cost[two]:
                two = np.int64(edge)
        first[need] = edge_offer[one]
        second[need] = edge_offer[two] if two != -1 else edge_offer[one]
        degree[first[need] + 1] += 1
        degree[second[need] + 1] += 1
    start = np.cumsum(degree)
    place = start.copy()
    linked = np.empty(2 * needs, np.int32)
    for need in range(needs):
        a, b = first[need], second[need]
        linked[place[a]] = b
        place[a] += 1
        linked[place[b]] = a
        place[b] += 1
    rank = np.full(offers, -1, np.int32)
    queue = np.empty(offers, np.int32)
    size = 0
    for seed in range(offers):
        if rank[seed] != -1:
            continue
        at = size
        rank[seed], queue[size] = size, seed
        size += 1
        while at < size:
            offer = queue[at]
            at += 1
            for k in range(start[offer], start[offer + 1]):
                other = linked[k]
                if rank[other] == -1:
                    rank[other], queue[size] = size, other
                    size += 1
    # Needs by counting.
    count = np.zeros(offers + 1, np.int64)
    for need in range(needs):
        count[rank[first[need]] + 1] += 1
    count = np.cumsum(count)
    order = np.empty(needs, np.int32)
    for need in range(needs):
        at = rank[first[need]]
        order[count[at]] = need
        count[at] += 1
    return rank, order


@compiled
def reorder(
    need_start: IntArray,
    edge_offer: RowArray,
    edge_cost: RowArray,
    offer_rank: RowArray,
    need_order: RowArray,
    row: RowArray,
    offer: RowArray,
    cost: RowArray,
) -> IntArray:
    """Lay edges out anew: write row, offer and cost of each edge, and give the starts by need.

    Arrays as long as the edges come from outside, where they lie in pages so large that touching them first
    takes a fraction of the time.
    """
    needs = len(need_order)
    start = np.zeros(needs + 1, np.int64)
    at = 0
    for need in range(needs):
        old = need_order[need]
        for edge in range(need_start[old], need_start[old + 1]):
            row[at], offer[at], cost[at] = edge, offer_rank[edge_offer[edge]], edge_cost[edge]
            at += 1
        start[need + 1] = at
    return start
