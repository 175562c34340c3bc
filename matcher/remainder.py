"""What remains to be decided once promises are kept: the net problem without rows that can take no part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray, sum_by_row
from matcher.problem import MANY_EDGES, CandidateGraph

MOST_URGENT = 6
"""Weight that stands for priority 0; a need of priority p weighs ``6 - p``."""


class Source(NamedTuple):
    """Where a remainder's edges come from: all edges of the caller, those that take no part included.

    Attributes
    ----------
    need, offer, cost : integer arrays
    order : int32 array
        Their rows by need, then offer.
    need_number, offer_number : int32 array or None
        The row here of each of the caller's, -1 for those that take no part; None where all do.
    is_open : bool array or None
        Which edges take part; None: those whose need and offer do.
    """

    need: RowArray
    offer: RowArray
    cost: IntArray
    order: RowArray
    need_number: RowArray | None
    offer_number: RowArray | None
    is_open: BoolArray | None

    def list_open(self) -> RowArray:
        """Give the rows of the edges that take part, by need, then offer."""
        is_open = self.is_open
        if is_open is None:
            if self.need_number is None and self.offer_number is None:
                return self.order
            is_open = np.ones(len(self.need), np.bool_)
            for rows, number in ((self.need, self.need_number), (self.offer, self.offer_number)):
                if number is not None:
                    is_open &= (number >= 0)[rows]
        return self.order[is_open[self.order]]


@dataclass(frozen=True, eq=False)
class Remainder:
    """The net problem on rows renumbered without gaps; every need, offer and unit here has an edge with room.

    Attributes
    ----------
    need_row, offer_row, unit_row : int64 arrays
        The caller's row of each row here.
    edge_count : int
        How many edges there are; sorted by need, then offer.
    need_quantity, need_weight : int64 arrays (needs)
        Net places; ``6 - priority``.
    offer_capacity, offer_unit : int64 arrays (offers)
        Net capacity; row of the unit here, -1 for none.
    source : Source
    edge_capacity : int64 array (edges)
        Net; an edge without a capacity of its own has `NO_LIMIT`. Where none has one, the array is one number
        that stands for all.
    step_unit, step_capacity, step_cost : int64 arrays (steps)
        The capacity of each unit in steps of rising cost; without load cost one step of cost 0.
    own_cost : int64 array (edges) or None
        Costs that the edges have here instead of the caller's.
    need_forgone : int64 array (needs) or None
        What it costs to leave a place of the need unserved, beyond its weight; None: nothing.
    """

    need_row: IntArray
    offer_row: IntArray
    unit_row: IntArray
    edge_count: int
    need_quantity: IntArray
    need_weight: IntArray
    offer_capacity: IntArray
    offer_unit: IntArray
    source: Source
    edge_capacity: IntArray
    step_unit: IntArray
    step_capacity: IntArray
    step_cost: IntArray
    own_cost: IntArray | None = None
    need_forgone: IntArray | None = None

    @cached_property
    def edge_row(self) -> RowArray:
        """The caller's row of each edge (int32); gathered when first asked for, as what follows."""
        return self.source.list_open()

    @cached_property
    def edge_need(self) -> RowArray:
        """Need of each edge (int32)."""
        return _look_up(self.source.need, self.edge_row, self.source.need_number)

    @cached_property
    def edge_offer(self) -> RowArray:
        """Offer of each edge (int32)."""
        return _look_up(self.source.offer, self.edge_row, self.source.offer_number)

    @cached_property
    def edge_cost(self) -> IntArray:
        """Cost of each edge (int64)."""
        return self.source.cost[self.edge_row] if self.own_cost is None else self.own_cost

    def lay_edges(self, need: RowArray, offer: RowArray, cost: IntArray) -> None:
        """Write need, offer and cost of each edge, without keeping them as what is asked for above."""
        source, rows = self.source, self.edge_row
        need[:] = _look_up(source.need, rows, source.need_number)
        offer[:] = _look_up(source.offer, rows, source.offer_number)
        cost[:] = source.cost[rows] if self.own_cost is None else self.own_cost

    @property
    def dearest_edge(self) -> int:
        """A cost that no edge's exceeds, whatever its sign."""
        cost = self.source.cost if self.own_cost is None else self.own_cost
        return max(int(cost.max(initial=0)), -int(cost.min(initial=0)))

    @property
    def has_edge_limits(self) -> bool:
        """True if some edge has a capacity of its own."""
        if not self.edge_capacity.strides[0]:
            return False
        return bool((self.edge_capacity < NO_LIMIT).any())

    def with_costs(self, edge_cost: IntArray, step_cost: IntArray) -> Remainder:
        """Give the same problem at other costs."""
        return replace(self, own_cost=edge_cost, step_cost=step_cost)


def _look_up(values: RowArray, rows: RowArray, number: RowArray | None) -> RowArray:
    return values[rows] if number is None else number[values[rows]]


@dataclass(frozen=True, slots=True, eq=False)
class NetAmounts:
    """Quantities and capacities of all the caller's rows, less promises and never below zero."""

    need_quantity: IntArray
    offer_capacity: IntArray
    unit_capacity: IntArray
    unit_locked: IntArray
    edge_capacity: IntArray | None


def take_promises_off(graph: CandidateGraph) -> NetAmounts:
    """Take locked places off needs, offers, units and edges."""
    locked = graph.edge_locked
    if not locked.any():
        return NetAmounts(
            graph.need_quantity.copy(), graph.offer_capacity.copy(), graph.unit_capacity.copy(),
            np.zeros(graph.unit_count, np.int64),
            None if graph.edge_capacity is None else graph.edge_capacity.copy(),
        )  # fmt: skip
    need_locked = sum_by_row(graph.edge_need, locked, graph.need_count)
    offer_locked = sum_by_row(graph.edge_offer, locked, graph.offer_count)
    of_unit = graph.offer_unit >= 0
    unit_locked = sum_by_row(graph.offer_unit[of_unit], offer_locked[of_unit], graph.unit_count)
    return NetAmounts(
        need_quantity=np.maximum(graph.need_quantity - need_locked, 0),
        offer_capacity=np.maximum(graph.offer_capacity - offer_locked, 0),
        unit_capacity=np.maximum(graph.unit_capacity - unit_locked, 0),
        unit_locked=unit_locked,
        edge_capacity=None if graph.edge_capacity is None else np.maximum(graph.edge_capacity - locked, 0),
    )


def find_open_edges(graph: CandidateGraph, net: NetAmounts) -> BoolArray:
    """Mark the edges on which a further place could be served if nobody else were served."""
    need_open, offer_open = _find_open_rows(graph, net)
    is_open = np.ones(graph.edge_count, np.bool_)
    if not need_open.all():
        is_open &= need_open[graph.edge_need]
    if not offer_open.all():
        is_open &= offer_open[graph.edge_offer]
    if net.edge_capacity is not None:
        is_open &= net.edge_capacity > 0
    return is_open


def list_closed_edges(graph: CandidateGraph, net: NetAmounts, open_edges: int) -> IntArray:
    """List the edges that take no part for want of a row that does; `open_edges` is how many do."""
    if net.edge_capacity is None and graph.edge_count >= MANY_EDGES:
        from matcher.edge_order import list_closed

        rows = np.empty(graph.edge_count - open_edges, np.int64)
        list_closed(graph.edge_need, graph.edge_offer, *_find_open_rows(graph, net), rows)
        return rows
    closed = ~find_open_edges(graph, net)
    if net.edge_capacity is not None:
        closed &= net.edge_capacity > 0
    return np.flatnonzero(closed)


def _find_open_rows(graph: CandidateGraph, net: NetAmounts) -> tuple[BoolArray, BoolArray]:
    """Mark the needs that want a further place, and the offers that could give one if nobody else asked."""
    offer_open = net.offer_capacity > 0
    of_unit = graph.offer_unit >= 0
    offer_open[of_unit] &= net.unit_capacity[graph.offer_unit[of_unit]] > 0
    return net.need_quantity > 0, offer_open


def find_remainder(
    graph: CandidateGraph,
    *,
    need_quantity: IntArray | None = None,
    need_weight: IntArray | None = None,
    net: NetAmounts | None = None,
) -> Remainder:
    """Set up the net problem.

    Parameters
    ----------
    graph : CandidateGraph
    need_quantity : int64 array (needs), optional
        Net places to use instead of those that remain after promises (0: the need takes no further part).
    need_weight : int64 array (needs), optional
        Weights to use instead of ``6 - priority``: the heavier are served before the lighter.
    net : NetAmounts, optional
        Amounts to use where more than promises is settled already.
    """
    net = net or take_promises_off(graph)
    if need_quantity is not None:
        net = replace(net, need_quantity=need_quantity)
    weight = (MOST_URGENT - graph.need_priority).astype(np.int64) if need_weight is None else need_weight
    part = _find_part(graph, net)
    need_row, need_number = _number(part.need_occurs)
    offer_row, offer_number = _number(part.offer_occurs)
    units = graph.offer_unit[offer_row]
    unit_occurs = np.zeros(graph.unit_count, np.bool_)
    unit_occurs[units[units >= 0]] = True
    unit_row, unit_number = _number(unit_occurs)
    offer_unit = units.astype(np.int64)
    if unit_number is not None:
        offer_unit[units >= 0] = unit_number[units[units >= 0]]
    source = Source(
        graph.edge_need, graph.edge_offer, graph.edge_cost, graph.edge_order, need_number, offer_number,
        part.is_open,
    )  # fmt: skip
    if net.edge_capacity is None:
        edge_capacity = np.broadcast_to(np.int64(NO_LIMIT), part.edge_count)
    else:
        edge_capacity = net.edge_capacity[source.list_open()]
    step_unit, step_capacity, step_cost = _list_steps(graph, net, unit_row)
    return Remainder(
        need_row, offer_row, unit_row, part.edge_count, net.need_quantity[need_row], weight[need_row],
        net.offer_capacity[offer_row], offer_unit, source, edge_capacity, step_unit, step_capacity, step_cost,
    )  # fmt: skip


class _Part(NamedTuple):
    """Which rows and edges take part (`is_open` as in `Source`), and how many edges do."""

    need_occurs: BoolArray
    offer_occurs: BoolArray
    is_open: BoolArray | None
    edge_count: int


def _find_part(graph: CandidateGraph, net: NetAmounts) -> _Part:
    """Find the edges with room and the rows that have one."""
    need_occurs, offer_occurs = np.zeros(graph.need_count, np.bool_), np.zeros(graph.offer_count, np.bool_)
    if net.edge_capacity is None and graph.edge_count >= MANY_EDGES:
        from matcher.edge_order import mark_open

        count = mark_open(
            graph.edge_need, graph.edge_offer, *_find_open_rows(graph, net), need_occurs, offer_occurs
        )
        return _Part(need_occurs, offer_occurs, None, count)
    is_open = find_open_edges(graph, net)
    some = slice(None) if is_open.all() else is_open
    need_occurs[graph.edge_need[some]] = True
    offer_occurs[graph.edge_offer[some]] = True
    decides = None if net.edge_capacity is None else is_open
    return _Part(need_occurs, offer_occurs, decides, int(is_open.sum()))


def _number(occurs: BoolArray) -> tuple[IntArray, RowArray | None]:
    """Give the rows that occur, ascending, and each row's place among them (-1: none; None: all occur)."""
    if occurs.all():
        return np.arange(len(occurs)), None
    return np.flatnonzero(occurs), np.where(occurs, np.cumsum(occurs, dtype=np.int32) - 1, -1).astype(
        np.int32
    )


def _list_steps(
    graph: CandidateGraph, net: NetAmounts, unit_row: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Cut each unit's net capacity into steps of equal cost, beginning after its promised places."""
    capacity = net.unit_capacity[unit_row]
    if graph.unit_load_cost is None:
        return np.arange(len(unit_row)), capacity, np.zeros(len(unit_row), np.int64)
    cost = graph.unit_load_cost[unit_row]
    last = cost.shape[1] - 1
    # Column k is the place k + 1 of the unit; the last column is as wide as the capacity that is left for it.
    taken = np.minimum(net.unit_locked[unit_row], last)[:, None]
    column = np.arange(last + 1)[None, :]
    left = np.maximum(capacity[:, None] - np.maximum(column - taken, 0), 0)
    width = np.where(column == last, left, np.minimum(left, 1))
    width[column < taken] = 0
    rows, columns = np.nonzero(width)
    return rows.astype(np.int64), width[rows, columns], cost[rows, columns]


def find_load_cost(graph: CandidateGraph, unit_load: IntArray) -> int:
    """Add up the load cost of all units for the places each one gives."""
    if graph.unit_load_cost is None or not graph.unit_count:
        return 0
    steps = graph.unit_load_cost.shape[1]
    upto = np.zeros((graph.unit_count, steps + 1), np.int64)
    np.cumsum(graph.unit_load_cost, axis=1, out=upto[:, 1:])
    within = np.minimum(unit_load, steps)
    total = upto[np.arange(graph.unit_count), within].sum()
    return int(total + ((unit_load - within) * graph.unit_load_cost[:, -1]).sum())
