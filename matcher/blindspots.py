"""Blind spots: what lies idle, and which places and organisations nobody covers.

Everything is judged in the round of the match: records count if they hold on one of its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from graph.snapshot import Snapshot
from matcher.arrays import sum_by_row
from matcher.costs import tied_parties
from matcher.coverage import find_coverage, find_unreached, neighbourhoods
from matcher.instance import OFFER, Bools, Ints
from matcher.match import Match, Part
from matcher.promises import read_claims
from matcher.remainder import take_promises_off
from matcher.sieve import STAGES, Sieve

Json = dict[str, Any]

_WHY_IDLE: Final = {
    "category": "no_need",
    "people": "people",
    "tags": "tags",
    "party": "own_needs_only",
    "place": "unknown_place",
    "reach": "out_of_reach",
    "time": "wrong_time",
    "refused": "refused",
}


@dataclass(frozen=True, slots=True, eq=False)
class BlindSpots:
    """What nobody uses and nobody covers, as tuples of JSON values.

    Attributes
    ----------
    idle_offers
        Offers that are open in the round, serve nobody and hold no promise: `offer`, `unit`, `category`, and
        `why`: `no_need` (nobody asks for the category), `people`, `tags`, `own_needs_only`, `unknown_place`,
        `out_of_reach`, `wrong_time`, `refused` (the first that leaves no need), `no_capacity`, `unit_full`
        (its total is used up), or `not_needed` (others serve those it could serve, or nobody is left).
    idle_units
        Silent units: members of an alliance, themselves or through a branch (every unit where no unit is a
        member), that serve nobody in the match, hold no promise and made none, neither themselves nor through
        a branch: `unit`, `offers` (how many of theirs are open), and `why`: `no_offer`, or `unused`.
    unpaired_areas
        Neighbourhoods that no standing pairing ties, be it through their branches: `area`, `population`,
        `over60` (None where unknown).
    uncovered_units, half_covered_units
        Units that lack both coverages (两个覆盖), and those that lack one: `unit`, `missing`
        (`organisation`, `work`), `place_known`; see `matcher.coverage`.
    areas_without_offer
        For each top category that somebody needs or offers: `category`, and the `areas` (neighbourhoods) that
        no open offer of it reaches, with their `population` and `over60` as far as known, and how many have
        no known place to judge by (`unknown`).
    """

    idle_offers: tuple[Json, ...]
    idle_units: tuple[Json, ...]
    unpaired_areas: tuple[Json, ...]
    uncovered_units: tuple[Json, ...]
    half_covered_units: tuple[Json, ...]
    areas_without_offer: tuple[Json, ...]

    def to_json(self) -> Json:
        """All of them by name."""
        return {name: list(getattr(self, name)) for name in self.__slots__}


def find_blind_spots(match: Match) -> BlindSpots:
    """Find what lies idle in a match, and what its snapshot leaves uncovered."""
    parts = [match.places, *([match.money] if match.money is not None else [])]
    covered = find_coverage(match.places.instance)
    return BlindSpots(
        idle_offers=tuple(item for part in parts for item in _idle_offers(part)),
        idle_units=tuple(_idle_units(match, parts)),
        unpaired_areas=tuple(_unpaired_areas(match)),
        uncovered_units=tuple(item for item in covered if len(item["missing"]) > 1),
        half_covered_units=tuple(item for item in covered if len(item["missing"]) == 1),
        areas_without_offer=tuple(find_unreached(match.places.instance)),
    )


def _idle_offers(part: Part) -> list[Json]:
    instance = part.instance
    supply, graph = instance.supply, instance.graph
    given = sum_by_row(graph.edge_offer, part.solution.flow, graph.offer_count)
    used = (given + instance.promises.reserved > 0) | _takes_projects(part)
    rows = np.arange(graph.offer_count)
    idle = np.flatnonzero(
        (supply.kind[rows] == OFFER) & supply.is_open[rows] & supply.of_measure[rows] & ~used
    )
    why = _why_idle(part, idle)
    return [
        {
            "offer": supply.ids[row],
            "unit": instance.unit_ids[supply.unit[row]],
            "category": supply.category[row],
            "why": reason,
        }
        for row, reason in zip(idle.tolist(), why, strict=True)
    ]


def _takes_projects(part: Part) -> Bools:
    """Offers by which their unit takes a project."""
    instance, flow = part.instance, part.solution.flow
    taken = np.zeros(instance.graph.offer_count, dtype=bool)
    edges = np.flatnonzero((flow > 0) & instance.demand.is_project[instance.graph.edge_need])
    behind = instance.pairs.offer_row[edges]
    taken[behind[(behind >= 0) & (behind < len(taken))]] = True
    return taken


def _why_idle(part: Part, offers: Ints) -> list[str]:
    instance = part.instance
    graph, supply = instance.graph, instance.supply
    net = take_promises_off(graph)
    flow = part.solution.flow - graph.edge_locked
    by_offer = sum_by_row(graph.edge_offer, flow, graph.offer_count)
    unit_left = net.unit_capacity - sum_by_row(graph.offer_unit, by_offer, graph.unit_count)
    # Of projects the unit is the one that takes part; the offers behind it show in no edge of their own.
    edges = instance.pairs.feasible & ~instance.demand.is_project[graph.edge_need]
    wanted = np.zeros(graph.offer_count, dtype=bool)
    wanted[graph.edge_offer[edges]] = True
    lost = offers[~wanted[offers]]
    stage = dict(zip(lost.tolist(), Sieve(instance).sift_offers(lost).stage.tolist(), strict=True))
    why = []
    for offer in offers.tolist():
        at = stage.get(offer, len(STAGES))
        if at < len(STAGES):
            why.append(_WHY_IDLE[STAGES[at]])
        elif graph.offer_capacity[offer] == 0:
            why.append("no_capacity")
        else:
            why.append("unit_full" if unit_left[supply.unit[offer]] <= 0 else "not_needed")
    return why


def _idle_units(match: Match, parts: list[Part]) -> list[Json]:
    snapshot, period = match.snapshot, match.rules.period
    busy: set[str] = set()
    open_offers: dict[str, int] = {}
    for part in parts:
        busy |= _serving(part)
    for part in (match.places, *parts[1:]):
        supply, units = part.instance.supply, part.instance.unit_ids
        for unit in supply.unit[(supply.table_row >= 0) & supply.is_open & supply.of_measure].tolist():
            open_offers[units[unit]] = open_offers.get(units[unit], 0) + 1
    for claim in read_claims(snapshot, match.rules)[0]:
        offer = claim.target if claim.table == "offers" else claim.offer
        row = int(snapshot.rows_of("offers", [offer])[0])
        busy |= {claim.by, *([snapshot.column("offers", "unit")[row]] if row >= 0 else [])}
    branches = _branches_of_units(snapshot, snapshot.valid("branches", period.first, period.last))
    found = []
    for unit in _units_in_question(match, branches):
        parties = {unit, *branches.get(unit, ())}
        if not parties & busy:
            offers = sum(open_offers.get(party, 0) for party in parties)
            found.append({"unit": unit, "offers": offers, "why": "unused" if offers else "no_offer"})
    return found


def _serving(part: Part) -> set[str]:
    """Parties that serve something in a match."""
    instance = part.instance
    used = np.flatnonzero(part.solution.flow > 0)
    units = np.unique(instance.supply.unit[instance.graph.edge_offer[used]])
    return set(instance.unit_ids[units].tolist())


def _branches_of_units(snapshot: Snapshot, valid: Bools) -> dict[str, list[str]]:
    """Branches of each unit, its own and joint ones."""
    found: dict[str, list[str]] = {}
    rows = zip(snapshot.ids("branches")[valid], snapshot.column("branches", "units")[valid], strict=True)
    for branch, units in rows:
        for unit in units:
            found.setdefault(unit, []).append(branch)
    return found


def _units_in_question(match: Match, branches: dict[str, list[str]]) -> list[str]:
    """Units that are members of an alliance, themselves or through a branch; all where none is."""
    snapshot, period = match.snapshot, match.rules.period
    units = snapshot.ids("units")[snapshot.valid("units", period.first, period.last)].tolist()
    members = snapshot.column("members", "party")[snapshot.valid("members", period.first, period.last)]
    parties = set(members.tolist())
    chosen = [unit for unit in units if not parties.isdisjoint({unit, *branches.get(unit, ())})]
    return chosen or units


def _unpaired_areas(match: Match) -> list[Json]:
    snapshot, period = match.snapshot, match.rules.period
    standing = snapshot.valid("pairings", period.first, period.last)
    home = dict(zip(snapshot.ids("branches"), snapshot.column("branches", "area"), strict=True))
    tied = {
        party
        for parties in snapshot.column("pairings", "parties")[standing]
        for party in tied_parties(parties, home)
    }
    ids = snapshot.ids("areas")
    people = {name: snapshot.column("areas", name) for name in ("population", "over60")}
    return [
        {
            "area": ids[row],
            **{name: None if np.isnan(of[row]) else int(of[row]) for name, of in people.items()},
        }
        for row in neighbourhoods(match.places.instance).tolist()
        if ids[row] not in tied
    ]
