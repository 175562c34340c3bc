"""What further parties in lists that go on could change: a measure taken again of networks drawn with them.

Nobody says how many more there are, so this is no bound: it tells how far values move if every such list has
one party more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from graph.measures.answers import Found

if TYPE_CHECKING:
    import networkx as nx

DRAWS: Final = 100
LEAST_DRAWS: Final = 20
"""With fewer, the least and the most of them would say little."""
ROUNDING: Final = 1e-9
LINEAR_WORK: Final = 1e7
"""Steps over parties and ties that all draws together may take: some seconds."""
DEARER: Final[Mapping[str, Callable[[int, int], float]]] = {
    "betweenness": lambda parties, ties: (parties + 2 * ties) * parties / 100,
    # Of these steps most are the graphs that chance draws.
    "ei": lambda parties, ties: parties + 400 * ties,
    "agreement": lambda parties, ties: 10.0 * (parties + 2 * ties),
    "stability": lambda parties, ties: 20.0 * (parties + 2 * ties),
}
"""Such steps that one draw takes, of measures that go over parties and ties more than a few times."""

Take = Callable[["nx.Graph"], Mapping[str, Found]]
TakeWhole = Callable[["nx.Graph", int], tuple[float | None, float | None]]
"""The value of a network and its z, if it has one, with a seed for what is drawn."""


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
    draws = _count_draws(name, graph)
    if not lists or draws < LEAST_DRAWS:
        return None
    low = {party: one.value for party, one in found.items()}
    high = dict(low)
    for grown in _grow(graph, lists, draws, seed):
        for party, one in take(grown).items():
            least, value, largest = low[party], one.value, high[party]
            if least is not None and value is not None and largest is not None:
                low[party], high[party] = min(least, value), max(largest, value)
    return {
        party: one
        if one.value is None
        else Found(
            one.value, "", {**one.details, **_span(one.value, low[party], high[party]), **_tell(draws)}
        )
        for party, one in found.items()
    }


def span_whole(
    name: str, graph: nx.Graph, take: TakeWhole, found: tuple[Found, float | None], seed: int
) -> Found | None:
    """The value of a network with the least and the most of it when lists that go on have one party more.

    Parameters
    ----------
    name : str
        The measure.
    graph : networkx.Graph
        Of pairings, or of agreements.
    take : callable
        Takes the measure of a graph.
    found : Found and float or None
        The value as the lists have it and its z; a span that it has already is only widened.
    seed : int

    Returns
    -------
    Found or None
        With `from`, `to` and `draws`, where there is a z also `z_from` and `z_to`; None as in `span_further`.
        A draw in which the measure is undefined widens nothing.
    """
    lists = _find_lists(graph)
    draws = _count_draws(name, graph)
    one, z = found
    if not lists or draws < LEAST_DRAWS or one.value is None:
        return None
    values = [one.value, *(one.details[end] for end in ("from", "to") if end in one.details)]
    zs = [] if z is None else [z]
    for at, grown in enumerate(_grow(graph, lists, draws, seed)):
        value, drawn_z = take(grown, seed + at)
        values += [] if value is None else [value]
        zs += [] if z is None or drawn_z is None else [drawn_z]
    spans: dict[str, Any] = _span(one.value, min(values), max(values))
    if zs:
        spans |= {"z_from": min(zs), "z_to": max(zs)}
    return Found(one.value, "", {**one.details, **spans, **_tell(draws)})


def _count_draws(name: str, graph: nx.Graph) -> int:
    parties, ties = len(graph), graph.size()
    steps = DEARER[name](parties, ties) if name in DEARER else parties + 2 * ties
    return min(DRAWS, int(LINEAR_WORK / max(1, steps)))


def _grow(graph: nx.Graph, lists: Mapping[str, list[str]], draws: int, seed: int) -> Iterator[nx.Graph]:
    """The network with one party more in each list, drawn so often; each holds until the next comes."""
    is_whole = graph.graph["kind"] == "agreements"
    others = [node for node, table in graph.nodes(data="table") if not (is_whole and table == "pairings")]
    dice = np.random.default_rng(seed)
    grown = graph.copy()
    for _ in range(draws):
        new = _draw_ties(lists, others, is_whole, grown, dice)
        grown.add_edges_from(new)
        yield grown
        grown.remove_edges_from(new)


def _span(value: float, low: float | None, high: float | None) -> dict[str, float | None]:
    """`from` and `to`; both the value where they differ by rounding alone."""
    is_one = low is not None and high is not None and high - low < ROUNDING
    return {"from": value, "to": value} if is_one else {"from": low, "to": high}


def _tell(draws: int) -> dict[str, Any]:
    return {"unsure": "further", "further_draws": draws}


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
