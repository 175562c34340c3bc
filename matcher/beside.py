"""What lies beside the optimum, for a planner: where a place more would help, and what else would cost.

Where one place more would help most; what it would cost in places, people and metre-equivalents to give every
area (or group of people) a fair share, to let nobody go farther than need be, and to let both sides choose.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import floor
from typing import Any, Final, Literal, get_args

import numpy as np

from matcher.beside_places import list_places
from matcher.blocking import list_blocking
from matcher.fairness import (
    Toll,
    cap_distance,
    largest_share,
    price_shares,
    smallest_cap,
)
from matcher.instance import Instance, Ints
from matcher.intervals import price_intervals, split_freely
from matcher.leaving import lose_each
from matcher.match import Part
from matcher.quotas import MOST_GROUPS
from matcher.remainder import find_open_edges, take_promises_off
from matcher.report import figures
from matcher.solution import Solution
from matcher.stable import price_stability

Json = dict[str, Any]
By = Literal["area", "group"]

Named = Literal["more_places", "fair_share", "distance_cap", "stability", "if_one_leaves"]

PARTS: Final[tuple[Named, ...]] = get_args(Named)
"""What the document consists of."""

SHOWN: Final = 10
"""So many rows of each list are given unless more are asked for."""

_STEPS: Final = 4
"""A fair share and a distance cap are priced in so many steps."""


def beside_document(
    part: Part,
    *,
    by: By = "area",
    share: float | None = None,
    limit: int | None = SHOWN,
    parts: Collection[Named] = PARTS,
    of: str | None = None,
) -> Json:
    """Give the document of `linli beside`.

    Parameters
    ----------
    part : Part
    by : {"area", "group"}
        What gets a fair share: areas, or groups of people (对象).
    share : float, optional
        Of the places that each wants; by default the largest that all can have at once.
    limit : int, optional
        So many places where one more would help, pairs that block and units at most.
    parts : collection of str
        Which of `PARTS` are worked out; the others are left out.
    of : str, optional
        Id of the unit whose places alone are told of where one more or less is.

    Returns
    -------
    dict
        `exact` (False: whole needs are counted as if they could be split, here and in all tolls),
        `more_places` with `less_places` (see `matcher.beside_places`), `fair_share`, `distance_cap`,
        `stability`, and `if_one_leaves` [{`unit`, `places`, `exact`}]: places (a project's unit counts as
        one) that nobody else could serve if the unit left with what it promised, most first, `limit` at
        most; at least so many where that isn't `exact`. A toll has `places`, `places_by_priority` (lost),
        `people_reached` (fewer) and `cost` (more). Where no share is asked for, `steps` go from `share_now`,
        what the worst served have, to the largest one; those of a distance cap go down from the smallest.
    """
    instance = part.instance
    document: Json = {"exact": not instance.graph.need_whole.any()}
    if set(parts) - {"if_one_leaves"}:
        graph, optimum = split_freely(instance.graph, part.solution)
    if "more_places" in parts:
        document |= list_places(instance, graph, price_intervals(graph, optimum), limit, of)
    if "fair_share" in parts:
        document["fair_share"] = _fair_share(instance, optimum, by, share)
    if "distance_cap" in parts:
        document["distance_cap"] = _distance_cap(instance, optimum)
    if "stability" in parts:
        document["stability"] = _stability(instance, optimum, limit)
    if "if_one_leaves" in parts:
        document["if_one_leaves"] = _losses(part, limit)
    return document


def _losses(part: Part, limit: int | None) -> list[Json]:
    """Units with what would be lost if they left; those left out of which it is sure that it is nothing."""
    found = lose_each(part.instance.graph, part.solution)
    order = np.argsort(-found.places, kind="stable")
    order = order[(found.places[order] > 0) | ~found.is_exact[order]]
    return [
        {
            "unit": str(part.instance.unit_ids[row]),
            "places": int(found.places[row]),
            "exact": bool(found.is_exact[row]),
        }
        for row in order[:limit].tolist()
    ]


def _toll_json(instance: Instance, before: Solution, after: Solution) -> Json:
    toll = Toll.between(before, after)
    people = [figures(instance, solution.flow)["people_reached"] for solution in (before, after)]
    return {
        "places": toll.places,
        "places_by_priority": {str(p): lost for p, lost in toll.places_by_priority.items()},
        "people_reached": people[0] - people[1],
        "cost": toll.cost,
    }


def _fair_share(instance: Instance, optimum: Solution, by: By, share: float | None) -> Json:
    """The largest share that all areas (or groups) can have at once, and the toll of the share asked for.

    Areas that can have nothing whatever is done are left out and named.
    """
    group, names = _group(instance, by)
    group, left_out = _leave_out(optimum, group)
    largest, limiting = largest_share(optimum.graph, optimum, group)
    asked = largest if share is None else Fraction(share).limit_denominator(10_000)
    now = _least_share(optimum, group)
    row: Json = {
        "by": by,
        "largest_share": float(largest),
        "limited_by": [names[at] for at in limiting.tolist()],
        "left_out": [names[at] for at in left_out],
        "share_now": float(now),
        "share": float(asked),
        "toll": None,
        "steps": [],
        "groups": [],
    }
    shares = _shares(now, largest) if share is None else [asked]
    steps = price_shares(optimum.graph, optimum, group, shares)
    if not steps:
        return row
    found = steps[-1][1]
    row["toll"] = _toll_json(instance, optimum, found.solution)
    if share is None:
        row["steps"] = [
            {"share": float(step), "toll": _toll_json(instance, optimum, priced.solution)}
            for step, priced in steps
        ]
    row["groups"] = [
        {"id": names[at], "wanted": wanted, "least": least, "before": before, "after": after}
        for at, (wanted, least, before, after) in enumerate(
            zip(
                *(part.tolist() for part in (found.wanted, found.least, found.before, found.after)),
                strict=True,
            )
        )
        if wanted
    ]
    return row


def _least_share(optimum: Solution, group: Ints) -> Fraction:
    """The share that the worst served group has now; 1 where there is none."""
    known = group >= 0
    size = int(group.max(initial=-1)) + 1
    wanted, served = (
        np.bincount(group[known], weights=places[known], minlength=size).astype(np.int64)
        for places in (optimum.graph.need_quantity, optimum.served)
    )
    return min(
        (Fraction(int(served[at]), int(wanted[at])) for at in np.flatnonzero(wanted)), default=Fraction(1)
    )


def _shares(now: Fraction, largest: Fraction) -> list[Fraction]:
    """Shares in even steps from what all have now to the largest, in whole percent below it."""
    steps = [now + (largest - now) * at / _STEPS for at in range(1, _STEPS)]
    percents = dict.fromkeys(Fraction(floor(100 * step), 100) for step in steps)
    return [*(share for share in percents if now < share < largest), largest]


def _leave_out(optimum: Solution, group: Ints) -> tuple[Ints, list[int]]:
    """Leave out the groups of which no need can be given a single place, whatever others get."""
    graph = optimum.graph
    open_edges = find_open_edges(graph, take_promises_off(graph))
    reached = np.zeros(int(group.max(initial=-1)) + 2, dtype=bool)
    reached[group[graph.edge_need[open_edges | (graph.edge_locked > 0)]]] = True
    wanted = np.zeros(len(reached), dtype=np.int64)
    np.add.at(wanted, group, graph.need_quantity)
    left_out = np.flatnonzero(~reached[:-1] & (wanted[:-1] > 0))
    return np.where(np.isin(group, left_out), -1, group), left_out.tolist()


def _group(instance: Instance, by: By) -> tuple[Ints, list[str | None]]:
    """Number of each need's area or group (-1: unknown, or a project), and their names.

    Areas are the smallest known; where these are too many, sub-districts.
    """
    demand, snapshot = instance.demand, instance.snapshot
    names = np.full(len(demand), None, dtype=object)
    of_needs = np.flatnonzero(~demand.is_project)
    if by == "area":
        names[of_needs] = demand.area_id[of_needs]
    else:
        names[of_needs] = snapshot.column("needs", "group")[demand.table_row[of_needs]]
    if by == "area" and len(set(names.tolist())) > MOST_GROUPS:
        ids = [*snapshot.ids("areas").tolist(), None]
        names[of_needs] = [ids[row] for row in demand.sites.subdistrict[of_needs].tolist()]
    known = sorted({name for name in names.tolist() if name})
    number = {name: at for at, name in enumerate(known)}
    return np.array([number.get(name, -1) for name in names.tolist()], dtype=np.int64), [*known]


def _distance_cap(instance: Instance, optimum: Solution) -> Json | None:
    """The smallest cap that still serves as many, and its toll; None where no distance counts.

    The steps are smaller caps, which do cost places.
    """
    metres = instance.pairs.distance_m
    found = smallest_cap(optimum.graph, optimum, metres)
    if found is None:
        return None
    used = metres[(optimum.flow > optimum.graph.edge_locked) & ~np.isnan(metres)]
    return {
        "farthest_m": round(float(used.max()), 1),
        "cap_m": round(found.cap_m, 1),
        "toll": _toll_json(instance, optimum, found.solution),
        "steps": [
            {"cap_m": cap, "toll": _toll_json(instance, optimum, capped.solution)}
            for cap in _smaller_caps(found.cap_m)
            for capped in [cap_distance(optimum.graph, optimum, metres, cap)]
        ],
    }


def _smaller_caps(cap_m: float) -> list[float]:
    """Caps below one in even steps, the largest first, in round metres where they are large."""
    caps = [cap_m * at / _STEPS for at in range(_STEPS - 1, 0, -1)]
    rounded = [float(round(cap, -2 if cap_m >= 10 * _ROUND_M else 0)) for cap in caps]
    return [cap for cap in dict.fromkeys(rounded) if 0 < cap < cap_m]


_ROUND_M: Final = 100


def _stability(instance: Instance, optimum: Solution, limit: int | None) -> Json:
    """What it would mean to let both sides choose: needs the cheapest, offers the most urgent first."""
    found = price_stability(optimum.graph, optimum)
    return {
        "blocking_pairs": len(found.blocking),
        "pairs": list_blocking(instance, optimum, found.blocking, limit),
        "by_needs": _toll_json(instance, optimum, found.by_needs),
        "by_offers": _toll_json(instance, optimum, found.by_offers),
    }
