"""A plain problem laid out for the loops: neighbours together, edges by need and by offer."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray, group_rows
from matcher.engine.locality import (
    find_cheapest_two,
    find_order,
    find_starts,
    gather_edges,
    join_best,
    make_best,
)
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
        The caller's row of each edge.
    edge_capacity : int64 array (edges)
        Empty where no edge has one.
    need_start, edge_offer, edge_cost
        Edges, together by need.
    offer_start : int64 array (offers + 1)
        Where each offer's edges would begin, together by offer.
    quantity, weight, forgone : int64 arrays (needs)
        Places wanted; what leaving one unserved costs, in levels and beyond them.
    unit_of : int32 array (offers)
        Node of the unit, -1 for none.
    member_start, members
        Offers of each unit.
    capacity : int64 array (nodes)
    """

    need_order: RowArray
    offer_rank: RowArray
    edge_row: RowArray
    edge_capacity: IntArray
    need_start: IntArray
    edge_offer: RowArray
    edge_cost: RowArray
    offer_start: IntArray
    quantity: IntArray
    weight: IntArray
    forgone: IntArray
    unit_of: RowArray
    member_start: IntArray
    members: RowArray
    capacity: IntArray

    def find_outside(self, level: int) -> IntArray:
        """Give what it costs to leave a place of each need unserved; `level` is what one level counts."""
        return self.weight * level + self.forgone


def lay_out(rest: Remainder, beside: Executor | None = None) -> Plain:
    """Lay a remainder out for the loops, neighbours together; what runs beside takes a half of the work."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    edges = _find_edges(rest)
    start = find_starts(edges.need, edges.old_needs)
    best = _find_best(edges, needs, offers, beside)
    rank, order = find_order(best, offers)
    need_start = np.zeros(needs + 1, np.int64)
    np.cumsum(best[order, 4], out=need_start[1:])
    number = edges.offer_number
    offer_place = rank if number is None else np.where(number < 0, -1, rank[number]).astype(np.int32)
    need_row = order if edges.need_number is None else rest.need_row.astype(np.int32)[order]
    count = rest.edge_count
    edge_row, edge_offer = np.empty(count, np.int32), np.empty(count, np.int32)
    edge_cost = np.empty(count, find_width(edges.cost))
    middle = int(np.searchsorted(need_start, count // 2))

    def gather(first: int, end: int) -> None:
        gather_edges(
            start, need_start, need_row, edges.order, edges.offer, edges.cost, offer_place, first, end,
            edge_row, edge_offer, edge_cost,
        )  # fmt: skip

    run_halves(beside, gather, (0, middle), (middle, needs))
    edge_capacity = _gather_capacities(rest, edges, edge_row)
    if not edges.is_callers:
        edge_row = rest.edge_row[edge_row]
    offer_at = np.empty(offers, np.int64)
    offer_at[rank] = np.arange(offers)
    offer_unit = rest.offer_unit[offer_at]
    of_unit = np.flatnonzero(offer_unit >= 0)
    member_start, members = group_rows(offer_unit[of_unit], units)
    return Plain(
        order, rank, edge_row, edge_capacity, need_start, edge_offer, edge_cost,
        find_starts(edge_offer, offers), rest.need_quantity[order], rest.need_weight[order],
        np.zeros(needs, np.int64) if rest.need_forgone is None else rest.need_forgone[order],
        np.where(offer_unit >= 0, offers + offer_unit, -1).astype(np.int32), member_start,
        of_unit[members].astype(np.int32),
        np.concatenate([rest.offer_capacity[offer_at], rest.step_capacity]),
    )  # fmt: skip


def _gather_capacities(rest: Remainder, edges: _Edges, edge_row: RowArray) -> IntArray:
    """Give the capacities of edges, whose rows are those of `edges`; none where no edge has one."""
    if not rest.has_edge_limits:
        return np.zeros(0, np.int64)
    capacity = rest.edge_capacity
    if edges.is_callers:
        capacity = np.empty(len(edges.need), np.int64)
        capacity[rest.edge_row] = rest.edge_capacity
    return capacity[edge_row]


def run_halves(
    beside: Executor | None, run: Callable[..., None], one: tuple[Any, ...], other: tuple[Any, ...]
) -> None:
    """Run both halves of something, one beside the other where there is what runs it."""
    running = None if beside is None else beside.submit(run, *other)
    run(*one)
    if running is None:
        run(*other)
    else:
        running.result()


def line_up(rest: Remainder) -> tuple[RowArray, RowArray]:
    """Give each offer's place in an order in which neighbours lie together, and the needs in theirs."""
    needs, offers = len(rest.need_quantity), len(rest.offer_capacity)
    return find_order(_find_best(_find_edges(rest), needs, offers, None), offers)


class _Edges(NamedTuple):
    """Edges in any order and their order by need; numbers as in `Source`.

    Attributes
    ----------
    old_needs : int
        How many needs there are to which `need` points.
    is_callers : bool
        Rows are the caller's, else those of the remainder.
    """

    need: RowArray
    offer: RowArray
    cost: IntArray
    order: RowArray
    need_number: RowArray | None
    offer_number: RowArray | None
    old_needs: int
    is_callers: bool


def _find_edges(rest: Remainder) -> _Edges:
    """Take the caller's edges as they are where their rows alone say which take part, else a copy."""
    source = rest.source
    if rest.own_cost is None and source.is_open is None:
        old_needs = len(rest.need_row) if source.need_number is None else len(source.need_number)
        return _Edges(*source[:6], old_needs, True)
    order = np.arange(rest.edge_count, dtype=np.int32)
    needs = len(rest.need_row)
    return _Edges(rest.edge_need, rest.edge_offer, rest.edge_cost, order, None, None, needs, False)


def _find_best(edges: _Edges, needs: int, offers: int, beside: Executor | None) -> IntArray:
    """Find the two cheapest offers of each need."""
    best = make_best(needs)
    need_number = _or_same(edges.need_number, needs)
    offer_number = _or_same(edges.offer_number, offers)

    def find(first: int, end: int, found: IntArray) -> None:
        find_cheapest_two(edges.need, edges.offer, edges.cost, need_number, offer_number, first, end, found)

    count = len(edges.need)
    if beside is None:
        find(0, count, best)
    else:
        other = make_best(needs)
        run_halves(beside, find, (0, count // 2, best), (count // 2, count, other))
        join_best(best, other)
    return best


def _or_same(number: RowArray | None, size: int) -> RowArray:
    return np.arange(size, dtype=np.int32) if number is None else number


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
