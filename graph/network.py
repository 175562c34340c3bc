"""Views of the graph's ties as networkx graphs, for measures and for drawing programs.

The views' measures run compiled (`graph.backend`) where that has them; for all else
``networkx.config.fallback_to_nx`` is switched on when the first view is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from graph.model import PARTY_TABLES
from graph.ties import edges

if TYPE_CHECKING:
    import networkx as nx

    from graph.entries import EdgeKind
    from graph.snapshot import Snapshot

KINDS: Final[Mapping[str, EdgeKind]] = {
    "pairings": "pairing",
    "memberships": "membership",
    "branches": "branch",
}
"""What can be viewed, and the ties that it shows."""


def view(snapshot: Snapshot, kind: str, as_of: date | None = None) -> nx.Graph:
    """Parties and their ties of one kind as an undirected graph.

    Parameters
    ----------
    snapshot : Snapshot
    kind : {"pairings", "memberships", "branches"}
        `pairings` tie all parties of each pairwise; `memberships` tie parties with alliances; `branches` tie
        branches with their units and with the branch above.
    as_of : date, optional
        Only what is valid on that day.

    Returns
    -------
    networkx.Graph
        One whose measures run compiled; docs/backend.md says which. Nodes are ids, with `table` and `name`
        where the record is known, and `lon`, `lat` where its point is. An edge has `records` (ids of the
        records that say so, joined by a semicolon) and `weight` (how many). Attributes are plain text and
        numbers, as GraphML and GEXF take them.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    import networkx as nx

    from graph.backend.views import View

    if kind not in KINDS:
        raise ValueError(f"there is no view “{kind}”, but {', '.join(KINDS)}")
    shown = snapshot if as_of is None else snapshot.at(as_of)
    nx.config.fallback_to_nx = True
    graph = View(kind=kind)
    ties = edges(shown, KINDS[kind])
    for tail, head, record in zip(ties.tail, ties.head, ties.record, strict=True):
        _add(graph, tail, head, record)
    if kind == "branches":
        for branch, above in zip(shown.ids("branches"), shown.column("branches", "parent"), strict=True):
            if above is not None:
                _add(graph, branch, above, branch)
    for table in reversed(PARTY_TABLES):
        _describe(graph, shown, table)
    return graph


def _add(graph: nx.Graph, tail: str, head: str, record: str) -> None:
    known = graph.get_edge_data(tail, head, {"records": "", "weight": 0})
    records = f"{known['records']}; {record}" if known["weight"] else record
    graph.add_edge(tail, head, records=records, weight=known["weight"] + 1)


def _describe(graph: nx.Graph, snapshot: Snapshot, table: str) -> None:
    """Say of each node that stands in a table what is known of it."""
    every = list(graph)
    nodes = [node for node, row in zip(every, snapshot.rows_of(table, every), strict=True) if row >= 0]
    for node, record in zip(nodes, snapshot.records(table, snapshot.rows_of(table, nodes)), strict=True):
        graph.nodes[node].update(table=table, name=getattr(record, "name", ""))
        lon, lat = getattr(record, "lon", None), getattr(record, "lat", None)
        if lon is not None and lat is not None:
            graph.nodes[node].update(lon=lon, lat=lat)
