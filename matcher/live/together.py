"""Many places that have to go on at once: all that costs less than where they will end gives way together.

One by one, each place would have to look again at what the one before it looked at, only to raise the same
prices by a little more. So one search goes out from all of them, past the nearest end, until it has met
half as many ends as there are places: prices rise as far as the last of these is away (any rise that leaves
no way with a loss is right), and the ends before it, which at these prices nobody would hold on to, are given
up. Places and gaps lie close together then, and `matcher.live.hops` takes each place the cheapest way on.
This is the opening step of a primal-dual method (Ford & Fulkerson 1962), begun from prices that hold.
"""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.hops import follow_steps, take_next
from matcher.live.links import add_excess, add_flow
from matcher.live.loads import add_load
from matcher.live.search import reach_offer, reach_unit, settle_prices, touch

FEW = 4
"""Fewer places than these go one by one."""


@compiled_part
def drop_dearest(meta: IntArray) -> None:
    """Take the dearest end out of the heap of ends."""
    end = at.ends_of(meta)
    meta[at.END_PLACES] -= end[0, at.END_ROOM]
    meta[at.ENDS] -= 1
    last, here = meta[at.ENDS], 0
    while True:
        child = 2 * here + 1
        if child >= last:
            break
        if child + 1 < last and end[child + 1, at.END_KEY] > end[child, at.END_KEY]:
            child += 1
        if end[child, at.END_KEY] <= end[last, at.END_KEY]:
            break
        for column in range(at.END_COLUMNS):
            end[here, column] = end[child, column]
        here = child
    for column in range(at.END_COLUMNS):
        end[here, column] = end[last, column]


@compiled_part
def meet_end(meta: IntArray, key: int, room: int, row: int, term: int) -> None:
    """Note where so many places could end at some distance; the dearest beyond those needed are dropped."""
    if room <= 0 or key >= meta[at.DISTANCE]:
        return
    end, wanted = at.ends_of(meta), meta[at.END_WANTED]
    here = meta[at.ENDS]
    while here > 0 and end[(here - 1) >> 1, at.END_KEY] < key:
        for column in range(at.END_COLUMNS):
            end[here, column] = end[(here - 1) >> 1, column]
        here = (here - 1) >> 1
    end[here, at.END_KEY] = key
    end[here, at.END_ROOM] = min(room, wanted)
    end[here, at.END_ROW] = row * 8 + term
    meta[at.ENDS] += 1
    meta[at.END_PLACES] += min(room, wanted)
    while meta[at.END_PLACES] - end[0, at.END_ROOM] >= wanted:
        drop_dearest(meta)
    if meta[at.END_PLACES] >= wanted:
        meta[at.DISTANCE] = end[0, at.END_KEY]


@compiled_part
def spread_unit(meta: IntArray, u: int) -> None:
    """Follow the ways from a unit on: its total, or a place taken back from one of its offers."""
    unit, offer = at.units_of(meta), at.offers_of(meta)
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    label, own = unit[u, at.LABEL], unit[u, at.PRICE]
    meet_end(meta, label, -unit[u, at.EXCESS], u, at.OPEN_UNIT)
    meet_end(meta, label - own, unit[u, at.LIMIT] - unit[u, at.FLOW], u, at.AT_UNIT)
    o = unit[u, at.FIRST]
    while o >= 0:
        to = label + offer_price[o] - own
        if to < offer_label[o] and to < meta[at.DISTANCE] and offer[o, at.FLOW] > 0:
            reach_offer(meta, o, to, at.BY_UNIT)
        o = offer[o, at.NEXT]


@compiled_part
def spread_offer(meta: IntArray, o: int) -> None:
    """Follow the ways from an offer on: its capacity, its unit, and those of its holders."""
    need, offer, unit, entry = at.needs_of(meta), at.offers_of(meta), at.units_of(meta), at.entries_of(meta)
    label, own, u = at.offer_label_of(meta)[o], at.offer_price_of(meta)[o], offer[o, at.UNIT]
    meet_end(meta, label, -offer[o, at.EXCESS], o, at.OPEN_OFFER)
    spare = offer[o, at.CAPACITY] - offer[o, at.FLOW]
    if spare > 0 and u < 0:
        meet_end(meta, label - own, spare, o, at.AT_OFFER)
    elif spare > 0:
        to = label + unit[u, at.PRICE] - own
        if to < unit[u, at.LABEL] and to < meta[at.DISTANCE]:
            reach_unit(meta, u, to, o)
            spread_unit(meta, u)
    follow_steps(meta, o, at.NO)
    if label - own + at.hops_of(meta)[o, at.QUIT] < meta[at.DISTANCE]:
        for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
            unserved = need[entry[k, at.ENTRY_NEED], at.WEIGHT] * meta[at.LEVEL_PRICE]
            held = entry[k, at.ENTRY_EDGE]
            room = at.edge_flow_of(meta)[held]
            meet_end(meta, label - own - entry[k, at.ENTRY_COST] + unserved, room, held, at.UNSERVED)


@compiled_part
def begin_spread(meta: IntArray) -> None:
    """Label the rows where places have to go on."""
    need, offer, unit, work = at.needs_of(meta), at.offers_of(meta), at.units_of(meta), at.work_of(meta)
    pair, offer_price, need_price = at.pairs_of(meta), at.offer_price_of(meta), at.need_price_of(meta)
    for k in range(meta[at.WORK]):
        row, kind = work[k] >> 2, work[k] & 3
        if kind == at.OF_OFFER:
            if offer[row, at.EXCESS] > 0 and at.offer_label_of(meta)[row] > 0:
                reach_offer(meta, row, 0, at.ROOT)
        elif kind == at.OF_UNIT:
            if unit[row, at.EXCESS] > 0 and unit[row, at.LABEL] > 0:
                reach_unit(meta, row, 0, at.ROOT)
                spread_unit(meta, row)
        elif need[row, at.EXCESS] > 0 and at.need_label_of(meta)[row] > 0:
            touch(meta, row, at.OF_NEED)
            at.need_label_of(meta)[row] = 0
            unserved = need[row, at.WEIGHT] * meta[at.LEVEL_PRICE]
            best = unserved
            for e in range(need[row, at.START], need[row, at.START] + need[row, at.DEGREE]):
                best = min(best, pair[e, at.COST] + offer_price[pair[e, at.OFFER]])
            need_price[row] = best
            meet_end(meta, unserved - best, need[row, at.EXCESS], row, at.OPEN_NEED)
            for e in range(need[row, at.START], need[row, at.START] + need[row, at.DEGREE]):
                o = pair[e, at.OFFER]
                to = pair[e, at.COST] + offer_price[o] - best
                if to < at.offer_label_of(meta)[o] and to < meta[at.DISTANCE]:
                    reach_offer(meta, o, to, e)


@compiled_part
def give_up(meta: IntArray, term: int, row: int) -> None:
    """Give up an end that nobody would hold on to at the new prices: its places go free, or wait."""
    need, offer, unit = at.needs_of(meta), at.offers_of(meta), at.units_of(meta)
    if term == at.UNSERVED:
        places = at.edge_flow_of(meta)[row]
        n, o = at.edges_of(meta)[row, at.NEED], at.pairs_of(meta)[row, at.OFFER]
        add_flow(meta, row, -places)
        at.need_price_of(meta)[n] = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
        add_excess(meta, at.OF_OFFER, o, -places)
    elif term == at.OPEN_NEED:
        need[row, at.EXCESS] = 0
        at.need_price_of(meta)[row] = need[row, at.WEIGHT] * meta[at.LEVEL_PRICE]
    elif term == at.AT_OFFER:
        places = offer[row, at.CAPACITY] - offer[row, at.FLOW]
        offer[row, at.FLOW] += places
        if places > 0:
            add_excess(meta, at.OF_OFFER, row, -places)
    elif term == at.AT_UNIT:
        places = unit[row, at.LIMIT] - unit[row, at.FLOW]
        if places > 0:
            add_load(meta, row, places)
            add_excess(meta, at.OF_UNIT, row, -places)


@compiled_part
def go_together(meta: IntArray) -> None:
    """Let all places that have to go on raise the prices at once, and give up what is too dear then."""
    work, wanted = at.work_of(meta), 0
    for k in range(meta[at.WORK]):
        row, kind = work[k] >> 2, work[k] & 3
        if kind == at.OF_NEED:
            wanted += max(0, at.needs_of(meta)[row, at.EXCESS])
        elif kind == at.OF_OFFER:
            wanted += max(0, at.offers_of(meta)[row, at.EXCESS])
        else:
            wanted += max(0, at.units_of(meta)[row, at.EXCESS])
    if wanted < FEW:
        return
    end = at.ends_of(meta)
    meta[at.ENDS] = 0
    meta[at.END_PLACES] = 0
    # Half of the ends will do: beyond, single ways cost less than raising prices over a whole town.
    meta[at.END_WANTED] = min(wanted // 2, len(end) - 1)
    meta[at.DISTANCE] = at.UNSEEN
    begin_spread(meta)
    o = take_next(meta, at.NO)
    while o >= 0:
        spread_offer(meta, o)
        o = take_next(meta, at.NO)
    if meta[at.DISTANCE] == at.UNSEEN:
        meta[at.DISTANCE] = 0
    settle_prices(meta, at.ONWARD)
    for k in range(meta[at.ENDS]):
        if end[k, at.END_KEY] < meta[at.DISTANCE]:
            give_up(meta, end[k, at.END_ROW] & 7, end[k, at.END_ROW] >> 3)
