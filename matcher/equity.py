"""Equity: how evenly needs are served across areas, groups and categories, and who is served worst.

The share of an area is the places served of those wanted there; its access is the mean over the places wanted
there, by the measure that the rules choose (`matcher.catchments`). Areas weigh by their residents where these
are known of all of them, else by the places wanted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from matcher.arrays import sum_by_row
from matcher.catchments import Access, measure_access
from matcher.instance import Floats, Instance, Ints
from matcher.match import Part

Json = dict[str, Any]

WORST: Final = 0.05
"""The part of the people of whom it is told how the worst served are served."""


def gini(value: Floats, weight: Floats) -> float | None:
    """The Gini coefficient of values held by weighted people.

    ``sum_ij w_i w_j |y_i - y_j| / (2 W^2 mean)``, 0 (all alike) to below 1; None where nobody has anything.
    By the formula of Lerman and Yitzhaki (1989) over rising values, which needs no pairs.

    Parameters
    ----------
    value, weight : float64 arrays
        At least 0.
    """
    total = float(weight.sum())
    mean = float((value * weight).sum()) / total if total else 0.0
    if mean <= 0:
        return None
    order = np.argsort(value, kind="stable")
    held, people = value[order], weight[order] / total
    upto = np.cumsum(people) - people / 2
    return max(0.0, float(2 * (people * held * (upto - 0.5)).sum() / mean))


def theil(value: Floats, weight: Floats) -> float | None:
    """Theil's T: ``sum_i w_i / W * (y_i / mean) * ln(y_i / mean)``; 0 where all are alike (Theil 1967).

    None where nobody has anything.
    """
    total = float(weight.sum())
    mean = float((value * weight).sum()) / total if total else 0.0
    if mean <= 0:
        return None
    share = value / mean
    terms = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    return max(0.0, float((weight * terms).sum() / total))


def part_theil(value: Floats, weight: Floats, group: Sequence[str | None]) -> tuple[float, float] | None:
    """Theil's T within groups and between them; the two add up to it.

    Between: as if all of a group had its mean. None where nobody has anything.
    """
    whole = theil(value, weight)
    if whole is None:
        return None
    names = {name: at for at, name in enumerate(dict.fromkeys(group))}
    number = np.array([names[name] for name in group], dtype=np.int64)
    people = np.bincount(number, weight, len(names)).astype(np.float64)
    held = np.bincount(number, weight * value, len(names))
    means = np.divide(held, people, out=np.zeros(len(names)), where=people > 0)
    between = theil(means, people) or 0.0
    return max(0.0, whole - between), between


def find_worst(value: Floats, weight: Floats, part: float = WORST) -> tuple[float | None, Ints]:
    """The mean of the part of the people who have least, and the rows in which they are.

    The last row counts with as many of its people as are needed.
    """
    total = float(weight.sum())
    if not total:
        return None, np.zeros(0, np.int64)
    order = np.argsort(value, kind="stable")
    order = order[weight[order] > 0]
    before = np.cumsum(weight[order]) - weight[order]
    taken = np.clip(part * total - before, 0, weight[order])
    rows = order[taken > 0]
    return float((value[order] * taken).sum() / taken.sum()), rows.astype(np.int64)


def equity_document(part: Part) -> Json:
    """How evenly the needs of a match are served.

    Returns
    -------
    dict
        `weight` (`population` or `places`), `share` (mean over people), `gini`, `theil`, `theil_subdistricts`
        and `theil_districts` (each with `within` and `between`), `worst` (`part`, `share`, `areas`), `areas`
        [{`area`, `wanted`, `served`, `share`, `weight`}], the worst first, `by_category` and `by_group`
        (`wanted`, `served`, `share`, of categories `gini` too), `over60` (`people`, `share`: what their areas
        have, by where they live), `access` (see `access_evenness`). Needs whose area nobody knows count under
        categories and groups alone: `unplaced` places.
    """
    instance = part.instance
    wanted, served, rows = _count(part)
    area = find_areas(instance, rows)
    placed = area >= 0
    areas = np.unique(area[placed])
    number = np.searchsorted(areas, area[placed])
    asked = sum_by_row(number, wanted[placed], len(areas)).astype(np.float64)
    got = sum_by_row(number, served[placed], len(areas)).astype(np.float64)
    share = got / np.maximum(asked, 1)
    weight, by_people = _weigh(instance, areas, asked)
    names = instance.snapshot.ids("areas")[areas]
    mean, worst = find_worst(share, weight)
    order = np.lexsort((names.astype(str), share))
    return {
        "weight": "population" if by_people else "places",
        "share": _round(float((share * weight).sum() / weight.sum()) if weight.sum() else None),
        "gini": _round(gini(share, weight)),
        "theil": _round(theil(share, weight)),
        "theil_subdistricts": _tell_parts(share, weight, _above(instance, areas, "subdistrict")),
        "theil_districts": _tell_parts(share, weight, _above(instance, areas, "district")),
        "worst": {"part": WORST, "share": _round(mean), "areas": names[worst].tolist()},
        "areas": [
            {
                "area": names[at],
                "wanted": int(asked[at]),
                "served": int(got[at]),
                "share": _round(float(share[at])),
                "weight": int(weight[at]),
            }
            for at in order.tolist()
        ],
        "by_category": _by_category(part, rows, wanted, served, area),
        "by_group": _by_group(instance, rows, wanted, served),
        "over60": _over60(instance, areas, share),
        "unplaced": int(wanted[~placed].sum()),
        "access": access_evenness(measure_access(instance)),
    }


def access_evenness(access: Access) -> Json:
    """How even access is between areas, whoever is matched with whom.

    Returns
    -------
    dict
        `measure`, `catchment_m` (None: the reach of each offer), `zones`, `tau`, `less_is_better`, `mean`
        (over the places wanted in reach), `weight`, `gini`, `theil`, `theil_subdistricts`, `theil_districts`,
        `worst` (`part`, `access`, `areas`), as of `equity_document`; `unknown_areas`: how many have needs
        but no mean, since nobody reaches them. They count in none of the figures.
    """
    instance = access.instance
    rows = np.flatnonzero(~instance.demand.is_project)
    area = find_areas(instance, rows)
    found = [(one, rows[area == one]) for one in np.unique(area[area >= 0]).tolist()]
    means = [(one, some, access.find_mean(some)) for one, some in found]
    told = [(one, some, mean) for one, some, mean in means if mean is not None]
    areas = np.array([one for one, _, _ in told], np.int64)
    value = np.array([mean for _, _, mean in told], np.float64)
    asked = np.array([instance.graph.need_quantity[some].sum() for _, some, _ in told], np.float64)
    weight, by_people = _weigh(instance, areas, asked)
    sign = -1.0 if access.is_cost else 1.0
    worst_mean, worst = find_worst(sign * value, weight)
    return {
        "measure": access.measure,
        "catchment_m": access.catchment_m,
        "zones": [list(zone) for zone in access.zones],
        "tau": access.tau,
        "less_is_better": access.is_cost,
        "mean": _round(access.find_mean(rows)),
        "weight": "population" if by_people else "places",
        "gini": _round(gini(value, weight)),
        "theil": _round(theil(value, weight)),
        "theil_subdistricts": _tell_parts(value, weight, _above(instance, areas, "subdistrict")),
        "theil_districts": _tell_parts(value, weight, _above(instance, areas, "district")),
        "worst": {
            "part": WORST,
            "access": None if worst_mean is None else _round(sign * worst_mean),
            "areas": instance.snapshot.ids("areas")[areas[worst]].tolist(),
        },
        "unknown_areas": len(means) - len(told),
    }


def _weigh(instance: Instance, areas: Ints, asked: Floats) -> tuple[Floats, bool]:
    """Residents of areas where they are counted in all, else the places wanted; and which of the two."""
    population = instance.snapshot.column("areas", "population")[areas]
    by_people = bool(len(areas)) and not np.isnan(population).any() and population.sum() > 0
    return (population if by_people else asked), by_people


def _count(part: Part) -> tuple[Ints, Ints, Ints]:
    """Places wanted, those of them served, and the rows of needs."""
    rows = np.flatnonzero(~part.instance.demand.is_project)
    wanted = part.instance.graph.need_quantity[rows]
    return wanted, np.minimum(part.solution.served[rows], wanted), rows


def find_areas(instance: Instance, rows: Ints) -> Ints:
    """Rows of the neighbourhoods that needs lie in, else of the smallest area known; -1: none."""
    area = instance.demand.sites.area[rows].copy()
    levels = instance.snapshot.column("areas", "level")
    parent = instance.areas.rows_of(instance.snapshot.column("areas", "parent"))
    for row in np.unique(area[area >= 0]).tolist():
        above, seen = row, {row}
        while levels[above] in ("block", "building", "quarter") and parent[above] >= 0:
            above = int(parent[above])
            if above in seen:
                break
            seen.add(above)
        if levels[above] == "neighbourhood":
            area[area == row] = above
    return area


def _above(instance: Instance, areas: Ints, level: str) -> list[str | None]:
    """The area of a level that each area lies in, or is."""
    levels = instance.snapshot.column("areas", "level")
    ids = instance.snapshot.ids("areas")
    some = np.flatnonzero(levels == level)
    found = []
    for area in areas.tolist():
        holds = some[instance.areas.is_within(np.full(len(some), area), some)] if len(some) else some
        found.append(str(ids[holds[0]]) if len(holds) else None)
    return found


def _tell_parts(share: Floats, weight: Floats, group: Sequence[str | None]) -> Json | None:
    parts = part_theil(share, weight, group) if len(share) else None
    return None if parts is None else {"within": _round(parts[0]), "between": _round(parts[1])}


def _by_category(part: Part, rows: Ints, wanted: Ints, served: Ints, area: Ints) -> dict[str, Json]:
    top = np.array([str(name).split(".")[0] for name in part.instance.demand.category[rows]], dtype=object)
    found = {}
    for name in sorted(set(top.tolist())):
        mine = top == name
        placed = mine & (area >= 0)
        areas, number = np.unique(area[placed], return_inverse=True)
        asked = sum_by_row(number, wanted[placed], len(areas)).astype(np.float64)
        got = sum_by_row(number, served[placed], len(areas)).astype(np.float64)
        found[name] = {
            **_tell(wanted[mine], served[mine]),
            "gini": _round(gini(got / np.maximum(asked, 1), asked)),
        }
    return found


def _by_group(instance: Instance, rows: Ints, wanted: Ints, served: Ints) -> dict[str, Json]:
    """Needs by whom they are for; those that don't say it aren't told."""
    table_rows = instance.demand.table_row[rows]
    group = instance.snapshot.column("needs", "group")[table_rows]
    names = sorted({name for name in group.tolist() if name})
    return {name: _tell(wanted[group == name], served[group == name]) for name in names}


def _tell(wanted: Ints, served: Ints) -> Json:
    total = int(wanted.sum())
    return {
        "wanted": total,
        "served": int(served.sum()),
        "share": _round(float(served.sum() / total) if total else None),
    }


def _over60(instance: Instance, areas: Ints, share: Floats) -> Json | None:
    """What people over 60 have where they live; None where nobody counted them."""
    people = instance.snapshot.column("areas", "over60")[areas]
    known = ~np.isnan(people)
    total = float(people[known].sum())
    if not total:
        return None
    return {"people": int(total), "share": _round(float((people[known] * share[known]).sum() / total))}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
