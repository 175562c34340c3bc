"""Coverage: organisations without a branch or out of every station's reach, areas without an offer near.

Two coverages (两个覆盖) are asked of an organisation. By organisation: it has a branch of its own (建) or a
part in a joint one (联); a branch that says nothing of its kind counts as such. By work: any branch reaches
it, also by 挂, 靠 or 派, or a station does. A station reaches what lies within its metres or its areas; where
neither is stated, its sub-district, or where that is unknown the metres usual for the category `other`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.geo import distance_m
from graph.snapshot import Snapshot
from graph.taxonomy import OTHER, default_reach_m, is_within
from matcher.instance import OFFER, Bools, Floats, Instance, Ints
from matcher.places import AreaTree, Sites, own_sites
from matcher.rules import Rules

Json = dict[str, Any]

_BY_ORGANISATION: Final = frozenset({"", "建", "联"})

_KINDS: Final = ("建", "联", "挂", "靠", "派")

_CHUNK: Final = 64
"""So many offers or stations are measured against all that is left at once."""


def find_coverage(instance: Instance) -> list[Json]:
    """List the units that lack one coverage or both.

    Returns
    -------
    list of dict
        JSON values, by unit: `unit`, `missing` (`organisation`, `work`), `place_known` (False: no station's
        reach could be judged).
    """
    snapshot, period = instance.snapshot, instance.rules.period
    units = np.flatnonzero(snapshot.valid("units", period.first, period.last))
    sites = own_sites(instance.areas, snapshot, "units").take(units)
    reached = read_stations(snapshot, instance.areas, instance.rules).reach(instance.areas, sites)
    valid = snapshot.valid("branches", period.first, period.last)
    rows = zip(
        snapshot.column("branches", "units")[valid],
        snapshot.column("branches", "coverage")[valid],
        strict=True,
    )
    with_branch: set[str] = set()
    with_own: set[str] = set()
    for names, coverage in rows:
        with_branch.update(names)
        if (coverage or "") in _BY_ORGANISATION:
            with_own.update(names)
    found = []
    known = sites.has_point | (sites.area >= 0)
    for at, unit in enumerate(snapshot.ids("units")[units].tolist()):
        missing = [] if unit in with_own else ["organisation"]
        missing += [] if unit in with_branch or reached[at] else ["work"]
        if missing:
            found.append({"unit": unit, "missing": missing, "place_known": bool(known[at])})
    return found


def count_coverage(instance: Instance) -> Json:
    """Count the units that each of the two coverages reaches, and by what.

    Returns
    -------
    dict
        `units` (how many there are), `organisation` and `work` (each `covered`, `share`, and `by`: units by
        the first that holds of 建, 联, 挂, 靠, 派 and, for work, `station`), `both`, `neither`. A branch that
        says nothing of its kind is 建 for one unit, 联 for several.
    """
    snapshot, period = instance.snapshot, instance.rules.period
    rows = np.flatnonzero(snapshot.valid("units", period.first, period.last))
    units = snapshot.ids("units")[rows].tolist()
    sites = own_sites(instance.areas, snapshot, "units").take(rows)
    reached = read_stations(snapshot, instance.areas, instance.rules).reach(instance.areas, sites)
    kinds = _kinds_of_units(snapshot, snapshot.valid("branches", period.first, period.last))
    by: dict[str, dict[str, int]] = {"organisation": {}, "work": {}}
    both = neither = 0
    for at, unit in enumerate(units):
        found = sorted(kinds.get(unit, ()), key=_KINDS.index)
        own = [kind for kind in found if kind in _BY_ORGANISATION]
        worked = found or (["station"] if reached[at] else [])
        for name, some in (("organisation", own), ("work", worked)):
            if some:
                by[name][some[0]] = by[name].get(some[0], 0) + 1
        both += bool(own and worked)
        neither += not worked
    return {
        "units": len(units),
        **{
            name: {
                "covered": sum(some.values()),
                "share": round(sum(some.values()) / len(units), 4) if units else None,
                "by": some,
            }
            for name, some in by.items()
        },
        "both": both,
        "neither": neither,
    }


def _kinds_of_units(snapshot: Snapshot, valid: Bools) -> dict[str, set[str]]:
    """By which kinds of coverage branches name each unit."""
    found: dict[str, set[str]] = {}
    rows = zip(
        snapshot.column("branches", "units")[valid],
        snapshot.column("branches", "coverage")[valid],
        strict=True,
    )
    for names, coverage in rows:
        kind = coverage if coverage in _KINDS else "联" if len(names) > 1 else "建"
        for unit in names:
            found.setdefault(unit, set()).add(kind)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Stations:
    """Stations that hold in a round, and how far each reaches.

    Attributes
    ----------
    rows : int64 array
        Of the table `stations`.
    sites : Sites
    reach_m : float64 array
        NaN where metres don't limit it.
    reach_areas : int64 array (stations, most areas of one)
        Rows of the table `areas`, filled up with -1.
    everyone : bool array
    """

    rows: Ints
    sites: Sites
    reach_m: Floats
    reach_areas: Ints
    everyone: Bools

    def reach(self, tree: AreaTree, sites: Sites) -> Bools:
        """Which sites some station reaches."""
        return is_reached(tree, sites, self.sites, self.reach_m, self.reach_areas, self.everyone)

    def each_reaches(self, tree: AreaTree, sites: Sites) -> Iterator[Bools]:
        """Which sites each station reaches, one station after the other."""
        for at in range(len(self.rows)):
            one = np.array([at])
            yield is_reached(
                tree,
                sites,
                self.sites.take(one),
                self.reach_m[one],
                self.reach_areas[one],
                self.everyone[one],
            )


def read_stations(snapshot: Snapshot, tree: AreaTree, rules: Rules) -> Stations:
    """Read the stations of a round; the module says how far one reaches where nobody stated it."""
    rows = np.flatnonzero(snapshot.valid("stations", rules.period.first, rules.period.last))
    sites = own_sites(tree, snapshot, "stations").take(rows)
    everyone = snapshot.column("stations", "reach_any")[rows]
    names = snapshot.column("stations", "reach_areas")[rows]
    metres = snapshot.column("stations", "reach_m")[rows].copy()
    areas = _area_rows(tree, names)
    stated = np.array([len(item) > 0 for item in names], dtype=bool)
    silent = ~everyone & np.isnan(metres) & ~stated
    by_area = silent & (sites.subdistrict >= 0)
    areas[by_area, 0] = sites.subdistrict[by_area]
    metres[silent & ~by_area] = default_reach_m(OTHER)
    return Stations(rows, sites, metres, areas, everyone)


def find_uncovered(snapshot: Snapshot, tree: AreaTree, rules: Rules, *, with_stations: bool) -> Ints:
    """Rows of the units that no branch names and (where they count) no station reaches."""
    period = rules.period
    units = np.flatnonzero(snapshot.valid("units", period.first, period.last))
    valid = snapshot.valid("branches", period.first, period.last)
    named = {unit for units_of in snapshot.column("branches", "units")[valid] for unit in units_of}
    left = np.array([unit not in named for unit in snapshot.ids("units")[units].tolist()], dtype=bool)
    if with_stations:
        sites = own_sites(tree, snapshot, "units").take(units)
        left &= ~read_stations(snapshot, tree, rules).reach(tree, sites)
    return np.asarray(units[left])


def _area_rows(tree: AreaTree, names: NDArray[np.object_]) -> NDArray[np.int64]:
    width = max((len(item) for item in names), default=0)
    rows = np.full((len(names), max(width, 1)), -1, dtype=np.int64)
    for row, item in enumerate(names):
        rows[row, : len(item)] = tree.rows_of(item)
    return rows


def is_reached(
    tree: AreaTree,
    sites: Sites,
    sources: Sites,
    reach_m: Floats,
    reach_areas: Ints,
    everyone: Bools,
) -> Bools:
    """Which sites some source reaches: by metres, by areas with all below them, or everyone.

    Parameters
    ----------
    sites, sources : Sites
    reach_m : ndarray of float64
        Of each source; NaN where metres don't limit it.
    reach_areas : ndarray of int64, shape (sources, most areas of one)
        Rows of the table `areas`, filled up with -1.
    everyone : ndarray of bool
        The source reaches all.
    """
    if everyone.any():
        return np.ones(len(sites.area), dtype=bool)
    reached = np.zeros(len(sites.area), dtype=bool)
    for area in np.unique(reach_areas[reach_areas >= 0]).tolist():
        reached |= tree.is_within(sites.area, np.full(len(sites.area), area))
    measured = np.flatnonzero(sources.has_point & ~np.isnan(reach_m))
    # The widest first, so that little is left for the others.
    measured = measured[np.argsort(-reach_m[measured], kind="stable")]
    for some in np.array_split(measured, len(measured) // _CHUNK + 1):
        left = np.flatnonzero(~reached & sites.has_point)
        if len(left) and len(some):
            metres = distance_m(
                sites.lon[left, None], sites.lat[left, None], sources.lon[some], sources.lat[some]
            )
            reached[left] = (metres <= reach_m[some]).any(axis=1)
    return reached


def neighbourhoods(instance: Instance) -> Ints:
    """Rows of the table `areas` that are neighbourhoods and hold in the round."""
    snapshot, period = instance.snapshot, instance.rules.period
    level = snapshot.column("areas", "level") == "neighbourhood"
    return np.flatnonzero(level & snapshot.valid("areas", period.first, period.last))


def find_unreached(instance: Instance) -> list[Json]:
    """List, for each top category, the neighbourhoods that no open offer of it reaches.

    Returns
    -------
    list of dict
        JSON values by category: `category`, `areas`, `population`, `over60` (sums of what is known),
        `unknown` (how many of the areas have neither a point nor an offer that names them). Categories that
        nobody needs or offers are left out, and those that leave no area.
    """
    snapshot, supply, tree = instance.snapshot, instance.supply, instance.areas
    rows = neighbourhoods(instance)
    lon, lat = (snapshot.column("areas", name)[rows] for name in ("lon", "lat"))
    sites = Sites(lon, lat, np.ones(len(rows), dtype=bool), rows, tree.subdistrict[rows])
    offered = np.flatnonzero((supply.kind == OFFER) & supply.is_open & supply.of_measure)
    found = []
    for category in _top_categories(instance, offered):
        some = offered[[is_within(item, category) for item in supply.category[offered].tolist()]]
        reached = is_reached(
            tree,
            sites,
            supply.sites.take(some),
            supply.reach_m[some],
            supply.reach_areas[some],
            supply.reach_all[some],
        )
        left = rows[~reached]
        if len(left):
            found.append(
                {
                    "category": category,
                    "areas": snapshot.ids("areas")[left].tolist(),
                    **{
                        name: _sum_known(snapshot.column("areas", name)[left])
                        for name in ("population", "over60")
                    },
                    "unknown": int(np.isnan(lon[~reached]).sum()),
                }
            )
    return found


def _sum_known(values: Floats) -> int | None:
    """Sum of what is known; None where nothing is."""
    known = values[~np.isnan(values)]
    return int(known.sum()) if len(known) else None


def _top_categories(instance: Instance, offered: Ints) -> list[str]:
    needs = instance.demand.category[~instance.demand.is_project]
    names = {*needs.tolist(), *instance.supply.category[offered].tolist()}
    return sorted({name.split(".")[0] for name in names})
