"""Whom to pair next: for one party, and for all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.services.records import find_record
from graph.model import PARTY_TABLES

if TYPE_CHECKING:
    from graph.periods import Period
    from graph.snapshot import Snapshot
    from graph.store import Store
    from matcher.instance import Instance
    from matcher.solution import Solution


def find_partners(
    store: Store, snapshot: Snapshot, party: str, *, top: int = 10, period: Period | None = None
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
        The round's days; by default this calendar year.

    Raises
    ------
    NotFoundError, AmbiguousError
        If no party, or several, answer to it.
    """
    from matcher.partners.recommend import recommend_partners

    found = find_record(store, party, PARTY_TABLES)
    return recommend_partners(*_solve(snapshot, period), found.id, top=top)


def propose(snapshot: Snapshot, *, most: int = 1, period: Period | None = None) -> dict[str, Any]:
    """Propose the best set of new pairings: the document of `linli pair` without a party."""
    from matcher.partners.proposal import propose_pairings

    return propose_pairings(*_solve(snapshot, period), most=most)


def _solve(snapshot: Snapshot, period: Period | None) -> tuple[Instance, Solution]:
    from graph.periods import this_year
    from matcher.candidates import build_instance
    from matcher.flow import solve
    from matcher.rules import Rules

    instance = build_instance(snapshot, Rules(period=period or this_year()))
    return instance, solve(instance.graph)
