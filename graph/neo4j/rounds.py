"""Rounds of a store in Neo4j: nodes `Round`, with a node `Document` for each document made for one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from graph.codec import dump_json
from graph.entries import Round
from graph.errors import NotFoundError
from graph.neo4j.connection import Transaction
from graph.periods import Period
from graph.rounds import prepare

_ROUND = "[r.id, r.first, r.last, r.status, r.revision, r.token, r.rules, r.made_at]"


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
            fields={
                "first": value.period.first.isoformat(),
                "last": value.period.last.isoformat(),
                "status": value.status,
                "revision": value.revision,
                "token": value.token,
                "rules": dump_json(dict(value.rules)),
                "made_at": value.made_at.isoformat() if value.made_at else "",
            },
        )
        transaction.do("MATCH (d:Document {round: $id}) DETACH DELETE d", id=value.id)
        transaction.do(
            "MATCH (r:Round {id: $id}) UNWIND $documents AS document "
            "CREATE (r)-[:HAS]->(:Document {round: $id, name: document[0], body: document[1]})",
            id=value.id,
            documents=[
                [name, zlib.compress(dump_json(item).encode(), 1)] for name, item in value.results.items()
            ],
        )


def get(transaction: Transaction, round_id: str) -> Round:
    """One round with its documents.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    found = _find(transaction, round_id)
    if found is None:
        raise NotFoundError(f"there is no round “{round_id}”", remedy="Make one by matching.")
    rows = transaction.many(
        "MATCH (d:Document {round: $id}) RETURN d.name, d.body ORDER BY d.name", id=round_id
    )
    results = {name: json.loads(zlib.decompress(bytes(body))) for name, body in rows}
    return replace(found, results=results)


def every(transaction: Transaction) -> list[Round]:
    """All rounds, newest first, without their documents."""
    rows = transaction.many(f"MATCH (r:Round) WITH r ORDER BY r.sequence DESC RETURN {_ROUND}")
    return [_round(row[0]) for row in rows]


def set_status(transaction: Transaction, round_id: str, status: str) -> None:
    """Write a round's state."""
    transaction.do("MATCH (r:Round {id: $id}) SET r.status = $status", id=round_id, status=status)


def _find(transaction: Transaction, round_id: str) -> Round | None:
    found = transaction.one(f"MATCH (r:Round {{id: $id}}) RETURN {_ROUND}", id=round_id)
    return None if found is None else _round(found[0])


def _round(row: Sequence[Any]) -> Round:
    return Round(
        id=row[0],
        period=Period(date.fromisoformat(row[1]), date.fromisoformat(row[2])),
        status=row[3],
        revision=row[4],
        token=row[5],
        rules=json.loads(row[6]),
        made_at=datetime.fromisoformat(row[7]) if row[7] else None,
    )
