"""What change would do for a gap, by its reason, and why no action was found for it: each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np

from graph.times import Times, TimesError, minutes_apart
from matcher.arrays import sum_by_row
from matcher.gap_details import unknown_side
from matcher.instance import Instance, Ints
from matcher.reasons import Reasons
from matcher.remedies import tell_change
from matcher.sentences import Sentences, fill
from matcher.sieve import STAGES, Looks, Sieve
from matcher.solution import Solution

Json = dict[str, Any]

NO_KIND: Final = "no_kind"
NEEDS_ONLY: Final = "needs_only"
NO_CANDIDATE: Final = "no_candidate"
NONE_HELPS: Final = "none_helps"
NOT_TRIED: Final = "not_tried"

_SOME_TRIED: Final = "some_tried"

_WHY: Final[dict[str, tuple[str, str]]] = {
    NO_KIND: ("没有一种行动能解决这个原因", "no kind of action touches this reason"),
    NEEDS_ONLY: (
        "行动只按项次需求试算，不含项目和款项",
        "actions are worked out for needs counted in places, not for projects and money",
    ),
    NO_CANDIDATE: ("按清单找不到能补它的行动", "the lists show no action that could touch it"),
    NONE_HELPS: (
        "试算了{tried}个行动，都补不上",
        "{tried} {tried:action was|actions were} tried and none helps",
    ),
    NOT_TRIED: ("还没有为它试算行动", "no action was tried for it yet"),
    _SOME_TRIED: (
        "只试算了{tried}个行动，还没找到能补它的",
        "only {tried} {tried:action was|actions were} tried so far and none helps",
    ),
}

_SHOWN: Final = 3
_MOST_LOOKS: Final = 100
# Each looks at every offer of a category: beyond, the nearest offer that the reason knows is named.


def tell_no_fix(why: str, tried: int = 0) -> Json:
    """Why a gap has no fix, as JSON values.

    Parameters
    ----------
    why : str
        `no_kind` (no kind of action touches its reason), `needs_only` (it is one of projects or money),
        `no_candidate` (no action was found to try), `none_helps` (all that were found), `not_tried` (all or
        some of them weren't, since the match is large).
    tried : int
        How many actions were.
    """
    told = _SOME_TRIED if why == NOT_TRIED and tried else why
    zh, en = (fill(text, {"tried": tried}) for text in _WHY[told])
    return {"why": why, "tried": tried, "sentence_zh": f"{zh}。", "sentence_en": f"{en[0].upper()}{en[1:]}."}


class Adviser:
    """Says of gaps what change would do, the first ones asked about with the most care.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of the instance's graph.
    reasons : Reasons
    """

    def __init__(self, instance: Instance, solution: Solution, reasons: Reasons) -> None:
        self._instance, self._reasons = instance, reasons
        graph = instance.graph
        given = sum_by_row(graph.edge_offer, solution.flow, graph.offer_count)
        self._is_full = np.append(given >= graph.offer_capacity, np.ones(len(instance.supply), np.bool_))
        self._apart: dict[tuple[int, ...], float] = {}
        self._sentences = Sentences(instance)
        self._looks_left = _MOST_LOOKS

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(self._instance)

    def advise(self, reason: str, rows: Ints, places: int, certificate: Json | None) -> tuple[Json, ...]:
        """Say what change would do for some need rows that have a reason.

        Parameters
        ----------
        reason : str
        rows : ndarray of int64
        places : int
            Those of the gap.
        certificate : dict or None
            As JSON values.

        Returns
        -------
        tuple of dict
            `change` (see `matcher.remedies`), what it takes, `needs` (ids of those that it is for; projects
            too), `sentence_zh` and `sentence_en`; what is for most needs first, `_SHOWN` at most.
        """
        found = list(self._find(reason, rows, places, certificate))
        ranked = sorted(found, key=lambda row: -len(row["needs"]))[:_SHOWN]
        return tuple(tell_change(self._sentences, row) for row in ranked)

    def _find(self, reason: str, rows: Ints, places: int, certificate: Json | None) -> Iterator[Json]:
        ids = self._instance.demand.ids[rows].tolist()
        if reason == "no_capacity":
            yield {**self._more(rows, places, certificate), "needs": ids}
        elif reason == "held_by_rule":
            yield {"change": "split", "needs": ids}
        elif reason == "refused":
            units = dict.fromkeys(unit for row in rows.tolist() for unit in self._who_refused(row))
            yield {"change": "ask_again", "units": list(units), "needs": ids}
        elif reason == "unknown_place":
            yield from self._places(rows)
        elif reason == "out_of_reach":
            yield from self._reach(rows)
        else:
            ways = [self._time(row) if reason == "wrong_time" else self._able(row) for row in rows.tolist()]
            yield from _join(ways, ids)

    def _more(self, rows: Ints, places: int, certificate: Json | None) -> Json:
        """More places, more money, or more units for projects."""
        holders = certificate["holders"] if certificate else []
        demand = self._instance.demand
        if demand.is_project[rows[0]]:
            categories = {demand.category[row] for row in rows.tolist()}
            limited = [holder["id"] for holder in holders if holder["kind"] == "unit"]
            only = categories.pop() if len(categories) == 1 else None
            return {"change": "more_units", "places": places, "units": limited, "category": only}
        change = "more_yuan" if self._instance.measure == "yuan" else "more_places"
        return {"change": change, "places": places, "holders": holders}

    def _who_refused(self, need: int) -> Iterator[str]:
        promises, supply = self._instance.promises, self._instance.supply
        start, end = np.searchsorted(promises.refused_need, [need, need + 1])
        for offer in promises.refused_offer[start:end].tolist():
            yield str(self._instance.unit_ids[supply.unit[offer]])

    def _places(self, rows: Ints) -> Iterator[Json]:
        """Needs and offers that lack a place, by their names."""
        demand, supply = self._instance.demand, self._instance.supply
        of_offer = [
            row for row in rows.tolist() if unknown_side(self._instance, self._reasons, row) == "offer"
        ]
        of_need = [row for row in rows.tolist() if row not in set(of_offer)]
        if of_need:
            names = [self._sentences.need(row) for row in of_need]
            yield {"change": "place", "of": "need", "named": names, "needs": demand.ids[of_need].tolist()}
        if of_offer:
            offers = dict.fromkeys(str(supply.ids[self._reasons.offer[row]]) for row in of_offer)
            names = [self._sentences.offer(offer)[0] for offer in offers]
            needs = demand.ids[of_offer].tolist()
            yield {"change": "place", "of": "offer", "offers": list(offers), "named": names, "needs": needs}

    def _reach(self, rows: Ints) -> Iterator[Json]:
        """Each nearest offer, and how far it would have to reach for all needs that it is nearest to."""
        demand, supply, reasons = self._instance.demand, self._instance.supply, self._reasons
        for offer in np.unique(reasons.offer[rows]).tolist():
            mine = rows[reasons.offer[rows] == offer]
            about = {"change": "reach", **self._named(offer), "needs": demand.ids[mine].tolist()}
            farthest = float(reasons.distance_m[mine].max())
            if np.isnan(farthest) or np.isnan(supply.reach_m[offer]):
                yield {**about, "area": demand.area_id[mine[0]]}
            else:
                yield {**about, "reach_m": int(np.ceil(farthest))}

    def _named(self, offer: int) -> Json:
        supply = self._instance.supply
        return {"offer": str(supply.ids[offer]), "unit": str(self._instance.unit_ids[supply.unit[offer]])}

    def _look(self, need: int, stage: str) -> tuple[Looks, Ints]:
        """Offers that only one stage keeps from a need, the nearest first, if there is time to look."""
        if not self._looks_left:
            return Looks(np.zeros(0, np.int64), {}, np.zeros(0)), np.zeros(0, np.int64)
        self._looks_left -= 1
        looks = self._sieve.look(need)
        only = ~looks.passes[stage]
        for name in STAGES[1:]:
            if name != stage:
                only = only & looks.passes[name]
        at = np.flatnonzero(only)
        return looks, at[np.lexsort((looks.offers[at], looks.distance_m[at]))]

    def _time(self, need: int) -> Json:
        """The offer that comes nearest in time to a need, of those that only time keeps from it."""
        demand, supply = self._instance.demand, self._instance.supply
        looks, near = self._look(need, "time")
        # Of equally near ones the nearest in metres, which come first; who is full comes behind.
        offers = looks.offers[near].tolist() or [int(self._reasons.offer[need])]
        offer = min(offers, key=lambda row: (self._is_full[row], self._minutes_apart(need, row)))
        minutes = self._minutes_apart(need, offer)
        texts = self._instance.schedules.texts
        start, end = int(demand.first_day[need]), int(demand.last_day[need])
        times = {"need_times": texts[demand.times[need]], "offer_times": texts[supply.times[offer]]}
        if self._own_minutes(need, start, end):
            return {"change": "own_times", "need_times": times["need_times"]}
        both = max(start, int(supply.first_day[offer])), min(end, int(supply.last_day[offer]))
        if self._own_minutes(need, *both):
            # Even at the need's hours it would be there on none of the need's days.
            first = self._instance.rules.period.first
            days = [(first + timedelta(days=day)).isoformat() for day in (start, end)]
            return {"change": "days", **self._named(offer), **times, "need_days": days}
        known = None if np.isinf(minutes) else int(minutes)
        return {"change": "times", **self._named(offer), **times, "minutes_apart": known}

    def _minutes_apart(self, need: int, offer: int) -> float:
        """By how many minutes need and offer miss each other; infinite where no day has both."""
        demand, supply = self._instance.demand, self._instance.supply
        start = max(int(demand.first_day[need]), int(supply.first_day[offer]))
        end = min(int(demand.last_day[need]), int(supply.last_day[offer]))
        return self._find_apart(int(demand.times[need]), int(supply.times[offer]), start, end)

    def _own_minutes(self, need: int, start: int, end: int) -> float:
        """How many minutes a need's own times lack of a meeting on some days; infinite: all."""
        number = int(self._instance.demand.times[need])
        return self._find_apart(number, number, start, end)

    def _find_apart(self, times: int, other: int, start: int, end: int) -> float:
        key = times, other, start, end
        if key not in self._apart:
            texts, first = self._instance.schedules.texts, self._instance.rules.period.first
            days = first + timedelta(days=start), first + timedelta(days=end)
            minutes = minutes_apart(_read(texts[times]), _read(texts[other]), *days)
            self._apart[key] = np.inf if minutes is None else float(minutes)
        return self._apart[key]

    def _able(self, need: int) -> Json:
        """What an offer would have to be able to do; the nearest one, where only that is missing."""
        demand, missing = self._instance.demand, self._reasons.missing[need]
        category = demand.category[need]
        if missing not in ("people", "tags"):
            return {"change": "measure" if missing == "measure" else "new_offer", "category": category}
        looks, near = self._look(need, missing)
        offer = int(looks.offers[near[0]]) if len(near) else None
        about = {"category": category, **({} if offer is None else self._named(offer))}
        if missing == "people":
            return {"change": "people", **about, "people": int(demand.people[need])}
        table = "projects" if demand.is_project[need] else "needs"
        wanted = set(self._instance.snapshot.column(table, "tags")[demand.table_row[need]])
        if offer is not None:
            row = int(self._instance.supply.table_row[offer])
            wanted -= set(self._instance.snapshot.column("offers", "tags")[row])
        return {"change": "tags", **about, "tags": sorted(wanted)}


def _read(text: str) -> Times:
    """Times; a text that isn't canonical says nothing, which means any time."""
    try:
        return Times.read(text)
    except TimesError:
        return Times()


def add_gain(instance: Instance, row: Json, gain_places: int) -> Json:
    """A row of `would_do` with how many places more it would let be served at least.

    Parameters
    ----------
    instance : Instance
    row : dict
    gain_places : int
        With the row's needs alone as new pairs of its offer.
    """
    return tell_change(Sentences(instance), {**row, "gain_places": gain_places, "exact": False})


def _join(ways: list[Json], ids: list[str]) -> Iterator[Json]:
    """Each way once, with the needs that it is for."""
    found: dict[str, Json] = {}
    for way, need in zip(ways, ids, strict=True):
        found.setdefault(repr(way), {**way, "needs": []})["needs"].append(need)
    yield from found.values()
