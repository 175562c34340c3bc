"""How fast the engine is beside OR-Tools, on the same problems in the same run; answers must agree.

    python benchmarks/matching.py [--sizes NEEDSxOFFERS,...] [--nearest K] [--most Q] [--units U] [--seed S]
    python benchmarks/matching.py --units U --short both    units short here, offers there
    python benchmarks/matching.py --units U --loads K    load costs over the first K places of a unit
    python benchmarks/matching.py --projects SHARE       needs that want as many different offers
    python benchmarks/matching.py --table      the instances of docs/performance.md, but for the largest
    python benchmarks/matching.py --path P     our way forced instead of chosen
    python benchmarks/matching.py --most 1 --peers    other solvers too, those that are installed
    python benchmarks/matching.py --runs N     the least of so many runs counts, of ours and of OR-Tools' (3)

Ours is the whole time of `solve`: packing, solving, prices and their check. OR-Tools' min-cost flow gets the
network with a penalty per place, as one would write it down, and is timed without building the arrays. Both
by the clock, since ours takes a second thread where a problem is large, and in seconds of the processor,
which other work on the machine disturbs less; a ratio for each. What compiling takes at the first use is told
apart. Where load costs or projects are asked for, the same problem is timed without them too (projects being
needs like others there), and the processor's time is told as so many times that of this plain one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
from matching_peers import Spent, show_peers
from ortools.graph.python import min_cost_flow
from scipy.spatial import cKDTree

from matcher import UNLIMITED, CandidateGraph, solve


def make_problem(
    needs: int, offers: int, nearest: int, most: int, units: int, seed: int, *, short: str = "units",
    projects: float = 0.0, loads: int = 0, room: float = 0.9,
) -> CandidateGraph:  # fmt: skip
    """Homes around centres in any order, offers near them, room for so much of the places wanted.

    Units have four fifths of what their offers have (``short="units"``); or all draw their room apart from
    each other (``"both"``), so that here a unit is short, and there its offers. A share of the needs are
    `projects`, which want three to nineteen places of as many different offers. Each of the first `loads`
    places of a unit costs no less than the one before, up to 1,000 m, and further ones as much as the last.
    """
    rng = np.random.default_rng(seed)
    centre, home = draw_homes(rng, needs)
    place = centre[rng.integers(0, len(centre), offers)] + rng.normal(0, 600, (offers, 2))
    distance, offer = cKDTree(place).query(home, nearest)
    quantity = rng.integers(1, most + 1, needs)
    capacity = np.rint(rng.random(offers) * 2 * room * quantity.sum() / offers).astype(np.int64)
    unit: dict[str, np.ndarray] = {}
    if units:
        unit_of = rng.integers(0, units, offers)
        total = np.bincount(unit_of, capacity, units)
        unit = {"offer_unit": unit_of, "unit_capacity": (total * 0.8).astype(np.int64)}
        if short == "both":
            share = rng.random(units)
            unit["unit_capacity"] = (share * capacity.sum() / share.sum()).astype(np.int64)
        if loads:
            unit["unit_load_cost"] = np.sort(rng.integers(0, 1001, (units, loads)), axis=1)
    priority, edge_need = rng.integers(1, 6, needs), np.repeat(np.arange(needs), nearest)
    if projects:
        is_project = rng.random(needs) < projects
        quantity = np.where(is_project, rng.integers(3, 20, needs), quantity)
        unit["edge_capacity"] = np.where(is_project[edge_need], 1, UNLIMITED)
    return CandidateGraph(
        quantity,
        priority,
        capacity,
        edge_need,
        offer.ravel(),
        np.rint(distance).astype(np.int64).ravel(),
        **unit,
    )


def draw_homes(rng: np.random.Generator, needs: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres of neighbourhoods and the homes around them, in metres."""
    centre = rng.normal(0, 8000, (max(3, needs // 400), 2))
    return centre, centre[rng.integers(0, len(centre), needs)] + rng.normal(0, 300, (needs, 2))


def run_ours(graph: CandidateGraph, path: str | None) -> tuple[list[int], int, str]:
    solution = solve(graph, path=path)  # type: ignore[arg-type]
    return list(solution.served_by_priority.values()), solution.cost, solution.path or ""


def run_ortools(graph: CandidateGraph) -> tuple[list[int], int, Spent]:
    """Source to needs to offers to units to sink; what isn't served goes round at a penalty."""
    needs, offers, units = graph.need_count, graph.offer_count, graph.unit_count
    sink = needs + offers + units
    dearest = int(graph.edge_cost.max())
    if graph.unit_load_cost is not None:
        dearest += int(graph.unit_load_cost.max())
    reward = (2 * (offers + units) + 4) * dearest
    head = np.where(graph.offer_unit >= 0, needs + offers + graph.offer_unit, sink)
    tail = [
        graph.edge_need, needs + np.arange(offers), needs + offers + np.arange(units), np.arange(needs)
    ]  # fmt: skip
    heads = [needs + graph.edge_offer, head, np.full(units, sink), np.full(needs, sink)]
    most = graph.need_quantity[graph.edge_need]
    if graph.edge_capacity is not None:
        most = np.minimum(most, graph.edge_capacity)
    unit, total, load = list_steps(graph)
    tail[2], heads[2] = needs + offers + unit, np.full(len(unit), sink)
    capacity = [most, graph.offer_capacity, total, graph.need_quantity]
    penalty = reward * (6 - graph.need_priority.astype(np.int64))
    cost = [graph.edge_cost, np.zeros(offers, np.int64), load, penalty]
    parts = [np.concatenate(part) for part in (tail, heads, capacity, cost)]
    supply = np.append(graph.need_quantity, -graph.need_quantity.sum())
    nodes = np.append(np.arange(needs), sink).astype(np.int32)
    start = Spent.now()
    engine = min_cost_flow.SimpleMinCostFlow()
    rows = engine.add_arcs_with_capacity_and_unit_cost(
        parts[0].astype(np.int32), parts[1].astype(np.int32), parts[2], parts[3]
    )
    engine.set_nodes_supplies(nodes, supply)
    if engine.solve() != engine.OPTIMAL:
        raise SystemExit("OR-Tools finds no optimum")
    flow = np.asarray(engine.flows(rows[: graph.edge_count]), np.int64)
    spent = Spent.now().since(start)
    served = np.zeros(6, np.int64)
    np.add.at(served, graph.need_priority[graph.edge_need], flow)
    return served[1:].tolist(), engine.optimal_cost() - int((penalty * rest_of(graph, flow)).sum()), spent


def list_steps(graph: CandidateGraph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit, places and cost of one of the stretches in which a unit's further places cost the same."""
    units, load = graph.unit_count, graph.unit_load_cost
    if load is None:
        return np.arange(units), graph.unit_capacity, np.zeros(units, np.int64)
    columns = np.arange(load.shape[1])
    left = np.maximum(graph.unit_capacity[:, None] - columns, 0)
    total = np.where(columns == columns[-1], left, np.minimum(left, 1))
    return np.repeat(np.arange(units), load.shape[1]), total.ravel(), load.ravel()


def rest_of(graph: CandidateGraph, flow: np.ndarray) -> np.ndarray:
    """Places of each need that a flow doesn't serve."""
    left = graph.need_quantity.copy()
    np.subtract.at(left, graph.edge_need, flow)
    return left


TABLE = [
    (1_000, 200, 2, 0), (10_000, 1_000, 1, 0), (10_000, 1_000, 2, 0), (10_000, 1_000, 2, 400),
    (10_000, 1_000, 1_000_000, 0), (10_000, 1_000, 1_000_000, 400), (100_000, 5_000, 2, 0),
    (100_000, 5_000, 2, 2_000),
]  # fmt: skip


def timed(run: Callable[[], tuple[list[int], int, str]]) -> tuple[tuple[list[int], int, str], Spent]:
    start = Spent.now()
    found = run()
    return found, Spent.now().since(start)


def run_often(graph: CandidateGraph, path: str | None, runs: int) -> tuple[tuple[list[int], int, str], Spent]:
    """The quickest of so many runs of ours, by the clock."""
    return min((timed(lambda: run_ours(graph, path)) for _ in range(runs)), key=lambda run: run[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000x200,10000x1000", help="NEEDSxOFFERS, several by commas")
    parser.add_argument("--nearest", type=int, default=30, help="pairs per need")
    parser.add_argument("--most", type=int, default=2, help="largest quantity of a need")
    parser.add_argument("--units", type=int, default=0, help="units with a total over their offers")
    parser.add_argument("--short", choices=["units", "both"], default="units", help="where units are short")
    parser.add_argument("--projects", type=float, default=0.0, help="share that wants different offers")
    parser.add_argument("--loads", type=int, default=0, help="places of a unit whose load cost rises")
    parser.add_argument("--room", type=float, default=0.9, help="share of the places wanted that offers have")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="the least of so many runs counts")
    parser.add_argument(
        "--path", choices=["scaling", "auction", "general"], help="our way; else as solve chooses"
    )
    parser.add_argument("--table", action="store_true", help="the instances of docs/performance.md")
    parser.add_argument("--peers", action="store_true", help="ask POT, HiGHS, SciPy and networkx too")
    parser.add_argument("--peer-seconds", type=float, default=60.0, help="each of these has so long")
    chosen = parser.parse_args()
    # Loops are compiled for either width of costs (large problems keep them narrow); many needs have one.
    shapes = ((50, 5, 2), (50, 5, 1000), (60_000, 10, 2))
    first = [make_problem(needs, 100, nearest, most, 3, chosen.seed) for needs, nearest, most in shapes]
    seconds = sum(
        timed(lambda graph=graph: run_ours(graph, chosen.path or "auction"))[1].clock for graph in first
    )
    print(f"compiling, or loading what was compiled: {seconds:.2f} s\n")
    titles = ["needs x offers", "pairs", "largest quantity", "units", "linli", "of the processor", "way"]
    titles += ["OR-Tools", "times", "times of the processor"]
    beyond = {"projects": chosen.projects, "loads": chosen.loads}
    if any(beyond.values()):
        titles += ["without", "so many times"]
    if chosen.peers:
        titles = ["needs x offers", "solver", "by the clock", "of the processor", "times"]
        titles += ["times of the processor"]
    print("|", " | ".join(titles), "|")
    print("|" + "---|" * len(titles))
    sizes = [tuple(map(int, size.split("x"))) for size in chosen.sizes.split(",")]
    rows = TABLE if chosen.table else [(*size, chosen.most, chosen.units) for size in sizes]
    for needs, offers, most, units in rows:
        nearest = min(chosen.nearest, offers)
        like = {"short": chosen.short, "room": chosen.room}
        graph = make_problem(needs, offers, nearest, most, units, chosen.seed, **like, **beyond)
        (*ours, path), spent = run_often(graph, chosen.path, chosen.runs)
        *theirs, peer = min((run_ortools(graph) for _ in range(chosen.runs)), key=lambda run: run[2])
        if ours != theirs:
            raise SystemExit(f"OR-Tools finds {theirs}, linli {ours}")
        if chosen.peers:
            show_peers(graph, (ours[0], ours[1], spent), peer, chosen.runs, chosen.peer_seconds)
            continue
        print(
            f"| {needs:,} x {offers:,} | {graph.edge_count:,} | {most:,} | {units:,} "
            f"| {spent.clock:.3f} s | {spent.processor:.3f} s | {path} | {peer.clock:.3f} s "
            f"| {peer.clock / spent.clock:.1f} | {peer.processor / spent.processor:.1f} |",
            end="\n" if not any(beyond.values()) else "",
            flush=True,
        )
        if any(beyond.values()):
            plain = make_problem(needs, offers, nearest, most, units, chosen.seed, **like)
            without = run_often(plain, chosen.path, chosen.runs)[1]
            print(f" {without.processor:.3f} s | {spent.processor / without.processor:.1f} |", flush=True)


if __name__ == "__main__":
    main()
