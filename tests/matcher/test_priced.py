"""Offers that reach most needs: the assignment is the one found with all pairs, of which few come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import CandidateGraph, priced, solve, verify, wide_pairs
from tests.matcher.graphs import draw_held, random_graph, tiny_graphs
from tests.matcher.test_live_follow import name_rows


@contextmanager
def left_out(first: int = 1, more: int = 1, patient: int = 40, widest: float = 0.0) -> Iterator[list[int]]:
    """Leave out what can be left out, however small the problem; gives the pairs of each round."""
    rounds: list[int] = []

    def count(rest, **options):  # type: ignore[no-untyped-def]
        rounds.append(rest.edge_count)
        return run(rest, **options)

    run = priced.run
    limits = {"_LEAST_EDGES": 0, "_LEAST_WIDE": widest, "_LEAST_LEFT_OUT": -1e9}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.multiple(priced, **limits, run=count))
        stack.enter_context(
            mock.patch.multiple(priced, FIRST_PAIRS=first, MORE_PAIRS=more, PATIENT_ROUNDS=patient)
        )
        stack.enter_context(mock.patch.object(wide_pairs, "_BLOCK", 64))
        yield rounds


def check(graph: CandidateGraph, **options: float) -> list[int]:
    """Hold a solve that leaves out pairs against one that doesn't."""
    expected = solve(graph, path="auction")
    with left_out(**options) as rounds:  # type: ignore[arg-type]
        found = solve(graph, path="auction")
    assert found.served_by_priority == expected.served_by_priority
    assert (found.cost, found.status, found.path) == (expected.cost, expected.status, "auction")
    verify(graph, found)
    if graph.need_ids is not None:
        assert np.array_equal(found.flow, expected.flow)
    return rounds


@given(tiny_graphs(whole=True), st.integers(1, 3), st.integers(1, 3), st.sampled_from([0, 1, 40]))
def test_the_assignment_is_that_of_all_pairs(
    graph: CandidateGraph, first: int, more: int, patient: int
) -> None:
    check(graph, first=first, more=more, patient=patient)


@pytest.mark.parametrize(
    "options", [{}, {"edge_capacity": True}, {"edge_locked": True}, {"unit_load_cost": True}]
)
@pytest.mark.parametrize("seed", range(4))
def test_of_equals_the_same_lots_are_drawn(options: dict[str, bool], seed: int) -> None:
    graph = name_rows(random_graph(150, 30, 8, 2500, seed=seed, **options))
    assert len(check(graph, first=2)) > 1


@pytest.mark.parametrize("seed", range(60))
def test_load_costs_and_rooms_of_pairs(seed: int) -> None:
    check(draw_held(seed))


def test_only_pairs_of_offers_that_reach_most_are_left_out() -> None:
    rng = np.random.default_rng(3)
    near = np.arange(600) % 200 * 40 + rng.integers(0, 30, 600)
    wide = (np.arange(200)[:, None] * 40 + np.arange(30, 40)).ravel()
    pairs = np.unique(np.concatenate([near, wide]))
    graph = CandidateGraph(
        rng.integers(1, 4, 200), rng.integers(1, 6, 200), rng.integers(0, 12, 40), pairs // 40, pairs % 40,
        rng.integers(0, 900, len(pairs)),
    )  # fmt: skip
    rounds = check(graph, first=2, widest=0.9)
    assert len(np.unique(near)) < rounds[0] <= len(np.unique(near)) + 2 * 200 + 10


def test_a_sample_of_needs_tells_what_to_begin_with() -> None:
    graph = random_graph(1500, 60, 0, 60_000, seed=2, room=0.5)
    plain = check(graph, first=4, more=8)
    with mock.patch.object(wide_pairs, "_SAMPLE_LEAST", 50):
        informed = check(graph, first=4, more=8)
    assert sum(informed) < sum(plain)


def test_order_of_edges_and_threads_change_nothing() -> None:
    graph = name_rows(random_graph(200, 30, 5, 3000, seed=9))
    order = np.random.default_rng(1).permutation(graph.edge_count)
    columns = {"edge_need", "edge_offer", "edge_cost"}
    given = {
        name: getattr(graph, name)[order] if name in columns else getattr(graph, name)
        for name in (*columns, "need_quantity", "need_priority", "offer_capacity", "offer_unit",
                     "unit_capacity", "need_ids", "offer_ids")
    }  # fmt: skip
    with left_out(first=2):
        one, other = solve(graph, path="auction"), solve(CandidateGraph(**given), path="auction", threads=1)
    assert np.array_equal(one.flow[order], other.flow)
