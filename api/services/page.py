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
_SOLVED_EDGES: Final = 1_500_000
"""Each stretched reach is a solve of its own; so many edges are solved for all of them."""


def page_document(made: Match, report: GapReport) -> Json:
    """Why each assignment was made, suggestions, and places that a rule holds back.

    Returns
    -------
    dict
        `whys`: one for each row of the assignments (None where there are too many), `suggestions`: [{kind
        `ask`, offer, unit, title, gain_places, per} | {kind `reach`, offer, unit, title, reach_m,
        to_reach_m, gain_places}] with exact gains, most first, `held`: {need: places}.
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

    from matcher.explain import why_chosen
    from matcher.market import Market

    graph, flow = part.instance.graph, part.solution.flow
    used = graph.edge_order[flow[graph.edge_order] > 0]
    if len(used) > MOST_WHYS:
        return None
    market = Market(part)
    found: dict[int, Json] = {}
    for need in np.unique(graph.edge_need[used]).tolist():
        view = market.look(need)
        for at in np.flatnonzero(view.flow > 0).tolist():
            edge = int(view.edges[at])
            metres = float(part.instance.pairs.distance_m[edge])
            found[edge] = _why(why_chosen(market, view, at), None if np.isnan(metres) else metres)
    return [found[edge] for edge in used.tolist()]


def _why(why: Json, own_m: float | None) -> Json:
    runner, nearest = why["runner_up"], why["nearest"]
    farther: float | None = None
    if runner is not None and runner["distance_m"] is not None and own_m is not None:
        farther = round(runner["distance_m"] - own_m, 1)
    return {
        "kind": why["kind"],
        "runner_up_unit": runner["unit"] if runner else None,
        "runner_up_extra_m": farther if farther is not None and farther >= 0 else None,
        "nearest_unit": nearest["unit"] if nearest else None,
        "nearest_distance_m": nearest["distance_m"] if nearest else None,
    }


def ask_suggestions(made: Match) -> list[Json]:
    """The offers of unknown capacity that could add most."""
    instance = made.places.instance
    return [
        {
            **_offer(instance, ask.offer_row),
            "kind": "ask",
            "gain_places": ask.gain_places,
            "per": str(instance.snapshot.column("offers", "per")[instance.supply.table_row[ask.offer_row]]),
        }
        for ask in made.places.ask_first[:MOST_ASKS]
    ]


def reach_suggestions(made: Match, report: GapReport) -> list[Json]:
    """The reaches that would add places if they were somewhat longer, each solved anew.

    An offer is tried if it is the nearest that could serve an unserved need but for its reach. The reach
    proposed is the shortest, in steps of 100 metres, that takes in all such needs up to `FARTHEST`.
    """
    part = made.places
    instance = part.instance
    tries = min(MOST_REACHES, _SOLVED_EDGES // max(instance.graph.edge_count, 1))
    served = _served(part)
    found = []
    for offer_row, to_reach_m in _stretched(instance, report)[:tries]:
        offer = _record(instance, offer_row)
        changed = {("offers", offer.id): replace(offer, reach_m=float(to_reach_m))}
        gain = _served_with(made, changed) - served
        if gain > 0:
            about = {"reach_m": offer.reach_m, "to_reach_m": to_reach_m, "gain_places": gain}
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
