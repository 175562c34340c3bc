"""A newer snapshot from an older one and the events between them, equal to one read anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from graph.arrow import arrow_schema, rows_to_arrow
from graph.changes import RowChange
from graph.codec import Row


def advance(tables: Mapping[str, pa.Table], changes: Iterable[RowChange]) -> dict[str, pa.Table]:
    """Tables as they are after changes, given oldest first; those without changes stay the same objects."""
    last: dict[str, dict[str, Row | None]] = {}
    for table, record_id, _, after in changes:
        last.setdefault(table, {})[record_id] = after
    return {name: _replace(name, rows, last[name]) if name in last else rows for name, rows in tables.items()}


def _replace(table: str, rows: pa.Table, changed: Mapping[str, Row | None]) -> pa.Table:
    schema = arrow_schema(table)
    plain = pa.schema([(item.name, _plain(item.type)) for item in schema])
    ids = pa.array(list(changed), pa.string())
    kept = rows.filter(pc.invert(pc.is_in(rows.column("id"), value_set=ids))).cast(plain)
    put = rows_to_arrow(table, [[after for after in changed.values() if after is not None]]).cast(plain)
    joined = pa.concat_tables([kept, put])
    ordered = joined.take(pc.sort_indices(joined.column("id")))
    # Codes count up in order of first appearance, as in a snapshot that is read anew.
    columns = [
        column.combine_chunks().dictionary_encode() if pa.types.is_dictionary(item.type) else column
        for item, column in zip(schema, ordered.columns, strict=True)
    ]
    return pa.table(columns, schema=schema).combine_chunks()


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_dictionary(kind) else kind
