"""Explanations: who serves, why nobody else, and numbers that hold."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given

import matcher
from graph.errors import NotFoundError
from graph.model import UNLIMITED, Claim, Need, Offer, Pairing, Project, Unit
from matcher import CandidateGraph, solve
from matcher.explain import explain
from matcher.gaps import find_gaps
from matcher.intervals import remake
from matcher.report import assignments
from matcher.solution import find_value
from tests.matcher.small_town import HERE, offer, solve_town, town
from tests.reference_gaps import GapReference
from tests.towns import FIRST, LAST, few, towns

ABLE = {"chosen", "dearer", "equal", "full", "unit_full", "claims_full", "rule", "promised_elsewhere"}


def parts_of(made):
    return [part for part in (made.places, made.money) if part is not None]


@few
@given(towns(claims=6))
def test_explanations_agree_with_assignments_gaps_and_rules(records):
    made = solve_town(records)
    report = find_gaps(made)
    for part in parts_of(made):
        demand, reference = (
            part.instance.demand,
            GapReference(records, FIRST, LAST, measure=part.instance.measure),
        )
        rows = assignments(part)
        gaps = report.money if part is made.money else report.needs
        for name in demand.ids[~demand.is_project]:
            need = reference.needs[name]
            told = explain(made, name, limit=None).to_json()
            json.dumps(told)
            assert (told["need"], told["wanted"], told["status"]) == (
                name,
                need.quantity,
                part.solution.status,
            )
            mine = [row for row in rows if row.get("need") == name]
            shared = ("offer", "unit", "places", "distance_m", "estimate", "fit", "assumed", "locked_places")
            assert [{k: row[k] for k in shared} for row in told["served_by"]] == [
                {k: row[k] for k in shared} for row in mine
            ]
            assert all(sum(row["terms"].values()) == row["cost"] for row in told["served_by"])
            left = Counter()
            for gap in gaps.gaps:
                if name in gap.needs:
                    left[gap.reason] += 1
            unserved = told["unserved"]
            assert set(left) == set(unserved["by_reason"] if unserved else ())
            if unserved:
                assert sum(unserved["by_reason"].values()) == need.quantity - told["served"]
                assert (unserved["certificate"] is not None) == ("no_capacity" in unserved["by_reason"])
                check_certificate(part, name, unserved["certificate"])
                check_enough(part, name, unserved["would_do"])
            check_alternatives(reference, need, told, {row["offer"] for row in mine})


def check_certificate(part, name, certificate):
    """What the needs want is more than all that could serve them has, and nobody is left out."""
    if certificate is None:
        return
    graph, ids = part.instance.graph, part.instance.demand.ids
    wanted = {item["id"]: item["places"] for item in certificate["needs"]}
    assert name in wanted
    there = sum(holder["places"] for holder in certificate["holders"])
    assert sum(wanted.values()) - there == certificate["short_by"] > 0
    held = {(holder["kind"], holder.get("id") or holder["offer"]) for holder in certificate["holders"]}
    of_need = ~part.instance.demand.is_project[graph.edge_need]
    for edge in np.flatnonzero(part.instance.pairs.feasible & of_need).tolist():
        if ids[graph.edge_need[edge]] in wanted:
            offer = int(graph.edge_offer[edge])
            unit = part.instance.unit_ids[part.instance.supply.unit[offer]]
            assert {("offer", part.instance.supply.ids[offer]), ("unit", unit)} & held


def check_enough(part, name, would_do):
    """With what is said of one offer, solving again serves all of the need."""
    demand, supply, graph = part.instance.demand, part.instance.supply, part.instance.graph
    for row in would_do:
        if row["change"] in ("more_places", "more_yuan") and row.get("offer"):
            capacity, total = graph.offer_capacity.copy(), graph.unit_capacity.copy()
            offer = supply.ids.tolist().index(row["offer"])
            capacity[offer] += row["places"]
            if row["of_total"]:
                total[graph.offer_unit[offer]] += row["places"]
            need = int(np.flatnonzero((demand.ids == name) & ~demand.is_project)[0])
            after = solve(remake(graph, offer_capacity=capacity, unit_capacity=total))
            assert after.served[need] == graph.need_quantity[need]


def check_alternatives(reference, need, told, used):
    assert told["alternatives_total"] == len(told["alternatives"])
    offers = {row["offer"]: row for row in told["alternatives"] if row["offer"] is not None}
    assert set(offers) == {o.id for o in reference.of_category(need)} | (used - {None})
    for name, row in offers.items():
        stops = reference.stops(need, reference.get("offers", name))
        if name in used:
            assert row["reason"] == "chosen"
        elif stops:
            assert row["reason"] == stops[0]
        else:
            assert row["reason"] in ABLE - {"chosen"}
    ranks = [
        0 if row["reason"] == "chosen" else 1 if row["reason"] in ABLE else 2 for row in told["alternatives"]
    ]
    assert ranks == sorted(ranks)


def lock_one(graph, edge):
    """The same graph with one more place promised on a pair."""
    columns = {field.name: getattr(graph, field.name) for field in fields(graph) if field.name[0] != "_"}
    locked = graph.edge_locked.copy()
    locked[edge] += 1
    return CandidateGraph(**{**columns, "edge_locked": locked})


@few
@given(towns(offers=6, claims=2))
def test_putting_a_need_elsewhere_costs_at_least_what_is_said(records):
    made = solve_town([record for record in records if not getattr(record, "whole", False)])
    part = made.places
    graph, demand = part.instance.graph, part.instance.demand
    level, cost = find_value(graph, part.solution.flow - graph.edge_locked)
    for need in np.flatnonzero((part.solution.served > 0) & ~demand.is_project).tolist():
        rows = {row["offer"]: row for row in explain(made, demand.ids[need], limit=None).alternatives}
        wholly = part.solution.served[need] == graph.need_quantity[need]
        for edge in np.flatnonzero((graph.edge_need == need) & part.instance.pairs.feasible).tolist():
            row = rows[part.instance.supply.ids[graph.edge_offer[edge]]]
            if row["reason"] not in ("dearer", "equal", "full") or not wholly:
                continue
            if row.get("held_by") in ("promises", "nothing"):
                continue
            forced = solve(lock_one(graph, edge))
            new_level, new_cost = find_value(graph, forced.flow - graph.edge_locked)
            displaced = row["extra_displaces_priority"]
            loss = (level - new_level, new_cost - cost)
            if displaced is None:
                assert loss >= (0, row["extra_m"]) or loss[0] > 0
            else:
                assert loss[0] > 0
            if row["reason"] == "dearer":
                assert loss[0] > 0 or loss[1] >= row["dearer_by_m"] > 0


def reasons_of(explanation):
    return {row["offer"]: row["reason"] for row in explanation.alternatives}


def test_every_alternative_says_what_stands_between():
    need = Need(
        id="x", title="修水管", category="repair", people=30, tags=("夜间",), party="u3", times="Sa", **HERE
    )
    able = {"tags": ("夜间",)}
    made = town(
        need,
        offer("a-near", "u1", **able),
        offer("b-further", "u2", **able),
        offer("c-people", "u2", **able, max_people=20),
        offer("d-tags", "u2", tags=("无障碍",)),
        offer("e-own", "u3", **able),
        offer("f-far", "u2", **able, reach_m=200.0),
        offer("g-time", "u2", **able, times="Mo-Fr"),
        offer("h-refused", "u2", **able),
        offer("i-nowhere", "elsewhere", **able),
        offer("j-other", "u1", category="health"),
        Claim(
            id="c", target="x", target_table="needs", by="u2", offer="h-refused", status="declined", why="忙"
        ),
    )
    told = explain(made, "x")
    assert reasons_of(told) == {
        "a-near": "chosen",
        "b-further": "dearer",
        "c-people": "people",
        "d-tags": "tags",
        "e-own": "own_party",
        "f-far": "too_far",
        "g-time": "wrong_time",
        "h-refused": "refused",
        "i-nowhere": "unknown_place",
    }
    rows = {row["offer"]: row for row in told.alternatives}
    assert rows["b-further"]["dearer_by_m"] == 190
    assert rows["c-people"]["max_people"] == 20
    assert rows["d-tags"]["missing_tags"] == ["夜间"]
    assert rows["f-far"]["too_far_by_m"] == 85.2
    assert rows["g-time"]["offer_times"] == "Mo-Fr"
    assert rows["h-refused"]["why"] == "忙"
    assert rows["h-refused"]["sentence_zh"] == "二院：已婉拒（忙）。"
    assert told.sentence_zh == "“修水管”需要1项次，已安排1项次（一中）。"
    assert told.sentence_en == "“修水管” asks for 1 place; 1 place matched (一中)."
    (served,) = told.served_by
    assert served["terms"] == {"metres": 95, "other_subdistrict": 0, "broad": 0, "unpaired": 300}
    assert served["why"]["kind"] == "nearest_with_room"
    assert served["why"]["runner_up"] == {
        "offer": "b-further", "unit": "u2", "distance_m": 285.2, "extra_m": 190
    }  # fmt: skip
    few = explain(made, "x", limit=2)
    assert (len(few.alternatives), few.alternatives_total) == (2, 9)


def test_full_says_who_holds_it_and_what_it_would_take():
    urgent = Need(id="a", category="repair", quantity=2, priority=1, **HERE)
    # Either may have a near place at the same cost; the lots of these ids send the later one far.
    later = Need(id="e", category="repair", quantity=1, **HERE)
    made = town(urgent, later, offer("near", "u1", capacity=2), offer("far", "u2"))
    told = explain(made, "e")
    assert reasons_of(told) == {"far": "chosen", "near": "full"}
    # Giving a nearer place to the later need would send an urgent one as much further.
    (row,) = (row for row in told.alternatives if row["offer"] == "near")
    assert (row["price"], row["extra_m"]) == ({"cost": 190, "displaces_priority": None}, 0)
    assert told.served_by[0]["why"]["nearest"]["offer"] == "near"
    made = town(urgent, later, offer("near", "u1", capacity=2))
    told = explain(made, "e")
    (row,) = told.alternatives
    assert (row["reason"], row["held_by"], row["holders"]) == ("full", "needs", ["a"])
    assert row["price"]["displaces_priority"] == 1
    assert told.unserved["certificate"]["short_by"] == 1
    assert told.unserved["sentence_zh"] == "还有1项次未安排：连它在内2项共要3，能服务它们的总共只有2，差1。"


def test_full_by_promises_by_nothing_and_by_the_units_total():
    need = Need(id="x", category="repair", **HERE)
    other = Need(id="y", category="repair", **HERE)
    promise = Claim(id="c", target="y", target_table="needs", by="u1", offer="o", quantity=1, status="agreed")
    (row,) = explain(town(need, other, promise, offer("o", "u1", capacity=1)), "x").alternatives
    assert (row["reason"], row["held_by"]) == ("full", "promises")
    (row,) = explain(town(need, offer("o", "u1", capacity=0)), "x").alternatives
    assert (row["reason"], row["held_by"]) == ("full", "nothing")
    small = Unit(id="u4", name="四校", capacity=1, **HERE)
    told = explain(
        town(need, Need(id="a", category="repair", priority=1, **HERE), small, offer("o", "u4")), "x"
    )
    assert told.alternatives[0]["reason"] == "unit_full"


def test_what_a_list_calls_unlimited_limits_nothing():
    unit = Unit(id="u", name="A", capacity=UNLIMITED, max_claims=UNLIMITED)
    some = Offer(id="o", unit="u", category="health", capacity=UNLIMITED, per="month", reach_any=True)
    made = solve_town([unit, some, Need(id="n", category="health", quantity=7), Project(id="p", name="P")])
    graph = made.places.instance.graph
    assert set(graph.offer_capacity.tolist()) | set(graph.unit_capacity.tolist()) == {matcher.UNLIMITED}
    assert explain(made, "n").served_by[0]["places"] == 7
    assert explain(made, "n").to_json()["alternatives"][0]["room"] is None


def test_offers_as_good_as_the_one_chosen_are_equal():
    made = town(Need(id="x", category="repair", **HERE), offer("o", "u1"), offer("p", "u1"))
    assert sorted(reasons_of(explain(made, "x")).values()) == ["chosen", "equal"]


def test_why_a_pairing_or_an_urgent_need_decides():
    need = Need(id="x", category="repair", area="n1", **HERE)
    pairing = Pairing(id="p", parties=("n1", "u2"))
    made = town(need, pairing, offer("near", "u1"), offer("paired", "u2"))
    assert explain(made, "x").served_by[0]["why"]["kind"] == "pairing"
    made = town(need, offer("near", "u1", capacity=0), offer("far", "u2"))
    assert explain(made, "x").served_by[0]["why"]["kind"] == "nearest_with_room"
    made = town(need, offer("alone", "u2"))
    assert explain(made, "x").served_by[0]["why"]["kind"] == "only"
    promise = Claim(id="c", target="x", target_table="needs", by="u3", quantity=1, status="agreed")
    made = town(need, promise, offer("near", "u1"), offer("far", "u3"))
    told = explain(made, "x")
    assert told.served_by[0]["why"]["kind"] == "promised"
    assert reasons_of(told) == {"far": "chosen", "near": "promised_elsewhere"}


def test_a_whole_need_with_too_little_room():
    made = town(Need(id="x", category="repair", quantity=4, whole=True, **HERE), offer("o", "u1", capacity=3))
    told = explain(made, "x")
    assert reasons_of(told) == {"o": "rule"}
    assert told.unserved["by_reason"] == {"no_capacity": 1, "held_by_rule": 3}
    assert told.unserved["rule"] == "whole"


def test_projects_are_explained_by_unit():
    project = Project(id="j", name="清洁日", category="repair", wanted=1, **HERE)
    made = town(project, offer("o", "u1"), offer("p", "u2"), offer("q", "u3", reach_m=10.0))
    told = explain(made, "j")
    assert told.table == "projects"
    assert [(row["unit"], row["by_way_of"]) for row in told.served_by] == [("u1", "o")]
    assert [(row["unit"], row["reason"]) for row in told.alternatives] == [
        ("u1", "chosen"),
        ("u2", "dearer"),
        ("u3", "too_far"),
    ]
    assert told.sentence_zh == "“清洁日”需要1家单位，已安排1家单位（一中）。"
    both = town(project, Need(id="j", category="repair", **HERE), offer("o", "u1"))
    assert explain(both, "j").table == "needs"
    assert explain(both, "project:j").table == "projects"


def test_needs_that_take_no_part_say_why():
    made = town(
        Need(id="passed-on", title="违建", category="repair", referred_to="城管", **HERE),
        Need(id="served", category="repair", status="served", **HERE),
        Need(id="last-year", category="repair", valid_to=FIRST.replace(year=2025), **HERE),
    )
    assert {name: explain(made, name).left_out for name in ("passed-on", "served", "last-year")} == {
        "passed-on": "referred_to",
        "served": "status",
        "last-year": "not_valid",
    }
    assert explain(made, "passed-on").sentence_zh == "“违建”已转办城管，不参加安排。"
    with pytest.raises(NotFoundError, match="unheard-of"):
        explain(made, "unheard-of")
