"""The event log of a store in Neo4j: what `graph.revisions` works on, within one transaction.

Each revision is a node `Revision`, its changes are nodes `Changes`, compressed as in every store. The store's
own node holds the newest revision: a writer locks it first and counts it up, so the numbers have no gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from graph.changes import RowChange, pack, unpack
from graph.codec import Row
from graph.entries import Event
from graph.errors import REVISIONS_NAMED
from graph.neo4j.connection import State, Transaction
from graph.neo4j.rows import count_all, delete_rows, get_rows, put_rows
from graph.neo4j.ties import Tier
from graph.revisions import Entry, make_event

_ENTRY = "[r.revision, r.token, r.at, r.action, r.undoes, r.undone_by]"


class Neo4jKeeper:
    """Rows and log within a transaction that holds the store's lock, as `graph.revisions.Keeper` says."""

    def __init__(
        self,
        transaction: Transaction,
        state: State,
        *,
        tier: Tier | None = None,
        known: Mapping[str, Mapping[str, Row]] | None = None,
    ) -> None:
        self._transaction = transaction
        self._newest = state.revision
        self._tier = tier
        self._known = known or {}
        self._entry: Entry | None = None

    def newest(self) -> int:
        """Number of the newest revision."""
        return self._newest

    def get_rows(self, table: str, ids: Sequence[str]) -> dict[str, Row]:
        """Rows by id, those that are there."""
        known = self._known.get(table)
        if known is not None:
            return {record_id: known[record_id] for record_id in ids if record_id in known}
        return get_rows(self._transaction, table, ids)

    def apply(self, table: str, changes: Sequence[RowChange]) -> None:
        """Write and delete rows of one table, and what ties them to others."""
        if self._tier is None:
            self._tier = Tier(self._transaction, count_all(self._transaction))
        self._tier.create(table, [after for _, _, before, after in changes if after and before is None])
        put_rows(self._transaction, table, [after for _, _, before, after in changes if after and before])
        self._tier.tie(table, changes)
        delete_rows(self._transaction, table, [item for _, item, _, after in changes if after is None])

    def add_entry(self, revision: int, token: str, action: str, undoes: int | None) -> None:
        """Add a revision, made now, to the log."""
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        # It is written with the first of its changes.
        self._entry = Entry(revision, token, at, action, undoes)
        self._newest = revision

    def add_changes(self, revision: int, chunk: int, changes: Sequence[RowChange]) -> None:
        """Add a part of a revision's changes to the log."""
        if self._entry is None:
            add_changes(self._transaction, revision, chunk, changes)
            return
        self._transaction.do(
            "MATCH (s:Store {id: 'linli'}) SET s.revision = $entry.revision, s.token = $entry.token "
            "CREATE (r:Revision) SET r = $entry CREATE (c:Changes) SET c = $changes",
            entry=_entry_row(self._entry),
            changes=_changes_row(revision, chunk, changes),
        )
        self._entry = None

    def changes(self, revision: int) -> Iterator[list[RowChange]]:
        """The changes of a revision, part by part."""
        for chunk in range(count_chunks(self._transaction, revision)):
            yield read_chunk(self._transaction, revision, chunk)

    def entry(self, revision: int) -> Entry | None:
        """A revision, if there is one of that number."""
        return read_entry(self._transaction, revision)

    def newest_standing(self) -> int | None:
        """The newest revision that is no undoing and hasn't been taken back."""
        found = self._transaction.value(
            "MATCH (r:Revision) WHERE r.undone_by IS NULL AND r.undoes IS NULL RETURN max(r.revision)"
        )
        return None if found is None else int(found)

    def countable(self) -> list[int]:
        """The last revisions that can be taken back, newest first."""
        rows = self._transaction.many(
            "MATCH (r:Revision) WHERE r.undone_by IS NULL "
            "RETURN r.revision ORDER BY r.revision DESC LIMIT $most",
            most=REVISIONS_NAMED,
        )
        return [int(row[0]) for row in rows]

    def set_undone_by(self, revision: int, by: int | None) -> None:
        """Note which revision took one back."""
        set_undone_by(self._transaction, [(revision, by)])


def add_entries(transaction: Transaction, entries: Sequence[Entry]) -> None:
    """Add revisions to the log as they are, but for who took them back."""
    transaction.do(
        "UNWIND $rows AS row CREATE (r:Revision) SET r = row", rows=[_entry_row(entry) for entry in entries]
    )


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "revision": entry.revision,
        "token": entry.token,
        "at": entry.at,
        "action": entry.action,
        "undoes": entry.undoes,
    }


def set_undone_by(transaction: Transaction, pairs: Sequence[tuple[int, int | None]]) -> None:
    """Note which revisions took others back."""
    transaction.do(
        "UNWIND $pairs AS pair MATCH (r:Revision {revision: pair[0]}) SET r.undone_by = pair[1]",
        pairs=[list(pair) for pair in pairs],
    )


def add_changes(transaction: Transaction, revision: int, chunk: int, changes: Sequence[RowChange]) -> None:
    """Add a part of a revision's changes to the log."""
    transaction.do("CREATE (c:Changes) SET c = $changes", changes=_changes_row(revision, chunk, changes))


def _changes_row(revision: int, chunk: int, changes: Sequence[RowChange]) -> dict[str, Any]:
    return {"revision": revision, "chunk": chunk, "size": len(changes), "body": pack(changes)}


def count_chunks(transaction: Transaction, revision: int) -> int:
    """In how many parts a revision's changes are kept."""
    return int(
        transaction.value("MATCH (c:Changes {revision: $revision}) RETURN count(c)", revision=revision)
    )


def read_chunk(transaction: Transaction, revision: int, chunk: int) -> list[RowChange]:
    """One part of a revision's changes."""
    body = transaction.value(
        "MATCH (c:Changes {revision: $revision, chunk: $chunk}) RETURN c.body", revision=revision, chunk=chunk
    )
    return unpack(bytes(body))


def read_entry(transaction: Transaction, revision: int) -> Entry | None:
    """A revision, if there is one of that number."""
    found = transaction.one(f"MATCH (r:Revision {{revision: $revision}}) RETURN {_ENTRY}", revision=revision)
    return None if found is None else Entry(*found[0])


def read_entries(transaction: Transaction) -> list[Entry]:
    """All revisions, oldest first."""
    rows = transaction.many(f"MATCH (r:Revision) WITH r ORDER BY r.revision RETURN {_ENTRY}")
    return [Entry(*row[0]) for row in rows]


def find_revisions(transaction: Transaction, *, after: int, limit: int | None) -> list[int]:
    """Numbers of the revisions behind one, oldest first."""
    rows = transaction.many(
        "MATCH (r:Revision) WHERE r.revision > $after RETURN r.revision ORDER BY r.revision "
        + ("" if limit is None else "LIMIT $limit"),
        after=after,
        limit=limit,
    )
    return [int(row[0]) for row in rows]


def read_event(transaction: Transaction, revision: int) -> Event:
    """One entry of the log with all its changes; the caller knows that it is there."""
    entry = read_entry(transaction, revision)
    assert entry is not None
    parts = transaction.many(
        "MATCH (c:Changes {revision: $revision}) WITH c ORDER BY c.chunk RETURN c.body, c.size",
        revision=revision,
    )
    return make_event(entry, [bytes(body) for body, _ in parts], sum(int(size) for _, size in parts))
