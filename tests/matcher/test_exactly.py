"""Serving exactly so many at least cost: by the engine as by OR-Tools."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import CandidateGraph, exactly, nearest_first
from matcher.layers import find_cheapest, spread
from matcher.remainder import find_remainder
from tests.matcher.graphs import random_graph, tiny_graphs


def check(graph: CandidateGraph, weight: np.ndarray, given: np.ndarray) -> None:
    """Hold both ways to serve as many as a flow does against each other; the flow shows that it can be."""
    rest = find_remainder(graph, need_weight=weight)
    kinds = np.unique(rest.need_weight).tolist()
    served = np.bincount(weight[graph.edge_need], given, 12).astype(np.int64)
    places = {kind: int(served[kind]) for kind in kinds}
    expected = spread(graph, rest, find_cheapest(rest, places))
    with mock.patch.object(exactly, "MANY_EDGES", 0):
        found = exactly.serve_cheapest(rest, places)
    assert int((found * graph.edge_cost).sum()) == int((expected * graph.edge_cost).sum())
    assert np.array_equal(np.bincount(weight[graph.edge_need], found, 12), served)
    assert (found >= 0).all()
    for rows, limit in ((graph.edge_need, graph.need_quantity), (graph.edge_offer, graph.offer_capacity)):
        held = np.bincount(rows, found + graph.edge_locked, len(limit))
        locked = np.bincount(rows, graph.edge_locked, len(limit))
        assert (held <= np.maximum(limit, locked)).all()
    if graph.edge_capacity is not None:
        assert (found <= np.maximum(graph.edge_capacity - graph.edge_locked, 0)).all()


def served_beyond_promises(graph: CandidateGraph) -> np.ndarray:
    return nearest_first(graph).flow - graph.edge_locked


@given(tiny_graphs(whole=True), st.integers(0, 2))
def test_the_engine_serves_as_cheaply(graph: CandidateGraph, kinds: int) -> None:
    if graph.unit_load_cost is not None or not graph.edge_count:
        return
    weight = (6 - graph.need_priority.astype(np.int64)) * 2 - np.arange(graph.need_count) % (kinds or 1)
    check(graph, weight, served_beyond_promises(graph))


@pytest.mark.parametrize("options", [{}, {"edge_capacity": True, "edge_locked": True}])
@pytest.mark.parametrize("seed", range(5))
def test_so_it_does_in_a_larger_problem(options: dict[str, bool], seed: int) -> None:
    graph = random_graph(300, 60, 12, 4000, seed=seed, room=0.7, **options)
    weight = (6 - graph.need_priority.astype(np.int64)) * 2
    # Fewer than could be served: every other place of those who are served.
    given = served_beyond_promises(graph)
    check(graph, weight, given - given // 2)


def test_more_than_can_be_served_is_refused() -> None:
    rest = find_remainder(CandidateGraph([3, 3], [1, 1], [4], [0, 1], [0, 0], [5, 6]))
    with mock.patch.object(exactly, "MANY_EDGES", 0), pytest.raises(ValueError, match="no assignment"):
        exactly.serve_cheapest(rest, {5: 5})
