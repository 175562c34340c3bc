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
    from matcher.grouping.design import Grouping

MOST_PARTIES: Final = 3_000
"""Every two parties are compared, which takes a fifth of a kilobyte of memory for each pair."""

_REASONS: Final = {
    "apart": (
        "有的组不相连：按每步{step}米，这些家本身就分成{parts}片；每步放到{whole}米才连成一片",
        (
            "some groups don't hang together: by steps of {step} m the parties fall into {parts} parts; "
            "by steps of {whole} m they would be one"
        ),
    ),
    "uneven": (
        "家数超出每组{least}到{most}家，合计差{off}家：先保每组相连，没有找到更匀的分法；可放长每步的距离或放宽家数",
        (
            "sizes are off {least} to {most} by {off} in all: groups hang together first, and no way to even "
            "ones was found; a longer step or more slack may help"
        ),
    ),
}
"""Why groups are less than asked for, in Chinese and English."""


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
    from matcher.grouping.design import Design
    from matcher.grouping.today import groups_of
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
        "limits": list(found.limits or ()),
        "reasons": _reasons(found, step_m),
        **_compare(found, today, names),
        "today": _tell(design.judge(today)) if today else None,
    }


def _compare(found: Grouping, today: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    """The groups, each with the group of today that it continues, and who would change over or come in."""
    from matcher.grouping.today import continue_groups

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


def _reasons(found: Grouping, step_m: float) -> list[dict[str, Any]]:
    """Why groups are less than asked for: they don't all hang together, or aren't as even."""
    said: list[tuple[str, float, dict[str, Any]]] = []
    if not found.connected:
        values = {"parts": found.parts, "step": math.floor(step_m), "whole": math.ceil(found.whole_step_m)}
        said.append(("apart", found.parts, values))
    if found.off:
        least, most = found.limits or (0, 0)
        said.append(("uneven", found.off, {"off": found.off, "least": least, "most": most}))
    return [
        {
            "reason": reason,
            "value": value,
            "text": _REASONS[reason][0].format(**values),
            "text_en": _REASONS[reason][1].format(**values),
        }
        for reason, value, values in said
    ]


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
