"""Parties whose parents run in a circle, or that refer to a row refused after them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graph import taxonomy
from graph.model import PARTY_TABLES, Record
from loaders.build import Builder
from loaders.columns import table_columns
from loaders.frame import ListSource
from loaders.problems import Fault, fault


def refuse_cycles_and_orphans(builder: Builder, count_refused: Callable[[ListSource], None]) -> None:
    """Take out parties whose parents lead back to them, then those that refer to a party taken out.

    Parameters
    ----------
    builder : Builder
        Holds the source's parties; good ones are found by id in its directory.
    count_refused : callable
        Told the list of each row taken out.
    """
    gone: dict[tuple[str, str], int] = {}
    for table in PARTY_TABLES:
        if "parent" in table_columns(table):
            for record in _in_circles(builder.records[table]):
                gone[table, record.id] = record.list_row
                _refuse(builder, table, record, "parent", fault("reference_cycle"), count_refused)
    is_settled = False
    while not is_settled:
        is_settled = True
        for table in PARTY_TABLES:
            for record in list(builder.records[table]):
                found = _lost_reference(builder, table, record, gone)
                if found is not None:
                    is_settled = False
                    gone[table, record.id] = record.list_row
                    _refuse(builder, table, record, *found, count_refused)


def _in_circles(records: Iterable[Record]) -> list[Record]:
    by_id: dict[str, Any] = {record.id: record for record in records}
    found = []
    for record in by_id.values():
        seen = {record.id}
        current = record.parent
        while current in by_id and current not in seen:
            seen.add(current)
            current = by_id[current].parent
        if current == record.id:
            found.append(record)
    return found


def _lost_reference(
    builder: Builder, table: str, record: Record, gone: dict[tuple[str, str], int]
) -> tuple[str, Fault] | None:
    for name, column in table_columns(table).items():
        if not column.tables or name == "chair":
            continue
        value = getattr(record, column.field)
        for record_id in value if isinstance(value, tuple) else (value,):
            if record_id is None or any(builder.directory.knows(other, record_id) for other in column.tables):
                continue
            for other in column.tables:
                row = gone.get((other, record_id), builder.refused_row(other, record_id))
                if row is not None:
                    label = str(taxonomy.words()["tables"][other]["zh"])
                    return name, fault("reference_refused", list=label, first=str(row))
    return None


def _refuse(
    builder: Builder,
    table: str,
    record: Record,
    column: str,
    found: Fault,
    count: Callable[[ListSource], None],
) -> None:
    source = builder.take_out(table, record)
    source.locate(
        found, row=record.list_row, column=column, found=builder.directory.name_of(table, record.id)
    )
    count(source)
