"""What access a town's needs have, by any of the catchment measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.services.errors import NoRoundError
from api.services.history import snapshot_of_round
from api.services.rounds import current_round
from api.services.rules import rules_of

if TYPE_CHECKING:
    from graph.store import Store
    from matcher.rules import AccessMeasure


def tell_access(
    store: Store,
    *,
    measure: AccessMeasure | None = None,
    catchment_m: float | None = None,
    with_needs: bool = True,
    round_id: str | None = None,
) -> dict[str, Any]:
    """What access needs have, of a round if something was matched, else of this year.

    Parameters
    ----------
    store : Store
    measure : str, optional
        By default the one that the round's low access rests on.
    catchment_m : float, optional
        Metres, above 0; by default the reach of each offer.
    with_needs : bool
        Tell of each need too.
    round_id : str, optional
        By default the newest round.

    Returns
    -------
    dict
        The document of `linli access`; see `matcher.access_report.access_document`. `round` says of which,
        None where nothing was matched yet.

    Raises
    ------
    NoRoundError
        If there is no such round.
    """
    from matcher.access_report import access_document
    from matcher.catchments import measure_access
    from matcher.rules import Rules

    try:
        found = current_round(store, round_id)
    except NoRoundError:
        if round_id is not None:
            raise
        found = None
    snapshot = store.snapshot() if found is None else snapshot_of_round(store, found)
    rules = Rules.default() if found is None else rules_of(found)
    access = measure_access(snapshot, rules, measure=measure, catchment_m=catchment_m)
    return {
        "round": None if found is None else found.id,
        **access_document(access, with_needs=with_needs),
    }
