"""Moving a whole SQLite store, its log included, out into plain values and back in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from graph.changes import CHUNK_CHANGES
from graph.dumps import change_row, check_header, header, read_change, read_row, record_row
from graph.errors import ConflictError, StoreError
from graph.model import TABLES
from graph.rounds import from_json, to_json
from graph.sqlite_log import add_chunk, add_revision, newest, row_changes
from graph.sqlite_rounds import every, get, insert
from graph.sqlite_rows import all_rows, pages, put_rows
from graph.wording import word


def dump(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Everything within an open transaction, streaming."""
    yield header()
    revisions = connection.execute(
        "SELECT revision, token, at, action, undoes, undone_by FROM revisions ORDER BY revision"
    ).fetchall()
    names = ("revision", "token", "at", "action", "undoes", "undone_by")
    for values in revisions:
        yield {"kind": "revision", **dict(zip(names, values, strict=True))}
        for part in row_changes(connection, values[0]):
            yield from (change_row(values[0], change) for change in part)
    for table in TABLES:
        yield from (record_row(table, row) for row in all_rows(connection, table))
    for value in reversed(list(every(connection))):
        yield {"kind": "round", "round": to_json(get(connection, value.id))}
    grants = connection.execute(
        "SELECT claim, revision, kind, holder, places, taken, capacity FROM grants ORDER BY rowid"
    )
    for row in grants.fetchall():
        yield {"kind": "grant", "values": list(row)}


def load(connection: sqlite3.Connection, rows: Iterator[dict[str, Any]]) -> int:
    """Fill an empty store within an open transaction; gives how many rows were read.

    Raises
    ------
    ConflictError
        If the store isn't empty.
    StoreError
        If the rows aren't those of a dump.
    """
    if newest(connection)[0] or connection.execute("SELECT count(*) FROM rounds").fetchone()[0]:
        raise ConflictError(**word("not_empty"))
    first = next(rows, {})
    check_header(first)
    undone: list[tuple[int, int]] = []
    count = 0
    for (kind, key), group in groupby(rows, key=_group):
        # A round's documents may be large.
        for part in pages(group, 1 if kind == "round" else CHUNK_CHANGES):
            count += len(part)
            _load_part(connection, kind, key, part, undone)
    connection.executemany("UPDATE revisions SET undone_by = ? WHERE revision = ?", undone)
    return count


def _group(row: dict[str, Any]) -> tuple[str, Any]:
    """Rows that are written together."""
    kind = str(row.get("kind"))
    return kind, row.get("revision") if kind == "change" else row.get("table")


def _load_part(
    connection: sqlite3.Connection,
    kind: str,
    key: Any,
    part: list[dict[str, Any]],
    undone: list[tuple[int, int]],
) -> None:
    if kind == "revision":
        for row in part:
            add_revision(
                connection, row["revision"], row["token"], row["action"], at=row["at"], undoes=row["undoes"]
            )
            if row["undone_by"] is not None:
                undone.append((row["undone_by"], row["revision"]))
    elif kind == "change":
        used = connection.execute("SELECT count(*) FROM event_chunks WHERE revision = ?", (key,)).fetchone()[
            0
        ]
        add_chunk(connection, key, used, [read_change(row) for row in part])
    elif kind == "record":
        put_rows(connection, key, [row for row in map(read_row, part) if row is not None])
    elif kind == "round":
        for value in (from_json(row["round"]) for row in part):
            insert(connection, value)
    elif kind == "grant":
        connection.executemany(
            "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?)", [row["values"] for row in part]
        )
    else:
        raise StoreError(**word("dump_row", kind=kind))
