"""Hypothesis strategies for what the graph holds; for tests of the graph and of what is built on it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from graph.timetable import DAY_MINUTES, LONGEST_NIGHT_MINUTES, Rule, Season, Span, Times, days_of_month

FIRST_DAY = date(2023, 1, 1)
LAST_DAY = date(2028, 12, 31)


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> st.SearchStrategy[date]:
    """Days of a few years, a leap year among them."""
    return st.dates(first, last)


@st.composite
def hours(draw: st.DrawFn) -> tuple[int, int]:
    """Hours of a day in minutes, some beyond midnight, often at full hours."""
    start = draw(st.one_of(st.integers(0, 23).map(lambda hour: hour * 60), st.integers(0, DAY_MINUTES - 1)))
    length = draw(st.one_of(st.integers(1, 60), st.integers(1, LONGEST_NIGHT_MINUTES)))
    return start, start + length


@st.composite
def spans(draw: st.DrawFn) -> Span | Season:
    """Dates once, or of each year."""
    if draw(st.booleans()):
        month, last_month = draw(st.integers(1, 12)), draw(st.integers(1, 12))
        return Season(
            (month, draw(st.integers(1, days_of_month(month)))),
            (last_month, draw(st.integers(1, days_of_month(last_month)))),
        )
    first = draw(days())
    last = first + timedelta(days=draw(st.sampled_from((0, 1, 30, 400))))
    shape = draw(st.sampled_from(("closed", "closed", "from", "to")))
    return Span(date.min if shape == "to" else first, date.max if shape == "from" else last)


def rules() -> st.SearchStrategy[Rule]:
    """One rule of times."""
    return st.builds(
        Rule,
        dates=st.lists(spans(), max_size=2).map(tuple),
        weekdays=st.frozensets(st.integers(0, 6), max_size=4),
        nths=st.frozensets(st.tuples(st.integers(0, 6), st.sampled_from((1, 2, 3, 4, 5, -1))), max_size=2),
        monthdays=st.frozensets(st.integers(1, 31), max_size=4),
        hours=st.lists(hours(), max_size=2).map(tuple),
    )


def times() -> st.SearchStrategy[Times]:
    """Times of up to three rules; none is any time."""
    return st.lists(rules(), max_size=3).map(Times.of)
