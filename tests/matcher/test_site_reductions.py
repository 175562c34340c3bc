"""Reductions of covering problems leave the cheapest cover's cost as it is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.sites.reduce import reduce_cover


def find_least(cover: np.ndarray, cost: np.ndarray) -> float:
    best = np.inf
    for mask in range(1 << cover.shape[1]):
        chosen = np.array([mask >> j & 1 for j in range(cover.shape[1])], bool)
        if cover[:, chosen].any(axis=1).all():
            best = min(best, float(cost[chosen].sum()))
    return best


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 6))
def test_the_least_cost_stays_and_what_goes_is_not_needed(seed: int, rows: int, sites: int) -> None:
    rng = np.random.default_rng(seed)
    cover = rng.random((rows, sites)) < 0.4
    cover[np.arange(rows), rng.integers(0, sites, rows)] = True
    cover = np.unique(cover, axis=0)
    cost = rng.integers(0, 4, sites).astype(float)
    starts = np.concatenate([[0], np.cumsum(cover.sum(axis=1))])
    reduced, site, row_kept, site_kept = reduce_cover(starts, np.nonzero(cover)[1], cost)
    small = cover[row_kept][:, site_kept]
    assert len(reduced) - 1 == row_kept.sum()
    assert site.tolist() == np.flatnonzero(site_kept)[np.nonzero(small)[1]].tolist()
    assert find_least(small, cost[site_kept]) == find_least(cover, cost)
