"""Places on edges, one entry for each edge in use: listed by offer, both ways, and by need.

The loops take these arrays one by one. Bundled, each access would count references and each call would pass
the whole bundle, which costs several times what the loops themselves do.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray


class Entries(NamedTuple):
    """Room for entries; memory is only touched when used.

    Attributes
    ----------
    of_offer, of_need : int32 arrays (offers; needs)
        First entry of each row, -1 for none.
    need, edge : int32 arrays (entries)
    amount : int64 array (entries)
    after, before : int32 arrays (entries)
        Neighbours in the list of the offer.
    other : int32 array (entries)
        Next in the list of the need; of a free entry, the next free one.
    store : int64 array (2)
        First free entry, and how many entries were ever in use.
    """

    of_offer: RowArray
    of_need: RowArray
    need: RowArray
    edge: RowArray
    amount: IntArray
    after: RowArray
    before: RowArray
    other: RowArray
    store: IntArray


def make_entries(needs: int, offers: int, edges: int) -> Entries:
    """Set up empty lists."""
    size = edges + 1
    return Entries(
        np.full(offers, -1, np.int32), np.full(needs, -1, np.int32), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.int64), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.int32), np.array([-1, 0], np.int64),
    )  # fmt: skip


@compiled
def put(
    of_offer: RowArray,
    of_need: RowArray,
    e_need: RowArray,
    e_edge: RowArray,
    amount: IntArray,
    after: RowArray,
    before: RowArray,
    other: RowArray,
    store: IntArray,
    need: int,
    offer: int,
    edge: int,
    more: int,
) -> None:
    """Add places on an edge."""
    entry = np.int64(of_need[need])
    while entry != -1 and e_edge[entry] != edge:
        entry = np.int64(other[entry])
    if entry != -1:
        amount[entry] += more
        return
    entry = store[0]
    if entry != -1:
        store[0] = other[entry]
    else:
        entry = store[1]
        store[1] += 1
    e_need[entry] = need
    e_edge[entry] = edge
    amount[entry] = more
    other[entry] = of_need[need]
    of_need[need] = entry
    first = of_offer[offer]
    after[entry] = first
    before[entry] = -1
    if first != -1:
        before[first] = entry
    of_offer[offer] = entry


@compiled
def take(
    of_offer: RowArray,
    of_need: RowArray,
    e_need: RowArray,
    amount: IntArray,
    after: RowArray,
    before: RowArray,
    other: RowArray,
    store: IntArray,
    entry: int,
    offer: int,
    less: int,
) -> None:
    """Take places off an entry, and the entry off its lists when none is left."""
    amount[entry] -= less
    if amount[entry] > 0:
        return
    need, behind, ahead = e_need[entry], after[entry], before[entry]
    if ahead == -1:
        of_offer[offer] = behind
    else:
        after[ahead] = behind
    if behind != -1:
        before[behind] = ahead
    at = np.int64(of_need[need])
    if at == entry:
        of_need[need] = other[entry]
    else:
        while other[at] != entry:
            at = np.int64(other[at])
        other[at] = other[entry]
    other[entry] = store[0]
    store[0] = entry
