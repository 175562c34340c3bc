"""A store in plain dictionaries: for tests, notebooks and trials, and the model that backends are held to."""

from __future__ import annotations

import copy
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from graph import ties
from graph.changes import Counts, bump, ordered
from graph.codec import table_fields
from graph.dumps import check_header, take_in
from graph.entries import Batch, Change, EdgeKind, Edges, Event, Ref, Round, WriteResult
from graph.errors import ConflictError, NotFoundError, no_revision, nothing_to_undo
from graph.jobs import Job, Work
from graph.lifecycle import move
from graph.memory_contents import Contents, Entry
from graph.memory_jobs import MemoryJobs
from graph.model import NAMING, TABLES, Claim, Record
from graph.periods import Period
from graph.room import Grant, grant, withdrawn
from graph.rounds import prepare
from graph.snapshot import Snapshot
from graph.wording import word

Method = TypeVar("Method", bound=Callable[..., Any])
T = TypeVar("T")


def _locked(method: Method) -> Method:
    """Let one thread at a time into the store."""

    @wraps(method)
    def call(self: MemoryStore, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            return method(self, *args, **kwargs)

    return cast("Method", call)


class MemoryStore:
    """A store that ends with the process; `graph.store.Store` says what each method does."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._records: dict[str, dict[str, Record]] = {table: {} for table in TABLES}
        self._log: list[Entry] = []
        self._rounds: dict[str, Round] = {}
        self._grants: list[list[Any]] = []
        self._jobs: dict[str, Job] = {}

    @property
    def url(self) -> str:
        """Address that `open_store` takes; each opening gives a store of its own."""
        return "memory:"

    def migrate(self) -> int:
        """Nothing to bring up to date."""
        return 0

    def close(self) -> None:
        """Nothing to let go of."""

    @_locked
    def revision(self) -> tuple[int, str]:
        """Newest revision and its token."""
        return (self._log[-1].event.revision, self._log[-1].event.token) if self._log else (0, "")

    # -- writing ------------------------------------------------------------------------------------

    @_locked
    def write(self, batch: Batch, *, expect_revision: int | None = None) -> WriteResult:
        """Write a batch as one revision with one event."""
        newest = self.revision()[0]
        if expect_revision is not None and expect_revision != newest:
            raise ConflictError(**word("changed_since", newest=newest, expected=expect_revision))
        counts = Counts.zero()
        changes: list[Change] = []
        for table, group in ordered(batch):
            for record_id, after in group:
                before = self._records[table].get(record_id)
                if after is None and before is None:
                    continue
                if after is not None and after == before:
                    bump(counts.unchanged, table)
                    continue
                counter = (
                    counts.deleted if after is None else counts.added if before is None else counts.changed
                )
                bump(counter, table)
                changes.append(Change(table, record_id, before, after))
        revision = self._apply(batch.action, changes).event.revision if changes else newest
        return WriteResult(revision, counts.added, counts.changed, counts.unchanged, counts.deleted)

    def _apply(self, action: str, changes: Sequence[Change], *, undoes: int | None = None) -> Entry:
        for change in changes:
            if change.after is None:
                self._records[change.table].pop(change.id, None)
            else:
                self._records[change.table][change.id] = change.after
        revision, token = self.revision()[0] + 1, secrets.token_hex(8)
        event = Event(revision, token, datetime.now(UTC), action, tuple(changes), undoes)
        self._log.append(Entry(event))
        return self._log[-1]

    @_locked
    def undo(self, revision: int | None = None) -> Event:
        """Take a revision's changes back as a new revision."""
        chosen = self._choose(revision)
        later = [
            change
            for change in chosen.event.changes
            if self._records[change.table].get(change.id) != change.after
        ]
        if later:
            revision = chosen.event.revision
            named = [f"{change.table} {change.id}" for change in later[:10]]
            raise ConflictError(
                **word("conflict_later", revision=revision, records=len(later), changed=named)
            )
        inverse = [
            Change(change.table, change.id, self._records[change.table].get(change.id), change.before)
            for change in chosen.event.changes
        ]
        entry = self._apply("undo", inverse, undoes=chosen.event.revision)
        chosen.undone_by = entry.event.revision
        # What an undoing that no longer counts had taken back counts again, and so on down the chain.
        last, counts = chosen.event, True
        while last.undoes is not None:
            before = next(entry for entry in self._log if entry.event.revision == last.undoes)
            before.undone_by = None if counts else last.revision
            last, counts = before.event, not counts
        return entry.event

    def _choose(self, revision: int | None) -> Entry:
        if revision is None:
            open_ones = [
                entry for entry in self._log if entry.undone_by is None and entry.event.undoes is None
            ]
            if not open_ones:
                raise nothing_to_undo(self._countable())
            return open_ones[-1]
        found = [entry for entry in self._log if entry.event.revision == revision]
        if not found:
            raise no_revision(revision, self._countable())
        if found[0].undone_by is not None:
            raise ConflictError(**word("undone_already", revision=revision, by=found[0].undone_by))
        return found[0]

    def _countable(self) -> list[int]:
        """Revisions that can be taken back, newest first."""
        return [entry.event.revision for entry in reversed(self._log) if entry.undone_by is None]

    @_locked
    def claim(self, claim: Claim, period: Period, *, ends: Sequence[str] = ()) -> Claim:
        """Write an agreed claim if there is room for it."""
        granted = grant(self, claim, period)
        ended = withdrawn(self, ends)
        is_new = granted.claim != self.lookup("claims", claim.id)
        if is_new:
            granted.check()
        result = self.write(Batch(put=(granted.claim, *ended), action="claim"))
        if is_new:
            self._keep_grant(granted, result.revision)
        return granted.claim

    def _keep_grant(self, granted: Grant, revision: int) -> None:
        for limit in granted.limits:
            self._grants.append(
                [
                    granted.claim.id,
                    revision,
                    limit.kind,
                    limit.id,
                    granted.places,
                    limit.taken,
                    limit.capacity,
                ]
            )

    @_locked
    def release(self, claim_id: str, *, status: str = "withdrawn", why: str = "") -> Claim:
        """End a claim; its places are free again."""
        known = self.lookup("claims", claim_id)
        if not isinstance(known, Claim):
            raise NotFoundError(**word("no_claim", id=claim_id))
        ended = replace(known, status=move("claim", known.status, status), why=why or known.why)
        self.write(Batch(put=(ended,), action="release"))
        return ended

    # -- reading ------------------------------------------------------------------------------------

    def lookup(self, table: str, record_id: str) -> Record | None:
        """One record, or None."""
        return self._table(table).get(record_id)

    def _table(self, table: str) -> dict[str, Record]:
        if table not in self._records:
            raise NotFoundError(**word("no_table", table=table))
        return self._records[table]

    def get(self, table: str, record_id: str) -> Record:
        """One record by id."""
        found = self.lookup(table, record_id)
        if found is None:
            raise NotFoundError(**word("no_record", table=table, id=record_id))
        return found

    def find(
        self,
        table: str,
        *,
        after: str = "",
        limit: int | None = None,
        as_of: date | None = None,
        **where: object,
    ) -> Iterator[Record]:
        """Records whose fields equal `where`, in order of id."""
        with self._lock:
            rows = sorted(self._table(table).items())
            names = {item.name for item in table_fields(table)}
        for name in where:
            if name not in names:
                raise NotFoundError(**word("no_field", table=table, name=name, fields=sorted(names)))
        found = [
            record
            for record_id, record in rows
            if (not after or record_id > after)
            and (as_of is None or record.is_valid(as_of))
            and all(getattr(record, name) == value for name, value in where.items())
        ]
        yield from found[:limit]

    def count(self, table: str) -> int:
        """How many records a table has."""
        return len(self._table(table))

    @_locked
    def names(self) -> Mapping[str, Sequence[tuple[str, str, str | None]]]:
        """Per table: id, name, and what tells equal names apart."""
        return {
            table: [_name(table, row) for _, row in sorted(rows.items())]
            for table, rows in self._records.items()
        }

    @_locked
    def neighbours(
        self, record_id: str, *, kind: EdgeKind | None = None, as_of: date | None = None
    ) -> list[Ref]:
        """Records tied to one; sorted."""
        return ties.neighbours(record_id, self.lookup, self._find_holding, kind=kind, as_of=as_of)

    def where(self, table: str, **fields: object) -> Iterator[Record]:
        """Records whose fields equal the given ones, in order of id."""
        return self.find(table, **fields)  # type: ignore[arg-type]

    def _find_holding(self, table: str, name: str, value: str) -> Iterator[Record]:
        for record in self._records[table].values():
            held = getattr(record, name)
            if held == value or (isinstance(held, tuple) and value in held):
                yield record

    def edges(self, kind: EdgeKind, *, as_of: date | None = None) -> Edges:
        """All ties of one kind as arrays."""
        return ties.edges(self.snapshot(as_of), kind)

    def events(self, *, after: int = 0, limit: int | None = None) -> Iterator[Event]:
        """The log, oldest first."""
        with self._lock:
            found = [entry.event for entry in self._log if entry.event.revision > after]
        yield from found[:limit]

    @_locked
    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """The whole graph as columns."""
        revision, token = self.revision()
        records = (record for rows in self._records.values() for record in rows.values())
        return Snapshot.from_records(records, as_of=as_of, revision=revision, token=token)

    # -- everything at once -------------------------------------------------------------------------

    def dump(self) -> Iterator[dict[str, Any]]:
        """Everything as plain JSON values, as it is at one moment."""
        with self._lock:
            rows = list(Contents(self._records, self._log, self._rounds, self._grants).dump())
        yield from rows

    @_locked
    def load(self, rows: Iterator[dict[str, Any]]) -> int:
        """Fill an empty store from `dump`."""
        if self._log or self._rounds:
            raise ConflictError(**word("not_empty"))
        check_header(next(rows, {}))
        fresh, count = Contents(), 0
        for row in rows:
            take_in(row, fresh)
            count += 1
        self._records, self._log = fresh.records, fresh.log
        self._rounds, self._grants = fresh.rounds, fresh.grants
        return count

    # -- rounds -------------------------------------------------------------------------------------

    @_locked
    def put_round(self, value: Round) -> Round:
        """Keep a round; no revision is made."""
        kept = prepare(value, self._rounds.get(value.id), self._rounds)
        self._rounds[kept.id] = copy.deepcopy(kept)
        return kept

    @_locked
    def get_round(self, round_id: str) -> Round:
        """One round with its results."""
        if round_id not in self._rounds:
            raise NotFoundError(**word("no_round", id=round_id))
        return copy.deepcopy(self._rounds[round_id])

    @_locked
    def rounds(self) -> list[Round]:
        """All rounds, newest first, without their results."""
        return [replace(value, results={}) for value in reversed(self._rounds.values())]

    @_locked
    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state."""
        known = self.get_round(round_id)
        moved = replace(known, status=move("round", known.status, status))
        self._rounds[round_id] = moved
        return copy.deepcopy(moved)

    # -- jobs ---------------------------------------------------------------------------------------

    @_locked
    def read_jobs(self, work: Work[T]) -> T:
        """Run a function that looks at jobs."""
        return work(MemoryJobs(dict(self._jobs), self.put_round, self.change_round))

    @_locked
    def change_jobs(self, work: Work[T], *, with_rounds: bool = False) -> T:
        """Run a function that changes jobs; all or nothing."""
        jobs, known = dict(self._jobs), dict(self._rounds)
        try:
            result = work(MemoryJobs(jobs, self.put_round, self.change_round))
        except BaseException:
            self._rounds = known
            raise
        self._jobs = jobs
        return result


def _name(table: str, record: Record) -> tuple[str, str, str | None]:
    name, others = NAMING.get(table, ("", ()))
    known = (value for value in (getattr(record, other) for other in others) if value is not None)
    return record.id, getattr(record, name) if name else "", next(known, None)
