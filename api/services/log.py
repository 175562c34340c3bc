"""The store's log as people read it: what each revision changed, what took it back, a record's history."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from graph.store import Change, Event, Store

Json = dict[str, Any]

_SMALL: Final = 5_000
"""Up to so many changes of a revision are kept by field; of larger ones only which records they touch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one revision.

    Attributes
    ----------
    counts : mapping of str to int
        Records changed, per table.
    touched : mapping or ndarray
        Per record the fields that changed (none: it was added or deleted); sorted hashes of a large one's.
    """

    revision: int
    token: str
    at: str
    action: str
    undoes: int | None
    counts: Mapping[str, int]
    touched: Mapping[tuple[str, str], tuple[str, ...]] | np.ndarray[Any, Any]


class Log:
    """Reads a store's log once, and what is added to it later; anew where a copy took the store's place."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def revisions(self) -> list[Json]:
        """Every revision, newest first: `revision`, `at`, `action`, `changes` per table, `undone_by`."""
        entries = self._read()
        undone_by = undone(entries)
        return [
            {
                "revision": entry.revision,
                "at": entry.at,
                "action": entry.action,
                "changes": dict(entry.counts),
                "undoes": entry.undoes,
                "undone_by": undone_by.get(entry.revision),
            }
            for entry in reversed(entries)
        ]

    def agrees(self, revision: int) -> bool:
        """Whether the store holds again what it held at a revision: all that came later was taken back."""
        entries = self._read()
        if entries and entries[-1].revision > revision and entries[-1].undoes is None:
            # What was written last still counts: no need to look at the rest.
            return False
        earlier = [entry for entry in entries if entry.revision <= revision]
        return standing(earlier) == standing(entries)

    def history(self, table: str, record_id: str) -> list[Json]:
        """What happened to a record, newest first; `fields` is empty where it came or went."""
        found = []
        for entry in reversed(self._read()):
            changed = _touched(entry, table, record_id)
            if changed is not None:
                found.append(
                    {
                        "revision": entry.revision,
                        "at": entry.at,
                        "action": entry.action,
                        "fields": list(changed),
                    }
                )
        return found

    def _read(self) -> list[Entry]:
        with self._lock:
            known = self._entries[-1] if self._entries else None
            if known is None:
                self._entries = [_entry(event) for event in self._store.events()]
            elif self._store.revision() != (known.revision, known.token):
                later = self._store.events(after=known.revision - 1)
                if (same := next(later, None)) is None or same.token != known.token:
                    later, self._entries = self._store.events(), []
                self._entries += [_entry(event) for event in later]
            return list(self._entries)


def agrees_since(store: Store, revision: int) -> bool:
    """What `Log.agrees` says, read from what came later alone: for a look at a store that isn't served."""
    newest, _ = store.revision()
    if newest > revision and _undoes(store, newest) is None:
        return False
    undoes = {event.revision: event.undoes for event in store.events(after=revision)}
    turned: Counter[int] = Counter()
    for later in undoes:
        root = later
        while (before := undoes[root] if root in undoes else _undoes(store, root)) is not None:
            root = before
        turned[root] += 1
    # What is newer stands once and is taken back once; what is older is as it was after every second turn.
    return all(times % 2 == 0 for times in turned.values())


def _undoes(store: Store, revision: int) -> int | None:
    return next(store.events(after=revision - 1, limit=1)).undoes


def undone(entries: Sequence[Entry]) -> dict[int, int]:
    """Which revision took back which, as things stand: taking back an undo makes the first count again."""
    undone_by: dict[int, int] = {}
    for entry in reversed(entries):
        if entry.undoes is not None and entry.revision not in undone_by:
            undone_by[entry.undoes] = entry.revision
    return undone_by


def standing(entries: Sequence[Entry]) -> set[int]:
    """The revisions that count, as things stand: neither taken back nor a taking back."""
    undone_by = undone(entries)
    return {entry.revision for entry in entries if entry.undoes is None and entry.revision not in undone_by}


def _entry(event: Event) -> Entry:
    at = event.at.isoformat()
    counts: Counter[str] = Counter()
    if len(event.changes) <= _SMALL:
        touched = {}
        for change in event.changes:
            counts[change.table] += 1
            touched[change.table, change.id] = _fields(change)
        return Entry(event.revision, event.token, at, event.action, event.undoes, counts, touched)
    hashes = np.empty(len(event.changes), dtype=np.uint32)
    for index, change in enumerate(event.changes):
        counts[change.table] += 1
        hashes[index] = _hash(change.table, change.id)
    return Entry(event.revision, event.token, at, event.action, event.undoes, counts, np.sort(hashes))


def _touched(entry: Entry, table: str, record_id: str) -> tuple[str, ...] | None:
    if not isinstance(entry.touched, np.ndarray):
        return entry.touched.get((table, record_id))
    wanted = _hash(table, record_id)
    at = int(np.searchsorted(entry.touched, wanted))
    return () if at < len(entry.touched) and entry.touched[at] == wanted else None


def _hash(table: str, record_id: str) -> int:
    return crc32(f"{table}\x1f{record_id}".encode())


def _fields(change: Change) -> tuple[str, ...]:
    before, after = change.before, change.after
    if before is None or after is None:
        return ()
    names = (item.name for item in fields(after) if item.compare)
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
