"""The exact assignment: against everything tried, against another solver, and under changes of order."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, vstack

from matcher import UNLIMITED, CandidateGraph, nearest_first, serve_exactly, solve, verify
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs


@given(tiny_graphs())
def test_equals_the_best_of_all_assignments(graph: CandidateGraph) -> None:
    solution, best = solve(graph), find_best(graph)
    assert solution.status == "optimal"
    assert dict(solution.served_by_priority) == best.served_by_priority
    assert solution.cost == best.cost
    assert verify(graph, solution).proof == "duality"


@given(tiny_graphs())
def test_serving_the_urgent_first_costs_no_place_in_total(graph: CandidateGraph) -> None:
    assert sum(solve(graph).served_by_priority.values()) == find_best(graph).most_places


def rules_of(graph: CandidateGraph) -> tuple[csr_matrix, np.ndarray]:
    """Needs, offers and units as rows of a linear program over edges (no promises, no load)."""
    number = np.arange(graph.edge_count)
    of_unit = np.flatnonzero(graph.offer_unit[graph.edge_offer] >= 0)
    parts = [
        csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, graph.edge_count))
        for rows, columns, size in (
            (graph.edge_need, number, graph.need_count),
            (graph.edge_offer, number, graph.offer_count),
            (graph.offer_unit[graph.edge_offer[of_unit]], of_unit, graph.unit_count),
        )
    ]
    limit = np.concatenate([graph.need_quantity, graph.offer_capacity, graph.unit_capacity])
    return vstack(parts).tocsr(), limit


@pytest.mark.parametrize("seed", range(4))
def test_equals_linear_programs_solved_one_after_another(seed: int) -> None:
    graph = random_graph(120, 30, 8, 900, seed=seed, edge_capacity=True)
    solution = solve(graph)
    rules, limit = rules_of(graph)
    bounds = np.stack([np.zeros(graph.edge_count), graph.edge_capacity], axis=1)
    fixed = np.zeros((0, graph.edge_count))
    amounts: list[int] = []
    for priority in range(1, 6):
        counts = (graph.need_priority[graph.edge_need] == priority).astype(float)
        found = linprog(-counts, A_ub=rules, b_ub=limit, A_eq=fixed, b_eq=amounts, bounds=bounds)
        amounts.append(round(-found.fun))
        fixed = np.vstack([fixed, counts])
    found = linprog(graph.edge_cost, A_ub=rules, b_ub=limit, A_eq=fixed, b_eq=amounts, bounds=bounds)
    assert list(solution.served_by_priority.values()) == amounts
    assert solution.cost == round(found.fun)
    assert verify(graph, solution).proof == "duality"


def test_equals_an_integer_program_with_a_penalty() -> None:
    graph = random_graph(60, 15, 5, 300, seed=7)
    rules, limit = rules_of(graph)
    worth = (6 - graph.need_priority.astype(float))[graph.edge_need] * 1e6
    found = milp(
        graph.edge_cost - worth, integrality=np.ones(graph.edge_count),
        constraints=LinearConstraint(rules, -np.inf, limit), options={"mip_rel_gap": 0},
    )  # fmt: skip
    flow = np.rint(found.x).astype(np.int64)
    solution = solve(graph)
    assert solution.cost == int((flow * graph.edge_cost).sum())
    assert sum(solution.served_by_priority.values()) == int(flow.sum())


@pytest.mark.parametrize("seed", range(4))
def test_every_option_together_is_proved(seed: int) -> None:
    graph = random_graph(
        300, 60, 15, 3000, seed=seed, edge_capacity=True, edge_locked=True, unit_load_cost=True
    )
    solution = solve(graph)
    assert verify(graph, solution).proof == "duality"
    proof = solution.certificate()
    assert (proof.bound_level, proof.bound_cost) == (proof.served_level, proof.served_cost)
    assert sum(c.short_by for c in proof.shortages) > 0


def reorder(graph: CandidateGraph, rng: np.random.Generator) -> tuple[CandidateGraph, np.ndarray]:
    """The same problem with needs, offers and units renumbered and edges shuffled."""
    need, offer, unit, edge = (
        rng.permutation(n) for n in (graph.need_count, graph.offer_count, graph.unit_count, graph.edge_count)
    )
    back = [np.argsort(order) for order in (need, offer, unit)]
    mixed = CandidateGraph(
        graph.need_quantity[need], graph.need_priority[need], graph.offer_capacity[offer],
        back[0][graph.edge_need[edge]], back[1][graph.edge_offer[edge]], graph.edge_cost[edge],
        offer_unit=np.append(back[2], -1)[graph.offer_unit[offer]], unit_capacity=graph.unit_capacity[unit],
        edge_capacity=None if graph.edge_capacity is None else graph.edge_capacity[edge],
        edge_locked=graph.edge_locked[edge],
        unit_load_cost=None if graph.unit_load_cost is None else graph.unit_load_cost[unit],
    )  # fmt: skip
    return mixed, edge


@given(tiny_graphs(), st.integers(0, 2**32 - 1))
def test_renumbering_keeps_every_figure(graph: CandidateGraph, seed: int) -> None:
    mixed, _ = reorder(graph, np.random.default_rng(seed))
    solution, again = solve(graph), solve(mixed)
    assert dict(again.served_by_priority) == dict(solution.served_by_priority)
    assert again.cost == solution.cost
    assert again.bound == solution.bound


@pytest.mark.parametrize("method", [solve, nearest_first])
def test_permuting_edges_permutes_flow_alike(method) -> None:  # type: ignore[no-untyped-def]
    # Equal costs leave many optima to choose from.
    graph = random_graph(80, 20, 6, 600, seed=3, edge_capacity=True, edge_locked=True)
    graph = replace(graph, edge_cost=graph.edge_cost // 1000)
    order = np.random.default_rng(5).permutation(graph.edge_count)
    fields = ("edge_need", "edge_offer", "edge_cost", "edge_capacity", "edge_locked")
    mixed = replace(graph, **{name: getattr(graph, name)[order] for name in fields})
    assert method(mixed).flow.tolist() == method(graph).flow[order].tolist()


@given(tiny_graphs(locked=False), st.integers(50, 60), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_costs_up_to_the_end_of_the_range_are_exact(
    graph: CandidateGraph, shift: int, noise: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cost = graph.edge_cost.astype(object) * 2**shift + rng.integers(-(2**noise), 2**noise, graph.edge_count)
    total = max(1, int(graph.need_quantity.sum()))
    most = (2**62 - 100) // total
    graph = replace(graph, edge_cost=np.array([max(-most, min(most, c)) for c in cost], dtype=np.int64))
    solution, best = solve(graph), find_best(graph)
    assert dict(solution.served_by_priority) == best.served_by_priority
    assert solution.cost == best.cost
    verify(graph, solution)


def test_large_costs_on_a_wider_network_are_exact() -> None:
    graph = random_graph(40, 12, 4, 200, seed=2, edge_locked=True)
    rng = np.random.default_rng(1)
    wide = replace(graph, edge_cost=graph.edge_cost * 2**40 + rng.integers(0, 2**40, graph.edge_count))
    solution = solve(wide)
    assert verify(wide, solution).proof == "duality"
    assert dict(solution.served_by_priority) == dict(solve(graph).served_by_priority)


def test_quantities_may_be_huge() -> None:
    many = 10**12
    graph = CandidateGraph([many, 3 * many], [1, 2], [UNLIMITED, many], [0, 0, 1], [0, 1, 1], [3, 1, 4])
    solution = solve(graph)
    assert solution.served.tolist() == [many, many]
    assert solution.flow.tolist() == [many, 0, many]
    verify(graph, solution)


def test_promises_stay_even_beyond_what_there_is() -> None:
    graph = CandidateGraph([2, 2], [3, 1], [3], [0, 1], [0, 0], [10, 20], edge_locked=[4, 0])
    solution = solve(graph)
    assert solution.flow.tolist() == [4, 0]
    assert dict(solution.served_by_priority) == {1: 0, 2: 0, 3: 4, 4: 0, 5: 0}
    assert solution.cost == 40
    assert verify(graph, solution).unserved == 2


def test_load_cost_counts_from_the_promised_places() -> None:
    # The promise takes unit 0's first place, so one more there costs 10 and two at unit 1 cost 0 and 10.
    graph = CandidateGraph(
        [1, 2], [1, 1], [9, 9], [0, 1, 1], [0, 0, 1], [0, 0, 1],
        offer_unit=[0, 1], unit_load_cost=[[0, 10, 20], [0, 10, 20]], edge_locked=[1, 0, 0],
    )  # fmt: skip
    solution = solve(graph)
    assert solution.cost == 11
    verify(graph, solution)


def test_prices_say_who_holds_a_full_offer() -> None:
    graph = CandidateGraph([1, 1, 1], [1, 4, 4], [1, 1], [0, 1, 1, 2], [0, 0, 1, 1], [5, 1, 9, 2])
    solution = solve(graph)
    assert solution.flow.tolist() == [1, 0, 0, 1]
    prices = solution.prices
    assert prices is not None
    # A further place at offer 0 would cost the need of priority 1 its place; at offer 1, one of priority 4.
    assert prices.offer_level.tolist() == [5, 2]
    level, cost = prices.reduced_costs(graph)
    assert (level[0], cost[0], level[3], cost[3]) == (0, 0, 0, 0)
    assert (level[1], level[2], cost[2]) == (3, 0, 7)


def test_least_cost_of_as_many_places_as_by_hand() -> None:
    graph = random_graph(200, 40, 10, 1500, seed=4)
    by_hand = nearest_first(graph)
    cheapest = serve_exactly(graph, by_hand.served_by_priority)
    assert dict(cheapest.served_by_priority) == dict(by_hand.served_by_priority)
    assert cheapest.cost < by_hand.cost
    assert verify(graph, cheapest).proof == "none"
    assert serve_exactly(graph, solve(graph).served_by_priority).cost == solve(graph).cost
    with pytest.raises(ValueError, match="can't be served"):
        serve_exactly(graph, {1: 10**6})


def test_progress_names_every_step() -> None:
    heard: list[tuple[str, int, int]] = []
    solve(random_graph(30, 8, 3, 100, seed=1), progress=lambda *step: heard.append(step))
    assert [done for _, done, _ in heard] == list(range(len(heard)))
    assert all(done < steps for _, done, steps in heard)
    assert heard[-1][0] == "prices"


def test_frame_names_rows_and_leaves_unused_pairs_out() -> None:
    graph = CandidateGraph(
        [1, 2], [1, 1], [3, 3], [1, 0], [1, 0], [5, 7], offer_unit=[-1, 0], edge_locked=[1, 0],
        need_ids=["n1", "n2"], offer_ids=["o1", "o2"], unit_ids=["u1"], unit_capacity=[2],
    )  # fmt: skip
    rows = solve(graph).to_frame().to_dict("records")
    assert rows == [
        {"need": "n1", "offer": "o1", "unit": None, "places": 1, "locked": 0, "place_cost": 7},
        {"need": "n2", "offer": "o2", "unit": "u1", "places": 2, "locked": 1, "place_cost": 5},
    ]


def test_empty_problems_have_an_answer() -> None:
    nothing = CandidateGraph([], [], [], [], [], [])
    assert verify(nothing, solve(nothing)).served == 0
    alone = CandidateGraph([2, 3], [1, 2], [4], [], [], [])
    assert verify(alone, solve(alone)).unserved == 5


def test_priorities_and_places_that_are_none_are_refused() -> None:
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    for asked, told in (
        ({"1": 2}, "is '1', expected a whole number from 1 to 5"),
        ({9: 1}, "is 9, expected a whole number from 1 to 5"),
        ({1: 0.5}, r"served_by_priority\[1\] is 0.5"),
    ):
        with pytest.raises(ValueError, match=told):
            serve_exactly(graph, asked)  # type: ignore[arg-type]


def test_graphs_and_solutions_read_shortly_and_can_be_sent_elsewhere() -> None:
    graph = CandidateGraph([2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7])
    best = solve(graph)
    assert repr(graph) == "CandidateGraph(needs=2, offers=2, units=0, edges=3)"
    assert repr(best) == "Solution(status='optimal', places=3, cost=18, path='scaling')"
    for again in (pickle.loads(pickle.dumps(best)), copy.deepcopy(best)):
        assert again.served_by_priority == best.served_by_priority
        assert again.bound_by_priority == best.bound_by_priority
        with pytest.raises(TypeError):
            again.served_by_priority[1] = 9
        assert verify(again.graph, again).proof == "duality"
