"""The way to a measure: its name in, its answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from graph.measures.answers import Answer, Found, PartyValue, rank
from graph.measures.names import BYS, MEASURES, PARTY_MEASURES, UNFIT, By
from graph.network import view
from graph.periods import read_day, today

if TYPE_CHECKING:
    import networkx as nx

    from graph.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Question:
    """What a measure is taken of.

    Attributes
    ----------
    snapshot : Snapshot
        As of the day, if one was given.
    whole : Snapshot
        Of all days.
    graph : networkx.Graph
        The ties, without self-ties; units without a tie stand in it too.
    by : {"area", "kind", "alliance"}
        What makes groups.
    as_of : date or None
        The day given.
    day : date
        That, else today.
    seed : int
        For what is drawn.
    """

    snapshot: Snapshot
    whole: Snapshot
    graph: nx.Graph
    by: By
    as_of: date | None
    day: date
    seed: int


def measure(
    snapshot: Snapshot,
    name: str,
    *,
    kind: str = "pairings",
    by: By = "area",
    as_of: date | str | None = None,
    seed: int = 0,
) -> Answer:
    """Take one measure of the network.

    Parameters
    ----------
    snapshot : Snapshot
    name : str
        One of `MEASURES`; docs/measures.md has their formulas, sources and ranges.
    kind : str
        Which ties make the network: one of `graph.measures.names.KINDS`, see `graph.network.view`. Measures
        of exchange, service and layers (`introduced`, `reciprocity`, `participation`, `gini`, `hhi`,
        `tie_age`) look at their own records instead.
    by : {"area", "kind", "alliance"}
        What makes the groups of `ei` and `brokerage`.
    as_of : date or str, optional
        Only what is valid on that day, text as 2026-03-31.
    seed : int
        For what is drawn: the same seed gives the same answer.

    Returns
    -------
    Answer

    Raises
    ------
    ValueError
        If there is no such measure, network or grouping, or the measure says nothing of that network
        (`graph.measures.names.UNFIT`).
    """
    if name not in MEASURES:
        raise ValueError(f"there is no measure “{name}”, but {', '.join(MEASURES)}")
    if by not in BYS:
        raise ValueError(f"there is no grouping “{by}”, but {', '.join(BYS)}")
    if name in UNFIT.get(kind, ()):
        raise ValueError(f"“{name}” says nothing of “{kind}”, docs/measures.md says why")
    day = None if as_of is None else read_day(as_of)
    shown = snapshot if day is None else snapshot.at(day)
    question = Question(shown, snapshot, network_of(snapshot, kind, day), by, day, day or today(), seed)
    if name in PARTY_MEASURES:
        return _measure_parties(question, name)
    found, z = _measure_whole(question, name)
    return Answer(
        name, _judge(name, found), value=found.value, z=z, reason=found.reason, details=found.details
    )


def _judge(name: str, found: Found) -> str:
    """How sure a measure of the whole is: of density what lists leave out has sure bounds."""
    if found.details.get("from") == found.details.get("to") and "unsure" not in found.details:
        return "exact"
    return "bounded" if name == "density" else "estimate"


def network_of(snapshot: Snapshot, kind: str, as_of: date | None = None) -> nx.Graph:
    """The view of one kind on a day, without self-ties, with the units that no tie reaches, sorted by id."""
    import networkx as nx

    shown = view(snapshot, kind, as_of)
    there = snapshot if as_of is None else snapshot.at(as_of)
    shown.remove_edges_from(list(nx.selfloop_edges(shown)))
    if kind in ("branches", "tree"):
        return shown
    names = zip(there.ids("units"), there.column("units", "name"), strict=True)
    shown.add_nodes_from(
        (unit, {"table": "units", "name": name}) for unit, name in names if unit not in shown
    )
    return shown


def _measure_parties(question: Question, name: str) -> Answer:
    from graph.measures import exchange, parties, stability, unlisted, whole

    graph, snapshot, seed = question.graph, question.snapshot, question.seed
    special: Mapping[str, Callable[[nx.Graph], Mapping[str, Found]]] = {
        "betweenness": lambda ties: parties.betweenness(ties, seed),
        "community": lambda ties: stability.settle(ties, parties.community(ties, seed), seed),
        "brokerage": lambda ties: parties.brokerage(ties, snapshot, question.by),
        "introduced": lambda _: exchange.introduced(snapshot),
        "reciprocity": lambda _: exchange.reciprocity(snapshot),
        "participation": lambda _: parties.participation(snapshot, question.day),
    }
    take = special.get(name) or parties.PLAIN[name]
    found, status = unlisted.leave_open(name, graph, take(graph), take, seed)
    names = whole.names_of(question.whole, list(found))
    values = [
        PartyValue(party, names.get(party, party), one.value, one.reason, one.details)
        for party, one in found.items()
    ]
    is_drawn = name == "betweenness" and len(graph) > parties.EXACT_UP_TO
    # Numbers of communities are names: the largest, number 1, comes first.
    return Answer(name, "estimate" if is_drawn else status, rank(values, rising=name == "community"))


def _measure_whole(question: Question, name: str) -> tuple[Found, float | None]:
    from graph.measures import exchange, stability, unlisted, whole

    graph, snapshot, seed = question.graph, question.snapshot, question.seed
    special: Mapping[str, Callable[[], tuple[Found, float | None]]] = {
        "ei": lambda: whole.ei(graph, snapshot, question.by, seed),
        "robustness": lambda: (whole.robustness(graph, seed), None),
        "agreement": lambda: (whole.agreement(graph, snapshot, seed), None),
        "stability": lambda: (stability.stability(graph, seed), None),
        "gini": lambda: (exchange.gini(snapshot, seed, question.as_of), None),
        "hhi": lambda: (exchange.hhi(snapshot, seed, question.as_of), None),
        "tie_age": lambda: (exchange.tie_age(question.whole, question.day), None),
    }
    found = special[name]() if name in special else (whole.PLAIN[name](graph), None)

    def take(ties: nx.Graph, drawn: int) -> tuple[Found, float | None]:
        if name == "ei":
            return whole.ei(ties, snapshot, question.by, drawn)
        once: Mapping[str, Callable[[], float | None]] = {
            "robustness": lambda: whole.withstand(ties),
            "agreement": lambda: whole.agree_once(ties, snapshot, drawn),
            "stability": lambda: stability.compare_once(ties, drawn),
        }
        return Found(once[name]()) if name in once else whole.PLAIN[name](ties), None

    return unlisted.leave_whole_open(name, graph, found, take, seed), found[1]
