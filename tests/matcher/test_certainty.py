"""Which pairs every optimum has, held against all optima of tiny problems."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from matcher import CandidateGraph, nearest_first, solve
from tests.matcher.brute import count_figures, find_best, list_assignments
from tests.matcher.graphs import random_graph, tiny_graphs


@given(tiny_graphs())
def test_a_pair_is_certain_where_all_optima_agree(graph: CandidateGraph) -> None:
    best = find_best(graph)
    optima = {
        tuple(flow)
        for flow in list_assignments(graph)
        if count_figures(graph, flow) == (best.served_by_priority, best.cost)
    }
    agree = [len(set(places)) == 1 for places in zip(*optima, strict=True)]
    assert solve(graph).find_certain().tolist() == agree


def test_equal_costs_leave_a_choice_and_different_ones_none() -> None:
    graph = CandidateGraph([1, 1], [1, 1], [1, 1], [0, 0, 1, 1], [0, 1, 0, 1], [5, 6, 5, 6])
    assert not solve(graph).find_certain().any()
    graph = CandidateGraph([1, 1], [1, 1], [1, 1], [0, 0, 1, 1], [0, 1, 0, 1], [5, 9, 5, 6])
    frame = solve(graph).to_frame(certain=True)
    assert frame["offer"].tolist() == [0, 1]
    assert frame["certain"].tolist() == [True, True]


def test_the_same_pairs_are_certain_whichever_optimum_is_at_hand() -> None:
    graph = random_graph(150, 20, 6, 1200, seed=5)
    coarse = CandidateGraph(
        graph.need_quantity, graph.need_priority, graph.offer_capacity, graph.edge_need, graph.edge_offer,
        graph.edge_cost // 300, offer_unit=graph.offer_unit, unit_capacity=graph.unit_capacity,
    )  # fmt: skip
    found = [solve(coarse, path=path) for path in ("scaling", "auction")]
    marks = [solution.find_certain() for solution in found]
    assert np.array_equal(marks[0], marks[1])
    assert 0 < marks[0].sum() < len(marks[0])
    assert np.array_equal(found[0].flow[marks[0]], found[1].flow[marks[0]])


def test_only_an_optimum_is_asked() -> None:
    with pytest.raises(ValueError, match="heuristic"):
        nearest_first(CandidateGraph([1], [1], [1], [0], [0], [5])).find_certain()
