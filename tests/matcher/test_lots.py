"""Of equally cheap assignments always the same one: in any order of rows, by any engine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from matcher import CandidateGraph, Solution, solve, verify
from matcher.flow import Path
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs

Pairs = dict[tuple[str, str], int]

# The general way takes a minute to compile at its first use.
WAYS = ["scaling", "auction", pytest.param("general", marks=pytest.mark.large)]


def with_ids(
    graph: CandidateGraph, *, needs: np.ndarray | None = None, **changed: np.ndarray
) -> CandidateGraph:
    """The same graph with ids; a row of `needs` gives the id's number of each need row."""
    number = np.arange(graph.need_count) if needs is None else needs
    arrays = {
        name: getattr(graph, name)
        for name in (
            "need_quantity", "need_priority", "offer_capacity", "edge_need", "edge_offer", "edge_cost",
            "offer_unit", "unit_capacity", "edge_capacity", "edge_locked", "need_whole", "unit_load_cost",
        )
    }  # fmt: skip
    return CandidateGraph(
        **{**arrays, **changed},
        need_ids=np.array([f"n{row}" for row in number], dtype=object),
        offer_ids=np.array([f"o{row}" for row in range(graph.offer_count)], dtype=object),
    )


def crowd(seed: int, **options: bool) -> CandidateGraph:
    """Needs of which many stand alike: costs are few, so most assignments tie."""
    graph = random_graph(400, 40, 10, 3000, seed=seed, room=0.9, **options)
    return with_ids(graph, edge_cost=graph.edge_cost // 1000)


def pairs_of(solution: Solution) -> Pairs:
    graph = solution.graph
    assert graph.need_ids is not None
    assert graph.offer_ids is not None
    used = np.flatnonzero(solution.flow)
    need, offer = graph.need_ids[graph.edge_need[used]], graph.offer_ids[graph.edge_offer[used]]
    return dict(zip(zip(need, offer, strict=True), solution.flow[used].tolist(), strict=True))


@given(tiny_graphs())
def test_is_still_the_best_of_all_assignments(graph: CandidateGraph) -> None:
    named = with_ids(graph)
    solution, best = solve(named), find_best(graph)
    assert (dict(solution.served_by_priority), solution.cost) == (best.served_by_priority, best.cost)
    assert verify(named, solution).proof == "duality"


@pytest.mark.parametrize("path", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_value_and_prices_are_those_without_ids(path: Path, seed: int) -> None:
    named = crowd(seed)
    plain = replace_ids(named)
    ours, theirs = solve(named, path=path), solve(plain, path=path)
    assert ours.path == theirs.path == path
    assert (ours.cost, ours.served_by_priority) == (theirs.cost, theirs.served_by_priority)
    assert ours.prices is not None
    assert theirs.prices is not None
    for name in ("need_level", "need_cost", "offer_level", "offer_cost", "unit_level", "unit_cost"):
        assert (getattr(ours.prices, name) == getattr(theirs.prices, name)).all(), name


def replace_ids(graph: CandidateGraph) -> CandidateGraph:
    return CandidateGraph(
        graph.need_quantity, graph.need_priority, graph.offer_capacity, graph.edge_need, graph.edge_offer,
        graph.edge_cost, offer_unit=graph.offer_unit, unit_capacity=graph.unit_capacity,
    )  # fmt: skip


@pytest.mark.parametrize("path", WAYS[1:])
@pytest.mark.parametrize("seed", range(3))
def test_every_way_to_the_optimum_ends_in_the_same_pairs(path: Path, seed: int) -> None:
    graph = crowd(seed)
    assert pairs_of(solve(graph, path=path)) == pairs_of(solve(graph, path="scaling"))
    # Without ids the ways part: there is something to draw lots for.
    plain = replace_ids(graph)
    assert (solve(plain, path=path).flow != solve(plain, path="scaling").flow).any()


@pytest.mark.parametrize(
    "options", [{}, {"edge_capacity": True}, {"edge_locked": True}, {"unit_load_cost": True}]
)
def test_shuffled_rows_give_the_same_pairs(options: dict[str, bool]) -> None:
    graph = crowd(7, **options)
    rng = np.random.default_rng(1)
    needs, edges = rng.permutation(graph.need_count), rng.permutation(graph.edge_count)
    place = np.argsort(needs)
    per_edge = {
        name: getattr(graph, name)[edges]
        for name in ("edge_offer", "edge_cost", "edge_capacity", "edge_locked")
        if getattr(graph, name) is not None
    }
    shuffled = with_ids(
        graph, needs=needs, need_quantity=graph.need_quantity[needs],
        need_priority=graph.need_priority[needs], need_whole=graph.need_whole[needs],
        edge_need=place[graph.edge_need[edges]], **per_edge,
    )  # fmt: skip
    assert pairs_of(solve(shuffled)) == pairs_of(solve(graph))


def test_one_place_more_moves_few() -> None:
    moved = {"with ids": 0, "without": 0}
    for seed in range(5):
        graph = crowd(seed)
        capacity = graph.offer_capacity.copy()
        capacity[seed] += 1
        for name, some in (("with ids", graph), ("without", replace_ids(graph))):
            changed = CandidateGraph(
                some.need_quantity, some.need_priority, capacity, some.edge_need, some.edge_offer,
                some.edge_cost, offer_unit=some.offer_unit, unit_capacity=some.unit_capacity,
                need_ids=some.need_ids, offer_ids=some.offer_ids,
            )  # fmt: skip
            moved[name] += int(np.abs(solve(changed).flow - solve(some).flow).sum())
    assert moved["with ids"] * 2 < moved["without"]


def test_costs_too_large_to_carry_lots_are_solved_without() -> None:
    graph = with_ids(random_graph(30, 6, 0, 90, seed=3))
    huge = with_ids(graph, edge_cost=graph.edge_cost << 36)
    assert solve(huge).cost == solve(graph).cost << 36
