"""Records as Arrow tables: typed columns, repeated text kept once, unknown as null."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graph.codec import EMPTY_LIST, Field, FieldKind, Row, codec, table_fields
from graph.model import TABLES, Record

FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    table: {item.name: item for item in table_fields(table)} for table in TABLES
}
"""Per table, its fields by name."""

_UNIQUE_TEXT: Final = ("id", "name", "title")
_PAIRS: Final = pa.list_(pa.list_(pa.string()))
_TYPES: Final[Mapping[FieldKind, pa.DataType]] = {
    "text": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int64(),
    "real": pa.float64(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "texts": pa.list_(pa.string()),
    "pairs": _PAIRS,
}


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Arrow schema of a table, derived from its record's annotations.

    Text that tends to repeat (all but `id`, `name` and `title`) is dictionary-encoded.
    """
    return pa.schema([(item.name, _type(item)) for item in FIELDS[table].values()])


def _type(item: Field) -> pa.DataType:
    return pa.string() if item.name in _UNIQUE_TEXT else _TYPES[item.kind]


@cache
def empty_table(table: str) -> pa.Table:
    """A table without rows."""
    return arrow_schema(table).empty_table()


def records_to_arrow(table: str, records: Iterable[Record]) -> pa.Table:
    """Records of one table as an Arrow table, sorted by id."""
    encode = codec(table).encode
    return rows_to_arrow(table, [[encode(row) for row in sorted(records, key=lambda record: record.id)]])


def rows_to_arrow(table: str, pages: Iterable[Sequence[Row]]) -> pa.Table:
    """Rows (see `graph.codec`), sorted by id and given in pages, as an Arrow table of one chunk."""
    return columns_to_arrow(table, (list(zip(*page, strict=True)) for page in pages if page))


def columns_to_arrow(table: str, pages: Iterable[Sequence[Sequence[Any]]]) -> pa.Table:
    """The same from pages that hold a sequence of values for each field of the record."""
    schema = arrow_schema(table)
    fields = FIELDS[table].values()
    batches = [
        pa.RecordBatch.from_arrays(
            [_column(item, values) for item, values in zip(fields, page, strict=True)], schema=schema
        )
        for page in pages
    ]
    return pa.Table.from_batches(batches, schema=schema).unify_dictionaries().combine_chunks()


def _column(item: Field, values: Sequence[Any]) -> pa.Array:
    """Values of one field, as rows hold them, as an Arrow array."""
    if item.kind == "text":
        text = pa.array(values, pa.string())
        return text if item.name in _UNIQUE_TEXT else text.dictionary_encode()
    if item.kind == "date":
        return pa.array(values, pa.string()).cast(pa.date32())
    if item.kind == "flag":
        return pa.array([bool(value) for value in values], pa.bool_())
    if item.kind in ("texts", "pairs"):
        lists = {text: json.loads(text) for text in set(values) if text != EMPTY_LIST}
        return pa.array([lists.get(text, ()) for text in values], _type(item))
    return pa.array(values, _type(item))


def tuples_of(array: pa.ListArray) -> NDArray[np.object_]:
    """A column of lists as tuples; only rows that hold something cost time."""
    found = np.empty(len(array), dtype=object)
    found.fill(())
    lengths = array.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(lengths)
    for row, value in zip(rows.tolist(), array.take(pa.array(rows)).to_pylist(), strict=True):
        found[row] = tuple(tuple(item) if isinstance(item, list) else item for item in value)
    return found
