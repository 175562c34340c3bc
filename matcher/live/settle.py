"""Restoring the optimum: every place that has to go on or came free goes its cheapest way."""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.hops import hop_onward
from matcher.live.links import is_plain
from matcher.live.paths import change_end, end_run, walk
from matcher.live.search import search_back, search_onward
from matcher.live.steps import note_cheaper
from matcher.live.together import go_together

SETTLED, NO_WAY, NO_ROOM, TOO_MANY = range(4)
"""What `settle` answers in its lowest byte; the place in the list of work stands above it."""


@compiled_part
def excess_of(meta: IntArray, row: int, kind: int) -> int:
    """Places that have still to go on from a row (below zero: to come in)."""
    if kind == at.OF_NEED:
        excess: int = at.needs_of(meta)[row, at.EXCESS]
    elif kind == at.OF_OFFER:
        excess = at.offers_of(meta)[row, at.EXCESS]
    else:
        excess = at.units_of(meta)[row, at.EXCESS]
    return excess


@compiled_part
def lower_excess(meta: IntArray, row: int, kind: int, places: int) -> None:
    """Take dealt with places off what has still to go on from a row."""
    if kind == at.OF_NEED:
        at.needs_of(meta)[row, at.EXCESS] -= places
    elif kind == at.OF_OFFER:
        at.offers_of(meta)[row, at.EXCESS] -= places
    else:
        at.units_of(meta)[row, at.EXCESS] -= places


@compiled_part
def end_event(meta: IntArray) -> None:
    """Let offers that have left serve nobody at any price, and note what is moved from now on."""
    work, offer = at.work_of(meta), at.offers_of(meta)
    for k in range(meta[at.WORK]):
        row = work[k] >> 2
        if work[k] & 3 == at.OF_OFFER and offer[row, at.CAPACITY] == 0:
            at.offer_price_of(meta)[row] = at.FAR
    if meta[at.MOVE_COST] > 0:
        log, edge, edge_flow = at.log_of(meta), at.edges_of(meta), at.edge_flow_of(meta)
        for k in range(meta[at.LOG]):
            e = log[k, at.LOG_EDGE]
            if e >= 0:
                edge[e, at.BASE] = edge_flow[e]


@compiled
def settle(meta: IntArray) -> int:
    """Deal with all excess, first with what has to go on, then with what came free.

    Stops at what would move more needs than `MOST_MOVES` allows (`TOO_MANY`), so that it can be held still;
    can then be called again.
    """
    work, plain = at.work_of(meta), is_plain(meta)
    note_cheaper(meta)
    if plain and meta[at.MOST_MOVES] < 0 and meta[at.LOAD_STEPS] == 0:
        go_together(meta)
    for sign in (at.ONWARD, at.BACK):
        for k in range(meta[at.WORK]):
            row, kind = work[k] >> 2, work[k] & 3
            while True:
                excess = excess_of(meta, row, kind)
                if excess * sign <= 0:
                    break
                if sign > 0 and plain:
                    hop_onward(meta, row, kind)
                elif sign > 0:
                    search_onward(meta, row, kind)
                else:
                    search_back(meta, row, kind)
                if meta[at.TERM] == at.NOWHERE:
                    return NO_WAY
                places = walk(meta, sign, min(abs(excess), end_run(meta, sign)), at.NO)
                moves = meta[at.MOVED_SO_FAR] + meta[at.MOVES]
                if meta[at.MOST_MOVES] >= 0 and meta[at.MOVES] > 0 and moves > meta[at.MOST_MOVES]:
                    return TOO_MANY + (k << 8)
                if places <= 0:
                    return NO_ROOM
                meta[at.MOVED_SO_FAR] = moves
                change = sign * places
                change_end(meta, change)
                walk(meta, sign, places, at.YES)
                lower_excess(meta, row, kind, change)
    note_cheaper(meta)
    end_event(meta)
    return SETTLED
