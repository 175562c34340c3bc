"""What lies beside the optimum, for a planner: where a place more would help, and what else would cost.

Where one place more would help most; what it would cost in places, people and metre-equivalents to give every
area (or group of people) a fair share, to let nobody go farther than need be, and to let both sides choose.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, Literal

import numpy as np

from matcher.fairness import Toll, guarantee_share, largest_share, smallest_cap
from matcher.instance import PROJECTS, Instance, Ints
from matcher.intervals import Help, price_intervals, split_freely, where_a_place_helps
from matcher.leaving import lose_each
from matcher.match import Part
from matcher.quotas import MOST_GROUPS, QuotaError
from matcher.remainder import find_open_edges, take_promises_off
from matcher.report import figures
from matcher.sentences import Sentences
from matcher.solution import Solution
from matcher.stable import price_stability

Json = dict[str, Any]
By = Literal["area", "group"]

SHOWN: Final = 10
"""So many places where one more would help are given unless more are asked for."""


def beside_document(
    part: Part, *, by: By = "area", share: float | None = None, limit: int | None = SHOWN
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
        So many places where one more would help at most.

    Returns
    -------
    dict
        `exact` (False: whole needs are counted as if they could be split, here and in all tolls),
        `more_places`, `fair_share`, `distance_cap`, `stability`, and `if_one_leaves` [{`unit`, `places`,
        `exact`}]: places (a project's unit counts as one) that nobody else could serve if the unit left with
        what it promised, most first, `limit` at most; at least so many where that isn't `exact`. A toll has
        `places`, `places_by_priority` (lost), `people_reached` (fewer) and `cost` (more).
    """
    graph, optimum = split_freely(part.instance.graph, part.solution)
    return {
        "exact": graph is part.instance.graph,
        "more_places": [
            _help_json(part.instance, item)
            for item in where_a_place_helps(graph, price_intervals(graph, optimum), limit)
        ],
        "fair_share": _fair_share(part.instance, optimum, by, share),
        "distance_cap": _distance_cap(part.instance, optimum),
        "stability": _stability(part.instance, optimum),
        "if_one_leaves": _losses(part, limit),
    }


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


def _help_json(instance: Instance, item: Help) -> Json:
    """One place where one more would help, as JSON values with a sentence."""
    supply = instance.supply
    unit_row = item.row if item.kind == "unit" else int(supply.unit[item.row])
    of_projects = item.kind != "unit" and supply.kind[item.row] == PROJECTS
    row: Json = {
        "kind": {"offer": "max_claims", "both": "max_claims_and_total"}.get(item.kind, item.kind)
        if of_projects
        else {"both": "offer_and_total", "unit": "total"}.get(item.kind, item.kind),
        "offer": None if item.kind == "unit" or of_projects else supply.ids[item.row],
        "unit": instance.unit_ids[unit_row],
        "more_priority": item.more or None,
        "less_priority": item.less or None,
        "cost_saved": item.cost,
    }
    name = Sentences(instance).party(row["unit"])
    title = instance.snapshot.column("offers", "title")[supply.table_row[item.row]] if row["offer"] else ""
    what = _KINDS[row["kind"]]
    texts = []
    for at, gain in enumerate(_gain(item)):
        texts.append(_HELP[at].format(unit=f"{name}“{title}”" if title else name, what=what[at], gain=gain))
    return {**row, "sentence_zh": texts[0], "sentence_en": texts[1]}


_KINDS: Final = {
    "offer": ("这项资源多一个名额", "one place more of this offer"),
    "total": ("总承载量多一个", "one place more in all"),
    "offer_and_total": ("这项资源和总承载量各多一个", "one place more of this offer and in all"),
    "max_claims": ("可认领的项目多一个", "one project more"),
    "max_claims_and_total": ("可认领的项目和总承载量各多一个", "one project more, and one place in all"),
}
_HELP: Final = ("{unit}：{what}，{gain}。", "{unit}: {what} would {gain}.")


def _gain(item: Help) -> tuple[str, str]:
    saved = (
        f"代价{'少' if item.cost >= 0 else '多'}{abs(item.cost)}米（折算）",
        f"{'save' if item.cost >= 0 else 'cost'} {abs(item.cost)} metres (or their equivalent)",
    )
    if item.more == item.less:
        return saved
    zh, en = f"多服务一项次优先级{item.more}的需求", f"serve one place more of priority {item.more}"
    if item.less:
        zh, en = f"{zh}（少一项次优先级{item.less}的）", f"{en} (one fewer of priority {item.less})"
    return f"{zh}，{saved[0]}", f"{en} and {saved[1]}"


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
    row: Json = {
        "by": by,
        "largest_share": float(largest),
        "limited_by": [names[at] for at in limiting.tolist()],
        "left_out": [names[at] for at in left_out],
        "share": float(asked),
        "toll": None,
        "groups": [],
    }
    try:
        found = guarantee_share(optimum.graph, optimum, group, asked)
    except QuotaError:
        return row
    row["toll"] = _toll_json(instance, optimum, found.solution)
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
    """The smallest cap that still serves as many, and its toll; None where no distance counts."""
    metres = instance.pairs.distance_m
    found = smallest_cap(optimum.graph, optimum, metres)
    if found is None:
        return None
    used = metres[(optimum.flow > optimum.graph.edge_locked) & ~np.isnan(metres)]
    return {
        "farthest_m": round(float(used.max()), 1),
        "cap_m": round(found.cap_m, 1),
        "toll": _toll_json(instance, optimum, found.solution),
    }


def _stability(instance: Instance, optimum: Solution) -> Json:
    """What it would mean to let both sides choose: needs the cheapest, offers the most urgent first."""
    found = price_stability(optimum.graph, optimum)
    return {
        "blocking_pairs": len(found.blocking),
        "by_needs": _toll_json(instance, optimum, found.by_needs),
        "by_offers": _toll_json(instance, optimum, found.by_offers),
    }
