"""Stations by how far people go in all: the p-median."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matcher.arrays import BoolArray
from matcher.matrices import Reach, read_amounts, read_costs
from matcher.sites.choice import Choice
from matcher.sites.choosing import choose
from matcher.sites.feasible import find_feasible, find_least
from matcher.sites.others import choose_others
from matcher.sites.plan import (
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
    location. Geographical Analysis, 2(1), 30-42. Avella, P., Sassano, A., & Vasil'ev, I. (2007).
    Computational study of large-scale p-median problems. Mathematical Programming, 109(1), 89-114.
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
    # Where everybody reaches every site, any choice will do to start from.
    is_full = count > 0 and len(reach.site) == len(people) * reach.site_count
    start = None if is_full else find_feasible(reach, count, is_locked, rows)
    cost_of = reach.cost * people[reach.row]
    whole = reach.is_whole and is_whole(people)
    # Paying this once is dearer than any choice that reaches everybody.
    beyond = float(np.maximum.reduceat(cost_of, reach.starts[:-1]).sum()) + 1 if len(people) else 0.0
    choice = Choice.sort(
        reach.starts, reach.site, cost_of, np.full(len(people), beyond), is_locked, count, people,
        whole=whole, limit=beyond if len(people) else np.inf,
    )  # fmt: skip
    first = choose(choice, gap=gap, seed=seed, start=start, by_cases=True)
    found = [(first.chosen, first.bound)]
    if wished.plans > 1:
        found += choose_others(choice, first, wished, gap=gap, seed=seed)
    return with_others(
        make_plan(chosen, float((find_least(reach, chosen) * people).sum()), bound, whole=whole, sense=1)
        for chosen, bound in found
    )


def _drop_rows(reach: Reach, kept: BoolArray) -> Reach:
    sizes = np.diff(reach.starts)
    inside = np.repeat(kept, sizes)
    starts = np.concatenate([[0], np.cumsum(sizes[kept])])
    return Reach(starts, reach.site[inside], reach.cost[inside], reach.site_count)
