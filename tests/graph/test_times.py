from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.pieces import DAY_PARTS
from graph.strategies import days, times
from graph.times import Times, TimesError, parse_times, shares
from graph.timetable import WEEKDAYS, Span, days_of_month

READ = {
    "": "",
    "长期": "",
    "全年": "",
    "随时": "",
    "不限": "",
    "每天": "",
    "24小时": "",
    "any time": "",
    "Mo-Fr 09:00-17:00; Sa 10:00-12:00": "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
    "Mo-Fr 09:00-17:00, Sa 10:00-12:00": "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
    "Monday to Friday 9am-5pm": "Mo-Fr 09:00-17:00",
    "Mon, Wed 10:00-12:00": "Mo,We 10:00-12:00",
    "weekdays 9:00-17:00": "Mo-Fr 09:00-17:00",
    "weekends": "Sa,Su",
    "first Thursday of the month": "Th#1",
    "每周四下午": "Th 13:00-17:00",
    "每周一、三、五": "Mo,We,Fr",
    "周一、三、五上午": "Mo,We,Fr 08:00-12:00",
    "周1、3、5": "Mo,We,Fr",
    "周二四": "Tu,Th",
    "周六日": "Sa,Su",
    "周一至周五 9:00-17:00": "Mo-Fr 09:00-17:00",
    "星期一到星期五": "Mo-Fr",
    "工作日": "Mo-Fr",
    "工作日 9:00-17:00（节假日除外）": "Mo-Fr 09:00-17:00",
    "双休日": "Sa,Su",
    "周末": "Sa,Su",
    "工作日晚上、周末": "Mo-Fr 18:00-21:00; Sa,Su",
    "上午": "08:00-12:00",
    "中午": "11:00-13:00",
    "晚上": "18:00-21:00",
    "周一上午、周三下午": "Mo 08:00-12:00; We 13:00-17:00",
    "周一上午周三下午": "Mo 08:00-12:00; We 13:00-17:00",
    "上午（周一、周三）": "Mo,We 08:00-12:00",
    "寒暑假": "01-20..02-20,07-01..08-31",
    "寒假": "01-20..02-20",
    "2026年暑假": "2026-07-01..2026-08-31",
    "寒暑假工作日9点-11点半": "01-20..02-20,07-01..08-31 Mo-Fr 09:00-11:30",
    "2026-05-01": "2026-05-01",
    "2026年5月1日": "2026-05-01",
    "2026/5/1": "2026-05-01",
    "5月1日": "05-01",
    "5月1日至6月30日": "05-01..06-30",
    "2026-05-01至2026-06-30": "2026-05-01..2026-06-30",
    "2026.5.1-2026.6.30": "2026-05-01..2026-06-30",
    "2026年5月1日至6月30日 每周六": "2026-05-01..2026-06-30 Sa",
    "2026年5月1日起": "2026-05-01..",
    "2026-05-01 14:00-16:00": "2026-05-01 14:00-16:00",
    "3月-5月": "03-01..05-31",
    "2月": "02-01..02-29",
    "7、8月每周三下午": "07-01..07-31,08-01..08-31 We 13:00-17:00",
    "3月至5月 周一上午、周三下午": "03-01..05-31 Mo 08:00-12:00; 03-01..05-31 We 13:00-17:00",
    "2025年12月至2026年2月": "2025-12-01..2026-02-28",
    "第二季度": "04-01..06-30",
    "2026年上半年": "2026-01-01..2026-06-30",
    "5月上旬": "05-01..05-10",
    "每月第一个周四": "Th#1",
    "每月第一、三个周六上午9：00～11：00": "Sa#1,Sa#3 09:00-11:00",
    "每月最后一个周五14:00-16:00": "Fr#-1 14:00-16:00",
    "每月5日": "D5",
    "每月5、15日": "D5,D15",
    "每月1日至5日": "D1-5",
    "22:00-06:00": "22:00-06:00",
    "下午2点-4点": "14:00-16:00",
    "晚上7点至9点": "19:00-21:00",
    "上午9点到下午5点": "09:00-17:00",
    "9-17点": "09:00-17:00",
    "中午12点-1点": "12:00-13:00",
    "周四 18:00以后": "Th 18:00-24:00",
    "周一至周五上午9:00-11:00，下午2:00-4:00": "Mo-Fr 09:00-11:00,14:00-16:00",
    "２０２６年３月－５月　周六": "2026-03-01..2026-05-31 Sa",
}
UNREADABLE = (
    "两三次", "每周一次", "每月一次", "面议", "周八", "2026-02-30", "13月", "25:00-26:00", "9:00-5:00",
    "法定节假日", "重阳节", "，", "每周", "9-17", "6月30日至",
    "寒暑假除外", "2026-06-01至2026-05-01", "周四14:00",
)  # fmt: skip


@pytest.mark.parametrize(("text", "canonical"), READ.items())
def test_what_lists_say_is_read(text: str, canonical: str) -> None:
    assert parse_times(text) == canonical
    assert parse_times(canonical) == canonical


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(TimesError) as caught:
        parse_times(text)
    assert str(caught.value)


@pytest.mark.parametrize(
    "text", ["Mo ", "x", "Mo-Xx", "D0", "D32", "02-30", "2026-13-01", "09:00-09:00", "; ", "Th#6"]
)
def test_only_canonical_text_is_read_back(text: str) -> None:
    with pytest.raises(TimesError):
        Times.read(text)


def test_parts_of_the_day_lie_within_it() -> None:
    assert all(0 <= start < end <= 1440 for start, end in DAY_PARTS.values())


@given(times())
def test_canonical_text_round_trips(value: Times) -> None:
    assert Times.read(str(value)) == value
    assert str(Times.read(str(value))) == str(value)
    assert parse_times(str(value)) == str(value)


def minutes_of(value: Times, day: date) -> set[int]:
    """Slow and obvious: the minutes of one day at which times hold."""
    found = set() if value.rules else set(range(1440))
    for rule in value.rules:
        for start, end in rule.hours or ((0, 1440),):
            if begins_on(rule, day):
                found |= {minute for minute in range(start, end) if minute < 1440}
            if begins_on(rule, day - timedelta(days=1)):
                found |= {minute - 1440 for minute in range(start, end) if minute >= 1440}
    return found


def begins_on(rule, day: date) -> bool:
    dates = not rule.dates
    for item in rule.dates:
        if isinstance(item, Span):
            dates |= item.first <= day <= item.last
        else:
            spelled = day.strftime("%m-%d")
            first, last = (f"{month:02}-{number:02}" for month, number in (item.first, item.last))
            dates |= (first <= spelled <= last) if first <= last else (spelled >= first or spelled <= last)
    month = [day.replace(day=number) for number in range(1, days_of_month(day.month, day.year) + 1)]
    same = [other for other in month if other.weekday() == day.weekday()]
    nths = [n for weekday, n in rule.nths if weekday == day.weekday() and n <= len(same)]
    chosen = day.weekday() in rule.weekdays or day.day in rule.monthdays
    chosen |= day in [same[n - 1] if n > 0 else same[-1] for n in nths]
    return dates and (chosen or not (rule.weekdays or rule.nths or rule.monthdays))


@given(times(), times(), days(), st.integers(0, 12), st.sampled_from((1, 30, 120, 1440)))
@example(Times.read("22:00-06:00"), Times.read("05:30-07:00"), date(2026, 1, 1), 0, 30)
@example(Times.read("Fr 22:00-06:00"), Times.read("Sa 05:30-07:00"), date(2026, 5, 1), 7, 30)
@example(Times.read("02-29"), Times(), date(2024, 2, 28), 2, 30)
def test_sharing_is_what_counting_minutes_gives(one, other, first: date, length: int, minutes: int) -> None:
    last = first + timedelta(days=length)
    expected = any(
        len(minutes_of(one, day) & minutes_of(other, day)) >= minutes
        for day in (first + timedelta(days=offset) for offset in range(length + 1))
    )
    assert shares(one, other, first, last, minutes) == expected
    assert shares(other, one, first, last, minutes) == expected


def test_nobody_meets_in_no_days() -> None:
    assert not shares(Times(), Times(), date(2026, 5, 2), date(2026, 5, 1))
    assert shares(Times(), Times(), date(2026, 5, 1), date(2026, 5, 1))


def test_weekday_names_run_from_monday() -> None:
    assert WEEKDAYS[date(2026, 5, 4).weekday()] == "Mo"
