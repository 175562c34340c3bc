"""Needs that may not be split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import matcher.whole
from matcher import CandidateGraph, Solution, solve, verify
from matcher.remainder import find_remainder
from matcher.report import within
from matcher.solution import find_value, make_solution
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs


@given(tiny_graphs(whole=True))
def test_equals_the_best_of_all_assignments(graph: CandidateGraph) -> None:
    solution, best = solve(graph), find_best(graph)
    assert solution.status == "optimal"
    assert dict(solution.served_by_priority) == best.served_by_priority
    assert solution.cost == best.cost
    verify(graph, solution)


def test_a_whole_need_can_cost_places() -> None:
    # Serving the urgent whole need of 3 leaves 1 place; the need of 4 that gives way is whole too.
    graph = CandidateGraph([3, 4], [1, 2], [4], [0, 1], [0, 0], [1, 1], need_whole=[True, True])
    solution = solve(graph)
    assert solution.served.tolist() == [3, 0]
    assert solution.bound == 4


def test_what_remains_after_a_promise_is_whole() -> None:
    graph = CandidateGraph([5, 2], [2, 3], [4], [0, 1], [0, 0], [1, 1], need_whole=[True, False],
                           edge_locked=[2, 0])  # fmt: skip
    solution = solve(graph)
    assert solution.served.tolist() == [2, 2]
    assert solution.status == "optimal"


def check_bound(graph: CandidateGraph, solution: Solution) -> None:
    bound = solution.bound_by_priority
    assert bound is not None
    for priority in range(1, 6):
        upto = range(1, priority + 1)
        assert sum(solution.served_by_priority[p] for p in upto) <= sum(bound[p] for p in upto)
    net = solution.flow - graph.edge_locked
    used = np.bincount(graph.edge_need, net, graph.need_count)
    left = np.maximum(
        graph.need_quantity - np.bincount(graph.edge_need, graph.edge_locked, graph.need_count), 0
    )
    assert (used == left)[graph.need_whole & (used > 0)].all()
    verify(graph, solution)


@pytest.mark.parametrize("all_again_edges", [0, 1_000])
@pytest.mark.parametrize("seed", [0, 2, 3])
def test_a_part_too_large_to_search_is_repaired_and_bounded(
    seed: int, all_again_edges: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = random_graph(60, 15, 5, 250, seed=seed, room=0.6, need_whole=True, edge_capacity=True,
                         edge_locked=True, unit_load_cost=True)  # fmt: skip
    best = solve(graph)
    assert best.status == "optimal"
    check_bound(graph, best)
    monkeypatch.setattr(matcher.whole, "MOST_EDGES", 10)
    monkeypatch.setattr(matcher.whole, "_ALL_AGAIN_EDGES", all_again_edges)
    repaired = solve(graph)
    assert repaired.status == "bounded"
    check_bound(graph, repaired)
    order = range(1, 6)
    assert [repaired.served_by_priority[p] for p in order] <= [best.served_by_priority[p] for p in order]
    assert repaired.bound_by_priority == best.bound_by_priority
    told = within(repaired)
    for priority in range(1, 6):
        upto = range(1, priority + 1)
        missed = sum(best.served_by_priority[p] - repaired.served_by_priority[p] for p in upto)
        assert told["places_up_to"][str(priority)] >= missed
    assert told["places_proved"] == (told["cost_percent"] is not None)
    assert within(best) is None


def test_places_proved_best_say_by_how_much_the_cost_may_miss_the_least() -> None:
    graph = CandidateGraph([1, 1], [1, 1], [1, 1], [0, 0, 1, 1], [0, 1, 0, 1], [1_000_000, 7, 3, 1_000_000])
    best = solve(graph)
    worse = make_solution(graph, np.array([1, 0, 0, 1]), "bounded",
                          bound_by_priority=best.bound_by_priority, prices=best.prices)  # fmt: skip
    told = within(worse)
    assert told == {
        "places_up_to": dict.fromkeys("12345", 0), "places_proved": True, "cost_percent": 99.9995
    }  # fmt: skip
    fewer = make_solution(graph, np.array([1, 0, 0, 0]), "bounded",
                          bound_by_priority=best.bound_by_priority, prices=best.prices)  # fmt: skip
    assert within(fewer) == {
        "places_up_to": dict.fromkeys("12345", 1), "places_proved": False, "cost_percent": None
    }  # fmt: skip


def test_parts_without_trouble_keep_their_flow() -> None:
    graph = CandidateGraph([3, 2, 2], [1, 1, 1], [4, 2], [0, 1, 2], [0, 0, 1], [1, 1, 1],
                           need_whole=[True, True, True])  # fmt: skip
    solution = solve(graph)
    assert solution.served.tolist() == [3, 0, 2]
    assert solution.status == "optimal"


@pytest.mark.large
def test_a_large_problem_with_whole_needs_is_bounded() -> None:
    graph = random_graph(5000, 600, 100, 60_000, seed=1, room=0.7, need_whole=True)
    solution = solve(graph)
    check_bound(graph, solution)
    assert solution.bound is not None
    assert sum(solution.served_by_priority.values()) >= 0.95 * solution.bound


@pytest.mark.timeout(1200)  # The first test of an installation waits until everything is compiled.
@pytest.mark.parametrize("seed", range(6))
def test_what_is_repaired_is_as_good_by_either_engine(seed, monkeypatch) -> None:
    graph = random_graph(60, 15, 5, 300, seed=seed, edge_capacity=True)
    rest = find_remainder(graph)
    values = []
    for least in (0, 1 << 60):
        monkeypatch.setattr(matcher.whole, "_ENGINE_EDGES", least)
        flow = matcher.whole._find_best(graph, rest)
        values.append(find_value(graph, flow))
        again = replace(graph, need_whole=np.arange(graph.need_count) % 3 == 0)
        monkeypatch.setattr(matcher.whole, "MOST_EDGES", 10)
        verify(again, solve(again))
    assert values[0] == values[1] == find_value(graph, solve(graph).flow - graph.edge_locked)
