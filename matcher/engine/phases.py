"""The phases of an auction: in each all needs bid, from the prices of the one before.

In a large problem those whose offers all lie in one half bid first, half by half, and then those between. The
halves share no offer and no unit, so that two threads can take one each; the order of bids, and with it every
answer, depends on the problem alone.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.bids import close_phase, open_phase, take_bids
from matcher.engine.layout import Plain, run_halves
from matcher.engine.together import list_bids, lower_to_ends

_BETWEEN = 2
_MOST_BETWEEN = 0.25
# Share of the needs between the halves beyond which these aren't worth the order they impose.
_MOST_BIDS = 100
# Per need and phase.


class Bids(NamedTuple):
    """Heaps of accepted bids, one per offer, and the bids in them, as `take_bids` takes them."""

    slot_start: IntArray
    slots_used: IntArray
    slot_level: IntArray
    slot_bid: RowArray
    need: RowArray
    edge: RowArray
    amount: IntArray


def make_bids(net: Plain) -> Bids:
    """Set up empty heaps."""
    offers = len(net.unit_of)
    degree = np.diff(net.offer_start)
    slot_start = np.zeros(offers + 1, np.int64)
    np.cumsum(np.minimum(net.capacity[:offers], 2 * degree + 4), out=slot_start[1:])
    size = int(slot_start[-1]) + 1
    return Bids(
        slot_start, np.zeros(offers, np.int64), np.empty(size, np.int64), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Halves:
    """Two halves of the offers, neighbours together.

    Attributes
    ----------
    cut : int
        The first offer of the second half.
    zone : int8 array (needs)
        0 or 1 where all its offers, and all others of their units, lie in that half; 2 for needs between.
    beside : Executor or None
        What runs one half while the caller runs the other; None: one after the other.
    """

    cut: int
    zone: np.ndarray
    beside: Executor | None


def find_halves(net: Plain, beside: Executor | None) -> Halves | None:
    """Cut the offers into halves of as many edges; None where too many needs lie between."""
    offers = len(net.unit_of)
    cut = int(np.searchsorted(net.offer_start, len(net.edge_offer) // 2))
    side = (np.arange(offers) >= cut).astype(np.int8)
    _widen(net.member_start, net.members, side)
    zone = np.empty(len(net.quantity), np.int8)
    between = _find_zones(net.need_start, net.edge_offer, side, zone)
    return Halves(cut, zone, beside) if between <= _MOST_BETWEEN * len(zone) else None


@compiled
def _widen(member_start: IntArray, members: RowArray, side: np.ndarray) -> None:
    """Put all offers of a unit that lies in both halves between them."""
    for unit in range(len(member_start) - 1):
        first, end = member_start[unit], member_start[unit + 1]
        for k in range(first, end):
            if side[members[k]] != side[members[first]]:
                for other in range(first, end):
                    side[members[other]] = _BETWEEN
                break


@compiled
def _find_zones(need_start: IntArray, edge_offer: RowArray, side: np.ndarray, zone: np.ndarray) -> int:
    """Find each need's zone; give how many lie between."""
    between = 0
    for need in range(len(zone)):
        first, end = need_start[need], need_start[need + 1]
        here = side[edge_offer[first]] if first < end else np.int8(0)
        for edge in range(first, end):
            if side[edge_offer[edge]] != here:
                here = np.int8(_BETWEEN)
                break
        zone[need] = here
        between += here == _BETWEEN
    return between


def hold_auction(
    net: Plain, quantity: IntArray, outside: IntArray, capacity: IntArray, floor: IntArray,
    epsilons: Sequence[int], steps_back: Sequence[int], bids: Bids, price: IntArray, halves: Halves | None,
    *, falls: bool,
) -> int:  # fmt: skip
    """Hold the auction phase by phase; the bids of the last one and the prices stay.

    Where there is hardly more room than is wanted, or hardly less, the prices of whole towns rise too far in
    the first phases, since bids only rise. What then stays spare at a price shows it: before the last phase
    prices may fall for that.

    Parameters
    ----------
    net : Plain
    quantity, capacity : int64 arrays (needs; nodes)
        What is wanted and there, of all that `net` has or of a part.
    outside : int64 array (needs)
        What it costs to leave a place of the need unserved.
    floor : int64 array (nodes)
        Lowest price of each row.
    epsilons, steps_back : sequences of int
        By how much bids rise in each phase, falling, and by how much prices are lowered before it.
    bids : Bids
        Take the bids.
    price : int64 array (nodes)
        Where the first phase begins, at the floor or above; takes the prices.
    halves : Halves or None
    falls : bool
        Prices may fall before the last phase.

    Returns
    -------
    int
        How many bids were made.
    """
    needs, offers, nodes = len(quantity), len(net.unit_of), len(capacity)
    begin, own, now = (np.zeros(offers, np.int64) for _ in range(3))
    room, low = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    wants = quantity > 0
    zones = [wants] if halves is None else [wants & (halves.zone == zone) for zone in (0, 1, _BETWEEN)]
    waiting = [np.flatnonzero(zone).astype(np.int32) for zone in zones]
    queues = [np.empty(needs if rows is waiting[-1] else len(rows), np.int32) for rows in waiting]
    least = max(1, int(net.quantity.mean()) // (4 if len(net.members) else 2))
    dearest, made = int(net.edge_cost.max()), 0
    left, is_queued = np.empty_like(quantity), np.empty(needs, np.uint8)
    edge_left = np.empty_like(net.edge_capacity)

    def take(epsilon: int, zone: int, book: IntArray) -> None:
        take_bids(
            net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, net.member_start,
            net.members, epsilon, dearest, least, _MOST_BIDS * len(waiting[zone]), edge_left,
            waiting[zone], queues[zone], book, is_queued, left, begin, own, room, low, now, *bids,
        )  # fmt: skip

    for at, (epsilon, back) in enumerate(zip(epsilons, steps_back, strict=True), 1):
        if falls and 1 < at == len(epsilons):
            _let_fall(net, quantity, outside, capacity, floor, bids, price, edge_left)
        open_phase(net.unit_of, capacity, floor, price, back, begin, own, room, low, now, bids.slots_used)
        left[:], is_queued[:], edge_left[:] = quantity, wants, net.edge_capacity
        book = np.array([-1, 0, 0])
        if halves is not None:
            end = bids.slot_start[halves.cut]
            other = np.array([-1, end, 0])
            run_halves(halves.beside, take, (epsilon, 0, book), (epsilon, 1, other))
            _join(book, other, end, bids.need)
        take(epsilon, len(waiting) - 1, book)
        made += int(book[2])
        close_phase(net.unit_of, capacity, price, begin, own, room, low, now)
    return made


def _let_fall(
    net: Plain, quantity: IntArray, outside: IntArray, capacity: IntArray, floor: IntArray, bids: Bids,
    price: IntArray, edge_left: IntArray,
) -> None:  # fmt: skip
    """Lower prices by what places that stay spare at a price show to be too much."""
    needs, offers = len(quantity), len(net.unit_of)
    need_price, left = np.empty(needs, np.int64), quantity.copy()
    used, lack = np.empty((2, len(capacity)), np.int64)
    of_offer, after = np.empty(offers, np.int32), np.empty(len(bids.need), np.int32)
    lacking = list_bids(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, capacity, floor, price,
        bids.slot_start, bids.slots_used, bids.slot_bid, bids.need, bids.amount, edge_left, need_price, left,
        used, lack, of_offer, after,
    )  # fmt: skip
    if lacking:
        lower_to_ends(
            net.need_start, net.edge_offer, net.edge_cost, net.unit_of, net.member_start, net.members,
            capacity, floor, price, need_price, left, used, lack, of_offer, bids.need, bids.edge, after,
            edge_left,
        )  # fmt: skip


@compiled
def _join(book: IntArray, other: IntArray, end: int, bid_need: RowArray) -> None:
    """Let one book go on where two did: with the free numbers of both, and those below the end never used."""
    free = other[0]
    for number in range(end - 1, book[1] - 1, -1):
        bid_need[number] = free
        free = number
    number = book[0]
    while number != -1:
        following = bid_need[number]
        bid_need[number] = free
        free = number
        number = following
    book[0], book[1] = free, other[1]
    book[2] += other[2]
