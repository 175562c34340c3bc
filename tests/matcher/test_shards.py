"""Tiles that agree on prices, against one solve and the independent check."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import CandidateGraph, Solution, solve, verify
from matcher.remainder import find_remainder
from matcher.shards.cut import cut_needs
from matcher.shards.parts import Answer, Task, cut_parts, divide
from matcher.shards.prices import Value
from matcher.shards.solve import solve_tiles
from tests.matcher.graphs import random_graph, tiny_graphs

plain_graphs = tiny_graphs(load=False)


def make_town(needs: int, offers: int, *, units: int = 0, seed: int = 1) -> tuple[CandidateGraph, np.ndarray]:
    """Homes and offers on a square, the nearest eight of each home its pairs; where the homes are."""
    rng = np.random.default_rng(seed)
    home, place = rng.random((needs, 2)) * 4000, rng.random((offers, 2)) * 4000
    metres = np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1))
    near = np.argsort(metres, axis=1)[:, :8]
    quantity = rng.integers(1, 3, needs)
    capacity = np.rint(rng.random(offers) * 1.8 * quantity.sum() / offers)
    unit = {}
    if units:
        unit_of = (place[:, 0] // (4000 / units)).astype(int)
        unit = {"offer_unit": unit_of, "unit_capacity": np.bincount(unit_of, capacity, units) // 1.2}
    graph = CandidateGraph(
        quantity, rng.integers(1, 6, needs), capacity, np.repeat(np.arange(needs), 8), near.ravel(),
        np.rint(np.take_along_axis(metres, near, 1)).ravel(), **unit,
    )  # fmt: skip
    return graph, home


def figures(solution: Solution) -> tuple[dict[int, int], int]:
    return dict(solution.served_by_priority), solution.cost


def value_of(graph: CandidateGraph, solution: Solution) -> Value:
    """Levels and cost beyond promises, comparable with a round's."""
    from matcher.solution import find_value

    level, cost = find_value(graph, solution.flow - graph.edge_locked)
    return Value(level, cost, 0)


def check_bound(graph: CandidateGraph, found: Solution, best: Solution) -> None:
    """No more is claimed of the best than holds, urgent first."""
    assert found.bound_by_priority is not None
    for priority in range(1, 6):
        upto = range(1, priority + 1)
        assert sum(best.served_by_priority[p] for p in upto) <= sum(found.bound_by_priority[p] for p in upto)


@given(plain_graphs, st.integers(1, 4), st.integers(0, 2**32))
def test_left_to_themselves_tiles_end_with_the_optimum(graph: CandidateGraph, tiles: int, seed: int) -> None:
    place = np.random.default_rng(seed).random((graph.need_count, 2))
    place[seed % graph.need_count :: 3] = np.nan
    found = solve_tiles(graph, tiles, need_place=place).solution
    assert found.status == "optimal"
    assert figures(found) == figures(solve(graph))
    verify(graph, found)


@given(plain_graphs, st.integers(2, 4), st.integers(1, 2))
def test_any_round_is_feasible_with_a_gap_that_holds(graph: CandidateGraph, tiles: int, most: int) -> None:
    place = np.arange(2 * graph.need_count).reshape(-1, 2)
    tiled = solve_tiles(graph, tiles, need_place=place, most_rounds=most)
    verify(graph, tiled.solution)
    best = solve(graph)
    check_bound(graph, tiled.solution, best)
    if tiled.rounds:
        bound, value = tiled.rounds[-1].bound, value_of(graph, best)
        assert (bound.level, -bound.cost) >= (value.level, -value.cost)
        assert (tiled.solution.status == "optimal") == tiled.rounds[-1].is_closed


@given(tiny_graphs(whole=True), st.integers(1, 3))
def test_whole_needs_and_load_costs_are_kept(graph: CandidateGraph, tiles: int) -> None:
    place = np.zeros((graph.need_count, 2))
    found, best = solve_tiles(graph, tiles, need_place=place).solution, solve(graph)
    verify(graph, found)
    assert found.status == best.status
    if best.status == "optimal":
        assert figures(found) == figures(best)


@pytest.mark.parametrize("units", [0, 3])
def test_exchange_closes_the_gap_that_seams_leave(units: int) -> None:
    graph, home = make_town(700, 90, units=units)
    tiled = solve_tiles(graph, 4, need_place=home)
    first = tiled.rounds[0]
    assert first.parts == 4
    assert not first.is_closed
    assert all(later.value.worth >= earlier.value.worth and later.bound.worth <= earlier.bound.worth
               for earlier, later in zip(tiled.rounds, tiled.rounds[1:], strict=False))  # fmt: skip
    assert figures(tiled.solution) == figures(solve(graph))
    assert verify(graph, tiled.solution).proof == "duality"
    early = solve_tiles(graph, 4, need_place=home, gap=0.01)
    assert 0 <= (early.rounds[-1].gap_cost or 0) <= 0.01
    verify(graph, early.solution)


def test_one_tile_is_one_solve() -> None:
    graph, home = make_town(300, 40)
    tiled = solve_tiles(graph, 1, need_place=home)
    assert len(tiled.rounds) == 1
    assert figures(tiled.solution) == figures(solve(graph))


def test_the_order_of_rows_changes_no_figure() -> None:
    graph, home = make_town(400, 50, units=2)
    rng = np.random.default_rng(3)
    edge, need = rng.permutation(graph.edge_count), rng.permutation(graph.need_count)
    by_edge = replace(
        graph, edge_need=graph.edge_need[edge], edge_offer=graph.edge_offer[edge],
        edge_cost=graph.edge_cost[edge], edge_locked=graph.edge_locked[edge],
    )  # fmt: skip
    by_need = replace(
        graph, need_quantity=graph.need_quantity[need], need_priority=graph.need_priority[need],
        edge_need=np.argsort(need)[graph.edge_need],
    )  # fmt: skip
    for most in (1, None):
        found = solve_tiles(graph, 3, need_place=home, most_rounds=most).solution
        other = solve_tiles(by_edge, 3, need_place=home, most_rounds=most).solution
        assert other.flow.tolist() == found.flow[edge].tolist()
    assert figures(solve_tiles(by_need, 3, need_place=home[need]).solution) == figures(found)


def test_parts_are_solved_wherever_they_are_sent() -> None:
    graph, home = make_town(300, 40)

    def send(work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        for task in list(tasks):
            yield pickle.loads(pickle.dumps(work(pickle.loads(pickle.dumps(task)))))

    here, there = (solve_tiles(graph, 4, need_place=home, run=run) for run in (None, send))
    assert here.rounds == there.rounds
    assert here.solution.flow.tolist() == there.solution.flow.tolist()


def test_small_machines_end_with_a_certain_gap() -> None:
    graph, home = make_town(700, 90)
    most = graph.edge_count // 3
    tiled = solve_tiles(graph, 4, need_place=home, most_pairs=most)
    assert all(done.pairs <= 1.05 * most for done in tiled.rounds)
    verify(graph, tiled.solution)
    check_bound(graph, tiled.solution, solve(graph))
    assert tiled.rounds[-1].gap_places < tiled.rounds[0].gap_places / 2


def test_tiles_lie_together_and_are_alike_in_size() -> None:
    graph, home = make_town(800, 90)
    rest = find_remainder(graph)
    piece = cut_needs(rest, np.arange(len(rest.need_row)), 5, home[rest.need_row])
    sizes = np.bincount(piece[rest.edge_need])
    assert len(sizes) == 5
    assert sizes.max() <= sizes.min() + 30
    spread = sum(home[rest.need_row][piece == p].std(axis=0).sum() for p in range(5)) / 5
    assert spread < 0.7 * home.std(axis=0).sum()
    unplaced = home.copy()
    unplaced[::2] = np.nan
    again = cut_needs(rest, np.arange(len(rest.need_row)), 5, unplaced[rest.need_row])
    assert len(np.unique(again)) == 5


def test_shares_add_up_to_what_there_is() -> None:
    graph = random_graph(60, 12, 4, 300, seed=2)
    rest = find_remainder(graph)
    piece = np.arange(len(rest.need_row)) % 3
    shares = np.zeros(len(rest.offer_capacity), np.int64)
    for part, task in cut_parts(rest, np.zeros(len(rest.edge_need), np.int64), piece, 3, 1):
        shares[part.offers] += task.graph.offer_capacity
    assert shares.tolist() == rest.offer_capacity.tolist()
    large = np.array([1 << 40, 7, 0])
    assert (
        divide(large, np.array([[1.0, 2.0, 0.0], [0, 0, 0], [1, 1, 1]])).sum(axis=1).tolist()
        == large.tolist()
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [({"tiles": 0}, "at least 1"), ({"tiles": 2, "gap": 1.0}, "below 1"),
     ({"tiles": 2, "need_place": np.zeros((3, 2))}, "need_place has shape")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        solve_tiles(make_town(20, 10)[0], **options)  # type: ignore[arg-type]
