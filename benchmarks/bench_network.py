"""Times the networkx backend against networkx itself and, where they are installed, compiled libraries.

One run on one graph; every answer is checked, randomised ones by their quality; betweenness is summed from
200 sources, which each library draws by itself. CPU seconds of this process; the least of several runs for
what is quick, ours and the compiled libraries' turn by turn, so that what else the machine does meets them
alike. The conversion is timed apart, beside one pass over the ties in Python. The libraries beside networkx
are no part of an installation: `pip install rustworkx igraph networkit` brings them.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import math
import random
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import networkx as nx

from graph.backend import interface

RUNS = ((0.05, 25), (0.5, 7))
"""What takes less than so many seconds runs so often; what takes longer runs once."""
SOURCES = 200
MANY = 3000
APART = 0.02
"""Modularities of communities differ by less; `compare_communities` says by how much."""
SEEDS = range(5)


def make_graph(nodes: int, ties: int, seed: int) -> nx.Graph:
    """A graph with hubs and circles, as alliances have them, and random ties up to the number asked for."""
    per_node = max(1, round(0.8 * ties / nodes))
    graph = nx.powerlaw_cluster_graph(nodes, per_node, 0.3, seed=seed)
    further = nx.gnm_random_graph(nodes, ties, seed=seed)
    left = ties - graph.size()
    new = (tie for tie in further.edges if not graph.has_edge(*tie))
    graph.add_edges_from(islice(new, max(left, 0)))
    return graph


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "betweenness": lambda call, g: call("betweenness_centrality")(g, k=SOURCES, seed=1),
    "constraint": lambda call, g: call("constraint")(g),
    "effective size": lambda call, g: call("effective_size")(g),
    "articulation points": lambda call, g: list(call("articulation_points")(g)),
    "bridges": lambda call, g: list(call("bridges")(g)),
    "biconnected components": lambda call, g: list(call("biconnected_components")(g)),
    "clustering": lambda call, g: call("clustering")(g),
    "triangles": lambda call, g: call("triangles")(g),
    "transitivity": lambda call, g: call("transitivity")(g),
    "core numbers": lambda call, g: call("core_number")(g),
    "components": lambda call, g: list(call("connected_components")(g)),
    "pagerank": lambda call, g: call("pagerank")(g),
    "Louvain": lambda call, g: call("louvain_communities")(g, seed=1),
}


def networkx_call(name: str) -> Callable[..., Any]:
    return getattr(nx, name, None) or getattr(nx.community, name)


def compiled_call(name: str) -> Callable[..., Any]:
    return getattr(interface, name)


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives and the least CPU time that it took."""
    answers, least = timed_in_turn({"": run})
    return answers[""], least[""]


def timed_in_turn(runs: Mapping[str, Callable[[], Any]]) -> tuple[dict[str, Any], dict[str, float]]:
    """What several calls give and the least CPU time that each took, one run of each after another."""
    answers, least = {}, {}
    for name, run in runs.items():
        answers[name], least[name] = timed_once(run)
    times = {name: next((many for most, many in RUNS if least[name] < most), 1) for name in runs}
    for turn in range(1, max(times.values())):
        for name in (name for name in runs if turn < times[name]):
            least[name] = min(least[name], timed_once(runs[name])[1])
    return answers, least


def timed_once(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    found = run()
    return found, time.process_time() - start


def agree(one: Any, other: Any) -> bool:
    """Whether two answers are equal but for rounding."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(agree(one[key], other[key]) for key in one)
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(
            one, other, rel_tol=1e-7, abs_tol=1e-12
        )
    return bool(one == other)


def is_as_good(name: str, graph: nx.Graph, expected: Any, found: Any) -> bool:
    """Whether an answer will do: the same, or for what is drawn or iterated one of the same quality."""
    if name == "Louvain":
        best, own = (nx.community.modularity(graph, part) for part in (expected, found))
        return bool(abs(own - best) < APART)
    if name == "pagerank":
        # networkx itself stops when a step moves less than that in all.
        return sum(abs(expected[node] - found[node]) for node in expected) < 2e-6 * len(expected)
    if isinstance(found, set):
        return {frozenset(item) if isinstance(item, tuple) else item for item in expected} == found
    if name in ("components", "biconnected components"):
        return {frozenset(part) for part in expected} == {frozenset(part) for part in found}
    return agree(expected, found)


Peer = tuple[str, Callable[[], Any], Callable[[Any], Any] | None]
"""A call, how it runs, and how its answer is brought into networkx's form; None: drawn, not compared."""


def rustworkx_calls(graph: nx.Graph, library: Any) -> Iterator[Peer]:
    """What rustworkx has of these; its threads are kept to one by RAYON_NUM_THREADS."""
    rows = library.PyGraph(multigraph=False)
    rows.add_nodes_from(list(graph))
    rows.add_edges_from_no_data(list(graph.edges))
    both = library.PyDiGraph(multigraph=False)
    both.add_nodes_from(list(graph))
    both.add_edges_from_no_data([tie for one, other in graph.edges for tie in ((one, other), (other, one))])
    yield "articulation points", lambda: library.articulation_points(rows), set
    yield "bridges", lambda: library.bridges(rows), as_ties
    yield "biconnected components", lambda: library.biconnected_components(rows), ends_of_parts
    yield "core numbers", lambda: library.core_number(rows), dict
    yield "components", lambda: library.connected_components(rows), list
    yield "transitivity", lambda: library.transitivity(rows), float
    yield "pagerank", lambda: library.pagerank(both), dict


def igraph_calls(graph: nx.Graph, library: Any) -> Iterator[Peer]:
    """What igraph has of these."""
    rows = library.Graph(len(graph), list(graph.edges))
    sources = random.Random(1).sample(range(len(graph)), SOURCES)
    by_number = lambda values: dict(enumerate(values))  # noqa: E731
    yield "betweenness", lambda: rows.betweenness(directed=False, sources=sources), None
    yield "constraint", rows.constraint, by_number
    yield "articulation points", rows.articulation_points, set
    yield "bridges", rows.bridges, lambda found: {frozenset(rows.es[tie].tuple) for tie in found}
    yield "biconnected components", lambda: list(rows.biconnected_components()), list
    yield "clustering", lambda: rows.transitivity_local_undirected(mode="zero"), by_number
    yield "transitivity", rows.transitivity_undirected, float
    yield "core numbers", rows.coreness, by_number
    yield "components", lambda: list(rows.connected_components()), list
    yield "pagerank", rows.pagerank, by_number
    yield "Louvain", rows.community_multilevel, lambda found: [set(part) for part in found]


def networkit_calls(graph: nx.Graph, library: Any) -> Iterator[Peer]:
    """What NetworKit has of these, on one thread."""
    library.setNumberOfThreads(1)
    rows = library.nxadapter.nx2nk(graph)
    rows.indexEdges()
    centrality, parts = library.centrality, library.components
    by_number = lambda values: dict(enumerate(values))  # noqa: E731
    yield "betweenness", lambda: centrality.EstimateBetweenness(rows, SOURCES).run().scores(), None
    yield "core numbers", lambda: centrality.CoreDecomposition(rows).run().scores(), by_number
    yield "clustering", lambda: centrality.LocalClusteringCoefficient(rows).run().scores(), by_number
    yield "components", lambda: parts.ConnectedComponents(rows).run().getComponents(), list
    yield "biconnected components", lambda: parts.BiconnectedComponents(rows).run().getComponents(), list
    yield "pagerank", lambda: centrality.PageRank(rows, 0.85, 1e-6).run().scores(), by_number
    yield (
        "Louvain",
        lambda: library.community.PLM(rows, refine=False).run().getPartition(),
        lambda found: [found.getMembers(part) for part in found.getSubsetIds()],
    )


def as_ties(found: Any) -> set[frozenset[int]]:
    return {frozenset(tie) for tie in found}


def ends_of_parts(found: Mapping[tuple[int, int], int]) -> list[set[int]]:
    """Biconnected components told by the part of each tie as sets of nodes."""
    parts: dict[int, set[int]] = {}
    for tie, part in found.items():
        parts.setdefault(part, set()).update(tie)
    return list(parts.values())


PEERS = {"rustworkx": rustworkx_calls, "igraph": igraph_calls, "networkit": networkit_calls}


def find_peers(graph: nx.Graph) -> dict[str, list[Peer]]:
    """The calls of the compiled libraries that are installed."""
    found: dict[str, list[Peer]] = {}
    for name, calls in PEERS.items():
        try:
            library = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed, left out")
            continue
        print(f"{name} {importlib.metadata.version(name)}", flush=True)
        found[name] = list(calls(graph, library))
    return found


def compare(
    name: str, graph: nx.Graph, rows: Any, peers: Mapping[str, list[Peer]], with_networkx: bool
) -> dict[str, float]:
    """Least times of one measure by library, once all answers are found to be as good as ours."""
    call = CALLS[name]
    runs = {"linli": lambda: call(compiled_call, rows)}
    forms = {}
    for library, calls in peers.items():
        for which, run, in_form in calls:
            if which == name:
                runs[library], forms[library] = run, in_form
    answers, least = timed_in_turn(runs)
    for library, in_form in forms.items():
        if in_form is not None and not is_as_good(name, graph, answers["linli"], in_form(answers[library])):
            raise SystemExit(f"{library} finds another answer for {name}")
    if with_networkx:
        expected, least["networkx"] = timed(lambda: call(networkx_call, graph))
        if not is_as_good(name, graph, expected, answers["linli"]):
            raise SystemExit(f"another answer than networkx for {name}")
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="20000x200000", help="NODESxTIES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers-only", action="store_true", help="leave networkx out, which takes minutes")
    chosen = parser.parse_args()
    nodes, ties = map(int, chosen.size.split("x"))
    graph = make_graph(nodes, ties, chosen.seed)
    # The first calls load or compile the loops, which is no part of any graph.
    small = interface.convert_from_nx(nx.path_graph(300))
    for call in CALLS.values():
        call(compiled_call, small)
    # Communities of many parties have loops of their own.
    interface.louvain_communities(interface.convert_from_nx(nx.path_graph(MANY)), seed=1)
    rows, converted = timed(lambda: interface.convert_from_nx(graph, edge_attrs=None))
    _, passed = timed(lambda: sum(1 for _ in graph.edges))
    print(f"{len(graph)} nodes, {graph.size()} ties; CPU seconds, one thread")
    print(f"conversion {converted:.3f}, kept until the graph changes; one pass over the ties {passed:.3f}")
    peers = find_peers(graph)
    show({name: compare(name, graph, rows, peers, not chosen.peers_only) for name in CALLS})
    compare_communities(graph, rows)


def compare_communities(graph: nx.Graph, rows: Any) -> None:
    """Louvain by each library over several seeds: modularity, CPU seconds and the clock."""
    calls = {"linli": lambda seed: interface.louvain_communities(rows, seed=seed)}
    calls |= dict(networkit_communities(graph))
    print("| Louvain | modularity, least | most | CPU seconds | clock |")
    print("|---|---|---|---|---|")
    for name, find in calls.items():
        qualities, cpu, clock = [], [], []
        for seed in SEEDS:
            start, begin = time.process_time(), time.perf_counter()
            found = find(seed)
            cpu.append(time.process_time() - start)
            clock.append(time.perf_counter() - begin)
            is_ours = isinstance(found, list)
            parts = found if is_ours else [found.getMembers(at) for at in found.getSubsetIds()]
            qualities.append(nx.community.modularity(graph, parts))
        quality = f"{min(qualities):.4f} | {max(qualities):.4f}"
        print(f"| {name} | {quality} | {min(cpu):.3f} | {min(clock):.3f} |", flush=True)


def networkit_communities(graph: nx.Graph) -> Iterator[tuple[str, Callable[[int], Any]]]:
    """NetworKit's parallel Louvain, with and without its refinement, on one thread and on two."""
    try:
        library = importlib.import_module("networkit")
    except ImportError:
        return
    rows = library.nxadapter.nx2nk(graph)

    def find(seed: int, threads: int, refine: bool) -> Any:
        library.setNumberOfThreads(threads)
        library.setSeed(seed, False)
        return library.community.PLM(rows, refine=refine).run().getPartition()

    for threads in (1, 2):
        for refine in (False, True):
            name = f"NetworKit, {threads} thread{'s' * (threads > 1)}{', refined' * refine}"
            yield name, lambda seed, threads=threads, refine=refine: find(seed, threads, refine)


def show(least: Mapping[str, Mapping[str, float]]) -> None:
    """The table: seconds of each, and how many times the fastest peer we take."""
    print("| | linli | networkx | x | " + " | ".join(PEERS) + " | of the fastest |")
    print("|---|" + "---|" * (len(PEERS) + 4))
    for name, times in least.items():
        own, slow = times["linli"], times.get("networkx")
        known = [times[library] for library in PEERS if library in times]
        cells = [f"{times[library]:.4f}" if library in times else "" for library in PEERS]
        reference = [f"{slow:.3f}", f"{slow / own:.0f}"] if slow is not None else ["", ""]
        last = f"{own / min(known):.2f}" if known else ""
        print("| " + " | ".join([name, f"{own:.4f}", *reference, *cells, last]) + " |", flush=True)


if __name__ == "__main__":
    main()
