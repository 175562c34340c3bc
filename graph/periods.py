"""Planning periods, and how often something per month, quarter or year comes up in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

TIME_ZONE: Final = ZoneInfo("Asia/Shanghai")
PERS: Final = ("round", "month", "quarter", "year")
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `first` to `last`, both included.

    Raises
    ------
    ValueError
        If the last day is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends on {self.last}, before it begins on {self.first}")

    @property
    def id(self) -> str:
        """`2026` for a calendar year, else both days."""
        if (self.first, self.last) == (date(self.first.year, 1, 1), date(self.first.year, 12, 31)):
            return str(self.first.year)
        return f"{self.first}_{self.last}"

    def overlap(self, valid_from: date | None, valid_to: date | None) -> Period | None:
        """The days of the period on which a validity holds, or None."""
        first = max(self.first, valid_from or date.min)
        last = min(self.last, valid_to or date.max)
        return Period(first, last) if first <= last else None


def today() -> date:
    """Today in Shanghai."""
    return datetime.now(TIME_ZONE).date()


def read_day(day: date | str) -> date:
    """A day that is given as one, as a time, or as text like 2026-03-31.

    Raises
    ------
    ValueError
        It is none of these.
    """
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise ValueError(f"“{day}” is no day: give a date, or text like 2026-03-31") from None


def this_year() -> Period:
    """The calendar year that today falls in, the default round."""
    return year_of(today())


def year_of(day: date) -> Period:
    """The calendar year of a day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def count_per(per: str, period: Period | None) -> int:
    """How many calendar months, quarters or years a stretch of days touches; `round` counts once.

    A capacity of 4 per month over a calendar year is 4 * 12 = 48.
    """
    if period is None:
        return 0
    if per == "round":
        return 1
    size = _MONTHS[per]
    first, last = period.first, period.last
    return (last.year * 12 + last.month - 1) // size - (first.year * 12 + first.month - 1) // size + 1
