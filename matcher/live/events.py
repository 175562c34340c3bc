"""Events: each changes its own rows, then `restore` brings back the optimum."""

from __future__ import annotations

import numpy as np

from graph.wording import word
from matcher.arrays import NO_LIMIT
from matcher.live import blocks, settle, still
from matcher.live import state as at
from matcher.live.change import LiveError
from matcher.live.links import add_flow, begin, note
from matcher.live.loads import add_load
from matcher.live.refit import refit_edge, refit_need, refit_offer, refit_unit, take_off
from matcher.live.state import State


def restore(state: State) -> None:
    """Deal with all that an event left to be dealt with.

    Raises
    ------
    AssertionError
        A fault of the program: a place has no way on.
    """
    answer = settle.settle(state.meta)
    while answer & 255 == settle.TOO_MANY:
        task = int(state.work[answer >> 8])
        still.hold_still(state, task >> 2, task & 3)
        answer = settle.settle(state.meta)
    assert answer == settle.SETTLED, f"the live match found no way on ({answer})"


def want(state: State, n: int, quantity: int) -> None:
    """A need wants another quantity; 0 where it is withdrawn."""
    begin(state.meta)
    rare = state.need_rare[n]
    rare[at.WANTED] = quantity
    if state.meta[at.STILL] > 0:
        still.release_need(state, n)
    refit_need(state.meta, n, max(quantity - int(rare[at.PROMISED]), 0))


def found(state: State, total: int) -> None:
    """A unit joins, still without offers."""
    begin(state.meta)
    row = state.unit[state.meta[at.UNITS]]
    state.meta[at.UNITS] += 1
    row[:] = 0
    row[at.FIRST] = -1
    row[[at.TOTAL, at.LIMIT]] = total
    row[at.LABEL] = at.UNSEEN


def give(state: State, o: int, capacity: int) -> None:
    """An offer gives another capacity; 0 where it leaves."""
    begin(state.meta)
    state.offer[o, at.GIVEN] = capacity
    if state.meta[at.STILL] > 0:
        still.release_offer(state, o)
    state.offer[o, at.CAPACITY] = max(capacity - int(state.offer[o, at.PROMISED_BY]), 0)
    refit_offer(state.meta, o)


def set_limit(state: State, u: int, total: int) -> None:
    """A unit gives another total."""
    begin(state.meta)
    state.unit[u, at.TOTAL] = total
    if state.meta[at.STILL] > 0:
        still.release_unit(state, u)
    state.unit[u, at.LIMIT] = max(total - int(state.unit[u, at.LOCKED]), 0)
    refit_unit(state, u)


def disband(state: State, u: int) -> None:
    """A unit leaves with all its offers."""
    begin(state.meta)
    if state.meta[at.STILL] > 0:
        still.release_unit(state, u)
    unit, offer = state.unit[u], state.offer
    unit[at.TOTAL] = 0
    o = unit[at.FIRST]
    while o >= 0:
        offer[o, at.GIVEN] = 0
        offer[o, at.CAPACITY] = 0
        refit_offer(state.meta, o)
        o = offer[o, at.NEXT]
    add_load(state.meta, u, -unit[at.FLOW])
    unit[at.EXCESS] = 0
    unit[at.LIMIT] = 0


def reprice(state: State, n: int, o: int, cost: int) -> None:
    """A pair costs something else."""
    e = find_edge(state, n, o)
    begin(state.meta)
    places = state.edge_flow[e] + state.edge[e, at.KEPT] + state.edge[e, at.LOCK]
    state.meta[at.COST_SUM] += places * (cost - state.pair[e, at.COST])
    state.pair[e, at.COST] = cost
    state.entry[state.edge[e, at.PLACE], at.ENTRY_COST] = cost
    blocks.sort_needs(state, np.array([n]))
    refit_edge(state, find_edge(state, n, o))


def promise(state: State, n: int, o: int, places: int) -> None:
    """A number of places is promised on a pair."""
    e = find_edge(state, n, o)
    begin(state.meta)
    meta, edge, need, rare, offer = (
        state.meta,
        state.edge[e],
        state.need[n],
        state.need_rare[n],
        state.offer[o],
    )
    u = int(offer[at.UNIT])
    unit = state.unit[u] if u >= 0 else np.zeros(at.UNIT_COLUMNS, np.int64)
    if meta[at.STILL] > 0:
        still.release_need(state, n)
        still.release_offer(state, o)
        if u >= 0:
            still.release_unit(state, u)
    more = places - int(edge[at.LOCK])
    edge[at.LOCK] = places
    # Places that flow already become promised ones, and nothing else changes by that.
    same = max(0, min(more, int(state.edge_flow[e])))
    if same > 0:
        add_flow(meta, e, -same)
        edge[at.ROOM] -= same
        need[at.QUANTITY] -= same
        offer[[at.FLOW, at.CAPACITY]] -= same
        unit[[at.FLOW, at.LIMIT]] -= same
        unit[at.LOCKED] += same
    note(meta, e, more)
    meta[at.COST_SUM] += more * state.pair[e, at.COST]
    meta[at.SERVED_BY + need[at.WEIGHT]] += more
    rare[at.PROMISED] += more
    offer[at.PROMISED_BY] += more
    if u >= 0:
        add_load(meta, u, more - same)
        unit[at.FLOW] -= more - same
        unit[at.LOCKED] += more - same
        unit[at.LIMIT] = max(int(unit[at.TOTAL] - unit[at.LOCKED]), 0)
        refit_unit(state, u)
    offer[at.CAPACITY] = max(int(offer[at.GIVEN] - offer[at.PROMISED_BY]), 0)
    refit_offer(meta, o)
    most = int(edge[at.MOST])
    edge[at.ROOM] = max(most - places, 0) if most < NO_LIMIT else NO_LIMIT
    refit_need(meta, n, max(int(rare[at.WANTED] - rare[at.PROMISED]), 0))
    if need[at.QUANTITY] == 0:
        state.need_price[n] = -at.FAR
    refit_edge(state, e)


def forbid(state: State, n: int, o: int) -> None:
    """A pair is refused."""
    e = find_edge(state, n, o)
    if state.edge[e, at.LOCK] > 0:
        raise LiveError(**word("pair_promised", need=n, offer=o))
    begin(state.meta)
    if state.meta[at.STILL] > 0:
        still.release_need(state, n)
    places = state.edge_flow[e]
    if places > 0:
        take_off(state, e, places)
    blocks.drop_edge(state, e)


def release(state: State) -> None:
    """All that was held still takes part again."""
    begin(state.meta)
    still.release_all(state)


def find_edge(state: State, n: int, o: int) -> int:
    """Find the row of a pair."""
    e = blocks.find_edge(state, n, o)
    if e is None:
        raise LiveError(**word("no_pair", need=n, offer=o))
    return e
