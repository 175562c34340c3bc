"""Reading and writing rows of records within a transaction of Neo4j."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from graph.codec import Row, codec, plain_value, read_list, table_fields
from graph.errors import NotFoundError
from graph.model import NAMING, Record
from graph.neo4j.connection import Transaction
from graph.neo4j.shape import (
    LABELS,
    TABLE_OF_LABEL,
    is_absent_when_empty,
    is_list,
    label,
    to_properties,
    to_property,
    to_row,
)
from graph.wording import word

PAGE_ROWS: Final = 5_000
"""So many rows are read at a time where a caller goes through a table."""


def get_rows(transaction: Transaction, table: str, ids: Sequence[str]) -> dict[str, Row]:
    """Rows by id, those that are there."""
    if not ids:
        return {}
    found = transaction.value(
        f"UNWIND $ids AS id MATCH (n:{label(table)} {{id: id}}) RETURN collect(properties(n))",
        ids=list(ids),
    )
    rows = (to_row(table, properties) for properties in found)
    return {row[0]: row for row in rows}


def put_rows(transaction: Transaction, table: str, rows: Sequence[Row]) -> None:
    """Write rows in the place of those of the same ids; new ones `graph.neo4j.ties` makes."""
    if rows:
        transaction.do(
            f"UNWIND $rows AS row MATCH (n:{label(table)} {{id: row.id}}) SET n = row",
            rows=[to_properties(table, row) for row in rows],
        )


def delete_rows(transaction: Transaction, table: str, ids: Sequence[str]) -> None:
    """Delete rows by id, and what tied them to others."""
    if ids:
        transaction.do(
            f"UNWIND $ids AS id MATCH (n:{label(table)} {{id: id}}) DETACH DELETE n", ids=list(ids)
        )


def count_rows(transaction: Transaction, table: str) -> int:
    """How many rows a table has."""
    return int(transaction.value(f"MATCH (n:{label(table)}) RETURN count(n)"))


def count_all(transaction: Transaction) -> dict[str, int]:
    """How many rows every table has; the server keeps these numbers, so it takes no time."""
    sizes = ", ".join(f"COUNT {{ (:{name}) }}" for name in LABELS.values())
    return dict(zip(LABELS, transaction.value(f"RETURN [{sizes}]"), strict=True))


def condition(table: str, where: dict[str, object], as_of: date | None) -> tuple[str, dict[str, Any]]:
    """Cypher and values for fields that equal `where`, and for records valid on a day.

    Raises
    ------
    NotFoundError
        If the table has no such field.
    """
    fields = {item.name: item for item in table_fields(table)}
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, (name, given) in enumerate(where.items()):
        if name not in fields:
            raise NotFoundError(**word("no_field", table=table, name=name, fields=list(fields)))
        item = fields[name]
        value = plain_value(item.kind, given)
        if value is None:
            parts.append(f"n.`{name}` IS NULL" if item.optional else "false")
        elif value in ("", "[]") and is_absent_when_empty(item):
            parts.append(f"n.`{name}` IS NULL")
        else:
            parts.append(f"n.`{name}` = $where{number}")
            values[f"where{number}"] = to_property(item, value)
    if as_of is not None:
        parts.append("(n.valid_from IS NULL OR n.valid_from <= $day)")
        parts.append("(n.valid_to IS NULL OR n.valid_to >= $day)")
        values["day"] = as_of
    return " AND ".join(parts) or "true", values


def _behind(after: str) -> str:
    """A condition for ids behind one; an id may be empty, and is then the first."""
    return f"n.id {'>' if after else '>='} $after"


def find_rows(
    transaction: Transaction,
    table: str,
    *,
    after: str,
    limit: int,
    as_of: date | None = None,
    where: dict[str, object],
) -> list[Row]:
    """A page of the rows that a condition holds for, in order of id behind `after`."""
    text, values = condition(table, where, as_of)
    found = transaction.value(
        f"MATCH (n:{label(table)}) WHERE {_behind(after)} AND {text} "
        f"WITH n ORDER BY n.id LIMIT $limit RETURN collect(properties(n))",
        after=after,
        limit=limit,
        **values,
    )
    return [to_row(table, row) for row in found]


def find_names(transaction: Transaction, table: str) -> list[tuple[str, str, str | None]]:
    """Of every row its id, its name, and what tells equal names apart, in order of id."""
    name, others = NAMING.get(table, ("", ()))
    fields = {item.name: item for item in table_fields(table)}
    apart = [
        f"coalesce(n.`{other}`, '')" if is_absent_when_empty(fields[other]) else f"n.`{other}`"
        for other in others
    ]
    found: list[tuple[str, str, str | None]] = []
    while True:
        after = found[-1][0] if found else ""
        page = transaction.value(
            f"MATCH (n:{label(table)}) WHERE {_behind(after)} WITH n ORDER BY n.id LIMIT $limit "
            f"RETURN collect([n.id, {f'n.`{name}`' if name else 'null'}, "
            f"coalesce({', '.join([*apart, 'null', 'null'])})])",
            after=after,
            limit=PAGE_ROWS,
        )
        found += [(record_id, known or "", other) for record_id, known, other in page]
        if len(page) < PAGE_ROWS:
            return found


class TransactionReader:
    """Looks records up within an open transaction, as `graph.room` asks; what it has seen it remembers."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._seen: dict[tuple[str, str], Record | None] = {}

    def lookup(self, table: str, record_id: str) -> Record | None:
        """One record, or None."""
        key = (table, record_id)
        if key not in self._seen:
            row = get_rows(self._transaction, table, [record_id]).get(record_id)
            self._seen[key] = None if row is None else codec(table).decode(row)
        return self._seen[key]

    def where(self, table: str, **fields: object) -> Iterator[Record]:
        """Records of a table whose fields equal the given ones, in order of id."""
        text, values = condition(table, fields, None)
        found = self._transaction.value(
            f"MATCH (n:{label(table)}) WHERE {text} WITH n ORDER BY n.id RETURN collect(properties(n))",
            **values,
        )
        for properties in found:
            record = codec(table).decode(to_row(table, properties))
            self._seen[table, record.id] = record
            yield record


def around(transaction: Transaction, record_id: str) -> tuple[list[tuple[str, Row]], set[tuple[str, str]]]:
    """Records of an id and all that refer to one, with their rows; and every record that these refer to."""
    nodes = " UNION ALL ".join(f"MATCH (n:{name} {{id: $id}}) RETURN n" for name in LABELS.values())
    near = transaction.many(
        f"CALL () {{ {nodes} }} OPTIONAL MATCH (n)<--(r) WITH collect(n) + collect(r) AS found "
        "UNWIND found AS n WITH DISTINCT n OPTIONAL MATCH (n)-->(m) "
        "RETURN labels(n)[0], properties(n), collect(DISTINCT [labels(m)[0], m.id])",
        id=record_id,
    )
    rows: list[tuple[str, Row]] = []
    known: set[tuple[str, str]] = set()
    for name, properties, others in near:
        table = TABLE_OF_LABEL[name]
        rows.append((table, to_row(table, properties)))
        known.add((table, properties["id"]))
        known.update((TABLE_OF_LABEL[other], other_id) for other, other_id in others if other is not None)
    return rows, known


def holds(table: str, row: Row, field: str, value: str) -> bool:
    """Whether a row's field is a value or, for a list, holds it."""
    found = row[codec(table).names.index(field)]
    return value in read_list(found) if found and is_list(table, field) else bool(found == value)
