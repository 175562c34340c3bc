"""The proof of an answer: it is feasible, and nothing gains at its prices (complementary slackness)."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.engine.network import Net


@compiled
def is_optimal(net: Net, flow: IntArray, length: IntArray, level: int) -> bool:
    """Check a flow against the prices of offers and units, from nothing but the two.

    Parameters
    ----------
    net : Net
    flow : int64 array (edges)
    length : int64 array (offers and units)
        Price of one more place, of offers with their unit's: ``level`` for each level, plus cost.
    level : int

    Returns
    -------
    bool
        True if the flow keeps all limits, only pairs are used that cost no more than a need's best way, none
        that costs less has room, and only rows that are full have a price.
    """
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    offer_used = np.zeros(offers, np.int64)
    unit_used = np.zeros(units, np.int64)
    for need in range(len(net.quantity)):
        worth = net.weight[need] * level
        served = np.int64(0)
        best, dearest = worth, -(np.int64(1) << 62)
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            offer = net.edge_offer[edge]
            amount = flow[edge]
            here = net.edge_cost[edge] + length[offer]
            if amount < 0 or (len(net.edge_capacity) and amount > net.edge_capacity[edge]):
                return False
            if amount > 0:
                served += amount
                offer_used[offer] += amount
                dearest = max(dearest, here)
            if here < best:
                if len(net.edge_capacity) and amount == net.edge_capacity[edge]:
                    continue
                best = here
        if served > net.quantity[need] or dearest > best or (best < worth and served < net.quantity[need]):
            return False
    for offer in range(offers):
        unit = net.offer_unit[offer]
        own = length[offer]
        if unit >= 0:
            unit_used[unit] += offer_used[offer]
            own -= length[offers + unit]
        spare = net.offer_capacity[offer] - offer_used[offer]
        if own < 0 or spare < 0 or (own > 0 and spare > 0):
            return False
    for unit in range(units):
        begin = np.int64(0)
        used = unit_used[unit]
        for step in range(net.step_start[unit], net.step_start[unit + 1]):
            gain = length[offers + unit] - net.step_cost[step]
            if (gain > 0 and used < net.step_end[step]) or (gain < 0 and used > begin):
                return False
            begin = net.step_end[step]
        if used > begin or length[offers + unit] < 0:
            return False
    return True
