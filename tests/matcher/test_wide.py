"""Offers that reach everyone, told by a function: as good as all their pairs, of which few come in."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import (
    UNLIMITED,
    CandidateGraph,
    CostRangeError,
    GraphError,
    Solution,
    solve,
    verify,
    wide,
    wide_pairs,
)
from matcher.solution import find_bound, find_value
from matcher.wide import WideSolution, solve_wide
from tests.matcher.graphs import draw_held, random_graph, tiny_graphs


class Hidden:
    """A graph of which the pairs of some offers are told by a function alone."""

    def __init__(self, graph: CandidateGraph, offers: np.ndarray, seed: int = 0) -> None:
        self.graph, self.offers = graph, offers
        limited = np.zeros(graph.edge_count, bool)
        if graph.edge_capacity is not None:
            limited = graph.edge_capacity < UNLIMITED
        told = np.isin(graph.edge_offer, offers) & ~limited & (graph.edge_locked == 0)
        # Some of the wide offers' pairs are edges like others.
        told &= np.random.default_rng(seed).random(graph.edge_count) < 0.9
        self.own, self.told = np.flatnonzero(~told), np.flatnonzero(told)
        self.cost = np.full((graph.need_count, graph.offer_count), -1, np.int64)
        self.cost[graph.edge_need[told], graph.edge_offer[told]] = graph.edge_cost[told]
        # What an edge says holds, whatever the function tells of it.
        self.cost[graph.edge_need[self.own], graph.edge_offer[self.own]] = 0
        limits = graph.edge_capacity
        self.left = CandidateGraph(
            graph.need_quantity, graph.need_priority, graph.offer_capacity,
            graph.edge_need[self.own], graph.edge_offer[self.own], graph.edge_cost[self.own],
            offer_unit=graph.offer_unit, unit_capacity=graph.unit_capacity,
            edge_capacity=None if limits is None else limits[self.own],
            edge_locked=graph.edge_locked[self.own], need_whole=graph.need_whole,
            unit_load_cost=graph.unit_load_cost, need_ids=graph.need_ids, offer_ids=graph.offer_ids,
        )  # fmt: skip

    def solve(self) -> WideSolution:
        return solve_wide(self.left, self.offers, lambda needs, offers: self.cost[np.ix_(needs, offers)])

    def lay_out(self, found: WideSolution) -> Solution:
        """Give what was found as an assignment of the whole graph, with the same prices."""
        flow = np.zeros(self.graph.edge_count, np.int64)
        flow[self.own] = found.solution.flow[found.own_edges]
        rows = {
            (n, o): row
            for row, n, o in zip(
                self.told, self.graph.edge_need[self.told], self.graph.edge_offer[self.told], strict=True
            )
        }
        joint = found.solution.graph
        for edge in found.wide_edges.tolist():
            flow[rows[joint.edge_need[edge], joint.edge_offer[edge]]] = found.solution.flow[edge]
        return replace(found.solution, graph=self.graph, flow=flow)


def check(graph: CandidateGraph, offers: np.ndarray, seed: int = 0) -> WideSolution:
    """Solve with pairs left out and with all; the prices must prove the one for all pairs."""
    hidden = Hidden(graph, offers, seed)
    found, best = hidden.solve(), solve(graph)
    assert found.solution.served_by_priority == best.served_by_priority
    assert found.solution.cost == best.cost
    assert found.solution.status == "optimal"
    verify(found.solution.graph, found.solution)
    assert verify(graph, hidden.lay_out(found)).proof == "duality"
    assert found.rounds[-1].violators == 0
    assert (
        found.rounds[-1].pairs
        == found.solution.graph.edge_count
        == hidden.left.edge_count + len(found.wide_edges)
    )
    return found


def piecemeal(first: int = 1, more: int = 1, patient: int = 12) -> mock._patch_default_new:
    """Let pairs come in one by one."""
    return mock.patch.multiple(wide, FIRST_PAIRS=first, MORE_PAIRS=more, PATIENT_ROUNDS=patient)


@given(tiny_graphs(), st.data())
def test_tiny_problems_are_solved_as_with_all_pairs(graph: CandidateGraph, data: st.DataObject) -> None:
    offers = data.draw(st.lists(st.sampled_from(range(graph.offer_count)), unique=True))
    with piecemeal(patient=data.draw(st.sampled_from([0, 1, 12]))):
        check(graph, np.array(offers, np.int64), data.draw(st.integers(0, 3)))


@given(st.integers(0, 1 << 32))
def test_problems_of_any_kind_are_solved_as_with_all_pairs(seed: int) -> None:
    graph = draw_held(seed)
    offers = np.flatnonzero(np.random.default_rng(seed).random(graph.offer_count) < 0.6)
    with piecemeal():
        check(graph, offers, seed)


@given(tiny_graphs(whole=True), st.data())
def test_with_whole_needs_the_bound_holds_for_all_pairs(graph: CandidateGraph, data: st.DataObject) -> None:
    offers = data.draw(st.lists(st.sampled_from(range(graph.offer_count)), unique=True))
    hidden = Hidden(graph, np.array(offers, np.int64))
    with piecemeal():
        found = hidden.solve()
    best, prices = solve(graph), found.solution.prices
    assert prices is not None
    verify(found.solution.graph, found.solution)
    verify(graph, hidden.lay_out(found))
    assert found.solution.bound_by_priority == best.bound_by_priority
    if found.solution.status == "optimal":
        assert (found.solution.served_by_priority, found.solution.cost) == (
            best.served_by_priority,
            best.cost,
        )
    else:
        reached = find_value(graph, best.flow - graph.edge_locked)
        bound = find_bound(found.solution.graph, prices)
        assert (bound[0], -bound[1]) >= (reached[0], -reached[1])


def make_wide(
    needs: int, offers: int, wide_offers: int, *, room: float, seed: int, ids: bool = False
) -> CandidateGraph:
    """A town in which the last offers reach everyone; the first of these are the cheapest for all."""
    rng = np.random.default_rng(seed)
    near = rng.random((needs, offers)) < 6 / offers
    reach = np.concatenate([near, rng.random((needs, wide_offers)) < 0.95], axis=1)
    need, offer = np.nonzero(reach)
    quantity = rng.integers(1, 4, needs)
    cost = rng.integers(0, 40, len(need)) + np.maximum(offer - offers, 0) * 4
    capacity = rng.poisson(0.5 * quantity.sum() / offers, offers + wide_offers)
    capacity[offers:] = rng.poisson(room * quantity.sum() / wide_offers, wide_offers)
    labels = {}
    if ids:
        labels = {
            "need_ids": [f"n{i}" for i in range(needs)],
            "offer_ids": [f"o{i}" for i in range(len(capacity))],
        }
    return CandidateGraph(quantity, rng.integers(1, 6, needs), capacity, need, offer, cost, **labels)


@pytest.mark.parametrize("room", [0.0, 0.1, 0.5, 2.0])
def test_few_pairs_come_in(room: float) -> None:
    graph = make_wide(1200, 60, 30, room=room, seed=5)
    found = check(graph, np.arange(60, 90))
    assert len(found.wide_edges) < 0.6 * 1200 * 30
    assert len(found.rounds) <= 12


def test_a_sample_tells_which_pairs_to_begin_with() -> None:
    graph = make_wide(1200, 60, 30, room=0.3, seed=6)
    with mock.patch.multiple(wide_pairs, _SAMPLE_LEAST=50):
        found = check(graph, np.arange(60, 90))
    assert found.rounds[0].violators < check(graph, np.arange(60, 90)).rounds[0].violators


def test_units_with_totals_and_load_costs_bind_wide_offers_too() -> None:
    for seed in range(12):
        graph = random_graph(
            60,
            15,
            6,
            500,
            seed=seed,
            unit_load_cost=seed % 2,
            edge_locked=seed % 3 == 0,
            edge_capacity=seed % 4 == 0,
        )
        with piecemeal(), mock.patch.multiple(wide_pairs, _SAMPLE_LEAST=1):
            check(graph, np.arange(5, 15), seed)


def test_the_order_of_rows_changes_nothing() -> None:
    graph = make_wide(300, 30, 20, room=0.3, seed=7)
    rng = np.random.default_rng(8)
    needs, offers, edges = (
        rng.permutation(n) for n in (graph.need_count, graph.offer_count, graph.edge_count)
    )
    to_need, to_offer = np.argsort(needs), np.argsort(offers)
    shuffled = CandidateGraph(
        graph.need_quantity[needs], graph.need_priority[needs], graph.offer_capacity[offers],
        to_need[graph.edge_need[edges]], to_offer[graph.edge_offer[edges]], graph.edge_cost[edges],
    )  # fmt: skip
    found, again = check(graph, np.arange(30, 50)), check(shuffled, to_offer[np.arange(30, 50)])
    assert found.solution.served_by_priority == again.solution.served_by_priority
    assert found.solution.cost == again.solution.cost


def test_with_ids_lots_choose_as_with_all_pairs() -> None:
    for seed in range(5):
        graph = make_wide(60, 10, 12, room=0.5, seed=seed, ids=True)
        hidden = Hidden(graph, np.arange(10, 22), seed)
        with piecemeal():
            found = hidden.solve()
        assert np.array_equal(hidden.lay_out(found).flow, solve(graph).flow)


def test_without_wide_offers_or_needs_it_is_the_graph_alone() -> None:
    graph = random_graph(20, 5, 2, 60, seed=1)
    found = check(graph, np.zeros(0, np.int64))
    assert np.array_equal(found.own_edges, np.argsort(graph.edge_order))
    empty = CandidateGraph([], [], [3, 4], [], [], [])
    assert (
        solve_wide(
            empty, [0, 1], lambda needs, offers: np.zeros((len(needs), len(offers)), int)
        ).solution.cost
        == 0
    )


@pytest.mark.parametrize(
    ("offers", "cost", "text"),
    [
        ([0, 5], 1, "wide_offers[1] is 5, expected a row of the 2 offers"),
        ([-1], 1, "wide_offers[0] is -1"),
        ([1, 1], 1, "twice"),
        ([0.5], 1, "expected integers"),
        ([0, 1], 1.5, "cost_of gave float64"),
    ],
)
def test_bad_input_is_named(offers: list[float], cost: float, text: str) -> None:
    graph = CandidateGraph([1, 1], [1, 2], [1, 1], [0], [0], [4])
    with pytest.raises(GraphError) as refused:
        solve_wide(graph, offers, lambda needs, some: np.full((len(needs), len(some)), cost))
    assert text in str(refused.value)


def test_a_block_of_another_shape_and_costs_beyond_exact_sums_are_refused() -> None:
    graph = CandidateGraph([1, 1 << 20], [1, 2], [1, 1], [0], [0], [4])
    with pytest.raises(GraphError, match="shape"):
        solve_wide(graph, [1], lambda needs, some: np.zeros(len(needs), int))
    with pytest.raises(CostRangeError, match=r"cost_of\(need 0, offer 1\) = "):
        solve_wide(graph, [1], lambda needs, some: np.full((len(needs), len(some)), 1 << 50))
