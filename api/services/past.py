"""Gaps as they were on an earlier day, and what became of them since."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from api.services.errors import NoRoundError
from api.services.history import snapshot_at
from api.services.rounds import current_round
from api.services.rules import UNCHANGED, Warned, rules_of, with_low_access
from graph.errors import LinliError, NotFoundError
from graph.periods import TIME_ZONE, today
from graph.wording import word

if TYPE_CHECKING:
    from graph.snapshot import Snapshot
    from graph.store import Event, Store
    from matcher.gaps import GapReport
    from matcher.match import Match
    from matcher.rules import Rules

Json = dict[str, Any]


def gaps_as_of(store: Store, day: date, *, warned: Warned = UNCHANGED) -> Json:
    """The gaps of what the store held at the end of a day, by the newest round's rules.

    Parameters
    ----------
    store : Store
    day : date
    warned : tuple
        Of which low access to warn instead; see `api.services.rules.with_low_access`.

    Returns
    -------
    dict
        The document of `linli gaps`, and `as_of`: `day` and `revision`.

    Raises
    ------
    NotFoundError
        If the store held nothing by then.
    LinliError
        If the day is still to come.
    """
    from matcher.actions.fixes import add_fixes

    made, report = _find_gaps(_snapshot_on(store, day), _rules(store, warned))
    about = {"day": day.isoformat(), "revision": made.snapshot.revision}
    return {**add_fixes(made, report).to_json(), "as_of": about}


def gaps_since(store: Store, day: date, *, warned: Warned = UNCHANGED) -> Json:
    """What became of gaps and blind spots since the end of a day, by the newest round's rules.

    It takes what `gaps_as_of` takes, and raises what that raises.

    Returns
    -------
    dict
        `since` (`day`, `revision`, `unserved`, `summary`), `now` (the same of today's lists), and what
        `matcher.gap_changes.compare_gaps` gives; `by` tells of changes `table`, `id`, `revision`, `at`,
        `what` (`added`, `changed`, `deleted`).
    """
    from matcher.gap_changes import compare_gaps

    rules = _rules(store, warned)
    earlier, now = _snapshot_on(store, day), store.snapshot()
    before, after = _find_gaps(earlier, rules), _find_gaps(now, rules)
    changed = {}
    for event in store.events(after=earlier.revision, limit=now.revision - earlier.revision):
        for change in event.changes:
            gone, new = change.after is None, change.before is None
            changed[change.table, change.id] = {
                "table": change.table,
                "id": change.id,
                "revision": event.revision,
                "at": event.at.isoformat(),
                "what": "deleted" if gone else "added" if new else "changed",
            }
    return {
        "since": {"day": day.isoformat(), **_figures(earlier, before[1])},
        "now": _figures(now, after[1]),
        **compare_gaps(before, after, changed),
    }


def _figures(snapshot: Snapshot, report: GapReport) -> Json:
    needs = report.needs
    return {"revision": snapshot.revision, "unserved": needs.unserved, "summary": needs.summary}


def _find_gaps(snapshot: Snapshot, rules: Rules) -> tuple[Match, GapReport]:
    from matcher.gaps import find_gaps
    from matcher.match import match

    made = match(snapshot, rules)
    return made, find_gaps(made)


def _rules(store: Store, warned: Warned) -> Rules:
    from matcher.rules import Rules

    try:
        rules = rules_of(current_round(store))
    except NoRoundError:
        rules = Rules.default()
    return with_low_access(rules, warned)


def _snapshot_on(store: Store, day: date) -> Snapshot:
    """What the store held at the end of a day in Shanghai, or holds where that is today."""
    if day > today():
        raise LinliError(**word("day_to_come", day=day))
    last: Event | None = None
    first: Event | None = None
    for event in store.events():
        first = first or event
        if _local(event).date() > day:
            break
        last = event
    if last is None:
        if first is None:
            raise NotFoundError(**word("no_days_then", day=day))
        raise NotFoundError(**word("before_first_day", day=day, first=_local(first).date()))
    return snapshot_at(store, last.revision, last.token)


def _local(event: Event) -> datetime:
    return event.at.astimezone(TIME_ZONE)
