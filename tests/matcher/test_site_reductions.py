"""Reductions of covering problems leave the cheapest cover's cost as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.sites.merged import take_first
from matcher.sites.reduce import reduce_cover
from matcher.sites.relaxed_loops import factorize, solve_triangles


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


@pytest.mark.parametrize("size", [1, 7, 8, 9, 31, 32, 33, 64, 71, 130])
def test_symmetric_systems_are_solved_without_a_blas(size: int) -> None:
    rng = np.random.default_rng(size)
    some = rng.normal(size=(size, size + 3))
    square = some @ some.T + np.eye(size)
    factor = np.triu(square) + np.tril(rng.normal(size=(size, size)), -1)  # what is below isn't read
    assert factorize(factor)
    assert np.allclose(np.triu(factor).T, np.linalg.cholesky(square))
    right = rng.normal(size=(size, 4))
    found = right.copy()
    solve_triangles(factor, found)
    assert np.allclose(square @ found, right)
    square[size // 2, size // 2] = -1.0
    assert not factorize(square)


@given(st.integers(0, 2**32 - 1), st.integers(0, 6), st.integers(1, 9))
def test_of_sites_that_cover_the_same_the_first_are_taken(seed: int, rows: int, sites: int) -> None:
    rng = np.random.default_rng(seed)
    cover = rng.random((rows, 3))[:, rng.integers(0, 3, sites)] < 0.5
    chosen, locked = rng.random(sites) < 0.5, rng.random(sites) < 0.3
    chosen |= locked
    starts = np.concatenate([[0], np.cumsum(cover.sum(axis=1))]).astype(np.int64)
    found = take_first(starts, np.nonzero(cover)[1].astype(np.int64), chosen, locked)
    assert found[locked].all()
    for twin in {tuple(column) for column in cover.T.tolist()}:
        free = (np.array(twin, bool) == cover.T).all(axis=1) & ~locked
        left = np.flatnonzero(free)[: int(chosen[free].sum())]
        assert np.flatnonzero(found & free).tolist() == left.tolist()
