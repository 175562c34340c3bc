"""The equilibrium among few sites for each point, by an interior-point method over the crowds at sites.

Moving the people of one point after another carries a crowd on by one site with each round; what spans a town
takes hundreds. Here all move at once: the conditions of the equilibrium are solved by Newton's steps, each of
which is one sparse system as large as the sites (Mehrotra 1992 for the steps). Unlike moving it wants a
list of the sites that could come to be best, which is short once crowds are about right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, group_rows
from matcher.matrices import FloatArray

_MOST_STEPS = 80
_FAR = 0.9995
"""Part of the way to where somebody's people run out that a step goes."""
_OFF = 1e-9
"""People that may be missing or too many in the end, as a part of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Points with the sites that could be best for them.

    Attributes
    ----------
    people : float64 array (points)
    room : float64 array (sites)
    part, site, way : arrays
        Sites in question row by row, ascending in each, and what the way to each costs.
    """

    people: FloatArray
    room: FloatArray
    part: IntArray
    site: IntArray
    way: FloatArray


def balance(near: Near, price: FloatArray, spread: float, enough: float) -> FloatArray:
    """Move all people towards the equilibrium at once.

    Parameters
    ----------
    near : Near
    price : float64 array (sites)
        What crowds cost, about.
    spread : float
        How evenly people spread over their sites at first: products of people and what they bear beyond the
        best, as a part of what the people of a point bear on average. The better the prices, the smaller.
    enough : float
        What all bear beyond the best, as a part of what they bear, at which this ends.

    Returns
    -------
    float64 array (entries)
        How many go where: all people of each point together.
    """
    least = np.minimum.reduceat(near.way + price[near.site], near.part[:-1])
    point = _Point(near, price, spread * float((near.people * least).mean()))
    for _ in range(_MOST_STEPS):
        if point.is_near(enough) or not point.move():
            break
    rows = np.repeat(np.arange(len(near.people)), np.diff(near.part))
    scale = near.people / np.bincount(rows, point.going, len(near.people))
    return point.going * scale[rows]


class _Point:
    """People on their ways (`going`), what each way costs `beyond` the `level` of its row, and prices."""

    def __init__(self, near: Near, price: FloatArray, spread: float) -> None:
        self._near = near
        self._rows = np.repeat(np.arange(len(near.people)), np.diff(near.part))
        self._pairs = _list_pairs(near.part, near.site, len(price))
        self._system = _System(*self._pairs[:2], len(price))
        self._room = np.where(near.room > 0, near.room, 1.0)
        self.price = price
        cost = near.way + price[near.site]
        self.level = _find_levels(near.part, cost, near.people, spread)
        self.beyond = cost - self.level[self._rows]
        self.going = spread / self.beyond

    def _by_row(self, values: FloatArray) -> FloatArray:
        return np.add.reduceat(values, self._near.part[:-1])

    def _by_site(self, values: FloatArray) -> FloatArray:
        total: FloatArray = np.bincount(self._near.site, values, len(self.price)).astype(np.float64)
        return total

    def is_near(self, enough: float) -> bool:
        """Whether little is borne beyond the best; also reads what each equation lacks."""
        near = self._near
        self._off_cost = near.way + self.price[near.site] - self.level[self._rows] - self.beyond
        self._off_rows = near.people - self._by_row(self.going)
        self._off_sites = self._by_site(self.going) - self._room * self.price
        most = max(enough, _OFF) * near.people.sum()
        return bool(
            (self.going * self.beyond).sum() <= enough * (near.people * self.level).sum()
            and np.abs(self._off_rows).sum() <= most
            and np.abs(self._off_sites).sum() <= most
        )

    def move(self) -> bool:
        """Take one step; false where the system can't be solved any more."""
        factor = self._factorize()
        if factor is None:
            return False
        product = self.going * self.beyond
        ahead = self._solve(factor, -product)
        first, second = _length(self.going, ahead[0]), _length(self.beyond, ahead[1])
        # Sums of products, not products of vectors: these wake threads for what one does sooner.
        after = float(((self.going + first * ahead[0]) * (self.beyond + second * ahead[1])).sum())
        centre = (after / float(product.sum())) ** 3 * product.mean()
        step = self._solve(factor, centre - product - ahead[0] * ahead[1])
        if not all(np.isfinite(values).all() for values in step):
            return False
        length = min(_length(self.going, step[0]), _length(self.beyond, step[1]))
        self.going = self.going + length * step[0]
        self.beyond = self.beyond + length * step[1]
        self.price = self.price + length * step[2]
        self.level = self.level + length * step[3]
        return True

    def _factorize(self) -> Callable[[FloatArray], FloatArray] | None:
        """The system of a step: sites are tied as far as people would pass from one to the other."""
        first, second, place = self._pairs
        sites = len(self.price)
        self._ease = self.going / self.beyond
        tie = np.zeros(len(first))
        _sum_ties(self._near.part, self._ease, place, tie)
        beside = np.bincount(first, tie, sites) + np.bincount(second, tie, sites)
        return self._system.factorize(tie, self._room + beside.astype(np.float64))

    def _solve(
        self, factor: Callable[[FloatArray], FloatArray], aim: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Changes of people, of costs beyond, of prices and of levels that bring each product to its aim."""
        ease, site = self._ease, self._near.site
        fixed = aim / self.beyond - ease * self._off_cost
        total = self._by_row(ease)
        level = (self._off_rows - self._by_row(fixed)) / total
        price = factor(self._off_sites + self._by_site(fixed + ease * level[self._rows]))
        level = level + self._by_row(ease * price[site]) / total
        beyond = price[site] - level[self._rows] + self._off_cost
        return aim / self.beyond - ease * beyond, beyond, price, level


class _System:
    """A symmetric system of sites and their ties: what is alike in all steps is found once."""

    def __init__(self, first: IntArray, second: IntArray, sites: int) -> None:
        self._row = np.concatenate([first, second, np.arange(sites)])
        self._column = np.concatenate([second, first, np.arange(sites)])
        self._place = np.zeros(0, np.int64)
        self._lay_out(np.arange(sites))
        self._has_order = False

    def _lay_out(self, place: IntArray) -> None:
        """Put sites in an order."""
        from scipy.sparse import csc_array

        self._place, size = place, len(place)
        pattern = csc_array(
            (np.arange(len(self._row)), (place[self._row], place[self._column])), shape=(size, size)
        )
        self._entries, self._indices, self._starts = pattern.data, pattern.indices, pattern.indptr

    def factorize(self, tie: FloatArray, diagonal: FloatArray) -> Callable[[FloatArray], FloatArray] | None:
        """Give what solves the system; None where it can't be solved."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        values = np.concatenate([-tie, -tie, diagonal])[self._entries]
        system = csc_array((values, self._indices, self._starts), shape=(len(diagonal), len(diagonal)))
        order = "NATURAL" if self._has_order else "MMD_AT_PLUS_A"
        try:
            factor = splu(system, permc_spec=order, diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        except RuntimeError:
            return None
        place = self._place
        if not self._has_order:
            # The order in which few ties fill in serves all further steps.
            self._lay_out(factor.perm_c.astype(np.int64))
            self._has_order = True

        def solve(right: FloatArray) -> FloatArray:
            ordered = np.empty_like(right)
            ordered[place] = right
            found: FloatArray = factor.solve(ordered)[place]
            return found

        return solve


def _length(values: FloatArray, step: FloatArray) -> float:
    """How far values can go that must stay above 0."""
    fall = -float((step / values).min())
    return min(1.0, _FAR / fall) if fall > 0 else 1.0


def _list_pairs(part: IntArray, site: IntArray, sites: int) -> tuple[IntArray, IntArray, IntArray]:
    """Pairs of sites that share a point: the lower, the higher, and where each pair of each row is."""
    by_site, entry = group_rows(site, sites)
    count = np.diff(part)
    row = np.repeat(np.arange(len(count)), count)
    return _pair_up(part, np.cumsum(count * (count - 1) // 2), site, row, by_site, entry)


@compiled
def _pair_up(
    part: IntArray, upto: IntArray, site: IntArray, row: IntArray, by_site: IntArray, entry: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Go through the points of one site after another; sites ascend in each row."""
    place = np.empty(upto[-1], np.int64)
    low, high = np.empty(upto[-1], np.int64), np.empty(upto[-1], np.int64)
    number = np.full(len(by_site) - 1, -1)
    size = 0
    for j in range(len(number)):
        before = size
        for e in entry[by_site[j] : by_site[j + 1]]:
            first, last = part[row[e]], part[row[e] + 1]
            begin = upto[row[e]] - (last - first) * (last - first - 1) // 2
            for k in range(e + 1, last):
                other = site[k]
                if number[other] < before:
                    number[other] = size
                    low[size], high[size] = j, other
                    size += 1
                place[begin + (k - first) * (k - first - 1) // 2 + e - first] = number[other]
    return low[:size].copy(), high[:size].copy(), place


@compiled
def _sum_ties(part: IntArray, ease: FloatArray, place: IntArray, tie: FloatArray) -> None:
    """Add up, for each pair of sites, how easily people of their points pass from one to the other."""
    at = 0
    for row in range(len(part) - 1):
        total = 0.0
        for k in range(part[row], part[row + 1]):
            total += ease[k]
        for k in range(part[row], part[row + 1]):
            for other in range(part[row], k):
                tie[place[at]] += ease[k] * (ease[other] / total)
                at += 1


@compiled
def _find_levels(part: IntArray, cost: FloatArray, people: FloatArray, spread: float) -> FloatArray:
    """Levels below all costs of a row so that ``spread / (cost - level)`` add up to its people.

    The sum is convex in the level and too large where the cheapest alone takes all, so that Newton's steps
    from there come down to the level without passing it.
    """
    levels = np.empty(len(people))
    for row in range(len(people)):
        least = np.inf
        for k in range(part[row], part[row + 1]):
            if cost[k] < least:
                least = cost[k]
        level = least - spread / people[row]
        for _ in range(60):
            over = -people[row]
            slope = 0.0
            for k in range(part[row], part[row + 1]):
                share = spread / (cost[k] - level)
                over += share
                slope += share * share / spread
            if over <= 1e-9 * people[row]:
                break
            level -= over / slope
        levels[row] = level
    return levels
