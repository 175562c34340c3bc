"""Sites that hold only so many: the same problems with capacities, demand split freely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.wording import word
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray, MatrixError, Reach
from matcher.problem import CandidateGraph
from matcher.sites.merged import choose_cover
from matcher.sites.others import search_others
from matcher.sites.plan import Apart, InfeasibleError, SitePlan, Wished, is_whole, make_plan, with_others
from matcher.sites.program import MOST_ENTRIES, MOST_NODES

_INFEASIBLE = 2


def cover_within_capacity(
    reach: Reach,
    people: FloatArray,
    room: FloatArray,
    count: int,
    is_locked: BoolArray,
    *,
    gap: float,
    seed: int,
    wished: Wished,
) -> SitePlan:
    """Choose sites that serve the most demand; see `maximal_cover`."""
    whole = is_whole(people) and is_whole(room)
    free = np.sort(room[~is_locked])[::-1][: count - int(is_locked.sum())]
    most = min(float(people.sum()), float(room[is_locked].sum() + free.sum()))
    if len(reach.site) <= MOST_ENTRIES:
        first = _run(reach, people, room, count, is_locked, serve_all=False)
        return with_others(
            make_plan(
                solved.chosen, float(solved.places.sum()), min(-solved.bound, most), whole=whole, sense=-1
            )
            for solved in _search_all(first, wished, is_locked, (reach, people, room, count), serve_all=False)
            if solved.places is not None
        )
    if not whole:
        raise MatrixError(**word("cover_too_large", pairs=len(reach.site), most=MOST_ENTRIES))
    # Without capacities no choice covers less, so that this bound holds with them.
    found = choose_cover(reach, people, count, is_locked, gap=gap, seed=seed, wished=wished)
    bound = min(float(people.sum()) - found[0][1], most)
    plans = [
        make_plan(chosen, float(_place(reach, people, room, chosen).sum()), bound, whole=True, sense=-1)
        for chosen, _ in found
    ]
    # What covers more may have less room.
    return with_others(sorted(plans, key=lambda plan: -plan.value))


def find_median_within_capacity(
    reach: Reach, people: FloatArray, room: FloatArray, count: int, is_locked: BoolArray, rows: IntArray,
    wished: Wished,
) -> SitePlan:  # fmt: skip
    """Choose sites so that all demand has room and the shortest ways; see `p_median`.

    Raises
    ------
    InfeasibleError
        No such sites have room for all; demand that the most roomy choice leaves out is named.
    MatrixError
        More pairs than can be searched with capacities.
    """
    if len(reach.site) > MOST_ENTRIES:
        raise MatrixError(**word("cost_too_large", pairs=len(reach.site), most=MOST_ENTRIES))
    solved = _run(reach, people, room, count, is_locked, serve_all=True)
    if solved.places is None:
        if solved.bound < 0:
            raise MatrixError(**word("room_search_cut"))
        roomy = _run(reach, people, room, count, is_locked, serve_all=False)
        served = np.bincount(reach.row, roomy.places, len(people))
        raise InfeasibleError("no_room_at_sites", rows[served < people - 1e-6], count=count)
    whole = reach.is_whole and is_whole(people) and is_whole(room)
    return with_others(
        make_plan(one.chosen, float((one.places * reach.cost).sum()), one.bound, whole=whole, sense=1)
        for one in _search_all(solved, wished, is_locked, (reach, people, room, count), serve_all=True)
        if one.places is not None
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """What the solver found: sites, places on each pair (None: no such sites), and a bound from below."""

    chosen: BoolArray
    places: FloatArray | None
    bound: float


def _search_all(
    first: _Solved, wished: Wished, is_locked: BoolArray,
    problem: tuple[Reach, FloatArray, FloatArray, int], *, serve_all: bool,
) -> list[_Solved]:  # fmt: skip
    """The first answer and the further ones wished for, each searched as a whole."""
    found = [first]

    def search(apart: Apart) -> tuple[BoolArray | None, float]:
        solved = _run(*problem, is_locked, serve_all=serve_all, apart=apart)
        if solved.places is None:
            return None, solved.bound
        found.append(solved)
        return solved.chosen, solved.bound

    list(search_others(first.chosen, is_locked, wished, search))
    return found


def _run(
    reach: Reach,
    people: FloatArray,
    room: FloatArray,
    count: int,
    is_locked: BoolArray,
    *,
    serve_all: bool,
    apart: Apart | None = None,
) -> _Solved:
    """Choose sites and places on pairs: all demand at the least cost, or as much as there is room for."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array, diags_array, eye_array

    pairs, sites = len(reach.site), len(room)
    number = np.arange(pairs)
    of_row = csr_array((np.ones(pairs), (reach.row, number)), shape=(len(people), pairs))
    of_site = csr_array((np.ones(pairs), (reach.site, number)), shape=(sites, pairs))
    most = np.minimum(people[reach.row], room[reach.site])
    opened = csr_array((-most, (number, reach.site)), shape=(pairs, sites))
    rules = [
        LinearConstraint(
            block_array([[of_row, csr_array((len(people), sites))]]), people if serve_all else 0.0, people
        ),
        LinearConstraint(block_array([[of_site, -diags_array(room)]]), -np.inf, 0.0),
        LinearConstraint(block_array([[eye_array(pairs), opened]]), -np.inf, 0.0),
        LinearConstraint(np.append(np.zeros(pairs), np.ones(sites))[None], count, count),
    ]
    for amount, limit in () if apart is None else apart.limits(is_locked):
        rules.append(LinearConstraint(np.append(np.zeros(pairs), amount)[None], -np.inf, limit))
    found = milp(
        np.append(reach.cost if serve_all else -np.ones(pairs), np.zeros(sites)), constraints=rules,
        bounds=Bounds(np.append(np.zeros(pairs), is_locked), np.append(most, np.ones(sites))),
        integrality=np.append(np.zeros(pairs), np.ones(sites)),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )  # fmt: skip
    if found.x is None:
        return _Solved(is_locked, None, float("inf") if found.status == _INFEASIBLE else -float("inf"))
    chosen = found.x[pairs:] > 0.5
    if is_whole(people) and is_whole(room) and reach.is_whole:
        places = _place(reach, people, room, chosen)
    else:
        places = np.maximum(found.x[:pairs], 0.0)
    return _Solved(chosen, places, float(found.mip_dual_bound))


def _place(reach: Reach, people: FloatArray, room: FloatArray, chosen: BoolArray) -> FloatArray:
    """Give the places on each pair: the most that the chosen sites can serve, by the shortest ways."""
    from matcher.flow import solve

    edges = np.flatnonzero(chosen[reach.site])
    graph = CandidateGraph(
        people, np.ones(len(people), np.int8), room, reach.row[edges], reach.site[edges], reach.cost[edges]
    )
    places = np.zeros(len(reach.site))
    places[edges] = solve(graph).flow
    return places
