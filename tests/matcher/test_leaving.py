"""What the match loses with each unit where needs may not be split: found by solving again, or bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from matcher import leaving
from matcher.flow import solve
from matcher.gaps import leave_one_out
from matcher.intervals import remake
from matcher.leaving import lose_each
from matcher.problem import CandidateGraph
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs

EDGES = ("edge_need", "edge_offer", "edge_cost", "edge_locked", "edge_capacity")


def without(graph: CandidateGraph, unit: int) -> CandidateGraph:
    kept = graph.offer_unit[graph.edge_offer] != unit
    given = {name: getattr(graph, name) for name in EDGES}
    return remake(graph, **{name: None if rows is None else rows[kept] for name, rows in given.items()})


def draw(seed: int, **options: bool) -> CandidateGraph:
    graph = random_graph(30, 12, 6, 80, seed=seed, room=0.8, **options)
    return remake(graph, need_whole=np.random.default_rng(seed).random(graph.need_count) < 0.3)


@settings(max_examples=40)
@given(tiny_graphs(load=False))
def test_losses_are_what_trying_everything_finds(graph: CandidateGraph) -> None:
    if not graph.unit_count:
        return
    solution = solve(graph)
    found = lose_each(graph, solution)
    if solution.status == "optimal" and found.is_exact.all():
        served = sum(find_best(graph).served_by_priority.values())
        again = [
            sum(find_best(without(graph, u)).served_by_priority.values()) for u in range(graph.unit_count)
        ]
        assert found.places.tolist() == [served - places for places in again]


@pytest.mark.parametrize("options", [{}, {"edge_capacity": True, "edge_locked": True}])
def test_losses_are_what_solving_the_whole_again_finds(options: dict[str, bool]) -> None:
    differing = 0
    for seed in range(12):
        graph = draw(seed, **options)
        solution = solve(graph)
        found = lose_each(graph, solution)
        again = [solve(without(graph, unit)) for unit in range(graph.unit_count)]
        lost = [int(solution.served.sum() - after.served.sum()) for after in again]
        proved = np.array([after.status == "optimal" for after in again])
        assert found.is_exact[proved].all()
        assert found.places[found.is_exact].tolist() == np.array(lost)[found.is_exact].tolist()
        differing += int((found.places != leave_one_out(graph)).sum())
    assert differing > 0


def test_who_serves_no_whole_need_is_mostly_settled_without_solving_again(monkeypatch) -> None:
    monkeypatch.setattr(leaving, "_SOLVED_EDGES", 0)
    settled = 0
    for seed in range(12):
        graph = random_graph(30, 12, 6, 80, seed=seed, room=1.0)
        graph = remake(graph, need_whole=np.random.default_rng(seed).random(graph.need_count) < 0.1)
        solution = solve(graph)
        found = lose_each(graph, solution)
        for unit in np.flatnonzero(found.is_exact).tolist():
            after = solve(without(graph, unit))
            if solution.status == after.status == "optimal":
                assert found.places[unit] == solution.served.sum() - after.served.sum()
                settled += 1
    assert settled > 30


def test_what_is_too_large_to_solve_again_is_a_bound_from_below(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded = 0
    for seed in range(5):
        graph = draw(seed)
        solution = solve(graph)
        with monkeypatch.context() as patched:
            patched.setattr(leaving, "_SOLVED_EDGES", 0)
            least = lose_each(graph, solution)
        exact = lose_each(graph, solution)
        sure = exact.is_exact
        assert (least.places[sure] <= np.maximum(exact.places, 0)[sure]).all()
        assert (least.places == exact.places)[least.is_exact & sure].all()
        bounded += int((~least.is_exact).sum())
    assert bounded > 0


def test_without_whole_needs_all_is_exact_as_the_cut_says() -> None:
    graph = random_graph(30, 12, 6, 80, seed=1)
    found = lose_each(graph, solve(graph))
    assert found.is_exact.all()
    assert found.places.tolist() == leave_one_out(graph).tolist()
