"""Rounds of a store in Neo4j: nodes `Round`, with a node `Document` for each document made for one."""

from __future__ import annotations

from collections.abc import Sequence

from graph.entries import Round
from graph.neo4j.connection import Transaction
from graph.rounds import FIELDS, from_row, pack_results, prepare, to_row, with_results

_ROUND = f"[{', '.join(f'r.{name}' for name in FIELDS)}]"


def put(transaction: Transaction, value: Round) -> Round:
    """Keep a round within a transaction that holds the store's lock; see `graph.store.Store.put_round`."""
    known = _find(transaction, value.id) if value.id else None
    taken = {row[0] for row in transaction.many("MATCH (r:Round) RETURN r.id")}
    kept = prepare(value, known, taken)
    insert(transaction, [kept])
    return kept


def insert(transaction: Transaction, values: Sequence[Round]) -> None:
    """Write rounds and their documents as they are, new ones behind all others."""
    for value in values:
        transaction.do(
            "MATCH (s:Store {id: 'linli'}) MERGE (r:Round {id: $id}) "
            "ON CREATE SET s.rounds = s.rounds + 1, r.sequence = s.rounds + 1 SET r += $fields",
            id=value.id,
            fields=dict(zip(FIELDS, to_row(value), strict=True)),
        )
        transaction.do("MATCH (d:Document {round: $id}) DETACH DELETE d", id=value.id)
        transaction.do(
            "MATCH (r:Round {id: $id}) UNWIND $documents AS document "
            "CREATE (r)-[:HAS]->(:Document {round: $id, name: document[0], body: document[1]})",
            id=value.id,
            documents=[list(packed) for packed in pack_results(value)],
        )


def get(transaction: Transaction, round_id: str) -> Round:
    """One round with its documents.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    rows = transaction.many(
        "MATCH (d:Document {round: $id}) RETURN d.name, d.body ORDER BY d.name", id=round_id
    )
    packed = ((name, bytes(body)) for name, body in rows)
    return with_results(_find(transaction, round_id), round_id, packed)


def every(transaction: Transaction) -> list[Round]:
    """All rounds, newest first, without their documents."""
    rows = transaction.many(f"MATCH (r:Round) WITH r ORDER BY r.sequence DESC RETURN {_ROUND}")
    return [from_row(row[0]) for row in rows]


def set_status(transaction: Transaction, round_id: str, status: str) -> None:
    """Write a round's state."""
    transaction.do("MATCH (r:Round {id: $id}) SET r.status = $status", id=round_id, status=status)


def _find(transaction: Transaction, round_id: str) -> Round | None:
    found = transaction.one(f"MATCH (r:Round {{id: $id}}) RETURN {_ROUND}", id=round_id)
    return None if found is None else from_row(found[0])
