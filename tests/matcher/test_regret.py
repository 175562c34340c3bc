"""The regret of a forced pair, against trying every assignment and against solving again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from matcher import CandidateGraph, solve
from matcher.intervals import remake
from matcher.regret import Regrets, regret
from matcher.solution import find_cost
from tests.matcher.brute import count_figures, list_assignments
from tests.matcher.graphs import random_graph, tiny_graphs


def value(by_priority, cost):
    return (*(-by_priority[p] for p in range(1, 6)), cost)


def tell(found):
    change = [0] * 5 + [found.cost]
    for priority, places in ((found.more, -1), (found.less, 1)):
        if priority:
            change[priority - 1] += places
    return change


@settings(max_examples=120)
@given(tiny_graphs())
def test_regret_is_what_trying_every_assignment_finds(graph):
    solution = solve(graph)
    best = value(solution.served_by_priority, solution.cost)
    values = [(flow, value(*count_figures(graph, flow))) for flow in list_assignments(graph)]
    regrets = Regrets(graph, solution)
    for edge in range(graph.edge_count):
        forced = min((of for flow, of in values if flow[edge]), default=None)
        found = regrets.find(edge)
        if forced is None:
            assert found is None
            continue
        assert tell(found) == [a - b for a, b in zip(forced, best, strict=True)]
        check_moves(graph, solution, found, edge)


def check_moves(graph, solution, found, edge):
    """The moves alone lead to an assignment that keeps all rules, uses the pair, and costs what is said."""
    rows = {(n, o): e for e, (n, o) in enumerate(zip(graph.edge_need, graph.edge_offer, strict=True))}
    flow = solution.flow.copy()
    for move in found.moves:
        if move.from_offer >= 0:
            flow[rows[move.need, move.from_offer]] -= 1
        if move.to_offer >= 0:
            flow[rows[move.need, move.to_offer]] += 1
    net = flow - graph.edge_locked
    assert net[edge] > 0
    if graph.edge_count <= 6:
        assert net.tolist() in list(list_assignments(graph))
    assert find_cost(graph, flow) - solution.cost == found.cost


@pytest.mark.parametrize("seed", range(2))
def test_regret_is_what_solving_with_a_promise_finds(seed):
    graph = random_graph(40, 15, 4, 200, seed=seed, room=0.7)
    solution = solve(graph)
    regrets = Regrets(graph, solution)
    for edge in range(0, graph.edge_count, 7):
        found = regrets.find(edge)
        if found is None:
            continue
        locked = graph.edge_locked.copy()
        locked[edge] = 1
        forced = solve(remake(graph, edge_locked=locked))
        now, then = (value(s.served_by_priority, s.cost) for s in (solution, forced))
        assert tell(found) == [a - b for a, b in zip(then, now, strict=True)]
        assert tell(found) >= [0] * 6
        check_moves(graph, solution, found, edge)


def test_one_pair_by_its_rows():
    # Offer 0 is nearer to both; need 0 has farther to go elsewhere, so need 1 gives way: 300 - 170 = 130.
    graph = CandidateGraph([1, 1], [3, 3], [1, 2], [0, 0, 1, 1], [0, 1, 0, 1], [100, 520, 200, 490])
    solution = solve(graph)
    found = regret(graph, solution, 1, 0)
    assert (found.more, found.less, found.cost) == (0, 0, 130)
    assert [(move.need, move.from_offer, move.to_offer) for move in found.moves] == [(1, 1, 0), (0, 0, 1)]
    with pytest.raises(KeyError, match="no pair"):
        regret(graph, solution, 0, 5)
