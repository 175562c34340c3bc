"""What a batch changes: the order in which stores apply it, and how the event log keeps it.

Every backend applies a batch in the same order (tables as in `graph.model.TABLES`, so that references point
backwards; ids sorted), so that their logs agree.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, overload

from graph.codec import Row, codec, dump_json
from graph.entries import Batch, Change
from graph.errors import NotFoundError
from graph.model import TABLES, Record, table_of
from graph.wording import word

CHUNK_CHANGES: Final = 5_000
"""So many changes are compressed together."""

RowChange = tuple[str, str, Row | None, Row | None]
"""Table, id, row before, row after."""


@dataclass(slots=True)
class Counts:
    """How many records of each table a write added, changed, left and deleted."""

    added: dict[str, int]
    changed: dict[str, int]
    unchanged: dict[str, int]
    deleted: dict[str, int]

    @classmethod
    def zero(cls) -> Counts:
        """Nothing yet."""
        return cls({}, {}, {}, {})


def bump(counter: dict[str, int], table: str) -> None:
    """Count one more record of a table."""
    counter[table] = counter.get(table, 0) + 1


def ordered(batch: Batch) -> Iterator[tuple[str, list[tuple[str, Record | None]]]]:
    """Per table, ids in order with the record to put, or None to delete.

    Of several records with one id the last one counts; a record that is put isn't deleted.

    Raises
    ------
    NotFoundError
        If a deletion names no table.
    """
    groups: dict[str, dict[str, Record | None]] = {}
    for table, record_id in batch.delete:
        if table not in TABLES:
            raise NotFoundError(**word("no_table", table=table))
        groups.setdefault(table, {})[record_id] = None
    for record in batch.put:
        groups.setdefault(table_of(record), {})[record.id] = record
    for table in TABLES:
        if table in groups:
            yield table, sorted(groups[table].items())


def pack(changes: Sequence[RowChange]) -> bytes:
    """Changes as compressed JSON, with the columns of each table that they name."""
    tables = sorted({change[0] for change in changes})
    body = {"columns": {table: codec(table).names for table in tables}, "changes": changes}
    return zlib.compress(dump_json(body).encode(), 1)


def unpack(chunk: bytes) -> list[RowChange]:
    """Changes from `pack`, their rows in today's columns."""
    body = json.loads(zlib.decompress(chunk))
    columns: dict[str, list[str]] = body["columns"]
    return [
        (
            table,
            record_id,
            None if before is None else codec(table).align(columns[table], before),
            None if after is None else codec(table).align(columns[table], after),
        )
        for table, record_id, before, after in body["changes"]
    ]


class PackedChanges(Sequence[Change]):
    """Changes of an event as the log keeps them, unpacked as they are gone through.

    Parameters
    ----------
    parts : sequence of bytes
        From `pack`.
    size : int
        How many changes they hold.
    """

    def __init__(self, parts: Sequence[bytes], size: int) -> None:
        self._parts = parts
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Change]:
        for part in self._parts:
            yield from map(to_change, unpack(part))

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, index: int | slice) -> Change | tuple[Change, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def to_change(change: RowChange) -> Change:
    """A change of rows as one of records."""
    table, record_id, before, after = change
    decode = codec(table).decode
    return Change(
        table, record_id, None if before is None else decode(before), None if after is None else decode(after)
    )
