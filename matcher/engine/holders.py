"""Load costs, and rooms of pairs, told by needs of the engine's own: so that the quick way takes them too.

A holder is a need that holds places until real needs send it away. For a load cost one stands in the unit for
each stretch of places of equal cost; it has no priority, pays nothing where it stands, and is left without a
place for that cost. Those that cost least leave first, so that what they cost together is the load cost. For
a pair with room of its own there is an offer for that pair alone, full of a holder above all priorities,
which goes to the real offer for each place that the pair carries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, RowArray, sum_by_row
from matcher.engine.lifted import Lifted, lift
from matcher.remainder import MOST_URGENT, Remainder, Source


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


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What is added to a remainder: needs, offers, edges."""

    quantity: IntArray
    weight: IntArray
    forgone: IntArray
    capacity: IntArray
    unit: IntArray
    edge_need: IntArray
    edge_offer: IntArray
    edge_cost: IntArray


def tell_plainly(rest: Remainder) -> list[Lifted | Held]:
    """Tell a remainder anew, step by step, until no unit has a load cost and no pair a room of its own."""
    steps: list[Lifted | Held] = []
    # Steps without a cost are one each in a plain problem.
    if rest.step_cost.any() or len(rest.step_unit) > len(rest.unit_row):
        steps.append(hold_loads(rest))
        rest = steps[-1].rest
    if rest.has_edge_limits:
        steps.append(lift(rest))
        rest = steps[-1].rest
    if rest.has_edge_limits:
        steps.append(hold_pairs(rest))
    return steps


def hold_loads(rest: Remainder) -> Held:
    """Tell load costs by holders."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    unit, places, cost = _find_stretches(rest)
    capacity = sum_by_row(unit, places, units)
    is_held = cost > 0
    unit, places, cost = unit[is_held], places[is_held], cost[is_held]
    loaded, number = np.unique(unit, return_inverse=True)
    offer = offers + number
    rows = _Rows(
        places, np.zeros_like(places), cost, capacity[loaded], loaded, needs + np.arange(len(unit)), offer,
        np.zeros_like(cost),
    )  # fmt: skip
    plain = replace(
        rest, step_unit=np.arange(units), step_capacity=capacity, step_cost=np.zeros(units, np.int64)
    )
    return _add(rest, plain, rows, rest.own_cost is not None or rest.source.is_open is not None)


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


def hold_pairs(rest: Remainder) -> Held:
    """Tell by holders that edges have a room of their own."""
    limited = np.flatnonzero(rest.edge_capacity < NO_LIMIT)
    needs, offers, count = len(rest.need_quantity), len(rest.offer_capacity), len(limited)
    room = rest.edge_capacity[limited]
    behind = rest.edge_offer[limited].astype(np.int64)
    alone = offers + np.arange(count)
    edge_offer = rest.edge_offer.copy()
    edge_offer[limited] = alone
    edges = np.arange(rest.edge_count, dtype=np.int32)
    rows = _Rows(
        room, np.full(count, MOST_URGENT), np.zeros_like(room), room, np.full(count, -1),
        np.repeat(needs + np.arange(count), 2),
        np.stack([alone, behind], axis=1).ravel(), np.zeros(2 * count, np.int64),
    )  # fmt: skip
    plain = replace(
        rest, source=Source(rest.edge_need, edge_offer, rest.edge_cost, edges, None, None, None),
        edge_capacity=np.broadcast_to(np.int64(NO_LIMIT), rest.edge_count), own_cost=None,
    )  # fmt: skip
    return _add(rest, plain, rows, True)


def _add(old: Remainder, rest: Remainder, rows: _Rows, is_gathered: bool) -> Held:
    """Put rows behind those of a remainder."""
    source, needs, offers = rest.source, len(rest.need_quantity), len(rest.offer_capacity)
    if rest.own_cost is not None or source.is_open is not None:
        edges = np.arange(rest.edge_count, dtype=np.int32)
        source = Source(rest.edge_need, rest.edge_offer, rest.edge_cost, edges, None, None, None)
    edge_end, count = len(source.need), len(rows.edge_need)
    need, need_number = _extend(rows.edge_need, source.need_number, needs, len(rows.quantity))
    offer, offer_number = _extend(rows.edge_offer, source.offer_number, offers, len(rows.capacity))
    need_row = rest.need_row if need_number is not None else np.arange(needs)
    need_end = needs if source.need_number is None else len(source.need_number)
    added = np.arange(edge_end, edge_end + count, dtype=np.int32)
    capacity = rest.edge_capacity
    if capacity.strides[0]:
        capacity = np.append(capacity, np.full(count, NO_LIMIT))
    else:
        capacity = np.broadcast_to(np.int64(NO_LIMIT), len(capacity) + count)
    all_source = Source(
        np.append(source.need, need), np.append(source.offer, offer),
        np.append(source.cost, rows.edge_cost), np.append(source.order, added), need_number, offer_number,
        None,
    )  # fmt: skip
    forgone = np.zeros(needs, np.int64) if rest.need_forgone is None else rest.need_forgone
    all_offers = offers + len(rows.capacity)
    return Held(
        old,
        Remainder(
            np.append(need_row, need_end + np.arange(len(rows.quantity))), np.arange(all_offers),
            rest.unit_row, rest.edge_count + count,
            np.append(rest.need_quantity, rows.quantity),
            np.append(rest.need_weight, rows.weight),
            np.append(rest.offer_capacity, rows.capacity), np.append(rest.offer_unit, rows.unit),
            all_source, capacity, rest.step_unit, rest.step_capacity, rest.step_cost, None,
            np.append(forgone, rows.forgone),
        ),
        edge_end,
        is_gathered,
    )  # fmt: skip


def _extend(
    rows: IntArray, number: RowArray | None, size: int, more: int
) -> tuple[RowArray, RowArray | None]:
    """Give rows as a source calls them, new ones where it numbers its own, and its numbers with theirs."""
    if number is None:
        return rows.astype(np.int32), None
    theirs = rows - size + len(number)
    return theirs.astype(np.int32), np.append(number, np.arange(size, size + more, dtype=np.int32))
