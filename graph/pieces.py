"""The pieces of times as people write them: what a matched date, day or hour of the text means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from graph.timetable import (
    DAY_MINUTES,
    Interval,
    Rule,
    Season,
    Span,
    TimesError,
    days_of_month,
    interval,
    monthday_range,
    weekday_range,
)
from graph.wording import word

DAY_PARTS: Final[dict[str, Interval]] = {
    "凌晨": (0, 6 * 60),
    "清晨": (6 * 60, 9 * 60),
    "早上": (6 * 60, 9 * 60),
    "早晨": (6 * 60, 9 * 60),
    "上午": (8 * 60, 12 * 60),
    "中午": (11 * 60, 13 * 60),
    "午间": (11 * 60, 13 * 60),
    "下午": (13 * 60, 17 * 60),
    "傍晚": (17 * 60, 19 * 60),
    "晚上": (18 * 60, 21 * 60),
    "晚间": (18 * 60, 21 * 60),
    "夜间": (18 * 60, 21 * 60),
    "白天": (8 * 60, 17 * 60),
    "全天": (0, DAY_MINUTES),
    "mornings": (8 * 60, 12 * 60),
    "morning": (8 * 60, 12 * 60),
    "noon": (11 * 60, 13 * 60),
    "afternoons": (13 * 60, 17 * 60),
    "afternoon": (13 * 60, 17 * 60),
    "evenings": (18 * 60, 21 * 60),
    "evening": (18 * 60, 21 * 60),
}
"""What a part of the day means where no clock time stands with it, in minutes since midnight."""

HOLIDAYS: Final[dict[str, tuple[Season, ...]]] = {
    "寒暑假": (Season((1, 20), (2, 20)), Season((7, 1), (8, 31))),
    "寒假": (Season((1, 20), (2, 20)),),
    "暑假": (Season((7, 1), (8, 31)),),
    "school holidays": (Season((1, 20), (2, 20)), Season((7, 1), (8, 31))),
    "winter holidays": (Season((1, 20), (2, 20)),),
    "summer holidays": (Season((7, 1), (8, 31)),),
}
"""School holidays, taken as the same days of every year: about those of Shanghai's schools."""

_HALF_YEARS: Final = {"上": (1, 6), "下": (7, 12)}
_THIRDS: Final = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}
_AFTERNOON_WORDS: Final = ("下午", "晚上", "晚间", "夜间", "傍晚", "中午", "午间", "晚")

Kind = Literal["dates", "days", "hours", "any", "weak", "strong"]
ORDER: Final[dict[str, int]] = {"dates": 0, "days": 1, "hours": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the text says: a kind, and a rule that holds only this."""

    kind: Kind
    rule: Rule = field(default_factory=Rule)


# -- numbers ----------------------------------------------------------------------------------------

_CHINESE_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "两": 2,
    "零": 0,
}
NUMBER: Final = r"(?:\d{1,2}|[一二三四五六七八九十两]{1,3})"


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _CHINESE_DIGITS[text] if text in _CHINESE_DIGITS else _refuse(text)
    if len(tens) > 1 or len(ones) > 1:
        return _refuse(text)
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def _refuse(text: str) -> int:
    raise TimesError(**word("times_number", text=text))


# -- dates ------------------------------------------------------------------------------------------

FULL_DATE: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"
TO: Final = r"\s*(?:-|\.\.)\s*"


def _date(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise TimesError(**word("no_date", year=year, month=month, day=day)) from error


def full_dates(match: re.Match[str]) -> Piece:
    """`2026-05-01`, `2026年5月1日-6月30日`, `2026-05-01-2026-06-30`, `2026年5月1日起`."""
    first = _date(*match.group(1, 2, 3))
    if match["open"]:
        return Piece("dates", Rule(dates=(Span(first, date.max),)))
    if match["year"]:
        last = _date(match["year"], match["month"], match["day"])
    elif match["day2"]:
        last = _date(first.year, match["month2"] or first.month, match["day2"])
    else:
        last = first
    return Piece("dates", Rule(dates=(Span(first, last),)))


def compact_dates(match: re.Match[str]) -> Piece:
    """`20260501`, `20260501-20260630`."""
    days = [_date(text[:4], text[4:6], text[6:]) for text in (match[1], match[2] or match[1])]
    return Piece("dates", Rule(dates=(Span(days[0], days[1]),)))


def month_range(match: re.Match[str]) -> Piece:
    """`3-5月`, `3月-5月`, `2026年3月-5月`, `2025年12月-2026年2月`."""
    span = _month_span(match[1], _number(match[2]), _number(match[4]), match[3])
    return Piece("dates", Rule(dates=(span,)))


def month_list(match: re.Match[str]) -> Piece:
    """`3月`, `3、6、9月`, `2026年3月`."""
    numbers = [_number(text) for text in re.findall(NUMBER, match[2])]
    return Piece("dates", Rule(dates=tuple(_month_span(match[1], number, number) for number in numbers)))


def _month_span(year: str | None, first: int, last: int, last_year: str | None = None) -> Span | Season:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise TimesError(**word("no_months", first=first, last=last))
    if year is None:
        return Season((first, 1), (last, days_of_month(last)))
    end_year = int(last_year or year)
    return Span(_date(year, first, 1), _date(end_year, last, days_of_month(last, end_year)))


def year_days(match: re.Match[str]) -> Piece:
    """`5月1日`, `5月1日-3日`, `5月1日-6月30日`, each year."""
    first = (_number(match["m1"]), _number(match["d1"]))
    last = (_number(match["m2"]) if match["m2"] else first[0], _number(match["d2"])) if match["d2"] else first
    return Piece("dates", Rule(dates=(Season(first, last),)))


def thirds(match: re.Match[str]) -> Piece:
    """`5月上旬`, with or without a year."""
    month = _number(match[2])
    whole = _month_span(match[1], month, month)
    first, last = _THIRDS[match[3]]
    if isinstance(whole, Span):
        end = min(last, whole.last.day)
        return Piece(
            "dates", Rule(dates=(Span(whole.first.replace(day=first), whole.last.replace(day=end)),))
        )
    return Piece("dates", Rule(dates=(Season((month, first), (month, min(last, whole.last[1]))),)))


def years(match: re.Match[str]) -> Piece:
    """`2026年`, `2025年-2026年`."""
    return Piece("dates", Rule(dates=(Span(_date(match[1], 1, 1), _date(match[2] or match[1], 12, 31)),)))


def quarters(match: re.Match[str]) -> Piece:
    """`第二季度`, with or without a year."""
    quarter = _number(match[2])
    return Piece("dates", Rule(dates=(_month_span(match[1], quarter * 3 - 2, quarter * 3),)))


def half_years(match: re.Match[str]) -> Piece:
    """`上半年`, with or without a year."""
    return Piece("dates", Rule(dates=(_month_span(match[1], *_HALF_YEARS[match[2]]),)))


def holidays(match: re.Match[str]) -> Piece:
    """`寒暑假`, with or without a year."""
    seasons = HOLIDAYS[match[2]]
    if match[1] is None:
        return Piece("dates", Rule(dates=seasons))
    spans = (Span(_date(match[1], *season.first), _date(match[1], *season.last)) for season in seasons)
    return Piece("dates", Rule(dates=tuple(spans)))


# -- days -------------------------------------------------------------------------------------------

WEEKDAY_CHARS: Final = "一二三四五六日"
ENGLISH_DAY: Final = (
    r"(?:mo(?:n(?:days?)?)?|tu(?:e(?:s(?:days?)?)?)?|we(?:d(?:nesdays?)?)?|th(?:u(?:r(?:s(?:days?)?)?)?)?"
    r"|fr(?:i(?:days?)?)?|sa(?:t(?:urdays?)?)?|su(?:n(?:days?)?)?)\b\.?"
)
_ENGLISH_STARTS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_ENGLISH_ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
    "5th": 5, "last": -1,
}  # fmt: skip

ORDINAL: Final = "|".join(_ENGLISH_ORDINALS)


def _weekday(char: str) -> int:
    return int(char) - 1 if char.isdigit() else WEEKDAY_CHARS.index(char)


def chinese_weekdays(match: re.Match[str]) -> Piece:
    """`周四`, `周一-周五`, `周一、三、五`, `周二四`, `周一至三、五`."""
    found: set[int] = set()
    for first, last in re.findall(rf"([{WEEKDAY_CHARS}1-7])(?:\s*-\s*周?([{WEEKDAY_CHARS}1-7]))?", match[0]):
        found |= weekday_range(_weekday(first), _weekday(last) if last else None)
    return Piece("days", Rule(weekdays=frozenset(found)))


def english_weekdays(match: re.Match[str]) -> Piece:
    """`Mo`, `Mon-Fri`, `Monday to Friday`."""
    first, last = (_ENGLISH_STARTS.index(text[:2]) if text else None for text in match.group(1, 2))
    return Piece("days", Rule(weekdays=frozenset(weekday_range(first or 0, last))))


def chinese_nths(match: re.Match[str]) -> Piece:
    """`每月第一个周四`, `每月第一、三个周六`, `每月最后一个周五`."""
    weekday = _weekday(match["weekday"])
    said = re.findall(NUMBER, match["numbers"] or "一")
    numbers = [-1] if match["last"] else [_number(text) for text in said]
    if not all(number == -1 or 1 <= number <= 5 for number in numbers):
        raise TimesError(**word("no_month_day", day=match[0]))
    return Piece("days", Rule(nths=frozenset((weekday, number) for number in numbers)))


def english_nths(match: re.Match[str]) -> Piece:
    """`first Thursday`, `1st and 3rd Sat`."""
    weekday = _ENGLISH_STARTS.index(match[2][:2])
    numbers = [_ENGLISH_ORDINALS[word] for word in re.findall(r"\w+", match[1]) if word in _ENGLISH_ORDINALS]
    return Piece("days", Rule(nths=frozenset((weekday, number) for number in numbers)))


def monthdays(match: re.Match[str]) -> Piece:
    """`每月5日`, `每月5、15日`, `每月1日-5日`."""
    found: set[int] = set()
    for first, last in re.findall(rf"({NUMBER})日?(?:\s*-\s*({NUMBER}))?", match[1]):
        found |= monthday_range(_number(first), _number(last) if last else None)
    return Piece("days", Rule(monthdays=frozenset(found)))


def days(*weekdays: int) -> Callable[[re.Match[str]], Piece]:
    """A reader of a word that stands for certain weekdays."""
    return lambda _: Piece("days", Rule(weekdays=frozenset(weekdays)))


# -- hours ------------------------------------------------------------------------------------------

_PART: Final = "|".join(DAY_PARTS) + "|早|晚"
CLOCK: Final = (
    rf"(?:({_PART})\s*)?({NUMBER})(?:[:.](\d\d)(?!\d)|[点时](半|一刻|三刻|\d{{1,2}}分?)?)?\s*(am|pm)?"
)
_PAST: Final = {"半": 30, "一刻": 15, "三刻": 45}


def hours(match: re.Match[str]) -> Piece:
    """`9:00-17:00`, `上午9点-11点半`, `下午2点-4点`, `9-17点`, `9am-5pm`."""
    first, last = match.group(1, 2, 3, 4, 5), match.group(6, 7, 8, 9, 10)
    if not (last[2] or last[4] or re.search("[点时]", match[0]) or first[0]):
        raise TimesError(**word("maybe_hours", text=match[0]))
    start = _minutes(*first)
    end = _minutes(*last)
    said = last[0] or (None if last[4] else first[0])
    if end < 12 * 60 + 60 and last[0] is None and said in _AFTERNOON_WORDS and end + 720 > start >= end:
        end += 720
    return Piece("hours", Rule(hours=(interval(start % DAY_MINUTES, end),)))


def _minutes(part: str | None, hour: str, minute: str | None, past: str | None, half: str | None) -> int:
    found = _number(hour)
    is_forenoon = part in ("中午", "午间") and found > 9
    if (half == "pm" or part in _AFTERNOON_WORDS) and found < 12 and not is_forenoon:
        found += 12
    elif half == "am" and found == 12:
        found = 0
    elif part in ("晚上", "晚间", "夜间", "晚") and found == 12:
        found = 24
    extra = int(minute) if minute else _PAST.get(past or "", 0) or int((past or "0").rstrip("分") or 0)
    if found > 24 or extra > 59 or found * 60 + extra > DAY_MINUTES:
        raise TimesError(**word("no_clock", hour=hour, minute=extra))
    return found * 60 + extra


def hours_after(match: re.Match[str]) -> Piece:
    """`18:00以后`."""
    return Piece("hours", Rule(hours=((_minutes(*match.group(1, 2, 3, 4, 5)), DAY_MINUTES),)))


def day_part(match: re.Match[str]) -> Piece:
    """`上午`, `evening`."""
    return Piece("hours", Rule(hours=(DAY_PARTS[match[0]],)))
