"""Rows in an order in which neighbours lie together: searches find in the cache what they need next."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

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


_NONE = np.iinfo(np.int64).max


@compiled
def find_cheapest_two(
    edge_need: RowArray, edge_offer: RowArray, edge_cost: IntArray, need_number: RowArray,
    offer_number: RowArray, first_edge: int, end_edge: int, best: IntArray,
) -> None:  # fmt: skip
    """Note the two cheapest offers of each need among some edges, in whatever order these come.

    Parameters
    ----------
    need_number, offer_number : int32 arrays
        What each row of the edges' is called in `best`, -1 for those that take no part.
    best : int64 array (needs, 5)
        Cost and offer of the cheapest, then of the second; among equals the lower offer is the cheaper. Then
        how many edges there are.
    """
    for edge in range(first_edge, end_edge):
        need, offer = np.int64(need_number[edge_need[edge]]), np.int64(offer_number[edge_offer[edge]])
        if need < 0 or offer < 0:
            continue
        cost = np.int64(edge_cost[edge])
        best[need, 4] += 1
        if cost > best[need, 2] or (cost == best[need, 2] and offer > best[need, 3]):
            continue
        if cost < best[need, 0] or (cost == best[need, 0] and offer < best[need, 1]):
            best[need, 2], best[need, 3] = best[need, 0], best[need, 1]
            best[need, 0], best[need, 1] = cost, offer
        else:
            best[need, 2], best[need, 3] = cost, offer


def make_best(needs: int) -> IntArray:
    """Set up room for `find_cheapest_two`."""
    best = np.full((needs, 5), _NONE)
    best[:, 4] = 0
    return best


@compiled
def join_best(best: IntArray, other: IntArray) -> None:
    """Take over what another part of the edges has that is cheaper."""
    for need in range(len(best)):
        best[need, 4] += other[need, 4]
        for k in (0, 2):
            cost, offer = other[need, k], other[need, k + 1]
            if cost < best[need, 0] or (cost == best[need, 0] and offer < best[need, 1]):
                best[need, 2], best[need, 3] = best[need, 0], best[need, 1]
                best[need, 0], best[need, 1] = cost, offer
            elif cost < best[need, 2] or (cost == best[need, 2] and offer < best[need, 3]):
                best[need, 2], best[need, 3] = cost, offer


@compiled
def find_order(best: IntArray, offers: int) -> tuple[RowArray, RowArray]:
    """Put offers in breadth-first order, linked where some need has both as its cheapest; needs by offer.

    Parameters
    ----------
    best : int64 array (needs, 5)
        As `find_cheapest_two` leaves it.
    offers : int
        How many there are.

    Returns
    -------
    offer_rank : int32 array (offers)
        Place of each offer in the order.
    need_order : int32 array (needs)
        Needs by the rank of their cheapest offer.
    """
    needs = len(best)
    first, second = np.empty(needs, np.int32), np.empty(needs, np.int32)
    degree = np.zeros(offers + 1, np.int64)
    for need in range(needs):
        first[need] = best[need, 1]
        second[need] = best[need, 3] if best[need, 2] < _NONE else best[need, 1]
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
def gather_edges(
    start: IntArray, new_start: IntArray, need_row: RowArray, edge_row: RowArray, edge_offer: RowArray,
    edge_cost: IntArray, offer_place: RowArray, first: int, end: int,
    new_row: RowArray, new_offer: RowArray, new_cost: RowArray,
) -> None:  # fmt: skip
    """Lay the edges of some needs out anew.

    Parameters
    ----------
    start : int64 array
        Where each of the old needs' edges begin in `edge_row`.
    new_start : int64 array (needs + 1)
        Where each need's edges begin from now on.
    need_row : int32 array (needs)
        Which of the old needs comes where.
    edge_row : int32 array (edges)
        Where offer and cost of each edge stand, edges by need.
    edge_offer, edge_cost
        Arrays that `edge_row` points into.
    offer_place : int32 array
        What an entry of `edge_offer` is called from now on; -1: the edge is left out.
    first, end : int
        Places of the needs, in the new order.
    new_row, new_offer, new_cost
        Take the edges: their row, offer and cost. They come from outside, where they lie in pages so large
        that touching them first takes a fraction of the time.
    """
    for need in range(first, end):
        at = new_start[need]
        for k in range(start[need_row[need]], start[need_row[need] + 1]):
            edge = edge_row[k]
            place = offer_place[edge_offer[edge]]
            if place >= 0:
                new_row[at], new_offer[at], new_cost[at] = edge, place, edge_cost[edge]
                at += 1
