"""What every store does with jobs that processes share; part of the contract in `graph.testing`."""

# ruff: noqa: D102 - the names of the tests say what they hold.

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from graph.entries import Round
from graph.errors import BusyError, NotFoundError
from graph.jobs import MOST_KEPT, MOST_TRIES, MOST_WAITING, Job, JobBoard, LeaseLostError, take
from graph.periods import Period

if TYPE_CHECKING:
    from graph.jobs import JobKeeper
    from graph.store import Store

LONG_S: Final = 600.0
MADE: Final = Round("", Period(date(2026, 1, 1), date(2026, 12, 31)), "proposed", 0, "", {}, {"match": {}})


class JobTests:
    """Jobs in a line that processes share."""

    @pytest.fixture
    def shared(self, new_store: Callable[[], Store]) -> Store:
        """An empty store."""
        return new_store()

    @pytest.fixture
    def board(self, shared: Store) -> JobBoard:
        """Its jobs."""
        return JobBoard(shared)

    def test_jobs_are_taken_in_order_each_once(self, shared: Store, board: JobBoard) -> None:
        wanted = [Job(name, task={"days": None, "fit": "broad"}) for name in ("b", "a")]
        queued = [board.queue(job) for job in wanted]
        assert board.queue(wanted[0]) == queued[0]
        assert [job.id for job in board.live()] == ["b", "a"]
        first, second = (board.take("match", key, lease_s=LONG_S) for key in ("one", "two"))
        assert first is not None
        assert second is not None
        assert (first.id, first.key, first.status, first.tries) == ("b", "one", "running", 1)
        assert first.task == wanted[0].task
        assert second.id == "a"
        assert board.take("match", "three", lease_s=LONG_S) is None
        assert shared.change_jobs(lambda keeper: take(keeper, "match", "one", lease_s=LONG_S)) == first

    def test_jobs_wait_until_they_are_due_and_lapse_when_nobody_came(self, board: JobBoard) -> None:
        board.queue(Job("later"), delay_s=LONG_S)
        board.queue(Job("other", kind="publish"))
        assert board.take("match", "one", lease_s=LONG_S) is None
        board.queue(Job("lapsed"), delay_s=-2.0, keep_s=1.0)
        assert board.take("match", "one", lease_s=LONG_S) is None
        assert board.get("lapsed").status == "cancelled"
        assert [job.id for job in board.live()] == ["later", "other"]

    def test_a_dead_holders_job_is_taken_up_and_ends_once(self, shared: Store, board: JobBoard) -> None:
        board.queue(Job("job"))
        dead = board.take("match", "dead", lease_s=0.0)
        alive = board.take("match", "alive", lease_s=LONG_S)
        assert dead is not None
        assert alive is not None
        assert (alive.id, alive.tries) == ("job", 2)
        with pytest.raises(LeaseLostError):
            board.renew(dead, lease_s=LONG_S)
        with pytest.raises(LeaseLostError):
            board.finish("job", "dead", made=MADE)
        assert shared.rounds() == []
        ended = board.finish("job", "alive", made=MADE)
        assert (ended.status, ended.round) == ("done", shared.rounds()[0].id)
        # Whoever doesn't know whether the end was kept may end it again.
        assert board.finish("job", "alive", made=MADE) == ended == board.get("job")
        assert board.finish("job", "alive", problem={"type": "x"}) == ended
        assert len(shared.rounds()) == 1
        assert shared.revision() == (0, "")

    def test_a_lease_is_renewed_with_what_is_done(self, board: JobBoard) -> None:
        board.queue(Job("job"))
        taken = board.take("match", "one", lease_s=0.0)
        assert taken is not None
        kept = board.renew(replace(taken, step="solve", done=2, total=5), lease_s=LONG_S)
        assert (kept.step, kept.done, kept.total) == ("solve", 2, 5)
        assert board.get("job") == kept
        assert board.take("match", "two", lease_s=LONG_S) is None
        ended = board.finish("job", "one", made=MADE)
        assert (ended.status, ended.done, ended.total) == ("done", 5, 5)

    def test_a_job_that_kills_its_holders_is_given_up(self, board: JobBoard) -> None:
        board.queue(Job("job"))
        for number in range(MOST_TRIES):
            assert board.take("match", f"key-{number}", lease_s=0.0) is not None
        assert board.take("match", "last", lease_s=0.0) is None
        assert board.get("job").status == "failed"

    def test_a_job_handed_back_is_first_in_line(self, board: JobBoard) -> None:
        for name in ("first", "second"):
            board.queue(Job(name))
        board.take("match", "one", lease_s=LONG_S)
        assert board.hand_back("first", "one").status == "queued"
        for number in range(MOST_TRIES - 1):
            taken = board.take("match", f"key-{number}", lease_s=LONG_S)
            assert taken is not None
            assert taken.id == "first"
            ended = board.hand_back("first", f"key-{number}", problem={"detail": "away"})
        assert (ended.status, ended.problem) == ("failed", {"detail": "away"})

    def test_a_cancelled_job_keeps_no_result(self, shared: Store, board: JobBoard) -> None:
        board.queue(Job("job"))
        board.take("match", "one", lease_s=LONG_S)
        assert board.cancel("job").status == "cancelled"
        with pytest.raises(LeaseLostError):
            board.finish("job", "one", made=MADE)
        assert board.cancel("job").status == "cancelled"
        assert shared.rounds() == []
        with pytest.raises(NotFoundError):
            board.cancel("nothing")

    def test_the_line_has_an_end_and_old_jobs_are_forgotten(self, shared: Store, board: JobBoard) -> None:
        def fill(keeper: JobKeeper) -> None:
            for number in range(MOST_KEPT + 5):
                keeper.put(Job(f"old-{number}", status="done"))
            for number in range(MOST_WAITING):
                keeper.put(Job(f"new-{number}"))

        shared.change_jobs(fill)
        with pytest.raises(BusyError):
            board.queue(Job("more"))
        board.queue(Job("more", kind="publish"))
        with pytest.raises(NotFoundError):
            board.get("old-4")
        assert board.get("old-5").status == "done"

    def test_a_change_of_jobs_that_fails_changes_nothing(self, shared: Store, board: JobBoard) -> None:
        def broken(keeper: JobKeeper) -> None:
            keeper.put(Job("job"))
            keeper.put_round(MADE)
            raise InterruptedError

        with pytest.raises(InterruptedError):
            shared.change_jobs(broken, with_rounds=True)
        assert board.live() == []
        assert shared.rounds() == []
