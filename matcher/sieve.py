"""The steps of the contract for many needs at once: where each loses its last offer, and the nearest by then.

The first step is looked at one thing at a time (category, measure, people, tags, another's party), so that a
need without a capable unit can say what it lacks. Offers can be sifted the same way: what keeps each from
every need.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from graph.geo import distance_m
from graph.taxonomy import OTHER, is_within
from matcher.fitting import NONE, Kind, fit_table, people_fit
from matcher.instance import Bools, Floats, Instance, Ints, Texts
from matcher.places import Parties
from matcher.promises import is_listed
from matcher.reach import judge_reach
from matcher.search import meet
from matcher.supply import is_offered

STAGES: Final = ("category", "people", "tags", "party", "place", "reach", "time", "refused")
"""What is asked of a pair, in order; the first four together are the contract's first step."""

PASSED: Final = len(STAGES)
"""Stage of a row that some pair passes to the end."""

_CHUNK_PAIRS: Final = 250_000
# What so many pairs take stays in the cache.


@dataclass(frozen=True, slots=True, eq=False)
class Sifted:
    """Where rows lost their last pair; arrays are as long as the rows asked about.

    Attributes
    ----------
    stage : ndarray of int64
        Index into `STAGES` of what no pair left by then passes; `PASSED` if some pair passes everything.
    other : ndarray of int64
        Offer row (for offers: need row) of the nearest pair that was left until then, distances that nobody
        knows last, equally near ones by row; -1 where no category fits.
    distance_m : ndarray of float64
        Of that pair; NaN where nobody knows.
    assumed : ndarray of bool
        Some pair was only lost because of a reach that is assumed.
    """

    stage: Ints
    other: Ints
    distance_m: Floats
    assumed: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What each stage says about each offer of a fitting category for one need, on its own.

    Attributes
    ----------
    offers : ndarray of int64
    passes : dict
        Stage (but `category`) to an array of bool.
    distance_m : ndarray of float64
    """

    offers: Ints
    passes: dict[str, Bools]
    distance_m: Floats


class Sieve:
    """Sifts the pairs of an instance, feasible or not.

    Parameters
    ----------
    instance : Instance
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        demand, supply = instance.demand, instance.supply
        self._real = supply.is_open & (supply.table_row >= 0)
        self._category = fit_table(
            _bare_kinds(demand.fit_class, demand.category, self._need_headings()),
            _bare_kinds(supply.fit_class, supply.category, self._offer_headings()),
            allow_broad=instance.rules.fit == "broad",
        )

    def sift_needs(self, needs: Ints) -> Sifted:
        """Find where need rows (or projects) lose their last offer."""
        demand = self.instance.demand
        kind = demand.fit_class[needs] * 2 + demand.is_project[needs]
        result = _blank(len(needs))
        for places in _groups(kind):
            offers = self.offers_of_category(int(needs[places[0]]))
            for some in _chunks(places, len(offers)):
                key = np.repeat(some, len(offers))
                pairs = needs[key], np.tile(offers, len(some))
                _sift(self, *pairs, key, pairs[1], result)
        return result

    def sift_offers(self, offers: Ints) -> Sifted:
        """Find where offer rows lose their last need or project."""
        demand, supply = self.instance.demand, self.instance.supply
        result = _blank(len(offers))
        for places in _groups(supply.fit_class[offers] * 2 + supply.of_measure[offers]):
            first = offers[places[0]]
            able = (self._category[:, supply.fit_class[first]] != NONE)[demand.fit_class]
            if not supply.of_measure[first]:
                able &= demand.is_project
            needs = np.flatnonzero(able)
            for some in _chunks(places, len(needs)):
                key = np.repeat(some, len(needs))
                pairs = np.tile(needs, len(some)), offers[key]
                _sift(self, *pairs, key, pairs[0], result)
        return result

    def offers_of_category(self, need: int) -> Ints:
        """Offer rows, open in the round and of the measure, whose category fits a need row."""
        demand, supply = self.instance.demand, self.instance.supply
        able = self._real if demand.is_project[need] else self._real & supply.of_measure
        offers = np.flatnonzero(able)
        fits = self._category[demand.fit_class[need]][supply.fit_class[offers]] != NONE
        return np.asarray(offers[fits], dtype=np.int64)

    def look(self, need: int) -> Looks:
        """Ask everything of every offer whose category fits one need row."""
        offers = self.offers_of_category(need)
        needs = np.full(len(offers), need)
        passes = {stage: self.passes(stage, needs, offers) for stage in STAGES[1:]}
        return Looks(offers, passes, self.measure(needs, offers))

    def passes(self, stage: str, need: Ints, offer: Ints) -> Bools:
        """Whether pairs of need rows and offer rows whose categories fit pass one of the further stages."""
        instance = self.instance
        demand, supply = instance.demand, instance.supply
        if stage == "people":
            return people_fit(demand.people[need], supply.min_people[offer], supply.max_people[offer])
        if stage == "tags":
            return np.asarray(instance.fits[demand.fit_class[need], supply.fit_class[offer]] != NONE)
        if stage == "party":
            return np.asarray(demand.party[need] != instance.unit_ids[supply.unit[offer]], dtype=bool)
        if stage in ("place", "reach"):
            judged = judge_reach(demand, supply, instance.areas, need, offer)
            return judged.known if stage == "place" else judged.reached
        if stage == "time":
            return meet(demand, supply, instance.schedules, need, offer)
        listed = instance.promises.refused_need, instance.promises.refused_offer
        return ~is_listed(need, offer, *listed, len(supply))

    def measure(self, need: Ints, offer: Ints) -> Floats:
        """Great-circle metres of pairs; NaN where nobody knows."""
        here, there = self.instance.demand.sites, self.instance.supply.sites
        return distance_m(here.lon[need], here.lat[need], there.lon[offer], there.lat[offer])

    def is_offered_elsewhere(self, need: int) -> bool:
        """Whether an open offer counted in another measure has a category that fits a need row."""
        heading = self._need_headings()[need] or ""
        kind: Kind = (self.instance.demand.category[need], heading, frozenset())
        fits = fit_table([kind], self._elsewhere, allow_broad=self.instance.rules.fit == "broad")
        return bool((fits != NONE).any())

    @cached_property
    def _elsewhere(self) -> list[Kind]:
        """Kinds of the open offers of another measure, without tags."""
        snapshot = self.instance.snapshot
        offered = is_offered(snapshot, self.instance.rules, Parties(snapshot, self.instance.areas))
        rows = np.flatnonzero(offered & (snapshot.column("offers", "measure") != self.instance.measure))
        columns = (snapshot.column("offers", name)[rows] for name in ("category", "list_category"))
        found = {(category, heading or "") for category, heading in zip(*columns, strict=True)}
        return [(category, heading, frozenset()) for category, heading in sorted(found)]

    def _need_headings(self) -> Texts:
        demand, snapshot = self.instance.demand, self.instance.snapshot
        headings = np.full(len(demand), "", dtype=object)
        for table, chosen in (("needs", ~demand.is_project), ("projects", demand.is_project)):
            headings[chosen] = snapshot.column(table, "list_category")[demand.table_row[chosen]]
        return headings

    def _offer_headings(self) -> Texts:
        supply = self.instance.supply
        headings = np.full(len(supply), "", dtype=object)
        real = supply.table_row >= 0
        headings[real] = self.instance.snapshot.column("offers", "list_category")[supply.table_row[real]]
        return headings


def _bare_kinds(fit_class: Ints, category: Texts, headings: Texts) -> list[Kind]:
    """Category and heading of each class, without tags; headings count for the category `other` alone."""
    classes, sample = np.unique(fit_class, return_index=True)
    kinds: list[Kind] = []
    for row in sample[classes >= 0].tolist():
        own = category[row]
        counts = own is not None and is_within(own, OTHER)
        kinds.append((own, (headings[row] or "") if counts else "", frozenset()))
    return kinds


def _groups(kind: Ints) -> list[Ints]:
    """Places of equal values."""
    order = np.argsort(kind, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(kind[order])) + 1) if len(order) else []


def _chunks(rows: Ints, others: int) -> list[Ints]:
    """Rows in portions that make up to about `_CHUNK_PAIRS` pairs with so many others."""
    return np.array_split(rows, len(rows) * others // _CHUNK_PAIRS + 1)


def _blank(size: int) -> Sifted:
    return Sifted(
        np.zeros(size, dtype=np.int64), np.full(size, -1), np.full(size, np.nan), np.zeros(size, dtype=bool)
    )


def _sift(sieve: Sieve, need: Ints, offer: Ints, key: Ints, other: Ints, result: Sifted) -> None:
    """Sift the pairs of some rows (by `key`) stage by stage and note where each row's last ones go.

    Pairs ascend by key, and by `other` within each.
    """
    demand, supply, areas = sieve.instance.demand, sieve.instance.supply, sieve.instance.areas
    result.stage[key] = 1
    metres = reached = None
    for stage, name in enumerate(STAGES[1:], start=1):
        if name == "place":
            judged = judge_reach(demand, supply, areas, need, offer)
            good, reached, metres = judged.known, judged.reached, judged.distance_m
        else:
            good = reached if name == "reach" and reached is not None else sieve.passes(name, need, offer)
        goes_on = np.zeros(len(result.stage), dtype=bool)
        goes_on[key[good]] = True
        result.stage[goes_on] = stage + 1
        last = np.flatnonzero(~goes_on[key])
        if len(last):
            away = sieve.measure(need[last], offer[last]) if metres is None else metres[last]
            first = _find_nearest(key[last], away)
            rows = key[last[first]]
            result.other[rows], result.distance_m[rows] = other[last[first]], away[first]
        if name == "reach":
            result.assumed[key[~good & supply.reach_assumed[offer]]] = True
        if good.all():
            continue
        need, offer, key, other = need[good], offer[good], key[good], other[good]
        if metres is not None and reached is not None:
            metres, reached = metres[good], reached[good]


def _find_nearest(key: Ints, metres: Floats) -> Ints:
    """Find the first of the nearest places of each key; keys ascend, and NaN is farther than anything."""
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    known = np.where(np.isnan(metres), np.inf, metres)
    nearest = np.repeat(np.minimum.reduceat(known, starts), np.diff(np.append(starts, len(key))))
    places = np.flatnonzero(known == nearest)
    return np.asarray(places[np.flatnonzero(np.concatenate(([True], np.diff(key[places]) != 0)))])
