"""Load costs told by needs of the engine's own: so that its loops know units with a total alone.

A holder is a need that holds places until real needs send it away. One stands in the unit for each stretch of
places of equal load cost; it has no priority, pays nothing where it stands, and is left without a place for
that cost. Those that cost least leave first, so that what they cost together is the load cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, RowArray, sum_by_row
from matcher.remainder import Remainder, Source


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A remainder with holders.

    Attributes
    ----------
    old : Remainder
        The remainder that was told anew.
    rest : Remainder
        Needs, offers and edges of the one that was told anew, then those of holders; the same units.
    edge_end : int
        Rows of edges from here on are holders'.
    is_gathered : bool
        Rows of edges are those of the old remainder's, else the caller's.
    """

    old: Remainder
    rest: Remainder
    edge_end: int
    is_gathered: bool

    def take_back(
        self, edge_row: RowArray, places: IntArray, length: IntArray
    ) -> tuple[RowArray, IntArray, IntArray]:
        """Give edges in use, their places and the lengths of nodes as the old remainder calls them."""
        is_theirs = edge_row < self.edge_end
        edge_row, places = edge_row[is_theirs], places[is_theirs]
        if self.is_gathered:
            edge_row = self.old.edge_row[edge_row]
        offers, all_offers = len(self.old.offer_capacity), len(self.rest.offer_capacity)
        return edge_row, places, np.concatenate([length[:offers], length[all_offers:]])


def has_steps(rest: Remainder) -> bool:
    """True if some unit's places don't all cost nothing, or stand in several steps."""
    return bool(rest.step_cost.any()) or len(rest.step_unit) > len(rest.unit_row)


def hold_places(rest: Remainder) -> Held:
    """Tell load costs by holders: an offer for those of each unit, and an edge for each of them."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    unit, places, cost = _find_stretches(rest)
    capacity = sum_by_row(unit, places, units)
    is_held = cost > 0
    unit, places, cost = unit[is_held], places[is_held], cost[is_held]
    loaded, offer = np.unique(unit, return_inverse=True)
    count, nothing = len(unit), np.zeros(len(unit), np.int64)
    is_gathered = rest.own_cost is not None or rest.source.is_open is not None
    source, need_row = _add_edges(rest, needs + np.arange(count), offers + offer, is_gathered)
    edge_capacity = rest.edge_capacity
    if edge_capacity.strides[0]:
        edge_capacity = np.append(edge_capacity, np.full(count, NO_LIMIT))
    else:
        edge_capacity = np.broadcast_to(np.int64(NO_LIMIT), rest.edge_count + count)
    told = Remainder(
        need_row, np.arange(offers + len(loaded)), rest.unit_row, rest.edge_count + count,
        np.append(rest.need_quantity, places), np.append(rest.need_weight, nothing),
        np.append(rest.offer_capacity, capacity[loaded]), np.append(rest.offer_unit, loaded), source,
        edge_capacity, np.arange(units), capacity, np.zeros(units, np.int64),
        need_forgone=np.append(np.zeros(needs, np.int64), cost),
    )  # fmt: skip
    return Held(rest, told, len(source.need) - count, is_gathered)


def _find_stretches(rest: Remainder) -> tuple[IntArray, IntArray, IntArray]:
    """Give unit, places and cost of the stretches of equal cost, as far as the unit could ever fill them."""
    unit, cost, units = rest.step_unit, rest.step_cost, len(rest.unit_row)
    begins = np.ones(len(unit), np.bool_)
    begins[1:] = (unit[1:] != unit[:-1]) | (cost[1:] != cost[:-1])
    first = np.flatnonzero(begins)
    places = np.add.reduceat(rest.step_capacity, first) if len(first) else first
    unit, cost = unit[first], cost[first]
    of_unit = rest.offer_unit >= 0
    most = sum_by_row(rest.offer_unit[of_unit], rest.offer_capacity[of_unit], units)
    # One place more than can be asked for, so that the cost of a further place stays known.
    most = np.minimum(most, rest.need_quantity.sum()) + 1
    before = np.cumsum(places) - places
    before -= np.append(before, 0)[np.searchsorted(unit, np.arange(units))][unit]
    places = np.minimum(places, most[unit] - before)
    some = places > 0
    return unit[some], places[some], cost[some]


def _add_edges(
    rest: Remainder, need: IntArray, offer: IntArray, is_gathered: bool
) -> tuple[Source, IntArray]:
    """Put edges of new rows, which cost nothing, behind those of a remainder; give the rows of all needs."""
    source, needs, offers = rest.source, len(rest.need_quantity), len(rest.offer_capacity)
    old_row = rest.need_row
    if is_gathered:
        order = np.arange(rest.edge_count, dtype=np.int32)
        source = Source(rest.edge_need, rest.edge_offer, rest.edge_cost, order, None, None, None)
    if source.need_number is None:
        old_row = np.arange(needs)
    edges = np.arange(len(source.need), len(source.need) + len(need), dtype=np.int32)
    new_need, need_number = _extend(source.need_number, needs, need)
    new_offer, offer_number = _extend(source.offer_number, offers, offer)
    return Source(
        np.append(source.need, new_need), np.append(source.offer, new_offer),
        np.append(source.cost, np.zeros(len(need), np.int64)), np.append(source.order, edges), need_number,
        offer_number, None,
    ), np.append(old_row, new_need)  # fmt: skip


def _extend(number: RowArray | None, size: int, rows: IntArray) -> tuple[RowArray, RowArray | None]:
    """Give new rows, which follow so many, as a source that numbers its own calls them, and its numbers."""
    if number is None:
        return rows.astype(np.int32), None
    new = np.arange(size, rows.max(initial=size - 1) + 1, dtype=np.int32)
    return (rows - size + len(number)).astype(np.int32), np.append(number, new)
