"""Records as rows of plain values and as plain JSON, derived from the records' annotations.

A row is what SQLite and the event log hold: text, numbers, None; dates as ISO text, lists as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Final, Literal, get_args, get_type_hints

from graph.errors import StoreError
from graph.model import TABLES, Record
from graph.wording import word

Row = tuple[Any, ...]
FieldKind = Literal["text", "integer", "real", "flag", "date", "texts", "pairs"]
"""What a field holds: `texts` is a tuple of text, `pairs` the notes."""

EMPTY_LIST: Final = "[]"
LIST_NAMES: Final[Mapping[str, str]] = {"from_date": "from", "to_date": "to"}
"""Fields that lists call otherwise: `from` is a word of Python's own."""
_PLAIN: Final[Mapping[Any, FieldKind]] = {
    str: "text",
    int: "integer",
    float: "real",
    bool: "flag",
    date: "date",
}


class Field:
    """One field of a record: its name, what it holds, and whether it may be unknown.

    Attributes
    ----------
    name : str
    kind : FieldKind
    optional : bool
        Whether None (unknown) is a value.
    default : object
        Value of a record that doesn't say; `MISSING` where every record must.
    compared : bool
        Whether it counts when records are compared.
    """

    __slots__ = ("compared", "default", "kind", "name", "optional")

    def __init__(self, name: str, hint: Any, default: object, *, compared: bool) -> None:
        options = get_args(hint) or (hint,)
        self.name = name
        self.optional = type(None) in options
        if name == "notes":
            self.kind: FieldKind = "pairs"
        elif Ellipsis in options:
            self.kind = "texts"
        else:
            self.kind = _PLAIN[next(option for option in options if option is not type(None))]
        self.default = default
        self.compared = compared


@cache
def table_fields(table: str) -> tuple[Field, ...]:
    """Fields of a table in the record's order."""
    hints = get_type_hints(TABLES[table])
    return tuple(
        Field(item.name, hints[item.name], item.default, compared=item.compare)
        for item in fields(TABLES[table])
    )


class Codec:
    """Turns the records of one table into rows and JSON values, and back."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.fields = table_fields(table)
        self.names = tuple(item.name for item in self.fields)
        self._record = TABLES[table]
        self._values: Callable[[Record], Row] = attrgetter(*self.names)
        self._dates = self._positions("date")
        self._lists = self._positions("texts", "pairs")
        self._flags = self._positions("flag")
        self._names = frozenset(self.names)
        self._compared = tuple(index for index, item in enumerate(self.fields) if item.compared)
        first, last = self._compared[0], self._compared[-1] + 1
        ignored = [index for index in range(first, last) if index not in self._compared]
        self._gap = (ignored[0], ignored[-1] + 1) if ignored else (last, last)

    def _positions(self, *kinds: FieldKind) -> tuple[int, ...]:
        return tuple(index for index, item in enumerate(self.fields) if item.kind in kinds)

    def encode(self, record: Record) -> Row:
        """A record as a row."""
        row = list(self._values(record))
        for index in self._dates:
            if row[index] is not None:
                row[index] = row[index].isoformat()
        for index in self._lists:
            row[index] = list_text(row[index])
        for index in self._flags:
            row[index] = int(row[index])
        return tuple(row)

    def decode(self, row: Sequence[Any]) -> Record:
        """A record from a row."""
        values = list(row)
        for index in self._dates:
            if values[index] is not None:
                values[index] = date.fromisoformat(values[index])
        for index in self._lists:
            values[index] = read_list(values[index])
        for index in self._flags:
            values[index] = bool(values[index])
        return self._record(**dict(zip(self.names, values, strict=True)))

    def same(self, row: Sequence[Any], other: Sequence[Any]) -> bool:
        """Whether two rows hold equal records, where they came from aside."""
        start, stop = self._gap
        return row[:start] == other[:start] and row[stop:] == other[stop:]

    def align(self, names: Sequence[str], row: Sequence[Any]) -> Row:
        """A row written with other columns (by an older version) as one of today's."""
        if tuple(names) == self.names:
            return tuple(row)
        given = dict(zip(names, row, strict=True))
        return tuple(given[item.name] if item.name in given else plain_default(item) for item in self.fields)

    def to_json(self, record: Record) -> dict[str, Any]:
        """A record as plain JSON values, every field named."""
        values = dict(zip(self.names, self._values(record), strict=True))
        for index in self._dates:
            day = values[self.names[index]]
            values[self.names[index]] = day.isoformat() if day is not None else None
        for index in self._lists:
            name = self.names[index]
            values[name] = [list(item) if isinstance(item, tuple) else item for item in values[name]]
        return values

    def row_to_json(self, row: Sequence[Any]) -> dict[str, Any]:
        """A row as the plain JSON values of its record, without making that."""
        values = list(row)
        for index in self._lists:
            text = values[index]
            if text == EMPTY_LIST:
                values[index] = []
            else:
                values[index] = [list(item) if isinstance(item, tuple) else item for item in read_list(text)]
        for index in self._flags:
            values[index] = bool(values[index])
        return dict(zip(self.names, values, strict=True))

    def row_from_json(self, values: Mapping[str, Any]) -> Row:
        """A row from plain JSON values; fields that are absent take their defaults.

        Raises
        ------
        StoreError
            If a field is absent that every record has.
        """
        if self._names <= values.keys():
            row = [values[name] for name in self.names]
        else:
            row = [self._given(item, values) for item in self.fields]
        for index in self._lists:
            row[index] = list_text(_as_tuple(row[index])) if row[index] else EMPTY_LIST
        for index in self._flags:
            row[index] = int(row[index])
        return tuple(row)

    def _given(self, item: Field, values: Mapping[str, Any]) -> Any:
        if item.name in values:
            return values[item.name]
        if item.default is MISSING:
            raise StoreError(**word("dump_field", table=self.table, field=item.name))
        return item.default


@cache
def codec(table: str) -> Codec:
    """The codec of a table."""
    return Codec(table)


def plain_default(item: Field) -> Any:
    """What a row holds where a field takes its default; empty text where it has none."""
    if item.default is MISSING:
        return None if item.optional else ""
    if item.kind in ("texts", "pairs"):
        return EMPTY_LIST
    return int(item.default) if isinstance(item.default, bool) else item.default


dump_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as compact JSON."""


@lru_cache(maxsize=16_384)
def list_text(values: tuple[Any, ...]) -> str:
    """A tuple of text, or of pairs of text, as JSON."""
    return dump_json(values) if values else EMPTY_LIST


@lru_cache(maxsize=16_384)
def read_list(text: str) -> tuple[Any, ...]:
    """A tuple of text, or of pairs of text, from its JSON."""
    return () if text == EMPTY_LIST else _as_tuple(json.loads(text))


def _as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list | tuple) else value for value in values)


def plain_value(kind: FieldKind, value: object) -> Any:
    """One value of a field as a row holds it."""
    if value is None:
        return None
    if kind == "date":
        return value.isoformat() if isinstance(value, date) else value
    if kind in ("texts", "pairs"):
        return list_text(_as_tuple(value)) if isinstance(value, list | tuple) else value
    return int(value) if isinstance(value, bool) else value
