"""Filling an empty store in Neo4j from a dump, and emptying one, in transactions of bounded size.

Each part of the rows is one transaction that also notes on the store's node how many rows are in and a digest
of them. A filling that was broken off is taken up again by giving the same rows: those that are in are only
compared. Until it is whole, the store refuses everything else.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final

from graph.changes import RowChange
from graph.codec import Row
from graph.dumps import check_header, take_in
from graph.entries import Round
from graph.errors import ConflictError
from graph.neo4j import rounds
from graph.neo4j.connection import Connection, State, Transaction
from graph.neo4j.dump import GRANT
from graph.neo4j.log import add_changes, add_entries, count_chunks, set_undone_by
from graph.neo4j.rows import PAGE_ROWS, count_all
from graph.neo4j.shape import LABELS
from graph.neo4j.ties import Tier
from graph.revisions import Entry
from graph.wording import word

CLEARING: Final = "clearing"
"""What the store's node says while the store is being emptied."""

DELETED_AT_ONCE: Final = 10_000


@dataclass(slots=True)
class _Part:
    """Rows of a dump, read and ready to be written."""

    entries: list[Entry] = field(default_factory=list)
    changes: dict[int, list[RowChange]] = field(default_factory=dict)
    records: dict[str, list[Row]] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    grants: list[dict[str, Any]] = field(default_factory=list)

    def add_revision(self, row: Mapping[str, Any]) -> None:
        """An entry of the log; who took it back is noted at the end."""
        names = ("revision", "token", "at", "action", "undoes", "undone_by")
        self.entries.append(Entry(*(row[name] for name in names)))

    def add_change(self, revision: int, change: RowChange) -> None:
        """A change of a revision."""
        self.changes.setdefault(revision, []).append(change)

    def add_record(self, table: str, row: Row) -> None:
        """A record."""
        self.records.setdefault(table, []).append(row)

    def add_round(self, value: Round) -> None:
        """A round with its results."""
        self.rounds.append(value)

    def add_grant(self, values: list[Any]) -> None:
        """What a granted claim took."""
        self.grants.append(dict(zip(GRANT, values, strict=True)))

    def write(self, transaction: Transaction) -> None:
        """Write everything."""
        if self.entries:
            add_entries(transaction, self.entries)
        begun = {entry.revision for entry in self.entries}
        for revision, changes in self.changes.items():
            chunk = 0 if revision in begun else count_chunks(transaction, revision)
            add_changes(transaction, revision, chunk, changes)
        tier = Tier(transaction, count_all(transaction)) if self.records else None
        for table, rows in self.records.items():
            if tier is not None:
                tier.create(table, rows)
        rounds.insert(transaction, self.rounds)
        add_grants(transaction, self.grants)


def add_grants(transaction: Transaction, grants: Sequence[dict[str, Any]]) -> None:
    """Keep what granted claims took, numbered in their order."""
    if grants:
        transaction.do(
            "MATCH (s:Store {id: 'linli'}) WITH s, s.grants AS first SET s.grants = first + size($rows) "
            "WITH first UNWIND range(0, size($rows) - 1) AS at "
            "CREATE (g:Grant) SET g = $rows[at], g.number = first + at",
            rows=list(grants),
        )


def load(connection: Connection, rows: Iterator[dict[str, Any]]) -> int:
    """Fill an empty store, or go on filling it; gives how many rows were read.

    Raises
    ------
    ConflictError
        If the store isn't empty, or its unfinished filling was with other rows.
    StoreError
        If the rows aren't those of a dump: then nothing stays in the store.
    """
    loader = _Loader(connection)
    check_header(next(rows, {}))
    loader.skip(rows)
    try:
        _put_pages(loader, rows)
    except _NoDumpError as error:
        clear(connection)
        raise (error.__cause__ or error) from None
    loader.finish()
    return loader.rows


class _NoDumpError(Exception):
    """The rows aren't those of a dump; its cause says why."""


def _put_pages(loader: _Loader, rows: Iterator[dict[str, Any]]) -> None:
    """Write the rows page by page; while the server writes one, the next is made ready."""
    with ThreadPoolExecutor(1, thread_name_prefix="linli-load") as writer:
        written: Future[None] | None = None
        for page in _pages(rows):
            part = _read_part(page)
            ready = loader.count(page)
            if written is not None:
                written.result()
            written = writer.submit(loader.put, part, ready)
        if written is not None:
            written.result()


def _read_part(page: Sequence[dict[str, Any]]) -> _Part:
    part = _Part()
    try:
        for row in page:
            take_in(row, part)
    except Exception as error:
        raise _NoDumpError from error
    return part


def _pages(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows that are written at once; a round, whose documents may be large, comes last in its page."""
    page: list[dict[str, Any]] = []
    for row in rows:
        page.append(row)
        if len(page) == PAGE_ROWS or row.get("kind") == "round":
            yield page
            page = []
    if page:
        yield page


class _Loader:
    """Keeps count of how far a filling has come."""

    def __init__(self, connection: Connection) -> None:
        self.rows = 0
        self._connection = connection
        self._digest = hashlib.sha256()
        self._last = (0, "")
        self._undone: list[tuple[int, int | None]] = []
        state = connection.read(Transaction.state)
        if state.loading == CLEARING:
            clear(connection)
            state = connection.read(Transaction.state)
        self._noted = state.loading
        if self._noted is None and (state.revision or connection.read(rounds.every)):
            raise ConflictError(**word("not_empty"))

    def skip(self, rows: Iterator[dict[str, Any]]) -> None:
        """Pass over the rows that are in already, comparing them."""
        if self._noted is None:
            return
        noted = json.loads(self._noted)
        for page in _pages(islice(rows, noted["rows"])):
            self.count(page)
        if (self.rows, self._digest.hexdigest()) != (noted["rows"], noted["digest"]):
            raise ConflictError(**word("other_copy"))

    def count(self, page: Sequence[dict[str, Any]]) -> str:
        """Count the next rows; gives the note of how far it has come with them."""
        self.rows += len(page)
        for row in page:
            # Of the formats in which equal values have equal bytes, it is the quickest by far.
            self._digest.update(marshal.dumps(row, 2))
            if row.get("kind") == "revision":
                self._last = (row["revision"], row["token"])
                if row["undone_by"] is not None:
                    self._undone.append((row["revision"], row["undone_by"]))
        return json.dumps({"rows": self.rows, "digest": self._digest.hexdigest()})

    def put(self, part: _Part, note: str) -> None:
        """Write rows and what was noted of them."""

        def work(inside: Transaction, state: State) -> None:
            self._refuse_others(state)
            part.write(inside)
            inside.do("MATCH (s:Store {id: 'linli'}) SET s.loading = $note", note=note)

        self._connection.write(work)
        self._noted = note

    def _refuse_others(self, state: State) -> None:
        if state.loading != self._noted or (state.loading is None and state.revision):
            raise ConflictError(**word("being_written"))

    def finish(self) -> None:
        """Let the store be used."""

        def work(inside: Transaction, state: State) -> None:
            self._refuse_others(state)
            set_undone_by(inside, self._undone)
            inside.do(
                "MATCH (s:Store {id: 'linli'}) "
                "SET s.revision = $revision, s.token = $token, s.loading = null",
                revision=self._last[0],
                token=self._last[1],
            )

        self._connection.write(work)


def clear(connection: Connection) -> None:
    """Remove everything from a store, in parts; where it is broken off, the next filling ends it first."""
    _reset(connection, CLEARING)
    filled = [table for table, size in connection.read(count_all).items() if size]
    # What refers to others goes before these, so that no part has all that refers to a few.
    for label in (*(f":{LABELS[table]}" for table in reversed(filled)), ""):
        while connection.write_freely(partial(_delete_some, label=label)) == DELETED_AT_ONCE:
            pass
    _reset(connection, None)


def _delete_some(transaction: Transaction, label: str) -> int:
    """Delete as many records of a label as one transaction should; gives how many."""
    query = (
        f"MATCH (n{label}) WHERE NOT n:Store AND NOT n:Desk WITH n LIMIT $most "
        "DETACH DELETE n RETURN count(*)"
    )
    return int(transaction.value(query, most=DELETED_AT_ONCE))


def _reset(connection: Connection, loading: str | None) -> None:
    connection.write(
        lambda inside, _: inside.do(
            "MATCH (s:Store {id: 'linli'}) "
            "SET s.revision = 0, s.token = '', s.rounds = 0, s.grants = 0, s.loading = $loading",
            loading=loading,
        )
    )
