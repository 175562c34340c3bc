"""Finding which offers may serve which needs without looking at every pair.

Needs of one kind share a k-d tree of unit vectors, which offers of like radius query together; areas are
stretches of an order in which each area is followed by all below it; offers that reach everyone are paired
with every need they fit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from graph.errors import LinliError
from graph.geo import chord_of, unit_vectors
from matcher.fitting import NONE, suits
from matcher.instance import Demand, Ints, Supply, Texts
from matcher.places import AreaTree
from matcher.reach import judge_reach
from matcher.schedules import Schedules

_FEW_RADII = 12
_RADIUS_STEP = 1.25
_CHUNK_PAIRS = 4_000_000


class TooManyPairsError(LinliError, ValueError):
    """So many needs and offers could be paired that the match would not fit into memory."""


class Search:
    """Finds the pairs of a demand and a supply that pass every step but refusals.

    Parameters
    ----------
    fits : ndarray of int8, shape (need kinds, offer kinds)
        See `matcher.fitting.fit_table`.
    """

    def __init__(
        self,
        demand: Demand,
        supply: Supply,
        fits: np.ndarray,
        unit_ids: Texts,
        tree: AreaTree,
        schedules: Schedules,
    ) -> None:
        self.demand, self.supply, self.fits, self.unit_ids = demand, supply, fits, unit_ids
        self.tree, self.schedules = tree, schedules
        self._vectors = unit_vectors(supply.sites.lon, supply.sites.lat).reshape(-1, 3)
        kind = demand.fit_class * 2 + demand.is_project
        order = np.argsort(kind, kind="stable")
        self._groups = np.split(order, np.flatnonzero(np.diff(kind[order])) + 1) if len(order) else []

    def pairs(self) -> Iterator[tuple[Ints, Ints, np.ndarray]]:
        """Need rows, offer rows and metres of the pairs, kind of need by kind of need."""
        for needs in self._groups:
            yield from self._pairs_of_kind(needs)

    def _pairs_of_kind(self, needs: Ints) -> Iterator[tuple[Ints, Ints, np.ndarray]]:
        first = needs[0]
        able = (self.fits[self.demand.fit_class[first]][self.supply.fit_class] != NONE) & self.supply.is_open
        if not self.demand.is_project[first]:
            able &= self.supply.of_measure
        everyone = np.flatnonzero(able & self.supply.reach_all)
        for some in _chunks(everyone, len(needs)):
            yield self._keep(np.tile(needs, len(some)), np.repeat(some, len(needs)))
        nearby = np.flatnonzero(able & ~self.supply.reach_all)
        found = [*self._by_metres(needs, nearby), *self._by_areas(needs, nearby)]
        if found:
            key = np.unique(np.concatenate([need * len(self.supply) + offer for need, offer in found]))
            for part in np.array_split(key, len(key) // _CHUNK_PAIRS + 1):
                yield self._keep(part // len(self.supply), part % len(self.supply))

    def _keep(self, need: Ints, offer: Ints) -> tuple[Ints, Ints, np.ndarray]:
        """Pairs that pass people, party, reach and time."""
        good = suits(self.demand, self.supply, need, offer, self.unit_ids)
        need, offer = need[good], offer[good]
        reach = judge_reach(self.demand, self.supply, self.tree, need, offer)
        need, offer, metres = need[reach.reached], offer[reach.reached], reach.distance_m[reach.reached]
        meets = meet(self.demand, self.supply, self.schedules, need, offer)
        return need[meets], offer[meets], metres[meets]

    def _by_metres(self, needs: Ints, offers: Ints) -> Iterator[tuple[Ints, Ints]]:
        sites = self.demand.sites
        needs = needs[sites.has_point[needs]]
        offers = offers[self.supply.sites.has_point[offers] & ~np.isnan(self.supply.reach_m[offers])]
        if not len(needs) or not len(offers):
            return
        tree = cKDTree(unit_vectors(sites.lon[needs], sites.lat[needs]))
        for group in _like_radii(offers, self.supply.reach_m):
            radius_m = self.supply.reach_m[group].max()
            # A little more than the radius, since chords are rounded; metres decide afterwards.
            chord = float(chord_of(radius_m)) * (1 + 1e-9) + 1e-12
            hits = cKDTree(self._vectors[group]).sparse_distance_matrix(tree, chord, output_type="ndarray")
            yield needs[hits["j"]], group[hits["i"]]

    def _by_areas(self, needs: Ints, offers: Ints) -> Iterator[tuple[Ints, Ints]]:
        area = self.demand.sites.area[needs]
        needs, area = needs[area >= 0], area[area >= 0]
        if not len(needs):
            return
        place = self.tree.enter[area]
        order = np.argsort(place, kind="stable")
        needs, place = needs[order], place[order]
        for column in range(self.supply.reach_areas.shape[1]):
            named = self.supply.reach_areas[offers, column]
            some, named = offers[named >= 0], named[named >= 0]
            start = np.searchsorted(place, self.tree.enter[named])
            count = np.searchsorted(place, self.tree.leave[named]) - start
            inside = np.arange(int(count.sum())) + np.repeat(start - (np.cumsum(count) - count), count)
            yield needs[inside], np.repeat(some, count)


def meet(demand: Demand, supply: Supply, schedules: Schedules, need: Ints, offer: Ints) -> np.ndarray:
    """Whether pairs share 30 minutes on a day of the round on which both are valid."""
    first = np.maximum(demand.first_day[need], supply.first_day[offer])
    last = np.minimum(demand.last_day[need], supply.last_day[offer])
    return schedules.share(demand.times[need], supply.times[offer], first, last)


def _chunks(offers: Ints, needs: int) -> list[Ints]:
    """Offers in portions that make about `_CHUNK_PAIRS` pairs with so many needs."""
    return np.array_split(offers, max(1, len(offers) * needs // _CHUNK_PAIRS)) if len(offers) else []


def _like_radii(offers: Ints, reach_m: np.ndarray) -> Iterator[Ints]:
    """Offers grouped by radius: equal ones where they are few, else those within a quarter of each other."""
    radii = reach_m[offers]
    group = (
        radii
        if len(np.unique(radii)) <= _FEW_RADII
        else np.ceil(np.log(np.maximum(radii, 1)) / np.log(_RADIUS_STEP))
    )
    for value in np.unique(group):
        yield offers[group == value]
