"""What-ifs: the difference is that of two optima, and who moves adds up to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import ArgumentError, CandidateGraph, GraphError, solve
from matcher.intervals import remake
from matcher.regret import Regrets
from matcher.what_if import forced, more_places, with_pairs, without_unit
from tests.matcher.brute import find_best
from tests.matcher.graphs import tiny_graphs


def check(graph, before, found, changed):
    """A difference against trying every assignment of the changed graph."""
    best = find_best(changed)
    assert found.after.served_by_priority == best.served_by_priority
    assert found.after.cost == best.cost
    assert found.cost == best.cost - before.cost
    assert found.places == sum(best.served_by_priority.values()) - int(before.served.sum())
    assert found.is_certified == (before.status == found.after.status == "optimal")
    moved = np.zeros((graph.need_count, graph.offer_count), dtype=int)
    for shift in found.shifts:
        assert shift.places > 0
        assert shift.from_offer != shift.to_offer
        if shift.from_offer >= 0:
            moved[shift.need, shift.from_offer] -= shift.places
        if shift.to_offer >= 0:
            moved[shift.need, shift.to_offer] += shift.places
    for solution, sign in ((before, 1), (found.after, -1)):
        np.add.at(moved, (solution.graph.edge_need, solution.graph.edge_offer), sign * solution.flow)
    assert not moved.any()


@given(tiny_graphs(), st.data())
def test_every_question_gives_the_difference_of_two_optima(graph, data):
    before = solve(graph)
    offer = data.draw(st.integers(0, graph.offer_count - 1))
    places = data.draw(st.integers(-2, 2))
    capacity = graph.offer_capacity.copy()
    capacity[offer] = max(capacity[offer] + places, 0)
    check(graph, before, more_places(graph, before, offer, places), remake(graph, offer_capacity=capacity))
    for unit in range(graph.unit_count):
        capacity = np.where(graph.offer_unit == unit, 0, graph.offer_capacity)
        check(graph, before, without_unit(graph, before, unit), remake(graph, offer_capacity=capacity))
    there = graph.edge_need[graph.edge_offer == offer]
    needs = np.setdiff1d(np.arange(graph.need_count), there)[:2]
    found = with_pairs(graph, before, offer, needs, np.full(len(needs), 3))
    check(graph, before, found, found.after.graph)
    assert found.after.graph.edge_count == graph.edge_count + len(needs)


@given(tiny_graphs())
def test_a_forced_place_costs_its_regret(graph):
    before = solve(graph)
    regrets = Regrets(graph, before)
    for edge in range(graph.edge_count):
        found, regret = forced(graph, before, edge), regrets.find(edge)
        if found is None:
            assert regret is None
            continue
        check(graph, before, found, found.after.graph)
        assert regret is not None
        change = dict.fromkeys(range(1, 6), 0)
        if regret.more != regret.less:
            change |= {p: n for p, n in ((regret.more, 1), (regret.less, -1)) if p}
        assert (dict(found.places_by_priority), found.cost) == (change, regret.cost)


def test_pairs_that_are_there_already_are_refused():
    graph = CandidateGraph([1], [1], [1], [0], [0], [5])
    with pytest.raises(GraphError, match="each pair once"):
        with_pairs(graph, solve(graph), 0, [0], [7])


def test_what_fits_no_graph_is_refused_by_name():
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7], offer_unit=[0, -1])
    best = solve(graph)
    for ask, told in (
        (lambda: more_places(graph, best, -1), "offer is -1, expected one of 2 rows"),
        (lambda: more_places(graph, best, 2), "offer is 2, expected one of 2 rows"),
        (lambda: more_places(graph, best, 0, 1.5), "places is 1.5, expected a whole number"),
        (lambda: without_unit(graph, best, -1), "unit is -1, expected one of 1 rows"),
        (lambda: without_unit(graph, best, 5), "unit is 5, expected one of 1 rows"),
        (lambda: forced(graph, best, -1), "edge is -1, expected one of 3 rows"),
        (lambda: forced(graph, best, 0, 0), "places is 0, expected a whole number from 1"),
        (lambda: forced(graph, best, 0, -1), "places is -1, expected a whole number from 1"),
        (lambda: with_pairs(graph, best, 9, [1], [1]), "offer is 9, expected one of 2 rows"),
        (lambda: with_pairs(graph, best, 0, [9], [1]), r"needs\[0\] is 9, expected 0 to 1"),
        (lambda: with_pairs(graph, best, 0, [1], [float("nan")]), r"costs\[0\] is nan"),
        (lambda: with_pairs(graph, best, 0, [1], [1, 2]), "costs has 2 entries, expected 1"),
        (lambda: more_places(graph, None, 0), "solution is a NoneType"),
    ):
        with pytest.raises(ValueError, match=told):
            ask()
    other = CandidateGraph([1], [1], [1], [0], [0], [3])
    with pytest.raises(ArgumentError, match="of another graph: need_quantity differs"):
        more_places(other, best, 0)
    assert more_places(remake(graph), best, 0).places == 0
