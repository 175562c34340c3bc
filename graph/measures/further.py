"""What further parties in lists that go on could change: a measure taken again of networks drawn with them.

Nobody says how many more there are, so this is no bound: it tells how far values move if every such list has
one party more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from graph.measures.answers import Found

if TYPE_CHECKING:
    import networkx as nx

DRAWS: Final = 100
LEAST_DRAWS: Final = 20
"""With fewer, the least and the most of them would say little."""
WORK: Final[Mapping[str, float]] = {"betweenness": 1e9}
"""Steps over parties and ties that all draws together may take: some seconds."""
LINEAR_WORK: Final = 1e7

Take = Callable[["nx.Graph"], Mapping[str, Found]]


def span_further(
    name: str, graph: nx.Graph, take: Take, found: Mapping[str, Found], seed: int
) -> Mapping[str, Found] | None:
    """Each party's value with the least and the most of it when lists that go on have one party more.

    Parameters
    ----------
    name : str
        The measure.
    graph : networkx.Graph
        Of pairings, or of agreements.
    take : callable
        Takes the measure of a graph.
    found : mapping of str to Found
        The values as the lists have it.
    seed : int

    Returns
    -------
    mapping of str to Found, or None
        With `from`, `to` and `draws`, the value lying between; None where ties aren't those of pairings, or
        the network is too large for `LEAST_DRAWS`.
    """
    lists = _find_lists(graph)
    steps = len(graph) + 2 * graph.size()
    most = WORK[name] / (steps * len(graph)) if name in WORK else LINEAR_WORK / steps
    draws = min(DRAWS, int(most))
    if not lists or draws < LEAST_DRAWS:
        return None
    is_whole = graph.graph["kind"] == "agreements"
    others = [node for node, table in graph.nodes(data="table") if not (is_whole and table == "pairings")]
    dice = np.random.default_rng(seed)
    grown = graph.copy()
    low = {party: one.value for party, one in found.items()}
    high = dict(low)
    for _ in range(draws):
        new = _draw_ties(lists, others, is_whole, grown, dice)
        grown.add_edges_from(new)
        for party, one in take(grown).items():
            least, value, largest = low[party], one.value, high[party]
            if least is not None and value is not None and largest is not None:
                low[party], high[party] = min(least, value), max(largest, value)
        grown.remove_edges_from(new)
    return {
        party: one if one.value is None else Found(one.value, "", _tell(one, low[party], high[party], draws))
        for party, one in found.items()
    }


def _tell(one: Found, low: float | None, high: float | None, draws: int) -> dict[str, Any]:
    return {**one.details, "from": low, "to": high, "unsure": "further", "further_draws": draws}


def _find_lists(graph: nx.Graph) -> dict[str, list[str]]:
    """The parties of each pairing whose list goes on; a tie of several tells the same of all of them."""
    if graph.graph.get("kind") not in ("pairings", "agreements"):
        return {}
    parties: dict[str, set[str]] = {}
    ends: set[str] = set()
    for tail, head, facts in graph.edges(data=True):
        goes_on = "incomplete" in facts.get("doubts", "").split("; ")
        for record in facts.get("records", "").split("; "):
            parties.setdefault(record, set()).update((tail, head))
            if not goes_on:
                ends.add(record)
    return {record: sorted(some) for record, some in sorted(parties.items()) if record not in ends}


def _draw_ties(
    lists: Mapping[str, list[str]],
    others: list[str],
    is_whole: bool,
    graph: nx.Graph,
    dice: np.random.Generator,
) -> list[tuple[str, str]]:
    """Ties of one more party in each list that aren't there yet; one drawn who stands in it adds none."""
    new = []
    for (record, parties), at in zip(lists.items(), dice.integers(len(others), size=len(lists)), strict=True):
        further = others[at]
        if further in parties:
            continue
        ends = [record] if is_whole else parties
        new += [(further, end) for end in ends if end != further and not graph.has_edge(further, end)]
    return new
