"""Loops of `matcher.priced`: passes over all edges of a problem, most of which are left out."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled, compiled_part
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.lots import Draws


@compiled
def count_edges(
    rows: RowArray, edge_need: RowArray, edge_offer: RowArray, need_number: RowArray, offer_number: RowArray,
    start: IntArray, reached: IntArray,
) -> None:  # fmt: skip
    """Find where each need's edges begin among some rows, which come by need; count those of each offer."""
    for row in rows:
        start[need_number[edge_need[row]] + 1] += 1
        reached[offer_number[edge_offer[row]]] += 1
    for need in range(len(start) - 1):
        start[need + 1] += start[need]


@compiled
def mark_kept(
    rows: RowArray, edge_offer: RowArray, offer_number: RowArray, column: RowArray, columns: int,
    is_in: BoolArray,
) -> None:  # fmt: skip
    """Mark the edges of offers without a column, and the first one of each that has one."""
    seen = np.zeros(columns, np.bool_)
    for at in range(len(rows)):
        here = column[offer_number[edge_offer[rows[at]]]]
        if here < 0 or not seen[here]:
            is_in[at] = True
            if here >= 0:
                seen[here] = True


@compiled
def mark_pairs(
    need: IntArray, offer: IntArray, start: IntArray, rows: RowArray, edge_offer: RowArray,
    offer_number: RowArray, is_in: BoolArray,
) -> None:  # fmt: skip
    """Mark the edges of some pairs, each of which is there; a need's edges come by offer."""
    for pair in range(len(need)):
        low, high = start[need[pair]], start[need[pair] + 1] - 1
        while low < high:
            middle = (low + high) // 2
            if offer_number[edge_offer[rows[middle]]] < offer[pair]:
                low = middle + 1
            else:
                high = middle
        is_in[low] = True


@compiled_part
def _draw_lot(need_draw: np.uint64, offer_draw: np.uint64, shift: np.uint64) -> int:
    """Draw the lot of a pair, as `matcher.lots` does."""
    bits = need_draw ^ offer_draw
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((bits ^ (bits >> np.uint64(31))) >> shift)


@compiled
def lay_block(
    first: int, start: IntArray, rows: RowArray, edge_offer: RowArray, edge_cost: IntArray,
    offer_number: RowArray, column: RowArray, is_in: BoolArray, scale: int, shift: np.uint64,
    need_draw: Draws, offer_draw: Draws, cost: IntArray,
) -> None:  # fmt: skip
    """Write the costs of a block of pairs that are left out: of needs from the first on, by column.

    Parameters
    ----------
    scale, shift, need_draw, offer_draw
        Lots; without any, the draws are empty.
    cost : int64 array (needs of the block, columns)
        Below 0 where nothing is written.
    """
    for row in range(cost.shape[0]):
        for at in range(start[first + row], start[first + row + 1]):
            offer = offer_number[edge_offer[rows[at]]]
            if column[offer] < 0 or is_in[at]:
                continue
            here = edge_cost[rows[at]] * scale
            if len(need_draw):
                here += _draw_lot(need_draw[first + row], offer_draw[offer], shift)
            cost[row, column[offer]] = here


@compiled
def gather_pairs(
    rows: RowArray, edge_need: RowArray, edge_offer: RowArray, edge_cost: IntArray, need_number: RowArray,
    offer_number: RowArray, scale: int, shift: np.uint64, need_draw: Draws, offer_draw: Draws,
    need: RowArray, offer: RowArray, cost: IntArray,
) -> None:  # fmt: skip
    """Write the needs, offers and costs of some edges."""
    for k in range(len(rows)):
        need[k], offer[k] = need_number[edge_need[rows[k]]], offer_number[edge_offer[rows[k]]]
        cost[k] = edge_cost[rows[k]] * scale
        if len(need_draw):
            cost[k] += _draw_lot(need_draw[need[k]], offer_draw[offer[k]], shift)
