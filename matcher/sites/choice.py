"""The problem of choosing p sites so that all demand together pays least, and exchanges of sites in it.

Each row pays for its cheapest chosen site, or a fallback. The p-median is this with distances; the largest
cover is this with nothing to pay where covered and the weight where not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray
from matcher.sites.plan import find_aim

SiteLists = tuple[IntArray, IntArray, FloatArray]
"""The pairs by site: where each site's begin, their rows, their costs."""

_EXCHANGE_ROUNDS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The problem: rows with sites at rising cost, all costs times the row's weight.

    Attributes
    ----------
    starts, site, cost : arrays
    fallback : float64 array (rows)
        What a row pays without a chosen site; more than what any choice could cost where it must have one.
    locked : bool array (sites)
    count : int
        How many sites, the locked ones included.
    weight : float64 array (rows)
        What costs were multiplied by; prices move in proportion.
    whole : bool
        All costs are whole numbers.
    base : float
        What the value is measured from: a gap is a part of ``abs(base - value)``.
    limit : float
        What costs so much or more is no choice; infinite where any will do.
    """

    starts: IntArray
    site: IntArray
    cost: FloatArray
    fallback: FloatArray
    locked: BoolArray
    count: int
    weight: FloatArray
    whole: bool
    base: float = 0.0
    limit: float = np.inf

    @classmethod
    def sort(
        cls, starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, locked: BoolArray,
        count: int, weight: FloatArray, *, whole: bool, base: float = 0.0, limit: float = np.inf,
    ) -> Choice:  # fmt: skip
        """Sort the sites of each row by cost."""
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        if len(cost) and not bool(((np.diff(cost) >= 0) | (np.diff(row) > 0)).all()):
            from matcher.sites.median_loops import sort_each_row

            site, cost = sort_each_row(starts, site, cost)
        return cls(starts, site, cost, fallback, locked, count, weight, whole, base, limit)

    @property
    def left(self) -> int:
        """How many sites are chosen beside the locked ones."""
        return self.count - int(self.locked.sum())

    def find_aim(self, value: float, gap: float) -> float:
        """Give what a choice must cost at most to be better than the value by more than the gap."""
        return find_aim(value, gap * abs(self.base - value), whole=self.whole)

    def take_best(self, worth: FloatArray) -> tuple[BoolArray, float]:
        """Mark the locked sites and the most worthy others, and give the most that any choice is worth."""
        taken = self.locked.copy()
        free = np.flatnonzero(~self.locked)
        if self.left:
            taken[free[np.argsort(-worth[free], kind="stable")[: self.left]]] = True
        return taken, float(worth[taken].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A choice, what it costs, a bound that no choice is below, and the prices on rows that give it."""

    chosen: BoolArray
    value: float
    bound: float
    price: FloatArray


def list_by_site(choice: Choice) -> SiteLists:
    """List the pairs by site: where each site's begin, their rows, their costs."""
    row = np.repeat(np.arange(len(choice.starts) - 1), np.diff(choice.starts))
    by_site, order = group_rows(choice.site, len(choice.locked))
    return by_site, row[order], choice.cost[order]


def exchange_on(
    choice: Choice, lists: SiteLists, chosen: BoolArray, turns: IntArray
) -> tuple[BoolArray, float]:
    """Exchange chosen sites for others, tried in turn, while that saves: the last choice, and its cost."""
    from matcher.sites.median_loops import exchange

    found = chosen.copy()
    value = exchange(
        choice.starts, choice.site, choice.cost, choice.fallback, *lists, found, choice.locked, turns,
        _EXCHANGE_ROUNDS,
    )  # fmt: skip
    return found, float(value)


def take_largest(share: FloatArray, free: BoolArray, left: int) -> BoolArray:
    """Mark so many of the free sites, those with the largest shares."""
    taken = np.zeros(len(share), np.bool_)
    sites = np.flatnonzero(free)
    taken[sites[np.argsort(-share[sites], kind="stable")[:left]]] = True
    return taken
