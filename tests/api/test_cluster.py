"""Tiles of a match on Dask, and what a user is told where there is none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api import cluster
from api.cluster import ClusterError, open_cluster
from api.commands.texts import say_step
from api.services.rounds import current_round, match_of, replay
from graph.store import open_store
from matcher import solve, verify
from matcher.shards.parts import Answer, Task
from matcher.shards.solve import solve_tiles
from tests.api.terminal import linli, linli_json, store_option
from tests.matcher.graphs import random_graph

GRAPH = random_graph(200, 40, 6, 1500, seed=4)


@contextmanager
def scheduler(workers: int = 2) -> Iterator[str]:
    """The address of a scheduler whose workers are threads of this process."""
    distributed = pytest.importorskip("distributed", reason="needs Dask: pip install distributed")
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
    ) as made:
        yield made.scheduler_address


def test_tiles_come_to_the_same_match_and_say_so_again(own_town: Path) -> None:
    with closing(open_store(f"sqlite:///{own_town}")) as store:
        one = match_of(current_round(store))
    tiled = linli_json("match", "--tiles", 3, *store_option(own_town))
    changing = {"round", "people_reached", "distance_m", "places_without_distance", "comparison"}
    assert {k: v for k, v in tiled.items() if k not in changing} == {
        k: v for k, v in one.items() if k not in changing
    }
    with closing(open_store(f"sqlite:///{own_town}")) as store:
        round_ = current_round(store)
        assert round_.rules["tiles"] == 3
        again = replay(store, round_)
        verify(again.places.instance.graph, again.places.solution)
        places = sum(row["places"] for row in round_.results["assignments"])
        assert places == int(again.places.solution.flow.sum())


def test_a_scheduler_solves_the_parts(own_town: Path) -> None:
    with scheduler() as address:
        with open_cluster(address, 4) as run:
            there = solve_tiles(GRAPH, 4, run=run)
        here = solve_tiles(GRAPH, 4)
        assert there.rounds == here.rounds
        assert there.solution.flow.tolist() == here.solution.flow.tolist()
        assert there.solution.cost == solve(GRAPH).cost
        tiles = ("--tiles", 2, "--cluster", address)
        assert linli_json("match", *tiles, *store_option(own_town))["status"] == "optimal"


def test_workers_of_another_version_and_none_at_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler() as address:
        monkeypatch.setattr(cluster, "VERSION", "new")
        monkeypatch.setattr(cluster, "find_version", lambda: "old")
        with (
            pytest.raises(ClusterError, match="runs linli old, expected new"),
            open_cluster(address, 2),
        ):
            pass
    with (
        scheduler(workers=0) as address,
        pytest.raises(ClusterError, match="has no workers"),
        open_cluster(address, 2),
    ):
        pass


def test_nobody_who_answers_is_one_plain_line(own_town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT_S", 0.3)
    pytest.importorskip("distributed", reason="needs Dask: pip install distributed")
    said = linli(
        "match", "--tiles", 2, "--cluster", "tcp://127.0.0.1:9", *store_option(own_town), code=1
    ).stderr
    assert said.splitlines()[0] == "no Dask scheduler answers at tcp://127.0.0.1:9"
    assert "Traceback" not in said


def test_no_dask_is_one_plain_line_and_a_remedy(own_town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    command = ("match", "--tiles", 2, "--cluster", "local", *store_option(own_town))
    said = linli(*command, code=1).stderr.splitlines()
    assert said == [
        "a cluster needs Dask, which isn't installed",
        "pip install -r requirements-cluster.txt, or leave out --cluster.",
    ]
    assert "没有装" in linli(*command, code=1, LINLI_LANG="zh").stderr


def test_without_tiles_no_cluster_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for address, tiles in ((None, 4), ("", 4), ("tcp://127.0.0.1:9", 1)):
        with open_cluster(address, tiles) as run:
            assert run is None


@pytest.mark.large
def test_a_cluster_of_this_machine_is_started_and_ended(own_town: Path) -> None:
    pytest.importorskip("distributed", reason="needs Dask: pip install distributed")
    done: Any = subprocess.run(
        [Path(sys.executable).with_name("linli"), "match", "--tiles", "3", "--cluster", "local", "--json",
         *store_option(own_town)],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    assert json.loads(done.stdout)["status"] == "optimal"
    assert done.stderr == ""


@pytest.mark.large
def test_a_worker_that_is_killed_loses_nothing() -> None:
    distributed = pytest.importorskip("distributed", reason="needs Dask: pip install distributed")
    graph = random_graph(20_000, 2_000, 0, 400_000, seed=5)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": "CRITICAL"}
    with distributed.LocalCluster(**options) as made, open_cluster(made.scheduler_address, 4) as run:
        assert run is not None
        first = next(iter(made.workers.values()))

        def interrupt(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
            answers = iter(run(work, tasks))
            yield next(answers)
            if first.pid:
                os.kill(first.pid, signal.SIGKILL)
            yield from answers

        there = solve_tiles(graph, 4, run=interrupt, most_rounds=2)
    here = solve_tiles(graph, 4, most_rounds=2)
    assert there.rounds == here.rounds
    assert there.solution.flow.tolist() == here.solution.flow.tolist()


def test_a_terminal_is_told_of_each_round() -> None:
    assert say_step("round 3", "en") == "Tiles: round 3 done"
    assert "第3轮" in say_step("round 3", "zh")
