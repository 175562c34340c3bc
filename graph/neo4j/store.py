"""The store on a Neo4j server; `graph.store.Store` says what each method does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from graph import revisions, ties
from graph.codec import codec
from graph.entries import Batch, EdgeKind, Edges, Event, Ref, Round, WriteResult
from graph.errors import ConflictError, NotFoundError, StoreError
from graph.jobs import Work
from graph.lifecycle import move
from graph.model import TABLES, Claim, Record
from graph.neo4j import dump, load, log, rounds, schema
from graph.neo4j.claims import ClaimReader
from graph.neo4j.connection import Address, Connection, State, Transaction
from graph.neo4j.jobs import Neo4jJobs
from graph.neo4j.reading import Snapshots
from graph.neo4j.rows import (
    PAGE_ROWS,
    TransactionReader,
    around,
    count_all,
    count_rows,
    find_names,
    find_rows,
    get_rows,
    holds,
)
from graph.neo4j.shape import label
from graph.neo4j.ties import Tier
from graph.periods import Period
from graph.room import Grant, grant, withdrawn
from graph.wording import word

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Look:
    """What a claim comes to, before it is written."""

    reader: ClaimReader
    granted: Grant
    ended: list[Claim]

    @property
    def is_new(self) -> bool:
        """Whether the store doesn't hold the claim like this already."""
        return self.granted.claim != self.reader.lookup("claims", self.granted.claim.id)


class Neo4jStore:
    """A store in one database of a Neo4j server, opened by as many threads and processes as want to.

    Every write is one transaction that locks the store's node before it writes, so that the log has no gap.
    What else is locked, so that a claim sees all others that matter to it, says `graph.neo4j.claims`.
    """

    def __init__(self, address: Address) -> None:
        self._connection = Connection(address)
        self._snapshots = Snapshots(self._connection)
        self.is_unfinished = False
        """Whether a filling of it was broken off; until that has gone on to its end, it refuses all else."""

    @classmethod
    def open(cls, url: str) -> Neo4jStore:
        """Open and migrate a store by its address; LINLI_NEO4J_USER and LINLI_NEO4J_PASSWORD sign in."""
        store = cls(Address.parse(url))
        try:
            store.migrate()
            store.is_unfinished = store._connection.read(Transaction.state).loading is not None
        except BaseException:
            store.close()
            raise
        return store

    @property
    def url(self) -> str:
        """Address that `open_store` takes."""
        return self._connection.address.url

    def migrate(self) -> int:
        """Bring the schema up to date; gives its version."""
        return schema.migrate(self._connection)

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()

    def _read(self, work: Callable[[Transaction], T]) -> T:
        if self.is_unfinished:
            self._state()  # somebody else may have ended the filling
            self.is_unfinished = False
        return self._connection.read(work)

    def _write(self, work: Callable[[Transaction, State], T]) -> T:
        return self._write_after(Transaction.wait_for_claims, lambda inside, state, _: work(inside, state))

    def _write_after(self, look: Callable[[Transaction], S], work: Callable[[Transaction, State, S], T]) -> T:
        def whole(inside: Transaction, state: State, found: S) -> T:
            if state.loading is not None:
                raise _unfinished(self.url)
            return work(inside, state, found)

        return self._connection.write_after(look, whole)

    def _state(self) -> State:
        state = self._connection.read(Transaction.state)
        if state.loading is not None:
            raise _unfinished(self.url)
        return state

    # -- writing ------------------------------------------------------------------------------------

    def revision(self) -> tuple[int, str]:
        """Newest revision and its token."""
        state = self._state()
        return state.revision, state.token

    def write(self, batch: Batch, *, expect_revision: int | None = None) -> WriteResult:
        """Write a batch as one revision with one event."""

        def work(inside: Transaction, state: State) -> WriteResult:
            if expect_revision is not None and expect_revision != state.revision:
                raise ConflictError(**word("changed_since", newest=state.revision, expected=expect_revision))
            return _write(log.Neo4jKeeper(inside, state), batch)

        return self._write(work)

    def undo(self, revision: int | None = None) -> Event:
        """Take a revision's changes back as a new revision."""

        def work(inside: Transaction, state: State) -> Event:
            return log.read_event(inside, revisions.undo(log.Neo4jKeeper(inside, state), revision))

        return self._write(work)

    def claim(self, claim: Claim, period: Period, *, ends: Sequence[str] = ()) -> Claim:
        """Write an agreed claim if there is room for it; who asks for the same waits while it is read."""

        def look(inside: Transaction) -> _Look:
            reader = ClaimReader(inside, claim, ends)
            granted = grant(reader, claim, period)
            found = _Look(reader, granted, withdrawn(reader, ends))
            if found.is_new:
                granted.check()
            return found

        def work(inside: Transaction, state: State, found: _Look) -> Claim:
            known = {"claims": found.reader.claim_rows}
            keeper = log.Neo4jKeeper(inside, state, tier=Tier.all(inside), known=known)
            batch = Batch(put=(found.granted.claim, *found.ended), action="claim")
            result = _write(keeper, batch)
            if found.is_new:
                load.add_grants(inside, _grants(found.granted, result.revision))
            return found.granted.claim

        return self._write_after(look, work)

    def release(self, claim_id: str, *, status: str = "withdrawn", why: str = "") -> Claim:
        """End a claim; its places are free again."""

        def work(inside: Transaction, state: State) -> Claim:
            known = TransactionReader(inside).lookup("claims", claim_id)
            if not isinstance(known, Claim):
                raise NotFoundError(**word("no_claim", id=claim_id))
            ended = replace(known, status=move("claim", known.status, status), why=why or known.why)
            _write(log.Neo4jKeeper(inside, state), Batch(put=(ended,), action="release"))
            return ended

        return self._write(work)

    # -- reading ------------------------------------------------------------------------------------

    def get(self, table: str, record_id: str) -> Record:
        """One record by id."""
        label(table)
        row = self._read(lambda inside: get_rows(inside, table, [record_id])).get(record_id)
        if row is None:
            raise NotFoundError(**word("no_record", table=table, id=record_id))
        return codec(table).decode(row)

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
        label(table)
        decode, left = codec(table).decode, limit
        while left is None or left > 0:
            size = PAGE_ROWS if left is None else min(left, PAGE_ROWS)
            rows = self._read(
                lambda inside, after=after, size=size: find_rows(  # type: ignore[misc]
                    inside, table, after=after, limit=size, as_of=as_of, where=where
                )
            )
            yield from map(decode, rows)
            if len(rows) < size:
                return
            after, left = rows[-1][0], None if left is None else left - size

    def count(self, table: str) -> int:
        """How many records a table has."""
        label(table)
        return self._read(lambda inside: count_rows(inside, table))

    def names(self) -> Mapping[str, Sequence[tuple[str, str, str | None]]]:
        """Per table: id, name, and what tells equal names apart."""

        def work(inside: Transaction) -> dict[str, list[tuple[str, str, str | None]]]:
            sizes = count_all(inside)
            return {table: find_names(inside, table) if sizes[table] else [] for table in TABLES}

        return self._read(work)

    def neighbours(
        self, record_id: str, *, kind: EdgeKind | None = None, as_of: date | None = None
    ) -> list[Ref]:
        """Records tied to one; sorted."""
        rows, known = self._read(lambda inside: around(inside, record_id))

        def lookup(table: str, other: str) -> bool:
            return (table, other) in known

        def find(table: str, field: str, value: str) -> Iterator[Record]:
            for other, row in rows:
                if other == table and holds(table, row, field, value):
                    yield codec(table).decode(row)

        return ties.neighbours(record_id, lookup, find, kind=kind, as_of=as_of)

    def edges(self, kind: EdgeKind, *, as_of: date | None = None) -> Edges:
        """All ties of one kind as arrays."""
        return ties.edges(self.snapshot(as_of), kind)

    def events(self, *, after: int = 0, limit: int | None = None) -> Iterator[Event]:
        """The log, oldest first."""
        for number in self._read(lambda inside: log.find_revisions(inside, after=after, limit=limit)):
            yield self._read(lambda inside, number=number: log.read_event(inside, number))  # type: ignore[misc]

    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """The whole graph as columns; from memory, or disk and the log, where these lead to the newest."""
        whole = self._snapshots.get(self._state())
        return whole if as_of is None else whole.at(as_of)

    # -- everything at once -------------------------------------------------------------------------

    def dump(self) -> Iterator[dict[str, Any]]:
        """Everything as plain JSON values, streaming, as it was when the first was asked for."""
        self._state()
        yield from dump.dump(self._connection)

    def load(self, rows: Iterator[dict[str, Any]]) -> int:
        """Fill an empty store from `dump`; where that was broken off, the same rows go on."""
        count = load.load(self._connection, rows)
        self.is_unfinished = False
        return count

    def clear(self) -> None:
        """Remove everything, the log and an unfinished filling included."""
        load.clear(self._connection)
        self.is_unfinished = False

    # -- rounds -------------------------------------------------------------------------------------

    def put_round(self, value: Round) -> Round:
        """Keep a round; no revision is made."""
        return self._write(lambda inside, _: rounds.put(inside, value))

    def get_round(self, round_id: str) -> Round:
        """One round with its results."""
        return self._read(lambda inside: rounds.get(inside, round_id))

    def rounds(self) -> list[Round]:
        """All rounds, newest first, without their results."""
        return self._read(rounds.every)

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state."""

        def work(inside: Transaction, _: State) -> Round:
            known = rounds.get(inside, round_id)
            rounds.set_status(inside, round_id, move("round", known.status, status))
            return replace(known, status=status)

        return self._write(work)

    # -- jobs ---------------------------------------------------------------------------------------

    def read_jobs(self, work: Work[T]) -> T:
        """Run a function that looks at jobs."""
        return self._read(lambda inside: work(Neo4jJobs(inside, is_locked=False)))

    def change_jobs(self, work: Work[T], *, with_rounds: bool = False) -> T:
        """Run a function that changes jobs; with rounds, while nobody else writes."""
        if with_rounds:
            return self._write(lambda inside, _: work(Neo4jJobs(inside, is_locked=True)))
        return self._connection.write_freely(lambda inside: work(Neo4jJobs(inside, is_locked=True)))


def _write(keeper: log.Neo4jKeeper, batch: Batch) -> WriteResult:
    writer = revisions.Writer(keeper, batch.action)
    writer.write(batch)
    revision = writer.finish() or keeper.newest()
    counts = writer.counts
    return WriteResult(revision, counts.added, counts.changed, counts.unchanged, counts.deleted)


def _grants(granted: Grant, revision: int) -> list[dict[str, Any]]:
    return [
        {
            "claim": granted.claim.id,
            "revision": revision,
            "kind": limit.kind,
            "holder": limit.id,
            "places": granted.places,
            "taken": limit.taken,
            "capacity": limit.capacity,
        }
        for limit in granted.limits
    ]


def _unfinished(url: str) -> StoreError:
    return StoreError(**word("copy_unfinished", url=url))
