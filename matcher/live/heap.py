"""A heap of offers by label, in which a label may fall."""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at


@compiled_part
def push(meta: IntArray, o: int) -> None:
    """Put an offer in, or move it up after its label fell."""
    heap, slot, label = at.heap_of(meta), at.slots_of(meta), at.offer_label_of(meta)
    here = slot[o]
    if here < 0:
        here = meta[at.HEAP_SIZE]
        meta[at.HEAP_SIZE] = here + 1
    key = label[o]
    while here > 0:
        above = (here - 1) >> 1
        other = heap[above]
        if label[other] <= key:
            break
        heap[here] = other
        slot[other] = here
        here = above
    heap[here] = o
    slot[o] = here


@compiled_part
def pop(meta: IntArray) -> int:
    """Take out the offer of the least label."""
    heap, slot, label = at.heap_of(meta), at.slots_of(meta), at.offer_label_of(meta)
    first: int = heap[0]
    slot[first] = -1
    size = meta[at.HEAP_SIZE] - 1
    meta[at.HEAP_SIZE] = size
    if size > 0:
        last = heap[size]
        key = label[last]
        here = 0
        while True:
            below = 2 * here + 1
            if below >= size:
                break
            if below + 1 < size and label[heap[below + 1]] < label[heap[below]]:
                below += 1
            other = heap[below]
            if label[other] >= key:
                break
            heap[here] = other
            slot[other] = here
            here = below
        heap[here] = last
        slot[last] = here
    return first
