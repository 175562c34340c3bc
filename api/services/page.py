"""What the page shows of a round beyond its documents: why each unit, and what to ask or change first.

Kept with the round, so that a page about an older round tells what was true of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from api.services.history import with_records

if TYPE_CHECKING:
    from graph.model import Offer
    from matcher.gaps import GapReport
    from matcher.instance import Instance
    from matcher.match import Match, Part

Json = dict[str, Any]

MOST_WHYS: Final = 10_000
"""Of rounds with more assignments the reasons are given when asked for (`linli explain`)."""

MOST_ASKS: Final = 5
MOST_REACHES: Final = 5
FARTHEST: Final = 3.0
"""A reach is stretched to so many times itself at most."""

_STEP_M: Final = 100
_SOLVED_EDGES: Final = 100_000
"""Where a flow doesn't tell a reach's gain exactly, it is solved for anew if all have no more edges."""


def page_document(made: Match, report: GapReport) -> Json:
    """Why each assignment was made, suggestions, and places that a rule holds back.

    Returns
    -------
    dict
        `whys`: one for each row of the assignments (None where there are too many), `suggestions`: [{kind
        `ask`, offer, unit, title, gain_places, exact, per} | {kind `reach`, offer, unit, title, reach_m,
        to_reach_m, gain_places, exact}] with `exact` where solving again would gain just so much, most first,
        `held`: {need: places}.
    """
    return {
        "whys": whys(made.places),
        "suggestions": sorted(
            [*ask_suggestions(made), *reach_suggestions(made, report)],
            key=lambda item: (-item["gain_places"], item["kind"], item["offer"]),
        ),
        "held": {
            str(made.places.instance.demand.ids[row]): int(held)
            for row, held in enumerate(report.reasons.held.tolist())
            if held
        },
    }


def whys(part: Part) -> list[Json] | None:
    """Why each row of the assignments was chosen, in their order."""
    import numpy as np

    from matcher.choices import KINDS, find_choices
    from matcher.market import Market

    instance, flow = part.instance, part.solution.flow
    order = instance.graph.edge_order
    used = order[flow[order] > 0]
    if len(used) > MOST_WHYS:
        return None
    choices = find_choices(Market(part), np.unique(instance.graph.edge_need[used]).astype(np.int64))
    at = np.searchsorted(choices.edges, used)
    units = instance.unit_ids[instance.supply.unit[instance.graph.edge_offer]]
    metres = [None if np.isnan(value) else value for value in instance.pairs.distance_m.tolist()]
    return [
        _why(KINDS[kind], metres[edge], *((units[i], metres[i]) if i >= 0 else None for i in others))
        for edge, kind, *others in zip(
            used.tolist(),
            choices.kind[at].tolist(),
            choices.runner_up[at].tolist(),
            choices.nearest[at].tolist(),
            strict=True,
        )
    ]


def _why(
    kind: str,
    own_m: float | None,
    runner: tuple[str, float | None] | None,
    nearest: tuple[str, float | None] | None,
) -> Json:
    farther: float | None = None
    if runner is not None and runner[1] is not None and own_m is not None:
        farther = round(round(runner[1], 1) - own_m, 1)
    return {
        "kind": kind,
        "runner_up_unit": runner[0] if runner else None,
        "runner_up_extra_m": farther if farther is not None and farther >= 0 else None,
        "nearest_unit": nearest[0] if nearest else None,
        "nearest_distance_m": round(nearest[1], 1) if nearest and nearest[1] is not None else None,
    }


def ask_suggestions(made: Match) -> list[Json]:
    """The offers of unknown capacity that could add most."""
    instance = made.places.instance
    return [
        {
            **_offer(instance, ask.offer_row),
            "kind": "ask",
            "gain_places": ask.gain_places,
            "exact": ask.is_exact,
            "per": str(instance.snapshot.column("offers", "per")[instance.supply.table_row[ask.offer_row]]),
        }
        for ask in made.places.ask_first[:MOST_ASKS]
    ]


def reach_suggestions(made: Match, report: GapReport) -> list[Json]:
    """The reaches that would add places if they were somewhat longer.

    An offer is tried if it is the nearest that could serve an unserved need but for its reach. The reach
    proposed is the shortest, in steps of 100 metres, that takes in all such needs up to `FARTHEST`.
    """
    from matcher.headroom import LongerReach

    part = made.places
    instance = part.instance
    tried = _stretched(instance, report)[:MOST_REACHES]
    if not tried:
        return []
    longer = LongerReach(instance, part.solution)
    is_solved = not longer.is_exact and len(tried) * instance.graph.edge_count <= _SOLVED_EDGES
    found = []
    for offer_row, to_reach_m in tried:
        offer = _record(instance, offer_row)
        if is_solved:
            changed = {("offers", offer.id): replace(offer, reach_m=float(to_reach_m))}
            gain = _served_with(made, changed) - _served(part)
        else:
            gain = longer.gain(offer_row, to_reach_m)
        if gain > 0:
            about = {"reach_m": offer.reach_m, "to_reach_m": to_reach_m, "gain_places": gain}
            about["exact"] = is_solved or longer.is_exact
            found.append({**_offer(instance, offer_row), "kind": "reach", **about})
    return found


def _stretched(instance: Instance, report: GapReport) -> list[tuple[int, int]]:
    """Offer rows and the reaches to try, those that could take in most places first."""
    import numpy as np

    from graph.taxonomy import REASONS

    reasons, supply = report.reasons, instance.supply
    far = (reasons.reason == REASONS.index("out_of_reach")) & ~instance.demand.is_project
    far &= (reasons.offer >= 0) & ~np.isnan(reasons.distance_m)
    waiting: dict[int, list[tuple[float, int]]] = {}
    for row in np.flatnonzero(far).tolist():
        offer = int(reasons.offer[row])
        is_stated = supply.table_row[offer] >= 0 and _record(instance, offer).reach_m is not None
        if is_stated and reasons.distance_m[row] <= FARTHEST * supply.reach_m[offer]:
            places = int(reasons.unserved[row])
            waiting.setdefault(offer, []).append((float(reasons.distance_m[row]), places))
    ranked = sorted(waiting.items(), key=lambda item: (-sum(places for _, places in item[1]), item[0]))
    return [
        (offer, int(np.ceil(max(metres for metres, _ in needs) / _STEP_M)) * _STEP_M)
        for offer, needs in ranked
    ]


def _served_with(made: Match, changed: dict[tuple[str, str], Any]) -> int:
    """Places of needs served if some records were others."""
    from matcher.candidates import build_instance
    from matcher.flow import solve

    instance = build_instance(with_records(made.snapshot, changed), made.rules)
    solution = solve(instance.graph)
    return int(solution.served[~instance.demand.is_project].sum())


def _served(part: Part) -> int:
    return int(part.solution.served[~part.instance.demand.is_project].sum())


def _record(instance: Instance, offer_row: int) -> Offer:
    from graph.model import Offer

    found = instance.snapshot.record("offers", str(instance.supply.ids[offer_row]))
    assert isinstance(found, Offer)
    return found


def _offer(instance: Instance, offer_row: int) -> Json:
    return {
        "offer": str(instance.supply.ids[offer_row]),
        "unit": str(instance.unit_ids[instance.supply.unit[offer_row]]),
        "title": _record(instance, offer_row).title,
    }
