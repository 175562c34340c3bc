"""Long work beside the service: one solve at a time in a child process, which can be cancelled by ending it.

Jobs stand in the store, in one line for all services that share it; each service takes the first that is
due and holds it by a lease (`graph.jobs`). What a service that ended had begun, another does anew. The child
is kept warm between solves. It opens the store by its address; what it writes is one transaction, in which
the job ends too, so ending it at any moment leaves the store as it was.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from api.guards import log_error
from api.problems import DoorError, Language, read, record
from api.worker import Worker
from graph.errors import NotFoundError
from graph.jobs import Job, JobBoard, LeaseLostError
from graph.periods import Period
from graph.store import Store
from graph.wording import word

if TYPE_CHECKING:
    from matcher.rules import AccessMeasure

Listener = Callable[[Job], None]
KIND: Final = "match"
_GRACE_S: Final = 2.0
_LOOK_S: Final = 0.25
"""So often somebody looks how jobs stand that are waited for, or under way here."""

_AWAY_S: Final = 5.0
"""So long a service waits after the store didn't answer, and a job before it is tried again."""


def job_json(job: Job, language: Language = "zh") -> dict[str, Any]:
    """A job as doors show it; why it failed in a language."""
    problem = job.problem
    if problem is None and job.status == "failed":
        problem = _ended_early()
    return {
        "id": job.id,
        "status": job.status,
        "step": job.step,
        "done": job.done,
        "total": job.total,
        "round": job.round,
        "problem": None if problem is None or job.status != "failed" else read(problem, language),
    }


def _ended_early() -> dict[str, Any]:
    return record(DoorError("solve-failed", **word("solver_ended")))


@dataclass(frozen=True, slots=True)
class Task:
    """What a solve is asked for; None: the default."""

    period: Period | None = None
    fit: Literal["broad", "exact"] = "broad"
    low_access_share: float | None = None
    access_measure: AccessMeasure | None = None
    tiles: int = 1
    keep_round: str | None = None
    keep_m: int = 0
    most_moves: int | None = None
    load_m: int = 0

    def to_json(self) -> dict[str, Any]:
        """The task as jobs keep it."""
        days = None if self.period is None else [self.period.first.isoformat(), self.period.last.isoformat()]
        return {
            "days": days, "fit": self.fit, "low_access_share": self.low_access_share,
            "access_measure": self.access_measure, "tiles": self.tiles,
            "keep_round": self.keep_round, "keep_m": self.keep_m, "most_moves": self.most_moves,
            "load_m": self.load_m,
        }  # fmt: skip


@dataclass(slots=True)
class _Ear:
    """Somebody who listens to a job, and what they heard last."""

    hear: Listener
    told: Job


class Jobs:
    """Puts tasks in line, does its part of them one after the other, and tells how they go.

    Parameters
    ----------
    store : Store
        What tasks read from and write to, open as long as this is.
    lease_s : float
        A job whose service hasn't been heard of for so long is taken up by another.
    """

    def __init__(self, store: Store, *, lease_s: float = 30.0) -> None:
        self._board = JobBoard(store)
        self._lease_s = lease_s
        self._worker = Worker(store.url)
        self._lock = threading.RLock()
        self._ears: dict[str, list[_Ear]] = {}
        self._current: Job | None = None
        self._shown: Job | None = None
        self._renewed = 0.0
        self._is_closed = False
        self._work_waits, self._news_wait = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=target, name=f"linli-{name}", daemon=True)
            for target, name in ((self._take_turns, "jobs"), (self._watch, "watch"))
        ]
        for thread in self._threads:
            thread.start()

    def start(self, task: Task) -> Job:
        """Queue a task.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        job = self._board.queue(Job(secrets.token_urlsafe(9), KIND, task.to_json()))
        self._work_waits.set()
        return job

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn, wherever they were asked for."""
        return sum(job.kind == KIND and job.status == "queued" for job in self._board.live())

    def get(self, job_id: str) -> Job:
        """How a job stands.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it ended long ago.
        """
        return self._with_progress(_solve(self._board.get(job_id)))

    def cancel(self, job_id: str) -> Job:
        """End a job that waits or runs; one that is over stays as it is."""
        _solve(self._board.get(job_id))
        job = self._board.cancel(job_id)
        self._worker.end(job_id)
        self._tell(job)
        return job

    def listen(self, job_id: str, listener: Listener) -> Callable[[], None]:
        """Have a function called with the job now and at every change; gives a way to stop."""
        job = self.get(job_id)
        ear = _Ear(listener, job)
        with self._lock:
            self._ears.setdefault(job_id, []).append(ear)
            listener(job)
        # What came between the look and the listening is told at once.
        self._news_wait.set()

        def stop() -> None:
            with self._lock:
                others = [other for other in self._ears.pop(job_id, []) if other is not ear]
                if others:
                    self._ears[job_id] = others

        return stop

    def close(self) -> None:
        """Put what is under way back in line, for another service or this one's next start."""
        with self._lock:
            self._is_closed = True
        self._work_waits.set()
        self._news_wait.set()
        self._worker.end()
        for thread in self._threads:
            thread.join(timeout=_GRACE_S)

    # -- doing jobs ---------------------------------------------------------------------------------

    def _take_turns(self) -> None:
        is_told = False
        while not self._is_closed:
            self._work_waits.clear()
            wait_s = min(1.0, self._lease_s / 4)
            try:
                job = self._board.take(KIND, secrets.token_hex(8), lease_s=self._lease_s)
                is_told = False
                if job is not None:
                    self._do(job)
                    continue
            except Exception as error:
                # Whatever it is, the next job shall be taken; where the store is away, once is enough.
                if not is_told and not self._is_closed:
                    log_error(error)
                is_told, wait_s = True, _AWAY_S
            self._work_waits.wait(wait_s)

    def _do(self, job: Job) -> None:
        """Have the child do a job that was taken, and see to its end."""
        with self._lock:
            self._current = job
        self._news_wait.set()
        task = {**job.task, "job": job.id, "key": job.key}
        try:
            outcome = self._worker.run(job.id, task, self._progress, lambda: self._is_closed)
        except (EOFError, OSError):
            outcome = {"problem": _ended_early()}
        with self._lock:
            self._current = None
        if "lost" in outcome:
            return
        try:
            if self._is_closed:
                self._board.hand_back(job.id, job.key)
            elif outcome.get("is_away"):
                self._board.hand_back(job.id, job.key, delay_s=_AWAY_S, problem=outcome["problem"])
            elif "problem" in outcome:
                self._board.finish(job.id, job.key, problem=outcome["problem"])
        except (LeaseLostError, NotFoundError):
            pass  # it was cancelled, or another service has it
        self._news_wait.set()

    def _progress(self, step: tuple[str, int, int]) -> None:
        with self._lock:
            if self._current is None:
                return
            self._current = replace(self._current, step=step[0], done=step[1], total=step[2])
            self._tell(self._current)

    def _with_progress(self, job: Job) -> Job:
        """What is done here is known better here than in the store."""
        current = self._current
        is_here = current is not None and (job.id, job.key) == (current.id, current.key)
        return current if current is not None and is_here and not job.is_over else job

    # -- telling ------------------------------------------------------------------------------------

    def _tell(self, job: Job) -> None:
        """Call who listens to a job."""
        with self._lock:
            for ear in self._ears.get(job.id, ()):
                if job != ear.told and not ear.told.is_over and not _is_older(job, ear.told):
                    ear.told = job
                    ear.hear(job)

    def _watch(self) -> None:
        """Look after the job under way here, and after those that somebody listens to."""
        while not self._is_closed:
            self._news_wait.clear()
            with self._lock:
                current = self._current
                wanted = [
                    job_id for job_id, ears in self._ears.items() if not all(e.told.is_over for e in ears)
                ]
            try:
                if current is not None:
                    self._hold(current)
                for job_id in wanted:
                    self._tell(self._with_progress(self._board.get(job_id)))
            except Exception:
                # Whoever asks for a job is told that the store is away; the lease shall go on afterwards.
                self._news_wait.wait(_LOOK_S)
            self._news_wait.wait(_LOOK_S if current is not None or wanted else None)

    def _hold(self, current: Job) -> None:
        """Renew the lease of a job under way; where it is cancelled or another's by now, end the child."""
        try:
            is_due = time.monotonic() - self._renewed > self._lease_s / 4
            if is_due or current != self._shown:
                self._board.renew(current, lease_s=self._lease_s)
                self._renewed, self._shown = time.monotonic(), current
            else:
                known = self._board.get(current.id)
                if known.key != current.key or known.status == "cancelled":
                    self._worker.end(current.id)
        except (LeaseLostError, NotFoundError):
            self._worker.end(current.id)


def _is_older(job: Job, told: Job) -> bool:
    """Whether a look at a job came later than another, but shows what was before."""
    if job.is_over or job.tries != told.tries:
        return not job.is_over and job.tries < told.tries
    return job.status == told.status == "running" and (job.done, not job.step) < (told.done, not told.step)


def _solve(job: Job) -> Job:
    """A job that is a solve; the line has others as well, which have doors of their own."""
    if job.kind != KIND:
        raise NotFoundError(**word("no_job"))
    return job
