"""Even groups of parties that are of use to each other."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from api.services.errors import ImpossibleWishError
from api.services.pair import solve_on
from api.services.records import find_record
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Store
    from matcher.grouping import Grouping

MOST_PARTIES: Final = 3_000
"""Every two parties are compared, which takes a fifth of a kilobyte of memory for each pair."""


def make_groups(
    store: Store,
    *,
    into: int,
    body: str | None = None,
    beside: str = "alliance",
    slack: int = 1,
    step_m: float = 2000,
    seed: int = 0,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Group parties: the document of `linli group`; see `matcher.grouping.Design`.

    Parameters
    ----------
    store : Store
    into : int
        How many groups.
    body : str, optional
        Id or name of an alliance, whose members alone are grouped; by default all that could be paired.
    beside : str
        What today's groups are, see `matcher.grouping.groups_of`.
    slack, step_m, seed
    as_of : date, optional
        Of the records that are valid on that day, with the needs and offers of its calendar year.

    Raises
    ------
    NotFoundError, AmbiguousError
        If no alliance, or several, answer to the name.
    ImpossibleWishError
        If there are fewer parties than groups, or too many parties.
    """
    from matcher.grouping import Design, groups_of
    from matcher.partners.standing import Standing

    alliance = None if body is None else find_record(store, body, ("alliances",)).id
    instance, solution = solve_on(store.snapshot(), as_of)
    standing = Standing(instance)
    parties = standing.candidates()
    if alliance is not None:
        members = standing.side(alliance)
        parties = [party for party in parties if party in members and party != alliance]
    _check(len(parties), into)
    design = Design(instance, solution, parties, step_m=step_m)
    found = design.group(into, slack=slack, seed=seed)
    known = groups_of(instance, beside, without=alliance)
    today = {party: known[party] for party in parties if party in known}
    names = standing.names([*parties, *today.values()])
    return {
        "body": alliance,
        "beside": beside,
        "as_of": as_of.isoformat() if as_of else None,
        "status": "heuristic",
        "seed": seed,
        **_tell(found),
        **_compare(found, today, names),
        "today": _tell(design.judge(today)) if today else None,
    }


def _compare(found: Grouping, today: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    """The groups, each with the group of today that it continues, and who would change over or come in."""
    from matcher.grouping import continue_groups

    continued = continue_groups(found, today)
    of = found.to_dict()
    groups = [
        {
            "group": number + 1,
            "size": size,
            "continues": continued.get(number),
            "continues_name": names.get(continued.get(number, "")),
            "parties": [
                {"id": party, "name": names[party]} for party in found.parties if of[party] == number
            ],
        }
        for number, size in enumerate(found.sizes)
    ]
    moves = [
        {
            "id": party,
            "name": names[party],
            "from": today.get(party),
            "from_name": names.get(today.get(party, "")),
            "to": of[party] + 1,
        }
        for party in found.parties
        if today.get(party) is None or today[party] != continued.get(of[party])
    ]
    return {"groups": groups, "moves": moves}


def _tell(found: Grouping) -> dict[str, Any]:
    """How good a grouping is."""
    return {
        "affinity": found.affinity,
        "bound": found.bound,
        "sizes": list(found.sizes),
        "connected": found.connected,
        "complement": found.complement,
        "distance_m": None if math.isnan(found.distance_m) else found.distance_m,
    }


def _check(parties: int, into: int) -> None:
    if parties < into:
        raise ImpossibleWishError(**word("too_many_groups", parties=parties, into=into))
    if parties > MOST_PARTIES:
        raise ImpossibleWishError(**word("too_many_parties", parties=parties, most=MOST_PARTIES))
