"""How fast the catchment measures and the loss per unit are; beside PySAL's `access` where that is installed.

    python benchmarks/bench_access.py [--sizes POINTSxSITES,...] [--reach METRES] [--only 2SFCA,...]

`pip install access` (into an environment of its own, beside what linli itself needs) adds the comparison:
answers must then be equal to 5 decimals for the two-step, enhanced and three-step measures. RAAM there moves
whole people in a fixed number of rounds and stops short of the equilibrium: its difference is only shown.
CPU seconds; what is compiled at the first call is compiled before.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher import CandidateGraph
from matcher.access import balanced_fca, enhanced_two_step_fca, raam, three_step_fca, two_step_fca
from matcher.gaps import capacity_certificates, leave_one_out, serve_most

ZONES = [(500.0, 1.0), (1000.0, 0.68), (2000.0, 0.22)]
MOST_PAIRS_OF_RAAM = 20_000_000


def make_town(points: int, sites: int, reach: float, seed: int) -> tuple[np.ndarray, np.ndarray, csr_array]:
    """Homes around centres at a town's density, sites near them, and all distances within reach."""
    rng = np.random.default_rng(seed)
    side = 60 * np.sqrt(points)
    centre = rng.random((max(3, points // 400), 2)) * side
    home = centre[rng.integers(0, len(centre), points)] + rng.normal(0, 600, (points, 2))
    place = centre[rng.integers(0, len(centre), sites)] + rng.normal(0, 900, (sites, 2))
    near = cKDTree(home).sparse_distance_matrix(cKDTree(place), reach, output_type="coo_matrix").tocsr()
    return rng.integers(1, 400, points), rng.integers(1, 30, sites), csr_array(near)


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a run finds, and the seconds of the quickest of three (of one where it takes longer than two)."""
    least = float("inf")
    for _ in range(3):
        start = time.process_time()
        found = run()
        least = min(least, time.process_time() - start)
        if least > 2:
            break
    return found, least


def run_peer(
    people: np.ndarray, places: np.ndarray, cost: csr_array, reach: float
) -> dict[str, Callable[[], Any]]:
    """The same measures by `access`, from tables of pairs."""
    import pandas as pd
    from access.fca import three_stage_fca, two_stage_fca
    from access.raam import raam as peer_raam
    from access.weights import step_fn

    pairs = cost.tocoo()
    table = pd.DataFrame({"origin": pairs.coords[0], "dest": pairs.coords[1], "cost": pairs.data})
    demand, supply = pd.DataFrame({"demand": people}), pd.DataFrame({"supply": places})
    names = {"demand_index": True, "demand_name": "demand", "supply_index": True, "supply_name": "supply",
             "cost_origin": "origin", "cost_dest": "dest", "cost_name": "cost"}  # fmt: skip
    weight = step_fn(dict(ZONES))

    def fill(found: Any) -> np.ndarray:
        return found.reindex(range(len(people))).to_numpy()

    return {
        "2SFCA": lambda: fill(two_stage_fca(demand, supply, table, reach, **names)),
        "E2SFCA": lambda: fill(two_stage_fca(demand, supply, table, reach, weight_fn=weight, **names)),
        "3SFCA": lambda: fill(
            three_stage_fca(demand, supply, table.copy(), reach, weight_fn=weight, **names)
        ),
        "RAAM": lambda: fill(peer_raam(demand, supply, table, tau=reach / 2, **names)),
    }


def compare(points: int, sites: int, reach: float, seed: int, only: str) -> None:
    people, places, cost = make_town(points, sites, reach, seed)
    print(f"{points} points, {sites} sites, {cost.nnz} pairs within {reach:.0f} m")
    runs: dict[str, Callable[[], Any]] = {
        "2SFCA": lambda: two_step_fca(people, places, cost, catchment=reach),
        "E2SFCA": lambda: enhanced_two_step_fca(people, places, cost, zones=ZONES),
        "3SFCA": lambda: three_step_fca(people, places, cost, zones=ZONES),
        "BFCA": lambda: balanced_fca(people, places, cost, zones=ZONES),
    }
    if cost.nnz <= MOST_PAIRS_OF_RAAM:
        runs["RAAM"] = lambda: raam(people, places, cost, tau=reach / 2, return_gap=True)
    has_peer = importlib.util.find_spec("access") is not None and points <= 20_000
    peers = run_peer(people, places, cost, reach) if has_peer else {}
    for name, run in runs.items():
        if only and name not in only.split(","):
            continue
        found, seconds = timed(run)
        note = ""
        if name == "RAAM":
            found, gap = found
            note = f"  Wardrop gap {gap:.1e}"
        if name in peers:
            other, longer = timed(peers[name])
            off = np.nanmax(np.abs(found - other))
            note += (
                f"  access {longer:.2f} s, {longer / seconds:.0f} times as long, largest difference {off:.1e}"
            )
            if name != "RAAM" and off > 1e-5:
                raise SystemExit(f"{name}: access finds something else")
        print(f"  {name:8}{seconds:8.2f} s{note}")
    if not only or "N-1" in only.split(","):
        compare_losses(people, places, cost)


def compare_losses(people: np.ndarray, places: np.ndarray, cost: csr_array) -> None:
    """The gaps for want of places, and what is lost if a unit leaves, after one search for an assignment."""
    points, sites = cost.shape
    start = time.process_time()
    row = np.repeat(np.arange(points), np.diff(cost.indptr))
    graph = CandidateGraph(
        people, np.ones(points, np.int8), places * int(people.sum() // places.sum()), row, cost.indices,
        np.zeros(cost.nnz, np.int64), offer_unit=np.arange(sites) // 2,
    )  # fmt: skip
    made = time.process_time() - start
    flow, seconds = timed(lambda: serve_most(graph))
    print(
        f"  serving {seconds:8.2f} s  {flow.sum()} of {people.sum()} places (the graph itself {made:.2f} s)"
    )
    gaps, seconds = timed(lambda: capacity_certificates(graph, flow=flow))
    print(f"  gaps    {seconds:8.2f} s  {len(gaps)}, short by {sum(gap.short_by for gap in gaps)}")
    clock = time.perf_counter()
    loss, seconds = timed(lambda: leave_one_out(graph, flow=flow))
    clock = time.perf_counter() - clock
    print(
        f"  N-1     {seconds:8.2f} s  for {len(loss)} units, {loss.sum()} places; large ones on two threads: "
        f"{clock:.2f} s of the clock"
    )
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  the process held {most:.2f} GB at its most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="2000x200,10000x1000", help="POINTSxSITES, several by commas")
    parser.add_argument("--reach", type=float, default=2000.0, help="metres")
    parser.add_argument("--only", default="", help="2SFCA, E2SFCA, 3SFCA, BFCA, RAAM, N-1, several by commas")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    people, places, cost = make_town(50, 5, chosen.reach, chosen.seed)
    raam(people, places, cost, tau=1)
    leave_one_out(CandidateGraph([1], [1], [1], [0], [0], [1]))
    for size in chosen.sizes.split(","):
        compare(*map(int, size.split("x")), chosen.reach, chosen.seed, chosen.only)


if __name__ == "__main__":
    main()
