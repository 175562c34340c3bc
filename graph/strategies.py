"""Hypothesis strategies for what the graph holds; for tests of the graph and of what is built on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from graph.codec import Field, table_fields
from graph.lifecycle import MACHINES
from graph.model import TABLES, Record
from graph.periods import PERS, Period
from graph.room import TARGETS
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


# Everything a file can hold: no half surrogates.
_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
REFERENCES: Final = ("alliance", "area", "body", "by", "offer", "party", "target", "unit")
_IDS: Final = st.sampled_from(("a", "b", "c", "单位", "a-2"))


def values_of(item: Field) -> st.SearchStrategy[Any]:
    """Values that a record's field may hold; ids come from a few, so that records refer to each other."""
    is_reference = item.name == "id" or item.optional or item.name in REFERENCES
    plain: dict[str, st.SearchStrategy[Any]] = {
        "text": _IDS if is_reference else _TEXT,
        "integer": st.integers(0, 10**9),
        "real": st.floats(-1e9, 1e9, allow_nan=False),
        "flag": st.booleans(),
        "date": days(),
        "texts": st.lists(_IDS, max_size=3, unique=True).map(tuple),
        "pairs": st.lists(st.tuples(_TEXT, _TEXT), max_size=2).map(tuple),
    }
    return st.none() | plain[item.kind] if item.optional else plain[item.kind]


def records(table: str) -> st.SearchStrategy[Record]:
    """Records of one table with any values that its fields can hold, sensible or not."""
    given = {item.name: values_of(item) for item in table_fields(table)}
    if table == "claims":
        given |= {
            "target_table": st.sampled_from(TARGETS),
            "status": st.sampled_from(tuple(MACHINES["claim"])),
        }
        given["quantity"] = st.none() | st.integers(1, 5)
    elif table == "offers":
        given |= {"per": st.sampled_from(PERS), "measure": st.sampled_from(("places", "yuan"))}
    elif table == "needs":
        given |= {
            "measure": st.sampled_from(("places", "yuan")),
            "status": st.sampled_from(tuple(MACHINES["need"])),
        }
    return st.builds(TABLES[table], **given)


def any_records() -> st.SearchStrategy[Record]:
    """Records of any table."""
    return st.sampled_from(tuple(TABLES)).flatmap(records)


def periods() -> st.SearchStrategy[Period]:
    """Planning periods: calendar years, and stretches of days."""
    years = st.integers(FIRST_DAY.year, LAST_DAY.year)
    whole = years.map(lambda year: Period(date(year, 1, 1), date(year, 12, 31)))
    return whole | st.tuples(days(), st.integers(0, 500)).map(
        lambda both: Period(both[0], both[0] + timedelta(days=both[1]))
    )
