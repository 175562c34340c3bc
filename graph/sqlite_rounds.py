"""Rounds of a SQLite store: planning periods with the documents made for them."""

# ruff: noqa: S608 - names in the SQL come from the model, values are bound.
from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from graph.codec import dump_json
from graph.entries import Round
from graph.errors import NotFoundError
from graph.periods import Period
from graph.rounds import prepare

_COLUMNS: Final = "id, first, last, status, revision, token, rules, made_at"


def put(connection: sqlite3.Connection, value: Round) -> Round:
    """Keep a round within an open transaction; see `graph.store.Store.put_round`."""
    known = _find(connection, value.id) if value.id else None
    taken = {row[0] for row in connection.execute("SELECT id FROM rounds")}
    kept = prepare(value, known, taken)
    insert(connection, kept)
    return kept


def insert(connection: sqlite3.Connection, value: Round) -> None:
    """Write a round and its documents as they are."""
    row = (
        value.id, value.period.first.isoformat(), value.period.last.isoformat(), value.status, value.revision,
        value.token, dump_json(dict(value.rules)), value.made_at.isoformat() if value.made_at else "",
    )  # fmt: skip
    updates = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[1:])
    connection.execute(
        f"INSERT INTO rounds ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        f"ON CONFLICT (id) DO UPDATE SET {updates}",
        row,
    )
    connection.execute("DELETE FROM round_results WHERE round = ?", (value.id,))
    connection.executemany(
        "INSERT INTO round_results VALUES (?, ?, ?)",
        [
            (value.id, name, zlib.compress(dump_json(item).encode(), 1))
            for name, item in value.results.items()
        ],
    )


def get(connection: sqlite3.Connection, round_id: str) -> Round:
    """One round with its documents.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    found = _find(connection, round_id)
    if found is None:
        raise NotFoundError(f"there is no round “{round_id}”", remedy="Make one by matching.")
    rows = connection.execute(
        "SELECT name, body FROM round_results WHERE round = ? ORDER BY name", (round_id,)
    )
    return replace(found, results={name: json.loads(zlib.decompress(body)) for name, body in rows})


def every(connection: sqlite3.Connection) -> Iterator[Round]:
    """All rounds, newest first, without their documents."""
    for row in connection.execute(f"SELECT {_COLUMNS} FROM rounds ORDER BY sequence DESC"):
        yield _round(row)


def set_status(connection: sqlite3.Connection, round_id: str, status: str) -> None:
    """Write a round's state."""
    connection.execute("UPDATE rounds SET status = ? WHERE id = ?", (status, round_id))


def _find(connection: sqlite3.Connection, round_id: str) -> Round | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM rounds WHERE id = ?", (round_id,)).fetchone()
    return None if row is None else _round(row)


def _round(row: tuple[Any, ...]) -> Round:
    return Round(
        id=row[0],
        period=Period(date.fromisoformat(row[1]), date.fromisoformat(row[2])),
        status=row[3],
        revision=row[4],
        token=row[5],
        rules=json.loads(row[6]),
        made_at=datetime.fromisoformat(row[7]) if row[7] else None,
    )
