"""What it would cost to be fairer: a least share for each area or group, or a largest distance.

Guaranteed places of groups that lie apart or within one another keep the problem a flow: places come to needs
through their groups, and no group may hand back what is guaranteed to it. Starting from the optimum, each
place that a group lacks comes by the shortest way there is (see `matcher.ways`), so the result is again the
best of its kind: most places of priority 1, then 2, and so on, then least cost, among all assignments that
keep the guarantee. Where no way is left, the groups reached show why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.arguments import check_share, read_real
from matcher.arrays import IntArray, freeze, sum_by_row
from matcher.flow import solve
from matcher.intervals import remake, split_freely
from matcher.layers import can_serve
from matcher.problem import PRIORITIES, CandidateGraph, read_integers
from matcher.quotas import QuotaError, Quotas, make_groups
from matcher.remainder import MOST_URGENT, find_remainder
from matcher.solution import Solution, count_by_priority, make_solution
from matcher.ways import Groups

SHARE_STEPS = 10_000
"""The largest share that can be had is found in steps of one part in so many."""


@dataclass(frozen=True, slots=True)
class Toll:
    """What a rule takes away from the optimum.

    Attributes
    ----------
    places : int
        Places lost in all; below zero: gained.
    places_by_priority : mapping
        Priority 1 to 5 to places lost.
    cost : int
        By how much cost rises; below zero: falls.
    """

    places: int
    places_by_priority: Mapping[int, int]
    cost: int

    @classmethod
    def between(cls, optimum: Solution, other: Solution) -> Toll:
        """What another assignment of the same problem does worse than the optimum."""
        lost = {p: optimum.served_by_priority[p] - other.served_by_priority[p] for p in PRIORITIES}
        return cls(sum(lost.values()), MappingProxyType(lost), other.cost - optimum.cost)


@dataclass(frozen=True, slots=True, eq=False)
class Guarantee:
    """The best assignment that keeps a guarantee.

    Attributes
    ----------
    solution : Solution
        `heuristic` in name, as it is no optimum of the graph alone; of all that keep the guarantee it is the
        best one, whole needs counted as if they could be split.
    toll : Toll
        Against the optimum (where there are whole needs, that of splitting them).
    wanted, least, before, after : int64 arrays (groups)
        Places of each group, promises included: wanted, guaranteed, in the optimum, and now.
    is_exact : bool
        False where there are whole needs.
    """

    solution: Solution
    toll: Toll
    wanted: IntArray
    least: IntArray
    before: IntArray
    after: IntArray
    is_exact: bool


def guarantee_places(
    graph: CandidateGraph,
    solution: Solution,
    group: ArrayLike,
    least: ArrayLike,
    *,
    parent: ArrayLike | None = None,
) -> Guarantee:
    """Find the best assignment in which each group of needs gets at least so many places.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    group : integer array (needs)
        Row of the (smallest) group of each need; -1: none.
    least : integer array (groups)
        Places, promises included.
    parent : integer array (groups), optional
        The group that each group lies in; -1: none. By default all lie apart.

    Raises
    ------
    QuotaError
        A `ValueError`: no assignment gives them all that.
    ValueError
        Arrays that don't fit (see `make_groups`), or hold what is no whole number.
    """
    groups = make_groups(graph, group, parent)
    wanted = read_integers("least", least)
    if wanted.shape != groups.parent.shape:
        raise ValueError(
            f"least has shape {wanted.shape}, expected one entry for each of {len(groups.parent)} groups"
        )
    split, optimum = split_freely(graph, solution)
    quotas = Quotas(split, optimum, groups)
    before = quotas.served
    quotas.raise_to(wanted)
    return _finish(graph, optimum, quotas, groups, wanted, before)


def guarantee_share(
    graph: CandidateGraph,
    solution: Solution,
    group: ArrayLike,
    share: float | Fraction,
    *,
    parent: ArrayLike | None = None,
) -> Guarantee:
    """Find the best assignment in which each group gets at least a share of the places it wants, rounded up.

    Parameters
    ----------
    graph, solution, group, parent
        As in `guarantee_places`.
    share : float or Fraction
        0 to 1, taken to one part in `SHARE_STEPS`.

    Raises
    ------
    QuotaError
        A `ValueError`: not all can have that share. Its `largest_share` says which one they can.
    ValueError
        Arrays that don't fit.
    ArgumentError
        A `ValueError`: a share that is none.
    """
    groups = make_groups(graph, group, parent)
    check_share("share", share)
    steps = round(share * SHARE_STEPS)
    wanted = groups.count(_wanted(graph))
    split, optimum = split_freely(graph, solution)
    quotas = Quotas(split, optimum, groups)
    before, start = quotas.served, quotas.keep()
    least = _part(wanted, steps)
    try:
        quotas.raise_to(least)
    except QuotaError as error:
        quotas.put_back(start)
        error.largest_share = Fraction(_bisect(quotas, wanted, steps), SHARE_STEPS)
        raise
    return _finish(graph, optimum, quotas, groups, least, before)


def price_shares(
    graph: CandidateGraph, solution: Solution, group: ArrayLike, shares: Iterable[Fraction]
) -> list[tuple[Fraction, Guarantee]]:
    """Find the best assignments for one least share after the other, beginning where the last one ended.

    Parameters
    ----------
    graph, solution, group
        As in `guarantee_places`.
    shares : iterable of Fraction
        Rising. From the first that not all can have, none is given.
    """
    groups = make_groups(graph, group)
    wanted = groups.count(_wanted(graph))
    split, optimum = split_freely(graph, solution)
    quotas = Quotas(split, optimum, groups)
    before, found = quotas.served, []
    for share in shares:
        least = _part(wanted, round(share * SHARE_STEPS))
        try:
            quotas.raise_to(least)
        except QuotaError:
            break
        found.append((share, _finish(graph, optimum, quotas, groups, least, before.copy())))
    return found


def largest_share(
    graph: CandidateGraph, solution: Solution, group: ArrayLike, *, parent: ArrayLike | None = None
) -> tuple[Fraction, IntArray]:
    """Find the largest share of what it wants that every group can have at once.

    Parameters
    ----------
    graph, solution, group, parent
        As in `guarantee_places`.

    Returns
    -------
    share : Fraction
        In steps of one part in `SHARE_STEPS`; 1 where all can have all.
    limiting : int64 array
        Rows of the groups that are in each other's way beyond it.
    """
    groups = make_groups(graph, group, parent)
    wanted = groups.count(_wanted(graph))
    quotas = Quotas(*split_freely(graph, solution), groups)
    steps = _bisect(quotas, wanted, SHARE_STEPS + 1)
    limiting = np.zeros(0, np.int64)
    if steps < SHARE_STEPS:
        try:
            quotas.raise_to(_part(wanted, steps + 1))
        except QuotaError as error:
            limiting = error.limiting
    return Fraction(steps, SHARE_STEPS), limiting


def _wanted(graph: CandidateGraph) -> IntArray:
    """Places that needs ask for; where promises give more, all that is promised."""
    locked = np.zeros(graph.need_count, np.int64)
    np.add.at(locked, graph.edge_need, graph.edge_locked)
    return np.maximum(graph.need_quantity, locked)


def _part(wanted: IntArray, steps: int) -> IntArray:
    """A share of places, rounded up without overflow."""
    whole, rest = np.divmod(wanted, SHARE_STEPS)
    return np.asarray(whole * steps - (-rest * steps) // SHARE_STEPS)


def _bisect(quotas: Quotas, wanted: IntArray, above: int) -> int:
    """The largest share in steps that can be had, below one that can't; quotas stand at it then."""
    low, kept = 0, quotas.keep()
    while above - low > 1:
        middle = (low + above) // 2
        try:
            quotas.raise_to(_part(wanted, middle))
        except QuotaError:
            above = middle
            quotas.put_back(kept)
        else:
            low, kept = middle, quotas.keep()
    return low


def _finish(
    graph: CandidateGraph,
    optimum: Solution,
    quotas: Quotas,
    groups: Groups,
    least: IntArray,
    before: IntArray,
) -> Guarantee:
    quotas.ways.check()
    solution = make_solution(graph, quotas.ways.net_flow(), "heuristic")
    figures = groups.count(_wanted(graph)), least, before, quotas.served
    for values in figures:
        freeze(values)
    return Guarantee(solution, Toll.between(optimum, solution), *figures, not graph.need_whole.any())


@dataclass(frozen=True, slots=True, eq=False)
class Capped:
    """The best assignment in which nobody goes farther than a cap.

    Attributes
    ----------
    cap_m : float
    solution : Solution
        Of the whole graph; its status says how good it is among those that keep the cap.
    toll : Toll
        Against the optimum.
    """

    cap_m: float
    solution: Solution
    toll: Toll


def cap_distance(graph: CandidateGraph, solution: Solution, distance_m: ArrayLike, cap_m: float) -> Capped:
    """Find the best assignment in which no place is farther away than a cap.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    distance_m : float array (edges)
        NaN where nobody knows; such pairs stay, and so do promised places.
    cap_m : float

    Raises
    ------
    ArgumentError
        A `ValueError`: a cap that is no number from 0.
    """
    metres = _read_metres(graph, distance_m)
    cap_m = read_real("cap_m", cap_m, low=0)
    return _capped(graph, solution, metres, cap_m)


def smallest_cap(graph: CandidateGraph, solution: Solution, distance_m: ArrayLike) -> Capped | None:
    """Find the smallest cap with which as many places of each priority are served as without one.

    By bisection over the distances in the graph: what a cap serves, a larger one serves too.

    Parameters
    ----------
    graph, solution, distance_m
        As in `cap_distance`.

    Returns
    -------
    Capped or None
        None where no place of the optimum has a known distance to be capped.
    """
    metres = _read_metres(graph, distance_m)
    farthest = metres[(solution.flow > graph.edge_locked) & ~np.isnan(metres)]
    if not len(farthest):
        return None
    caps = np.unique(metres[metres <= farthest.max()])
    low, high = 0, len(caps) - 1
    serves = _serves_whole if graph.need_whole.any() else _serves
    is_enough = serves(graph, solution, metres)
    while low < high:
        middle = (low + high) // 2
        if is_enough(float(caps[middle])):
            high = middle
        else:
            low = middle + 1
    return _capped(graph, solution, metres, float(caps[low]))


def _serves(
    graph: CandidateGraph, solution: Solution, metres: NDArray[np.float64]
) -> Callable[[float], bool]:
    """Tell of a cap whether it serves as many of each priority: places alone say, costs aren't needed."""
    rest = find_remainder(graph)
    locked = count_by_priority(graph, sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count))
    places = {MOST_URGENT - p: solution.served_by_priority[p] - locked[p] for p in PRIORITIES}
    places = {weight: places[weight] for weight in np.unique(rest.need_weight).tolist()}
    away = metres[rest.edge_row]
    return lambda cap_m: can_serve(rest, places, np.flatnonzero(~(away > cap_m)))


def _serves_whole(
    graph: CandidateGraph, solution: Solution, metres: NDArray[np.float64]
) -> Callable[[float], bool]:
    """Do the same where needs may not be split, so that only solving tells."""

    def is_enough(cap_m: float) -> bool:
        toll = _capped(graph, solution, metres, cap_m).toll
        return not any(toll.places_by_priority.values())

    return is_enough


def _read_metres(graph: CandidateGraph, distance_m: ArrayLike) -> NDArray[np.float64]:
    metres = np.asarray(distance_m, dtype=np.float64)
    if metres.shape != (graph.edge_count,):
        raise ValueError(f"distance_m has shape {metres.shape}, expected {graph.edge_count} entries")
    return metres


def _capped(graph: CandidateGraph, solution: Solution, metres: NDArray[np.float64], cap_m: float) -> Capped:
    inside = np.flatnonzero(~(metres > cap_m) | (graph.edge_locked > 0))
    far = metres[inside] > cap_m
    own = None if graph.edge_capacity is None else graph.edge_capacity[inside]
    if far.any():
        # Promised places stay, however far; no further ones come beside them.
        most = graph.need_quantity[graph.edge_need[inside]] if own is None else own
        own = np.where(far, graph.edge_locked[inside], most)
    some = remake(
        graph,
        edge_need=graph.edge_need[inside],
        edge_offer=graph.edge_offer[inside],
        edge_cost=graph.edge_cost[inside],
        edge_locked=graph.edge_locked[inside],
        edge_capacity=own,
    )
    found = solve(some)
    flow = np.zeros(graph.edge_count, np.int64)
    flow[inside] = found.flow - some.edge_locked
    capped = make_solution(graph, flow, found.status)
    return Capped(cap_m, capped, Toll.between(solution, capped))
