"""Loops over large networks, the edges read where they lie: what hangs together, how far places come."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

import numpy as np

from graph.compiled import compiled, compiled_part
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled_part
def _find_root(above: RowArray, node: int) -> int:
    """Find the node that stands for a part, and shorten the way to it."""
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@compiled
def join_nodes(tail: RowArray, head: RowArray, is_in: BoolArray, shift: int, above: RowArray) -> None:
    """Join both ends of some arcs (all where `is_in` is empty); heads are counted from `shift` on.

    Parameters
    ----------
    above : int32 array (nodes)
        Each node's next on the way to the one that stands for its part; itself at first.
    """
    for arc in range(len(tail)):
        if len(is_in) and not is_in[arc]:
            continue
        one, other = _find_root(above, np.int64(tail[arc])), _find_root(above, np.int64(head[arc]) + shift)
        # The lower node stands for both.
        if one < other:
            above[other] = one
        elif other < one:
            above[one] = other


@compiled
def find_roots(above: RowArray) -> None:
    """Let each node point at the one that stands for its part."""
    for node in range(len(above)):
        above[node] = _find_root(above, node)


@compiled
def spread_places(
    start: IntArray, order: RowArray, edge_offer: RowArray, flow: IntArray, capacity: IntArray,
    holder_start: IntArray, holders: RowArray, unit_of: RowArray, offer_out: BoolArray, offer_back: BoolArray,
    member_start: IntArray, members: IntArray, need_in: BoolArray, offer_in: BoolArray, unit_in: BoolArray,
) -> None:  # fmt: skip
    """Mark the needs, offers and units that a further place of the needs marked could come to.

    Parameters
    ----------
    start, order : int64 (needs + 1), int32 (edges)
        Rows of each need's edges.
    capacity : int64 array (edges)
        Empty: edges have none.
    holder_start, holders : int64 (offers + 1), int32 arrays
        Needs that hold places of each offer.
    offer_out, offer_back : bool arrays (offers)
        It has room of its own, or gives places, and has a unit.
    member_start, members : int64 arrays
        Offers of each unit.
    """
    waiting = np.empty(len(need_in), np.int32)
    count = np.int64(0)
    for need in range(len(need_in)):
        if need_in[need]:
            waiting[count] = need
            count += 1
    fresh = np.empty(len(offer_in), np.int32)
    while count:
        count -= 1
        need = waiting[count]
        found = np.int64(0)
        for at in range(start[need], start[need + 1]):
            offer = edge_offer[order[at]]
            if not offer_in[offer] and (not len(capacity) or flow[order[at]] < capacity[order[at]]):
                offer_in[offer] = True
                fresh[found] = offer
                found += 1
        while found:
            found -= 1
            offer = fresh[found]
            for at in range(holder_start[offer], holder_start[offer + 1]):
                if not need_in[holders[at]]:
                    need_in[holders[at]] = True
                    waiting[count] = holders[at]
                    count += 1
            unit = unit_of[offer]
            if not offer_out[offer] or unit_in[unit]:
                continue
            unit_in[unit] = True
            for at in range(member_start[unit], member_start[unit + 1]):
                if offer_back[members[at]] and not offer_in[members[at]]:
                    offer_in[members[at]] = True
                    fresh[found] = members[at]
                    found += 1
