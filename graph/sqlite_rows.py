"""Reading and writing rows of records within a transaction of SQLite."""

# ruff: noqa: S608 - names in the SQL come from the model, values are bound.
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar

from graph.codec import Row, codec, plain_value, table_fields
from graph.errors import NotFoundError
from graph.model import TABLES, Record
from graph.sqlite_schema import quote
from graph.wording import word

T = TypeVar("T")

LOOKUP_ROWS: Final = 500
"""So many ids are looked up by one statement."""

PAGE_ROWS: Final = 1_000
"""So many rows are read at a time where a caller goes through a table."""


@cache
def columns_of(table: str) -> str:
    """The columns of a table as SQL, in the order of its record's fields.

    Raises
    ------
    NotFoundError
        If there is no such table.
    """
    if table not in TABLES:
        raise NotFoundError(**word("no_table", table=table))
    return ", ".join(quote(name) for name in codec(table).names)


def get_row(connection: sqlite3.Connection, table: str, record_id: str) -> Row | None:
    """One row by id."""
    found: Row | None = connection.execute(
        f"SELECT {columns_of(table)} FROM {quote(table)} WHERE id = ?",
        (record_id,),
    ).fetchone()
    return found


def get_rows(connection: sqlite3.Connection, table: str, ids: Sequence[str]) -> dict[str, Row]:
    """Rows by id, those that are there."""
    found: dict[str, Row] = {}
    for start in range(0, len(ids), LOOKUP_ROWS):
        part = ids[start : start + LOOKUP_ROWS]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT {columns_of(table)} FROM {quote(table)} WHERE id IN ({marks})",
            part,
        )
        found.update((row[0], row) for row in rows)
    return found


def put_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert rows, or replace those of the same id."""
    marks = ",".join("?" * len(codec(table).names))
    connection.executemany(
        f"INSERT OR REPLACE INTO {quote(table)} ({columns_of(table)}) VALUES ({marks})",
        rows,
    )


def delete_rows(connection: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    """Delete rows by id."""
    connection.executemany(f"DELETE FROM {quote(table)} WHERE id = ?", ((item,) for item in ids))


def all_rows(connection: sqlite3.Connection, table: str, names: str = "") -> Iterator[Row]:
    """Every row of a table in order of id."""
    yield from connection.execute(f"SELECT {names or columns_of(table)} FROM {quote(table)} ORDER BY id")


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """How many rows a table has."""
    columns_of(table)
    return int(connection.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()[0])


def condition(table: str, where: dict[str, object], as_of: date | None) -> tuple[str, list[Any]]:
    """SQL and values for fields that equal `where`, and for records valid on a day.

    Raises
    ------
    NotFoundError
        If the table has no such field.
    """
    kinds = {item.name: item.kind for item in table_fields(table)}
    parts, values = [], []
    for name, value in where.items():
        if name not in kinds:
            raise NotFoundError(**word("no_field", table=table, name=name, fields=list(kinds)))
        parts.append(f"{quote(name)} IS ?")
        values.append(plain_value(kinds[name], value))
    if as_of is not None:
        parts.append("(valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)")
        values += [as_of.isoformat()] * 2
    return " AND ".join(parts) or "1", values


def find_rows(
    connection: sqlite3.Connection,
    table: str,
    *,
    after: str,
    limit: int,
    as_of: date | None = None,
    where: dict[str, object],
) -> list[Row]:
    """A page of the rows that a condition holds for, in order of id behind `after`."""
    columns = columns_of(table)
    text, values = condition(table, where, as_of)
    if after:
        text, values = f"id > ? AND {text}", [after, *values]
    found: list[Row] = connection.execute(
        f"SELECT {columns} FROM {quote(table)} WHERE {text} ORDER BY id LIMIT ?",
        (*values, limit),
    ).fetchall()
    return found


class TransactionReader:
    """Looks records up within an open transaction, as `graph.room` asks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lookup(self, table: str, record_id: str) -> Record | None:
        """One record, or None."""
        row = get_row(self._connection, table, record_id)
        return None if row is None else codec(table).decode(row)

    def where(self, table: str, **fields: object) -> Iterator[Record]:
        """Records of a table whose fields equal the given ones, in order of id."""
        text, values = condition(table, fields, None)
        rows = self._connection.execute(
            f"SELECT {columns_of(table)} FROM {quote(table)} WHERE {text} ORDER BY id",
            values,
        )
        yield from map(codec(table).decode, rows.fetchall())

    def find_holding(self, table: str, name: str, value: str) -> Iterator[Record]:
        """Records of a table whose field is a value or, for a list, holds it."""
        kinds = {item.name: item.kind for item in table_fields(table)}
        if kinds[name] != "texts":
            yield from self.where(table, **{name: value})
            return
        rows = self._connection.execute(
            f"SELECT {columns_of(table)} FROM {quote(table)} "
            f"WHERE EXISTS (SELECT 1 FROM json_each({quote(name)}) WHERE value = ?) ORDER BY id",
            (value,),
        )
        yield from map(codec(table).decode, rows.fetchall())


def pages(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    """What an iterator gives, in lists of at most `size`."""
    while page := list(islice(rows, size)):
        yield page
