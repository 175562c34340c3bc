"""Rounds: matched, kept in the store, shown and explained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from api.services.errors import ImpossibleWishError, NoRoundError
from api.services.history import snapshot_of_round
from api.services.kept import document_of
from api.services.page import page_document
from api.services.records import find_record
from api.services.rules import Warned, kept_rows, rules_of, with_low_access
from graph.errors import NotFoundError, TransitionError
from graph.wording import word

if TYPE_CHECKING:
    from datetime import datetime

    from graph.periods import Period
    from graph.snapshot import Snapshot
    from graph.store import Round, Store
    from matcher.match import Match
    from matcher.rules import AccessMeasure, Fit, Keep
    from matcher.shards.parts import Run

Progress = Callable[[str, int, int], None]


def make_round(
    store: Store,
    *,
    period: Period | None = None,
    fit: Fit = "broad",
    reciprocity_m: int = 0,
    keep: Keep | None = None,
    load_m: int = 0,
    low_access_share: float | None = None,
    access_measure: AccessMeasure | None = None,
    tiles: int = 1,
    run: Run | None = None,
    progress: Progress | None = None,
) -> Round:
    """Match what the store holds and keep it as a proposed round, which every door then shows.

    Parameters
    ----------
    store : Store
    period : Period, optional
        By default this calendar year.
    fit : {"broad", "exact"}
        `exact` leaves out offers whose category lies below the need's.
    reciprocity_m : int
        Most that a place costs more for a need whose party got more than it gave.
    keep : Keep, optional
        Keep who serves whom in a published round unless moving gains enough (see
        `api.services.rules.read_keep`).
    load_m : int
        What each further place of a unit costs more than the one before.
    low_access_share : float, optional
        A served need is warned of low access below this share of its category's mean.
    access_measure : str, optional
        What access is measured by.
    tiles : int
        Solve in so many tiles; the assignment is proved best either way.
    run : callable, optional
        Where tiles are solved, such as `api.cluster.open_cluster` gives; by default here, one after another.
    progress : callable, optional
        Called with a step's name, how many steps are done, and how many there are.

    Returns
    -------
    Round
        Its `results` hold the documents `match`, `assignments` and `gaps`.
    """
    made = solve_round(
        store.snapshot(),
        period=period,
        fit=fit,
        reciprocity_m=reciprocity_m,
        keep=keep,
        load_m=load_m,
        low_access_share=low_access_share,
        access_measure=access_measure,
        tiles=tiles,
        run=run,
        progress=progress,
    )
    return store.put_round(made)


def solve_round(
    snapshot: Snapshot,
    *,
    period: Period | None = None,
    fit: Fit = "broad",
    reciprocity_m: int = 0,
    keep: Keep | None = None,
    load_m: int = 0,
    low_access_share: float | None = None,
    access_measure: AccessMeasure | None = None,
    tiles: int = 1,
    run: Run | None = None,
    progress: Progress | None = None,
) -> Round:
    """Match a snapshot; gives a proposed round that no store keeps yet."""
    from graph.periods import this_year
    from graph.store import Round
    from matcher.match import match
    from matcher.rules import Rules

    rules = Rules(
        period=period or this_year(), fit=fit, reciprocity_m=reciprocity_m, keep=keep, load_m=load_m,
        tiles=tiles,
    )  # fmt: skip
    rules = with_low_access(rules, (low_access_share, access_measure))
    steps = 0

    def tell(step: str, done: int, total: int) -> None:
        nonlocal steps
        steps = total
        if progress is not None:
            # Looking for gaps is one step more.
            progress(step, done, total + 1)

    made = match(snapshot, rules, progress=tell, run=run)
    tell("gaps", steps, steps)
    return Round(
        id="",
        period=rules.period,
        status="proposed",
        revision=snapshot.revision,
        token=snapshot.token,
        rules=made.rules.to_json(),
        results={**documents(made), **kept_rows(made.rules)},
    )


def documents(made: Match) -> dict[str, Any]:
    """The documents of `linli match`, `linli assignments` and `linli gaps`, and `page` for the workbench.

    What is given and asked for in money has its rows under `money` of the first, so that the places of the
    assignments add up to the places served.
    """
    from matcher.actions.fixes import add_fixes
    from matcher.gaps import find_gaps
    from matcher.report import assignments, match_document

    match = match_document(made)
    if made.money is not None:
        match["money"]["assignments"] = assignments(made.money)
    report = add_fixes(made, find_gaps(made))
    return {
        "match": match,
        "assignments": assignments(made.places),
        "gaps": report.to_json(),
        "page": page_document(made, report),
    }


def match_of(round_: Round) -> dict[str, Any]:
    """The document of `linli match` for a kept round: its figures, and which round they are of."""
    about = {
        "id": round_.id,
        "from": round_.period.first.isoformat(),
        "to": round_.period.last.isoformat(),
        "status": round_.status,
        "revision": round_.revision,
        "made_at": round_.made_at.isoformat() if round_.made_at else None,
    }
    return {**document_of(round_, "match"), "round": about}


def round_document(round_: Round, *, stale: bool, takes_effect_at: datetime | None = None) -> dict[str, Any]:
    """What is told of a round, its documents aside; `takes_effect_at`: when it is going to be published."""
    return {
        "id": round_.id,
        "period": {"from": round_.period.first.isoformat(), "to": round_.period.last.isoformat()},
        "status": round_.status,
        "fit": round_.rules.get("fit"),
        "revision": round_.revision,
        "made_at": round_.made_at.isoformat() if round_.made_at else None,
        "stale": stale,
        "takes_effect_at": takes_effect_at.isoformat() if takes_effect_at else None,
    }


def choose_current(rounds: Sequence[Round], is_stale: Callable[[Round], bool]) -> Round | None:
    """The round that is shown where none is named.

    It is the newest that was matched; where that is a proposal whose change was undone since, the newest one
    before it that agrees with the lists again. What was published is never passed over for an older one.

    Parameters
    ----------
    rounds : sequence of Round
        Newest first.
    is_stale : callable
        Whether the lists have changed since a round was solved.
    """
    matched = [found for found in rounds if found.status != "open"]
    for found in matched:
        if not is_stale(found):
            return found
        if found.status != "proposed":
            break
    return matched[0] if matched else None


def current_round(store: Store, round_id: str | None = None) -> Round:
    """One round with its results, by default the one that `choose_current` gives.

    Raises
    ------
    NoRoundError
        If there is none.
    """
    if round_id is None or round_id == "current":
        chosen = choose_current(store.rounds(), lambda found: is_stale(store, found))
        if chosen is None:
            raise NoRoundError(**word("never_matched"))
        round_id = chosen.id
    try:
        return store.get_round(round_id)
    except NotFoundError as error:
        raise NoRoundError(**word("no_round", id=round_id)) from error


def newest_proposal(store: Store) -> Round:
    """The newest proposed round, of several the one that agrees with the lists; none before a published one.

    Raises
    ------
    NoRoundError
        Nothing was matched yet.
    TransitionError
        The newest round is published already.
    """
    rounds = [found for found in store.rounds() if found.status != "open"]
    proposals = list(takewhile(lambda found: found.status == "proposed", rounds))
    chosen = choose_current(proposals, lambda found: is_stale(store, found))
    if chosen is not None:
        return chosen
    if not rounds:
        raise NoRoundError(**word("never_matched"))
    raise TransitionError(**word("published_already", round=rounds[0].id))


def is_stale(store: Store, round_: Round) -> bool:
    """Whether the lists have changed since the round was solved; what was undone since doesn't count."""
    from api.services.log import agrees_since

    return store.revision()[1] != round_.token and not agrees_since(store, round_.revision)


def gaps_with_low_access(store: Store, round_: Round, warned: Warned) -> dict[str, Any]:
    """The document of `linli gaps` for a kept round, warned of low access by another share or measure.

    Who serves whom stays: the two decide about warnings and the evenness of access alone.
    """
    from matcher.actions.fixes import add_fixes
    from matcher.gaps import find_gaps
    from matcher.match import match

    rules = rules_of(round_)
    asked = with_low_access(rules, warned)
    if asked == rules:
        return dict(document_of(round_, "gaps"))
    made = match(snapshot_of_round(store, round_), asked)
    return add_fixes(made, find_gaps(made)).to_json()


def replay(store: Store, round_: Round, *, progress: Progress | None = None) -> Match:
    """Match a round again from the revision it was solved from; the same records give the same answer."""
    from matcher.match import match

    return match(snapshot_of_round(store, round_), rules_of(round_), progress=progress)


def explain(
    store: Store,
    need: str,
    *,
    round_id: str | None = None,
    made: Match | None = None,
    exact: bool | str = False,
) -> dict[str, Any]:
    """Why a need (or project) is served as it is in a round, and by nobody else.

    Parameters
    ----------
    store : Store
    need : str
        Id or name of a need or project.
    round_id : str, optional
        By default the newest round.
    made : Match, optional
        The round's match where somebody has it already; else it is solved again.
    exact : bool or str
        Work out what each alternative, or the offer (of a project: the unit) with this id or name, would cost
        in all, and who would move.

    Returns
    -------
    dict
        The document of `linli explain`.

    Raises
    ------
    NotFoundError, AmbiguousError
        If none or several answer to the need, or to what should be worked out.
    ImpossibleWishError
        If what should be worked out can't serve the need.
    """
    from graph.model import PARTY_TABLES, Need
    from matcher.explain import explain as explain_need

    round_ = current_round(store, round_id)
    made = made or replay(store, round_)
    found = find_record(store, need, ("needs", "projects"))
    if isinstance(exact, bool):
        return explain_need(made, found.id, exact=exact).to_json()
    tables = ("offers",) if isinstance(found, Need) else PARTY_TABLES
    # What the round has counts by its id, even where the lists don't have it any more.
    if all(made.snapshot.record(table, exact) is None for table in tables):
        asked = find_record(store, exact, tables).id
    else:
        asked = exact
    told = explain_need(made, found.id, exact=asked)
    key = "offer" if isinstance(found, Need) else "unit"
    if told.left_out is None and not any(
        row[key] == asked and ("regret" in row or row["reason"] == "chosen") for row in told.alternatives
    ):
        raise ImpossibleWishError(**word("cannot_serve", text=exact, need=need))
    return told.to_json()
