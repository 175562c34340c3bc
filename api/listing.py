"""Records of one table under a filter, and records found by what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any, Final

import numpy as np
import pyarrow.compute as pc
from fastapi import Query

from api.paging import Page, Paging, read_cursor, write_cursor
from api.problems import DoorError
from api.services.records import record_json
from graph.codec import codec
from graph.model import NAMING
from graph.snapshot import Snapshot
from graph.taxonomy import is_within
from graph.wording import word
from matcher.places import AreaTree

Json = dict[str, Any]

SEARCHED: Final = ("units", "areas", "offers", "needs", "projects", "branches", "alliances", "stations")
"""Tables that a search looks through, in the order in which equally good finds are shown."""

_Text = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """Fields by which records can be chosen; what lies below an area or a category counts as in it."""

    area: _Text = None
    category: _Text = None
    unit: _Text = None
    party: _Text = None
    alliance: _Text = None
    status: _Text = None
    parent: _Text = None
    level: _Text = None
    target: _Text = None
    by: _Text = None
    offer: _Text = None

    def given(self) -> dict[str, str]:
        """Those that somebody set."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def list_records(snapshot: Snapshot, table: str, filters: RecordFilters, paging: Paging) -> Page[Json]:
    """A page of a table's records in order of id.

    A cursor is the last id of the page before, so that pages stay whole while others write.

    Raises
    ------
    DoorError
        If the table has no field of a filter's name.
    """
    ids = snapshot.ids(table)
    chosen = np.ones(len(ids), dtype=bool)
    for name, value in filters.given().items():
        chosen &= _chosen(snapshot, table, name, value)
    rows = np.flatnonzero(chosen)
    after = read_cursor(paging.cursor, str)
    start = 0 if after is None else int(np.searchsorted(ids[rows], after, side="right"))
    page = rows[start : start + paging.limit]
    items = [record_json(table, record) for record in snapshot.records(table, page.tolist())]
    is_last = start + len(page) >= len(rows)
    return Page(items, None if is_last else write_cursor(items[-1]["id"]), len(rows))


def _chosen(snapshot: Snapshot, table: str, name: str, value: str) -> np.ndarray[Any, Any]:
    if name not in codec(table).names:
        raise DoorError("invalid", **word("no_filter", table=table, name=name))
    column = snapshot.column(table, name)
    if name == "area":
        tree = AreaTree(snapshot)
        return np.asarray(tree.is_within(tree.rows_of(column), tree.rows_of([value])))
    if name == "category":
        known = {item for item in set(column.tolist()) if item is not None and is_within(item, value)}
        return np.fromiter((item in known for item in column), bool, len(column))
    return np.asarray(column == value, dtype=bool)


def search_names(snapshot: Snapshot, text: str, limit: int) -> list[Json]:
    """Records whose name or id holds a text; equal ones first, then those that begin with it."""
    wanted = text.strip().casefold()
    if not wanted:
        return []
    found: list[tuple[int, int, str, Json]] = []
    for order, table in enumerate(SEARCHED):
        field = NAMING[table][0]
        rows = snapshot.arrow(table)
        by_name = pc.match_substring(rows.column(field), wanted, ignore_case=True)
        by_id = pc.match_substring(rows.column("id"), wanted, ignore_case=True)
        hits = np.flatnonzero(np.asarray(pc.fill_null(pc.or_(by_name, by_id), False)))
        names, areas = snapshot.column(table, field), _areas(snapshot, table)
        for row in hits[: limit * 50].tolist():
            name = str(names[row] or "")
            folded = name.casefold()
            rank = 0 if folded == wanted else 1 if folded.startswith(wanted) else 2 if wanted in folded else 3
            record_id = str(snapshot.ids(table)[row])
            item = {"table": table, "id": record_id, "name": name, "area": areas[row]}
            found.append((rank, order, name + record_id, item))
    return [item for *_, item in sorted(found, key=lambda hit: hit[:3])[:limit]]


def _areas(snapshot: Snapshot, table: str) -> Any:
    name = "parent" if table == "areas" else "area"
    if name in codec(table).names:
        return snapshot.column(table, name)
    return np.full(snapshot.count(table), None, dtype=object)
