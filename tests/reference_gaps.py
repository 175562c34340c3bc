"""The rules of gaps, warnings and blind spots as plain loops over records, beside those of matching."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from graph.model import Need
from graph.taxonomy import default_reach_m
from tests.reference import BIG, Reference
from tests.reference_pairs import metres


class GapReference(Reference):
    """What stays unserved and why, given who was served."""

    def refused_pair(self, need, offer):
        table = "needs" if isinstance(need, Need) else "projects"
        return (table, need.id, offer.id) in self.refused

    # What an offer of a fitting category lacks

    def of_category(self, need):
        """Open offers whose category fits; a need's in its measure, a project's in any."""
        of_measure = [
            o for o in self.table("offers") if not isinstance(need, Need) or o.measure == self.measure
        ]
        return [o for o in of_measure if self.is_open(o) and self.category_fit(need, o)]

    def lacks_people(self, need, offer):
        people = getattr(need, "people", None)
        if people is None:
            return False
        low = offer.min_people is not None and people < offer.min_people
        return low or (offer.max_people is not None and people > offer.max_people)

    def stops(self, need, offer):
        """All that stands between a need (or project) and an offer whose category fits, in order."""
        known, reached, _, _ = self.judge(need, offer)
        answers = (
            ("people", self.lacks_people(need, offer)),
            ("tags", not set(getattr(need, "tags", ())) <= set(offer.tags)),
            ("own_party", getattr(need, "party", None) == offer.unit),
            ("unknown_place", not known),
            ("too_far", not reached),
            ("wrong_time", not self.meet(need, offer)),
            ("refused", self.refused_pair(need, offer)),
        )
        return [name for name, stopped in answers if stopped]

    def missing(self, need):
        """What a need without a capable unit lacks."""
        offers = self.of_category(need)
        if not offers:
            others = [o for o in self.table("offers") if self.is_open(o) and o.measure != self.measure]
            return "measure" if any(self.category_fit(need, o) for o in others) else "category"
        for name in ("people", "tags", "own_party"):
            offers = [o for o in offers if name not in self.stops(need, o)]
            if not offers:
                return name.removeprefix("own_")
        return None

    def nearest_out_of_reach(self, need):
        """Distance of the nearest capable offer that can be judged; None where no distance is known."""
        able = [o for o in self.table("offers") if self.fits(need, o) and self.judge(need, o)[0]]
        known = [self.judge(need, o)[2] for o in able if self.judge(need, o)[2] is not None]
        return min(known, default=None)

    def rests_on_reach(self, need):
        """Whether an offer is lost only because its assumed reach is too short."""
        capable = [o for o in self.table("offers") if self.fits(need, o)]
        return any(
            self.reach(o)[3] and self.judge(need, o)[0] and not self.judge(need, o)[1] for o in capable
        )

    # Capacity

    def left_beside(self, kind, given):
        """Variables of a kind, and what promises and the other kind's places leave.

        `given`: (kind, need or project, offer or unit) -> places beyond promises.
        """
        variables, left = self.problem()
        for key, places in given.items():
            if key[0] != kind:
                for row in variables[key][2]:
                    left[row] -= places
        return {key: value for key, value in variables.items() if key[0] == kind}, left

    def most_places(self, kind, given):
        """The most places of a kind beyond promises, the other kind's places kept, whole needs split."""
        variables, left = self.left_beside(kind, given)
        keys = list(variables)
        if not keys:
            return 0
        rows = sorted({row for key in keys for row in variables[key][2]})
        matrix = np.array([[row in variables[key][2] for key in keys] for row in rows], dtype=float)
        limits = np.array([min(left[row], BIG) for row in rows], dtype=float)
        upper = np.array([min(variables[key][1], BIG) for key in keys], dtype=float)
        found = milp(
            -np.ones(len(keys)),
            constraints=[LinearConstraint(matrix, -np.inf, limits)],
            bounds=Bounds(0, upper),
            integrality=np.ones(len(keys)),
        )
        assert found.success, found.message
        return round(-found.fun)

    # Warnings

    def access(self):
        """Two-step floating catchment areas over the feasible pairs, by need that some offer may serve."""
        pairs, (reserved, _, _) = self.need_pairs(), self.reserved()
        share = {}
        for offer in self.table("offers"):
            wanted = sum(self.needs[need].quantity for need, other in pairs if other == offer.id)
            capacity = max(0, self.capacity(offer) - reserved.get(offer.id, 0))
            share[offer.id] = min(1.0, capacity / wanted) if wanted else 0.0
        reached = {need for need, _ in pairs}
        return {name: sum(share[other] for need, other in pairs if need == name) for name in reached}

    # Blind spots

    def members(self):
        """Units that are members, themselves or through a branch; all where none is."""
        units = [u.id for u in self.table("units") if self.in_round(u)]
        parties = {m.party for m in self.table("members") if self.in_round(m)}
        chosen = [unit for unit in units if ({unit} | self.branches_of(unit)) & parties]
        return chosen or units

    def branches_of(self, unit):
        return {b.id for b in self.table("branches") if self.in_round(b) and unit in b.units}

    def neighbourhoods(self):
        return [a for a in self.table("areas") if a.level == "neighbourhood" and self.in_round(a)]

    def unpaired_areas(self):
        tied = {party for pair in self.ties for party in pair}
        return [a.id for a in self.neighbourhoods() if a.id not in tied]

    def coverage(self, unit):
        """What a unit lacks: organisation, work."""
        mine = [b for b in self.table("branches") if self.in_round(b) and unit.id in b.units]
        lacks = [] if any(b.coverage in ("", "建", "联") for b in mine) else ["organisation"]
        stations = [s for s in self.table("stations") if self.in_round(s)]
        return lacks if mine or any(self.station_reaches(s, unit) for s in stations) else [*lacks, "work"]

    def station_reaches(self, station, unit):
        (there, station_area), (here, area) = self.own_place(station), self.own_place(unit)
        limit, areas = station.reach_m, station.reach_areas
        if station.reach_any:
            return True
        if limit is None and not areas:
            subdistrict = self.area_above(station_area, "subdistrict")
            limit, areas = (None, (subdistrict,)) if subdistrict else (default_reach_m("other"), ())
        distance = metres(here, there)
        by_metres = limit is not None and distance is not None and distance <= limit
        return by_metres or any(self.get("areas", a) and a in self.area_above(area) for a in areas)

    def without_offer(self):
        """(top category, neighbourhood) that no open offer reaches."""
        offers = [o for o in self.table("offers") if self.is_open(o) and o.measure == self.measure]
        named = [*self.needs.values(), *offers]
        found = {}
        for category in {record.category.split(".")[0] for record in named}:
            some = [o for o in offers if o.category.split(".")[0] == category]
            left = [a.id for a in self.neighbourhoods() if not any(self.offer_reaches(o, a) for o in some)]
            if left:
                found[category] = left
        return found

    def offer_reaches(self, offer, area):
        everyone, limit, areas, _ = self.reach(offer)
        here = None if area.lon is None else (area.lon, area.lat, True)
        distance = metres(here, self.offer_place(offer)[0])
        by_metres = limit is not None and distance is not None and distance <= limit
        return (
            everyone
            or by_metres
            or any(self.get("areas", a) and a in self.area_above(area.id) for a in areas)
        )
