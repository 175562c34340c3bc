"""Passes over the edges of a large problem, in time and room that grow with the edges alone."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def is_sorted(edge_need: RowArray, edge_offer: RowArray) -> bool:
    """True if edges come by need, then offer, none twice."""
    for edge in range(1, len(edge_need)):
        if edge_need[edge] < edge_need[edge - 1] or (
            edge_need[edge] == edge_need[edge - 1] and edge_offer[edge] <= edge_offer[edge - 1]
        ):
            return False
    return True


@compiled
def sort_edges(edge_need: RowArray, edge_offer: RowArray, by_offer: RowArray, order: RowArray) -> None:
    """Write the rows of the edges by need, then offer; those of equal pairs in their old order.

    By counting: laid by offer first, then by need in that order.

    Parameters
    ----------
    edge_need, edge_offer : int32 arrays (edges)
        From 0 on.
    by_offer, order : int32 arrays (edges)
        For use; takes the rows.
    """
    edges = len(edge_need)
    most = 0
    for edge in range(edges):
        most = max(most, edge_need[edge], edge_offer[edge])
    start = np.zeros(most + 2, np.int64)
    for edge in range(edges):
        start[edge_offer[edge] + 1] += 1
    for row in range(most):
        start[row + 1] += start[row]
    for edge in range(edges):
        by_offer[start[edge_offer[edge]]] = edge
        start[edge_offer[edge]] += 1
    start[:] = 0
    for edge in range(edges):
        start[edge_need[edge] + 1] += 1
    for row in range(most):
        start[row + 1] += start[row]
    for k in range(edges):
        need = edge_need[by_offer[k]]
        order[start[need]] = by_offer[k]
        start[need] += 1


@compiled
def find_repeats(edge_need: RowArray, edge_offer: RowArray, order: RowArray, some: IntArray) -> int:
    """Count the places in the order whose pair is that of the place before; write the first of them."""
    count = 0
    for k in range(1, len(order)):
        one, other = order[k - 1], order[k]
        if edge_need[one] == edge_need[other] and edge_offer[one] == edge_offer[other]:
            if count < len(some):
                some[count] = k
            count += 1
    return count


@compiled
def mark_open(
    edge_need: RowArray, edge_offer: RowArray, need_open: BoolArray, offer_open: BoolArray,
    need_occurs: BoolArray, offer_occurs: BoolArray,
) -> int:  # fmt: skip
    """Mark needs and offers that have an edge with both ends open; give how many such edges there are."""
    count = 0
    for edge in range(len(edge_need)):
        need, offer = edge_need[edge], edge_offer[edge]
        if need_open[need] and offer_open[offer]:
            need_occurs[need] = True
            offer_occurs[offer] = True
            count += 1
    return count


@compiled
def list_closed(
    edge_need: RowArray, edge_offer: RowArray, need_open: BoolArray, offer_open: BoolArray, rows: IntArray
) -> None:
    """Write the rows of the edges that `mark_open` doesn't count."""
    at = 0
    for edge in range(len(edge_need)):
        if not (need_open[edge_need[edge]] and offer_open[edge_offer[edge]]):
            rows[at] = edge
            at += 1
