"""Guaranteed shares and capped distances: against every assignment of tiny problems, and their prices."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import ArgumentError, CandidateGraph, solve
from matcher.fairness import (
    cap_distance,
    guarantee_places,
    guarantee_share,
    largest_share,
    smallest_cap,
)
from matcher.quotas import QuotaError
from tests.matcher.brute import count_figures, list_assignments
from tests.matcher.graphs import random_graph, tiny_graphs


@st.composite
def grouped_graphs(draw):
    """A tiny problem, groups of its needs, and perhaps a group around some of these."""
    graph = draw(tiny_graphs())
    group = draw(st.lists(st.integers(-1, 1), min_size=graph.need_count, max_size=graph.need_count))
    parent = draw(st.sampled_from(([-1, -1], [-1, 0], [1, -1], [2, 2, -1], [2, -1, -1])))
    least = draw(st.lists(st.integers(0, 4), min_size=len(parent), max_size=len(parent)))
    return graph, group, parent, least


def count_groups(graph, flow, group, parent):
    """Places by group with those within it, promises included."""
    total = [0] * len(parent)
    for edge in range(graph.edge_count):
        row = group[graph.edge_need[edge]]
        while row >= 0:
            total[row] += int(flow[edge] + graph.edge_locked[edge])
            row = parent[row]
    return total


def value(by_priority, cost):
    return (*(-by_priority[p] for p in range(1, 6)), cost)


@settings(max_examples=200)
@given(grouped_graphs())
def test_a_guarantee_is_kept_by_the_best_of_all_assignments_that_keep_it(drawn):
    graph, group, parent, least = drawn
    keeping = [
        value(*count_figures(graph, flow))
        for flow in list_assignments(graph)
        if all(a >= b for a, b in zip(count_groups(graph, flow, group, parent), least, strict=True))
    ]
    solution = solve(graph)
    if not keeping:
        with pytest.raises(QuotaError) as refused:
            guarantee_places(graph, solution, group, least, parent=parent)
        assert refused.value.possible < refused.value.asked == least[refused.value.group]
        assert refused.value.group in refused.value.limiting
        return
    found = guarantee_places(graph, solution, group, least, parent=parent)
    assert value(found.solution.served_by_priority, found.solution.cost) == min(keeping)
    net = found.solution.flow - graph.edge_locked
    assert net.tolist() in list(list_assignments(graph))
    assert found.after.tolist() == count_groups(graph, net, group, parent)
    assert found.before.tolist() == count_groups(graph, solution.flow - graph.edge_locked, group, parent)
    assert found.toll.cost == found.solution.cost - solution.cost
    assert found.toll.places == int(solution.served.sum() - found.solution.served.sum())


@settings(max_examples=100)
@given(grouped_graphs())
def test_the_largest_share_can_be_had_and_no_larger_one(drawn):
    graph, group, parent, _ = drawn
    solution = solve(graph)
    parent = parent if max(group) < len(parent) else None
    share, limiting = largest_share(graph, solution, group, parent=parent)
    found = guarantee_share(graph, solution, group, share, parent=parent)
    assert all(
        after >= share * wanted
        for after, wanted in zip(found.after.tolist(), found.wanted.tolist(), strict=True)
    )
    best = Fraction(0)
    wanted = found.wanted.tolist()
    for flow in list_assignments(graph):
        served = count_groups(graph, flow, group, parent)
        best = max(
            best, min((Fraction(s, w) for s, w in zip(served, wanted, strict=True) if w), default=Fraction(1))
        )
    assert share == Fraction(int(min(best, 1) * 10_000), 10_000)
    if share < 1:
        assert len(limiting)
        with pytest.raises(QuotaError) as refused:
            guarantee_share(graph, solution, group, 1, parent=parent)
        assert refused.value.largest_share == share


@pytest.mark.parametrize("seed", range(2))
def test_a_fairer_share_costs_places_or_way_but_never_gains_any(seed):
    graph = random_graph(120, 25, 6, 900, seed=seed, room=0.6)
    group = np.random.default_rng(seed).integers(0, 8, graph.need_count)
    solution = solve(graph)
    share, _ = largest_share(graph, solution, group)
    assert 0 < share < 1
    worse = []
    for part in (Fraction(0), share / 2, share):
        found = guarantee_share(graph, solution, group, part)
        assert (found.after >= found.least).all()
        worse.append([*found.toll.places_by_priority.values(), found.toll.cost])
    assert worse[0] == [0] * 6
    assert worse == sorted(worse)


def test_a_fair_share_and_its_price():
    # One offer has two places; both groups want two. Group 0 is more urgent and takes all of it.
    graph = CandidateGraph([2, 2], [1, 2], [2], [0, 1], [0, 0], [10, 40])
    solution = solve(graph)
    found = guarantee_share(graph, solution, [0, 1], 0.5)
    assert found.before.tolist() == [2, 0]
    assert found.after.tolist() == [1, 1]
    assert found.toll.places == 0
    assert dict(found.toll.places_by_priority) == {1: 1, 2: -1, 3: 0, 4: 0, 5: 0}
    assert found.toll.cost == 30
    with pytest.raises(QuotaError, match="can have 0 places, not 2") as refused:
        guarantee_share(graph, solution, [0, 1], 0.6)
    assert refused.value.largest_share == Fraction(1, 2)
    assert refused.value.limiting.tolist() == [0, 1]


@pytest.mark.parametrize("share", ["0.5", None, -0.1, 1.5, float("nan"), True, [0.5]])
def test_what_is_no_share_is_refused_by_name_and_value(share):
    graph = CandidateGraph([2, 2], [1, 2], [2], [0, 1], [0, 0], [10, 40])
    with pytest.raises(ArgumentError, match=r"share is .*, expected a number from 0 to 1"):
        guarantee_share(graph, solve(graph), [0, 1], share)


def test_whole_needs_are_counted_as_split_and_said_to_be():
    graph = CandidateGraph([2, 2], [1, 2], [3], [0, 1], [0, 0], [10, 40], need_whole=[True, True])
    found = guarantee_share(graph, solve(graph), [0, 1], 0.5)
    assert not found.is_exact
    assert found.after.tolist() == [2, 1]


def test_groups_that_make_no_sense_are_refused():
    graph = CandidateGraph([1], [1], [1], [0], [0], [5])
    solution = solve(graph)
    with pytest.raises(ValueError, match=r"parent.*within itself"):
        guarantee_places(graph, solution, [0], [0, 0], parent=[1, 0])
    with pytest.raises(ValueError, match=r"group\[0\] is 3"):
        guarantee_places(graph, solution, [3], [0], parent=[-1])
    with pytest.raises(ValueError, match="least has shape"):
        guarantee_places(graph, solution, [0], [1, 1])
    with pytest.raises(ValueError, match="share is"):
        guarantee_share(graph, solution, [0], 1.5)
    with pytest.raises(ValueError, match="at most"):
        guarantee_places(graph, solution, [5000], [0])


@settings(max_examples=80)
@given(tiny_graphs(), st.data())
def test_the_smallest_cap_serves_as_many_and_no_smaller_one_does(graph, data):
    metres = data.draw(
        st.lists(
            st.sampled_from((100.0, 200.0, 300.0, np.nan)),
            min_size=graph.edge_count,
            max_size=graph.edge_count,
        )
    )
    solution = solve(graph)

    def best_within(cap):
        return min(
            value(*count_figures(graph, flow))
            for flow in list_assignments(graph)
            if not any(places and m > cap for places, m in zip(flow, metres, strict=True))
        )

    whole = value(solution.served_by_priority, solution.cost)
    found = smallest_cap(graph, solution, metres)
    net = solution.flow - graph.edge_locked
    if found is None:
        assert not any(places and not np.isnan(m) for places, m in zip(net, metres, strict=True))
        return
    good = [cap for cap in (100.0, 200.0, 300.0) if best_within(cap)[:5] == whole[:5]]
    expected = min(cap for cap in good if cap in metres)
    assert found.cap_m == expected or best_within(found.cap_m) == best_within(expected)
    for cap in (50.0, 100.0, 200.0, 300.0):
        capped = cap_distance(graph, solution, metres, cap)
        assert value(capped.solution.served_by_priority, capped.solution.cost) == best_within(cap)
        assert capped.toll.cost == capped.solution.cost - solution.cost


def test_guarantees_and_caps_that_are_no_numbers_are_refused():
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    best = solve(graph)
    for least, told in ((float("nan"), "nan"), (1.9, "1.9"), (-1, "-1")):
        with pytest.raises(ValueError, match=rf"least\[0\] is {told}"):
            guarantee_places(graph, best, [0, 0], [least])
    for cap in (float("nan"), -1, "x"):
        with pytest.raises(ValueError, match=r"cap_m is .*expected a number from 0"):
            cap_distance(graph, best, [1, 2, 3], cap)


def test_the_smallest_cap_is_found_by_places_and_solved_once(monkeypatch):
    """All but the first need have an offer beside them; that one needs the offer that is farthest away."""
    count = 40
    graph = CandidateGraph(
        [1] * count, [1 + k % 5 for k in range(count)], [1] * count,
        [*range(count), *range(1, count)], [*range(count), *([0] * (count - 1))], [5] * (2 * count - 1),
    )  # fmt: skip
    own = [300.0 if k == 0 else 10.0 + k for k in range(count)]
    metres = np.array(own + [400.0 + k for k in range(1, count)])
    best, solved = solve(graph), []

    def count_solves(some):
        solved.append(some)
        return solve(some)

    monkeypatch.setattr("matcher.fairness.solve", count_solves)
    found = smallest_cap(graph, best, metres)
    assert (found.cap_m, found.toll.places) == (300.0, 0)
    assert len(solved) == 1
