"""Jobs of a store in Neo4j: nodes `Job`, with the whole job as JSON.

Whoever changes them locks a node of their own, which isn't the store's, so that leases are renewed while
somebody writes for long. Where a round is kept as well, the store's node is locked first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from graph.entries import Round
from graph.jobs import LIVE, Job
from graph.lifecycle import move
from graph.neo4j import rounds
from graph.neo4j.connection import Transaction

_LOCK: Final = "MERGE (d:Desk {id: 'jobs'}) SET d.locked = true RETURN datetime.realtime().epochMillis"
_NOW: Final = "RETURN datetime.realtime().epochMillis"


class Neo4jJobs:
    """What `graph.jobs.JobKeeper` says, within an open transaction; `is_locked`: jobs will be changed."""

    def __init__(self, transaction: Transaction, *, is_locked: bool) -> None:
        self._transaction = transaction
        self._now_ms = int(transaction.value(_LOCK if is_locked else _NOW))

    def now_ms(self) -> int:
        """The server's time, when nobody else could change jobs any more."""
        return self._now_ms

    def find(self, job_id: str) -> Job | None:
        """One job, or None."""
        row = self._transaction.one("MATCH (j:Job {id: $id}) RETURN j.body", id=job_id)
        return None if row is None else Job.from_text(row[0])

    def live(self) -> list[Job]:
        """Jobs that wait or run, in the order in which they came."""
        rows = self._transaction.many(
            "MATCH (j:Job) WHERE j.status IN $live RETURN j.body ORDER BY j.number", live=list(LIVE)
        )
        return [Job.from_text(row[0]) for row in rows]

    def put(self, job: Job) -> None:
        """Keep a job as it is, a new one behind all others."""
        self._transaction.do(
            "MATCH (d:Desk {id: 'jobs'}) MERGE (j:Job {id: $id}) "
            "ON CREATE SET d.jobs = coalesce(d.jobs, 0) + 1, j.number = coalesce(d.jobs, 0) + 1 "
            "SET j.status = $status, j.body = $body",
            id=job.id,
            status=job.status,
            body=job.to_text(),
        )

    def forget(self, kept: int) -> None:
        """Remove jobs that are over, but for the newest."""
        self._transaction.do(
            "MATCH (j:Job) WHERE NOT j.status IN $live WITH j ORDER BY j.number DESC SKIP $kept DELETE j",
            live=list(LIVE),
            kept=kept,
        )

    def put_round(self, value: Round) -> Round:
        """Keep a round."""
        return rounds.put(self._transaction, value)

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state."""
        known = rounds.get(self._transaction, round_id)
        rounds.set_status(self._transaction, round_id, move("round", known.status, status))
        return replace(known, status=status)
