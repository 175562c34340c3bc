"""What lies beside a round's optimum."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from api.services.records import find_record
from api.services.rounds import current_round, replay
from graph.model import PARTY_TABLES

if TYPE_CHECKING:
    from graph.store import Store
    from matcher.beside import Named
    from matcher.match import Match


def beside(
    store: Store,
    *,
    by: Literal["area", "group"] = "area",
    share: float | None = None,
    limit: int | None = 10,
    parts: Collection[Named] = (),
    of: str | None = None,
    round_id: str | None = None,
    made: Match | None = None,
) -> dict[str, Any]:
    """Where a place more would help, and what a fair share, a distance cap and free choice would cost.

    Parameters
    ----------
    store : Store
    by : {"area", "group"}
        Who gets a fair share.
    share : float, optional
        By default the largest that all can have at once.
    limit : int, optional
        So many rows of each list at most.
    parts : collection of str
        Which of `matcher.beside.PARTS` are worked out; none: all.
    of : str, optional
        Id or name of the party whose places alone are told of where one more or less is.
    round_id : str, optional
        By default the newest round.
    made : Match, optional
        The round's match where somebody has it already; else it is solved again.

    Returns
    -------
    dict
        The document of `linli beside`; see `matcher.beside.beside_document`. `round` says of which round.
    """
    from matcher.beside import PARTS, beside_document

    found = current_round(store, round_id)
    match = made or replay(store, found)
    party = None if of is None else find_record(store, of, PARTY_TABLES).id
    document = beside_document(match.places, by=by, share=share, limit=limit, parts=parts or PARTS, of=party)
    return {"round": found.id, **document}
