"""A store as a stream of plain JSON values, and back: what `dump` gives and `load` takes.

Rows, in this order: one `store` with the format; `revision` each followed by its `change`s; `record`s by
table and id; `round`s; `grant`s. Tokens are kept, since equal tokens still mean equal contents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from graph.changes import RowChange
from graph.codec import Row, codec
from graph.entries import Round
from graph.errors import StoreError
from graph.model import TABLES
from graph.rounds import from_json
from graph.wording import word

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
        raise StoreError(**word("no_dump"))
    if row.get("format") != FORMAT:
        raise StoreError(**word("other_dump", found=row.get("format"), format=FORMAT))


def record_row(table: str, row: Row) -> dict[str, Any]:
    """A record as a row of the dump."""
    return {"kind": "record", "table": table, "record": codec(table).row_to_json(row)}


def change_row(revision: int, change: RowChange) -> dict[str, Any]:
    """A change of a revision as a row of the dump."""
    table, record_id, before, after = change
    to_json = codec(table).row_to_json
    return {
        "kind": "change",
        "revision": revision,
        "table": table,
        "id": record_id,
        "before": None if before is None else to_json(before),
        "after": None if after is None else to_json(after),
    }


def read_row(row: Mapping[str, Any], name: str = "record") -> Row | None:
    """The record of a row of the dump; None where it says there is none.

    Raises
    ------
    StoreError
        If the row names no table, or its record lacks what every record has.
    """
    if row["table"] not in TABLES:
        raise StoreError(**word("dump_table", table=row["table"]))
    return None if row[name] is None else codec(row["table"]).row_from_json(row[name])


def read_change(row: Mapping[str, Any]) -> RowChange:
    """The change of a row of the dump.

    Raises
    ------
    StoreError
        As `read_row`.
    """
    return row["table"], row["id"], read_row(row, "before"), read_row(row, "after")


class Receiver(Protocol):
    """Takes in what the rows of a dump say, one after another."""

    def add_revision(self, row: Mapping[str, Any]) -> None:
        """An entry of the log, with the values that its row has."""

    def add_change(self, revision: int, change: RowChange) -> None:
        """A change of a revision."""

    def add_record(self, table: str, row: Row) -> None:
        """A record."""

    def add_round(self, value: Round) -> None:
        """A round with its results."""

    def add_grant(self, values: list[Any]) -> None:
        """What a granted claim took."""


def take_in(row: Mapping[str, Any], receiver: Receiver) -> None:
    """Hand a row of a dump, its first one aside, to what keeps it.

    Raises
    ------
    StoreError
        If this linli doesn't know its kind or table.
    """
    kind = row.get("kind")
    if kind == "revision":
        receiver.add_revision(row)
    elif kind == "change":
        receiver.add_change(row["revision"], read_change(row))
    elif kind == "record":
        record = read_row(row)
        assert record is not None
        receiver.add_record(row["table"], record)
    elif kind == "round":
        receiver.add_round(from_json(row["round"]))
    elif kind == "grant":
        receiver.add_grant(list(row["values"]))
    else:
        raise StoreError(**word("dump_row", kind=kind))
