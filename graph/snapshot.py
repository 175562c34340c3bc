"""An immutable, columnar picture of the whole graph at one revision.

Rows of every table are sorted by id, so that the same records always give the same arrays. Ids become
row numbers here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graph.arrow import FIELDS, arrow_schema, empty_table, records_to_arrow, tuples_of
from graph.codec import LIST_NAMES
from graph.model import TABLES, Record, table_of
from graph.periods import read_day

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Snapshot", "arrow_schema", "records_to_arrow"]


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
    as_of : date or str, optional
        Only records valid on that day are shown, text as 2026-03-31; None shows all.

    Raises
    ------
    ValueError
        `as_of` is no day.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        *,
        revision: int = 0,
        token: str = "",
        as_of: date | str | None = None,
    ) -> None:
        self.revision = revision
        self.token = token
        self.as_of = day = None if as_of is None else read_day(as_of)
        self._tables = {name: tables[name] if name in tables else empty_table(name) for name in TABLES}
        if day is not None:
            self._tables = {
                name: rows.filter(pa.array(_valid(rows, day, day))) for name, rows in self._tables.items()
            }
        self._columns: dict[tuple[str, str], NDArray[Any]] = {}
        self._indexes: dict[str, dict[str | None, int]] = {}

    @classmethod
    def from_records(
        cls, records: Iterable[Record], *, as_of: date | None = None, revision: int = 0, token: str = ""
    ) -> Snapshot:
        """A snapshot of records that no SQLite file holds."""
        groups: dict[str, list[Record]] = {}
        for record in records:
            groups.setdefault(table_of(record), []).append(record)
        tables = {name: records_to_arrow(name, rows) for name, rows in groups.items()}
        return cls(tables, as_of=as_of, revision=revision, token=token)

    def at(self, day: date | str) -> Snapshot:
        """The same revision, showing only the records that are valid on a day."""
        return Snapshot(self._tables, revision=self.revision, token=self.token, as_of=day)

    def __len__(self) -> int:
        return sum(rows.num_rows for rows in self._tables.values())

    def arrow(self, table: str) -> pa.Table:
        """One table as Arrow holds it."""
        return self._tables[table]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._tables[table].num_rows)

    def table(self, table: str) -> pd.DataFrame:
        """One table as a pandas DataFrame, one row a record, sorted by id.

        Text is text, whole numbers are `Int64` and days `datetime64`, all with missing values where unknown;
        lists are tuples. An offer's `capacity` without a limit (不限) is `graph.model.UNLIMITED`
        (1,000,000,000); a `reach_m` without one is missing, and `reach_any` says so. Service records have
        their first and last day twice: as the record's fields, and as `from` and `to`, which lists call them.
        """
        # Loading pandas takes longer than most matches.
        import pandas as pd

        types = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=np.nan)}
        rows = self._tables[table]
        columns = {
            name: pd.Series(self.column(table, name), dtype=object)
            if FIELDS[table][name].kind in ("texts", "pairs")
            else _plain(rows.column(name)).to_pandas(types_mapper=types.get, date_as_object=False)
            for name in rows.column_names
        }
        if table == "services":
            columns |= {listed: columns[name] for name, listed in LIST_NAMES.items()}
        return pd.DataFrame(columns)

    def codes(self, table: str, name: str) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
        """A text column as numbers: which of the different values stands in each row.

        Returns
        -------
        codes : ndarray of int32, shape (rows,)
            -1 where unknown.
        values : ndarray of object
            The different values, in order of first appearance in the store.

        Raises
        ------
        TypeError
            If the column doesn't repeat values (`id`, `name`, `title`) or isn't text.
        """
        column = _joined(self._tables[table].column(name))
        if not pa.types.is_dictionary(column.type):
            raise TypeError(f"column {name} of {table} has no codes")
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        values = np.array(column.dictionary.to_pylist(), dtype=object)
        for array in (codes, values):
            array.flags.writeable = False
        return codes, values

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
            values = _to_numpy(self._tables[table].column(name), is_optional=FIELDS[table][name].optional)
            values.flags.writeable = False
            self._columns[key] = values
        return self._columns[key]

    def ids(self, table: str) -> NDArray[np.object_]:
        """Ids of a table's rows, sorted."""
        return self.column(table, "id")

    def rows_of(self, table: str, ids: Iterable[str | None]) -> NDArray[np.int64]:
        """Row numbers of ids; -1 where a table has no such id."""
        if table not in self._indexes:
            known = self.ids(table).tolist()
            self._indexes[table] = dict(zip(known, range(len(known)), strict=True))
        return np.array(list(map(self._indexes[table].get, ids, repeat(-1))), dtype=np.int64)

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
        lists = [item.name for item in FIELDS[table].values() if item.kind in ("texts", "pairs")]
        for values in chosen.to_pylist():
            for name in lists:
                values[name] = tuple(tuple(v) if isinstance(v, list) else v for v in values[name] or ())
            yield TABLES[table](**values)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _valid(rows: pa.Table, first: date, last: date) -> NDArray[np.bool_]:
    starts = rows.column("valid_from").to_numpy()
    ends = rows.column("valid_to").to_numpy()
    result: NDArray[np.bool_] = (np.isnat(starts) | (starts <= np.datetime64(last))) & (
        np.isnat(ends) | (ends >= np.datetime64(first))
    )
    return result


def _joined(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _to_numpy(column: pa.ChunkedArray, *, is_optional: bool) -> NDArray[Any]:
    array = _joined(column)
    if pa.types.is_list(array.type):
        return tuples_of(array)
    if pa.types.is_dictionary(array.type):
        values = np.array([*array.dictionary.to_pylist(), None], dtype=object)
        return np.asarray(values[array.indices.fill_null(-1).to_numpy(zero_copy_only=False)])
    if pa.types.is_int64(array.type) and is_optional:
        array = array.cast(pa.float64())
    return np.array(array.to_numpy(zero_copy_only=False), copy=True)
