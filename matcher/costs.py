"""What a place costs: rounded metres, and metre-equivalents for what a planner would rather avoid.

cost = round(metres) + unpaired_m (no standing pairing ties both sides) + other_subdistrict_m (the need lies
in another sub-district than the provider, both known) + broad_m (the fit is only broad) + up to reciprocity_m
(the need's party got more than it gave; see `matcher.reciprocity`) + what moving costs (a published round
that is kept doesn't have the pair; see `matcher.keeping`). Where nobody knows the distance, the offer's reach
stands for it, else its category's default metres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import numpy as np

from graph.snapshot import Snapshot
from graph.taxonomy import OTHER, default_reach_m
from matcher.instance import Bools, Demand, Floats, Ints, Supply, Texts
from matcher.keeping import stand
from matcher.reciprocity import find_reciprocity
from matcher.rules import Rules


class Ties:
    """Which parties a pairing ties during the round.

    A pairing ties all its parties pairwise. An area counts through its branches too; `via` is no party. A
    need is tied through its own party and through the area it lies in.

    Attributes
    ----------
    reciprocity : ndarray of int64
        What a place of each need row costs more where its party got more than it gave.
    standing : Standing or None
        The places of the published round that is kept.
    """

    def __init__(self, snapshot: Snapshot, rules: Rules, demand: Demand, unit_ids: Texts) -> None:
        standing = snapshot.valid("pairings", rules.period.first, rules.period.last)
        home = dict(zip(snapshot.ids("branches"), snapshot.column("branches", "area"), strict=True))
        numbers: dict[str, int] = {}
        ties: set[tuple[int, int]] = set()
        for parties in snapshot.column("pairings", "parties")[standing]:
            for one, other in permutations(tied_parties(parties, home), 2):
                ties.add((numbers.setdefault(one, len(numbers)), numbers.setdefault(other, len(numbers))))
        self._size = max(len(numbers), 1)
        self._ties = np.array(sorted(one * self._size + other for one, other in ties), dtype=np.int64)
        self._unit = _number(numbers, unit_ids)
        self._party = _number(numbers, demand.party)
        self._area = _number(numbers, demand.area_id)
        self.reciprocity = find_reciprocity(snapshot, rules, demand)
        self.standing = stand(snapshot, rules, demand, unit_ids)

    def hold(self, need: Ints, unit: Ints) -> Bools:
        """Whether a pairing ties needs (through party or area) and units, element by element."""
        held = np.zeros(len(need), dtype=bool)
        if not self._ties.size:
            return held
        for side in (self._party, self._area):
            rows = np.flatnonzero((self._unit[unit] >= 0) & (side[need] >= 0) & ~held)
            key = side[need[rows]] * self._size + self._unit[unit[rows]]
            at = np.minimum(np.searchsorted(self._ties, key), self._ties.size - 1)
            held[rows] = self._ties[at] == key
        return held


def tied_parties(parties: Sequence[str], home: dict[str, str | None]) -> list[str]:
    """Parties of a pairing, and the areas of those that are branches; each once."""
    return list(dict.fromkeys([*parties, *(area for party in parties if (area := home.get(party)))]))


def _number(numbers: dict[str, int], ids: Iterable[str | None]) -> Ints:
    return np.fromiter((-1 if item is None else numbers.get(item, -1) for item in ids), dtype=np.int64)


def pair_costs(
    demand: Demand,
    supply: Supply,
    ties: Ties,
    rules: Rules,
    need: Ints,
    offer: Ints,
    metres: Floats,
    broad: Bools,
) -> Ints:
    """Cost of one place for pairs of need rows and offer rows, as the module describes."""
    known = ~np.isnan(metres)
    stands_for = supply.unknown_m[offer].copy()
    bare = np.flatnonzero(np.isnan(stands_for))
    stands_for[bare] = [default_reach_m(item or OTHER) for item in demand.category[need[bare]]]
    cost = np.rint(np.where(known, metres, stands_for)).astype(np.int64)
    cost += np.where(ties.hold(need, supply.unit[offer]), 0, rules.unpaired_m)
    here, there = demand.sites.subdistrict[need], supply.sites.subdistrict[offer]
    cost += np.where((here >= 0) & (there >= 0) & (here != there), rules.other_subdistrict_m, 0)
    cost += ties.reciprocity[need]
    if ties.standing is not None and rules.keep is not None:
        is_project, of_offer = demand.is_project[need], supply.table_row[offer]
        stood = ties.standing.find(need, is_project, of_offer, supply.unit[offer])
        cost += np.where(stood > 0, 0, rules.keep.extra_m)
    return np.asarray(cost + np.where(broad, rules.broad_m, 0), dtype=np.int64)
