"""Each gap's cheapest fix: the action that costs least and lets most of what is unserved be served."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Any, Final

from matcher.actions.report import Planner, find_effort
from matcher.gap_list import Gap
from matcher.gaps import GapReport
from matcher.match import Match

Json = dict[str, Any]

MOST_EDGES: Final = 300_000
"""Pairs up to which fixes are worked out with each match; `linli actions` does it for larger ones."""

_TRIED: Final = 2
_MOST_TRIED: Final = 120
_TRIED_EDGES: Final = 6_000_000
# Each trial takes the longer the more pairs there are: so many for all of them together.


def add_fixes(match: Match, report: GapReport) -> GapReport:
    """Give the gaps of needs their cheapest fix; those first that concern most people.

    Of the actions meant for a gap's needs the two that promise most are tried, and the best is told with what
    solving again gains; it asks for no more places than are used then. A gap without an action that helps has
    none; so have those of a large match that come after many, and all of one that is larger still.

    Parameters
    ----------
    match : Match
    report : GapReport
    """
    if not report.needs.gaps or match.places.instance.graph.edge_count > MOST_EDGES:
        return report
    planner = Planner(match, reasons=report.reasons, with_stations=False)
    instance = match.places.instance
    priority_of = dict(zip(instance.demand.ids.tolist(), instance.graph.need_priority.tolist(), strict=True))
    meant: dict[str, list[int]] = {}
    reached = _find_reached(match, planner)
    for at, action in enumerate(planner.actions):
        for need in action.needs:
            meant.setdefault(need, []).append(at)
    most = min(_MOST_TRIED, _TRIED_EDGES // max(1, instance.graph.edge_count))
    tried: set[int] = set()
    gaps = []
    for gap in report.needs.gaps:
        some = _choose_tried(planner, gap, meant, reached)
        tried.update(some)
        priorities = {priority_of[need] for need in gap.needs}
        gaps.append(replace(gap, fix=_find_fix(planner, some, priorities)) if len(tried) <= most else gap)
    return replace(report, needs=replace(report.needs, gaps=tuple(gaps)))


def _find_reached(match: Match, planner: Planner) -> list[frozenset[str]]:
    """Needs that each action lets an offer serve that couldn't before."""
    ids = match.places.instance.demand.ids
    return [
        frozenset(str(ids[row]) for effect in effects for row in effect.need.tolist())
        for effects in planner.trials.effects
    ]


def _choose_tried(
    planner: Planner, gap: Gap, meant: dict[str, list[int]], reached: list[frozenset[str]]
) -> list[int]:
    """The actions meant for a gap that could help most of its needs, at the least cost and effort.

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

    return sorted(helps, key=rank)[:_TRIED]


def _find_fix(planner: Planner, tried: list[int], priorities: Set[int]) -> Json | None:
    """The best of the actions that gain places of these priorities: without one, no need of theirs gains."""
    useful = [at for at in tried if any(planner.alone(at)[priority - 1] > 0 for priority in priorities)]
    if not useful:
        return None
    best = min(
        useful,
        key=lambda at: (planner.cost(at), [-g for g in planner.alone(at)], find_effort(planner.actions[at])),
    )
    fix = planner.tell(best, alone=True)
    del fix["needs"], fix["gain_units"]
    return fix
