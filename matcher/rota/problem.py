"""What a rota is asked for: who takes turns, when, where, and the rules; and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from graph.periods import Period

Every = Literal["week", "month", "quarter"]
EVERY: Final[tuple[Every, ...]] = ("week", "month", "quarter")
_MONTHS: Final = {"month": 1, "quarter": 3}

Kind = Literal["cover", "away", "gap", "once", "kept"]


@dataclass(frozen=True, slots=True)
class Taker:
    """A party that takes turns.

    Attributes
    ----------
    id : str
    capacity : float
        Turns are shared in proportion to it.
    area : str or None
        The area whose turns it takes; None: any.
    away : tuple of Period
        Days on which it can't; a turn needs all days of its period.
    """

    id: str
    capacity: float = 1.0
    area: str | None = None
    away: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn that is settled already: in this period (by number) and area, this party."""

    period: int
    area: str | None
    party: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A rota to be found.

    Attributes
    ----------
    takers : tuple of Taker
    periods : tuple of Period
        One after another.
    areas : tuple of (str or None)
        In each period each of them has exactly one party on duty.
    gap : int or None
        So many periods at least lie free between two turns of a party; None: as many as go without making the
        shares less even.
    kept : tuple of Kept

    Raises
    ------
    ValueError
        If there are no periods or areas, two takers have one id, a capacity isn't above zero, the gap is
        below zero, or a kept turn names what isn't there.
    """

    takers: tuple[Taker, ...]
    periods: tuple[Period, ...]
    areas: tuple[str | None, ...] = (None,)
    gap: int | None = None
    kept: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        names = [taker.id for taker in self.takers]
        if not self.periods or not self.areas:
            raise ValueError("a rota needs at least one period and one area")
        if len(set(names)) < len(names):
            raise ValueError("two that take turns have the same id")
        if self.gap is not None and self.gap < 0:
            raise ValueError(f"the gap is {self.gap}, but may not be below 0")
        for taker in self.takers:
            if not taker.capacity > 0:
                raise ValueError(f"the capacity of {taker.id} is {taker.capacity}, but has to be above 0")
        for turn in self.kept:
            if turn.party not in names or turn.area not in self.areas or turn.period >= len(self.periods):
                raise ValueError(
                    f"the kept turn of {turn.party} names a party, area or period that isn't there"
                )


@dataclass(frozen=True, slots=True)
class Rule:
    """Something a rota has to keep, as a conflict names it.

    Attributes
    ----------
    kind : {"cover", "away", "gap", "once", "kept"}
        Somebody is on duty in this period and area; this party isn't there in this period; enough periods lie
        between two turns of one party; nobody has two turns in one period; this turn is settled already.
    period : int or None
    area, party : str or None
    """

    kind: Kind
    period: int | None = None
    area: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What falls to one party: its turns, and what would be exactly fair."""

    party: str
    turns: int
    fair: float


@dataclass(frozen=True, slots=True)
class Rota:
    """A rota, or why there is none.

    Attributes
    ----------
    turns : tuple of (int, str or None, str)
        Period by number, area, party; by period, then in the order of areas. Empty where it is impossible.
    loads : tuple of Load
        By party, in the order of the takers.
    gap : int or None
        Periods that lie free between two turns of any party; None where it is impossible.
    status : {"optimal", "bounded", "impossible"}
        `optimal`: no rota has a smaller largest deviation from the fair share, nor then a smaller sum of
        them; `bounded`: it keeps all rules, but the search was ended before that was proved.
    conflict : tuple of Rule
        Rules that can't be kept together, each of them needed for that.
    is_smallest : bool
        No smaller set of rules is in conflict.
    """

    turns: tuple[tuple[int, str | None, str], ...]
    loads: tuple[Load, ...]
    gap: int | None
    status: Literal["optimal", "bounded", "impossible"]
    conflict: tuple[Rule, ...] = ()
    is_smallest: bool = False


def cut_period(whole: Period, every: Every) -> tuple[Period, ...]:
    """Cut days into calendar weeks (from Monday), months or quarters; the first and last may be shorter."""
    found: list[Period] = []
    first = whole.first
    while first <= whole.last:
        last = min(_end(first, every), whole.last)
        found.append(Period(first, last))
        first = last + timedelta(days=1)
    return tuple(found)


def _end(day: date, every: Every) -> date:
    if every == "week":
        return day + timedelta(days=6 - day.weekday())
    size = _MONTHS[every]
    month = (day.year * 12 + day.month - 1) // size * size + size
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def touches(days: Iterable[Period], period: Period) -> bool:
    """Whether some days fall into a period."""
    return any(period.overlap(one.first, one.last) is not None for one in days)


def share_fairly(wish: Wish) -> list[float]:
    """Turns that would be exactly fair, by taker: each period's are shared among those who are of the area.

    Who is away has no smaller share: it takes its turns in other periods.
    """
    fair = [0.0] * len(wish.takers)
    for area in wish.areas:
        mine = [at for at, taker in enumerate(wish.takers) if taker.area in (None, area)]
        total = sum(wish.takers[at].capacity for at in mine)
        for at in mine:
            fair[at] += len(wish.periods) * wish.takers[at].capacity / total
    return fair
