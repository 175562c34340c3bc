"""How closed the circles around nodes are: triangles, clustering, and what Burt calls structural holes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

from graph.backend import closure_loops
from graph.backend.csr import AnyGraph, CompiledGraph, FloatArray, IntArray, as_compiled, sum_by_row

Nodes = Hashable | Iterable[Hashable] | None


def triangles(G: AnyGraph, nodes: Nodes = None) -> Any:
    """How many triangles each node lies in; for one node its number."""
    rows = as_compiled(G)
    found, _ = _triangles(rows)
    return _answer(rows, nodes, found.tolist())


def clustering(G: AnyGraph, nodes: Nodes = None, weight: None = None) -> Any:
    """Share of the pairs of a node's neighbours that are tied themselves (Watts & Strogatz 1998), 0 to 1."""
    rows = as_compiled(G)
    return _answer(rows, nodes, _clustering(rows))


def average_clustering(
    G: AnyGraph, nodes: Nodes = None, weight: None = None, count_zeros: bool = True
) -> float:
    """The mean of the nodes' clustering; without `count_zeros` over those above zero."""
    values = list(clustering(G, nodes).values())
    if not count_zeros:
        values = [value for value in values if value > 0]
    return float(sum(values) / len(values))


def transitivity(G: AnyGraph) -> float:
    """Share of the ways over two ties whose ends are tied, 0 to 1."""
    found, degree = _triangles(as_compiled(G))
    closed = 2 * int(found.sum())
    return closed / int((degree * (degree - 1)).sum()) if closed else 0


def constraint(
    G: AnyGraph, nodes: Iterable[Hashable] | None = None, weight: str | None = None
) -> dict[Any, float]:
    """How much of a node's ties lead, directly or by others, to the same few (Burt 1992); NaN without.

    Raises
    ------
    networkx.NetworkXError
        If there are no nodes.
    """
    rows = as_compiled(G, weight)
    _refuse_nothing(rows, nodes)
    values = _positive(rows, weight)
    strength, own = _strengths(rows, values)
    found = closure_loops.sum_constraint(rows.starts, rows.heads, values, strength)
    if nodes is not None:
        chosen = rows.rows_of(nodes)
        return {rows.nodes[row]: found[row].item() for row in chosen}
    # networkx's own condition, also where a self-tie weighs something else than 1.
    with np.errstate(invalid="ignore", divide="ignore"):
        found[2 * strength == 2 * own / strength] = np.nan
    return rows.by_node(found)


def effective_size(
    G: AnyGraph, nodes: Iterable[Hashable] | None = None, weight: None = None
) -> dict[Any, float]:
    """How many of a node's neighbours are left when those tied to each other count as one (Burt 1992).

    NaN where a node has no neighbour but itself.

    Raises
    ------
    networkx.NetworkXError
        If there are no nodes.
    """
    rows = as_compiled(G)
    _refuse_nothing(rows, nodes)
    if nodes is not None and rows.self_ties:
        raise NotImplementedError("self-ties count otherwise where nodes are given")
    triangles_of, degree = _triangles(rows)
    own = np.bincount(rows.tails[rows.tails == rows.heads], minlength=len(rows))
    # What a node shares with its neighbours: a tie among them counts at both its ends, a self-tie as one of
    # its node's neighbours.
    shared = 2 * triangles_of + np.bincount(rows.tails, own[rows.heads], len(rows)) + 2 * own * degree
    size = degree + own
    with np.errstate(invalid="ignore"):
        found = np.where(degree > 0, size - shared / size, np.nan)
    if nodes is None:
        return rows.by_node(found)
    return {rows.nodes[row]: found[row].item() for row in rows.rows_of(nodes)}


def _triangles(rows: CompiledGraph) -> tuple[IntArray, IntArray]:
    """Triangles and neighbours of each row, self-ties aside."""
    degree = np.diff(rows.starts).astype(np.int64)
    if rows.self_ties:
        degree = degree - np.bincount(rows.tails[rows.tails == rows.heads], minlength=len(rows))
    return closure_loops.count_triangles(rows.starts, rows.heads), degree


def _clustering(rows: CompiledGraph) -> list[float]:
    found, degree = _triangles(rows)
    pairs = degree * (degree - 1)
    shares = np.divide(2 * found, pairs, out=np.zeros(len(rows)), where=found > 0)
    values: list[float] = shares.tolist()
    for row in np.flatnonzero(found == 0).tolist():
        values[row] = 0  # as in networkx, a whole number
    return values


def _answer(rows: CompiledGraph, nodes: Nodes, values: list[Any]) -> Any:
    """Values of all nodes, of some, or of one, as networkx gives them."""
    if nodes is None:
        return dict(zip(rows.nodes, values, strict=True))
    if nodes in rows:
        return values[rows.index[nodes]]
    chosen = rows.rows_of(nodes)  # type: ignore[arg-type]  # what is no node and no sequence is refused there
    return {rows.nodes[row]: values[row] for row in chosen}


def _refuse_nothing(rows: CompiledGraph, nodes: Iterable[Hashable] | None) -> None:
    """Refuse a graph without nodes, as networkx does for these measures."""
    import networkx as nx

    if nodes is None and not len(rows):
        raise nx.NetworkXError("Graph has no nodes or edges")


def _positive(rows: CompiledGraph, weight: str | None) -> FloatArray:
    values = rows.weight_of(weight)
    if weight is not None and not (values > 0).all():
        raise NotImplementedError("weights that are zero or negative are left to networkx")
    return values


def _strengths(rows: CompiledGraph, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of all ties and of the self-tie, by row."""
    own = rows.tails == rows.heads
    strength = sum_by_row(rows.tails, values, len(rows))
    return strength, sum_by_row(rows.tails[own], values[own], len(rows))
