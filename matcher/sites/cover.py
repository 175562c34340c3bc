"""Stations by whom they cover: the most with p of them, and everybody with the fewest or cheapest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from graph.wording import word
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray, MatrixError, read_amounts, read_cover
from matcher.sites.budget import cover_within_budget, read_budget
from matcher.sites.capacity import cover_within_capacity
from matcher.sites.covering import find_covers
from matcher.sites.merged import choose_cover, find_covered
from matcher.sites.plan import (
    SitePlan,
    Wished,
    check_count,
    check_gap,
    check_plans,
    check_reached,
    is_whole,
    make_plan,
    read_locked,
    with_others,
)
from matcher.sites.wide import choose_widely, is_wide, list_pairs


def maximal_cover(
    cover: Any,
    weight: ArrayLike,
    p: int | None = None,
    *,
    locked: Iterable[int] = (),
    capacity: ArrayLike | None = None,
    gap: float = 0.0,
    seed: int = 0,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    plans: int = 1,
    differ: int = 1,
) -> SitePlan:
    """Choose p sites that cover the most demand: the maximal covering location problem.

    Maximise ``sum(w_i z_i)`` where ``z_i <= sum(y_j for sites j that cover i)``, ``sum(y_j) == p``, y binary.
    Of more than 5,000,000 pairs one plan is chosen greedily and by prices, and says how near it is; memory is
    four bytes a pair beside the matrix then.
    With capacities the demand of a point may be split among sites that cover it: maximise ``sum(f_ij)`` where
    ``sum_j f_ij <= w_i`` and ``sum_i f_ij <= capacity_j y_j``. With a budget ``sum(cost_j y_j) <= budget``
    for the new sites, of which p or fewer are taken.

    Parameters
    ----------
    cover : sparse matrix or array_like (demand, sites)
        Every stored entry of a sparse matrix covers, zeros too; of a dense one every nonzero.
    weight : array_like (demand)
        People, or unmet places, at least 0.
    p : int, optional
        How many sites, the locked ones included. May be left out where there is a budget.
    locked : iterable of int
        Sites that exist already; they cost nothing more.
    capacity : array_like (sites), optional
        In units of `weight`.
    gap : float
        Part of the value by which the answer may fall short; 0: as good as can be.
    seed : int
        Order in which exchanges are tried where that matters.
    cost : array_like (sites), optional
        What each site costs, at least 0; only together with a budget, where every site costs 1 without it.
    budget : float, optional
        What the new sites may cost together. Not together with capacities.
    plans, differ : int
        How many plans at most, and how many of the new sites of each the others leave out at least; see
        `SitePlan.others`.

    Returns
    -------
    SitePlan
        With exactly p sites (with a budget: p at most); sites that add nothing fill up the number. The bound
        is from above.

    Raises
    ------
    MatrixError
        Amounts, matrices or settings that make no sense.

    References
    ----------
    Church, R., & ReVelle, C. (1974). The maximal covering location problem. Papers of the Regional Science
    Association, 32, 101-118.
    """
    people = read_amounts("weight", weight)
    gap, wished = check_gap(gap), check_plans(plans, differ)
    is_limited = any(given is not None for given in (capacity, cost, budget))
    if is_wide(cover) and p is not None and plans == 1 and not is_limited:
        return _cover_widely(cover, people, p, locked, gap)
    reach = read_cover(cover, rows=len(people))
    is_locked = read_locked(locked, reach.site_count)
    if budget is not None or cost is not None or p is None:
        if capacity is not None:
            raise MatrixError(**word("capacity_and_budget"))
        money = read_budget(cost, budget, p, is_locked)
        return cover_within_budget(reach, people, money, is_locked, gap=gap, wished=wished)
    count = check_count(p, is_locked)
    if capacity is not None:
        room = read_amounts("capacity", capacity, length=reach.site_count, like="the columns of cover")
        return cover_within_capacity(reach, people, room, count, is_locked, gap=gap, seed=seed, wished=wished)
    found = choose_cover(reach, people, count, is_locked, gap=gap, seed=seed, wished=wished)
    whole, total = is_whole(people), float(people.sum())
    return with_others(
        make_plan(
            chosen, float(people[find_covered(reach, chosen)].sum()), total - missed, whole=whole, sense=-1
        )
        for chosen, missed in found
    )


def _cover_widely(cover: Any, people: FloatArray, p: int, locked: Iterable[int], gap: float) -> SitePlan:
    """The largest cover of very many pairs: near enough if that can be had, and how near in any case."""
    wide = list_pairs(cover, people)
    is_locked = read_locked(locked, wide.sites)
    chosen, bound = choose_widely(wide, check_count(p, is_locked), is_locked, gap=gap)
    return make_plan(chosen, wide.add_up(chosen), bound, whole=is_whole(people), sense=-1)


def set_cover(
    cover: Any, *, cost: ArrayLike | None = None, locked: Iterable[int] = (), gap: float = 0.0,
    plans: int = 1, differ: int = 1,
) -> SitePlan:  # fmt: skip
    """Cover all demand with the fewest sites, or at the least cost: the location set covering problem.

    Minimise ``sum(cost_j y_j)`` where ``sum(y_j for sites j that cover i) >= 1`` for every i, y binary.
    The search ends after bounded work; where that isn't enough the plan is bounded.

    Parameters
    ----------
    cover : sparse matrix or array_like (demand, sites)
        As for `maximal_cover`.
    cost : array_like (sites), optional
        At least 0. Left out: every site costs 1.
    locked : iterable of int
        Sites that exist already; their costs count.
    gap : float
        Part of the value by which the answer may be dearer than the cheapest.
    plans, differ : int
        How many plans at most, and how many of the new sites of each the others leave out at least; see
        `SitePlan.others`.

    Returns
    -------
    SitePlan
        The value is the cost of all chosen sites. The bound is from below.

    Raises
    ------
    InfeasibleError
        Some demand is covered by no site; it is named.
    MatrixError
        Costs, matrices or settings that make no sense.

    References
    ----------
    Toregas, C., Swain, R., ReVelle, C., & Bergman, L. (1971). The location of emergency service facilities.
    Operations Research, 19(6), 1363-1373.
    """
    reach = read_cover(cover)
    sites = reach.site_count
    price = (
        np.ones(sites) if cost is None else read_amounts("cost", cost, length=sites, like="cover's columns")
    )
    is_locked, gap, wished = read_locked(locked, sites), check_gap(gap), check_plans(plans, differ)
    check_reached(reach.starts, np.ones(reach.row_count, np.bool_))
    found = cover_all(reach.starts, reach.site, price, is_locked, gap=gap, wished=wished)
    return with_others(
        make_plan(chosen, float(price[chosen].sum()), bound, whole=is_whole(price), sense=1)
        for chosen, bound in found
    )


def cover_all(
    starts: IntArray, site: IntArray, price: FloatArray, is_locked: BoolArray, *, gap: float = 0.0,
    enough: float | None = None, wished: Wished | None = None,
) -> list[tuple[BoolArray, float]]:  # fmt: skip
    """Find covers with the locked sites, each with a bound on the cost of such covers; see `find_covers`."""
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    done = np.zeros(len(starts) - 1, np.bool_)
    done[row[is_locked[site]]] = True
    kept = ~done[row]
    rest = np.concatenate([[0], np.cumsum(np.diff(starts)[~done])])
    fixed = float(price[is_locked].sum())
    found = find_covers(
        rest, site[kept], price, whole=is_whole(price), gap=gap, wished=wished or Wished(),
        enough=None if enough is None else enough - fixed,
    )  # fmt: skip
    return [(chosen | is_locked, bound + fixed) for chosen, bound in found]
