"""The quick way, where no unit has a load cost: levels, auction, and an exact end."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.auction import Scale, bid_ahead, bid_for_all, lay_floors
from matcher.engine.bids import price_lonely
from matcher.engine.draw import draw_places
from matcher.engine.entries import Entries, make_entries
from matcher.engine.layout import OfferEdges, Plain, lay_out, list_by_offer
from matcher.engine.mend import send_places, settle_bids
from matcher.engine.phases import Bids, find_halves, make_bids
from matcher.engine.priorities import find_levels
from matcher.engine.prove import find_lengths, is_proved
from matcher.engine.together import fill_gaps, lower_to_ends
from matcher.remainder import Remainder

_REACH_SHARE = 128
# This share of the mean cost is how far places are first looked for; then four times as far, and so on.
_SINGLY = 2
# So many times as many edges as there are may be looked at for one place after another, before as many places
# as can be are filled together; again and again, as long as this fills more for what is looked at.
_EDGES_FOR_TWO = 500_000
# From so many on, a second thread saves more than it takes to begin one.


class Found(NamedTuple):
    """An optimal flow, and the shortest lengths that prove it (offers, then units; needs).

    `edge_row` and `places` list the edges in use, each once, and what flows on them. A need's length goes no
    further than staying without a place.
    """

    edge_row: RowArray
    places: IntArray
    length: IntArray
    need_length: IntArray


def solve_plain(rest: Remainder, barrier: int, level: int, threads: int = 1) -> Found | None:
    """Find the optimum; None if the answer found isn't proved, which would be a fault of the engine.

    Parameters
    ----------
    rest : Remainder
        Without load costs.
    barrier : int
        A cost that no way through the network comes up to.
    level : int
        What one level counts: many barriers.
    threads : int
        From 2 on, a second one takes part where a problem is large; the answer is the same.
    """
    if threads == 1 or rest.edge_count < _EDGES_FOR_TWO:
        return _solve(rest, barrier, level, None)
    with ThreadPoolExecutor(1) as beside:
        return _solve(rest, barrier, level, beside)


def _solve(rest: Remainder, barrier: int, level: int, beside: Executor | None) -> Found | None:
    net = lay_out(rest, beside)
    needs, offers, nodes = len(net.quantity), len(net.unit_of), len(net.capacity)
    scale = Scale(level, max(1, int(net.edge_cost.mean())))
    outside, reach = net.find_outside(level), max(1, scale.mean // _REACH_SHARE)
    by_offer, node_level, bids, price = _bid(net, scale, beside)
    floor = lay_floors(node_level, net.unit_of, level, barrier)
    entries = make_entries(needs, offers, len(net.edge_offer))
    need_price = np.empty(needs, np.int64)
    left, used, lack = net.quantity.copy(), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    edge_left = net.edge_capacity.copy()
    price_lonely(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.offer_start, net.unit_of, net.capacity,
        floor, bids.slot_start, bids.slots_used, bids.slot_bid, bids.amount, price,
    )  # fmt: skip
    settle_bids(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, net.capacity, floor,
        bids.slot_start, bids.slots_used, bids.slot_bid, bids.need, bids.edge, bids.amount, price, need_price,
        left, used, lack, *entries, edge_left,
    )  # fmt: skip
    is_whole = send_places(
        net.need_start, net.edge_offer, net.edge_cost, outside, net.unit_of, net.member_start, net.members,
        net.capacity, floor, price, need_price, left, used, lack, *entries, edge_left, reach,
    )  # fmt: skip
    is_filled = is_whole and _fill_lacking(
        net, by_offer, floor, price, need_price, left, used, lack, entries, edge_left, reach
    )  # fmt: skip
    if not is_filled:
        return None
    length = find_lengths(
        *by_offer, net.edge_offer, net.edge_cost, edge_left, outside, net.unit_of, net.member_start,
        net.members, net.capacity, used, entries.of_need, entries.edge, entries.other, price, need_price,
    )  # fmt: skip
    proved = is_proved(
        net.need_start, net.edge_offer, net.edge_cost, net.edge_capacity.copy(), net.quantity, outside,
        net.unit_of, net.capacity, entries.of_need, entries.edge, entries.amount, entries.other, length,
        need_price,
    )  # fmt: skip
    if not proved:
        return None
    edge_row, places = np.empty(entries.store[1], np.int32), np.empty(entries.store[1], np.int64)
    used_edges = read_entries(
        entries.of_need, entries.edge, entries.amount, entries.other, net.edge_row, edge_row, places
    )
    node_length, need_length = length.copy(), np.empty_like(need_price)
    node_length[:offers] = length[net.offer_rank]
    need_length[net.need_order] = need_price
    return Found(edge_row[:used_edges], places[:used_edges], node_length, need_length)


def _fill_lacking(
    net: Plain, by_offer: OfferEdges, floor: IntArray, price: IntArray, need_price: IntArray, left: IntArray,
    used: IntArray, lack: IntArray, entries: Entries, edge_left: IntArray, reach: int,
) -> bool:  # fmt: skip
    """Fill the places that were pretended, or give them up: one by one, or together where that is less work.

    False if some can't be, which would be a fault.
    """
    rows = net.edge_offer, net.edge_cost, net.unit_of, net.member_start, net.members, net.capacity
    state = floor, price, need_price, left, used, lack
    most, lacking = _SINGLY * len(net.edge_offer), int(lack.sum())
    while lacking:
        looked = draw_places(*by_offer, *rows, *state, *entries, edge_left, reach, most)
        if looked < 0:
            return False
        lacking, before = int(lack.sum()), lacking
        singly, together = (before - lacking) / max(looked, 1), np.inf
        while lacking and together > singly:
            looked = lower_to_ends(
                net.need_start, *rows, *state, entries.of_offer, entries.need, entries.edge, entries.after,
                edge_left,
            )  # fmt: skip
            looked += fill_gaps(*by_offer, *rows, *state, *entries, edge_left)
            lacking, before = int(lack.sum()), lacking
            together = (before - lacking) / max(looked, 1)
    return True


def _bid(net: Plain, scale: Scale, beside: Executor | None) -> tuple[OfferEdges, IntArray, Bids, IntArray]:
    """List edges by offer and find levels; let all bid; give lists, levels, bids and prices."""
    bids = make_bids(net)
    if len(net.edge_offer) < _EDGES_FOR_TWO:
        by_offer = list_by_offer(net)
        node_level = find_levels(net, net.quantity, net.capacity, lambda: by_offer)
        ahead = bid_ahead(net, scale, bids, None, node_level)
        return by_offer, node_level, bids, bid_for_all(net, scale, node_level, ahead, bids, None)
    halves = find_halves(net, beside)
    start = _run_now if beside is None else beside.submit
    lists = start(list_by_offer, net)
    if halves is None:
        # Nothing can be halved: the auction for a part runs beside what only that for all needs.
        levels = start(find_levels, net, net.quantity, net.capacity, lists.result)
        ahead = bid_ahead(net, scale, bids, None, lists.result)
        node_level = levels.result()
    else:
        node_level = find_levels(net, net.quantity, net.capacity, lists.result)
        lists.result()
        ahead = bid_ahead(net, scale, bids, halves, node_level)
    return lists.result(), node_level, bids, bid_for_all(net, scale, node_level, ahead, bids, halves)


def _run_now(function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Run a function at once, as an executor would later."""
    done: Future[Any] = Future()
    done.set_result(function(*arguments))
    return done


@compiled
def read_entries(
    of_need: RowArray, e_edge: RowArray, amount: IntArray, other: RowArray, edge_row: RowArray,
    used_row: RowArray, places: IntArray,
) -> int:  # fmt: skip
    """List the edges of all entries and their places; give how many."""
    count = 0
    for need in range(len(of_need)):
        entry = of_need[need]
        while entry != -1:
            used_row[count], places[count] = edge_row[e_edge[entry]], amount[entry]
            count += 1
            entry = other[entry]
    return count
