"""Turns of duty of an alliance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from api.services.errors import BadWishError
from api.services.records import find_record
from graph.model import PARTY_TABLES
from graph.periods import Period, this_year
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Store
    from matcher.rota.problem import Every

_AWAY = re.compile(r"(?P<party>.+):(?P<first>\d{4}-\d\d-\d\d)(?:\.\.(?P<last>\d{4}-\d\d-\d\d))?")


def make_rota(
    store: Store,
    *,
    body: str | None = None,
    period: Period | None = None,
    every: Every = "month",
    gap: int | None = None,
    by_area: bool = False,
    equal: bool = False,
    away: Sequence[str] = (),
) -> dict[str, Any]:
    """Plan an alliance's turns: the document of `linli rota`; see `matcher.rota.plan.plan_rota`.

    Parameters
    ----------
    store : Store
    body : str, optional
        Id or name of an alliance; by default the one with most members.
    period : Period, optional
        By default this calendar year.
    every, gap, by_area, equal
    away : sequence of str
        Who can't when, as `PARTY:YYYY-MM-DD` or `PARTY:YYYY-MM-DD..YYYY-MM-DD`.

    Raises
    ------
    NotFoundError, AmbiguousError
        If nobody, or several, answer to a name.
    BadWishError
        If an absence isn't written so.
    NoRotaError
        If the alliance has no members.
    """
    from matcher.rota.plan import plan_rota

    chosen = None if body is None else find_record(store, body, ("alliances",)).id
    absent: dict[str, list[Period]] = {}
    for text in away:
        party, days = _read_absence(text)
        absent.setdefault(find_record(store, party, PARTY_TABLES).id, []).append(days)
    return plan_rota(
        store.snapshot(),
        chosen,
        period or this_year(),
        every=every,
        gap=gap,
        by_area=by_area,
        equal=equal,
        away=absent,
    )


def read_days(first: date | None, last: date | None) -> Period:
    """The days from one to another; with one given, those of its year; with none, this year.

    Raises
    ------
    BadWishError
        If the last comes before the first.
    """
    start = first or (date(last.year, 1, 1) if last else this_year().first)
    end = last or date(start.year, 12, 31)
    if end < start:
        raise BadWishError(**word("end_before_start", end=end, start=start))
    return Period(start, end)


def _read_absence(text: str) -> tuple[str, Period]:
    found = _AWAY.fullmatch(text)
    try:
        if found is not None:
            first = date.fromisoformat(found["first"])
            return found["party"], Period(first, date.fromisoformat(found["last"] or found["first"]))
    except ValueError as error:
        raise _wrong_absence(text) from error
    raise _wrong_absence(text)


def _wrong_absence(text: str) -> BadWishError:
    return BadWishError(**word("bad_absence", text=text))
