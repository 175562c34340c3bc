"""Keeps the relationships of a store in Neo4j in step with the references that records hold.

Lists come in any order, so a record may refer to one that comes later, is deleted, or never comes. What is
put is tied to whatever it refers to that is there, and whatever refers to it is tied to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from graph.changes import RowChange
from graph.codec import Row, codec, read_list
from graph.neo4j.columns import to_page
from graph.neo4j.connection import Transaction
from graph.neo4j.shape import (
    LABELS,
    is_list,
    references,
    referring,
    target_labels,
    tie_type,
)


class Tier:
    """Ties records within one transaction.

    Parameters
    ----------
    transaction : Transaction
    sizes : mapping
        How many records each table had when the transaction began, so that empty tables cost nothing.
    """

    def __init__(self, transaction: Transaction, sizes: Mapping[str, int]) -> None:
        self._transaction = transaction
        self._filled = {table for table, size in sizes.items() if size}

    @classmethod
    def all(cls, transaction: Transaction) -> Tier:
        """One for a few records, which looks everywhere rather than ask which tables are empty."""
        return cls(transaction, dict.fromkeys(LABELS, 1))

    def tie(self, table: str, changes: Sequence[RowChange]) -> None:
        """Bring the relationships of put rows up to date; the nodes are written already."""
        put = [(before, after) for _, _, before, after in changes if after is not None and before is not None]
        for field in references(table) if put else ():
            self._tie_field(table, field, put)

    def create(self, table: str, rows: Sequence[Row]) -> None:
        """Write new records with what ties them to others, either way."""
        if not rows:
            return
        self._filled.add(table)
        made, values = to_page(table, rows)
        self._transaction.do(f"{made} {tie_new(table, frozenset(self._near(table)))}", **values)
        ids = [row[0] for row in rows]
        for other, field in referring(table):
            if other in self._filled and is_list(other, field):
                self._transaction.do(tie_late(other, field, table), ids=ids)

    def _near(self, table: str) -> Iterator[str]:
        """Tables with records to which, or from which, records of a table may be tied."""
        targets = (target for found in references(table).values() for target in found)
        return (
            other for other in (*targets, *(name for name, _ in referring(table))) if other in self._filled
        )

    def _tie_field(self, table: str, field: str, put: Sequence[tuple[Row, Row]]) -> None:
        at = codec(table).names.index(field)
        moved = [(before, after) for before, after in put if before[at] != after[at]]
        if table == "claims" and field == "target":
            # What a claim means follows from two fields.
            table_at = codec(table).names.index("target_table")
            moved = [
                (before, after)
                for before, after in put
                if (before[at], before[table_at]) != (after[at], after[table_at])
            ]
        if moved:
            self._transaction.do(untie(table, field), ids=[after[0] for _, after in moved])
        many = is_list(table, field)
        wanted = [[after[0], other] for _, after in moved for other in _others(after[at], many)]
        for name, targets in target_labels(table, field) if wanted else ():
            if not self._filled.isdisjoint(targets):
                self._transaction.do(tie(table, field, name), pairs=wanted, target=targets[0])


def _others(value: str | None, many: bool) -> Iterator[str]:
    if value:
        yield from dict.fromkeys(read_list(value)) if many else (value,)


@cache
def _only(table: str, field: str, node: str) -> str:
    """A condition where a field's meaning depends on another one."""
    return f"AND {node}.target_table = $target" if (table, field) == ("claims", "target") else ""


@cache
def tie_new(table: str, filled: frozenset[str]) -> str:
    """Cypher that goes on from nodes just made (`n`) and ties each to and from what is in the filled tables.

    Fields of other tables that hold lists aren't looked through: see `tie_late`. Only among records of one
    table may a tie from another be there already.
    """
    parts: list[str] = []
    for field in references(table):
        for name, targets in target_labels(table, field):
            if filled.isdisjoint(targets):
                continue
            each = f"UNWIND n.`{field}` AS other WITH DISTINCT n, other " if is_list(table, field) else ""
            only = f"WHERE n.target_table = '{targets[0]}' " if (table, field) == ("claims", "target") else ""
            parts.append(
                f"CALL (n) {{ {each}MATCH (t:{name} {{id: {'other' if each else f'n.`{field}`'}}}) {only}"
                f"{'MERGE' if table in targets else 'CREATE'} (n)-[:{tie_type(field)}]->(t) }}"
            )
    for other, field in referring(table):
        if other in filled and not is_list(other, field):
            only = f"AND o.target_table = '{table}' " if (other, field) == ("claims", "target") else ""
            parts.append(
                f"CALL (n) {{ MATCH (o:{LABELS[other]}) WHERE o.`{field}` = n.id {only}"
                f"{'MERGE' if other == table else 'CREATE'} (o)-[:{tie_type(field)}]->(n) }}"
            )
    return " ".join(["WITH n", *parts]) if parts else ""


@cache
def tie(table: str, field: str, label: str) -> str:
    """Cypher that ties records of a table to those of a label that their field names (`pairs` of ids)."""
    return (
        "UNWIND $pairs AS pair "
        f"MATCH (n:{LABELS[table]} {{id: pair[0]}}) MATCH (t:{label} {{id: pair[1]}}) "
        f"WHERE true {_only(table, field, 'n')} "
        f"CREATE (n)-[:{tie_type(field)}]->(t)"
    )


@cache
def untie(table: str, field: str) -> str:
    """Cypher that removes the relationships that a field gave records (`ids`)."""
    return f"UNWIND $ids AS id MATCH (n:{LABELS[table]} {{id: id}})-[tie:{tie_type(field)}]->() DELETE tie"


@cache
def tie_late(table: str, field: str, target: str) -> str:
    """Cypher that ties records whose lists name others to those of them that have come since (`ids`)."""
    return (
        f"MATCH (n:{LABELS[table]}) UNWIND n.`{field}` AS other WITH n, other WHERE other IN $ids "
        f"MATCH (t:{LABELS[target]} {{id: other}}) MERGE (n)-[:{tie_type(field)}]->(t)"
    )
