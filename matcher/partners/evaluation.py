"""How well a score finds pairings that are there: some are hidden, all candidates ranked.

Each hidden pairing asks a question from either end of each of its pairs: whom should this party pair with?
The candidates are all parties that aren't kin or tied to it by what is left, the hidden partner among them.
Equal scores share their ranks: reciprocal ranks and hits are the expectation over all orders of equal ones,
so that a score which tells nothing gets exactly what a guess gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from graph.measures.run import network_of
from graph.model import TABLES
from graph.snapshot import Snapshot
from matcher.candidates import build_instance
from matcher.flow import solve
from matcher.partners.score import TERMS, Weights, score_pairs
from matcher.partners.standing import Standing
from matcher.partners.tally import read_state
from matcher.rules import Rules

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Floats = NDArray[np.float64]
Scores = dict[str, Floats]
"""For each method the score of each candidate."""

HITS: Final = (1, 3, 10)
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One party whose hidden partner is looked for.

    Attributes
    ----------
    pairing, party, partner : str
    candidates : tuple of str
    scores : dict of str to ndarray
        For each method one score for each candidate.
    """

    pairing: str
    party: str
    partner: str
    candidates: tuple[str, ...]
    scores: Scores


def hide_each(snapshot: Snapshot) -> list[list[str]]:
    """Hide one pairing at a time."""
    return [[pairing] for pairing in snapshot.ids("pairings").tolist()]


def hide_in_parts(snapshot: Snapshot, parts: int, *, seed: int = 0) -> list[list[str]]:
    """Hide the pairings in so many parts of about the same size, drawn at random."""
    shuffled = np.random.default_rng(seed).permutation(snapshot.ids("pairings").astype(str))
    return [part.tolist() for part in np.array_split(shuffled, parts) if len(part)]


def hide_by_time(snapshot: Snapshot, day: date) -> list[list[str]]:
    """Hide all pairings that begin on a day or later."""
    begun = snapshot.column("pairings", "valid_from")
    late = snapshot.ids("pairings")[~np.isnat(begun) & (begun >= np.datetime64(day))]
    return [late.tolist()] if len(late) else []


def hide_by_alliance(snapshot: Snapshot) -> list[list[str]]:
    """Hide, alliance by alliance, all pairings in which one of its members takes part."""
    members: dict[str, set[str]] = {}
    columns = (snapshot.column("members", name) for name in ("alliance", "party"))
    for alliance, party in zip(*columns, strict=True):
        members.setdefault(alliance, set()).add(party)
    rows = list(zip(snapshot.ids("pairings"), snapshot.column("pairings", "parties"), strict=True))
    found = [[name for name, parties in rows if own & set(parties)] for _, own in sorted(members.items())]
    return [names for names in found if names]


def ask(
    snapshot: Snapshot, folds: Iterable[Sequence[str]], rules: Rules, weights: Weights | None = None
) -> list[Question]:
    """Hide the pairings of each fold together and score the candidates for both ends of each.

    Parameters
    ----------
    snapshot : Snapshot
    folds : iterable of sequence of str
        Ids of pairings.
    rules : Rules
    weights : Weights, optional

    Returns
    -------
    list of Question
        None for pairs that another pairing still ties. Methods: `linli` (the score by which partners are
        ranked, before solving again), each of its terms as `term:NAME`, and of the network of what is left
        `adamic_adar`, `resource_allocation`, `common_neighbours`, `preferential_attachment`.
    """
    found = []
    parties_of = dict(zip(snapshot.ids("pairings"), snapshot.column("pairings", "parties"), strict=True))
    everybody = {party for parties in parties_of.values() for party in parties}
    for fold in folds:
        left = without_pairings(snapshot, fold)
        instance = build_instance(left, rules)
        standing = Standing(instance)
        state = read_state(instance, solve(instance.graph))
        network = network_of(left, "pairings")
        pool = sorted({*standing.candidates(), *everybody})
        for pairing in fold:
            for pair in combinations(dict.fromkeys(parties_of[pairing]), 2):
                for party, partner in (pair, pair[::-1]):
                    kin, partners = standing.kin(party), standing.partners(party)
                    others = [
                        other
                        for other in pool
                        if not kin & standing.kin(other) and not standing.is_tied(partners, other)
                    ]
                    if partner not in others:
                        continue
                    table = score_pairs(standing, state, [party], others, weights or Weights())
                    scores = {"linli": table.score[0].astype(np.float64)}
                    scores |= {f"term:{name}": table.terms[name][0] for name in TERMS}
                    found.append(
                        Question(
                            pairing,
                            party,
                            partner,
                            tuple(others),
                            scores | by_network(network, party, others),
                        )
                    )
    return found


def without_pairings(snapshot: Snapshot, hidden: Iterable[str]) -> Snapshot:
    """Give a snapshot without some pairings."""
    tables = {name: snapshot.arrow(name) for name in TABLES}
    kept = ~np.isin(snapshot.ids("pairings").astype(str), list(hidden))
    return Snapshot({**tables, "pairings": tables["pairings"].filter(pa.array(kept))})


def by_network(graph: nx.Graph, party: str, others: Sequence[str]) -> Scores:
    """Scores of candidates that look at nothing but ties (Liben-Nowell & Kleinberg 2007).

    Who has no tie scores 0.
    """
    near = set(graph[party]) if party in graph else set()
    shared = [sorted(near & set(graph[other])) if other in graph else [] for other in others]
    degree: Mapping[Any, int] = dict(graph.degree())
    return {
        "adamic_adar": np.array([sum(1 / np.log(degree[z]) for z in some) for some in shared], dtype=float),
        "resource_allocation": np.array([sum(1 / degree[z] for z in some) for some in shared], dtype=float),
        "common_neighbours": np.array([len(some) for some in shared], dtype=float),
        "preferential_attachment": np.array(
            [len(near) * degree.get(other, 0) for other in others], dtype=float
        ),
    }


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a hidden partner came, expected over the orders of equal scores: reciprocal, hits, AUC."""

    reciprocal: float
    hits: tuple[float, ...]
    auc: float


def rank(question: Question, method: str) -> Rank:
    """Where the hidden partner of a question comes by a method."""
    scores = question.scores[method]
    own = scores[question.candidates.index(question.partner)]
    above, equal = int((scores > own).sum()), int((scores == own).sum())
    places = np.arange(above + 1, above + equal + 1)
    others = len(scores) - 1
    auc = (len(scores) - above - equal + (equal - 1) / 2) / others if others else 0.5
    return Rank(float((1 / places).mean()), tuple(float((places <= k).mean()) for k in HITS), auc)


def guess(question: Question) -> Rank:
    """What a random order of the candidates gives, in expectation: H(n) / n, k / n, a half."""
    count = len(question.candidates)
    places = np.arange(1, count + 1)
    return Rank(float((1 / places).mean()), tuple(min(k / count, 1.0) for k in HITS), 0.5)


def compare_methods(
    questions: Sequence[Question], methods: Sequence[str] | None = None, *, seed: int = 0, draws: int = 2000
) -> pd.DataFrame:
    """Compare methods over all questions.

    Parameters
    ----------
    questions : sequence of Question
        At least one.
    methods : sequence of str, optional
        By default all.
    seed, draws : int
        For the intervals: whole pairings are drawn again with replacement (the questions of one pairing
        aren't independent), 95 of 100 such means lie between the two figures.

    Returns
    -------
    DataFrame
        One row for each method, and `guess`: `mrr`, `hit_1`, `hit_3`, `hit_10`, `auc`, for the first and the
        last with `_low` and `_high`; best by `mrr` first. `attrs` hold `questions`, `pairings` and
        `candidates` (the mean of how many there are).

    Raises
    ------
    ValueError
        If there is nothing to compare.
    """
    import pandas as pd

    group, drawn = _draw_pairings(questions, seed, draws)
    names = list(methods or questions[0].scores)
    rankers: list[tuple[str, Callable[[Question], Rank]]] = [
        (name, lambda question, name=name: rank(question, name))  # type: ignore[misc]
        for name in names
    ]
    rows = [
        {"method": name, **_sum_up([ranker(question) for question in questions], group, drawn)}
        for name, ranker in (*rankers, ("guess", guess))
    ]
    frame = pd.DataFrame(rows).set_index("method").sort_values("mrr", ascending=False, kind="stable")
    frame.attrs = {
        "questions": len(questions),
        "pairings": drawn.shape[1],
        "candidates": float(np.mean([len(question.candidates) for question in questions])),
    }
    return frame


def compare_two(
    questions: Sequence[Question], one: str, other: str, *, seed: int = 0, draws: int = 2000
) -> dict[str, float]:
    """How much better one method finds hidden partners than another, asked the same questions.

    Parameters
    ----------
    questions : sequence of Question
        At least one.
    one, other : str
        Methods.
    seed, draws : int
        As for `compare_methods`.

    Returns
    -------
    dict
        `difference` of the mean reciprocal ranks; `low` and `high`: 95 of 100 draws of whole pairings lie
        between them. Two intervals that overlap say less: most of their width is the questions', which both
        methods share.

    Raises
    ------
    ValueError
        If there is nothing to compare.
    """
    group, drawn = _draw_pairings(questions, seed, draws)
    gains = [rank(each, one).reciprocal - rank(each, other).reciprocal for each in questions]
    low, high = _interval(gains, group, drawn)
    return {"difference": float(np.mean(gains)), "low": low, "high": high}


def _draw_pairings(
    questions: Sequence[Question], seed: int, draws: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of each question's pairing, and how often each pairing is in each draw."""
    if not questions:
        raise ValueError("there is no question: no pairing was hidden whose parties aren't still tied")
    pairings = sorted({question.pairing for question in questions})
    number = {pairing: at for at, pairing in enumerate(pairings)}
    group = np.array([number[question.pairing] for question in questions])
    share = np.full(len(pairings), 1 / len(pairings))
    return group, np.random.default_rng(seed).multinomial(len(pairings), share, draws)


def _interval(
    column: Sequence[float], group: NDArray[np.int64], drawn: NDArray[np.int64]
) -> tuple[float, float]:
    """Between which values 95 % of the means over drawn pairings lie."""
    means = (drawn @ np.bincount(group, weights=column)) / (drawn @ np.bincount(group))
    low, high = np.percentile(means, _INTERVAL)
    return float(low), float(high)


def _sum_up(ranks: list[Rank], group: NDArray[np.int64], drawn: NDArray[np.int64]) -> dict[str, float]:
    values = {"mrr": [one.reciprocal for one in ranks]}
    values |= {f"hit_{k}": [one.hits[at] for one in ranks] for at, k in enumerate(HITS)}
    values["auc"] = [one.auc for one in ranks]
    found: dict[str, float] = {}
    for name, column in values.items():
        found[name] = float(np.mean(column))
        if name in ("mrr", "auc"):
            found[f"{name}_low"], found[f"{name}_high"] = _interval(column, group, drawn)
    return found
