"""What a planner could do next: where new stations should stand, and what closes gaps best for a budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from api.services.errors import BadChangeError, NoRoundError
from api.services.history import snapshot_of_round
from api.services.kept import document_of
from api.services.rounds import current_round
from api.services.rules import rules_of
from graph.errors import NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.snapshot import Snapshot
    from graph.store import Round, Store
    from matcher.match import Match
    from matcher.sites.town import Wish


def plan_sites(store: Store, wish: Wish, *, round_id: str | None = None) -> dict[str, Any]:
    """Where new stations should stand, of a round if something was matched, else of this year.

    Parameters
    ----------
    store : Store
    wish : matcher.sites.town.Wish
    round_id : str, optional
        By default the newest round.

    Returns
    -------
    dict
        The document of `linli sites`; see `matcher.sites.town.plan_sites`. `round` says of which round, None
        where nothing was matched yet.

    Raises
    ------
    NoRoundError
        If unserved places are to be reached and nothing was matched yet, or there is no such round.
    NotFoundError
        If a station is to be tried at what is neither an area nor a unit.
    """
    from matcher.rules import Rules
    from matcher.sites.town import plan_sites as plan

    try:
        found = current_round(store, round_id)
    except NoRoundError:
        if round_id is not None or wish.demand == "unserved":
            raise
        snapshot = store.snapshot()
        _check_places(snapshot, wish.at)
        return {"round": None, **plan(snapshot, Rules.default(), wish)}
    snapshot = snapshot_of_round(store, found)
    _check_places(snapshot, wish.at)
    return {
        "round": found.id,
        **plan(snapshot, rules_of(found), wish, unserved=list_unserved(found, snapshot)),
    }


def _check_places(snapshot: Snapshot, places: Iterable[str]) -> None:
    """Refuse what is no id of an area or a unit; of those the plan says where no station can stand."""
    for place in places:
        if not any(snapshot.record(table, place) for table in ("areas", "units")):
            raise NotFoundError(**word("no_site_place", text=place))


def plan_actions(
    store: Store,
    budget: float,
    *,
    costs: Mapping[str, float] | None = None,
    round_id: str | None = None,
    made: Match | None = None,
) -> dict[str, Any]:
    """What would close a round's gaps best for a budget.

    Parameters
    ----------
    store : Store
    budget : float
        What the actions may cost together.
    costs : mapping, optional
        What an action of a kind costs; 1 where nothing is said.
    round_id : str, optional
        By default the newest round.
    made : Match, optional
        The round's match where somebody has it already; else it is assigned again.

    Returns
    -------
    dict
        The document of `linli actions`; see `matcher.actions.report.plan_actions`. `round` says of which.

    Raises
    ------
    NoRoundError
        If nothing was matched yet.
    """
    from matcher.actions.report import plan_actions as plan
    from matcher.match import assign

    found = current_round(store, round_id)
    given = made or assign(snapshot_of_round(store, found), rules_of(found))
    return {"round": found.id, **plan(given, budget, costs=costs)}


def read_costs(texts: Iterable[str]) -> dict[str, float]:
    """Costs of kinds of actions, each written as `kind=number`.

    Raises
    ------
    BadChangeError
        If there is no such kind, or the number isn't above 0.
    """
    from matcher.actions.kinds import KINDS
    from matcher.actions.limits import is_cost

    costs = {}
    for text in texts:
        kind, _, number = text.partition("=")
        try:
            costs[kind] = float(number)
        except ValueError:
            costs[kind] = 0.0
        if not is_cost(kind, costs[kind]):
            raise BadChangeError(**word("no_action_cost", text=text, kinds=KINDS))
    return costs


def read_category(text: str | None) -> str | None:
    """A category by its id or its Chinese or English name.

    Raises
    ------
    NotFoundError
        If there is no such category.
    """
    from graph.taxonomy import is_category, words

    if text is None or is_category(text):
        return text
    for name, entry in words()["categories"].items():
        if text in (entry["zh"], entry["en"]):
            return str(name)
    raise NotFoundError(**word("no_category", text=text))


def list_unserved(round_: Round, snapshot: Snapshot) -> dict[str, int]:
    """Unserved places by need id, of all needs that lack some; from the round's own assignments."""
    served: dict[str, int] = {}
    for row in document_of(round_, "assignments"):
        if row.get("need"):
            served[row["need"]] = served.get(row["need"], 0) + row["places"]
    wanted = zip(snapshot.ids("needs").tolist(), snapshot.column("needs", "quantity").tolist(), strict=True)
    return {need: left for need, places in wanted if (left := int(places) - served.get(need, 0)) > 0}
