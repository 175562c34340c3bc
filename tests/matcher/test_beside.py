"""The document of what lies beside the optimum: its figures against the match they belong to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from graph.model import Area, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.beside import beside_document
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST, towns

RULES = Rules(period=Period(FIRST, LAST))


def at(metres):
    """A place so far east of the first neighbourhood."""
    return {"lon": 121.45 + metres / 95_056, "lat": 31.25}


def need(name, area, metres, **more):
    return Need(id=name, category="repair", area=area, **{"quantity": 1, **at(metres)} | more)


TOWN = (
    Area(id="n1", name="梧桐"),
    Area(id="n2", name="香樟"),
    Area(id="n3", name="无人到"),
    Unit(id="u1", name="一中", **at(0)),
    Unit(id="u2", name="二院", **at(3000)),
    Offer(id="o1", unit="u1", category="repair", capacity=2, reach_m=5000.0),
    Offer(id="o2", unit="u2", category="repair", capacity=1, reach_m=3500.0),
    need("a", "n1", 10, quantity=3, group="独居", people=3),
    need("b", "n2", 1000, quantity=1, priority=4, group="孤老"),
    need("c", "n3", 20_000),
    Project(id="p", name="清洁日", category="repair", wanted=2, area="n1", **at(0)),
)


def test_what_lies_beside_the_optimum_of_a_town():
    part = match(Snapshot.from_records(TOWN), RULES).places
    told = beside_document(part)
    json.dumps(told)
    assert told["exact"] is True
    first = told["more_places"][0]
    assert (first["kind"], first["offer"], first["more_priority"]) == ("offer", "o1", 4)
    assert first["sentence_zh"].startswith("一中：这项资源多一个名额，多服务一项次优先级4的需求，代价")
    fair = told["fair_share"]
    assert (fair["by"], fair["left_out"]) == ("area", ["n3"])
    assert fair["largest_share"] == 0.6666
    assert fair["limited_by"] == ["n1", "n2"]
    rows = {row["id"]: row for row in fair["groups"]}
    assert (rows["n1"]["before"], rows["n1"]["after"], rows["n1"]["least"]) == (3, 2, 2)
    assert (rows["n2"]["before"], rows["n2"]["after"], rows["n2"]["least"]) == (0, 1, 1)
    assert fair["toll"]["places"] == 0
    assert fair["toll"]["places_by_priority"] == {"1": 0, "2": 0, "3": 1, "4": -1, "5": 0}
    assert fair["toll"]["people_reached"] == -1
    assert told["distance_cap"]["farthest_m"] == told["distance_cap"]["cap_m"]
    assert told["distance_cap"]["toll"]["places"] == 0
    assert told["stability"]["by_needs"]["places"] == told["stability"]["by_offers"]["places"]
    lost = {row["unit"]: row["places"] for row in told["if_one_leaves"]}
    # The project counts each of both once; nobody else reaches beyond what the other has left.
    assert list(lost) == ["u1", "u2"]
    assert lost["u1"] > lost["u2"] > 0


def test_a_share_by_group_that_all_can_or_cannot_have():
    part = match(Snapshot.from_records(TOWN), RULES).places
    half = beside_document(part, by="group", share=0.5, limit=1)
    assert len(half["more_places"]) == 1
    assert {row["id"] for row in half["fair_share"]["groups"]} == {"独居", "孤老"}
    assert half["fair_share"]["toll"] is not None
    most = beside_document(part, by="group", share=1)["fair_share"]
    assert (most["toll"], most["groups"], most["largest_share"]) == (None, [], 0.6666)


@settings(max_examples=20)
@given(towns())
def test_tolls_never_gain_what_the_optimum_left(records):
    part = match(Snapshot.from_records(records), RULES).places
    told = beside_document(part, limit=None)
    json.dumps(told)
    for row in told["more_places"]:
        assert row["more_priority"] != row["less_priority"] or row["cost_saved"] > 0
    tolls = [told["fair_share"]["toll"], told["stability"]["by_needs"]]
    tolls += [told["distance_cap"]["toll"]] if told["distance_cap"] else []
    for toll in tolls:
        assert [*toll["places_by_priority"].values(), toll["cost"]] >= [0] * 6
    assert told["distance_cap"] is None or told["distance_cap"]["toll"]["places"] == 0
    assert 0 <= told["fair_share"]["largest_share"] <= 1


@pytest.mark.parametrize("by", ["area", "group"])
def test_an_empty_town_has_nothing_beside_it(by):
    part = match(Snapshot.from_records([]), RULES).places
    told = beside_document(part, by=by)
    assert told["more_places"] == []
    assert told["distance_cap"] is None
    assert told["fair_share"]["largest_share"] == 1
