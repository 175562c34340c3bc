"""Give and take: whose needs cost more, and that every party may both give and ask."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from graph.model import Area, Claim, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import verify
from matcher.explain import explain
from matcher.match import match
from matcher.reciprocity import count_balance, find_reciprocity
from matcher.report import assignments
from matcher.rules import Rules
from tests.towns import FIRST, LAST, towns

PERIOD = Period(FIRST, LAST)
HERE = {"lon": 121.45, "lat": 31.25}


def claim(name, target, by, places=None, status="done", table="needs"):
    return Claim(id=name, target=target, target_table=table, by=by, quantity=places, status=status)


def need(name, party, **more):
    return Need(id=name, party=party, **{"category": "repair", **HERE} | more)


TOWN = (
    Unit(id="gives", name="甲", **HERE),
    Unit(id="takes", name="乙", **HERE),
    Unit(id="new", name="丙", **HERE),
    need("got-1", "gives", status="done", quantity=4),
    need("got-2", "takes", status="done", quantity=4),
    claim("c1", "got-1", "takes", 1),
    claim("c2", "got-2", "gives"),
    claim("c3", "got-2", "gives", 9, status="declined"),
    claim("c4", "somewhere", "new", table="projects"),
    need("x", "takes"),
    need("y", "gives"),
    need("z", "new"),
    Offer(id="o", unit="elsewhere", category="repair", capacity=2, reach_any=True),
)


def test_who_got_more_than_it_gave_costs_more():
    snapshot = Snapshot.from_records(TOWN)
    given_, got = count_balance(snapshot)
    assert (dict(given_), dict(got)) == ({"takes": 1, "gives": 4, "new": 1}, {"gives": 1, "takes": 4})
    plain = match(snapshot, Rules(period=PERIOD))
    fair = match(snapshot, Rules(period=PERIOD, reciprocity_m=200))
    demand = fair.places.instance.demand
    extra = find_reciprocity(snapshot, fair.rules, demand)
    assert dict(zip(demand.ids.tolist(), extra.tolist(), strict=True)) == {"x": 150, "y": 0, "z": 0}
    assert not find_reciprocity(snapshot, plain.rules, demand).any()
    assert [row["need"] for row in assignments(fair.places)] == ["y", "z"]
    told = explain(fair, "y").served_by[0]
    assert told["terms"]["reciprocity"] == 0
    assert sum(told["terms"].values()) == told["cost"]
    assert "reciprocity" not in explain(plain, assignments(plain.places)[0]["need"]).served_by[0]["terms"]


@settings(max_examples=20)
@given(towns(claims=8))
def test_costs_rise_by_the_balance_and_terms_still_add_up(records):
    snapshot = Snapshot.from_records(records)
    plain = match(snapshot, Rules(period=PERIOD)).places
    fair = match(snapshot, Rules(period=PERIOD, reciprocity_m=500))
    graph, before = fair.places.instance.graph, plain.instance.graph
    extra = find_reciprocity(snapshot, fair.rules, fair.places.instance.demand)
    assert ((extra >= 0) & (extra <= 500)).all()
    # A project is taken at a unit's cheapest offer; projects have no balance, so pairs are the same.
    assert np.array_equal(graph.edge_cost - before.edge_cost, extra[graph.edge_need])
    verify(graph, fair.places.solution)
    assert fair.places.solution.served_by_priority == plain.solution.served_by_priority
    for name in fair.places.instance.demand.ids[~fair.places.instance.demand.is_project].tolist():
        for row in explain(fair, name).served_by:
            assert sum(row["terms"].values()) == row["cost"]


def test_a_units_own_needs_are_met_by_an_area_and_a_resident_in_the_same_match():
    town = (
        Area(id="n1", name="梧桐", **HERE),
        Unit(id="school", name="一中", **HERE),
        Offer(id="hall", unit="n1", category="venue", capacity=1, reach_m=2000.0),
        Offer(id="helpers", unit="resident-7", category="volunteers", capacity=3, reach_any=True),
        Offer(id="class", unit="school", category="education", capacity=2, reach_m=2000.0),
        Offer(id="own", unit="school", category="venue", capacity=5, reach_m=2000.0),
        need("a", "school", category="venue"),
        need("b", "school", category="volunteers", quantity=2),
        need("c", "resident-7", category="education"),
        need("d", "n1", category="education"),
    )
    made = match(Snapshot.from_records(town), Rules(period=PERIOD))
    rows = {(row["need"], row["offer"], row["places"]) for row in assignments(made.places)}
    assert rows == {("a", "hall", 1), ("b", "helpers", 2), ("c", "class", 1), ("d", "class", 1)}


def test_a_cost_below_nothing_is_refused():
    with pytest.raises(ValueError, match="reciprocity_m"):
        Rules(reciprocity_m=-1)
