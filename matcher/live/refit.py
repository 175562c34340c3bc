"""Bringing one row in line after its amounts or costs changed: what no longer fits becomes work.

Each step leaves prices right for everything that is still in place; see `matcher.live.settle` for the rest.
"""

from __future__ import annotations

from graph.compiled import compiled
from matcher.live import state as at
from matcher.live.links import add_excess, add_flow, note
from matcher.live.paths import add_load, load_run
from matcher.live.search import last_load, next_load, tell_needs
from matcher.live.state import State


@compiled
def find_start_price(state: State, n: int) -> int:
    """The cheapest way on from a need at the prices as they are."""
    need, move_cost = state.need, state.meta[at.MOVE_COST]
    price: int = need[n, at.WEIGHT] * state.meta[at.LEVEL_PRICE]
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        if state.edge_cost[e] - move_cost >= price:
            break
        if state.edge_flow[e] < state.edge[e, at.ROOM]:
            back = move_cost if state.edge_flow[e] < state.edge[e, at.BASE] else 0
            price = min(price, state.edge_cost[e] - back + state.offer_price[state.edge_offer[e]])
    return price


@compiled
def find_tight_price(state: State, o: int) -> int:
    """The least price of an empty offer at which no need would gain."""
    offer = state.offer
    price = 0
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        worth = state.need_price[state.entry_need[k]]
        price = max(price, worth - state.entry_cost[k] + state.meta[at.MOVE_COST])
    return price


@compiled
def price_again(state: State, o: int) -> None:
    """Give an offer a price that had none to pay."""
    state.offer_price[o] = find_tight_price(state, o)
    tell_needs(state, o)


@compiled
def take_off(state: State, e: int, places: int) -> None:
    """Take places off an edge: the need has to find others, the offer has them free."""
    add_flow(state, e, -places)
    add_excess(state, state.need, state.edge[e, at.NEED], at.OF_NEED, places)
    add_excess(state, state.offer, state.edge_offer[e], at.OF_OFFER, -places)


@compiled
def refit_offer(state: State, o: int) -> None:
    """Bring an offer in line with its capacity."""
    offer, u = state.offer, state.offer[o, at.UNIT]
    if offer[o, at.CAPACITY] == 0:
        while offer[o, at.HELD] > 0:
            e = state.entry_edge[offer[o, at.START] + offer[o, at.HELD] - 1]
            places = state.edge_flow[e]
            add_flow(state, e, -places)
            add_excess(state, state.need, state.edge[e, at.NEED], at.OF_NEED, places)
        freed = offer[o, at.FLOW]
        offer[o, at.FLOW] = 0
        offer[o, at.EXCESS] = 0
        if u >= 0 and freed > 0:
            add_excess(state, state.unit, u, at.OF_UNIT, -freed)
        state.offer_price[o] = at.FAR
        return
    if state.offer_price[o] > at.FAR // 2:
        price_again(state, o)
    spare = offer[o, at.CAPACITY] - offer[o, at.FLOW]
    onward = state.unit[u, at.PRICE] if u >= 0 else 0
    if spare < 0 or (spare > 0 and state.offer_price[o] > onward):
        offer[o, at.FLOW] = offer[o, at.CAPACITY]
        add_excess(state, offer, o, at.OF_OFFER, -spare)
        if u >= 0:
            add_excess(state, state.unit, u, at.OF_UNIT, spare)


@compiled
def refit_unit(state: State, u: int) -> None:
    """Bring a unit in line with its total and its load costs."""
    unit, offer = state.unit, state.offer
    if unit[u, at.PRICE] > at.FAR // 2 and unit[u, at.LIMIT] > 0:
        unit[u, at.PRICE] = 0
        o = unit[u, at.FIRST]
        while o >= 0:
            if offer[o, at.CAPACITY] > 0 and state.offer_price[o] > at.FAR // 2:
                price_again(state, o)
            if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
                unit[u, at.PRICE] = max(unit[u, at.PRICE], state.offer_price[o])
            o = offer[o, at.NEXT]
    over = unit[u, at.FLOW] - unit[u, at.LIMIT]
    if over > 0:
        add_load(state, u, -over)
        add_excess(state, unit, u, at.OF_UNIT, over)
    while unit[u, at.FLOW] > 0 and unit[u, at.PRICE] < last_load(state, u):
        run = load_run(state, u, False)
        add_load(state, u, -run)
        add_excess(state, unit, u, at.OF_UNIT, run)
    while unit[u, at.FLOW] < unit[u, at.LIMIT] and unit[u, at.PRICE] > next_load(state, u):
        run = load_run(state, u, True)
        add_load(state, u, run)
        add_excess(state, unit, u, at.OF_UNIT, -run)


@compiled
def refit_need(state: State, n: int, quantity: int) -> None:
    """Bring a need in line with a net quantity."""
    need = state.need
    before = need[n, at.QUANTITY]
    need[n, at.QUANTITY] = quantity
    if quantity > before:
        if before == 0:
            state.need_price[n] = find_start_price(state, n)
        add_excess(state, need, n, at.OF_NEED, quantity - before)
    elif quantity == 0 and before > 0:
        for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
            places = state.edge_flow[e]
            if places > 0:
                add_flow(state, e, -places)
                add_excess(state, state.offer, state.edge_offer[e], at.OF_OFFER, -places)
        need[n, at.EXCESS] = 0
        state.need_price[n] = -at.FAR
    elif quantity < before:
        over = need[n, at.SERVED] + need[n, at.EXCESS] - quantity
        if over > 0:
            add_excess(state, need, n, at.OF_NEED, -over)


@compiled
def reopen(state: State, n: int) -> None:
    """Let a need choose again from all its pairs."""
    need = state.need
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        places = state.edge_flow[e]
        if places > 0:
            add_flow(state, e, -places)
            add_excess(state, state.offer, state.edge_offer[e], at.OF_OFFER, -places)
    missing = need[n, at.QUANTITY] - need[n, at.EXCESS]
    if missing != 0:
        add_excess(state, need, n, at.OF_NEED, missing)
    state.need_price[n] = find_start_price(state, n) if need[n, at.QUANTITY] > 0 else -at.FAR


@compiled
def refit_edge(state: State, e: int) -> None:
    """Bring a pair in line with its cost and its room."""
    n, o = state.edge[e, at.NEED], state.edge_offer[e]
    need, flow = state.need, state.edge_flow[e]
    if flow > state.edge[e, at.ROOM]:
        take_off(state, e, flow - state.edge[e, at.ROOM])
        flow = state.edge[e, at.ROOM]
    if need[n, at.QUANTITY] == 0:
        return
    own = state.edge_cost[e] + state.offer_price[o]
    if flow == 0:
        if own < state.need_price[n] and state.edge[e, at.ROOM] > 0:
            reopen(state, n)
    elif own != state.need_price[n]:
        alone = flow == need[n, at.QUANTITY] and flow < state.edge[e, at.ROOM]
        if alone and own == find_start_price(state, n):
            state.need_price[n] = own
        else:
            reopen(state, n)


@compiled
def release_edge(state: State, e: int) -> None:
    """Let places held still on an edge take part again."""
    places = state.edge[e, at.KEPT]
    if places == 0:
        return
    n, o = state.edge[e, at.NEED], state.edge_offer[e]
    u, meta = state.offer[o, at.UNIT], state.meta
    state.edge[e, at.KEPT] = 0
    state.edge[e, at.ROOM] += places
    meta[at.STILL] -= places
    meta[at.COST] -= places * state.edge_cost[e]
    meta[at.SERVED_BY + state.need[n, at.WEIGHT]] -= places
    note(state, e, -places)
    refit_need(state, n, state.need[n, at.QUANTITY] + places)
    state.offer[o, at.CAPACITY] += places
    if u >= 0:
        state.unit[u, at.LIMIT] += places
        refit_unit(state, u)
    refit_offer(state, o)


@compiled
def release_need(state: State, n: int) -> None:
    """Let all that is held still of a need take part again."""
    need = state.need
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        release_edge(state, e)
    waiting = need[n, at.WAITING]
    if waiting > 0:
        need[n, at.WAITING] = 0
        state.meta[at.STILL] -= waiting
        refit_need(state, n, need[n, at.QUANTITY] + waiting)


@compiled
def release_offer(state: State, o: int) -> None:
    """Let all that is held still of an offer take part again."""
    offer, u = state.offer, state.offer[o, at.UNIT]
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        # Entries change places while flows change, so the row is read anew each time.
        release_edge(state, state.entry_edge[k])
    idle, cut = offer[o, at.IDLE], offer[o, at.CUT]
    if idle + cut > 0:
        offer[o, at.IDLE] = 0
        offer[o, at.CUT] = 0
        state.meta[at.STILL] -= idle + cut
        offer[o, at.CAPACITY] += idle + cut
        if u >= 0 and idle > 0:
            state.unit[u, at.LIMIT] += idle
            refit_unit(state, u)
        refit_offer(state, o)


@compiled
def release_unit(state: State, u: int) -> None:
    """Let all that is held still of a unit and its offers take part again."""
    unit = state.unit
    o = unit[u, at.FIRST]
    while o >= 0:
        release_offer(state, o)
        o = state.offer[o, at.NEXT]
    idle = unit[u, at.UNIT_IDLE]
    if idle > 0:
        unit[u, at.UNIT_IDLE] = 0
        state.meta[at.STILL] -= idle
        unit[u, at.LIMIT] += idle
        refit_unit(state, u)
