"""Graphs as compressed rows: who is tied to whom as two arrays, in networkx's own order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from graph.backend.about import NAME

if TYPE_CHECKING:
    import networkx as nx

IntArray = NDArray[np.int64]
RowArray = NDArray[np.int32]
"""Rows, and places in the list of neighbours: half as long as NumPy's own, so that more fits the cache."""
FloatArray = NDArray[np.float64]

_KEPT: Final = "linli"
"""Where a view's rows stand among what networkx keeps for a graph until it changes."""


class CompiledGraph:
    """An undirected graph without parallel ties, as compressed rows (CSR).

    Each tie stands in the rows of both its ends, a self-tie once. Nodes and neighbours keep the order of the
    graph that they come from, so that orders that follow from it are the same.

    Parameters
    ----------
    nodes : list
        The nodes, each once.
    starts : int32 array, one longer than `nodes`
        Where each node's row begins in `heads`.
    heads : int32 array
        Rows of the neighbours.
    weights : mapping of str to float64 array, optional
        Values of ties by attribute, along `heads`.
    graph : mapping, optional
        Attributes of the whole graph.
    """

    __networkx_backend__ = NAME

    def __init__(
        self,
        nodes: list[Any],
        starts: RowArray,
        heads: RowArray,
        weights: Mapping[str, FloatArray] | None = None,
        graph: Mapping[str, Any] | None = None,
    ) -> None:
        self.nodes = nodes
        self.starts = starts
        self.heads = heads
        self.weights = dict(weights or {})
        self.graph = dict(graph or {})

    @cached_property
    def index(self) -> dict[Any, int]:
        """Row of each node."""
        return {node: row for row, node in enumerate(self.nodes)}

    @cached_property
    def tails(self) -> RowArray:
        """For each entry of `heads` the row in which it stands."""
        return np.repeat(np.arange(len(self.nodes), dtype=np.int32), np.diff(self.starts))

    @cached_property
    def self_ties(self) -> int:
        """How many nodes are tied to themselves."""
        return int(np.count_nonzero(self.tails == self.heads))

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.nodes)

    def __contains__(self, node: object) -> bool:
        try:
            return node in self.index
        except TypeError:
            return False

    def is_directed(self) -> bool:
        """False: ties run both ways."""
        return False

    def is_multigraph(self) -> bool:
        """False: two nodes share one tie at most."""
        return False

    def number_of_nodes(self) -> int:
        """How many nodes there are."""
        return len(self.nodes)

    def number_of_edges(self) -> int:
        """How many ties there are, self-ties included."""
        return (len(self.heads) + self.self_ties) // 2

    def rows_of(self, nodes: Iterable[Hashable]) -> list[int]:
        """Rows of nodes in the order given; those that aren't in the graph are passed over.

        Raises
        ------
        networkx.NetworkXError
            If `nodes` is neither a node nor a sequence of possible nodes.
        """
        import networkx as nx

        try:
            return [self.index[node] for node in nodes if node in self.index]
        except TypeError as error:
            raise nx.NetworkXError(f"{nodes!r} is neither a node nor a sequence of nodes") from error

    def weight_of(self, weight: str | None) -> FloatArray:
        """Values of ties by attribute along `heads`; ones for None and for what was not taken over."""
        known = None if weight is None else self.weights.get(weight)
        return np.ones(len(self.heads)) if known is None else known

    def by_node(self, values: NDArray[Any]) -> dict[Any, Any]:
        """One value for each node as a dictionary of plain numbers, in the nodes' order."""
        return dict(zip(self.nodes, values.tolist(), strict=True))


def sum_by_row(rows: NDArray[np.integer[Any]], values: FloatArray, size: int) -> FloatArray:
    """Values added up by the row that each belongs to, in their order."""
    return np.bincount(rows, weights=values, minlength=size).astype(np.float64, copy=False)


AnyGraph: TypeAlias = "CompiledGraph | nx.Graph"
"""What the backend is handed: compressed rows, or a view that keeps its own."""


def compress(graph: nx.Graph, weights: Mapping[str, float] | None = None) -> CompiledGraph:
    """A networkx graph as compressed rows.

    Parameters
    ----------
    graph : networkx.Graph
    weights : mapping of str to float, optional
        Attributes of ties to take over, each with what counts where it is missing.

    Raises
    ------
    NotImplementedError
        If ties are directed or parallel, a weight is no number, or neighbours follow rules of their own.
    """
    if graph.is_directed() or graph.is_multigraph():
        raise NotImplementedError(f"{NAME} takes no directed graphs and no multigraphs")
    if has_own_neighbours(graph):
        raise NotImplementedError(f"{NAME} takes no graphs that tell neighbours by rules of their own")
    rows = graph._adj
    index = {node: row for row, node in enumerate(rows)}
    starts = np.zeros(len(index) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, rows.values()), np.int32, len(index)), out=starts[1:])
    ends = map(index.__getitem__, chain.from_iterable(rows.values()))
    heads = np.fromiter(ends, np.int32, int(starts[-1]))
    found = CompiledGraph(list(index), starts, heads, None, graph.graph)
    found.index = index
    for name, default in (weights or {}).items():
        found.weights[name] = _read_weight(rows, name, default, len(heads))
    return found


def has_own_neighbours(graph: Any) -> bool:
    """Whether a graph's class tells neighbours by rules of its own, instead of from its dictionaries.

    networkx has such classes inside: the complement of a graph that is never written out, for one.
    """
    import networkx as nx

    kind = type(graph)
    if not issubclass(kind, nx.Graph):
        return False
    return any(getattr(kind, name) is not getattr(nx.Graph, name) for name in _TELL_NEIGHBOURS)


_TELL_NEIGHBOURS: Final = ("__getitem__", "adjacency", "neighbors")


def _read_weight(rows: Mapping[Any, Mapping[Any, Any]], name: str, default: float, size: int) -> FloatArray:
    values = (tie.get(name, default) for ties in rows.values() for tie in ties.values())
    try:
        return np.fromiter(values, np.float64, size)
    except (TypeError, ValueError) as error:
        raise NotImplementedError(f"a value of “{name}” is no number") from error


def as_compiled(graph: AnyGraph, weight: str | None = None) -> CompiledGraph:
    """The compressed rows of a graph that the backend was handed.

    A view is compressed at its first use and again after it was changed. Its weights are read each time,
    since they can be changed where no graph notices. A view of a part follows the whole, so that nothing is
    kept of it.
    """
    if isinstance(graph, CompiledGraph):
        return graph
    kept = None if hasattr(graph, "_graph") else graph.__networkx_cache__
    found: CompiledGraph | None = None if kept is None else kept.get(_KEPT)
    if found is None:
        found = compress(graph)
        if kept is not None:
            kept[_KEPT] = found
    if weight is None:
        return found
    values = _read_weight(graph._adj, weight, 1, len(found.heads))
    return CompiledGraph(found.nodes, found.starts, found.heads, {weight: values}, found.graph)


def expand(graph: CompiledGraph) -> nx.Graph:
    """Compressed rows as a networkx graph, with the weights that were taken over."""
    import networkx as nx

    made = nx.Graph(**graph.graph)
    made.add_nodes_from(graph.nodes)
    first = graph.tails <= graph.heads
    pairs = zip(graph.tails[first].tolist(), graph.heads[first].tolist(), strict=True)
    made.add_edges_from((graph.nodes[tail], graph.nodes[head]) for tail, head in pairs)
    for name, values in graph.weights.items():
        pairs = zip(graph.tails[first].tolist(), graph.heads[first].tolist(), strict=True)
        for (tail, head), value in zip(pairs, values[first].tolist(), strict=True):
            made[graph.nodes[tail]][graph.nodes[head]][name] = value
    return made
