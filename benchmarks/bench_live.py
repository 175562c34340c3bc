"""How long the live match takes for one event, and whether its objective equals a fresh solve at the end.

    python benchmarks/bench_live.py [--size NEEDSxOFFERS] [--units N] [--pairs K] [--events N] [--seed S]

Two towns: in one the offers of a need are drawn anywhere, in the other they are the nearest. In each:
arrivals, withdrawals, units that leave and come back, units that leave for good one after another, offers
that leave and join, and a mix. Times are those of the processor, for the whole call, in microseconds;
compiling is done before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from scipy.spatial import cKDTree

from matcher import CandidateGraph, solve, verify
from matcher.live import Change, LiveMatch


class Town:
    """Homes around centres, offers near them, and who could serve whom."""

    def __init__(self, offers: int, pairs: int, seed: int, *, nearest: bool) -> None:
        self.rng = np.random.default_rng(seed)
        self.centre = self.rng.normal(0, 8000, (max(3, offers // 20), 2))
        self.place = self._draw(offers, 600)
        self.tree = cKDTree(self.place)
        self.pairs = min(pairs, offers)
        self.nearest = nearest

    def _draw(self, count: int, spread: float) -> np.ndarray:
        around = self.centre[self.rng.integers(0, len(self.centre), count)]
        return around + self.rng.normal(0, spread, (count, 2))

    def draw_needs(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Offers and costs of the pairs of so many needs, one row each."""
        if self.nearest:
            distance, offer = self.tree.query(self._draw(count, 300), self.pairs)
            return offer, np.rint(distance).astype(np.int64)
        offer = self.rng.integers(0, len(self.place), (count, self.pairs))
        for row in offer:
            while len(set(row.tolist())) < self.pairs:
                row[:] = self.rng.choice(len(self.place), self.pairs, replace=False)
        return offer, self.rng.integers(0, 3000, offer.shape)

    def make_problem(self, needs: int, units: int, room: float) -> CandidateGraph:
        """Room for a share of what is wanted, quantities of 1 and 2, all priorities."""
        rng, offers = self.rng, len(self.place)
        offer, cost = self.draw_needs(needs)
        quantity = rng.integers(1, 3, needs)
        options = {}
        if units:
            options["offer_unit"] = rng.integers(0, units, offers)
            options["unit_capacity"] = rng.poisson(room * quantity.sum() / units, units)
        return CandidateGraph(
            quantity, rng.integers(1, 6, needs), rng.poisson(room * quantity.sum() / offers, offers),
            np.repeat(np.arange(needs), self.pairs), offer.ravel(), cost.ravel(), **options,
        )  # fmt: skip


def measure(name: str, run: Callable[[], Change], times: int) -> None:
    """Tell how long one kind of event takes."""
    measure_turns({name: run}, times)


def measure_turns(runs: dict[str, Callable[[], Change]], times: int) -> None:
    """Tell how long kinds of events take that come by turns."""
    spent = {name: np.empty(times) for name in runs}
    moved = {name: np.empty(times) for name in runs}
    for k in range(times):
        for name, run in runs.items():
            start = time.thread_time_ns()
            change = run()
            spent[name][k] = (time.thread_time_ns() - start) / 1000
            moved[name][k] = len({move.need for move in change.moves})
    for name in runs:
        (p50, p99), most = np.percentile(spent[name], [50, 99]), spent[name].max()
        print(
            f"  {name:20}{times:7} events   p50 {p50:9.0f}   p99 {p99:9.0f}   most {most:9.0f} µs"
            f"   needs changed: {moved[name].mean():6.1f}, p99 {np.percentile(moved[name], 99):5.0f}",
            flush=True,
        )


def run_town(  # noqa: C901 (a kind of event each)
    town: Town, needs: int, units: int, room: float, count: int
) -> None:
    graph = town.make_problem(needs, units, room)
    start = time.process_time()
    solution = solve(graph)
    solved = time.process_time() - start
    live = LiveMatch(graph, solution=solution)
    laid = time.process_time() - start - solved
    print(f"  solved in {solved:.1f} s, laid out with prices in {laid:.1f} s (processor)", flush=True)
    rng, more = town.rng, town.draw_needs(3 * count)
    arrived = iter(range(3 * count))
    gone = iter(rng.permutation(needs))
    units_left = iter(rng.permutation(units).tolist())
    offers_left = iter(rng.permutation(len(town.place)).tolist())

    def arrive() -> Change:
        k = next(arrived)
        return live.need_arrives(int(rng.integers(1, 3)), int(rng.integers(1, 6)), more[0][k], more[1][k])

    def withdraw() -> Change:
        return live.need_withdrawn(next(gone))

    offers_of = [np.flatnonzero(graph.offer_unit == unit).tolist() for unit in range(units)]
    for_a_while = iter(rng.permutation(units).tolist())
    away: list[int] = []

    def take_leave() -> Change:
        away.append(next(for_a_while))
        return live.unit_leaves(away[-1])

    def come_back() -> Change:
        unit = away.pop()
        for offer in offers_of[unit]:
            live.capacity_changes(offer, int(graph.offer_capacity[offer]))
        return live.unit_capacity_changes(unit, int(graph.unit_capacity[unit]))

    def leave() -> Change:
        return live.offer_leaves(next(offers_left))

    def join() -> Change:
        chosen = rng.choice(needs, 600, replace=False)
        return live.offer_joins(int(rng.poisson(25)), chosen, rng.integers(0, 3000, 600))

    def mix() -> Change:
        chance = rng.random()
        if chance < 0.49:
            return arrive()
        if chance < 0.97:
            return withdraw()
        return leave() if chance < 0.985 else join()

    measure("need arrives", arrive, count)
    measure("need withdrawn", withdraw, count)
    if units:
        measure_turns({"unit leaves": take_leave, "unit comes back": come_back}, min(100, units // 4))
        measure("units leave for good", lambda: live.unit_leaves(next(units_left)), min(100, units // 4))
    measure("offer leaves", leave, min(100, len(town.place) // 8))
    measure("offer joins", join, 100)
    measure("mixed", mix, count)
    found = live.solution()
    verify(found.graph, found)
    fresh = solve(found.graph)
    if (found.served_by_priority, found.cost) != (fresh.served_by_priority, fresh.cost):
        raise SystemExit("the live match isn't the optimum")
    print(f"  equals a fresh solve: {dict(found.served_by_priority)}, cost {found.cost}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="10000x1000", help="NEEDSxOFFERS; goals: 100000x5000")
    parser.add_argument("--units", type=int, default=400)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--room", type=float, default=1.1, help="places offered for each one wanted")
    parser.add_argument("--events", type=int, default=2000, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    needs, offers = map(int, chosen.size.split("x"))
    start = time.process_time()
    first = LiveMatch(CandidateGraph([1], [1], [1], [0], [0], [1]))
    first.need_arrives(1, 1, [0], [1])
    print(f"loading or compiling: {time.process_time() - start:.1f} s")
    for nearest in (False, True):
        print(f"{needs} needs, {offers} offers, {'the nearest' if nearest else 'anywhere'}")
        town = Town(offers, chosen.pairs, chosen.seed, nearest=nearest)
        run_town(town, needs, chosen.units, chosen.room, chosen.events)


if __name__ == "__main__":
    main()
