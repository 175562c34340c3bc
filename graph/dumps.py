"""A store as a stream of plain JSON values, and back: what `dump` gives and `load` takes.

Rows, in this order: one `store` with the format; `revision` each followed by its `change`s; `record`s by
table and id; `round`s; `grant`s. Tokens are kept, since equal tokens still mean equal contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.codec import codec
from graph.entries import Change
from graph.errors import StoreError
from graph.model import TABLES, Record

FORMAT: Final = 1


def header() -> dict[str, Any]:
    """The first row."""
    return {"kind": "store", "format": FORMAT}


def check_header(row: Mapping[str, Any]) -> None:
    """Refuse a stream that isn't a dump, or one of a newer linli.

    Raises
    ------
    StoreError
    """
    if row.get("kind") != "store":
        raise StoreError("this is no dump of a linli store")
    if row.get("format") != FORMAT:
        raise StoreError(f"the dump has format {row.get('format')}, this linli reads format {FORMAT}")


def record_row(table: str, record: Record) -> dict[str, Any]:
    """A record as a row of the dump."""
    return {"kind": "record", "table": table, "record": codec(table).to_json(record)}


def change_row(revision: int, change: Change) -> dict[str, Any]:
    """A change of a revision as a row of the dump."""
    encode = codec(change.table).to_json
    return {
        "kind": "change",
        "revision": revision,
        "table": change.table,
        "id": change.id,
        "before": None if change.before is None else encode(change.before),
        "after": None if change.after is None else encode(change.after),
    }


def read_record(row: Mapping[str, Any], name: str = "record") -> Record | None:
    """A record of a row of the dump; None where it says there is none.

    Raises
    ------
    StoreError
        If the row names no table.
    """
    if row["table"] not in TABLES:
        raise StoreError(f"the dump has a table “{row['table']}” that this linli doesn't know")
    return None if row[name] is None else codec(row["table"]).from_json(row[name])
