"""Restoring the optimum: every place that has to go on or came free goes its cheapest way.

Where a limit of moves is set and the cheapest way would break it, the places are held still instead: a need
waits or takes room that is there, a free place stays idle. What is held still leaves the net problem, so
that the rest stays optimal and its prices stay right.
"""

from __future__ import annotations

from graph.compiled import compiled
from matcher.live import state as at
from matcher.live.links import add_excess, add_flow, note
from matcher.live.paths import measure, send
from matcher.live.search import search_back, search_onward
from matcher.live.state import State


@compiled
def settle(state: State) -> None:
    """Deal with all excess, first with what has to go on, then with what came free; end the event."""
    meta = state.meta
    meta[at.MOVED_SO_FAR] = 0
    for onward in (True, False):
        k = 0
        # Holding places still may add work to the list.
        while k < meta[at.WORK] and meta[at.FAILED] == 0:
            settle_row(state, state.work[k] >> 2, state.work[k] & 3, onward)
            k += 1
    if meta[at.MOVE_COST] > 0:
        for k in range(meta[at.LOG]):
            e = state.log[k, at.LOG_EDGE]
            if e >= 0:
                state.edge[e, at.BASE] = state.edge_flow[e]


@compiled
def settle_row(state: State, row: int, kind: int, onward: bool) -> None:
    """Deal with what has to go on from a row, or with what came free at it."""
    meta = state.meta
    table = state.unit
    if kind == at.OF_NEED:
        table = state.need
    elif kind == at.OF_OFFER:
        table = state.offer
    while True:
        excess = table[row, at.EXCESS]
        if excess == 0 or (excess > 0) != onward:
            return
        if onward:
            search_onward(state, row, kind)
        else:
            search_back(state, row, kind)
        if meta[at.TERM] == at.NOWHERE:
            meta[at.FAILED] = 1
            return
        places = measure(state, onward, abs(excess))
        moves = meta[at.MOVED_SO_FAR] + meta[at.MOVES]
        if meta[at.MOST_MOVES] >= 0 and meta[at.MOVES] > 0 and moves > meta[at.MOST_MOVES]:
            hold_still(state, row, kind, onward)
            return
        if places <= 0:
            meta[at.FAILED] = 2
            return
        meta[at.MOVED_SO_FAR] += meta[at.MOVES]
        send(state, onward, places)
        table[row, at.EXCESS] -= places if onward else -places


@compiled
def hold_still(state: State, row: int, kind: int, onward: bool) -> None:
    """Take what would have to be dealt with at a row out of the net problem."""
    if kind == at.OF_NEED and onward:
        keep_need_still(state, row)
    elif kind == at.OF_OFFER and onward:
        displace(state, row)
    elif kind == at.OF_UNIT and onward:
        cut_unit(state, row)
    elif kind == at.OF_NEED:
        drop_places(state, row)
    elif kind == at.OF_OFFER:
        keep_offer_still(state, row)
    else:
        free = -state.unit[row, at.EXCESS]
        state.unit[row, at.FLOW] -= free
        state.unit[row, at.LIMIT] -= free
        state.unit[row, at.UNIT_IDLE] += free
        state.unit[row, at.EXCESS] = 0
        state.meta[at.STILL] += free


@compiled
def keep(state: State, e: int, places: int) -> None:
    """Serve places on an edge outside the net problem."""
    n = state.edge[e, at.NEED]
    state.meta[at.STILL] += places
    state.edge[e, at.KEPT] += places
    state.edge[e, at.ROOM] -= places
    state.need[n, at.QUANTITY] -= places
    state.meta[at.COST] += places * state.edge_cost[e]
    state.meta[at.SERVED_BY + state.need[n, at.WEIGHT]] += places
    note(state, e, places)


@compiled
def keep_need_still(state: State, n: int) -> None:
    """Serve what has to go on from a need where there is room already; the rest waits."""
    need, offer, unit = state.need, state.offer, state.unit
    start = need[n, at.START]
    for e in range(start, start + need[n, at.DEGREE]):
        o = state.edge_offer[e]
        u = offer[o, at.UNIT]
        places = min(need[n, at.EXCESS], offer[o, at.CAPACITY] - offer[o, at.FLOW])
        places = min(places, state.edge[e, at.ROOM] - state.edge_flow[e])
        if u >= 0:
            places = min(places, unit[u, at.LIMIT] - unit[u, at.FLOW])
        if places > 0:
            keep(state, e, places)
            need[n, at.EXCESS] -= places
            offer[o, at.CAPACITY] -= places
            if u >= 0:
                unit[u, at.LIMIT] -= places
    state.meta[at.STILL] += need[n, at.EXCESS]
    need[n, at.WAITING] += need[n, at.EXCESS]
    need[n, at.QUANTITY] -= need[n, at.EXCESS]
    need[n, at.EXCESS] = 0
    if need[n, at.QUANTITY] == 0:
        state.need_price[n] = -at.FAR


@compiled
def displace(state: State, o: int) -> None:
    """Let holders of an offer go that no longer fit, and hold them still."""
    offer = state.offer
    while offer[o, at.EXCESS] > 0:
        if offer[o, at.HELD] == 0:
            state.meta[at.FAILED] = 3
            return
        place = offer[o, at.START] + offer[o, at.HELD] - 1
        e, n = state.entry_edge[place], state.entry_need[place]
        places = min(offer[o, at.EXCESS], state.edge_flow[e])
        add_flow(state, e, -places)
        offer[o, at.EXCESS] -= places
        state.need[n, at.EXCESS] += places
        keep_need_still(state, n)


@compiled
def cut_unit(state: State, u: int) -> None:
    """Let a unit's offers give less, so that its total is kept, and hold still whom they served."""
    offer, unit = state.offer, state.unit
    for free in (True, False):
        o = unit[u, at.FIRST]
        while o >= 0 and unit[u, at.EXCESS] > 0:
            places = min(unit[u, at.EXCESS], offer[o, at.FLOW])
            if free:
                places = min(places, -offer[o, at.EXCESS])
            if places > 0:
                offer[o, at.FLOW] -= places
                offer[o, at.CAPACITY] -= places
                offer[o, at.CUT] += places
                state.meta[at.STILL] += places
                offer[o, at.EXCESS] += places
                unit[u, at.EXCESS] -= places
                if offer[o, at.EXCESS] > 0:
                    displace(state, o)
            o = offer[o, at.NEXT]


@compiled
def drop_places(state: State, n: int) -> None:
    """Serve a need less, from its dearest pair on."""
    need, offer = state.need, state.offer
    e = need[n, at.START] + need[n, at.DEGREE] - 1
    while need[n, at.EXCESS] < 0:
        places = min(-need[n, at.EXCESS], state.edge_flow[e])
        if places > 0:
            add_flow(state, e, -places)
            need[n, at.EXCESS] += places
            add_excess(state, offer, state.edge_offer[e], at.OF_OFFER, -places)
        e -= 1


@compiled
def keep_offer_still(state: State, o: int) -> None:
    """Give free places to needs that wait for them, the urgent and near first; the rest stays idle."""
    need, offer, unit = state.need, state.offer, state.unit
    u = offer[o, at.UNIT]
    free = -offer[o, at.EXCESS]
    offer[o, at.EXCESS] = 0
    offer[o, at.FLOW] -= free
    offer[o, at.CAPACITY] -= free
    if u >= 0:
        unit[u, at.FLOW] -= free
        unit[u, at.LIMIT] -= free
    while free > 0:
        best = -1
        for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.DEGREE]):
            n, e = state.entry_need[k], state.entry_edge[k]
            if need[n, at.QUANTITY] - need[n, at.SERVED] - need[n, at.EXCESS] <= 0:
                continue
            if state.edge[e, at.ROOM] - state.edge_flow[e] <= 0:
                continue
            if best >= 0:
                other = need[state.entry_need[best], at.WEIGHT]
                if need[n, at.WEIGHT] < other:
                    continue
                if need[n, at.WEIGHT] == other and state.entry_cost[k] >= state.entry_cost[best]:
                    continue
            best = k
        if best < 0:
            break
        n, e = state.entry_need[best], state.entry_edge[best]
        places = min(free, need[n, at.QUANTITY] - need[n, at.SERVED] - need[n, at.EXCESS])
        places = min(places, state.edge[e, at.ROOM] - state.edge_flow[e])
        keep(state, e, places)
        if need[n, at.QUANTITY] == 0:
            state.need_price[n] = -at.FAR
        free -= places
    offer[o, at.IDLE] += free
    state.meta[at.STILL] += free
