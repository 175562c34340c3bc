"""Jobs of a store in plain dictionaries."""

from __future__ import annotations

import time
from collections.abc import Callable

from graph.entries import Round
from graph.jobs import LIVE, Job


class MemoryJobs:
    """What `graph.jobs.JobKeeper` says, for one change that is kept when it has succeeded.

    Parameters
    ----------
    jobs : dict
        Every job by id, in the order in which they came; changed in place.
    put_round, change_round : callable
        Those of the store.
    """

    def __init__(
        self,
        jobs: dict[str, Job],
        put_round: Callable[[Round], Round],
        change_round: Callable[[str, str], Round],
    ) -> None:
        self._jobs = jobs
        self.put_round = put_round
        self.change_round = change_round

    def now_ms(self) -> int:
        """The store's time."""
        return time.time_ns() // 1_000_000

    def find(self, job_id: str) -> Job | None:
        """One job, or None."""
        return self._jobs.get(job_id)

    def live(self) -> list[Job]:
        """Jobs that wait or run, in the order in which they came."""
        return [job for job in self._jobs.values() if job.status in LIVE]

    def put(self, job: Job) -> None:
        """Keep a job."""
        self._jobs[job.id] = job

    def forget(self, kept: int) -> None:
        """Remove jobs that are over, but for the newest."""
        over = [job.id for job in self._jobs.values() if job.is_over]
        for job_id in over[: max(0, len(over) - kept)]:
            del self._jobs[job_id]
