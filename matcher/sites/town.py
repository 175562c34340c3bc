"""Where new stations would reach most of what a town needs: its areas and its units with a branch as sites.

Existing stations stay. A new one reaches so many metres around it; it stands at the point of an area, or at a
unit that has a branch, which can then radiate to those that have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from graph.geo import chord_of, distance_m, unit_vectors
from graph.snapshot import Snapshot
from graph.taxonomy import OTHER, default_reach_m, is_within
from matcher.coverage import find_uncovered, read_stations
from matcher.demand import read_demand
from matcher.fitting import Kinds
from matcher.places import AreaTree, Parties, Sites, own_sites
from matcher.rules import Rules
from matcher.schedules import Schedules
from matcher.sites.cover import maximal_cover, set_cover
from matcher.sites.division import Weighted, divide_areas
from matcher.sites.plan import SitePlan

Json = dict[str, Any]
Asked = Literal["unserved", "needs", "people", "units"]

ASKED: Final = ("unserved", "needs", "people", "units")
"""Whom stations are to reach: unserved places, all places wanted, residents, units without any coverage."""

SITE_LEVELS: Final = frozenset({"neighbourhood", "block", "building", "quarter"})
"""Levels of areas small enough that their point says where a station could stand."""

CURVE: Final = 8
"""So many new stations at most are tried where no numbers are asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes
    ----------
    demand : str
        One of `ASKED`.
    numbers : tuple of int
        How many new stations, one plan for each; empty: 1, 2, ... until all is reached, `CURVE` at most.
    category : str or None
        Only needs of this category or below it.
    reach_m : float or None
        How far a new station reaches; None: the metres usual for the category.
    keep : bool
        Existing stations stay and reach what they reach; else they aren't counted.
    plans : int
        How many plans that differ for each number.
    gap : float
        Part of the value by which an answer may fall short.
    territories : bool
        Each plan also says which neighbourhoods each of its stations would look after.
    at : tuple of str
        Ids of areas or units: what new stations just there would reach is told too. That counts who is within
        reach; nothing is matched with them.
    """

    demand: Asked = "needs"
    numbers: tuple[int, ...] = ()
    category: str | None = None
    reach_m: float | None = None
    keep: bool = True
    plans: int = 1
    gap: float = 0.0
    territories: bool = False
    at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Where stations stand, and where new ones could.

    Attributes
    ----------
    facts : tuple of dict
        JSON values of each site: `kind` (station, area, unit), `id`, `name`, `area`, `lon`, `lat`.
    existing : int
        How many of them exist already; they come first.
    """

    facts: tuple[Json, ...]
    existing: int


def plan_sites(
    snapshot: Snapshot, rules: Rules, wish: Wish, *, unserved: Mapping[str, int] | None = None
) -> Json:
    """Choose sites for new stations, one plan or more for each number of them.

    With so many stations asked for as there are sites or more, all sites are taken.

    Parameters
    ----------
    snapshot : Snapshot
    rules : Rules
        Whose round is planned for.
    wish : Wish
    unserved : mapping, optional
        Unserved places by need id; asked for where these are to be reached.

    Returns
    -------
    dict
        The document of `linli sites`: `demand`, `category`, `reach_m`, `total` (all that is to be reached),
        `reached` (by stations that exist), `within_reach` (that some site could reach), `unplaced` (whose
        place nobody knows), `estimated` (placed by their area's point), `existing` (stations), `candidates`
        (how many sites), `plans` [{`p`, `chosen`, `value`, `bound`, `status`, `adds`, `share`, `others`}] and
        `everybody` (the fewest new stations that reach all within reach: `p`, `chosen`, `bound`, `status`).
        `p` counts new stations; the value counts what existing ones reach too. Each chosen site says what it
        `adds` to those before it. `tried` is a plan of stations at `Wish.at`, in the order given, None where
        none is asked for; `not_possible` has those where none can stand: nobody knows the place, an area is
        too large, a unit has no branch. With `Wish.territories` each plan has `territories`, see
        `matcher.sites.division.divide_areas`.
    """
    town = _Town(snapshot, rules, wish)
    people = town.list_demand(unserved or {})
    placed = people.sites.has_point
    known = people.take(np.flatnonzero(placed))
    candidates, cover = town.find_cover(known)
    weight = known.weight.astype(np.int64)
    locked = range(candidates.existing)
    base = _reached(cover, weight, np.arange(candidates.existing))
    within = _reached(cover, weight, np.arange(cover.shape[1]))
    telling = _Telling(candidates, cover, weight, int(people.weight.sum()), base)
    free = cover.shape[1] - candidates.existing
    plans = []
    for number in _list_numbers(wish, free if base < within else 0):
        plan = maximal_cover(
            cover,
            weight,
            candidates.existing + min(number, free),
            locked=locked,
            plans=wish.plans,
            gap=wish.gap,
        )
        plans.append(telling.tell(plan, number))
        if wish.territories:
            stations = [*candidates.facts[: candidates.existing], *plans[-1]["chosen"]]
            plans[-1]["territories"] = divide_areas(town.list_areas(), known, stations)
        if not wish.numbers and plan.value >= within:
            break
    return {
        "demand": wish.demand,
        "category": wish.category,
        "reach_m": town.reach_m,
        "total": int(people.weight.sum()),
        "reached": base,
        "within_reach": within,
        "unplaced": int(people.weight[~placed].sum()),
        "estimated": int(known.weight[known.sites.estimate].sum()),
        "existing": list(candidates.facts[: candidates.existing]),
        "candidates": free,
        "plans": plans,
        "everybody": telling.tell_all(locked, gap=wish.gap),
        "tried": telling.tell_tried(wish.at) if wish.at else None,
    }


def _list_numbers(wish: Wish, free: int) -> Sequence[int]:
    return wish.numbers or range(1, min(CURVE, free) + 1)


def _reached(cover: csr_array, weight: np.ndarray, sites: np.ndarray) -> int:
    return int(weight[np.asarray(cover[:, sites].sum(axis=1)).ravel() > 0].sum()) if len(sites) else 0


class _Telling:
    """Writes plans with the names of their sites."""

    def __init__(
        self, candidates: Candidates, cover: csr_array, weight: np.ndarray, total: int, base: int
    ) -> None:
        self._candidates, self._cover, self._weight = candidates, cover, weight
        self._by_site = cover.tocsc()
        self._total, self._base = total, base

    def tell(self, plan: SitePlan, number: int) -> Json:
        """A plan for so many new stations, and those that differ."""
        return {"p": number, **self._tell_one(plan), "others": [self._tell_one(one) for one in plan.others]}

    def tell_all(self, locked: range, *, gap: float) -> Json | None:
        """The fewest sites that reach everybody within reach; None where there is nobody to reach."""
        rows = np.flatnonzero((np.diff(self._cover.indptr) > 0) & (self._weight > 0))
        if not len(rows):
            return None
        plan = set_cover(self._cover[rows], locked=locked, gap=gap)
        chosen = self._list_sites(plan.chosen)
        return {
            "p": len(chosen),
            "chosen": chosen,
            "bound": int(plan.bound) - len(locked),
            "status": plan.status,
        }

    def tell_tried(self, at: Sequence[str]) -> Json:
        """What stations at some places would reach; the first of equal ids is the area."""
        new = range(self._candidates.existing, len(self._candidates.facts))
        place = {self._candidates.facts[site]["id"]: site for site in reversed(new)}
        sites = np.array([place[name] for name in dict.fromkeys(at) if name in place], np.int64)
        every = np.append(np.arange(self._candidates.existing), sites)
        value = _reached(self._cover, self._weight, every)
        return {
            "chosen": self._list_sites(every, in_order=True),
            "value": value,
            "adds": value - self._base,
            "share": round(value / self._total, 4) if self._total else None,
            "not_possible": [name for name in dict.fromkeys(at) if name not in place],
        }

    def _tell_one(self, plan: SitePlan) -> Json:
        return {
            "chosen": self._list_sites(plan.chosen),
            "value": plan.value,
            "bound": plan.bound,
            "status": plan.status,
            "adds": int(plan.value) - self._base,
            "share": round(float(plan.value) / self._total, 4) if self._total else None,
        }

    def _list_sites(self, chosen: np.ndarray, *, in_order: bool = False) -> list[Json]:
        """The new sites, the one that adds most first, then what adds most to it; or as they come."""
        covered = np.zeros(len(self._weight), np.bool_)
        for site in range(self._candidates.existing):
            covered[self._rows(site)] = True
        left = [site for site in chosen.tolist() if site >= self._candidates.existing]
        found = []
        while left:
            gains = [int(self._weight[self._rows(site)][~covered[self._rows(site)]].sum()) for site in left]
            best = 0 if in_order else int(np.argmax(gains))
            site = left.pop(best)
            covered[self._rows(site)] = True
            found.append({**self._candidates.facts[site], "adds": gains[best]})
        return found

    def _rows(self, site: int) -> np.ndarray:
        starts = self._by_site.indptr
        return np.asarray(self._by_site.indices[starts[site] : starts[site + 1]])


class _Town:
    """A snapshot's demand and sites, in one round."""

    def __init__(self, snapshot: Snapshot, rules: Rules, wish: Wish) -> None:
        self._snapshot, self._rules, self._wish = snapshot, rules, wish
        self._tree = AreaTree(snapshot)
        self.reach_m = default_reach_m(wish.category or OTHER) if wish.reach_m is None else wish.reach_m

    def _valid(self, table: str) -> np.ndarray:
        return np.flatnonzero(self._snapshot.valid(table, self._rules.period.first, self._rules.period.last))

    def list_demand(self, unserved: Mapping[str, int]) -> Weighted:
        """Who is to be reached."""
        if self._wish.demand == "people":
            return self._list_people()
        if self._wish.demand == "units":
            return self._list_units()
        demand = read_demand(
            self._snapshot, self._rules, "places", self._tree, Parties(self._snapshot, self._tree),
            Schedules(self._rules.period), Kinds(),
        )  # fmt: skip
        asked = ~demand.is_project
        if self._wish.category is not None:
            asked &= np.array(
                [is_within(c or OTHER, self._wish.category) for c in demand.category], dtype=bool
            )
        weight = demand.quantity
        if self._wish.demand == "unserved":
            weight = np.array([unserved.get(need, 0) for need in demand.ids.tolist()], dtype=np.int64)
        rows = np.flatnonzero(asked & (weight > 0))
        return Weighted(demand.ids, weight, demand.sites).take(rows)

    def _list_people(self) -> Weighted:
        """Residents of neighbourhoods, as far as they are counted, at the point of each."""
        rows = self._valid("areas")
        population = self._snapshot.column("areas", "population")[rows]
        level = self._snapshot.column("areas", "level")[rows]
        rows = rows[(level == "neighbourhood") & ~np.isnan(population)]
        weight = self._snapshot.column("areas", "population")[rows].astype(np.int64)
        return Weighted(self._snapshot.ids("areas")[rows], weight, self._area_sites().take(rows))

    def _list_units(self) -> Weighted:
        """Units that no branch and no station reaches."""
        rows = find_uncovered(self._snapshot, self._tree, self._rules, with_stations=self._wish.keep)
        sites = own_sites(self._tree, self._snapshot, "units").take(rows)
        return Weighted(self._snapshot.ids("units")[rows], np.ones(len(rows), np.int64), sites)

    def list_areas(self) -> tuple[np.ndarray, Sites]:
        """Ids and places of the neighbourhoods that have a point."""
        rows = self._valid("areas")
        sites = self._area_sites().take(rows)
        some = np.flatnonzero(
            (self._snapshot.column("areas", "level")[rows] == "neighbourhood") & sites.has_point
        )
        return self._snapshot.ids("areas")[rows[some]], sites.take(some)

    def _area_sites(self) -> Sites:
        lon, lat = (self._snapshot.column("areas", name) for name in ("lon", "lat"))
        rows = np.arange(len(lon))
        return Sites(lon, lat, ~np.isnan(lon), rows, self._tree.subdistrict)

    def find_cover(self, people: Weighted) -> tuple[Candidates, csr_array]:
        """The sites, and whom each reaches (demand by sites)."""
        facts: list[Json] = []
        columns: list[np.ndarray] = []
        if self._wish.keep:
            stations = read_stations(self._snapshot, self._tree, self._rules)
            facts += self._facts("stations", stations.rows, stations.sites)
            columns += [np.flatnonzero(row) for row in stations.each_reaches(self._tree, people.sites)]
        existing = len(facts)
        areas = self._valid("areas")
        levels = self._snapshot.column("areas", "level")[areas]
        points = [("areas", areas[np.isin(levels, sorted(SITE_LEVELS))], self._area_sites())]
        points.append(("units", self._with_branch(), own_sites(self._tree, self._snapshot, "units")))
        for table, rows, sites in points:
            here = sites.take(rows)
            rows, here = rows[here.has_point], here.take(np.flatnonzero(here.has_point))
            facts += self._facts(table, rows, here)
            columns += list(_near(here, people.sites, self.reach_m))
        sizes = [len(column) for column in columns]
        row = np.concatenate([*columns, np.zeros(0, np.int64)]).astype(np.int64)
        site = np.repeat(np.arange(len(columns)), sizes)
        cover = csr_array((np.ones(len(row), np.int8), (row, site)), shape=(len(people.weight), len(columns)))
        return Candidates(tuple(facts), existing), cover

    def _with_branch(self) -> np.ndarray:
        """Units that have a branch of their own or a part in one."""
        named = {
            unit
            for row in self._valid("branches").tolist()
            for unit in self._snapshot.column("branches", "units")[row]
        }
        rows = self._valid("units")
        return np.array([row for row in rows.tolist() if self._snapshot.ids("units")[row] in named], np.int64)

    def _facts(self, table: str, rows: np.ndarray, sites: Sites) -> Iterator[Json]:
        ids, names = self._snapshot.ids(table)[rows], self._snapshot.column(table, "name")[rows]
        areas = self._snapshot.ids("areas")
        for at, (record_id, name) in enumerate(zip(ids.tolist(), names.tolist(), strict=True)):
            has_point = bool(sites.has_point[at])
            yield {
                "kind": table[:-1],
                "id": record_id,
                "name": name,
                "area": str(areas[sites.area[at]]) if sites.area[at] >= 0 else None,
                "lon": float(sites.lon[at]) if has_point else None,
                "lat": float(sites.lat[at]) if has_point else None,
                "estimate": bool(sites.estimate[at]),
            }


def _near(sites: Sites, people: Sites, reach_m: float) -> Iterator[np.ndarray]:
    """For each site the rows of demand within reach."""
    if not len(sites.lon) or not len(people.lon):
        yield from (np.zeros(0, np.int64) for _ in range(len(sites.lon)))
        return
    tree = cKDTree(unit_vectors(people.lon, people.lat))
    # A little more than the reach, since chords are rounded; metres decide afterwards.
    chord = float(chord_of(reach_m)) * (1 + 1e-9) + 1e-12
    hits = tree.query_ball_point(unit_vectors(sites.lon, sites.lat), chord, return_sorted=True)
    for at, some in enumerate(hits):
        rows = np.array(some, np.int64)
        metres = distance_m(people.lon[rows], people.lat[rows], sites.lon[at], sites.lat[at])
        yield rows[metres <= reach_m]
