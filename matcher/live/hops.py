"""The search onward over offers alone: where those that an offer serves could go is kept as steps to others.

Where pairs have no room of their own and moving costs nothing, a need is as near as the offer that serves it.
So all that matters of an offer's holders is, for each other offer, the one that goes there at the least extra
cost. An offer keeps the nearest of these steps, at the prices when they were laid: prices that rose or fell
since say how far they can be trusted. Only where a search goes farther does it look at the pairs of holders.
"""

from __future__ import annotations

from graph.compiled import compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.heap import pop
from matcher.live.search import (
    begin_search,
    end_at,
    end_early,
    leave_need,
    pass_offer,
    pass_unit,
    reach_offer,
    settle_prices,
)  # fmt: skip
from matcher.live.steps import find_nearer, lay_steps


@compiled_part
def follow_steps(meta: IntArray, o: int, ends_early: int) -> None:
    """Follow the ways from an offer on in place of its holders, by its steps."""
    offer, hop, step = at.offers_of(meta), at.hops_of(meta), at.steps_of(meta)
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    label, base = offer_label[o], offer_label[o] - offer_price[o]
    nearer = find_nearer(meta, o)
    if hop[o, at.LAID] == at.NO or (
        2 * nearer > hop[o, at.REACH] and label + hop[o, at.REACH] - nearer < meta[at.DISTANCE]
    ):
        lay_steps(meta, o)
        nearer = 0
    if ends_early and base + hop[o, at.QUIT] < meta[at.DISTANCE]:
        quit_edge = hop[o, at.QUIT_EDGE]
        end_at(meta, base + hop[o, at.QUIT], at.UNSERVED, at.edges_of(meta)[quit_edge, at.NEED])
        meta[at.TERM_EDGE] = quit_edge
    best = meta[at.DISTANCE]
    k = o * at.STEPS
    while k < o * at.STEPS + hop[o, at.HOP_COUNT]:
        if label + step[k, at.STEP_AWAY] - nearer >= best:
            return
        if step[k, at.STEP_EDGE] < 0:
            lay_steps(meta, o)
            nearer, k = 0, o * at.STEPS
            continue
        other = step[k, at.STEP_OFFER]
        to = base + step[k, at.STEP_COST] + offer_price[other]
        if to < best and to < offer_label[other]:
            reach_offer(meta, other, to, step[k, at.STEP_EDGE])
            hop[other, at.FROM] = o
            if ends_early and (
                offer[other, at.FLOW] < offer[other, at.CAPACITY] or offer[other, at.EXCESS] < 0
            ):
                end_early(meta, other, to, at.ONWARD)
                best = meta[at.DISTANCE]
        k += 1
    if label + hop[o, at.REACH] - nearer < best:
        at.later_of(meta)[meta[at.LATER]] = o
        meta[at.LATER] += 1
        hop[o, at.LATER_AT] = max(label, label + hop[o, at.REACH] - nearer)
        meta[at.LATER_FIRST] = min(meta[at.LATER_FIRST], hop[o, at.LATER_AT])


@compiled_part
def follow_later(meta: IntArray, ends_early: int) -> None:
    """Follow the farther ways from offers where the steps that were laid reach no farther than the search."""
    hop, later = at.hops_of(meta), at.later_of(meta)
    until, kept = 2 * meta[at.LATER_FIRST] + 1, 0
    meta[at.LATER_FIRST] = at.UNSEEN
    for k in range(meta[at.LATER]):
        o = later[k]
        if hop[o, at.LATER_AT] <= until:
            if hop[o, at.LATER_AT] < meta[at.DISTANCE]:
                follow_holders(meta, o, ends_early)
        else:
            later[kept] = o
            kept += 1
            meta[at.LATER_FIRST] = min(meta[at.LATER_FIRST], hop[o, at.LATER_AT])
    meta[at.LATER] = kept


@compiled_part
def take_next(meta: IntArray, ends_early: int) -> int:
    """Take the nearest offer that a search has reached out of the heap; -1 if none is nearer than the end."""
    heap, offer_label = at.heap_of(meta), at.offer_label_of(meta)
    while meta[at.LATER_FIRST] < meta[at.DISTANCE] and (
        meta[at.HEAP_SIZE] == 0 or offer_label[heap[0]] >= meta[at.LATER_FIRST]
    ):
        follow_later(meta, ends_early)
    if meta[at.HEAP_SIZE] > 0 and offer_label[heap[0]] < meta[at.DISTANCE]:
        return pop(meta)
    meta[at.LATER] = 0
    meta[at.LATER_FIRST] = at.UNSEEN
    return -1


@compiled_part
def follow_holders(meta: IntArray, o: int, ends_early: int) -> None:
    """Follow the ways from an offer on in place of its holders, each by its pairs, cheapest first."""
    need, offer, entry, pair = at.needs_of(meta), at.offers_of(meta), at.entries_of(meta), at.pairs_of(meta)
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    need_second, hop, edge_flow = at.need_second_of(meta), at.hops_of(meta), at.edge_flow_of(meta)
    best = meta[at.DISTANCE]
    from_here = offer_label[o] - offer_price[o]
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
        n = entry[k, at.ENTRY_NEED]
        base = from_here - entry[k, at.ENTRY_COST]
        if base + need_second[n] >= best:
            continue
        held = entry[k, at.ENTRY_EDGE]
        second = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
        for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
            cost = pair[e, at.COST]
            if base + cost >= best:
                second = min(second, cost)
                break
            if e == held:
                continue
            other = pair[e, at.OFFER]
            cost += offer_price[other]
            second = min(second, cost)
            to = base + cost
            if to < best and to < offer_label[other]:
                reach_offer(meta, other, to, e)
                hop[other, at.FROM] = o
                if ends_early and (
                    offer[other, at.FLOW] < offer[other, at.CAPACITY] or offer[other, at.EXCESS] < 0
                ):
                    end_early(meta, other, to, at.ONWARD)
                    best = meta[at.DISTANCE]
        if edge_flow[held] == need[n, at.SERVED]:
            need_second[n] = second


@compiled_part
def find_pair(meta: IntArray, n: int, o: int) -> int:
    """Find the row of a pair that is there."""
    pair = at.pairs_of(meta)
    e: int = at.needs_of(meta)[n, at.START]
    while pair[e, at.OFFER] != o:
        e += 1
    return e


@compiled_part
def trace_needs(meta: IntArray, row: int, kind: int) -> None:
    """Note on the needs of the way found from which pair each is taken, back to the row where it began."""
    need, offer, unit, edge = at.needs_of(meta), at.offers_of(meta), at.units_of(meta), at.edges_of(meta)
    hop, term, o = at.hops_of(meta), meta[at.TERM], meta[at.TERM_ROW]
    if term == at.NOWHERE:
        return
    if term == at.UNSERVED:
        n = o
        at.need_price_of(meta)[n] = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE]
        if kind == at.OF_NEED and n == row:
            return
        need[n, at.VIA] = meta[at.TERM_EDGE]
        o = at.pairs_of(meta)[meta[at.TERM_EDGE], at.OFFER]
    elif term in (at.AT_UNIT, at.OPEN_UNIT):
        o = unit[o, at.VIA]
    while o >= 0:
        via = offer[o, at.VIA]
        if via >= 0:
            n, o = edge[via, at.NEED], hop[o, at.FROM]
            if kind == at.OF_NEED and n == row:
                return
            need[n, at.VIA] = find_pair(meta, n, o)
        else:
            o = unit[offer[o, at.UNIT], at.VIA] if via == at.BY_UNIT else at.ROOT


@compiled_part
def hop_onward(meta: IntArray, row: int, kind: int) -> None:
    """Find the cheapest way for a place at a row to stay somewhere, and move the prices accordingly."""
    need, offer = at.needs_of(meta), at.offers_of(meta)
    begin_search(meta, row, kind)
    if kind == at.OF_UNIT:
        pass_unit(meta, row, at.ONWARD)
    elif kind == at.OF_NEED:
        if need[row, at.SERVED] > 0:
            e = need[row, at.START]
            while at.edge_flow_of(meta)[e] == 0:
                e += 1
            pair = at.pairs_of(meta)
            at.need_price_of(meta)[row] = pair[e, at.COST] + at.offer_price_of(meta)[pair[e, at.OFFER]]
        leave_need(meta, row)
    o = take_next(meta, at.YES)
    while o >= 0:
        if offer[o, at.EXCESS] < 0 or offer[o, at.FLOW] < offer[o, at.CAPACITY]:
            pass_offer(meta, o, at.ONWARD)
        follow_steps(meta, o, at.YES)
        o = take_next(meta, at.YES)
    settle_prices(meta, at.ONWARD)
    trace_needs(meta, row, kind)
