"""The optimum now: a match of the round in hand that follows the store's log."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile

import numpy as np

from api.services.errors import NoRoundError
from api.services.rounds import current_round
from api.services.rules import rules_of

if TYPE_CHECKING:
    from graph.entries import Change, Event
    from graph.store import Store
    from matcher.instance import Instance
    from matcher.live import Follower
    from matcher.rules import Rules

Json = dict[str, Any]

_SAVE_EVERY: Final = 20
"""So many revisions are followed at most before all is saved again."""

_IDLE_TABLES: Final = frozenset({"aliases", "duties", "posts", "registrations", "bookings", "lists"})
"""Tables that say nothing of who can serve whom."""

_IDLE_FIELDS: Final = frozenset({"name", "title", "liaison", "code", "source", "notes"})
"""Fields of any record that say nothing of it either."""


@dataclass(slots=True, eq=False)
class _Kept:
    """What is followed: the cursor in the log, by what rules, the live match, and what was answered last."""

    revision: int
    token: str
    rules: Json
    follower: Follower
    answer: Json | None
    unsaved: int


class LiveRound:
    """Keeps the best assignment of what the store holds, by the rules of the round that is shown.

    What was written since the last question is told to a live match as events. It is saved now and then and
    at the end, so that a service that was stopped goes on with what was written since.

    Parameters
    ----------
    store : Store
    file : Path
        Where it is saved.
    """

    def __init__(self, store: Store, file: Path) -> None:
        self._store, self._file = store, file
        self._lock = threading.Lock()
        self._kept: _Kept | None = None

    def now(self) -> Json:
        """Give the figures of the optimum as the lists stand.

        Returns
        -------
        dict
            `revision`; `round` (`from`, `to`); `way`: `kept` where nothing has changed, `events`, or `solved`
            from the beginning; `events` (how many), `needs_moved` by them; `status`; and the figures of
            `linli match`: `needs`, `places_wanted`, `places_served`, `served_by_priority`,
            `people_reached`, `cost`, `distance_m`, `places_without_distance`, `projects`. What counts in
            money is left out. Where needs that may not be split would be served in part, what hangs together
            with these is searched from there; `status` says whether that is surely the best.
        """
        with self._lock:
            revision, token = self._store.revision()
            rules = self._rules()
            if self._kept is None:
                self._kept = self._resume()
            kept = self._kept
            if kept is None or kept.rules != rules.to_json() or not self._is_in_log(kept):
                return self._start(rules)
            if kept.answer is not None and self._is_idle(kept, revision):
                kept.revision, kept.token = revision, token
                kept.answer |= {"revision": revision, "way": "kept", "events": 0, "needs_moved": 0}
                return dict(kept.answer)
            return self._follow(kept, rules)

    def close(self) -> None:
        """Save what has been followed since it was last saved."""
        with self._lock:
            if self._kept is not None and self._kept.unsaved:
                self._save(self._kept)

    def _rules(self) -> Rules:
        from matcher.rules import Rules

        try:
            return rules_of(current_round(self._store))
        except NoRoundError:
            return Rules.default()

    def _start(self, rules: Rules) -> Json:
        from matcher.live import Follower

        instance = self._build(rules)
        kept = _Kept(0, "", rules.to_json(), Follower(instance.graph), None, 0)
        answer = _tell(kept, instance, {"way": "solved", "events": 0, "needs_moved": 0})
        self._kept = kept
        self._save(kept)
        return answer

    def _follow(self, kept: _Kept, rules: Rules) -> Json:
        instance = self._build(rules)
        try:
            done = kept.follower.follow(instance.graph)
        except BaseException:
            # What is kept may stand between two revisions.
            self._kept = None
            raise
        kept.unsaved += instance.snapshot.revision - kept.revision
        about = {"way": done.way, "events": done.events, "needs_moved": done.needs_moved}
        answer = _tell(kept, instance, about)
        if kept.unsaved >= _SAVE_EVERY:
            self._save(kept)
        return answer

    def _build(self, rules: Rules) -> Instance:
        from matcher.candidates import build_instance

        return build_instance(self._store.snapshot(), rules)

    def _is_in_log(self, kept: _Kept) -> bool:
        """Whether the store's log is the one that was followed: another one may have taken its place."""
        if kept.revision == 0:
            return self._store.revision() == (kept.revision, kept.token)
        event = next(self._store.events(after=kept.revision - 1, limit=1), None)
        return event is not None and (event.revision, event.token) == (kept.revision, kept.token)

    def _is_idle(self, kept: _Kept, revision: int) -> bool:
        """Whether nothing was written since that says who can serve whom."""
        return all(_is_idle(event) for event in self._events(kept.revision, revision))

    def _events(self, after: int, revision: int) -> Iterator[Event]:
        return self._store.events(after=after, limit=revision - after) if revision > after else iter(())

    def _save(self, kept: _Kept) -> None:
        facts = json.dumps({"revision": kept.revision, "token": kept.token, "rules": kept.rules})
        arrays: dict[str, Any] = {"follows": np.array(facts), **kept.follower.state()}
        # A file of its own for each service of the store, which only the owner can read. Where the folder
        # takes none, a service that starts again solves anew.
        with suppress(OSError):
            with NamedTemporaryFile(dir=self._file.parent, prefix=self._file.name, delete=False) as out:
                np.savez(out, **arrays)
            Path(out.name).replace(self._file)
        kept.unsaved = 0

    def _resume(self) -> _Kept | None:
        """What was saved, or None where there is nothing that can be used."""
        from graph.errors import LinliError
        from matcher.live import Follower

        try:
            with np.load(self._file, allow_pickle=False) as saved:
                state = dict(saved)
            facts = json.loads(str(state.pop("follows")))
            follower = Follower.from_state(state)
        except (OSError, ValueError, KeyError, IndexError, BadZipFile, LinliError):
            return None
        return _Kept(facts["revision"], facts["token"], facts["rules"], follower, None, 0)


def _is_idle(event: Event) -> bool:
    return all(change.table in _IDLE_TABLES or _is_told_alike(change) for change in event.changes)


def _is_told_alike(change: Change) -> bool:
    """Whether a record says the same of who can serve whom as before: a name, a liaison or a note changed."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    names = _IDLE_FIELDS & {item.name for item in fields(before)}
    return replace(after, **{name: getattr(before, name) for name in names}) == before


def _tell(kept: _Kept, instance: Instance, about: Json) -> Json:
    """Note what is known now, and give it."""
    from matcher.report import figures

    flow, status = kept.follower.assignment(instance.graph)
    snapshot, period = instance.snapshot, instance.rules.period
    kept.revision, kept.token = snapshot.revision, snapshot.token
    about |= {"round": {"from": period.first.isoformat(), "to": period.last.isoformat()}, "status": status}
    kept.answer = {"revision": snapshot.revision, **about, **figures(instance, flow)}
    return dict(kept.answer)
