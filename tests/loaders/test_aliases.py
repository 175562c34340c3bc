"""Aliases: other words for categories, other names, and lists that are known by their headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Alias, CategoryRule, Need, Offer, Unit
from loaders import Known
from loaders.aliases import Aliases, Form, form_key, make_alias, read_form
from tests.loaders.readings import read_tables, records_of

HEADERS = ("登记事项", "哪一类", "", "共几次(次)")
FORM = Form(HEADERS, "needs", ("title", "category", None, "quantity"))
STRANGE = [list(HEADERS), ["修灯", "便民维修", "x", "2"], ["修窗", "便民维修", "y", "三次"]]


def said(*records: Alias | CategoryRule) -> Known:
    return Known.empty().and_said(records)


def test_another_word_for_a_category_is_read(tmp_path: Path) -> None:
    needs = [["title", "category"], ["修锁", "缝缝补补"], ["修灯", "便民维修"]]
    assert len(records_of(read_tables(tmp_path, {"needs": needs}), Need)) == 1
    known = said(make_alias("category", "缝缝补补", "repair"))
    reading = read_tables(tmp_path, {"needs": needs}, known)
    assert [need.category for need in records_of(reading, Need)] == ["repair", "repair"]
    assert not reading.report.problems


def test_a_known_word_keeps_its_meaning(tmp_path: Path) -> None:
    needs = [["title", "category"], ["修灯", "便民维修"]]
    reading = read_tables(tmp_path, {"needs": needs}, said(make_alias("category", "便民维修", "legal")))
    assert [need.category for need in records_of(reading, Need)] == ["repair"]


def test_another_name_of_a_unit_finds_it(tmp_path: Path) -> None:
    tables = {
        "units": [["id", "name"], ["u1", "玉兰社区服务社"], ["u2", "便民维修队"]],
        "offers": [
            ["title", "unit", "category"],
            ["修灯", "老玉兰", "repair"],
            ["修窗", "维修大队", "repair"],
        ],
    }
    known = said(make_alias("name", "老玉兰", "玉兰社区服务社"), make_alias("name", "维修大队", "unit:u2"))
    assert {p.problem for p in read_tables(tmp_path, tables).report.problems} == {"reference_unknown"}
    reading = read_tables(tmp_path, tables, known)
    assert {offer.unit for offer in records_of(reading, Offer)} == {"u1", "u2"}
    assert not reading.report.problems


def test_another_name_of_an_area_holds_with_and_without_its_suffix(tmp_path: Path) -> None:
    tables = {
        "areas": [["id", "name", "level"], ["a1", "紫薇居民区", "neighbourhood"]],
        "needs": [
            ["title", "category", "area"],
            ["修灯", "repair", "紫徽"],
            ["修窗", "repair", "紫徽居委会"],
        ],
    }
    reading = read_tables(tmp_path, tables, said(make_alias("name", "紫徽", "紫薇")))
    assert [need.area for need in records_of(reading, Need)] == ["a1", "a1"]


def test_a_name_that_somebody_has_is_no_alias_and_a_dead_alias_is_a_problem(tmp_path: Path) -> None:
    tables = {
        "units": [["id", "name"], ["u1", "甲社"], ["u2", "乙社"]],
        "offers": [["title", "unit", "category"], ["修灯", "甲社", "repair"], ["修窗", "丙社", "repair"]],
    }
    known = said(make_alias("name", "甲社", "乙社"), make_alias("name", "丙社", "丁社"))
    reading = read_tables(tmp_path, tables, known)
    assert [offer.unit for offer in records_of(reading, Offer)] == ["u1"]
    [problem] = reading.report.problems
    assert (problem.problem, problem.found) == ("reference_unknown", "丙社")


def test_an_alias_takes_the_place_of_a_draft(tmp_path: Path) -> None:
    offers = [["title", "unit", "category"], ["修灯", "老玉兰", "repair"]]
    first = read_tables(tmp_path, {"offers": offers})
    [draft] = records_of(first, Unit)
    names = {"units": [(draft.id, draft.name, None), ("u1", "玉兰社", None)]}
    known = Known(names=names).and_said([make_alias("name", "老玉兰", "玉兰社")])
    [offer] = records_of(read_tables(tmp_path, {"offers": offers}, known), Offer)
    assert offer.unit == "u1"
    assert offer.id == records_of(first, Offer)[0].id


def test_a_heading_that_was_said_is_a_rule(tmp_path: Path) -> None:
    needs = [["title", "list_category"], ["修灯", "杂活"]]
    known = said(CategoryRule(id="杂活", list_category="杂活", category="repair"))
    [need] = records_of(read_tables(tmp_path, {"needs": needs}, known), Need)
    assert need.category == "repair"


def test_a_list_is_known_by_its_headers(tmp_path: Path) -> None:
    rows = [["街道登记", "", "", ""], *STRANGE]
    assert read_tables(tmp_path, {"登记": rows}).report.refused > 0
    reading = read_tables(tmp_path, {"登记": rows}, said(FORM.as_alias()))
    assert [(need.title, need.quantity) for need in records_of(reading, Need)] == [("修灯", 2), ("修窗", 3)]
    assert reading.report.lists[0].table == "needs"


def test_a_list_that_is_whole_by_its_own_name_stays_what_it_is(tmp_path: Path) -> None:
    form = Form(("名称", "数量"), "needs", ("title", "quantity")).as_alias()
    rows = [["名称", "数量"], ["共建花园", "2"]]
    assert read_tables(tmp_path, {"项目清单": rows}, said(form)).report.kept == {"projects": 1}
    [problem] = read_tables(tmp_path, {"表一": rows}, said(form)).report.problems
    assert problem.values["list"] == "表一.csv"


def test_a_list_whose_columns_are_named_in_part_says_what_is_missing(tmp_path: Path) -> None:
    form = Form(HEADERS, "needs", ("title", None, None, "quantity"))
    reading = read_tables(tmp_path, {"登记": STRANGE}, said(form.as_alias()))
    [problem] = reading.report.problems
    assert (problem.problem, problem.values["wanted"]) == ("missing_column", "类别")


def test_a_list_of_aliases_is_loaded_and_what_stands_for_nothing_refused(tmp_path: Path) -> None:
    form = FORM.as_alias()
    rows = [
        ["类型", "写法", "指的是"],
        ["类别", "缝缝补补", "便民维修"],
        ["名称", "缝缝补补", "便民维修队"],
        ["清单", form.written, form.meaning],
        ["类别", "乱七八糟", "没有的类"],
        ["清单", "甲|乙", "needs|weather"],
        ["颜色", "红", "绿"],
    ]
    reading = read_tables(tmp_path, {"别名": rows})
    assert records_of(reading, Alias) == [
        make_alias("category", "缝缝补补", "repair"), make_alias("name", "缝缝补补", "便民维修队"), form,
    ]  # fmt: skip
    problems = {(p.problem, p.row) for p in reading.report.problems}
    assert problems == {("category_unreadable", 5), ("form_unreadable", 6), ("choice_unreadable", 7)}


TITLES = st.lists(st.text(max_size=6), min_size=1, max_size=5)


@given(TITLES, st.data())
def test_a_form_is_kept_as_a_record(titles: list[str], data: st.DataObject) -> None:
    names = st.sampled_from([None, "title", "category", "quantity"])
    columns = tuple(data.draw(st.lists(names, min_size=len(titles), max_size=len(titles))))
    form = Form(tuple(titles), "needs", columns)
    alias = form.as_alias()
    known = read_form(alias.written, alias.meaning)
    if any(columns) and any(form_key(titles)):
        assert known is not None
        assert (known.table, known.columns) == ("needs", columns)
        header = Aliases.of([alias]).find_header([(4, titles)])
        assert header is not None
        named = [name for name in dict.fromkeys(columns) if name is not None]
        assert [column.name for column in header.columns.values()] == named
    else:
        assert known is None


@pytest.mark.parametrize(
    "meaning", ["", "nothing|title", "needs", "needs|", "needs|weather", "needs|title|title|title"]
)
def test_what_is_no_form_is_none(meaning: str) -> None:
    assert read_form("甲|乙", meaning) is None
