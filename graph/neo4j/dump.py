"""A whole store in Neo4j, its log included, as plain values.

Reading goes page by page while others may write; what they change meanwhile is put back, from the log, to
what it was at the beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from graph.codec import Row
from graph.dumps import change_row, header, record_row
from graph.entries import Round
from graph.model import TABLES
from graph.neo4j import rounds
from graph.neo4j.connection import Connection
from graph.neo4j.log import read_entries
from graph.neo4j.reading import read_changes, read_columns
from graph.neo4j.rows import PAGE_ROWS
from graph.revisions import Entry
from graph.rounds import to_json

GRANT: Final = ("claim", "revision", "kind", "holder", "places", "taken", "capacity")
"""Properties of a node `Grant`, in the order in which dumps have them."""


def dump(connection: Connection) -> Iterator[dict[str, Any]]:
    """Everything as it was when the first row was asked for, streaming."""
    past = _Past(connection)
    yield header()
    for entry in connection.read(read_entries):
        if entry.revision > past.revision:
            break
        yield _entry_row(entry, past.revision)
        for change in read_changes(connection, entry.revision):
            yield change_row(entry.revision, change)
    for table in TABLES:
        yield from (record_row(table, row) for row in past.rows(table))
    for value in reversed(connection.read(rounds.every)):
        if value.revision <= past.revision:
            yield {"kind": "round", "round": to_json(_read_round(connection, value.id))}
    grants = connection.read(
        lambda inside: inside.many(
            "MATCH (g:Grant) WHERE g.revision <= $last "
            f"WITH g ORDER BY g.number RETURN [{', '.join(f'g.{name}' for name in GRANT)}]",
            last=past.revision,
        )
    )
    yield from ({"kind": "grant", "values": values} for (values,) in grants)


def _entry_row(entry: Entry, last: int) -> dict[str, Any]:
    return {
        "kind": "revision",
        "revision": entry.revision,
        "token": entry.token,
        "at": entry.at,
        "action": entry.action,
        "undoes": entry.undoes,
        "undone_by": entry.undone_by if entry.undone_by is not None and entry.undone_by <= last else None,
    }


def _read_round(connection: Connection, round_id: str) -> Round:
    return connection.read(lambda inside: rounds.get(inside, round_id))


class _Past:
    """Rows as they were at one revision, however many others are made while they are read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.revision = self._seen = connection.settle().revision
        self._before: dict[str, dict[str, Row | None]] = {table: {} for table in TABLES}

    def rows(self, table: str) -> Iterator[Row]:
        """All rows of a table in order of id."""
        after, size = "", PAGE_ROWS
        while size == PAGE_ROWS:
            page = self._page(table, after)
            self._look_back()
            size = len(page)
            last = page[-1][0] if size == PAGE_ROWS else None
            found: dict[str, Row | None] = {row[0]: row for row in page}
            for record_id, before in self._before[table].items():
                if record_id > after and (last is None or record_id <= last):
                    found[record_id] = before
            yield from (row for _, row in sorted(found.items()) if row is not None)
            after = last or ""

    def _page(self, table: str, after: str) -> list[Row]:
        return list(zip(*read_columns(self._connection, table, after=after, limit=PAGE_ROWS), strict=True))

    def _look_back(self) -> None:
        """Note what records were before revisions made since."""
        newest = self._connection.settle().revision
        for revision in range(self._seen + 1, newest + 1):
            for table, record_id, before, _ in read_changes(self._connection, revision):
                self._before[table].setdefault(record_id, before)
        self._seen = newest
