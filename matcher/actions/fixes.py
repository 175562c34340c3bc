"""Each gap's cheapest fix: the action that costs least and lets most of what is unserved be served."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from matcher.actions.effects import Effect
from matcher.actions.report import Planner, find_effort
from matcher.actions.trials import Trials
from matcher.arrays import IntArray
from matcher.gap_advice import NO_CANDIDATE, NO_KIND, NONE_HELPS, NOT_TRIED, add_gain, tell_no_fix
from matcher.gap_list import Gap
from matcher.gaps import GapReport
from matcher.match import Match

Json = dict[str, Any]

MOST_EDGES: Final = 300_000
"""Pairs up to which fixes are worked out with each match; `linli actions` does it for larger ones."""

_TRIED: Final = 2
_MOST_TRIED: Final = 120
_PAIRED: Final = ("times", "days", "people", "tags")
# What would make new pairs of an offer and the needs that it is said for.
_TRIED_EDGES: Final = 6_000_000
# Each trial takes the longer the more pairs there are: so many for all of them together.


def add_fixes(match: Match, report: GapReport) -> GapReport:
    """Give the gaps of needs their cheapest fix; those first that concern most people.

    Of the actions meant for a gap's needs the two that promise most are tried, and the best is told with what
    solving again gains; it asks for no more places than are used then. Only what serves more of the gap's own
    needs, solved again, is a fix: `gain_here` says how many places of them beside `gain_places` of all needs
    (None where the match isn't proved best, so that nobody knows). Where neither helps, the others are tried
    two by two. A gap without a fix says why (`no_fix`): none was found, so many were tried and none
    helps, or none was tried, as for those of a large match that come after many, and all of one that is
    larger still.

    Parameters
    ----------
    match : Match
    report : GapReport
    """
    if not report.needs.gaps or match.places.instance.graph.edge_count > MOST_EDGES:
        return report
    planner = Planner(match, reasons=report.reasons, with_stations=False)
    instance = match.places.instance
    row_of = {need: row for row, need in enumerate(instance.demand.ids.tolist())}
    meant: dict[str, list[int]] = {}
    reached = _find_reached(match, planner)
    for at, action in enumerate(planner.actions):
        for need in action.needs:
            meant.setdefault(need, []).append(at)
    most = min(_MOST_TRIED, _TRIED_EDGES // max(1, instance.graph.edge_count))
    trier = _Trier(planner, most)
    gaps = []
    for gap in report.needs.gaps:
        if gap.no_fix is not None and gap.no_fix["why"] == NO_KIND:
            gaps.append(gap)
            continue
        ranked = _rank_tried(planner, gap, meant, reached)
        fix, tried = trier.find(ranked, np.array([row_of[need] for need in gap.needs], np.int64))
        gaps.append(replace(gap, fix=fix, no_fix=None if fix else _tell_none(ranked, tried)))
    return replace(report, needs=replace(report.needs, gaps=tuple(_tell_gains(match, gaps))))


def _tell_gains(match: Match, gaps: list[Gap]) -> list[Gap]:
    """Say of what would do for gaps without a fix how many places more it lets be served at least.

    The needs are tried as new pairs of the offer. With other times it might reach more, and gain more.
    """
    instance, solution = match.places.instance, match.places.solution
    need_row = {need: row for row, need in enumerate(instance.demand.ids.tolist())}
    offer_row = {offer: row for row, offer in enumerate(instance.supply.ids.tolist())}
    asked = [
        (at, number)
        for at, gap in enumerate(gaps)
        for number, row in enumerate(gap.would_do if gap.fix is None else ())
        if row["change"] in _PAIRED and "offer" in row
    ][:_MOST_TRIED]
    if not asked:
        return gaps
    effects = []
    for at, number in asked:
        row = gaps[at].would_do[number]
        needs = np.array([need_row[need] for need in row["needs"]])
        none = np.zeros(len(needs), np.int64)
        effects.append([Effect(offer_row[row["offer"]], -1, 0, False, needs, none)])
    trials = Trials(instance.graph, solution, effects)
    told = list(gaps)
    for number, (at, which) in enumerate(asked):
        would_do = list(told[at].would_do)
        would_do[which] = add_gain(instance, would_do[which], max(sum(trials.gain([number])), 0))
        told[at] = replace(told[at], would_do=tuple(would_do))
    return told


def _tell_none(ranked: list[int], tried: int) -> Json:
    if not ranked:
        return tell_no_fix(NO_CANDIDATE)
    return tell_no_fix(NONE_HELPS, tried) if tried == len(ranked) else tell_no_fix(NOT_TRIED, tried)


class _Trier:
    """Tries actions for one gap after the other, so many for all of them."""

    def __init__(self, planner: Planner, most: int) -> None:
        self._planner, self._most = planner, most
        self._tried: set[int] = set()

    def find(self, ranked: list[int], needs: IntArray) -> tuple[Json | None, int]:
        """The best of the first actions of which any helps; and how many were tried."""
        for start in range(0, len(ranked), _TRIED):
            some = ranked[start : start + _TRIED]
            if len(self._tried.union(some)) > self._most:
                return None, start
            self._tried.update(some)
            fix = _find_fix(self._planner, some, needs)
            if fix is not None:
                return fix, start + len(some)
        return None, len(ranked)


def _find_reached(match: Match, planner: Planner) -> list[frozenset[str]]:
    """Needs that each action lets an offer serve that couldn't before."""
    ids = match.places.instance.demand.ids
    return [
        frozenset(str(ids[row]) for effect in effects for row in effect.need.tolist())
        for effects in planner.trials.effects
    ]


def _rank_tried(
    planner: Planner, gap: Gap, meant: dict[str, list[int]], reached: list[frozenset[str]]
) -> list[int]:
    """The actions meant for a gap, those first that help most of its needs at the least cost and effort.

    Needs short of capacity may be helped by relieving others; any other need only by an offer of its own.
    """
    helps: dict[int, int] = {}
    for need in gap.needs:
        for at in meant.get(need, ()):
            if gap.certificate is not None or need in reached[at]:
                helps[at] = helps.get(at, 0) + 1

    def rank(at: int) -> tuple[float, bool, int, float]:
        action = planner.actions[at]
        places = min(helps[at], action.places) if action.places else helps[at]
        # What only might help comes behind: few are tried.
        return planner.cost(at), action.moves, -places, find_effort(action)

    return sorted(helps, key=rank)


def _find_fix(planner: Planner, tried: list[int], needs: IntArray) -> Json | None:
    """The best of the actions that serve more of these needs, by their rows."""
    priorities = np.unique(planner.part.instance.graph.need_priority[needs]).tolist()
    # Without a place more of their priorities none of theirs is served more: no need to solve again.
    useful = [at for at in tried if any(planner.alone(at)[priority - 1] > 0 for priority in priorities)]
    useful.sort(
        key=lambda at: (planner.cost(at), [-g for g in planner.alone(at)], find_effort(planner.actions[at]))
    )
    for at in useful:
        here = planner.count_of(at, needs)
        if here is None or here > 0:
            fix = {**planner.tell(at, alone=True), "gain_here": here}
            del fix["needs"], fix["gain_units"]
            return fix
    return None
