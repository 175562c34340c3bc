"""Rotas: every period and area covered, fair, far apart; and the smallest reason why one is impossible."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Alliance, Area, Duty, Membership, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.rota.model import find_conflict, find_rota
from matcher.rota.plan import NoRotaError, plan_rota
from matcher.rota.problem import Kept, Rule, Taker, Wish, cut_period, share_fairly, touches

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
DAYS = tuple(Period(date(2026, 1, day), date(2026, 1, day)) for day in range(1, 32))
few = settings(max_examples=25)


def keeps(wish, turns, rules):
    """Whether turns (by slot: a taker's number or None) keep some rules and what always holds."""
    slots = [(period, area) for period in range(len(wish.periods)) for area in wish.areas]
    gap = wish.gap or 0
    for (period, area), number in zip(slots, turns, strict=True):
        if number is None:
            if Rule("cover", period, area) in rules:
                return False
            continue
        taker = wish.takers[number]
        if taker.area not in (None, area):
            return False
        if Rule("away", period, party=taker.id) in rules and touches(taker.away, wish.periods[period]):
            return False
    taken = [(slot, number) for slot, number in zip(slots, turns, strict=True) if number is not None]
    for (one, mine), (other, theirs) in combinations(taken, 2):
        apart = abs(one[0] - other[0])
        if mine == theirs and apart == 0 and Rule("once") in rules:
            return False
        if mine == theirs and gap and apart <= gap and Rule("gap") in rules:
            return False
    settled = {(rule.period, rule.area, rule.party) for rule in rules if rule.kind == "kept"}
    given_ = {(*slot, wish.takers[number].id) for slot, number in taken}
    return settled <= given_


def rules_of(wish):
    found = {Rule("cover", period, area) for period in range(len(wish.periods)) for area in wish.areas}
    found |= {
        Rule("away", period, party=taker.id)
        for taker in wish.takers
        for period, days in enumerate(wish.periods)
        if touches(taker.away, days)
    }
    found |= {Rule("kept", turn.period, turn.area, turn.party) for turn in wish.kept}
    return found | {Rule("once"), Rule("gap")}


def every_choice(wish):
    return product((None, *range(len(wish.takers))), repeat=len(wish.periods) * len(wish.areas))


@st.composite
def wishes(draw):
    count = draw(st.integers(1, 4))
    areas = draw(st.sampled_from([(None,), (None,), ("x", "y")]))
    takers = tuple(
        Taker(
            f"t{number}",
            draw(st.integers(1, 3)),
            draw(st.sampled_from([None, *areas])),
            tuple(draw(st.lists(st.sampled_from(DAYS[:count]), max_size=1))),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    kept = [
        Kept(draw(st.integers(0, count - 1)), draw(st.sampled_from(areas)), draw(st.sampled_from(takers)).id)
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2])))
    ]
    days = DAYS[: min(count, 3)] if len(areas) > 1 else DAYS[:count]
    kept = tuple(turn for turn in kept if turn.period < len(days))
    return Wish(takers, days, areas, draw(st.integers(0, 2)), kept)


@few
@given(wishes())
def test_no_rota_is_fairer_and_no_reason_shorter(wish):
    rules = rules_of(wish)
    fair = share_fairly(wish)
    best = None
    for turns in every_choice(wish):
        if keeps(wish, turns, rules):
            away = [
                abs(1000 * turns.count(number) - round(1000 * share)) for number, share in enumerate(fair)
            ]
            best = min(best or (10**9, 0), (max(away), sum(away)))
    found = find_rota(wish)
    if best is None:
        assert found.status == "impossible"
        assert found.is_smallest
        named = set(found.conflict)
        assert not any(keeps(wish, turns, named) for turns in every_choice(wish))
        for fewer in combinations(sorted(rules, key=str), len(named) - 1):
            assert any(keeps(wish, turns, set(fewer)) for turns in every_choice(wish))
        return
    assert found.status == "optimal"
    number = {taker.id: at for at, taker in enumerate(wish.takers)}
    assert keeps(wish, tuple(number[party] for _, _, party in found.turns), rules)
    away = [
        abs(1000 * load.turns - round(1000 * share)) for load, share in zip(found.loads, fair, strict=True)
    ]
    assert (max(away), sum(away)) == best
    assert find_conflict(wish) == ((), True)


def test_turns_lie_as_far_apart_as_they_can():
    takers = tuple(Taker(name) for name in "abcd")
    found = find_rota(Wish(takers, cut_period(YEAR, "month")))
    assert (found.gap, [load.turns for load in found.loads]) == (3, [3, 3, 3, 3])
    order = [party for _, _, party in found.turns]
    assert order == order[:4] * 3


def test_weeks_months_and_quarters():
    assert [len(cut_period(YEAR, every)) for every in ("week", "month", "quarter")] == [53, 12, 4]
    weeks = cut_period(YEAR, "week")
    assert (weeks[0].last, weeks[1].first.weekday()) == (date(2026, 1, 4), 0)
    assert cut_period(Period(date(2026, 2, 10), date(2026, 4, 2)), "quarter") == (
        Period(date(2026, 2, 10), date(2026, 3, 31)),
        Period(date(2026, 4, 1), date(2026, 4, 2)),
    )


TOWN = (
    Alliance(id="ring", name="商圈联盟"),
    Alliance(id="small", name="小联盟"),
    Area(id="east", name="东"),
    Area(id="west", name="西"),
    Unit(id="bank", name="银行", area="east", capacity=10),
    Unit(id="clinic", name="诊所", area="east", capacity=20),
    Unit(id="school", name="学校", area="west"),
    *(Membership(id=f"m-{unit}", alliance="ring", party=unit) for unit in ("bank", "clinic", "school")),
    Membership(id="m-x", alliance="small", party="bank"),
)


def plan(records=TOWN, **options):
    return plan_rota(Snapshot.from_records(records), **{"body": None, "period": YEAR, **options})


def test_load_follows_capacity_and_the_unknown_is_assumed():
    document = plan()
    assert (document["body"], document["name"], document["status"]) == ("ring", "商圈联盟", "optimal")
    load = {row["name"]: row for row in document["load"]}
    assert {name: (row["turns"], row["capacity"], row["assumed"]) for name, row in load.items()} == {
        "银行": (3, 10, False),
        "诊所": (5, 20, False),
        "学校": (4, 15, True),
    }
    assert document["largest_deviation"] == pytest.approx(1 / 3, abs=1e-3)
    assert [row["turns"] for row in plan(equal=True)["load"]] == [4, 4, 4]
    assert len(document["turns"]) == 12


def test_areas_duties_and_absence_are_kept():
    records = (
        *TOWN,
        Duty(id="d", body="ring", party="bank", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31)),
    )
    away = {"bank": [Period(date(2026, 5, 2), date(2026, 5, 2))]}
    document = plan(records, by_area=True, every="month", away=away)
    turns = {(row["from"], row["area"]): row["party"] for row in document["turns"]}
    assert {party for (_, area), party in turns.items() if area == "west"} == {"school"}
    assert turns["2026-03-01", "east"] == "bank"
    assert turns["2026-05-01", "east"] == "clinic"
    assert len(turns) == 24


def test_an_impossible_rota_says_why():
    document = plan(by_area=True, gap=1)
    assert (document["status"], document["turns"], document["largest_deviation"]) == ("impossible", [], None)
    conflict = document["conflict"]
    assert conflict["smallest"]
    assert [rule["rule"] for rule in conflict["rules"]] == ["cover", "cover", "gap"]
    assert conflict["rules"][0]["area"] == "west"
    assert "1" in conflict["rules"][2]["text"]
    assert "in 西" in conflict["rules"][0]["text_en"]
    left = Membership(id="m-x", alliance="small", party="bank", valid_to=date(2026, 6, 15))
    gone = plan([*TOWN[:-1], left], body="small")["conflict"]["rules"]
    assert {rule["rule"] for rule in gone} == {"away", "cover"}
    assert len({rule["from"] for rule in gone}) == 1


@pytest.mark.parametrize("every", ["week", "month"])
def test_too_few_for_a_gap_is_proved_the_smallest_reason_however_many_they_are(every):
    """Eleven turns in a row want eleven, of whom there are ten."""
    periods = cut_period(YEAR, every)
    away = (Period(date(2026, 8, 3), date(2026, 8, 20)),)
    takers = tuple(Taker(f"t{number}", away=away if number < 4 else ()) for number in range(10))
    found = find_rota(Wish(takers, periods, gap=10))
    assert (found.status, found.is_smallest) == ("impossible", True)
    assert [rule.kind for rule in found.conflict] == ["cover"] * 11 + ["gap"]
    assert find_rota(Wish(takers, periods, gap=3)).status == "optimal"


def test_who_is_settled_twice_is_the_reason_whatever_else_is_short():
    kept = (Kept(3, None, "a"), Kept(5, None, "a"), Kept(5, None, "b"))
    wish = Wish((Taker("a"), Taker("b")), DAYS[:8], gap=4, kept=kept)
    found = find_rota(wish)
    assert (found.conflict, found.is_smallest) == (
        (Rule("kept", 5, None, "a"), Rule("kept", 5, None, "b")),
        True,
    )


def test_wrong_questions_are_refused():
    with pytest.raises(NoRotaError, match="no alliance has members"):
        plan(())
    with pytest.raises(NoRotaError, match="nobody is a member"):
        plan(body="nobody")
    with pytest.raises(ValueError, match="every decade"):
        plan(every="decade")
    with pytest.raises(ValueError, match="gap is -1"):
        plan(gap=-1)
    for wrong, said in (
        ({"periods": ()}, "at least one period"),
        ({"takers": (Taker("a"), Taker("a"))}, "same id"),
        ({"takers": (Taker("a", 0),)}, "capacity of a"),
        ({"kept": (Kept(0, None, "b"),)}, "kept turn of b"),
    ):
        with pytest.raises(ValueError, match=said):
            Wish(**{"takers": (Taker("a"),), "periods": DAYS[:1]} | wrong)
