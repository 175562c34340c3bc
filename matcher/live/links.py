"""Pairs in both directions: putting them in, taking them out, and changing what flows on them."""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import NO_LIMIT, IntArray
from matcher.live import state as at


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


@compiled_part
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
    at.need_slack_of(meta)[n] = -at.FAR
    need[n, at.SERVED] += places
    meta[at.SERVED_BY + need[n, at.WEIGHT]] += places
    meta[at.COST_SUM] += places * pair[e, at.COST]
    o = pair[e, at.OFFER]
    if before == 0:
        swap(meta, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.HELD])
        offer[o, at.HELD] += 1
    elif after == 0:
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


@compiled_part
def move_edge(meta: IntArray, source: int, target: int) -> None:
    """Move an edge to another row, which was free."""
    edge, pair, edge_flow = at.edges_of(meta), at.pairs_of(meta), at.edge_flow_of(meta)
    for column in range(at.EDGE_COLUMNS):
        edge[target, column] = edge[source, column]
    pair[target, at.COST] = pair[source, at.COST]
    pair[target, at.OFFER] = pair[source, at.OFFER]
    edge_flow[target] = edge_flow[source]
    if edge[target, at.PLACE] >= 0:
        at.entries_of(meta)[edge[target, at.PLACE], at.ENTRY_EDGE] = target
    row = edge[target, at.MARK] - meta[at.LOG_FIRST]
    if row >= 0:
        at.log_of(meta)[row, at.LOG_EDGE] = target


@compiled_part
def fill_edge(meta: IntArray, e: int, n: int, o: int, cost: int) -> None:
    """Write a new edge without flow or limits to a free row, and list it with its offer."""
    edge, pair, entry = at.edges_of(meta), at.pairs_of(meta), at.entries_of(meta)
    offer = at.offers_of(meta)
    pair[e, at.COST] = cost
    pair[e, at.OFFER] = o
    at.edge_flow_of(meta)[e] = 0
    degree = offer[o, at.DEGREE]
    if degree == offer[o, at.OFFER_SPACE]:
        start = meta[at.ENTRY_END]
        for k in range(degree):
            for column in range(at.ENTRY_COLUMNS):
                entry[start + k, column] = entry[offer[o, at.START] + k, column]
            edge[entry[start + k, at.ENTRY_EDGE], at.PLACE] = start + k
        offer[o, at.START] = start
        offer[o, at.OFFER_SPACE] = 2 * degree + 4
        meta[at.ENTRY_END] += 2 * degree + 4
    place = offer[o, at.START] + degree
    offer[o, at.DEGREE] = degree + 1
    entry[place, at.ENTRY_NEED] = n
    entry[place, at.ENTRY_COST] = cost
    entry[place, at.ENTRY_EDGE] = e
    edge[e, at.PLACE] = place
    edge[e, at.NEED] = n
    edge[e, at.ROOM] = NO_LIMIT
    edge[e, at.BASE] = 0
    edge[e, at.MARK] = -1
    edge[e, at.KEPT] = 0
    edge[e, at.LOCK] = 0
    edge[e, at.MOST] = NO_LIMIT


@compiled_part
def open_edge(meta: IntArray, n: int, o: int, cost: int) -> None:
    """Give a need a new edge, sorted by cost in its block."""
    need, rare, pair = at.needs_of(meta), at.need_rare_of(meta), at.pairs_of(meta)
    degree = need[n, at.DEGREE]
    if degree == rare[n, at.SPACE]:
        start = meta[at.EDGE_END]
        for k in range(degree):
            move_edge(meta, need[n, at.START] + k, start + k)
        need[n, at.START] = start
        rare[n, at.SPACE] = degree + degree // 2 + 2
        meta[at.EDGE_END] += rare[n, at.SPACE]
    row: int = need[n, at.START] + degree
    while row > need[n, at.START] and pair[row - 1, at.COST] > cost:
        move_edge(meta, row - 1, row)
        row -= 1
    need[n, at.DEGREE] = degree + 1
    at.need_slack_of(meta)[n] = -at.FAR
    fill_edge(meta, row, n, o, cost)


@compiled
def close_edge(meta: IntArray, e: int) -> None:
    """Take an edge without flow off its offer's list and out of its need's block."""
    need, offer, edge = at.needs_of(meta), at.offers_of(meta), at.edges_of(meta)
    n, o = edge[e, at.NEED], at.pairs_of(meta)[e, at.OFFER]
    offer[o, at.DEGREE] -= 1
    swap(meta, edge[e, at.PLACE], offer[o, at.START] + offer[o, at.DEGREE])
    row = edge[e, at.MARK] - meta[at.LOG_FIRST]
    if row >= 0:
        at.log_of(meta)[row, at.LOG_EDGE] = -1
    for k in range(e + 1, need[n, at.START] + need[n, at.DEGREE]):
        move_edge(meta, k, k - 1)
    need[n, at.DEGREE] -= 1


@compiled
def reprice_edge(meta: IntArray, e: int, cost: int) -> int:
    """Change the cost of an edge and put it where it then belongs in its need's block; give its row."""
    need, edge, pair = at.needs_of(meta), at.edges_of(meta), at.pairs_of(meta)
    n = edge[e, at.NEED]
    pair[e, at.COST] = cost
    at.entries_of(meta)[edge[e, at.PLACE], at.ENTRY_COST] = cost
    at.need_slack_of(meta)[n] = -at.FAR
    # The row after the last in use is free, for the edge to wait in while others make way.
    aside, last = len(pair) - 1, need[n, at.START] + need[n, at.DEGREE] - 1
    move_edge(meta, e, aside)
    while e < last and pair[e + 1, at.COST] < cost:
        move_edge(meta, e + 1, e)
        e += 1
    while e > need[n, at.START] and pair[e - 1, at.COST] > cost:
        move_edge(meta, e - 1, e)
        e -= 1
    move_edge(meta, aside, e)
    return e
