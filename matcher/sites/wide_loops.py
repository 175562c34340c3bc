"""Loops for covers of very many pairs, listed by site alone, as machine code."""

from __future__ import annotations

import heapq

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.matrices import FloatArray


@compiled
def cover_most(by_site: IntArray, row_of: RowArray, left: FloatArray, chosen: BoolArray, count: int) -> None:
    """Add the site that covers most of what is left until `count` are chosen; both are brought up to date.

    What a site covers only falls as others are added, so that only leading ones are looked at again (Minoux
    1978).
    """
    heap = [(0.0, 0, 0)]
    heap.clear()
    have = 0
    for j in range(len(chosen)):
        if chosen[j]:
            have += 1
            for k in range(by_site[j], by_site[j + 1]):
                left[row_of[k]] = 0.0
        else:
            heap.append((-np.inf, j, -1))
    heapq.heapify(heap)
    while have < count:
        _, j, stamp = heapq.heappop(heap)
        if stamp != have:
            more = 0.0
            for k in range(by_site[j], by_site[j + 1]):
                more += left[row_of[k]]
            heapq.heappush(heap, (-more, j, have))
            continue
        chosen[j] = True
        have += 1
        for k in range(by_site[j], by_site[j + 1]):
            left[row_of[k]] = 0.0


@compiled
def weigh_sites(by_site: IntArray, row_of: RowArray, price: FloatArray, worth: FloatArray) -> None:
    """Add up the prices of the rows of each site."""
    for j in range(len(worth)):
        total = 0.0
        for k in range(by_site[j], by_site[j + 1]):
            total += price[row_of[k]]
        worth[j] = total


@compiled
def count_times(by_site: IntArray, row_of: RowArray, sites: IntArray, times: FloatArray) -> None:
    """Count how many of some sites cover each row."""
    times[:] = 0.0
    for j in sites:
        for k in range(by_site[j], by_site[j + 1]):
            times[row_of[k]] += 1.0
