from __future__ import annotations

from itertools import combinations, product

import pytest

from graph.measures import further
from graph.measures.names import WHOLE_MEASURES
from graph.measures.run import measure
from graph.measures.unlisted import EITHER_WAY, WHOLE_EITHER_WAY
from graph.model import Membership, Pairing, Unit
from graph.snapshot import Snapshot
from tests.graph.networks import town, values


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
    sure = measure(town([("a", "b")]), "degree")
    assert (sure.status, [dict(row.details) for row in sure.parties or ()]) == ("exact", [{}, {}])


AREAS = {"a": "east", "b": "east", "c": "west", "d": "west", "e": ""}
OPEN = Snapshot.from_records(
    [
        *(Unit(id=name, name=name, area=area) for name, area in AREAS.items()),
        Pairing(id="p", parties=("a", "b"), notes=(("incomplete", "等多家"),)),
        *(Pairing(id=f"q{at}", parties=tie) for at, tie in enumerate([("b", "c"), ("c", "d")])),
    ]
)

# By hand: whoever of c, d and e comes into the pairing of a and b is tied to both.
GROWN = [
    town([("a", "b"), ("b", "c"), ("c", "d"), ("a", more), *([] if more == "c" else [("b", more)])], **AREAS)
    for more in "cde"
]


@pytest.mark.parametrize("name", EITHER_WAY)
def test_draws_tell_what_one_more_party_in_a_list_that_goes_on_changes(name: str) -> None:
    found = measure(OPEN, name)
    assert found.status == "estimate"
    rows = [row for row in found.parties or () if row.value is not None]
    grown = [values(measure(OPEN, name)), *(values(measure(one, name)) for one in GROWN)]
    for row in rows:
        known = [one[row.id] for one in grown if one[row.id] is not None]
        assert (row.details["from"], row.details["to"]) == pytest.approx((min(known), max(known))), row.id
        assert (row.details["unsure"], row.details["further_draws"]) == ("further", further.DRAWS)
    assert found == measure(OPEN, name), "the same seed draws the same"


def test_a_pairing_kept_whole_gets_the_party_itself() -> None:
    found = measure(OPEN, "articulation", kind="agreements").parties or ()
    spans = {row.id: (row.value, row.details["from"], row.details["to"]) for row in found}
    # e, tied to the pairing alone, would break off with it; c or d close a circle through b.
    assert spans["p"] == (1, 1, 2)
    assert spans["b"] == (1, 0, 1)


def test_what_nobody_can_say_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(further, "LINEAR_WORK", 1)
    found = measure(OPEN, "constraint")
    assert found.status == "estimate"
    told = [row.details for row in found.parties or () if row.value is not None]
    assert told == [{"unsure": "incomplete"}] * 4


@pytest.mark.parametrize("name", ["transitivity", "assortativity", "components", "robustness", "ei"])
def test_draws_tell_how_far_they_leave_the_whole_open(name: str) -> None:
    found = measure(OPEN, name)
    known = [
        one.value for one in (found, *(measure(grown, name) for grown in GROWN)) if one.value is not None
    ]
    assert (found.details["from"], found.details["to"]) == pytest.approx((min(known), max(known)))
    assert (found.status, found.details["unsure"]) == ("estimate", "further")
    assert found.details["further_draws"] == further.DRAWS
    assert found == measure(OPEN, name), "the same seed draws the same"
    assert found.details["from"] == found.details["to"] or found.details["to"] - found.details["from"] > 1e-9
    if name == "ei":
        assert found.z is not None
        assert found.details["z_from"] <= found.z <= found.details["z_to"]


def test_groups_have_a_range_of_their_own() -> None:
    found = measure(OPEN, "ei")
    grown = [measure(one, "ei").details["groups"] for one in GROWN]
    for group in found.details["groups"]:
        told = [group, *(one for groups in grown for one in groups if one["id"] == group["id"])]
        known = [one["value"] for one in told]
        assert (group["from"], group["to"]) == pytest.approx((min(known), max(known))), group["id"]
        assert group["as_inward_from"] <= group["as_inward"] <= group["as_inward_to"]
        assert group["z"] is None or group["z_from"] <= group["z"] <= group["z_to"]
    assert {group["id"] for group in found.details["groups"]} == {"east", "west"}


def test_who_falls_together_may_change_with_further_parties(monkeypatch: pytest.MonkeyPatch) -> None:
    sure = measure(town([("a", "b"), ("c", "d"), ("d", "e"), ("c", "e")]), "community")
    parties = [Unit(id=name, name=name) for name in "abcde"]
    more = Pairing(id="p", parties=("a", "b"), notes=(("incomplete", "等多家"),))
    rest = [Pairing(id=name, parties=tuple(name)) for name in ("cd", "de", "ce")]
    snapshot = Snapshot.from_records([*parties, more, *rest])
    found = measure(snapshot, "community")
    assert values(found) == values(sure)
    spans = {
        row.id: (row.details["together"], row.details["together_from"], row.details["together_to"])
        for row in found.parties or ()
    }
    # One of the three falls to a and b in some draw, or all five together; a and b part in none.
    assert spans["a"] == spans["b"] == (1, 1, 1)
    assert all(spans[party] == (1, 0, 1) for party in "cde")
    assert found.status == "estimate"
    assert {(row.details["unsure"], row.details["further_draws"]) for row in found.parties or ()} == {
        ("further", further.DRAWS)
    }
    assert all("unsure" not in row.details for row in sure.parties or ())
    monkeypatch.setattr(further, "LINEAR_WORK", 1)
    unknown = measure(snapshot, "community")
    assert {row.details["unsure"] for row in unknown.parties or ()} == {"incomplete"}


def test_draws_of_communities_and_of_further_parties_make_one_span() -> None:
    def circles(notes: tuple[tuple[str, str], ...]) -> Snapshot:
        pairs = [pair for group in ("abcd", "efgh") for pair in combinations(group, 2)]
        return Snapshot.from_records(
            [
                *(Unit(id=name, name=name) for name in "abcdefgh"),
                *(Pairing(id=f"p{at}", parties=tie, notes=notes) for at, tie in enumerate(pairs)),
                *(Membership(id=f"m{name}", alliance=str(name < "e"), party=name) for name in "abcdefgh"),
            ]
        )

    for name in ("agreement", "stability"):
        sure, loose = measure(circles(()), name), measure(circles((("incomplete", "等多家"),)), name)
        assert (sure.status, sure.value, sure.details["from"]) == (
            "exact",
            pytest.approx(1),
            pytest.approx(1),
        )
        assert loose.value == sure.value
        assert loose.details["from"] < 0.9 < loose.details["to"] == pytest.approx(1)
        assert (loose.status, loose.details["unsure"]) == ("estimate", "further")


def test_the_whole_says_where_no_range_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WHOLE_MEASURES:
        layers = measure(OPEN, name, kind="multilayer")
        is_unsure = name in WHOLE_EITHER_WAY and layers.value is not None
        assert layers.details.get("unsure") == ("incomplete" if is_unsure else None), name
        assert (layers.status == "estimate") >= is_unsure
    monkeypatch.setattr(further, "LINEAR_WORK", 1)
    found = measure(OPEN, "transitivity")
    assert (found.status, found.details) == ("estimate", {"pairs": 2, "unsure": "incomplete"})
    sure = measure(town([("a", "b"), ("b", "c")]), "robustness")
    assert (sure.status, "unsure" in sure.details) == ("exact", False)
