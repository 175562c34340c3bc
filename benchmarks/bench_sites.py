"""How fast sites are chosen and proved; beside PySAL's `spopt` where that is installed.

    python benchmarks/bench_sites.py [--sizes DEMANDxSITES,...] [--only MCLP,...] [--seed S] [--table]

`pip install spopt pulp highspy` (into an environment of its own, beside what linli itself needs) adds the
comparison with spopt's models, under CBC, the solver that PuLP brings, and under HiGHS: values must then be
equal. Each of its runs has a process of its own and is given up after `--peer-seconds` of the processor, or
where it asks for more memory than `--peer-memory`: "more than" so much is then its figure. CPU seconds, of
those of other processes too, from distances to the answer; what is compiled at the first call is compiled
before.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import resource
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.sites import SitePlan, maximal_cover, p_center, p_median, set_cover

PEERS = ("CBC", "HiGHS")
MOST_PAIRS_DENSE = 5_000_000
"""Pairs up to which all distances are written down, which p-median and p-center ask for."""


def make_town(demand: int, sites: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Homes around centres, candidate sites beside some of them, people in each home's block."""
    rng = np.random.default_rng(seed)
    centre = rng.random((max(5, demand // 400), 2)) * 20_000
    home = centre[rng.integers(0, len(centre), demand)] + rng.normal(0, 800, (demand, 2))
    place = home[rng.choice(demand, sites, replace=False)] + rng.normal(0, 50, (sites, 2))
    return home, place, rng.integers(1, 400, demand)


def spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = spent()
    return run(), spent() - start


def run_peer(
    name: str, cost: np.ndarray, people: np.ndarray, p: int, radius: float, kind: str
) -> Callable[[], float]:
    """The same problem by spopt; gives its value."""
    import pulp
    from spopt import locate

    solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0) if kind == "CBC" else pulp.HiGHS(msg=False, gapRel=0)

    def run() -> float:
        if name == "MCLP":
            model = locate.MCLP.from_cost_matrix(cost, people, radius, p_facilities=p)
        elif name == "LSCP":
            model = locate.LSCP.from_cost_matrix(cost, radius)
        elif name == "p-median":
            model = locate.PMedian.from_cost_matrix(cost, people, p_facilities=p)
        else:
            model = locate.PCenter.from_cost_matrix(cost, p_facilities=p)
        return float(pulp.value(model.solve(solver).problem.objective))

    return run


def limited(run: Callable[[], float], limit: int, memory: int) -> tuple[float | str, float]:
    """What a run in a process of its own finds, and its seconds; in words where it wants more of either."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)

    def work() -> None:
        # A solver that is a process again has the same limits to itself.
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (memory << 30, memory << 30))
        try:
            theirs.send(run())
        except Exception as wrong:
            # Solvers tell in many ways that memory was refused; what else went wrong is told as it is.
            theirs.send(f"more than {memory} GB" if "memory" in repr(wrong).lower() else repr(wrong))

    start = spent()
    process = context.Process(target=work)
    process.start()
    theirs.close()
    value: float | str
    try:
        value = mine.recv()
    except EOFError:
        value = "its process ended"
    process.join()
    seconds = spent() - start
    if isinstance(value, str) and "more than" not in value:
        if seconds < 0.8 * limit:
            raise SystemExit(f"spopt's run failed after {seconds:.0f} s: {value}")
        value = f"more than {limit} s"
    return value, seconds


def tell(
    name: str,
    size: str,
    plan: SitePlan,
    seconds: float,
    peers: dict[str, Callable[[], float]],
    chosen: argparse.Namespace,
) -> None:
    state = "proved" if plan.status == "optimal" else f"within {plan.gap:.2%}"
    notes = []
    for kind in PEERS:
        if kind not in peers:
            notes.append("-")
            continue
        value, longer = limited(peers[kind], chosen.peer_seconds, chosen.peer_memory)
        times = longer / max(seconds, 0.001)
        if isinstance(value, str):
            notes.append(f"{value}, given up after {longer:.0f} s ({times:.0f}x)")
            continue
        notes.append(f"{longer:.2f} s ({times:.0f}x)")
        if plan.status == "optimal" and abs(value - plan.value) > 1e-6 * max(1, abs(plan.value)):
            raise SystemExit(f"{name}: spopt under {kind} finds {value}, linli {plan.value}")
    if chosen.table:
        print(f"| {name} | {size} | {seconds:.2f} s | {state} | {' | '.join(notes)} |", flush=True)
    else:
        shown = ", ".join(f"spopt under {kind} {note}" for kind, note in zip(PEERS, notes, strict=True))
        print(f"  {name:10}{seconds:8.2f} s  {plan.value:>14,} {state}; {shown}", flush=True)


def tell_left_out(name: str, size: str, why: str, chosen: argparse.Namespace) -> None:
    print(f"| {name} | {size} | - | {why} | - | - |" if chosen.table else f"  {name:10}{why}", flush=True)


def compare(demand: int, sites: int, chosen: argparse.Namespace) -> None:
    home, place, people = make_town(demand, sites, chosen.seed)
    p, near, far = chosen.p or max(2, sites // 20), 1500.0, 3000.0
    size = f"{demand:,} x {sites:,}, p = {p}"
    if not chosen.table:
        print(size, flush=True)
    pairs = demand * sites
    tree, places = cKDTree(home), cKDTree(place)
    cover = csr_array(tree.sparse_distance_matrix(places, near, output_type="coo_matrix").tocsr())
    wide = csr_array(tree.sparse_distance_matrix(places, far, output_type="coo_matrix").tocsr())
    wide = wide[np.diff(wide.indptr) > 0]
    has_peer = importlib.util.find_spec("spopt") is not None
    dense = np.zeros((0, 0))
    if pairs <= MOST_PAIRS_DENSE:
        dense = np.rint(np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)))
    runs: dict[str, Callable[[], SitePlan]] = {
        "MCLP": lambda: maximal_cover(cover, people, p, gap=0.01 if pairs > MOST_PAIRS_DENSE else 0.0),
        "LSCP": lambda: set_cover(wide),
    }
    runs["p-median"] = lambda: p_median(dense, people, p)
    runs["p-center"] = lambda: p_center(dense, p)
    for name, run in runs.items():
        if chosen.only and name not in chosen.only.split(","):
            continue
        if name in ("p-median", "p-center") and pairs > MOST_PAIRS_DENSE:
            tell_left_out(name, size, f"not run: {pairs:,} distances aren't written down", chosen)
            continue
        plan, seconds = timed(run)
        peers: dict[str, Callable[[], float]] = {}
        if has_peer and pairs <= chosen.peer_pairs:
            cover_of = {"MCLP": cover, "LSCP": wide}.get(name)
            # Who is within reach, as distances that any radius tells apart.
            table = dense if cover_of is None else np.where(tree_table(cover_of) > 0, 1.0, 9e9)
            peers = {kind: run_peer(name, table, people, p, near, kind) for kind in PEERS}
        tell(name, size, plan, seconds, peers, chosen)


def tree_table(wide: csr_array) -> np.ndarray:
    """Who is reached, as a dense table."""
    return (wide.toarray() > 0).astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="500x60,2000x200", help="DEMANDxSITES, several by commas")
    parser.add_argument("--only", default="", help="MCLP, LSCP, p-median, p-center, several by commas")
    parser.add_argument("--p", type=int, default=0, help="sites chosen; else a twentieth")
    parser.add_argument("--peer-pairs", type=int, default=5_000_000, help="size up to which spopt takes part")
    parser.add_argument(
        "--peer-seconds", type=int, default=300, help="after which a run of spopt is given up"
    )
    parser.add_argument("--peer-memory", type=int, default=12, help="GB a run of spopt may ask for")
    parser.add_argument("--table", action="store_true", help="rows as docs/performance.md shows them")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    home, place, people = make_town(40, 9, chosen.seed)
    cost = np.rint(np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)))
    (
        p_median(cost, people, 2),
        maximal_cover(cost <= 5000, people, 2),
        p_center(cost, 2),
        set_cover(cost <= 9000),
    )
    maximal_cover(cost <= 2500, people, 4, gap=0.0001)
    if chosen.table:
        print("| problem | size | linli | answer | spopt, CBC | spopt, HiGHS |\n|---|---|---|---|---|---|")
    for size in chosen.sizes.split(","):
        demand, sites = map(int, size.split("x"))
        compare(demand, sites, chosen)


if __name__ == "__main__":
    main()
