"""Stable matches: against every assignment of tiny problems, and by the properties all of them share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import CandidateGraph, solve, verify
from matcher.stable import blocking_pairs, make_ranks, match_stably, price_stability
from tests.matcher.brute import list_assignments
from tests.matcher.graphs import random_graph, tiny_graphs


@st.composite
def ranked_graphs(draw):
    graph = draw(tiny_graphs(load=False))
    some = st.lists(st.integers(0, 4), min_size=graph.edge_count, max_size=graph.edge_count)
    return graph, make_ranks(graph, need_rank=np.array(draw(some), int), offer_rank=np.array(draw(some), int))


def net_amounts(graph):
    """Quantities and capacities beyond promises, as lists."""
    edges = range(graph.edge_count)
    need, offer, unit = (
        np.array(values, dtype=int)
        for values in (graph.need_quantity, graph.offer_capacity, graph.unit_capacity)
    )
    for e in edges:
        places, o = int(graph.edge_locked[e]), graph.edge_offer[e]
        need[graph.edge_need[e]] -= places
        offer[o] -= places
        if graph.offer_unit[o] >= 0:
            unit[graph.offer_unit[o]] -= places
    own = [10**6] * len(edges) if graph.edge_capacity is None else graph.edge_capacity - graph.edge_locked
    return need.clip(0), offer.clip(0), unit.clip(0), own


def find_blocking(graph, ranks, flow):
    """Pairs that block a flow, by the definition: each side has something free or likes something less."""
    need, offer, unit, own = net_amounts(graph)
    edges = range(graph.edge_count)
    of = graph.offer_unit[graph.edge_offer]
    found = []
    for e in edges:
        n, o = graph.edge_need[e], graph.edge_offer[e]
        mine = [x for x in edges if flow[x] and graph.edge_need[x] == n]
        asks = flow[e] < own[e] and (
            sum(flow[x] for x in mine) < need[n]
            or any(ranks.need_place[x] > ranks.need_place[e] for x in mine)
        )

        def takes(held, most, e=e):
            return sum(flow[x] for x in held) < most or any(
                ranks.offer_place[x] > ranks.offer_place[e] for x in held
            )

        here = [x for x in edges if flow[x] and graph.edge_offer[x] == o]
        accepts = takes(here, offer[o])
        if accepts and of[e] >= 0 and sum(flow[x] for x in here) < offer[o]:
            accepts = takes([x for x in edges if flow[x] and of[x] == of[e]], unit[of[e]])
        if asks and accepts:
            found.append(e)
    return found


def likes(graph, ranks, flow, need):
    """What a need gets, place by place, the best first; free places last."""
    rows = [e for e in range(graph.edge_count) if graph.edge_need[e] == need]
    got = [int(ranks.need_place[e]) for e in rows for _ in range(flow[e])]
    return sorted(got) + [10**6] * (int(graph.need_quantity[need]) - len(got))


@settings(max_examples=150)
@given(ranked_graphs())
def test_deferred_acceptance_finds_the_best_of_all_stable_assignments(drawn):
    graph, ranks = drawn
    stable = [flow for flow in list_assignments(graph) if not find_blocking(graph, ranks, flow)]
    found = {}
    for side in ("needs", "offers"):
        solution = match_stably(graph, ranks, proposing=side)
        verify(graph, solution)
        assert not len(blocking_pairs(graph, solution, ranks))
        found[side] = (solution.flow - graph.edge_locked).tolist()
        assert found[side] in stable
    for flow in stable:
        for need in range(graph.need_count):
            of_need = likes(graph, ranks, flow, need)
            assert all(
                a <= b for a, b in zip(likes(graph, ranks, found["needs"], need), of_need, strict=True)
            )
            assert all(
                a >= b for a, b in zip(likes(graph, ranks, found["offers"], need), of_need, strict=True)
            )


@settings(max_examples=100)
@given(ranked_graphs(), st.randoms(use_true_random=False))
def test_blocking_pairs_of_any_assignment_are_those_of_the_definition(drawn, random):
    graph, ranks = drawn
    solution = solve(graph)
    assert blocking_pairs(graph, solution, ranks).tolist() == find_blocking(
        graph, ranks, (solution.flow - graph.edge_locked).tolist()
    )


@pytest.mark.parametrize("seed", range(4))
def test_all_stable_assignments_serve_each_need_and_offer_alike(seed):
    graph = random_graph(200, 40, 12, 2000, seed=seed, room=0.8, edge_locked=True)
    rng = np.random.default_rng(seed)
    ranks = make_ranks(
        graph, need_rank=rng.permutation(graph.edge_count), offer_rank=rng.permutation(graph.edge_count)
    )
    one, other = (match_stably(graph, ranks, proposing=side) for side in ("needs", "offers"))
    for solution in (one, other):
        verify(graph, solution)
        assert not len(blocking_pairs(graph, solution, ranks))
    assert (one.served == other.served).all()
    for rows, size in ((graph.edge_offer, graph.offer_count),):
        given_ = [np.bincount(rows, weights=s.flow, minlength=size) for s in (one, other)]
        assert (given_[0] == given_[1]).all()


def test_what_stability_costs_in_places():
    # Offer 0 would rather have need 1, and need 1 would rather have it; then nobody is left for need 0.
    graph = CandidateGraph([1, 1], [3, 3], [1, 1], [0, 1, 1], [0, 0, 1], [500, 100, 300])
    optimum = solve(graph)
    told = price_stability(graph, optimum)
    assert optimum.served.tolist() == [1, 1]
    assert told.blocking.tolist() == [1]
    assert told.places_lost == {1: 0, 2: 0, 3: 1, 4: 0, 5: 0}
    assert told.by_needs.flow.tolist() == told.by_offers.flow.tolist() == [0, 1, 0]
    assert told.cost_by_needs == 100 - 800


def test_the_side_that_asks_gets_what_it_likes():
    graph = CandidateGraph([1, 1], [3, 3], [1, 1], [0, 0, 1, 1], [0, 1, 0, 1], [5, 5, 5, 5])
    ranks = make_ranks(graph, need_rank=[1, 2, 2, 1], offer_rank=[2, 1, 1, 2])
    assert match_stably(graph, ranks, proposing="needs").flow.tolist() == [1, 0, 0, 1]
    assert match_stably(graph, ranks, proposing="offers").flow.tolist() == [0, 1, 1, 0]


def test_ranks_must_be_one_whole_number_for_each_edge():
    graph = CandidateGraph([1], [1], [1], [0], [0], [5])
    with pytest.raises(ValueError, match="need_rank has shape"):
        make_ranks(graph, need_rank=[1, 2])
    with pytest.raises(ValueError, match="offer_rank"):
        make_ranks(graph, offer_rank=[0.5])


def test_sides_and_solutions_of_another_kind_are_refused():
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    with pytest.raises(ValueError, match="proposing is 'x', expected one of needs, offers"):
        match_stably(graph, proposing="x")
    other = CandidateGraph([2, 1, 4], [1, 3, 1], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    with pytest.raises(ValueError, match="of another graph: need_quantity differs"):
        blocking_pairs(other, solve(graph))
