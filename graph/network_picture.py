"""The network as a picture: parties with their places, groups and ties, as a plain document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from graph.measures.groups import find_groups
from graph.measures.names import KINDS
from graph.measures.parties import community
from graph.measures.run import network_of
from graph.measures.whole import names_of
from graph.network_layout import lay_out
from graph.network_ties import ABOUT

if TYPE_CHECKING:
    import networkx as nx

    from graph.snapshot import Snapshot

MOST_TIES: Final = 20_000
"""So many ties are listed, the strongest; more can't be told apart in a picture."""

_DIGITS: Final = 3


def draw_network(
    snapshot: Snapshot, kind: str = "pairings", *, as_of: date | None = None, seed: int = 0
) -> dict[str, Any]:
    """Draw the network of one kind of ties.

    Parameters
    ----------
    snapshot : Snapshot
    kind : str
        One of `graph.measures.names.KINDS`.
    as_of : date, optional
        Only what is valid on that day.
    seed : int
        For communities and places: the same seed gives the same picture.

    Returns
    -------
    dict
        `kind`, `as_of`, `seed`, `ties_zh` and `ties_en` (what a tie means, and its weight), `parties`:
        [{`id`, `name`, `table`, `kind` (of a unit, else null), `x`, `y` (in steps, see
        `graph.network_layout`), `community` (1 the largest, null without a tie), `alliances` (ids)}],
        `ties`: [[row of a party, row of another, weight]], strongest first, `ties_total`, `names` {id: name
        of an alliance}.

    Raises
    ------
    ValueError
        If there is no such network.
    """
    if kind not in KINDS:
        raise ValueError(f"there is no network “{kind}”, but {', '.join(KINDS)}")
    shown = snapshot if as_of is None else snapshot.at(as_of)
    graph = network_of(snapshot, kind, as_of)
    parties = sorted(graph)
    circles = {party: one.value for party, one in community(graph, seed).items()}
    drawn_together = {party: int(value) for party, value in circles.items() if value is not None}
    places = lay_out(graph, drawn_together, seed=seed)
    alliances = _alliances(shown, parties)
    names, kinds = names_of(snapshot, parties), _kinds(snapshot, parties)
    ties = _ties(graph, parties)
    return {
        "kind": kind,
        "as_of": as_of.isoformat() if as_of else None,
        "seed": seed,
        "ties_zh": ABOUT[kind][0],
        "ties_en": ABOUT[kind][1],
        "parties": [
            {
                "id": party,
                "name": names.get(party, party),
                "table": graph.nodes[party].get("table"),
                "kind": kinds.get(party),
                "x": round(places[party][0], _DIGITS),
                "y": round(places[party][1], _DIGITS),
                "community": circles[party],
                "alliances": alliances[party],
            }
            for party in parties
        ],
        "ties": ties[:MOST_TIES],
        "ties_total": len(ties),
        "names": dict(names_of(snapshot, sorted({name for some in alliances.values() for name in some}))),
    }


def _alliances(snapshot: Snapshot, parties: Sequence[str]) -> Mapping[str, list[str]]:
    """Alliances of each party; an alliance stands in itself."""
    groups = find_groups(snapshot, parties, "alliance")
    own = set(snapshot.ids("alliances").tolist())
    found = {}
    for party, (first, end) in zip(parties, pairwise(groups.starts.tolist()), strict=True):
        names = {groups.names[code] for code in groups.codes[first:end]}
        found[party] = sorted(names | ({party} & own))
    return found


def _kinds(snapshot: Snapshot, parties: Sequence[str]) -> Mapping[str, str]:
    """Kinds of the units among some parties, where recorded."""
    rows = snapshot.rows_of("units", parties)
    kinds = snapshot.column("units", "kind")
    return {
        party: kinds[row]
        for party, row in zip(parties, rows.tolist(), strict=True)
        if row >= 0 and kinds[row]
    }


def _ties(graph: nx.Graph, parties: Sequence[str]) -> list[list[float]]:
    """Ties by row of both parties, the strongest first."""
    row = {party: number for number, party in enumerate(parties)}
    found = [[*sorted((row[tail], row[head])), weight] for tail, head, weight in graph.edges(data="weight")]
    return sorted(found, key=lambda tie: (-tie[2], tie[0], tie[1]))
