"""What a graph falls into: connected parts, parts that no one loss cuts, what holds them together, cores."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from graph.backend import structure_loops
from graph.backend.csr import AnyGraph, CompiledGraph, IntArray, RowArray, as_compiled


def connected_components(G: AnyGraph) -> Iterator[set[Any]]:
    """Sets of nodes that are tied by some way, in the order of their first nodes."""
    rows = as_compiled(G)
    order, ends = structure_loops.find_components(rows.starts, rows.heads)
    yield from _sets(rows, order, ends)


def number_connected_components(G: AnyGraph) -> int:
    """How many connected components there are."""
    rows = as_compiled(G)
    return len(structure_loops.find_components(rows.starts, rows.heads)[1])


def is_connected(G: AnyGraph) -> bool:
    """Whether every node is tied to every other by some way.

    Raises
    ------
    networkx.NetworkXPointlessConcept
        If there are no nodes.
    """
    import networkx as nx

    if len(G) == 0:
        raise nx.NetworkXPointlessConcept("Connectivity is undefined for the null graph.")
    return number_connected_components(G) == 1


def node_connected_component(G: AnyGraph, n: Hashable) -> set[Any]:
    """The nodes tied to a node by some way, itself included.

    Raises
    ------
    KeyError
        If there is no such node.
    """
    rows = as_compiled(G)
    reached = structure_loops.reach(rows.starts, rows.heads, rows.index[n])
    return {rows.nodes[row] for row in reached.tolist()}


def articulation_points(G: AnyGraph) -> Iterator[Any]:
    """Nodes without which their component falls apart, in networkx's order."""
    rows = as_compiled(G)
    cuts, _, _, _ = structure_loops.search_lowpoints(rows.starts, rows.heads)
    yield from (rows.nodes[row] for row in dict.fromkeys(cuts.tolist()))


def biconnected_components(G: AnyGraph) -> Iterator[set[Any]]:
    """Sets of nodes that hang together without any one of them, in networkx's order."""
    rows = as_compiled(G)
    _, order, ends, _ = structure_loops.search_lowpoints(rows.starts, rows.heads)
    yield from _sets(rows, order, ends)


def is_biconnected(G: AnyGraph) -> bool:
    """Whether the graph is one biconnected component."""
    parts = list(biconnected_components(G))
    return len(parts) == 1 and len(parts[0]) == len(G)


def bridges(G: AnyGraph, root: None = None) -> Iterator[tuple[Any, Any]]:
    """Ties without which their component falls apart, in the graph's order of ties."""
    rows = as_compiled(G)
    _, _, _, arcs = structure_loops.search_lowpoints(rows.starts, rows.heads)
    arcs = np.sort(arcs)
    for tail, head in zip(rows.tails[arcs].tolist(), rows.heads[arcs].tolist(), strict=True):
        yield rows.nodes[tail], rows.nodes[head]


def has_bridges(G: AnyGraph, root: None = None) -> bool:
    """Whether some tie is a bridge."""
    return next(bridges(G), None) is not None


def core_number(G: AnyGraph) -> dict[Any, int]:
    """The largest k for which a node lies in a part where each has k ties inside it, by node.

    Raises
    ------
    networkx.NetworkXNotImplemented
        If a node is tied to itself.
    """
    import networkx as nx

    rows = as_compiled(G)
    if rows.self_ties:
        raise nx.NetworkXNotImplemented(
            "Input graph has self loops which is not permitted: remove them first."
        )
    return rows.by_node(structure_loops.peel(rows.starts, rows.heads))


def _sets(rows: CompiledGraph, order: RowArray | IntArray, ends: IntArray) -> Iterator[set[Any]]:
    """Nodes listed one part after another as sets."""
    if len(ends) == 1 and len(order) == len(rows):
        yield set(rows.index)
        return
    nodes = list(map(rows.nodes.__getitem__, order.tolist()))
    first = 0
    for end in ends.tolist():
        yield set(nodes[first:end])
        first = end
