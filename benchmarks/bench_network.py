"""Times the networkx backend against networkx itself and, where they are installed, compiled libraries.

One run on one graph; every answer is checked against networkx's own, randomised ones by their quality. CPU
seconds of this process; the best of several runs for what is quick. The conversion is timed apart, beside one
pass over the ties in Python.
"""

from __future__ import annotations

import argparse
import importlib
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx

from graph.backend import interface

RUNS = 3
QUICK_S = 1.0


def make_graph(nodes: int, ties: int, seed: int) -> nx.Graph:
    """A graph with hubs and circles, as alliances have them, and random ties up to the number asked for."""
    per_node = max(1, round(0.8 * ties / nodes))
    graph = nx.powerlaw_cluster_graph(nodes, per_node, 0.3, seed=seed)
    further = nx.gnm_random_graph(nodes, ties, seed=seed)
    for tie in further.edges:
        if graph.size() >= ties:
            break
        graph.add_edge(*tie)
    return graph


CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "betweenness, 200 sources": lambda call, g: call("betweenness_centrality")(g, k=200, seed=1),
    "constraint": lambda call, g: call("constraint")(g),
    "effective size": lambda call, g: call("effective_size")(g),
    "articulation points": lambda call, g: list(call("articulation_points")(g)),
    "bridges": lambda call, g: list(call("bridges")(g)),
    "clustering": lambda call, g: call("clustering")(g),
    "triangles": lambda call, g: call("triangles")(g),
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
    """What a call gives and the least CPU time that it took; slow calls run once."""
    best = math.inf
    for _ in range(RUNS):
        start = time.process_time()
        found = run()
        best = min(best, time.process_time() - start)
        if best > QUICK_S:
            break
    return found, best


def agree(one: Any, other: Any) -> bool:
    """Whether two answers are equal but for rounding."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(agree(one[key], other[key]) for key in one)
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(
            one, other, rel_tol=1e-7, abs_tol=1e-12
        )
    return bool(one == other)


def rustworkx_calls(graph: nx.Graph, library: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What rustworkx has of these, its answers brought into networkx's form."""
    rows = library.PyGraph(multigraph=False)
    nodes = list(graph)
    rows.add_nodes_from(nodes)
    rows.add_edges_from_no_data(list(graph.edges))
    yield "articulation points", lambda: set(library.articulation_points(rows))
    yield "bridges", lambda: {frozenset(tie) for tie in library.bridges(rows)}
    yield "core numbers", lambda: dict(library.core_number(rows))
    yield "components", lambda: library.connected_components(rows)


def igraph_calls(graph: nx.Graph, library: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What igraph has of these."""
    rows = library.Graph(len(graph), list(graph.edges))
    yield "constraint", lambda: dict(enumerate(rows.constraint()))
    yield "articulation points", lambda: set(rows.articulation_points())
    yield "bridges", lambda: {frozenset(rows.es[tie].tuple) for tie in rows.bridges()}
    yield "clustering", lambda: dict(enumerate(rows.transitivity_local_undirected(mode="zero")))
    yield "core numbers", lambda: dict(enumerate(rows.coreness()))
    yield "components", lambda: [set(part) for part in rows.connected_components()]


def networkit_calls(graph: nx.Graph, library: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What NetworKit has of these."""
    rows = library.nxadapter.nx2nk(graph)
    yield "core numbers", lambda: dict(enumerate(library.centrality.CoreDecomposition(rows).run().scores()))
    yield (
        "clustering",
        lambda: dict(enumerate(library.centrality.LocalClusteringCoefficient(rows).run().scores())),
    )


OTHERS = {"rustworkx": rustworkx_calls, "igraph": igraph_calls, "networkit": networkit_calls}


def other_times(graph: nx.Graph, answers: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Times of the compiled libraries that are installed, their answers checked."""
    times = {}
    for name, calls in OTHERS.items():
        try:
            library = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed, left out")
            continue
        for call, run in calls(graph, library):
            found, times[name, call] = timed(run)
            if not agree(in_form(answers[call], found), found):
                raise SystemExit(f"{name} finds another answer for {call}")
    return times


def in_form(expected: Any, found: Any) -> Any:
    """Networkx's answer in the form of another's: sets where order means nothing."""
    if isinstance(found, set):
        return {frozenset(item) if isinstance(item, tuple) else item for item in expected}
    return expected


def check(name: str, graph: nx.Graph, expected: Any, found: Any) -> None:
    """Stop if an answer differs; communities may differ by what their modularity allows."""
    if name == "Louvain":
        theirs, ours = (nx.community.modularity(graph, part) for part in (expected, found))
        if ours < theirs - 1e-9:
            raise SystemExit(f"communities of modularity {ours:.4f}, networkx {theirs:.4f}")
    elif not agree(expected, found):
        raise SystemExit(f"another answer than networkx for {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="20000x200000", help="NODESxTIES")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    nodes, ties = map(int, chosen.size.split("x"))
    graph = make_graph(nodes, ties, chosen.seed)
    # The first calls load or compile the loops, which is no part of any graph.
    small = interface.convert_from_nx(nx.path_graph(300))
    for call in CALLS.values():
        call(compiled_call, small)
    rows, converted = timed(lambda: interface.convert_from_nx(graph, edge_attrs=None))
    _, passed = timed(lambda: sum(1 for _ in graph.edges))
    print(f"{len(graph)} nodes, {graph.size()} ties; CPU seconds")
    print(f"conversion {converted:.3f}, kept until the graph changes; one pass over the ties {passed:.3f}")
    ours, theirs, answers = {}, {}, {}
    for name, call in CALLS.items():
        found, ours[name] = timed(lambda call=call: call(compiled_call, rows))
        answers[name], theirs[name] = timed(lambda call=call: call(networkx_call, graph))
        check(name, graph, answers[name], found)
    others = other_times(graph, answers)
    print(f"{'':26}{'linli':>9}{'networkx':>10}{'faster':>9}  others")
    for name in CALLS:
        beside = "  ".join(f"{lib} {seconds:.3f}" for (lib, call), seconds in others.items() if call == name)
        print(f"{name:26}{ours[name]:9.3f}{theirs[name]:10.3f}{theirs[name] / ours[name]:8.0f}x  {beside}")


if __name__ == "__main__":
    main()
