"""Capacity certificates: their sums, what they list, and that they add up to all that can't be served."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given

from matcher import CandidateGraph, Certificate, capacity_certificates
from tests.matcher.brute import count_figures, list_assignments, list_subsets
from tests.matcher.graphs import random_graph, tiny_graphs


def net_of(graph: CandidateGraph) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Needs, offers, units and pairs less promises, as plain loops."""
    locked = graph.edge_locked.tolist()
    need, offer, unit = (x.tolist() for x in (graph.need_quantity, graph.offer_capacity, graph.unit_capacity))
    own = [10**9] * len(locked) if graph.edge_capacity is None else graph.edge_capacity.tolist()
    for e, places in enumerate(locked):
        need[graph.edge_need[e]] -= places
        o = graph.edge_offer[e]
        offer[o] -= places
        if graph.offer_unit[o] >= 0:
            unit[graph.offer_unit[o]] -= places
        own[e] -= places
    return tuple(np.maximum(np.array(x, np.int64), 0) for x in (need, offer, unit, own))  # type: ignore[return-value]


def check(graph: CandidateGraph, found: list[Certificate], most: int) -> None:
    need, offer, unit, pair = net_of(graph)
    seen: set[tuple[str, int]] = set()
    for gap in found:
        assert gap.short_by > 0
        total = (
            need[gap.needs].sum() - offer[gap.offers].sum() - unit[gap.units].sum() - pair[gap.pairs].sum()
        )
        assert total == gap.short_by
        for name in ("needs", "offers", "units", "pairs"):
            rows = getattr(gap, name)
            assert rows.dtype == np.int64
            assert (np.diff(rows) > 0).all()
            assert not seen & {(name, row) for row in rows.tolist()}
            seen |= {(name, row) for row in rows.tolist()}
        for e in np.flatnonzero(np.isin(graph.edge_need, gap.needs)):
            o = graph.edge_offer[e]
            assert o in gap.offers or graph.offer_unit[o] in gap.units or e in gap.pairs
        assert np.isin(gap.needs, graph.edge_need).all()
    reachable = need[np.unique(graph.edge_need)].sum()
    assert sum(gap.short_by for gap in found) == reachable - most


@given(tiny_graphs())
def test_gaps_add_up_to_all_that_cannot_be_served(graph: CandidateGraph) -> None:
    most = max(sum(flow) for flow in list_assignments(graph))
    check(graph, capacity_certificates(graph), most)


@given(tiny_graphs())
def test_the_loops_for_large_problems_find_the_same_gaps(graph: CandidateGraph) -> None:
    with mock.patch("matcher.certificates.MANY_EDGES", 0):
        found = capacity_certificates(graph)
    expected = capacity_certificates(graph)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.short_by == other.short_by
        for name in ("needs", "offers", "units", "pairs"):
            assert np.array_equal(getattr(one, name), getattr(other, name))


@given(tiny_graphs(locked=False, load=False))
def test_the_most_that_can_be_served_is_what_hall_says(graph: CandidateGraph) -> None:
    """Hall's condition for sets of needs: no set is short by more than all gaps together."""
    worst = 0
    for needs in list_subsets(graph.need_count):
        least = min(
            sum(flow[e] for e in range(graph.edge_count) if graph.edge_need[e] not in needs) - sum(flow)
            for flow in list_assignments(graph)
        )
        with_edge = [n for n in needs if n in graph.edge_need]
        worst = max(worst, int(graph.need_quantity[with_edge].sum()) + least)
    assert sum(gap.short_by for gap in capacity_certificates(graph)) == worst


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("room", [0.5, 0.9])
def test_larger_problems(seed: int, room: float) -> None:
    graph = random_graph(300, 80, 20, 1200, seed=seed, room=room, edge_capacity=True, edge_locked=True)
    from matcher import solve

    solution = solve(graph)
    check(graph, capacity_certificates(graph), int((solution.flow - graph.edge_locked).sum()))


def test_gaps_that_share_nothing_come_apart() -> None:
    graph = CandidateGraph(
        [5, 1, 4, 2], [1, 1, 1, 1], [3, 9, 1], [0, 1, 2, 3], [0, 1, 2, 2], [1] * 4,
        offer_unit=[-1, -1, 0], unit_capacity=[0],
    )  # fmt: skip
    first, second = capacity_certificates(graph)
    assert (first.needs.tolist(), first.offers.tolist(), first.units.tolist()) == ([2, 3], [], [0])
    assert first.short_by == 6
    assert (second.needs.tolist(), second.offers.tolist(), second.short_by) == ([0], [0], 2)
    assert second.pairs.dtype == np.int64
    assert not len(second.pairs)


def test_a_pair_holds_where_its_own_capacity_does() -> None:
    graph = CandidateGraph([5], [1], [9], [0], [0], [1], edge_capacity=[2])
    (gap,) = capacity_certificates(graph)
    assert (gap.pairs.tolist(), gap.offers.tolist(), gap.short_by) == ([0], [], 3)
    promised = replace(graph, edge_locked=[1])
    (gap,) = capacity_certificates(promised)
    assert (gap.pairs.tolist(), gap.short_by) == ([0], 3)


def test_no_gap_without_shortage_or_without_an_edge() -> None:
    assert capacity_certificates(CandidateGraph([3, 7], [1, 1], [3], [0], [0], [1])) == []
    assert count_figures(CandidateGraph([], [], [], [], [], []), [])[1] == 0
