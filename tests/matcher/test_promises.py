"""Promises: agreed claims are kept before anything is solved, declined ones are refused."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Claim, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.candidates import build_instance
from matcher.instance import OFFER
from matcher.match import match
from matcher.problem import UNLIMITED
from matcher.report import assignments, match_document
from matcher.rules import Rules
from tests.reference import BIG, Reference
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def locked_places(instance):
    """(table, need, offer or unit) -> promised places, as the graph has them."""
    graph, demand, supply = instance.graph, instance.demand, instance.supply
    found = {}
    for edge in graph.edge_locked.nonzero()[0]:
        need, offer = graph.edge_need[edge], graph.edge_offer[edge]
        table = "projects" if demand.is_project[need] else "needs"
        real = supply.kind[offer] == OFFER
        other = supply.ids[offer] if real else instance.unit_ids[supply.unit[offer]]
        found[table, demand.ids[need], other, bool(real)] = int(graph.edge_locked[edge])
    return found


@few
@given(towns(claims=9), st.sampled_from(["places", "yuan"]))
def test_promises_lie_where_the_rules_put_them(records, measure):
    instance = build_instance(Snapshot.from_records(records), RULES, measure)
    reference = Reference(records, FIRST, LAST, measure=measure)
    on_offers, loose, on_projects = reference.locks()
    expected = {("needs", *key, True): places for key, places in on_offers.items()}
    expected |= {("needs", *key, False): places for key, places in loose.items()}
    expected |= {("projects", *key, False): 1 for key in on_projects}
    assert locked_places(instance) == expected


@few
@given(towns(claims=9), st.sampled_from(["places", "yuan"]))
def test_capacities_are_those_of_the_rules_less_what_others_hold(records, measure):
    instance = build_instance(Snapshot.from_records(records), RULES, measure)
    reference = Reference(records, FIRST, LAST, measure=measure)
    graph, supply = instance.graph, instance.supply
    reserved, unit_reserved, _ = reference.reserved()
    for row in range(graph.offer_count):
        if supply.kind[row] == OFFER:
            offer = reference.get("offers", supply.ids[row])
            assert supply.capacity[row] == reference.capacity(offer)
            left = max(0, reference.capacity(offer) - reserved.get(offer.id, 0))
            assert graph.offer_capacity[row] == left
    for row, unit in enumerate(instance.unit_ids):
        total = reference.unit_total(unit)
        left = max(0, (UNLIMITED if total == BIG else total) - unit_reserved.get(unit, 0))
        assert graph.unit_capacity[row] == left


def small_town(*more, need=None, offer=None):
    return Snapshot.from_records(
        [
            Unit(id="u", name="维修队", lon=121.45, lat=31.25),
            Offer(id="o", unit="u", category="repair", capacity=2, reach_m=500.0, **(offer or {})),
            Need(id="n", category="repair", quantity=3, lon=121.45, lat=31.251, **(need or {})),
            *more,
        ]
    )


def claimed(**cells):
    return Claim(**{"id": "c", "target": "n", "target_table": "needs", "by": "u", "status": "agreed"} | cells)


def test_a_promise_beyond_the_capacity_stays_and_is_warned_of():
    result = match(small_town(claimed(quantity=4)), RULES)
    assert [(row["places"], row["locked"]) for row in assignments(result.places)] == [(4, True)]
    warnings = match_document(result)["warnings"]
    assert {(w["kind"], w["id"], w["places"], w["available"]) for w in warnings} == {
        ("need", "n", 4, 3),
        ("offer", "o", 4, 2),
    }


def test_a_promise_is_kept_though_the_offer_is_out_of_reach_or_closed():
    for offer in ({"status": "paused"}, {"times": "2025-01-01"}, {"lon": 121.6, "lat": 31.4}):
        rows = assignments(match(small_town(claimed(quantity=1, offer="o"), offer=offer), RULES).places)
        assert [(row["offer"], row["places"], row["locked"]) for row in rows] == [("o", 1, True)]


def test_a_promise_without_an_offer_that_fits_lies_outside_all_offers():
    other = Offer(id="p", unit="v", category="legal", capacity=9, reach_any=True)
    result = match(small_town(claimed(by="v", quantity=1), other), RULES)
    rows = assignments(result.places)
    assert [(row["offer"], row["unit"], row["places"]) for row in rows] == [("o", "u", 2), (None, "v", 1)]
    assert [w["warning"] for w in match_document(result)["warnings"]] == ["promised_without_offer"]


def test_a_claim_of_last_year_or_of_another_round_holds_nothing():
    for cells in (
        {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)},
        {"notes": (("made_on", "2025-04-01"),)},
        {"status": "proposed"},
    ):
        rows = assignments(match(small_town(claimed(quantity=1, **cells)), RULES).places)
        assert [(row["places"], row["locked"]) for row in rows] == [(2, False)]


def test_an_area_that_takes_an_offer_reserves_places_of_it():
    taken = claimed(target="o", target_table="offers", by="a", quantity=1)
    result = match(small_town(taken, Area(id="a", name="梧桐")), RULES)
    assert match_document(result)["places_served"] == 1


def test_a_declined_pair_is_refused():
    assert assignments(match(small_town(claimed(status="declined")), RULES).places) == []
    declined = claimed(status="declined", target="o", target_table="offers", by="a")
    town = small_town(declined, Area(id="a", name="梧桐"), need={"party": "a"})
    assert assignments(match(town, RULES).places) == []
