"""Jobs of a SQLite store: one row each, with the whole job as JSON."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

from graph import sqlite_rounds
from graph.entries import Round
from graph.jobs import LIVE, Job
from graph.lifecycle import move


class SqliteJobs:
    """What `graph.jobs.JobKeeper` says, within an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def now_ms(self) -> int:
        """The time of the one machine that opens the file."""
        return time.time_ns() // 1_000_000

    def find(self, job_id: str) -> Job | None:
        """One job, or None."""
        row = self._connection.execute("SELECT body FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return None if row is None else Job.from_text(row[0])

    def live(self) -> list[Job]:
        """Jobs that wait or run, in the order in which they came."""
        rows = self._connection.execute(
            "SELECT body FROM jobs WHERE status IN (?, ?) ORDER BY number", LIVE
        ).fetchall()
        return [Job.from_text(row[0]) for row in rows]

    def put(self, job: Job) -> None:
        """Keep a job as it is, a new one behind all others."""
        self._connection.execute(
            "INSERT INTO jobs (id, status, body) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body",
            (job.id, job.status, job.to_text()),
        )

    def forget(self, kept: int) -> None:
        """Remove jobs that are over, but for the newest."""
        self._connection.execute(
            "DELETE FROM jobs WHERE number IN (SELECT number FROM jobs WHERE status NOT IN (?, ?) "
            "ORDER BY number DESC LIMIT -1 OFFSET ?)",
            (*LIVE, kept),
        )

    def put_round(self, value: Round) -> Round:
        """Keep a round."""
        return sqlite_rounds.put(self._connection, value)

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state."""
        known = sqlite_rounds.get(self._connection, round_id)
        sqlite_rounds.set_status(self._connection, round_id, move("round", known.status, status))
        return replace(known, status=status)
