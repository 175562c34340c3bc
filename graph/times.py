"""Times: reading what lists say about them, and whether a need and an offer can meet.

`graph.timetable` has the canonical grammar, `graph.phrases` the words that people use.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.phrases import read_phrase
from graph.timetable import Interval, Times, TimesError

__all__ = ["MEETING_MINUTES", "Times", "TimesError", "parse_times", "shares"]

MEETING_MINUTES: Final = 30
"""A need and an offer meet if they share so many minutes of one day."""


@lru_cache(maxsize=65_536)
def parse_times(text: str) -> str:
    """Canonical text of times as a list says them; empty for any time.

    Reads canonical text, 周一至周五 9:00-17:00, 每周四下午, 周一、三、五上午, 工作日 (Monday to Friday:
    public holidays aren't known, so 节假日除外 changes nothing), 周末, 每天, 寒暑假, 每月第一个周四,
    每月5日, 3月-5月, 5月1日 (each year), 2026-05-01至2026-06-30, 长期 (any time), English day names,
    full-width characters, and several of these joined by a semicolon or comma. Parts of the day have the
    hours of `graph.pieces.DAY_PARTS`, school holidays the dates of `graph.pieces.HOLIDAYS`.

    Raises
    ------
    TimesError
        If anything in it can't be read, naming the part.
    """
    stripped = text.strip()
    try:
        return str(Times.read(stripped))
    except TimesError:
        return str(read_phrase(stripped))


def shares(times: Times, other: Times, first: date, last: date, minutes: int = MEETING_MINUTES) -> bool:
    """Whether two times have enough minutes in common on one and the same day.

    Parameters
    ----------
    times, other : Times
        Those of a need and an offer.
    first, last : date
        The days that count, both included: those of the round on which both are valid.
    minutes : int
        How many minutes of the day (in all) both must hold.
    """
    if last < first:
        return False
    if not times.rules and not other.rules:
        return minutes <= 24 * 60
    codes, profiles = _profiles(times, first, last)
    other_codes, other_profiles = _profiles(other, first, last)
    pairs = np.unique(codes.astype(np.int64) * len(other_profiles) + other_codes)
    return any(
        _common_minutes(profiles[pair // len(other_profiles)], other_profiles[pair % len(other_profiles)])
        >= minutes
        for pair in pairs.tolist()
    )


def minutes_apart(times: Times, other: Times, first: date, last: date) -> int | None:
    """By how many minutes either of two times would have to hold longer on some day for both to meet.

    Parameters
    ----------
    times, other : Times
    first, last : date
        The days that count, both included.

    Returns
    -------
    int or None
        0 where they share `MEETING_MINUTES` already; None where there is no day on which both hold at all.
    """
    if last < first:
        return None
    codes, profiles = _profiles(times, first, last)
    other_codes, other_profiles = _profiles(other, first, last)
    pairs = np.unique(codes.astype(np.int64) * len(other_profiles) + other_codes).tolist()
    days = [
        (profiles[pair // len(other_profiles)], other_profiles[pair % len(other_profiles)]) for pair in pairs
    ]
    return min((_minutes_short(one, two) for one, two in days if one and two), default=None)


def _minutes_short(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> int:
    """Minutes that two days' hours lack of `MEETING_MINUTES`, from their nearest ends on."""
    away = min(max(b[0] - a[1], a[0] - b[1], 0) for a in one for b in other)
    return max(MEETING_MINUTES + away - _common_minutes(one, other), 0)


@lru_cache(maxsize=16_384)
def _profiles(times: Times, first: date, last: date) -> tuple[NDArray[Any], list[tuple[Interval, ...]]]:
    """The different kinds of day that times make, and which of them each day is."""
    found: dict[tuple[Interval, ...], int] = {}
    codes = np.empty((last - first).days + 1, dtype=np.int32)
    for offset in range(len(codes)):
        intervals = times.intervals(first + timedelta(days=offset))
        codes[offset] = found.setdefault(intervals, len(found))
    return codes, list(found)


def _common_minutes(one: tuple[Interval, ...], other: tuple[Interval, ...]) -> int:
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
