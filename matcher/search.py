"""Finding which offers may serve which needs without looking at every pair.

Needs of one kind share a k-d tree of unit vectors, which offers of like radius query together; areas are
stretches of an order in which each area is followed by all below it; offers that reach everyone are paired
with every need they fit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from graph.errors import LinliError
from graph.geo import chord_of, unit_vectors
from graph.wording import word
from matcher.fitting import NONE, suits
from matcher.instance import Bools, Demand, Ints, Supply, Texts
from matcher.places import AreaTree
from matcher.reach import judge_reach
from matcher.rules import Rules
from matcher.schedules import Schedules

_FEW_RADII = 12
_RADIUS_STEP = 1.25
PAIR_BYTES, WIDE_BYTES, TILED_BYTES = 160, 90, 240
"""What a pair takes at the most that a match holds at once, its document included: where pairs are near ones,
where offers reach everyone, and in tiles."""

_CHUNK_PAIRS = 1_000_000
_FIRST_NEEDS = 512
_GROWTH = 8
# Needs looked at first, to see how many pairs they have, and how many times as many may be looked at next.


class TooManyPairsError(LinliError, ValueError):
    """So many needs and offers could be paired that the match would not fit into memory."""


def refuse_too_many(near: int, everyone: int, rules: Rules) -> None:
    """Refuse a match of more pairs than its rules allow, or than this machine has memory for.

    Parameters
    ----------
    near, everyone : int
        Pairs of offers that reach so far, and of those that reach everyone.
    rules : Rules

    Raises
    ------
    TooManyPairsError
    """
    pairs, there = near + everyone, _read_memory()
    takes = TILED_BYTES * pairs if rules.tiles > 1 else PAIR_BYTES * near + WIDE_BYTES * everyone
    if pairs > rules.max_pairs or (there is not None and takes > there):
        most = min(rules.max_pairs, pairs - 1)
        raise TooManyPairsError(**word("too_many_pairs", most=most, gigabytes=-(-takes // 10**9)))


def _read_memory() -> int | None:
    """Bytes of memory that the machine has; None where it doesn't tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


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
        self._kind = demand.fit_class * 2 + demand.is_project
        self._offers: dict[int, _Offers] = {}

    def pairs(self) -> Iterator[tuple[Ints, Ints, np.ndarray]]:
        """Need rows, offer rows and metres of the pairs, sorted by need, then offer; block of needs by block.

        Blocks are as large as makes about `_CHUNK_PAIRS` pairs, so that little more than what is given is
        held at a time.
        """
        first, size = 0, _FIRST_NEEDS
        while first < len(self.demand):
            needs = np.arange(first, min(first + size, len(self.demand)))
            widest = max(len(self._offers_for(needs[at]).everyone) for at in self._starts(needs))
            needs = needs[: max(1, _CHUNK_PAIRS // max(widest, 1))]
            found = [key for some in self._of_like_kind(needs) for key in self._find(some)]
            key = np.concatenate(found)
            key.sort()
            # An offer may reach a need by metres and by area.
            (key,) = _take(np.append(True, key[1:] != key[:-1])[: len(key)], key)
            need, offer, metres = self._keep(key // len(self.supply), key % len(self.supply))
            yield need, offer, metres
            first += len(needs)
            most = _GROWTH * len(needs)
            size = max(1, min(most, len(needs) * _CHUNK_PAIRS // max(len(key), 1)))

    def _starts(self, needs: Ints) -> Ints:
        """The first need of each kind."""
        return np.unique(self._kind[needs], return_index=True)[1]

    def _of_like_kind(self, needs: Ints) -> list[Ints]:
        kind = self._kind[needs]
        order = np.argsort(kind, kind="stable")
        return np.split(needs[order], np.flatnonzero(np.diff(kind[order])) + 1)

    def _offers_for(self, need: int) -> _Offers:
        """The offers that fit needs of a kind, gathered for its first need and kept."""
        kind = int(self._kind[need])
        if kind not in self._offers:
            supply = self.supply
            able = (self.fits[self.demand.fit_class[need]][supply.fit_class] != NONE) & supply.is_open
            if not self.demand.is_project[need]:
                able &= supply.of_measure
            self._offers[kind] = _Offers.part(supply, able)
        return self._offers[kind]

    def _find(self, needs: Ints) -> Iterator[Ints]:
        """Keys of the pairs of needs of one kind with offers that fit and could reach them."""
        offers = self._offers_for(needs[0])
        yield np.add.outer(needs * len(self.supply), offers.everyone).ravel()
        for need, offer in (*self._by_metres(needs, offers), *self._by_areas(needs, offers.nearby)):
            yield need * len(self.supply) + offer

    def _keep(self, need: Ints, offer: Ints) -> tuple[Ints, Ints, np.ndarray]:
        """Pairs that pass people, party, reach and time."""
        good = suits(self.demand, self.supply, need, offer, self.unit_ids)
        need, offer = _take(good, need, offer)
        reach = judge_reach(self.demand, self.supply, self.tree, need, offer)
        need, offer, metres = _take(reach.reached, need, offer, reach.distance_m)
        meets = meet(self.demand, self.supply, self.schedules, need, offer)
        need, offer, metres = _take(meets, need, offer, metres)
        return need, offer, metres

    def _by_metres(self, needs: Ints, offers: _Offers) -> Iterator[tuple[Ints, Ints]]:
        sites = self.demand.sites
        needs = needs[sites.has_point[needs]]
        if not len(needs) or not offers.trees:
            return
        tree = cKDTree(unit_vectors(sites.lon[needs], sites.lat[needs]))
        for group, chord, there in offers.trees:
            hits = there.sparse_distance_matrix(tree, chord, output_type="ndarray")
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


@dataclass(frozen=True, slots=True, eq=False)
class _Offers:
    """Offers that fit one kind of need.

    Attributes
    ----------
    everyone, nearby : ndarray of int64
        Rows of those that reach all, and of the others.
    trees : tuple
        Of the others that reach by metres, those of like radius: rows, chord, and a tree of their points.
    """

    everyone: Ints
    nearby: Ints
    trees: tuple[tuple[Ints, float, cKDTree], ...]

    @classmethod
    def part(cls, supply: Supply, able: Bools) -> _Offers:
        """Part the offers that are able by how they reach."""
        nearby = np.flatnonzero(able & ~supply.reach_all)
        near = nearby[supply.sites.has_point[nearby] & ~np.isnan(supply.reach_m[nearby])]
        trees = []
        for group in _like_radii(near, supply.reach_m):
            # A little more than the radius, since chords are rounded; metres decide afterwards.
            chord = float(chord_of(supply.reach_m[group].max())) * (1 + 1e-9) + 1e-12
            points = unit_vectors(supply.sites.lon[group], supply.sites.lat[group])
            trees.append((group, chord, cKDTree(points)))
        return cls(np.flatnonzero(able & supply.reach_all), nearby, tuple(trees))


def _take(good: Bools, *columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """The entries that are good; the columns as they are where all are."""
    return columns if good.all() else tuple(column[good] for column in columns)


def meet(demand: Demand, supply: Supply, schedules: Schedules, need: Ints, offer: Ints) -> np.ndarray:
    """Whether pairs share 30 minutes on a day of the round on which both are valid."""
    first = np.maximum(demand.first_day[need], supply.first_day[offer])
    last = np.minimum(demand.last_day[need], supply.last_day[offer])
    return schedules.share(demand.times[need], supply.times[offer], first, last)


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
