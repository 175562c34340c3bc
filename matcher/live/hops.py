"""The search onward over offers alone: where those that an offer serves could go is kept as steps to others.

Where pairs have no room of their own and moving costs nothing, a need is as near as the offer that serves it.
So all that matters of an offer's holders is, for each other offer, the one that goes there at the least extra
cost. That doesn't depend on prices: an offer keeps these steps until its holders change. They are far fewer
than the pairs of its holders where offers are near one another.
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

_READY, _FIRST = 50, 3
"""So often a search comes by before the steps of an offer are laid out, and before they are for the first
time: many are needed once only. At once where its pairs are known to lead to few others."""
_FEW = 4
"""Steps are few where there are so many pairs for each."""


@compiled_part
def forget_steps(meta: IntArray) -> None:
    """Forget the steps of all offers, so that there is room again."""
    hop = at.hops_of(meta)
    for o in range(meta[at.OFFERS]):
        hop[o, at.VISITS] = 0
        hop[o, at.HOP_SPACE] = 0
    meta[at.STEP_END] = 0


@compiled_part
def lay_steps(meta: IntArray, o: int) -> None:
    """Lay out where the holders of an offer could go: to each other offer at the least extra cost."""
    need, offer, entry, pair = at.needs_of(meta), at.offers_of(meta), at.entries_of(meta), at.pairs_of(meta)
    hop, step, step_edge, spot = at.hops_of(meta), at.steps_of(meta), at.step_edge_of(meta), at.spots_of(meta)
    if meta[at.STEP_END] + 2 * meta[at.OFFERS] > len(step):
        forget_steps(meta)
    first = meta[at.STEP_END]
    end, pairs = first, 0
    hop[o, at.QUIT] = at.UNSEEN
    for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
        n, own = entry[k, at.ENTRY_NEED], entry[k, at.ENTRY_COST]
        unserved = need[n, at.WEIGHT] * meta[at.LEVEL_PRICE] - own
        if unserved < hop[o, at.QUIT]:
            hop[o, at.QUIT] = unserved
            hop[o, at.QUIT_EDGE] = entry[k, at.ENTRY_EDGE]
        pairs += need[n, at.DEGREE]
        for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
            other, cost = pair[e, at.OFFER], pair[e, at.COST] - own
            here = spot[other]
            if here < 0:
                here = end
                end += 1
                spot[other] = here
                step[here, at.STEP_OFFER] = other
            elif cost >= step[here, at.STEP_COST]:
                continue
            step[here, at.STEP_COST] = cost
            step_edge[here] = e
    for here in range(first, end):
        spot[step[here, at.STEP_OFFER]] = -1
    count, to = end - first, hop[o, at.HOPS]
    if count <= hop[o, at.HOP_SPACE]:
        for k in range(count):
            step[to + k, at.STEP_COST] = step[first + k, at.STEP_COST]
            step[to + k, at.STEP_OFFER] = step[first + k, at.STEP_OFFER]
            step_edge[to + k] = step_edge[first + k]
    else:
        hop[o, at.HOPS] = first
        hop[o, at.HOP_SPACE] = count + count // 8
        meta[at.STEP_END] = first + hop[o, at.HOP_SPACE]
    hop[o, at.HOP_COUNT] = count
    hop[o, at.HOP_PAIRS] = pairs
    hop[o, at.VISITS] = _READY


@compiled_part
def follow_steps(meta: IntArray, o: int) -> None:
    """Follow the ways from an offer on in place of its holders, by its steps."""
    offer, hop, step, step_edge = (
        at.offers_of(meta),
        at.hops_of(meta),
        at.steps_of(meta),
        at.step_edge_of(meta),
    )
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    base = offer_label[o] - offer_price[o]
    if base + hop[o, at.QUIT] < meta[at.DISTANCE]:
        quit_edge = hop[o, at.QUIT_EDGE]
        end_at(meta, base + hop[o, at.QUIT], at.UNSERVED, at.edges_of(meta)[quit_edge, at.NEED])
        meta[at.TERM_EDGE] = quit_edge
    best = meta[at.DISTANCE]
    first = hop[o, at.HOPS]
    for k in range(first, first + hop[o, at.HOP_COUNT]):
        other = step[k, at.STEP_OFFER]
        to = base + step[k, at.STEP_COST] + offer_price[other]
        if to < best and to < offer_label[other]:
            reach_offer(meta, other, to, step_edge[k])
            hop[other, at.FROM] = o
            if offer[other, at.FLOW] < offer[other, at.CAPACITY]:
                end_early(meta, other, to, at.ONWARD)
                best = meta[at.DISTANCE]


@compiled_part
def follow_holders(meta: IntArray, o: int) -> None:
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
        if base + second < best:
            end_at(meta, base + second, at.UNSERVED, n)
            meta[at.TERM_EDGE] = held
            best = meta[at.DISTANCE]
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
                if offer[other, at.FLOW] < offer[other, at.CAPACITY]:
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
    need, offer, hop = at.needs_of(meta), at.offers_of(meta), at.hops_of(meta)
    heap, offer_label = at.heap_of(meta), at.offer_label_of(meta)
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
    while meta[at.HEAP_SIZE] > 0 and offer_label[heap[0]] < meta[at.DISTANCE]:
        o = pop(meta)
        if offer[o, at.EXCESS] < 0 or offer[o, at.FLOW] < offer[o, at.CAPACITY]:
            pass_offer(meta, o, at.ONWARD)
        if hop[o, at.VISITS] < _READY:
            hop[o, at.VISITS] += 1
            due = _READY if hop[o, at.HOP_PAIRS] > 0 else _FIRST
            if hop[o, at.VISITS] == due or hop[o, at.HOP_COUNT] * _FEW < hop[o, at.HOP_PAIRS]:
                lay_steps(meta, o)
        if hop[o, at.VISITS] == _READY:
            follow_steps(meta, o)
        else:
            follow_holders(meta, o)
    settle_prices(meta, at.ONWARD)
    trace_needs(meta, row, kind)
