"""The board: a round's documents joined with the graph it was solved from, one row for each need and project.

A round never changes, so a board is made once and filtered as often as the page asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import numpy as np
from fastapi import Query
from numpy.typing import NDArray

from api.problems import DoorError
from api.services.kept import document_of
from api.services.rules import rules_of
from graph.snapshot import Snapshot
from graph.store import Round
from graph.taxonomy import REASONS, is_within
from graph.wording import word
from matcher.demand import read_demand
from matcher.fitting import Kinds
from matcher.instance import Demand
from matcher.places import AreaTree, Parties
from matcher.schedules import Schedules

Json = dict[str, Any]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

NO_REASON: Final = -1
HELD_BY_RULE: Final = REASONS.index("held_by_rule")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows are looked at; what lies below an area or a category counts as in it."""

    area: Annotated[str | None, Query(max_length=200, description="Id of an area.")] = None
    cat: Annotated[str | None, Query(max_length=100, description="Id of a category.")] = None
    reason: Annotated[str | None, Query(max_length=40, description="Reason of unserved places.")] = None
    priority: Annotated[int | None, Query(ge=1, le=5, description="1 is the most urgent.")] = None

    @property
    def is_empty(self) -> bool:
        """Whether every row is looked at."""
        return self == Filters()


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """One row for each need and project that a round looked at, needs first, each sorted by id.

    Attributes
    ----------
    round : Round
    snapshot : Snapshot
        What the round was solved from.
    tree : AreaTree
    demand : Demand
        What was asked for, as the match saw it; its rows are the board's.
    titles, groups : ndarray of object
    served, unserved : ndarray of int64
        Places (units of a project).
    reason : ndarray of int64
        Index into `REASONS`, or `NO_REASON`.
    held : ndarray of int64
        Unserved places that a rule holds back; all others have the row's reason.
    gap : ndarray of int64
        Index of the gap that holds the row's unserved places; -1: none.
    assigned : ndarray of int64
        Rows of the round's assignments, grouped by board row.
    assigned_from : ndarray of int64, one longer than the rows
        Where each row's assignments begin in `assigned`.
    warnings : mapping of str to tuple of str
        Warnings by need.
    """

    round: Round
    snapshot: Snapshot
    tree: AreaTree
    demand: Demand
    titles: Texts
    groups: Texts
    served: Ints
    unserved: Ints
    reason: Ints
    held: Ints
    gap: Ints
    assigned: Ints
    assigned_from: Ints
    warnings: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.demand)

    def assignments_of(self, row: int) -> list[int]:
        """Rows of the round's assignments that serve a board row."""
        return [int(item) for item in self.assigned[self.assigned_from[row] : self.assigned_from[row + 1]]]

    def row_of(self, target: str) -> int | None:
        """The board row of a need or project; None if the round didn't look at it."""
        rows = np.flatnonzero(self.demand.ids == target)
        return int(rows[0]) if len(rows) else None

    def places_by(self, reason: int) -> Ints:
        """Unserved places of each row that have a reason (an index into `REASONS`)."""
        places = np.where(self.reason == reason, self.unserved - self.held, 0)
        return places + self.held if reason == HELD_BY_RULE else places

    def select(self, filters: Filters) -> Bools:
        """Which rows a filter leaves.

        Raises
        ------
        DoorError
            If it names a reason or an area that there isn't.
        """
        chosen = np.ones(len(self), dtype=bool)
        if filters.area is not None:
            row = self.tree.rows_of([filters.area])
            if row[0] < 0:
                raise DoorError("invalid", **word("no_such_area"))
            chosen &= self.tree.is_within(self.demand.sites.area, row)
        if filters.cat is not None:
            known = set(self.demand.category.tolist()) - {None}
            inside = {category for category in known if is_within(category, filters.cat)}
            chosen &= np.fromiter((item in inside for item in self.demand.category), bool, len(self))
        if filters.reason is not None:
            if filters.reason not in REASONS:
                raise DoorError("invalid", **word("no_such_reason", reasons=REASONS))
            chosen &= self.places_by(REASONS.index(filters.reason)) > 0
        if filters.priority is not None:
            chosen &= self.demand.priority == filters.priority
        return chosen


def build_board(round_: Round, snapshot: Snapshot) -> Board:
    """Join a round's assignments and gaps with the snapshot that it was solved from."""
    rules = rules_of(round_)
    tree = AreaTree(snapshot)
    parties = Parties(snapshot, tree)
    demand = read_demand(snapshot, rules, "places", tree, parties, Schedules(rules.period), Kinds())
    row_of = {
        ("project" if is_project else "need", target): row
        for row, (target, is_project) in enumerate(
            zip(demand.ids.tolist(), demand.is_project.tolist(), strict=True)
        )
    }
    assignments: Sequence[Json] = document_of(round_, "assignments")
    row = np.array([row_of.get(_target(item), -1) for item in assignments], dtype=np.int64)
    places = np.array([item["places"] for item in assignments], dtype=np.int64)
    served = np.zeros(len(demand), dtype=np.int64)
    np.add.at(served, row[row >= 0], places[row >= 0])
    order = np.argsort(row, kind="stable")
    unserved = np.maximum(demand.quantity - served, 0)
    gaps = document_of(round_, "gaps")
    reason, gap = _read_gaps(gaps, row_of, len(demand))
    held = np.zeros(len(demand), dtype=np.int64)
    for target, held_places in round_.results.get("page", {}).get("held", {}).items():
        at = row_of.get(("need", target), row_of.get(("project", target)))
        if at is not None:
            held[at] = held_places
    return Board(
        round=round_,
        snapshot=snapshot,
        tree=tree,
        demand=demand,
        titles=_texts(snapshot, demand, "title", "name"),
        groups=_texts(snapshot, demand, "group", None),
        served=served,
        unserved=unserved,
        reason=np.where(unserved > 0, reason, NO_REASON),
        held=np.minimum(held, unserved),
        gap=np.where(unserved > 0, gap, -1),
        assigned=order,
        assigned_from=np.searchsorted(row[order], np.arange(len(demand) + 1)),
        warnings=_read_warnings(gaps.get("warnings", ())),
    )


def cell_areas(tree: AreaTree) -> Ints:
    """For each area the one under which the page shows it: the neighbourhood that holds it, else itself."""
    levels = tree.snapshot.column("areas", "level")
    parent = tree.rows_of(tree.snapshot.column("areas", "parent"))
    cell = np.arange(len(levels))
    above = cell.copy()
    # Steps are bounded: nobody nests deeper, and lists may nest areas in a ring.
    for _ in range(8):
        is_open = levels[cell] != "neighbourhood"
        above = np.where(above >= 0, parent[above], -1)
        cell = np.where(is_open & (above >= 0) & (levels[above] == "neighbourhood"), above, cell)
    return cell


def _target(item: Mapping[str, Any]) -> tuple[str, str]:
    return ("need", item["need"]) if "need" in item else ("project", item["project"])


def _texts(snapshot: Snapshot, demand: Demand, of_needs: str, of_projects: str | None) -> Texts:
    needs, projects = demand.table_row[~demand.is_project], demand.table_row[demand.is_project]
    second = (
        np.full(len(projects), "", dtype=object)
        if of_projects is None
        else snapshot.column("projects", of_projects)[projects]
    )
    return np.concatenate([snapshot.column("needs", of_needs)[needs], second])


def _read_gaps(gaps: Json, row_of: Mapping[tuple[str, str], int], count: int) -> tuple[Ints, Ints]:
    """Reason and gap of each row; the gaps of projects have a section of their own.

    A row in two gaps has some places held by a rule; the other gap gives its reason.
    """
    reason = np.full(count, NO_REASON, dtype=np.int64)
    index = np.full(count, -1, dtype=np.int64)
    for kind, section in (("need", gaps), ("project", gaps.get("projects") or {"gaps": ()})):
        for number, gap in enumerate(section["gaps"]):
            code = REASONS.index(gap["reason"])
            for item in gap[f"{kind}s"]:
                row = row_of.get((kind, item))
                if row is not None and (index[row] < 0 or code != HELD_BY_RULE):
                    reason[row], index[row] = code, number
    return reason, index


def _read_warnings(warnings: Sequence[Json]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for item in warnings:
        target = item.get("need") or item.get("project")
        if target and item["warning"] not in found.get(target, ()):
            found[target] = (*found.get(target, ()), item["warning"])
    return found
