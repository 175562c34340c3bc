"""Covering within a budget: sites that cost differently, of which as many are built as the money goes."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import ArrayLike

from graph.wording import word
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray, MatrixError, Reach, read_amounts
from matcher.sites.choice import Choice, list_by_site
from matcher.sites.merged import find_covered, merge_demand
from matcher.sites.others import draw_forbidden, search_others
from matcher.sites.plan import (
    Apart,
    SitePlan,
    Wished,
    check_count,
    is_whole,
    make_plan,
    with_others,
)
from matcher.sites.prices import find_first_prices, raise_bound
from matcher.sites.program import run_program

_TRIES = 30


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """What new sites cost and may cost together.

    Attributes
    ----------
    price : float64 array (sites)
        0 for those that exist already.
    budget : float
    count : int
        Most sites, the locked ones included.
    """

    price: FloatArray
    budget: float
    count: int


def read_budget(cost: ArrayLike | None, budget: float | None, p: int | None, is_locked: BoolArray) -> Money:
    """Take what sites cost and may cost.

    Raises
    ------
    MatrixError
    """
    sites = len(is_locked)
    if budget is None:
        raise MatrixError(**word("no_p_no_budget" if cost is None else "cost_without_budget"))
    price = (
        np.ones(sites) if cost is None else read_amounts("cost", cost, length=sites, like="cover's columns")
    )
    amount = read_amounts("budget", [budget])[0]
    return Money(
        np.where(is_locked, 0.0, price), float(amount), sites if p is None else check_count(p, is_locked)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _BudgetChoice(Choice):
    """A choice of sites that may cost so much together: prices of rows are turned into worth for money."""

    money: Money | None = None

    def take_best(self, worth: FloatArray) -> tuple[BoolArray, float]:
        """Mark the locked sites and those most worth their money, and bound what any choice is worth.

        The bound is the lesser of that of money, where the last site may be taken in part (Dantzig 1957), and
        that of number.
        """
        assert self.money is not None
        _, by_number = Choice.take_best(self, np.maximum(worth, 0.0))
        free = np.flatnonzero(~self.locked & (worth > 0))
        price = self.money.price[free]
        order = free[np.argsort(-worth[free] / np.maximum(price, 1e-12), kind="stable")]
        spent = np.cumsum(self.money.price[order])
        fits = spent <= self.money.budget
        by_money = float(worth[self.locked].sum() + worth[order[fits]].sum())
        if not fits.all():
            at = int(np.argmin(fits))
            before = float(spent[at - 1]) if at else 0.0
            by_money += (
                float(worth[order[at]]) * (self.money.budget - before) / float(self.money.price[order[at]])
            )
        some = self.locked.copy()
        left, number = self.money.budget, self.count - int(self.locked.sum())
        for site in order.tolist():
            if number and self.money.price[site] <= left:
                some[site] = True
                left, number = left - self.money.price[site], number - 1
        return some, min(by_number, by_money)


def cover_within_budget(
    reach: Reach, people: FloatArray, money: Money, is_locked: BoolArray, *, gap: float, wished: Wished
) -> SitePlan:
    """Choose sites within a budget that cover the most demand; see `maximal_cover`.

    Greedily by what a site adds and by what it adds for its cost (the better of the two: Khuller, Moss and
    Naor 1999), bounded by prices on demand, and searched where the program is in reach.
    """
    starts, site, weight = merge_demand(reach, people)
    whole, total = is_whole(people), float(people.sum())
    choice = _BudgetChoice(
        starts, site, np.zeros(len(site)), weight, is_locked, money.count, weight, whole, total, money=money
    )
    greedy = _Greedy(choice, money)
    chosen = greedy.find_best([is_locked])
    missing = greedy.miss(chosen)
    raised = raise_bound(
        choice, chosen, missing, choice.find_aim(missing, gap), find_first_prices(choice, chosen)
    )
    bound, chosen = raised.bound, greedy.find_best([chosen, *raised.seen])

    def search(apart: Apart) -> tuple[BoolArray | None, float]:
        tried = chosen if not apart.plans else greedy.find_apart(apart)
        return _search(choice, greedy, tried, bound, gap, apart)

    first, missed = search(Apart((), 1))
    assert first is not None, "the sites that exist already break no rule"
    plans = [(first, missed), *search_others(first, is_locked, wished, search)]
    return with_others(
        make_plan(
            sites, float(people[find_covered(reach, sites)].sum()), total - least, whole=whole, sense=-1
        )
        for sites, least in plans
    )


def _search(
    choice: _BudgetChoice, greedy: _Greedy, chosen: BoolArray | None, bound: float, gap: float, apart: Apart
) -> tuple[BoolArray | None, float]:
    """Search for what misses less than the sites found, and bound what any such sites miss."""
    value = np.inf if chosen is None else greedy.miss(chosen)
    if chosen is not None and bound > choice.find_aim(value, gap):
        return chosen, bound
    assert choice.money is not None
    fallback = choice.fallback.copy()
    row = np.repeat(np.arange(len(fallback)), np.diff(choice.starts))
    fallback[row[choice.locked[choice.site]]] = 0.0
    inside = (fallback[row] > 0) & ~choice.locked[choice.site]
    found, lowest = run_program(
        np.concatenate([[0], np.cumsum(inside)])[choice.starts], choice.site[inside], choice.cost[inside],
        fallback, ~choice.locked, choice.count - int(choice.locked.sum()), least=0,
        limits=[(choice.money.price, choice.money.budget), *apart.limits(choice.locked)],
    )  # fmt: skip
    if found is not None and greedy.miss(found | choice.locked) < value:
        chosen = found | choice.locked
    return chosen, max(bound, lowest)


class _Greedy:
    """Adds sites one by one as long as number and money last."""

    def __init__(self, choice: _BudgetChoice, money: Money) -> None:
        self._by_site, self._row_of, _ = list_by_site(choice)
        self._weight, self._locked, self._money = choice.fallback, choice.locked, money

    def miss(self, chosen: BoolArray) -> float:
        """Demand that no chosen site covers."""
        return float(self._weight[~self._cover(chosen)].sum())

    def find_best(self, starts: list[BoolArray]) -> BoolArray:
        """The best of what comes of some choices when more is added, each way."""
        tried = [self._add(start, by_cost=way) for start in starts for way in (True, False)]
        return min(tried, key=self.miss)

    def find_apart(self, apart: Apart) -> BoolArray | None:
        """The best that leaves out sites of others; None where none was found."""
        drawn = draw_forbidden(apart, _TRIES, np.random.default_rng(0))
        tried = [
            self._add(self._locked, by_cost=way, barred=barred) for barred in drawn for way in (True, False)
        ]
        return min(tried, key=self.miss, default=None)

    def _cover(self, chosen: BoolArray) -> BoolArray:
        covered = np.zeros(len(self._weight), np.bool_)
        for site in np.flatnonzero(chosen).tolist():
            covered[self._rows(site)] = True
        return covered

    def _rows(self, site: int) -> IntArray:
        return self._row_of[self._by_site[site] : self._by_site[site + 1]]

    def _add(self, start: BoolArray, *, by_cost: bool, barred: BoolArray | None = None) -> BoolArray:
        chosen, covered = start.copy(), self._cover(start)
        left = self._money.budget - float(self._money.price[chosen].sum())
        number = self._money.count - int(chosen.sum())
        out = chosen if barred is None else chosen | barred
        heap = [(-np.inf, site, -1) for site in np.flatnonzero(~out).tolist()]
        heapify(heap)
        stamp = 0
        while heap and number > 0:
            _, site, seen = heappop(heap)
            price = float(self._money.price[site])
            if price > left:
                continue
            if seen != stamp:
                rows = self._rows(site)
                adds = float(self._weight[rows[~covered[rows]]].sum())
                if adds > 0:
                    heappush(heap, (-adds / (max(price, 1e-12) if by_cost else 1.0), site, stamp))
                continue
            chosen[site] = True
            covered[self._rows(site)] = True
            left, number, stamp = left - price, number - 1, stamp + 1
        return chosen
