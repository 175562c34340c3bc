"""A heap of offers by label, in which a label may fall."""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import IntArray
from matcher.heap import lower_key, take_lowest
from matcher.live import state as at


@compiled_part
def push(meta: IntArray, o: int) -> None:
    """Put an offer in, or move it up after its label fell."""
    label = at.offer_label_of(meta)
    size = meta[at.HEAP_SIZE]
    meta[at.HEAP_SIZE] = lower_key(label, at.heap_of(meta), at.slots_of(meta), size, o, label[o])


@compiled_part
def pop(meta: IntArray) -> int:
    """Take out the offer of the least label."""
    size = meta[at.HEAP_SIZE]
    meta[at.HEAP_SIZE] = size - 1
    return take_lowest(at.offer_label_of(meta), at.heap_of(meta), at.slots_of(meta), size)
