"""Bringing one row in line after its amounts or costs changed: what no longer fits becomes work.

Each step leaves prices right for everything that is still in place; see `matcher.live.settle` for the rest.
"""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.links import add_excess, add_flow, is_plain
from matcher.live.loads import add_load, find_load, find_run
from matcher.live.search import freshen, tell_needs
from matcher.live.state import State
from matcher.live.steps import forget_steps_to
from matcher.live.together import FEW


@compiled
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


@compiled
def price_again(meta: IntArray, o: int) -> None:
    """Give an empty offer that had no price to pay the least one at which no need would gain."""
    offer, entry, need_price = at.offers_of(meta), at.entries_of(meta), at.need_price_of(meta)
    freshen(meta)
    price = 0
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        worth = need_price[entry[k, at.ENTRY_NEED]] - entry[k, at.ENTRY_COST] + meta[at.MOVE_COST]
        price = max(price, worth)
    at.offer_price_of(meta)[o] = price
    if is_plain(meta):
        tell_needs(meta, o, at.BACK)
    forget_steps_to(meta, o)


@compiled
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
    # Whoever it serves goes one by one, the one for whom it is cheapest first. Where moves are counted or
    # cost something all go at once, since those who lose their place are told from those who make way.
    at_once = meta[at.MOST_MOVES] >= 0 or not is_plain(meta) or offer[o, at.FLOW] >= FEW
    if offer[o, at.CAPACITY] == 0 and (at_once or offer[o, at.HELD] == 0):
        if is_plain(meta):
            tell_needs(meta, o, at.ONWARD)
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


def take_off(state: State, e: int, places: int) -> None:
    """Take places off an edge: the need has to find others, the offer has them free."""
    freshen(state.meta)
    add_flow(state.meta, e, -places)
    add_excess(state.meta, at.OF_NEED, state.edge[e, at.NEED], places)
    add_excess(state.meta, at.OF_OFFER, state.pair[e, at.OFFER], -places)


def refit_unit(state: State, u: int) -> None:
    """Bring a unit in line with its total and its load costs."""
    meta, unit, offer, offer_price = state.meta, state.unit[u], state.offer, state.offer_price
    if unit[at.PRICE] > at.FAR // 2 and unit[at.LIMIT] > 0:
        unit[at.PRICE] = 0
        o = unit[at.FIRST]
        while o >= 0:
            if offer[o, at.CAPACITY] > 0 and offer_price[o] > at.FAR // 2:
                price_again(meta, o)
            if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
                unit[at.PRICE] = max(unit[at.PRICE], offer_price[o])
            o = offer[o, at.NEXT]
    over = unit[at.FLOW] - unit[at.LIMIT]
    if over > 0:
        add_load(meta, u, -over)
        add_excess(meta, at.OF_UNIT, u, over)
    while unit[at.FLOW] > 0 and unit[at.PRICE] < find_load(meta, u, at.BACK):
        run = find_run(meta, u, at.BACK)
        add_load(meta, u, -run)
        add_excess(meta, at.OF_UNIT, u, run)
    while unit[at.FLOW] < unit[at.LIMIT] and unit[at.PRICE] > find_load(meta, u, at.ONWARD):
        run = find_run(meta, u, at.ONWARD)
        add_load(meta, u, run)
        add_excess(meta, at.OF_UNIT, u, -run)


def refit_edge(state: State, e: int) -> None:
    """Bring a pair in line with its cost and its room."""
    freshen(state.meta)
    n, flow, room = int(state.edge[e, at.NEED]), int(state.edge_flow[e]), int(state.edge[e, at.ROOM])
    quantity = state.need[n, at.QUANTITY]
    if flow > room:
        take_off(state, e, flow - room)
        flow = room
    if quantity == 0:
        return
    own = state.pair[e, at.COST] + state.offer_price[state.pair[e, at.OFFER]]
    if flow == 0:
        if own < state.need_price[n] and room > 0:
            _reopen(state, n)
    elif own != state.need_price[n]:
        if flow == quantity and flow < room and own == find_start_price(state.meta, n):
            state.need_price[n] = own
        else:
            _reopen(state, n)


def _reopen(state: State, n: int) -> None:
    """Let a need choose again from all its pairs."""
    leave_pairs(state.meta, n)
    missing = state.need[n, at.QUANTITY] - state.need[n, at.EXCESS]
    if missing != 0:
        add_excess(state.meta, at.OF_NEED, n, missing)
    state.need_price[n] = find_start_price(state.meta, n)
