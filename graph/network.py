"""Views of the graph's ties as networkx graphs, for measures and for drawing programs.

The views' measures run compiled (`graph.backend`) where that has them; for all else
``networkx.config.fallback_to_nx`` is switched on when the first view is made.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from graph.model import PARTY_TABLES
from graph.network_ties import ABOUT, Tie, list_ties
from graph.periods import read_day

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from scipy.sparse import csr_array

    from graph.snapshot import Snapshot

KINDS: Final = tuple(ABOUT)
"""What can be viewed; `graph.network_ties` says what ties whom, and what the weight is."""

_TWO_MODE: Final = {"agreements": "pairings"}


def view(snapshot: Snapshot, kind: str, as_of: date | str | None = None) -> nx.Graph:
    """Parties and their ties of one kind as an undirected graph.

    Parameters
    ----------
    snapshot : Snapshot
    kind : str
        One of `KINDS`: `pairings` tie all parties of each pairwise, `agreements` keep pairings of several
        parties whole (as nodes); `memberships` tie parties with alliances, `alliances` those that share one;
        `services` units with the areas they served; `complement` who needs with who offers; `branches`
        branches with their units and the branch above, `tree` with that alone; `multilayer` all of them.
    as_of : date or str, optional
        Only what is valid on that day, and what was delivered until then; text as 2026-03-31.

    Returns
    -------
    networkx.Graph
        One whose measures run compiled; docs/backend.md says which. It holds those who are tied: units
        without a tie, which `linli.measures` counts too, aren't in it. Nodes are ids, with `table` and `name`
        where the record is known, and `lon`, `lat` where its point is. An edge has `records` (ids of the
        records that say so, joined by a semicolon) and `weight`, and where there are any `doubts`
        (see `graph.network_ties.Tie`), `sources` and `layers`. The graph says
        its `kind`, what its ties mean (`ties_zh`, `ties_en`) and `as_of`. Attributes are plain text and
        numbers, as GraphML and GEXF take them.

    Raises
    ------
    ValueError
        If there is no such kind, or `as_of` is no day.
    """
    import networkx as nx

    from graph.backend.views import View

    if kind not in KINDS:
        raise ValueError(f"there is no view “{kind}”, but {', '.join(KINDS)}")
    day = None if as_of is None else read_day(as_of)
    shown = snapshot if day is None else snapshot.at(day)
    nx.config.fallback_to_nx = True
    about = {"ties_zh": ABOUT[kind][0], "ties_en": ABOUT[kind][1]}
    graph = View(kind=kind, as_of="" if day is None else day.isoformat(), **about)
    for tie in list_ties(shown, kind, day):
        _add(graph, tie)
    tables = *PARTY_TABLES, *([_TWO_MODE[kind]] if kind in _TWO_MODE else [])
    # Who is tied on that day has a name, though his own record be of another time.
    for source in [snapshot] if shown is snapshot else [snapshot, shown]:
        for table in reversed(tables):
            _describe(graph, source, table)
    return graph


def _add(graph: nx.Graph, tie: Tie) -> None:
    known: dict[str, Any] = graph.get_edge_data(tie.tail, tie.head, {})
    further = {
        "records": (tie.record,),
        "doubts": tie.doubts,
        "sources": tuple(tie.source.split("; ")),
        "layers": (tie.layer,),
    }
    facts: dict[str, Any] = {"weight": known.get("weight", 0) + tie.weight}
    for name, values in further.items():
        if not known:
            if text := "; ".join(value for value in dict.fromkeys(values) if value):
                facts[name] = text
            continue
        text = known.get(name, "")
        said = set(text.split("; ")) if text else set()
        new = [value for value in values if value and value not in said]
        if text or new:
            facts[name] = "; ".join([*([text] if text else []), *new])
    graph.add_edge(tie.tail, tie.head, **facts)


def _describe(graph: nx.Graph, snapshot: Snapshot, table: str) -> None:
    """Say of each node that stands in a table what is known of it."""
    every = list(graph)
    nodes = [node for node, row in zip(every, snapshot.rows_of(table, every), strict=True) if row >= 0]
    for node, record in zip(nodes, snapshot.records(table, snapshot.rows_of(table, nodes)), strict=True):
        graph.nodes[node].update(table=table, name=getattr(record, "name", ""))
        lon, lat = getattr(record, "lon", None), getattr(record, "lat", None)
        if lon is not None and lat is not None:
            graph.nodes[node].update(lon=lon, lat=lat)


def as_csr(graph: nx.Graph, weight: str | None = "weight") -> tuple[csr_array, list[Any]]:
    """A graph as a symmetric sparse matrix.

    Parameters
    ----------
    graph : networkx.Graph
    weight : str, optional
        The attribute that fills it; None: ones.

    Returns
    -------
    matrix : scipy.sparse.csr_array of float64, shape (nodes, nodes)
    nodes : list
        The node of each row and column.
    """
    from scipy.sparse import csr_array

    from graph.backend.csr import compress

    rows = compress(graph, {} if weight is None else {weight: 1.0})
    shape = len(rows), len(rows)
    return csr_array((rows.weight_of(weight), rows.heads, rows.starts), shape=shape), list(rows.nodes)


def as_frame(graph: nx.Graph) -> pd.DataFrame:
    """The ties of a graph as a table: `tail`, `head` and their attributes, missing ones empty."""
    import pandas as pd

    names = ["tail", "head", "weight", "records", "doubts", "sources", "layers"]
    blank = dict.fromkeys(names[3:], "")
    ties = graph.edges(data=True)
    frame = pd.DataFrame([{**blank, "tail": tail, "head": head, **facts} for tail, head, facts in ties])
    return frame.reindex(columns=[*names, *(name for name in frame.columns if name not in names)])


def as_igraph(graph: nx.Graph) -> Any:
    """A graph as an igraph.Graph with all attributes; the nodes' ids stand in `name`, their names in `label`.

    igraph is under the GPL and comes only with the extra `igraph`.

    Raises
    ------
    ImportError
        If igraph isn't installed.
    """
    try:
        import igraph
    except ImportError as error:
        raise ImportError("igraph isn't installed; linli's extra `igraph` brings it") from error
    nodes = list(graph)
    number = {node: row for row, node in enumerate(nodes)}
    made = igraph.Graph(len(nodes), [(number[tail], number[head]) for tail, head in graph.edges])
    made.vs["name"] = nodes
    for name in sorted({key for _, facts in graph.nodes(data=True) for key in facts}):
        made.vs["label" if name == "name" else name] = [graph.nodes[node].get(name) for node in nodes]
    for name in sorted({key for _, _, facts in graph.edges(data=True) for key in facts}):
        made.es[name] = [facts.get(name) for _, _, facts in graph.edges(data=True)]
    return made
