"""Demand: the needs and projects of a snapshot that take part in a match."""

from __future__ import annotations

import numpy as np

from graph.snapshot import Snapshot
from matcher.fitting import Kinds
from matcher.instance import Bools, Demand
from matcher.places import AreaTree, Parties, Sites, place_rows
from matcher.rules import MATCHED_STATES, Measure, Rules
from matcher.schedules import Schedules


def is_matched(snapshot: Snapshot, table: str, rules: Rules) -> Bools:
    """Which rows of `needs` or `projects` take part.

    Those that somebody still waits on (`MATCHED_STATES`), that hold on a day of the round, and that were
    not passed on to somebody outside the alliance.
    """
    status = snapshot.column(table, "status")
    waits = np.fromiter((value in MATCHED_STATES for value in status), dtype=bool, count=len(status))
    if table == "needs":
        waits &= ~snapshot.column("needs", "referred_to").astype(bool)
    return waits & snapshot.valid(table, rules.period.first, rules.period.last)


def read_demand(
    snapshot: Snapshot,
    rules: Rules,
    measure: Measure,
    tree: AreaTree,
    parties: Parties,
    schedules: Schedules,
    kinds: Kinds,
) -> Demand:
    """Gather the needs of one measure, and behind them the projects where places are matched."""
    needs = _read(snapshot, "needs", rules, measure, tree, parties, schedules, kinds)
    if measure != "places" or not snapshot.count("projects"):
        return needs
    return _join(needs, _read(snapshot, "projects", rules, measure, tree, parties, schedules, kinds))


def _read(
    snapshot: Snapshot,
    table: str,
    rules: Rules,
    measure: Measure,
    tree: AreaTree,
    parties: Parties,
    schedules: Schedules,
    kinds: Kinds,
) -> Demand:
    of_needs = table == "needs"
    chosen = is_matched(snapshot, table, rules)
    if of_needs:
        chosen &= snapshot.column(table, "measure") == measure
    rows = np.flatnonzero(chosen)
    count = len(rows)
    party = (
        snapshot.column(table, "party") if of_needs else np.full(snapshot.count(table), None, dtype=object)
    )
    party_row = parties.rows_of(party)
    known = party_row >= 0
    is_area = np.zeros(len(party), dtype=bool)
    is_area[known] = parties.tables[party_row[known]] == "areas"
    sites = place_rows(tree, snapshot, table, parties.sites.take(party_row), party_is_area=is_area).take(rows)
    area_ids = snapshot.ids("areas")
    category = snapshot.column(table, "category")[rows]
    tags = snapshot.column(table, "tags")[rows] if of_needs else [()] * count
    first_day, last_day = schedules.days(
        snapshot.column(table, "valid_from")[rows], snapshot.column(table, "valid_to")[rows]
    )
    return Demand(
        ids=snapshot.ids(table)[rows],
        table_row=rows,
        is_project=np.full(count, not of_needs),
        whole=snapshot.column(table, "whole")[rows] if of_needs else np.zeros(count, dtype=bool),
        quantity=snapshot.column(table, "quantity" if of_needs else "wanted")[rows].astype(np.int64),
        priority=snapshot.column(table, "priority")[rows].astype(np.int64),
        people=snapshot.column(table, "people")[rows] if of_needs else np.full(count, np.nan),
        category=category,
        area_id=np.array([area_ids[row] if row >= 0 else None for row in sites.area.tolist()], dtype=object),
        party=party[rows],
        fit_class=kinds.number(category, snapshot.column(table, "list_category")[rows], tags),
        first_day=first_day,
        last_day=last_day,
        times=schedules.number(snapshot.column(table, "times")[rows] if of_needs else [""] * count),
        sites=sites,
    )


def _join(needs: Demand, projects: Demand) -> Demand:
    def both(name: str) -> np.ndarray:
        return np.concatenate([getattr(needs, name), getattr(projects, name)])

    sites = Sites(
        *(
            np.concatenate([getattr(needs.sites, name), getattr(projects.sites, name)])
            for name in ("lon", "lat", "estimate", "area", "subdistrict")
        )
    )
    return Demand(**{name: both(name) for name in Demand.__slots__ if name != "sites"}, sites=sites)
