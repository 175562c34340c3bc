"""How far communities can be relied on: found again with other draws, who falls together, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.measures.answers import Found

DRAWS: Final = 20
"""So many further draws of communities."""

IntArray = NDArray[np.int64]


def settle(graph: nx.Graph, found: Mapping[str, Found], seed: int) -> Mapping[str, Found]:
    """Say beside each party's community how much of it is found together with the party in other draws.

    Parameters
    ----------
    graph : networkx.Graph
    found : mapping of str to Found
        The community of each party, see `graph.measures.parties.community`.
    seed : int
        That they were drawn by.

    Returns
    -------
    mapping of str to Found
        With `size` of the community, and where it has several parties `together`: the mean share of the
        others that fall together with the party over `DRAWS` further draws; `together_from` and
        `together_to`: the least and the most of a draw.
    """
    tied, own, size = _read(found)
    if not tied:
        return found
    shares = np.array([_share(own, size, drawn) for drawn in _draw(graph, tied, seed)])
    told = zip(tied, size.tolist(), shares.mean(axis=0), shares.min(axis=0), shares.max(axis=0), strict=True)
    settled = dict(found)
    for party, members, mean, least, most in told:
        about = {"together": float(mean), "together_from": float(least), "together_to": float(most)}
        settled[party] = Found(found[party].value, "", {"size": members, **(about if members > 1 else {})})
    return settled


def share_once(graph: nx.Graph, found: Mapping[str, Found], seed: int) -> dict[str, float]:
    """The share of each party's community that falls together with it in one further draw, of any network."""
    tied, own, size = _read(found)
    (drawn,) = _draw(graph, tied, seed, 1)
    return dict(zip(tied, _share(own, size, drawn).tolist(), strict=True))


def _read(found: Mapping[str, Found]) -> tuple[list[str], IntArray, IntArray]:
    """Parties with a community, its number and how many belong to it."""
    tied = [party for party, one in found.items() if one.value is not None]
    own = np.array([int(found[party].value or 0) for party in tied], np.int64)
    return tied, own, np.bincount(own)[own]


def _share(own: IntArray, size: IntArray, drawn: IntArray) -> NDArray[np.float64]:
    """Of the others in each party's community those drawn into one with it; 1 where there are none."""
    both = _count_both(own, drawn)[own, drawn]
    return np.where(size > 1, (both - 1) / np.maximum(size - 1, 1), 1.0)


def stability(graph: nx.Graph, seed: int = 0) -> Found:
    """How alike communities of two draws are: the mean, the least and the most over all pairs of draws."""
    tied = [party for party in graph if len(graph[party])]
    if not tied:
        return Found(None, "no_ties")
    drawn = _draw(graph, tied, seed)
    alike = [adjusted_rand(one, other) for one, other in combinations(drawn, 2)]
    mean = float(np.mean(alike))
    ends = {"from": min(*alike, mean), "to": max(*alike, mean)}
    return Found(mean, "", {"draws": DRAWS, "seed": seed, "parties": len(tied), **ends})


def compare_once(graph: nx.Graph, seed: int) -> float | None:
    """How alike communities of two draws alone are; None without a tie."""
    tied = [party for party in graph if len(graph[party])]
    return adjusted_rand(*_draw(graph, tied, seed, 2)) if tied else None


def _draw(graph: nx.Graph, parties: Sequence[str], seed: int, draws: int = DRAWS) -> list[IntArray]:
    """The number of each party's community in each further draw."""
    found = []
    for further in range(1, draws + 1):
        parts = nx.community.louvain_communities(graph, weight="weight", seed=seed + further)
        number = {party: code for code, part in enumerate(parts) for party in part}
        found.append(np.array([number[party] for party in parties], np.int64))
    return found


def _count_both(one: IntArray, other: IntArray) -> NDArray[np.float64]:
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), 1)
    return table


def adjusted_rand(one: IntArray, other: IntArray) -> float:
    """Share of pairs that two partitions treat alike, beyond chance (Hubert & Arabie 1985).

    Returns
    -------
    float
        1 for the same partition, about 0 for chance, below 0 for less than that.
    """
    table = _count_both(one, other)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, mine, theirs = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    every = len(one) * (len(one) - 1) / 2
    expected = mine * theirs / every if every else 0.0
    room = (mine + theirs) / 2 - expected
    return (both - expected) / room if room > 1e-12 else 1.0
