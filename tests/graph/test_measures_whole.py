from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.backend.csr import compress
from graph.measures.loops import draw_inside, largest_parts
from graph.measures.run import measure
from graph.measures.stability import adjusted_rand
from graph.measures.whole import adjusted_mutual_information
from graph.model import Membership, Pairing, Unit
from graph.snapshot import Snapshot
from tests.graph.networks import STAR, town, values


def test_density_has_room_where_a_list_goes_on() -> None:
    units = [Unit(id=unit, name=unit) for unit in "abcde"]
    sure, open_ended = (
        Pairing(id="p", parties=("a", "b")),
        Pairing(id="q", parties=("a", "c"), notes=(("incomplete", "1"),)),
    )
    known = measure(Snapshot.from_records([*units, sure]), "density")
    assert (known.status, known.details) == ("exact", {"parties": 5, "ties": 1, "incomplete": 0})
    found = measure(Snapshot.from_records([*units, sure, open_ended]), "density")
    # Between b, d and e nothing is open: three of ten pairs, none of them tied.
    assert (found.status, found.value) == ("bounded", 0.2)
    assert (found.details["incomplete"], found.details["from"], found.details["to"]) == (2, 0.2, 0.7)


def test_ei_counts_ties_across_and_inside() -> None:
    found = measure(STAR, "ei")
    assert found.value == pytest.approx((2 - 1) / 3)
    groups = {group["id"]: group for group in found.details["groups"]}
    assert groups["east"] | {"name": ""} == {
        "id": "east", "name": "", "value": pytest.approx(1 / 3), "inside": 1, "outside": 2,
        "z": None, "expected": pytest.approx(1 / 3), "as_inward": 1.0,
    }  # fmt: skip
    assert found.z is None, "a star can't be tied otherwise"


def test_inner_circulation_shows_against_chance() -> None:
    """Two full circles of six with one tie between them turn in on themselves."""
    east, west = [f"e{n}" for n in range(6)], [f"w{n}" for n in range(6)]
    ties = [(one, other) for side in (east, west) for one in side for other in side if one < other]
    snapshot = town([*ties, ("e0", "w0")], **dict.fromkeys(east, "east"), **dict.fromkeys(west, "west"))
    found = measure(snapshot, "ei", seed=3)
    assert found.value == pytest.approx((1 - 30) / 31)
    assert found.z is not None
    assert found.z < -3
    assert found == measure(snapshot, "ei", seed=3)
    assert [(one["id"], one["inside"], one["outside"]) for one in found.details["groups"]] == [
        ("east", 15, 1),
        ("west", 15, 1),
    ]
    # Both groups are alike, and so is what chance makes of them.
    zs = [one["z"] for one in found.details["groups"]]
    assert zs[0] == zs[1] < -3
    assert all(one["as_inward"] == 1 / 201 and -1 < one["expected"] < 1 for one in found.details["groups"])
    assert found.details["null"]["seed"] == 3
    assert measure(snapshot, "robustness").value < 0.5
    communities = values(measure(snapshot, "community"))
    assert {communities[unit] for unit in east} != {communities[unit] for unit in west}


def test_chance_draws_every_graph_of_equal_degrees_alike() -> None:
    """Four rows with two ties each: three cycles, with 2, 0 and 2 ties inside the two groups."""
    tails, heads = np.array([[0, 1, 2, 0], [1, 2, 3, 3]], np.int32)
    starts, codes = np.arange(5), np.array([0, 0, 1, 1])
    drawn, sides = draw_inside(tails, heads, starts, codes, 4, 40, 3000, 7, 2)
    assert (sides[:, :, 0].sum(axis=1) == drawn).all()
    assert (2 * sides[:, :, 0] + sides[:, :, 1] == 4).all()
    assert set(drawn.tolist()) == {0, 2}
    assert drawn.mean() == pytest.approx(4 / 3, abs=0.1)


def test_alliances_may_be_several() -> None:
    members = [("x", "a"), ("x", "b"), ("y", "b"), ("y", "c")]
    snapshot = Snapshot.from_records(
        [
            *(
                Membership(id=f"m{n}", alliance=alliance, party=party)
                for n, (alliance, party) in enumerate(members)
            ),
            *(Pairing(id=f"p{n}", parties=tie) for n, tie in enumerate([("a", "b"), ("b", "c"), ("a", "c")])),
            Pairing(id="q", parties=("a", "z")),
        ]
    )
    found = measure(snapshot, "ei", by="alliance")
    assert found.value == pytest.approx((1 - 2) / 3)
    assert (found.details["ties"], found.details["ties_left_out"]) == (3, 1)
    # a-b is inside x, b-c inside y; every other tie leaves what only one of its ends belongs to.
    assert [(one["inside"], one["outside"], one["z"]) for one in found.details["groups"]] == [
        (1, 2, None)
    ] * 2
    assert measure(snapshot, "agreement").details["left_out"] == 2


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_agreement_is_one_with_itself_and_the_same_both_ways(labels: list[int], draws: Any) -> None:
    one = np.array(labels)
    other = one.copy()
    draws.shuffle(other)
    itself = adjusted_mutual_information(one, one)
    assert itself is None or itself == pytest.approx(1)
    there, back = adjusted_mutual_information(one, other), adjusted_mutual_information(other, one)
    assert there == back or there == pytest.approx(back, abs=1e-9)


def test_agreement_is_what_the_literature_gives() -> None:
    """By hand: of the three ways in which two and two lie to two and two, one shares ln 2, two nothing."""
    one, other = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    expected = math.log(2) / 3
    assert adjusted_mutual_information(one, other) == pytest.approx((0 - expected) / (math.log(2) - expected))


@given(st.integers(1, 8), st.integers(0, 12), st.integers(0, 99))
def test_what_removals_leave(count: int, ties: int, seed: int) -> None:
    graph = nx.gnm_random_graph(count, min(ties, count * (count - 1) // 2), seed=seed)
    rows = compress(graph)
    order = np.random.default_rng(seed).permutation(count)
    found = largest_parts(rows.starts, rows.heads, order)
    for gone in range(count + 1):
        left = graph.subgraph(order[gone:].tolist())
        assert found[gone] == max(map(len, nx.connected_components(left)), default=0)


def test_ties_among_equals_have_no_correlation() -> None:
    ring = town([("a", "b"), ("b", "c"), ("a", "c")], a="x", b="x", c="x")
    assert measure(ring, "assortativity").as_json()["reason"] == "no_variation"
    assert measure(ring, "transitivity").value == 1.0
    assert measure(STAR, "assortativity").value == pytest.approx(-1)


def test_communities_say_how_often_they_are_found_again() -> None:
    cliques = [pair for group in ("abcd", "efgh") for pair in combinations(group, 2)]
    told = measure(town([*cliques, ("d", "e")], i="east"), "community").as_json()
    assert [row["value"] for row in told] == [1, 1, 1, 1, 2, 2, 2, 2, None]
    assert all((row["size"], row["together"], row["together_from"]) == (4, 1.0, 1.0) for row in told[:-1])
    assert measure(town(cliques), "stability").value == 1.0
    ring = [(f"u{one}", f"u{(one + 1) % 30}") for one in range(30)]
    loose = measure(town(ring), "stability")
    assert loose.details["from"] <= loose.value < 1
    assert loose.status == "estimate"
    parted = measure(town(ring), "community").as_json()
    assert all(0 <= row["together_from"] <= row["together"] <= row["together_to"] <= 1 for row in parted)
    assert any(row["together"] < 1 for row in parted)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12))
def test_partitions_are_alike_by_the_pairs_they_treat_alike(rows: list[tuple[int, int]]) -> None:
    one, other = (np.array(side) for side in zip(*rows, strict=True))
    pairs = list(combinations(range(len(rows)), 2))
    both = sum(one[a] == one[b] and other[a] == other[b] for a, b in pairs)
    mine, theirs = (sum(side[a] == side[b] for a, b in pairs) for side in (one, other))
    expected = mine * theirs / len(pairs)
    room = (mine + theirs) / 2 - expected
    wanted = (both - expected) / room if room else 1.0
    assert adjusted_rand(one, other) == pytest.approx(wanted)
