"""Events: each changes its own rows, then the optimum is restored.

All are reached by one function, so that little has to be compiled and called.
"""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import NO_LIMIT, IntArray
from matcher.live import state as at
from matcher.live.links import (
    add_entry,
    add_flow,
    begin,
    close_edge,
    drop_entry,
    find_edge,
    move_edge,
    note,
    open_edge,
    strip,
)  # fmt: skip
from matcher.live.paths import add_load
from matcher.live.refit import (
    refit_edge,
    refit_need,
    refit_offer,
    refit_unit,
    release_need,
    release_offer,
    release_unit,
    take_off,
)  # fmt: skip
from matcher.live.settle import settle
from matcher.live.state import State

DONE, NO_SUCH_ROW, TWICE, NEGATIVE, FULL, NO_SUCH_PAIR, IS_PROMISED = range(7)
"""What an event answers in its lowest byte; the position of the culprit stands above it."""

(ARRIVE, WANT, JOIN, GIVE, FOUND, LIMIT, DISBAND, REPRICE, PROMISE, FORBID, RELEASE) = range(11)
"""Numbers of the events."""


@compiled
def check_pairs(state: State, rows: IntArray, costs: IntArray, of_offers: bool) -> int:
    """Check the other side of new pairs: the rows are there, each once; no cost is negative."""
    count = state.meta[at.OFFERS] if of_offers else state.meta[at.NEEDS]
    mark = state.offer_label if of_offers else state.need_label
    answer = DONE
    seen = 0
    for k in range(len(rows)):
        row = rows[k]
        if row < 0 or row >= count:
            answer = NO_SUCH_ROW + (k << 8)
        elif mark[row] != at.UNSEEN:
            answer = TWICE + (k << 8)
        elif costs[k] < 0:
            answer = NEGATIVE + (k << 8)
        if answer != DONE:
            break
        mark[row] = 0
        seen += 1
    for k in range(seen):
        mark[rows[k]] = at.UNSEEN
    return answer


@compiled
def arrive(state: State, quantity: int, weight: int, offers: IntArray, costs: IntArray) -> int:
    """A need arrives with its pairs."""
    need, meta, edge = state.need, state.meta, state.edge
    answer = check_pairs(state, offers, costs, True)
    if answer != DONE:
        return answer
    entries = 0
    for k in range(len(offers)):
        if state.offer[offers[k], at.DEGREE] == state.offer[offers[k], at.SPACE]:
            entries += 2 * state.offer[offers[k], at.DEGREE] + 4
    count, n, start = len(offers), meta[at.NEEDS], meta[at.EDGE_END]
    full = start + count + 2 >= len(state.edge_cost) or meta[at.ENTRY_END] + entries >= len(state.entry_cost)
    if full or n >= len(need):
        return FULL
    begin(state)
    meta[at.NEEDS] = n + 1
    for column in range(at.NEED_COLUMNS):
        need[n, column] = 0
    need[n, at.START] = start
    need[n, at.DEGREE] = count
    need[n, at.SPACE] = count + 2
    meta[at.EDGE_END] = start + count + 2
    need[n, at.WEIGHT] = weight
    need[n, at.WANTED] = quantity
    state.need_label[n] = at.UNSEEN
    state.need_next[n] = -at.FAR
    state.need_price[n] = -at.FAR
    order = np.argsort(costs, kind="mergesort")
    for k in range(count):
        e = start + k
        for column in range(at.EDGE_COLUMNS):
            edge[e, column] = 0
        edge[e, at.NEED] = n
        edge[e, at.MARK] = -1
        edge[e, at.ROOM] = NO_LIMIT
        edge[e, at.MOST] = NO_LIMIT
        state.edge_offer[e] = offers[order[k]]
        state.edge_cost[e] = costs[order[k]]
        state.edge_flow[e] = 0
        add_entry(state, e)
    refit_need(state, n, quantity)
    return DONE


@compiled
def want(state: State, n: int, quantity: int) -> int:
    """A need wants another quantity; 0 where it is withdrawn."""
    begin(state)
    state.need[n, at.WANTED] = quantity
    if state.meta[at.STILL] > 0:
        release_need(state, n)
    refit_need(state, n, max(quantity - state.need[n, at.PROMISED], 0))
    return DONE


@compiled
def join(state: State, capacity: int, u: int, needs: IntArray, costs: IntArray) -> int:
    """An offer joins with its pairs."""
    offer, meta, need = state.offer, state.meta, state.need
    answer = check_pairs(state, needs, costs, False)
    if answer != DONE:
        return answer
    rows = 1
    for k in range(len(needs)):
        degree = need[needs[k], at.DEGREE]
        if degree == need[needs[k], at.SPACE]:
            rows += degree + degree // 2 + 2
    o, count = meta[at.OFFERS], len(needs)
    space = count + count // 4 + 4
    full = meta[at.EDGE_END] + rows >= len(state.edge_cost)
    if full or meta[at.ENTRY_END] + space >= len(state.entry_cost) or o >= len(offer):
        return FULL
    begin(state)
    meta[at.OFFERS] = o + 1
    for column in range(at.OFFER_COLUMNS):
        offer[o, column] = 0
    offer[o, at.START] = meta[at.ENTRY_END]
    offer[o, at.SPACE] = space
    meta[at.ENTRY_END] += space
    offer[o, at.UNIT] = u
    offer[o, at.SLOT] = -1
    offer[o, at.NEXT] = -1
    offer[o, at.GIVEN] = capacity
    state.offer_label[o] = at.UNSEEN
    state.offer_price[o] = at.FAR
    if u >= 0:
        offer[o, at.NEXT] = state.unit[u, at.FIRST]
        state.unit[u, at.FIRST] = o
    for k in range(count):
        e = open_edge(state, needs[k], o, costs[k])
        state.edge[e, at.ROOM] = NO_LIMIT
        state.edge[e, at.MOST] = NO_LIMIT
        add_entry(state, e)
    offer[o, at.CAPACITY] = capacity
    refit_offer(state, o)
    return DONE


@compiled
def found(state: State, total: int) -> int:
    """A unit joins, still without offers."""
    unit, u = state.unit, state.meta[at.UNITS]
    if u >= len(unit):
        return FULL
    begin(state)
    state.meta[at.UNITS] = u + 1
    for column in range(at.UNIT_COLUMNS):
        unit[u, column] = 0
    unit[u, at.FIRST] = -1
    unit[u, at.TOTAL] = total
    unit[u, at.LIMIT] = total
    unit[u, at.LABEL] = at.UNSEEN
    return DONE


@compiled
def give(state: State, o: int, capacity: int) -> int:
    """An offer gives another capacity; 0 where it leaves."""
    begin(state)
    offer = state.offer
    offer[o, at.GIVEN] = capacity
    if state.meta[at.STILL] > 0:
        release_offer(state, o)
    offer[o, at.CAPACITY] = max(capacity - offer[o, at.PROMISED_BY], 0)
    refit_offer(state, o)
    return DONE


@compiled
def set_limit(state: State, u: int, total: int) -> int:
    """A unit gives another total."""
    begin(state)
    unit = state.unit
    unit[u, at.TOTAL] = total
    if state.meta[at.STILL] > 0:
        release_unit(state, u)
    unit[u, at.LIMIT] = max(total - unit[u, at.LOCKED], 0)
    refit_unit(state, u)
    return DONE


@compiled
def disband(state: State, u: int) -> int:
    """A unit leaves with all its offers."""
    begin(state)
    unit, offer = state.unit, state.offer
    if state.meta[at.STILL] > 0:
        release_unit(state, u)
    unit[u, at.TOTAL] = 0
    o = unit[u, at.FIRST]
    while o >= 0:
        offer[o, at.GIVEN] = 0
        offer[o, at.CAPACITY] = 0
        refit_offer(state, o)
        o = offer[o, at.NEXT]
    add_load(state, u, -unit[u, at.FLOW])
    unit[u, at.EXCESS] = 0
    unit[u, at.LIMIT] = 0
    return DONE


@compiled
def reprice_pair(state: State, n: int, o: int, cost: int) -> int:
    """A pair costs something else."""
    e = find_edge(state, n, o)
    if e < 0:
        return NO_SUCH_PAIR
    begin(state)
    edge, need = state.edge, state.need
    places = state.edge_flow[e] + edge[e, at.KEPT] + edge[e, at.LOCK]
    state.meta[at.COST] += places * (cost - state.edge_cost[e])
    state.edge_cost[e] = cost
    state.need_next[n] = -at.FAR
    if edge[e, at.PLACE] >= 0:
        state.entry_cost[edge[e, at.PLACE]] = cost
    # The row after the last in use is free, for the edge to wait in while others make way.
    aside, last = len(state.edge_cost) - 1, need[n, at.START] + need[n, at.DEGREE] - 1
    move_edge(state, e, aside)
    while e < last and state.edge_cost[e + 1] < cost:
        move_edge(state, e + 1, e)
        e += 1
    while e > need[n, at.START] and state.edge_cost[e - 1] > cost:
        move_edge(state, e - 1, e)
        e -= 1
    move_edge(state, aside, e)
    refit_edge(state, e)
    return DONE


@compiled
def promise(state: State, n: int, o: int, places: int) -> int:
    """A number of places is promised on a pair."""
    e = find_edge(state, n, o)
    if e < 0:
        return NO_SUCH_PAIR
    begin(state)
    edge, need, offer, meta = state.edge, state.need, state.offer, state.meta
    u = offer[o, at.UNIT]
    if meta[at.STILL] > 0:
        release_need(state, n)
        release_offer(state, o)
        if u >= 0:
            release_unit(state, u)
    more = places - edge[e, at.LOCK]
    edge[e, at.LOCK] = places
    # Places that flow already become promised ones, and nothing else changes by that.
    same = max(0, min(more, state.edge_flow[e]))
    if same > 0:
        add_flow(state, e, -same)
        edge[e, at.ROOM] -= same
        need[n, at.QUANTITY] -= same
        offer[o, at.FLOW] -= same
        offer[o, at.CAPACITY] -= same
        if u >= 0:
            state.unit[u, at.FLOW] -= same
            state.unit[u, at.LIMIT] -= same
            state.unit[u, at.LOCKED] += same
    note(state, e, more)
    meta[at.COST] += more * state.edge_cost[e]
    meta[at.SERVED_BY + need[n, at.WEIGHT]] += more
    need[n, at.PROMISED] += more
    offer[o, at.PROMISED_BY] += more
    if u >= 0:
        add_load(state, u, more - same)
        state.unit[u, at.FLOW] -= more - same
        state.unit[u, at.LOCKED] += more - same
        state.unit[u, at.LIMIT] = max(state.unit[u, at.TOTAL] - state.unit[u, at.LOCKED], 0)
        refit_unit(state, u)
    offer[o, at.CAPACITY] = max(offer[o, at.GIVEN] - offer[o, at.PROMISED_BY], 0)
    refit_offer(state, o)
    if edge[e, at.MOST] < NO_LIMIT:
        edge[e, at.ROOM] = max(edge[e, at.MOST] - places, 0)
    else:
        edge[e, at.ROOM] = NO_LIMIT
    refit_need(state, n, max(need[n, at.WANTED] - need[n, at.PROMISED], 0))
    if need[n, at.QUANTITY] == 0:
        state.need_price[n] = -at.FAR
    refit_edge(state, e)
    return DONE


@compiled
def forbid(state: State, n: int, o: int) -> int:
    """A pair is refused."""
    e = find_edge(state, n, o)
    if e < 0:
        return NO_SUCH_PAIR
    if state.edge[e, at.LOCK] > 0:
        return IS_PROMISED
    begin(state)
    if state.meta[at.STILL] > 0:
        release_need(state, n)
    places = state.edge_flow[e]
    if places > 0:
        take_off(state, e, places)
    drop_entry(state, e)
    close_edge(state, e)
    return DONE


@compiled
def release_all(state: State) -> int:
    """All that was held still takes part again."""
    begin(state)
    meta = state.meta
    for n in range(meta[at.NEEDS]):
        release_need(state, n)
    for u in range(meta[at.UNITS]):
        release_unit(state, u)
    for o in range(meta[at.OFFERS]):
        release_offer(state, o)
    return DONE


@compiled
def run(state: State, event: int, a: int, b: int, c: int, rows: IntArray, costs: IntArray) -> int:
    """Do an event and restore the optimum; what `a`, `b`, `c` are, its own function says."""
    state = strip(state)
    meta = state.meta
    limit = meta[at.MOST_MOVES]
    if event == ARRIVE:
        answer = arrive(state, a, b, rows, costs)
    elif event == WANT:
        answer = want(state, a, b)
    elif event == JOIN:
        answer = join(state, a, b, rows, costs)
    elif event == GIVE:
        answer = give(state, a, b)
    elif event == FOUND:
        answer = found(state, a)
    elif event == LIMIT:
        answer = set_limit(state, a, b)
    elif event == DISBAND:
        answer = disband(state, a)
    elif event == REPRICE:
        answer = reprice_pair(state, a, b, c)
    elif event == PROMISE:
        answer = promise(state, a, b, c)
    elif event == FORBID:
        answer = forbid(state, a, b)
    else:
        meta[at.MOST_MOVES] = a
        answer = release_all(state)
    if answer == DONE:
        settle(state)
    meta[at.MOST_MOVES] = limit
    return answer
