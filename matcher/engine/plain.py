"""The quick way where no edge has a capacity and no unit a load cost: levels, auction, and an exact end."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray, RowArray
from matcher.engine.auction import Bids, Scale, bid_ahead, bid_for_all, find_levels, lay_floors, make_bids
from matcher.engine.draw import draw_places
from matcher.engine.entries import make_entries
from matcher.engine.layout import OfferEdges, Plain, lay_out, list_by_offer
from matcher.engine.mend import send_places, settle_bids
from matcher.engine.prove import find_lengths, is_proved
from matcher.remainder import Remainder

_REACH = 8
# Cost up to which places are first looked for; then four times as far, and so on.
_EDGES_FOR_TWO = 500_000
# From so many on, a second thread saves more than it takes to begin one.


class Found(NamedTuple):
    """An optimal flow (edges), and the shortest lengths that prove it (offers, then units; needs).

    A need's goes no further than staying without a place.
    """

    flow: IntArray
    length: IntArray
    need_length: IntArray


def solve_plain(rest: Remainder, barrier: int, level: int, threads: int = 1) -> Found | None:
    """Find the optimum; None if the answer found isn't proved, which would be a fault of the engine.

    Parameters
    ----------
    rest : Remainder
        Without edge capacities and load costs.
    barrier : int
        A cost that no way through the network comes up to.
    level : int
        What one level counts: many barriers.
    threads : int
        From 2 on, a second one finds levels while the first bids for prices; the answer is the same.
    """
    net = lay_out(rest)
    needs, offers, nodes = len(net.quantity), len(net.unit_of), len(net.capacity)
    scale = Scale(level, max(1, int(net.edge_cost.mean())))
    outside = net.weight * level
    by_offer, node_level, bids, price = _bid(net, scale, threads)
    floor = lay_floors(node_level, net.unit_of, level, barrier)
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
        *by_offer, net.edge_offer, net.unit_of, net.member_start, net.members, net.capacity, floor, price,
        need_price, left, used, lack, *entries, _REACH,
    )  # fmt: skip
    if not is_whole:
        return None
    length = find_lengths(
        by_offer.start, by_offer.need, by_offer.cost, net.edge_offer, outside, net.unit_of, net.member_start,
        net.members, net.capacity, used, entries.of_need, entries.edge, entries.other, price, need_price,
    )  # fmt: skip
    proved = is_proved(
        net.need_start, net.edge_offer, net.edge_cost, net.quantity, outside, net.unit_of, net.capacity,
        entries.of_need, entries.edge, entries.amount, entries.other, length, need_price,
    )  # fmt: skip
    if not proved:
        return None
    flow = np.zeros(len(net.edge_offer), np.int64)
    read_entries(entries.of_need, entries.edge, entries.amount, entries.other, net.edge_row, flow)
    node_length, need_length = length.copy(), np.empty_like(need_price)
    node_length[:offers] = length[net.offer_rank]
    need_length[net.need_order] = need_price
    return Found(flow, node_length, need_length)


def _bid(net: Plain, scale: Scale, threads: int) -> tuple[OfferEdges, IntArray, Bids, IntArray]:
    """List edges by offer and find levels; let all bid; give lists, levels, bids and prices."""
    bids = make_bids(net)

    def prepare() -> tuple[OfferEdges, IntArray]:
        return list_by_offer(net), find_levels(net, net.quantity, net.capacity)

    if len(net.edge_offer) < _EDGES_FOR_TWO:
        by_offer, node_level = prepare()
        ahead = bid_ahead(net, scale, bids, node_level)
    elif threads == 1:
        by_offer, node_level = prepare()
        ahead = bid_ahead(net, scale, bids)
    else:
        with ThreadPoolExecutor(1) as beside:
            prepared = beside.submit(prepare)
            ahead = bid_ahead(net, scale, bids)
            by_offer, node_level = prepared.result()
    return by_offer, node_level, bids, bid_for_all(net, scale, node_level, ahead, bids)


@compiled
def read_entries(
    of_need: RowArray, e_edge: RowArray, amount: IntArray, other: RowArray, edge_row: RowArray, flow: IntArray
) -> None:
    """Write the places of all entries to the rows of their edges."""
    for need in range(len(of_need)):
        entry = of_need[need]
        while entry != -1:
            flow[edge_row[e_edge[entry]]] += amount[entry]
            entry = other[entry]
