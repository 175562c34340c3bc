"""Raising the bound of a relaxed cover by cases: how many sites of one quarter are chosen, and how many not.

A relaxation opens halves of sites, which no plan can. Where the sites of one quarter come to 1.5, a plan has
1 of them at most, or 2 at least: each case is relaxed by itself, and the lesser bound holds for all plans.
Cases are split where the bound is least, until it is high enough (Land and Doig 1960).
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count as count_up

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray
from matcher.sites.relaxed import Relaxed, Rule, is_in_reach, relax_cover

_MOST_CASES = 80
_MOST_SMALL_CASES = 1_500
_FEW_SITES = 400
_EXACT = 1e-5
_FINE = 1e-7
_NEIGHBOURS = 60
_ALIKE = 0.2
_MOST_IN_QUARTER = 2.7
_LEAST_OFF = 0.38
_WHOLE = 1e-3


def raise_by_cases(
    starts: IntArray, site: IntArray, weight: FloatArray, sites: int, count: int, relaxed: Relaxed,
    enough: float, exact: float = _EXACT,
) -> float:  # fmt: skip
    """Raise the bound of a relaxation until it is enough, or cases are too many; as `relax_cover`."""
    quarters = _Quarters(starts, site, weight, sites)
    number = count_up()
    heap: list[tuple[float, int, tuple[Rule, ...], FloatArray]] = []
    heappush(heap, (relaxed.bound, next(number), (), relaxed.share))
    for _ in range((_MOST_SMALL_CASES if sites <= _FEW_SITES else _MOST_CASES) // 2):
        bound, _, rules, share = heap[0]
        quarter = quarters.find(share) if bound <= enough else None
        if quarter is None:
            break
        heappop(heap)
        least = int(share[quarter].sum())
        for rule in (Rule(quarter, 0, least), Rule(quarter, least + 1, count)):
            found = relax_cover(
                starts, site, weight, sites, count, rules=(*rules, rule), enough=enough, exact=exact
            )
            # A case has no better plans than what it is a case of.
            heappush(heap, (max(bound, found.bound), next(number), (*rules, rule), found.share))
    return heap[0][0]


def bound_rest(
    starts: IntArray, site: IntArray, fallback: FloatArray, free: BoolArray, count: int, enough: float
) -> float:
    """Bound what rows of a cover pay, of which some may have no site any more; until it is enough."""
    sizes, sites = np.diff(starts), int(free.sum())
    some = (sizes > 0) & (fallback > 0)
    lost = float(fallback[~some].sum())
    if not 0 < count < sites or not some.any() or lost > enough:
        return lost
    inside = np.repeat(some, sizes)
    rest = np.concatenate([[0], np.cumsum(sizes[some])])
    if not is_in_reach(rest, sites):
        return lost
    number = np.cumsum(free) - 1
    problem = rest, number[site[inside]], fallback[some], sites, count
    relaxed = relax_cover(*problem, enough=enough - lost)
    return lost + raise_by_cases(*problem, relaxed, enough - lost, exact=_FINE)


class _Quarters:
    """Sites that cover much of what each other covers."""

    def __init__(self, starts: IntArray, site: IntArray, weight: FloatArray, sites: int) -> None:
        from scipy.sparse import csr_array

        shape = (len(weight), sites)
        weighted = csr_array((np.repeat(weight, np.diff(starts)), site, starts), shape=shape)
        plain = csr_array((np.ones(len(site)), site, starts), shape=shape)
        both = (weighted.T @ plain).toarray()
        alone = np.maximum(np.diag(both), 1e-12)
        self._alike = both / np.minimum(alone[:, None], alone)
        self._nearest = np.argsort(-self._alike, axis=1, kind="stable")[:, :_NEIGHBOURS]

    def find(self, share: FloatArray) -> BoolArray | None:
        """The quarter that is most on its own, of those far from holding a whole number of sites."""
        tie = self._alike * share[:, None] * share
        of_site = tie.sum(axis=1)
        best, found = np.inf, None
        for seed in np.flatnonzero(share > 0.05).tolist():
            near = self._nearest[seed]
            near = near[self._alike[seed][near] > _ALIKE]
            held = np.cumsum(share[near])
            off = np.abs(held - np.rint(held))
            for last in np.flatnonzero((off > _LEAST_OFF) & (held < _MOST_IN_QUARTER)).tolist():
                some = near[: last + 1]
                outwards = float(of_site[some].sum() - tie[np.ix_(some, some)].sum())
                score = outwards / (float(held[last]) + 1) + 0.6 * (0.5 - float(off[last]))
                if score < best:
                    best, found = score, some
        if found is None:
            # No quarter is left that could be split: one site by itself.
            site = int(np.argmin(np.abs(share - 0.5)))
            if min(share[site], 1 - share[site]) < _WHOLE:
                return None
            found = np.array([site])
        quarter = np.zeros(len(share), np.bool_)
        quarter[found] = True
        return quarter
