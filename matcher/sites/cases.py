"""Choices split into cases, with one site and without it, each bounded by prices of its own.

Prices on rows leave a small gap where sites of one quarter could stand this way or that. The case with the
least bound is split next (Land and Doig 1960), by the site whose two cases promise the higher bounds, as far
as earlier ones tell (Benichou and others 1971); a case whose bound is above what is sought is done with. In
each case prices show which sites a better choice must have or lack, and rows whose way is settled leave
(Beasley 1985; Avella, Sassano and Vasil'ev 2007 for large medians).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count as count_up

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray
from matcher.sites.choice import Choice, Found, SiteLists, exchange_on, take_largest
from matcher.sites.plan import bound_left_out
from matcher.sites.prices import decide_sites, narrow, raise_bound

MOST_CASES = 20_000
MOST_STEPS = 3_000_000_000
"""Rounds of prices times rows, in all cases together."""

_ROUNDS = 200
_LENGTH = 0.1
_PATIENCE = 30
# Short steps and much patience: prices that stop early leave several times as many cases.
_EXCHANGED = 12
_LEAST_WAY = 0.05
_PRIOR = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """All choices that have some sites and lack others, and prices to begin with.

    `split` is the site that it was split by, 1 or 0 for with it or without, and how far its share was off.
    """

    held: BoolArray
    free: BoolArray
    price: FloatArray
    split: tuple[int, int, float] | None = None


def search_cases(choice: Choice, lists: SiteLists, found: Found, gap: float, seed: int) -> Found:
    """Search what prices leave open, case by case, until nothing better can be left or cases are too many.

    Parameters
    ----------
    choice : Choice
    lists : SiteLists
        The same pairs by site.
    found : Found
        A choice, a bound, and the prices that belong to it.
    gap : float
        Part of the value by which the answer may be off.
    seed : int
        Order in which exchanges are tried.
    """
    search = _Search(choice, lists, found, gap, seed)
    search.run()
    bound = max(found.bound, min(search.lowest, bound_left_out(search.aim, whole=choice.whole)))
    return replace(found, chosen=search.chosen, value=search.value, bound=bound)


class _Search:
    """The best choice so far, and the cases that are left."""

    def __init__(self, choice: Choice, lists: SiteLists, found: Found, gap: float, seed: int) -> None:
        self.chosen, self.value = found.chosen, found.value
        self._choice, self._lists, self._gap, self._price = choice, lists, gap, found.price
        self._rng = np.random.default_rng(seed)
        self._cases = 0
        self._gain = _Gains(len(found.chosen))
        self._number = count_up()
        self._rest, self._free = narrow(choice, found.price, self.aim)
        self._heap: list[tuple[float, int, _Case]] = []
        self._push(found.bound, _Case(self._rest.locked, self._free, found.price))

    @property
    def aim(self) -> float:
        """What a choice may cost at most to be of use."""
        return self._choice.find_aim(self.value, self._gap)

    @property
    def lowest(self) -> float:
        """The least bound of the cases that are left."""
        return self._heap[0][0] if self._heap else np.inf

    def run(self) -> None:
        """Split cases until none may hold a better choice, or too much was done."""
        steps = 0
        for _ in range(MOST_CASES):
            if self.lowest > self.aim or steps > MOST_STEPS:
                break
            bound, _, case = heappop(self._heap)
            steps += _ROUNDS * self._split(bound, case)

    def _push(self, bound: float, case: _Case) -> None:
        heappush(self._heap, (bound, next(self._number), case))

    def _offer(self, chosen: BoolArray, others: IntArray, *, on: bool) -> None:
        """Keep a choice if it is the best, after exchanges (`on`) or as it is; less is left open then."""
        from matcher.sites.median_loops import pay

        choice = self._choice
        value = float(pay(choice.starts, choice.site, choice.cost, choice.fallback, chosen))
        if on or value < self.value:
            chosen, value = exchange_on(choice, self._lists, chosen, self._rng.permutation(others))
        if value < self.value:
            self.chosen, self.value = chosen, value
            price = np.minimum(self._price, self._rest.fallback)
            self._rest, free = narrow(self._rest, price, self.aim)
            self._free &= free

    def _split(self, bound: float, case: _Case) -> int:
        """Raise the bound of a case, and split it where that isn't enough; give how many rows it has."""
        decided = ~self._free & ~self._rest.locked
        if (case.held & decided).any() or (self._rest.locked & ~case.held & ~case.free).any():
            # What was found since rules out the whole case.
            return 0
        held, free = case.held | self._rest.locked, case.free & self._free
        if not 0 <= self._choice.count - int(held.sum()) <= free.sum():
            return 0
        part, row, paid = _leave_open(self._rest, case.price, held, free)
        price = np.minimum(case.price[row], part.fallback)
        raised = raise_bound(
            part, self.chosen, self.value - paid, self.aim - paid, price,
            rounds=_ROUNDS, length=_LENGTH, patience=_PATIENCE,
        )  # fmt: skip
        if case.split is not None:
            self._gain.learn(*case.split, min(raised.bound + paid, self.aim) - bound)
        bound = max(bound, raised.bound + paid)
        if bound > self.aim:
            return len(row)
        share = np.where(free, raised.share, 0.0)
        # Exchanges take longer than a case; most cases differ little from those before.
        self._cases += 1
        on = self._cases <= _EXCHANGED or self._cases % _EXCHANGED == 0
        self._offer(held | take_largest(share, free, part.left), np.flatnonzero(free), on=on)
        held, free = _decide(part, free, raised.price, self.aim - paid)
        left = self._choice.count - int(held.sum())
        if bound > self.aim or not 0 <= left <= free.sum():
            return len(row)
        if left in (0, free.sum()):
            self._offer(held | free if left else held, np.flatnonzero(free), on=False)
            return len(row)
        price = case.price.copy()
        price[row] = raised.price
        site = self._gain.choose(share, free)
        with_it, others = held.copy(), free.copy()
        with_it[site], others[site] = True, False
        self._push(bound, _Case(with_it, others, price, (site, 1, 1 - float(share[site]))))
        self._push(bound, _Case(held, others, price, (site, 0, float(share[site]))))
        return len(row)


class _Gains:
    """How much bounds rose in cases with each site and without it, as for the whole way from 0 to 1."""

    def __init__(self, sites: int) -> None:
        self._total = np.zeros((2, sites))
        self._times = np.zeros((2, sites))

    def learn(self, site: int, with_it: int, way: float, gain: float) -> None:
        """Note what one case gained."""
        self._total[with_it, site] += max(gain, 0.0) / max(way, _LEAST_WAY)
        self._times[with_it, site] += 1

    def choose(self, share: FloatArray, free: BoolArray) -> int:
        """The site whose cases promise most, both together; of those unknown what all gained is expected."""
        mean = (self._total.sum(axis=1) + 1e-9) / np.maximum(self._times.sum(axis=1), 1)
        expected = (self._total + _PRIOR * mean[:, None]) / (self._times + _PRIOR)
        promise = (expected[1] * (1 - share)) * (expected[0] * share)
        return int(np.argmax(np.where(free, promise, -1.0)))


def _leave_open(
    rest: Choice, price: FloatArray, held: BoolArray, free: BoolArray
) -> tuple[Choice, IntArray, float]:
    """What is left to choose in a case: its rows, which of all these are, and what the others pay."""
    from matcher.sites.median_loops import leave_open

    starts, site, cost, fallback, row, paid = leave_open(
        rest.starts, rest.site, rest.cost, rest.fallback, price, held, free
    )
    part = replace(
        rest, starts=starts, site=site, cost=cost, fallback=fallback, weight=rest.weight[row], locked=held
    )
    return part, row, float(paid)


def _decide(part: Choice, free: BoolArray, price: FloatArray, aim: float) -> tuple[BoolArray, BoolArray]:
    """The sites that a better choice of a case has, and those it may have besides."""
    _, _, held, out = decide_sites(part, price, aim)
    # Sites that a case lacks have no pairs in it, and are never chosen for want of others.
    held &= part.locked | free
    return held, free & ~held & ~out
