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
    check_plans,
    check_reached,
    make_plan,
    read_locked,
    with_others,
)
from matcher.sites.program import MOST_ENTRIES, run_cover_program

_TRIES = 4
"""Sets of sites that are forbidden one after another where a program would be too large."""

Look = Callable[[int], tuple[BoolArray | None, bool]]
"""Looks for sites within one of the distances; gives them, or None and whether there are none for certain."""


def p_center(cost: Any, p: int, *, locked: Iterable[int] = (), plans: int = 1, differ: int = 1) -> SitePlan:
    """Choose p sites so that whoever has the longest way has it as short as can be.

    Minimise ``max_i min(c_ij for chosen j)``: the least distance within which p sites cover everybody, found
    by halving the list of distances and solving a set cover for each (Minieka 1970).

    Parameters
    ----------
    cost : sparse matrix or array_like (demand, sites)
        As for `p_median`; every point counts.
    p : int
        How many sites, the locked ones included.
    locked : iterable of int
        Sites that exist already.
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
    count, wished = check_count(p, is_locked), check_plans(plans, differ)
    check_reached(reach.starts, np.ones(reach.row_count, np.bool_))
    start = find_feasible(reach, count, is_locked, np.arange(reach.row_count))
    search = _Search(reach, count, is_locked)
    chosen, lowest = search.find_first(start)
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

    def __init__(self, reach: Reach, count: int, is_locked: BoolArray) -> None:
        self._reach, self._count, self._locked = reach, count, is_locked
        self.steps = np.unique(reach.cost) if reach.row_count else np.zeros(1)

    def measure(self, chosen: BoolArray) -> float:
        """The longest way to a chosen site."""
        return float(find_least(self._reach, chosen).max(initial=0.0))

    def find_first(self, start: BoolArray) -> tuple[BoolArray, int]:
        """Find the best choice, from one that reaches everybody; no choice is below the step given."""
        reach = self._reach
        least = np.minimum.reduceat(reach.cost, reach.starts[:-1]) if reach.row_count else np.zeros(1)

        def look(step: int) -> tuple[BoolArray | None, bool]:
            starts, site = self._within(step)
            ones = np.ones(reach.site_count)
            found, bound = cover_all(starts, site, ones, self._locked, enough=self._count)[0]
            # Where the search was cut short, the distance may do after all: then the bound stays below it.
            return (found, False) if found.sum() <= self._count else (None, bound > self._count + 1e-6)

        # Nobody comes nearer than to the nearest site of all.
        low = int(np.searchsorted(self.steps, least.max()))
        best, lowest = self._halve(look, low, start)
        return fill_up(best, self._count), lowest

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
        chosen[allowed] = _Search(rest, self._count, is_locked).find_first(start)[0]
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
