"""Loops over demand and sites, as machine code: adding a site, exchanging two, and the Lagrangian bound.

Row ``i`` has sites ``site[starts[i]:starts[i + 1]]`` at rising `cost`, or pays ``fallback[i]``; the same
pairs by site are ``row_of[by_site[j]:by_site[j + 1]]`` at ``cost_of``.
"""

from __future__ import annotations

import heapq

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.matrices import FloatArray

_DEARER = 8


@compiled
def add_greedily(
    by_site: IntArray, row_of: IntArray | RowArray, cost_of: FloatArray, pays: FloatArray, chosen: BoolArray,
    count: int,
) -> None:  # fmt: skip
    """Add the site that saves most until `count` are chosen; `pays` and `chosen` are brought up to date.

    What a site saves only falls as others are added, so that a site whose old saving still leads is looked at
    again, and no other (Minoux 1978).
    """
    sites = len(chosen)
    heap = [(0.0, 0, 0)]
    heap.clear()
    have = 0
    for j in range(sites):
        if chosen[j]:
            have += 1
            for k in range(by_site[j], by_site[j + 1]):
                pays[row_of[k]] = min(pays[row_of[k]], cost_of[k])
    for j in range(sites):
        if not chosen[j]:
            heap.append((-np.inf, j, -1))
    heapq.heapify(heap)
    while have < count:
        _, j, stamp = heapq.heappop(heap)
        if stamp != have:
            saves = 0.0
            for k in range(by_site[j], by_site[j + 1]):
                saves += max(0.0, pays[row_of[k]] - cost_of[k])
            heapq.heappush(heap, (-saves, j, have))
            continue
        chosen[j] = True
        have += 1
        for k in range(by_site[j], by_site[j + 1]):
            pays[row_of[k]] = min(pays[row_of[k]], cost_of[k])


@compiled
def find_two_nearest(
    starts: IntArray,
    site: IntArray,
    cost: FloatArray,
    fallback: FloatArray,
    chosen: BoolArray,
    row: int,
    nearest: IntArray,
    pays: FloatArray,
    second: FloatArray,
) -> None:
    """Find the nearest chosen site of a row (-1: none), what it pays there, and what it would pay without."""
    nearest[row] = -1
    pays[row] = fallback[row]
    second[row] = fallback[row]
    for k in range(starts[row], starts[row + 1]):
        if cost[k] >= fallback[row]:
            break
        if chosen[site[k]]:
            if nearest[row] < 0:
                nearest[row] = site[k]
                pays[row] = cost[k]
            else:
                second[row] = cost[k]
                break


@compiled
def find_prices(
    starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, chosen: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Give what each row pays, and what it would pay without its nearest chosen site."""
    nearest = np.empty(len(fallback), np.int64)
    pays = np.empty(len(fallback))
    second = np.empty(len(fallback))
    for row in range(len(fallback)):
        find_two_nearest(starts, site, cost, fallback, chosen, row, nearest, pays, second)
    return pays, second


@compiled
def exchange(  # noqa: C901 (one loop: it is the hottest)
    starts: IntArray,
    site: IntArray,
    cost: FloatArray,
    fallback: FloatArray,
    by_site: IntArray,
    row_of: IntArray,
    cost_of: FloatArray,
    chosen: BoolArray,
    locked: BoolArray,
    order: IntArray,
    rounds: int,
) -> float:
    """Exchange a chosen site for another while that saves (Whitaker 1983); give what all rows pay."""
    rows, sites = len(starts) - 1, len(chosen)
    nearest = np.empty(rows, np.int64)
    pays = np.empty(rows)
    second = np.empty(rows)
    total = 0.0
    for row in range(rows):
        find_two_nearest(starts, site, cost, fallback, chosen, row, nearest, pays, second)
        total += pays[row]
    alone = np.zeros(sites)
    for row in range(rows):
        if nearest[row] >= 0:
            alone[nearest[row]] += second[row] - pays[row]
    back = np.zeros(sites)
    # Few of many sites are chosen, as a rule: all are gone through again only after an exchange.
    members = np.flatnonzero(chosen & ~locked)
    for _ in range(rounds):
        improved = False
        for new in order:
            if chosen[new]:
                continue
            gain = 0.0
            for k in range(by_site[new], by_site[new + 1]):
                row = row_of[k]
                near = nearest[row]
                if cost_of[k] < pays[row]:
                    gain += pays[row] - cost_of[k]
                    if near >= 0:
                        back[near] += second[row] - pays[row]
                elif near >= 0 and cost_of[k] < second[row]:
                    back[near] += second[row] - cost_of[k]
            old = -1
            best = 0.0
            for member in members:
                lost = alone[member] - back[member]
                if old < 0 or lost < best:
                    old = int(member)
                    best = lost
            for k in range(by_site[new], by_site[new + 1]):
                if nearest[row_of[k]] >= 0:
                    back[nearest[row_of[k]]] = 0.0
            if old < 0 or gain - best <= 1e-9 * max(1.0, total):
                continue
            improved = True
            chosen[old] = False
            chosen[new] = True
            members = np.flatnonzero(chosen & ~locked)
            for j in (old, new):
                for k in range(by_site[j], by_site[j + 1]):
                    row = row_of[k]
                    if nearest[row] >= 0:
                        alone[nearest[row]] -= second[row] - pays[row]
                    total -= pays[row]
                    find_two_nearest(starts, site, cost, fallback, chosen, row, nearest, pays, second)
                    total += pays[row]
                    if nearest[row] >= 0:
                        alone[nearest[row]] += second[row] - pays[row]
        if not improved:
            break
    total = 0.0
    for row in range(rows):
        total += pays[row]
    return total


@compiled
def pay(starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, chosen: BoolArray) -> float:
    """Add up what all rows pay."""
    total = 0.0
    for row in range(len(starts) - 1):
        pays = fallback[row]
        for k in range(starts[row], starts[row + 1]):
            if cost[k] >= pays:
                break
            if chosen[site[k]]:
                pays = cost[k]
                break
        total += pays
    return total


@compiled
def sort_each_row(starts: IntArray, site: IntArray, cost: FloatArray) -> tuple[IntArray, FloatArray]:
    """Sort the pairs of each row by cost; equal ones keep their order."""
    sorted_site, sorted_cost = np.empty_like(site), np.empty_like(cost)
    for row in range(len(starts) - 1):
        begin, end = starts[row], starts[row + 1]
        order = np.argsort(cost[begin:end], kind="mergesort")
        for k in range(end - begin):
            sorted_site[begin + k] = site[begin + order[k]]
            sorted_cost[begin + k] = cost[begin + order[k]]
    return sorted_site, sorted_cost


@compiled
def price_sites(
    starts: IntArray, site: IntArray, cost: FloatArray, price: FloatArray, worth: FloatArray
) -> None:
    """Add up for each site what the rows it is cheaper for than their price would save."""
    worth[:] = 0.0
    for row in range(len(starts) - 1):
        for k in range(starts[row], starts[row + 1]):
            if cost[k] >= price[row]:
                break
            worth[site[k]] += price[row] - cost[k]


@compiled
def count_takers(
    starts: IntArray,
    site: IntArray,
    cost: FloatArray,
    price: FloatArray,
    taken: BoolArray,
    fallback: FloatArray,
    slope: FloatArray,
) -> float:
    """Give each row's slope (1 less the sites taken that are cheaper than its price), and the squares."""
    squares = 0.0
    for row in range(len(starts) - 1):
        here = 1.0
        for k in range(starts[row], starts[row + 1]):
            if cost[k] >= price[row]:
                break
            if taken[site[k]]:
                here -= 1.0
        if here > 0 and price[row] >= fallback[row]:
            here = 0.0
        slope[row] = here
        squares += here * here
    return squares


@compiled
def leave_open(
    starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, price: FloatArray,
    held: BoolArray, free: BoolArray,
) -> tuple[IntArray, IntArray, FloatArray, FloatArray, IntArray, float]:  # fmt: skip
    """List what is open where some sites are held: pairs of free sites that are cheaper than any held one.

    Only a few pairs of each row that are dearer than its price are listed, and the next one's cost limits how
    far its price may rise: below that the bound is the same without the others.

    Returns
    -------
    starts, site, cost, fallback : arrays
        Of the rows that have such a pair.
    row : int64 array
        Which rows these are.
    paid : float
        What the others pay.
    """
    rows = len(fallback)
    left_site, left_cost = np.empty_like(site), np.empty_like(cost)
    left_starts, row_of = np.zeros(rows + 1, np.int64), np.empty(rows, np.int64)
    left_fallback = np.empty(rows)
    size, have, paid = 0, 0, 0.0
    for row in range(rows):
        pays = fallback[row]
        begin, dearer = size, 0
        for k in range(starts[row], starts[row + 1]):
            if cost[k] >= pays:
                break
            if held[site[k]] or dearer == _DEARER:
                pays = cost[k]
                break
            if free[site[k]]:
                left_site[size], left_cost[size] = site[k], cost[k]
                size += 1
                if cost[k] >= price[row]:
                    dearer += 1
        # A pair as dear as the held site is of no use.
        while size > begin and left_cost[size - 1] >= pays:
            size -= 1
        if size == begin:
            paid += pays
            continue
        row_of[have], left_fallback[have] = row, pays
        have += 1
        left_starts[have] = size
    return (
        left_starts[: have + 1].copy(), left_site[:size].copy(), left_cost[:size].copy(),
        left_fallback[:have].copy(), row_of[:have].copy(), paid,
    )  # fmt: skip
