"""The arrays that the engine's loops share: the problem, packed, and the flow on it."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray

NONE = -1
"""Row that stands for no row at all."""


class Net(NamedTuple):
    """A problem on rows without gaps; edges lie together by need.

    Attributes
    ----------
    need_start : int64 array (needs + 1)
        Edges of need `n` are ``need_start[n]`` to ``need_start[n + 1]``.
    edge_offer, edge_cost : integer arrays (edges)
    edge_capacity : int64 array (edges)
        Empty where no edge has one.
    quantity, weight : int64 arrays (needs)
        The heavier a need, the earlier it is served.
    offer_capacity, offer_unit : integer arrays (offers)
        Unit -1: none.
    unit_start, unit_offer : integer arrays
        Offers of unit `u` are ``unit_offer[unit_start[u]:unit_start[u + 1]]``.
    step_start, step_end, step_cost : int64 arrays
        The unit's capacity in steps of rising cost: places up to each step's end, and the cost of one.
    in_start, in_need, in_edge : integer arrays
        Edges of offer `o` are ``in_edge[in_start[o]:in_start[o + 1]]``, with their needs.
    """

    need_start: IntArray
    edge_offer: RowArray
    edge_cost: IntArray
    edge_capacity: IntArray
    quantity: IntArray
    weight: IntArray
    offer_capacity: IntArray
    offer_unit: RowArray
    unit_start: IntArray
    unit_offer: RowArray
    step_start: IntArray
    step_end: IntArray
    step_cost: IntArray
    in_start: IntArray
    in_need: RowArray
    in_edge: NDArray[np.integer]


class Flow(NamedTuple):
    """Places on edges: one entry for each edge in use, listed by offer and by need.

    Attributes
    ----------
    left : int64 array (needs)
        Places not served.
    offer_used, unit_used : int64 arrays
        Places in use.
    offer_first, need_first : int32 arrays
        First entry of each row, -1 for none.
    need, edge, amount : integer arrays (entries)
    after, before : int32 arrays (entries)
        Neighbours in the list of the offer.
    other : int32 array (entries)
        Next in the list of the need; of a free entry, the next free one.
    edge_flow : int64 array (edges)
        Empty where no edge has a capacity of its own.
    store : int64 array (2)
        First free entry, and how many entries were ever in use.
    """

    left: IntArray
    offer_used: IntArray
    unit_used: IntArray
    offer_first: RowArray
    need_first: RowArray
    need: RowArray
    edge: IntArray
    amount: IntArray
    after: RowArray
    before: RowArray
    other: RowArray
    edge_flow: IntArray
    store: IntArray


def make_flow(net: Net) -> Flow:
    """Set up an empty flow; memory for entries is only touched when used."""
    needs, offers, edges = len(net.quantity), len(net.offer_capacity), len(net.edge_offer)
    size = edges + 1
    return Flow(
        left=net.quantity.copy(),
        offer_used=np.zeros(offers, np.int64),
        unit_used=np.zeros(len(net.step_start) - 1, np.int64),
        offer_first=np.full(offers, NONE, np.int32),
        need_first=np.full(needs, NONE, np.int32),
        need=np.empty(size, np.int32),
        edge=np.empty(size, np.int64),
        amount=np.empty(size, np.int64),
        after=np.empty(size, np.int32),
        before=np.empty(size, np.int32),
        other=np.empty(size, np.int32),
        edge_flow=np.zeros(len(net.edge_capacity), np.int64),
        store=np.array([NONE, 0], np.int64),
    )


@compiled
def put(net: Net, flow: Flow, need: int, edge: int, amount: int) -> None:
    """Add places on an edge (to the need's own count of places left, and the offer's used, see callers)."""
    entry = flow.need_first[need]
    while entry != -1 and flow.edge[entry] != edge:
        entry = flow.other[entry]
    if len(flow.edge_flow):
        flow.edge_flow[edge] += amount
    if entry != -1:
        flow.amount[entry] += amount
        return
    if flow.store[0] != -1:
        entry = flow.store[0]
        flow.store[0] = flow.other[entry]
    else:
        entry = flow.store[1]
        flow.store[1] += 1
    offer = net.edge_offer[edge]
    flow.need[entry] = need
    flow.edge[entry] = edge
    flow.amount[entry] = amount
    flow.other[entry] = flow.need_first[need]
    flow.need_first[need] = entry
    first = flow.offer_first[offer]
    flow.after[entry] = first
    flow.before[entry] = -1
    if first != -1:
        flow.before[first] = entry
    flow.offer_first[offer] = entry


@compiled
def take(net: Net, flow: Flow, entry: int, amount: int) -> None:
    """Take places off an entry, and the entry off its lists when none is left."""
    if len(flow.edge_flow):
        flow.edge_flow[flow.edge[entry]] -= amount
    flow.amount[entry] -= amount
    if flow.amount[entry] > 0:
        return
    need, after, before = flow.need[entry], flow.after[entry], flow.before[entry]
    if before == -1:
        flow.offer_first[net.edge_offer[flow.edge[entry]]] = after
    else:
        flow.after[before] = after
    if after != -1:
        flow.before[after] = before
    at = flow.need_first[need]
    if at == entry:
        flow.need_first[need] = flow.other[entry]
    else:
        while flow.other[at] != entry:
            at = flow.other[at]
        flow.other[at] = flow.other[entry]
    flow.other[entry] = flow.store[0]
    flow.store[0] = entry


@compiled
def transpose(need_start: IntArray, edge_offer: RowArray, offers: int) -> tuple[IntArray, RowArray, RowArray]:
    """List edges by offer: where each offer's begin, their needs, and their numbers."""
    start = np.zeros(offers + 1, np.int64)
    for edge in range(len(edge_offer)):
        start[edge_offer[edge] + 1] += 1
    for offer in range(offers):
        start[offer + 1] += start[offer]
    place = start[:-1].copy()
    in_need = np.empty(len(edge_offer), np.int32)
    in_edge = np.empty(len(edge_offer), np.int32)
    for need in range(len(need_start) - 1):
        for edge in range(need_start[need], need_start[need + 1]):
            offer = edge_offer[edge]
            at = place[offer]
            in_need[at] = need
            in_edge[at] = edge
            place[offer] = at + 1
    return start, in_need, in_edge
