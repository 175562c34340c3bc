"""How long a match takes in which some offers reach everyone, without a pair for each of their needs.

    python benchmarks/bench_wide.py [--size NEEDSxOFFERS] [--wide N] [--nearest K] [--share S] [--seed S]

The town of `matching.py`: needs around centres, each with its K nearest offers as pairs. Beside them N offers
anywhere reach all needs, at the distance between the two, with room for a share S of all places wanted. Three
times are taken: without these offers (`solve`), with them told by a function (`solve_wide`), and, up to
20,000,000 pairs, with all their pairs as edges (`solve`); the last two must agree in places by priority and
in cost. What is told by a function goes through `verify` too. Seconds by the clock and of the processor.
"""

from __future__ import annotations

import argparse
import resource

import numpy as np
from matching import Spent, draw_homes, make_problem
from scipy.spatial import cKDTree

from matcher import CandidateGraph, Solution, solve, verify
from matcher.wide import WideSolution, solve_wide

MOST_EDGES = 20_000_000


class Town:
    """Needs with their nearest offers, and offers that reach everyone."""

    def __init__(self, needs: int, offers: int, wide: int, nearest: int, share: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        centre, self.home = draw_homes(rng, needs)
        place = centre[rng.integers(0, len(centre), offers)] + rng.normal(0, 600, (offers, 2))
        distance, offer = cKDTree(place).query(self.home, nearest)
        self.quantity, self.priority = rng.integers(1, 3, needs), rng.integers(1, 6, needs)
        wanted = int(self.quantity.sum())
        self.capacity = np.rint(rng.random(offers) * 2 * 0.9 * wanted / offers).astype(np.int64)
        self.edge_need, self.edge_offer = np.repeat(np.arange(needs), nearest), offer.ravel()
        self.edge_cost = np.rint(distance).astype(np.int64).ravel()
        self.wide_place = rng.normal(0, 8000, (wide, 2))
        self.wide_capacity = np.rint(rng.random(wide) * 2 * share * wanted / max(wide, 1)).astype(np.int64)

    def cost_of(self, needs: np.ndarray, offers: np.ndarray) -> np.ndarray:
        """Rounded metres; offers are rows of the graph with the wide ones."""
        away = self.home[needs, None, :] - self.wide_place[offers - len(self.capacity)]
        return np.rint(np.sqrt((away * away).sum(axis=2))).astype(np.int64)

    def make_graph(self, *, has_wide: bool, has_all: bool = False) -> CandidateGraph:
        """The graph without the wide offers, with them but without pairs, or with all their pairs."""
        capacity, wide = self.capacity, np.arange(len(self.wide_capacity))
        need, offer, cost = self.edge_need, self.edge_offer, self.edge_cost
        if has_wide:
            capacity = np.concatenate([capacity, self.wide_capacity])
        if has_all:
            needs = np.arange(len(self.quantity))
            need = np.concatenate([need, np.repeat(needs, len(wide))])
            offer = np.concatenate([offer, np.tile(wide + len(self.capacity), len(needs))])
            cost = np.concatenate([cost, self.cost_of(needs, wide + len(self.capacity)).ravel()])
        return CandidateGraph(self.quantity, self.priority, capacity, need, offer, cost)


def timed(run):  # type: ignore[no-untyped-def]
    start = Spent.now()
    found = run()
    return found, Spent.now().since(start)


def tell(name: str, solution: Solution, pairs: int, spent: Spent, base: Spent) -> None:
    print(
        f"| {name} | {pairs:,} | {sum(solution.served_by_priority.values()):,} | {spent.clock:.2f} s "
        f"| {spent.processor:.2f} s | {spent.processor / base.processor:.1f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="100000x5000", help="NEEDSxOFFERS")
    parser.add_argument("--wide", type=int, default=100, help="offers that reach everyone")
    parser.add_argument("--nearest", type=int, default=30, help="other pairs of a need")
    parser.add_argument("--share", type=float, default=0.2, help="room of the wide offers, of what is wanted")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    needs, offers = map(int, chosen.size.split("x"))
    for quantity in (1, 2):  # compile, or load, before anything is timed; many needs have loops of their own
        solve(make_problem(60_000, 100, 10, quantity, 0, chosen.seed))
    small = Town(30_000, 100, 20, 20, 0.1, chosen.seed)
    solve_wide(small.make_graph(has_wide=True), 100 + np.arange(20), small.cost_of)
    town = Town(needs, offers, chosen.wide, chosen.nearest, chosen.share, chosen.seed)
    print(f"{needs:,} x {offers:,} and {chosen.wide:,} that reach everyone\n")
    print("| problem | pairs | places | by the clock | of the processor | times |")
    print("|---|---|---|---|---|---|")
    graph = town.make_graph(has_wide=False)
    without, base = timed(lambda: solve(graph))
    tell("without them", without, graph.edge_count, base, base)
    graph = town.make_graph(has_wide=True)
    wide = offers + np.arange(chosen.wide)
    found, spent = timed(lambda: solve_wide(graph, wide, town.cost_of))
    assert isinstance(found, WideSolution)
    tell("told by a function", found.solution, found.solution.graph.edge_count, spent, base)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    every = needs * (chosen.nearest + chosen.wide)
    if every <= MOST_EDGES:
        full = town.make_graph(has_wide=True, has_all=True)
        explicit, spent = timed(lambda: solve(full))
        tell("all as edges", explicit, full.edge_count, spent, base)
        ours = (found.solution.served_by_priority, found.solution.cost)
        if ours != (explicit.served_by_priority, explicit.cost):
            raise SystemExit(f"with all pairs {explicit.served_by_priority}, {explicit.cost}; without {ours}")
    verify(found.solution.graph, found.solution)
    print(f"\nmemory at most until it was told by a function: {memory:.1f} GB")
    for at, done in enumerate(found.rounds, 1):
        print(
            f"round {at}: {done.pairs:,} pairs, {done.violators:,} of {done.left_out:,} left out would gain"
        )


if __name__ == "__main__":
    main()
