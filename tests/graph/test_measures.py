from __future__ import annotations

import json
import math
from datetime import date
from itertools import combinations, product
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.backend.csr import compress
from graph.measures import parties
from graph.measures.answers import Answer
from graph.measures.loops import draw_inside, largest_parts
from graph.measures.names import KINDS, MEASURES, PARTY_MEASURES, UNFIT
from graph.measures.run import measure
from graph.measures.stability import adjusted_rand
from graph.measures.whole import adjusted_mutual_information
from graph.measures.words import measure_words, render_page
from graph.model import Area, Branch, Claim, Membership, Need, Offer, Pairing, ServiceRecord, Unit
from graph.network_picture import draw_network
from graph.snapshot import Snapshot

EMPTY = Snapshot.from_records([])


def town(ties: list[tuple[str, str]], **areas: str) -> Snapshot:
    """Units by name of their area, and pairings of two."""
    units = [Unit(id=unit, name=f"单位{unit}", area=area) for unit, area in areas.items()]
    pairings = [Pairing(id=f"p{number}", parties=tie) for number, tie in enumerate(ties)]
    return Snapshot.from_records([*units, *pairings])


STAR = town([("a", "b"), ("a", "c"), ("a", "d")], a="east", b="east", c="west", d="north", e="east")


def values(answer: Answer) -> dict[str, Any]:
    assert answer.parties is not None
    return {party.id: party.value for party in answer.parties}


def test_a_star_is_told_as_one() -> None:
    assert values(measure(STAR, "degree")) == {"a": 3, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "betweenness"))["a"] == pytest.approx(3 / 6)
    assert values(measure(STAR, "articulation")) == {"a": 2, "b": 0, "c": 0, "d": 0, "e": 0}
    assert values(measure(STAR, "bridges")) == {"a": 3, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "core")) == {"a": 1, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "effective_size")) == {"a": 3.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": None}
    assert values(measure(STAR, "constraint"))["a"] == pytest.approx(3 * (1 / 3) ** 2)
    assert measure(STAR, "density").value == pytest.approx(3 / 10)
    parts = measure(STAR, "components")
    assert (parts.value, parts.details) == (1, {"largest": 4, "tied": 4, "alone": 1})


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
    assert (found.status, found.value) == ("estimate", 0.2)
    assert (found.details["incomplete"], found.details["from"], found.details["to"]) == (2, 0.2, 0.7)


def test_values_of_parties_are_open_where_a_list_goes_on() -> None:
    parties = [Unit(id=name, name=name) for name in "abcd"]
    more = Pairing(id="p", parties=("a", "b"), notes=(("incomplete", "等多家"),))
    snapshot = Snapshot.from_records([*parties, more, Pairing(id="q", parties=("c", "d"))])
    degree = measure(snapshot, "degree")
    assert degree.status == "bounded"
    spans = {row.id: (row.value, row.details["from"], row.details["to"]) for row in degree.parties or ()}
    assert spans == {"a": (1, 1, 3), "b": (1, 1, 3), "c": (1, 1, 3), "d": (1, 1, 3)}
    # Every graph that the lists allow lies between.
    free = [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    for chosen in product((False, True), repeat=len(free)):
        ties = [tie for tie, is_there in zip(free, chosen, strict=True) if is_there]
        full = values(measure(town([("a", "b"), ("c", "d"), *ties]), "degree"))
        assert all(spans[party][1] <= value <= spans[party][2] for party, value in full.items())
    whole = measure(snapshot, "degree", kind="agreements").parties or ()
    most = {row.id: row.details["to"] for row in whole}
    assert most == {"p": 4, "q": 2, "a": 1, "b": 1, "c": 2, "d": 2}
    strength = measure(snapshot, "strength")
    assert [row.details for row in strength.parties or ()] == [{"from": 1, "to": None}] * 4
    constraint = measure(snapshot, "constraint")
    assert constraint.status == "estimate"
    assert all(row.details["unsure"] == "incomplete" for row in constraint.parties or ())
    sure = measure(town([("a", "b")]), "degree")
    assert (sure.status, [dict(row.details) for row in sure.parties or ()]) == ("exact", [{}, {}])


def test_agreements_complement_and_tree_are_measured_where_that_says_something() -> None:
    snapshot = Snapshot.from_records(
        [
            *(Unit(id=name, name=name.upper()) for name in "abc"),
            Pairing(id="p", parties=("a", "b", "c")),
            Pairing(id="q", parties=("a", "b")),
            Branch(id="one", name="one", parent="top"),
            Branch(id="top", name="top"),
        ]
    )
    degree = measure(snapshot, "degree", kind="agreements")
    named = {row.name: row.value for row in degree.parties or ()}
    assert named == {"A": 2, "B": 2, "C": 1, "A、B、C": 3, "A、B": 2}
    tree = measure(snapshot, "components", kind="tree")
    assert (tree.value, tree.details["tied"], tree.details["alone"]) == (1, 2, 0)
    fitting = measure(snapshot, "density", kind="complement")
    assert fitting.value == 0


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


def test_values_come_largest_first_and_say_why_one_is_missing() -> None:
    document = measure(STAR, "constraint").as_json()
    assert [row["id"] for row in document] == ["b", "c", "d", "a", "e"]
    assert document[-1] == {"id": "e", "name": "单位e", "value": None, "reason": "no_ties"}


def test_brokerage_tells_roles_apart() -> None:
    found = {row["id"]: row for row in measure(STAR, "brokerage").as_json()}
    # b and c, b and d: a stands with b. c and d: all three apart.
    assert found["a"]["roles"] == {"coordinator": 0, "itinerant": 0, "gatekeeper": 2, "liaison": 1}
    assert found["a"]["value"] == 3
    tied = town([("a", "b"), ("a", "c"), ("b", "c")], a="east", b="east", c="west")
    assert set(values(measure(tied, "brokerage")).values()) == {0}
    same = town([("a", "b"), ("a", "c")], a="east", b="west", c="west")
    assert measure(same, "brokerage").as_json()[0]["roles"]["itinerant"] == 1
    nowhere = Snapshot.from_records([Unit(id="a", name="甲"), Pairing(id="p", parties=("a", "b"))])
    assert {row["reason"] for row in measure(nowhere, "brokerage").as_json()} == {"no_group"}


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
    tails, heads = np.array([0, 1, 2, 0]), np.array([1, 2, 3, 3])
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


def test_exchange_is_read_from_its_own_records() -> None:
    day = date(2026, 7, 1)
    snapshot = Snapshot.from_records(
        [
            Unit(id="clinic", name="诊所"),
            Area(id="lane", name="里弄"),
            Need(id="n", party="lane", category="health"),
            Offer(id="o", unit="lane", category="venue"),
            Offer(id="o2", unit="clinic", category="health"),
            Claim(id="c1", target="n", target_table="needs", by="clinic", status="agreed", via="station"),
            Claim(id="c2", target="o", target_table="offers", by="clinic", status="done"),
            Claim(id="c3", target="o2", target_table="offers", by="lane", status="declined"),
            Pairing(id="p", parties=("clinic", "lane"), via="station", valid_from=date(2024, 7, 1)),
            Pairing(id="q", parties=("clinic", "lane"), valid_from=date(2026, 6, 1)),
            Pairing(id="r", parties=("clinic", "lane")),
            ServiceRecord(id="s1", unit="clinic", services=30),
            ServiceRecord(id="s2", claim="c4", services=10),
            Claim(id="c4", target="n", target_table="needs", by="lane-shop", status="declined"),
            ServiceRecord(id="s3", unit="clinic"),
        ]
    )
    assert values(measure(snapshot, "introduced")) == {"station": 2}
    assert values(measure(snapshot, "reciprocity")) == {"clinic": 1.0, "lane": 1.0}
    assert measure(snapshot, "gini").value == pytest.approx(0.25)
    hhi = measure(snapshot, "hhi")
    assert hhi.value == pytest.approx(0.75**2 + 0.25**2)
    assert hhi.details.items() >= {"units": 2, "services": 40, "records_unknown": 1}.items()
    # The record without a number may be another 10 or 30 of the clinic's.
    assert hhi.status == "estimate"
    assert (hhi.details["from"], hhi.details["to"]) == pytest.approx((hhi.value, (6 / 7) ** 2 + (1 / 7) ** 2))
    age = measure(snapshot, "tie_age", as_of=day)
    assert age.value == pytest.approx((2 + 30 / 365.2425) / 2, abs=0.01)
    assert (age.details["without_date"], age.details["begun_within_a_year"]) == (1, 1)
    # The undated one may be as new as today, or as old as the oldest.
    assert age.details["from"] == pytest.approx(30 / 365.2425)
    assert age.details["to"] == pytest.approx(2, abs=0.01)


def test_on_a_day_counts_what_was_delivered_until_then() -> None:
    first, later = date(2026, 1, 1), date(2026, 6, 1)
    snapshot = Snapshot.from_records(
        [
            Unit(id="a", name="a"),
            Unit(id="b", name="b", valid_from=later),
            Area(id="lane", name="里弄"),
            ServiceRecord(id="s1", unit="a", area="lane", services=5, from_date=first),
            ServiceRecord(id="s2", unit="b", area="lane", services=5, from_date=later),
            Pairing(id="p", parties=("a", "b"), valid_from=first),
        ]
    )
    assert measure(snapshot, "hhi").value == pytest.approx(0.5)
    assert measure(snapshot, "hhi", as_of=first).value == 1
    assert values(measure(snapshot, "strength", kind="services", as_of=first)) == {"a": 5, "lane": 5}
    found = {row["id"]: row["name"] for row in measure(snapshot, "degree", as_of=first).as_json()}
    assert found == {"a": "a", "b": "b"}, "who was paired then has a name, whatever his own record says"
    drawn = draw_network(snapshot, as_of=first)["parties"]
    assert [(party["name"], party["table"]) for party in drawn] == [("a", "units"), ("b", "units")]


def test_what_is_sure_has_no_span_and_vague_figures_have_one() -> None:
    sure = [ServiceRecord(id=f"s{n}", unit=f"u{n}", services=10 * n) for n in (1, 2, 3)]
    gini = measure(Snapshot.from_records(sure), "gini")
    assert gini.status == "exact"
    assert gini.details["from"] == gini.value == gini.details["to"]
    more = [*sure[:2], ServiceRecord(id="s3", unit="u3", services=30, approx="余")]
    vague = measure(Snapshot.from_records(more), "gini")
    assert vague.value == gini.value == vague.details["from"], "only more can be behind it"
    most = np.array([10, 20, 33])
    assert vague.value < vague.details["to"] <= np.abs(most[:, None] - most).sum() / (6 * most.sum()) + 1e-12


@pytest.mark.parametrize(("basis", "least", "most"), [("day", 2, 2), ("year", 1, 2), ("month", 1.9, 2)])
def test_a_vague_beginning_leaves_the_age_open(basis: str, least: float, most: float) -> None:
    begun, notes = date(2024, 7, 1), (("date_basis", basis),)
    snapshot = Snapshot.from_records(
        [
            *(Pairing(id=f"p{n}", parties=("a", f"b{n}"), valid_from=begun, notes=notes) for n in range(3)),
            Pairing(id="was", parties=("a", "b1"), valid_from=date(2020, 1, 1), valid_to=date(2026, 1, 1)),
            Pairing(id="gone", parties=("a", "c"), valid_to=date(2026, 2, 1)),
            Pairing(id="long gone", parties=("a", "b2"), valid_to=date(2021, 2, 1)),
        ]
    )
    age = measure(snapshot, "tie_age", as_of=date(2026, 7, 1))
    assert (age.details["from"], age.details["to"]) == pytest.approx((least, most), abs=0.03)
    assert (age.details["ended_within_a_year"], age.details["renewed"]) == (2, 1)


def test_drawn_betweenness_carries_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = [(f"u{n:02}", f"u{other:02}") for n in range(1, 60) for other in {n // 2, n - 1}]
    snapshot = town(ties)
    exact = values(measure(snapshot, "betweenness"))
    monkeypatch.setattr(parties, "EXACT_UP_TO", 50)
    monkeypatch.setattr(parties, "SOURCES", 300)
    drawn = measure(snapshot, "betweenness")
    assert drawn.status == "estimate"
    rows = [row.as_json() for row in drawn.parties or ()]
    assert all(0 <= row["from"] <= row["value"] <= row["to"] <= 1 for row in rows)
    held = [row["from"] - 1e-9 <= exact[row["id"]] <= row["to"] + 1e-9 for row in rows]
    assert np.mean(held) > 0.85


def test_participation_is_even_over_layers_or_in_one_alone() -> None:
    everywhere = [
        Unit(id="u", name="u"),
        Pairing(id="p", parties=("u", "a")),
        Membership(id="m", alliance="b", party="u"),
        Branch(id="c", name="c", units=("u",)),
        ServiceRecord(id="s", unit="u", area="d", services=9),
        Pairing(id="q", parties=("a", "a2")),
    ]
    found = values(measure(Snapshot.from_records(everywhere), "participation"))
    assert found == {"u": 1.0, "a": 0.0, "a2": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("kind", KINDS)
def test_next_to_nothing_has_defined_values(name: str, kind: str) -> None:
    alone = Snapshot.from_records([Unit(id="a", name="甲")])
    oneself = Snapshot.from_records([Unit(id="a", name="甲"), Pairing(id="p", parties=("a", "a"))])
    for snapshot in (EMPTY, alone, oneself):
        if name in UNFIT.get(kind, ()):
            with pytest.raises(ValueError, match="says nothing"):
                measure(snapshot, name, kind=kind)
            continue
        answer = measure(snapshot, name, kind=kind)
        numbers = [answer.value] if answer.parties is None else [party.value for party in answer.parties]
        assert all(number is None or math.isfinite(number) for number in numbers)
        reasons = {party.reason for party in answer.parties or () if party.value is None}
        if answer.parties is None and answer.value is None:
            reasons.add(answer.reason)
        assert reasons <= set(measure_words()["reasons"])


def units(names: str) -> list[Unit]:
    return [Unit(id=name, name=f"单位{name}") for name in names]


BAD: dict[str, list[Any]] = {
    "no ties": units("abc"),
    "one party": units("a"),
    "an isolated unit": [*units("abc"), Pairing(id="p", parties=("a", "b"))],
    "a tie to oneself": [*units("ab"), Pairing(id="p", parties=("a", "a"))],
    "parallel ties": [
        *units("abc"),
        *(Pairing(id=f"p{number}", parties=("a", "b")) for number in range(3)),
        Pairing(id="q", parties=("b", "a", "b")),
    ],
    "dates out of order": [
        *units("ab"),
        Pairing(id="p", parties=("a", "b"), valid_from=date(2026, 5, 1), valid_to=date(2025, 1, 1)),
        ServiceRecord(id="s", unit="a", area="x", from_date=date(2026, 5, 1), to_date=date(2025, 1, 1)),
    ],
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_has_defined_values(bad: str, name: str) -> None:
    snapshot = Snapshot.from_records(BAD[bad])
    for day in (None, date(2026, 6, 1)):
        answer = measure(snapshot, name, as_of=day)
        json.dumps(answer.as_json(), allow_nan=False)
        told = [answer] if answer.parties is None else answer.parties
        assert all((one.value is None) == bool(one.reason) for one in told)


def test_ties_to_oneself_and_parallel_ones_make_no_partners() -> None:
    assert values(measure(Snapshot.from_records(BAD["a tie to oneself"]), "degree")) == {"a": 0, "b": 0}
    parallel = Snapshot.from_records(BAD["parallel ties"])
    assert values(measure(parallel, "degree")) == {"a": 1, "b": 1, "c": 0}
    assert values(measure(parallel, "strength")) == {"a": 4, "b": 4, "c": 0}
    never = Snapshot.from_records(BAD["dates out of order"])
    assert values(measure(never, "degree", as_of=date(2026, 6, 1))) == {"a": 0, "b": 0}


def test_ties_among_equals_have_no_correlation() -> None:
    ring = town([("a", "b"), ("b", "c"), ("a", "c")], a="x", b="x", c="x")
    assert measure(ring, "assortativity").as_json()["reason"] == "no_variation"
    assert measure(ring, "transitivity").value == 1.0
    assert measure(STAR, "assortativity").value == pytest.approx(-1)


@pytest.mark.parametrize(
    "wrong", [{"name": "beauty"}, {"name": "ei", "by": "colour"}, {"name": "degree", "kind": "friends"}]
)
def test_unknown_names_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        measure(EMPTY, **wrong)


def test_every_measure_is_documented() -> None:
    table = measure_words()["measures"]
    assert set(table) == set(MEASURES)
    wanted = {"zh", "en", "formula", "range", "source", "says_zh", "says_en"}
    assert all(set(entry) - {"interval"} == wanted and all(entry.values()) for entry in table.values())
    assert all(f"### `{name}`" in render_page() for name in PARTY_MEASURES)
