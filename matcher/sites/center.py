"""Stations by the longest way that anybody has: the p-center."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import Reach, read_costs
from matcher.sites.cover import cover_all
from matcher.sites.feasible import fill_up, find_feasible, find_least
from matcher.sites.others import draw_forbidden
from matcher.sites.plan import (
    Apart,
    SitePlan,
    check_count,
    check_gap,
    check_plans,
    check_reached,
    make_plan,
    read_locked,
    with_others,
)
from matcher.sites.program import MOST_ENTRIES, run_cover_program
from matcher.sites.within import Within

_TRIES = 4
"""Sets of sites that are forbidden one after another where a program would be too large."""

_QUICK, _LONG = 20_000, 150_000
"""Exchanges tried at each distance that is looked at, and where a shorter one than the best is looked for."""

_STRIDE, _MISSES = 0.005, 4
"""By what part of the value the longer tries go on at first, and how many of them may fail."""

_NODES, _FEWER_NODES, _PROOFS = 400, 200, 4
"""Nodes of a program that is to prove the best distance, those of each that is to prove a bound below it, and
how many of these are tried."""

Look = Callable[[int], tuple[BoolArray | None, bool]]
"""Looks for sites within one of the distances; gives them, or None and whether there are none for certain."""


def p_center(
    cost: Any, p: int, *, locked: Iterable[int] = (), gap: float = 0.0, seed: int = 0, plans: int = 1,
    differ: int = 1,
) -> SitePlan:  # fmt: skip
    """Choose p sites so that whoever has the longest way has it as short as can be.

    Minimise ``max_i min(c_ij for chosen j)``: the least distance within which p sites cover everybody, found
    by halving the list of distances (Minieka 1970). At each of them exchanges look for such sites and prices
    for a proof that there are none; a program settles the last, on the rows that were hardest to cover. It
    searches so many nodes at most, and where that isn't enough the plan is bounded.

    Parameters
    ----------
    cost : sparse matrix or array_like (demand, sites)
        As for `p_median`; every point counts.
    p : int
        How many sites, the locked ones included.
    locked : iterable of int
        Sites that exist already.
    gap : float
        Part of the value by which the answer may be longer than the shortest; 0: as good as can be.
    seed : int
        Order in which exchanges are tried.
    plans, differ : int
        How many plans at most, and how many of the new sites of each the others leave out at least; see
        `SitePlan.others`.

    Returns
    -------
    SitePlan
        With exactly p sites. The bound is from below.

    Raises
    ------
    InfeasibleError
        Some demand is out of reach of all sites, or of any p of them; it is named.
    MatrixError
        Matrices or settings that make no sense.

    References
    ----------
    Minieka, E. (1970). The m-center problem. SIAM Review, 12(1), 138-139.
    """
    reach = read_costs(cost)
    is_locked = read_locked(locked, reach.site_count)
    count, wished, gap = check_count(p, is_locked), check_plans(plans, differ), check_gap(gap)
    check_reached(reach.starts, np.ones(reach.row_count, np.bool_))
    start = find_feasible(reach, count, is_locked, np.arange(reach.row_count))
    search = _Search(reach, count, is_locked, seed)
    chosen, lowest = search.find_first(start, gap)
    found = [(chosen, lowest)]
    while len(found) < wished.plans:
        before = tuple(plan & ~is_locked for plan, _ in found)
        other, lowest = search.find_apart(Apart(before, wished.differ), lowest)
        if other is None:
            break
        found.append((other, lowest))
    return with_others(
        make_plan(plan, search.measure(plan), float(search.steps[least]), whole=reach.is_whole, sense=1)
        for plan, least in found
    )


class _Search:
    """Halves the list of distances; `steps` has them all, ascending."""

    def __init__(self, reach: Reach, count: int, is_locked: BoolArray, seed: int = 0) -> None:
        self._reach, self._count, self._locked, self._seed = reach, count, is_locked, seed
        self.steps = np.unique(reach.cost) if reach.row_count else np.zeros(1)

    def measure(self, chosen: BoolArray) -> float:
        """The longest way to a chosen site."""
        return float(find_least(self._reach, chosen).max(initial=0.0))

    def find_first(
        self, start: BoolArray, gap: float = 0.0, *, is_proved: bool = True
    ) -> tuple[BoolArray, int]:
        """Find the best choice, from one that reaches everybody; no choice is below the step given."""
        reach = self._reach
        best = fill_up(start, self._count)
        if self._locked[best].all():
            return best, self._step(best)
        least = np.minimum.reduceat(reach.cost, reach.starts[:-1]) if reach.row_count else np.zeros(1)
        # Nobody comes nearer than to the nearest site of all.
        best, proved = self._bracket(best, int(np.searchsorted(self.steps, least.max())), gap)
        if is_proved:
            best = self._shorten(best, proved, gap)
            best, proved = self._prove(best, proved, gap)
        return best, proved

    def _bracket(self, best: BoolArray, low: int, gap: float) -> tuple[BoolArray, int]:
        """Halve the list by what a few exchanges find; gives the step that no choice is below for certain."""
        high, proved = self._step(best), low
        while low < high and not self._is_near(high, proved, gap):
            middle = (low + high) // 2
            within = self._open(middle)
            found = within.exchange(best, _QUICK, self._seed)
            if found is not None:
                best, high = found, self._step(found)
                continue
            low = middle + 1
            # Where distances below couldn't be told, what is proved here holds for them too.
            if within.is_priced_out():
                proved = low
        return best, proved

    def _shorten(self, best: BoolArray, proved: int, gap: float) -> BoolArray:
        """Look longer for choices that are better by a small part, then by a smaller one."""
        stride, misses = _STRIDE, 0
        while misses < _MISSES:
            high = self._step(best)
            if self._is_near(high, proved, gap):
                break
            aim = int(np.searchsorted(self.steps, self.steps[high] * (1 - stride), side="right")) - 1
            aim = min(max(aim, proved), high - 1)
            found = self._open(aim).exchange(best, _LONG, self._seed + misses)
            if found is not None:
                best = found
                continue
            misses, stride = misses + 1, stride / 4
            if aim == high - 1:
                break
        return best

    def _prove(self, best: BoolArray, proved: int, gap: float) -> tuple[BoolArray, int]:
        """Settle by programs whether shorter distances would do; where that can't be told, those below."""
        nodes, high = _NODES, self._step(best)
        top = proved
        while not self._is_near(high, proved, gap):
            # With a gap it is enough that nothing is better by more than that.
            top = int(np.searchsorted(self.steps, (1 - gap) * self.steps[high])) - 1
            top = min(max(top, proved), high - 1)
            found, is_none, spent = self._settle(top, best, nodes)
            nodes -= spent
            if found is not None:
                best, high = found, self._step(found)
            elif is_none:
                proved = top + 1
            else:
                break
        for _ in range(_PROOFS):
            if proved >= top or self._is_near(high, proved, gap):
                break
            middle = (proved + top) // 2
            found, is_none, _ = self._settle(middle, best, _FEWER_NODES)
            if found is not None:
                best, high = found, self._step(found)
                top = min(middle, high)
            elif is_none:
                proved = middle + 1
            else:
                # The shorter, the easier to refuse.
                top = middle
        return best, proved

    def _settle(self, step: int, best: BoolArray, nodes: int) -> tuple[BoolArray | None, bool, int]:
        """Sites within a distance, or whether there are none for certain, and nodes spent."""
        within = self._open(step)
        # Exchanges show which rows are hard to cover; a proof needs those.
        found = within.exchange(best, _QUICK, self._seed)
        return (found, False, 0) if found is not None else within.search(nodes, self._seed)

    def _open(self, step: int) -> Within:
        return Within(*self._within(step), self._locked, self._count)

    def _step(self, chosen: BoolArray) -> int:
        return int(np.searchsorted(self.steps, self.measure(chosen)))

    def _is_near(self, high: int, proved: int, gap: float) -> bool:
        return proved >= high or bool(self.steps[high] - self.steps[proved] <= gap * self.steps[high])

    def find_apart(self, apart: Apart, lowest: int) -> tuple[BoolArray | None, int]:
        """Find the best choice that leaves out sites of others, none of which is below the step given."""
        last = len(self.steps) - 1
        if len(self._reach.site) <= MOST_ENTRIES:

            def look(step: int) -> tuple[BoolArray | None, bool]:
                return self._search_apart(step, apart)

            start, _ = look(last)
            return (None, lowest) if start is None else self._halve(look, lowest, start)
        tried = [
            self._forbid(forbidden) for forbidden in draw_forbidden(apart, _TRIES, np.random.default_rng(0))
        ]
        best = min((some for some in tried if some is not None), key=self.measure, default=None)
        return best, lowest

    def _search_apart(self, step: int, apart: Apart) -> tuple[BoolArray | None, bool]:
        """Search all choices of so many sites within a distance."""
        starts, site = self._within(step)
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        done = np.zeros(len(starts) - 1, np.bool_)
        done[row[self._locked[site]]] = True
        rest = np.concatenate([[0], np.cumsum(np.diff(starts)[~done])])
        found, bound = run_cover_program(
            rest, site[~done[row]], np.zeros(len(self._locked)), ~self._locked,
            count=self._count - int(self._locked.sum()), limits=apart.limits(self._locked),
        )  # fmt: skip
        return (None, bound == np.inf) if found is None else (found | self._locked, False)

    def _forbid(self, forbidden: BoolArray) -> BoolArray | None:
        """Find a good choice without some sites; None where none was found."""
        reach, allowed = self._reach, np.flatnonzero(~forbidden)
        inside = ~forbidden[reach.site]
        starts = np.concatenate([[0], np.cumsum(inside)])[reach.starts]
        if (np.diff(starts) == 0).any() or len(allowed) < self._count:
            return None
        number = np.cumsum(~forbidden) - 1
        rest = Reach(starts, number[reach.site[inside]], reach.cost[inside], len(allowed))
        is_locked = self._locked[allowed]
        start, _ = cover_all(rest.starts, rest.site, np.ones(len(allowed)), is_locked, enough=self._count)[0]
        if start.sum() > self._count:
            return None
        chosen = np.zeros(len(forbidden), np.bool_)
        search = _Search(rest, self._count, is_locked, self._seed)
        chosen[allowed] = search.find_first(start, is_proved=False)[0]
        return chosen

    def _halve(self, look: Look, low: int, best: BoolArray) -> tuple[BoolArray, int]:
        high = int(np.searchsorted(self.steps, self.measure(best)))
        proved = low
        while low < high:
            middle = (low + high) // 2
            found, is_proved = look(middle)
            if found is not None:
                best, high = found, int(np.searchsorted(self.steps, self.measure(found)))
            else:
                proved = middle + 1 if proved == low and is_proved else proved
                low = middle + 1
        return best, min(proved, high)

    def _within(self, step: int) -> tuple[IntArray, IntArray]:
        """Who is within a distance of which sites."""
        reach = self._reach
        inside = reach.cost <= self.steps[step]
        return np.concatenate([[0], np.cumsum(inside)])[reach.starts], reach.site[inside]
