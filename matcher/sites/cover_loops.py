"""Loops for covering all demand, as machine code: the greedy cover, and what sites cost at prices on rows."""

from __future__ import annotations

import heapq

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray


@compiled
def cover_greedily(  # noqa: C901 (one loop: it is the hottest)
    starts: IntArray, site: IntArray, by_site: IntArray, row_of: IntArray, cost: FloatArray
) -> BoolArray:
    """Take the site of least cost for each row it newly covers until all are, then drop what isn't needed.

    Every row has a site. A site only covers fewer new rows as others are taken, so that old ratios are looked
    at again only when they lead (Chvatal 1979 for the rule).
    """
    rows, sites = len(starts) - 1, len(cost)
    taken = np.zeros(sites, np.bool_)
    times = np.zeros(rows, np.int64)
    heap = [(0.0, 0)]
    heap.clear()
    for j in range(sites):
        if by_site[j + 1] > by_site[j]:
            heap.append((float(cost[j] / (by_site[j + 1] - by_site[j])), j))
    heapq.heapify(heap)
    left = rows
    while left > 0:
        ratio, j = heapq.heappop(heap)
        new = 0
        for k in range(by_site[j], by_site[j + 1]):
            if times[row_of[k]] == 0:
                new += 1
        if new == 0:
            continue
        now = float(cost[j] / new)
        if now > ratio and len(heap) > 0 and now > heap[0][0]:
            heapq.heappush(heap, (now, j))
            continue
        taken[j] = True
        left -= new
        for k in range(by_site[j], by_site[j + 1]):
            times[row_of[k]] += 1
    for j in np.argsort(-cost, kind="mergesort"):
        if not taken[j]:
            continue
        needed = False
        for k in range(by_site[j], by_site[j + 1]):
            if times[row_of[k]] == 1:
                needed = True
                break
        if not needed:
            taken[j] = False
            for k in range(by_site[j], by_site[j + 1]):
                times[row_of[k]] -= 1
    return taken


@compiled
def charge_sites(
    by_site: IntArray,
    row_of: IntArray,
    cost: FloatArray,
    price: FloatArray,
    left: FloatArray,
    slope: FloatArray,
) -> float:
    """Give what each site costs less the prices of its rows, and each row's slope; give the bound."""
    slope[:] = 1.0
    bound = float(price.sum())
    for j in range(len(cost)):
        charge = cost[j]
        for k in range(by_site[j], by_site[j + 1]):
            charge -= price[row_of[k]]
        left[j] = charge
        if charge < 0:
            bound += charge
            for k in range(by_site[j], by_site[j + 1]):
                slope[row_of[k]] -= 1.0
    return bound
