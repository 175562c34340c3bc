"""The document of what lies beside the optimum: its figures against the match they belong to."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from graph.model import Area, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.beside import PARTS, beside_document
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


def test_only_the_parts_asked_for_are_worked_out():
    part = match(Snapshot.from_records(TOWN), RULES).places
    whole = beside_document(part)
    assert set(whole) == {"exact", "less_places", *PARTS}
    for name in PARTS:
        some = beside_document(part, parts=[name])
        more = {"less_places"} if name == "more_places" else set()
        assert set(some) == {"exact", name, *more}
        assert some == {key: whole[key] for key in some}


def test_a_place_less_costs_what_a_match_without_it_says():
    def served(records):
        made = match(Snapshot.from_records(records), RULES).places.solution
        return made.served_by_priority, made.cost

    told = beside_document(match(Snapshot.from_records(TOWN), RULES).places)
    before, cost = served(TOWN)
    rows = {row["offer"]: row for row in told["less_places"] if row["kind"] == "offer"}
    assert set(rows) == {"o1", "o2"}
    for offer, row in rows.items():
        fewer = [replace(item, capacity=item.capacity - 1) if item.id == offer else item for item in TOWN]
        after, dearer = served(fewer)
        lost = {priority: before[priority] - after[priority] for priority in before}
        assert row["cost"] == dearer - cost
        assert [p for p, places in lost.items() if places > 0] == [row["lost_priority"]]
        assert [p for p, places in lost.items() if places < 0] == (
            [row["instead_priority"]] if row["instead_priority"] else []
        )
        assert row["sentence_en"].count("one place less of this offer would") == 1
    shown = {row["offer"]: row["one_less"] for row in told["more_places"] if row["kind"] == "offer"}
    for offer, one_less in shown.items():
        assert one_less == {name: rows[offer][name] for name in one_less}


def test_steps_of_share_and_cap_take_what_each_alone_takes():
    part = match(Snapshot.from_records(TOWN), RULES).places
    told = beside_document(part)
    shares = told["fair_share"]["steps"]
    # The neighbourhood that has least has nothing now.
    assert told["fair_share"]["share_now"] == 0
    assert [step["share"] for step in shares] == [0.16, 0.33, 0.49, 0.6666]
    for step in shares:
        alone = beside_document(part, share=step["share"], parts=["fair_share"])["fair_share"]
        assert alone["toll"] == step["toll"]
    caps = told["distance_cap"]["steps"]
    assert [step["cap_m"] for step in caps] == sorted({step["cap_m"] for step in caps}, reverse=True)
    assert caps[0]["cap_m"] < told["distance_cap"]["cap_m"]
    lost = [list(step["toll"]["places_by_priority"].values()) for step in caps]
    assert all(sum(places) > 0 for places in lost)
    assert lost == sorted(lost)
    kept = match(Snapshot.from_records(_within(caps[0]["cap_m"])), RULES).places.solution
    whole = part.solution.served_by_priority
    assert lost[0] == [whole[p] - kept.served_by_priority[p] for p in whole]


def _within(metres):
    """The town with no reach beyond a cap."""
    return [
        replace(item, reach_m=min(item.reach_m, metres)) if isinstance(item, Offer) else item for item in TOWN
    ]


def test_pairs_that_block_name_what_both_sides_would_give_up():
    town = (
        Unit(id="u1", name="一中", **at(0)),
        Unit(id="u2", name="二院", **at(3000)),
        Offer(id="o1", unit="u1", category="repair", capacity=1, reach_m=9000.0),
        Offer(id="o2", unit="u2", category="repair", capacity=1, reach_m=2000.0),
        # Only the first can go elsewhere: it makes room for the other, though it is nearer.
        need("a", None, 1200),
        need("b", None, -1500),
    )
    part = match(Snapshot.from_records(town), RULES).places
    stable = beside_document(part, parts=["stability"])["stability"]
    assert stable["blocking_pairs"] == 1
    [pair] = stable["pairs"]
    assert (pair["need"], pair["offer"], pair["unit"], pair["project"]) == ("a", "o1", "u1", False)
    assert pair["instead_of"] == {"offer": "o2", "unit": "u2"}
    assert pair["in_the_way"] == {"need": "b", "project": False}
    assert pair["saves"] == 600
    assert stable["by_needs"]["places"] == 1


@settings(max_examples=20)
@given(towns())
def test_pairs_that_block_are_those_found_and_the_urgent_come_first(records):
    part = match(Snapshot.from_records(records), RULES).places
    stable = beside_document(part, limit=None, parts=["stability"])["stability"]
    assert len(stable["pairs"]) == stable["blocking_pairs"]
    assert len({(p["need"], p["project"], p["offer"], p["unit"]) for p in stable["pairs"]}) == len(
        stable["pairs"]
    )
    are_open = [pair["instead_of"] is None for pair in stable["pairs"]]
    assert are_open == sorted(are_open, reverse=True)
    for pair in stable["pairs"]:
        # The need saves something, or it hadn't anything to give up.
        assert (pair["saves"] is None) == (pair["instead_of"] is None)
        assert pair["saves"] is None or pair["saves"] >= 0
        # Room on both sides would have been used by the optimum.
        assert pair["instead_of"] is not None or pair["in_the_way"] is not None


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
