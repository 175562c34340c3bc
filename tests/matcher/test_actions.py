"""Actions: what each gains is what solving with it gains, and the set is the best there is."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings

from graph.model import Area, Claim, Need, Offer, Project, Unit
from matcher.actions import part as part_module
from matcher.actions import shares
from matcher.actions.candidates import FARTHEST
from matcher.actions.effects import Effect, find_effects
from matcher.actions.kinds import KINDS, Action, Proposed
from matcher.actions.limits import ActionError
from matcher.actions.report import Planner, plan_actions
from matcher.actions.trials import Trials
from tests.matcher.action_towns import TOWN, at, served, solved, split, with_action
from tests.towns import towns


def test_each_gap_has_its_actions() -> None:
    planner = Planner(solved(TOWN))
    found = {planner.actions[at].id: planner.tell(at) for at in range(len(planner.actions))}
    json.dumps(found)
    asked = found["ask_capacity:o2"]
    assert (asked["gain"], asked["assumed"], asked["total"]) == (
        {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0},
        True,
        2,
    )
    assert asked["sentence_zh"] == "问卫生站的“量血压”能提供多少（按同类的2个名额估算）。"
    farther = found["wider_reach:o1:3800"]
    assert (farther["gain_places"], farther["reach_m"], farther["to_reach_m"]) == (2, 1500, 3800)
    assert found["new_pairing:u1:n2:o1"]["where"]["area"] == "n2"
    assert found["new_pairing:u1:n2:o1"]["gain_places"] == 2
    assert found["new_station:n2:o1"]["gain_places"] == 2
    won = found["recruit:u3:repair"]
    assert (won["places"], won["assumed"], won["gain_places"]) == (4, True, 2)
    assert found["resident_offer:n1:education"]["gain"]["2"] == 1
    assert {row["kind"] for row in found.values()} <= set(KINDS)
    # What is all served, and who could serve only that, is left alone.
    assert not any("a" in row["needs"] for row in found.values())


def test_the_budget_goes_where_it_serves_the_urgent_first() -> None:
    made = solved(TOWN)
    none, one, all_of_it = (plan_actions(made, budget) for budget in (0, 1, 20))
    assert (none["actions"], none["value"], none["status"]) == ([], 0, "optimal")
    assert [row["kind"] for row in one["actions"]] == ["resident_offer"]
    assert one["value_by_priority"]["2"] == 1
    assert all_of_it["value"] == all_of_it["bound"] == sum(row["adds_places"] for row in all_of_it["actions"])
    assert all_of_it["bound_by_priority"] == all_of_it["value_by_priority"]
    assert all_of_it["spent"] == len(all_of_it["actions"]) < 20
    assert all_of_it["units"] == 3
    dear = plan_actions(made, 1, costs={"resident_offer": 2})
    assert (dear["actions"][0]["kind"], dear["value"]) == ("wider_reach", 2)


@pytest.mark.parametrize("budget", [-1, float("nan"), float("inf"), 2e9, None, "x", "3", True])
def test_what_is_no_budget_is_refused_with_what_to_do(budget) -> None:
    with pytest.raises(ActionError, match="no budget") as refused:
        plan_actions(solved([]), budget)
    assert "from 0 to 1e9" in refused.value.remedy
    assert refused.value.remedy_zh


@pytest.mark.parametrize(
    "costs",
    [*({"recruit": cost} for cost in (-1, 0, float("nan"), float("inf"), "2", None)), {"beauty": 1}, [1], 3],
)
def test_what_are_no_costs_are_refused_with_the_kinds_there_are(costs) -> None:
    with pytest.raises(ActionError, match="no costs") as refused:
        plan_actions(solved([]), 1, costs=costs)
    assert "resident_offer" in refused.value.remedy
    assert "{'recruit': 2.0}" in refused.value.remedy


@settings(max_examples=6)
@given(towns(claims=4, projects=0))
def test_a_gain_is_that_of_the_records_changed(records) -> None:
    made = solved(records)
    planner = Planner(made)
    lacking = {
        str(name)
        for name, left in zip(
            made.places.instance.demand.ids,
            made.places.instance.graph.need_quantity - made.places.solution.served,
            strict=True,
        )
        if left > 0
    }
    for number, action in enumerate(planner.actions):
        assert action.units or (action.needs and set(action.needs) <= lacking)
        changed = with_action(records, action)
        if changed is not None and planner.trials.is_exact:
            after = solved(changed)
            if after.places.solution.status == "optimal":
                gained = tuple(a - b for a, b in zip(served(after), served(made), strict=True))
                assert planner.alone(number) == gained, action.id


@settings(max_examples=15)
@given(towns(claims=3, projects=0, needs=6, offers=4))
def test_more_capacity_elsewhere_than_proposed_helps_nobody(records) -> None:
    """Every offer and every unit's total that no action names is given more: nothing is gained."""
    made = solved([replace(r, whole=False) if isinstance(r, Need) else r for r in records])
    planner, graph = Planner(made, with_stations=False), made.places.instance.graph
    more = [action for action in planner.actions if action.kind in ("more_capacity", "ask_capacity")]
    named = {action.offer for action in more if not action.of_unit}
    totals = {action.unit for action in more if action.of_unit}
    none = np.zeros(0, np.int64)
    supply = made.places.instance.supply
    effects = [
        [Effect(row, -1, 9, False, none, none)]
        for row in range(graph.offer_count)
        if supply.ids[row] not in named
    ]
    effects += [
        [Effect(-1, row, 9, True, none, none)]
        for row, unit in enumerate(made.places.instance.unit_ids.tolist())
        if unit not in totals
    ]
    trials = Trials(graph, made.places.solution, effects)
    for number in range(len(effects)):
        assert trials.gain([number]) == (0, 0, 0, 0, 0), effects[number]


def test_a_full_offer_reaches_farther_where_its_needs_can_move() -> None:
    """A near need has a second offer, so the first may leave it for one that only it could reach."""
    town = [
        Area(id="n", name="梧桐", **at(0)),
        Unit(id="u1", name="维修队", area="n", **at(0)),
        Unit(id="u2", name="维修社", area="n", **at(0)),
        Offer(id="o1", unit="u1", category="repair", capacity=1, reach_m=1500.0, **at(0)),
        Offer(id="o2", unit="u2", category="repair", capacity=1, reach_m=500.0, **at(-300)),
        Need(id="near", category="repair", quantity=1, **at(0)),
        Need(id="far", category="repair", quantity=1, **at(2000)),
    ]
    made = solved(town)
    graph, flow = made.places.instance.graph, made.places.solution.flow
    assert made.places.instance.supply.ids[graph.edge_offer[flow > 0]].tolist() == ["o1"]
    planner = Planner(made)
    found = {planner.actions[row].id: planner.alone(row) for row in range(len(planner.actions))}
    assert sum(found["wider_reach:o1:2000"]) == 1
    # Nobody else could serve the near need: to reach the far one helps nobody, and isn't proposed.
    planner = Planner(solved([one for one in town if one.id not in ("o2", "u2")]))
    assert "wider_reach" not in {action.kind for action in planner.actions}


@settings(max_examples=15)
@given(towns(claims=3, projects=0, needs=6, offers=4))
def test_no_wider_reach_of_others_to_an_unserved_need_gains(records) -> None:
    """Every offer that no wider reach names is given all unserved needs that it could be stretched to."""
    made = solved([replace(r, whole=False) if isinstance(r, Need) else r for r in records])
    planner, instance = Planner(made, with_stations=False), made.places.instance
    named = {action.offer for action in planner.actions if action.kind == "wider_reach"}
    lacking = np.flatnonzero(instance.graph.need_quantity > made.places.solution.served)
    supply, stretched = instance.supply, []
    for row in range(instance.graph.offer_count):
        record = made.snapshot.record("offers", str(supply.ids[row]))
        if supply.ids[row] in named or np.isnan(supply.reach_m[row]) or supply.reach_all[row]:
            continue
        wider = replace(record, id="wider", reach_m=FARTHEST * float(supply.reach_m[row]))
        stretched.append(
            Action(f"reach:{row}", "wider_reach", offer=record.id, offers=(Proposed(wider, record.id),))
        )
    for action in stretched:
        (effect,) = find_effects(instance, [action]).of_action[0]
        some = np.isin(effect.need, lacking)
        only = replace(effect, need=effect.need[some], cost=effect.cost[some])
        trials = Trials(instance.graph, made.places.solution, [[only]])
        assert trials.gain([0]) == (0, 0, 0, 0, 0), action.id


@settings(max_examples=5)
@given(towns(claims=4, needs=6, offers=5))
def test_no_other_set_within_the_budget_is_better(records) -> None:
    made = solved(records)
    found = plan_actions(made, 2)
    json.dumps(found)
    planner = Planner(made)
    sets = [
        some
        for size in range(3)
        for some in itertools.combinations(range(min(len(planner.actions), 14)), size)
    ]
    best = max(planner.trials.gain(some) for some in sets)
    value = tuple(found["value_by_priority"].values())
    assert value >= best
    assert found["bound"] >= found["value"]
    assert sum(row["cost"] for row in found["actions"]) <= 2
    again = tuple(map(sum, zip(*(row["adds"].values() for row in found["actions"]), strict=True)))
    assert again in ((), value)


@pytest.mark.parametrize("budget", [1, 3])
def test_beyond_the_program_actions_are_taken_one_by_one(budget, monkeypatch) -> None:
    made = solved(TOWN)
    best = plan_actions(made, budget)
    monkeypatch.setattr(part_module, "FEW_ARCS", 0)
    found = plan_actions(made, budget)
    assert found["status"] == "bounded"
    assert found["value"] <= found["bound"]
    reached = (found[name].values() for name in ("value_by_priority", "bound_by_priority"))
    assert all(places <= most for places, most in zip(*reached, strict=True))
    assert tuple(found["value_by_priority"].values()) <= tuple(best["value_by_priority"].values())


def test_a_town_without_gaps_asks_for_nothing() -> None:
    found = plan_actions(solved([]), 5)
    assert (found["actions"], found["candidates"], found["value"], found["bound"]) == ([], 0, 0, 0)


def test_a_new_offer_of_who_promised_without_one_gives_that_first_and_is_not_exact() -> None:
    """Of the places that the repairers might have one is promised already."""
    town = [*TOWN, Claim(id="k", target="b", target_table="needs", by="u3", quantity=1, status="agreed")]
    town = [replace(one, quantity=6) if isinstance(one, Need) and one.id == "b" else one for one in town]
    made = solved(town)
    planner = Planner(made, with_stations=False)
    [number] = [n for n, action in enumerate(planner.actions) if action.id.endswith(":u3:repair")]
    [proposed] = planner.actions[number].offers
    row = planner.tell(number)
    assert not row["exact"]
    after = solved([*town, proposed.record])
    assert row["gain_places"] == sum(served(after)) - sum(served(made)) == row["places"] - 1
    other = next(n for n, action in enumerate(planner.actions) if action.kind == "wider_reach")
    assert planner.tell(other)["exact"]


def test_a_gain_tells_units_of_projects_apart_as_a_trial_does() -> None:
    """Each unit gives less in all than it could; more of it serves needs and projects alike."""
    told = []
    for seed in range(30):
        draw, town = Random(seed), [Area(id="n1", name="梧桐", **at(0))]
        alike = {"category": "repair", "area": "n1"}
        for k in range(3):
            town += [
                Unit(id=f"u{k}", name=f"u{k}", area="n1", capacity=draw.randint(1, 4), **at(k)),
                Offer(id=f"o{k}", unit=f"u{k}", category="repair", capacity=9, reach_m=900.0),
                Need(id=f"d{k}", quantity=3, priority=draw.randint(1, 3), **alike, **at(k)),
                Project(id=f"p{k}", name="p", wanted=2, priority=draw.randint(1, 3), **alike),
            ]
        made = solved(town)
        planner = Planner(made, with_stations=False)
        for number, action in enumerate(planner.actions):
            row = planner.tell(number)
            changed = with_action(town, action)
            if changed is None or made.places.solution.status != "optimal":
                continue
            again = solved(changed)
            before, after = split(made), split(again)
            units = row["gain_project_units"]
            if units is None:
                # Its unit could take further projects by the offer, which nobody counts: it may gain more.
                gained = tuple(a - b for a, b in zip(served(again), served(made), strict=True))
                assert not row["exact"]
                assert gained >= planner.alone(number)
                continue
            assert (row["gain_places"] - units, units) == (after[0] - before[0], after[1] - before[1])
            told.append(units)
        plan = plan_actions(made, 3)
        more = [row["adds_project_units"] for row in plan["actions"]]
        assert plan["value_project_units"] == sum(more)
    assert 0 < sum(map(bool, told)) < len(told)


def test_what_is_too_large_to_solve_again_says_that_units_are_not_told_apart(monkeypatch) -> None:
    made = solved([*TOWN, Project(id="p", name="p", category="repair", wanted=2, area="n1")])
    monkeypatch.setattr(shares, "_SOLVED_EDGES", 0)
    planner = Planner(made)
    assert {planner.tell(number)["gain_project_units"] for number in range(len(planner.actions))} == {None}
    assert plan_actions(made, 1)["value_project_units"] is None
