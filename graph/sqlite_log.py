"""The event log of a SQLite store: what `graph.revisions` works on, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from graph import revisions
from graph.changes import RowChange, pack, unpack
from graph.codec import Row
from graph.entries import Event
from graph.errors import REVISIONS_NAMED
from graph.revisions import Entry
from graph.sqlite_rows import delete_rows, get_rows, put_rows


def newest(connection: sqlite3.Connection) -> tuple[int, str]:
    """Newest revision and its token; (0, "") before the first."""
    found = connection.execute(
        "SELECT revision, token FROM revisions ORDER BY revision DESC LIMIT 1"
    ).fetchone()
    return (0, "") if found is None else (int(found[0]), str(found[1]))


class SqliteKeeper:
    """Rows and log of a SQLite store within an open transaction, as `graph.revisions.Keeper` says."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def newest(self) -> int:
        """Number of the newest revision."""
        return newest(self._connection)[0]

    def get_rows(self, table: str, ids: Sequence[str]) -> dict[str, Row]:
        """Rows by id, those that are there."""
        return get_rows(self._connection, table, ids)

    def apply(self, table: str, changes: Sequence[RowChange]) -> None:
        """Write and delete rows of one table."""
        put_rows(self._connection, table, [after for _, _, _, after in changes if after is not None])
        delete_rows(self._connection, table, [item for _, item, _, after in changes if after is None])

    def add_entry(self, revision: int, token: str, action: str, undoes: int | None) -> None:
        """Add a revision, made now, to the log."""
        add_revision(self._connection, revision, token, action, undoes=undoes)

    def add_changes(self, revision: int, chunk: int, changes: Sequence[RowChange]) -> None:
        """Add a part of a revision's changes to the log."""
        add_chunk(self._connection, revision, chunk, changes)

    def changes(self, revision: int) -> Iterator[list[RowChange]]:
        """The changes of a revision, part by part."""
        return row_changes(self._connection, revision)

    def entry(self, revision: int) -> Entry | None:
        """A revision, if there is one of that number."""
        found = self._connection.execute(
            "SELECT revision, token, at, action, undoes, undone_by FROM revisions WHERE revision = ?",
            (revision,),
        ).fetchone()
        return None if found is None else Entry(*found)

    def newest_standing(self) -> int | None:
        """The newest revision that is no undoing and hasn't been taken back."""
        found = self._connection.execute(
            "SELECT max(revision) FROM revisions WHERE undone_by IS NULL AND undoes IS NULL"
        ).fetchone()[0]
        return None if found is None else int(found)

    def countable(self) -> list[int]:
        """The last revisions that can be taken back, newest first."""
        rows = self._connection.execute(
            "SELECT revision FROM revisions WHERE undone_by IS NULL ORDER BY revision DESC LIMIT ?",
            (REVISIONS_NAMED,),
        )
        return [int(row[0]) for row in rows]

    def set_undone_by(self, revision: int, by: int | None) -> None:
        """Note which revision took one back."""
        self._connection.execute("UPDATE revisions SET undone_by = ? WHERE revision = ?", (by, revision))


def add_revision(
    connection: sqlite3.Connection,
    revision: int,
    token: str,
    action: str,
    *,
    at: str = "",
    undoes: int | None = None,
) -> None:
    """Add an entry to the log, made now unless a time is given."""
    connection.execute(
        "INSERT INTO revisions (revision, token, at, action, undoes) VALUES (?, ?, ?, ?, ?)",
        (revision, token, at or datetime.now(UTC).isoformat(timespec="microseconds"), action, undoes),
    )


def add_chunk(
    connection: sqlite3.Connection, revision: int, chunk: int, changes: Sequence[RowChange]
) -> None:
    """Add changes to an entry of the log."""
    row = (revision, chunk, len(changes), pack(changes))
    connection.execute("INSERT INTO event_chunks (revision, chunk, changes, body) VALUES (?, ?, ?, ?)", row)


def row_changes(connection: sqlite3.Connection, revision: int) -> Iterator[list[RowChange]]:
    """The changes of a revision, a chunk at a time."""
    count = connection.execute(
        "SELECT count(*) FROM event_chunks WHERE revision = ?", (revision,)
    ).fetchone()[0]
    for chunk in range(count):
        (body,) = connection.execute(
            "SELECT body FROM event_chunks WHERE revision = ? AND chunk = ?", (revision, chunk)
        ).fetchone()
        yield unpack(body)


def read_event(connection: sqlite3.Connection, revision: int) -> Event:
    """One entry of the log with all its changes; the caller knows that it is there."""
    entry = SqliteKeeper(connection).entry(revision)
    assert entry is not None
    parts = connection.execute(
        "SELECT body, changes FROM event_chunks WHERE revision = ? ORDER BY chunk", (revision,)
    ).fetchall()
    return revisions.make_event(entry, [body for body, _ in parts], sum(size for _, size in parts))
