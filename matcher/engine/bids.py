"""A flow that is nearly the cheapest, and prices nearly right, by bidding for places.

The capacitated auction (Bertsekas and Castanon 1989): each place of an offer goes to the highest bids, the
offer's price is the lowest of them once it is full; a newcomer displaces that one, or the lowest of the
unit where the unit is full. Bids rise by the difference to the second-best offer and a little more (epsilon),
which falls from phase to phase; each phase starts from the prices of the one before. What epsilon leaves
inexact is for `mend` to put right.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray

_FAR = 1 << 60


@compiled
def _enter(
    slot_start: IntArray, slots_used: IntArray, slot_level: IntArray, slot_bid: RowArray,
    offer: int, level: int, number: int,
) -> None:  # fmt: skip
    """Add a bid to an offer's heap, the lowest on top."""
    first = slot_start[offer]
    at = slots_used[offer]
    slots_used[offer] = at + 1
    while at > 0:
        above = (at - 1) >> 1
        if slot_level[first + above] <= level:
            break
        slot_level[first + at] = slot_level[first + above]
        slot_bid[first + at] = slot_bid[first + above]
        at = above
    slot_level[first + at] = level
    slot_bid[first + at] = number


@compiled
def _drop(
    slot_start: IntArray, slots_used: IntArray, slot_level: IntArray, slot_bid: RowArray, offer: int
) -> None:
    """Remove the lowest bid of an offer."""
    first = slot_start[offer]
    size = slots_used[offer] - 1
    slots_used[offer] = size
    level, number = slot_level[first + size], slot_bid[first + size]
    at = np.int64(0)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and slot_level[first + child + 1] < slot_level[first + child]:
            child += 1
        if slot_level[first + child] >= level:
            break
        slot_level[first + at] = slot_level[first + child]
        slot_bid[first + at] = slot_bid[first + child]
        at = child
    slot_level[first + at] = level
    slot_bid[first + at] = number


@compiled
def open_phase(
    unit_of: RowArray, capacity: IntArray, floor: IntArray, price: IntArray, back: int, begin: IntArray,
    own: IntArray, room: IntArray, low: IntArray, now: IntArray, slots_used: IntArray,
) -> None:  # fmt: skip
    """Lower prices by so much, not below the floor, and let all offers stand empty at them.

    Parameters
    ----------
    unit_of : int32 array (offers)
        Node of the unit, -1 for none. Nodes are offers, then units.
    begin, own, now : int64 arrays (offers)
        Take what a place costs while there is room, how much of it is the offer's beyond its unit's, and what
        a place costs at the moment.
    room, low : int64 arrays (nodes)
        Take the room left, and the lowest bid of a unit that is full.
    """
    offers, nodes = len(unit_of), len(capacity)
    for node in range(nodes):
        price[node] = max(floor[node], price[node] - back)
        room[node] = capacity[node]
        low[node] = _FAR
    for offer in range(offers):
        unit = np.int64(unit_of[offer])
        begin[offer] = price[offer]
        own[offer] = 0
        if unit >= 0:
            own[offer] = floor[offer] - floor[unit]
            begin[offer] = max(begin[offer], price[unit] + own[offer])
        now[offer] = begin[offer] if capacity[offer] > 0 else _FAR
        slots_used[offer] = 0


@compiled
def close_phase(
    unit_of: RowArray, capacity: IntArray, price: IntArray, begin: IntArray, own: IntArray, room: IntArray,
    low: IntArray, now: IntArray,
) -> None:  # fmt: skip
    """Make the prices what places cost at the moment."""
    offers, nodes = len(unit_of), len(capacity)
    for node in range(offers, nodes):
        if room[node] <= 0 and low[node] < _FAR:
            price[node] = max(price[node], low[node])
    for offer in range(offers):
        if capacity[offer] > 0:
            price[offer] = now[offer] if now[offer] < _FAR else begin[offer]
        elif unit_of[offer] >= 0:
            price[offer] = price[unit_of[offer]] + own[offer]


@compiled
def take_bids(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, outside: IntArray, unit_of: RowArray,
    member_start: IntArray, members: RowArray, epsilon: int, dearest: int, least: int, most_bids: int,
    edge_left: IntArray, waiting: RowArray, queue: RowArray, book: IntArray, is_queued: NDArray[np.uint8],
    left: IntArray, begin: IntArray, own: IntArray, room: IntArray, low: IntArray, now: IntArray,
    slot_start: IntArray, slots_used: IntArray, slot_level: IntArray, slot_bid: RowArray, bid_need: RowArray,
    bid_edge: RowArray, bid_amount: IntArray,
) -> None:  # fmt: skip
    """Let needs bid, and those that they displace, until none wants more or pays what it costs.

    Parameters
    ----------
    outside : int64 array (needs)
        What it costs to leave a place of the need unserved.
    epsilon : int
        By how much bids rise.
    dearest : int
        The largest cost.
    least : int
        Fewest places that are taken off a bid at once.
    most_bids : int
        So many at most; needs left over then stay without places.
    edge_left : int64 array (edges)
        Room left on each edge; empty where none has a room of its own.
    waiting : int32 array
        The needs that bid, in this order.
    queue : int32 array
        Room for all needs that may bid or be displaced.
    book : int64 array (3)
        The first free bid number (-1: none; `bid_need` names the next), the first that was never in use, and
        how many bids were made.
    is_queued, left : uint8, int64 arrays (needs)
        1 for needs that bid, else 0; places they want.
    begin, own, room, low, now
        As `open_phase` leaves them, or another call.
    slot_start, slots_used, slot_level, slot_bid, bid_need, bid_edge, bid_amount
        Take the bids: per offer a heap by level, which begins at its `slot_start`.
    """
    offers, is_limited = len(unit_of), len(edge_left) > 0
    size = np.int64(len(waiting))
    for k in range(size):
        queue[size - 1 - k] = waiting[k]
    free, fresh = book[0], book[1]
    made = np.int64(0)
    while size > 0 and made < most_bids:
        size -= 1
        need = np.int64(queue[size])
        is_queued[need] = 0
        best, second, at = np.int64(_FAR), np.int64(_FAR), np.int64(-1)
        if is_limited:
            for edge in range(need_start[need], need_start[need + 1]):
                here = edge_cost[edge] + now[edge_offer[edge]]
                here = np.int64(_FAR) if edge_left[edge] == 0 else here
                second = min(second, max(best, here))
                at = np.int64(edge) if here < best else at
                best = min(best, here)
        else:
            for edge in range(need_start[need], need_start[need + 1]):
                # Without branches, which couldn't be foretold: they took a third of a bid's time.
                here = edge_cost[edge] + now[edge_offer[edge]]
                second = min(second, max(best, here))
                at = np.int64(edge) if here < best else at
                best = min(best, here)
        if at == -1 or best >= outside[need] or left[need] == 0:
            continue
        second = min(second, outside[need])
        made += 1
        offer = np.int64(edge_offer[at])
        unit = np.int64(unit_of[offer])
        level = now[offer] + min(second - best, 2 * dearest) + epsilon
        slots = slot_start[offer + 1] - slot_start[offer]
        # While its bid is entered the need can't be queued: it follows those that it displaces.
        is_queued[need] = 2
        bottom = size
        wanted, got = left[need], np.int64(0)
        if is_limited:
            wanted = min(wanted, edge_left[at])
        while got < wanted:
            if room[offer] == 0 or slots_used[offer] == slots:
                seller = offer
                less = max(wanted - got, least)
                if slots_used[offer] == slots:
                    less = np.int64(_FAR)
            elif unit >= 0 and room[unit] <= 0:
                seller = np.int64(-1)
                lowest = np.int64(_FAR)
                for k in range(member_start[unit - offers], member_start[unit - offers + 1]):
                    member = np.int64(members[k])
                    if slots_used[member] > 0:
                        there = slot_level[slot_start[member]] - own[member]
                        if there < lowest:
                            lowest, seller = there, member
                if lowest >= level - own[offer]:
                    break
                less = max(min(wanted - got, room[offer]), least)
            else:
                more = min(wanted - got, room[offer])
                if unit >= 0:
                    more = min(more, room[unit])
                    room[unit] -= more
                room[offer] -= more
                got += more
                continue
            if seller == offer and (slots_used[offer] == 0 or slot_level[slot_start[offer]] >= level):
                break
            number = np.int64(slot_bid[slot_start[seller]])
            loser = np.int64(bid_need[number])
            less = min(less, bid_amount[number])
            room[seller] += less
            if unit >= 0:
                room[unit] += less
            left[loser] += less
            if is_limited:
                edge_left[bid_edge[number]] += less
            bid_amount[number] -= less
            if bid_amount[number] == 0:
                _drop(slot_start, slots_used, slot_level, slot_bid, seller)
                bid_need[number] = free
                free = number
            if is_queued[loser] == 0:
                queue[size] = loser
                is_queued[loser] = 1
                size += 1
        if got > 0:
            number = free
            if number != -1:
                free = np.int64(bid_need[number])
            else:
                number = fresh
                fresh += 1
            bid_need[number] = need
            bid_edge[number] = at
            bid_amount[number] = got
            _enter(slot_start, slots_used, slot_level, slot_bid, offer, level, number)
            left[need] -= got
            if is_limited:
                edge_left[at] -= got
        if unit < 0:
            if room[offer] == 0 or slots_used[offer] == slots:
                now[offer] = slot_level[slot_start[offer]]
            else:
                now[offer] = begin[offer]
        else:
            lowest = np.int64(_FAR)
            for k in range(member_start[unit - offers], member_start[unit - offers + 1]):
                member = np.int64(members[k])
                if slots_used[member] > 0:
                    lowest = min(lowest, slot_level[slot_start[member]] - own[member])
            low[unit] = lowest
            for k in range(member_start[unit - offers], member_start[unit - offers + 1]):
                member = np.int64(members[k])
                first = slot_start[member]
                if room[member] == 0 or slots_used[member] == slot_start[member + 1] - first:
                    now[member] = slot_level[first] if slots_used[member] > 0 else _FAR
                elif room[unit] <= 0:
                    now[member] = max(min(lowest + own[member], _FAR), begin[member])
                else:
                    now[member] = begin[member]
        is_queued[need] = 0
        if left[need] > 0:
            is_queued[need] = 1
            if size > bottom:
                queue[size] = queue[bottom]
                queue[bottom] = need
            else:
                queue[size] = need
            size += 1
    book[0], book[1] = free, fresh
    book[2] += made


@compiled
def price_lonely(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, outside: IntArray,
    offer_start: IntArray, unit_of: RowArray, capacity: IntArray, floor: IntArray, slot_start: IntArray,
    slots_used: IntArray, slot_bid: RowArray, bid_amount: IntArray, price: IntArray,
) -> None:  # fmt: skip
    """Price the offers for which only one need could ever bid, against nobody.

    A spare place there costs what its unit does; where all are taken, as much as makes them no better than
    what the need could have besides.
    """
    offers = len(unit_of)
    is_full, base = np.zeros(offers, np.uint8), np.zeros(offers, np.int64)
    some = False
    for offer in range(offers):
        if offer_start[offer + 1] - offer_start[offer] != 1:
            continue
        some = True
        used = np.int64(0)
        for slot in range(slot_start[offer], slot_start[offer] + slots_used[offer]):
            used += bid_amount[slot_bid[slot]]
        is_full[offer] = used >= capacity[offer]
        base[offer] = floor[offer]
        if unit_of[offer] >= 0:
            base[offer] += price[unit_of[offer]] - floor[unit_of[offer]]
        price[offer] = base[offer]
    if not some:
        return
    for need in range(len(outside)):
        best, some = outside[need], False
        for edge in range(need_start[need], need_start[need + 1]):
            offer = edge_offer[edge]
            if is_full[offer]:
                some = True
            else:
                best = min(best, edge_cost[edge] + price[offer])
        if some:
            for edge in range(need_start[need], need_start[need + 1]):
                offer = edge_offer[edge]
                if is_full[offer]:
                    price[offer] = max(base[offer], best - edge_cost[edge])


@compiled
def bid_once(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, quantity: IntArray, outside: IntArray,
    unit_of: RowArray, capacity: IntArray, edge_capacity: IntArray, slot_start: IntArray,
    slots_used: IntArray, slot_level: IntArray, slot_bid: RowArray, bid_need: RowArray, bid_edge: RowArray,
    bid_amount: IntArray, price: IntArray,
) -> None:  # fmt: skip
    """Let each need in turn take what is left of its cheapest offers, at prices that stay.

    Parameters
    ----------
    slots_used, slot_level, slot_bid, bid_need, bid_edge, bid_amount
        Take the bids, as in `hold_auction`; what they held is gone.
    """
    room = capacity.copy()
    number, is_limited = np.int64(0), len(edge_capacity) > 0
    for offer in range(len(unit_of)):
        slots_used[offer] = 0
    for need in range(len(quantity)):
        left, begin = quantity[need], -np.int64(_FAR)
        while left > 0:
            # From the cheapest up: the next, where all that cost so much are taken to their own capacity.
            best, is_taken = outside[need], is_limited
            for edge in range(need_start[need], need_start[need + 1]):
                here = edge_cost[edge] + price[edge_offer[edge]]
                if here > begin:
                    best = min(best, here)
            for edge in range(need_start[need], need_start[need + 1]):
                offer = np.int64(edge_offer[edge])
                here = edge_cost[edge] + price[offer]
                if left == 0 or here > best or here <= begin:
                    continue
                unit = np.int64(unit_of[offer])
                more = min(left, room[offer])
                if unit >= 0:
                    more = min(more, room[unit])
                if is_limited:
                    is_taken &= more >= edge_capacity[edge]
                    more = min(more, edge_capacity[edge])
                slot = slot_start[offer] + slots_used[offer]
                if more == 0 or slot == slot_start[offer + 1]:
                    continue
                room[offer] -= more
                if unit >= 0:
                    room[unit] -= more
                left -= more
                slots_used[offer] += 1
                slot_level[slot], slot_bid[slot] = price[offer], number
                bid_need[number], bid_edge[number], bid_amount[number] = need, edge, more
                number += 1
            begin = best
            if best >= outside[need] or not is_taken:
                break
