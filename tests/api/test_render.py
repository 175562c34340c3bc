"""Documents on a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from api.commands.texts import Language, say
from api.render import how_good, show_match
from api.render_beside import show_beside
from api.render_gaps import show_gaps


def gap(**cells: Any) -> dict[str, Any]:
    about = {"places": 9, "people": 40, "priority": 2, "needs": ["n1"]}
    fix = {"fix": None, "no_fix": None, "would_do": []}
    return {"reason": "no_capacity", **about, "certificate": None, **fix, **cells}


def gaps_of(*gaps: dict[str, Any]) -> dict[str, Any]:
    return {
        "unserved": 9,
        "summary": {"no_capacity": 9},
        "gaps": list(gaps),
        "warnings": [],
        "areas_without_offer": [{"category": "youth", "areas": ["b"]}],
        **{name: [] for name in ("idle_offers", "idle_units", "unpaired_areas", "uncovered_units")},
    }


@pytest.mark.parametrize(
    ("language", "area", "more"),
    [
        ("en", "Plane Lane, Camphor Court +1", "health +2"),
        ("zh", "Plane Lane、Camphor Court +1", "医疗健康 +2"),
    ],
)
def test_a_gap_over_several_areas_names_the_largest(language: Language, area: str, more: str) -> None:
    document = gaps_of(
        gap(by_category={"health": 9}, by_area={"a": 2, "b": 3, "c": 2, "": 2}),
        gap(by_category={"health": 2, "legal": 1, "repair": 5, "venue": 1}, by_area={"": 9}),
    )
    names = {"b": "Plane Lane", "a": "Camphor Court", "c": "Ginkgo Gate"}
    out = io.StringIO()
    show_gaps(document, names, 8)(Console(file=out, width=200), language)
    first, second = [line for line in out.getvalue().splitlines() if " +" in line]
    assert area in first
    assert more in second.lower()
    assert "—" in second
    [unreached] = [
        line for line in out.getvalue().splitlines() if ("Youth" if language == "en" else "青年交友") in line
    ]
    assert unreached.split()[-3:] == ["1", "Plane", "Lane"]


@pytest.mark.parametrize(
    ("places", "percent", "en", "zh"),
    [
        ([0, 0, 0, 0, 0], 0.0003, "cost within 0.0003 %", "不超过0.0003%"),
        ([0, 0, 3, 3, 4], None, "up to priority 2 places proved best; at most 4", "优先级1到2的项次最多，"),
        ([1, 1, 1, 1, 1], None, "proved: at most 1 places", "总共最多还能多1"),
    ],
)  # fmt: skip
def test_what_is_bounded_says_by_how_much(places: list[int], percent: float | None, en: str, zh: str) -> None:
    bound = {"places_up_to": dict(zip("12345", places, strict=True)), "places_proved": not any(places)}
    document = {"status": "bounded", "within": bound | {"cost_percent": percent}}
    assert en in how_good(document, "en")
    assert zh in how_good(document, "zh")
    assert how_good({"status": "bounded"}, "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_projects_and_money_have_their_gaps_too_and_say_why_there_is_no_fix(language: Language) -> None:
    told = {"no_fix": {"sentence_zh": "没试过。", "sentence_en": "Not-tried."}}
    told["would_do"] = [{"sentence_zh": "再问问。", "sentence_en": "Ask-again."}]
    cells = {"by_category": {"health": 9}, "by_area": {"a": 9}, "fix": None, **told}
    document = {
        **gaps_of(gap(**cells)),
        "projects": {"unserved": 1, "gaps": [gap(places=1, **cells)]},
        "money": {"unserved": 300, "gaps": [gap(places=300, **cells)]},
    }
    out = io.StringIO()
    show_gaps(document, {}, 8)(Console(file=out, width=200), language)
    rows = [line for line in out.getvalue().splitlines() if told["no_fix"][f"sentence_{language}"] in line]
    assert len(rows) == 3
    assert all(told["would_do"][0][f"sentence_{language}"] in row for row in rows)
    for sentence in {"en": ("lack 1 unit\n", "300 yuan"), "zh": ("缺1家单位", "缺300元")}[language]:
        assert sentence in out.getvalue()


@pytest.mark.parametrize(
    ("here", "zh", "en"),
    [
        (4, "做。 +4", "Do-it. +4"),
        (1, "做。 +4（本缺口+1）", "Do-it. +4 (+1 of this gap)"),
        (None, "做。 +4（本缺口多少不详）", "Do-it. +4 (of this gap: unknown)"),
    ],
)
def test_a_fix_says_how_much_of_its_gain_is_the_gap_s_own(here: int | None, zh: str, en: str) -> None:
    gain = {"gain": {"2": 4}, "gain_places": 4, "gain_project_units": 0, "gain_here": here}
    fix = {"sentence_zh": "做。", "sentence_en": "Do-it.", **gain}
    document = gaps_of(gap(by_category={"health": 9}, by_area={"a": 9}, fix=fix))
    told: list[tuple[Language, str]] = [("zh", zh), ("en", en)]
    for language, sentence in told:
        out = io.StringIO()
        show_gaps(document, {}, 8)(Console(file=out, width=240), language)
        assert f"{sentence} " in out.getvalue()


@pytest.mark.parametrize(
    ("nearest", "zh", "en"),
    [
        (
            {"reach_m": 1300.0, "reach_that_would_do_m": 1607},
            "最近的是上门助浴，半径1300米，要1607米",
            "the nearest is 上门助浴, which reaches 1300 m; 1607 m would do",
        ),
        (
            {"reach_m": 1000.0, "reach_that_would_do_m": 1607, "reach_assumed": True},
            "最近的是上门助浴，半径不详，按1000米，要1607米",
            "the nearest is 上门助浴, its reach unknown, taken as 1000 m; 1607 m would do",
        ),
        (
            {"reach_m": None, "reach_that_would_do_m": 1607},
            "最近的是上门助浴",
            "the nearest is 上门助浴",
        ),
    ],
)
def test_a_gap_says_how_many_and_how_urgent_they_are_and_what_is_nearest(
    nearest: dict[str, Any], zh: str, en: str
) -> None:
    told = {"need": "n1", "offer": "o1", "unit": "u1", "reach_assumed": False, **nearest}
    cells = {"by_category": {"health": 9}, "by_area": {"a": 9}}
    document = gaps_of(gap(reason="out_of_reach", nearest=told, **cells))
    texts: tuple[tuple[Language, str], ...] = (("zh", f"超出服务范围：{zh} "), ("en", f"Out of reach: {en} "))
    for language, sentence in texts:
        out = io.StringIO()
        show_gaps(document, {"o1": "上门助浴"}, 8)(Console(file=out, width=250), language)
        [row] = [line for line in out.getvalue().splitlines() if "上门助浴" in line]
        assert sentence in row
        assert row.split()[-3:] == ["2", "40", "9"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "150 m on average for the 3 of 23 places whose distance is known (by hand 210 m)"),
        ("zh", "距离已知的3项次（共23）平均150米（手工210米）"),
    ],
)
def test_an_average_says_how_many_places_it_counts(language: Language, sentence: str) -> None:
    document = {
        "round": {"id": "r1", "from": "2026-01-01", "to": "2026-12-31"},
        "status": "optimal",
        "needs": 12,
        "places_wanted": 30,
        "places_served": 23,
        "places_without_distance": 20,
        "nearest_first": {"places_served": 20, "served_by_priority": {}},
        "comparison": {"metres_per_place": 150.2, "nearest_first_metres_per_place": 209.8},
        "served_by_priority": {},
        "wanted_by_priority": {},
        "assumed_offers": 0,
        "projects": {"wanted": 0},
        "money": None,
        "ask_first": [],
    }
    out = io.StringIO()
    show_match(document, {})(Console(file=out, width=200), language)
    assert sentence in out.getvalue()


def test_one_is_no_plural() -> None:
    assert say("problems", "en", n=1) == "1 problem"
    assert say("problems", "en", n=2) == "2 problems"
    assert say("blind", "en", offers=1, units=0, areas=1, uncovered=1) == (
        "1 unused offer, 0 silent units, 1 unpaired area, 1 uncovered unit"
    )


def beside_of(**share: Any) -> dict[str, Any]:
    toll = {"places": -1, "people_reached": -1, "cost": -51532}
    fair = {"share": 0.9, "largest_share": 0.25, "limited_by": ["a"], "toll": None, "steps": [], "groups": []}
    pair = {"need": "n", "project": False, "offer": "o", "unit": "u", "saves": None, "instead_of": None}
    return {
        "exact": True,
        "more_places": [],
        "less_places": [],
        "fair_share": {**fair, **share},
        "distance_cap": {
            "cap_m": 10.0,
            "farthest_m": 20.0,
            "toll": toll,
            "steps": [{"cap_m": 5.0, "toll": toll}],
        },
        "stability": {
            "pairs": [{**pair, "in_the_way": {"need": "other", "project": False}}],
            "blocking_pairs": 1,
            "by_needs": toll,
            "by_offers": {**toll, "places": 3, "cost": 0},
        },
        "if_one_leaves": [{"unit": "u", "places": 2, "exact": True}],
    }


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Not all can have at least 90.0 %", "25.0 %, beyond which Plane Lane", "3 fewer", "1 more",
                "51532 fewer", "and its promises with it", "5 m", "Nobody yet", "other"]),
        ("zh", ["没有办法保证各方都至少满足90.0%", "25.0%：再高，Plane Lane", "少3", "多1",
                "少51532", "连同它的承诺", "5 m", "还没有人", "other"]),
    ],
)  # fmt: skip
def test_a_share_that_cannot_be_had_says_who_is_in_the_way(language: Language, told: list[str]) -> None:
    def shown(document: dict[str, Any]) -> str:
        out = io.StringIO()
        show_beside(document, {"a": "Plane Lane"})(Console(file=out, width=200), language)
        return out.getvalue()

    text = shown(beside_of())
    # A title may be broken anywhere.
    packed = "".join(text.split())
    assert [part for part in told if part.replace(" ", "") not in packed] == []
    assert "—" not in text
    assert "-1" not in text
    possible = shown(beside_of(share=0.25, toll={"places": 0, "people_reached": 0, "cost": 0}))
    assert told[0] not in possible
