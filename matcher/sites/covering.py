"""Covering all demand at the least cost: a greedy cover, a Lagrangian bound, a search of what that leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray
from matcher.sites.others import draw_forbidden, search_others
from matcher.sites.plan import Apart, Wished, bound_left_out, find_aim
from matcher.sites.program import run_cover_program
from matcher.sites.reduce import reduce_cover

_ROUNDS = 1_000
_TRIED_EVERY = 20
_TRIES = 30
_KEPT = 0.7
# Part of the last step's way that goes into the next.
_LARGE = 10_000
# Pairs left open beyond which one program for all would take long.


@dataclass(frozen=True, slots=True, eq=False)
class Covering:
    """Rows with the sites that cover them, and what sites cost; every row has a site.

    Attributes
    ----------
    starts, site : int64 arrays
    by_site, row_of : int64 arrays
        The same by site.
    cost : float64 array (sites)
    """

    starts: IntArray
    site: IntArray
    by_site: IntArray
    row_of: IntArray
    cost: FloatArray

    @classmethod
    def of(cls, starts: IntArray, site: IntArray, cost: FloatArray) -> Covering:
        """Take rows with their sites, and list them by site too."""
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        by_site, order = group_rows(site, len(cost))
        return cls(starts, site, by_site, row[order], cost)

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.starts) - 1

    def pay(self, chosen: BoolArray) -> float:
        """What sites cost."""
        return float(self.cost[chosen].sum())

    def cover_greedily(self, cost: FloatArray) -> BoolArray:
        """Cover every row, sites at other costs than their own."""
        from matcher.sites.cover_loops import cover_greedily

        return np.asarray(cover_greedily(self.starts, self.site, self.by_site, self.row_of, cost))


def find_covers(
    starts: IntArray,
    site: IntArray,
    cost: FloatArray,
    *,
    whole: bool,
    gap: float,
    enough: float | None = None,
    wished: Wished | None = None,
) -> list[tuple[BoolArray, float]]:
    """Find sites that cover every row, and a bound that no cover costs less than; further ones if wished.

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
    wished : Wished, optional
        How many covers; each leaves out sites of those before.
    """
    search, wished = _Search(whole, gap, enough), wished or Wished()
    starts, site = keep_different_rows(starts, site)
    chosen, bound = _find_one(Covering.of(*reduce_cover(starts, site, cost)[:2], cost), search)
    found = [(chosen, bound)]
    if wished.plans > 1:
        # What one plan never needs another may have.
        every = Covering.of(starts, site, cost)
        price = _raise_bound(every, chosen, search)[1]
        rng = np.random.default_rng(0)

        def search_apart(apart: Apart) -> tuple[BoolArray | None, float]:
            return _find_apart(every, price, apart, search, bound, rng)

        found += search_others(chosen, np.zeros(len(cost), np.bool_), wished, search_apart)
    return found


def _find_one(covering: Covering, search: _Search) -> tuple[BoolArray, float]:
    """Find a cover, and a bound on all covers."""
    bound, price, chosen = _raise_bound(covering, covering.cover_greedily(covering.cost), search)
    value = covering.pay(chosen)
    if search.goes_on(bound, value) and search.asks_for_best and (covering.cost == 1.0).all():
        from matcher.sites.fewest import exchange_down, prove_fewest

        chosen = exchange_down(covering, chosen, bound)
        value = covering.pay(chosen)
        if search.goes_on(bound, value) and _count_open(covering, price, search.aim(value)) > _LARGE:
            return prove_fewest(covering, chosen, bound, search.aim)
    if search.goes_on(bound, value):
        found, lowest = _search_rest(covering, price, search.aim(value), gap=search.gap)
        bound = max(bound, min(lowest, search.left_out(value)))
        if found is not None and covering.pay(found) < value:
            chosen = found
    return chosen, bound


def _find_apart(
    covering: Covering, price: FloatArray, apart: Apart, search: _Search, bound: float,
    rng: np.random.Generator,
) -> tuple[BoolArray | None, float]:  # fmt: skip
    """Find the cheapest cover that leaves out sites of others."""
    best, value = None, float(covering.cost.sum()) + 1.0
    dear = 2.0 * value + 1.0
    for forbidden in draw_forbidden(apart, _TRIES, rng):
        tried = covering.cover_greedily(np.where(forbidden, dear, covering.cost))
        if not (tried & forbidden).any() and covering.pay(tried) < value:
            best, value = tried, covering.pay(tried)
    if search.goes_on(bound, value):
        found, lowest = _search_rest(covering, price, search.aim(value), apart=apart)
        bound = max(bound, min(lowest, search.left_out(value)))
        if found is not None and apart.holds(found) and covering.pay(found) < value:
            best = found
    return best, bound


class _Search:
    """When a search for covers may end."""

    def __init__(self, whole: bool, gap: float, enough: float | None) -> None:
        self._whole, self.gap, self._enough = whole, gap, enough

    @property
    def asks_for_best(self) -> bool:
        """Whether the cheapest is asked for, not any of some cost."""
        return self._enough is None

    def aim(self, value: float) -> float:
        """What a cover must cost at most to be worth finding."""
        return find_aim(value, self.gap * value, whole=self._whole)

    def left_out(self, value: float) -> float:
        """What covers cost at least that aren't worth finding."""
        return bound_left_out(self.aim(value), whole=self._whole)

    def goes_on(self, bound: float, value: float) -> bool:
        """Whether a cover between bound and value is worth finding."""
        if self._enough is not None and (value <= self._enough or bound > self._enough + 1e-6):
            return False
        return bound <= self.aim(value)


def bound_covers(covering: Covering, *, enough: float) -> float:
    """Give what no cover costs less than; any bound beyond `enough` will do."""
    search = _Search(whole=True, gap=0.0, enough=enough)
    return _raise_bound(covering, covering.cover_greedily(covering.cost), search)[0]


def keep_different_rows(starts: IntArray, site: IntArray) -> tuple[IntArray, IntArray]:
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
    covering: Covering, chosen: BoolArray, search: _Search
) -> tuple[float, FloatArray, BoolArray]:
    """Raise the Lagrangian bound by subgradients, and try covers that its prices suggest.

    No row need be worth more than the cheapest site that covers it, which keeps prices near (Beasley 1987).
    Part of the way taken so far is kept, which keeps them from swinging to and fro (Crowder 1976).
    """
    from matcher.sites.cover_loops import charge_sites

    cost, rows = covering.cost, covering.rows
    value = covering.pay(chosen)
    share = cost / np.maximum(np.diff(covering.by_site), 1)
    price, most = np.zeros(rows), np.zeros(rows)
    if rows:
        price = np.minimum.reduceat(share[covering.site], covering.starts[:-1])
        most = np.minimum.reduceat(cost[covering.site], covering.starts[:-1])
    left, slope, way = np.empty(len(cost)), np.empty(rows), np.zeros(rows)
    best, best_price, length, idle = 0.0, price, 1.0, 0
    for turn in range(_ROUNDS if rows else 0):
        bound = charge_sites(covering.by_site, covering.row_of, cost, price, left, slope)
        if bound > best + 1e-5 * abs(best):
            best, best_price, idle = bound, price, 0
        else:
            if bound > best:
                best, best_price = bound, price
            idle += 1
        if turn % _TRIED_EVERY == _TRIED_EVERY - 1:
            tried = covering.cover_greedily(np.maximum(left, 0.001 * cost))
            if covering.pay(tried) < value:
                chosen, value = tried, covering.pay(tried)
        slope[((price <= 0) & (slope < 0)) | ((price >= most) & (slope > 0))] = 0.0
        if not slope.any() or not search.goes_on(best, value) or length < 1e-3:
            break
        way = _KEPT * way + (1 - _KEPT) * slope
        squares = float(way @ way)
        if idle >= 15:
            length, idle, price = length / 2, 0, best_price
        if squares:
            price = np.clip(price + length * (1.02 * value - bound) / squares * way, 0.0, most)
    return best, best_price, chosen


def _leave_open(covering: Covering, price: FloatArray, aim: float) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Sites that every cover within the aim has, sites that none has, and pairs that stay open."""
    from matcher.sites.cover_loops import charge_sites

    starts, site = covering.starts, covering.site
    left, slope = np.empty(len(covering.cost)), np.empty(len(price))
    base = charge_sites(covering.by_site, covering.row_of, covering.cost, price, left, slope)
    held = (left < 0) & (base - left > aim)
    out = (left >= 0) & (base + left > aim)
    row = np.repeat(np.arange(len(price)), np.diff(starts))
    done = np.zeros(len(price), np.bool_)
    done[row[held[site]]] = True
    return held, out, ~done[row] & ~out[site]


def _count_open(covering: Covering, price: FloatArray, aim: float) -> int:
    return int(_leave_open(covering, price, aim)[2].sum())


def _search_rest(
    covering: Covering, price: FloatArray, aim: float, *, apart: Apart | None = None, gap: float = 0.0
) -> tuple[BoolArray | None, float]:
    """Search for covers that cost no more than the aim among the sites that prices leave open.

    The part of what is left that the gap allows is less than that of the whole.
    """
    starts, site, cost = covering.starts, covering.site, covering.cost
    held, out, inside = _leave_open(covering, price, aim)
    done = np.zeros(len(price), np.bool_)
    done[np.repeat(np.arange(len(price)), np.diff(starts))[held[site]]] = True
    kept = np.concatenate([[0], np.cumsum(inside)])[starts]
    rest = np.concatenate([[0], np.cumsum(np.diff(kept)[~done])])
    limits = () if apart is None else apart.limits(held)
    found, lowest = run_cover_program(rest, site[inside], cost, ~held & ~out, limits=limits, gap=gap)
    return (None if found is None else held | found), lowest + float(cost[held].sum())
