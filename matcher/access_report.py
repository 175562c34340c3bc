"""The document of `linli access`: access by category, by area and category, and of each need."""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.catchments import Access
from matcher.equity import access_evenness, find_areas, gini
from matcher.instance import Floats, Ints

Json = dict[str, Any]


def access_document(access: Access, *, with_needs: bool = True) -> Json:
    """Tell what access a town's needs have.

    Parameters
    ----------
    access : Access
    with_needs : bool
        Tell of each need too.

    Returns
    -------
    dict
        `measure`, `catchment_m` (None: the reach of each offer), `zones` (upper bound as a part of the
        catchment, weight), `tau`, `less_is_better`, `wardrop_gap` (of RAAM), `assumed_offers` (in somebody's
        catchment, of unknown capacity, counted as 1), `evenness` (see `matcher.equity.access_evenness`),
        `by_category` and `rows` (by area and category, the worst in comparison with the mean of its category
        first), each with `places` wanted, `access` (mean over the places in reach; None where there is none),
        `unreached` and `empty` places (out of all catchments; in some, but nothing to be had there), and
        `needs` [{`need`, `area`, `category`, `places`, `access`}], where `access` is None out of all
        catchments and 0 where it is empty. Projects and money aren't measured.
    """
    instance = access.instance
    rows = np.flatnonzero(~instance.demand.is_project)
    area, category = find_areas(instance, rows), instance.demand.category[rows].astype(str)
    return {
        "measure": access.measure,
        "catchment_m": access.catchment_m,
        "zones": [list(zone) for zone in access.zones],
        "tau": access.tau,
        "less_is_better": access.is_cost,
        "wardrop_gap": access.gap,
        "assumed_offers": access.assumed_offers,
        **_tell(access, rows),
        "evenness": access_evenness(access),
        "by_category": _by_category(access, rows, category),
        "rows": _by_area(access, rows, area, category),
        "needs": _each(access, rows, area, category) if with_needs else None,
    }


def _tell(access: Access, rows: Ints) -> Json:
    wanted, value = access.instance.graph.need_quantity[rows], access.value[rows]
    return {
        "places": int(wanted.sum()),
        "access": _round(access.find_mean(rows)),
        "unreached": int(wanted[np.isnan(value)].sum()),
        "empty": int(wanted[value == 0].sum()),
    }


def _by_category(access: Access, rows: Ints, category: np.ndarray) -> list[Json]:
    found = []
    for name in np.unique(category).tolist():
        mine = rows[category == name]
        told = mine[~np.isnan(access.value[mine])]
        if access.is_cost:
            told = told[access.value[told] > 0]
        weight: Floats = access.instance.graph.need_quantity[told].astype(np.float64)
        even = gini(access.value[told], weight) if len(told) else None
        found.append({"category": name, **_tell(access, mine), "gini": _round(even)})
    return found


def _by_area(access: Access, rows: Ints, area: Ints, category: np.ndarray) -> list[Json]:
    """Those that nobody reaches first, then the worst off in comparison with the mean of their category."""
    names = access.instance.snapshot.ids("areas")
    kinds, kind = np.unique(category, return_inverse=True)
    means = [access.find_mean(rows[kind == one]) for one in range(len(kinds))]
    order = np.lexsort((area, kind))
    starts = np.flatnonzero((np.diff(kind[order], prepend=-1) != 0) | (np.diff(area[order], prepend=-2) != 0))
    told = []
    for some in np.split(order, starts[1:]) if len(order) else []:
        where, what = int(area[some[0]]), int(kind[some[0]])
        area_id = str(names[where]) if where >= 0 else None
        row: Json = {"area": area_id, "category": str(kinds[what]), **_tell(access, rows[some])}
        told.append(((_compare(access, row["access"], means[what]), -row["places"]), row))
    return [row for _, row in sorted(told, key=lambda found: found[0])]


def _compare(access: Access, value: float | None, mean: float | None) -> float:
    """How an access stands against a mean, less for the worse off."""
    if value is None or not mean:
        return -1.0
    return mean / value if access.is_cost else value / mean


def _each(access: Access, rows: Ints, area: Ints, category: np.ndarray) -> list[Json]:
    names, demand = access.instance.snapshot.ids("areas"), access.instance.demand
    values = access.value[rows]
    return [
        {
            "need": demand.ids[row],
            "area": str(names[area[at]]) if area[at] >= 0 else None,
            "category": str(category[at]),
            "places": int(access.instance.graph.need_quantity[row]),
            "access": None if np.isnan(values[at]) else _round(float(values[at])),
        }
        for at, row in enumerate(rows.tolist())
    ]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
