"""The match and its document: figures, the by-hand rule beside it, and whom to ask first."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
from hypothesis import given, settings

from graph.model import Claim, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import verify
from matcher.flow import solve
from matcher.instance import OFFER
from matcher.match import match
from matcher.problem import UNLIMITED, CandidateGraph
from matcher.report import assignments, figures, match_document
from matcher.rules import Rules
from tests.reference import Reference
from tests.towns import FIRST, LAST, towns

RULES = Rules(period=Period(FIRST, LAST))


def net_served(instance, flow, *, projects):
    """Places beyond promises by priority, of needs and (if asked) projects."""
    graph = instance.graph
    net = np.zeros(len(instance.demand), dtype=np.int64)
    np.add.at(net, graph.edge_need, flow - graph.edge_locked)
    chosen = np.ones(len(net), dtype=bool) if projects else ~instance.demand.is_project
    return {p: int(net[chosen & (instance.demand.priority == p)].sum()) for p in range(1, 6)}


@settings(max_examples=60)
@given(towns())
def test_the_match_serves_what_the_rules_allow_at_the_least_cost(records):
    part = match(Snapshot.from_records(records), RULES).places
    graph = part.instance.graph
    served, cost = Reference(records, FIRST, LAST).optimum()
    verify(graph, part.solution)
    assert part.solution.status == "optimal"
    found = net_served(part.instance, part.solution.flow, projects=True)
    assert {p: places for p, places in found.items() if places} == {p: n for p, n in served.items() if n}
    assert int((graph.edge_cost * (part.solution.flow - graph.edge_locked)).sum()) == cost


@settings(max_examples=60)
@given(towns())
def test_the_by_hand_rule_is_the_one_of_the_contract(records):
    part = match(Snapshot.from_records(records), RULES).places
    instance, net = part.instance, part.by_hand.flow - part.instance.graph.edge_locked
    found = {}
    for edge in net.nonzero()[0]:
        need, offer = instance.graph.edge_need[edge], instance.graph.edge_offer[edge]
        project = instance.demand.is_project[need]
        other = instance.unit_ids[instance.supply.unit[offer]] if project else instance.supply.ids[offer]
        found["project" if project else "need", instance.demand.ids[need], other] = int(net[edge])
    assert found == Reference(records, FIRST, LAST).by_hand()


@given(towns())
def test_as_many_as_by_hand_costs_no_more_than_by_hand(records):
    part = match(Snapshot.from_records(records), RULES).places
    by_hand = figures(part.instance, part.by_hand.flow)
    alike = figures(part.instance, part.like_by_hand)
    assert alike["served_by_priority"] == by_hand["served_by_priority"]
    assert alike["projects"]["units"] == by_hand["projects"]["units"]
    total = [f["cost"] + f["projects"]["cost"] for f in (alike, by_hand)]
    assert total[0] <= total[1]


def places_with(part, opened):
    """Places of needs served with some offers unlimited, projects kept, by solving again."""
    instance, graph = part.instance, part.instance.graph
    project = instance.demand.is_project
    capacity = graph.offer_capacity.copy()
    capacity[opened] = UNLIMITED
    wider = CandidateGraph(
        np.where(project, part.solution.served, graph.need_quantity),
        graph.need_priority,
        capacity,
        graph.edge_need,
        graph.edge_offer,
        graph.edge_cost,
        offer_unit=graph.offer_unit,
        unit_capacity=graph.unit_capacity,
        edge_capacity=graph.edge_capacity,
        edge_locked=np.where(project[graph.edge_need], part.solution.flow, graph.edge_locked),
        need_whole=graph.need_whole,
    )
    return int(solve(wider).served[~project].sum())


@given(towns(needs=12))
def test_what_unknown_capacities_could_add_is_what_solving_again_says(records):
    part = match(Snapshot.from_records(records), RULES).places
    supply = part.instance.supply
    asked = np.flatnonzero(
        supply.capacity_assumed & (supply.kind == OFFER) & supply.is_open & supply.of_measure
    )
    served = int(part.solution.served[~part.instance.demand.is_project].sum())
    gains = {int(offer): places_with(part, [offer]) - served for offer in asked}
    ranked = sorted((-gain, offer) for offer, gain in gains.items() if gain > 0)
    assert [(-ask.gain_places, ask.offer_row) for ask in part.ask_first] == ranked
    assert part.ask_first_complete
    upper = places_with(part, asked)
    assert part.served_upper == upper or (part.instance.graph.need_whole.any() and part.served_upper > upper)


@given(towns())
def test_the_document_adds_up_and_is_plain_json(records):
    result = match(Snapshot.from_records(records), RULES)
    document = json.loads(json.dumps(match_document(result)))
    for part, figure in ((result.places, document), (result.money, document["money"])):
        if part is None:
            continue
        rows = assignments(part)
        needs = [row for row in rows if "need" in row]
        assert sum(row["places"] for row in needs) == figure["places_served"]
        assert sum(figure["served_by_priority"].values()) == figure["places_served"]
        assert figure["places_served_upper"] >= figure["places_served"]
        known = sum(row["places"] * row["distance_m"] for row in needs if row["distance_m"] is not None)
        assert abs(known - figure["distance_m"]) <= 0.06 * max(1, figure["places_served"])
        assert needs == sorted(needs, key=lambda row: (row["need"], row["offer"] is None, row["offer"] or ""))
        assert figure["comparison"]["places_gained"] >= 0 or part.instance.graph.need_whole.any()


def town(*more, capacity=None):
    return Snapshot.from_records(
        [
            Unit(id="u", name="维修队", capacity=4),
            Offer(id="near", unit="u", category="repair", capacity=1, reach_any=True),
            Offer(id="unknown", unit="u", category="repair", capacity=capacity, reach_any=True),
            Need(id="a", category="repair", quantity=5, people=3),
            Need(id="b", category="repair", quantity=1, priority=1),
            *more,
        ]
    )


def test_whom_to_ask_first_and_how_much_at_most():
    document = match_document(match(town(), RULES))
    assert document["places_served"] == 2
    assert document["assumed_offers"] == 1
    assert document["ask_first"] == [{"offer": "unknown", "unit": "u", "gain_places": 2, "exact": True}]
    assert document["places_served_upper"] == 4
    assert document["served_by_priority"]["1"] == 1
    assert document["people_reached"] == 4
    assert document["places_without_distance"] == 2
    assert match_document(match(town(capacity=3), RULES))["ask_first"] == []


def test_money_is_matched_apart():
    grant = Offer(id="grant", unit="u", category="hardship", capacity=1000, reach_any=True, measure="yuan")
    asked = Need(id="c", category="hardship", quantity=1500, measure="yuan")
    document = match_document(match(town(grant, asked), RULES))
    assert (document["needs"], document["places_wanted"]) == (2, 6)
    assert (document["money"]["needs"], document["money"]["places_served"]) == (1, 1000)
    assert match_document(match(town(), RULES))["money"] is None


def test_a_monthly_capacity_counts_for_each_month_that_round_and_validity_touch():
    offer = Offer(
        id="m", unit="u", category="legal", capacity=4, per="month", reach_any=True,
        valid_from=date(2026, 3, 31), valid_to=date(2026, 6, 1),
    )  # fmt: skip
    need = Need(id="l", category="legal", quantity=99)
    rows = assignments(match(Snapshot.from_records([offer, need]), RULES).places)
    assert [row["places"] for row in rows] == [16]


def test_last_year_s_claims_are_counted_where_there_are_any():
    def claim(name, status, **cells):
        dates = {"valid_from": date(2025, 1, 1), "valid_to": date(2025, 12, 31)}
        return Claim(
            **{"id": name, "target": "a", "target_table": "needs", "by": "u", "status": status}
            | dates
            | cells
        )

    assert match_document(match(town(), RULES))["last_year"] is None
    snapshot = town(claim("c1", "done", quantity=2), claim("c2", "agreed"), claim("c3", "declined"))
    held = match_document(match(snapshot, RULES))["last_year"]
    assert held == {"round": "2025", "claims": 2, "places_served": 7, "project_units": 0}


def test_progress_is_told_step_by_step():
    told = []
    match(town(), RULES, progress=lambda step, done, steps: told.append((step, done, steps)))
    assert [done for _, done, _ in told] == list(range(4))
    assert {steps for _, _, steps in told} == {4}


def test_an_empty_store_has_an_empty_match():
    document = match_document(match(Snapshot.from_records([]), RULES))
    assert document["places_wanted"] == document["places_served"] == 0
    assert document["status"] == "optimal"
