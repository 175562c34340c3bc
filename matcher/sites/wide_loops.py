"""Loops for covers of very many pairs, listed by site alone, as machine code."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.matrices import FloatArray


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
