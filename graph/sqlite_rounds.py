"""Rounds of a SQLite store: planning periods with the documents made for them."""

# ruff: noqa: S608 - names in the SQL come from the model, values are bound.
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from graph.entries import Round
from graph.rounds import FIELDS, from_row, pack_results, prepare, to_row, with_results

_COLUMNS: Final = ", ".join(FIELDS)


def put(connection: sqlite3.Connection, value: Round) -> Round:
    """Keep a round within an open transaction; see `graph.store.Store.put_round`."""
    known = _find(connection, value.id) if value.id else None
    taken = {row[0] for row in connection.execute("SELECT id FROM rounds")}
    kept = prepare(value, known, taken)
    insert(connection, kept)
    return kept


def insert(connection: sqlite3.Connection, value: Round) -> None:
    """Write a round and its documents as they are."""
    updates = ", ".join(f"{name} = excluded.{name}" for name in FIELDS[1:])
    connection.execute(
        f"INSERT INTO rounds ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (id) DO UPDATE SET {updates}",
        to_row(value),
    )
    connection.execute("DELETE FROM round_results WHERE round = ?", (value.id,))
    connection.executemany(
        "INSERT INTO round_results VALUES (?, ?, ?)",
        [(value.id, *packed) for packed in pack_results(value)],
    )


def get(connection: sqlite3.Connection, round_id: str) -> Round:
    """One round with its documents.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    rows = connection.execute(
        "SELECT name, body FROM round_results WHERE round = ? ORDER BY name", (round_id,)
    )
    return with_results(_find(connection, round_id), round_id, rows)


def every(connection: sqlite3.Connection) -> Iterator[Round]:
    """All rounds, newest first, without their documents."""
    for row in connection.execute(f"SELECT {_COLUMNS} FROM rounds ORDER BY sequence DESC"):
        yield from_row(row)


def set_status(connection: sqlite3.Connection, round_id: str, status: str) -> None:
    """Write a round's state."""
    connection.execute("UPDATE rounds SET status = ? WHERE id = ?", (status, round_id))


def _find(connection: sqlite3.Connection, round_id: str) -> Round | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM rounds WHERE id = ?", (round_id,)).fetchone()
    return None if row is None else from_row(row)
