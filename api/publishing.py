"""Publishing a round takes effect after a while, in which it can be taken back; by command, at once.

What is to be published stands in the store among the jobs, so that every service that shares it shows it and
can take it back; whichever looks first when the time has come publishes it, once.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from graph.errors import LinliError, TransitionError
from graph.jobs import Job, JobBoard, JobKeeper, queue
from graph.lifecycle import move
from graph.store import Round, Store
from graph.wording import word

KIND: Final = "publish"
KEEP_S: Final = 3600.0
"""Where no service is at work for so long after the time has come, nothing is published."""

_LOOK_S: Final = 2.0
"""So often a service looks for what others were asked to publish."""

_AWAY_S: Final = 5.0


class Publisher:
    """Publishes rounds after a delay.

    Parameters
    ----------
    store : Store
    delay_s : float
        How long publishing can be taken back.
    on_error : callable
        Told what kept a round from being published.
    """

    def __init__(self, store: Store, delay_s: float, on_error: Callable[[BaseException], None]) -> None:
        self._store = store
        self._delay_s = delay_s
        self._on_error = on_error
        self._is_closed = False
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="linli-publish", daemon=True)
        self._thread.start()

    def publish(self, round_id: str) -> datetime:
        """Begin to publish a round; gives when it takes effect. Asking again changes nothing.

        Raises
        ------
        NotFoundError, TransitionError
            If there is no such round, or it isn't a draft.
        """
        _check(self._store, round_id)
        wanted = Job(secrets.token_urlsafe(9), KIND, {"round": round_id})

        def work(keeper: JobKeeper) -> Job:
            known = _pending(keeper.live()).get(round_id)
            return known or queue(keeper, wanted, delay_s=self._delay_s, keep_s=KEEP_S)

        job = self._store.change_jobs(work)
        self._changed.set()
        return _at(job)

    def take_back(self, round_id: str) -> None:
        """Stop a publication that hasn't taken effect, wherever it was asked for.

        Raises
        ------
        NotFoundError, TransitionError
            If there is no such round; if it has taken effect, or nobody asked for it.
        """

        def work(keeper: JobKeeper) -> bool:
            known = _pending(keeper.live()).get(round_id)
            if known is not None:
                keeper.put(replace(known, status="cancelled"))
            return known is not None

        if not self._store.change_jobs(work):
            is_draft = self._store.get_round(round_id).status == "proposed"
            raise TransitionError(
                **word("not_publishing" if is_draft else "published_already", round=round_id)
            )

    def pending(self) -> dict[str, datetime]:
        """Rounds that are being published, and when that takes effect."""
        return {round_id: _at(job) for round_id, job in _pending(JobBoard(self._store).live()).items()}

    def close(self) -> None:
        """Leave what is pending to other services, or to this one's next start."""
        self._is_closed = True
        self._changed.set()
        self._thread.join(timeout=_LOOK_S)

    def _run(self) -> None:
        is_told = False
        while not self._is_closed:
            self._changed.clear()
            try:
                wait_s = min(_LOOK_S, self._publish_due())
                is_told = False
            except Exception as error:
                # Whatever it is, the next round shall be published; where the store is away, once is enough.
                if not is_told and not self._is_closed:
                    self._on_error(error)
                is_told, wait_s = True, _AWAY_S
            self._changed.wait(wait_s)

    def _publish_due(self) -> float:
        """Publish what is due; gives how long it is until the next one."""

        def look(keeper: JobKeeper) -> tuple[int, list[Job]]:
            return keeper.now_ms(), list(_pending(keeper.live()).values())

        now_ms, jobs = self._store.read_jobs(look)
        for job in jobs:
            if job.due_ms <= now_ms and not self._is_closed:
                self._finish(job)
        return min(((job.due_ms - now_ms) / 1000 for job in jobs if job.due_ms > now_ms), default=_LOOK_S)

    def _finish(self, job: Job) -> None:
        """Publish a round and end its job in one transaction, unless somebody was quicker."""

        def work(keeper: JobKeeper) -> LinliError | None:
            known = keeper.find(job.id)
            if known is None or known.is_over:
                return None
            if known.lapses_ms < keeper.now_ms():
                keeper.put(replace(known, status="cancelled"))
                return None
            try:
                keeper.change_round(known.task["round"], "published")
            except TransitionError as error:
                keeper.put(replace(known, status="failed"))
                return error
            keeper.put(replace(known, status="done"))
            return None

        error = self._store.change_jobs(work, with_rounds=True)
        if error is not None:
            self._on_error(error)


def publish_now(store: Store, round_id: str) -> Round:
    """Publish a round at once; a service that was to publish it later has nothing left to do.

    Raises
    ------
    NotFoundError, TransitionError
        If there is no such round, or it isn't a draft.
    """
    _check(store, round_id)

    def work(keeper: JobKeeper) -> Round:
        known = _pending(keeper.live()).get(round_id)
        if known is not None:
            keeper.put(replace(known, status="done"))
        return keeper.change_round(round_id, "published")

    return store.change_jobs(work, with_rounds=True)


def _check(store: Store, round_id: str) -> None:
    """Refuse a round that can't be published."""
    status = store.get_round(round_id).status
    move("round", status, "published")
    if status == "published":
        raise TransitionError(**word("published_already", round=round_id))


def _pending(jobs: list[Job]) -> dict[str, Job]:
    return {job.task["round"]: job for job in jobs if job.kind == KIND}


def _at(job: Job) -> datetime:
    return datetime.fromtimestamp(job.due_ms / 1000, UTC)
