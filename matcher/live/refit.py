"""Bringing one row in line after its amounts or costs changed: what no longer fits becomes work.

Each step leaves prices right for everything that is still in place; see `matcher.live.settle` for the rest.
"""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.links import add_excess, add_flow
from matcher.live.paths import add_load, load_run
from matcher.live.search import is_plain, last_load, next_load, tell_needs


@compiled_part
def find_start_price(meta: IntArray, n: int) -> int:
    """The cheapest way on from a need at the prices as they are."""
    need, edge, pair = at.needs_of(meta), at.edges_of(meta), at.pairs_of(meta)
    edge_flow, offer_price, move_cost = at.edge_flow_of(meta), at.offer_price_of(meta), meta[at.MOVE_COST]
    price: int = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        if pair[e, at.COST] - move_cost >= price:
            break
        way = pair[e, at.COST] + offer_price[pair[e, at.OFFER]]
        if way - move_cost < price and edge_flow[e] < edge[e, at.ROOM]:
            price = min(price, way - move_cost if edge_flow[e] < edge[e, at.BASE] else way)
    return price


@compiled_part
def price_again(meta: IntArray, o: int) -> None:
    """Give an empty offer that had no price to pay the least one at which no need would gain."""
    offer, entry, need_price = at.offers_of(meta), at.entries_of(meta), at.need_price_of(meta)
    price = 0
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        worth = need_price[entry[k, at.ENTRY_NEED]] - entry[k, at.ENTRY_COST] + meta[at.MOVE_COST]
        price = max(price, worth)
    at.offer_price_of(meta)[o] = price
    if is_plain(meta):
        tell_needs(meta, o, at.BACK)


@compiled
def take_off(meta: IntArray, e: int, places: int) -> None:
    """Take places off an edge: the need has to find others, the offer has them free."""
    add_flow(meta, e, -places)
    add_excess(meta, at.OF_NEED, at.edges_of(meta)[e, at.NEED], places)
    add_excess(meta, at.OF_OFFER, at.pairs_of(meta)[e, at.OFFER], -places)


@compiled_part
def leave_pairs(meta: IntArray, n: int) -> None:
    """Take a need off all its pairs, which have the places free then."""
    need, edge_flow = at.needs_of(meta), at.edge_flow_of(meta)
    e = need[n, at.START]
    while need[n, at.SERVED] > 0:
        places = edge_flow[e]
        if places > 0:
            add_flow(meta, e, -places)
            add_excess(meta, at.OF_OFFER, at.pairs_of(meta)[e, at.OFFER], -places)
        e += 1


@compiled
def refit_offer(meta: IntArray, o: int) -> None:
    """Bring an offer in line with its capacity."""
    offer, unit, entry = at.offers_of(meta), at.units_of(meta), at.entries_of(meta)
    edge_flow, offer_price, u = at.edge_flow_of(meta), at.offer_price_of(meta), offer[o, at.UNIT]
    if offer[o, at.CAPACITY] == 0:
        while offer[o, at.HELD] > 0:
            k = offer[o, at.START] + offer[o, at.HELD] - 1
            e = entry[k, at.ENTRY_EDGE]
            places = edge_flow[e]
            n = entry[k, at.ENTRY_NEED]
            add_flow(meta, e, -places)
            add_excess(meta, at.OF_NEED, n, places)
        freed = offer[o, at.FLOW]
        offer[o, at.FLOW] = 0
        offer[o, at.EXCESS] = 0
        if u >= 0 and freed > 0:
            add_excess(meta, at.OF_UNIT, u, -freed)
        offer_price[o] = at.FAR
        return
    if offer_price[o] > at.FAR // 2:
        price_again(meta, o)
    spare = offer[o, at.CAPACITY] - offer[o, at.FLOW]
    onward = unit[u, at.PRICE] if u >= 0 else 0
    if spare < 0 or (spare > 0 and offer_price[o] > onward):
        offer[o, at.FLOW] = offer[o, at.CAPACITY]
        add_excess(meta, at.OF_OFFER, o, -spare)
        if u >= 0:
            add_excess(meta, at.OF_UNIT, u, spare)


@compiled
def refit_unit(meta: IntArray, u: int) -> None:
    """Bring a unit in line with its total and its load costs."""
    unit, offer, offer_price = at.units_of(meta), at.offers_of(meta), at.offer_price_of(meta)
    if unit[u, at.PRICE] > at.FAR // 2 and unit[u, at.LIMIT] > 0:
        unit[u, at.PRICE] = 0
        o = unit[u, at.FIRST]
        while o >= 0:
            if offer[o, at.CAPACITY] > 0 and offer_price[o] > at.FAR // 2:
                price_again(meta, o)
            if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
                unit[u, at.PRICE] = max(unit[u, at.PRICE], offer_price[o])
            o = offer[o, at.NEXT]
    over = unit[u, at.FLOW] - unit[u, at.LIMIT]
    if over > 0:
        add_load(meta, u, -over)
        add_excess(meta, at.OF_UNIT, u, over)
    while unit[u, at.FLOW] > 0 and unit[u, at.PRICE] < last_load(meta, u):
        run = load_run(meta, u, at.BACK)
        add_load(meta, u, -run)
        add_excess(meta, at.OF_UNIT, u, run)
    while unit[u, at.FLOW] < unit[u, at.LIMIT] and unit[u, at.PRICE] > next_load(meta, u):
        run = load_run(meta, u, at.ONWARD)
        add_load(meta, u, run)
        add_excess(meta, at.OF_UNIT, u, -run)


@compiled
def refit_need(meta: IntArray, n: int, quantity: int) -> None:
    """Bring a need in line with a net quantity."""
    need, need_price = at.needs_of(meta), at.need_price_of(meta)
    before = need[n, at.QUANTITY]
    need[n, at.QUANTITY] = quantity
    if quantity > before:
        if before == 0:
            need_price[n] = find_start_price(meta, n)
        add_excess(meta, at.OF_NEED, n, quantity - before)
    elif quantity < before:
        if quantity == 0:
            leave_pairs(meta, n)
            need[n, at.EXCESS] = 0
            need_price[n] = -at.FAR
        over = need[n, at.SERVED] + need[n, at.EXCESS] - quantity
        if over > 0:
            add_excess(meta, at.OF_NEED, n, -over)


@compiled_part
def reopen(meta: IntArray, n: int) -> None:
    """Let a need choose again from all its pairs."""
    need = at.needs_of(meta)
    leave_pairs(meta, n)
    missing = need[n, at.QUANTITY] - need[n, at.EXCESS]
    if missing != 0:
        add_excess(meta, at.OF_NEED, n, missing)
    at.need_price_of(meta)[n] = find_start_price(meta, n) if need[n, at.QUANTITY] > 0 else -at.FAR


@compiled
def refit_edge(meta: IntArray, e: int) -> None:
    """Bring a pair in line with its cost and its room."""
    need, edge, pair, edge_flow = (
        at.needs_of(meta),
        at.edges_of(meta),
        at.pairs_of(meta),
        at.edge_flow_of(meta),
    )
    n, need_price = edge[e, at.NEED], at.need_price_of(meta)
    if edge_flow[e] > edge[e, at.ROOM]:
        take_off(meta, e, edge_flow[e] - edge[e, at.ROOM])
    if need[n, at.QUANTITY] == 0:
        return
    own, flow = pair[e, at.COST] + at.offer_price_of(meta)[pair[e, at.OFFER]], edge_flow[e]
    if flow == 0:
        if own < need_price[n] and edge[e, at.ROOM] > 0:
            reopen(meta, n)
    elif own != need_price[n]:
        alone = flow == need[n, at.QUANTITY] and flow < edge[e, at.ROOM]
        if alone and own == find_start_price(meta, n):
            need_price[n] = own
        else:
            reopen(meta, n)
