"""Further plans, for planners who choose among near-equal ones: the best that differ from those before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.sites.choice import Choice, Found, SiteLists, exchange_on, list_by_site
from matcher.sites.plan import Apart, Wished
from matcher.sites.prices import search_rest

_TRIES = 60
_FEWEST_TRIES = 4
_TRIED_ENTRIES = 100_000_000
# Pairs looked at in all tries for one plan, about.


def choose_others(
    choice: Choice, first: Found, wished: Wished, *, gap: float, seed: int
) -> Iterator[tuple[BoolArray, float]]:
    """Find the next best choices, each with a bound that no choice which differs so is below.

    Good ones come from forbidding some sites of those before and exchanging on; what the first one's prices
    leave open below the best of these is searched, with a rule for each choice before.

    Parameters
    ----------
    choice : Choice
    first : Found
        The best choice, with its prices.
    wished : Wished
        How many choices, the first included; fewer come where there are no more.
    gap : float
        Part of the value by which an answer may be off.
    seed : int
    """
    before = [first.chosen & ~choice.locked]
    rng = np.random.default_rng(seed)
    # A bound for all choices holds for those that differ too.
    lowest = first.bound
    for _ in range(wished.plans - 1):
        apart = Apart(tuple(before), wished.differ)
        found, bound = _choose_apart(choice, first, apart, gap=gap, rng=rng)
        if found is None:
            return
        lowest = max(lowest, bound)
        yield found, lowest
        before.append(found & ~choice.locked)


def _choose_apart(
    choice: Choice, first: Found, apart: Apart, *, gap: float, rng: np.random.Generator
) -> tuple[BoolArray | None, float]:
    from matcher.sites.median_loops import pay

    lists = (choice.starts, choice.site, choice.cost, choice.fallback)
    best, value = _exchange_apart(choice, first.chosen, apart, rng)
    if best is None:
        # Nothing to undercut yet but what no choice that counts can cost.
        value = min(choice.limit, float(choice.fallback.sum()) + 1.0)
    aim = choice.find_aim(value, gap)
    if first.bound > aim:
        return best, first.bound
    found, lowest = search_rest(choice, first.price, aim, apart=apart)
    if found is not None and apart.holds(found) and pay(*lists, found) < value:
        best = found
    return best, lowest


def _exchange_apart(
    choice: Choice, start: BoolArray, apart: Apart, rng: np.random.Generator
) -> tuple[BoolArray | None, float]:
    """Forbid some sites of each plan, exchange on from the start, and keep the best of all tries."""
    from matcher.sites.median_loops import add_greedily

    lists = list_by_site(choice)
    best: BoolArray | None = None
    value = np.inf
    tries = max(_FEWEST_TRIES, min(_TRIES, _TRIED_ENTRIES // (3 * len(choice.site) + 1)))
    for forbidden in draw_forbidden(apart, tries, rng):
        if int((~forbidden).sum()) < choice.count:
            continue
        allowed = np.flatnonzero(~forbidden)
        # Only what is allowed takes part, so that what fills up the number is never a forbidden site.
        some = (start & ~forbidden)[allowed]
        add_greedily(*_take_sites(lists, allowed), choice.fallback.copy(), some, choice.count)
        tried = np.zeros(len(forbidden), np.bool_)
        tried[allowed[some]] = True
        tried, total = exchange_on(choice, lists, tried, rng.permutation(allowed))
        if total < min(value, choice.limit):
            best, value = tried, total
    return best, value


def _take_sites(lists: SiteLists, sites: IntArray) -> SiteLists:
    """The pairs of some sites, listed by site."""
    by_site, row, cost = lists
    sizes = np.diff(by_site)[sites]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    at = np.repeat(by_site[sites] - starts[:-1], sizes) + np.arange(starts[-1])
    return starts, row[at], cost[at]


def draw_forbidden(apart: Apart, tries: int, rng: np.random.Generator) -> Iterator[BoolArray]:
    """Sets of sites that hold `differ` of each plan, few of which are drawn twice."""
    last = np.flatnonzero(apart.plans[-1])
    turns = rng.permutation(last)[:tries].tolist()
    seen: set[bytes] = set()
    for site in (*turns, *([-1] * (tries - len(turns)))):
        forbidden = np.zeros(len(apart.plans[0]), np.bool_)
        if site >= 0:
            forbidden[site] = True
        for plan in apart.plans:
            lacks = apart.differ - int((plan & forbidden).sum())
            open_sites = np.flatnonzero(plan & ~forbidden)
            if lacks > len(open_sites):
                return
            if lacks > 0:
                forbidden[rng.choice(open_sites, lacks, replace=False)] = True
        if forbidden.tobytes() not in seen:
            seen.add(forbidden.tobytes())
            yield forbidden


def search_others(
    chosen: BoolArray,
    is_locked: BoolArray,
    wished: Wished,
    search: Callable[[Apart], tuple[BoolArray | None, float]],
) -> Iterator[tuple[BoolArray, float]]:
    """Further plans of a problem that is searched as a whole for each; as `choose_others`."""
    before = [chosen & ~is_locked]
    for _ in range(wished.plans - 1):
        found, bound = search(Apart(tuple(before), wished.differ))
        if found is None:
            return
        yield found, bound
        before.append(found & ~is_locked)
