"""Other solvers on the problems of `matching.py`, each in a process of its own that a time limit ends.

Each is told the problem as its own interface wants it, with OR-Tools' penalties, and only its solver is
timed, not the building of its input. SciPy's `linprog` is HiGHS too, so it isn't asked apart.
"""

from __future__ import annotations

import importlib
import importlib.util
import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np

from matcher import CandidateGraph

# A solver that has taken so long isn't run again: its least of several runs would say little more.
LONG_S = 3.0


class Spent(NamedTuple):
    """Seconds, by the clock and of the processor."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Spent:
        return cls(time.perf_counter(), time.process_time())

    def since(self, start: Spent) -> Spent:
        return Spent(self.clock - start.clock, self.processor - start.processor)


class Answer(NamedTuple):
    """Places by priority, their cost and the time; or why there are none."""

    served: list[int]
    cost: int
    spent: Spent
    why: str = ""


Solver = Callable[[CandidateGraph], tuple[Callable[[], Any], Callable[[Any], np.ndarray]]]


def weigh_left(graph: CandidateGraph) -> np.ndarray:
    """What a place left out costs, by need: more than any exchange of places could save."""
    reward = (2 * graph.offer_count + 4) * int(graph.edge_cost.max())
    weight: np.ndarray = reward * (6 - graph.need_priority.astype(np.int64))
    return weight


def tell_pot(graph: CandidateGraph) -> tuple[Callable[[], Any], Callable[[Any], np.ndarray]]:
    """POT's network simplex over the pairs alone; a need and an offer more take what is left."""
    ot = importlib.import_module("ot")
    sparse = importlib.import_module("scipy.sparse")
    needs, offers = graph.need_count, graph.offer_count
    row = np.concatenate([graph.edge_need, np.arange(needs), np.full(offers + 1, needs)])
    column = np.concatenate([graph.edge_offer, np.full(needs, offers), np.arange(offers + 1)])
    cost = np.concatenate([graph.edge_cost, weigh_left(graph), np.zeros(offers + 1, np.int64)])
    matrix = sparse.coo_array((cost.astype(float), (row, column)), shape=(needs + 1, offers + 1))
    supply = np.append(graph.need_quantity, graph.offer_capacity.sum()).astype(float)
    demand = np.append(graph.offer_capacity, graph.need_quantity.sum()).astype(float)

    def read(plan: Any) -> np.ndarray:
        # Copies, since the graph's own arrays can't be written to.
        return np.asarray(sparse.csr_array(plan)[graph.edge_need.copy(), graph.edge_offer.copy()]).ravel()

    return lambda: ot.emd(supply, demand, matrix, numItermax=10**8), read


def tell_highs(graph: CandidateGraph) -> tuple[Callable[[], Any], Callable[[Any], np.ndarray]]:
    """A linear program with a row for each need and each offer; HiGHS chooses its way, on one thread."""
    highspy = importlib.import_module("highspy")
    needs, edges = graph.need_count, graph.edge_count
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = edges, needs + graph.offer_count
    model.col_cost_ = (graph.edge_cost - weigh_left(graph)[graph.edge_need]).astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(edges), np.full(edges, highspy.kHighsInf)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    model.row_upper_ = np.append(graph.need_quantity, graph.offer_capacity).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * edges + 1, 2, dtype=np.int32)
    rows = np.column_stack([graph.edge_need, needs + graph.edge_offer])
    model.a_matrix_.index_ = rows.ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * edges)

    def run() -> Any:
        engine = highspy.Highs()
        for name, value in (("output_flag", False), ("threads", 1)):
            engine.setOptionValue(name, value)
        engine.passModel(model)
        engine.run()
        return engine

    return run, lambda engine: np.asarray(engine.getSolution().col_value)


def tell_dense(graph: CandidateGraph) -> tuple[Callable[[], Any], Callable[[Any], np.ndarray]]:
    """`linear_sum_assignment`: a column for each place of an offer, no pair being worth nothing."""
    optimize = importlib.import_module("scipy.optimize")
    value = np.zeros((graph.need_count, graph.offer_count))
    value[graph.edge_need, graph.edge_offer] = graph.edge_cost - weigh_left(graph)[graph.edge_need]
    offer_of = np.repeat(np.arange(graph.offer_count), graph.offer_capacity)
    matrix = np.ascontiguousarray(value[:, offer_of])

    def read(found: Any) -> np.ndarray:
        taken = np.zeros(value.shape, np.int8)
        taken[found[0], offer_of[found[1]]] = 1
        return np.asarray(taken[graph.edge_need, graph.edge_offer])

    return lambda: optimize.linear_sum_assignment(matrix), read


def tell_sparse(graph: CandidateGraph) -> tuple[Callable[[], Any], Callable[[Any], np.ndarray]]:
    """`min_weight_full_bipartite_matching`: a place of its own besides, where each need stays without."""
    sparse = importlib.import_module("scipy.sparse")
    csgraph = importlib.import_module("scipy.sparse.csgraph")
    needs, room = graph.need_count, graph.offer_capacity
    first, places = np.append(0, np.cumsum(room)), int(room.sum())
    many = room[graph.edge_offer]
    edge = np.repeat(np.arange(graph.edge_count), many)
    rank = np.arange(len(edge)) - np.repeat(np.cumsum(many) - many, many)
    row = np.append(graph.edge_need[edge], np.arange(needs))
    column = np.append(first[graph.edge_offer[edge]] + rank, places + np.arange(needs))
    # One more for each need's place, since an edge of weight zero would be none.
    cost = np.append(graph.edge_cost[edge], weigh_left(graph)).astype(float) + 1
    matrix = sparse.csr_array((cost, (row, column)), shape=(needs, places + needs))
    offer_of = np.append(np.repeat(np.arange(graph.offer_count), room), np.full(needs, -1))

    def read(found: Any) -> np.ndarray:
        taken = np.full(needs, -1)
        taken[found[0]] = offer_of[found[1]]
        return np.asarray(taken[graph.edge_need] == graph.edge_offer, np.int8)

    return lambda: csgraph.min_weight_full_bipartite_matching(matrix), read


def tell_networkx(graph: CandidateGraph) -> tuple[Callable[[], Any], Callable[[Any], np.ndarray]]:
    """`network_simplex` over needs, offers and a sink, to which what is left out goes at its penalty."""
    networkx = importlib.import_module("networkx")
    needs, left = graph.need_count, weigh_left(graph).tolist()
    network = networkx.DiGraph()
    network.add_node("sink", demand=int(graph.need_quantity.sum()))
    for need, quantity in enumerate(graph.need_quantity.tolist()):
        network.add_node(need, demand=-quantity)
        network.add_edge(need, "sink", weight=left[need])
    for offer, capacity in enumerate(graph.offer_capacity.tolist()):
        network.add_edge(needs + offer, "sink", capacity=capacity, weight=0)
    pairs = list(zip(graph.edge_need.tolist(), (needs + graph.edge_offer).tolist(), strict=True))
    for (need, offer), cost in zip(pairs, graph.edge_cost.tolist(), strict=True):
        network.add_edge(need, offer, weight=cost)
    return (
        lambda: networkx.network_simplex(network)[1],
        lambda flow: np.array([flow[need][offer] for need, offer in pairs]),
    )


# Name, the module it comes with, how it is told, and whether it knows quantities of one alone.
PEERS: list[tuple[str, str, Solver, bool]] = [
    ("POT emd, sparse", "ot", tell_pot, False),
    ("HiGHS", "highspy", tell_highs, False),
    ("SciPy linear_sum_assignment", "scipy", tell_dense, True),
    ("SciPy min_weight_full_bipartite_matching", "scipy", tell_sparse, True),
    ("networkx network_simplex", "networkx", tell_networkx, False),
]


def answer(pipe: Connection, tell: Solver, graph: CandidateGraph, runs: int) -> None:
    """In a process of its own: the quickest run and what it found, or the error as text."""
    try:
        run, read = tell(graph)
        best, began = Spent(np.inf, np.inf), time.perf_counter()
        for _ in range(runs):
            start = Spent.now()
            found = run()
            best = min(best, Spent.now().since(start))
            if time.perf_counter() - began > LONG_S:
                break
        raw = np.asarray(read(found), float)
        pipe.send(count_flow(graph, raw, best))
    except Exception as error:  # a peer that fails is told as such, the others go on
        pipe.send(Answer([], 0, Spent(0, 0), f"{type(error).__name__}: {error}"))


def count_flow(graph: CandidateGraph, raw: np.ndarray, spent: Spent) -> Answer:
    """Places by priority and cost of a flow, checked to be whole and within quantities and capacities."""
    flow = np.rint(raw).astype(np.int64)
    of_need = np.bincount(graph.edge_need, flow, graph.need_count)
    of_offer = np.bincount(graph.edge_offer, flow, graph.offer_count)
    if np.abs(raw - flow).max() > 1e-6 or flow.min() < 0:
        return Answer([], 0, spent, "its flow isn't whole")
    if (of_need > graph.need_quantity).any() or (of_offer > graph.offer_capacity).any():
        return Answer([], 0, spent, "its flow takes more than there is")
    served = np.zeros(6, np.int64)
    np.add.at(served, graph.need_priority[graph.edge_need], flow)
    return Answer(served[1:].tolist(), int((flow * graph.edge_cost).sum()), spent)


def ask_peer(module: str, tell: Solver, graph: CandidateGraph, runs: int, limit_s: float) -> Answer:
    """A peer's answer, or why there is none; its process is ended at the limit, building included."""
    if importlib.util.find_spec(module) is None:
        return Answer([], 0, Spent(0, 0), "not installed")
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=answer, args=(there, tell, graph, runs))
    child.start()
    there.close()
    try:
        found: Answer = (
            here.recv()
            if here.poll(limit_s)
            else Answer([], 0, Spent(0, 0), f"no answer within {limit_s:g} s")
        )
    except EOFError:  # ended from outside, for want of memory for one
        found = Answer([], 0, Spent(0, 0), "ended without an answer")
    child.kill()
    child.join()
    return found


def show_peers(
    graph: CandidateGraph, ours: tuple[list[int], int, Spent], ortools: Spent, runs: int, limit_s: float
) -> None:
    """A line for each solver; one that finds other places or another cost ends the run."""
    size = f"| {graph.need_count:,} x {graph.offer_count:,} "
    served, cost, spent = ours
    plain = not graph.unit_count and graph.edge_capacity is None
    print(f"{size}| linli | {spent.clock:.3f} s | {spent.processor:.3f} s | | |")
    print(f"{size}| OR-Tools {tell_times(ortools, spent)}", flush=True)
    for name, module, tell, ones in PEERS:
        if not plain or (ones and (graph.need_quantity != 1).any()):
            why = "isn't told units and room of pairs" if not plain else "knows quantities of 1 alone"
            print(f"{size}| {name} | {why} | | | |", flush=True)
            continue
        found = ask_peer(module, tell, graph, runs, limit_s)
        if not found.why and (found.served, found.cost) != (served, cost):
            raise SystemExit(f"{name} finds {found.served}, {found.cost}; linli {served}, {cost}")
        told = f"| {found.why} | | | |" if found.why else tell_times(found.spent, spent)
        print(f"{size}| {name} {told}", flush=True)


def tell_times(peer: Spent, ours: Spent) -> str:
    """Seconds of a peer, and as so many times ours."""
    return (
        f"| {peer.clock:.3f} s | {peer.processor:.3f} s | {peer.clock / ours.clock:.1f} "
        f"| {peer.processor / ours.processor:.1f} |"
    )
