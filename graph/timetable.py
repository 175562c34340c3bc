"""Recurring times: which minutes of which days a need or an offer can be met.

A `Times` is a list of rules, any of which may hold; a rule joins up to three parts, all of which must
hold: dates, days, hours. Its canonical text is what records keep:

    times = "" | rule *("; " rule)              "" is any time
    rule  = [dates] [" " days] [" " hours]      at least one part
    dates = span *("," span)
    span  = day [".." day] | day ".." | ".." day     2026-05-01..2026-06-30; an open side has no end
          | month-day [".." month-day]               05-01..06-30, each year; 11-01..02-29 spans New Year
    days  = selector *("," selector)
    selector = weekday ["-" weekday]            Mo Tu We Th Fr Sa Su; Mo-Fr
             | weekday "#" ("1".."5" | "-1")    Th#1: the month's first Thursday; -1: its last
             | "D" day ["-" day]                D5, D1-10: days of each month
    hours = from "-" to *("," from "-" to)      09:00-17:00; to 24:00; 22:00-06:00 ends on the next day

Public holidays are not known: Mo-Fr holds on them too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from graph.errors import LinliError
from graph.wording import word

DAY_MINUTES: Final = 1440
WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LONGEST_NIGHT_MINUTES: Final = 16 * 60
"""Hours that end on the next day last at most so long: 9:00-5:00 is more likely a slip for 17:00."""

MonthDay = tuple[int, int]
Interval = tuple[int, int]
_ONE_DAY: Final = timedelta(days=1)


class TimesError(LinliError, ValueError):
    """A text that can't be read as times."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from `first` to `last`, both included; `date.min` and `date.max` stand for an open side."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise TimesError(**word("days_reversed", last=self.last, first=self.first))

    def holds(self, day: date) -> bool:
        """Whether a day lies in the span."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        first = "" if self.first == date.min else self.first.isoformat()
        last = "" if self.last == date.max else self.last.isoformat()
        return first if first == last else f"{first}..{last}"


@dataclass(frozen=True, slots=True, order=True)
class Season:
    """Days of each year from one month and day to another, both included, across New Year if need be.

    29 February as the last day stands for the end of February in every year.
    """

    first: MonthDay
    last: MonthDay

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            if not (1 <= month <= 12 and 1 <= day <= days_of_month(month)):
                raise TimesError(**word("no_day_in_month", day=day, month=month))

    def holds(self, day: date) -> bool:
        """Whether a day lies in the season."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def __str__(self) -> str:
        first, last = (f"{month:02}-{day:02}" for month, day in (self.first, self.last))
        return first if first == last else f"{first}..{last}"


def days_of_month(month: int, year: int = 2000) -> int:
    """How many days a month has (in a leap year where none is given)."""
    return (date(year + month // 12, month % 12 + 1, 1) - _ONE_DAY).day


@dataclass(frozen=True, slots=True)
class Rule:
    """Dates, days and hours that must all hold; an empty part restricts nothing.

    Attributes
    ----------
    dates : tuple of Span and Season
    weekdays : frozenset of int
        0 is Monday.
    nths : frozenset of (int, int)
        The month's n-th (1 to 5; -1: last) such weekday, as (weekday, n).
    monthdays : frozenset of int
        Days of each month. Weekdays, n-th weekdays and days of the month widen each other.
    hours : tuple of (int, int)
        From and to in minutes since midnight; beyond 1440 on the next day.
    """

    dates: tuple[Span | Season, ...] = ()
    weekdays: frozenset[int] = frozenset()
    nths: frozenset[tuple[int, int]] = frozenset()
    monthdays: frozenset[int] = frozenset()
    hours: tuple[Interval, ...] = ()

    def normal(self) -> Rule:
        """The same rule in its one normal form."""
        every_day = len(self.weekdays) == len(WEEKDAYS) or len(self.monthdays) == 31
        spans = sorted({item for item in self.dates if isinstance(item, Span)})
        seasons = sorted({item for item in self.dates if isinstance(item, Season)})
        always = Span(date.min, date.max) in spans or Season((1, 1), (12, 31)) in seasons
        return Rule(
            dates=() if always else (*spans, *seasons),
            weekdays=frozenset() if every_day else self.weekdays,
            nths=frozenset() if every_day else frozenset(n for n in self.nths if n[0] not in self.weekdays),
            monthdays=frozenset() if every_day else self.monthdays,
            hours=_normal_hours(self.hours),
        )

    def holds(self, day: date) -> bool:
        """Whether the rule's hours begin on a day."""
        if self.dates and not any(item.holds(day) for item in self.dates):
            return False
        if not (self.weekdays or self.nths or self.monthdays):
            return True
        weekday = day.weekday()
        if weekday in self.weekdays or day.day in self.monthdays:
            return True
        is_last = (day + timedelta(days=7)).month != day.month
        return (weekday, (day.day + 6) // 7) in self.nths or (is_last and (weekday, -1) in self.nths)

    def __str__(self) -> str:
        days = [*_runs(self.weekdays, WEEKDAYS.__getitem__, shortest=3)]
        days += [f"{WEEKDAYS[weekday]}#{n}" for weekday, n in sorted(self.nths)]
        days += [f"D{run}" for run in _runs(self.monthdays, str, shortest=2)]
        parts = (
            ",".join(str(item) for item in self.dates),
            ",".join(days),
            ",".join(f"{_clock(start)}-{_clock(end)}" for start, end in self.hours),
        )
        return " ".join(part for part in parts if part)


def _normal_hours(hours: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sorted, those within the day joined where they touch; none if they fill the day."""
    nights, merged = set(), list[Interval]()
    for start, end in sorted(hours):
        _check_hours(start, end)
        if end > DAY_MINUTES:
            nights.add((start, end))
        elif merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return () if merged[:1] == [(0, DAY_MINUTES)] else tuple(sorted({*merged, *nights}))


def _check_hours(start: int, end: int) -> None:
    if not (0 <= start < DAY_MINUTES and start < end):
        raise TimesError(**word("no_stretch", start=_clock(start), end=_clock(end)))
    if end > DAY_MINUTES and end - start > LONGEST_NIGHT_MINUTES:
        raise TimesError(
            **word("into_next_day", start=_clock(start), end=_clock(end), hours=(end - start) / 60)
        )


def _clock(minutes: int) -> str:
    inside = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{inside // 60:02}:{inside % 60:02}"


def _runs(numbers: Iterable[int], label: Callable[[int], str], *, shortest: int) -> Iterable[str]:
    """Consecutive numbers as `first-last`, where a run is long enough."""
    ordered = sorted(numbers)
    start = 0
    for stop in range(1, len(ordered) + 1):
        if stop < len(ordered) and ordered[stop] == ordered[stop - 1] + 1:
            continue
        run = ordered[start:stop]
        yield from [f"{label(run[0])}-{label(run[-1])}"] if len(run) >= shortest else map(label, run)
        start = stop


@dataclass(frozen=True, slots=True)
class Times:
    """When something can take place: any of the rules; none means any time."""

    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Times:
        """Times of rules in any order, in their normal form."""
        normal = {rule.normal() for rule in rules}
        return cls() if Rule() in normal else cls(tuple(sorted(normal, key=str)))

    @classmethod
    def read(cls, canonical: str) -> Times:
        """Read canonical text, as records keep it.

        Raises
        ------
        TimesError
            If the text isn't in the canonical grammar.
        """
        return _read(canonical)

    def __str__(self) -> str:
        return "; ".join(str(rule) for rule in self.rules)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Minutes of one day on which the times hold, as disjoint (from, to) in order."""
        if not self.rules:
            return ((0, DAY_MINUTES),)
        found: list[Interval] = []
        for rule in self.rules:
            hours = rule.hours or ((0, DAY_MINUTES),)
            if rule.holds(day):
                found += [(start, min(end, DAY_MINUTES)) for start, end in hours]
            nights = [end - DAY_MINUTES for _, end in hours if end > DAY_MINUTES]
            if nights and day > date.min and rule.holds(day - _ONE_DAY):
                found.append((0, max(nights)))
        return _union(found)


def _union(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


_DAY: Final = r"\d{4}-\d\d-\d\d"
_MONTH_DAY: Final = r"\d\d-\d\d"
_SPAN: Final = rf"{_DAY}(?:\.\.(?:{_DAY})?)?|\.\.{_DAY}|{_MONTH_DAY}(?:\.\.{_MONTH_DAY})?"
_NAME: Final = "|".join(WEEKDAYS)
_SELECTOR: Final = rf"(?:{_NAME})(?:-(?:{_NAME})|#(?:[1-5]|-1))?|D\d{{1,2}}(?:-\d{{1,2}})?"
_HOURS: Final = r"\d\d:\d\d-\d\d:\d\d"
_RULE: Final = re.compile(
    rf"(?P<dates>(?:{_SPAN})(?:,(?:{_SPAN}))*)?(?:(?:^| )(?P<days>(?:{_SELECTOR})(?:,(?:{_SELECTOR}))*))?"
    rf"(?:(?:^| )(?P<hours>{_HOURS}(?:,{_HOURS})*))?"
)


@lru_cache(maxsize=65_536)
def _read(canonical: str) -> Times:
    if not canonical:
        return Times()
    return Times.of(_read_rule(part) for part in canonical.split("; "))


def _read_rule(text: str) -> Rule:
    match = _RULE.fullmatch(text)
    if match is None or not text:
        raise TimesError(**word("not_canonical", text=text))
    weekdays, nths, monthdays = set[int](), set[tuple[int, int]](), set[int]()
    for selector in (match["days"] or "").split(",") if match["days"] else ():
        if selector.startswith("D"):
            monthdays |= monthday_range(*(int(n) for n in selector[1:].split("-")))
        elif "#" in selector:
            nths.add((WEEKDAYS.index(selector[:2]), int(selector[3:])))
        else:
            weekdays |= weekday_range(*(WEEKDAYS.index(name) for name in selector.split("-")))
    return Rule(
        dates=tuple(_read_span(part) for part in match["dates"].split(",")) if match["dates"] else (),
        weekdays=frozenset(weekdays),
        nths=frozenset(nths),
        monthdays=frozenset(monthdays),
        hours=tuple(_read_hours(part) for part in match["hours"].split(",")) if match["hours"] else (),
    )


def weekday_range(first: int, last: int | None = None) -> set[int]:
    """Weekdays from one to another, across Sunday if need be."""
    last = first if last is None else last
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def monthday_range(first: int, last: int | None = None) -> set[int]:
    """Days of the month from one to another."""
    last = first if last is None else last
    if not 1 <= first <= last <= 31:
        raise TimesError(**word("no_month_days", first=first, last=last))
    return set(range(first, last + 1))


def _read_span(text: str) -> Span | Season:
    first, dots, last = text.partition("..")
    try:
        if len(first or last) == len("05-01"):
            ends = [(int(part[:2]), int(part[3:])) for part in (first, last or first)]
            return Season(ends[0], ends[1])
        start = date.fromisoformat(first) if first else date.min
        if not dots:
            return Span(start, start)
        return Span(start, date.fromisoformat(last) if last else date.max)
    except ValueError as error:
        raise (
            error if isinstance(error, TimesError) else TimesError(**word("times_date", text=text))
        ) from error


def _read_hours(text: str) -> Interval:
    numbers = [int(part) for part in re.split("[:-]", text)]
    return interval(numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3])


def interval(start: int, end: int) -> Interval:
    """Hours from minutes of the day; an end that isn't after the start is on the next day.

    Raises
    ------
    TimesError
        If a clock doesn't show them, or they would last longer than `LONGEST_NIGHT_MINUTES`.
    """
    if not (0 <= start < DAY_MINUTES and 0 <= end <= DAY_MINUTES) or (start == end and start):
        raise TimesError(**word("no_stretch", start=_clock(start), end=_clock(end)))
    found = (start, end if end > start else end + DAY_MINUTES)
    _check_hours(*found)
    return found
