"""What networkx calls: conversions, what can run, and the functions (entry point ``networkx.backends``)."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any

from graph.backend import centrality, closure, communities, structure
from graph.backend.about import FUNCTIONS, NAME
from graph.backend.csr import CompiledGraph, compress, expand, has_own_neighbours

if TYPE_CHECKING:
    import networkx as nx

# networkx looks for each function in this module.
for _home in (centrality, closure, communities, structure):
    globals().update({name: getattr(_home, name) for name in FUNCTIONS if hasattr(_home, name)})

SMALL = 100
"""Below so many nodes networkx is done before a conversion is."""


def convert_from_nx(
    graph: nx.Graph,
    *,
    edge_attrs: Mapping[str, Any] | None = None,
    **_: Any,
) -> CompiledGraph:
    """A networkx graph as compressed rows, with the attributes of ties that a function asks for.

    Raises
    ------
    NotImplementedError
        If the graph is directed or has parallel ties, or a weight isn't a number.
    """
    return compress(graph, edge_attrs)


def convert_to_nx(result: Any, **_: Any) -> Any:
    """A graph of this backend as a plain networkx graph; any other result as it is."""
    if isinstance(result, CompiledGraph):
        return expand(result)
    if getattr(result, "__networkx_backend__", None) == NAME:
        return result.as_networkx()
    return result


def can_run(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool | str:
    """Whether a call can run compiled; if not, why."""
    given = signature(globals()[name]).bind_partial(*args, **kwargs).arguments
    graph = given.get("G")
    if graph is None:
        return "there is no graph"
    if graph.is_directed() or graph.is_multigraph():
        return "the graph is directed or has parallel ties"
    if has_own_neighbours(graph):
        return "the graph tells neighbours by rules of its own"
    refused = [argument for argument in FUNCTIONS[name].without if given.get(argument) is not None]
    return f"{refused[0]} is given" if refused else True


def should_run(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool | str:
    """Whether a networkx graph is worth converting for a call; if not, why."""
    graph = args[0] if args else kwargs["G"]
    if NAME in (getattr(graph, "__networkx_cache__", None) or {}).get("backends", {}):
        return True
    if len(graph) < SMALL:
        return "the graph is small"
    return "a conversion takes longer than this" if FUNCTIONS[name].quick else True
