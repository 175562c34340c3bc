"""Sites for new stations in a town: whom they reach, beside trying every choice of sites."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.geo import distance_m
from graph.model import Area, Branch, Need, Station, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.rules import Rules
from matcher.sites.town import Wish, plan_sites
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def at(metres: float) -> dict[str, float]:
    return {"lon": 121.45 + metres / 95_156, "lat": 31.25}


TOWN = [
    Area(id="n1", name="n1", population=100, **at(0)),
    Area(id="n2", name="n2", population=50, **at(3000)),
    Area(id="n3", name="n3", population=30, **at(9000)),
    Area(id="n4", name="n4", population=70),
    Area(id="s", name="s", level="subdistrict", **at(3000)),
    Station(id="st", name="st", reach_m=500.0, **at(0)),
    Unit(id="u1", name="u1", area="n2", **at(2600)),
    Unit(id="u2", name="u2", **at(9400)),
    Branch(id="b", name="b", units=("u1",)),
    Need(id="a", category="repair", quantity=5, **at(100)),
    Need(id="b", category="repair", quantity=4, **at(2200)),
    Need(id="c", category="health", quantity=3, **at(3300)),
    Need(id="d", category="health", quantity=2, **at(9100)),
    Need(id="e", category="health", quantity=7),
]


def ids(plan: dict) -> list[str]:
    return [site["id"] for site in plan["chosen"]]


def test_stations_are_tried_where_somebody_says() -> None:
    wish = Wish(numbers=(0,), reach_m=750.0, at=("n3", "u1", "u2", "n4", "n3"))
    found = plan_sites(Snapshot.from_records(TOWN), RULES, wish)["tried"]
    assert [(site["id"], site["adds"]) for site in found["chosen"]] == [("n3", 2), ("u1", 7)]
    assert (found["value"], found["adds"], found["share"]) == (14, 9, round(14 / 21, 4))
    # A unit without a branch, and an area without a point.
    assert found["not_possible"] == ["u2", "n4"]
    assert plan_sites(Snapshot.from_records(TOWN), RULES, Wish(numbers=(0,)))["tried"] is None


def test_new_stations_stand_at_areas_and_at_units_with_a_branch() -> None:
    found = plan_sites(Snapshot.from_records(TOWN), RULES, Wish(reach_m=750.0, plans=3))
    json.dumps(found)
    assert (found["total"], found["unplaced"], found["reached"], found["within_reach"]) == (21, 7, 5, 14)
    assert [site["id"] for site in found["existing"]] == ["st"]
    # The unit without a branch and the sub-district's point are no sites; areas without a point neither.
    assert found["candidates"] == 4
    first, second = found["plans"]
    assert ids(first) == ["u1"]
    assert (first["p"], first["value"], first["bound"], first["status"]) == (1, 12, 12, "optimal")
    assert [other["value"] for other in first["others"]] == [8, 7]
    assert ids(second) == ["u1", "n3"]
    assert [site["adds"] for site in second["chosen"]] == [7, 2]
    assert (found["everybody"]["p"], found["everybody"]["status"]) == (2, "optimal")


def test_neighbourhoods_are_divided_among_the_stations() -> None:
    snapshot = Snapshot.from_records(TOWN)
    found = plan_sites(snapshot, RULES, Wish(demand="people", numbers=(1,), reach_m=750.0, territories=True))
    divided = found["plans"][0]["territories"]
    assert [(row["id"], row["areas"], row["load"]) for row in divided["stations"]] == [
        ("st", ["n1"], 100),
        ("n2", ["n2", "n3"], 80),
    ]
    assert (divided["heaviest"], divided["least_heaviest"], divided["status"]) == (100, 100, "optimal")


def test_whom_stations_are_to_reach() -> None:
    snapshot = Snapshot.from_records(TOWN)
    health = plan_sites(snapshot, RULES, Wish(numbers=(1,), category="health", reach_m=750.0))
    assert (health["total"], health["plans"][0]["value"]) == (12, 3)
    people = plan_sites(snapshot, RULES, Wish(demand="people", numbers=(0, 1), reach_m=750.0))
    assert (people["total"], people["unplaced"], people["estimated"]) == (250, 70, 180)
    assert [plan["value"] for plan in people["plans"]] == [100, 150]
    units = plan_sites(snapshot, RULES, Wish(demand="units", reach_m=750.0))
    assert (units["total"], [ids(plan) for plan in units["plans"]]) == (1, [["n3"]])
    asked = Wish(demand="unserved", numbers=(1,), reach_m=750.0, keep=False)
    left = plan_sites(snapshot, RULES, asked, unserved={"d": 2})
    assert (left["total"], left["existing"], ids(left["plans"][0])) == (2, [], ["n3"])
    assert plan_sites(snapshot, RULES, Wish(demand="unserved"))["everybody"] is None


@few
@given(towns(), st.sampled_from(["needs", "people", "units"]), st.booleans(), st.sampled_from([300, 1200]))
def test_plans_add_up(records, demand, keep, reach_m) -> None:
    snapshot = Snapshot.from_records(records)
    found = plan_sites(snapshot, RULES, Wish(demand=demand, numbers=(1, 2), keep=keep, reach_m=reach_m))
    one, two = found["plans"]
    assert found["reached"] <= one["value"] <= two["value"] <= found["within_reach"] <= found["total"]
    for plan in (one, two):
        assert plan["value"] == plan["bound"] == found["reached"] + sum(s["adds"] for s in plan["chosen"])
        assert plan["adds"] == plan["value"] - found["reached"]
        assert len(plan["chosen"]) == min(plan["p"], found["candidates"])
    if found["everybody"] is not None:
        assert found["everybody"]["status"] == "optimal"
        adds = sum(site["adds"] for site in found["everybody"]["chosen"])
        assert adds == found["within_reach"] - found["reached"]


@pytest.mark.parametrize("p", [1, 2])
def test_plans_are_the_best_of_all_choices(p: int) -> None:
    rng = np.random.default_rng(p)
    points = np.array([121, 31]) + rng.uniform(0, 0.02, (30, 2))
    quantity = rng.integers(1, 9, 20)
    needs = [
        Need(id=f"n{i:02}", category="repair", quantity=int(quantity[i]), lon=x, lat=y)
        for i, (x, y) in enumerate(points[:20].tolist())
    ]
    areas = [Area(id=f"a{i}", name=f"a{i}", lon=x, lat=y) for i, (x, y) in enumerate(points[20:].tolist())]
    found = plan_sites(Snapshot.from_records([*needs, *areas]), RULES, Wish(numbers=(p,), reach_m=400.0))
    cover = distance_m(points[:20, :1], points[:20, 1:], points[20:, 0], points[20:, 1]) <= 400
    best = max(quantity[cover[:, list(c)].any(axis=1)].sum() for c in itertools.combinations(range(10), p))
    assert found["plans"][0]["value"] == best
