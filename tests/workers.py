"""Several services on one store, as tests: subclass `WorkerTests` with a fixture `shared`, an empty store."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from graph.jobs import JobBoard
from graph.model import Area, Need, Offer, Unit
from graph.store import Batch, Store

WAIT_S = 120.0
LEASE_S = 1.5
LINLI = Path(sys.executable).with_name("linli")
TOWN = (
    Area(id="a", name="梧桐", lon=121.5, lat=31.2),
    Unit(id="u", name="便民维修队", area="a", lon=121.5, lat=31.2),
    Offer(id="o", unit="u", category="repair", title="上门维修", capacity=1),
    Need(id="n", category="repair", area="a", title="修灯", quantity=2),
)
LIST = b"name,capacity\nClinic,5\nSchool,some\n"


@dataclass(frozen=True)
class Process:
    """A service in a process of its own, and how to ask it."""

    process: subprocess.Popen[str]
    client: httpx.Client

    def ask(self, method: str, path: str, status: int = 200, **extra: Any) -> Any:
        answer = self.client.request(method, path, **extra)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return answer.json() if answer.content else None

    def post_round(self) -> str:
        return str(self.ask("POST", "/v1/rounds", 202, json={})["id"])

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def service_process(store: Store, folder: Path) -> Iterator[Process]:
    """`linli serve` on a free port, until the block ends."""
    environment = {**os.environ, "LINLI_JOB_LEASE_S": str(LEASE_S), "LINLI_LANG": "en"}
    process = subprocess.Popen(
        [str(LINLI), "serve", "--port", "0", "--store", store.url],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        address = None
        while address is None:
            line = process.stderr.readline()
            assert line, "the service ended"
            address = re.search(r"http://[\d.]+:\d+", line)
        with httpx.Client(base_url=address[0], timeout=WAIT_S) as client:
            made = Process(process, client)
            until(lambda: answers(made))
            yield made
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGCONT)
            process.terminate()
        process.wait(WAIT_S)
        process.stderr.close()


def answers(service: Process) -> bool:
    try:
        return service.client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split() for line in shown.splitlines())
    return [int(child) for child, parent in rows if int(parent) == pid]


@contextmanager
def held_solvers() -> Iterator[None]:
    """Stop the solvers of this process for a while, so that a job that one of them takes doesn't end."""
    ask = ["ps", "-A", "-o", "pid=,args="]
    shown = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    solvers = {int(line.split()[0]) for line in shown.splitlines() if "api.solver" in line}
    held = solvers & set(children(os.getpid()))
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in held:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def is_there(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()[:1] not in ("", "Z")


class WorkerTests:
    """What several services on one store share, and that none does what another has done."""

    def test_services_share_jobs_lists_and_what_is_written(self, shared: Store, tmp_path: Path) -> None:
        shared.write(Batch(put=TOWN))
        with service_process(shared, tmp_path) as first, service_process(shared, tmp_path) as second:
            each_job_has_one_round(shared, first, second)
            what_one_writes_the_other_sees(first, second)
            lists_wait_for_both(first, second)
            either_takes_a_publication_back(first, second)
            one_takes_up_what_a_killed_one_had_begun(shared, first, second)


def each_job_has_one_round(store: Store, first: Process, second: Process) -> None:
    before = len(store.rounds())
    board = JobBoard(store)
    second.signal(signal.SIGSTOP)  # the first shall have done one
    jobs = [first.post_round()]
    until(lambda: children(first.process.pid))
    second.signal(signal.SIGCONT)
    jobs += [service.post_round() for service in (second, first)]
    until(lambda: all(board.get(job).is_over for job in jobs))
    ended = [second.ask("GET", f"/v1/jobs/{job}") for job in jobs]
    assert ended == [first.ask("GET", f"/v1/jobs/{job}") for job in jobs]
    assert {job["status"] for job in ended} == {"done"}
    rounds = [found.id for found in store.rounds()]
    assert len(rounds) == len(set(rounds)) == before + len(jobs)
    assert {job["round"] for job in ended} <= set(rounds)
    assert first.ask("GET", "/v1/rounds") == second.ask("GET", "/v1/rounds")


def what_one_writes_the_other_sees(first: Process, second: Process) -> None:
    for one, other, capacity in ((first, second, 3), (second, first, 4), (first, second, 5)):
        known = other.client.get("/v1/offers/o")
        one.ask("PATCH", "/v1/offers/o", json={"capacity": capacity})
        head = {"If-None-Match": known.headers["etag"]}
        assert other.ask("GET", "/v1/offers/o", headers=head)["capacity"] == capacity
        state, same = (service.ask("GET", "/v1/state") for service in (first, second))
        assert state == same
        assert state["round_stale"]


def lists_wait_for_both(first: Process, second: Process) -> None:
    """What one service took in is mended at the other, at once with the first, and loaded there."""
    files = {"files": ("units.csv", LIST, "text/csv")}
    load = first.ask("POST", "/v1/loads", 201, files=files)
    address = f"/v1/loads/{load['id']}"
    (problem,) = load["report"]["problems"]
    cell = {name: problem[name] for name in ("file", "sheet", "row", "column")}
    second.ask("PATCH", address, json=[{**cell, "value": "7"}])
    first.ask("PATCH", address, json=[{**cell, "row": 2, "value": "6"}])
    assert second.ask("POST", f"{address}/confirm")["kept"] == {"units": 2}
    capacities = {item["name"]: item["capacity"] for item in first.ask("GET", "/v1/units")["items"]}
    assert (capacities["Clinic"], capacities["School"]) == (6, 7)
    assert first.client.get(address).status_code == 404


def either_takes_a_publication_back(first: Process, second: Process) -> None:
    published = first.ask("POST", "/v1/rounds/current/publish", 202)
    assert published["takes_effect_at"]
    assert second.ask("GET", "/v1/rounds")["items"][0]["takes_effect_at"] == published["takes_effect_at"]
    assert second.ask("POST", "/v1/rounds/current/publish", 202) == published
    assert second.ask("POST", "/v1/rounds/current/take-back")["takes_effect_at"] is None
    again = first.client.post("/v1/rounds/current/take-back")
    assert (again.status_code, again.json()["type"]) == (409, "urn:linli:problem:transition")


def one_takes_up_what_a_killed_one_had_begun(store: Store, first: Process, second: Process) -> None:
    """The killed one's solver comes back later, and can't end the job a second time."""
    board, before = JobBoard(store), len(store.rounds())
    until(lambda: len(children(first.process.pid)) == 1)  # one that was ended is started anew
    (solver,) = children(first.process.pid)
    second.signal(signal.SIGSTOP)
    os.kill(solver, signal.SIGSTOP)
    job = first.post_round()
    until(lambda: board.get(job).status == "running")
    first.process.kill()
    second.signal(signal.SIGCONT)
    until(lambda: board.get(job).is_over)
    ended = second.ask("GET", f"/v1/jobs/{job}")
    assert ended["status"] == "done"
    os.kill(solver, signal.SIGCONT)
    until(lambda: not is_there(solver))
    rounds = [found.id for found in store.rounds()]
    assert len(rounds) == before + 1
    assert rounds[0] == ended["round"]
    assert second.ask("GET", f"/v1/jobs/{job}") == ended
