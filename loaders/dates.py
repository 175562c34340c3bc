"""Dates as lists write them, spreadsheets' serial numbers among them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final

from loaders.counts import fold
from loaders.problems import Fault, fault

_YEARS: Final = (1900, 2199)
_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = (7_000, 110_000)
_CHINESE_YEAR: Final = str.maketrans("零〇一二三四五六七八九", "00123456789")
_ENGLISH_MONTHS: Final = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_YMD: Final = re.compile(
    r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})[日号]?|月)?|年)?(?:星期.|周.)?"
    r"(?:t?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"
)
_COMPACT: Final = re.compile(r"(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_ENGLISH: Final = re.compile(
    r"(?:(?P<day1>\d{1,2})(?P<m1>[a-z]{3,9})|(?P<m2>[a-z]{3,9})(?P<day2>\d{1,2}),)(?P<year>\d{4})"
)
_NO_END: Final = frozenset(
    {"长期", "永久", "长期有效", "至今", "无限期", "不限", "现在", "即日", "即日起", "open", "ongoing"}
)


def read_date(text: str, *, is_end: bool = False) -> date | Fault | None:
    """Read a date; a month or year alone means its first day, or its last where the date is an end.

    Reads 2026-05-01, 2026/5/1, 2026.5.1, 20260501, 2026年5月1日, 二〇二六年五月一日, `1 May 2026`, a date
    with a time of day, and spreadsheets' serial numbers (days since 30 December 1899). 长期 gives None.
    """
    folded = fold(text)
    if folded in _NO_END:
        return None
    if re.search(r"[〇零一二三四五六七八九十]", folded):
        folded = _plain_digits(folded)
    compact = _COMPACT.fullmatch(folded)
    if compact is not None:
        return _date(int(compact["year"]), int(compact["month"]), int(compact["day"]))
    match = _YMD.fullmatch(folded)
    if match is not None:
        return _from_parts(match, is_end=is_end)
    english = _ENGLISH.fullmatch(folded)
    if english is not None:
        month = _ENGLISH_MONTHS.get((english["m1"] or english["m2"])[:3], 0)
        return _date(int(english["year"]), month, int(english["day1"] or english["day2"]))
    serial = re.fullmatch(r"(\d{4,6})(?:\.\d+)?", folded)
    if serial is not None and _SERIALS[0] <= int(serial[1]) <= _SERIALS[1]:
        return _EPOCH + timedelta(days=int(serial[1]))
    return fault("date_unreadable")


def _from_parts(match: re.Match[str], *, is_end: bool) -> date | Fault:
    year = int(match["year"])
    if not _YEARS[0] <= year <= _YEARS[1]:
        return fault("date_unreadable")
    month = int(match["month"]) if match["month"] else (12 if is_end else 1)
    if not 1 <= month <= 12:
        return fault("date_unreadable")
    if match["day"]:
        return _date(year, month, int(match["day"]))
    return _date(year, month, calendar.monthrange(year, month)[1] if is_end else 1)


def _date(year: int, month: int, day: int) -> date | Fault:
    try:
        return date(year, month, day)
    except ValueError:
        return fault("date_unreadable")


def _plain_digits(text: str) -> str:
    """二〇二六年十二月三十一日 -> 2026年12月31日."""

    def tens(match: re.Match[str]) -> str:
        high, low = match[1] or "1", match[2] or "0"
        return f"{high}{low}"

    return re.sub(r"(\d?)十(\d?)", tens, text.translate(_CHINESE_YEAR))
