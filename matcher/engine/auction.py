"""A flow that is nearly the cheapest, and prices nearly right, by bidding for places.

The capacitated auction (Bertsekas and Castanon 1989): each place of an offer goes to the highest bids, the
offer's price is the lowest of them once it is full; a newcomer displaces that one, or the lowest of the
unit where the unit is full. Bids rise by the difference to the second-best offer and a little more (epsilon),
which falls from phase to phase; each phase starts from the prices of the one before. What epsilon leaves
inexact is for the finish to mend.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"
# ruff: noqa: C901

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.finish import Costs, Terms, next_step
from matcher.engine.network import Flow, Net, put

_FAR = 1 << 60


class Bids(NamedTuple):
    """Accepted bids: a heap per offer, the lowest on top.

    Attributes
    ----------
    start : int64 array (offers + 1)
        Where each offer's slots begin.
    size : int64 array (offers)
        Slots in use.
    level, bid : integer arrays (slots)
        Level of the slot's bid, and its number.
    need, edge, amount : integer arrays (bids)
        The number of a free bid is followed by the next free one in `need`.
    store : int64 array (2)
        First free bid, and how many were ever in use.
    """

    start: IntArray
    size: IntArray
    level: IntArray
    bid: RowArray
    need: RowArray
    edge: RowArray
    amount: IntArray
    store: IntArray


class Market(NamedTuple):
    """Prices and room while bidding.

    Attributes
    ----------
    price : int64 array (offers)
        What a place costs now, the unit's included.
    begin : int64 array (offers)
        What it costs while there is room.
    offer_room, unit_room : int64 arrays
    unit_low : int64 array (units)
        Lowest bid within the unit.
    """

    price: IntArray
    begin: IntArray
    offer_room: IntArray
    unit_room: IntArray
    unit_low: IntArray


def make_bids(net: Net) -> Bids:
    """Set up heaps for as many bids as an offer can hold."""
    slots = np.minimum(net.offer_capacity, 2 * np.diff(net.in_start) + 4)
    start = np.zeros(len(slots) + 1, np.int64)
    np.cumsum(slots, out=start[1:])
    size = int(start[-1]) + 1
    return Bids(
        start, np.zeros(len(slots), np.int64), np.empty(size, np.int64), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64),
        np.array([-1, 0], np.int64),
    )  # fmt: skip


def make_market(net: Net) -> Market:
    """Set up prices and room for `hold`."""
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    return Market(
        np.zeros(offers, np.int64), np.zeros(offers, np.int64), np.zeros(offers, np.int64),
        np.zeros(units, np.int64), np.full(units, _FAR, np.int64),
    )  # fmt: skip


@compiled
def _enter(bids: Bids, offer: int, level: int, need: int, edge: int, amount: int) -> None:
    """Add a bid to an offer's heap."""
    number = bids.store[0]
    if number != -1:
        bids.store[0] = bids.need[number]
    else:
        number = bids.store[1]
        bids.store[1] += 1
    bids.need[number] = need
    bids.edge[number] = edge
    bids.amount[number] = amount
    first = bids.start[offer]
    at = bids.size[offer]
    bids.size[offer] += 1
    while at > 0:
        above = (at - 1) >> 1
        if bids.level[first + above] <= level:
            break
        bids.level[first + at] = bids.level[first + above]
        bids.bid[first + at] = bids.bid[first + above]
        at = above
    bids.level[first + at] = level
    bids.bid[first + at] = number


@compiled
def _drop(bids: Bids, offer: int) -> None:
    """Remove an offer's lowest bid."""
    first = bids.start[offer]
    number = bids.bid[first]
    bids.need[number] = bids.store[0]
    bids.store[0] = number
    size = bids.size[offer] - 1
    bids.size[offer] = size
    level, number = bids.level[first + size], bids.bid[first + size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and bids.level[first + child + 1] < bids.level[first + child]:
            child += 1
        if bids.level[first + child] >= level:
            break
        bids.level[first + at] = bids.level[first + child]
        bids.bid[first + at] = bids.bid[first + child]
        at = child
    bids.level[first + at] = level
    bids.bid[first + at] = number


@compiled
def _reprice(net: Net, bids: Bids, market: Market, offer: int) -> None:
    """Set the price of an offer, and of its unit's others, after a change at the offer."""
    unit = net.offer_unit[offer]
    first = bids.start[offer]
    is_full = market.offer_room[offer] == 0 or bids.size[offer] == bids.start[offer + 1] - first
    if unit < 0:
        market.price[offer] = bids.level[first] if is_full else market.begin[offer]
        return
    low = _FAR
    for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
        other = net.unit_offer[k]
        if bids.size[other] > 0:
            low = min(low, bids.level[bids.start[other]])
    market.unit_low[unit] = low
    for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
        other = net.unit_offer[k]
        first = bids.start[other]
        if market.offer_room[other] == 0 or bids.size[other] == bids.start[other + 1] - first:
            market.price[other] = bids.level[first] if bids.size[other] > 0 else _FAR
        elif market.unit_room[unit] <= 0:
            market.price[other] = max(low, market.begin[other])
        else:
            market.price[other] = market.begin[other]


@compiled
def _displace(net: Net, bids: Bids, market: Market, left: IntArray, offer: int, amount: int) -> int:
    """Take places off an offer's lowest bid and give the need that loses them."""
    number = bids.bid[bids.start[offer]]
    need = bids.need[number]
    unit = net.offer_unit[offer]
    amount = min(amount, bids.amount[number])
    market.offer_room[offer] += amount
    if unit >= 0:
        market.unit_room[unit] += amount
    left[need] += amount
    bids.amount[number] -= amount
    if bids.amount[number] == 0:
        _drop(bids, offer)
    return int(need)


@compiled
def _lowest_of_unit(net: Net, bids: Bids, unit: int) -> int:
    low, at = _FAR, -1
    for k in range(net.unit_start[unit], net.unit_start[unit + 1]):
        offer = net.unit_offer[k]
        if bids.size[offer] > 0 and bids.level[bids.start[offer]] < low:
            low, at = bids.level[bids.start[offer]], offer
    return int(at)


@compiled
def bid(
    net: Net,
    is_optional: IntArray,
    bids: Bids,
    market: Market,
    left: IntArray,
    queue: RowArray,
    is_queued: IntArray,
    epsilon: int,
    dearest: int,
    least: int,
    most_bids: int,
) -> int:
    """Let all needs bid until each has its places, or stays out, or there were too many bids.

    Returns
    -------
    int
        How many bids were made.
    """
    size = len(net.quantity)
    made = 0
    while size > 0 and made < most_bids:
        need = queue[size - 1]
        best, second, at = _FAR, _FAR, -1
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            here = net.edge_cost[edge] + market.price[net.edge_offer[edge]]
            if here < second:
                if here < best:
                    second, best, at = best, here, edge
                else:
                    second = here
        if is_optional[need]:
            second = min(second, 0)
        if at == -1 or best >= _FAR // 2 or (is_optional[need] and best >= 0):
            size -= 1
            is_queued[need] = 0
            continue
        made += 1
        offer = int(net.edge_offer[at])
        unit = int(net.offer_unit[offer])
        level = market.price[offer] + min(second - best, 2 * dearest) + epsilon
        if left[need] == 0:
            size -= 1
            is_queued[need] = 0
            continue
        slots = bids.start[offer + 1] - bids.start[offer]
        # The need is taken off the queue, so that those it displaces come next; it follows if it lacks more.
        size -= 1
        is_queued[need] = 2
        bottom = size
        got = 0
        while got < left[need]:
            if market.offer_room[offer] == 0 or bids.size[offer] == slots:
                other = offer
                amount = max(left[need] - got, least)
                if bids.size[offer] == slots:
                    amount = _FAR
            elif unit >= 0 and market.unit_room[unit] <= 0:
                other = _lowest_of_unit(net, bids, unit)
                amount = max(min(left[need] - got, market.offer_room[offer]), least)
            else:
                amount = min(left[need] - got, market.offer_room[offer])
                if unit >= 0:
                    amount = min(amount, market.unit_room[unit])
                market.offer_room[offer] -= amount
                if unit >= 0:
                    market.unit_room[unit] -= amount
                got += amount
                continue
            if other == -1 or bids.size[other] == 0 or bids.level[bids.start[other]] >= level:
                break
            loser = _displace(net, bids, market, left, other, amount)
            if is_queued[loser] == 0:
                queue[size] = loser
                is_queued[loser] = 1
                size += 1
        if got > 0:
            _enter(bids, offer, level, need, at, got)
            left[need] -= got
        _reprice(net, bids, market, offer)
        is_queued[need] = 0
        if left[need] > 0:
            is_queued[need] = 1
            if size > bottom:
                queue[size] = queue[bottom]
                queue[bottom] = need
                size += 1
            else:
                queue[size] = need
                size += 1
    return made


@compiled
def hold(
    net: Net,
    is_optional: IntArray,
    floor: IntArray,
    epsilons: IntArray,
    dearest: int,
    least: int,
    bids: Bids,
    market: Market,
    left: IntArray,
    length: IntArray,
) -> None:
    """Hold the auction phase by phase; the bids of the last one and the prices stay.

    Parameters
    ----------
    floor : int64 array (offers and units)
        Lowest price of each row.
    epsilons : int64 array
    dearest : int
        The largest cost.
    least : int
        Fewest places that are taken off a bid at once.
    length : int64 array (offers and units)
        Takes the prices.
    """
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    needs = len(net.quantity)
    queue = np.empty(needs + 1, np.int32)
    is_queued = np.zeros(needs, np.uint8)
    length[:] = floor
    for phase in range(len(epsilons)):
        epsilon = epsilons[phase]
        for node in range(offers + units):
            if phase > 0:
                length[node] = max(floor[node], length[node] - 2 * epsilon)
        for offer in range(offers):
            unit = net.offer_unit[offer]
            begin = length[offer]
            if unit >= 0:
                begin = length[offers + unit] + floor[offer] - floor[offers + unit]
            market.begin[offer] = begin
            market.price[offer] = begin
            market.offer_room[offer] = net.offer_capacity[offer]
            if net.offer_capacity[offer] == 0:
                market.price[offer] = _FAR
        for unit in range(units):
            market.unit_room[unit] = net.step_end[net.step_start[unit + 1] - 1]
        bids.size[:] = 0
        bids.store[0] = -1
        bids.store[1] = 0
        for need in range(needs):
            left[need] = net.quantity[need]
            queue[needs - 1 - need] = need
            is_queued[need] = 1
        bid(net, is_optional, bids, market, left, queue, is_queued, epsilon, dearest, least, 300 * needs)
        for unit in range(units):
            if market.unit_room[unit] <= 0 and market.unit_low[unit] < _FAR:
                length[offers + unit] = max(length[offers + unit], market.unit_low[unit])
        for offer in range(offers):
            unit = net.offer_unit[offer]
            if net.offer_capacity[offer] > 0:
                length[offer] = market.price[offer]
                if length[offer] >= _FAR:
                    length[offer] = market.begin[offer]
            elif unit >= 0:
                length[offer] = length[offers + unit]


@compiled
def settle(net: Net, flow: Flow, terms: Terms, costs: Costs, lack: IntArray, bids: Bids) -> None:
    """Enter the bids that are exactly right into an empty flow, and pretend what is spare at a price."""
    offers, units = len(net.offer_capacity), len(net.step_start) - 1
    length = costs.node
    for need in range(len(net.quantity)):
        best = 0 if terms.is_optional[need] else _FAR
        for edge in range(net.need_start[need], net.need_start[need + 1]):
            best = min(best, net.edge_cost[edge] + length[net.edge_offer[edge]])
        costs.need[need] = best if best < _FAR else 0
    for offer in range(offers):
        unit = net.offer_unit[offer]
        for slot in range(bids.start[offer], bids.start[offer] + bids.size[offer]):
            number = bids.bid[slot]
            need, edge, amount = bids.need[number], bids.edge[number], bids.amount[number]
            if net.edge_cost[edge] + length[offer] > costs.need[need]:
                continue
            put(net, flow, need, edge, amount)
            flow.left[need] -= amount
            flow.offer_used[offer] += amount
            if unit >= 0:
                flow.unit_used[unit] += amount
    for offer in range(offers):
        unit = net.offer_unit[offer]
        room = net.offer_capacity[offer] - flow.offer_used[offer]
        on = 0 if unit < 0 else length[offers + unit]
        if unit >= 0 and flow.offer_used[offer] == 0 and length[offer] < on:
            length[offer] = on
        if room > 0 and length[offer] > on + terms.offer_floor[offer]:
            lack[offer] = room
            flow.offer_used[offer] += room
            if unit >= 0:
                flow.unit_used[unit] += room
    for unit in range(units):
        room, cost = next_step(net, flow, unit)
        if room > 0 and length[offers + unit] > cost + terms.unit_floor[unit]:
            lack[offers + unit] = room
            flow.unit_used[unit] += room
