"""Warnings and blind spots, held against plain loops and small towns with known answers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Alliance, Area, Branch, Claim, Membership, Need, Offer, Pairing, Station, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.report import assignments
from matcher.rules import Rules
from tests.reference_gaps import GapReference
from tests.towns import AREAS, FIRST, LAST, PARTIES, UNITS, few, towns

RULES = Rules(period=Period(FIRST, LAST))
GONE = {"valid_to": date(2025, 12, 31)}

validity = st.sampled_from([{}, {}, {}, GONE])


@st.composite
def covered_towns(draw, **sizes):
    """Towns with memberships, branches of each coverage, and stations of each reach."""
    records = list(draw(towns(**sizes)))
    for at in range(draw(st.integers(0, 2))):
        party = draw(st.sampled_from(PARTIES))
        records.append(Membership(id=f"m{at}", alliance="al1", party=party, **draw(validity)))
    for at, coverage in enumerate(draw(st.lists(st.sampled_from(["", "建", "联", "挂", "派"]), max_size=2))):
        units = draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
        records.append(
            Branch(id=f"bc{at}", name="支部", coverage=coverage, units=tuple(units), **draw(validity))
        )
    for at in range(draw(st.integers(0, 2))):
        reach = draw(
            st.sampled_from(
                [
                    {},
                    {"reach_m": 500.0},
                    {"reach_areas": ("s1", "unheard-of")},
                    {"reach_any": True},
                    {"reach_m": 0.0},
                ]
            )
        )
        point = draw(st.sampled_from([{}, {"lon": 121.454, "lat": 31.25}]))
        area = draw(st.sampled_from([None, *AREAS]))
        records.append(Station(id=f"sta{at}", name="站", area=area, **reach, **point, **draw(validity)))
    return records


def solved(records):
    made = match(Snapshot.from_records(records), RULES)
    return made, find_gaps(made)


def parts_of(made, report):
    yield made.places, report.needs
    if made.money is not None:
        yield made.money, report.money


@few
@given(towns())
def test_warnings_are_those_of_the_rules(records):
    made, report = solved(records)
    for part, found in parts_of(made, report):
        reference = GapReference(records, FIRST, LAST, measure=part.instance.measure)
        pairs, access = reference.need_pairs(), reference.access()
        rows = [row for row in assignments(part) if "need" in row]
        served = Counter()
        for row in rows:
            served[row["need"]] += row["places"]
        expected = []
        for name in served:
            offers = [other for need, other in pairs if need == name]
            units = {reference.get("offers", other).unit for other in offers}
            if len(units) == 1:
                expected.append(("fragile", name, len(offers)))
            category = reference.needs[name].category
            alike = [
                need for need in reference.needs.values() if need.category == category and need.id in access
            ]
            mean = sum(access[n.id] * n.quantity for n in alike) / max(1, sum(n.quantity for n in alike))
            if name in access and access[name] < RULES.low_access_share * mean * (1 - 1e-9):
                expected.append(("low_access", name, round(access[name], 3)))
            of = [row for row in rows if row["need"] == name]
            if assumed := sum(row["places"] - row["locked_places"] for row in of if row["assumed"]):
                expected.append(("assumed", name, assumed))
            if broad := sum(row["places"] for row in of if row["fit"] == "broad"):
                expected.append(("broad", name, broad))
        number = {"fragile": "offers", "low_access": "access", "assumed": "places", "broad": "places"}
        told = [
            (w["warning"], w["need"], w[number[w["warning"]]])
            for w in found.warnings
            if w["warning"] in number
        ]
        assert sorted(told) == sorted(expected)


@settings(max_examples=40)
@given(covered_towns())
def test_blind_spots_are_those_of_the_rules(records):
    made, report = solved(records)
    reference = GapReference(records, FIRST, LAST)
    spots = report.blind_spots
    assert [item["area"] for item in spots.unpaired_areas] == reference.unpaired_areas()
    lacks = {u.id: reference.coverage(u) for u in reference.table("units") if reference.in_round(u)}
    told = {item["unit"]: item["missing"] for item in (*spots.uncovered_units, *spots.half_covered_units)}
    assert told == {unit: missing for unit, missing in lacks.items() if missing}
    assert all(len(item["missing"]) == 2 for item in spots.uncovered_units)
    assert {
        item["category"]: item["areas"] for item in spots.areas_without_offer
    } == reference.without_offer()
    serving = {row["unit"] for part, _ in parts_of(made, report) for row in assignments(part)}
    for claim in reference.promises():
        offer = reference.get("offers", claim.target if claim.target_table == "offers" else claim.offer)
        serving |= {claim.by, *([offer.unit] if offer else [])}
    silent = [u for u in reference.members() if not ({u} | reference.branches_of(u)) & serving]
    assert [item["unit"] for item in spots.idle_units] == silent


@few
@given(towns(claims=6))
def test_idle_offers_serve_nobody_and_say_why(records):
    made, report = solved(records)
    idle = {item["offer"]: item["why"] for item in report.blind_spots.idle_offers}
    found = {}
    for part, _ in parts_of(made, report):
        reference = GapReference(records, FIRST, LAST, measure=part.instance.measure)
        reserved, unit_reserved, _ = reference.reserved()
        used, given = set(reserved), Counter(unit_reserved)
        for row in assignments(part):
            given[row["unit"]] += row["places"]
            if "need" in row:
                used.add(row["offer"])
            elif (row["project"], row["unit"]) in reference.project_pairs():
                used.add(reference.project_pairs()[row["project"], row["unit"]].offer)
        for offer in reference.table("offers"):
            if reference.is_open(offer) and offer.measure == reference.measure and offer.id not in used:
                full = reference.unit_total(offer.unit) <= given[offer.unit]
                found[offer.id] = why_idle(reference, offer, full)
    assert idle == found


def why_idle(reference, offer, is_full):
    asking = [*reference.needs.values(), *reference.projects.values()]
    stops = [reference.stops(need, offer) for need in asking if reference.category_fit(need, offer)]
    if not stops:
        return "no_need"
    for name in ("people", "tags", "own_party", "unknown_place", "too_far", "wrong_time", "refused"):
        stops = [stop for stop in stops if name not in stop]
        if not stops:
            return {"own_party": "own_needs_only", "too_far": "out_of_reach"}.get(name, name)
    if reference.capacity(offer) == 0:
        return "no_capacity"
    return "unit_full" if is_full else "not_needed"


HERE = {"lon": 121.45, "lat": 31.25}


def test_rests_on_one_unit_on_what_nobody_stated_and_on_a_narrower_offer():
    records = [
        Unit(id="u1", name="一中", **HERE),
        Offer(id="o", unit="u1", category="health.tcm", reach_any=True),
        Need(id="x", category="health", quantity=3, **HERE),
        Claim(id="c", target="x", target_table="needs", by="u1", quantity=4, status="agreed"),
    ]
    _, report = solved(records[:3])
    assert list(report.needs.warnings) == [
        {"warning": "fragile", "need": "x", "unit": "u1", "offers": 1},
        {"warning": "assumed", "need": "x", "places": 1, "offers": ["o"]},
        {"warning": "broad", "need": "x", "places": 1, "offers": ["o"]},
    ]
    _, report = solved(records)
    assert [w["warning"] for w in report.needs.warnings] == ["fragile", "broad", "overpromised"]
    assert report.needs.warnings[-1] == {
        "warning": "overpromised", "kind": "need", "id": "x", "need": "x", "places": 4, "available": 3
    }  # fmt: skip


def test_low_access_is_less_than_a_share_of_the_categorys_mean():
    records = [
        Unit(id="u1", name="一中", **HERE),
        Unit(id="u2", name="二院", lon=121.6, lat=31.25),
        Offer(id="plenty", unit="u1", category="repair", capacity=20, reach_m=500.0),
        Offer(id="scarce", unit="u2", category="repair", capacity=1, reach_m=500.0),
        Need(id="a", category="repair", quantity=10, **HERE),
        Need(id="b", category="repair", quantity=10, lon=121.6, lat=31.25),
    ]
    _, report = solved(records)
    low = [w for w in report.needs.warnings if w["warning"] == "low_access"]
    # One place for ten asked for, where the mean is (10 * 1 + 10 * 0.1) / 20.
    assert low == [{"warning": "low_access", "need": "b", "access": 0.1, "mean": 0.55, "measure": "2SFCA"}]


@pytest.fixture
def town():
    return [
        Area(id="s1", name="街道", level="subdistrict"),
        Area(id="n1", name="梧桐", parent="s1", population=3000, over60=900, **HERE),
        Area(id="n2", name="香樟", parent="s1", population=2000, lon=121.6, lat=31.25),
        Area(id="n3", name="雪松", parent="s1"),
        Unit(id="u1", name="一中", area="n1", **HERE),
        Unit(id="u2", name="二院", area="n2"),
        Unit(id="u3", name="三所", lon=121.9, lat=31.25),
        Unit(id="u4", name="四店"),
        Branch(id="b1", name="一支部", units=("u1",), area="n1"),
        Branch(id="b2", name="联合支部", units=("u3",), coverage="派"),
        Station(id="st", name="站", area="n2"),
        Pairing(id="p", parties=("b1", "u2")),
        Offer(id="o", unit="u1", category="repair", capacity=2, reach_m=1000.0),
        Offer(id="q", unit="u2", category="repair.pipes", capacity=2, reach_areas=("n3",)),
        Need(id="x", category="repair", area="n1", **HERE),
    ]


def test_areas_without_a_pairing_or_an_offer(town):
    _, report = solved(town)
    spots = report.blind_spots
    assert spots.unpaired_areas == (
        {"area": "n2", "population": 2000, "over60": None},
        {"area": "n3", "population": None, "over60": None},
    )
    assert spots.areas_without_offer == (
        {"category": "repair", "areas": ["n2"], "population": 2000, "over60": None, "unknown": 0},
    )


def test_two_coverages(town):
    _, report = solved(town)
    spots = report.blind_spots
    assert spots.uncovered_units == (
        {"unit": "u4", "missing": ["organisation", "work"], "place_known": False},
    )
    # The station tells no reach, so it serves its sub-district; an instructor sent covers work alone.
    assert spots.half_covered_units == (
        {"unit": "u2", "missing": ["organisation"], "place_known": True},
        {"unit": "u3", "missing": ["organisation"], "place_known": True},
    )


def test_silent_units_and_idle_offers(town):
    _, report = solved(town)
    spots = report.blind_spots
    assert spots.idle_offers == (
        {"offer": "q", "unit": "u2", "category": "repair.pipes", "why": "out_of_reach"},
    )
    assert [(item["unit"], item["why"]) for item in spots.idle_units] == [
        ("u2", "unused"), ("u3", "no_offer"), ("u4", "no_offer")
    ]  # fmt: skip
    alliance = [
        Alliance(id="al", name="联盟"),
        Membership(id="m1", alliance="al", party="u2"),
        Membership(id="m2", alliance="al", party="b2"),
        Claim(id="c", target="x", target_table="needs", by="u2", status="agreed"),
    ]
    _, report = solved([*town, *alliance])
    assert [item["unit"] for item in report.blind_spots.idle_units] == ["u3"]


def test_the_two_coverages_are_counted_by_what_they_are(town):
    _, report = solved(town)
    assert report.to_json()["coverage"] == {
        "units": 4,
        "organisation": {"covered": 1, "share": 0.25, "by": {"建": 1}},
        "work": {"covered": 3, "share": 0.75, "by": {"建": 1, "station": 1, "派": 1}},
        "both": 1,
        "neither": 1,
    }
    assert [row["unit"] for row in report.blind_spots.uncovered_units] == ["u4"]


@few
@given(towns())
def test_coverages_agree_with_who_is_left(records):
    _, report = solved(records)
    found, spots = report.coverage, report.blind_spots
    lacking = [row["missing"] for row in (*spots.uncovered_units, *spots.half_covered_units)]
    for name in ("organisation", "work"):
        assert found["units"] - found[name]["covered"] == sum(name in missing for missing in lacking)
    assert found["neither"] == sum("work" in missing for missing in lacking)
