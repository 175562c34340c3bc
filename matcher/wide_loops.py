"""Loops of `matcher.wide`: choosing among the pairs of a block, and laying pairs beside those of a graph."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


@compiled
def choose_pairs(
    cost: IntArray, need_level: IntArray, need_cost: IntArray, offer_level: IntArray, offer_cost: IntArray,
    bar: int, most_level: IntArray, most_cost: IntArray, chosen: IntArray, chosen_count: IntArray,
) -> tuple[int, int]:  # fmt: skip
    """Choose the pairs of each need that gain most at some prices.

    Parameters
    ----------
    cost : int64 array (needs, offers)
        Below 0: no pair.
    need_level, need_cost, offer_level, offer_cost : int64 arrays
        Their sum and the pair's cost is the reduced cost, by level, then by cost.
    bar : int
        Only pairs below this reduced cost (at level 0, or at a lower level) are chosen.
    most_level, most_cost : int64 arrays (pairs of a need chosen at most)
        For use.
    chosen : int64 array (needs, pairs of a need chosen at most)
        Takes the columns, the least reduced cost first.
    chosen_count : int64 array (needs)

    Returns
    -------
    pairs, violators : int
        How many pairs there are, and how many of them have a reduced cost below zero.
    """
    pairs, violators, most = np.int64(0), np.int64(0), chosen.shape[1]
    for row in range(cost.shape[0]):
        count = np.int64(0)
        for column in range(cost.shape[1]):
            if cost[row, column] < 0:
                continue
            pairs += 1
            level = need_level[row] + offer_level[column]
            here = cost[row, column] + need_cost[row] + offer_cost[column]
            if level > 0 or (level == 0 and here >= max(bar, np.int64(0))):
                continue
            violators += level < 0 or here < 0
            if level == 0 and here >= bar:
                continue
            if count == most and (
                level > most_level[most - 1]
                or (level == most_level[most - 1] and here >= most_cost[most - 1])
            ):
                continue
            at = min(count, most - 1)
            while at > 0 and (
                level < most_level[at - 1] or (level == most_level[at - 1] and here < most_cost[at - 1])
            ):
                most_level[at], most_cost[at] = most_level[at - 1], most_cost[at - 1]
                chosen[row, at] = chosen[row, at - 1]
                at -= 1
            most_level[at], most_cost[at], chosen[row, at] = level, here, column
            count = min(count + 1, most)
        chosen_count[row] = count
    return pairs, violators


@compiled
def merge_pairs(
    own_need: RowArray, own_offer: RowArray, order: RowArray, need: RowArray, offer: RowArray,
    own_place: RowArray, place: RowArray,
) -> None:  # fmt: skip
    """Find the places of two lists of pairs in one list by need, then offer.

    Parameters
    ----------
    own_need, own_offer : int32 arrays
    order : int32 array
        Their rows by need, then offer.
    need, offer : int32 arrays
        By need, then offer.
    own_place, place : int32 arrays
        Take the places.
    """
    at = 0
    for k in range(len(order)):
        row = order[k]
        while at < len(need) and (
            need[at] < own_need[row] or (need[at] == own_need[row] and offer[at] < own_offer[row])
        ):
            place[at] = k + at
            at += 1
        own_place[row] = k + at
    while at < len(need):
        place[at] = len(order) + at
        at += 1
