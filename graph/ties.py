"""Ties between records: of one kind as arrays, and the neighbours of one record.

| kind | from | to | said by |
|---|---|---|---|
| `pairing` | each party | each later party | the pairing |
| `membership` | member, chair, or party on duty | alliance or body | membership, alliance, duty |
| `parent` | area, branch, alliance | the one above | itself |
| `area` | whatever stands in an area | the area | itself |
| `provides` | provider, party of a station or post | offer, station, post | itself |
| `needs` | party | need | the need |
| `claims` | claiming party | need, project or offer | claim (unless it ended without result), booking |
| `branch` | branch | each of its units | the branch |
| `service` | unit, body | area, claim | the service record |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from graph.entries import EdgeKind, Edges, Ref
from graph.model import PARTY_TABLES, Claim, Record

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

KINDS: Final[tuple[EdgeKind, ...]] = get_args(EdgeKind)
LIVE_CLAIMS: Final = ("proposed", "agreed", "delivering", "done")
"""States in which a claim ties its two sides."""

_PARTY: Final = PARTY_TABLES
_AREA: Final = ("areas",)

_IN_AREAS: Final = (
    "units",
    "branches",
    "alliances",
    "stations",
    "needs",
    "projects",
    "posts",
    "registrations",
    "lists",
)

Tie = tuple[str, str, tuple[str, ...], str, tuple[str, ...]]
"""Table that says so; column, tables of one end; column, tables of the other."""

_TIES: Final[Mapping[EdgeKind, tuple[Tie, ...]]] = {
    "membership": (
        ("members", "party", _PARTY, "alliance", ("alliances",)),
        ("alliances", "chair", _PARTY, "id", ("alliances",)),
        ("duties", "party", _PARTY, "body", _PARTY),
    ),
    "parent": tuple(
        (table, "id", (table,), "parent", (table,)) for table in ("areas", "branches", "alliances")
    ),
    "area": tuple((table, "id", (table,), "area", _AREA) for table in _IN_AREAS),
    "provides": (
        ("offers", "unit", _PARTY, "id", ("offers",)),
        ("stations", "party", _PARTY, "id", ("stations",)),
        ("posts", "party", _PARTY, "id", ("posts",)),
    ),
    "needs": (("needs", "party", _PARTY, "id", ("needs",)),),
    "claims": (
        ("claims", "by", _PARTY, "target", ("needs", "projects", "offers")),
        ("bookings", "by", _PARTY, "offer", ("offers",)),
    ),
    "service": (
        ("services", "unit", ("units",), "area", _AREA),
        ("services", "unit", ("units",), "claim", ("claims",)),
        ("services", "body", _PARTY, "area", _AREA),
        ("services", "body", _PARTY, "claim", ("claims",)),
    ),
    "pairing": (("pairings", "parties", _PARTY, "parties", _PARTY),),
    "branch": (("branches", "id", ("branches",), "units", ("units",)),),
}


def edges(snapshot: Snapshot, kind: EdgeKind) -> Edges:
    """All ties of one kind, in order of the records that say so; unknown ends are left out."""
    import numpy as np

    parts = [_edges(snapshot, tie) for tie in _TIES[kind]]
    tail, head, record = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Edges(tail, head, record)


def _edges(snapshot: Snapshot, tie: Tie) -> tuple[Any, Any, Any]:
    import numpy as np

    table, tail, _, head, _ = tie
    if table in ("pairings", "branches") and head in ("parties", "units"):
        return _edges_of_lists(snapshot, table, tail, head)
    tails, heads = snapshot.column(table, tail), snapshot.column(table, head)
    known = np.array([bool(one) and bool(other) for one, other in zip(tails, heads, strict=True)], dtype=bool)
    if table == "claims":
        known &= np.isin(snapshot.column(table, "status").astype(str), LIVE_CLAIMS)
    return tails[known], heads[known], snapshot.ids(table)[known]


def _edges_of_lists(snapshot: Snapshot, table: str, tail: str, head: str) -> tuple[Any, Any, Any]:
    import numpy as np

    rows = zip(snapshot.ids(table), snapshot.column(table, tail), snapshot.column(table, head), strict=True)
    found = [
        (*pair, record)
        for record, one, many in rows
        for pair in (combinations(many, 2) if tail == head else ((one, other) for other in many))
    ]
    columns = np.empty((3, len(found)), dtype=object)
    for index, tie in enumerate(found):
        columns[:, index] = tie
    return columns[0], columns[1], columns[2]


Lookup = Callable[[str, str], object]
Finder = Callable[[str, str, str], Iterator[Record]]


def neighbours(
    record_id: str, lookup: Lookup, finder: Finder, *, kind: EdgeKind | None = None, as_of: date | None = None
) -> list[Ref]:
    """Records tied to those of an id, by any tie or one kind; sorted.

    Parameters
    ----------
    record_id : str
        An id; ids of several tables may be equal, then the neighbours of all.
    lookup : callable
        Table and id to the record, or whatever else says that it is there; None or False if it isn't.
    finder : callable
        Table, column and id to the records whose column is (or, for a list, holds) the id.
    kind, as_of
        Only ties of that kind; only records that say so on that day.
    """
    found: set[Ref] = set()
    for ties in (_TIES[kind],) if kind else _TIES.values():
        for table, tail, tail_tables, head, head_tables in ties:
            for near, near_tables, far, far_tables in (
                (tail, tail_tables, head, head_tables),
                (head, head_tables, tail, tail_tables),
            ):
                if not any(lookup(name, record_id) for name in near_tables):
                    continue
                for record in finder(table, near, record_id):
                    if (as_of is not None and not record.is_valid(as_of)) or not _is_tie(record):
                        continue
                    if near == "target" and not lookup(getattr(record, "target_table", ""), record_id):
                        continue
                    others = _ids(record, far) - ({record_id} if near == far else set())
                    found.update(_refs(others, _tables(record, far, far_tables), lookup))
    return sorted(found)


def _is_tie(record: Record) -> bool:
    return not isinstance(record, Claim) or record.status in LIVE_CLAIMS


def _ids(record: Record, column: str) -> set[str]:
    value = getattr(record, column)
    return set(value) if isinstance(value, tuple) else {value} if value else set()


def _tables(record: Record, column: str, tables: tuple[str, ...]) -> tuple[str, ...]:
    return (record.target_table,) if isinstance(record, Claim) and column == "target" else tables


def _refs(ids: set[str], tables: tuple[str, ...], lookup: Lookup) -> Iterator[Ref]:
    for record_id in ids:
        yield from ((table, record_id) for table in tables if lookup(table, record_id))


class Served(NamedTuple):
    """Who serves by a claim, whom, and in which area; None where nobody recorded it."""

    giver: str | None
    taker: str | None
    area: str | None


NOBODY: Final = Served(None, None, None)


def read_claims(snapshot: Snapshot) -> Mapping[str, Served]:
    """Both sides of every claim: who claims a need or a project gives, who claims an offer takes.

    A resident's need counts as its area's, so that no pseudonym is shown.
    """
    known = {party for table in PARTY_TABLES for party in snapshot.ids(table)}
    areas = frozenset(snapshot.ids("areas"))
    needs = {
        need: (party if party in known else area, area)
        for need, party, area in zip(
            snapshot.ids("needs"),
            *(snapshot.column("needs", name) for name in ("party", "area")),
            strict=True,
        )
    }
    projects = dict(zip(snapshot.ids("projects"), snapshot.column("projects", "area"), strict=True))
    offering = dict(zip(snapshot.ids("offers"), snapshot.column("offers", "unit"), strict=True))
    columns = (snapshot.column("claims", name) for name in ("id", "by", "target", "target_table"))
    found = {}
    for claim, by, target, table in zip(*columns, strict=True):
        if table == "offers":
            found[claim] = Served(offering.get(target), by, by if by in areas else None)
        elif table == "projects":
            found[claim] = Served(by, None, projects.get(target))
        else:
            found[claim] = Served(by, *needs.get(target, (None, None)))
    return found
