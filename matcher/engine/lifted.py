"""Pairs with a room of their own, told as offers: so that the quick way takes them too.

A pair that carries less than its need wants becomes an offer for that need alone, of that capacity, and the
offer it belonged to becomes a unit that holds them together. An offer that has a unit already can't become
one; but where the offer can give all that its unit can, these lie under the unit themselves, and where the
unit can give all that its offers can, it limits nothing and is left out. What remains are offers and units
that are both short: such a problem isn't told anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray, sum_by_row
from matcher.remainder import Remainder, Source


@dataclass(frozen=True, slots=True, eq=False)
class Lifted:
    """A remainder told without rooms of pairs, but for those that it can't be told without.

    Attributes
    ----------
    old : Remainder
        The remainder that was told anew.
    rest : Remainder
        The same needs and edges, the rows of edges being those of the remainder that was told anew; offers
        are its own, then one for each pair with room of its own; units are its own, then the offers of such
        pairs that became units.
    offer_node : int64 array (offers)
        Where each offer of the remainder stands among the nodes, which are offers, then units.
    is_left_out : bool array (units)
        Units of the remainder that limit nothing and hold nobody any more.
    """

    old: Remainder
    rest: Remainder
    offer_node: IntArray
    is_left_out: BoolArray

    def take_back(
        self, edge_row: RowArray, places: IntArray, length: IntArray
    ) -> tuple[RowArray, IntArray, IntArray]:
        """Give edges in use, their places and the lengths of nodes as the old remainder calls them."""
        return self.old.edge_row[edge_row], places, self._find_lengths(edge_row, places, length)

    def _find_lengths(self, edge_row: RowArray, places: IntArray, length: IntArray) -> IntArray:
        old = self.old
        offers, units = len(old.offer_capacity), len(old.unit_row)
        found = np.concatenate([length[self.offer_node], length[len(self.rest.offer_capacity) :][:units]])
        if not self.is_left_out.any():
            return found
        # A unit that was left out is spare, or as far from it as its nearest offer that has places in use.
        used = sum_by_row(old.edge_offer[edge_row], places, offers)
        unit = old.offer_unit
        of_unit = np.flatnonzero((unit >= 0) & (used > 0))
        load = sum_by_row(unit[of_unit], used[of_unit], units)
        nearest = np.full(units, np.iinfo(np.int64).max)
        np.minimum.at(nearest, unit[of_unit], found[of_unit])
        capacity = sum_by_row(old.step_unit, old.step_capacity, units)
        own = np.where(load < capacity, 0, nearest)
        found[offers:][self.is_left_out] = own[self.is_left_out]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Terms:
    """Which edges have room for less than is wanted and there, and what their offers can become.

    Attributes
    ----------
    limited, short : int64 arrays
        Those edges; and those of offers that are short beside a unit that is, which stay as they are.
    has_limited : bool array (offers)
    under_unit : bool array (offers)
        Has a unit that may be short.
    unit_capacity : int64 array (units)
    """

    limited: IntArray
    short: IntArray
    has_limited: BoolArray
    under_unit: BoolArray
    unit_capacity: IntArray


def count_short(rest: Remainder) -> int:
    """Count the pairs with room of their own that a remainder can't be told without (at most)."""
    return len(_find_terms(rest).short)


def _find_terms(rest: Remainder) -> _Terms:
    offers, units = len(rest.offer_capacity), len(rest.unit_row)
    limit = np.minimum(rest.offer_capacity[rest.edge_offer], rest.need_quantity[rest.edge_need])
    limited = np.flatnonzero(rest.edge_capacity < limit)
    unit_of, capacity = rest.offer_unit, rest.offer_capacity
    of_unit = unit_of >= 0
    unit_capacity = sum_by_row(rest.step_unit, rest.step_capacity, units)
    limits_nothing = unit_capacity >= sum_by_row(unit_of[of_unit], capacity[of_unit], units)
    limits_nothing[rest.step_unit[rest.step_cost > 0]] = False
    under_unit = of_unit & ~np.append(limits_nothing, False)[unit_of]
    gives_all = capacity >= np.append(unit_capacity, 0)[unit_of]
    is_short = (under_unit & ~gives_all)[rest.edge_offer[limited]]
    limited, short = limited[~is_short], limited[is_short]
    has_limited = np.zeros(offers, np.bool_)
    has_limited[rest.edge_offer[limited]] = True
    return _Terms(limited, short, has_limited, under_unit, unit_capacity)


def lift(rest: Remainder) -> Lifted:
    """Tell a remainder without load costs without rooms of pairs, where that can be done."""
    offers, units, terms = len(rest.offer_capacity), len(rest.unit_row), _find_terms(rest)
    limited, has_limited, under_unit = terms.limited, terms.has_limited, terms.under_unit
    unit_of, capacity, unit_capacity = rest.offer_unit, rest.offer_capacity, terms.unit_capacity
    of_unit, behind = unit_of >= 0, rest.edge_offer[terms.limited].astype(np.int64)
    is_left_out = np.zeros(units, np.bool_)
    is_left_out[unit_of[has_limited & of_unit & ~under_unit]] = True
    kept_unit = np.where(of_unit & ~np.append(is_left_out, False)[unit_of], unit_of, -1)
    made = np.flatnonzero(has_limited & ~under_unit)
    kept_unit[made] = units + np.arange(len(made))
    edge_offer = rest.edge_offer.copy()
    edge_offer[limited] = offers + np.arange(len(limited), dtype=np.int32)
    edges = np.arange(rest.edge_count, dtype=np.int32)
    offer_node = np.arange(offers)
    offer_node[made] = offers + len(limited) + kept_unit[made]
    all_units = units + len(made)
    edge_capacity = np.broadcast_to(np.int64(NO_LIMIT), rest.edge_count)
    if len(terms.short):
        edge_capacity = edge_capacity.copy()
        edge_capacity[terms.short] = rest.edge_capacity[terms.short]
    return Lifted(
        rest,
        Remainder(
            rest.need_row, np.arange(offers + len(limited)), np.arange(all_units), rest.edge_count,
            rest.need_quantity, rest.need_weight,
            np.concatenate([capacity, rest.edge_capacity[limited]]),
            np.concatenate([kept_unit, kept_unit[behind]]),
            Source(rest.edge_need, edge_offer, rest.edge_cost, edges, None, None, None),
            edge_capacity, np.arange(all_units),
            np.concatenate([unit_capacity, capacity[made]]), np.zeros(all_units, np.int64),
            None, rest.need_forgone,
        ),
        offer_node,
        is_left_out,
    )  # fmt: skip
