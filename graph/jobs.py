"""Work that several processes share: jobs in a store, leased to whoever does them.

A job waits in line until somebody takes it, under a lease that is renewed while the work goes on. Where the
holder dies, the lease runs out and another takes the job up. Each taking has a key of its own, and a result
is kept in the transaction that ends the job, only while that key still holds it: so a job may be worked on
twice, but never has two results. Times are the store's own, so that clocks of several machines needn't agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from graph.codec import dump_json
from graph.errors import BusyError, ConflictError, NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.entries import Round
    from graph.store import Store

T = TypeVar("T")
Status = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: Final = ("done", "failed", "cancelled")
LIVE: Final = ("queued", "running")
MOST_TRIES: Final = 3
"""A job whose holders died so often is given up: it may be what kills them."""

MOST_WAITING: Final = 20
MOST_KEPT: Final = 100
KEEP_S: Final = 24 * 3600.0
"""So long a job waits in line for somebody to take it."""


class LeaseLostError(ConflictError):
    """A job was cancelled, or somebody else has taken it up since."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work and how far it has come.

    Attributes
    ----------
    id, kind, task : str, str, mapping
        What is to be done, as plain JSON values.
    status : str
    step, done, total : str, int, int
        What is done now, how many steps are done, and of how many (0: not known).
    round : str or None
        The round that it made.
    problem : mapping or None
        Why it failed, as a problem document.
    due_ms, lapses_ms : int
        Not to be begun before, and no more after (milliseconds since 1970).
    key, leased_to_ms, tries : str, int, int
        Who holds it, until when, and how often it was taken.
    """

    id: str
    kind: str = "match"
    task: Mapping[str, Any] = field(default_factory=dict)
    status: Status = "queued"
    step: str = ""
    done: int = 0
    total: int = 0
    round: str | None = None
    problem: Mapping[str, Any] | None = None
    due_ms: int = 0
    lapses_ms: int = 0
    key: str = ""
    leased_to_ms: int = 0
    tries: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ENDED

    def to_text(self) -> str:
        """The job as JSON text."""
        return dump_json(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Job:
        """A job from `to_text`."""
        return cls(**json.loads(text))


class JobKeeper(Protocol):
    """The jobs of a store within one transaction that no other change of jobs can come between."""

    def now_ms(self) -> int:
        """The store's time, in milliseconds since 1970."""

    def find(self, job_id: str) -> Job | None:
        """One job, or None."""

    def live(self) -> list[Job]:
        """Jobs that wait or run, in the order in which they came."""

    def put(self, job: Job) -> None:
        """Keep a job as it is, a new one behind all others."""

    def forget(self, kept: int) -> None:
        """Remove jobs that are over, but for the newest."""

    def put_round(self, value: Round) -> Round:
        """Keep a round, as `Store.put_round` does; only where the change was begun with rounds."""

    def change_round(self, round_id: str, status: str) -> Round:
        """Move a round to another state, as `Store.change_round` does; as above."""


class JobBoard:
    """The jobs of a store, for every process that shares it.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def queue(self, job: Job, *, delay_s: float = 0.0, keep_s: float = KEEP_S) -> Job:
        """Put a job in line; asking again with the same id changes nothing.

        Raises
        ------
        BusyError
            If too many of its kind wait already.
        """
        return self._store.change_jobs(lambda keeper: queue(keeper, job, delay_s=delay_s, keep_s=keep_s))

    def take(self, kind: str, key: str, *, lease_s: float) -> Job | None:
        """Take the first job of a kind that is due, or whose holder's lease has run out; None if none is."""
        if self._store.read_jobs(lambda keeper: _next(keeper, kind)) is None:
            return None
        return self._store.change_jobs(lambda keeper: take(keeper, kind, key, lease_s=lease_s))

    def renew(self, job: Job, *, lease_s: float) -> Job:
        """Hold a job for longer and keep how far it has come.

        Raises
        ------
        LeaseLostError
            If it is somebody else's by now, or over.
        """

        def work(keeper: JobKeeper) -> Job:
            known = _held(keeper, job.id, job.key)
            until = keeper.now_ms() + round(1000 * lease_s)
            kept = replace(known, leased_to_ms=until, step=job.step, done=job.done, total=job.total)
            keeper.put(kept)
            return kept

        return self._store.change_jobs(work)

    def finish(
        self, job_id: str, key: str, *, made: Round | None = None, problem: Mapping[str, Any] | None = None
    ) -> Job:
        """End a job, and keep the round that it made in the same transaction; again changes nothing.

        Raises
        ------
        LeaseLostError
            If it is somebody else's by now, or was cancelled: then the round isn't kept.
        """
        return self._store.change_jobs(
            lambda keeper: finish(keeper, job_id, key, made=made, problem=problem),
            with_rounds=made is not None,
        )

    def hand_back(
        self, job_id: str, key: str, *, delay_s: float = 0.0, problem: Mapping[str, Any] | None = None
    ) -> Job:
        """Put a job that can't be gone on with back in line, before all that came later.

        Raises
        ------
        LeaseLostError
            If it is somebody else's by now, or over.
        """

        def work(keeper: JobKeeper) -> Job:
            due = keeper.now_ms() + round(1000 * delay_s)
            known = replace(_held(keeper, job_id, key), key="", due_ms=due, problem=problem)
            over = known.tries >= MOST_TRIES and problem is not None
            kept = replace(known, status="failed" if over else "queued")
            keeper.put(kept)
            return kept

        return self._store.change_jobs(work)

    def cancel(self, job_id: str) -> Job:
        """End a job that waits or runs; one that is over stays as it is.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it ended long ago.
        """

        def work(keeper: JobKeeper) -> Job:
            known = _must(keeper, job_id)
            if not known.is_over:
                known = replace(known, status="cancelled")
                keeper.put(known)
            return known

        return self._store.change_jobs(work)

    def get(self, job_id: str) -> Job:
        """How a job stands.

        Raises
        ------
        NotFoundError
            If there is none of that id, or it ended long ago.
        """
        return self._store.read_jobs(lambda keeper: _must(keeper, job_id))

    def live(self) -> list[Job]:
        """Jobs that wait or run, in the order in which they came."""
        return self._store.read_jobs(lambda keeper: keeper.live())


def queue(
    keeper: JobKeeper, job: Job, *, delay_s: float = 0.0, keep_s: float = KEEP_S, most: int = MOST_WAITING
) -> Job:
    """What `JobBoard.queue` does, within a transaction."""
    known = keeper.find(job.id)
    if known is not None:
        return known
    waiting = [other for other in keeper.live() if other.kind == job.kind and other.status == "queued"]
    if len(waiting) >= most:
        raise BusyError(**word("too_many_jobs", jobs=len(waiting)))
    due = keeper.now_ms() + round(1000 * delay_s)
    kept = replace(job, due_ms=due, lapses_ms=due + round(1000 * keep_s))
    keeper.put(kept)
    keeper.forget(MOST_KEPT)
    return kept


def take(keeper: JobKeeper, kind: str, key: str, *, lease_s: float) -> Job | None:
    """What `JobBoard.take` does, within a transaction; what has lapsed or failed too often is ended.

    A job that was taken with the key already is given again, since a transaction may be run twice.
    """
    for known in keeper.live():
        if known.key == key:
            return known
    while (found := _next(keeper, kind)) is not None:
        if found.status == "queued" and found.lapses_ms < keeper.now_ms():
            keeper.put(replace(found, status="cancelled"))
        elif found.tries >= MOST_TRIES:
            keeper.put(replace(found, status="failed"))
        else:
            until = keeper.now_ms() + round(1000 * lease_s)
            # What an earlier holder had done counts for nothing.
            taken = replace(
                found, status="running", key=key, leased_to_ms=until, tries=found.tries + 1, step="", done=0
            )
            keeper.put(taken)
            return taken
    return None


def finish(
    keeper: JobKeeper,
    job_id: str,
    key: str,
    *,
    made: Round | None = None,
    problem: Mapping[str, Any] | None = None,
) -> Job:
    """What `JobBoard.finish` does, within a transaction."""
    known = _must(keeper, job_id)
    if known.key == key and known.status == "done":
        return known
    known = _held(keeper, job_id, key)
    if made is None:
        kept = replace(known, status="failed", problem=problem)
    else:
        done = max(known.done, known.total)  # the last step is told of when it begins, not when it ends
        kept = replace(known, status="done", done=done, problem=None, round=keeper.put_round(made).id)
    keeper.put(kept)
    return kept


def _next(keeper: JobKeeper, kind: str) -> Job | None:
    """The first job of a kind that waits and is due, or runs and nobody holds any more."""
    now = keeper.now_ms()
    for job in keeper.live():
        begins = job.due_ms if job.status == "queued" else job.leased_to_ms
        if job.kind == kind and begins <= now:
            return job
    return None


def _must(keeper: JobKeeper, job_id: str) -> Job:
    found = keeper.find(job_id)
    if found is None:
        raise NotFoundError(**word("no_job"))
    return found


def _held(keeper: JobKeeper, job_id: str, key: str) -> Job:
    known = _must(keeper, job_id)
    if known.status != "running" or known.key != key:
        raise LeaseLostError(**word("lease_lost"))
    return known


Work = Callable[[JobKeeper], T]
"""What is done with jobs within one transaction; it may be run several times."""
