"""An immutable, columnar picture of the whole graph at one revision.

Rows of every table are sorted by id, so that the same records always give the same arrays. Ids become
row numbers here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, Final, get_type_hints

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from graph.model import TABLES, Record, table_of

_ARROW_TYPES: Final[Mapping[Any, pa.DataType]] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
}


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Arrow schema of a table, derived from its record's annotations; unknown is null."""
    hints = get_type_hints(TABLES[table])
    columns = []
    for item in fields(TABLES[table]):
        hint = hints[item.name]
        options = [option for option in getattr(hint, "__args__", (hint,)) if option is not type(None)]
        plain = options[0] if options and options[0] in _ARROW_TYPES and len(set(options)) == 1 else None
        if item.name == "notes":
            arrow_type = pa.list_(pa.list_(pa.string(), 2))
        elif Ellipsis in options:
            arrow_type = pa.list_(pa.string())
        else:
            arrow_type = _ARROW_TYPES[plain]
        columns.append(pa.field(item.name, arrow_type))
    return pa.schema(columns)


def records_to_arrow(table: str, records: Iterable[Record]) -> pa.Table:
    """Records of one table as an Arrow table, sorted by id."""
    rows = sorted(records, key=lambda record: record.id)
    schema = arrow_schema(table)
    return pa.table(
        {
            name: pa.array([getattr(row, name) for row in rows], schema.field(name).type)
            for name in schema.names
        },
        schema=schema,
    )


class Snapshot:
    """The graph at one revision: read-only columns per table and an index of ids.

    Parameters
    ----------
    tables : mapping of str to pyarrow.Table
        One for each name in `graph.model.TABLES`, sorted by id; absent ones are empty.
    revision : int
        The store's revision that it shows.
    token : str
        The revision's random token; equal tokens mean equal contents.
    as_of : date, optional
        Only records valid on that day are shown; None shows all.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        *,
        revision: int = 0,
        token: str = "",
        as_of: date | None = None,
    ) -> None:
        self.revision = revision
        self.token = token
        self.as_of = as_of
        self._tables = {name: tables.get(name, records_to_arrow(name, ())) for name in TABLES}
        if as_of is not None:
            self._tables = {
                name: rows.filter(pa.array(_valid(rows, as_of, as_of))) for name, rows in self._tables.items()
            }
        self._columns: dict[tuple[str, str], NDArray[Any]] = {}
        self._indexes: dict[str, pd.Index[Any]] = {}

    @classmethod
    def from_records(cls, records: Iterable[Record], *, as_of: date | None = None) -> Snapshot:
        """A snapshot of records that no store holds."""
        groups: dict[str, list[Record]] = {}
        for record in records:
            groups.setdefault(table_of(record), []).append(record)
        return cls({name: records_to_arrow(name, rows) for name, rows in groups.items()}, as_of=as_of)

    def __len__(self) -> int:
        return sum(rows.num_rows for rows in self._tables.values())

    def arrow(self, table: str) -> pa.Table:
        """One table as Arrow holds it."""
        return self._tables[table]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._tables[table].num_rows)

    def table(self, table: str) -> pd.DataFrame:
        """One table as a pandas DataFrame, one row a record, sorted by id; unknown is missing."""
        return self._tables[table].to_pandas(
            types_mapper={pa.int64(): pd.Int64Dtype()}.get, date_as_object=False
        )

    def column(self, table: str, name: str) -> NDArray[Any]:
        """One column as a read-only NumPy array.

        Returns
        -------
        ndarray
            Text: object array, None where unknown. Whole numbers: int64, or float64 with NaN where the
            field may be unknown. Numbers: float64 with NaN. Flags: bool. Dates: datetime64[D] with NaT.
            Lists: object array of tuples.
        """
        key = (table, name)
        if key not in self._columns:
            values = _to_numpy(self._tables[table].column(name), TABLES[table], name)
            values.flags.writeable = False
            self._columns[key] = values
        return self._columns[key]

    def ids(self, table: str) -> NDArray[np.object_]:
        """Ids of a table's rows, sorted."""
        return self.column(table, "id")

    def rows_of(self, table: str, ids: Iterable[str | None]) -> NDArray[np.int64]:
        """Row numbers of ids; -1 where a table has no such id."""
        if table not in self._indexes:
            self._indexes[table] = pd.Index(self.ids(table), dtype=object)
        wanted = ids if isinstance(ids, np.ndarray) else np.array(list(ids), dtype=object)
        return self._indexes[table].get_indexer(wanted).astype(np.int64)

    def valid(self, table: str, first: date, last: date) -> NDArray[np.bool_]:
        """Which rows hold on at least one day from `first` to `last`, both included."""
        return _valid(self._tables[table], first, last)

    def record(self, table: str, record_id: str) -> Record | None:
        """One record by id, or None."""
        row = int(self.rows_of(table, [record_id])[0])
        return None if row < 0 else next(iter(self.records(table, [row])))

    def records(self, table: str, rows: Iterable[int] | None = None) -> Iterable[Record]:
        """Records of a table, or those in the given rows."""
        chosen = (
            self._tables[table]
            if rows is None
            else self._tables[table].take(pa.array(list(rows), pa.int64()))
        )
        lists = [item.name for item in arrow_schema(table) if pa.types.is_list(item.type)]
        for values in chosen.to_pylist():
            for name in lists:
                values[name] = tuple(tuple(v) if isinstance(v, list) else v for v in values[name] or ())
            yield TABLES[table](**values)


def _valid(rows: pa.Table, first: date, last: date) -> NDArray[np.bool_]:
    starts = rows.column("valid_from").to_numpy()
    ends = rows.column("valid_to").to_numpy()
    result: NDArray[np.bool_] = (np.isnat(starts) | (starts <= np.datetime64(last))) & (
        np.isnat(ends) | (ends >= np.datetime64(first))
    )
    return result


def _to_numpy(column: pa.ChunkedArray, record: type[Record], name: str) -> NDArray[Any]:
    if pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type):
        values = np.empty(len(column), dtype=object)
        values[:] = [tuple(item) if item else () for item in column.to_pylist()]
        return values
    if pa.types.is_int64(column.type) and type(None) in getattr(get_type_hints(record)[name], "__args__", ()):
        return np.array(column.cast(pa.float64()).to_numpy(), copy=True)
    return np.array(column.to_numpy(), copy=True)
