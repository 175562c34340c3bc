"""Sending places along the ways that searches find: how many fit, how many needs would move."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import NO_LIMIT
from matcher.live import state as at
from matcher.live.links import add_flow
from matcher.live.state import State


@compiled
def load_run(state: State, u: int, onward: bool) -> int:
    """How many places of a unit in a row cost the same as its next one (or the one it gave last)."""
    unit = state.unit
    most: int = unit[u, at.LIMIT] - unit[u, at.FLOW] if onward else unit[u, at.FLOW]
    if state.meta[at.HAS_LOAD] == 0:
        return most
    last = state.unit_load.shape[1] - 1
    flat: int = unit[u, at.LOCKED] + unit[u, at.FLOW] - last
    if onward:
        return most if flat >= 0 else min(most, 1)
    return min(most, max(1, flat))


@compiled
def add_load(state: State, u: int, places: int) -> None:
    """Change what a unit gives, with its load cost."""
    unit, meta = state.unit, state.meta
    if meta[at.HAS_LOAD] == 0:
        unit[u, at.FLOW] += places
        return
    last = state.unit_load.shape[1] - 1
    while places != 0:
        run = abs(places)
        count = unit[u, at.LOCKED] + unit[u, at.FLOW]
        if places > 0:
            run = run if count >= last else 1
            meta[at.COST] += run * state.unit_load[u, min(count, last)]
            unit[u, at.FLOW] += run
            places -= run
        else:
            run = min(run, max(1, count - last))
            meta[at.COST] -= run * state.unit_load[u, min(count - 1, last)]
            unit[u, at.FLOW] -= run
            places += run


@compiled
def room_onward(state: State, e: int) -> int:
    """How many places may come onto an edge at one cost."""
    flow: int = state.edge_flow[e]
    most: int = NO_LIMIT
    if state.meta[at.HAS_ROOM]:
        most = state.edge[e, at.ROOM] - flow
    if state.meta[at.MOVE_COST] > 0 and flow < state.edge[e, at.BASE]:
        most = min(most, state.edge[e, at.BASE] - flow)
    return most


@compiled
def room_back(state: State, e: int) -> int:
    """How many places may leave an edge at one cost."""
    places: int = state.edge_flow[e]
    if state.meta[at.MOVE_COST] > 0 and places > state.edge[e, at.BASE]:
        places -= state.edge[e, at.BASE]
    return places


@compiled
def offer_run(state: State, o: int, onward: bool) -> int:
    """How many places may go on from an offer, or be taken back from what goes on."""
    places: int = state.offer[o, at.CAPACITY] - state.offer[o, at.FLOW] if onward else state.offer[o, at.FLOW]
    return places


@compiled
def kind_of_end(term: int) -> int:
    """Say of which kind the row is where a way ends."""
    if term in (at.UNSERVED, at.OPEN_NEED):
        return at.OF_NEED
    return at.OF_UNIT if term in (at.AT_UNIT, at.OPEN_UNIT) else at.OF_OFFER


@compiled
def room_at_end(state: State, onward: bool) -> int:
    """How many places the end of the way found can take or give."""
    need, offer, unit = state.need, state.offer, state.unit
    term, row = state.meta[at.TERM], state.meta[at.TERM_ROW]
    room: int = NO_LIMIT
    if term == at.UNSERVED:
        if not onward:
            room = need[row, at.QUANTITY] - need[row, at.SERVED] - need[row, at.EXCESS]
    elif term == at.OPEN_NEED:
        room = abs(need[row, at.EXCESS])
    elif term == at.OPEN_OFFER:
        room = abs(offer[row, at.EXCESS])
    elif term == at.OPEN_UNIT:
        room = abs(unit[row, at.EXCESS])
    elif term == at.AT_UNIT:
        room = load_run(state, row, onward)
    else:
        room = offer_run(state, row, onward)
        if term == at.THROUGH_UNIT:
            room = min(room, load_run(state, offer[row, at.UNIT], onward))
    return room


@compiled
def measure(state: State, onward: bool, places: int) -> int:
    """Give how many places the way found can carry; count the needs that would have to move for them."""
    meta, need, offer = state.meta, state.need, state.offer
    row, kind = meta[at.TERM_ROW], kind_of_end(meta[at.TERM])
    meta[at.MOVES] = 0
    newcomer = row if kind == at.OF_NEED and not onward else -1
    places = min(places, room_at_end(state, onward))
    while True:
        if kind == at.OF_OFFER:
            via = offer[row, at.VIA]
            if via == at.ROOT:
                return places
            if via == at.BY_UNIT:
                places = min(places, offer_run(state, row, not onward))
                row, kind = offer[row, at.UNIT], at.OF_UNIT
            else:
                places = min(places, room_onward(state, via) if onward else room_back(state, via))
                row, kind = state.edge[via, at.NEED], at.OF_NEED
        elif kind == at.OF_NEED:
            via = need[row, at.VIA]
            if via == at.ROOT:
                return places
            if row != newcomer and need[row, at.MOVED] != meta[at.EVENT]:
                meta[at.MOVES] += 1
            places = min(places, room_back(state, via) if onward else room_onward(state, via))
            row, kind = state.edge_offer[via], at.OF_OFFER
        else:
            via = state.unit[row, at.VIA]
            if via == at.ROOT:
                return places
            places = min(places, offer_run(state, via, onward))
            row, kind = via, at.OF_OFFER


@compiled
def send_end(state: State, onward: bool, places: int) -> None:
    """Let the end of the way found take or give places."""
    need, offer, unit = state.need, state.offer, state.unit
    term, row = state.meta[at.TERM], state.meta[at.TERM_ROW]
    change = places if onward else -places
    if term == at.OPEN_NEED:
        need[row, at.EXCESS] += change
    elif term == at.OPEN_OFFER:
        offer[row, at.EXCESS] += change
    elif term == at.OPEN_UNIT:
        unit[row, at.EXCESS] += change
    elif term == at.AT_UNIT:
        add_load(state, row, change)
    elif term == at.THROUGH_UNIT:
        offer[row, at.FLOW] += change
        add_load(state, offer[row, at.UNIT], change)
    elif term == at.AT_OFFER:
        offer[row, at.FLOW] += change


@compiled
def send(state: State, onward: bool, places: int) -> None:
    """Send places along the way found."""
    meta, need, offer = state.meta, state.need, state.offer
    row, kind = meta[at.TERM_ROW], kind_of_end(meta[at.TERM])
    newcomer = row if kind == at.OF_NEED and not onward else -1
    change = places if onward else -places
    send_end(state, onward, places)
    while True:
        if kind == at.OF_OFFER:
            via = offer[row, at.VIA]
            if via == at.ROOT:
                return
            if via == at.BY_UNIT:
                offer[row, at.FLOW] -= change
                row, kind = offer[row, at.UNIT], at.OF_UNIT
            else:
                add_flow(state, via, change)
                row, kind = state.edge[via, at.NEED], at.OF_NEED
        elif kind == at.OF_NEED:
            via = need[row, at.VIA]
            if via == at.ROOT:
                return
            if row != newcomer:
                need[row, at.MOVED] = meta[at.EVENT]
            add_flow(state, via, -change)
            row, kind = state.edge_offer[via], at.OF_OFFER
        else:
            via = state.unit[row, at.VIA]
            if via == at.ROOT:
                return
            offer[via, at.FLOW] += change
            row, kind = via, at.OF_OFFER
