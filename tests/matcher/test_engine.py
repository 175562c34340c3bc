"""The engine against OR-Tools and against all there is, on both its paths, for every kind of problem."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given

from matcher import UNLIMITED, CandidateGraph, GraphError, solve, verify
from matcher.engine.certify import is_optimal
from matcher.engine.general import pack
from matcher.engine.run import find_barrier, fits, run
from matcher.engine.together import fill_gaps
from matcher.layers import find_cheapest, find_most_places
from matcher.prices import find_potentials
from matcher.remainder import Remainder, find_remainder
from tests.matcher.brute import find_best
from tests.matcher.graphs import draw_held, random_graph, tiny_graphs

# The way by auction is compiled at set-up; the general one takes a minute and more at its first use,
# and nobody meets it who doesn't ask for it.
pytestmark = pytest.mark.timeout(1200)


def draw_graph(seed: int) -> CandidateGraph:
    """A problem of a random kind: ties, zero costs, large quantities, short or ample room, empty parts."""
    rng = np.random.default_rng(seed)
    needs, offers, units = int(rng.integers(1, 25)), int(rng.integers(1, 10)), int(rng.integers(0, 4))
    if rng.random() < 0.1:
        needs, offers, units = 90, 30, 8
    edges = int(needs * offers * rng.random() ** 2)
    options = {name: bool(rng.random() < 0.2) for name in ("edge_capacity", "edge_locked")}
    options["unit_load_cost"] = units > 0 and bool(rng.random() < 0.2)
    graph = random_graph(
        needs, offers, units, edges, seed=seed, room=float(rng.choice([0.2, 0.8, 1.5])), **options
    )
    if rng.random() < 0.4:
        graph = replace(graph, edge_cost=graph.edge_cost // int(rng.choice([500, 1000, 4000])))
    if rng.random() < 0.3:
        graph = enlarge(graph, rng)
    return graph


def enlarge(graph: CandidateGraph, rng: np.random.Generator) -> CandidateGraph:
    """The same problem with quantities ten to a hundred thousand times as large, none of them round."""
    most = 10 ** int(rng.integers(1, 6))
    return replace(
        graph,
        need_quantity=graph.need_quantity * most + rng.integers(0, most, graph.need_count),
        offer_capacity=graph.offer_capacity * most + rng.integers(0, most, graph.offer_count),
        unit_capacity=graph.unit_capacity * most,
    )


def value_of(rest: Remainder, flow: np.ndarray) -> tuple[dict[int, int], int]:
    """Places by weight and cost with the units' steps, counted plainly."""
    weight = rest.need_weight[rest.edge_need]
    unit = rest.offer_unit[rest.edge_offer]
    cost = int((flow * rest.edge_cost).sum())
    for u in range(len(rest.unit_row)):
        load = int(flow[unit == u].sum())
        for step in np.flatnonzero(rest.step_unit == u):
            here = min(load, int(rest.step_capacity[step]))
            cost += here * int(rest.step_cost[step])
            load -= here
    return {int(w): int(flow[weight == w].sum()) for w in np.unique(rest.need_weight)}, cost


def check_against_peer(graph: CandidateGraph, *paths: Literal["auction", "general"]) -> None:
    """The paths and OR-Tools agree in value, and in the prices that follow from the problem alone."""
    rest = find_remainder(graph)
    assert fits(rest)
    peer = find_cheapest(rest, find_most_places(rest))
    lengths = find_potentials(rest, peer)
    for path in paths:
        answer = run(rest, path=path)
        assert value_of(rest, answer.lay_flow(graph.edge_count)[rest.edge_row]) == value_of(rest, peer)
        for found, expected in (
            (answer.node.level, np.concatenate([lengths.offer.level, lengths.unit.level])),
            (answer.node.cost, np.concatenate([lengths.offer.cost, lengths.unit.cost])),
        ):
            assert found.tolist() == expected.tolist()
        verify(graph, solve(graph, path=path))


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_random_problems_equal_another_solver(start: int) -> None:
    for seed in range(start, start + 50):
        check_against_peer(draw_graph(seed), "auction")


def test_large_quantities_over_units_equal_another_solver() -> None:
    for seed in (*range(60), 1338):
        rng = np.random.default_rng(seed)
        needs, offers, units = int(rng.integers(1, 60)), int(rng.integers(1, 25)), int(rng.integers(0, 8))
        edges = int(needs * offers * rng.random())
        graph = random_graph(needs, offers, units, edges, seed=seed, room=float(rng.choice([0.2, 0.8, 1.5])))
        graph = enlarge(graph, rng)
        if rng.random() < 0.5:
            graph = replace(graph, edge_cost=graph.edge_cost // int(rng.choice([500, 1000, 4000])))
        check_against_peer(graph, "auction")


def test_offers_and_units_short_at_once_equal_another_solver() -> None:
    """Prices of offers and of their units' totals rise side by side, and either may hold a level."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        needs, offers, units = int(rng.integers(30, 300)), int(rng.integers(8, 40)), int(rng.integers(1, 12))
        quantity = rng.integers(1, 3, needs) * (1 if seed % 3 else int(rng.integers(1, 1000)))
        wanted = quantity.sum() * rng.choice([0.6, 0.8, 1.1, 1.3])
        pairs = int(rng.integers(2, 9))
        offer = [rng.choice(offers, pairs, replace=False) for _ in range(needs)]
        graph = CandidateGraph(
            quantity, rng.integers(1, 6, needs), rng.poisson(wanted / offers, offers),
            np.repeat(np.arange(needs), pairs), np.concatenate(offer),
            rng.integers(0, rng.choice([3, 50, 3000]), needs * pairs),
            offer_unit=rng.integers(-1, units, offers), unit_capacity=rng.poisson(wanted / units, units),
        )  # fmt: skip
        check_against_peer(graph, "auction")


@pytest.mark.large
@pytest.mark.parametrize("start", range(1000, 6000, 500))
def test_thousands_of_random_problems_equal_another_solver(start: int) -> None:
    for seed in range(start, start + 500):
        check_against_peer(draw_graph(seed), "auction", "general")


@given(tiny_graphs())
def test_equals_the_best_of_all_assignments(graph: CandidateGraph) -> None:
    best = find_best(graph)
    for path in ("scaling", "auction"):
        solution = solve(graph, path=path)
        assert dict(solution.served_by_priority) == best.served_by_priority
        assert solution.cost == best.cost


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(random_graph(700, 80, 20, 21_000, seed=5), id="few needs"),
        pytest.param(random_graph(50_000, 300, 0, 120_000, seed=6), id="many needs"),
        pytest.param(random_graph(700, 80, 20, 21_000, seed=5, unit_load_cost=True), id="load costs"),
    ],
)
def test_large_problems_go_by_auction(graph: CandidateGraph) -> None:
    check_goes_by_auction(graph)


@pytest.mark.large
def test_so_do_those_whose_costs_are_kept_narrow_on_any_threads() -> None:
    graph = random_graph(60_000, 900, 100, 620_000, seed=7)
    check_goes_by_auction(graph)
    assert solve(graph, threads=1).flow.tolist() == solve(graph, threads=2).flow.tolist()


def draw_street(seed: int) -> CandidateGraph:
    """Needs and offers along one street, each need in reach of the nearest few: so that it has two halves."""
    rng = np.random.default_rng(seed)
    needs, offers = int(rng.integers(30, 400)), int(rng.integers(8, 60))
    degree = min(offers, int(rng.integers(2, 7)))
    away = np.abs(rng.random(needs)[:, None] - np.sort(rng.random(offers)))
    near = np.argsort(away, axis=1)[:, :degree]
    cost = np.take_along_axis(away, near, 1) * int(rng.choice([5, 100, 5000]))
    quantity = rng.integers(1, 3, needs) * (1 if rng.random() < 0.7 else int(rng.integers(1, 1000)))
    mean = rng.choice([0.6, 0.8, 1.0, 1.1, 1.3]) * quantity.sum() / offers
    unit = np.arange(offers) // int(rng.integers(1, 6))
    unit[rng.random(offers) < 0.5] = -1
    edges = rng.permutation(needs * degree)
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), rng.poisson(mean, offers),
        np.repeat(np.arange(needs), degree)[edges], near.ravel()[edges], cost.astype(np.int64).ravel()[edges],
        offer_unit=unit, unit_capacity=rng.poisson(2 * mean, int(unit.max(initial=0)) + 1),
    )  # fmt: skip


def draw_limited(seed: int) -> CandidateGraph:
    """Pairs with room of their own, most of them where the offer is short or its unit, not both."""
    rng = np.random.default_rng(seed)
    needs, offers, units = int(rng.integers(1, 30)), int(rng.integers(1, 12)), int(rng.integers(1, 6))
    degree = min(offers, int(rng.integers(1, 7)))
    edge_offer = np.concatenate([rng.choice(offers, degree, replace=False) for _ in range(needs)])
    quantity, unit = rng.integers(1, 9, needs), rng.integers(-1, units, offers)
    capacity = rng.poisson(rng.choice([0.5, 1.0, 1.5]) * quantity.sum() / offers, offers)
    total = rng.poisson(rng.choice([0.5, 1.0, 1.5]) * quantity.sum() / units, units)
    given = np.bincount(unit[unit >= 0], capacity[unit >= 0], units).astype(np.int64)
    ample = rng.random(units) < 0.5
    total[ample] = given[ample] + rng.integers(0, 2)
    short = (unit >= 0) & (total < given)[unit] & (rng.random(offers) < 0.9)
    capacity[short] = total[unit[short]] + rng.integers(0, 2)
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), capacity, np.repeat(np.arange(needs), degree), edge_offer,
        rng.integers(0, int(rng.choice([3, 50, 3000])), needs * degree), offer_unit=unit, unit_capacity=total,
        edge_capacity=np.where(
            rng.random(needs * degree) < 0.5, rng.integers(0, 4, needs * degree), UNLIMITED
        ),
    )  # fmt: skip


def test_pairs_with_room_of_their_own_go_the_quick_way() -> None:
    taken = 0
    for seed in range(120):
        graph = draw_limited(seed)
        rest = find_remainder(graph)
        check_against_peer(graph, "auction")
        taken += rest.has_edge_limits
    assert taken > 80


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_load_costs_and_rooms_of_pairs_go_the_quick_way(start: int) -> None:
    """They come to another solver's prices too, and to its pairs where lots single these out."""
    for seed in range(start, start + 100):
        graph = draw_held(seed)
        check_against_peer(graph, "auction")
        solution, by_peer = (solve(graph, path=path) for path in ("auction", "scaling"))
        assert solution.path == "auction"
        assert solution.cost == by_peer.cost
        for name in ("need", "offer", "unit"):
            for part in ("level", "cost"):
                ours, theirs = (getattr(s.prices, f"{name}_{part}").tolist() for s in (solution, by_peer))
                assert ours == theirs
        if graph.need_ids is not None:
            assert solution.flow.tolist() == by_peer.flow.tolist()


def test_so_do_whole_needs_beside_them() -> None:
    for seed in range(60):
        graph = draw_held(seed)
        whole = np.random.default_rng(seed).random(graph.need_count) < 0.3
        graph = replace(graph, need_whole=whole)
        solution, by_peer = (solve(graph, path=path) for path in ("auction", "scaling"))
        assert solution.path == "auction"
        assert dict(solution.bound_by_priority) == dict(by_peer.bound_by_priority)
        verify(graph, solution)


def test_load_costs_of_nothing_change_nothing() -> None:
    plain = random_graph(200, 40, 12, 2000, seed=3)
    free = replace(plain, unit_load_cost=np.zeros((plain.unit_count, 9), np.int64))
    assert solve(free, path="auction").flow.tolist() == solve(plain, path="auction").flow.tolist()


def test_a_flow_that_a_room_or_a_load_cost_forbids_is_not_proved() -> None:
    for options in ({"edge_capacity": True}, {"unit_load_cost": True}):
        graph = random_graph(60, 15, 4, 400, seed=11, **options)
        rest = find_remainder(graph)
        plain = find_remainder(replace(graph, edge_capacity=None, unit_load_cost=None))
        wrong = run(plain, path="auction")
        flow = wrong.lay_flow(graph.edge_count)[rest.edge_row]
        level = 64 * find_barrier(rest)
        length = wrong.node.level * level + wrong.node.cost
        assert not is_optimal(pack(rest, by_offer=False), flow, length, level)


@pytest.fixture
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take small problems the way of large ones: halves, samples, and passes over the edges."""
    for module, name, least in (
        ("problem", "MANY_EDGES", 0),
        ("remainder", "MANY_EDGES", 0),
        ("engine.plain", "_EDGES_FOR_TWO", 0),
        ("engine.auction", "_MANY_NEEDS", 20),
        ("engine.phases", "_MOST_BETWEEN", 1.0),
    ):
        monkeypatch.setattr(f"matcher.{module}.{name}", least)


@pytest.mark.usefixtures("_small_is_large")
def test_the_ways_of_large_problems_are_exact_on_any_threads() -> None:
    for seed in range(60):
        street = draw_street(seed)
        check_against_peer(street, "auction")
        check_against_peer(draw_graph(seed), "auction")
        check_against_peer(draw_limited(seed), "auction")
        check_against_peer(draw_held(seed), "auction")
        if seed % 10 == 0:
            alone = solve(street, path="auction", threads=1)
            assert alone.flow.tolist() == solve(street, path="auction", threads=2).flow.tolist()


@pytest.mark.usefixtures("_small_is_large")
def test_spare_places_that_are_filled_together_are_filled_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much room as is wanted, where most places are left spare at a price: hardly any is filled alone."""
    monkeypatch.setattr("matcher.engine.plain._SINGLY", 0)
    together = []

    def fill(*arrays: Any) -> int:
        lack, before = arrays[15], int(arrays[15].sum())
        looked: int = fill_gaps(*arrays)
        together.append(before - int(lack.sum()))
        return looked

    monkeypatch.setattr("matcher.engine.plain.fill_gaps", fill)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        needs, offers, pairs = int(rng.integers(40, 400)), int(rng.integers(10, 40)), int(rng.integers(3, 9))
        quantity = rng.integers(1, 3, needs) * (1 if seed % 3 else 40)
        offer = np.concatenate([rng.choice(offers, pairs, replace=False) for _ in range(needs)])
        graph = CandidateGraph(
            quantity, rng.integers(1, 6, needs), rng.poisson(quantity.sum() * 1.02 / offers, offers),
            np.repeat(np.arange(needs), pairs), offer, rng.integers(0, 3000, needs * pairs),
            edge_capacity=rng.integers(1, 4, needs * pairs) if seed % 4 == 1 else None,
        )  # fmt: skip
        if seed % 2:
            units = int(rng.integers(2, 9))
            graph = replace(
                graph, offer_unit=rng.integers(-1, units, offers).astype(np.int32),
                unit_capacity=rng.poisson(quantity.sum() / units, units),
            )  # fmt: skip
        check_against_peer(graph, "auction")
    assert sum(filled > 0 for filled in together) > 20


@pytest.mark.usefixtures("_small_is_large")
def test_a_large_problem_s_repeated_pairs_are_named() -> None:
    with pytest.raises(GraphError) as caught:
        CandidateGraph([1, 1], [1, 1], [1], [1, 0, 1, 1], [0, 0, 0, 0], [5, 6, 7, 8])
    assert caught.value.complaints == (
        "edge 2 pairs need 1 with offer 0 as edge 0 does, expected each pair once",
        "edge 3 pairs need 1 with offer 0 as edge 2 does, expected each pair once",
    )


def check_goes_by_auction(graph: CandidateGraph) -> None:
    solution = solve(graph)
    assert solution.path == "auction"
    by_peer = solve(graph, path="scaling")
    assert solution.cost == by_peer.cost
    assert dict(solution.served_by_priority) == dict(by_peer.served_by_priority)
    verify(graph, solution)


def test_says_which_path_it_took() -> None:
    plain = random_graph(20, 5, 2, 60, seed=1)
    assert solve(plain).path == "scaling"
    assert solve(plain, path="auction").path == "auction"
    large = random_graph(700, 80, 0, 32_000, seed=5, edge_capacity=True)
    assert solve(replace(large, need_quantity=9 * large.need_quantity)).path == "scaling"
    assert solve(replace(plain, edge_cost=plain.edge_cost << 40), path="auction").path == "scaling"


@pytest.mark.large
def test_goes_by_the_general_path_where_it_is_asked_to() -> None:
    for load in (False, True):
        graph = random_graph(20, 5, 2, 60, seed=1, unit_load_cost=load)
        assert solve(graph, path="general").path == "general"


def test_any_order_of_edges_and_any_threads_give_the_same_flow() -> None:
    graph = random_graph(150, 40, 12, 1500, seed=3)
    graph = replace(graph, edge_cost=graph.edge_cost // 1000)
    order = np.random.default_rng(1).permutation(graph.edge_count)
    mixed = replace(
        graph,
        **{n: getattr(graph, n)[order] for n in ("edge_need", "edge_offer", "edge_cost", "edge_locked")},
    )
    for path in ("scaling", "auction"):
        flow = solve(graph, path=path).flow
        assert solve(mixed, threads=2, path=path).flow.tolist() == flow[order].tolist()
        assert solve(graph, threads=1, seed=5, path=path).flow.tolist() == flow.tolist()
