"""What further parties in lists that go on could change: a measure taken again of networks drawn with them.

Nobody says how many more there are, so this is no bound: it tells how far values move if every such list has
one party more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
    "community": lambda parties, ties: 10.0 * (parties + 2 * ties),
    "agreement": lambda parties, ties: 10.0 * (parties + 2 * ties),
    "stability": lambda parties, ties: 20.0 * (parties + 2 * ties),
}
"""Such steps that one draw takes, of measures that go over parties and ties more than a few times."""

Take = Callable[["nx.Graph"], Mapping[str, Found]]
"""The values of parties in a network."""
TakeWhole = Callable[["nx.Graph", int], tuple[Found, float | None]]
"""The value of a network and its z, if it has one, with a seed for what is drawn."""
TakeShares = Callable[["nx.Graph", int], Mapping[str, float]]
"""A share for each party of a network, with a seed for what is drawn."""


@dataclass(frozen=True, slots=True)
class Further:
    """Networks of pairings, or of agreements, in which each list that goes on has one party more.

    Attributes
    ----------
    graph : networkx.Graph
        As the lists have it.
    lists : mapping of str to list of str
        The parties of each pairing whose list goes on.
    draws : int
    seed : int
    """

    graph: nx.Graph
    lists: Mapping[str, list[str]]
    draws: int
    seed: int

    def grow(self) -> Iterator[tuple[nx.Graph, int]]:
        """Each network drawn, with a seed for what is drawn of it; it holds until the next comes."""
        is_whole = self.graph.graph["kind"] == "agreements"
        tables = self.graph.nodes(data="table")
        others = [node for node, table in tables if not (is_whole and table == "pairings")]
        dice = np.random.default_rng(self.seed)
        grown = self.graph.copy()
        for at in range(self.draws):
            new = _draw_ties(self.lists, others, is_whole, grown, dice)
            grown.add_edges_from(new)
            yield grown, self.seed + at
            grown.remove_edges_from(new)

    def tell(self) -> dict[str, Any]:
        """What a value with such a span says of it."""
        return {"unsure": "further", "further_draws": self.draws}


def draw_further(name: str, graph: nx.Graph, seed: int) -> Further | None:
    """Networks to take a measure of once more.

    None where no list goes on, ties aren't those of pairings, or the network is too large for `LEAST_DRAWS`.
    """
    lists = _find_lists(graph)
    parties, ties = len(graph), graph.size()
    steps = DEARER[name](parties, ties) if name in DEARER else parties + 2 * ties
    draws = min(DRAWS, int(LINEAR_WORK / max(1, steps)))
    return Further(graph, lists, draws, seed) if lists and draws >= LEAST_DRAWS else None


def span_parties(further: Further, take: Take, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """Each party's value, as `found`, with `from` and `to`, the least and the most of all draws and it."""
    low = {party: one.value for party, one in found.items()}
    high = dict(low)
    for grown, _ in further.grow():
        for party, one in take(grown).items():
            least, value, largest = low[party], one.value, high[party]
            if least is not None and value is not None and largest is not None:
                low[party], high[party] = min(least, value), max(largest, value)
    return {
        party: one
        if one.value is None
        else Found(
            one.value, "", {**one.details, **_span(one.value, low[party], high[party]), **further.tell()}
        )
        for party, one in found.items()
    }


def span_together(further: Further, take: TakeShares, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """Each party's community, as `found`, its `together_from` and `together_to` widened by all draws.

    Numbers of communities are names, so that what may differ is who falls together.
    """
    spans = {
        party: [one.details["together_from"], one.details["together_to"]]
        for party, one in found.items()
        if "together" in one.details
    }
    for grown, seed in further.grow():
        shares = take(grown, seed)
        for party, span in spans.items():
            span[:] = min(span[0], shares[party]), max(span[1], shares[party])
    answers = dict(found)
    for party, (low, high) in spans.items():
        ends = {"together_from": low, "together_to": high, **further.tell()}
        answers[party] = Found(found[party].value, "", {**found[party].details, **ends})
    return answers


def span_whole(further: Further, take: TakeWhole, found: tuple[Found, float | None]) -> Found:
    """The value of a network with `from` and `to` as of parties; where there is a z, also `z_from`, `z_to`.

    A span that it has already is only widened, and a draw in which the measure is undefined widens nothing.
    Its groups, if it has any, get spans of what is said of each.
    """
    one, z = found
    if one.value is None:
        return one
    values = [one.value, *(one.details[end] for end in ("from", "to") if end in one.details)]
    zs = [] if z is None else [z]
    groups = [[group] for group in one.details.get("groups", ())]
    for grown, seed in further.grow():
        drawn, drawn_z = take(grown, seed)
        values += [] if drawn.value is None else [drawn.value]
        zs += [] if z is None or drawn_z is None else [drawn_z]
        anew = {group["id"]: group for group in drawn.details.get("groups", ())}
        for told in groups:
            told += [anew[told[0]["id"]]] if told[0]["id"] in anew else []
    spans: dict[str, Any] = _span(one.value, min(values), max(values))
    if zs:
        spans |= {"z_from": min(zs), "z_to": max(zs)}
    if groups:
        spans["groups"] = [_span_group(told) for told in groups]
    return Found(one.value, "", {**one.details, **spans, **further.tell()})


def _span_group(told: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A group, the first told, with the least and the most of its figures in all that are told."""
    group = dict(told[0])
    for name, prefix in (("value", ""), ("z", "z_"), ("as_inward", "as_inward_")):
        if group[name] is not None:
            values = [one[name] for one in told if one[name] is not None]
            ends = _span(group[name], min(values), max(values))
            group |= {f"{prefix}{end}": value for end, value in ends.items()}
    return group


def _span(value: float, low: float | None, high: float | None) -> dict[str, float | None]:
    """`from` and `to`; both the value where they differ by rounding alone."""
    is_one = low is not None and high is not None and high - low < ROUNDING
    return {"from": value, "to": value} if is_one else {"from": low, "to": high}


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
