"""What is lost if a unit leaves: equal to solving again without it, for every unit of many problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from matcher import CandidateGraph, solve
from matcher.gaps import capacity_certificates, leave_one_out, serve_most
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


@pytest.mark.parametrize("units", [0, 90])
def test_losses_of_a_town_whose_spare_room_is_far_away(units: int) -> None:
    rng = np.random.default_rng(7)
    home, place = np.sort(rng.random(3000)) * 300, np.arange(300.0)
    need, offer = np.nonzero(np.abs(home[:, None] - place) < 2.5)
    quantity = rng.integers(1, 30, len(home))
    capacity = np.bincount(np.minimum(home.astype(int), 299), quantity, 300).astype(int)
    capacity[::60] += 700  # all that is to spare
    graph = CandidateGraph(
        quantity, np.ones(len(home), np.int8), capacity, need, offer, np.zeros(len(need), int),
        offer_unit=np.arange(300) % units if units else None,
    )  # fmt: skip
    flow = serve_most(graph)
    loss = leave_one_out(graph, flow=flow)
    assert loss.tolist() == leave_one_out(graph).tolist()
    leavers = list_leavers(graph)
    assert len(loss) == len(leavers)
    for leaver in rng.choice(len(leavers), 20, replace=False):
        assert loss[leaver] == flow.sum() - serve_most(without(graph, leavers[leaver])).sum()


@pytest.mark.parametrize("limited", [False, True])
def test_losses_along_a_street_are_what_solving_again_finds(limited: bool) -> None:
    """Full units with offers that aren't, pairs that can carry no more, promises; room far along a street."""
    rng = np.random.default_rng(11)
    for room in (0.9, 1.0, 1.05, 1.2):
        home = np.sort(rng.random(120)) * 40
        need, offer = np.nonzero(np.abs(home[:, None] - np.arange(40) - 0.5) < 1.6)
        quantity = rng.integers(0, 9, 120)
        options: dict[str, Any] = {}
        if limited:
            options["edge_capacity"] = rng.integers(0, 9, len(need))
            options["edge_locked"] = np.where(rng.random(len(need)) < 0.08, rng.integers(1, 6, len(need)), 0)
        graph = CandidateGraph(
            quantity, np.ones(120, np.int8), rng.poisson(2 * quantity.sum() / 40, 40), need, offer,
            np.zeros(len(need), int), offer_unit=rng.integers(-1, 14, 40),
            unit_capacity=rng.poisson(room * quantity.sum() / 14, 14), **options,
        )  # fmt: skip
        most = int(serve_most(graph).sum())
        again = [most - int(serve_most(without(graph, leaving)).sum()) for leaving in list_leavers(graph)]
        assert leave_one_out(graph).tolist() == again


def test_losses_follow_their_units_whatever_their_numbers() -> None:
    graph = random_graph(300, 60, 25, 1500, seed=5, room=1.1)
    loss = leave_one_out(graph)
    assert 0 < loss.sum() < serve_most(graph).sum()  # some find all elsewhere, some don't
    number = np.random.default_rng(2).permutation(25)
    capacity = np.empty(25, np.int64)
    capacity[number] = graph.unit_capacity
    renumbered = CandidateGraph(
        graph.need_quantity, graph.need_priority, graph.offer_capacity, graph.edge_need, graph.edge_offer,
        graph.edge_cost, offer_unit=np.where(graph.offer_unit < 0, -1, number[graph.offer_unit]),
        unit_capacity=capacity,
    )  # fmt: skip
    assert leave_one_out(renumbered)[number].tolist() == loss.tolist()


@pytest.mark.parametrize("units", [0, 100])
def test_a_town_of_many_pairs_is_served_as_well_as_by_solving(units: int) -> None:
    graph = random_graph(4000, 300, units, 120_000, seed=1, room=0.9, edge_capacity=True, edge_locked=True)
    flow = serve_most(graph)
    assert flow.sum() == solve(graph).served.sum()
    assert (flow >= graph.edge_locked).all()
    assert sum(gap.short_by for gap in capacity_certificates(graph, flow=flow)) > 0


def test_a_flow_given_must_serve_all_that_can_be_served() -> None:
    graph = CandidateGraph([2, 2], [1, 1], [2, 3], [0, 0, 1], [0, 1, 1], [1] * 3, edge_locked=[1, 0, 0])
    assert leave_one_out(graph, flow=solve(graph).flow).tolist() == leave_one_out(graph).tolist()
    for wrong in ([1, 0, 0], [0, 2, 2], [2, 1, 2], [2, 0, 4]):
        with pytest.raises(ValueError, match="flow"):
            leave_one_out(graph, flow=np.array(wrong))
    short = CandidateGraph([5, 2], [1, 1], [2, 3], [0, 0, 1], [0, 1, 1], [1] * 3)
    assert [gap.short_by for gap in capacity_certificates(short, flow=solve(short).flow)] == [2]
    with pytest.raises(ValueError, match="serve_most"):
        capacity_certificates(short, flow=np.array([2, 0, 0]))


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
