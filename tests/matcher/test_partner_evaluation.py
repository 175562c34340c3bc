"""The evaluation of partner scores: hidden means hidden, ties are shared fairly, a guess is what it is."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Membership, Need, Offer, Pairing, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.partners.evaluation import (
    HITS,
    Question,
    ask,
    by_network,
    compare_methods,
    compare_two,
    guess,
    hide_by_alliance,
    hide_by_time,
    hide_each,
    hide_in_parts,
    rank,
    without_pairings,
)
from matcher.rules import Rules

RULES = Rules(period=Period(date(2026, 1, 1), date(2026, 12, 31)))
KINDS = ("health", "repair", "legal", "culture")
# Everybody needs what one unit offers, and is paired with it: a rule that a score of what fits must find.
TOWN = Snapshot.from_records(
    [
        record
        for at, kind in enumerate(KINDS)
        for record in (
            Area(id=f"n{at}", name=f"居民区{at}"),
            Unit(id=f"u{at}", name=f"单位{at}"),
            Offer(id=f"o{at}", unit=f"u{at}", category=kind, capacity=3),
            Need(id=f"x{at}", area=f"n{at}", category=kind),
            Pairing(id=f"p{at}", parties=(f"n{at}", f"u{at}"), valid_from=date(2026, 1 + at, 1)),
        )
    ]
    + [Membership(id="m", alliance="ring", party="u1")]
)


def test_hidden_partners_that_fit_are_found_and_ties_alone_tell_nothing():
    questions = ask(TOWN, hide_each(TOWN), RULES)
    assert len(questions) == 2 * len(KINDS)
    frame = compare_methods(questions)
    assert frame.loc["linli", "hit_1"] == frame.loc["linli", "auc"] == 1
    assert frame.loc["adamic_adar", "auc"] == frame.loc["guess", "auc"] == 0.5
    assert frame.loc["adamic_adar", "mrr"] == pytest.approx(frame.loc["guess", "mrr"])
    assert frame.attrs == {"questions": 8, "pairings": 4, "candidates": 7}
    low, mean, high = (frame.loc["term:distance", f"mrr{end}"] for end in ("_low", "", "_high"))
    assert low <= mean <= high


def test_two_methods_are_compared_on_the_same_questions():
    questions = [
        Question(
            f"p{at}", "a", "x", ("x", "y"), {"right": np.array([1.0, 0.0]), "wrong": np.array([0.0, 1.0])}
        )
        for at in range(5)
    ]
    assert compare_two(questions, "right", "wrong") == {"difference": 0.5, "low": 0.5, "high": 0.5}
    assert compare_two(questions, "right", "right") == {"difference": 0.0, "low": 0.0, "high": 0.0}
    mixed = [*questions, Question("q", "a", "y", ("x", "y"), questions[0].scores)]
    found = compare_two(mixed, "right", "wrong")
    assert found["difference"] == pytest.approx(2 / 6)
    assert found["low"] < found["difference"] < found["high"] <= 0.5
    with pytest.raises(ValueError, match="no question"):
        compare_two([], "right", "wrong")


def test_what_is_hidden_is_gone_everywhere():
    left = without_pairings(TOWN, ["p0", "p2"])
    assert left.ids("pairings").tolist() == ["p1", "p3"]
    assert left.count("units") == TOWN.count("units")
    assert hide_by_time(TOWN, date(2026, 3, 1)) == [["p2", "p3"]]
    assert hide_by_time(TOWN, date(2027, 1, 1)) == []
    assert hide_by_alliance(TOWN) == [["p1"]]
    parts = hide_in_parts(TOWN, 3, seed=1)
    assert sorted(name for part in parts for name in part) == ["p0", "p1", "p2", "p3"]
    assert parts == hide_in_parts(TOWN, 3, seed=1)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=5))
def test_equal_scores_share_their_ranks_as_all_orders_would(values):
    names = tuple("abcde"[: len(values)])
    question = Question("p", "x", "a", names, {"m": np.array(values, dtype=float)})
    found = rank(question, "m")
    places = []
    for order in permutations(range(len(values))):
        ranked = sorted(order, key=lambda at: -values[at])
        places.append(ranked.index(0) + 1)
    assert found.reciprocal == pytest.approx(np.mean([1 / place for place in places]))
    assert found.hits == pytest.approx([np.mean([place <= k for place in places]) for k in HITS])
    if len(values) > 1:
        below = [(len(values) - place) / (len(values) - 1) for place in places]
        assert found.auc == pytest.approx(np.mean(below))
    if len(set(values)) == 1:
        assert found.reciprocal == pytest.approx(guess(question).reciprocal)
        assert found.hits == pytest.approx(guess(question).hits)


def test_scores_of_the_network_are_those_of_networkx():
    graph = nx.karate_club_graph()
    others = [node for node in graph if node != 0 and node not in graph[0]]
    pairs = [(0, other) for other in others]
    for name, index in (
        ("adamic_adar", nx.adamic_adar_index),
        ("resource_allocation", nx.resource_allocation_index),
        ("preferential_attachment", nx.preferential_attachment),
    ):
        assert by_network(graph, 0, others)[name] == pytest.approx(
            [value for *_, value in index(graph, pairs)]
        )
    assert not any(values.any() for values in by_network(nx.Graph(), "x", ["y"]).values())


def test_nothing_hidden_is_told():
    with pytest.raises(ValueError, match="no question"):
        compare_methods([])
