"""How far tiles are from the optimum, round by round, beside tiles with a plain top-up and one solve.

    python benchmarks/bench_shards.py [--sizes NEEDSxOFFERS,...] [--tiles T] [--gap G] [--most-pairs P]
                                      [--units U] [--rounds R] [--only-tiles]
                                      [--cluster local|ADDRESS] [--seed S]

The problems are those of `matching.py`; needs are cut by the place of their homes. Tiles run one after
another in this process: `longest part` is what a round takes where each part has a machine of its own,
`between` what is done before and after the parts where the whole problem is held. Seconds of the processor.
Places count by urgency: one of priority p as 6 - p. The gap in cost is told once as many are served as can
be. On a cluster (Dask) parts run side by side: then `all parts` is told by the clock, from the first given
out to the last that came back, `longest part` is empty, and the processor's seconds and the most memory of
this process and of its workers on this machine stand at the end.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from matching import draw_homes, make_problem

from matcher import CandidateGraph, Solution, solve, verify
from matcher.shards.parts import Answer, Run, Task
from matcher.shards.solve import Round, solve_tiles


class Clock:
    """Runs parts one after another, or on a cluster, and keeps what they took."""

    def __init__(self, cluster: Run | None) -> None:
        self.cluster = cluster
        self.parts: list[float] = []
        self.now = time.perf_counter if cluster else time.process_time
        self.start = self.now()

    def run(self, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        start = self.now()
        if self.cluster is not None:
            answers = list(self.cluster(work, tasks))
            self.parts.append(self.now() - start)
            yield from answers
            return
        for task in tasks:
            start = self.now()
            answer = work(task)
            self.parts.append(self.now() - start)
            yield answer

    def read(self) -> tuple[str, str, str]:
        """Seconds since the last time: all parts, the longest, and between the parts; begins anew."""
        total = self.now() - self.start
        longest = "" if self.cluster else f"{max(self.parts, default=0.0):.1f} s"
        found = f"{sum(self.parts):.1f} s", longest, f"{total - sum(self.parts):.1f} s"
        self.parts, self.start = [], self.now()
        return found


def worth(solution: Solution) -> int:
    return sum((6 - p) * places for p, places in solution.served_by_priority.items())


def top_up(tiled: Solution) -> tuple[int, int]:
    """Serve what tiles left over from what they left free, taking nothing back; gives levels and cost."""
    graph = tiled.graph
    used = np.bincount(graph.edge_offer, tiled.flow, graph.offer_count).astype(np.int64)
    inside = graph.offer_unit >= 0
    unit_used = np.bincount(graph.offer_unit[inside], used[inside], graph.unit_count).astype(np.int64)
    rest = replace(
        graph,
        need_quantity=graph.need_quantity - tiled.served,
        offer_capacity=graph.offer_capacity - used,
        unit_capacity=graph.unit_capacity - unit_used,
    )
    more = solve(rest)
    return worth(tiled) + worth(more), tiled.cost + more.cost


def show(name: str, cells: Iterable[object]) -> None:
    print(f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def percent(part: float | None) -> str:
    return "" if part is None else f"{100 * part:.4f} %"


def measure(
    graph: CandidateGraph, place: np.ndarray, chosen: argparse.Namespace, cluster: Run | None
) -> None:
    clock = Clock(cluster)
    size = f"{graph.need_count:,} needs, {graph.edge_count:,} pairs, {chosen.tiles} tiles"
    print(f"\n{size}\n")
    print("| | parts | needs | largest part, pairs | places below bound | cost above bound "
          "| all parts | longest part | between |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    rounds: list[Round] = []

    def tell(done: Round) -> None:
        rounds.append(done)
        gaps = percent(done.gap_places), percent(done.gap_cost)
        show(f"round {len(rounds)}", [done.parts, f"{done.needs:,}", f"{done.pairs:,}", *gaps, *clock.read()])

    options = {"need_place": place, "most_pairs": chosen.most_pairs, "most_rounds": chosen.rounds}
    found = solve_tiles(graph, chosen.tiles, gap=chosen.gap, tell=tell, run=clock.run, **options).solution
    figures = verify(graph, found)
    served, cost = f"{figures.served:,} places", f"cost {found.cost:,}"
    print(f"\n{found.status}, checked by verify ({figures.proof}): {served}, {cost}")
    if chosen.only_tiles:
        return
    naive = solve_tiles(graph, chosen.tiles, most_rounds=1, need_place=place).solution
    last = rounds[-1]
    level, cost = top_up(naive)
    best = last.bound.level
    print(f"tiles alone: {percent(worth(naive) / best)} of the bound; with a plain top-up: "
          f"{percent(level / best)}, cost {cost:,}")  # fmt: skip
    start = time.process_time()
    one = solve(graph)
    seconds = time.process_time() - start
    if worth(one) > last.bound.level or (worth(one) == worth(found) and one.cost > found.cost):
        raise SystemExit("one solve and the bound of the tiles contradict each other")
    below = percent(1 - worth(found) / worth(one))
    print(f"one solve: {seconds:.1f} s, cost {one.cost:,}; tiles are {below} below it in places")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10000x1000,100000x5000", help="NEEDSxOFFERS, several by commas")
    parser.add_argument("--tiles", type=int, default=4)
    parser.add_argument("--gap", type=float, default=0.0, help="end once the cost is so near its bound")
    parser.add_argument("--most-pairs", type=int, help="pairs that a machine takes")
    parser.add_argument("--rounds", type=int, help="end after so many")
    parser.add_argument("--nearest", type=int, default=30, help="pairs per need")
    parser.add_argument("--units", type=int, default=0, help="units with a total over offers anywhere")
    parser.add_argument("--only-tiles", action="store_true", help="without what they are compared with")
    parser.add_argument("--cluster", help="solve tiles on Dask: local, or a scheduler's address")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from api.cluster import open_cluster

    solve(make_problem(30_000, 100, 20, 2, 3, chosen.seed))  # compiled before anything is timed
    for size in chosen.sizes.split(","):
        needs, offers = map(int, size.split("x"))
        graph = make_problem(needs, offers, min(chosen.nearest, offers), 2, chosen.units, chosen.seed)
        place = draw_homes(np.random.default_rng(chosen.seed), needs)[1]
        with open_cluster(chosen.cluster, chosen.tiles) as cluster:
            measure(graph, place, chosen, cluster)
    if chosen.cluster:
        for name, whom in (("this process", resource.RUSAGE_SELF), ("its workers", resource.RUSAGE_CHILDREN)):
            used = resource.getrusage(whom)
            print(f"{name}: {used.ru_utime + used.ru_stime:.0f} s of the processor, "
                  f"at most {used.ru_maxrss / 2**20:.1f} GB in one")  # fmt: skip


if __name__ == "__main__":
    main()
