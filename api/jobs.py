"""Long work beside the service: one solve at a time in a child process, which can be cancelled by ending it.

The child is kept warm between solves. It opens the store by its address; what it writes is one transaction,
so ending it at any moment leaves the store as it was.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from api.problems import DoorError, describe
from graph.errors import NotFoundError
from graph.periods import Period

Status = Literal["queued", "running", "done", "failed", "cancelled"]
Listener = Callable[["Job"], None]
ENDED: Final = frozenset({"done", "failed", "cancelled"})
_MOST_WAITING: Final = 20
_MOST_KEPT: Final = 100
_GRACE_S: Final = 2.0
_HOUSE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Job:
    """How far a solve has come.

    Attributes
    ----------
    id, status : str
    step, done, total : str, int, int
        What it does now, how many steps are done, and of how many (0: not known).
    round : str or None
        The round that it made.
    problem : mapping or None
        Why it failed, as a problem document.
    """

    id: str
    status: Status = "queued"
    step: str = ""
    done: int = 0
    total: int = 0
    round: str | None = None
    problem: Mapping[str, Any] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ENDED

    def as_json(self) -> dict[str, Any]:
        """The job as doors show it."""
        return {
            "id": self.id,
            "status": self.status,
            "step": self.step,
            "done": self.done,
            "total": self.total,
            "round": self.round,
            "problem": None if self.problem is None else dict(self.problem),
        }


@dataclass(frozen=True, slots=True)
class Task:
    """What a solve is asked for; None: the default."""

    period: Period | None = None
    fit: Literal["broad", "exact"] = "broad"

    def as_json(self, store_url: str) -> dict[str, Any]:
        """The task as the child process takes it."""
        days = None if self.period is None else [self.period.first.isoformat(), self.period.last.isoformat()]
        return {"store": store_url, "days": days, "fit": self.fit}


@dataclass(slots=True)
class _Entry:
    job: Job
    task: Task
    listeners: list[Listener] = field(default_factory=list)


class Jobs:
    """Runs tasks one after the other and remembers how they went.

    Parameters
    ----------
    store_url : str
        The store that tasks read from and write to.
    """

    def __init__(self, store_url: str) -> None:
        self._worker = _Worker(store_url)
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._waiting: deque[str] = deque()
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="linli-jobs", daemon=True)
        self._thread.start()

    def start(self, task: Task) -> Job:
        """Queue a task.

        Raises
        ------
        DoorError
            If too many wait already.
        """
        with self._changed:
            if len(self._waiting) >= _MOST_WAITING:
                raise DoorError("busy")
            entry = _Entry(Job(secrets.token_urlsafe(9)), task)
            self._entries[entry.job.id] = entry
            self._waiting.append(entry.job.id)
            self._forget()
            self._changed.notify_all()
            return entry.job

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        with self._changed:
            return len(self._waiting)

    def get(self, job_id: str) -> Job:
        """How a job stands.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it ended long ago.
        """
        with self._changed:
            return self._entry(job_id).job

    def cancel(self, job_id: str) -> Job:
        """End a job that waits or runs; one that is over stays as it is."""
        with self._changed:
            entry = self._entry(job_id)
            if entry.job.status == "queued":
                self._waiting.remove(job_id)
                self._tell(entry, replace(entry.job, status="cancelled"))
            elif entry.job.status == "running":
                self._tell(entry, replace(entry.job, status="cancelled"))
        # Not while holding the lock, which whoever starts the child may be waiting for.
        self._worker.end(job_id)
        return entry.job

    def listen(self, job_id: str, listener: Listener) -> Callable[[], None]:
        """Have a function called with the job now and at every change; gives a way to stop."""
        with self._changed:
            entry = self._entry(job_id)
            entry.listeners.append(listener)
            listener(entry.job)

        def stop() -> None:
            with self._changed:
                if listener in entry.listeners:
                    entry.listeners.remove(listener)

        return stop

    def close(self) -> None:
        """Cancel what is under way and let go of the child."""
        with self._changed:
            self._is_closed = True
            for entry in self._entries.values():
                if not entry.job.is_over:
                    self._tell(entry, replace(entry.job, status="cancelled"))
            self._waiting.clear()
            self._changed.notify_all()
        self._worker.end()
        self._thread.join(timeout=_GRACE_S)

    def _entry(self, job_id: str) -> _Entry:
        if job_id not in self._entries:
            raise NotFoundError("there is no such job")
        return self._entries[job_id]

    def _forget(self) -> None:
        over = [job_id for job_id, entry in self._entries.items() if entry.job.is_over]
        for job_id in over[: max(0, len(self._entries) - _MOST_KEPT)]:
            del self._entries[job_id]

    def _tell(self, entry: _Entry, job: Job) -> None:
        """Change a job, unless it is over; callers hold the lock."""
        if entry.job.is_over:
            return
        entry.job = job
        for listener in list(entry.listeners):
            listener(job)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._is_closed:
                    self._changed.wait()
                if self._is_closed:
                    return
                entry = self._entries[self._waiting.popleft()]
                self._tell(entry, replace(entry.job, status="running"))
            changes = self._work(entry)
            with self._changed:
                self._tell(entry, replace(entry.job, **changes))

    def _work(self, entry: _Entry) -> dict[str, Any]:
        """Run a task in the child; gives what changes about its job at the end."""
        try:
            return self._worker.run(
                entry.job.id, entry.task, lambda step: self._progress(entry, step), self._is_cancelled(entry)
            )
        except (EOFError, OSError):
            refusal = DoorError("solve-failed", "the solver ended before it was done")
            return {"status": "failed", "problem": describe(refusal)}

    def _is_cancelled(self, entry: _Entry) -> Callable[[], bool]:
        def is_cancelled() -> bool:
            with self._changed:
                return entry.job.is_over

        return is_cancelled

    def _progress(self, entry: _Entry, step: tuple[str, int, int]) -> None:
        with self._changed:
            self._tell(entry, replace(entry.job, step=step[0], done=step[1], total=step[2]))


class _Worker:
    """A child process that makes rounds; started when it is first needed, and again after it was ended."""

    def __init__(self, store_url: str) -> None:
        self._store_url = store_url
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._job_id: str | None = None

    def run(
        self,
        job_id: str,
        task: Task,
        progress: Callable[[tuple[str, int, int]], None],
        is_cancelled: Callable[[], bool],
    ) -> dict[str, Any]:
        """Have the child make a round; gives what changes about the job at the end.

        Raises
        ------
        EOFError, OSError
            If the child ends before it is done.
        """
        with self._lock:
            self._job_id = job_id
            process = self._ready()
        try:
            # A cancellation that came before the job had its child found nothing to end.
            return {} if is_cancelled() else self._ask(process, task, progress)
        except (EOFError, OSError):
            self.end(job_id)
            raise
        finally:
            with self._lock:
                self._job_id = None

    def _ask(
        self, process: subprocess.Popen[str], task: Task, progress: Callable[[tuple[str, int, int]], None]
    ) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task.as_json(self._store_url)) + "\n")
        process.stdin.flush()
        for line in process.stdout:
            message: dict[str, Any] = json.loads(line)
            if "end" in message:
                return dict(message["end"])
            step, done, total = message["progress"]
            progress((step, done, total))
        raise EOFError

    def end(self, job_id: str | None = None) -> None:
        """End the child, if there is one; where a job is named, only while it works on that."""
        with self._lock:
            if job_id is not None and job_id != self._job_id:
                return
            process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ready(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            # -P: no module beside the working folder stands in for one of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "api.solver"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(_HOUSE), "PYTHONUTF8": "1"},
                encoding="utf-8",
                # Ctrl-C reaches the whole group of processes; the service ends its child itself.
                start_new_session=True,
            )
        return self._process
