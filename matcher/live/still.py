"""What a limit of moves holds still, and what lets it take part again.

Where the cheapest way would move too many needs, the places are held still instead: a need waits or takes
room that is there, a free place stays idle. What is held still leaves the net problem, so that the rest stays
optimal and its prices stay right.
"""

from __future__ import annotations

import numpy as np

from matcher.live import state as at
from matcher.live.links import add_excess, add_flow, note
from matcher.live.refit import refit_need, refit_offer, refit_unit
from matcher.live.state import State


def hold_still(state: State, row: int, kind: int) -> None:
    """Take what would have to be dealt with at a row out of the net problem."""
    table = (state.need, state.offer, state.unit)[kind]
    onward = table[row, at.EXCESS] > 0
    if kind == at.OF_NEED:
        (_keep_need if onward else _drop_places)(state, row)
    elif kind == at.OF_OFFER:
        (_displace if onward else _keep_offer)(state, row)
    elif onward:
        _cut_unit(state, row)
    else:
        free = -state.unit[row, at.EXCESS]
        state.unit[row, at.FLOW] -= free
        state.unit[row, at.LIMIT] -= free
        state.unit[row, at.UNIT_IDLE] += free
        state.unit[row, at.EXCESS] = 0
        state.meta[at.STILL] += free


def _keep(state: State, e: int, places: int) -> None:
    """Serve places on an edge outside the net problem."""
    n = state.edge[e, at.NEED]
    state.meta[at.STILL] += places
    state.edge[e, at.KEPT] += places
    state.edge[e, at.ROOM] -= places
    state.need[n, at.QUANTITY] -= places
    state.meta[at.COST_SUM] += places * state.pair[e, at.COST]
    state.meta[at.SERVED_BY + state.need[n, at.WEIGHT]] += places
    note(state.meta, e, places)
    if state.need[n, at.QUANTITY] == 0:
        state.need_price[n] = -at.FAR


def _edges(state: State, n: int) -> range:
    start = int(state.need[n, at.START])
    return range(start, start + int(state.need[n, at.DEGREE]))


def _keep_need(state: State, n: int) -> None:
    """Serve what has to go on from a need where there is room already; the rest waits."""
    need, offer, unit = state.need, state.offer, state.unit
    for e in _edges(state, n):
        o = state.pair[e, at.OFFER]
        u = offer[o, at.UNIT]
        places = min(need[n, at.EXCESS], offer[o, at.CAPACITY] - offer[o, at.FLOW])
        places = min(places, state.edge[e, at.ROOM] - state.edge_flow[e])
        if u >= 0:
            places = min(places, unit[u, at.LIMIT] - unit[u, at.FLOW])
        if places > 0:
            need[n, at.EXCESS] -= places
            offer[o, at.CAPACITY] -= places
            if u >= 0:
                unit[u, at.LIMIT] -= places
            _keep(state, e, places)
    waiting = need[n, at.EXCESS]
    state.meta[at.STILL] += waiting
    state.need_rare[n, at.WAITING] += waiting
    need[n, at.QUANTITY] -= waiting
    need[n, at.EXCESS] = 0
    if need[n, at.QUANTITY] == 0:
        state.need_price[n] = -at.FAR


def _displace(state: State, o: int) -> None:
    """Let holders of an offer go that no longer fit, and hold them still."""
    offer = state.offer
    while offer[o, at.EXCESS] > 0:
        assert offer[o, at.HELD] > 0, f"offer {o} gives more than anybody holds"
        n, _, e = state.entry[offer[o, at.START] + offer[o, at.HELD] - 1]
        places = min(offer[o, at.EXCESS], state.edge_flow[e])
        add_flow(state.meta, e, -places)
        offer[o, at.EXCESS] -= places
        state.need[n, at.EXCESS] += places
        _keep_need(state, n)


def _cut_unit(state: State, u: int) -> None:
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
                    _displace(state, o)
            o = offer[o, at.NEXT]


def _drop_places(state: State, n: int) -> None:
    """Serve a need less, from its dearest pair on."""
    need = state.need
    for e in reversed(_edges(state, n)):
        places = min(-need[n, at.EXCESS], state.edge_flow[e])
        if places > 0:
            add_flow(state.meta, e, -places)
            need[n, at.EXCESS] += places
            add_excess(state.meta, at.OF_OFFER, state.pair[e, at.OFFER], -places)


def _keep_offer(state: State, o: int) -> None:
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
    entries = state.entry[offer[o, at.START] : offer[o, at.START] + offer[o, at.DEGREE]]
    rows, edges = entries[:, at.ENTRY_NEED], entries[:, at.ENTRY_EDGE]
    waiting = need[rows, at.QUANTITY] - need[rows, at.SERVED] - need[rows, at.EXCESS]
    places = np.minimum(waiting, state.edge[edges, at.ROOM] - state.edge_flow[edges])
    for k in np.lexsort((entries[:, at.ENTRY_COST], -need[rows, at.WEIGHT])):
        taken = min(free, places[k])
        if taken > 0:
            _keep(state, edges[k], taken)
            free -= taken
    offer[o, at.IDLE] += free
    state.meta[at.STILL] += free


def release_edge(state: State, e: int) -> None:
    """Let places held still on an edge take part again."""
    places = state.edge[e, at.KEPT]
    if places == 0:
        return
    meta, n, o = state.meta, state.edge[e, at.NEED], state.pair[e, at.OFFER]
    u = state.offer[o, at.UNIT]
    state.edge[e, at.KEPT] = 0
    state.edge[e, at.ROOM] += places
    meta[at.STILL] -= places
    meta[at.COST_SUM] -= places * state.pair[e, at.COST]
    meta[at.SERVED_BY + state.need[n, at.WEIGHT]] -= places
    note(meta, e, -places)
    refit_need(meta, n, state.need[n, at.QUANTITY] + places)
    state.offer[o, at.CAPACITY] += places
    if u >= 0:
        state.unit[u, at.LIMIT] += places
        refit_unit(state, u)
    refit_offer(meta, o)


def release_need(state: State, n: int) -> None:
    """Let all that is held still of a need take part again."""
    for e in _edges(state, n):
        release_edge(state, e)
    waiting = state.need_rare[n, at.WAITING]
    if waiting > 0:
        state.need_rare[n, at.WAITING] = 0
        state.meta[at.STILL] -= waiting
        refit_need(state.meta, n, state.need[n, at.QUANTITY] + waiting)


def release_offer(state: State, o: int) -> None:
    """Let all that is held still of an offer take part again."""
    offer, u = state.offer, state.offer[o, at.UNIT]
    edges = state.entry[offer[o, at.START] : offer[o, at.START] + offer[o, at.DEGREE], at.ENTRY_EDGE]
    # Entries change places while flows change, so those to release are listed before.
    for e in edges[state.edge[edges, at.KEPT] > 0]:
        release_edge(state, e)
    idle, cut = offer[o, at.IDLE], offer[o, at.CUT]
    if idle + cut > 0:
        offer[o, at.IDLE] = 0
        offer[o, at.CUT] = 0
        state.meta[at.STILL] -= idle + cut
        offer[o, at.CAPACITY] += idle + cut
        if u >= 0 and idle > 0:
            state.unit[u, at.LIMIT] += idle
            refit_unit(state, u)
        refit_offer(state.meta, o)


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


def release_all(state: State) -> None:
    """Let all that is held still take part again."""
    needs, offers, units = state.meta[[at.NEEDS, at.OFFERS, at.UNITS]]
    edges = np.flatnonzero(state.edge[: state.meta[at.EDGE_END], at.KEPT])
    # Rows of edges that moved away keep their old numbers; a need's own edges are its block's.
    held = np.union1d(state.edge[edges, at.NEED], np.flatnonzero(state.need_rare[:needs, at.WAITING]))
    for n in held:
        release_need(state, n)
    for u in np.flatnonzero(state.unit[:units, at.UNIT_IDLE]).tolist():
        release_unit(state, u)
    for o in np.flatnonzero(state.offer[:offers, at.IDLE] + state.offer[:offers, at.CUT]).tolist():
        release_offer(state, o)
