"""Pairs in both directions: putting them in, taking them out, and changing what flows on them."""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import NO_LIMIT, IntArray
from matcher.live import state as at
from matcher.live.steps import join_steps, leave_steps


@compiled_part
def is_plain(meta: IntArray) -> bool:
    """Say whether pairs have no room of their own and moving costs nothing."""
    plain: bool = meta[at.HAS_ROOM] == 0 and meta[at.MOVE_COST] == 0
    return plain


@compiled
def begin(meta: IntArray) -> None:
    """Start an event: an empty log."""
    meta[at.EVENT] += 1
    meta[at.LOG_FIRST] += meta[at.LOG]
    meta[at.LOG] = 0
    meta[at.WORK] = 0
    meta[at.MOVED_SO_FAR] = 0
    meta[at.COST_BEFORE] = meta[at.COST_SUM]
    for weight in range(6):
        meta[at.SERVED_BEFORE + weight] = meta[at.SERVED_BY + weight]


@compiled
def swap(meta: IntArray, a: int, b: int) -> None:
    """Let two entries of an offer change places."""
    if a == b:
        return
    entry, edge = at.entries_of(meta), at.edges_of(meta)
    for column in range(at.ENTRY_COLUMNS):
        entry[a, column], entry[b, column] = entry[b, column], entry[a, column]
    edge[entry[a, at.ENTRY_EDGE], at.PLACE] = a
    edge[entry[b, at.ENTRY_EDGE], at.PLACE] = b


@compiled
def note(meta: IntArray, e: int, places: int) -> None:
    """Add to the log what changes on an edge."""
    edge, log = at.edges_of(meta), at.log_of(meta)
    row = edge[e, at.MARK] - meta[at.LOG_FIRST]
    if row < 0:
        row = meta[at.LOG]
        meta[at.LOG] += 1
        edge[e, at.MARK] = meta[at.LOG_FIRST] + row
        log[row, at.LOG_NEED] = edge[e, at.NEED]
        log[row, at.LOG_OFFER] = at.pairs_of(meta)[e, at.OFFER]
        log[row, at.LOG_PLACES] = 0
        log[row, at.LOG_EDGE] = e
    log[row, at.LOG_PLACES] += places


@compiled
def add_flow(meta: IntArray, e: int, places: int) -> None:
    """Change the flow of an edge, with its log, its sums and its place among the offer's holders."""
    edge, pair, edge_flow = at.edges_of(meta), at.pairs_of(meta), at.edge_flow_of(meta)
    need, offer = at.needs_of(meta), at.offers_of(meta)
    note(meta, e, places)
    before = edge_flow[e]
    after = before + places
    edge_flow[e] = after
    n = edge[e, at.NEED]
    at.need_second_of(meta)[n] = -at.FAR
    need[n, at.SERVED] += places
    meta[at.SERVED_BY + need[n, at.WEIGHT]] += places
    meta[at.COST_SUM] += places * pair[e, at.COST]
    o = pair[e, at.OFFER]
    if places > 0 and is_plain(meta):
        at.need_price_of(meta)[n] = at.offer_price_of(meta)[o] + pair[e, at.COST]
    if before == 0:
        join_steps(meta, n, o, e)
        swap(meta, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.HELD])
        offer[o, at.HELD] += 1
    elif after == 0:
        leave_steps(meta, o, e)
        offer[o, at.HELD] -= 1
        swap(meta, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.HELD])


@compiled
def add_excess(meta: IntArray, kind: int, row: int, places: int) -> None:
    """Leave places to be dealt with at a row, and list it as work."""
    need, offer, unit = at.needs_of(meta), at.offers_of(meta), at.units_of(meta)
    if kind == at.OF_NEED:
        before = need[row, at.EXCESS]
        need[row, at.EXCESS] = before + places
    elif kind == at.OF_OFFER:
        before = offer[row, at.EXCESS]
        offer[row, at.EXCESS] = before + places
    else:
        before = unit[row, at.EXCESS]
        unit[row, at.EXCESS] = before + places
    if before == 0:
        at.work_of(meta)[meta[at.WORK]] = row * 4 + kind
        meta[at.WORK] += 1


@compiled
def fill_edge(meta: IntArray, e: int, n: int, o: int, cost: int) -> None:
    """Write a new edge without flow or limits to a free row, and list it with its offer, which has room."""
    edge, pair, entry = at.edges_of(meta), at.pairs_of(meta), at.entries_of(meta)
    offer = at.offers_of(meta)
    place = offer[o, at.START] + offer[o, at.DEGREE]
    offer[o, at.DEGREE] += 1
    entry[place, at.ENTRY_NEED] = n
    entry[place, at.ENTRY_COST] = cost
    entry[place, at.ENTRY_EDGE] = e
    pair[e, at.COST] = cost
    pair[e, at.OFFER] = o
    at.edge_flow_of(meta)[e] = 0
    for column in range(at.EDGE_COLUMNS):
        edge[e, column] = 0
    edge[e, at.PLACE] = place
    edge[e, at.NEED] = n
    edge[e, at.ROOM] = NO_LIMIT
    edge[e, at.MARK] = -1
    edge[e, at.MOST] = NO_LIMIT
