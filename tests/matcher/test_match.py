"""The match and its document: figures, the by-hand rule beside it, and whom to ask first."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import fields, replace
from datetime import date
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph.model import UNLIMITED as ANY
from graph.model import Claim, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import verify
from matcher.flow import solve
from matcher.headroom import LongerReach, ask_first, served_if_unlimited
from matcher.instance import OFFER
from matcher.match import match
from matcher.problem import UNLIMITED, CandidateGraph
from matcher.report import assignments, figures, match_document
from matcher.rules import Rules
from tests.reference import Reference
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def net_served(instance, flow, *, projects):
    """Places beyond promises by priority, of needs and (if asked) projects."""
    graph = instance.graph
    net = np.zeros(len(instance.demand), dtype=np.int64)
    np.add.at(net, graph.edge_need, flow - graph.edge_locked)
    chosen = np.ones(len(net), dtype=bool) if projects else ~instance.demand.is_project
    return {p: int(net[chosen & (instance.demand.priority == p)].sum()) for p in range(1, 6)}


@few
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


@few
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


@few
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
    """Places of needs served with some offers unlimited, by solving again."""
    columns = {field.name: getattr(part.instance.graph, field.name) for field in fields(CandidateGraph)}
    columns = {name: column for name, column in columns.items() if name[0] != "_"}
    columns["offer_capacity"] = columns["offer_capacity"].copy()
    columns["offer_capacity"][opened] = UNLIMITED
    solution = solve(CandidateGraph(**columns))
    return int(solution.served[~part.instance.demand.is_project].sum())


def asked_of(part):
    supply = part.instance.supply
    is_open = supply.is_open & supply.of_measure & (supply.kind == OFFER)
    return np.flatnonzero(supply.capacity_assumed & is_open)


def served_needs(part):
    return int(part.solution.served[~part.instance.demand.is_project].sum())


@few
@given(towns(needs=12, projects=4))
def test_what_unknown_capacities_could_add_is_what_solving_again_says(records):
    part = match(Snapshot.from_records(records), RULES).places
    asked, served = asked_of(part), served_needs(part)
    gains = {int(offer): places_with(part, [offer]) - served for offer in asked}
    ranked = sorted((-gain, offer) for offer, gain in gains.items() if gain > 0)
    assert [(-ask.gain_places, ask.offer_row) for ask in part.ask_first] == ranked
    assert part.ask_first_complete
    assert all(ask.is_exact for ask in part.ask_first)
    again = places_with(part, asked)
    assert part.served_upper == max(again, served)
    assert part.served_upper_exact == (again >= served)


@st.composite
def short_units(draw):
    """A few units whose totals are short for needs and projects of all priorities, some needs whole."""
    units = [Unit(id=f"u{i}", name=f"u{i}", capacity=draw(st.integers(0, 4) | st.none())) for i in range(3)]
    kinds = st.sampled_from(["health", "repair"])
    offers = [
        Offer(
            id=f"o{i}", unit=f"u{draw(st.integers(0, 2))}", category=draw(kinds),
            capacity=draw(st.integers(0, 3) | st.none()), reach_any=True,
        )
        for i in range(4)
    ]  # fmt: skip
    needs = [
        Need(
            id=f"n{i}", category=draw(kinds), quantity=draw(st.integers(1, 3)),
            priority=draw(st.integers(1, 3)), whole=draw(st.sampled_from([False, False, True])),
        )
        for i in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    projects = [
        Project(id=f"p{i}", name=f"p{i}", category=draw(kinds | st.none()), wanted=draw(st.integers(1, 3)),
                priority=draw(st.integers(1, 3)))
        for i in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    return [*units, *offers, *needs, *projects]


def with_any(records, opened):
    """The records with some offers' capacity written as unlimited."""
    return [
        replace(item, capacity=ANY) if isinstance(item, Offer) and item.id in opened else item
        for item in records
    ]


@few
@given(short_units())
def test_the_lists_with_that_capacity_unlimited_are_served_as_foretold(records):
    part = match(Snapshot.from_records(records), RULES).places
    served = served_needs(part)
    ids = part.instance.supply.ids[asked_of(part)].tolist()

    def again(opened):
        return served_needs(match(Snapshot.from_records(with_any(records, opened)), RULES).places)

    found = {str(part.instance.supply.ids[ask.offer_row]): ask.gain_places for ask in part.ask_first}
    assert found == {offer: more for offer in ids if (more := again({offer}) - served) > 0}
    assert part.served_upper == max(again(set(ids)), served)


@few
@given(short_units())
def test_a_bound_of_a_match_too_large_to_be_solved_again_holds(records):
    part = match(Snapshot.from_records(records), RULES).places
    with mock.patch("matcher.headroom._SOLVED_EDGES", -1):
        upper, is_exact = served_if_unlimited(part.instance, part.solution)
        asks, _ = ask_first(part.instance, part.solution)
    again = places_with(part, asked_of(part))
    assert upper >= max(again, served_needs(part))
    assert not is_exact or upper == again
    for ask in asks:
        if ask.is_exact:
            assert places_with(part, [ask.offer_row]) - served_needs(part) == ask.gain_places


@few
@given(towns(needs=12, projects=2))
def test_hubs_and_loops_for_large_matches_change_no_figure(records):
    part = match(Snapshot.from_records(records), RULES).places
    with ExitStack() as stack:
        for module in ("hubs", "certificates"):
            stack.enter_context(mock.patch(f"matcher.{module}.MANY_EDGES", 0))
        stack.enter_context(mock.patch.multiple("matcher.hubs", _LEAST_REACHED=0.0, _LEAST_MEMBERS=1))
        asks, complete = ask_first(part.instance, part.solution)
        upper = served_if_unlimited(part.instance, part.solution)
    assert (asks, complete) == (part.ask_first, part.ask_first_complete)
    assert upper == (part.served_upper, part.served_upper_exact)


@few
@given(towns(needs=12, claims=0), st.sampled_from([800, 2000, 5000]))
def test_what_a_longer_reach_adds_is_what_solving_again_says(records, reach_m):
    plain = [r for r in records if not isinstance(r, Project) and not getattr(r, "whole", False)]
    part = match(Snapshot.from_records(plain), RULES).places
    longer = LongerReach(part.instance, part.solution)
    assert longer.is_exact
    rows = {name: row for row, name in enumerate(part.instance.supply.ids.tolist())}
    for offer in plain:
        is_stretched = isinstance(offer, Offer) and offer.id in rows and offer.reach_m is not None
        if is_stretched and offer.reach_m < reach_m:
            changed = [replace(r, reach_m=float(reach_m)) if r is offer else r for r in plain]
            again = served_needs(match(Snapshot.from_records(changed), RULES).places)
            assert longer.gain(rows[offer.id], reach_m) == again - served_needs(part)


def test_a_more_urgent_need_takes_a_unit_s_total_from_a_project():
    unit = Unit(id="u1", name="A", capacity=3)
    offer = Offer(id="o1", unit="u1", category="health", reach_any=True)
    need = Need(id="n1", category="health", quantity=3, priority=1)
    project = Project(id="p1", name="P", wanted=1, priority=3)
    document = match_document(match(Snapshot.from_records([unit, offer, need, project]), RULES))
    assert (document["places_served"], document["projects"]["units"]) == (1, 1)
    assert (document["places_served_upper"], document["places_served_upper_exact"]) == (3, True)
    assert document["ask_first"] == [{"offer": "o1", "unit": "u1", "gain_places": 2, "exact": True}]
    last = replace(need, priority=4)
    assert (
        match_document(match(Snapshot.from_records([unit, offer, last, project]), RULES))[
            "places_served_upper"
        ]
        == 2
    )


@few
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
        # At one priority a project may take a unit's last place from a need; both together never lose.
        by_hand = figure["nearest_first"]["projects"]["units"]
        gained = figure["comparison"]["places_gained"] + figure["projects"]["units"] - by_hand
        assert gained >= 0 or part.instance.graph.need_whole.any()


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
