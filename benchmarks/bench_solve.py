"""How fast the exact engine is beside other exact solvers, on the same problems in the same run.

    python benchmarks/bench_solve.py [--sizes NEEDSxOFFERS,...] [--nearest K] [--seed S]

Each need has its K nearest offers. All answers must agree in places by priority and in cost. The solvers:
`networkx` network simplex and `scipy` integer programming get the same penalty per place (their answers are
compared, so it must be large enough); both are left out above a size at which they would take minutes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_matrix, vstack
from scipy.spatial import cKDTree

from matcher import CandidateGraph, nearest_first, solve, verify

MOST_EDGES = {"networkx": 20_000, "scipy milp": 60_000, "scipy assignment": 2_000 * 2_000}
Value = tuple[list[int], int]


def make_problem(needs: int, offers: int, nearest: int, seed: int) -> CandidateGraph:
    """Homes around centres, offers near them, capacities that serve about everybody."""
    rng = np.random.default_rng(seed)
    centre = rng.normal(0, 8000, (max(3, needs // 400), 2))
    home = centre[rng.integers(0, len(centre), needs)] + rng.normal(0, 300, (needs, 2))
    place = centre[rng.integers(0, len(centre), offers)] + rng.normal(0, 600, (offers, 2))
    distance, offer = cKDTree(place).query(home, nearest)
    quantity = rng.integers(1, 6, needs)
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), rng.poisson(quantity.sum() / offers, offers),
        np.repeat(np.arange(needs), nearest), offer.ravel(), np.rint(distance).ravel(),
    )  # fmt: skip


def weigh(graph: CandidateGraph) -> np.ndarray:
    """Cost of each edge with a reward for urgency that outweighs any detour."""
    reward = int(graph.edge_cost.max()) * min(graph.need_count, graph.offer_count) + 1
    return graph.edge_cost - reward * (6 - graph.need_priority.astype(np.int64))[graph.edge_need]


def value_of(graph: CandidateGraph, flow: np.ndarray) -> Value:
    served = np.bincount(graph.edge_need, flow, graph.need_count)
    by_priority = [int(served[graph.need_priority == p].sum()) for p in range(1, 6)]
    return by_priority, int((flow * graph.edge_cost).sum())


def run_networkx(graph: CandidateGraph) -> Value:
    network = nx.DiGraph()
    total = int(graph.need_quantity.sum())
    network.add_node("source", demand=-total)
    network.add_node("sink", demand=total)
    network.add_edge("source", "sink", capacity=total, weight=0)
    for n, quantity in enumerate(graph.need_quantity.tolist()):
        network.add_edge("source", ("need", n), capacity=quantity, weight=0)
    for o, capacity in enumerate(graph.offer_capacity.tolist()):
        network.add_edge(("offer", o), "sink", capacity=capacity, weight=0)
    ends = list(zip(graph.edge_need.tolist(), graph.edge_offer.tolist(), strict=True))
    for (n, o), weight in zip(ends, weigh(graph).tolist(), strict=True):
        network.add_edge(("need", n), ("offer", o), weight=weight)
    found = nx.network_simplex(network)[1]
    return value_of(graph, np.array([found["need", n]["offer", o] for n, o in ends]))


def run_milp(graph: CandidateGraph) -> Value:
    edges = np.arange(graph.edge_count)
    rules = vstack([
        csr_matrix((np.ones(len(edges)), (graph.edge_need, edges)), shape=(graph.need_count, len(edges))),
        csr_matrix((np.ones(len(edges)), (graph.edge_offer, edges)), shape=(graph.offer_count, len(edges))),
    ])  # fmt: skip
    limit = np.concatenate([graph.need_quantity, graph.offer_capacity])
    found = milp(
        weigh(graph), integrality=np.ones(len(edges)), constraints=LinearConstraint(rules, -np.inf, limit),
        options={"mip_rel_gap": 0},
    )  # fmt: skip
    return value_of(graph, np.rint(found.x).astype(np.int64))


def run_assignment(graph: CandidateGraph) -> Value:
    """One row per place wanted, one column per place offered, dense."""
    need = np.repeat(np.arange(graph.need_count), graph.need_quantity)
    offer = np.repeat(np.arange(graph.offer_count), graph.offer_capacity)
    edge = np.full((graph.need_count, graph.offer_count), -1)
    edge[graph.edge_need, graph.edge_offer] = np.arange(graph.edge_count)
    rows = edge[need][:, offer]
    worth = np.append(weigh(graph), 0).astype(float)[rows]
    taken = rows[linear_sum_assignment(worth)]
    return value_of(graph, np.bincount(taken[taken >= 0], minlength=graph.edge_count))


def timed(run: Callable[[], Value]) -> tuple[Value, float]:
    start = time.perf_counter()
    return run(), time.perf_counter() - start


def compare(graph: CandidateGraph) -> None:
    """Time all solvers on one problem and check that they agree."""
    start = time.perf_counter()
    solution = solve(graph)
    solved = time.perf_counter() - start
    verify(graph, solution)
    checked = time.perf_counter() - start - solved
    start = time.perf_counter()
    by_hand = nearest_first(graph)
    walked = time.perf_counter() - start
    print(f"{graph.need_count} needs, {graph.offer_count} offers, {graph.edge_count} pairs")
    print(f"  {'linli, with prices':24}{solved:9.2f} s")
    print(f"  {'its independent check':24}{checked:9.2f} s")
    gained = sum(solution.served_by_priority.values()) - sum(by_hand.served_by_priority.values())
    print(f"  {'by-hand rule':24}{walked:9.2f} s  ({gained} places fewer)")
    size = {
        "networkx": graph.edge_count,
        "scipy milp": graph.edge_count,
        "scipy assignment": int(graph.need_quantity.sum() * graph.offer_capacity.sum()),
    }
    solvers = {"networkx": run_networkx, "scipy milp": run_milp, "scipy assignment": run_assignment}
    expected = (list(solution.served_by_priority.values()), solution.cost)
    for name, run in solvers.items():
        if size[name] > MOST_EDGES[name]:
            print(f"  {name:24}  left out at this size")
            continue
        found, seconds = timed(lambda run=run: run(graph))
        if found != expected:
            raise SystemExit(f"{name} finds {found}, linli {expected}")
        print(f"  {name:24}{seconds:9.2f} s  {seconds / solved:8.1f} times as long, same answer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="200x40,1000x150,5000x500", help="NEEDSxOFFERS, several by commas")
    parser.add_argument("--nearest", type=int, default=10, help="pairs per need")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    # The first use loads the engine's library, which is no part of any problem.
    solve(make_problem(20, 5, 3, chosen.seed))
    for size in chosen.sizes.split(","):
        needs, offers = map(int, size.split("x"))
        compare(make_problem(needs, offers, min(chosen.nearest, offers), chosen.seed))


if __name__ == "__main__":
    main()
