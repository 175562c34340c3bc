"""What the whole of `linli match` takes where some offers reach everyone, step by step: seconds and memory.

    python benchmarks/bench_match.py [--size NEEDSxOFFERS] [--wide N] [--reach METRES] [--share S]
                                     [--unknown S] [--only-match] [--seed S]

The town of `bench_access.py` as a snapshot: needs around centres, offers near them that reach so many metres,
and N offers of another mode (`remote`) that reach all needs, with room for a share S of all that is wanted;
of all other offers, a share has no capacity stated. Then the steps of a match one by one: the pairs, the
assignment, the by-hand rule, the least cost of serving as many, whom to ask first, the most that could be
served, and the documents with their gaps. Seconds of the processor; memory is the most that the process held
in each step (Linux), what earlier steps left behind included. What is compiled is compiled before.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from bench_access import Town, repeat

from api.services.rounds import documents
from graph.geo import EARTH_RADIUS_M
from graph.model import Need, Offer, Unit
from graph.snapshot import Snapshot
from matcher.candidates import build_instance
from matcher.comparison import assign_by_hand, serve_like
from matcher.flow import solve
from matcher.headroom import ask_first, served_if_unlimited
from matcher.match import Match, Part
from matcher.rules import Rules

WHOLE_GB = 1 << 30


def make_city(town: Town, wide: int, reach: float, share: float, unknown: float, seed: int) -> Snapshot:
    """The town with offers that reach everyone, and with capacities that nobody stated."""
    rng = np.random.default_rng(seed)
    points, sites = len(town.home), len(town.place)
    home, place = np.degrees(town.home / EARTH_RADIUS_M), np.degrees(town.place / EARTH_RADIUS_M)
    quantity = rng.integers(1, 3, points)
    wanted = int(quantity.sum())
    near = np.rint(rng.random(sites) * 2 * 0.8 * wanted / sites)
    near[rng.random(sites) < unknown] = np.nan
    far = np.rint(rng.random(wide) * 2 * share * wanted / max(wide, 1))
    offers = sites + wide
    unit = [f"u{row // 2:08}" for row in range(offers)]
    capacity = [None if np.isnan(item) else int(item) for item in np.concatenate([near, far]).tolist()]
    lon, lat = (np.concatenate([place[:, k], np.resize(place[:, k], wide)]) for k in range(2))
    tables = (
        repeat(Need(id="", category="elder_care"), points, id=[f"n{row:08}" for row in range(points)],
               lon=home[:, 0], lat=home[:, 1], quantity=quantity, priority=rng.integers(1, 6, points)),
        repeat(Offer(id="", unit="", category="elder_care", per="year"), offers,
               id=[f"o{row:08}" for row in range(offers)], unit=unit, lon=lon, lat=lat, capacity=capacity,
               reach_m=[reach] * sites + [None] * wide, mode=["visit"] * sites + ["remote"] * wide),
        repeat(Unit(id="", name=""), (offers + 1) // 2, id=unit[::2]),
    )  # fmt: skip
    return Snapshot(dict(zip(("needs", "offers", "units"), tables, strict=True)))


def read_memory(name: str) -> float:
    """Gigabytes that the process holds (`VmRSS`), or held at its most since it was last asked (`VmHWM`)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) * 1024 / WHOLE_GB


def tell(name: str, run: Callable[[], Any]) -> Any:
    """Run a step and print what it took."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    start = time.process_time()
    found = run()
    spent = time.process_time() - start
    print(
        f"| {name} | {spent:.2f} s | {read_memory('VmHWM'):.2f} GB | {read_memory('VmRSS'):.2f} GB |",
        flush=True,
    )
    return found


def run_steps(snapshot: Snapshot, rules: Rules, *, with_documents: bool = True) -> Part:
    """Run a match step by step, as `matcher.match.match` does."""
    instance = tell("pairs", lambda: build_instance(snapshot, rules))
    print(f"| {instance.graph.edge_count:,} | | | |")
    solution = tell("assignment", lambda: solve(instance.graph))
    by_hand = tell("by hand", lambda: assign_by_hand(instance))
    like = tell("as many as by hand", lambda: serve_like(instance, by_hand))
    asks, complete = tell("whom to ask first", lambda: ask_first(instance, solution))
    upper, exact = tell("most if unlimited", lambda: served_if_unlimited(instance, solution))
    part = Part(instance, solution, by_hand, like, upper, exact, asks, complete)
    cost = int((like * instance.graph.edge_cost).sum())
    first = [(ask.offer_row, ask.gain_places) for ask in asks[:3]]
    print(f"\nserved {solution.served_by_priority}, cost {solution.cost}")
    print(f"by hand {by_hand.served_by_priority}, cost {by_hand.cost}, {cost} at least")
    print(f"at most {upper} ({exact}); {len(asks)} to ask ({complete}), first {first}\n")
    if with_documents:
        tell("documents, gaps", lambda: documents(Match(snapshot, rules, part, None)))
    return part


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="100000x5000", help="NEEDSxOFFERS")
    parser.add_argument("--wide", type=int, default=100, help="offers that reach everyone")
    parser.add_argument("--reach", type=float, default=600.0, help="metres that the other offers reach")
    parser.add_argument("--share", type=float, default=0.2, help="room of the wide offers, of what is wanted")
    parser.add_argument("--unknown", type=float, default=0.02, help="share of offers without a capacity")
    parser.add_argument("--only-match", action="store_true", help="without documents and gaps")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    needs, offers = map(int, chosen.size.split("x"))
    some = (chosen.wide, chosen.reach, chosen.share, chosen.unknown, chosen.seed)
    for size in (2_000, 30_000):  # compile, or load, before anything is timed
        made = make_city(Town.make(size, size // 20, chosen.seed), 20, *some[1:])
        run_steps(made, Rules(), with_documents=not chosen.only_match)
    print(f"{needs:,} x {offers:,} and {chosen.wide:,} that reach everyone\n")
    print("| step | of the processor | memory at most | kept |")
    print("|---|---|---|---|")
    snapshot = make_city(Town.make(needs, offers, chosen.seed), *some)
    run_steps(snapshot, Rules(max_pairs=1 << 30), with_documents=not chosen.only_match)


if __name__ == "__main__":
    main()
