"""The fix that each gap names: it gains what it says, for its own needs, and asks for no more."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import numpy as np

from graph.model import Area, Need, Offer, Unit
from matcher.actions.effects import Effect, apply_effects
from matcher.actions.fixes import add_fixes
from matcher.actions.report import Planner
from matcher.flow import solve
from matcher.gaps import find_gaps
from tests.matcher.action_towns import TOWN, at, of_needs, short_town, solved, with_action
from tests.towns import make_town


def test_each_gap_says_its_cheapest_fix() -> None:
    made = solved(TOWN)
    report = find_gaps(made)
    fixed = add_fixes(made, report)
    assert [gap.fix for gap in report.needs.gaps] == [None] * 3
    assert fixed.needs.unserved == report.needs.unserved
    fixes = {gap.category: gap.fix for gap in fixed.needs.gaps}
    assert (fixes["repair"]["kind"], fixes["repair"]["gain_places"]) == ("wider_reach", 2)
    assert (fixes["health"]["kind"], fixes["health"]["gain_places"]) == ("ask_capacity", 1)
    assert (fixes["education"]["kind"], fixes["education"]["cost"]) == ("resident_offer", 1.0)
    json.dumps(fixed.to_json())


def test_a_fix_serves_somebody_of_its_gap() -> None:
    town = [replace(one, max_people=100) if isinstance(one, Offer) else one for one in TOWN]
    made = solved([*town, Need(id="e", category="repair", area="n2", people=500, priority=4, **at(3800))])
    gaps = {gap.needs: gap for gap in add_fixes(made, find_gaps(made)).needs.gaps}
    crowd, few = gaps["e",], gaps["b",]
    assert crowd.reason == "no_capable_unit"
    assert crowd.fix is None or crowd.fix["gain"]["4"] > 0
    assert crowd.fix is None or crowd.fix["kind"] != "wider_reach"
    assert few.fix["kind"] == "wider_reach"


def test_a_fix_serves_just_so_many_of_its_gap_s_own_needs() -> None:
    """In these towns actions meant for a gap give their places to others of the same priority."""
    told = []
    for seed in (8, 13, 42, 154, 163, 200):
        draw = Random(seed)
        records = make_town(draw, 12, 8, 3, 3, 2)
        records = [
            replace(r, whole=True) if isinstance(r, Need) and draw.random() < 0.4 else r for r in records
        ]
        made = solved(records)
        actions = {action.id: action for action in Planner(made, with_stations=False).actions}
        for gap in add_fixes(made, find_gaps(made)).needs.gaps:
            if gap.fix is None:
                continue
            assert gap.fix["gain_here"] > 0
            changed = with_action(records, actions[gap.fix["id"]])
            if changed is not None:
                before, after = of_needs(made), of_needs(solved(changed))
                here = sum(after[need] - before[need] for need in gap.needs)
                assert here == gap.fix["gain_here"] or not gap.fix["exact"], (seed, gap.fix["id"])
                told.append((here, gap.fix["gain_places"]))
    assert {here == places for here, places in told} == {True, False}


def test_where_a_match_is_not_proved_nobody_knows_whose_places_a_fix_gives() -> None:
    made = solved(TOWN)
    part = made.places
    unproved = replace(made, places=replace(part, solution=replace(part.solution, status="bounded")))
    fixes = [gap.fix for gap in add_fixes(unproved, find_gaps(made)).needs.gaps]
    assert {fix["gain_here"] for fix in fixes if fix} == {None}


def test_a_fix_asks_for_no_more_places_than_can_be_used() -> None:
    """The offer has three places and seven are wanted more, but the unit gives five in all."""
    made = solved(
        [
            Area(id="n1", name="梧桐", **at(0)),
            Unit(id="u", name="维修队", area="n1", capacity=5, **at(0)),
            Offer(id="o", unit="u", title="上门维修", category="repair", capacity=3, reach_m=1500.0),
            Need(id="a", category="repair", quantity=10, area="n1", **at(50)),
        ]
    )
    [gap] = add_fixes(made, find_gaps(made)).needs.gaps
    assert gap.fix is not None
    assert (gap.places, gap.fix["places"], gap.fix["gain_places"]) == (7, 2, 2)
    assert gap.fix["sentence_zh"] == "请维修队的“上门维修”再增加2个名额。"
    assert "2 more places" in gap.fix["sentence_en"]


def test_with_the_places_a_fix_asks_for_it_gains_what_it_says_and_with_one_less_not() -> None:
    asked = []
    for seed in range(50):
        made = solved(short_town(seed, wholes=seed % 2 * 4))
        instance, before = made.places.instance, made.places.solution.served_by_priority
        offers, units = instance.supply.ids.tolist(), instance.unit_ids.tolist()
        for gap in add_fixes(made, find_gaps(made)).needs.gaps:
            fix = gap.fix
            if fix is None or fix["kind"] != "more_capacity":
                continue
            offer, unit = fix["where"]["offer"], units.index(fix["where"]["unit"])
            row, none = offers.index(offer) if offer else -1, np.zeros(0, np.int64)
            gained = []
            for places in (fix["places"], fix["places"] - 1):
                effect = Effect(row, unit, places, offer is None, none, none)
                after = solve(apply_effects(instance.graph, [effect])).served_by_priority
                gained.append({str(priority): after[priority] - before[priority] for priority in after})
            assert gained[0] == fix["gain"] != gained[1]
            asked.append(fix["places"])
    assert len(asked) > 10
