"""Revisions, whatever keeps them: writing a batch with its event, reading events, taking them back.

Backends that keep rows and a log of their own (`graph.sqlite_log`, `graph.neo4j.log`) share these rules.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from graph.changes import CHUNK_CHANGES, Counts, PackedChanges, RowChange, bump, ordered
from graph.codec import Codec, Row, codec
from graph.entries import Batch, Event, Ref
from graph.errors import ConflictError, no_revision, nothing_to_undo
from graph.model import TABLES, Record
from graph.wording import word

NAMED_CHANGES = 10
"""So many records are named that keep a revision from being undone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A revision in the log, without its changes; `undone_by` is the revision that took it back."""

    revision: int
    token: str
    at: str
    action: str
    undoes: int | None = None
    undone_by: int | None = None


class Keeper(Protocol):
    """Rows and log of a store within one transaction that nobody else can come between."""

    def newest(self) -> int:
        """Number of the newest revision; 0 before the first."""

    def get_rows(self, table: str, ids: Sequence[str]) -> dict[str, Row]:
        """Rows by id, those that are there."""

    def apply(self, table: str, changes: Sequence[RowChange]) -> None:
        """Write and delete rows of one table."""

    def add_entry(self, revision: int, token: str, action: str, undoes: int | None) -> None:
        """Add a revision, made now, to the log."""

    def add_changes(self, revision: int, chunk: int, changes: Sequence[RowChange]) -> None:
        """Add a part of a revision's changes to the log."""

    def changes(self, revision: int) -> Iterator[list[RowChange]]:
        """The changes of a revision, part by part."""

    def entry(self, revision: int) -> Entry | None:
        """A revision, if there is one of that number."""

    def newest_standing(self) -> int | None:
        """The newest revision that is no undoing and hasn't been taken back."""

    def countable(self) -> list[int]:
        """The last revisions that can be taken back, newest first."""

    def set_undone_by(self, revision: int, by: int | None) -> None:
        """Note which revision took one back."""


class Writer:
    """Writes one revision: rows, and its event in chunks, so that memory stays bounded.

    The revision comes into being with the first change.
    """

    def __init__(self, keeper: Keeper, action: str, *, undoes: int | None = None) -> None:
        self.counts = Counts.zero()
        self.revision = 0
        self._keeper = keeper
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
        known = self._keeper.get_rows(table, [record_id for record_id, _ in part])
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
        self._keeper.apply(table, changes)
        self._pending += changes
        if len(self._pending) >= CHUNK_CHANGES:
            self._flush()

    def finish(self) -> int:
        """Write what is left of the event; gives the revision, 0 if nothing changed."""
        self._flush()
        return self.revision

    def _begin(self) -> None:
        self.revision = self._keeper.newest() + 1
        self._keeper.add_entry(self.revision, secrets.token_hex(8), self._action, self._undoes)

    def _flush(self) -> None:
        if self._pending:
            self._keeper.add_changes(self.revision, self._chunk, self._pending)
            self._chunk += 1
            self._pending = []


def make_event(entry: Entry, parts: Sequence[bytes], size: int) -> Event:
    """An entry of the log with its changes, still packed."""
    changes = PackedChanges(parts, size)
    at = datetime.fromisoformat(entry.at)
    return Event(entry.revision, entry.token, at, entry.action, changes, entry.undoes)


def undo(keeper: Keeper, revision: int | None) -> int:
    """Take a revision back; gives the new revision.

    Raises
    ------
    NotFoundError
        If there is no such revision, or none left to undo.
    ConflictError
        If it was undone already, or one of its records isn't as it left it.
    """
    chosen = _choose(keeper, revision)
    writer = Writer(keeper, "undo", undoes=chosen)
    differing: list[Ref] = []
    for part in keeper.changes(chosen):
        for table in TABLES:
            changes = [change for change in part if change[0] == table]
            inverse, conflicts = _inverse(keeper, table, changes)
            differing += conflicts
            writer.apply(table, inverse)
    if differing:
        raise _conflict(keeper, chosen, differing)
    result = writer.finish()
    keeper.set_undone_by(chosen, result)
    # What an undoing that no longer counts had taken back counts again, and so on down the chain.
    last, counts = chosen, True
    while (found := keeper.entry(last)) is not None and found.undoes is not None:
        keeper.set_undone_by(found.undoes, None if counts else last)
        last, counts = found.undoes, not counts
    return result


def _choose(keeper: Keeper, revision: int | None) -> int:
    if revision is None:
        found = keeper.newest_standing()
        if found is None:
            raise nothing_to_undo(keeper.countable())
        return found
    entry = keeper.entry(revision)
    if entry is None:
        raise no_revision(revision, keeper.countable())
    if entry.undone_by is not None:
        raise ConflictError(**word("undone_already", revision=revision, by=entry.undone_by))
    return revision


def _inverse(keeper: Keeper, table: str, changes: Iterable[RowChange]) -> tuple[list[RowChange], list[Ref]]:
    """Changes that take others back, and records that aren't as these left them."""
    wanted = list(changes)
    now = keeper.get_rows(table, [record_id for _, record_id, _, _ in wanted]) if wanted else {}
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


def _conflict(keeper: Keeper, revision: int, differing: list[Ref]) -> ConflictError:
    """Say which later revision changed which of the records."""
    left, lines = set(differing), []
    for later in range(keeper.newest(), revision, -1):
        for part in keeper.changes(later):
            for table, record_id, _, _ in part:
                if (table, record_id) in left:
                    left.discard((table, record_id))
                    lines.append(word("changed_record", table=table, id=record_id, revision=later))
        if not left or len(lines) >= NAMED_CHANGES:
            break
    shown = lines[:NAMED_CHANGES] + ([word("and_others")] if len(differing) > NAMED_CHANGES else [])
    return ConflictError(**word("conflict_later", revision=revision, records=len(differing), changed=shown))
