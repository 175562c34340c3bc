"""What a store in memory holds, as a stream of plain values and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from graph.changes import to_change
from graph.codec import codec
from graph.dumps import change_row, header, read_change, read_row, record_row
from graph.entries import Change, Event, Round
from graph.errors import StoreError
from graph.model import TABLES, Record
from graph.rounds import from_json, to_json
from graph.wording import word


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

    def add(self, row: dict[str, Any]) -> None:
        """Take one row of a dump in, its first one aside.

        Raises
        ------
        StoreError
            If this linli doesn't know its kind or table.
        """
        kind = row.get("kind")
        if kind == "revision":
            at = datetime.fromisoformat(row["at"])
            event = Event(row["revision"], row["token"], at, row["action"], (), row["undoes"])
            self.log.append(Entry(event, row["undone_by"]))
        elif kind == "change":
            entry = next(item for item in reversed(self.log) if item.event.revision == row["revision"])
            changes = (*entry.event.changes, to_change(read_change(row)))
            entry.event = replace(entry.event, changes=changes)
        elif kind == "record":
            found = read_row(row)
            assert found is not None
            record = codec(row["table"]).decode(found)
            self.records[row["table"]][record.id] = record
        elif kind == "round":
            value = from_json(row["round"])
            self.rounds[value.id] = value
        elif kind == "grant":
            self.grants.append(list(row["values"]))
        else:
            raise StoreError(**word("dump_row", kind=kind))


def _change_row(revision: int, change: Change) -> dict[str, Any]:
    encode = codec(change.table).encode
    before = None if change.before is None else encode(change.before)
    after = None if change.after is None else encode(change.after)
    return change_row(revision, (change.table, change.id, before, after))
