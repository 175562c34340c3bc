"""Loops of `matcher.hubs`, over the edges of a large graph."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph.compiled import compiled, compiled_part
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def count_reached(edge_offer: RowArray, counts: BoolArray, reached: IntArray) -> None:
    """Count the edges of each offer."""
    for edge in range(len(edge_offer)):
        reached[edge_offer[edge]] += counts[edge]


@compiled
def sum_draws(
    start: IntArray, order: RowArray, edge_offer: RowArray, counts: BoolArray, wide: BoolArray,
    draws: NDArray[np.uint64], sums: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Add up the draws of the wide offers of each need."""
    for need in range(len(sums)):
        for at in range(start[need], start[need + 1]):
            if counts[order[at]] and wide[edge_offer[order[at]]]:
                sums[need] += draws[edge_offer[order[at]]]


@compiled_part
def _find_next(
    at: int, end: int, order: RowArray, edge_offer: RowArray, counts: BoolArray, wide: BoolArray
) -> int:
    """Find the next edge of a wide offer from a place on; the end where there is none."""
    while at < end and not (counts[order[at]] and wide[edge_offer[order[at]]]):
        at += 1
    return at


@compiled
def compare_lists(
    start: IntArray, order: RowArray, edge_offer: RowArray, counts: BoolArray, wide: BoolArray,
    leaders: IntArray, hub_of: RowArray,
) -> None:  # fmt: skip
    """Take needs from a hub whose wide offers aren't those of its leader; edges of a need come by offer."""
    for need in range(len(hub_of)):
        if hub_of[need] < 0:
            continue
        leader = leaders[hub_of[need]]
        one, other = start[need], start[leader]
        while True:
            one = _find_next(one, start[need + 1], order, edge_offer, counts, wide)
            other = _find_next(other, start[leader + 1], order, edge_offer, counts, wide)
            if one == start[need + 1] or other == start[leader + 1]:
                if one != start[need + 1] or other != start[leader + 1]:
                    hub_of[need] = -1
                break
            if edge_offer[order[one]] != edge_offer[order[other]]:
                hub_of[need] = -1
                break
            one += 1
            other += 1


@compiled
def list_offers(
    start: IntArray, order: RowArray, edge_offer: RowArray, counts: BoolArray, wide: BoolArray,
    leaders: IntArray, hub: RowArray, offer: RowArray,
) -> int:  # fmt: skip
    """List the wide offers of the leaders of hubs; give how many there are in all."""
    count = np.int64(0)
    for k in range(len(leaders)):
        for at in range(start[leaders[k]], start[leaders[k] + 1]):
            if counts[order[at]] and wide[edge_offer[order[at]]]:
                hub[count], offer[count] = k, edge_offer[order[at]]
                count += 1
    return count


@compiled
def mark_behind(
    start: IntArray, order: RowArray, edge_offer: RowArray, counts: BoolArray, wide: BoolArray,
    hub_of: RowArray, is_behind: BoolArray,
) -> None:  # fmt: skip
    """Mark the edges of wide offers of needs that have a hub."""
    for need in range(len(hub_of)):
        if hub_of[need] >= 0:
            for at in range(start[need], start[need + 1]):
                is_behind[order[at]] = counts[order[at]] and wide[edge_offer[order[at]]]
