"""What a store in memory holds, as a stream of plain values and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from graph.changes import RowChange, to_change
from graph.codec import Row, codec
from graph.dumps import change_row, header, record_row
from graph.entries import Change, Event, Round
from graph.model import TABLES, Record
from graph.rounds import to_json


@dataclass(slots=True)
class Entry:
    """An event, and which revision took it back."""

    event: Event
    undone_by: int | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """Records by table and id, the log, rounds by id, and what granted claims took."""

    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {table: {} for table in TABLES})
    log: list[Entry] = field(default_factory=list)
    rounds: dict[str, Round] = field(default_factory=dict)
    grants: list[list[Any]] = field(default_factory=list)

    def dump(self) -> Iterator[dict[str, Any]]:
        """Everything, as `graph.dumps` says."""
        yield header()
        for entry in self.log:
            event = entry.event
            yield {
                "kind": "revision",
                "revision": event.revision,
                "token": event.token,
                "at": event.at.isoformat(timespec="microseconds"),
                "action": event.action,
                "undoes": event.undoes,
                "undone_by": entry.undone_by,
            }
            yield from (_change_row(event.revision, change) for change in event.changes)
        for table, records in self.records.items():
            encode = codec(table).encode
            yield from (record_row(table, encode(record)) for _, record in sorted(records.items()))
        yield from ({"kind": "round", "round": to_json(value)} for value in self.rounds.values())
        yield from ({"kind": "grant", "values": list(row)} for row in self.grants)

    def add_revision(self, row: Mapping[str, Any]) -> None:
        """An entry of the log, from its row in a dump."""
        at = datetime.fromisoformat(row["at"])
        event = Event(row["revision"], row["token"], at, row["action"], (), row["undoes"])
        self.log.append(Entry(event, row["undone_by"]))

    def add_change(self, revision: int, change: RowChange) -> None:
        """A change of a revision that is there."""
        entry = next(item for item in reversed(self.log) if item.event.revision == revision)
        entry.event = replace(entry.event, changes=(*entry.event.changes, to_change(change)))

    def add_record(self, table: str, row: Row) -> None:
        """A record."""
        record = codec(table).decode(row)
        self.records[table][record.id] = record

    def add_round(self, value: Round) -> None:
        """A round with its results."""
        self.rounds[value.id] = value

    def add_grant(self, values: list[Any]) -> None:
        """What a granted claim took."""
        self.grants.append(values)


def _change_row(revision: int, change: Change) -> dict[str, Any]:
    encode = codec(change.table).encode
    before = None if change.before is None else encode(change.before)
    after = None if change.after is None else encode(change.after)
    return change_row(revision, (change.table, change.id, before, after))
