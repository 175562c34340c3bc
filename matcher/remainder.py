"""What remains to be decided once promises are kept: the net problem without rows that can take no part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray, sum_by_row
from matcher.problem import CandidateGraph

MOST_URGENT = 6
"""Weight that stands for priority 0; a need of priority p weighs ``6 - p``."""


@dataclass(frozen=True, slots=True, eq=False)
class Remainder:
    """The net problem on rows renumbered without gaps; every need, offer and unit here has an edge with room.

    Attributes
    ----------
    need_row, offer_row, unit_row, edge_row : int64 arrays
        The caller's row of each row here. Edges are sorted by need, then offer.
    need_quantity, need_weight : int64 arrays (needs)
        Net places; ``6 - priority``.
    offer_capacity, offer_unit : int64 arrays (offers)
        Net capacity; row of the unit here, -1 for none.
    edge_need, edge_offer : int32 arrays (edges)
    edge_cost, edge_capacity : int64 arrays (edges)
        Net; an edge without a capacity of its own has `NO_LIMIT`. Where none has one, the array is one number
        that stands for all.
    step_unit, step_capacity, step_cost : int64 arrays (steps)
        The capacity of each unit in steps of rising cost; without load cost one step of cost 0.
    """

    need_row: IntArray
    offer_row: IntArray
    unit_row: IntArray
    edge_row: IntArray
    need_quantity: IntArray
    need_weight: IntArray
    offer_capacity: IntArray
    offer_unit: IntArray
    edge_need: RowArray
    edge_offer: RowArray
    edge_cost: IntArray
    edge_capacity: IntArray
    step_unit: IntArray
    step_capacity: IntArray
    step_cost: IntArray

    @property
    def has_edge_limits(self) -> bool:
        """True if some edge has a capacity of its own."""
        if not self.edge_capacity.strides[0]:
            return False
        return bool((self.edge_capacity < NO_LIMIT).any())


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
    offer_open = net.offer_capacity > 0
    of_unit = graph.offer_unit >= 0
    offer_open[of_unit] &= net.unit_capacity[graph.offer_unit[of_unit]] > 0
    need_open = net.need_quantity > 0
    is_open = np.ones(graph.edge_count, np.bool_)
    if not need_open.all():
        is_open &= need_open[graph.edge_need]
    if not offer_open.all():
        is_open &= offer_open[graph.edge_offer]
    if net.edge_capacity is not None:
        is_open &= net.edge_capacity > 0
    return is_open


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
    order, is_open = graph.edge_order, find_open_edges(graph, net)
    edge_row = order if is_open.all() else order[is_open[order]]
    need_row, edge_need = _renumber(graph.edge_need[edge_row], graph.need_count)
    offer_row, edge_offer = _renumber(graph.edge_offer[edge_row], graph.offer_count)
    units = graph.offer_unit[offer_row]
    unit_row, some = _renumber(units[units >= 0], graph.unit_count)
    offer_unit = np.full(len(offer_row), -1, np.int64)
    offer_unit[units >= 0] = some
    if net.edge_capacity is None:
        edge_capacity = np.broadcast_to(np.int64(NO_LIMIT), len(edge_row))
    else:
        edge_capacity = net.edge_capacity[edge_row]
    step_unit, step_capacity, step_cost = _list_steps(graph, net, unit_row)
    return Remainder(
        need_row, offer_row, unit_row, edge_row, net.need_quantity[need_row], weight[need_row],
        net.offer_capacity[offer_row], offer_unit, edge_need, edge_offer, graph.edge_cost[edge_row],
        edge_capacity, step_unit, step_capacity, step_cost,
    )  # fmt: skip


def _renumber(rows: RowArray, size: int) -> tuple[IntArray, RowArray]:
    """Give the rows that occur, ascending, and each entry's place among them."""
    occurs = np.zeros(size, np.bool_)
    occurs[rows] = True
    if occurs.all():
        return np.arange(size), rows
    number = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(occurs), number[rows]


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
