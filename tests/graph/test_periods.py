from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.periods import PERS, Period, count_per, this_year
from graph.strategies import days, periods


def test_four_a_month_are_forty_eight_a_year() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert {per: count_per(per, year) for per in PERS} == {"round": 1, "month": 12, "quarter": 4, "year": 1}
    assert count_per("month", Period(date(2026, 1, 31), date(2026, 2, 1))) == 2
    assert count_per("year", Period(date(2025, 12, 31), date(2026, 1, 1))) == 2
    assert count_per("month", None) == 0


@given(periods())
def test_counts_are_those_of_going_through_the_days(period: Period) -> None:
    touched = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    assert count_per("month", period) == len({(day.year, day.month) for day in touched})
    assert count_per("quarter", period) == len({(day.year, (day.month - 1) // 3) for day in touched})
    assert count_per("year", period) == len({day.year for day in touched})


@given(periods(), st.none() | days(), st.none() | days(), days())
def test_an_overlap_holds_the_days_of_both(
    period: Period, first: date | None, last: date | None, day: date
) -> None:
    overlap = period.overlap(first, last)
    in_both = period.first <= day <= period.last and (first or day) <= day <= (last or day)
    assert in_both == (overlap is not None and overlap.first <= day <= overlap.last)


def test_a_period_has_a_name_and_an_order() -> None:
    assert this_year().id == str(this_year().first.year)
    assert Period(date(2026, 3, 1), date(2026, 5, 31)).id == "2026-03-01_2026-05-31"
    with pytest.raises(ValueError, match="before"):
        Period(date(2026, 1, 2), date(2026, 1, 1))
