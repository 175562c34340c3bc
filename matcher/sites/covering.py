"""Covering all demand at the least cost: a greedy cover, a Lagrangian bound, a search of what that leaves."""

from __future__ import annotations

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray
from matcher.sites.plan import bound_left_out, find_aim
from matcher.sites.program import run_cover_program

_ROUNDS = 400


def find_cover(
    starts: IntArray,
    site: IntArray,
    cost: FloatArray,
    *,
    whole: bool,
    gap: float,
    enough: float | None = None,
) -> tuple[BoolArray, float]:
    """Find sites that cover every row, and a bound that no cover costs less than.

    Parameters
    ----------
    starts, site : int64 arrays
        Sites of each row; at least one.
    cost : float64 array (sites)
    whole : bool
        All costs are whole numbers.
    gap : float
        Part of the cost by which the answer may be off.
    enough : float, optional
        Only whether a cover of this cost exists is asked: any such cover will do, and any bound beyond it.
    """
    from matcher.sites.cover_loops import cover_greedily

    starts, site = _merge_rows(starts, site)
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    by_site, order = group_rows(site, len(cost))
    row_of = row[order]
    chosen = cover_greedily(starts, site, by_site, row_of, cost)
    search = _Search(whole, gap, enough)
    bound, price, chosen = _raise_bound(starts, site, by_site, row_of, cost, chosen, search)
    value = float(cost[chosen].sum())
    if search.goes_on(bound, value):
        found, lowest = _search_rest(starts, site, by_site, row_of, cost, price, search.aim(value))
        bound = max(bound, min(lowest, search.left_out(value)))
        if found is not None and cost[found].sum() < value:
            chosen = found
    return chosen, bound


class _Search:
    """When a search for covers may end."""

    def __init__(self, whole: bool, gap: float, enough: float | None) -> None:
        self._whole, self._gap, self._enough = whole, gap, enough

    def aim(self, value: float) -> float:
        """What a cover must cost at most to be worth finding."""
        return find_aim(value, self._gap * value, whole=self._whole)

    def left_out(self, value: float) -> float:
        """What covers cost at least that aren't worth finding."""
        return bound_left_out(self.aim(value), whole=self._whole)

    def goes_on(self, bound: float, value: float) -> bool:
        """Whether a cover between bound and value is worth finding."""
        if self._enough is not None and (value <= self._enough or bound > self._enough + 1e-6):
            return False
        return bound <= self.aim(value)


def _merge_rows(starts: IntArray, site: IntArray) -> tuple[IntArray, IntArray]:
    """Keep one of each kind of rows that have the same sites."""
    kept = np.unique(merge_rows(starts, site), return_index=True)[1]
    kept.sort()
    sizes = np.diff(starts)[kept]
    inside = np.repeat(np.isin(np.arange(len(starts) - 1), kept), np.diff(starts))
    return np.concatenate([[0], np.cumsum(sizes)]), site[inside]


def merge_rows(starts: IntArray, site: IntArray) -> IntArray:
    """Number rows so that those of one number have the same sites.

    Rows are told apart by the sum of a random 64-bit word for each site, and compared where sums agree.
    """
    words = np.random.default_rng(0).integers(1, 1 << 63, int(site.max(initial=0)) + 1).astype(np.uint64)
    upto = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words[site], dtype=np.uint64)])
    mark = upto[starts[1:]] - upto[starts[:-1]]
    sizes = np.diff(starts)
    first, number = np.unique(mark, return_index=True, return_inverse=True)[1:]
    twin = first[number]
    alike = sizes[twin] == sizes
    shift = np.repeat(starts[:-1], sizes)
    inside = np.repeat(alike, sizes)
    at = np.arange(len(site)) - shift + np.repeat(starts[:-1][twin], sizes)
    differs = np.zeros(len(site), np.bool_)
    differs[inside] = site[inside] != site[at[inside]]
    counted = np.concatenate([[0], np.cumsum(differs)])
    alike &= counted[starts[1:]] == counted[starts[:-1]]
    return np.where(alike, twin, np.arange(len(sizes)))


def _raise_bound(
    starts: IntArray, site: IntArray, by_site: IntArray, row_of: IntArray, cost: FloatArray,
    chosen: BoolArray, search: _Search,
) -> tuple[float, FloatArray, BoolArray]:  # fmt: skip
    """Raise the Lagrangian bound by subgradients, and try covers that its prices suggest."""
    from matcher.sites.cover_loops import charge_sites, cover_greedily

    value = float(cost[chosen].sum())
    rows = len(starts) - 1
    share = cost / np.maximum(np.diff(by_site), 1)
    price = np.minimum.reduceat(share[site], starts[:-1]) if rows else np.zeros(0)
    left, slope = np.empty(len(cost)), np.empty(rows)
    best, best_price, length, idle = 0.0, price, 1.0, 0
    for turn in range(_ROUNDS if rows else 0):
        bound = charge_sites(by_site, row_of, cost, price, left, slope)
        if bound > best + 1e-5 * abs(best):
            best, best_price, idle = bound, price, 0
        else:
            if bound > best:
                best, best_price = bound, price
            idle += 1
        if turn % 20 == 19:
            tried = cover_greedily(starts, site, by_site, row_of, np.maximum(left, 0.001 * cost))
            if cost[tried].sum() < value:
                chosen, value = tried, float(cost[tried].sum())
        slope[(price <= 0) & (slope < 0)] = 0.0
        squares = float(slope @ slope)
        if squares == 0 or not search.goes_on(best, value) or length < 1e-3:
            break
        if idle >= 15:
            length, idle, price = length / 2, 0, best_price
        price = np.maximum(price + length * (1.02 * value - bound) / squares * slope, 0.0)
    return best, best_price, chosen


def _search_rest(
    starts: IntArray, site: IntArray, by_site: IntArray, row_of: IntArray, cost: FloatArray,
    price: FloatArray, aim: float,
) -> tuple[BoolArray | None, float]:  # fmt: skip
    """Search for covers that cost no more than the aim among the sites that prices leave open."""
    from matcher.sites.cover_loops import charge_sites

    left, slope = np.empty(len(cost)), np.empty(len(price))
    base = charge_sites(by_site, row_of, cost, price, left, slope)
    held = (left < 0) & (base - left > aim)
    out = (left >= 0) & (base + left > aim)
    row = np.repeat(np.arange(len(price)), np.diff(starts))
    done = np.zeros(len(price), np.bool_)
    done[row[held[site]]] = True
    inside = ~done[row] & ~out[site]
    kept = np.concatenate([[0], np.cumsum(inside)])[starts]
    rest = np.concatenate([[0], np.cumsum(np.diff(kept)[~done])])
    found, lowest = run_cover_program(rest, site[inside], cost, ~held & ~out)
    return (None if found is None else held | found), lowest + float(cost[held].sum())
