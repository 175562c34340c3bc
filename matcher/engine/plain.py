"""The quick way where no edge has a capacity and no unit a load cost: levels, auction, and an exact end."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray, group_rows
from matcher.engine.bids import bid_once, hold_auction
from matcher.engine.draw import draw_places
from matcher.engine.entries import make_entries
from matcher.engine.fill import fill_by_weight
from matcher.engine.locality import find_order, reorder
from matcher.engine.mend import send_places, settle_bids
from matcher.engine.prove import find_lengths, is_proved
from matcher.engine.sample import limit_worth, lower_prices, take_sample, take_share
from matcher.remainder import Remainder

_EPSILONS = (1.6, 0.4, 0.1, 0.025, 0.006)
# Shares of the mean cost by which bids rise, phase by phase.
_EVERY = 4
_MANY_NEEDS = 50_000
_LARGEST_MEAN = 8
# Where there are many needs of few places each, the first phases are held for every so many-th of them.
_FEW_PLACES = 2.0
# Where quantities are large, bids are held for so many places of each; at these prices all bid once.
_STEPS_BACK = 2
# Epsilons of the last phase by which prices go down before the next: too few leave places spare that have a
# price, each of which takes a long search; more only take bids.
_CHEAP = 10
# Mean costs below zero at which rows that must be filled begin; from less, remote ones stay spare.
_MOST_BIDS = 100
# Per need and phase.
_DEAREST_BID = 30
# Mean costs beyond its cheapest way that a need of a sample pays at most.
_NARROW_EDGES = 500_000
# From so many on, reading costs of half the width saves more than compiling the loops once more takes.
_REACH = 8
# Cost up to which places are first looked for; then four times as far, and so on.


class Plain(NamedTuple):
    """A plain problem laid out for the loops; nodes are offers, then units.

    Attributes
    ----------
    need_order, offer_rank : int32 arrays
        Row in the remainder of each need here, and place here of each offer of the remainder.
    edge_row : int32 array (edges)
        Row of each edge in the remainder.
    need_start, edge_offer, edge_cost
        Edges, together by need.
    quantity, weight : int64 arrays (needs)
    unit_of : int32 array (offers)
        Node of the unit, -1 for none.
    member_start, members
        Offers of each unit.
    capacity : int64 array (nodes)
    """

    need_order: RowArray
    offer_rank: RowArray
    edge_row: RowArray
    need_start: IntArray
    edge_offer: RowArray
    edge_cost: RowArray
    quantity: IntArray
    weight: IntArray
    unit_of: RowArray
    member_start: IntArray
    members: RowArray
    capacity: IntArray


class Found(NamedTuple):
    """An optimal flow (edges), and the shortest lengths that prove it (offers, then units)."""

    flow: IntArray
    length: IntArray


def lay_out(rest: Remainder) -> Plain:
    """Lay a remainder out for the loops, neighbours together."""
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    start = np.zeros(needs + 1, np.int64)
    np.cumsum(np.bincount(rest.edge_need, minlength=needs), out=start[1:])
    edge_offer = rest.edge_offer.astype(np.int32)
    edge_cost = rest.edge_cost.astype(find_width(rest.edge_cost))
    rank, order = find_order(start, edge_offer, edge_cost, offers)
    need_start, edge_row, edge_offer, edge_cost = reorder(start, edge_offer, edge_cost, rank, order)
    offer_at = np.empty(offers, np.int64)
    offer_at[rank] = np.arange(offers)
    offer_unit = rest.offer_unit[offer_at]
    of_unit = np.flatnonzero(offer_unit >= 0)
    member_start, members = group_rows(offer_unit[of_unit], units)
    return Plain(
        order, rank, edge_row, need_start, edge_offer, edge_cost, rest.need_quantity[order],
        rest.need_weight[order], np.where(offer_unit >= 0, offers + offer_unit, -1).astype(np.int32),
        member_start, of_unit[members].astype(np.int32),
        np.concatenate([rest.offer_capacity[offer_at], rest.step_capacity]),
    )  # fmt: skip


def find_width(edge_cost: IntArray) -> type[np.int32 | np.int64]:
    """Find how wide costs are kept: narrow ones read faster, but the loops must be compiled for them anew."""
    large = len(edge_cost) >= _NARROW_EDGES
    return np.int32 if large and np.abs(edge_cost).max() < 1 << 31 else np.int64


@compiled
def list_by_offer(
    need_start: IntArray, edge_offer: RowArray, edge_cost: RowArray, offers: int
) -> tuple[IntArray, RowArray, RowArray, RowArray]:
    """List edges by offer: starts, then row, need and cost of each edge."""
    start = np.zeros(offers + 1, np.int64)
    for edge in range(len(edge_offer)):
        start[edge_offer[edge] + 1] += 1
    for offer in range(offers):
        start[offer + 1] += start[offer]
    place = start[:-1].copy()
    edges, needs = np.empty(len(edge_offer), np.int32), np.empty(len(edge_offer), np.int32)
    costs = np.empty_like(edge_cost)
    for need in range(len(need_start) - 1):
        for edge in range(need_start[need], need_start[need + 1]):
            at = place[edge_offer[edge]]
            place[edge_offer[edge]] = at + 1
            edges[at], needs[at], costs[at] = edge, need, edge_cost[edge]
    return start, edges, needs, costs


def solve_plain(rest: Remainder, barrier: int, level: int) -> Found | None:
    """Find the optimum; None if the answer found isn't proved, which would be a fault of the engine.

    Parameters
    ----------
    rest : Remainder
        Without edge capacities and load costs.
    barrier : int
        A cost that no way through the network comes up to.
    level : int
        What one level counts: many barriers.
    """
    net = lay_out(rest)
    needs, offers, nodes = len(net.quantity), len(net.unit_of), len(net.capacity)
    outside = net.weight * level
    in_start, in_edge, in_need, in_cost = list_by_offer(net.need_start, net.edge_offer, net.edge_cost, offers)
    node_level = _find_levels(net)
    mean = max(1, int(net.edge_cost.mean()))
    begin = _lay_floors(node_level, net.unit_of, level, _CHEAP * mean + 1)
    floor = _lay_floors(node_level, net.unit_of, level, barrier)
    bids, price = _bid(net, outside, begin, mean, np.diff(in_start))
    entries = make_entries(needs, offers, len(net.edge_offer))
    need_price = np.empty(needs, np.int64)
    left, used, lack = net.quantity.copy(), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    settle_bids(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, net.capacity, floor,
        bids.slot_start, bids.slots_used, bids.slot_bid, bids.need, bids.edge, bids.amount, price, need_price,
        left, used, lack, *entries,
    )  # fmt: skip
    is_whole = send_places(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, net.member_start, net.members,
        net.capacity, floor, price, need_price, left, used, lack, *entries, _REACH,
    )  # fmt: skip
    is_whole = is_whole and draw_places(
        in_start, in_edge, in_need, in_cost, net.edge_offer, net.unit_of, net.member_start, net.members,
        net.capacity, floor, price, need_price, left, used, lack, *entries, _REACH,
    )  # fmt: skip
    if not is_whole:
        return None
    flow = np.zeros(len(net.edge_offer), np.int64)
    read_entries(entries.of_need, entries.edge, entries.amount, entries.other, flow)
    length = find_lengths(
        in_start, in_need, in_cost, net.edge_offer, outside, net.unit_of, net.member_start, net.members,
        net.capacity, used, entries.of_need, entries.edge, entries.other, price, need_price,
    )  # fmt: skip
    proved = is_proved(
        net.need_start, net.edge_offer, net.edge_cost, net.quantity, outside, net.unit_of, net.capacity, flow,
        length,
    )  # fmt: skip
    if not proved:
        return None
    found, node_length = np.empty_like(flow), length.copy()
    found[net.edge_row] = flow
    node_length[:offers] = length[net.offer_rank]
    return Found(found, node_length)


def _find_levels(net: Plain) -> IntArray:
    """Find the level at which each node is held."""
    needs, offers, nodes = len(net.quantity), len(net.unit_of), len(net.capacity)
    return fill_by_weight(
        net.need_start, net.edge_offer, net.weight, net.unit_of, net.member_start, net.members, net.capacity,
        net.quantity.copy(), np.zeros(nodes, np.int64), *make_entries(needs, offers, len(net.edge_offer)),
    )  # fmt: skip


class _Bids(NamedTuple):
    """Heaps of accepted bids, one per offer, and the bids in them, as `hold_auction` takes them."""

    slot_start: IntArray
    slots_used: IntArray
    slot_level: IntArray
    slot_bid: RowArray
    need: RowArray
    edge: RowArray
    amount: IntArray


def _bid(
    net: Plain, outside: IntArray, begin: IntArray, mean: int, degree: IntArray
) -> tuple[_Bids, IntArray]:
    """Hold the auction, first among a sample where that pays; give the bids, and the prices.

    Large quantities would be displaced piece by piece without an end: they bid once, at prices of a share.
    """
    offers = len(net.unit_of)
    slot_start = np.zeros(offers + 1, np.int64)
    np.cumsum(np.minimum(net.capacity[:offers], 2 * degree + 4), out=slot_start[1:])
    size = int(slot_start[-1]) + 1
    bids = _Bids(
        slot_start, np.zeros(offers, np.int64), np.empty(size, np.int64), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64),
    )  # fmt: skip
    mean_places, price, epsilons = net.quantity.mean(), begin.copy(), _EPSILONS
    if mean_places > _LARGEST_MEAN:
        part = take_share(net.quantity, net.capacity, offers, _FEW_PLACES)
        price = _bid_for_prices(net, part, outside, begin, mean, _EPSILONS, bids)
        # As in an auction, an offer costs no less than its unit does and what it has to be filled for.
        own = begin[:offers] - np.append(begin, 0)[net.unit_of]
        price[:offers] = np.maximum(price[:offers], np.append(price, 0)[net.unit_of] + own)
        bid_once(
            net.need_start, net.edge_offer, net.edge_cost, net.quantity, outside, net.unit_of, net.capacity,
            *bids, price,
        )  # fmt: skip
        return bids, price
    if len(net.quantity) >= _MANY_NEEDS:
        part = take_sample(net.quantity, net.capacity, offers, _EVERY)
        price = _bid_for_prices(net, part, outside, begin, mean, _EPSILONS[:3], bids)
        epsilons = _EPSILONS[2:]
    _hold(net, net.quantity, outside, net.capacity, begin, mean, epsilons, bids, price)
    return bids, price


def _bid_for_prices(
    net: Plain, part: tuple[IntArray, IntArray], outside: IntArray, begin: IntArray, mean: int,
    epsilons: tuple[float, ...], bids: _Bids,
) -> IntArray:  # fmt: skip
    """Hold phases for a part of all places wanted and there; give the prices from which all may go on."""
    quantity, capacity = part
    near = np.empty_like(outside)
    limit_worth(net.need_start, net.edge_offer, net.edge_cost, outside, begin, _DEAREST_BID * mean, near)
    price = begin.copy()
    _hold(net, quantity, near, capacity, begin, mean, epsilons, bids, price)
    lower_prices(
        net.need_start, net.edge_offer, net.edge_cost, quantity, near, net.unit_of, capacity, begin, price,
        np.empty(len(net.unit_of), np.int64),
    )  # fmt: skip
    back = 2 * _STEPS_BACK * max(1, int(epsilons[-1] * mean))
    return np.asarray(np.maximum(begin, price - back))


def _hold(
    net: Plain, quantity: IntArray, outside: IntArray, capacity: IntArray, floor: IntArray, mean: int,
    shares: tuple[float, ...], bids: _Bids, price: IntArray,
) -> None:  # fmt: skip
    """Hold the phases of these epsilons, from the prices given."""
    epsilons = np.array([max(1, int(share * mean)) for share in shares], np.int64)
    steps_back = np.append(0, _STEPS_BACK * epsilons[:-1])
    least = max(1, int(net.quantity.mean()) // (4 if len(net.members) else 2))
    hold_auction(
        net.need_start, net.edge_offer, net.edge_cost, quantity, outside, net.unit_of, net.member_start,
        net.members, capacity, floor, epsilons, steps_back, int(net.edge_cost.max()), least,
        _MOST_BIDS * np.count_nonzero(quantity), *bids, price,
    )  # fmt: skip


def _lay_floors(level: IntArray, unit_of: RowArray, level_worth: int, below: int) -> IntArray:
    """Give the lowest price of each node: 0, or so much below its level's worth where it must be filled."""
    offers = len(unit_of)
    floor = np.where(level > 0, level * level_worth - below, 0)
    on = np.append(level, 0)[unit_of]
    own = level[:offers] - on
    floor[:offers] = np.append(floor, 0)[unit_of] + np.where(own > 0, own * level_worth - below, 0)
    return floor


@compiled
def read_entries(
    of_need: RowArray, e_edge: RowArray, amount: IntArray, other: RowArray, flow: IntArray
) -> None:
    """Write the places of all entries to their edges."""
    for need in range(len(of_need)):
        entry = of_need[need]
        while entry != -1:
            flow[e_edge[entry]] = amount[entry]
            entry = other[entry]
