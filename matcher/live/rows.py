"""New needs and offers with their pairs, checked before anything is changed."""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.links import begin, fill_edge, open_edge
from matcher.live.refit import refit_need, refit_offer

DONE, NO_SUCH_ROW, TWICE, NEGATIVE, FULL, DEARER = range(6)
"""What is answered in the lowest byte; the position of the culprit stands above it."""


@compiled_part
def check_pairs(meta: IntArray, mark: IntArray, count: int, rows: IntArray, costs: IntArray) -> int:
    """Check new pairs: the rows on the other side are there, each once; no cost is negative or too dear."""
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
        elif costs[k] > meta[at.DEAREST]:
            answer = DEARER
        if answer != DONE:
            break
        mark[row] = 0
        seen += 1
    for k in range(seen):
        mark[rows[k]] = at.UNSEEN
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
def add_need(meta: IntArray, quantity: int, weight: int, offers: IntArray, costs: IntArray) -> int:
    """A need arrives with its pairs."""
    need, rare, offer, pair = at.needs_of(meta), at.need_rare_of(meta), at.offers_of(meta), at.pairs_of(meta)
    answer = check_pairs(meta, at.offer_label_of(meta), meta[at.OFFERS], offers, costs)
    if answer != DONE:
        return answer
    count, n, start, entries = len(offers), meta[at.NEEDS], meta[at.EDGE_END], 0
    for k in range(count):
        if offer[offers[k], at.DEGREE] == offer[offers[k], at.OFFER_SPACE]:
            entries += 2 * offer[offers[k], at.DEGREE] + 4
    if start + count + 2 >= len(pair) or n >= len(need):
        return FULL
    if meta[at.ENTRY_END] + entries >= len(at.entries_of(meta)):
        return FULL
    begin(meta)
    meta[at.NEEDS] = n + 1
    meta[at.EDGE_END] = start + count + 2
    for column in range(at.NEED_COLUMNS):
        need[n, column] = 0
    for column in range(at.RARE_COLUMNS):
        rare[n, column] = 0
    need[n, at.START] = start
    need[n, at.DEGREE] = count
    need[n, at.WEIGHT] = weight
    rare[n, at.SPACE] = count + 2
    rare[n, at.WANTED] = quantity
    at.need_label_of(meta)[n] = at.UNSEEN
    at.need_slack_of(meta)[n] = -at.FAR
    at.need_price_of(meta)[n] = -at.FAR
    for k in range(count):
        pair[start + k, at.COST] = costs[k]
        pair[start + k, at.OFFER] = offers[k]
    sort_pairs(pair, start, count)
    for e in range(start, start + count):
        fill_edge(meta, e, n, pair[e, at.OFFER], pair[e, at.COST])
    refit_need(meta, n, quantity)
    return DONE


@compiled
def add_offer(meta: IntArray, capacity: int, u: int, needs: IntArray, costs: IntArray) -> int:
    """An offer joins with its pairs."""
    need, rare, offer, unit = at.needs_of(meta), at.need_rare_of(meta), at.offers_of(meta), at.units_of(meta)
    answer = check_pairs(meta, at.need_label_of(meta), meta[at.NEEDS], needs, costs)
    if answer != DONE:
        return answer
    o, count, edges = meta[at.OFFERS], len(needs), 1
    for k in range(count):
        degree = need[needs[k], at.DEGREE]
        if degree == rare[needs[k], at.SPACE]:
            edges += degree + degree // 2 + 2
    space = count + count // 4 + 4
    if meta[at.EDGE_END] + edges >= len(at.pairs_of(meta)) or o >= len(offer):
        return FULL
    if meta[at.ENTRY_END] + space >= len(at.entries_of(meta)):
        return FULL
    begin(meta)
    meta[at.OFFERS] = o + 1
    for column in range(at.OFFER_COLUMNS):
        offer[o, column] = 0
    offer[o, at.START] = meta[at.ENTRY_END]
    offer[o, at.OFFER_SPACE] = space
    meta[at.ENTRY_END] += space
    offer[o, at.UNIT] = u
    offer[o, at.NEXT] = -1
    offer[o, at.GIVEN] = capacity
    offer[o, at.CAPACITY] = capacity
    at.slots_of(meta)[o] = -1
    at.offer_label_of(meta)[o] = at.UNSEEN
    at.offer_price_of(meta)[o] = at.FAR
    if u >= 0:
        offer[o, at.NEXT] = unit[u, at.FIRST]
        unit[u, at.FIRST] = o
    for k in range(count):
        open_edge(meta, needs[k], o, costs[k])
    refit_offer(meta, o)
    return DONE
