"""The linear relaxation of the largest cover, solved by an interior-point method.

Rows miss ``u_i >= 0`` of themselves, sites are open by a share ``0 <= y_j <= 1``: minimise ``sum(w_i u_i)``
where ``u_i + sum(y_j for j that cover i) >= 1`` and ``sum(y_j) == count``. Each step solves one dense system
as large as the sites, whatever the rows (Mehrotra 1992 for the steps): some twenty steps do, where bounds by
subgradients take thousands and stay below. Whatever prices come out give a bound by themselves, so that
nothing rests on how exactly the steps were computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray

MOST_SITES = 2_000
MOST_SQUARES = 60_000_000
"""Sum of squares of the sites of each row, up to which relaxations are solved."""

_STEPS = 60
_EXACT = 1e-7


class Rule(NamedTuple):
    """Of some sites no more than so many are chosen, or no fewer."""

    members: BoolArray
    least: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """What a relaxation comes to.

    Attributes
    ----------
    bound : float
        No choice misses less; infinite where no choice keeps the rules.
    price : float64 array (rows)
    share : float64 array (sites)
        How far each site is open.
    """

    bound: float
    price: FloatArray
    share: FloatArray


def is_in_reach(starts: IntArray, sites: int) -> bool:
    """Whether the relaxation of rows and so many sites can be solved soon."""
    sizes = np.diff(starts)
    return sites <= MOST_SITES and int((sizes * sizes).sum()) <= MOST_SQUARES


def relax_cover(
    starts: IntArray, site: IntArray, weight: FloatArray, sites: int, count: int, *,
    rules: Sequence[Rule] = (), enough: float = np.inf, exact: float = _EXACT,
) -> Relaxed:  # fmt: skip
    """Solve the relaxation.

    Parameters
    ----------
    starts, site : int64 arrays
        Sites of each row, ascending.
    weight : float64 array (rows)
        Above 0.
    sites, count : int
        How many sites there are, and are chosen: fewer than all, more than none.
    rules : sequence of Rule
    enough : float
        A bound above this need not be raised further.
    exact : float
        Part of all weights by which the bound may stay below the relaxation's value.
    """
    if any(rule.least > rule.most for rule in rules):
        return Relaxed(np.inf, np.zeros(len(weight)), np.zeros(sites))
    scale = float(weight.mean())
    point = _Point(starts, site, weight / scale, sites, count, rules)
    for _ in range(_STEPS):
        if point.gap <= exact * len(weight) or point.best * scale > enough or not point.move():
            break
    return Relaxed(point.best * scale, point.best_price * scale, point.y[:sites].copy())


class _Point:
    """A point within all bounds, with prices, and the steps towards the best one.

    Variables: `u` and what rows are covered beyond need (`s`), with prices `t` and `price`; `y`, shares of
    sites and what rules leave room for, and what they lack of their upper bounds (`v`), with prices `r` and
    `o`; `level` prices the equations ``table @ y == fixed``.
    """

    def __init__(
        self, starts: IntArray, site: IntArray, weight: FloatArray, sites: int, count: int,
        rules: Sequence[Rule],
    ) -> None:  # fmt: skip
        from scipy.sparse import csr_array

        self._starts, self._site, self._weight, self._sites = starts, site, weight, sites
        limits = [(rule, sign) for rule in rules for sign in (1, -1)]
        self._table = np.zeros((1 + len(limits), sites + len(limits)))
        self._table[0, :sites] = 1.0
        self._fixed = np.array(
            [float(count), *(float(r.most if sign > 0 else -r.least) for r, sign in limits)]
        )
        for at, (rule, sign) in enumerate(limits):
            self._table[1 + at, :sites] = sign * rule.members
            self._table[1 + at, sites + at] = 1.0
        self._upper = np.append(np.ones(sites), np.full(len(limits), float(count)))
        rows, size = len(weight), sites + len(limits)
        pairs = csr_array((np.ones(len(site)), site, starts), shape=(rows, size))
        self._cover, self._by_site = pairs, pairs.T.tocsr()
        self.y = np.append(np.full(sites, count / sites), np.full(len(limits), count / 2))
        self.v = self._upper - self.y
        self.u = np.full(rows, 0.5)
        self.s = np.maximum(self.u + pairs @ self.y - 1, 0.5)
        self.price, self.t = weight / 2, weight / 2
        worth = self._by_site @ self.price
        mean = float(worth[:sites].mean())
        self.level = np.zeros(len(self._fixed))
        self.level[0] = -mean
        self.r = np.maximum(mean - worth, 0.0) + 0.1 * mean
        self.o = np.maximum(worth - mean, 0.0) + 0.1 * mean
        self.best, self.best_price = -np.inf, self.price
        self._read_bound()

    @property
    def gap(self) -> float:
        """How far the point's value and its prices' value are apart, where both are feasible."""
        return float(self.u @ self.t + self.s @ self.price + self.y @ self.r + self.v @ self.o)

    def _read_bound(self) -> None:
        """The bound that prices give by themselves: what sites are worth beyond levels is taken off."""
        price = np.clip(self.price, 0.0, self._weight)
        beyond = self._by_site @ price + self.level @ self._table
        bound = float(price.sum() + self.level @ self._fixed - np.maximum(beyond, 0.0) @ self._upper)
        if bound > self.best:
            self.best, self.best_price = bound, price

    def move(self) -> bool:
        """Take one step; false where the system can't be solved any more."""
        pairs = ((self.u, self.t), (self.s, self.price), (self.y, self.r), (self.v, self.o))
        try:
            if not self._factorize():
                return False
            ahead = self._solve([-one * other for one, other in pairs])
            # Where all pairs of products would be equal after it, a step can be followed by others.
            first, second = self._lengths(ahead)
            after = sum(
                float((one + first * d) @ (other + second * e))
                for (one, other), d, e in zip(pairs, ahead[:4], ahead[4:8], strict=True)
            )
            centre = (after / self.gap) ** 3 * self.gap / (2 * (len(self.u) + len(self.y)))
            step = self._solve(
                [
                    centre - one * other - d * e
                    for (one, other), d, e in zip(pairs, ahead[:4], ahead[4:8], strict=True)
                ]
            )
        except np.linalg.LinAlgError:
            return False
        if not all(np.isfinite(way).all() for way in step):
            return False
        first, second = self._lengths(step)
        self.u, self.s, self.y, self.v = (
            one + first * d for (one, _), d in zip(pairs, step[:4], strict=True)
        )
        self.t, self.price, self.r, self.o = (
            other + second * e for (_, other), e in zip(pairs, step[4:8], strict=True)
        )
        self.level = self.level + second * step[8]
        self._read_bound()
        return True

    def _factorize(self) -> bool:
        """Lay out the system of a step, and what its equations lack; false where it can't be solved."""
        from matcher.sites.relaxed_loops import add_square, factorize

        self._row_scale = 1.0 / (self.u / self.t + self.s / self.price)
        square = np.zeros((len(self.y), len(self.y)))
        add_square(self._starts, self._site, self._row_scale, square)
        square[np.diag_indices(len(self.y))] += self.o / self.v + self.r / self.y
        self._factor = square
        self._read_residuals()
        return bool(factorize(square))

    def _lengths(self, step: list[FloatArray]) -> tuple[float, float]:
        """How far variables and prices can go."""
        return (
            self._length(step[:4], [self.u, self.s, self.y, self.v]),
            self._length(step[4:8], [self.t, self.price, self.r, self.o]),
        )

    def _read_residuals(self) -> None:
        """What is missing from each equation."""
        self._off_rows = 1 - (self.u + self._cover @ self.y - self.s)
        self._off_fixed = self._fixed - self._table @ self.y
        self._off_upper = self._upper - self.y - self.v
        self._off_weight = self._weight - self.price - self.t
        self._off_sites = -(self._by_site @ self.price + self.level @ self._table - self.o + self.r)

    def _solve(self, goal: list[FloatArray]) -> list[FloatArray]:
        """The step towards products of each variable and its price."""
        from matcher.sites.relaxed_loops import solve_triangles

        of_u, of_s, of_y, of_v = goal
        lacks = self._off_rows - (of_u - self.u * self._off_weight) / self.t + of_s / self.price
        right = self._by_site @ (self._row_scale * lacks) - self._off_sites
        right += of_y / self.y - (of_v - self.o * self._off_upper) / self.v

        columns = np.column_stack([right, self._table.T])
        solve_triangles(self._factor, columns)
        plain, levels = columns[:, 0].copy(), columns[:, 1:].copy()
        level = np.linalg.solve(self._table @ levels, self._off_fixed - self._table @ plain)
        y = plain + levels @ level
        price = self._row_scale * (lacks - self._cover @ y)
        t = self._off_weight - price
        v = self._off_upper - y
        return [
            (of_u - self.u * t) / self.t, (of_s - self.s * price) / self.price, y, v,
            t, price, (of_y - self.r * y) / self.y, (of_v - self.o * v) / self.v, level,
        ]  # fmt: skip

    @staticmethod
    def _length(step: list[FloatArray], at: list[FloatArray]) -> float:
        """How far a step can be gone with all above 0."""
        longest = 1.0
        for way, values in zip(step, at, strict=True):
            falls = way < 0
            if falls.any():
                longest = min(longest, 0.9995 * float((-values[falls] / way[falls]).min()))
        return longest
