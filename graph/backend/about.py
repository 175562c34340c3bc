"""What the backend runs, and what it leaves to networkx: for networkx, the checks and the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

NAME: Final = "linli"
"""The backend's name, as in ``backend="linli"``."""

ALWAYS_REFUSED: Final = (
    "directed graphs",
    "multigraphs",
    "graph classes that tell neighbours by rules of their own",
)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of networkx that runs compiled.

    Attributes
    ----------
    way : str
        How it is computed.
    without : tuple of str
        Arguments that have to stay None.
    further : str
        What else is left to networkx; found out while running.
    quick : bool
        Whether networkx takes no longer than a conversion does.
    """

    way: str
    without: tuple[str, ...] = ()
    further: str = ""
    quick: bool = False


_BRANDES = "one breadth-first search for each source (Brandes 2001); the same sources are drawn for a seed"
_TRIANGLES = "triangles along arcs towards higher degree (Chiba & Nishizeki 1985)"
_LOWPOINT = "one depth-first search (Hopcroft & Tarjan 1973), in networkx's order"
_LOUVAIN = (
    "the steps of Blondel et al. 2008: up to 2,000 nodes in networkx's order, so that a seed gives the same "
    "communities; beyond with a queue of what changed (Traag et al. 2019), to a like modularity"
)

FUNCTIONS: Final[Mapping[str, Function]] = {
    "articulation_points": Function(_LOWPOINT),
    "average_clustering": Function(_TRIANGLES, ("weight",)),
    "betweenness_centrality": Function(_BRANDES, ("weight",)),
    "biconnected_components": Function(_LOWPOINT),
    "bridges": Function(_LOWPOINT, ("root",)),
    "closeness_centrality": Function("one breadth-first search for each node", ("distance",)),
    "clustering": Function(_TRIANGLES, ("weight",)),
    "connected_components": Function("breadth-first search", quick=True),
    "constraint": Function("Burt 1992, over paths of two ties", further="weights that are zero or negative"),
    "core_number": Function("who has the fewest ties left is taken off, level by level (Matula & Beck 1983)"),
    "effective_size": Function(
        "Burt 1992, from triangles (Borgatti 1997)",
        ("weight",),
        "self-ties where `nodes` is given",
    ),
    "has_bridges": Function(_LOWPOINT, ("root",)),
    "is_biconnected": Function(_LOWPOINT),
    "is_connected": Function("breadth-first search", quick=True),
    "louvain_communities": Function(_LOUVAIN),
    "louvain_partitions": Function(_LOUVAIN),
    "node_connected_component": Function("breadth-first search", quick=True),
    "number_connected_components": Function("breadth-first search", quick=True),
    "pagerank": Function("power iteration (Page et al. 1999)", ("personalization", "nstart", "dangling")),
    "transitivity": Function(_TRIANGLES),
    "triangles": Function(_TRIANGLES),
}


def get_info() -> dict[str, Any]:
    """What networkx asks of a backend when it is imported (entry point ``networkx.backend_info``)."""
    return {
        "backend_name": NAME,
        "project": NAME,
        "package": "linli",
        "short_summary": "Compiled loops over compressed rows, with equal answers.",
        "functions": {
            name: {"additional_docs": f"{function.way}. Left to networkx: {left_out(function)}."}
            for name, function in FUNCTIONS.items()
        },
    }


def left_out(function: Function) -> str:
    """What a function doesn't take, in words."""
    given = [f"`{name}` given" for name in function.without]
    return "; ".join([*ALWAYS_REFUSED, *given, *([function.further] if function.further else [])])


def render_page() -> str:
    """The page docs/backend.md: what runs compiled."""
    lines = [
        "# The networkx backend",
        "",
        "Written by `make docs` from `graph/backend/about.py`; don't edit by hand.",
        "",
        "These functions of networkx run on compressed rows with compiled loops, with equal answers:",
        '`networkx.betweenness_centrality(G, k=200, seed=1, backend="linli")` for any undirected networkx',
        "graph, and without `backend=` for the views of `linli.network.view`. A networkx graph is converted",
        "at its first use, and networkx keeps the conversion until the graph is changed by its methods. A",
        "view keeps its own, and reads weights afresh each time.",
        "",
        "Whatever isn't in the table runs in networkx: for a networkx graph by itself, for views because",
        "`linli.network` sets `networkx.config.fallback_to_nx`, which is networkx's own switch for that.",
        'Asked for by name (`backend="linli"`), a call that is left out raises `NotImplementedError`.',
        "",
        "| function | how | left to networkx |",
        "|---|---|---|",
    ]
    rows = sorted(FUNCTIONS.items())
    lines += [f"| `{name}` | {function.way} | {left_out(function)} |" for name, function in rows]
    return "\n".join(lines) + "\n"
