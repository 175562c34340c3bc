"""New needs and offers with their pairs, checked before anything is changed."""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.live import blocks
from matcher.live import state as at
from matcher.live.links import begin, fill_edge
from matcher.live.refit import refit_need, refit_offer
from matcher.live.state import State

DONE, NO_SUCH_ROW, TWICE, NEGATIVE, DEARER, CROWDED = range(6)
"""What is answered in the lowest byte; the position of the culprit stands above it."""


@compiled
def check_pairs(meta: IntArray, kind: int, rows: IntArray, costs: IntArray) -> int:
    """Check new pairs with rows of a kind: they are there, each once; no cost is negative or too dear.

    Then whether the block of each row has room for one more.
    """
    need, rare, offer = at.needs_of(meta), at.need_rare_of(meta), at.offers_of(meta)
    mark, count = at.offer_label_of(meta), meta[at.OFFERS]
    if kind == at.OF_NEED:
        mark, count = at.need_label_of(meta), meta[at.NEEDS]
    answer, seen = DONE, 0
    for k in range(len(rows)):
        row = rows[k]
        if row < 0 or row >= count:
            answer = NO_SUCH_ROW + (k << 8)
        elif mark[row] != at.UNSEEN:
            answer = TWICE + (k << 8)
        elif costs[k] < 0:
            answer = NEGATIVE + (k << 8)
        elif costs[k] > meta[at.DEAREST]:
            answer = DEARER
        if answer != DONE:
            break
        mark[row] = 0
        seen += 1
    for k in range(seen):
        row = rows[k]
        mark[row] = at.UNSEEN
        full = (
            offer[row, at.DEGREE] == offer[row, at.OFFER_SPACE]
            if kind == at.OF_OFFER
            else (need[row, at.DEGREE] == rare[row, at.SPACE])
        )
        if full and answer == DONE:
            answer = CROWDED + (k << 8)
    return answer


@compiled_part
def sort_pairs(pair: IntArray, start: int, count: int) -> None:
    """Sort rows of a block by cost, then offer (Shell 1959: in place, and short)."""
    gap = count // 2
    while gap > 0:
        for k in range(start + gap, start + count):
            cost, o, j = pair[k, at.COST], pair[k, at.OFFER], k - gap
            while j >= start and (
                pair[j, at.COST] > cost or (pair[j, at.COST] == cost and pair[j, at.OFFER] > o)
            ):
                pair[j + gap, at.COST] = pair[j, at.COST]
                pair[j + gap, at.OFFER] = pair[j, at.OFFER]
                j -= gap
            pair[j + gap, at.COST] = cost
            pair[j + gap, at.OFFER] = o
        gap = 1 if gap == 2 else gap * 5 // 11


@compiled
def add_need(meta: IntArray, quantity: int, weight: int, offers: IntArray, costs: IntArray) -> None:
    """A need arrives with pairs that were checked; there is room in the tables."""
    need, rare, pair = at.needs_of(meta), at.need_rare_of(meta), at.pairs_of(meta)
    count, n, start = len(offers), meta[at.NEEDS], meta[at.EDGE_END]
    begin(meta)
    meta[at.NEEDS] = n + 1
    meta[at.EDGE_END] = start + count + 2
    need[n, at.START] = start
    need[n, at.DEGREE] = count
    need[n, at.WEIGHT] = weight
    rare[n, at.SPACE] = count + 2
    rare[n, at.WANTED] = quantity
    at.need_price_of(meta)[n] = -at.FAR
    for k in range(count):
        pair[start + k, at.COST] = costs[k]
        pair[start + k, at.OFFER] = offers[k]
    sort_pairs(pair, start, count)
    for e in range(start, start + count):
        fill_edge(meta, e, n, pair[e, at.OFFER], pair[e, at.COST])
    refit_need(meta, n, quantity)


def add_offer(state: State, capacity: int, u: int, needs: IntArray, costs: IntArray) -> None:
    """An offer joins with pairs that were checked; there is room in the tables."""
    meta, unit, o, space = state.meta, state.unit, int(state.meta[at.OFFERS]), blocks.count_wider(len(needs))
    begin(meta)
    row = state.offer[o]
    row[at.START] = meta[at.ENTRY_END]
    row[at.OFFER_SPACE] = space
    row[[at.GIVEN, at.CAPACITY]] = capacity
    row[[at.UNIT, at.NEXT]] = u, -1
    if u >= 0:
        row[at.NEXT] = unit[u, at.FIRST]
        unit[u, at.FIRST] = o
    meta[at.OFFERS] += 1
    meta[at.ENTRY_END] += space
    state.offer_price[o] = at.FAR
    ends = state.need[needs, at.START] + state.need[needs, at.DEGREE]
    for e, n, cost in zip(ends.tolist(), needs.tolist(), costs.tolist(), strict=True):
        fill_edge(meta, e, n, o, cost)
    state.need[needs, at.DEGREE] += 1
    blocks.sort_needs(state, needs)
    refit_offer(meta, o)
