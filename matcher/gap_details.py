"""What gaps and explanations say about reasons: whose place is unknown, what is nearest, which times."""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.instance import Instance
from matcher.reasons import Reasons

Json = dict[str, Any]


def unknown_side(instance: Instance, reasons: Reasons, need: int) -> str:
    """Whose place is unknown where the nearest offer can't be judged: the `need`'s or the `offer`'s."""
    sites, offer = instance.demand.sites, int(reasons.offer[need])
    by_metres = not np.isnan(instance.supply.reach_m[offer])
    return "offer" if sites.has_point[need] and by_metres else "need"


def nearest_json(instance: Instance, reasons: Reasons, need: int) -> Json:
    """The nearest offer that doesn't reach a need, and the reach (or area) that would do."""
    supply, offer = instance.supply, int(reasons.offer[need])
    metres, reach = float(reasons.distance_m[need]), float(supply.reach_m[offer])
    return {
        "need": instance.demand.ids[need],
        "offer": supply.ids[offer],
        "unit": instance.unit_ids[supply.unit[offer]],
        "distance_m": None if np.isnan(metres) else round(metres, 1),
        "reach_m": None if np.isnan(reach) else reach,
        "reach_assumed": bool(supply.reach_assumed[offer]),
        "reach_that_would_do_m": None if np.isnan(metres) else int(np.ceil(metres)),
        "area_that_would_do": instance.demand.area_id[need],
    }


def times_json(instance: Instance, reasons: Reasons, need: int) -> Json:
    """The nearest offer that reaches a need, and when each of both is possible."""
    demand, supply, offer = instance.demand, instance.supply, int(reasons.offer[need])
    texts = instance.schedules.texts
    first = np.datetime64(instance.rules.period.first, "D")

    def days(start: int, end: int) -> list[str] | None:
        return [str(first + start), str(first + end)] if start <= end else None

    return {
        "need": demand.ids[need],
        "offer": supply.ids[offer],
        "unit": instance.unit_ids[supply.unit[offer]],
        "need_times": texts[demand.times[need]],
        "offer_times": texts[supply.times[offer]],
        "need_days": days(int(demand.first_day[need]), int(demand.last_day[need])),
        "offer_days": days(int(supply.first_day[offer]), int(supply.last_day[offer])),
    }
