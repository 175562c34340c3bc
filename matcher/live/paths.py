"""Sending places along the ways that searches find: how many fit, how many needs would move."""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import NO_LIMIT, IntArray
from matcher.live import state as at
from matcher.live.links import add_flow
from matcher.live.loads import add_load, find_run


@compiled_part
def edge_run(meta: IntArray, e: int, sign: int) -> int:
    """How many places may come onto an edge (or leave it) at one cost."""
    flow: int = at.edge_flow_of(meta)[e]
    if meta[at.HAS_ROOM] == 0 and meta[at.MOVE_COST] == 0:
        return NO_LIMIT if sign > 0 else flow
    edge = at.edges_of(meta)
    over: int = flow - edge[e, at.BASE] if meta[at.MOVE_COST] > 0 else 0
    if sign > 0:
        most: int = edge[e, at.ROOM] - flow
        return min(most, -over) if over < 0 else most
    return over if over > 0 else flow


@compiled_part
def end_run(meta: IntArray, sign: int) -> int:
    """How many places the end of the way found can take (or give) at one cost."""
    need, offer, unit = at.needs_of(meta), at.offers_of(meta), at.units_of(meta)
    term, row = meta[at.TERM], meta[at.TERM_ROW]
    most: int = NO_LIMIT
    if term == at.UNSERVED:
        if sign < 0:
            most = need[row, at.QUANTITY] - need[row, at.SERVED] - need[row, at.EXCESS]
    elif term == at.OPEN_NEED:
        most = abs(need[row, at.EXCESS])
    elif term == at.OPEN_OFFER:
        most = abs(offer[row, at.EXCESS])
    elif term == at.OPEN_UNIT:
        most = abs(unit[row, at.EXCESS])
    elif term == at.AT_UNIT:
        most = find_run(meta, row, sign)
    else:
        most = offer[row, at.CAPACITY] - offer[row, at.FLOW] if sign > 0 else offer[row, at.FLOW]
        if term == at.THROUGH_UNIT:
            most = min(most, find_run(meta, offer[row, at.UNIT], sign))
    return most


@compiled_part
def change_end(meta: IntArray, change: int) -> None:
    """Let the end of the way found take places, or give them where `change` is below zero."""
    offer, term, row = at.offers_of(meta), meta[at.TERM], meta[at.TERM_ROW]
    if term == at.OPEN_NEED:
        at.needs_of(meta)[row, at.EXCESS] += change
    elif term == at.OPEN_OFFER:
        offer[row, at.EXCESS] += change
    elif term == at.OPEN_UNIT:
        at.units_of(meta)[row, at.EXCESS] += change
    elif term != at.UNSERVED:
        u = row
        if term != at.AT_UNIT:
            offer[row, at.FLOW] += change
            u = offer[row, at.UNIT]
        if term != at.AT_OFFER:
            add_load(meta, u, change)


@compiled_part
def walk(meta: IntArray, sign: int, places: int, sends: int) -> int:  # noqa: C901 (two walks in one)
    """Follow the way found back to where it began, and give how many of some places it can carry.

    Counts the needs that would have to move for them, or, where `sends` is set, sends the places.
    """
    need, offer, unit = at.needs_of(meta), at.offers_of(meta), at.units_of(meta)
    pair, edge = at.pairs_of(meta), at.edges_of(meta)
    term, row, kind = meta[at.TERM], meta[at.TERM_ROW], at.OF_OFFER
    if term in (at.UNSERVED, at.OPEN_NEED):
        kind = at.OF_NEED
    elif term in (at.AT_UNIT, at.OPEN_UNIT):
        kind = at.OF_UNIT
    newcomer = row if kind == at.OF_NEED and sign < 0 else -1
    change = sign * places
    moves = 0
    while True:
        if kind == at.OF_OFFER:
            via = offer[row, at.VIA]
            if via >= 0:
                if sends:
                    add_flow(meta, via, change)
                else:
                    places = min(places, edge_run(meta, via, sign))
                row, kind = edge[via, at.NEED], at.OF_NEED
            elif via == at.BY_UNIT:
                if sends:
                    offer[row, at.FLOW] -= change
                elif sign > 0:
                    places = min(places, offer[row, at.FLOW])
                else:
                    places = min(places, offer[row, at.CAPACITY] - offer[row, at.FLOW])
                row, kind = offer[row, at.UNIT], at.OF_UNIT
            else:
                break
        elif kind == at.OF_NEED:
            via = need[row, at.VIA]
            if via < 0:
                break
            if sends:
                if row != newcomer:
                    need[row, at.MOVED] = meta[at.EVENT]
                add_flow(meta, via, -change)
            else:
                moves += row != newcomer and need[row, at.MOVED] != meta[at.EVENT]
                places = min(places, edge_run(meta, via, -sign))
            row, kind = pair[via, at.OFFER], at.OF_OFFER
        else:
            via = unit[row, at.VIA]
            if via < 0:
                break
            if sends:
                offer[via, at.FLOW] += change
            elif sign > 0:
                places = min(places, offer[via, at.CAPACITY] - offer[via, at.FLOW])
            else:
                places = min(places, offer[via, at.FLOW])
            row, kind = via, at.OF_OFFER
    if not sends:
        meta[at.MOVES] = moves
    return places
