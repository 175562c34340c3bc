"""Stations by how far people go: least in all (p-median), and least for whoever goes farthest (p-center)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray, Reach, read_amounts, read_costs
from matcher.sites.choice import Choice, choose
from matcher.sites.cover import cover_all
from matcher.sites.others import choose_others
from matcher.sites.plan import (
    InfeasibleError,
    SitePlan,
    check_count,
    check_gap,
    check_plans,
    check_reached,
    is_whole,
    make_plan,
    read_locked,
    with_others,
)


def p_median(
    cost: Any,
    weight: ArrayLike,
    p: int,
    *,
    locked: Iterable[int] = (),
    capacity: ArrayLike | None = None,
    gap: float = 0.0,
    seed: int = 0,
    plans: int = 1,
    differ: int = 1,
) -> SitePlan:
    """Choose p sites so that all demand together has the shortest ways.

    Minimise ``sum(w_i c_ij x_ij)`` where ``sum_j x_ij == 1``, ``x_ij <= y_j``, ``sum(y_j) == p``, y binary.
    With capacities ``sum_i w_i x_ij <= capacity_j y_j`` too, and the demand of a point may be split.

    Parameters
    ----------
    cost : sparse matrix or array_like (demand, sites)
        At least 0. Absent or infinite: out of reach; a stored zero is distance zero.
    weight : array_like (demand)
        People, at least 0. Points of weight 0 need no site.
    p : int
        How many sites, the locked ones included.
    locked : iterable of int
        Sites that exist already.
    capacity : array_like (sites), optional
        In units of `weight`.
    gap : float
        Part of the value by which the answer may be off.
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
        Amounts, matrices or settings that make no sense.

    References
    ----------
    Hakimi, S. L. (1964). Optimum locations of switching centers and the absolute centers and medians of
    a graph. Operations Research, 12(3), 450-459. ReVelle, C., & Swain, R. (1970). Central facilities
    location. Geographical Analysis, 2(1), 30-42.
    """
    people = read_amounts("weight", weight)
    reach = read_costs(cost, rows=len(people))
    is_locked = read_locked(locked, reach.site_count)
    count, gap, wished = check_count(p, is_locked), check_gap(gap), check_plans(plans, differ)
    check_reached(reach.starts, people > 0)
    rows = np.flatnonzero(people > 0)
    reach, people = _drop_rows(reach, people > 0), people[rows]
    if capacity is not None:
        from matcher.sites.capacity import find_median_within_capacity

        room = read_amounts("capacity", capacity, length=reach.site_count, like="the columns of cost")
        return find_median_within_capacity(reach, people, room, count, is_locked, rows, wished)
    start = _find_feasible(reach, count, is_locked, rows)
    cost_of = reach.cost * people[reach.row]
    whole = reach.is_whole and is_whole(people)
    # Paying this once is dearer than any choice that reaches everybody.
    beyond = float(np.maximum.reduceat(cost_of, reach.starts[:-1]).sum()) + 1 if len(people) else 0.0
    choice = Choice.sort(
        reach.starts, reach.site, cost_of, np.full(len(people), beyond), is_locked, count, people,
        whole=whole, limit=beyond if len(people) else np.inf,
    )  # fmt: skip
    first = choose(choice, gap=gap, seed=seed, start=start)
    found = [(first.chosen, first.bound)]
    if wished.plans > 1:
        found += choose_others(choice, first, wished, gap=gap, seed=seed)
    return with_others(
        make_plan(chosen, float((_find_least(reach, chosen) * people).sum()), bound, whole=whole, sense=1)
        for chosen, bound in found
    )


def p_center(cost: Any, p: int, *, locked: Iterable[int] = ()) -> SitePlan:
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
    count = check_count(p, is_locked)
    check_reached(reach.starts, np.ones(reach.row_count, np.bool_))
    best = _find_feasible(reach, count, is_locked, np.arange(reach.row_count))
    if not reach.row_count:
        return make_plan(_fill(best, count), 0.0, 0.0, whole=True, sense=1)
    steps = np.unique(reach.cost)
    # Nobody comes nearer than to the nearest site of all.
    low = proved = int(np.searchsorted(steps, np.minimum.reduceat(reach.cost, reach.starts[:-1]).max()))
    high = int(np.searchsorted(steps, _find_least(reach, best).max()))
    while low < high:
        middle = (low + high) // 2
        inside = reach.cost <= steps[middle]
        starts = np.concatenate([[0], np.cumsum(inside)])[reach.starts]
        found, least = cover_all(
            starts, reach.site[inside], np.ones(reach.site_count), is_locked, enough=count
        )[0]
        if found.sum() <= count:
            best, high = found, int(np.searchsorted(steps, _find_least(reach, found).max()))
        else:
            # Where the search was cut short, the distance may do after all: then the bound stays below it.
            proved = middle + 1 if proved == low and least > count + 1e-6 else proved
            low = middle + 1
    best = _fill(best, count)
    value, bound = float(_find_least(reach, best).max()), float(steps[min(proved, high)])
    return make_plan(best, value, bound, whole=reach.is_whole, sense=1)


def _drop_rows(reach: Reach, kept: BoolArray) -> Reach:
    sizes = np.diff(reach.starts)
    inside = np.repeat(kept, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes[kept])])
    return Reach(starts, reach.site[inside], reach.cost[inside], reach.site_count)


def _find_feasible(reach: Reach, count: int, is_locked: BoolArray, rows: IntArray) -> BoolArray:
    """Find at most `count` sites that reach everybody.

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
    why = f"at least {needed} sites are needed" if needed > count else "no choice of sites was found"
    raise InfeasibleError(
        f"{count} sites can't reach all demand, {why}; no two of these share a site", apart,
        f"Ask for {int(found.sum())} sites, which are enough, or reach farther.",
    )  # fmt: skip


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


def _find_least(reach: Reach, chosen: BoolArray) -> FloatArray:
    """Give the least cost of each row to a chosen site; every row has one."""
    least: FloatArray = np.zeros(0)
    if reach.row_count:
        open_to = np.where(chosen[reach.site], reach.cost, np.inf)
        least = np.minimum.reduceat(open_to, reach.starts[:-1])
    return least


def _fill(chosen: BoolArray, count: int) -> BoolArray:
    """Add the first sites that aren't chosen until there are enough."""
    filled = chosen.copy()
    filled[np.flatnonzero(~chosen)[: count - int(chosen.sum())]] = True
    return filled
