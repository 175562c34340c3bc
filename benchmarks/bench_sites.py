"""How fast sites are chosen and proved; beside PySAL's `spopt` where that is installed.

    python benchmarks/bench_sites.py [--sizes DEMANDxSITES,...] [--seed S]

`pip install spopt pulp` (into an environment of its own, beside what linli itself needs) adds the comparison
with spopt's models under CBC, the solver that PuLP brings: values must then be equal. It is left out above a
size at which it would take many minutes. CPU seconds, of solvers in other processes too; what is compiled at
the first call is compiled before.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.sites import SitePlan, maximal_cover, p_center, p_median, set_cover

MOST_PAIRS_OF_PEER = 400_000
MOST_PAIRS_OF_MEDIAN = 5_000_000
MOST_PAIRS_OF_CENTER = 400_000


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


def run_peer(name: str, cost: np.ndarray, people: np.ndarray, p: int, radius: float) -> Callable[[], float]:
    """The same problem by spopt; gives its value."""
    import pulp
    from spopt import locate

    solver = pulp.PULP_CBC_CMD(msg=False, gapRel=0)

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


def tell(name: str, plan: SitePlan, seconds: float, peer: Callable[[], float] | None) -> None:
    state = plan.status if plan.status == "optimal" else f"within {plan.gap:.3%}"
    note = ""
    if peer is not None:
        value, longer = timed(peer)
        note = f"  spopt {longer:.2f} s, {longer / max(seconds, 0.01):.1f} times as long"
        if plan.status == "optimal" and abs(value - plan.value) > 1e-6 * max(1, abs(plan.value)):
            raise SystemExit(f"{name}: spopt finds {value}, linli {plan.value}")
    print(f"  {name:10}{seconds:8.2f} s  {plan.value:>14,} {state}{note}", flush=True)


def compare(demand: int, sites: int, seed: int) -> None:
    home, place, people = make_town(demand, sites, seed)
    p, near, far = max(2, sites // 20), 1500.0, 3000.0
    print(f"{demand} demand points, {sites} sites, p = {p}", flush=True)
    pairs = demand * sites
    tree, places = cKDTree(home), cKDTree(place)
    cover = csr_array(tree.sparse_distance_matrix(places, near, output_type="coo_matrix").tocsr())
    wide = csr_array(tree.sparse_distance_matrix(places, far, output_type="coo_matrix").tocsr())
    wide = wide[np.diff(wide.indptr) > 0]
    has_peer = importlib.util.find_spec("spopt") is not None and pairs <= MOST_PAIRS_OF_PEER
    dense = np.zeros((0, 0))
    if pairs <= MOST_PAIRS_OF_MEDIAN:
        dense = np.rint(np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)))
    runs: dict[str, Callable[[], SitePlan]] = {
        "MCLP": lambda: maximal_cover(cover, people, p, gap=0.01 if pairs > MOST_PAIRS_OF_MEDIAN else 0.0),
        "LSCP": lambda: set_cover(wide),
    }
    if pairs <= MOST_PAIRS_OF_MEDIAN:
        runs["p-median"] = lambda: p_median(dense, people, p)
    if pairs <= MOST_PAIRS_OF_CENTER:
        runs["p-center"] = lambda: p_center(dense, p)
    for name, run in runs.items():
        plan, seconds = timed(run)
        radius = far if name == "LSCP" else near
        table = np.where(tree_table(wide) > 0, 1.0, 9e9) if name == "LSCP" and has_peer else dense
        peer = run_peer(name, table, people, p, radius) if has_peer and name != "p-center" else None
        tell(name, plan, seconds, peer)


def tree_table(wide: csr_array) -> np.ndarray:
    """Who is reached, as a dense table."""
    return (wide.toarray() > 0).astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="500x60,2000x200", help="DEMANDxSITES, several by commas")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    home, place, people = make_town(40, 9, chosen.seed)
    cost = np.rint(np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)))
    p_median(cost, people, 2), maximal_cover(cost <= 5000, people, 2), p_center(cost, 2)
    for size in chosen.sizes.split(","):
        compare(*map(int, size.split("x")), chosen.seed)


if __name__ == "__main__":
    main()
