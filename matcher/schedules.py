"""When needs and offers can meet: whether two rows share 30 minutes, asked once for each distinct pair."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.periods import Period
from graph.times import Times, TimesError, shares

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_DAYWISE_FROM = 64
"""From so many different stretches of days on, two texts are compared day by day once and for all."""


class Schedules:
    """Times of needs and offers as small numbers, and an answer for any pair of them.

    Parameters
    ----------
    period : Period
        The round; days are counted from its first.
    """

    def __init__(self, period: Period) -> None:
        self.period = period
        self._index: dict[str, int] = {"": 0}
        self._answers: dict[tuple[int, int, int, int], bool] = {}
        self._days: dict[tuple[int, int], Ints] = {}

    @property
    def texts(self) -> tuple[str, ...]:
        """Canonical texts by index; the first is any time."""
        return tuple(self._index)

    @cached_property
    def day_count(self) -> int:
        """How many days the round has."""
        return (self.period.last - self.period.first).days + 1

    def number(self, texts: Iterable[str]) -> Ints:
        """Index of each canonical text."""
        index = self._index
        return np.fromiter((index.setdefault(text or "", len(index)) for text in texts), dtype=np.int64)

    def days(self, starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]) -> tuple[Ints, Ints]:
        """First and last day of validities within the round, counted from its first.

        Where there is no such day, the last is before the first.
        """
        origin = np.datetime64(self.period.first, "D")
        first = np.where(np.isnat(starts), 0, (starts - origin).astype(np.int64))
        last = np.where(np.isnat(ends), self.day_count - 1, (ends - origin).astype(np.int64))
        return np.maximum(first, 0), np.minimum(last, self.day_count - 1)

    def share(self, times: Ints, other: Ints, first: Ints, last: Ints) -> Bools:
        """Whether rows share 30 minutes on a day from `first` to `last`, element by element.

        Parameters
        ----------
        times, other : ndarray of int64
            Indices into `texts`.
        first, last : ndarray of int64
            Days on which both are valid; none if `last` is before `first`.
        """
        result = last >= first
        open_rows = np.flatnonzero(result & ((times != 0) | (other != 0)))
        if not open_rows.size:
            return result
        low = np.minimum(times[open_rows], other[open_rows])
        high = np.maximum(times[open_rows], other[open_rows])
        code = low * len(self._index) + high
        for days in (first, last):
            code = code * self.day_count + days[open_rows]
        _, sample, inverse = np.unique(code, return_index=True, return_inverse=True)
        rows = zip(low[sample], high[sample], first[open_rows][sample], last[open_rows][sample], strict=True)
        answers = self._answer([(int(a), int(b), int(c), int(d)) for a, b, c, d in rows])
        result[open_rows] = answers[inverse]
        return result

    def _answer(self, keys: list[tuple[int, int, int, int]]) -> Bools:
        stretches: dict[tuple[int, int], int] = {}
        for low, high, _, _ in keys:
            stretches[low, high] = stretches.get((low, high), 0) + 1
        answers = np.empty(len(keys), dtype=bool)
        for row, key in enumerate(keys):
            if key not in self._answers:
                self._answers[key] = self._compare(key, daywise=stretches[key[:2]] >= _DAYWISE_FROM)
            answers[row] = self._answers[key]
        return answers

    def _compare(self, key: tuple[int, int, int, int], *, daywise: bool) -> bool:
        low, high, first, last = key
        if daywise or (low, high) in self._days:
            met = self._meetings(low, high)
            return bool(met[last + 1] > met[first])
        return shares(self._read(low), self._read(high), self._date(first), self._date(last))

    def _meetings(self, low: int, high: int) -> Ints:
        """How many of the round's days before each day have 30 minutes in common."""
        if (low, high) not in self._days:
            one, other = self._read(low), self._read(high)
            dates = [self._date(day) for day in range(self.day_count)]
            common = np.array([shares(one, other, day, day) for day in dates])
            self._days[low, high] = np.concatenate(([0], np.cumsum(common)))
        return self._days[low, high]

    def _read(self, number: int) -> Times:
        """Times by index; text that isn't canonical says nothing, which means any time."""
        try:
            return Times.read(self.texts[number])
        except TimesError:
            return Times()

    def _date(self, day: int) -> date:
        return self.period.first + timedelta(days=day)
