"""What a place more or less is worth, against solving again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from matcher import CandidateGraph, nearest_first, solve
from matcher.intervals import price_intervals, remake, where_a_place_helps
from tests.matcher.graphs import random_graph, tiny_graphs


def figures(solution):
    return np.array([*(solution.served_by_priority[p] for p in range(1, 6)), -solution.cost])


def tell(worth, row):
    """A row's worth as a change of figures: five priorities, then the cost saved."""
    change = np.zeros(6, dtype=np.int64)
    for priority, places in ((worth.more[row], 1), (worth.less[row], -1)):
        if priority:
            change[priority - 1] += places
    change[5] = worth.cost[row]
    return change.tolist()


def changed(values, row, by):
    values = values.copy()
    values[row] = max(values[row] + by, 0)
    return values


def check_against_solving(graph):
    solution = solve(graph)
    found = price_intervals(graph, solution)
    assert found.is_exact
    now = figures(solution)
    for name, size in (("offer", graph.offer_count), ("unit", graph.unit_count)):
        capacity = getattr(graph, f"{name}_capacity")
        for row in range(size):
            for by, worth in ((1, f"{name}_gain"), (-1, f"{name}_loss")):
                again = solve(remake(graph, **{f"{name}_capacity": changed(capacity, row, by)}))
                assert tell(getattr(found, worth), row) == ((figures(again) - now) * by).tolist(), worth
    for row in range(graph.offer_count):
        more = {"offer_capacity": changed(graph.offer_capacity, row, 1)}
        if graph.offer_unit[row] >= 0:
            more["unit_capacity"] = changed(graph.unit_capacity, graph.offer_unit[row], 1)
        again = solve(remake(graph, **more))
        both = tell(found.both_gain, row)
        together = (figures(again) - now).tolist()
        alone = graph.offer_unit[row] < 0 or solution_has_room(graph, solution, row)
        assert both == (tell(found.offer_gain, row) if alone else together)
    return found


def solution_has_room(graph, solution, row):
    """Whether the offer, or its unit's total, has room, or is promised beyond what it has."""
    unit = graph.offer_unit[row]
    given = np.bincount(graph.edge_offer, weights=solution.flow, minlength=graph.offer_count)
    locked = np.bincount(graph.edge_offer, weights=graph.edge_locked, minlength=graph.offer_count)
    of_unit = graph.offer_unit == unit
    return (
        given[row] < graph.offer_capacity[row]
        or locked[row] > graph.offer_capacity[row]
        or given[of_unit].sum() < graph.unit_capacity[unit]
        or locked[of_unit].sum() > graph.unit_capacity[unit]
    )


@settings(max_examples=150)
@given(tiny_graphs())
def test_intervals_are_what_solving_with_a_place_more_or_less_gives(graph):
    check_against_solving(graph)


@pytest.mark.parametrize("seed", range(3))
def test_intervals_of_larger_graphs_with_units(seed):
    graph = random_graph(30, 12, 4, 150, seed=seed, room=0.7, edge_locked=True)
    check_against_solving(graph)


@settings(max_examples=60)
@given(tiny_graphs(locked=False))
def test_prices_lie_in_their_intervals(graph):
    solution = solve(graph)
    found = price_intervals(graph, solution)
    for name in ("offer", "unit"):
        if name == "offer":
            level, cost = solution.prices.offer_level, solution.prices.offer_cost
        else:
            level, cost = solution.prices.unit_level, solution.prices.unit_cost
        gain, loss = getattr(found, f"{name}_gain"), getattr(found, f"{name}_loss")
        capacity = getattr(graph, f"{name}_capacity")
        for row in range(len(level)):
            if name == "unit" and graph.unit_load_cost is not None:
                continue  # A unit's price includes the load cost of its next place.
            price = (level[row], cost[row])
            assert (gain.level[row], gain.cost[row]) <= price
            if capacity[row] > 0:
                assert price <= (loss.level[row], loss.cost[row])


def test_where_a_place_more_would_help_names_the_best_first():
    # Need 0 (priority 1) goes unserved for want of a place at offer 0, need 1 walks farther than it must.
    graph = CandidateGraph(
        [1, 1, 1, 1], [1, 3, 3, 2], [0, 1, 5, 0], [0, 1, 1, 2, 3], [0, 1, 2, 1, 3], [10, 700, 900, 100, 5],
        offer_unit=[-1, -1, -1, 0], unit_capacity=[0],
    )  # fmt: skip
    found = list(where_a_place_helps(graph, price_intervals(graph, solve(graph))))
    assert [(item.kind, item.row, item.more, item.less, item.cost) for item in found] == [
        ("offer", 0, 1, 0, -10),
        ("both", 3, 2, 0, -5),
        ("offer", 1, 0, 0, 200),
    ]
    assert len(list(where_a_place_helps(graph, price_intervals(graph, solve(graph)), limit=1))) == 1


def test_whole_needs_are_counted_as_split_and_said_to_be():
    graph = CandidateGraph([3, 1], [1, 1], [2], [0, 1], [0, 0], [5, 5], need_whole=[True, False])
    found = price_intervals(graph, solve(graph))
    assert not found.is_exact
    assert found.offer_gain.more.tolist() == [1]


def test_only_an_optimum_has_intervals():
    graph = CandidateGraph([1], [1], [1], [0], [0], [5])
    with pytest.raises(ValueError, match="heuristic"):
        price_intervals(graph, nearest_first(graph))
