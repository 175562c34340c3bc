"""A heap of offers by label, in which a label may fall."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.live.state import HEAP_SIZE, SLOT


@compiled
def push(heap: IntArray, offer: IntArray, label: IntArray, meta: IntArray, o: int) -> None:
    """Put an offer in, or move it up after its label fell."""
    at = offer[o, SLOT]
    if at < 0:
        at = meta[HEAP_SIZE]
        meta[HEAP_SIZE] = at + 1
    key = label[o]
    while at > 0:
        above = (at - 1) >> 1
        other = heap[above]
        if label[other] <= key:
            break
        heap[at] = other
        offer[other, SLOT] = at
        at = above
    heap[at] = o
    offer[o, SLOT] = at


@compiled
def pop(heap: IntArray, offer: IntArray, label: IntArray, meta: IntArray) -> int:
    """Take out the offer of the least label."""
    first: int = heap[0]
    offer[first, SLOT] = -1
    size = meta[HEAP_SIZE] - 1
    meta[HEAP_SIZE] = size
    if size > 0:
        last = heap[size]
        key = label[last]
        at = 0
        while True:
            below = 2 * at + 1
            if below >= size:
                break
            if below + 1 < size and label[heap[below + 1]] < label[heap[below]]:
                below += 1
            other = heap[below]
            if label[other] >= key:
                break
            heap[at] = other
            offer[other, SLOT] = at
            at = below
        heap[at] = last
        offer[last, SLOT] = at
    return first


@compiled
def clear(heap: IntArray, offer: IntArray, meta: IntArray) -> None:
    """Take all offers out."""
    for at in range(meta[HEAP_SIZE]):
        offer[heap[at], SLOT] = -1
    meta[HEAP_SIZE] = 0
