"""The event log of a SQLite store: writing a batch with its event, reading events, taking them back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from graph.changes import CHUNK_CHANGES, Counts, PackedChanges, RowChange, bump, ordered, pack, unpack
from graph.codec import Codec, Row, codec
from graph.entries import Batch, Event, Ref
from graph.errors import REVISIONS_NAMED, ConflictError, no_revision, nothing_to_undo
from graph.model import TABLES, Record
from graph.sqlite_rows import delete_rows, get_rows, put_rows


def newest(connection: sqlite3.Connection) -> tuple[int, str]:
    """Newest revision and its token; (0, "") before the first."""
    found = connection.execute(
        "SELECT revision, token FROM revisions ORDER BY revision DESC LIMIT 1"
    ).fetchone()
    return (0, "") if found is None else (int(found[0]), str(found[1]))


class Writer:
    """Writes one revision: rows, and its event in chunks, so that memory stays bounded.

    The revision comes into being with the first change.
    """

    def __init__(self, connection: sqlite3.Connection, action: str, *, undoes: int | None = None) -> None:
        self.counts = Counts.zero()
        self.revision = 0
        self._connection = connection
        self._action = action
        self._undoes = undoes
        self._pending: list[RowChange] = []
        self._chunk = 0

    def write(self, batch: Batch) -> None:
        """Write what a batch changes."""
        for table, group in ordered(batch):
            for start in range(0, len(group), CHUNK_CHANGES):
                self._write_part(table, group[start : start + CHUNK_CHANGES])

    def _write_part(self, table: str, part: list[tuple[str, Record | None]]) -> None:
        encoder = codec(table)
        known = get_rows(self._connection, table, [record_id for record_id, _ in part])
        changes: list[RowChange] = []
        for record_id, record in part:
            before = known.get(record_id)
            after = None if record is None else encoder.encode(record)
            if self._counts(encoder, table, before, after):
                changes.append((table, record_id, before, after))
        self.apply(table, changes)

    def _counts(self, encoder: Codec, table: str, before: Row | None, after: Row | None) -> bool:
        """Count a change; False if nothing changes."""
        if after is None:
            if before is not None:
                bump(self.counts.deleted, table)
            return before is not None
        if before is None:
            bump(self.counts.added, table)
        elif encoder.same(before, after):
            bump(self.counts.unchanged, table)
            return False
        else:
            bump(self.counts.changed, table)
        return True

    def apply(self, table: str, changes: list[RowChange]) -> None:
        """Write changed rows of one table and keep the changes for the event."""
        if not changes:
            return
        if not self.revision:
            self._begin()
        put_rows(self._connection, table, [after for _, _, _, after in changes if after is not None])
        delete_rows(self._connection, table, [item for _, item, _, after in changes if after is None])
        self._pending += changes
        if len(self._pending) >= CHUNK_CHANGES:
            self._flush()

    def finish(self) -> int:
        """Write what is left of the event; gives the revision, 0 if nothing changed."""
        self._flush()
        return self.revision

    def _begin(self) -> None:
        self.revision = newest(self._connection)[0] + 1
        add_revision(self._connection, self.revision, secrets.token_hex(8), self._action, undoes=self._undoes)

    def _flush(self) -> None:
        if self._pending:
            add_chunk(self._connection, self.revision, self._chunk, self._pending)
            self._chunk += 1
            self._pending = []


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


def add_chunk(connection: sqlite3.Connection, revision: int, chunk: int, changes: list[RowChange]) -> None:
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
    """One entry of the log with all its changes."""
    token, at, action, undoes = connection.execute(
        "SELECT token, at, action, undoes FROM revisions WHERE revision = ?", (revision,)
    ).fetchone()
    parts = connection.execute(
        "SELECT body, changes FROM event_chunks WHERE revision = ? ORDER BY chunk", (revision,)
    ).fetchall()
    changes = PackedChanges([body for body, _ in parts], sum(size for _, size in parts))
    return Event(revision, token, datetime.fromisoformat(at), action, changes, undoes)


def undo(connection: sqlite3.Connection, revision: int | None) -> int:
    """Take a revision back within an open transaction; gives the new revision.

    Raises
    ------
    NotFoundError
        If there is no such revision, or none left to undo.
    ConflictError
        If it was undone already, or one of its records isn't as it left it.
    """
    chosen = _choose(connection, revision)
    writer = Writer(connection, "undo", undoes=chosen)
    differing: list[Ref] = []
    for part in row_changes(connection, chosen):
        for table in TABLES:
            changes = [change for change in part if change[0] == table]
            inverse, conflicts = _inverse(connection, table, changes)
            differing += conflicts
            writer.apply(table, inverse)
    if differing:
        raise _conflict(connection, chosen, differing)
    result = writer.finish()
    connection.execute("UPDATE revisions SET undone_by = ? WHERE revision = ?", (result, chosen))
    # What an undoing that no longer counts had taken back counts again, and so on down the chain.
    last, counts = chosen, True
    while (before := _undoes(connection, last)) is not None:
        undone_by = None if counts else last
        connection.execute("UPDATE revisions SET undone_by = ? WHERE revision = ?", (undone_by, before))
        last, counts = before, not counts
    return result


def _undoes(connection: sqlite3.Connection, revision: int) -> int | None:
    row = connection.execute("SELECT undoes FROM revisions WHERE revision = ?", (revision,)).fetchone()
    return None if row[0] is None else int(row[0])


def _choose(connection: sqlite3.Connection, revision: int | None) -> int:
    if revision is None:
        found = connection.execute(
            "SELECT max(revision) FROM revisions WHERE undone_by IS NULL AND undoes IS NULL"
        ).fetchone()[0]
        if found is None:
            raise nothing_to_undo(_countable(connection))
        return int(found)
    row = connection.execute("SELECT undone_by FROM revisions WHERE revision = ?", (revision,)).fetchone()
    if row is None:
        raise no_revision(revision, _countable(connection))
    if row[0] is not None:
        raise ConflictError(f"revision {revision} was undone already, by revision {row[0]}")
    return revision


def _countable(connection: sqlite3.Connection) -> list[int]:
    """The last revisions that can be taken back, newest first."""
    rows = connection.execute(
        "SELECT revision FROM revisions WHERE undone_by IS NULL ORDER BY revision DESC LIMIT ?",
        (REVISIONS_NAMED,),
    )
    return [int(row[0]) for row in rows]


def _inverse(
    connection: sqlite3.Connection, table: str, changes: Iterable[RowChange]
) -> tuple[list[RowChange], list[Ref]]:
    """Changes that take others back, and records that aren't as these left them."""
    wanted = list(changes)
    now = get_rows(connection, table, [record_id for _, record_id, _, _ in wanted])
    inverse: list[RowChange] = []
    conflicts: list[Ref] = []
    for _, record_id, before, after in wanted:
        current = now.get(record_id)
        if (current is None) != (after is None) or (
            current is not None and after is not None and not codec(table).same(current, after)
        ):
            conflicts.append((table, record_id))
        else:
            inverse.append((table, record_id, current, before))
    return inverse, conflicts


def _conflict(connection: sqlite3.Connection, revision: int, differing: list[Ref]) -> ConflictError:
    """Say which later revision changed which of the records."""
    left, lines = set(differing), []
    (last, _) = newest(connection)
    for later in range(last, revision, -1):
        for part in row_changes(connection, later):
            for table, record_id, _, _ in part:
                if (table, record_id) in left:
                    left.discard((table, record_id))
                    lines.append(f"{table} {record_id} (revision {later})")
        if not left or len(lines) >= 10:
            break
    shown = "; ".join(lines[:10]) + ("; …" if len(differing) > 10 else "")
    return ConflictError(
        f"revision {revision} can't be undone: {len(differing)} of its records changed later: {shown}",
        remedy="Undo the later revisions first.",
    )
