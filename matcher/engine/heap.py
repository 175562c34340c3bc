"""A binary heap of rows that can move up when their key falls."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


class Heap(NamedTuple):
    """Rows by key, the lowest first; `place` is -1 for a row that isn't in it, `size` has one number."""

    key: IntArray
    row: RowArray
    place: RowArray
    size: IntArray


def make_heap(rows: int) -> Heap:
    """Set up an empty heap for so many rows."""
    return Heap(
        np.zeros(rows, np.int64), np.zeros(rows + 1, np.int32), np.full(rows, -1, np.int32),
        np.zeros(1, np.int64),
    )  # fmt: skip


@compiled
def lower(heap: Heap, row: int, key: int) -> None:
    """Enter a row, or move it up to a lower key."""
    at = np.int64(heap.place[row])
    if at < 0:
        at = heap.size[0]
        heap.size[0] += 1
    heap.key[row] = key
    while at > 0:
        above = (at - 1) >> 1
        other = heap.row[above]
        if heap.key[other] <= key:
            break
        heap.row[at] = other
        heap.place[other] = at
        at = above
    heap.row[at] = row
    heap.place[row] = at


@compiled
def pop(heap: Heap) -> int:
    """Take the row of the lowest key out."""
    top = heap.row[0]
    heap.place[top] = -1
    size = heap.size[0] - 1
    heap.size[0] = size
    if size == 0:
        return np.int64(top)
    row = heap.row[size]
    key = heap.key[row]
    at = np.int64(0)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap.key[heap.row[child + 1]] < heap.key[heap.row[child]]:
            child += 1
        other = heap.row[child]
        if heap.key[other] >= key:
            break
        heap.row[at] = other
        heap.place[other] = at
        at = child
    heap.row[at] = row
    heap.place[row] = at
    return np.int64(top)


@compiled
def clear(heap: Heap) -> None:
    """Take all rows out."""
    for at in range(heap.size[0]):
        heap.place[heap.row[at]] = -1
    heap.size[0] = 0
