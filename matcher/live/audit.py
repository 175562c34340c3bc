"""Prices from scratch for a flow, and a check of the whole state."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.live import state as at
from matcher.live.refit import find_start_price
from matcher.live.search import last_load, next_load
from matcher.live.state import State


@compiled
def find_unit_price(state: State, u: int) -> int:
    """The cheapest way on from a unit at the prices of its offers."""
    price = at.FAR
    if state.unit[u, at.FLOW] < state.unit[u, at.LIMIT]:
        price = next_load(state, u)
    o = state.unit[u, at.FIRST]
    while o >= 0:
        if state.offer[o, at.FLOW] > 0:
            price = min(price, state.offer_price[o])
        o = state.offer[o, at.NEXT]
    return price


@compiled
def find_offer_price(state: State, o: int) -> int:
    """The cheapest way on from an offer at the prices around it."""
    offer, price, move_cost = state.offer, at.FAR, state.meta[at.MOVE_COST]
    if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
        u = offer[o, at.UNIT]
        price = state.unit[u, at.PRICE] if u >= 0 else 0
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
        e = state.entry_edge[k]
        stay = move_cost if state.edge_flow[e] <= state.edge[e, at.BASE] else 0
        price = min(price, state.need_price[state.entry_need[k]] - state.entry_cost[k] + stay)
    return price


@compiled
def find_all_prices(state: State, most_rounds: int) -> bool:
    """Set every price to the length of its shortest way; False if the ways get ever shorter.

    Label correcting from above, row after row, until nothing falls any more (Bellman 1958). Prices that keep
    falling mean that the flow isn't optimal.
    """
    meta = state.meta
    for o in range(meta[at.OFFERS]):
        state.offer_price[o] = at.FAR
    for u in range(meta[at.UNITS]):
        state.unit[u, at.PRICE] = at.FAR
    for n in range(meta[at.NEEDS]):
        weight = state.need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
        state.need_price[n] = weight if state.need[n, at.QUANTITY] > 0 else -at.FAR
        state.need_next[n] = -at.FAR
    for _ in range(most_rounds):
        changed = False
        for u in range(meta[at.UNITS]):
            price = find_unit_price(state, u)
            changed |= price < state.unit[u, at.PRICE]
            state.unit[u, at.PRICE] = price
        for o in range(meta[at.OFFERS]):
            price = find_offer_price(state, o)
            changed |= price < state.offer_price[o]
            state.offer_price[o] = price
        for n in range(meta[at.NEEDS]):
            if state.need[n, at.QUANTITY] > 0:
                price = find_start_price(state, n)
                changed |= price < state.need_price[n]
                state.need_price[n] = price
        if not changed:
            return True
    return False


@compiled
def find_need_fault(state: State, n: int) -> int:
    """Check amounts and prices of a need and its pairs."""
    need, move_cost = state.need, state.meta[at.MOVE_COST]
    total, quantity, price = 0, need[n, at.QUANTITY], state.need_price[n]
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        flow = state.edge_flow[e]
        total += flow
        reduced = state.edge_cost[e] + state.offer_price[state.edge_offer[e]] - price
        back = move_cost if flow < state.edge[e, at.BASE] else 0
        stay = move_cost if flow <= state.edge[e, at.BASE] else 0
        if quantity > 0 and flow < state.edge[e, at.ROOM] and reduced < back:
            return 1
        if flow < 0 or flow > max(state.edge[e, at.ROOM], 0) or (flow > 0 and reduced > stay):
            return 2
    if total != need[n, at.SERVED] or need[n, at.EXCESS] != 0 or total > quantity:
        return 3
    level = need[n, at.WEIGHT] * state.meta[at.LEVEL_PRICE]
    if quantity > 0 and (price > level or (total < quantity and price != level)):
        return 4
    return 0


@compiled
def find_offer_fault(state: State, o: int) -> int:
    """Check amounts and price of an offer."""
    offer = state.offer
    total, start = 0, offer[o, at.START]
    for k in range(start, start + offer[o, at.DEGREE]):
        flow = state.edge_flow[state.entry_edge[k]]
        total += flow
        if (flow > 0) != (k < start + offer[o, at.HELD]):
            return 5
    if total != offer[o, at.FLOW] or offer[o, at.EXCESS] != 0 or total > offer[o, at.CAPACITY]:
        return 6
    u = offer[o, at.UNIT]
    onward = state.unit[u, at.PRICE] if u >= 0 else 0
    if total < offer[o, at.CAPACITY] and state.offer_price[o] > onward:
        return 7
    if u >= 0 and total > 0 and state.offer_price[o] < onward:
        return 8
    return 0


@compiled
def find_unit_fault(state: State, u: int) -> int:
    """Check amounts and price of a unit."""
    unit, total, o = state.unit, 0, state.unit[u, at.FIRST]
    while o >= 0:
        total += state.offer[o, at.FLOW]
        o = state.offer[o, at.NEXT]
    if total != unit[u, at.FLOW] or unit[u, at.EXCESS] != 0 or total > unit[u, at.LIMIT]:
        return 9
    if total < unit[u, at.LIMIT] and unit[u, at.PRICE] > next_load(state, u):
        return 10
    if total > 0 and unit[u, at.PRICE] < last_load(state, u):
        return 11
    return 0


@compiled
def find_fault(state: State) -> int:
    """Check amounts and prices of every row; 0 if all are right, else a number that says what isn't."""
    fault = 0
    for n in range(state.meta[at.NEEDS]):
        fault = max(fault, find_need_fault(state, n))
    for o in range(state.meta[at.OFFERS]):
        fault = max(fault, find_offer_fault(state, o))
    for u in range(state.meta[at.UNITS]):
        fault = max(fault, find_unit_fault(state, u))
    return fault
