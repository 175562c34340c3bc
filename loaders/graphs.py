"""Records and their ties as one graph, for tools that draw and measure networks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from graph.model import PARTY_TABLES, Claim, Membership, Pairing, Record
from loaders.cells_out import Records, shared_ids

NODE_TABLES: Final = (*PARTY_TABLES, "offers", "needs", "projects")
_TIES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "areas": (("parent", "parent"),),
    "units": (("area", "lies_in"),),
    "branches": (("parent", "parent"), ("units", "branch_of"), ("area", "lies_in")),
    "alliances": (("parent", "parent"), ("area", "lies_in"), ("chair", "chair")),
    "stations": (("party", "held_by"), ("area", "lies_in")),
    "offers": (("unit", "offered_by"),),
    "needs": (("party", "needed_by"), ("area", "lies_in")),
    "projects": (("area", "lies_in"),),
}


def write_graph(path: Path, records: Records, assignments: Iterable[Mapping[str, Any]], format_: str) -> None:
    """Write parties, offers, needs and projects as nodes; ties and assignments as directed edges.

    Each node says its `table` and `label`, each edge its `kind`: parent, lies_in, branch_of, offered_by,
    needed_by, member_of, pairing, claim, serves (with `places`). No points, liaisons or notes.

    Parameters
    ----------
    format_ : str
        `graphml` or `gexf`.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    shared = shared_ids(records)
    for table in NODE_TABLES:
        for record in records(table):
            graph.add_node(_key(table, record.id, shared), table=table, label=_label(record))
    for tail, head, facts in _ties(records, assignments, shared):
        for end in (tail, head):
            if end not in graph:
                # The only parties that are no records are residents, under their pseudonyms.
                graph.add_node(end, table="residents", label="居民")
        graph.add_edge(tail, head, **facts)
    (nx.write_graphml if format_ == "graphml" else nx.write_gexf)(graph, path)


def _ties(
    records: Records, assignments: Iterable[Mapping[str, Any]], shared: Mapping[str, list[str]]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Tail, head and facts of every edge."""
    for table, named in _TIES.items():
        for record in records(table):
            for name, kind in named:
                for head in _listed(getattr(record, name)):
                    yield _key(table, record.id, shared), head, {"kind": kind}
    for member in records("members"):
        assert isinstance(member, Membership)
        yield member.party, member.alliance, {"kind": "member_of", "role": member.role}
    for pairing in records("pairings"):
        assert isinstance(pairing, Pairing)
        for one, other in combinations(pairing.parties, 2):
            yield one, other, {"kind": "pairing", "pairing": pairing.id}
    for claim in records("claims"):
        assert isinstance(claim, Claim)
        yield claim.by, claim.target, {"kind": "claim", "status": claim.status}
    for row in assignments:
        target = row.get("need") or row["project"]
        yield row["offer"] or row["unit"], target, {"kind": "serves", "places": row["places"]}


def _listed(value: Any) -> Iterable[str]:
    if isinstance(value, tuple):
        return value
    return (value,) if value else ()


def _key(table: str, record_id: str, shared: Mapping[str, list[str]]) -> str:
    """A node's name: the id, in later tables that share it with the table."""
    tables = shared.get(record_id)
    return record_id if tables is None or tables[0] == table else f"{table}:{record_id}"


def _label(record: Record) -> str:
    return str(getattr(record, "name", "") or getattr(record, "title", "") or record.id)
