"""A match as the JSON documents that every door shows: figures, whom to ask first, who serves whom."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import Any

import numpy as np

from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.arrays import sum_by_row
from matcher.headroom import assumed_offers
from matcher.instance import Instance, Ints
from matcher.keeping import keep_document, load_document
from matcher.match import Assignment, Match, Part
from matcher.problem import PRIORITIES
from matcher.promises import claims_between
from matcher.rules import PROMISED_STATES
from matcher.solution import Solution, find_bound, find_value

Json = dict[str, Any]


def match_document(match: Match) -> Json:
    """Give the document of `linli match`; projects count apart in every figure, money under `money`."""
    period = match.rules.period
    return {
        "round": {"id": period.id, "from": period.first.isoformat(), "to": period.last.isoformat()},
        "fit": match.rules.fit,
        **part_document(match.places),
        "last_year": last_year(match.snapshot, period),
        "money": None if match.money is None else part_document(match.money),
    }


def part_document(part: Part) -> Json:
    """Give the figures of one measure, and the same for the by-hand rule."""
    instance = part.instance
    document = assignment_document(part)
    units = instance.unit_ids
    return {
        **document,
        "places_served_upper": part.served_upper,
        "places_served_upper_exact": part.served_upper_exact,
        "assumed_offers": len(assumed_offers(instance)),
        "ask_first": [
            {
                "offer": instance.supply.ids[ask.offer_row],
                "unit": units[instance.supply.unit[ask.offer_row]],
                "gain_places": ask.gain_places,
                "exact": ask.is_exact,
            }
            for ask in part.ask_first
        ],
        "ask_first_complete": part.ask_first_complete,
        "comparison": _comparison(part, document, document["nearest_first"]),
    }


def assignment_document(made: Assignment) -> Json:
    """Give the figures of an assignment alone, and the same for the by-hand rule."""
    instance, status = made.instance, made.solution.status
    return {
        "status": status,
        **figures(instance, made.solution.flow),
        "wanted_by_priority": wanted_by_priority(instance),
        # Places of needs and units of projects that none exceeds, where not all was proved.
        "places_bound": None if status == "optimal" else made.solution.bound,
        "within": within(made.solution),
        "nearest_first": figures(instance, made.by_hand.flow),
        "keep": keep_document(instance, made.solution),
        "load": load_document(instance, made.solution),
        "warnings": [*instance.promises.overpromised, *_outside(instance)],
    }


def within(solution: Solution) -> Json | None:
    """Say how far a `bounded` assignment may be from the best; None where that is proved, or nothing is.

    Returns
    -------
    dict or None
        `places_up_to`: priority to the places of needs and units of projects, of that priority and all more
        urgent ones, that at most could be more; `places_proved`: none could be; `cost_percent`: then the most
        by which the least cost may lie below the cost, in percent of it, rounded up; else None, since fewer
        places cost less.
    """
    limits, prices = solution.bound_by_priority, solution.prices
    if solution.status != "bounded" or limits is None:
        return None
    more = np.cumsum([limits[p] - solution.served_by_priority[p] for p in PRIORITIES]).tolist()
    proved, percent = not any(more), None
    if proved and prices is not None:
        net_flow = solution.flow - solution.graph.edge_locked
        level, cost = find_value(solution.graph, net_flow)
        least_level, least_cost = find_bound(solution.graph, prices)
        # Prices bound the cost at the level that they prove.
        if level == least_level and solution.cost:
            percent = ceil(1_000_000 * (cost - least_cost) / solution.cost) / 10_000
    places = {str(p): places for p, places in zip(PRIORITIES, more, strict=True)}
    return {"places_up_to": places, "places_proved": proved, "cost_percent": percent}


def figures(instance: Instance, flow: Ints) -> Json:
    """Count what an assignment does.

    Parameters
    ----------
    flow : ndarray of int64
        Places per edge of the instance's graph, promises included.

    Returns
    -------
    dict
        `needs`, `places_wanted`, `places_served`, `served_by_priority`, `people_reached`, `cost`,
        `distance_m`, `places_without_distance` of needs; `projects` for themselves.
    """
    graph, demand = instance.graph, instance.demand
    used = np.flatnonzero(flow)
    flow, cost, metres = flow[used], graph.edge_cost[used], instance.pairs.distance_m[used]
    served = sum_by_row(graph.edge_need[used], flow, len(demand))
    needs = ~demand.is_project
    people = np.where(np.isnan(demand.people), 1, demand.people)
    of_need = needs[graph.edge_need[used]]
    return {
        "needs": int(needs.sum()),
        "places_wanted": int(demand.quantity[needs].sum()),
        "places_served": int(served[needs].sum()),
        "served_by_priority": {str(p): int(served[needs & (demand.priority == p)].sum()) for p in PRIORITIES},
        "people_reached": int(people[needs & (served > 0)].sum()),
        **_walked(cost[of_need], metres[of_need], flow[of_need]),
        "projects": {
            "wanted": int(demand.quantity[~needs].sum()),
            "units": int(served[~needs].sum()),
            "full": int((served >= demand.quantity)[~needs].sum()),
            "partly": int(((served > 0) & (served < demand.quantity))[~needs].sum()),
            "unclaimed": int((served == 0)[~needs].sum()),
            **_walked(cost[~of_need], metres[~of_need], flow[~of_need]),
        },
    }


def wanted_by_priority(instance: Instance) -> dict[str, int]:
    """Count the places that needs ask for, by priority; projects apart."""
    demand = instance.demand
    needs = ~demand.is_project
    return {str(p): int(demand.quantity[needs & (demand.priority == p)].sum()) for p in PRIORITIES}


def _walked(cost: Ints, metres: np.ndarray, flow: Ints) -> Json:
    known = ~np.isnan(metres)
    return {
        "cost": int((cost * flow).sum()),
        "distance_m": round(float((metres[known] * flow[known]).sum()), 3),
        "places_without_distance": int(flow[~known].sum()),
    }


def _comparison(part: Part, ours: Json, theirs: Json) -> Json:
    """What the assignment gains over the by-hand rule, and what as many as by hand would cost at best."""
    alike = figures(part.instance, part.like_by_hand)
    return {
        "places_gained": ours["places_served"] - theirs["places_served"],
        "gained_by_priority": {
            p: places - theirs["served_by_priority"][p] for p, places in ours["served_by_priority"].items()
        },
        "metres_per_place": _per_place(ours),
        "nearest_first_metres_per_place": _per_place(theirs),
        "as_many_as_by_hand": {
            **{
                name: alike[name]
                for name in ("places_served", "cost", "distance_m", "places_without_distance")
            },
            "metres_per_place": _per_place(alike),
            "exact": not part.instance.graph.need_whole.any(),
        },
    }


def _per_place(counted: Json) -> float | None:
    """Known metres for each place whose distance is known."""
    places = counted["places_served"] - counted["places_without_distance"]
    return round(counted["distance_m"] / places, 1) if places else None


def _outside(instance: Instance) -> list[Json]:
    return [{"warning": "promised_without_offer", **item} for item in instance.promises.outside]


def assignments(made: Assignment) -> list[Json]:
    """Give the rows of `linli assignments`: who serves whom, needs first, sorted by need, then offer.

    A project's row has `project` instead of `need`, and no offer; so has a promise for which the unit has no
    offer that fits. `locked` says that all or some of the places are promised, `locked_places` how many.
    """
    instance, flow = made.instance, made.solution.flow
    graph, demand, supply, pairs = instance.graph, instance.demand, instance.supply, instance.pairs
    used = graph.edge_order[flow[graph.edge_order] > 0]
    rows = []
    for edge in used.tolist():
        need, offer = int(graph.edge_need[edge]), int(graph.edge_offer[edge])
        metres, locked = float(pairs.distance_m[edge]), int(graph.edge_locked[edge])
        rows.append(
            {
                "project" if demand.is_project[need] else "need": demand.ids[need],
                "offer": supply.ids[offer] if supply.table_row[offer] >= 0 else None,
                "unit": instance.unit_ids[supply.unit[offer]],
                "places": int(flow[edge]),
                "distance_m": None if np.isnan(metres) else round(metres, 1),
                "estimate": bool(pairs.estimate[edge]),
                "fit": "broad" if pairs.broad[edge] else "exact",
                "assumed": bool(pairs.assumed[edge] and flow[edge] > locked),
                "locked": locked > 0,
                "locked_places": locked,
            }
        )
    return rows


def last_year(snapshot: Snapshot, period: Period) -> Json | None:
    """Count what claims of the year before held: claims on needs, their places, and units of projects.

    Only claims with dates that touch the same days of the year before, agreed or more; None where there are
    none.
    """
    before = Period(_year_earlier(period.first), _year_earlier(period.last))
    held = [
        claim
        for claim in claims_between(snapshot, before.first, before.last)
        if claim.status in PROMISED_STATES and (claim.valid_from or claim.valid_to)
    ]
    if not held:
        return None
    quantity = dict(zip(snapshot.ids("needs"), snapshot.column("needs", "quantity").tolist(), strict=True))
    on_needs = [claim for claim in held if claim.target_table == "needs"]
    return {
        "round": before.id,
        "claims": len(held),
        "places_served": sum(
            claim.quantity if claim.quantity is not None else quantity.get(claim.target, 1)
            for claim in on_needs
        ),
        "project_units": len({(c.target, c.by) for c in held if c.target_table == "projects"}),
    }


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
