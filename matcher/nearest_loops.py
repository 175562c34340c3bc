"""The loop of `matcher.nearest` for large problems: the same rule, read from the edges where they lie."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def serve_nearest(
    need_order: IntArray, start: IntArray, order: RowArray, offer: RowArray, key: IntArray,
    capacity: IntArray, need_left: IntArray, offer_left: IntArray, unit_left: IntArray, unit_of: RowArray,
    whole: BoolArray, flow: IntArray,
) -> None:  # fmt: skip
    """Serve needs one after another, each by its edges in order of their key (ties: the lower offer).

    Parameters
    ----------
    need_order : int64 array
        The needs to serve.
    start : int64 array (needs + 1)
        Where the edges of each need begin in `order`.
    order : int32 array (edges)
        Rows of edges by need, then offer.
    offer, key, capacity : arrays (edges)
        `capacity` is empty where no edge has one.
    need_left, offer_left, unit_left : int64 arrays
        What is left; the last two shrink. The last unit stands for none.
    unit_of : int32 array (offers)
    whole : bool array (needs)
    flow : int64 array (edges)
        Takes the places.
    """
    for need in need_order:
        left = need_left[need]
        with_room = np.empty(start[need + 1] - start[need], np.int64)
        count = np.int64(0)
        for at in range(start[need], start[need + 1]):
            there = offer[order[at]]
            if offer_left[there] > 0 and unit_left[unit_of[there]] > 0:
                with_room[count] = order[at]
                count += 1
        if left == 0 or count == 0:
            continue
        rows = with_room[:count]
        rows = rows[np.argsort(key[rows], kind="mergesort")]
        for edge in rows:
            there = offer[edge]
            unit = unit_of[there]
            places = min(left, offer_left[there], unit_left[unit])
            if len(capacity):
                places = min(places, capacity[edge])
            flow[edge] = places
            left -= places
            offer_left[there] -= places
            unit_left[unit] -= places
            if left == 0:
                break
        if left and whole[need]:
            for edge in rows:
                offer_left[offer[edge]] += flow[edge]
                unit_left[unit_of[offer[edge]]] += flow[edge]
                flow[edge] = 0
