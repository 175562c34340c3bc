"""The two searches for shortest ways: from a place that has to go somewhere, and to a place that came free.

Dijkstra (1959) on costs reduced by prices, from one row, that ends as soon as nothing left can be nearer
than the best end found; prices move only where it looked (Ahuja, Magnanti & Orlin 1993, ch. 9). Only offers
wait in the heap: a need or unit is followed at once, and again if its label falls, which can't touch offers
that were settled before.
"""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.heap import clear, pop, push
from matcher.live.state import State


@compiled
def next_load(state: State, u: int) -> int:
    """Load cost of the unit's next place."""
    if state.meta[at.HAS_LOAD] == 0:
        return 0
    k = min(state.unit[u, at.LOCKED] + state.unit[u, at.FLOW], state.unit_load.shape[1] - 1)
    load: int = state.unit_load[u, k]
    return load


@compiled
def last_load(state: State, u: int) -> int:
    """Load cost of the place that the unit gives last."""
    if state.meta[at.HAS_LOAD] == 0:
        return 0
    k = min(state.unit[u, at.LOCKED] + state.unit[u, at.FLOW], state.unit_load.shape[1]) - 1
    load: int = state.unit_load[u, k]
    return load


@compiled
def end_at(meta: IntArray, distance: int, term: int, row: int) -> None:
    """Take an end if it is nearer than the best so far."""
    if distance < meta[at.DISTANCE]:
        meta[at.DISTANCE] = distance
        meta[at.TERM] = term
        meta[at.TERM_ROW] = row


@compiled
def reach_offer(
    offer: IntArray,
    label: IntArray,
    heap: IntArray,
    touched: IntArray,
    meta: IntArray,
    o: int,
    to: int,
    via: int,
) -> None:
    """Lower the label of an offer and put it in the heap."""
    if label[o] == at.UNSEEN:
        touched[meta[at.TOUCHED]] = o * 4 + at.OF_OFFER
        meta[at.TOUCHED] += 1
    label[o] = to
    offer[o, at.VIA] = via
    push(heap, offer, label, meta, o)


@compiled
def reach_unit(state: State, u: int, to: int, via: int) -> None:
    """Lower the label of a unit."""
    if state.unit[u, at.LABEL] == at.UNSEEN:
        state.touched[state.meta[at.TOUCHED]] = u * 4 + at.OF_UNIT
        state.meta[at.TOUCHED] += 1
    state.unit[u, at.LABEL] = to
    state.unit[u, at.VIA] = via


@compiled
def begin_search(state: State, row: int, kind: int) -> None:
    """Label the row where a search begins."""
    meta = state.meta
    meta[at.DISTANCE] = at.UNSEEN
    meta[at.TERM] = at.NOWHERE
    if kind == at.OF_OFFER:
        reach_offer(state.offer, state.offer_label, state.heap, state.touched, meta, row, 0, at.ROOT)
    elif kind == at.OF_UNIT:
        reach_unit(state, row, 0, at.ROOT)
    else:
        state.touched[0] = row * 4 + at.OF_NEED
        meta[at.TOUCHED] = 1
        state.need_label[row] = 0
        state.need[row, at.VIA] = at.ROOT


@compiled
def tell_needs(state: State, o: int) -> None:
    """Let the needs of an offer know that its price fell."""
    price, need_next, offer = state.offer_price[o], state.need_next, state.offer
    entry_need, entry_cost = state.entry_need, state.entry_cost
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
        n = entry_need[k]
        need_next[n] = min(need_next[n], price + entry_cost[k])


@compiled
def settle_prices(state: State, sign: int) -> None:
    """Move the prices of all rows nearer than the end, and forget the labels."""
    meta, unit, touched = state.meta, state.unit, state.touched
    offer_price, offer_label = state.offer_price, state.offer_label
    need_price, need_label = state.need_price, state.need_label
    distance = meta[at.DISTANCE]
    for k in range(meta[at.TOUCHED]):
        row, kind = touched[k] >> 2, touched[k] & 3
        if kind == at.OF_OFFER:
            change = max(0, distance - offer_label[row])
            offer_price[row] += sign * change
            offer_label[row] = at.UNSEEN
            if sign < 0 and change > 0:
                tell_needs(state, row)
        elif kind == at.OF_NEED:
            need_price[row] += sign * max(0, distance - need_label[row])
            need_label[row] = at.UNSEEN
        else:
            unit[row, at.PRICE] += sign * max(0, distance - unit[row, at.LABEL])
            unit[row, at.LABEL] = at.UNSEEN
    meta[at.TOUCHED] = 0
    clear(state.heap, state.offer, meta)


@compiled
def leave_unit(state: State, u: int) -> None:
    """Follow the ways from a unit on: its total, or a place taken back from one of its offers."""
    unit, offer, meta = state.unit, state.offer, state.meta
    label, own = unit[u, at.LABEL], unit[u, at.PRICE]
    if unit[u, at.EXCESS] < 0:
        end_at(meta, label, at.OPEN_UNIT, u)
    if unit[u, at.FLOW] < unit[u, at.LIMIT]:
        end_at(meta, label + next_load(state, u) - own, at.AT_UNIT, u)
    o = unit[u, at.FIRST]
    while o >= 0:
        if offer[o, at.FLOW] > 0:
            to = label + state.offer_price[o] - own
            if to < state.offer_label[o] and to < meta[at.DISTANCE]:
                reach_offer(offer, state.offer_label, state.heap, state.touched, meta, o, to, at.BY_UNIT)
        o = offer[o, at.NEXT]


@compiled
def leave_offer(state: State, o: int) -> None:
    """Follow the ways from an offer on but those in place of its holders: its capacity, or its unit."""
    offer, unit, meta = state.offer, state.unit, state.meta
    label = state.offer_label[o]
    if offer[o, at.EXCESS] < 0:
        end_at(meta, label, at.OPEN_OFFER, o)
    elif offer[o, at.FLOW] < offer[o, at.CAPACITY]:
        u = offer[o, at.UNIT]
        if u < 0:
            end_at(meta, label - state.offer_price[o], at.AT_OFFER, o)
        else:
            to = label + unit[u, at.PRICE] - state.offer_price[o]
            if to < unit[u, at.LABEL] and to < meta[at.DISTANCE]:
                reach_unit(state, u, to, o)
                leave_unit(state, u)


@compiled
def end_onward(state: State, o: int, to: int) -> None:
    """Take an offer with room that was just reached as an end, so that the search knows its limit early."""
    u = state.offer[o, at.UNIT]
    to -= state.offer_price[o]
    if u < 0:
        end_at(state.meta, to, at.AT_OFFER, o)
    elif state.unit[u, at.FLOW] < state.unit[u, at.LIMIT]:
        end_at(state.meta, to + next_load(state, u), at.THROUGH_UNIT, o)


@compiled
def search_onward(state: State, row: int, kind: int) -> None:  # noqa: C901 (one loop: it is the hottest)
    """Find the cheapest way for a place at a row to stay somewhere, and move the prices accordingly."""
    need, offer, edge, meta, heap, touched = (
        state.need, state.offer, state.edge, state.meta, state.heap, state.touched
    )  # fmt: skip
    need_price, need_label = state.need_price, state.need_label
    offer_price, offer_label = state.offer_price, state.offer_label
    edge_offer, edge_cost, edge_flow = state.edge_offer, state.edge_cost, state.edge_flow
    entry_need, entry_cost, entry_edge = state.entry_need, state.entry_cost, state.entry_edge
    level_price, has_room, move_cost = meta[at.LEVEL_PRICE], meta[at.HAS_ROOM], meta[at.MOVE_COST]
    need_next, plain = state.need_next, has_room == 0 and move_cost == 0
    begin_search(state, row, kind)
    if kind == at.OF_UNIT:
        leave_unit(state, row)
    n = row if kind == at.OF_NEED else -1
    k, last, label, own = 0, 0, 0, 0
    while True:
        # The next holder of the offer at hand whose label falls, else the next offer.
        while n < 0:
            if k == last:
                if meta[at.HEAP_SIZE] == 0 or offer_label[heap[0]] >= meta[at.DISTANCE]:
                    settle_prices(state, 1)
                    return
                o = pop(heap, offer, offer_label, meta)
                label, own = offer_label[o], offer_price[o]
                if offer[o, at.EXCESS] < 0 or offer[o, at.FLOW] < offer[o, at.CAPACITY]:
                    leave_offer(state, o)
                k = offer[o, at.START]
                last = k + offer[o, at.HELD]
                continue
            n = entry_need[k]
            to = label + need_price[n] - entry_cost[k] - own
            if move_cost > 0 and edge_flow[entry_edge[k]] <= edge[entry_edge[k], at.BASE]:
                to += move_cost
            if to < need_label[n] and to < meta[at.DISTANCE]:
                if need_label[n] == at.UNSEEN:
                    touched[meta[at.TOUCHED]] = n * 4 + at.OF_NEED
                    meta[at.TOUCHED] += 1
                need_label[n] = to
                need[n, at.VIA] = entry_edge[k]
            else:
                n = -1
            k += 1
        # Its ways on: unserved, or to its offers, cheapest first.
        base, best = need_label[n] - need_price[n], meta[at.DISTANCE]
        if plain and base + need_next[n] >= best:
            n = -1
            continue
        unserved = need[n, at.WEIGHT] * level_price
        end_at(meta, base + unserved, at.UNSERVED, n)
        best = meta[at.DISTANCE]
        start, came_by, following = need[n, at.START], need[n, at.VIA], unserved
        for e in range(start, start + need[n, at.DEGREE]):
            to = base + edge_cost[e]
            if to - move_cost >= best:
                following = min(following, edge_cost[e])
                break
            o = edge_offer[e]
            to += offer_price[o]
            if e != came_by:
                following = min(following, to - base)
            if to - move_cost >= best:
                continue
            if move_cost > 0 and edge_flow[e] < edge[e, at.BASE]:
                to -= move_cost
            if to >= best or to >= offer_label[o] or (has_room and edge_flow[e] >= edge[e, at.ROOM]):
                continue
            reach_offer(offer, offer_label, heap, touched, meta, o, to, e)
            if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
                end_onward(state, o, to)
                best = meta[at.DISTANCE]
        if came_by >= 0 and edge_flow[came_by] == need[n, at.SERVED]:
            need_next[n] = following
        n = -1


@compiled
def end_back(state: State, o: int, to: int) -> None:
    """Take the places that an offer gives as an end, so that the search knows its limit early."""
    u = state.offer[o, at.UNIT]
    to += state.offer_price[o]
    if u < 0:
        end_at(state.meta, to, at.AT_OFFER, o)
    elif state.unit[u, at.FLOW] > 0:
        end_at(state.meta, to - last_load(state, u), at.THROUGH_UNIT, o)


@compiled
def enter_unit(state: State, u: int) -> None:
    """Follow the ways that lead to a unit: a place of its total given back, or an offer with room."""
    unit, offer, meta = state.unit, state.offer, state.meta
    label, own = unit[u, at.LABEL], unit[u, at.PRICE]
    if unit[u, at.EXCESS] > 0:
        end_at(meta, label, at.OPEN_UNIT, u)
    if unit[u, at.FLOW] > 0:
        end_at(meta, label + own - last_load(state, u), at.AT_UNIT, u)
    o = unit[u, at.FIRST]
    while o >= 0:
        if offer[o, at.FLOW] < offer[o, at.CAPACITY]:
            to = label + own - state.offer_price[o]
            if to < state.offer_label[o] and to < meta[at.DISTANCE]:
                reach_offer(offer, state.offer_label, state.heap, state.touched, meta, o, to, at.BY_UNIT)
        o = offer[o, at.NEXT]


@compiled
def enter_offer(state: State, o: int) -> None:
    """Follow the ways that lead to an offer but from needs: a place of it given back, or its unit."""
    offer, unit, meta = state.offer, state.unit, state.meta
    label, own = state.offer_label[o], state.offer_price[o]
    if offer[o, at.EXCESS] > 0:
        end_at(meta, label, at.OPEN_OFFER, o)
    if offer[o, at.FLOW] > 0:
        u = offer[o, at.UNIT]
        if u < 0:
            end_at(meta, label + own, at.AT_OFFER, o)
        else:
            to = label + own - unit[u, at.PRICE]
            if to < unit[u, at.LABEL] and to < meta[at.DISTANCE]:
                reach_unit(state, u, to, o)
                enter_unit(state, u)


@compiled
def search_back(state: State, row: int, kind: int) -> None:  # noqa: C901 (one loop: it is the hottest)
    """Find who gains most from a place that came free at a row, and move the prices accordingly."""
    need, offer, edge, meta, heap, touched = (
        state.need, state.offer, state.edge, state.meta, state.heap, state.touched
    )  # fmt: skip
    need_price, need_label = state.need_price, state.need_label
    offer_price, offer_label = state.offer_price, state.offer_label
    edge_offer, edge_cost, edge_flow = state.edge_offer, state.edge_cost, state.edge_flow
    entry_need, entry_cost, entry_edge = state.entry_need, state.entry_cost, state.entry_edge
    level_price, has_room, move_cost = meta[at.LEVEL_PRICE], meta[at.HAS_ROOM], meta[at.MOVE_COST]
    begin_search(state, row, kind)
    if kind == at.OF_UNIT:
        enter_unit(state, row)
    n = row if kind == at.OF_NEED else -1
    k, last, base, best = 0, 0, 0, meta[at.DISTANCE]
    while True:
        # The next need that would gain from the offer at hand, else the next offer.
        while n < 0:
            if k == last:
                if meta[at.HEAP_SIZE] == 0 or offer_label[heap[0]] >= meta[at.DISTANCE]:
                    settle_prices(state, -1)
                    return
                o = pop(heap, offer, offer_label, meta)
                enter_offer(state, o)
                base = offer_label[o] + offer_price[o]
                best = meta[at.DISTANCE]
                k = offer[o, at.START]
                last = k + offer[o, at.DEGREE]
                continue
            n = entry_need[k]
            to = base + entry_cost[k] - need_price[n]
            e = -1
            if to - move_cost < best:
                e = entry_edge[k]
                if move_cost > 0 and edge_flow[e] < edge[e, at.BASE]:
                    to -= move_cost
                if to >= best or to >= need_label[n] or (has_room and edge_flow[e] >= edge[e, at.ROOM]):
                    e = -1
            if e >= 0:
                if need_label[n] == at.UNSEEN:
                    touched[meta[at.TOUCHED]] = n * 4 + at.OF_NEED
                    meta[at.TOUCHED] += 1
                need_label[n] = to
                need[n, at.VIA] = e
            else:
                n = -1
            k += 1
        # The ways that lead to it: it waits unserved, or is served elsewhere.
        label, own, served = need_label[n], need_price[n], need[n, at.SERVED]
        if need[n, at.EXCESS] > 0:
            end_at(meta, label, at.OPEN_NEED, n)
        if need[n, at.QUANTITY] - served - need[n, at.EXCESS] > 0:
            end_at(meta, label + own - need[n, at.WEIGHT] * level_price, at.UNSERVED, n)
        e = need[n, at.START]
        while served > 0:
            flow = edge_flow[e]
            if flow > 0:
                served -= flow
                o = edge_offer[e]
                to = label + own - edge_cost[e] - offer_price[o]
                if move_cost > 0 and flow <= edge[e, at.BASE]:
                    to += move_cost
                if to < offer_label[o] and to < meta[at.DISTANCE]:
                    reach_offer(offer, offer_label, heap, touched, meta, o, to, e)
                    end_back(state, o, to)
            e += 1
        best = meta[at.DISTANCE]
        n = -1
