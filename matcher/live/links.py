"""Pairs in both directions: putting them in, taking them out, and changing what flows on them."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.bare import bare
from matcher.live.state import State


@compiled
def strip(state: State) -> State:
    """Give views of the tables that nobody counts references to.

    Counting them costs more than most of the functions they are handed to do; the caller holds the tables.
    """
    return State(
        bare(state.need),
        bare(state.need_price),
        bare(state.need_label),
        bare(state.need_next),
        bare(state.offer),
        bare(state.offer_price),
        bare(state.offer_label),
        bare(state.unit),
        bare(state.unit_load),
        bare(state.edge),
        bare(state.edge_offer),
        bare(state.edge_cost),
        bare(state.edge_flow),
        bare(state.entry_need),
        bare(state.entry_cost),
        bare(state.entry_edge),
        bare(state.heap),
        bare(state.touched),
        bare(state.work),
        bare(state.log),
        bare(state.meta),
    )


@compiled
def begin(state: State) -> None:
    """Start an event: an empty log."""
    meta = state.meta
    meta[at.EVENT] += 1
    meta[at.LOG_FIRST] += meta[at.LOG]
    meta[at.LOG] = 0
    meta[at.WORK] = 0
    meta[at.COST_BEFORE] = meta[at.COST]
    for weight in range(6):
        meta[at.SERVED_BEFORE + weight] = meta[at.SERVED_BY + weight]


@compiled
def swap(state: State, a: int, b: int) -> None:
    """Let two entries of an offer change places."""
    if a == b:
        return
    need, cost, edge = state.entry_need, state.entry_cost, state.entry_edge
    need[a], need[b] = need[b], need[a]
    cost[a], cost[b] = cost[b], cost[a]
    edge[a], edge[b] = edge[b], edge[a]
    state.edge[edge[a], at.PLACE] = a
    state.edge[edge[b], at.PLACE] = b


@compiled
def note(state: State, e: int, places: int) -> None:
    """Add to the log what changes on an edge."""
    edge, log, meta = state.edge, state.log, state.meta
    row = edge[e, at.MARK] - meta[at.LOG_FIRST]
    if row < 0:
        row = meta[at.LOG]
        meta[at.LOG] += 1
        edge[e, at.MARK] = meta[at.LOG_FIRST] + row
        log[row, at.LOG_NEED] = edge[e, at.NEED]
        log[row, at.LOG_OFFER] = state.edge_offer[e]
        log[row, at.LOG_PLACES] = 0
        log[row, at.LOG_EDGE] = e
    log[row, at.LOG_PLACES] += places


@compiled
def add_flow(state: State, e: int, places: int) -> None:
    """Change the flow of an edge, with its log, its sums and its place among the offer's holders."""
    edge, meta, offer = state.edge, state.meta, state.offer
    note(state, e, places)
    before = state.edge_flow[e]
    after = before + places
    state.edge_flow[e] = after
    n = edge[e, at.NEED]
    state.need_next[n] = -at.FAR
    state.need[n, at.SERVED] += places
    meta[at.SERVED_BY + state.need[n, at.WEIGHT]] += places
    meta[at.COST] += places * state.edge_cost[e]
    o = state.edge_offer[e]
    if before == 0:
        swap(state, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.HELD])
        offer[o, at.HELD] += 1
    elif after == 0:
        offer[o, at.HELD] -= 1
        swap(state, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.HELD])


@compiled
def add_excess(state: State, table: IntArray, row: int, kind: int, places: int) -> None:
    """Leave places to be dealt with at a row, and list it as work."""
    if table[row, at.EXCESS] == 0:
        state.work[state.meta[at.WORK]] = row * 4 + kind
        state.meta[at.WORK] += 1
    table[row, at.EXCESS] += places


@compiled
def move_edge(state: State, source: int, target: int) -> None:
    """Move an edge to another row, which was free."""
    edge = state.edge
    for column in range(edge.shape[1]):
        edge[target, column] = edge[source, column]
    state.edge_offer[target] = state.edge_offer[source]
    state.edge_cost[target] = state.edge_cost[source]
    state.edge_flow[target] = state.edge_flow[source]
    if edge[target, at.PLACE] >= 0:
        state.entry_edge[edge[target, at.PLACE]] = target
    row = edge[target, at.MARK] - state.meta[at.LOG_FIRST]
    if row >= 0:
        state.log[row, at.LOG_EDGE] = target


@compiled
def open_edge(state: State, n: int, o: int, cost: int) -> int:
    """Make a row for a new edge of a need, sorted by cost in its block; give the row."""
    need, meta = state.need, state.meta
    degree = need[n, at.DEGREE]
    if degree == need[n, at.SPACE]:
        start = meta[at.EDGE_END]
        for k in range(degree):
            move_edge(state, need[n, at.START] + k, start + k)
        need[n, at.START] = start
        need[n, at.SPACE] = degree + degree // 2 + 2
        meta[at.EDGE_END] += need[n, at.SPACE]
    row: int = need[n, at.START] + degree
    while row > need[n, at.START] and state.edge_cost[row - 1] > cost:
        move_edge(state, row - 1, row)
        row -= 1
    need[n, at.DEGREE] = degree + 1
    state.need_next[n] = -at.FAR
    state.edge_offer[row] = o
    state.edge_cost[row] = cost
    state.edge_flow[row] = 0
    edge = state.edge
    for column in range(edge.shape[1]):
        edge[row, column] = 0
    edge[row, at.NEED] = n
    edge[row, at.MARK] = -1
    edge[row, at.PLACE] = -1
    return row


@compiled
def close_edge(state: State, e: int) -> None:
    """Take an edge without flow out of its need's block."""
    need = state.need
    n = state.edge[e, at.NEED]
    row = state.edge[e, at.MARK] - state.meta[at.LOG_FIRST]
    if row >= 0:
        state.log[row, at.LOG_EDGE] = -1
    end = need[n, at.START] + need[n, at.DEGREE] - 1
    for k in range(e, end):
        move_edge(state, k + 1, k)
    need[n, at.DEGREE] -= 1


@compiled
def add_entry(state: State, e: int) -> None:
    """List an edge without flow with its offer too."""
    offer, meta = state.offer, state.meta
    o = state.edge_offer[e]
    degree = offer[o, at.DEGREE]
    if degree == offer[o, at.SPACE]:
        start = meta[at.ENTRY_END]
        for k in range(degree):
            old = offer[o, at.START] + k
            state.entry_need[start + k] = state.entry_need[old]
            state.entry_cost[start + k] = state.entry_cost[old]
            state.entry_edge[start + k] = state.entry_edge[old]
            state.edge[state.entry_edge[old], at.PLACE] = start + k
        offer[o, at.START] = start
        offer[o, at.SPACE] = 2 * degree + 4
        meta[at.ENTRY_END] += offer[o, at.SPACE]
    place = offer[o, at.START] + degree
    offer[o, at.DEGREE] = degree + 1
    state.entry_need[place] = state.edge[e, at.NEED]
    state.entry_cost[place] = state.edge_cost[e]
    state.entry_edge[place] = e
    state.edge[e, at.PLACE] = place


@compiled
def drop_entry(state: State, e: int) -> None:
    """Take an edge without flow off its offer's list."""
    offer = state.offer
    o, place = state.edge_offer[e], state.edge[e, at.PLACE]
    if place < 0:
        return
    offer[o, at.DEGREE] -= 1
    swap(state, place, offer[o, at.START] + offer[o, at.DEGREE])
    state.edge[e, at.PLACE] = -1


@compiled
def find_edge(state: State, n: int, o: int) -> int:
    """Find the row of a pair, -1 where there is none."""
    start = state.need[n, at.START]
    for e in range(start, start + state.need[n, at.DEGREE]):
        if state.edge_offer[e] == o:
            return e
    return -1
