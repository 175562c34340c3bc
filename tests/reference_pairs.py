"""Who may serve whom, and at what cost, as plain loops over records: slow, obvious, no line of the matcher.

Property tests hold the matcher against it. Every rule stands where it applies, so that a planner who reads a
little Python can check that it is the rule that was agreed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import permutations

from graph.model import Need, Record, table_of
from graph.taxonomy import default_reach_m
from graph.times import Times, shares

RADIUS_M = 6_371_008.8
WAITING = ("reported", "confirmed", "open", "claimed", "in_service")
HELD = ("agreed", "delivering", "done")


def metres(a, b):
    """Great-circle distance of two (lon, lat, estimate), None if either is unknown."""
    if a is None or b is None:
        return None
    lon, lat, lon2, lat2 = (math.radians(v) for v in (a[0], a[1], b[0], b[1]))
    h = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


@cache
def share_half_hour(times, other, day):
    return shares(Times.read(times), Times.read(other), day, day)


@dataclass
class Pair:
    distance: float | None
    cost: int
    broad: bool
    estimate: bool
    assumed: bool
    offer: str | None


class PairReference:
    """A town's records, a round, and the pairs that the rules leave."""

    def __init__(
        self, records: Iterable[Record], first: date, last: date, *, fit="broad", measure="places",
        unpaired=300, other_subdistrict=200, broad=500,
    ):  # fmt: skip
        self.tables: dict[str, dict[str, Record]] = {}
        for record in sorted(records, key=lambda r: r.id):
            self.tables.setdefault(table_of(record), {})[record.id] = record
        self.first, self.last, self.fit, self.measure = first, last, fit, measure
        self.unpaired, self.other_subdistrict, self.broad = unpaired, other_subdistrict, broad
        self.needs = {
            n.id: n
            for n in self.table("needs")
            if n.measure == measure and n.status in WAITING and not n.referred_to and self.in_round(n)
        }
        self.projects = {
            p.id: p
            for p in self.table("projects")
            if measure == "places" and p.status in WAITING and self.in_round(p)
        }
        self.ties = self._ties()
        self.refused = self._refused()

    def table(self, name):
        return list(self.tables.get(name, {}).values())

    def get(self, name, key):
        return self.tables.get(name, {}).get(key)

    def days(self):
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)

    def in_round(self, record):
        """Whether a record holds on a day of the round."""
        return any(record.is_valid(day) for day in self.days())

    # Places

    def area_above(self, area_id, level=None):
        """An area and all above it, or the one of a level among them."""
        chain, seen = [], set()
        while area_id is not None and area_id not in seen and self.get("areas", area_id):
            seen.add(area_id)
            chain.append(area_id)
            area_id = self.get("areas", area_id).parent
        if level is None:
            return chain
        return next((a for a in chain if self.get("areas", a).level == level), None)

    def settled(self, point, area_id):
        """A point and an area; each from the other where one is missing."""
        if not self.get("areas", area_id):
            area_id = self.area_around(point) if point else None
        if point is None and area_id is not None:
            area = self.get("areas", area_id)
            if area.lon is not None:
                point = (area.lon, area.lat, True)
        return point, area_id

    def area_around(self, point):
        """The smallest area whose outline (upright rectangles in these tests) holds a point."""
        best = None
        for area in self.table("areas"):
            if area.outline:
                ring = json.loads(area.outline)["coordinates"][0]
                west, east = min(p[0] for p in ring), max(p[0] for p in ring)
                south, north = min(p[1] for p in ring), max(p[1] for p in ring)
                inside = west < point[0] < east and south < point[1] < north
                if inside and (best is None or len(self.area_above(area.id)) > len(self.area_above(best))):
                    best = area.id
        return best

    def own_place(self, record):
        point = None
        if record.lon is not None and record.lat is not None:
            point = (record.lon, record.lat, record.precision == "area")
        return self.settled(point, record.area)

    def party_place(self, party_id):
        """Point and area of a party, (None, None) where nothing is known."""
        if unit := self.get("units", party_id):
            return self.own_place(unit)
        if branch := self.get("branches", party_id):
            place = self.settled(None, branch.area)
            only = self.get("units", branch.units[0]) if len(branch.units) == 1 else None
            return self.own_place(only) if place[1] is None and only else place
        if self.get("areas", party_id):
            return self.settled(None, party_id)
        if station := self.get("stations", party_id):
            return self.own_place(station)
        if alliance := self.get("alliances", party_id):
            return self.settled(None, alliance.area)
        return None, None

    def need_place(self, need):
        point, area = self.own_place(need)
        party = getattr(need, "party", None)
        if point is None and area is None:
            return self.party_place(party)
        party_is_area = not (self.get("units", party) or self.get("branches", party))
        if area is None and party_is_area and self.get("areas", party):
            area = party
        return point, area

    def offer_place(self, offer):
        point, area = self.party_place(offer.unit)
        if offer.lon is not None and offer.lat is not None:
            point = (offer.lon, offer.lat, offer.precision == "area")
        return point, area

    # The steps

    def party_holds(self, party_id):
        for name in ("units", "branches", "areas", "stations", "alliances"):
            if record := self.get(name, party_id):
                return self.in_round(record)
        return True

    def is_open(self, offer):
        return offer.status in ("open", "exhausted") and self.in_round(offer) and self.party_holds(offer.unit)

    def category_fit(self, need, offer):
        if need.category is None:
            return "exact"
        both_other = need.category.split(".")[0] == offer.category.split(".")[0] == "other"
        if both_other and need.list_category != offer.list_category:
            return None
        if (need.category + ".").startswith(offer.category + "."):
            return "exact"
        if (offer.category + ".").startswith(need.category + ".") and self.fit == "broad":
            return "broad"
        return None

    def fits(self, need, offer):
        """Step 1: exact, broad or None."""
        if not self.is_open(offer):
            return None
        if isinstance(need, Need):
            if offer.measure != self.measure or need.party == offer.unit:
                return None
            if not set(need.tags) <= set(offer.tags):
                return None
            if need.people is not None:
                if offer.min_people is not None and need.people < offer.min_people:
                    return None
                if offer.max_people is not None and need.people > offer.max_people:
                    return None
        return self.category_fit(need, offer)

    def reach(self, offer):
        """(everyone, metres or None, areas, assumed)."""
        if offer.reach_any or offer.mode == "remote":
            return True, offer.reach_m, offer.reach_areas, False
        if offer.reach_m is not None or offer.reach_areas:
            return False, offer.reach_m, offer.reach_areas, False
        subdistrict = self.area_above(self.party_place(offer.unit)[1], "subdistrict")
        if subdistrict:
            return False, None, (subdistrict,), True
        return False, default_reach_m(offer.category), (), True

    def judge(self, need, offer):
        """Steps 2 and 3: (place known, reached, distance, estimate)."""
        everyone, limit, areas, _ = self.reach(offer)
        (here, area), (there, _) = self.need_place(need), self.offer_place(offer)
        distance = metres(here, there)
        estimate = distance is not None and (here[2] or there[2])
        by_metres = limit is not None and distance is not None
        areas = [a for a in areas if self.get("areas", a)]
        by_area = bool(areas) and area is not None
        known = everyone or by_metres or by_area
        reached = everyone or (by_metres and distance <= limit)
        reached = reached or (by_area and any(a in self.area_above(area) for a in areas))
        return known, reached, distance, estimate

    def meet(self, need, offer):
        """Step 4."""
        return any(
            need.is_valid(day)
            and offer.is_valid(day)
            and share_half_hour(getattr(need, "times", ""), offer.times, day)
            for day in self.days()
        )

    def reason(self, need):
        """The first reason that leaves no offer, None where some offer may serve."""
        left = [o for o in self.table("offers") if self.fits(need, o)]
        if not left:
            return "no_capable_unit"
        left = [o for o in left if self.judge(need, o)[0]]
        if not left:
            return "unknown_place"
        left = [o for o in left if self.judge(need, o)[1]]
        if not left:
            return "out_of_reach"
        left = [o for o in left if self.meet(need, o)]
        if not left:
            return "wrong_time"
        left = [o for o in left if (table_of(need), need.id, o.id) not in self.refused]
        return None if left else "refused"

    # Costs

    def _ties(self):
        ties = set()
        for pairing in self.table("pairings"):
            if self.in_round(pairing):
                parties = list(pairing.parties)
                for party in pairing.parties:
                    branch = self.get("branches", party)
                    if branch and branch.area:
                        parties.append(branch.area)
                ties |= set(permutations(parties, 2))
        return ties

    def cost(self, need, provider, distance, unknown, broad):
        area = self.need_place(need)[1]
        parties = [getattr(need, "party", None), area]
        cost = round(unknown if distance is None else distance)
        if not any((party, provider) in self.ties for party in parties if party):
            cost += self.unpaired
        here = self.area_above(area, "subdistrict")
        there = self.area_above(self.party_place(provider)[1], "subdistrict")
        if here and there and here != there:
            cost += self.other_subdistrict
        return cost + (self.broad if broad else 0)

    def price(self, need, offer):
        """A pair whatever the steps say of it."""
        _, _, distance, estimate = self.judge(need, offer)
        broad = self.category_fit(need, offer) == "broad"
        unknown = offer.reach_m if offer.reach_m is not None else default_reach_m(offer.category)
        cost = self.cost(need, offer.unit, distance, unknown, broad)
        assumed = (offer.capacity is None and isinstance(need, Need)) or self.reach(offer)[3]
        return Pair(distance, cost, broad, estimate, assumed, offer.id)

    # Pairs

    def need_pairs(self):
        """(need id, offer id) -> Pair, for pairs that pass every step."""
        return {
            (need.id, offer.id): self.price(need, offer)
            for need in self.needs.values()
            for offer in self.table("offers")
            if self.passes(need, offer)
        }

    def passes(self, need, offer):
        return bool(
            self.fits(need, offer)
            and self.judge(need, offer)[1]
            and self.meet(need, offer)
            and (table_of(need), need.id, offer.id) not in self.refused
        )

    def project_pairs(self):
        """(project id, unit) -> the cheapest Pair of the unit's offers; of equal ones, money comes last."""
        best = {}
        for project in self.projects.values():
            for offer in self.table("offers"):
                if self.passes(project, offer):
                    pair = self.price(project, offer)
                    rank = pair.cost, offer.measure == "yuan", offer.id
                    key = project.id, offer.unit
                    if key not in best or rank < best[key][0]:
                        best[key] = rank, pair
        return {key: pair for key, (_, pair) in best.items()}

    # Claims

    def _counts(self, claim):
        """Whether a promise counts in the round."""
        if claim.valid_from or claim.valid_to:
            return self.in_round(claim)
        made = dict(claim.notes).get("made_on")
        return made is None or self.first <= date.fromisoformat(made) <= self.last

    def promises(self):
        return [c for c in self.table("claims") if c.status in HELD and self._counts(c)]

    def _refused(self):
        refused = set()
        for claim in self.table("claims"):
            if claim.status != "declined" or not self._counts(claim):
                continue
            offers = self.table("offers")
            if claim.target_table == "offers":
                refused |= {("needs", n.id, claim.target) for n in self.needs.values() if n.party == claim.by}
            elif claim.target_table == "needs" and claim.offer:
                refused.add(("needs", claim.target, claim.offer))
            else:
                refused |= {(claim.target_table, claim.target, o.id) for o in offers if o.unit == claim.by}
        return refused
