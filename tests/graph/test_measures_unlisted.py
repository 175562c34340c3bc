from __future__ import annotations

from itertools import product

import pytest

from graph.measures import further
from graph.measures.run import measure
from graph.measures.unlisted import EITHER_WAY
from graph.model import Pairing, Unit
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


OPEN = Snapshot.from_records(
    [
        *(Unit(id=name, name=name) for name in "abcde"),
        Pairing(id="p", parties=("a", "b"), notes=(("incomplete", "等多家"),)),
        *(Pairing(id=f"q{at}", parties=tie) for at, tie in enumerate([("b", "c"), ("c", "d")])),
    ]
)


@pytest.mark.parametrize("name", EITHER_WAY)
def test_draws_tell_what_one_more_party_in_a_list_that_goes_on_changes(name: str) -> None:
    found = measure(OPEN, name)
    assert found.status == "estimate"
    rows = [row for row in found.parties or () if row.value is not None]
    # By hand: whoever of c, d and e comes into the pairing of a and b is tied to both.
    grown = [values(measure(OPEN, name))]
    for more in "cde":
        ties = [("a", "b"), ("b", "c"), ("c", "d"), ("a", more), *([] if more == "c" else [("b", more)])]
        grown.append(values(measure(town(ties, **dict.fromkeys("abcde", "")), name)))
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
