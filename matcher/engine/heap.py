"""A heap as one value, for loops that hand it on."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.heap import lower_key, take_lowest


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
    heap.size[0] = lower_key(heap.key, heap.row, heap.place, heap.size[0], row, key)


@compiled
def pop(heap: Heap) -> int:
    """Take the row of the lowest key out."""
    top = take_lowest(heap.key, heap.row, heap.place, heap.size[0])
    heap.size[0] -= 1
    return top


@compiled
def clear(heap: Heap) -> None:
    """Take all rows out."""
    for at in range(heap.size[0]):
        heap.place[heap.row[at]] = -1
    heap.size[0] = 0
