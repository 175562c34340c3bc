"""Gaps over time: what closed and opened adds up, and what did it is named."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.gap_changes import compare_gaps
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def state(records):
    made = match(Snapshot.from_records(records), RULES)
    return made, find_gaps(made)


TOWN = [
    Area(id="n1", name="n1"),
    Unit(id="u", name="u"),
    Offer(id="o", unit="u", category="repair", capacity=2, reach_any=True),
    Need(id="a", category="repair", quantity=3, area="n1"),
    Need(id="b", category="health", quantity=2),
    Need(id="c", category="repair", quantity=1, priority=1),
]


def test_what_closed_and_opened_and_what_did_it() -> None:
    more = [replace(r, capacity=4) if r.id == "o" else r for r in TOWN if r.id != "b"]
    more.append(Need(id="d", category="legal", quantity=2))
    told = {("offers", "o"): {"id": "o"}, ("needs", "b"): {"id": "b"}, ("needs", "d"): {"id": "d"}}
    found = compare_gaps(state(TOWN), state(more), told)
    json.dumps(found)
    closed, opened = found["closed"], found["opened"]
    assert [(row["need"], row["places"], row["how"], row["by"]) for row in closed] == [
        ("a", 2, "offers", [{"id": "o"}]),
        ("b", 2, "need", [{"id": "b"}]),
    ]
    assert closed[0]["reason"] == "no_capacity"
    assert [(row["need"], row["places"], row["how"]) for row in opened] == [("d", 2, "need")]
    assert (found["places_closed"], found["places_opened"]) == (4, 2)
    spots = found["blind_spots"]["areas_without_offer"]
    assert spots == {"closed": ["health:n1"], "opened": ["legal:n1"]}
    back = compare_gaps(state(more), state(TOWN), {})
    assert [row["how"] for row in back["opened"]] == ["elsewhere", "need"]


@few
@given(towns(), towns(), st.booleans())
def test_the_difference_is_that_of_the_unserved_places(one, other, same) -> None:
    before, after = state(one), state(one if same else other)
    found = compare_gaps(before, after, {})
    json.dumps(found)
    change = after[1].needs.unserved - before[1].needs.unserved
    assert found["places_opened"] - found["places_closed"] == change
    if same:
        assert found["closed"] == found["opened"] == []
        assert all(spot == {"closed": [], "opened": []} for spot in found["blind_spots"].values())
