"""The default store: one SQLite file, opened by as many threads and processes as want to."""

# ruff: noqa: S608 - names in the SQL come from the model, values are bound.
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from graph import revisions, sqlite_dump, sqlite_log, sqlite_rounds, ties
from graph.codec import codec
from graph.entries import Batch, EdgeKind, Edges, Event, Ref, Round, WriteResult
from graph.errors import CapacityError, ConflictError, NotFoundError, StoreUrlError
from graph.jobs import Work
from graph.lifecycle import move
from graph.model import NAMING, TABLES, Claim, Record
from graph.periods import Period
from graph.room import Grant, grant, withdrawn
from graph.sqlite_connections import Connections, plain_errors
from graph.sqlite_jobs import SqliteJobs
from graph.sqlite_rows import (
    PAGE_ROWS,
    TransactionReader,
    all_rows,
    columns_of,
    count_rows,
    find_rows,
    get_row,
    pages,
)
from graph.sqlite_schema import migrate, quote
from graph.wording import word

if TYPE_CHECKING:
    # Imported where a snapshot is made, so that a store opens at once.
    import pyarrow as pa

    from graph.snapshot import Snapshot

T = TypeVar("T")

_URL: Final = "sqlite:///"
_SNAPSHOT_PAGE: Final = 100_000


class SqliteStore:
    """A store in one SQLite file; `graph.store.Store` says what each method does.

    Every write is one `BEGIN IMMEDIATE` transaction that is on the disk when the method returns.
    """

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)
        self._snapshot: Snapshot | None = None
        self._snapshot_lock = threading.Lock()

    @classmethod
    def open(cls, url: str) -> SqliteStore:
        """Open, make and migrate a store by its address."""
        path = url.removeprefix(_URL)
        if not path or path.startswith(":") or "?" in path:
            raise StoreUrlError(**word("url_no_file", url=url))
        store = cls(Path(path).expanduser().absolute())
        try:
            store.migrate()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def url(self) -> str:
        """Address that `open_store` takes."""
        return f"{_URL}{self._connections.path}"

    def migrate(self) -> int:
        """Bring the schema up to date; gives its version."""
        with plain_errors(self._connections.path):
            return migrate(self._connections.get())

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    # -- writing ------------------------------------------------------------------------------------

    def revision(self) -> tuple[int, str]:
        """Newest revision and its token."""
        with self._connections.reading() as connection:
            return sqlite_log.newest(connection)

    def write(self, batch: Batch, *, expect_revision: int | None = None) -> WriteResult:
        """Write a batch as one revision with one event."""
        with self._connections.writing() as connection:
            newest = sqlite_log.newest(connection)[0]
            if expect_revision is not None and expect_revision != newest:
                raise ConflictError(**word("changed_since", newest=newest, expected=expect_revision))
            return _write(connection, batch)

    def undo(self, revision: int | None = None) -> Event:
        """Take a revision's changes back as a new revision."""
        with self._connections.writing() as connection:
            made = revisions.undo(sqlite_log.SqliteKeeper(connection), revision)
            return sqlite_log.read_event(connection, made)

    def claim(self, claim: Claim, period: Period, *, ends: Sequence[str] = ()) -> Claim:
        """Write an agreed claim if there is room for it.

        The check runs while nobody else can write, and the table `grants` refuses what exceeds a limit.
        """
        with self._connections.writing() as connection:
            reader = TransactionReader(connection)
            granted = grant(reader, claim, period)
            ended = withdrawn(reader, ends)
            is_new = granted.claim != reader.lookup("claims", claim.id)
            result = _write(connection, Batch(put=(granted.claim, *ended), action="claim"))
            if is_new:
                _keep_grant(connection, granted, result.revision)
            return granted.claim

    def release(self, claim_id: str, *, status: str = "withdrawn", why: str = "") -> Claim:
        """End a claim; its places are free again."""
        with self._connections.writing() as connection:
            known = TransactionReader(connection).lookup("claims", claim_id)
            if not isinstance(known, Claim):
                raise NotFoundError(**word("no_claim", id=claim_id))
            ended = replace(known, status=move("claim", known.status, status), why=why or known.why)
            _write(connection, Batch(put=(ended,), action="release"))
            return ended

    # -- reading ------------------------------------------------------------------------------------

    def get(self, table: str, record_id: str) -> Record:
        """One record by id."""
        found = self._lookup(table, record_id)
        if found is None:
            raise NotFoundError(**word("no_record", table=table, id=record_id))
        return found

    def _lookup(self, table: str, record_id: str) -> Record | None:
        with plain_errors(self._connections.path):
            row = get_row(self._connections.get(), table, record_id)
        return None if row is None else codec(table).decode(row)

    def find(
        self,
        table: str,
        *,
        after: str = "",
        limit: int | None = None,
        as_of: date | None = None,
        **where: object,
    ) -> Iterator[Record]:
        """Records whose fields equal `where`, in order of id; each page of them is read at its own time."""
        decode, left = codec(_known(table)).decode, limit
        while left is None or left > 0:
            size = PAGE_ROWS if left is None else min(left, PAGE_ROWS)
            with plain_errors(self._connections.path):
                rows = find_rows(
                    self._connections.get(), table, after=after, limit=size, as_of=as_of, where=where
                )
            yield from map(decode, rows)
            if len(rows) < size:
                return
            after, left = rows[-1][0], None if left is None else left - size

    def count(self, table: str) -> int:
        """How many records a table has."""
        with plain_errors(self._connections.path):
            return count_rows(self._connections.get(), _known(table))

    def names(self) -> Mapping[str, Sequence[tuple[str, str, str | None]]]:
        """Per table: id, name, and what tells equal names apart."""
        with self._connections.reading() as connection:
            return {table: list(_names(connection, table)) for table in TABLES}

    def neighbours(
        self, record_id: str, *, kind: EdgeKind | None = None, as_of: date | None = None
    ) -> list[Ref]:
        """Records tied to one; sorted."""
        with self._connections.reading() as connection:
            reader = TransactionReader(connection)
            return ties.neighbours(record_id, reader.lookup, reader.find_holding, kind=kind, as_of=as_of)

    def edges(self, kind: EdgeKind, *, as_of: date | None = None) -> Edges:
        """All ties of one kind as arrays."""
        return ties.edges(self.snapshot(as_of), kind)

    def events(self, *, after: int = 0, limit: int | None = None) -> Iterator[Event]:
        """The log, oldest first."""
        with plain_errors(self._connections.path):
            found = (
                self._connections.get()
                .execute(
                    "SELECT revision FROM revisions WHERE revision > ? ORDER BY revision LIMIT ?",
                    (after, -1 if limit is None else limit),
                )
                .fetchall()
            )
        for (revision,) in found:
            with self._connections.reading() as connection:
                event = sqlite_log.read_event(connection, revision)
            yield event

    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """The whole graph as columns; from memory or disk where the newest revision is known."""
        with self._snapshot_lock, self._connections.reading() as connection:
            revision, token = sqlite_log.newest(connection)
            whole = self._snapshot
            if whole is None or (whole.revision, whole.token) != (revision, token):
                whole = _read_snapshot(connection, self._connections.path, revision, token)
                self._snapshot = whole
        return whole if as_of is None else whole.at(as_of)

    # -- everything at once -------------------------------------------------------------------------

    def dump(self) -> Iterator[dict[str, Any]]:
        """Everything as plain JSON values, streaming, as it is at one moment."""
        path = self._connections.path
        own = Connections(path)
        try:
            with own.reading() as connection:
                yield from sqlite_dump.dump(connection)
        finally:
            own.close()

    def load(self, rows: Iterator[dict[str, Any]]) -> int:
        """Fill an empty store from `dump`."""
        with self._connections.writing() as connection:
            return sqlite_dump.load(connection, rows)

    # -- rounds -------------------------------------------------------------------------------------

    def put_round(self, value: Round) -> Round:
        """Keep a round; no revision is made."""
        with self._connections.writing() as connection:
            return sqlite_rounds.put(connection, value)

    def get_round(self, round_id: str) -> Round:
        """One round with its results."""
        with self._connections.reading() as connection:
            return sqlite_rounds.get(connection, round_id)

    def rounds(self) -> list[Round]:
        """All rounds, newest first, without their results."""
        with self._connections.reading() as connection:
            return list(sqlite_rounds.every(connection))

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state."""
        with self._connections.writing() as connection:
            known = sqlite_rounds.get(connection, round_id)
            sqlite_rounds.set_status(connection, round_id, move("round", known.status, status))
            return replace(known, status=status)

    # -- jobs ---------------------------------------------------------------------------------------

    def read_jobs(self, work: Work[T]) -> T:
        """Run a function that looks at jobs."""
        with self._connections.reading() as connection:
            return work(SqliteJobs(connection))

    def change_jobs(self, work: Work[T], *, with_rounds: bool = False) -> T:
        """Run a function that changes jobs, and rounds, while nobody else writes."""
        with self._connections.writing() as connection:
            return work(SqliteJobs(connection))


def _known(table: str) -> str:
    columns_of(table)
    return table


def _write(connection: sqlite3.Connection, batch: Batch) -> WriteResult:
    writer = revisions.Writer(sqlite_log.SqliteKeeper(connection), batch.action)
    writer.write(batch)
    revision = writer.finish() or sqlite_log.newest(connection)[0]
    counts = writer.counts
    return WriteResult(revision, counts.added, counts.changed, counts.unchanged, counts.deleted)


def _keep_grant(connection: sqlite3.Connection, granted: Grant, revision: int) -> None:
    rows = [
        (granted.claim.id, revision, limit.kind, limit.id, granted.places, limit.taken, limit.capacity)
        for limit in granted.limits
    ]
    try:
        connection.executemany("INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    except sqlite3.IntegrityError as error:
        granted.check()
        raise CapacityError(**word("claim_no_place", id=granted.claim.id, error=error)) from error


def _names(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, str, str | None]]:
    name, others = NAMING.get(table, ("", ()))
    columns = f"id, {name or repr('')}, coalesce({', '.join((*others, 'NULL', 'NULL'))})"
    yield from connection.execute(f"SELECT {columns} FROM {quote(table)} ORDER BY id")


def _read_snapshot(connection: sqlite3.Connection, path: Path, revision: int, token: str) -> Snapshot:
    from graph.snapshot import Snapshot
    from graph.snapshot_cache import read_tables, write_tables

    kept = read_tables(path, token) if token else None
    tables = kept or _read_tables(connection)
    if token and kept is None:
        write_tables(path, token, tables)
    return Snapshot(tables, revision=revision, token=token)


def _read_tables(connection: sqlite3.Connection) -> dict[str, pa.Table]:
    from graph.arrow import rows_to_arrow

    return {
        table: rows_to_arrow(table, pages(all_rows(connection, table), _SNAPSHOT_PAGE)) for table in TABLES
    }
