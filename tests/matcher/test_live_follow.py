"""A follower of the lists: whatever changes in them, it ends where a fresh solve does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher import CandidateGraph, solve
from matcher.live import Follower, LiveError
from tests.matcher.graphs import random_graph

pytestmark = pytest.mark.timeout(1200)


def name_rows(graph: CandidateGraph) -> CandidateGraph:
    return replace(
        graph,
        need_ids=[f"n{k}" for k in range(graph.need_count)],
        offer_ids=[f"o{k}" for k in range(graph.offer_count)],
        unit_ids=[f"u{k}" for k in range(graph.unit_count)],
    )


def take(graph: CandidateGraph, needs: np.ndarray, offers: np.ndarray, pairs: np.ndarray) -> CandidateGraph:
    """Some needs, offers and pairs of a graph, in another order."""
    need_at, offer_at = np.full(graph.need_count, -1), np.full(graph.offer_count, -1)
    need_at[needs], offer_at[offers] = np.arange(len(needs)), np.arange(len(offers))
    pairs = pairs[(need_at[graph.edge_need[pairs]] >= 0) & (offer_at[graph.edge_offer[pairs]] >= 0)]
    return CandidateGraph(
        graph.need_quantity[needs], graph.need_priority[needs], graph.offer_capacity[offers],
        need_at[graph.edge_need[pairs]], offer_at[graph.edge_offer[pairs]], graph.edge_cost[pairs],
        offer_unit=graph.offer_unit[offers], unit_capacity=graph.unit_capacity,
        edge_locked=graph.edge_locked[pairs], need_ids=graph.need_ids[needs],
        offer_ids=graph.offer_ids[offers], unit_ids=graph.unit_ids,
    )  # fmt: skip


def draw_lists(whole: CandidateGraph, rng: np.random.Generator) -> CandidateGraph:
    """The lists at some later day: most is there still, some of it otherwise."""
    changed: dict[str, Any] = {}
    for name, most in (
        ("need_quantity", 4),
        ("offer_capacity", 9),
        ("unit_capacity", 30),
        ("edge_cost", 900),
    ):
        values = getattr(whole, name).copy()
        some = rng.random(len(values)) < 0.1
        values[some] = rng.integers(0, most, int(some.sum()))
        changed[name] = values
    priority, unit = whole.need_priority.copy(), whole.offer_unit.copy()
    priority[rng.integers(len(priority))] = rng.integers(1, 6)
    unit[rng.integers(len(unit))] = rng.integers(-1, whole.unit_count)
    locked = np.where(rng.random(whole.edge_count) < 0.02, 1, 0)
    later = replace(whole, need_priority=priority, offer_unit=unit, edge_locked=locked, **changed)
    rows = []
    for count in (whole.need_count, whole.offer_count, whole.edge_count):
        stay = np.flatnonzero(rng.random(count) < 0.95)
        rows.append(rng.permutation(stay))
    return take(later, *rows)


def value_of(graph: CandidateGraph, flow: np.ndarray) -> tuple[dict[int, int], int]:
    priority = graph.need_priority[graph.edge_need]
    return {p: int(flow[priority == p].sum()) for p in range(1, 6)}, int((flow * graph.edge_cost).sum())


def check_flow(graph: CandidateGraph, flow: np.ndarray) -> None:
    """It is as good as a fresh solve, and fits where promises do."""
    best = solve(graph)
    assert value_of(graph, flow) == (dict(best.served_by_priority), best.cost)
    assert (flow >= graph.edge_locked).all()
    for rows, given, count in (
        (graph.edge_need, graph.need_quantity, graph.need_count),
        (graph.edge_offer, graph.offer_capacity, graph.offer_count),
    ):
        used, locked = (np.bincount(rows, part, count) for part in (flow, graph.edge_locked))
        assert (used <= np.maximum(given, locked)).all()


def test_follows_lists_that_change_in_any_way() -> None:
    rng = np.random.default_rng(5)
    whole = name_rows(random_graph(60, 14, 5, 400, seed=3))
    graph = draw_lists(whole, rng)
    follower, ways = Follower(graph), []
    check_flow(graph, follower.flow(graph))
    for day in range(12):
        graph = draw_lists(whole if day % 3 else graph, rng)
        if day % 4 == 3:
            follower = Follower.from_state(follower.state())
        ways.append(follower.follow(graph).way)
        check_flow(graph, follower.flow(graph))
    assert ways == ["events"] * 12


def test_what_stays_costs_no_event() -> None:
    graph = name_rows(random_graph(30, 8, 3, 120, seed=4))
    follower = Follower(graph)
    assert follower.follow(graph).events == 0
    flow = follower.flow(graph)
    more = replace(graph, offer_capacity=graph.offer_capacity + (np.arange(8) == 2))
    assert follower.follow(more).events == 1
    assert follower.follow(graph).events == 1
    assert value_of(graph, follower.flow(graph)) == value_of(graph, flow)


def test_what_no_event_says_is_solved_anew() -> None:
    graph = name_rows(replace(random_graph(30, 8, 3, 120, seed=4), edge_locked=np.zeros(120, np.int64)))
    follower = Follower(graph)
    once = replace(graph, edge_capacity=np.ones(120, np.int64))
    assert follower.follow(once).way == "solved"
    check_flow(once, follower.flow(once))
    other = name_rows(random_graph(30, 8, 3, 120, seed=9))
    assert follower.follow(replace(other, edge_capacity=None), most=5).way == "solved"


def test_says_whether_a_need_is_split_that_may_not_be() -> None:
    graph = CandidateGraph([2, 2], [1, 1], [3], [0, 1], [0, 0], [3, 1], need_whole=[True, False])
    graph = name_rows(graph)
    follower = Follower(graph)
    assert follower.flow(graph).tolist() == [1, 2]
    assert follower.splits(graph, follower.flow(graph))
    more = replace(graph, offer_capacity=np.array([4]))
    follower.follow(more)
    assert not follower.splits(more, follower.flow(more))
    check_flow(more, follower.flow(more))


def test_needs_that_may_not_be_split_end_where_a_fresh_solve_does() -> None:
    rng = np.random.default_rng(11)
    whole = name_rows(random_graph(40, 10, 4, 160, seed=8))
    follower = Follower(whole)
    split = 0
    for _ in range(15):
        graph = draw_lists(whole, rng)
        graph = replace(graph, need_whole=rng.random(graph.need_count) < 0.5)
        follower.follow(graph)
        flow, status = follower.assignment(graph)
        fresh = solve(graph)
        assert (value_of(graph, flow), status) == (value_of(graph, fresh.flow), fresh.status)
        assert not follower.splits(graph, flow)
        split += follower.splits(graph, follower.flow(graph))
    assert split > 5


def test_rows_are_known_by_their_ids() -> None:
    graph = name_rows(random_graph(30, 8, 3, 120, seed=4))
    follower = Follower(graph)
    for wrong in (replace(graph, need_ids=None), replace(graph, unit_ids=None)):
        with pytest.raises(LiveError, match="no ids"):
            follower.follow(wrong)
    assert follower.follow(graph).events == 0
