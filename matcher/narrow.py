"""A certificate for one need: of a gap that may span a city, few needs with that one that are short already.

Any set of needs that wants more than all that could serve it has is proof enough. From the need on, needs
join that want places of the same offers: first those that bring no further holder, then those that bring the
least for what they want. What is left then is no smallest set (finding one is NP-hard), but a valid one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, freeze, sum_by_row
from matcher.certificates import Certificate
from matcher.instance import Bools, Instance, Ints
from matcher.shortages import Shortages

_AT_ONCE = 8
"""Where needs that join bring holders, one for so many needs there joins at once: rounds stay few."""


def narrow(instance: Instance, shortages: Shortages, certificate: Certificate, need: int) -> Certificate:
    """Give a certificate of few needs, this one among them.

    Parameters
    ----------
    instance : Instance
    shortages : Shortages
        Those that the certificate is from.
    certificate : Certificate
        With the need among its own.
    need : int

    Returns
    -------
    Certificate
        Its needs are some of the given one's, its holders all that could serve them.
    """
    part = _Part(instance, shortages, certificate)
    chosen = part.needs == need
    while True:
        paid = part.pay(chosen)
        if paid.short_by > 0 and part.shares(chosen, np.flatnonzero(part.needs == need)[0]):
            break
        joining = part.choose(chosen, paid)
        if not len(joining):
            break
        chosen[joining] = True
    return part.certify(chosen, paid)


@dataclass(frozen=True, slots=True, eq=False)
class _Paid:
    """What all that could serve some needs has: per pair that counts, per offer, and per unit."""

    offer: Ints
    unit: Ints
    short_by: int


class _Part:
    """The pairs of a certificate's needs, its needs numbered from 0."""

    def __init__(self, instance: Instance, shortages: Shortages, certificate: Certificate) -> None:
        graph = instance.graph
        self.graph, self.needs = graph, certificate.needs
        number = np.full(graph.need_count, -1)
        number[self.needs] = np.arange(len(self.needs))
        self.edges = np.flatnonzero((number[graph.edge_need] >= 0) & instance.pairs.feasible)
        self.need, self.offer = number[graph.edge_need[self.edges]], graph.edge_offer[self.edges]
        self.wanted = shortages.need_places[self.needs]
        limits = graph.edge_capacity is not None
        self.carries = (
            shortages.pair_places[self.edges] if limits else np.full(len(self.edges), NO_LIMIT >> 20)
        )
        # A pair never carries more than its need wants or its offer has, so that sums stay small.
        self.carries = np.minimum(self.carries, shortages.offer_places[self.offer])
        self.has, self.total = shortages.offer_places, shortages.unit_places

    def pay(self, chosen: Bools) -> _Paid:
        """Count what all that could serve the chosen needs has."""
        graph = self.graph
        offered = sum_by_row(self.offer, np.where(chosen[self.need], self.carries, 0), graph.offer_count)
        offer = np.minimum(offered, self.has)
        of_unit = graph.offer_unit >= 0
        unit = sum_by_row(graph.offer_unit[of_unit], offer[of_unit], graph.unit_count)
        unit = np.minimum(unit, self.total)
        there = int(offer[~of_unit].sum()) + int(unit.sum())
        return _Paid(offer, unit, int(self.wanted[chosen].sum()) - there)

    def shares(self, chosen: Bools, need: int) -> bool:
        """Whether the set is the shorter for the need: the others want some of what could serve it."""
        others = chosen.copy()
        others[need] = False
        return self.pay(chosen).short_by > self.pay(others).short_by

    def choose(self, chosen: Bools, paid: _Paid) -> Ints:
        """Choose the needs that join, by number: none where no other wants places of the same offers."""
        brings = np.minimum(self.carries, self.has[self.offer] - paid.offer[self.offer])
        unit = self.graph.offer_unit[self.offer]
        of_unit = unit >= 0
        brings[of_unit] = np.minimum(brings[of_unit], (self.total - paid.unit)[unit[of_unit]])
        more = sum_by_row(self.need, brings, len(self.needs))
        touched = np.zeros(self.graph.offer_count, dtype=bool)
        touched[self.offer[chosen[self.need]]] = True
        near = np.zeros(len(self.needs), dtype=bool)
        near[self.need[touched[self.offer]]] = True
        free = np.flatnonzero(near & ~chosen & (more == 0) & (self.wanted > 0))
        if len(free):
            order = free[np.argsort(-self.wanted[free], kind="stable")]
            enough = np.searchsorted(np.cumsum(self.wanted[order]), max(1 - paid.short_by, 1)) + 1
            return np.asarray(order[:enough])
        dear = np.flatnonzero(near & ~chosen)
        order = dear[np.argsort((more - self.wanted)[dear], kind="stable")]
        return np.asarray(order[: max(1, int(chosen.sum()) // _AT_ONCE)])

    def certify(self, chosen: Bools, paid: _Paid) -> Certificate:
        """Write the chosen needs and all that could serve them as a certificate."""
        graph = self.graph
        mine = chosen[self.need]
        asked = sum_by_row(self.offer, np.where(mine, self.carries, 0), graph.offer_count)
        touched = np.zeros(graph.offer_count, dtype=bool)
        touched[self.offer[mine]] = True
        of_unit = graph.offer_unit >= 0
        all_of = sum_by_row(graph.offer_unit[of_unit], paid.offer[of_unit], graph.unit_count)
        by_total = all_of > self.total
        touched[of_unit] &= ~by_total[graph.offer_unit[of_unit]]
        by_pairs = asked < self.has
        pairs = self.edges[mine & touched[self.offer] & by_pairs[self.offer]]
        arrays = (self.needs[chosen], np.flatnonzero(touched & ~by_pairs), np.flatnonzero(by_total), pairs)
        for rows in arrays:
            freeze(rows)
        return Certificate(*arrays, paid.short_by)
