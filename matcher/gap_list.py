"""Gaps as planners read them: one for each certificate, else one for each reason, category and area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graph.taxonomy import REASONS
from matcher.certificates import Certificate
from matcher.instance import PROJECTS, Instance, Ints
from matcher.reasons import HELD_BY_RULE, NO_CAPACITY, WHOLE, Reasons
from matcher.refusals import Refusals
from matcher.shortages import Shortages

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Unserved places that have one reason and belong together.

    Attributes
    ----------
    reason : str
    category, area : str or None
        None where mixed or unknown.
    by_category, by_area : dict
        Places; an unknown one is the empty text.
    places, people : int
        People of the needs that lack at least one of these places, an unknown number as 1.
    priority : int
        The most urgent one among them.
    needs : tuple of str
        Ids of the unserved, of projects where `of_projects`.
    assumed : bool
        It rests on a capacity or a reach that nobody stated: that of a holder of the certificate, or of an
        offer that would be left if it reached further.
    certificate : dict or None
        JSON value, for `no_capacity` alone.
    detail : dict
        What else there is to say about the reason, as JSON values.
    of_projects : bool
    fix : dict or None
        The cheapest action that helps, as JSON value, where one was worked out; see `matcher.actions.fixes`.
    """

    reason: str
    category: str | None
    area: str | None
    by_category: dict[str, int]
    by_area: dict[str, int]
    places: int
    people: int
    priority: int
    needs: tuple[str, ...]
    assumed: bool
    certificate: Json | None = None
    detail: Json = field(default_factory=dict)
    of_projects: bool = False
    fix: Json | None = None

    def to_json(self) -> Json:
        """The gap as the contract has it; a project's with `projects` in the place of `needs`."""
        return {
            "reason": self.reason,
            "category": self.category,
            "area": self.area,
            "by_category": self.by_category,
            "by_area": self.by_area,
            "places": self.places,
            "people": self.people,
            "priority": self.priority,
            "projects" if self.of_projects else "needs": list(self.needs),
            "assumed": self.assumed,
            "certificate": self.certificate,
            "fix": self.fix,
            **self.detail,
        }


def list_gaps(instance: Instance, reasons: Reasons, *, projects: bool) -> list[Gap]:
    """List the gaps of needs, or of projects: most people first, then the more urgent, then the larger.

    Equal ones come in the contract's order of reasons, then by their first need.
    """
    shortages = reasons.of_projects if projects else reasons.of_needs
    found = [*_short(instance, shortages, projects=projects), *_others(instance, reasons, projects=projects)]
    return sorted(
        found, key=lambda g: (-g.people, g.priority, -g.places, REASONS.index(g.reason), g.needs[0])
    )


def _short(instance: Instance, shortages: Shortages, *, projects: bool) -> Iterator[Gap]:
    for certificate in shortages.certificates:
        rows = certificate.needs[shortages.no_capacity[certificate.needs] > 0]
        written = certificate_json(instance, shortages, certificate, projects=projects)
        yield _gap(
            instance,
            NO_CAPACITY,
            rows,
            shortages.no_capacity[rows],
            assumed=any(holder["assumed"] for holder in written["holders"]),
            certificate=written,
        )


def _others(instance: Instance, reasons: Reasons, *, projects: bool) -> Iterator[Gap]:
    """Gaps for other reasons than capacity, grouped by reason, category and area."""
    demand = instance.demand
    mine = demand.is_project == projects
    groups: dict[tuple[int, str | None, str | None], list[int]] = {}
    lost = mine & (reasons.reason >= 0) & (reasons.reason < NO_CAPACITY)
    for rows, fixed in ((lost, None), (mine & (reasons.held > 0), HELD_BY_RULE)):
        for row in np.flatnonzero(rows).tolist():
            reason = int(reasons.reason[row]) if fixed is None else fixed
            groups.setdefault((reason, demand.category[row], demand.area_id[row]), []).append(row)
    refusals = Refusals(instance)
    for (reason, _, _), members in groups.items():
        rows = np.array(members)
        places = reasons.held[rows] if reason == HELD_BY_RULE else reasons.unserved[rows]
        yield _gap(
            instance,
            reason,
            rows,
            places,
            assumed=reason < NO_CAPACITY and bool(reasons.assumed[rows].any()),
            detail=_detail(instance, reasons, REASONS[reason], rows, places, refusals),
        )


def _gap(
    instance: Instance,
    reason: int,
    rows: Ints,
    places: Ints,
    *,
    assumed: bool,
    certificate: Json | None = None,
    detail: Json | None = None,
) -> Gap:
    demand = instance.demand
    by_category, by_area = (_count(column[rows], places) for column in (demand.category, demand.area_id))
    people = np.where(np.isnan(demand.people[rows]), 1, demand.people[rows])
    return Gap(
        reason=REASONS[reason],
        category=_only(by_category),
        area=_only(by_area),
        by_category=by_category,
        by_area=by_area,
        places=int(places.sum()),
        people=int(people.sum()),
        priority=int(demand.priority[rows].min()),
        needs=tuple(demand.ids[rows].tolist()),
        assumed=assumed,
        certificate=certificate,
        detail=detail or {},
        of_projects=bool(demand.is_project[rows[0]]),
    )


def _count(names: Iterable[str | None], places: Ints) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, number in zip(names, places.tolist(), strict=True):
        counts[name or ""] = counts.get(name or "", 0) + number
    return dict(sorted(counts.items()))


def _only(counts: dict[str, int]) -> str | None:
    return next(iter(counts)) or None if len(counts) == 1 else None


def certificate_json(
    instance: Instance, shortages: Shortages, certificate: Certificate, *, projects: bool
) -> Json:
    """Write a certificate with ids, as the contract has it; all figures net of promises.

    A unit's places are also net of what projects were given of it, which `held_by_projects` says (for
    projects `held_by_needs`). Projects have `projects` in the place of `needs`, and among the holders the
    units themselves, each for one place (`pair`), for its total, or for how many projects it may take.
    """
    holders = [_offer_holder(instance, shortages, row) for row in certificate.offers.tolist()]
    holders += [_unit_holder(instance, shortages, row, projects) for row in certificate.units.tolist()]
    holders += [_pair_holder(instance, shortages, row, projects) for row in certificate.pairs.tolist()]
    return {
        "projects" if projects else "needs": [
            {"id": instance.demand.ids[need], "places": int(shortages.need_places[need])}
            for need in certificate.needs.tolist()
        ],
        "holders": holders,
        "short_by": certificate.short_by,
    }


def _offer_holder(instance: Instance, shortages: Shortages, offer: int) -> Json:
    supply = instance.supply
    of_unit = supply.kind[offer] == PROJECTS
    return {
        "id": instance.unit_ids[supply.unit[offer]] if of_unit else supply.ids[offer],
        "kind": "unit" if of_unit else "offer",
        "places": int(shortages.offer_places[offer]),
        "assumed": bool(supply.capacity_assumed[offer]),
        **({"limit": "max_claims"} if of_unit else {}),
    }


def _unit_holder(instance: Instance, shortages: Shortages, unit: int, projects: bool) -> Json:
    aside = int(shortages.set_aside[unit])
    return {
        "id": instance.unit_ids[unit],
        "kind": "unit",
        "places": int(shortages.unit_places[unit]),
        "assumed": False,
        **({"held_by_needs" if projects else "held_by_projects": aside} if aside else {}),
    }


def _pair_holder(instance: Instance, shortages: Shortages, edge: int, projects: bool) -> Json:
    graph, supply = instance.graph, instance.supply
    offer = int(graph.edge_offer[edge])
    return {
        "kind": "pair",
        "project" if projects else "need": instance.demand.ids[graph.edge_need[edge]],
        "unit" if projects else "offer": instance.unit_ids[supply.unit[offer]]
        if projects
        else supply.ids[offer],
        "places": int(shortages.pair_places[edge]),
        "assumed": False,
    }


def _detail(
    instance: Instance, reasons: Reasons, reason: str, rows: Ints, places: Ints, refusals: Refusals
) -> Json:
    """What else a gap says about its reason."""
    if reason == "no_capable_unit":
        return {"missing": _count(reasons.missing[rows], places)}
    if reason == "unknown_place":
        return {"unknown": _count([unknown_side(instance, reasons, row) for row in rows.tolist()], places)}
    if reason == "held_by_rule":
        return {"rule": WHOLE}
    best = int(
        rows[np.argmin(np.where(np.isnan(reasons.distance_m[rows]), np.inf, reasons.distance_m[rows]))]
    )
    if reason == "out_of_reach":
        return {"nearest": nearest_json(instance, reasons, best)}
    if reason == "wrong_time":
        return {"times": times_json(instance, reasons, best)}
    return {"refused_by": refusals.list(rows)}


def unknown_side(instance: Instance, reasons: Reasons, need: int) -> str:
    """Whose place is unknown where the nearest offer can't be judged: the `need`'s or the `offer`'s."""
    sites, offer = instance.demand.sites, int(reasons.offer[need])
    by_metres = not np.isnan(instance.supply.reach_m[offer])
    return "offer" if sites.has_point[need] and by_metres else "need"


def nearest_json(instance: Instance, reasons: Reasons, need: int) -> Json:
    """The nearest offer that doesn't reach a need, and the reach (or area) that would do."""
    supply, offer = instance.supply, int(reasons.offer[need])
    metres, reach = float(reasons.distance_m[need]), float(supply.reach_m[offer])
    return {
        "need": instance.demand.ids[need],
        "offer": supply.ids[offer],
        "unit": instance.unit_ids[supply.unit[offer]],
        "distance_m": None if np.isnan(metres) else round(metres, 1),
        "reach_m": None if np.isnan(reach) else reach,
        "reach_assumed": bool(supply.reach_assumed[offer]),
        "reach_that_would_do_m": None if np.isnan(metres) else int(np.ceil(metres)),
        "area_that_would_do": instance.demand.area_id[need],
    }


def times_json(instance: Instance, reasons: Reasons, need: int) -> Json:
    """The nearest offer that reaches a need, and when each of both is possible."""
    demand, supply, offer = instance.demand, instance.supply, int(reasons.offer[need])
    texts = instance.schedules.texts
    first = np.datetime64(instance.rules.period.first, "D")

    def days(start: int, end: int) -> list[str] | None:
        return [str(first + start), str(first + end)] if start <= end else None

    return {
        "need": demand.ids[need],
        "offer": supply.ids[offer],
        "unit": instance.unit_ids[supply.unit[offer]],
        "need_times": texts[demand.times[need]],
        "offer_times": texts[supply.times[offer]],
        "need_days": days(int(demand.first_day[need]), int(demand.last_day[need])),
        "offer_days": days(int(supply.first_day[offer]), int(supply.last_day[offer])),
    }
