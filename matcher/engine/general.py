"""The engine for every problem in the contract: levels first, then least cost on what they leave open."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, group_rows, sum_by_row
from matcher.engine.finish import Costs, Terms, finish, make_search
from matcher.engine.levels import find_levels
from matcher.engine.network import Flow, Net, make_flow, put, transpose
from matcher.remainder import Remainder

_NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))


def pack(rest: Remainder, *, by_offer: bool = True) -> Net:
    """Lay a remainder out for the loops; a proof does without the edges by offer."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    need_start = np.searchsorted(rest.edge_need, np.arange(needs + 1))
    of_unit = np.flatnonzero(rest.offer_unit >= 0)
    unit_start, order = group_rows(rest.offer_unit[of_unit], units)
    before = np.cumsum(rest.step_capacity) - rest.step_capacity
    step_start = np.searchsorted(rest.step_unit, np.arange(units + 1))
    step_end = before + rest.step_capacity - np.append(before, 0)[step_start[rest.step_unit]]
    return Net(
        need_start,
        rest.edge_offer,
        rest.edge_cost,
        rest.edge_capacity if rest.has_edge_limits else np.zeros(0, np.int64),
        rest.need_quantity,
        rest.need_weight,
        rest.offer_capacity,
        rest.offer_unit.astype(np.int32),
        unit_start,
        of_unit[order].astype(np.int32),
        step_start,
        step_end,
        rest.step_cost,
        *(transpose(need_start, rest.edge_offer, offers) if by_offer else _NOTHING),
    )


class Found(NamedTuple):
    """An optimal flow and lengths that prove it.

    Attributes
    ----------
    flow : Flow
    node_level, node_cost : int64 arrays (offers, then units)
        Length of a way on for one more place at each row (offers: their unit's included), by level and cost.
    need_level, need_cost : int64 arrays (needs)
    """

    flow: Flow
    node_level: IntArray
    node_cost: IntArray
    need_level: IntArray
    need_cost: IntArray


def solve_net(net: Net, edge_need: IntArray, barrier: int) -> Found | None:
    """Find the optimum of any net; None if the engine fails, which would be a fault of its own.

    Parameters
    ----------
    net : Net
    edge_need : int64 array (edges)
    barrier : int
        A cost that no way through the net comes up to.
    """
    flow = make_flow(net)
    offer_level, unit_level = find_levels(net, flow)
    need_level = find_need_levels(net, flow, offer_level)
    gap = offer_level[net.edge_offer] - need_level[edge_need]
    tight, fixed = np.flatnonzero(gap == 0), np.flatnonzero(gap < 0)
    part = _narrow(net, edge_need, tight, fixed)
    terms, costs = _begin(part, offer_level, unit_level, need_level, barrier)
    part_flow = make_flow(part)
    if not finish(part, part_flow, terms, costs, make_search(part)):
        return None
    found = np.zeros(len(edge_need), np.int64)
    if len(fixed):
        found[fixed] = net.edge_capacity[fixed]
    read_flow(part_flow, tight, found)
    flow = make_flow(net)
    load_flow(net, flow, found)
    return Found(flow, np.concatenate([offer_level, unit_level]), costs.node, need_level, costs.need)


@compiled
def find_need_levels(net: Net, flow: Flow, offer_level: IntArray) -> IntArray:
    """Find the level at which each need is served: that of its best offers with room on the edge."""
    need_level = net.weight.copy()
    for need in range(len(net.quantity)):
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            level = offer_level[net.edge_offer[edge]]
            if level < need_level[need]:
                if len(net.edge_capacity) and flow.edge_flow[edge] >= net.edge_capacity[edge]:
                    continue
                need_level[need] = level
    return need_level


def _narrow(net: Net, edge_need: IntArray, tight: IntArray, fixed: IntArray) -> Net:
    """Keep the edges that cost decides on, less what is fixed on the others."""
    needs, offers, units = len(net.quantity), len(net.offer_capacity), len(net.step_start) - 1
    need_start = np.searchsorted(edge_need[tight], np.arange(needs + 1))
    edge_offer = net.edge_offer[tight]
    taken = net.edge_capacity[fixed] if len(fixed) else np.zeros(0, np.int64)
    offer_taken = sum_by_row(net.edge_offer[fixed], taken, offers)
    of_unit = net.offer_unit >= 0
    unit_taken = sum_by_row(net.offer_unit[of_unit], offer_taken[of_unit], units)
    step_unit = np.repeat(np.arange(units), np.diff(net.step_start))
    return net._replace(
        need_start=need_start,
        edge_offer=edge_offer,
        edge_cost=net.edge_cost[tight],
        edge_capacity=net.edge_capacity[tight] if len(net.edge_capacity) else net.edge_capacity,
        quantity=net.quantity - sum_by_row(edge_need[fixed], taken, needs),
        offer_capacity=net.offer_capacity - offer_taken,
        step_end=np.maximum(net.step_end - unit_taken[step_unit], 0),
        **dict(
            zip(("in_start", "in_need", "in_edge"), transpose(need_start, edge_offer, offers), strict=True)
        ),
    )


def _begin(
    net: Net, offer_level: IntArray, unit_level: IntArray, need_level: IntArray, barrier: int
) -> tuple[Terms, Costs]:
    """Set the prices at which an empty flow leaves no way with a loss."""
    of_unit = net.offer_unit >= 0
    own_level = offer_level - np.append(unit_level, 0)[net.offer_unit]
    offer_floor = np.where(own_level > 0, -barrier, 0)
    unit_floor = np.where(unit_level > 0, -barrier, 0)
    is_optional = need_level == net.weight
    unit_cost = unit_floor + first_costs(net)
    offer_cost = offer_floor + np.where(of_unit, np.append(unit_cost, 0)[net.offer_unit], 0)
    need_cost = np.where(is_optional, 0, np.int64(1) << 60)
    at_least = cheapest(net, offer_cost)
    need_cost = np.minimum(need_cost, at_least)
    return Terms(offer_floor, unit_floor, is_optional), Costs(
        np.concatenate([offer_cost, unit_cost]), need_cost
    )


@compiled
def first_costs(net: Net) -> IntArray:
    """Give the cost of each unit's first place that is left."""
    units = len(net.step_start) - 1
    cost = np.zeros(units, np.int64)
    for unit in range(units):
        for step in range(net.step_start[unit], net.step_start[unit + 1]):
            cost[unit] = net.step_cost[step]
            if net.step_end[step] > 0:
                break
    return cost


@compiled
def cheapest(net: Net, offer_cost: IntArray) -> IntArray:
    """Give the least cost of each need's edges with the offer's price; 0 without edges."""
    least = np.zeros(len(net.quantity), np.int64)
    for need in range(len(net.quantity)):
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            here = net.edge_cost[edge] + offer_cost[net.edge_offer[edge]]
            if edge == net.need_start[need] or here < least[need]:
                least[need] = here
    return least


@compiled
def read_flow(flow: Flow, edge_row: IntArray, found: IntArray) -> None:
    """Write a flow to the edges it stands for."""
    for need in range(len(flow.need_first)):
        entry = flow.need_first[need]
        while entry != -1:
            found[edge_row[flow.edge[entry]]] = flow.amount[entry]
            entry = flow.other[entry]


@compiled
def load_flow(net: Net, flow: Flow, found: IntArray) -> None:
    """Enter the places of all edges into an empty flow."""
    for need in range(len(net.quantity)):
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            amount = found[edge]
            if amount > 0:
                put(net, flow, need, edge, amount)
                offer = net.edge_offer[edge]
                flow.left[need] -= amount
                flow.offer_used[offer] += amount
                if net.offer_unit[offer] >= 0:
                    flow.unit_used[net.offer_unit[offer]] += amount
