"""Prices to begin with, from an auction for a share of all places: of some needs, or of every quantity.

An auction's first phases only bring prices to about where they belong, at the cost of many bids; a sample,
spread evenly since neighbours lie together, brings them there for its share of that. Large quantities are
displaced piece by piece and bid without end; a few places of each are no different from needs of few places.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


def take_sample(
    quantity: IntArray, capacity: IntArray, degree: IntArray, every: int
) -> tuple[IntArray, IntArray]:
    """Give the quantities of every so many-th need, 0 for the others, and that share of all capacities.

    Capacities (nodes: offers, then units) are rounded so that those of neighbours add up to their share. An
    offer with one edge, of which `degree` tells, keeps its own: nobody else in the sample or outside has it.
    """
    offers = len(degree)
    some = np.zeros_like(quantity)
    some[every // 2 :: every] = quantity[every // 2 :: every]
    share = float(some.sum()) / max(1.0, float(quantity.sum()))
    shared = degree != 1
    part = capacity.copy()
    part[:offers][shared] = _share(capacity[:offers][shared], share)
    part[offers:] = _share(capacity[offers:], share)
    return some, part


def take_share(
    quantity: IntArray, capacity: IntArray, offers: int, mean_places: float
) -> tuple[IntArray, IntArray]:
    """Give a share of every quantity, so many places on average, and that share of all capacities.

    Rounded so that those of neighbours add up to their share.
    """
    share = mean_places / float(quantity.mean())
    return _share(quantity, share), _share_nodes(capacity, offers, share)


def _share_nodes(capacity: IntArray, offers: int, share: float) -> IntArray:
    return np.concatenate([_share(capacity[:offers], share), _share(capacity[offers:], share)])


def _share(part: IntArray, share: float) -> IntArray:
    upto = np.append(0, np.cumsum(part))
    return np.asarray(np.diff(np.floor(upto * share).astype(np.int64)))


@compiled
def limit_worth(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, quantity: IntArray, outside: IntArray,
    floor: IntArray, most: int, some_outside: IntArray,
) -> None:  # fmt: skip
    """Let no need of a sample pay more than so much beyond its cheapest way.

    A sample may lack room for needs that all have room together; these would bid up to the worth of a level.
    """
    for need in range(len(outside)):
        best = outside[need]
        if quantity[need] == 0:
            continue
        for edge in range(need_start[need], need_start[need + 1]):
            best = min(best, edge_cost[edge] + floor[edge_offer[edge]] + most)
        some_outside[need] = best


@compiled
def lower_prices(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, quantity: IntArray,
    outside: IntArray, unit_of: RowArray, capacity: IntArray, floor: IntArray, price: IntArray,
    worth: IntArray,
) -> None:  # fmt: skip
    """Lower the prices of a sample's auction to what some need of it would pay; `worth` (offers) is for use.

    This alone gives the prices of offers that had no place in it.
    """
    offers = len(unit_of)
    for offer in range(offers):
        worth[offer] = floor[offer]
    for need in range(len(quantity)):
        if quantity[need] == 0:
            continue
        best, second, at = outside[need], outside[need], np.int64(-1)
        for edge in range(need_start[need], need_start[need + 1]):
            if capacity[edge_offer[edge]] == 0:
                continue
            here = edge_cost[edge] + price[edge_offer[edge]]
            if here < best:
                second, best, at = best, here, np.int64(edge)
            elif here < second:
                second = here
        for edge in range(need_start[need], need_start[need + 1]):
            offer = edge_offer[edge]
            beside = second if edge == at else best
            worth[offer] = max(worth[offer], beside - edge_cost[edge])
    for offer in range(offers):
        if unit_of[offer] < 0 and (capacity[offer] == 0 or worth[offer] < price[offer]):
            price[offer] = worth[offer]
