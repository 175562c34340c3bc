"""Measures of each party: how it stands in the network of ties."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np

from graph.backend.csr import compress
from graph.measures.answers import Found, defined
from graph.measures.groups import find_groups
from graph.measures.intervals import span_batches
from graph.measures.names import By
from graph.network_ties import LAYERS, list_ties

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

EXACT_UP_TO: Final = 5_000
"""Up to so many parties betweenness is counted from every party, beyond from so many drawn ones:"""
SOURCES: Final = 500
BATCHES: Final = 10

PartyMeasure = Callable[[nx.Graph], Mapping[str, Found]]


def degree(graph: nx.Graph) -> Mapping[str, Found]:
    """Partners of each party."""
    return {party: Found(len(ties)) for party, ties in graph.adjacency()}


def strength(graph: nx.Graph) -> Mapping[str, Found]:
    """Records that tie each party; a partner counts once for each."""
    return {party: Found(value) for party, value in graph.degree(weight="weight")}


def betweenness(graph: nx.Graph, seed: int = 0) -> Mapping[str, Found]:
    """Share of the shortest ways between two others that lead through each party."""
    if len(graph) < 3:
        return {party: Found(None, "few_parties") for party in graph}
    if len(graph) > EXACT_UP_TO:
        return _estimate_betweenness(graph, seed)
    return {party: Found(value) for party, value in nx.betweenness_centrality(graph).items()}


def _estimate_betweenness(graph: nx.Graph, seed: int) -> Mapping[str, Found]:
    """The mean over batches of drawn sources; how far these differ says how unsure it is."""
    drawn = [
        nx.betweenness_centrality(graph, k=SOURCES // BATCHES, seed=BATCHES * seed + batch)
        for batch in range(BATCHES)
    ]
    batches = np.array([[values[party] for party in graph] for values in drawn])
    low, high = span_batches(batches)
    rows = zip(graph, batches.mean(axis=0).tolist(), low.tolist(), high.tolist(), strict=True)
    return {party: Found(value, "", {"from": least, "to": most}) for party, value, least, most in rows}


def constraint(graph: nx.Graph) -> Mapping[str, Found]:
    """How much of a party's ties lead to the same few."""
    found = nx.constraint(graph) if graph else {}
    return {party: defined(value, "no_ties") for party, value in found.items()}


def effective_size(graph: nx.Graph) -> Mapping[str, Found]:
    """Partners left when those tied to each other count as one."""
    found = nx.effective_size(graph) if graph else {}
    return {party: defined(value, "no_ties") for party, value in found.items()}


def clustering(graph: nx.Graph) -> Mapping[str, Found]:
    """Share of the pairs of a party's partners that are partners themselves."""
    found = nx.clustering(graph)
    return {
        party: Found(value) if len(graph[party]) > 1 else Found(None, "few_ties")
        for party, value in found.items()
    }


def core(graph: nx.Graph) -> Mapping[str, Found]:
    """The densest part that a party belongs to."""
    return {party: Found(value) for party, value in nx.core_number(graph).items()}


def articulation(graph: nx.Graph) -> Mapping[str, Found]:
    """How many parts break off if a party leaves."""
    holds = Counter(party for part in nx.biconnected_components(graph) for party in part)
    return {party: Found(max(0, holds[party] - 1)) for party in graph}


def bridges(graph: nx.Graph) -> Mapping[str, Found]:
    """How many of a party's ties are the only way between two parts."""
    ends = Counter(party for tie in nx.bridges(graph) for party in tie)
    return {party: Found(ends[party]) for party in graph}


def community(graph: nx.Graph, seed: int = 0) -> Mapping[str, Found]:
    """The community that each party is found in, the largest being number 1; a tie weighs as its records."""
    found = nx.community.louvain_communities(graph, weight="weight", seed=seed) if graph else []
    ranked = sorted(found, key=lambda part: (-len(part), min(part)))
    return {
        party: Found(number if len(graph[party]) else None, "" if len(graph[party]) else "no_ties")
        for number, part in enumerate(ranked, 1)
        for party in part
    }


def brokerage(graph: nx.Graph, snapshot: Snapshot, by: By) -> Mapping[str, Found]:
    """Pairs of partners from different groups that only this party ties, with all roles."""
    from graph.measures.loops import ROLES, count_roles

    rows = compress(graph)
    groups = find_groups(snapshot, rows.nodes, by)
    found = count_roles(rows.starts, rows.heads, groups.starts, groups.codes)
    answers = {}
    for party, known, counts in zip(rows.nodes, groups.known(), found.tolist(), strict=True):
        roles = dict(zip(ROLES, counts, strict=True))
        value = roles["gatekeeper"] + roles["liaison"] if known else math.nan
        answers[party] = defined(value, "no_group", roles=roles) if known else Found(None, "no_group")
    return answers


def participation(snapshot: Snapshot, day: date) -> Mapping[str, Found]:
    """How evenly each party's partners spread over the layers (Battiston, Nicosia & Latora 2014)."""
    partners: dict[str, list[set[str]]] = {}
    for at, layer in enumerate(LAYERS):
        for tie in list_ties(snapshot, layer, day):
            for party, other in ((tie.tail, tie.head), (tie.head, tie.tail)):
                if party != other:
                    partners.setdefault(party, [set() for _ in LAYERS])[at].add(other)
    found = {}
    for party, by_layer in sorted(partners.items()):
        counts = [len(some) for some in by_layer]
        spread = 1 - sum((count / sum(counts)) ** 2 for count in counts)
        layers = dict(zip(LAYERS, counts, strict=True))
        found[party] = Found(spread * len(LAYERS) / (len(LAYERS) - 1), "", {"layers": layers})
    return found


PLAIN: Final[Mapping[str, PartyMeasure]] = {
    "degree": degree,
    "strength": strength,
    "constraint": constraint,
    "effective_size": effective_size,
    "clustering": clustering,
    "core": core,
    "articulation": articulation,
    "bridges": bridges,
}
"""Measures that need nothing but the ties."""
