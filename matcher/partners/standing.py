"""Parties that could pair, who is tied to whom already, and how each party stands in the network.

What a party needs and offers counts on both of its *sides*: its own, for a branch that of its area (areas
count through their branches), for an alliance that of all its members. Who is *kin* is never proposed: a
unit and its branches, an area and its branches, an alliance and its members.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from graph.measures.run import network_of
from matcher.costs import tied_parties
from matcher.coverage import neighbourhoods
from matcher.instance import OFFER, Instance
from matcher.places import PARTY_ORDER, Parties

_ALONE: Final = -1
"""Community and component of whom no pairing ties."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party stands in the network of pairings; both are -1 for one without a pairing."""

    community: int
    component: int


class Standing:
    """The parties of an instance as they stand in its round.

    Parameters
    ----------
    instance : Instance
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        snapshot, period = instance.snapshot, instance.rules.period
        self.snapshot = snapshot
        self.parties = Parties(snapshot, instance.areas)
        self._valid = {table: snapshot.valid(table, period.first, period.last) for table in PARTY_ORDER}
        branches = list(
            zip(*(snapshot.column("branches", name) for name in ("id", "area", "units")), strict=True)
        )
        self._home = {branch: area for branch, area, _ in branches}
        self._kin: dict[str, set[str]] = {}
        for branch, area, units in branches:
            # A branch of units is no branch of the area that it happens to lie in.
            for other in units or ([area] if area else []):
                self._kin.setdefault(branch, set()).add(other)
                self._kin.setdefault(other, set()).add(branch)
        self._sides: dict[str, frozenset[str]] = {}
        # The first table that has an id is the party's.
        self._table_of = {
            party: table for table in reversed(PARTY_ORDER) for party in snapshot.ids(table).tolist()
        }
        self._members: dict[str, set[str]] = {}
        rows = np.flatnonzero(snapshot.valid("members", period.first, period.last))
        columns = (snapshot.column("members", name)[rows] for name in ("alliance", "party"))
        for alliance, party in zip(*columns, strict=True):
            self._members.setdefault(alliance, set()).add(party)
        standing = snapshot.valid("pairings", period.first, period.last)
        self.pairings: list[tuple[str, ...]] = list(snapshot.column("pairings", "parties")[standing])

    def table_of(self, party: str) -> str | None:
        """The table that a party stands in; None for one that is no record."""
        return self._table_of.get(party)

    def names(self, parties: Iterable[str]) -> dict[str, str]:
        """Names of parties; an id stands for a name that nobody recorded."""
        asked = list(parties)
        found: dict[str, str] = {}
        for table in PARTY_ORDER:
            rows, names = self.snapshot.rows_of(table, asked), self.snapshot.column(table, "name")
            for party, row in zip(asked, rows.tolist(), strict=True):
                if row >= 0:
                    found.setdefault(party, names[row] or party)
        return {party: found.get(party, party) for party in asked}

    def side(self, party: str) -> frozenset[str]:
        """Whose needs and offers count as a party's (see the module)."""
        if party not in self._sides:
            self._sides[party] = self._find_side(party)
        return self._sides[party]

    def _find_side(self, party: str) -> frozenset[str]:
        members = self._members.get(party, ()) if self.table_of(party) == "alliances" else ()
        return frozenset(tied_parties([party, *sorted(members)], self._home))

    def kin(self, party: str) -> frozenset[str]:
        """A party, its sides, and the branches or units that are one with it."""
        return self.side(party) | self._kin.get(party, set())

    def candidates(self) -> list[str]:
        """Parties that may be proposed, sorted.

        Units and neighbourhoods of the round, and whoever else is on record and needs or offers something
        himself in it. Pseudonyms are no record.
        """
        units = self.snapshot.ids("units")[self._valid["units"]].tolist()
        areas = self.snapshot.ids("areas")[neighbourhoods(self.instance)].tolist()
        supply, demand = self.instance.supply, self.instance.demand
        offering = np.unique(supply.unit[(supply.kind == OFFER) & supply.is_open])
        own = {
            *self.instance.unit_ids[offering].tolist(),
            *(party for party in demand.party.tolist() if party),
        }
        rows = self.parties.rows_of(sorted(own))
        others = [party for party, row in zip(sorted(own), rows.tolist(), strict=True) if row >= 0]
        return sorted({*units, *areas, *others})

    @cached_property
    def _tied(self) -> list[list[frozenset[str]]]:
        """For each standing pairing its parties, each with the area it counts for."""
        return [
            [frozenset(tied_parties([party], self._home)) for party in parties] for parties in self.pairings
        ]

    def partners(self, party: str) -> frozenset[str]:
        """All that a standing pairing ties to a party or its kin, the kin itself left out."""
        kin = self.kin(party)
        near = {
            name
            for ends in self._tied
            if any(end & kin for end in ends)
            for end in ends
            if not end & kin
            for name in end
        }
        return frozenset(near)

    def is_tied(self, partners: frozenset[str], party: str) -> bool:
        """Whether a party or its kin is among some partners."""
        return bool(partners & self.kin(party))

    @cached_property
    def pairings_of(self) -> Counter[str]:
        """How many standing pairings tie each party."""
        return Counter(party for ends in self._tied for party in frozenset().union(*ends))

    @cached_property
    def _places(self) -> dict[str, Place]:
        import networkx as nx

        graph = network_of(self.snapshot, "pairings")
        period = self.instance.rules.period
        valid = set(self.snapshot.ids("pairings")[self.snapshot.valid("pairings", period.first, period.last)])
        over = [
            (one, other)
            for one, other, records in graph.edges(data="records")
            if valid.isdisjoint(records.split("; "))
        ]
        graph.remove_edges_from(over)
        graph.remove_nodes_from([party for party, ties in graph.degree() if not ties])
        if not graph:
            return {}
        number = {
            kind: {party: at for at, part in enumerate(parts) for party in part}
            for kind, parts in (
                ("community", nx.community.louvain_communities(graph, weight="weight", seed=0)),
                ("component", nx.connected_components(graph)),
            )
        }
        return {party: Place(number["community"][party], number["component"][party]) for party in graph}

    def place(self, party: str) -> Place:
        """Where a party stands in the network of standing pairings."""
        return self._places.get(party, Place(_ALONE, _ALONE))

    def is_neighbourhood(self, party: str) -> bool:
        """Whether a party is an area of the level that pairings are counted by."""
        row = int(self.snapshot.rows_of("areas", [party])[0])
        return row >= 0 and self.snapshot.column("areas", "level")[row] == "neighbourhood"
