"""Which actions could help: only such as touch an unserved need or what holds its certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, cast

import numpy as np

from graph.geo import distance_m
from graph.model import Area, Offer
from graph.taxonomy import default_reach_m, is_within
from matcher.actions.able import AbleUnits
from matcher.actions.kinds import Action, Proposed
from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.costs import tied_parties
from matcher.fitting import NONE
from matcher.instance import OFFER
from matcher.match import Assignment
from matcher.problem import UNLIMITED
from matcher.reasons import Reasons
from matcher.refusals import Refusals

Json = dict[str, Any]

FARTHEST: Final = 3.0
"""A reach is stretched to so many times itself at most."""

RESIDENTS: Final = ("education", "culture", "childcare", "youth", "volunteers", "party_life", "repair")
"""Top categories in which a resident could be asked to offer something."""

_STEP_M: Final = 100
_MOST_HOLDERS: Final = 4

_MOST_OF_KIND: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Unserved needs of one category."""

    category: str
    rows: IntArray


class Finder:
    """Finds the actions that could serve what a match leaves unserved.

    Parameters
    ----------
    part : Assignment
    reasons : Reasons
        Why its places are unserved.
    """

    def __init__(self, part: Assignment, reasons: Reasons) -> None:
        self.instance, self.solution, self.reasons = part.instance, part.solution, reasons
        self._graph = part.instance.graph
        given = sum_by_row(self._graph.edge_offer, part.solution.flow, self._graph.offer_count)
        self._room = np.maximum(self._graph.offer_capacity - given, 0)
        self._moves = part.solution.flow - self._graph.edge_locked
        self._freed: dict[int, BoolArray] = {}
        self._short = np.where(self.instance.demand.is_project, 0, reasons.unserved)
        self._able_units = AbleUnits(part.instance)

    def find(self) -> list[Action]:
        """All of them, each once; sorted by id."""
        found = [*self._of_certificates()]
        for group in self._groups():
            found += self._reaches(group)
            found += self._pairings(group)
            found += self._stations(group)
            found += self._new_offers(group)
            found += self._of_residents(group)
        return sorted({action.id: action for action in found}.values(), key=lambda action: action.id)

    def _groups(self) -> Iterator[_Group]:
        """Unserved needs whose place is known, by category."""
        demand = self.instance.demand
        known = demand.sites.has_point | (demand.sites.area >= 0)
        rows = np.flatnonzero((self._short > 0) & known)
        for category in sorted({demand.category[row] for row in rows.tolist()}):
            yield _Group(category, rows[demand.category[rows] == category])

    def _of_certificates(self) -> Iterator[Action]:
        """More places of what holds a certificate, those first that most unserved places could use."""
        graph, supply, short = self._graph, self.instance.supply, self.reasons.of_needs
        for certificate in short.certificates:
            lacking = certificate.needs[short.no_capacity[certificate.needs] > 0]
            names = self._names(lacking)
            edges = np.flatnonzero(np.isin(graph.edge_need, lacking) & self.instance.pairs.feasible)
            wanted = sum_by_row(
                graph.edge_offer[edges], self._short[graph.edge_need[edges]], graph.offer_count
            )
            # Of a unit whose total holds, more of a full offer lets the more urgent take it from others.
            inside = (
                np.isin(graph.offer_unit, certificate.units) & (self._room == 0) & (graph.offer_unit >= 0)
            )
            holders = np.union1d(certificate.offers, np.flatnonzero(inside))
            offers = sorted(holders.tolist(), key=lambda row: (-wanted[row], row))
            for row in [row for row in offers if supply.kind[row] == OFFER][:_MOST_HOLDERS]:
                yield self._more_places(row, certificate.short_by, names)
            for unit in certificate.units.tolist()[:_MOST_HOLDERS]:
                name, total = str(self.instance.unit_ids[unit]), int(short.unit_places[unit])
                # Asked for more, a party is taken to give twice what it gives now at most.
                places = min(certificate.short_by, max(total, 1))
                yield Action(
                    f"more_total:{name}", "more_capacity", unit=name, area=self._area_of_unit(unit),
                    places=places, needs=names, of_unit=True,
                )  # fmt: skip

    def _more_places(self, row: int, short_by: int, needs: tuple[str, ...]) -> Action:
        supply = self.instance.supply
        about: dict[str, Any] = {
            "unit": str(self.instance.unit_ids[supply.unit[row]]),
            "offer": str(supply.ids[row]),
            "area": self._area_of_unit(int(supply.unit[row])),
            "category": supply.category[row],
            "needs": needs,
        }
        if supply.capacity_assumed[row]:
            total = max(self._usual(str(supply.category[row])), 2)
            about |= {"places": total - 1, "assumed": True, "amounts": {"total": total}}
            return Action(f"ask_capacity:{supply.ids[row]}", "ask_capacity", **about)
        capacity = int(supply.capacity[row])
        places = min(short_by, max(capacity, 1))
        return Action(f"more_capacity:{supply.ids[row]}", "more_capacity", places=places, **about)

    def _able(self, rows: IntArray, *, also_freed: bool = False) -> IntArray:
        """Offers with room, or such as others can make room in, that fit some of the needs in kind."""
        demand, supply = self.instance.demand, self.instance.supply
        count = self._graph.offer_count
        if not self.instance.fits.size:
            return np.zeros(0, np.int64)
        kinds = np.unique(demand.fit_class[rows])
        fits = (self.instance.fits[kinds][:, supply.fit_class[:count]] != NONE).any(axis=0)
        mine = fits & (supply.kind[:count] == OFFER) & supply.is_open[:count] & supply.of_measure[:count]
        priority = int(self._graph.need_priority[rows].min())
        return np.flatnonzero(mine & (self._find_freed(priority) if also_freed else self._room > 0))

    def _find_freed(self, priority: int) -> BoolArray:
        """Offers with room, or that can get some: their needs move on to such, or are less urgent.

        That is where a search for a place more could get at all; totals of units don't stop it here, so no
        offer is missing, and what is found is solved again anyhow.
        """
        if priority in self._freed:
            return self._freed[priority]
        graph, feasible, moves = self._graph, self.instance.pairs.feasible, self._moves > 0
        free: BoolArray = np.asarray(self._room > 0)
        free[graph.edge_offer[moves & (graph.need_priority[graph.edge_need] > priority)]] = True
        count = -1
        while count != (count := int(free.sum())):
            movable = np.zeros(graph.need_count, np.bool_)
            movable[graph.edge_need[feasible & free[graph.edge_offer]]] = True
            free[graph.edge_offer[moves & movable[graph.edge_need]]] = True
        self._freed[priority] = free
        return free

    def _metres(self, offers: IntArray, needs: IntArray) -> np.ndarray:
        here, there = self.instance.supply.sites, self.instance.demand.sites
        return distance_m(here.lon[offers, None], here.lat[offers, None], there.lon[needs], there.lat[needs])

    def _reaches(self, group: _Group) -> Iterator[Action]:
        """Longer reaches, as far as needs lie up to `FARTHEST`: of offers with room, or that can get some."""
        supply, offers = self.instance.supply, self._able(group.rows, also_freed=True)
        stated = (
            ~np.isnan(supply.reach_m[offers]) & ~supply.reach_all[offers] & supply.sites.has_point[offers]
        )
        offers = offers[stated]
        metres = self._metres(offers, group.rows)
        given = sum_by_row(self._graph.edge_offer, self._moves, self._graph.offer_count)
        with_room: list[tuple[int, float, int, BoolArray]] = []
        without: list[tuple[int, float, int, BoolArray]] = []
        for at, row in enumerate(offers.tolist()):
            reach, room = float(supply.reach_m[row]), int(self._room[row])
            inside = (metres[at] > reach) & (metres[at] <= FARTHEST * reach)
            if inside.any():
                places = min(int(self._short[group.rows[inside]].sum()), room or int(given[row]))
                (with_room if room else without).append(
                    (-places, float(metres[at][inside].min()), at, inside)
                )
        for found in (with_room, without):
            for _, _, at, inside in sorted(found, key=lambda item: item[:3])[:_MOST_OF_KIND]:
                there = metres[at][inside]
                for to in sorted({self._round_up(float(far)) for far in (there.max(), np.median(there))}):
                    yield self._reach(int(offers[at]), to, group.rows[inside])

    @staticmethod
    def _round_up(metres: float) -> int:
        return int(np.ceil(metres / _STEP_M)) * _STEP_M

    def _reach(self, row: int, to_reach_m: int, needs: IntArray) -> Action:
        record = self._offer(row)
        name = f"wider_reach:{record.id}:{to_reach_m}"
        wider = replace(record, id=name, reach_m=float(to_reach_m))
        reach = round(float(self.instance.supply.reach_m[row]))
        return self._of_offer(
            name, "wider_reach", row, needs, (Proposed(wider, record.id),),
            amounts={"reach_m": reach, "to_reach_m": to_reach_m},
            assumed=bool(self.instance.supply.reach_assumed[row]), moves=bool(self._room[row] == 0),
        )  # fmt: skip

    def _of_offer(
        self, name: str, kind: str, row: int, needs: IntArray, offers: tuple[Proposed, ...], **more: Any
    ) -> Action:
        supply = self.instance.supply
        area = more.pop("area", None) or self._area_of_unit(int(supply.unit[row]))
        return Action(
            name, kind, unit=str(self.instance.unit_ids[supply.unit[row]]), offer=str(supply.ids[row]),
            area=area, category=supply.category[row], needs=self._names(needs), offers=offers, **more,
        )  # fmt: skip

    def _offer(self, row: int) -> Offer:
        return cast("Offer", self.instance.snapshot.record("offers", str(self.instance.supply.ids[row])))

    def _areas_of(self, rows: IntArray) -> list[tuple[str, IntArray]]:
        """Areas in which needs lie, most unserved places first."""
        areas = self.instance.demand.area_id[rows]
        found = [(area, rows[areas == area]) for area in sorted({a for a in areas.tolist() if a})]
        return sorted(found, key=lambda item: (-int(self._short[item[1]].sum()), item[0]))

    def _nearest_able(self, group: _Group, needs: IntArray) -> IntArray:
        """Offers with room that reach none of the needs yet, the nearest first, unknown places last."""
        offers = self._able(group.rows)
        graph = self._graph
        tied = np.unique(graph.edge_offer[np.isin(graph.edge_need, needs) & self.instance.pairs.feasible])
        offers = np.setdiff1d(offers, tied)
        metres = self._metres(offers, needs)
        nearest = np.where(np.isnan(metres), np.inf, metres).min(axis=1, initial=np.inf)
        return offers[np.argsort(nearest, kind="stable")]

    def _pairings(self, group: _Group) -> Iterator[Action]:
        """Pairings of neighbourhoods with the nearest units that have room and don't reach them."""
        units = set(self.instance.snapshot.ids("units").tolist())
        for area, needs in self._areas_of(group.rows)[:_MOST_OF_KIND]:
            done = 0
            for row in self._nearest_able(group, needs).tolist():
                unit = str(self.instance.unit_ids[self.instance.supply.unit[row]])
                if unit not in units or (unit, area) in self._paired:
                    continue
                record = self._offer(row)
                name = f"new_pairing:{unit}:{area}:{record.id}"
                wider = replace(record, id=name, reach_areas=(*record.reach_areas, area))
                yield self._of_offer(
                    name, "new_pairing", row, needs, (Proposed(wider, record.id),), area=area
                )
                done += 1
                if done == 2:
                    break

    @cached_property
    def _paired(self) -> frozenset[tuple[str, str]]:
        snapshot, period = self.instance.snapshot, self.instance.rules.period
        home = dict(zip(snapshot.ids("branches"), snapshot.column("branches", "area"), strict=True))
        pairs = set()
        for parties in snapshot.column("pairings", "parties")[
            snapshot.valid("pairings", period.first, period.last)
        ]:
            tied = tied_parties(parties, home)
            pairs |= {(one, other) for one in tied for other in tied}
        return frozenset(pairs)

    def _stations(self, group: _Group) -> Iterator[Action]:
        """Points of service in neighbourhoods for the nearest offers with room."""
        for area, needs in self._areas_of(group.rows)[:_MOST_OF_KIND]:
            place = self.instance.snapshot.record("areas", area)
            if not isinstance(place, Area) or place.lon is None:
                continue
            for row in self._nearest_able(group, needs)[:1].tolist():
                record = self._offer(row)
                name = f"new_station:{area}:{record.id}"
                reach = record.reach_m or default_reach_m(record.category)
                there_m = {"reach_m": round(reach)}
                there = replace(
                    record,
                    id=name,
                    lon=place.lon,
                    lat=place.lat,
                    precision="area",
                    reach_m=reach,
                    mode="site",
                )
                yield self._of_offer(
                    name, "new_station", row, needs, (Proposed(there, record.id),), area=area,
                    amounts=there_m, assumed=record.reach_m is None,
                )  # fmt: skip

    def _usual(self, category: str) -> int:
        """Places that offers of a category usually have in the round, where somebody stated it; else 1."""
        supply = self.instance.supply
        top = category.split(".", maxsplit=1)[0]
        stated = (supply.kind == OFFER) & ~supply.capacity_assumed & supply.of_measure & supply.is_open
        stated &= (supply.capacity > 0) & (supply.capacity < UNLIMITED)
        alike = [is_within(str(name), top) for name in supply.category[stated].tolist()]
        return max(1, int(np.median(supply.capacity[stated][alike]))) if any(alike) else 1

    def _new_offers(self, group: _Group) -> Iterator[Action]:
        """Units that could take up the category, or be won for it; those first that most needs lie near."""
        demand, places = self.instance.demand, self._usual(group.category)
        refused = self._refused(group.rows)
        found = []
        for unit in self._able_units.find(group.category):
            if unit.id in refused or unit.lon is None or unit.lat is None:
                continue
            metres = distance_m(
                unit.lon, unit.lat, demand.sites.lon[group.rows], demand.sites.lat[group.rows]
            )
            within = np.nan_to_num(metres, nan=np.inf) <= default_reach_m(group.category)
            if within.any():
                wanted = int(self._short[group.rows[within]].sum())
                found.append((-wanted, float(np.nanmin(metres)), unit, group.rows[within]))
        for _, _, unit, needs in sorted(found, key=lambda item: (item[0], item[1], item[2].id))[
            :_MOST_OF_KIND
        ]:
            kind = "new_category" if self._able_units.is_known(unit.id) else "recruit"
            name = f"{kind}:{unit.id}:{group.category}"
            most = places if unit.capacity is None else min(places, unit.capacity)
            offer = self._make_offer(name, unit.id, group.category, most, needs)
            yield Action(
                name, kind, unit=unit.id, area=unit.area, category=group.category, places=most, assumed=True,
                needs=self._names(needs), offers=(Proposed(offer),),
            )  # fmt: skip

    def _refused(self, rows: IntArray) -> set[str]:
        """Units that declined some of these needs."""
        return {str(item["unit"]) for item in Refusals(self.instance).list(rows)}

    def _make_offer(self, name: str, unit: str, category: str, places: int, needs: IntArray) -> Offer:
        """An offer of just what the needs ask for."""
        table_row = int(self.instance.demand.table_row[needs[0]])
        heading = str(self.instance.snapshot.column("needs", "list_category")[table_row] or "")
        tags: set[str] = set()
        for row in needs.tolist():
            tags |= set(
                self.instance.snapshot.column("needs", "tags")[int(self.instance.demand.table_row[row])]
            )
        return Offer(
            id=name, unit=unit, category=category, list_category=heading, capacity=places,
            reach_m=default_reach_m(category), tags=tuple(sorted(tags)),
        )  # fmt: skip

    def _of_residents(self, group: _Group) -> Iterator[Action]:
        """Residents of the neighbourhoods that lack most, where residents could offer such a thing."""
        if not any(is_within(group.category, top) for top in RESIDENTS):
            return
        for area, needs in self._areas_of(group.rows)[:2]:
            place = self.instance.snapshot.record("areas", area)
            if not isinstance(place, Area) or place.level != "neighbourhood":
                continue
            name = f"resident_offer:{area}:{group.category}"
            offer = replace(
                self._make_offer(name, f"resident:{area}", group.category, 1, needs),
                reach_m=None, reach_areas=(area,), lon=place.lon, lat=place.lat, precision="area",
            )  # fmt: skip
            yield Action(
                name, "resident_offer", area=area, category=group.category, places=1, assumed=True,
                needs=self._names(needs), offers=(Proposed(offer),),
            )  # fmt: skip

    def _area_of_unit(self, unit: int) -> str | None:
        record = self.instance.snapshot.record("units", str(self.instance.unit_ids[unit]))
        return getattr(record, "area", None)

    def _names(self, rows: IntArray) -> tuple[str, ...]:
        return tuple(self.instance.demand.ids[rows].tolist())
