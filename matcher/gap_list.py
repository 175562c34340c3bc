"""Gaps as planners read them: one for each certificate, else one for each reason, category and area."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graph.taxonomy import REASONS
from matcher.certificates import Certificate
from matcher.gap_advice import NEEDS_ONLY, NO_KIND, NOT_TRIED, Adviser, tell_no_fix
from matcher.gap_details import nearest_json, times_json, unknown_side
from matcher.instance import PROJECTS, Instance, Ints
from matcher.reasons import HELD_BY_RULE, NO_CAPACITY, WHOLE, Reasons
from matcher.refusals import Refusals
from matcher.shortages import Shortages
from matcher.solution import Solution

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
    no_fix : dict or None
        Where there is none, why, as JSON value; see `matcher.gap_advice.tell_no_fix`.
    would_do : tuple of dict
        What change would do instead, as JSON values; see `matcher.gap_advice.Adviser`.
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
    no_fix: Json | None = None
    would_do: tuple[Json, ...] = ()

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
            "no_fix": self.no_fix,
            "would_do": list(self.would_do),
            **self.detail,
        }


def list_gaps(instance: Instance, solution: Solution, reasons: Reasons, *, projects: bool) -> list[Gap]:
    """List the gaps of needs, or of projects: most people first, then the more urgent, then the larger.

    Equal ones come in the contract's order of reasons, then by their first need.
    """
    shortages = reasons.of_projects if projects else reasons.of_needs
    found = [*_short(instance, shortages, projects=projects), *_others(instance, reasons, projects=projects)]
    found.sort(key=lambda g: (-g.people, g.priority, -g.places, REASONS.index(g.reason), g.needs[0]))
    return _add_advice(instance, Adviser(instance, solution, reasons), found)


def _add_advice(instance: Instance, adviser: Adviser, gaps: list[Gap]) -> list[Gap]:
    """Say of each gap what change would do, and that no fix was looked for yet."""
    row_of = (
        {
            (bool(project), need): row
            for row, (need, project) in enumerate(
                zip(instance.demand.ids.tolist(), instance.demand.is_project.tolist(), strict=True)
            )
        }
        if gaps
        else {}
    )
    advised = []
    for gap in gaps:
        rows = np.array([row_of[gap.of_projects, need] for need in gap.needs])
        why = NO_KIND if gap.reason == "unknown_place" else NOT_TRIED
        if gap.of_projects or instance.measure == "yuan":
            why = NEEDS_ONLY
        would_do = adviser.advise(gap.reason, rows, gap.places, gap.certificate)
        advised.append(replace(gap, no_fix=tell_no_fix(why), would_do=would_do))
    return advised


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
