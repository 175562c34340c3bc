"""What lists that go on (等多家) leave open: parties and ties that nobody wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from graph.measures.answers import Found
from graph.measures.further import Take, TakeWhole, span_further, span_whole

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
    if not open_ended or name not in ("degree", *AT_LEAST, *EITHER_WAY):
        return found, "exact"
    if name in EITHER_WAY and (spans := span_further(name, graph, take, found, seed)) is not None:
        return spans, "estimate"
    answers = {}
    most = _count_most(graph, open_ended) if name == "degree" else {}
    more: dict[str, float | str | None]
    for party, one in found.items():
        if one.value is None:
            answers[party] = one
            continue
        if name == "degree":
            more = {"from": one.value, "to": most[party]}
        else:
            more = {"unsure": "incomplete"} if name in EITHER_WAY else {"from": one.value, "to": None}
        answers[party] = Found(one.value, one.reason, {**one.details, **more})
    return answers, "estimate" if name in EITHER_WAY else "bounded"


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
    spanned = span_whole(name, graph, take, found, seed)
    return spanned or Found(one.value, "", {**one.details, "unsure": "incomplete"})


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
