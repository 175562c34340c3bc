"""The rules that rounds were solved by, and those that another round gives a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from api.services.errors import BadWishError, NoRoundError
from api.services.kept import document_of
from graph.errors import NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Round, Store
    from matcher.rules import AccessMeasure, Keep, Rules

Warned = tuple["float | None", "AccessMeasure | None"]
"""Another share of the mean below which access is low, and another measure of it; None: as it was."""

UNCHANGED: Final[Warned] = (None, None)


def rules_of(round_: Round) -> Rules:
    """The rules that a round was solved by; what an older version asked for besides is left aside."""
    from dataclasses import fields

    from matcher.rules import Rules

    names = {item.name for item in fields(Rules)} - {"period", "keep"}
    known = {name: value for name, value in round_.rules.items() if name in names}
    return Rules(period=round_.period, keep=_keep_of(round_), **known)


def _keep_of(round_: Round) -> Keep | None:
    """What a round kept of another; that one's rows stand with the round, so that it can be matched again."""
    from matcher.rules import Held, Keep

    asked = round_.rules.get("keep")
    if asked is None:
        return None
    return Keep(**asked, rows=tuple(Held(*row) for row in round_.results["kept"]))


def kept_rows(rules: Rules) -> dict[str, Any]:
    """What a round keeps of the one that it was to keep: the fields of each `Held`."""
    from dataclasses import astuple

    return {} if rules.keep is None else {"kept": [astuple(row) for row in rules.keep.rows]}


def read_keep(store: Store, round_id: str, extra_m: int, most_moves: int | None = None) -> Keep:
    """Read who serves whom in a published round, to keep it; money has its rows among them.

    Parameters
    ----------
    store : Store
    round_id : str
    extra_m : int
        What a place costs more, in metre-equivalents, on a pair that the round doesn't have.
    most_moves : int, optional
        So many places at most may move.

    Raises
    ------
    NoRoundError, OldRoundError
        There is no such round, or an earlier version of linli made it.
    BadWishError
        It isn't published: proposals never influence a match.
    """
    from matcher.rules import Held, Keep

    try:
        known = store.get_round(round_id)
    except NotFoundError as error:
        raise NoRoundError(**word("no_round", id=round_id)) from error
    if known.status not in ("published", "closed"):
        raise BadWishError(**word("keep_unpublished", id=round_id))
    money = document_of(known, "match")["money"]
    rows = [*document_of(known, "assignments"), *(money["assignments"] if money else ())]
    held = tuple(
        Held(row.get("need") or row["project"], row["offer"], row["unit"], row["places"], "project" in row)
        for row in rows
    )
    return Keep(round_id, extra_m, most_moves, rows=held)


def with_low_access(rules: Rules, warned: Warned) -> Rules:
    """The rules with another `low_access_share` or `access_measure`; None leaves either as it is."""
    share, measure = warned
    return replace(
        rules,
        low_access_share=rules.low_access_share if share is None else share,
        access_measure=measure or rules.access_measure,
    )
