"""What is lost if a unit leaves: equal to solving again without it, for every unit of many problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from matcher import CandidateGraph, solve
from matcher.gaps import leave_one_out
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs


def without(graph: CandidateGraph, leaving: np.ndarray) -> CandidateGraph:
    """The graph without the pairs of some offers."""
    kept = ~leaving[graph.edge_offer]
    options: dict[str, Any] = {}
    if graph.edge_capacity is not None:
        options["edge_capacity"] = graph.edge_capacity[kept]
    return CandidateGraph(
        graph.need_quantity, graph.need_priority, graph.offer_capacity, graph.edge_need[kept],
        graph.edge_offer[kept], graph.edge_cost[kept], offer_unit=graph.offer_unit,
        unit_capacity=graph.unit_capacity, edge_locked=graph.edge_locked[kept], **options,
    )  # fmt: skip


def list_leavers(graph: CandidateGraph) -> list[np.ndarray]:
    """Which offers go with each unit, or each offer by itself."""
    if graph.unit_count:
        return [graph.offer_unit == unit for unit in range(graph.unit_count)]
    return list(np.eye(graph.offer_count, dtype=bool))


@given(tiny_graphs(load=False))
def test_losses_are_what_trying_everything_finds(graph: CandidateGraph) -> None:
    def count(some: CandidateGraph) -> int:
        return find_best(some).most_places

    expected = [count(graph) - count(without(graph, leaving)) for leaving in list_leavers(graph)]
    loss = leave_one_out(graph)
    assert loss.dtype == np.int64
    assert loss.tolist() == expected


@pytest.mark.parametrize("units", [0, 4, 12])
@pytest.mark.parametrize("room", [0.6, 1.0, 1.4])
@pytest.mark.parametrize("options", [{}, {"edge_capacity": True, "edge_locked": True}])
def test_losses_are_what_solving_again_finds(units: int, room: float, options: dict[str, bool]) -> None:
    for seed in range(6):
        graph = random_graph(40, 16, units, 110, seed=seed, room=room, **options)
        served = int(solve(graph).served.sum())
        again = [served - int(solve(without(graph, leaving)).served.sum()) for leaving in list_leavers(graph)]
        assert leave_one_out(graph).tolist() == again


def test_a_unit_that_others_can_stand_in_for_is_no_loss() -> None:
    graph = CandidateGraph(
        [2, 2], [1, 1], [2, 2, 2], [0, 0, 1, 1], [0, 1, 1, 2], [1] * 4,
        offer_unit=[0, 1, 2], unit_capacity=[9, 9, 9],
    )  # fmt: skip
    assert leave_one_out(graph).tolist() == [0, 0, 0]


def test_every_place_short_is_a_place_lost() -> None:
    graph = CandidateGraph([9], [1], [2, 3], [0, 0], [0, 1], [1, 1])
    assert leave_one_out(graph).tolist() == [2, 3]


def test_a_promise_is_sought_elsewhere_when_its_unit_leaves() -> None:
    def lose(other: int, promised: int) -> list[int]:
        graph = CandidateGraph([2], [1], [2, other], [0, 0], [0, 1], [1, 1], edge_locked=[promised, 0])
        return leave_one_out(graph).tolist()

    assert lose(other=5, promised=2) == [0, 0]
    assert lose(other=1, promised=2) == [1, 0]
    # Of four places promised to a need of two, all are lost, and two found again.
    assert lose(other=5, promised=4) == [2, 0]


def test_the_order_of_edges_changes_nothing() -> None:
    graph = random_graph(60, 20, 6, 200, seed=3, room=0.9, edge_capacity=True, edge_locked=True)
    shuffle = np.random.default_rng(1).permutation(graph.edge_count)
    mixed = CandidateGraph(
        graph.need_quantity, graph.need_priority, graph.offer_capacity, graph.edge_need[shuffle],
        graph.edge_offer[shuffle], graph.edge_cost[shuffle], offer_unit=graph.offer_unit,
        unit_capacity=graph.unit_capacity, edge_capacity=graph.edge_capacity[shuffle],
        edge_locked=graph.edge_locked[shuffle],
    )  # fmt: skip
    assert leave_one_out(mixed).tolist() == leave_one_out(graph).tolist()


def test_empty_sides() -> None:
    assert leave_one_out(CandidateGraph([], [], [], [], [], [])).shape == (0,)
    assert leave_one_out(CandidateGraph([3], [1], [4], [], [], [])).tolist() == [0]
    alone = CandidateGraph([3], [1], [4], [0], [0], [1], offer_unit=[-1], unit_capacity=[7, 7])
    assert leave_one_out(alone).tolist() == [0, 0]
