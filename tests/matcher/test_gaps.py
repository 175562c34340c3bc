"""Gaps: every unserved place has one reason, certificates add up, and the document is as agreed."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Claim, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from graph.taxonomy import REASONS
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.report import assignments, figures
from matcher.rules import Rules
from tests.reference_gaps import GapReference
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def solve(records, **changes):
    made = match(Snapshot.from_records(records), Rules(period=Period(FIRST, LAST), **changes))
    return made, find_gaps(made)


def given_places(part):
    """(kind, need or project, offer or unit) -> places beyond promises."""
    found = {}
    for row in assignments(part):
        extra = row["places"] - row["locked_places"]
        if extra:
            kind = "need" if "need" in row else "project"
            found[kind, row[kind], row["offer"] if kind == "need" else row["unit"]] = extra
    return found


def served_places(part, kind):
    served = Counter()
    for row in assignments(part):
        if kind in row:
            served[row[kind]] += row["places"]
    return served


def parts_of(made, report):
    yield "places", made.places, "need", report.needs
    yield "places", made.places, "project", report.projects
    if made.money is not None:
        yield "yuan", made.money, "need", report.money


@few
@given(towns(claims=6), st.sampled_from(["broad", "exact"]))
def test_every_unserved_place_has_the_first_reason_that_holds(records, fit):
    made, report = solve(records, fit=fit)
    for measure, part, kind, found in parts_of(made, report):
        reference = GapReference(records, FIRST, LAST, fit=fit, measure=measure)
        wanted = {n.id: n.quantity for n in reference.needs.values()}
        if kind == "project":
            wanted = {p.id: p.wanted for p in reference.projects.values()}
        served = served_places(part, kind)
        left = {name: max(0, places - served[name]) for name, places in wanted.items()}
        assert found.unserved == sum(left.values()) == sum(found.summary.values())
        assert list(found.summary) == list(REASONS)
        capacity = {"no_capacity": 0, "held_by_rule": 0}
        for gap in found.gaps:
            assert gap.places == sum(gap.by_area.values()) == sum(gap.by_category.values()) > 0
            if gap.reason in capacity:
                capacity[gap.reason] += gap.places
                continue
            assert gap.places == sum(left.pop(name) for name in gap.needs)
            for name in gap.needs:
                asks = (reference.needs if kind == "need" else reference.projects)[name]
                assert reference.reason(asks) == gap.reason
                assert asks.category == gap.category
        named = {name for gap in found.gaps if gap.reason in capacity for name in gap.needs}
        able = [name for name, places in left.items() if places]
        assert named == set(able)
        assert all(
            reference.reason((reference.needs if kind == "need" else reference.projects)[name]) is None
            for name in able
        )
        # What no flow could serve wants for capacity; what is left of it is held back by whole needs.
        given = given_places(part)
        most = reference.most_places(kind, given)
        served_beyond = sum(places for key, places in given.items() if key[0] == kind)
        assert capacity["held_by_rule"] == most - served_beyond
        assert capacity["no_capacity"] == sum(left.values()) - capacity["held_by_rule"]
        if not any(need.whole for need in reference.needs.values()):
            assert capacity["held_by_rule"] == 0


@few
@given(towns(claims=6, offers=4))
def test_certificates_name_all_that_could_serve_and_add_up(records):
    made, report = solve(records)
    for measure, part, kind, found in parts_of(made, report):
        reference = GapReference(records, FIRST, LAST, measure=measure)
        _, left = reference.left_beside(kind, given_places(part))
        pairs = reference.need_pairs() if kind == "need" else reference.project_pairs()
        short = 0
        for gap in found.gaps:
            if gap.reason != "no_capacity":
                assert gap.certificate is None
                continue
            certificate = gap.certificate
            short += certificate["short_by"]
            asking = {
                row["id"]: row["places"] for row in certificate["needs" if kind == "need" else "projects"]
            }
            assert set(gap.needs) <= set(asking)
            assert all(places == max(0, left[kind, name]) for name, places in asking.items())
            holders = certificate["holders"]
            assert sum(asking.values()) - sum(row["places"] for row in holders) == gap.places
            assert gap.places == certificate["short_by"] > 0
            assert gap.assumed == any(row["assumed"] for row in holders)
            offers = {row["id"] for row in holders if row["kind"] == "offer"}
            units = {row["id"] for row in holders if row["kind"] == "unit"}
            both = {
                (row["project"], row["unit"])
                for row in holders
                if row["kind"] == "pair" and kind == "project"
            }
            for row in holders:
                if row["kind"] == "offer":
                    offer = reference.get("offers", row["id"])
                    assert row["places"] == max(0, left["offer", offer.id])
                    assert row["assumed"] == (offer.capacity is None)
                elif row["kind"] == "unit":
                    what = "claims" if row.get("limit") == "max_claims" else "unit"
                    assert row["places"] == max(0, left[what, row["id"]])
                else:
                    assert kind == "project"
                    assert row["places"] <= 1
            for asks, other in pairs:
                if asks in asking:
                    unit = reference.get("offers", other).unit if kind == "need" else other
                    assert other in offers or unit in units or (asks, other) in both
        assert short == found.summary["no_capacity"]


@few
@given(towns(), st.randoms(use_true_random=False))
def test_gaps_are_ranked_by_people_then_priority_then_places(records, random):
    shuffled = list(records)
    random.shuffle(shuffled)
    made, report = solve(records)
    assert json.dumps(solve(shuffled)[1].to_json()) == json.dumps(report.to_json())
    ranks = [(-gap.people, gap.priority, -gap.places) for gap in report.needs.gaps]
    assert ranks == sorted(ranks)
    needs = {record.id: record for record in records if isinstance(record, Need)}
    for gap in report.needs.gaps:
        assert gap.people == sum(needs[name].people or 1 for name in gap.needs)
        assert gap.priority == min(needs[name].priority for name in gap.needs)
    assert report.needs.unserved >= (
        figures(made.places.instance, made.places.solution.flow)["places_wanted"]
        - figures(made.places.instance, made.places.solution.flow)["places_served"]
    )


AREA = Area(id="n1", name="梧桐", level="neighbourhood", lon=121.45, lat=31.25)
HERE = {"lon": 121.45, "lat": 31.25}


def town(*records):
    return solve([AREA, Unit(id="u1", name="一中", **HERE), Unit(id="u2", name="二院", **HERE), *records])


def only_gap(report):
    (gap,) = report.needs.gaps
    return gap.to_json()


def test_a_category_that_nobody_offers():
    _, report = town(Need(id="x", category="legal", quantity=2, people=7, area="n1"))
    assert only_gap(report) == {
        "reason": "no_capable_unit",
        "category": "legal",
        "area": "n1",
        "by_category": {"legal": 2},
        "by_area": {"n1": 2},
        "places": 2,
        "people": 7,
        "priority": 3,
        "needs": ["x"],
        "assumed": False,
        "certificate": None,
        "fix": None,
        "no_fix": {
            "why": "not_tried",
            "tried": 0,
            "sentence_zh": "还没有为它试算行动。",
            "sentence_en": "No action was tried for it yet.",
        },
        "would_do": [
            {
                "change": "new_offer",
                "category": "legal",
                "needs": ["x"],
                "sentence_zh": "需要另一方提供“法律政策”资源。",
                "sentence_en": "Another party would have to offer Law and policy.",
            }
        ],
        "missing": {"category": 2},
    }


def test_what_a_capable_unit_would_have_to_have():
    offer = Offer(
        id="o", unit="u1", category="repair", capacity=9, reach_any=True, max_people=10, tags=("夜间",)
    )
    money = Offer(id="m", unit="u1", category="hardship", capacity=9, reach_any=True, measure="yuan")
    cases = {
        "people": Need(id="x", category="repair", people=11),
        "tags": Need(id="x", category="repair", tags=("无障碍",)),
        "party": Need(id="x", category="repair", party="u1"),
        "measure": Need(id="x", category="hardship"),
        "category": Need(id="x", category="culture"),
    }
    for missing, need in cases.items():
        assert only_gap(town(offer, money, need)[1])["missing"] == {missing: 1}


def test_an_unknown_place_says_whose():
    far = Offer(id="o", unit="u1", category="repair", capacity=9, reach_m=500.0)
    gap = only_gap(town(far, Need(id="x", category="repair"))[1])
    assert (gap["reason"], gap["unknown"]) == ("unknown_place", {"need": 1})
    lost = Offer(id="o", unit="u3", category="repair", capacity=9, reach_m=500.0)
    gap = only_gap(town(lost, Unit(id="u3", name="三所"), Need(id="x", category="repair", **HERE))[1])
    assert (gap["reason"], gap["unknown"]) == ("unknown_place", {"offer": 1})


def test_out_of_reach_says_which_reach_would_do():
    offers = [
        Offer(id="near", unit="u1", category="repair", capacity=9, reach_m=500.0),
        Offer(id="far", unit="u2", category="repair", capacity=9, reach_m=900.0, lon=121.40, lat=31.25),
    ]
    gap = only_gap(town(*offers, Need(id="x", category="repair", lon=121.46, lat=31.25))[1])
    assert gap["reason"] == "out_of_reach"
    assert not gap["assumed"]
    assert gap["nearest"] == {
        "need": "x",
        "offer": "near",
        "unit": "u1",
        "distance_m": 950.6,
        "reach_m": 500.0,
        "reach_assumed": False,
        "reach_that_would_do_m": 951,
        "area_that_would_do": None,
    }
    wider = Offer(id="near", unit="u1", category="repair", capacity=9, reach_m=951.0)
    assert not town(wider, Need(id="x", category="repair", lon=121.46, lat=31.25))[1].needs.gaps


def test_out_of_an_assumed_reach_is_assumed():
    offer = Offer(id="o", unit="u1", category="repair", capacity=9)
    gap = only_gap(town(offer, Need(id="x", category="repair", lon=121.5, lat=31.25))[1])
    assert gap["assumed"]
    assert gap["nearest"]["reach_assumed"]


def test_wrong_times_are_both_told():
    offer = Offer(id="o", unit="u1", category="repair", capacity=9, reach_any=True, times="Sa")
    gap = only_gap(town(offer, Need(id="x", category="repair", times="Mo-Fr", **HERE))[1])
    assert gap["reason"] == "wrong_time"
    assert gap["times"] == {
        "need": "x",
        "offer": "o",
        "unit": "u1",
        "need_times": "Mo-Fr",
        "offer_times": "Sa",
        "need_days": ["2026-01-01", "2026-12-31"],
        "offer_days": ["2026-01-01", "2026-12-31"],
    }


def test_refused_says_who_and_why():
    offer = Offer(id="o", unit="u1", category="repair", capacity=9, reach_any=True)
    other = Offer(id="p", unit="u2", category="repair", capacity=9, reach_any=True)
    need = Need(id="x", category="repair", **HERE)
    first = Claim(id="c", target="x", target_table="needs", by="u1", status="declined", why="人手不足")
    second = Claim(id="d", target="x", target_table="needs", by="u2", offer="p", status="declined")
    gap = only_gap(town(offer, other, need, first, second)[1])
    assert gap["reason"] == "refused"
    assert gap["refused_by"] == [{"unit": "u1", "why": "人手不足"}, {"unit": "u2", "why": ""}]
    assert not town(offer, other, need, first)[1].needs.gaps


def test_want_of_capacity_is_certified_net_of_promises():
    offer = Offer(id="o", unit="u1", category="repair", capacity=3, reach_any=True)
    unknown = Offer(id="p", unit="u2", category="repair", reach_any=True)
    urgent = Need(id="a", category="repair", quantity=3, priority=1, people=40, area="n1")
    later = Need(id="b", category="repair", quantity=4, people=2, area="n1")
    promise = Claim(id="c", target="b", target_table="needs", by="u1", offer="o", quantity=1, status="agreed")
    made, report = town(offer, unknown, urgent, later, promise)
    gap = only_gap(report)
    assert (gap["reason"], gap["places"], gap["needs"]) == ("no_capacity", 3, ["b"])
    assert gap["assumed"]
    assert gap["certificate"] == {
        "needs": [{"id": "a", "places": 3}, {"id": "b", "places": 3}],
        "holders": [
            {"id": "o", "kind": "offer", "places": 2, "assumed": False},
            {"id": "p", "kind": "offer", "places": 1, "assumed": True},
        ],
        "short_by": 3,
    }
    assert report.needs.summary["no_capacity"] == 3 == figures_of(made)["places_wanted"] - 4


def figures_of(made):
    return figures(made.places.instance, made.places.solution.flow)


def test_a_units_total_holds_and_says_what_projects_took():
    records = [
        Unit(id="u3", name="三所", capacity=4, **HERE),
        Offer(id="o", unit="u3", category="repair", capacity=9, reach_any=True),
        Offer(id="p", unit="u3", category="health", capacity=9, reach_any=True),
        Need(id="a", category="repair", quantity=3, area="n1"),
        Need(id="b", category="health", quantity=3, area="n1"),
        Project(id="j", name="清洁日", category="repair", priority=1),
    ]
    _, report = town(*records)
    gap = only_gap(report)
    assert gap["area"] == "n1"
    assert gap["certificate"]["holders"] == [
        {"id": "u3", "kind": "unit", "places": 3, "assumed": False, "held_by_projects": 1}
    ]
    assert gap["places"] == 3


def test_a_whole_need_is_held_by_its_rule_and_nothing_else_is():
    offer = Offer(id="o", unit="u1", category="repair", capacity=3, reach_any=True)
    whole = Need(id="w", category="repair", quantity=4, whole=True, area="n1")
    _, report = town(offer, whole)
    assert report.needs.summary == dict.fromkeys(REASONS, 0) | {"no_capacity": 1, "held_by_rule": 3}
    by_reason = {gap.reason: gap for gap in report.needs.gaps}
    assert by_reason["held_by_rule"].detail == {"rule": "whole"}
    assert by_reason["no_capacity"].certificate["short_by"] == 1
    _, report = town(offer, whole, Need(id="s", category="repair", quantity=2, area="n1"))
    assert report.needs.summary["held_by_rule"] == 1
    assert report.needs.summary["no_capacity"] == 3


def test_projects_and_money_count_apart():
    records = [
        Offer(id="o", unit="u1", category="hardship", capacity=500, reach_any=True, measure="yuan"),
        Need(id="a", category="hardship", quantity=700, measure="yuan", area="n1"),
        Project(id="j", name="清洁日", wanted=3),
    ]
    _, report = town(*records)
    document = report.to_json()
    assert (document["unserved"], document["gaps"]) == (0, [])
    assert document["money"]["unserved"] == 200
    assert document["money"]["gaps"][0]["certificate"]["short_by"] == 200
    # The one unit with an open offer takes the project once.
    (gap,) = document["projects"]["gaps"]
    assert (gap["projects"], gap["places"], gap["reason"]) == (["j"], 2, "no_capacity")
    assert gap["certificate"]["holders"] == [
        {"kind": "pair", "project": "j", "unit": "u1", "places": 1, "assumed": False}
    ]


def test_nothing_asked_leaves_no_gaps():
    _, report = solve([])
    document = report.to_json()
    assert document["unserved"] == 0
    assert set(document) >= {"summary", "gaps", "warnings", "idle_offers", "idle_units", "unpaired_areas"}
    assert all(document[name] == [] for name in ("gaps", "warnings", "idle_offers", "uncovered_units"))
