"""What a cell means, for every kind of column."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import UNLIMITED
from loaders.cells import READERS
from loaders.counts import Count, read_count, read_number
from loaders.dates import read_date
from loaders.problems import Fault


def count(
    value: int | None, per: str = "", measure: str = "", approx: str = "", *, turned: bool = False
) -> Count:
    return Count(value, per, measure, approx, turned)


READ = [
    ("quantity", "3", count(3)),
    ("quantity", "３", count(3)),
    ("quantity", " 3 ", count(3)),
    ("quantity", "3.0", count(3)),
    ("quantity", "1,000", count(1000)),
    ("quantity", "20人", count(20, measure="places")),
    ("quantity", "２０ 户", count(20, measure="places")),
    ("quantity", "两", count(2)),
    ("quantity", "十", count(10)),
    ("quantity", "三十", count(30)),
    ("quantity", "二十五场", count(25, measure="places")),
    ("quantity", "一百零五", count(105)),
    ("quantity", "三千余人", count(3000, measure="places", approx="余")),
    ("quantity", "2.9万", count(29_000)),
    ("quantity", "约20人", count(20, measure="places", approx="约")),
    ("quantity", "余3次", count(3, measure="places", approx="余")),
    ("quantity", "20人左右", count(20, measure="places", approx="约")),
    ("quantity", "10余次", count(10, measure="places", approx="余")),
    ("quantity", "近300人", count(300, measure="places", approx="近")),
    ("quantity", "若干", count(None)),
    ("quantity", "2000元", count(2000, measure="yuan")),
    ("quantity", "2万元", count(20_000, measure="yuan")),
    ("capacity", "0", count(0)),
    ("capacity", "不限", count(UNLIMITED)),
    ("capacity", "any", count(UNLIMITED)),
    ("capacity", "不详", count(None)),
    ("capacity", "每月一次", count(1, "month", "places")),
    ("capacity", "每月1次", count(1, "month", "places")),
    ("capacity", "4次/月", count(4, "month", "places")),
    ("capacity", "每季度1场", count(1, "quarter", "places")),
    ("capacity", "每年10场", count(10, "year", "places")),
    ("capacity", "4 per month", count(4, "month")),
    ("capacity", "每周两次", count(104, "year", "places", turned=True)),
    ("capacity", "每两个月一次", count(6, "year", "places", turned=True)),
    ("capacity", "每半年1次", count(2, "year", "places", turned=True)),
    ("amount", "2,000", (2000.0, "")),
    ("amount", "300万元", (3_000_000.0, "")),
    ("amount", "约1.5万", (15_000.0, "约")),
    ("reach", "800", 800.0),
    ("reach", "８００米", 800.0),
    ("reach", "1.5公里", 1500.0),
    ("reach", "2km", 2000.0),
    ("reach", "不限", float("inf")),
    ("date", "2026-05-01", date(2026, 5, 1)),
    ("date", "2026/5/1", date(2026, 5, 1)),
    ("date", "2026.5.1", date(2026, 5, 1)),
    ("date", "20260501", date(2026, 5, 1)),
    ("date", "２０２６年５月１日", date(2026, 5, 1)),
    ("date", "二〇二六年十二月三十一日", date(2026, 12, 31)),
    ("date", "2026-05-01 09:30:00", date(2026, 5, 1)),
    ("date", "46143", date(2026, 5, 1)),
    ("date", "1 May 2026", date(2026, 5, 1)),
    ("date", "2026年", date(2026, 1, 1)),
    ("end_date", "2026年", date(2026, 12, 31)),
    ("end_date", "2028年2月", date(2028, 2, 29)),
    ("end_date", "长期", None),
    ("priority", "1", 1),
    ("priority", "紧急", 1),
    ("priority", "一般", 3),
    ("priority", "二级", 2),
    ("yes_no", "是", True),
    ("yes_no", "√", True),
    ("yes_no", "否", False),
    ("yes_no", "No", False),
    ("category", "养老助老", "elder_care"),
    ("category", "elder_care", "elder_care"),
    ("category", "Elder care", "elder_care"),
    ("category", "义诊", "health"),
    ("category", "health.tcm", "health.tcm"),
    ("category", "中医", "health.tcm"),
    ("category", "health.eyes", "health.eyes"),
    ("category", "医疗健康/中医", "health.tcm"),
    ("per", "每季度", "quarter"),
    ("per", "年度", "year"),
    ("mode", "上门", "visit"),
    ("measure", "人次", "places"),
    ("measure", "元", "yuan"),
    ("level", "居委会", "neighbourhood"),
    ("crs", "百度", "bd09"),
    ("crs", "ＧＣＪ－０２", "gcj02"),
    ("precision", "门牌", "address"),
    ("claim_status", "已婉拒", "declined"),
    ("tags", "轮椅、手语；夜间,轮椅", ("轮椅", "手语", "夜间")),
    ("tags", "无", ()),
    ("references", "甲;乙、丙", ("甲", "乙", "丙")),
    ("id", "310110021.0", "310110021"),
    ("id", "0012", "0012"),
    ("degrees", "121.4737", 121.4737),
    ("degrees", "121.4737°E", 121.4737),
    ("times", "", ""),
]

FAULTS = [
    ("quantity", "0", "number_too_small"),
    ("quantity", "-2", "number_too_small"),
    ("quantity", "3.5", "number_fraction"),
    ("quantity", "两三次", "number_vague"),
    ("quantity", "3-5次", "number_vague"),
    ("quantity", "好几次", "number_unreadable"),
    ("quantity", "每月4次，每次20人", "number_unreadable"),
    ("quantity", "3.1E+17", "number_too_large"),
    ("quantity", "半", "number_unreadable"),
    ("amount", "很多", "amount_unreadable"),
    ("reach", "本街道", "reach_unreadable"),
    ("reach", "0", "reach_unreadable"),
    ("date", "2026-02-30", "date_unreadable"),
    ("date", "5月1日", "date_unreadable"),
    ("date", "01/02/2026", "date_unreadable"),
    ("date", "年内", "date_unreadable"),
    ("priority", "6", "priority_unreadable"),
    ("priority", "越快越好", "priority_unreadable"),
    ("yes_no", "也许", "yes_no_unreadable"),
    ("category", "杂事", "category_unreadable"),
    ("category", "nothing.below", "category_unreadable"),
    ("per", "每天", "choice_unreadable"),
    ("crs", "火星", "crs_unreadable"),
    ("id", "3.10110021001003E+17", "id_lost_digits"),
    ("code", "1.2E+17", "code_lost_digits"),
    ("degrees", "东边", "coordinate_unreadable"),
    ("times", "看店里安排", "times_unreadable"),
]


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_cell_is_read(kind: str, text: str, value: object) -> None:
    assert READERS[kind](text) == value


@pytest.mark.parametrize(("kind", "text", "problem"), FAULTS)
def test_unreadable_cell_is_a_fault(kind: str, text: str, problem: str) -> None:
    found = READERS[kind](text)
    assert isinstance(found, Fault)
    assert found.problem == problem


def test_vague_number_names_what_it_may_be() -> None:
    found = read_count("两三次")
    assert isinstance(found, Fault)
    assert dict(found.values)["choices"] == "2、3"


def in_chinese(number: int) -> str:
    """Plain reference: 1..9999 in Chinese numerals."""
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    text, written = "", str(number)
    for place, char in zip(range(len(written) - 1, -1, -1), written, strict=True):
        if char != "0":
            text += digits[int(char)] + units[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


@given(st.integers(1, 9_999))
def test_chinese_numerals_round_trip(number: int) -> None:
    assert read_number(in_chinese(number)) == number


@given(st.integers(1, 10_000_000), st.sampled_from(["{}", "{}次", "约{}人", "{:,}", "{}.0", " {} "]))
def test_counts_round_trip(number: int, form: str) -> None:
    found = read_count(form.format(number))
    assert isinstance(found, Count)
    assert found.value == number


@given(
    st.dates(date(1950, 1, 1), date(2150, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%dT08:00:00"]),
)
def test_dates_round_trip(day: date, form: str) -> None:
    assert read_date(day.strftime(form)) == day
    assert read_date(str((day - date(1899, 12, 30)).days)) == day
    assert read_date(f"{(day - date(1899, 12, 30)) / timedelta(days=1) + 0.5}") == day


@pytest.mark.parametrize("text", ["1e400", "1e999999999", "1e-999999999", "9" * 400, "9" * 5000, "1,5.x"])
def test_no_number_is_larger_than_anything_counted(text):
    assert read_number(text) is None
