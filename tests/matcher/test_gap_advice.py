"""What gaps say would do: done to the lists, it takes away their reason, and gains what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from graph.model import Area, Claim, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from graph.times import Times, minutes_apart, shares
from matcher.actions.fixes import add_fixes
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST, towns

RULES = Rules(period=Period(FIRST, LAST))
HERE = {"lon": 121.45, "lat": 31.25}
TOWN = [
    Area(id="n1", name="梧桐", level="neighbourhood", **HERE),
    Unit(id="u1", name="一中", area="n1", **HERE),
    Unit(id="u2", name="二院", area="n1", **HERE),
]


def solved(*records):
    made = match(Snapshot.from_records([*TOWN, *records]), RULES)
    return made, add_fixes(made, find_gaps(made))


def only_gap(*records):
    (gap,) = solved(*records)[1].needs.gaps
    return gap


def offer(**cells):
    return Offer(
        **{"id": "o", "unit": "u1", "title": "修理", "category": "legal", "reach_any": True, **cells}
    )


def test_the_hours_of_who_comes_nearest_in_time_and_has_room_would_do() -> None:
    need = Need(id="x", category="legal", area="n1", times="Mo 18:00-20:00")
    night, full, morning = (
        offer(id="late", unit="u2", title="夜间咨询", capacity=1, times="Mo 12:00-17:00"),
        offer(id="full", capacity=0, times="Mo 12:00-18:00"),
        offer(id="early", capacity=5, times="Mo 08:00-09:00; We 08:00-20:00"),
    )
    gap = only_gap(need, night, full, morning)
    (row,) = gap.would_do
    assert (row["change"], row["offer"], row["minutes_apart"]) == ("times", "late", 90)
    assert (row["gain_places"], row["exact"], row["needs"]) == (1, False, ["x"])
    assert row["sentence_zh"] == (
        "二院的“夜间咨询”能在Mo 18:00-20:00服务就行（现在Mo 12:00-17:00）。这样至少多服务1项次。"
    )
    assert gap.fix is None
    assert gap.no_fix["why"] == "no_candidate"
    # Only who is full could: it says that nobody more would be served.
    row = only_gap(need, full).would_do[0]
    assert (row["offer"], row["minutes_apart"], row["gain_places"]) == ("full", 30, 0)
    assert row["sentence_en"].endswith("But that alone would serve nobody more.")


def test_what_would_do_for_every_reason() -> None:
    need = Need(id="x", title="咨询", category="legal", quantity=2, area="n1", **HERE)
    able = offer(capacity=9)
    far = {"reach_any": False, "reach_m": 100.0, "lon": 121.5, "lat": 31.25, "capacity": 9}
    refusal = Claim(id="c", target="x", target_table="needs", by="u1", offer="o", status="declined")
    told = {
        "new_offer": only_gap(need),
        "people": only_gap(replace(need, people=30), replace(able, max_people=10)),
        "tags": only_gap(replace(need, tags=("手语",)), able),
        "place": only_gap(replace(need, area=None, lon=None, lat=None), offer(**far)),
        "reach": only_gap(need, offer(**far)),
        "ask_again": only_gap(need, able, refusal),
        "more_places": only_gap(need, offer(capacity=1)),
        "split": next(
            gap
            for gap in solved(replace(need, whole=True), offer(capacity=1))[1].needs.gaps
            if gap.reason == "held_by_rule"
        ),
        "days": only_gap(
            replace(need, valid_to=date(2026, 3, 1)), replace(able, valid_from=date(2026, 6, 1))
        ),
    }
    for change, gap in told.items():
        (row,) = gap.would_do
        assert (row["change"], row["needs"]) == (change, ["x"]), change
        assert row["sentence_zh"], change
        assert row["sentence_en"].endswith("."), change
        assert (gap.fix is None) == (gap.no_fix is not None), change
    assert told["place"].no_fix["why"] == "no_kind"
    assert told["place"].would_do[0]["named"] == ["咨询"]
    assert told["people"].would_do[0]["gain_places"] == 2
    assert told["more_places"].would_do[0]["places"] == 1


def test_projects_and_money_say_what_would_do_too() -> None:
    project = Project(id="p", name="花园", category="legal", wanted=2, area="n1")
    money = Need(id="m", category="hardship", quantity=500, measure="yuan", area="n1")
    yuan = offer(id="y", category="hardship", capacity=200, measure="yuan")
    _, report = solved(project, money, offer(capacity=1), yuan)
    (of_project,), (of_money,) = report.projects.gaps, report.money.gaps
    assert {gap.no_fix["why"] for gap in (of_project, of_money)} == {"needs_only"}
    assert of_project.would_do[0]["change"] == "more_units"
    assert of_project.would_do[0]["sentence_zh"] == "至少再要1家次：找别的单位提供“法律政策”。"
    assert of_money.would_do[0]["sentence_en"] == "It takes at least 300 yuan more of 一中."


def test_where_actions_were_tried_and_none_helps_a_gap_says_so() -> None:
    """The offer has room but serves other people; stretching it helps nobody, and nothing else is found."""
    need = Need(id="x", category="legal", people=500, area="n1", lon=121.4521, lat=31.25)
    near = Need(id="y", category="legal", area="n1", lon=121.4521, lat=31.25)
    short = offer(capacity=1, reach_any=False, reach_m=100.0, max_people=10)
    _, report = solved(need, near, short)
    gaps = {gap.needs: gap for gap in report.needs.gaps}
    assert gaps["y",].fix["kind"] == "wider_reach"
    assert (gaps["x",].fix, gaps["x",].no_fix["why"]) == (None, "no_candidate")


@settings(max_examples=40)
@given(towns(claims=2, projects=0, needs=6, offers=5))
def test_done_to_the_lists_it_takes_the_reason_away(records) -> None:
    made = match(Snapshot.from_records(records), RULES)
    report = add_fixes(made, find_gaps(made))
    by_id = {(type(record), record.id): record for record in records}
    for gap in report.needs.gaps:
        assert gap.would_do, gap.reason
        for row in gap.would_do:
            given_offer = by_id.get((Offer, row.get("offer")))
            if row["change"] not in ("times", "people", "tags") or given_offer is None:
                continue
            changed = {
                "times": {"times": row.get("need_times", "")},
                "people": {"min_people": None, "max_people": None},
                "tags": {"tags": (*given_offer.tags, *row.get("tags", ()))},
            }[row["change"]]
            kept = [record for record in records if record is not given_offer]
            after = match(Snapshot.from_records([*kept, replace(given_offer, **changed)]), RULES)
            left = {
                need for one in find_gaps(after).needs.gaps for need in one.needs if one.reason == gap.reason
            }
            if row["change"] == "times":
                # Its own hours may have served others: what it gains is looked at where they stay.
                assert not left.intersection(row["needs"])
            elif after.places.solution.status == made.places.solution.status == "optimal":
                more = after.places.solution.served.sum() - made.places.solution.served.sum()
                assert more >= row.get("gain_places", 0)


def test_minutes_apart_is_nothing_just_where_two_times_meet() -> None:
    texts = [
        "",
        "Mo 08:00-10:00",
        "Mo 09:45-12:00",
        "Tu 08:00-10:00",
        "Mo-Tu 10:30-11:00",
        "2026-02-03",
        "Mo 22:00-02:00",
    ]
    days = date(2026, 2, 1), date(2026, 2, 28)
    for one in map(Times.read, texts):
        for other in map(Times.read, texts):
            apart = minutes_apart(one, other, *days)
            assert (apart == 0) == shares(one, other, *days)
            assert apart == minutes_apart(other, one, *days)
    assert minutes_apart(Times.read(texts[1]), Times.read(texts[2]), *days) == 15
    assert minutes_apart(Times.read(texts[1]), Times.read(texts[4]), *days) == 60
    assert minutes_apart(Times.read(texts[1]), Times.read(texts[3]), *days) is None
