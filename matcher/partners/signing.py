"""What signing a pairing does: who serves whom then, what is gained, who loses.

Signed, a pairing ties both sides as any standing pairing does (their places cost less), and each side's
offers come to the needs of the other wherever these are, as far as kind, people and times allow. What
reaches further by that than its list says is named, since somebody has to agree to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrays import sum_by_row
from matcher.costs import Ties, pair_costs
from matcher.fitting import BROAD
from matcher.flow import solve
from matcher.instance import Bools, Instance, Ints
from matcher.intervals import remake
from matcher.partners.tally import fitting_pairs
from matcher.problem import CandidateGraph
from matcher.reach import judge_reach
from matcher.solution import Solution
from matcher.what_if import Difference, compare

Sides = tuple[frozenset[str], frozenset[str]]
"""Both sides of a pairing, see `matcher.partners.standing`."""


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """A match once pairings are signed.

    Attributes
    ----------
    difference : Difference
        Against the match before.
    further : tuple of (int, int)
        Offer rows that serve needs beyond their stated reach then, and the places they serve so.
    gain_places : int
        Places of needs served more; projects aside.
    """

    difference: Difference
    further: tuple[tuple[int, int], ...]
    gain_places: int


class Signing:
    """Signs pairings on a solved match, on trial.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of its graph.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance, self.solution = instance, solution
        demand = instance.demand
        self._ties = Ties(instance.snapshot, instance.rules, demand, instance.unit_ids)
        self._needs_of: dict[str, set[int]] = {}
        for names in (demand.party, demand.area_id):
            for row, name in enumerate(names.tolist()):
                if name is not None:
                    self._needs_of.setdefault(name, set()).add(row)
        self._units_of = {name: {row} for row, name in enumerate(instance.unit_ids.tolist())}
        graph = instance.graph
        self._key = np.sort(graph.edge_need.astype(np.int64) * graph.offer_count + graph.edge_offer)

    def rows(self, side: frozenset[str]) -> tuple[Bools, Bools]:
        """Which need rows belong to a side, and which unit rows."""
        return _mark(self._needs_of, side, len(self.instance.demand)), self.units(side)

    def units(self, side: frozenset[str]) -> Bools:
        """Which unit rows belong to a side."""
        return _mark(self._units_of, side, len(self.instance.unit_ids))

    def sign(self, pairs: Sequence[Sides]) -> Signed:
        """Solve the match again with pairings signed, all at once."""
        graph = self.with_pairings(pairs)
        after = solve(graph)
        flow = after.flow[self.instance.graph.edge_count :]
        offers = graph.edge_offer[self.instance.graph.edge_count :]
        places = sum_by_row(offers, flow, graph.offer_count)
        used = np.flatnonzero(places)
        more = (after.served - self.solution.served)[~self.instance.demand.is_project]
        return Signed(
            compare(self.solution, after),
            tuple(zip(used.tolist(), places[used].tolist(), strict=True)),
            int(more.sum()),
        )

    def with_pairings(self, pairs: Sequence[Sides], *, come_further: bool = True) -> CandidateGraph:
        """Give the graph in which pairings hold.

        Parameters
        ----------
        pairs : sequence of (frozenset of str, frozenset of str)
        come_further : bool
            Offers come to the other side beyond their stated reach; False: the pairing only makes their
            places cost less, as it would without such an agreement.
        """
        graph, rules = self.instance.graph, self.instance.rules
        cost = graph.edge_cost.copy()
        unit = self.instance.supply.unit
        edge_unit = unit[graph.edge_offer]
        held = self._ties.hold(graph.edge_need.astype(np.int64), edge_unit)
        new: list[Ints] = []
        for one, other in pairs:
            for asking, giving in ((one, other), (other, one)):
                needs, units = self.rows(asking)[0], self.rows(giving)[1]
                own = np.flatnonzero(units[edge_unit])
                tied = own[needs[graph.edge_need[own]] & ~held[own]]
                cost[tied] -= rules.unpaired_m
                held[tied] = True
                if come_further:
                    offers = np.flatnonzero(units[unit[: graph.offer_count]])
                    new += [
                        need * graph.offer_count + offer
                        for need, offer in fitting_pairs(self.instance, np.flatnonzero(needs), offers)
                    ]
        key = np.setdiff1d(np.concatenate([*new, np.empty(0, dtype=np.int64)]), self._key)
        return self._join(cost, *np.divmod(key, max(graph.offer_count, 1)))

    def _join(self, cost: Ints, need: Ints, offer: Ints) -> CandidateGraph:
        """The graph with these costs and further pairs, which are tied."""
        instance, graph = self.instance, self.instance.graph
        demand, supply = instance.demand, instance.supply
        metres = judge_reach(demand, supply, instance.areas, need, offer).distance_m
        broad = instance.fits[demand.fit_class[need], supply.fit_class[offer]] == BROAD
        further = pair_costs(demand, supply, self._ties, instance.rules, need, offer, metres, broad)
        further -= np.where(self._ties.hold(need, supply.unit[offer]), 0, instance.rules.unpaired_m)
        arrays: dict[str, tuple[Ints, Ints]] = {
            "edge_need": (graph.edge_need.astype(np.int64), need),
            "edge_offer": (graph.edge_offer.astype(np.int64), offer),
            "edge_cost": (cost, further),
            "edge_locked": (graph.edge_locked, np.zeros(len(need), np.int64)),
        }
        if graph.edge_capacity is not None:
            arrays["edge_capacity"] = (graph.edge_capacity, graph.need_quantity[need])
        return remake(graph, **{name: np.concatenate(parts) for name, parts in arrays.items()})


def _mark(rows_of: dict[str, set[int]], side: frozenset[str], size: int) -> Bools:
    marked = np.zeros(size, dtype=bool)
    for name in side & rows_of.keys():
        marked[list(rows_of[name])] = True
    return marked
