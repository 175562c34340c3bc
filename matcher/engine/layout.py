"""A plain problem laid out for the loops: neighbours together, edges by need and by offer."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray, group_rows
from matcher.engine.locality import find_order, find_starts, reorder
from matcher.remainder import Remainder

_NARROW_EDGES = 500_000
# From so many on, reading costs of half the width saves more than compiling the loops once more takes.


class Plain(NamedTuple):
    """A plain problem laid out for the loops; nodes are offers, then units.

    Attributes
    ----------
    need_order, offer_rank : int32 arrays
        Row in the remainder of each need here, and place here of each offer of the remainder.
    edge_row : int32 array (edges)
        Row of each edge in the remainder.
    need_start, edge_offer, edge_cost
        Edges, together by need.
    offer_start : int64 array (offers + 1)
        Where each offer's edges would begin, together by offer.
    quantity, weight : int64 arrays (needs)
    unit_of : int32 array (offers)
        Node of the unit, -1 for none.
    member_start, members
        Offers of each unit.
    capacity : int64 array (nodes)
    """

    need_order: RowArray
    offer_rank: RowArray
    edge_row: RowArray
    need_start: IntArray
    edge_offer: RowArray
    edge_cost: RowArray
    offer_start: IntArray
    quantity: IntArray
    weight: IntArray
    unit_of: RowArray
    member_start: IntArray
    members: RowArray
    capacity: IntArray


def lay_out(rest: Remainder) -> Plain:
    """Lay a remainder out for the loops, neighbours together."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    start = find_starts(rest.edge_need, needs)
    edge_cost = rest.edge_cost.astype(find_width(rest.edge_cost), copy=False)
    rank, order = find_order(start, rest.edge_offer, edge_cost, offers)
    edge_row, edge_offer = np.empty_like(rest.edge_offer), np.empty_like(rest.edge_offer)
    laid_cost = np.empty_like(edge_cost)
    need_start = reorder(start, rest.edge_offer, edge_cost, rank, order, edge_row, edge_offer, laid_cost)
    offer_at = np.empty(offers, np.int64)
    offer_at[rank] = np.arange(offers)
    offer_unit = rest.offer_unit[offer_at]
    of_unit = np.flatnonzero(offer_unit >= 0)
    member_start, members = group_rows(offer_unit[of_unit], units)
    return Plain(
        order, rank, edge_row, need_start, edge_offer, laid_cost, find_starts(edge_offer, offers),
        rest.need_quantity[order], rest.need_weight[order],
        np.where(offer_unit >= 0, offers + offer_unit, -1).astype(np.int32), member_start,
        of_unit[members].astype(np.int32),
        np.concatenate([rest.offer_capacity[offer_at], rest.step_capacity]),
    )  # fmt: skip


def find_width(edge_cost: IntArray) -> type[np.int32 | np.int64]:
    """Find how wide costs are kept: narrow ones read faster, but the loops must be compiled for them anew."""
    if len(edge_cost) < _NARROW_EDGES:
        return np.int64
    return np.int32 if max(int(edge_cost.max()), -int(edge_cost.min())) < 1 << 31 else np.int64


class OfferEdges(NamedTuple):
    """Edges together by offer: starts, then row, need and cost of each edge."""

    start: IntArray
    edge: RowArray
    need: RowArray
    cost: RowArray


def list_by_offer(net: Plain) -> OfferEdges:
    """List edges by offer."""
    offer, cost = net.edge_offer, net.edge_cost
    found = OfferEdges(net.offer_start, np.empty_like(offer), np.empty_like(offer), np.empty_like(cost))
    _put_by_offer(net.need_start, net.edge_offer, net.edge_cost, net.offer_start[:-1].copy(), *found[1:])
    return found


@compiled
def _put_by_offer(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, place: IntArray,
    edges: RowArray, needs: RowArray, costs: RowArray,
) -> None:  # fmt: skip
    """Write row, need and cost of each edge to the next place of its offer."""
    for need in range(len(need_start) - 1):
        for edge in range(need_start[need], need_start[need + 1]):
            at = place[edge_offer[edge]]
            place[edge_offer[edge]] = at + 1
            edges[at], needs[at], costs[at] = edge, need, edge_cost[edge]
