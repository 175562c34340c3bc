"""What is promised, what is left, and what is best, as plain loops and small programs beside the matcher.

Property tests hold the matcher against it, as against `reference_pairs`.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.reference_pairs import PairReference

BIG = 10**9
GONE = ("withdrawn", "expired", "rejected")


class Reference(PairReference):
    """What follows from a town's records and its pairs by the rules."""

    # Promises

    def locks(self):
        """Promised places: of (need, offer), of (need, unit) without an offer, and (project, unit)."""
        on_offers, loose, on_projects = {}, {}, set()
        pairs = self.need_pairs()
        mine = [c for c in self.promises() if c.target_table == "needs" and c.target in self.needs]
        held = {}
        for claim in [c for c in mine if c.quantity is not None] + [c for c in mine if c.quantity is None]:
            need = self.needs[claim.target]
            places = claim.quantity
            if places is None:
                places = max(1, need.quantity - held.get(need.id, 0))
            held[need.id] = held.get(need.id, 0) + places
            offer = claim.offer if self.get("offers", claim.offer) else None
            if offer is None:
                unit_offers = [o for o in self.table("offers") if o.unit == claim.by]
                able = [(pairs[need.id, o.id].cost, o.id) for o in unit_offers if (need.id, o.id) in pairs]
                if not able:
                    able = [(self.price(need, o).cost, o.id) for o in unit_offers if self.fits(need, o)]
                offer = min(able)[1] if able else None
            if offer is None:
                loose[need.id, claim.by] = loose.get((need.id, claim.by), 0) + places
            else:
                on_offers[need.id, offer] = on_offers.get((need.id, offer), 0) + places
        for claim in self.promises():
            if claim.target_table == "projects" and claim.target in self.projects:
                on_projects.add((claim.target, claim.by))
        return on_offers, loose, on_projects

    def reserved(self):
        """Places that promises outside the match hold, by offer, by unit, and projects by unit."""
        offers, units, projects = {}, {}, {}
        for claim in self.promises():
            target = self.get(claim.target_table, claim.target)
            inside = claim.target_table == "needs" and claim.target in self.needs
            inside = inside or (claim.target_table == "projects" and claim.target in self.projects)
            if inside or target is None:
                continue
            if claim.target_table == "projects":
                if target.status not in GONE and self.measure == "places":
                    units[claim.by] = units.get(claim.by, 0) + 1
                    projects[claim.by] = projects.get(claim.by, 0) + 1
                continue
            if target.measure != self.measure or target.status in GONE:
                continue
            named = claim.target if claim.target_table == "offers" else claim.offer
            offer = self.get("offers", named)
            places = claim.quantity
            if places is None:
                places = 1 if claim.target_table == "offers" else target.quantity
            provider = offer.unit if offer else claim.by
            units[provider] = units.get(provider, 0) + places
            if offer:
                offers[offer.id] = offers.get(offer.id, 0) + places
        return offers, units, projects

    # Capacities

    def periods(self, offer):
        """How many calendar periods round and validity both touch."""
        days = [day for day in self.days() if offer.is_valid(day)]
        size = {"month": 1, "quarter": 3, "year": 12}
        if offer.per == "round":
            return 1 if days else 0
        return len({(day.year * 12 + day.month - 1) // size[offer.per] for day in days})

    def capacity(self, offer):
        return 1 if offer.capacity is None else offer.capacity * self.periods(offer)

    def unit_total(self, party):
        unit = self.get("units", party)
        if self.measure != "places" or unit is None or unit.capacity is None:
            return BIG
        return unit.capacity

    def most_projects(self, party):
        unit = self.get("units", party)
        return BIG if unit is None or unit.max_claims is None else unit.max_claims

    # Solving: small mixed-integer programs over the net problem

    def problem(self):
        """Variables (kind, need, offer or unit) with cost, capacity, and the rows that limit them."""
        on_offers, loose, on_projects = self.locks()
        reserved, unit_reserved, project_reserved = self.reserved()
        left = {}
        for need in self.needs.values():
            left["need", need.id] = need.quantity
        for project in self.projects.values():
            left["project", project.id] = project.wanted
        for offer in self.table("offers"):
            left["offer", offer.id] = self.capacity(offer) - reserved.get(offer.id, 0)
            unit = offer.unit
            left["unit", unit] = self.unit_total(unit) - unit_reserved.get(unit, 0)
            left["claims", unit] = self.most_projects(unit) - project_reserved.get(unit, 0)
        for _, unit in (*loose, *on_projects):
            left.setdefault(("unit", unit), self.unit_total(unit) - unit_reserved.get(unit, 0))
            left.setdefault(("claims", unit), self.most_projects(unit) - project_reserved.get(unit, 0))
        # Whatever outside claims hold beyond a capacity doesn't count against the next promise.
        left = {key: max(0, value) for key, value in left.items()}

        def take(key, places):
            left[key] -= places

        for (need, offer), places in on_offers.items():
            take(("need", need), places)
            take(("offer", offer), places)
            take(("unit", self.get("offers", offer).unit), places)
        for (need, unit), places in loose.items():
            take(("need", need), places)
            take(("unit", unit), places)
        for project, unit in on_projects:
            take(("project", project), 1)
            take(("unit", unit), 1)
            take(("claims", unit), 1)
        left = {key: max(0, value) for key, value in left.items()}
        variables = {}
        for (need, offer), pair in self.need_pairs().items():
            unit = self.get("offers", offer).unit
            rows = [("need", need), ("offer", offer), ("unit", unit)]
            variables["need", need, offer] = (pair.cost, BIG, rows, self.needs[need].priority)
        for (project, unit), pair in self.project_pairs().items():
            rows = [("project", project), ("unit", unit), ("claims", unit)]
            most = 0 if (project, unit) in on_projects else 1
            variables["project", project, unit] = (pair.cost, most, rows, self.projects[project].priority)
        return variables, left

    def optimum(self):
        """(places beyond promises by priority, needs and projects together; their least cost)."""
        variables, left = self.problem()
        if not variables:
            return {}, 0
        keys = list(variables)
        rows = sorted({row for key in keys for row in variables[key][2]})
        matrix = np.array([[row in variables[key][2] for key in keys] for row in rows], dtype=float)
        limits = np.array([min(left[row], BIG) for row in rows], dtype=float)
        whole = [key[1] for key in keys if key[0] == "need" and self.needs[key[1]].whole]
        wholes = sorted(set(whole))
        # A whole need is served in full or not at all: its sum equals what it wants times a switch.
        count = len(keys) + len(wholes)
        a = np.hstack([matrix, np.zeros((len(rows), len(wholes)))])
        constraints = [LinearConstraint(a, -np.inf, limits)]
        for at, need in enumerate(wholes):
            row = np.zeros(count)
            row[[i for i, key in enumerate(keys) if key[:2] == ("need", need)]] = 1
            row[len(keys) + at] = -left["need", need]
            constraints.append(LinearConstraint(row, 0, 0))
        upper = np.array([min(variables[key][1], BIG) for key in keys] + [1] * len(wholes), dtype=float)
        served = {}
        for priority in range(1, 6):
            goal = np.array(
                [variables[key][3] == priority for key in keys] + [False] * len(wholes), dtype=float
            )
            if goal.any():
                places = round(-self._solve(-goal, constraints, upper).fun)
                served[priority] = places
                constraints.append(LinearConstraint(goal, places, np.inf))
        cost = np.array([variables[key][0] for key in keys] + [0] * len(wholes), dtype=float)
        return served, round(self._solve(cost, constraints, upper).fun)

    def _solve(self, cost, constraints, upper):
        result = milp(
            cost, constraints=constraints, bounds=Bounds(0, upper), integrality=np.ones(len(cost)),
            options={"mip_rel_gap": 0},
        )  # fmt: skip
        assert result.success, result.message
        return result

    def by_hand(self):
        """The by-hand rule: (table, need, offer or unit) -> places beyond promises."""
        variables, left = self.problem()
        pairs, projects = self.need_pairs(), self.project_pairs()
        given = {}
        asking = [(n.priority, 0, n.id) for n in self.needs.values()]
        asking += [(p.priority, 1, p.id) for p in self.projects.values()]
        for _, is_project, name in sorted(asking):
            table, found = ("project", projects) if is_project else ("need", pairs)
            options = [
                (pair.distance is None, round(pair.distance or 0.0, 3), other)
                for (one, other), pair in found.items()
                if one == name
            ]
            before = dict(left)
            for _, _, other in sorted(options):
                _, most, rows, _ = variables[table, name, other]
                places = min(most, *(left[row] for row in rows))
                if places > 0:
                    given[table, name, other] = places
                    for row in rows:
                        left[row] -= places
            if not is_project and self.needs[name].whole and left.get(("need", name)):
                left = before
                given = {key: places for key, places in given.items() if key[:2] != ("need", name)}
        return given
