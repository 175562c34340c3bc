"""What a live match may move: no promises, at what it costs, and no more needs than allowed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher import UNLIMITED, CandidateGraph, solve, verify
from matcher.live import LiveMatch, Move
from tests.matcher.graphs import random_graph
from tests.matcher.live_steps import check_optimal, draw_event

# The first test of an installation waits until everything is compiled.
pytestmark = pytest.mark.timeout(1200)


def test_promises_never_move() -> None:
    live = LiveMatch(CandidateGraph([1], [5], [1], [0], [0], [7]))
    assert live.lock(0, 0, 1).moves == ()
    change = live.need_arrives(1, 1, [0], [1])
    assert change.moves == ()
    assert live.solution().served.tolist() == [1, 0]
    assert live.lock(0, 0, 0).moves == (Move(0, 0, None, 1), Move(1, None, 0, 1))


def test_moving_costs_what_it_is_set_to() -> None:
    graph = CandidateGraph([1], [3], [1, 1], [0, 0], [0, 1], [5, 9])
    # Moving saves 6 - 4: with a cost of 1 it pays, with 3 the newcomer takes the free place.
    for cost, moves in ((1, 2), (3, 1)):
        live = LiveMatch(graph, switching_cost=cost)
        change = live.need_arrives(1, 3, [0, 1], [1, 7])
        assert len(change.moves) == moves
        assert change.status == "optimal"
        solution = live.solution()
        assert solution.status == ("optimal" if moves == 2 else "bounded")
        verify(solution.graph, solution)


def as_problem_of_moves(live: LiveMatch, before: dict[tuple[int, int], int], cost: int) -> CandidateGraph:
    """The problem as it stands, with a second offer-sized way for staying: cheaper by what moving costs."""
    graph = live.graph()
    stay = np.array([before.get(pair, 0) for pair in zip(
        graph.edge_need.tolist(), graph.edge_offer.tolist(), strict=True)], np.int64)  # fmt: skip
    offers = graph.offer_count
    kept = np.flatnonzero(stay)
    # Each offer becomes a unit of two offers, so that a pair may stand twice: for staying and for coming.
    return CandidateGraph(
        graph.need_quantity, graph.need_priority, np.tile(graph.offer_capacity, 2),
        np.append(graph.edge_need, graph.edge_need[kept]),
        np.append(graph.edge_offer, graph.edge_offer[kept] + offers),
        np.append(graph.edge_cost + cost, graph.edge_cost[kept]),
        offer_unit=np.tile(np.arange(offers), 2), unit_capacity=graph.offer_capacity,
        edge_capacity=np.append(np.full(graph.edge_count, UNLIMITED), stay[kept]),
    )  # fmt: skip


@pytest.mark.parametrize("cost", [1, 200, 5000])
def test_nothing_is_better_once_moving_is_paid(cost: int) -> None:
    rng = np.random.default_rng(3)
    graph = replace(random_graph(40, 10, 0, 200, seed=8), edge_locked=np.zeros(200, np.int64))
    live = LiveMatch(graph, switching_cost=cost)
    for _ in range(40):
        before = live.solution()
        stood = {
            (int(before.graph.edge_need[e]), int(before.graph.edge_offer[e])): int(before.flow[e])
            for e in np.flatnonzero(before.flow)
        }
        chosen = rng.choice(10, 4, replace=False)
        kind = rng.integers(3)
        if kind == 0:
            change = live.need_arrives(2, int(rng.integers(1, 6)), chosen, rng.integers(0, 3000, 4))
        elif kind == 1:
            change = live.need_withdrawn(int(rng.integers(live.graph().need_count)))
        else:
            change = live.capacity_changes(int(rng.integers(10)), int(rng.integers(0, 20)))
        best = solve(as_problem_of_moves(live, stood, cost))
        after = live.solution()
        verify(after.graph, after)
        kept = sum(
            min(
                int(after.flow[e]),
                stood.get((int(after.graph.edge_need[e]), int(after.graph.edge_offer[e])), 0),
            )
            for e in np.flatnonzero(after.flow)
        )
        assert dict(after.served_by_priority) == dict(best.served_by_priority)
        assert after.cost + cost * (int(after.served.sum()) - kept) == best.cost
        assert change.status == "optimal"


@pytest.mark.parametrize("most", [0, 1, 3])
def test_no_event_moves_more_needs_than_allowed(most: int) -> None:
    rng = np.random.default_rng(4)
    live = LiveMatch(random_graph(60, 12, 4, 400, seed=9), max_moves=most)
    held = 0
    for _ in range(60):
        served = dict(live.solution().served_by_priority)
        chosen = rng.choice(12, 5, replace=False)
        change = live.need_arrives(1, int(rng.integers(1, 6)), chosen, rng.integers(0, 3000, 5))
        assert len({move.need for move in change.moves} - {change.need}) <= most
        held += change.status == "bounded"
        solution = live.solution()
        assert solution.status == "optimal" or change.status == "bounded"
        verify(solution.graph, solution)
        assert dict(solution.served_by_priority) == {
            p: served[p] + change.served_by_priority[p] for p in range(1, 6)
        }
    assert held
    for _ in range(30):
        draw_event(live, rng)
        verify(live.graph(), live.solution())
    assert live.catch_up().status == "optimal"
    check_optimal(live)
