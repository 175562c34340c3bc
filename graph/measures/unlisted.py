"""What lists that go on (等多家) leave open: parties and ties that nobody wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from graph.measures.answers import Found
from graph.measures.further import Take, TakeWhole, draw_further, span_parties, span_together, span_whole

if TYPE_CHECKING:
    import networkx as nx

AT_LEAST: Final = ("strength", "core")
"""Further ties can only add to these, without a limit that the lists would tell."""
EITHER_WAY: Final = (
    "betweenness", "brokerage", "constraint", "effective_size", "clustering", "articulation", "bridges",
)  # fmt: skip
"""Further ties of anybody can make these larger or smaller."""
WHOLE_EITHER_WAY: Final = (
    "transitivity", "assortativity", "components", "robustness", "ei", "agreement", "stability",
)  # fmt: skip
"""The same of the whole; parts can only become fewer, but by how many no list tells."""


def find_open_ends(graph: nx.Graph) -> set[str]:
    """Parties that stand in a list that goes on, who may be tied to anybody else."""
    return {
        party
        for *tie, doubts in graph.edges(data="doubts")
        if doubts and "incomplete" in doubts.split("; ")
        for party in tie
    }


def leave_open(
    name: str, graph: nx.Graph, found: Mapping[str, Found], take: Take, seed: int
) -> tuple[Mapping[str, Found], str]:
    """Say of values of a measure how far incomplete lists leave them open, and how sure that makes them.

    Parameters
    ----------
    name : str
    graph : networkx.Graph
    found : mapping of str to Found
        What `take` gives of the graph.
    take : callable
    seed : int
        For what is drawn.

    Returns
    -------
    found : mapping of str to Found
        With `from` and `to` where there are bounds (None: as large as you like). Of what further ties may
        make larger or smaller, with `unsure`: `further` and what draws give (`graph.measures.further`), or
        `incomplete` without.
    status : str
        `exact` where every list ends, `bounded` by bounds, `estimate` without.
    """
    open_ended = find_open_ends(graph)
    if not open_ended or name not in ("degree", *AT_LEAST, *EITHER_WAY, "community"):
        return found, "exact"
    if name in (*EITHER_WAY, "community"):
        return _draw_open(name, graph, found, take, seed), "estimate"
    most = _count_most(graph, open_ended) if name == "degree" else {}
    bounded = {
        party: one
        if one.value is None
        else Found(one.value, "", {**one.details, "from": one.value, "to": most.get(party)})
        for party, one in found.items()
    }
    return bounded, "bounded"


def _draw_open(
    name: str, graph: nx.Graph, found: Mapping[str, Found], take: Take, seed: int
) -> Mapping[str, Found]:
    """Values of parties that further ties may make larger or smaller, with what draws give, if any."""
    further = draw_further(name, graph, seed)
    if further is None:
        return {
            party: one if one.value is None else Found(one.value, "", {**one.details, "unsure": "incomplete"})
            for party, one in found.items()
        }
    if name == "community":
        from graph.measures.stability import share_once

        return span_together(further, lambda ties, drawn: share_once(ties, found, drawn), found)
    return span_parties(further, take, found)


def leave_whole_open(
    name: str, graph: nx.Graph, found: tuple[Found, float | None], take: TakeWhole, seed: int
) -> Found:
    """Say of a measure of the whole how far incomplete lists leave it open.

    Parameters
    ----------
    name : str
    graph : networkx.Graph
    found : Found and float or None
        The value as the lists have it, and its z.
    take : callable
        Takes the measure of a graph.
    seed : int
        For what is drawn.

    Returns
    -------
    Found
        With what draws give and `unsure`: `further` (`graph.measures.further`), or `incomplete` without; as
        it was where every list ends, or nothing is defined.
    """
    one, _ = found
    if one.value is None or name not in WHOLE_EITHER_WAY or not find_open_ends(graph):
        return one
    further = draw_further(name, graph, seed)
    if further is None:
        return Found(one.value, "", {**one.details, "unsure": "incomplete"})
    return span_whole(further, take, found)


def _count_most(graph: nx.Graph, open_ended: set[str]) -> Mapping[str, int]:
    """The partners of each party if whoever stands in a list that goes on were tied to all."""
    if graph.graph.get("kind") != "agreements":
        return {
            party: len(graph) - 1 if party in open_ended else len(open_ended.union(ties))
            for party, ties in graph.adjacency()
        }
    # Parties are tied to pairings alone, and it is pairings that may have more of them.
    pairings = {node for node, table in graph.nodes(data="table") if table == "pairings"}
    may_grow = open_ended & pairings
    parties = len(graph) - len(pairings)
    return {
        node: (parties if node in may_grow else len(ties)) if node in pairings else len(may_grow.union(ties))
        for node, ties in graph.adjacency()
    }
