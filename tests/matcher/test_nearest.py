"""The by-hand rule, against plain loops."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given

import matcher.nearest
from matcher import CandidateGraph, nearest_first, solve, verify
from tests.matcher.brute import walk_nearest_first
from tests.matcher.graphs import random_graph, tiny_graphs


@given(tiny_graphs(whole=True))
def test_equals_plain_loops(graph: CandidateGraph) -> None:
    solution = nearest_first(graph)
    assert solution.flow.tolist() == walk_nearest_first(graph)
    assert solution.status == "heuristic"
    assert (solution.prices, solution.bound) == (None, None)
    assert verify(graph, solution).proof == "none"


def test_equals_plain_loops_on_a_larger_problem() -> None:
    graph = random_graph(40, 15, 5, 200, seed=1, edge_capacity=True, edge_locked=True, need_whole=True)
    assert nearest_first(graph).flow.tolist() == walk_nearest_first(graph)


@given(tiny_graphs(whole=True))
def test_the_loop_for_large_problems_equals_plain_loops(graph: CandidateGraph) -> None:
    with mock.patch.object(matcher.nearest, "MANY_EDGES", 0):
        assert nearest_first(graph).flow.tolist() == walk_nearest_first(graph)


@pytest.mark.parametrize("many", [0, 1 << 40])
def test_a_whole_need_that_finds_too_little_gives_all_of_it_back(many: int) -> None:
    graph = CandidateGraph(
        [3, 2], [1, 2], [5, 5], [0, 0, 1], [0, 1, 1], [1, 2, 3], offer_unit=[0, 0], unit_capacity=[2],
        need_whole=[True, False],
    )  # fmt: skip
    with mock.patch.object(matcher.nearest, "MANY_EDGES", many):
        assert nearest_first(graph).flow.tolist() == [0, 0, 2]


def test_urgent_needs_come_first_and_ties_go_to_the_lower_row() -> None:
    graph = CandidateGraph([2, 2, 2], [3, 1, 3], [3, 2], [0, 0, 1, 1, 2], [1, 0, 1, 0, 0], [4, 4, 4, 4, 1])
    assert nearest_first(graph).flow.tolist() == [1, 1, 0, 2, 0]


def test_the_exact_answer_never_serves_fewer() -> None:
    for seed in range(5):
        graph = random_graph(100, 30, 8, 700, seed=seed)
        exact, by_hand = solve(graph).served_by_priority, nearest_first(graph).served_by_priority
        for priority in range(1, 6):
            upto = range(1, priority + 1)
            assert sum(exact[p] for p in upto) >= sum(by_hand[p] for p in upto)
