"""Sites that reach everybody at all, and how far people go to them."""

from __future__ import annotations

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray, Reach
from matcher.sites.cover import cover_all
from matcher.sites.plan import InfeasibleError


def find_feasible(reach: Reach, count: int, is_locked: BoolArray, rows: IntArray) -> BoolArray:
    """Find at most `count` sites that reach everybody; `rows` are what callers call the demand.

    Raises
    ------
    InfeasibleError
    """
    starts, site = reach.starts, reach.site
    found, least = cover_all(starts, site, np.ones(len(is_locked)), is_locked, enough=count)[0]
    if found.sum() <= count:
        return found
    apart = rows[_find_apart(starts, site, is_locked)]
    needed = int(np.ceil(least - 1e-6))
    enough = int(found.sum())
    if needed > count:
        raise InfeasibleError("too_few_sites", apart, count=count, needed=needed, enough=enough)
    raise InfeasibleError("no_choice_found", apart, count=count, enough=enough)


def _find_apart(starts: IntArray, site: IntArray, is_locked: BoolArray) -> IntArray:
    """List demand that the locked sites don't reach and no two of which share a site."""
    taken = np.zeros(len(is_locked), np.bool_)
    apart: list[int] = []
    for row in np.argsort(np.diff(starts), kind="stable").tolist():
        sites = site[starts[row] : starts[row + 1]]
        if not is_locked[sites].any() and not taken[sites].any():
            taken[sites] = True
            apart.append(row)
    return np.array(sorted(apart), np.int64)


def find_least(reach: Reach, chosen: BoolArray) -> FloatArray:
    """Give the least cost of each row to a chosen site; every row has one."""
    least: FloatArray = np.zeros(0)
    if reach.row_count:
        open_to = np.where(chosen[reach.site], reach.cost, np.inf)
        least = np.minimum.reduceat(open_to, reach.starts[:-1])
    return least


def fill_up(chosen: BoolArray, count: int) -> BoolArray:
    """Add the first sites that aren't chosen until there are enough."""
    filled = chosen.copy()
    filled[np.flatnonzero(~chosen)[: count - int(chosen.sum())]] = True
    return filled
