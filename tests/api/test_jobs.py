"""Solves beside the service: progress, events, cancelling, failing, waiting in line."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from api.jobs import Jobs, Task, job_json
from api.solver import run
from graph.errors import BusyError, NotFoundError
from graph.jobs import Job, JobBoard
from graph.model import Need, Offer, Unit
from graph.periods import Period
from graph.store import Batch, open_store
from tests.workers import held_solvers

WAIT_S = 120


def read_events(service: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and contents of a stream's events, to its end."""
    with service.client.stream("GET", path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_round_is_made_and_told_step_by_step(service) -> None:
    started = service.client.post("/v1/rounds")
    assert started.status_code == 202
    address = started.headers["location"]
    assert address == f"/v1/jobs/{started.json()['id']}"
    events = list(read_events(service, address + "/events"))
    assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    name, last = events[-1]
    assert (name, last["status"]) == ("done", "done")
    steps = [(job["done"], job["total"]) for _, job in events if job["step"]]
    assert steps == sorted(steps)
    assert len({job["step"] for _, job in events}) > 2
    assert service.get(address) == last
    assert service.get("/v1/rounds/current")["id"] == last["round"]
    assert service.get("/v1/rounds")["items"][0]["id"] == last["round"]
    # Who asks late hears the end at once.
    assert list(read_events(service, address + "/events")) == [("done", last)]


def test_a_round_of_other_days_and_fit(service) -> None:
    wish = {"from": "2027-01-01", "to": "2027-03-31", "fit": "exact", "low_access_share": 0.5}
    wish["access_measure"] = "E2SFCA"
    job = service.wait(service.client.post("/v1/rounds", json=wish).json()["id"])
    assert job["status"] == "done"
    made = service.get(f"/v1/rounds/{job['round']}")
    assert made["period"] == {"from": "2027-01-01", "to": "2027-03-31"}
    assert made["fit"] == "exact"
    assert service.store.get_round(job["round"]).rules["low_access_share"] == 0.5
    assert service.store.get_round(job["round"]).rules["access_measure"] == "E2SFCA"
    assert all(row["fit"] == "exact" for row in service.get(f"/v1/assignments?round={job['round']}"))


def test_a_round_in_tiles_tells_of_each_round_of_them(service) -> None:
    whole, tiled = (service.client.post("/v1/rounds", json={"tiles": tiles}).json()["id"] for tiles in (1, 3))
    steps = [about["step"] for _, about in read_events(service, f"/v1/jobs/{tiled}/events")]
    assert [step for step in steps if step.startswith("round")][:2] == ["round 1", "round 2"]
    one, other = service.wait(whole), service.wait(tiled)
    assert service.store.get_round(other["round"]).rules["tiles"] == 3
    pieces, tiles = (service.get(f"/v1/rounds/{job['round']}")["match"] for job in (one, other))
    equal = ("status", "places_served", "served_by_priority", "cost", "places_served_upper")
    assert {name: pieces[name] for name in equal} == {name: tiles[name] for name in equal}
    for refused in (0, 10_001, "many"):
        assert service.client.post("/v1/rounds", json={"tiles": refused}).status_code == 422


def test_a_cancelled_job_leaves_the_store_as_it_was(serve) -> None:
    service = serve(is_empty=True)
    before = service.get("/v1/rounds")
    with held_solvers():
        job = service.client.post("/v1/rounds", json={}).json()
        until(lambda: service.get(f"/v1/jobs/{job['id']}")["status"] == "running")
        cancelled = service.client.delete(f"/v1/jobs/{job['id']}")
    assert cancelled.json()["status"] == "cancelled"
    assert list(read_events(service, f"/v1/jobs/{job['id']}/events"))[-1][0] == "cancelled"
    assert service.get("/v1/rounds") == before
    # A job that is over stays as it is, and the next one runs as if nothing had been.
    assert service.client.delete(f"/v1/jobs/{job['id']}").json()["status"] == "cancelled"
    assert service.wait(service.client.post("/v1/rounds", json={}).json()["id"])["status"] == "done"


def test_jobs_wait_in_line_and_can_be_cancelled_there(service) -> None:
    with held_solvers():
        first, second, third = (service.client.post("/v1/rounds", json={}).json()["id"] for _ in range(3))
        assert service.client.delete(f"/v1/jobs/{second}").json()["status"] == "cancelled"
    assert service.wait(first)["status"] == "done"
    assert service.wait(third)["status"] == "done"
    assert service.wait(second)["round"] is None
    assert service.wait(first)["round"] != service.wait(third)["round"]


def test_too_many_in_line_are_refused(service) -> None:
    jobs = []
    with held_solvers():
        for _ in range(40):
            answer = service.client.post("/v1/rounds", json={})
            if answer.status_code == 503:
                break
            jobs.append(answer.json()["id"])
        for job in reversed(jobs):
            service.client.delete(f"/v1/jobs/{job}")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:linli:problem:busy"


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    records = [
        Unit(id="u", name="便民维修队"),
        Offer(id="o", unit="u", category="repair", capacity=2, reach_any=True),
        Need(id="n", category="repair", quantity=1),
    ]
    store.write(Batch(put=records))
    running = Jobs(store)
    yield running
    running.close()
    store.close()


def follow(jobs: Jobs, job_id: str) -> list[Job]:
    """All news of a job, to its end."""
    news: list[Job] = []
    over = threading.Event()

    def hear(job: Job) -> None:
        news.append(job)
        if job.is_over:
            over.set()

    stop = jobs.listen(job_id, hear)
    assert over.wait(WAIT_S)
    stop()
    return news


def test_a_listener_hears_every_change_and_then_no_more(jobs: Jobs) -> None:
    news = follow(jobs, jobs.start(Task()).id)
    assert news[-1].status == "done"
    assert all(later != earlier for earlier, later in pairwise(news))


def test_a_child_that_dies_fails_its_job_alone(jobs: Jobs) -> None:
    with held_solvers():
        job = jobs.start(Task())
        until(lambda: jobs.get(job.id).status == "running" and jobs._worker._process is not None)
        process = jobs._worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
    last = follow(jobs, job.id)[-1]
    assert last.status == "failed"
    assert job_json(last)["problem"]["type"] == "urn:linli:problem:solve-failed"
    assert follow(jobs, jobs.start(Task()).id)[-1].status == "done"


def test_an_error_in_the_child_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "town.db"
    file.write_text("this is no store, but longer than a hundred bytes would be" * 3, encoding="utf-8")
    task = {**Task().to_json(), "store": f"sqlite:///{file}", "job": "job", "key": "key"}
    outcome = run(task, lambda message: None)
    assert outcome["is_away"]
    assert outcome["problem"]["type"] == "urn:linli:problem:store"
    assert outcome["problem"]["detail"]


def test_an_impossible_solve_fails_with_its_reason(jobs: Jobs, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    store.write(Batch(put=[Need(id="huge", category="repair", quantity=2**60)]))
    store.close()
    last = follow(jobs, jobs.start(Task()).id)[-1]
    assert last.status == "failed"
    assert last.round is None


def test_what_a_service_leaves_the_next_one_does(jobs: Jobs, tmp_path: Path) -> None:
    with held_solvers():
        first, second = jobs.start(Task()), jobs.start(Task())
        until(lambda: jobs.get(first.id).status == "running")
        jobs.close()
    assert jobs._worker._process is None
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    assert {job.status for job in JobBoard(store).live()} <= {"queued"}
    another = Jobs(store)
    ends = [follow(another, job.id)[-1] for job in (first, second)]
    another.close()
    assert [job.status for job in ends] == ["done", "done"]
    assert sorted(found.id for found in store.rounds()) == sorted(str(job.round) for job in ends)
    store.close()


def test_unknown_and_forgotten_jobs(jobs: Jobs) -> None:
    with pytest.raises(NotFoundError):
        jobs.get("nothing")
    with pytest.raises(NotFoundError):
        jobs.cancel("nothing")
    first = jobs.start(Task(Period(date(2026, 1, 1), date(2026, 1, 31))))
    jobs.cancel(first.id)
    for _ in range(120):
        jobs.cancel(jobs.start(Task()).id)
    with pytest.raises(NotFoundError):
        jobs.get(first.id)


def test_the_line_has_an_end(jobs: Jobs) -> None:
    with held_solvers():
        started = [jobs.start(Task())]
        until(lambda: jobs.get(started[0].id).status == "running")
        started += [jobs.start(Task()) for _ in range(20)]
        with pytest.raises(BusyError):
            jobs.start(Task())
        for job in reversed(started):
            jobs.cancel(job.id)
