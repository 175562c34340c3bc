"""Whom to pair next: for one party, and for all at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from api.services.records import find_record
from graph.errors import NotFoundError
from graph.model import PARTY_TABLES
from graph.wording import word

if TYPE_CHECKING:
    from graph.periods import Period
    from graph.snapshot import Snapshot
    from graph.store import Store
    from matcher.instance import Instance
    from matcher.solution import Solution


def find_partners(
    store: Store,
    snapshot: Snapshot,
    party: str,
    *,
    top: int = 10,
    period: Period | None = None,
    as_of: date | None = None,
) -> list[dict[str, Any]]:
    """Rank the parties that one should pair with: the document of `linli pair --for`.

    Parameters
    ----------
    store : Store
    snapshot : Snapshot
        What it holds.
    party : str
        Id or name of a unit, area, alliance, branch or station.
    top : int
        So many at most.
    period : Period, optional
        The round's days; by default the calendar year of the day, else this one.
    as_of : date, optional
        By the records that are valid on that day alone.

    Raises
    ------
    NotFoundError, AmbiguousError
        If no party, or several, answer to it, or it is on no list that day.
    """
    from matcher.partners.recommend import recommend_partners

    found = find_record(store, party, PARTY_TABLES)
    instance, solution = solve_on(snapshot, as_of, period)
    if not any(instance.snapshot.rows_of(table, [found.id])[0] >= 0 for table in PARTY_TABLES):
        raise NotFoundError(**word("no_party_then", name=party, day=as_of))
    return recommend_partners(instance, solution, found.id, top=top)


def propose(
    snapshot: Snapshot, *, most: int = 1, period: Period | None = None, as_of: date | None = None
) -> dict[str, Any]:
    """Propose the best set of new pairings: the document of `linli pair` without a party."""
    from matcher.partners.proposal import propose_pairings

    return propose_pairings(*solve_on(snapshot, as_of, period), most=most)


def solve_on(
    snapshot: Snapshot, as_of: date | None, period: Period | None = None
) -> tuple[Instance, Solution]:
    """Match what is valid on a day, or in all, for a round: by default the calendar year of the day."""
    from graph.periods import this_year, year_of
    from matcher.candidates import build_instance
    from matcher.flow import solve
    from matcher.rules import Rules

    shown = snapshot if as_of is None else snapshot.at(as_of)
    days = period or (year_of(as_of) if as_of else this_year())
    instance = build_instance(shown, Rules(period=days))
    return instance, solve(instance.graph)
