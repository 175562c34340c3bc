"""The independent check: it lets right solutions through and names every kind of fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import ArgumentError, CandidateGraph, Solution, VerificationError, nearest_first, solve, verify
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs


@pytest.fixture(scope="module")
def graph() -> CandidateGraph:
    return random_graph(
        60, 20, 6, 400, seed=11, room=0.6, edge_capacity=True, edge_locked=True, unit_load_cost=True
    )


@pytest.fixture(scope="module")
def solution(graph: CandidateGraph) -> Solution:
    return solve(graph)


def recount(graph: CandidateGraph, solution: Solution, flow: np.ndarray) -> Solution:
    """The solution with another flow and figures that fit it, so that only the flow itself is wrong."""
    served = np.bincount(graph.edge_need, flow, graph.need_count).astype(np.int64)
    by_priority = {p: int(served[graph.need_priority == p].sum()) for p in range(1, 6)}
    cost = int((graph.edge_cost * flow).sum())
    if graph.unit_load_cost is not None:
        unit = graph.offer_unit[graph.edge_offer]
        for u, load in enumerate(graph.unit_load_cost.tolist()):
            cost += sum(load[min(k, len(load) - 1)] for k in range(int(flow[unit == u].sum())))
    return replace(solution, flow=flow, served=served, served_by_priority=by_priority, cost=cost)


def add_to(solution: Solution, edge: int, places: int) -> np.ndarray:
    flow = solution.flow.copy()
    flow[edge] += places
    return flow


def test_figures_are_counted_anew(graph: CandidateGraph, solution: Solution) -> None:
    figures = verify(graph, solution)
    assert figures.served == int(solution.flow.sum())
    assert figures.served_by_priority == dict(solution.served_by_priority)
    assert (figures.cost, figures.status, figures.proof) == (solution.cost, "optimal", "duality")


def break_rule(graph: CandidateGraph, solution: Solution, kind: str) -> int:
    """An edge on which one place more breaks a rule of this kind."""
    free = solution.flow - graph.edge_locked
    unit = graph.offer_unit[graph.edge_offer]
    used = np.bincount(graph.edge_offer, solution.flow, graph.offer_count)
    load = np.bincount(unit[unit >= 0], solution.flow[unit >= 0], graph.unit_count)
    assert graph.edge_capacity is not None
    full = {
        "wanted": solution.served >= graph.need_quantity,
        "offer": used >= graph.offer_capacity,
        "unit": load >= graph.unit_capacity,
        "pair": free >= np.maximum(graph.edge_capacity - graph.edge_locked, 0),
    }[kind]
    rows = {"wanted": graph.edge_need, "offer": graph.edge_offer, "unit": unit, "pair": np.arange(len(free))}[
        kind
    ]
    return int(np.flatnonzero(full[rows] & (rows >= 0))[0])


@pytest.mark.parametrize(
    ("kind", "words"),
    [("wanted", "more places than wanted"), ("offer", "beyond the offer's capacity"),
     ("unit", "beyond the unit's total"), ("pair", "beyond the pair's capacity")],
)  # fmt: skip
def test_rules_that_are_broken_are_named(
    graph: CandidateGraph, solution: Solution, kind: str, words: str
) -> None:
    wrong = recount(graph, solution, add_to(solution, break_rule(graph, solution, kind), 1))
    with pytest.raises(VerificationError, match=words):
        verify(graph, wrong)


def test_promises_must_be_kept(graph: CandidateGraph, solution: Solution) -> None:
    edge = int(np.flatnonzero(graph.edge_locked)[0])
    flow = solution.flow.copy()
    flow[edge] = 0
    with pytest.raises(VerificationError, match="fewer places than promised"):
        verify(graph, recount(graph, solution, flow))


def test_whole_needs_must_be_whole() -> None:
    graph = CandidateGraph([3], [1], [2], [0], [0], [1], need_whole=[True])
    solution = solve(graph)
    assert solution.served.tolist() == [0]
    with pytest.raises(VerificationError, match="a whole need is served in part"):
        verify(graph, recount(graph, solution, np.array([2])))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"served": np.zeros(60, np.int64)}, "served doesn't add up"),
        ({"served_by_priority": {1: 1, 2: 0, 3: 0, 4: 0, 5: 0}}, "served_by_priority is"),
        ({"cost": 1}, "cost is 1"),
        ({"flow": np.zeros(3, np.int64)}, "flow has shape"),
        ({"flow": np.zeros(400)}, "float64"),
        ({"prices": None}, "no prices"),
    ],
)
def test_wrong_figures_are_named(
    graph: CandidateGraph, solution: Solution, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(VerificationError, match=words):
        verify(graph, replace(solution, **changes))


def test_all_faults_are_listed_together(graph: CandidateGraph, solution: Solution) -> None:
    flow = add_to(solution, break_rule(graph, solution, "wanted"), 100)
    with pytest.raises(VerificationError) as caught:
        verify(graph, replace(solution, flow=flow, cost=0))
    assert len(caught.value.problems) >= 4


def test_a_worse_flow_is_not_optimal(graph: CandidateGraph, solution: Solution) -> None:
    free = solution.flow - graph.edge_locked
    worse = recount(graph, solution, add_to(solution, int(np.argmax(free)), -1))
    with pytest.raises(VerificationError, match="prices allow"):
        verify(graph, worse)
    by_hand = nearest_first(graph)
    with pytest.raises(VerificationError):
        verify(graph, replace(by_hand, status="optimal", prices=solution.prices))


def move(solution: Solution, part: str, row: int, by: int) -> Solution:
    assert solution.prices is not None
    values = getattr(solution.prices, part).copy()
    values[row] += by
    return replace(solution, prices=replace(solution.prices, **{part: values}))


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("part", ["level", "cost"])
@pytest.mark.parametrize("kind", ["need", "offer", "unit"])
def test_no_price_that_matters_can_be_moved(
    graph: CandidateGraph, solution: Solution, kind: str, part: str, by: int
) -> None:
    assert graph.edge_capacity is not None
    free = solution.flow - graph.edge_locked
    unit = graph.offer_unit[graph.edge_offer]
    # In use with room on the pair itself: its prices must fit exactly.
    edge = int(np.flatnonzero((free > 0) & (solution.flow < graph.edge_capacity) & (unit >= 0))[0])
    row = {"need": graph.edge_need[edge], "offer": graph.edge_offer[edge], "unit": unit[edge]}[kind]
    with pytest.raises(VerificationError):
        verify(graph, move(solution, f"{kind}_{part}", int(row), by))


def test_prices_must_not_be_negative_nor_of_another_length() -> None:
    graph = CandidateGraph([1], [3], [2], [0], [0], [1])
    solution = solve(graph)
    for part in ("need_level", "offer_level"):
        with pytest.raises(VerificationError, match="price below zero"):
            verify(graph, move(solution, part, 0, -10))
    assert solution.prices is not None
    short = replace(solution.prices, need_cost=np.zeros(0, np.int64))
    with pytest.raises(VerificationError, match="need_cost has shape"):
        verify(graph, replace(solution, prices=short))


@given(tiny_graphs(), st.data())
def test_only_optimal_flows_pass_as_optimal(graph: CandidateGraph, data: st.DataObject) -> None:
    solution = solve(graph)
    flow = graph.edge_locked + np.array(
        [data.draw(st.integers(0, 2)) for _ in range(graph.edge_count)], dtype=np.int64
    )
    other = recount(graph, solution, flow)
    best = find_best(graph)
    try:
        verify(graph, other)
    except VerificationError:
        return
    assert (dict(other.served_by_priority), other.cost) == (best.served_by_priority, best.cost)


def test_a_bound_that_is_not_proved_is_named() -> None:
    graph = CandidateGraph([3, 2], [1, 1], [4], [0, 1], [0, 0], [1, 1], need_whole=[True, True])
    solution = solve(graph)
    assert verify(graph, solution).proof == "bound"
    for changes, words in (
        ({"bound_by_priority": {1: 3}, "bound": 3}, "the prices prove only"),
        ({"bound": 9}, "its parts add up"),
        ({"bound_by_priority": None}, "no bound is stated"),
        ({"bound_by_priority": {1: 2, 2: 9}, "bound": 11}, "more places up to priority 1"),
    ):
        with pytest.raises(VerificationError, match=words):
            verify(graph, replace(solution, **changes))


def test_a_bound_below_what_is_served_is_found() -> None:
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    best = solve(graph)
    with pytest.raises(VerificationError, match="bound is 2, counted 3"):
        verify(graph, replace(best, bound=2))


def test_what_is_no_graph_or_solution_is_named(graph: CandidateGraph, solution: Solution) -> None:
    with pytest.raises(ArgumentError, match="solution is a NoneType, expected a Solution"):
        verify(graph, None)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="graph is a Solution, expected a CandidateGraph"):
        verify(solution, solution)  # type: ignore[arg-type]
