"""Keeps the relationships of a store in Neo4j in step with the references that records hold.

Lists come in any order, so a record may refer to one that comes later, is deleted, or never comes. What is
put is tied to whatever it refers to that is there, and whatever refers to it is tied to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from graph.changes import RowChange
from graph.codec import Row, codec, read_list
from graph.neo4j.connection import Transaction
from graph.neo4j.shape import LABELS, is_list, references, referring, target_labels, tie_type


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

    def tie(self, table: str, changes: Sequence[RowChange]) -> None:
        """Bring the relationships of put rows up to date; the nodes are written already."""
        put = [(change[2], change[3]) for change in changes if change[3] is not None]
        if not put:
            return
        self._filled.add(table)
        for field in references(table):
            self._tie_field(table, field, put)
        added = [after[0] for before, after in put if before is None]
        for other, field in referring(table) if added else ():
            if other in self._filled:
                self._transaction.do(tie_late(other, field, table), ids=added, target=table)

    def _tie_field(self, table: str, field: str, put: Sequence[tuple[Row | None, Row]]) -> None:
        at = codec(table).names.index(field)
        moved = [(before, after) for before, after in put if before is None or before[at] != after[at]]
        if table == "claims" and field == "target":
            # What a claim means follows from two fields.
            table_at = codec(table).names.index("target_table")
            moved = [
                (before, after)
                for before, after in put
                if before is None or (before[at], before[table_at]) != (after[at], after[table_at])
            ]
        left = [after[0] for before, after in moved if before is not None]
        if left:
            self._transaction.do(untie(table, field), ids=left)
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
def tie(table: str, field: str, label: str) -> str:
    """Cypher that ties records of a table to those of a label that their field names (`pairs` of ids).

    Only among records of one table, some of which came later, may such a tie be there already.
    """
    make = "MERGE" if table in references(table)[field] else "CREATE"
    return (
        "UNWIND $pairs AS pair "
        f"MATCH (n:{LABELS[table]} {{id: pair[0]}}) MATCH (t:{label} {{id: pair[1]}}) "
        f"WHERE true {_only(table, field, 'n')} "
        f"{make} (n)-[:{tie_type(field)}]->(t)"
    )


@cache
def untie(table: str, field: str) -> str:
    """Cypher that removes the relationships that a field gave records (`ids`)."""
    return f"UNWIND $ids AS id MATCH (n:{LABELS[table]} {{id: id}})-[tie:{tie_type(field)}]->() DELETE tie"


@cache
def tie_late(table: str, field: str, target: str) -> str:
    """Cypher that ties records of a table to those of another that have come since (`ids`)."""
    if is_list(table, field):
        return (
            f"MATCH (n:{LABELS[table]}) UNWIND n.`{field}` AS other WITH n, other WHERE other IN $ids "
            f"MATCH (t:{LABELS[target]} {{id: other}}) MERGE (n)-[:{tie_type(field)}]->(t)"
        )
    return (
        f"UNWIND $ids AS id MATCH (t:{LABELS[target]} {{id: id}}) "
        f"MATCH (n:{LABELS[table]}) WHERE n.`{field}` = id {_only(table, field, 'n')} "
        f"MERGE (n)-[:{tie_type(field)}]->(t)"
    )
