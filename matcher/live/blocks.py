"""Blocks of pairs, a need's or an offer's: widening them, sorting them, taking pairs out."""

from __future__ import annotations

import numpy as np

from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.links import swap
from matcher.live.state import State


def count_wider(degree: int) -> int:
    """Give for how many pairs a block should have room that is full."""
    return degree + degree // 2 + 4


def find_edge(state: State, n: int, o: int) -> int | None:
    """Find the row of a pair."""
    start = int(state.need[n, at.START])
    found = np.flatnonzero(state.pair[start : start + state.need[n, at.DEGREE], at.OFFER] == o)
    return start + int(found[0]) if len(found) else None


def forget_hops(state: State, rows: IntArray) -> None:
    """Let the offers that hold any of some edges forget where their holders could go."""
    held = rows[state.edge_flow[rows] > 0]
    state.hop[state.pair[held, at.OFFER], at.LAID] = at.NO


def move_edges(state: State, source: IntArray, target: IntArray) -> None:
    """Move edges to other rows, each of which is free or moves too."""
    meta, edge = state.meta, state.edge
    edge[target] = edge[source]
    state.pair[target] = state.pair[source]
    state.edge_flow[target] = state.edge_flow[source]
    state.entry[edge[target, at.PLACE], at.ENTRY_EDGE] = target
    noted = edge[target, at.MARK] - meta[at.LOG_FIRST]
    state.log[noted[noted >= 0], at.LOG_EDGE] = target[noted >= 0]


def sort_needs(state: State, needs: IntArray) -> None:
    """Put the edges of some needs in the order of their costs again."""
    degree = state.need[needs, at.DEGREE]
    before = np.cumsum(degree) - degree
    rows = np.repeat(state.need[needs, at.START] - before, degree) + np.arange(int(degree.sum()))
    forget_hops(state, rows)
    source = rows[np.lexsort((state.pair[rows, at.COST], np.repeat(np.arange(len(needs)), degree)))]
    moved = source != rows
    move_edges(state, source[moved], rows[moved])
    state.need_second[needs] = -at.FAR


def widen_need(state: State, n: int) -> None:
    """Move the edges of a need to where there is room for more."""
    need, degree = state.need[n], int(state.need[n, at.DEGREE])
    rows, start = np.arange(degree), int(state.meta[at.EDGE_END])
    forget_hops(state, need[at.START] + rows)
    move_edges(state, need[at.START] + rows, start + rows)
    need[at.START] = start
    state.need_rare[n, at.SPACE] = count_wider(degree)
    state.meta[at.EDGE_END] += count_wider(degree)


def widen_offer(state: State, o: int) -> None:
    """Move the entries of an offer to where there is room for more."""
    offer, start, degree = state.offer[o], int(state.meta[at.ENTRY_END]), int(state.offer[o, at.DEGREE])
    entries = state.entry[offer[at.START] : offer[at.START] + degree]
    state.entry[start : start + degree] = entries
    state.edge[entries[:, at.ENTRY_EDGE], at.PLACE] = np.arange(start, start + degree)
    offer[at.START] = start
    offer[at.OFFER_SPACE] = count_wider(degree)
    state.meta[at.ENTRY_END] += count_wider(degree)


def drop_edge(state: State, e: int) -> None:
    """Take an edge without flow off its offer's list and out of its need's block."""
    n, offer = state.edge[e, at.NEED], state.offer[state.pair[e, at.OFFER]]
    offer[at.DEGREE] -= 1
    swap(state.meta, state.edge[e, at.PLACE], offer[at.START] + offer[at.DEGREE])
    noted = state.edge[e, at.MARK] - state.meta[at.LOG_FIRST]
    if noted >= 0:
        state.log[noted, at.LOG_EDGE] = -1
    end = state.need[n, at.START] + state.need[n, at.DEGREE]
    forget_hops(state, np.arange(state.need[n, at.START], end))
    after = np.arange(e + 1, end)
    move_edges(state, after, after - 1)
    state.need[n, at.DEGREE] -= 1
