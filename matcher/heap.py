"""A binary heap of rows that can move up when their key falls, on plain arrays."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


@compiled
def lower_key(
    key: IntArray, row: RowArray | IntArray, place: RowArray | IntArray, size: int, node: int, to: int
) -> int:
    """Enter a row (`place` -1: it isn't in), or move it up to a lower key. Gives the new size."""
    at = np.int64(place[node])
    if at < 0:
        at = np.int64(size)
        size += 1
    key[node] = to
    while at > 0:
        above = (at - 1) >> 1
        other = row[above]
        if key[other] <= to:
            break
        row[at] = other
        place[other] = at
        at = above
    row[at] = node
    place[node] = at
    return np.int64(size)


@compiled
def take_lowest(key: IntArray, row: RowArray | IntArray, place: RowArray | IntArray, size: int) -> int:
    """Take the row of the lowest key out; the size falls by one, which the caller notes."""
    top = np.int64(row[0])
    place[top] = -1
    size -= 1
    if size == 0:
        return top
    node = row[size]
    bar = key[node]
    at = np.int64(0)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[row[child + 1]] < key[row[child]]:
            child += 1
        other = row[child]
        if key[other] >= bar:
            break
        row[at] = other
        place[other] = at
        at = child
    row[at] = node
    place[node] = at
    return top
