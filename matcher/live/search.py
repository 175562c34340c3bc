"""The two searches for shortest ways: from a place that has to go somewhere, and to a place that came free.

Dijkstra (1959) on costs reduced by prices, from one row, that ends as soon as nothing left can be nearer
than the best end found; prices move only where it looked (Ahuja, Magnanti & Orlin 1993, ch. 9). Only offers
wait in the heap: a need or unit is followed at once, and again if its label falls, which can't touch offers
that were settled before.

Where pairs have no room of their own and moving costs nothing (`is_plain`), a pair in use has reduced cost 0:
its need is as near as its offer, and its price follows from the offer's. There `matcher.live.hops` searches
onward.
"""

from __future__ import annotations

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.heap import pop, push
from matcher.live.links import is_plain
from matcher.live.loads import find_load


@compiled_part
def end_at(meta: IntArray, distance: int, term: int, row: int) -> None:
    """Take an end if it is nearer than the best so far."""
    if distance < meta[at.DISTANCE]:
        meta[at.DISTANCE] = distance
        meta[at.TERM] = term
        meta[at.TERM_ROW] = row


@compiled_part
def touch(meta: IntArray, row: int, kind: int) -> None:
    """List a row whose label has to be forgotten after the search."""
    at.touched_of(meta)[meta[at.TOUCHED]] = row * 4 + kind
    meta[at.TOUCHED] += 1


@compiled_part
def reach_offer(meta: IntArray, o: int, to: int, via: int) -> None:
    """Lower the label of an offer and put it in the heap."""
    label = at.offer_label_of(meta)
    if label[o] == at.UNSEEN:
        touch(meta, o, at.OF_OFFER)
    label[o] = to
    at.offers_of(meta)[o, at.VIA] = via
    push(meta, o)


@compiled_part
def reach_unit(meta: IntArray, u: int, to: int, via: int) -> None:
    """Lower the label of a unit."""
    unit = at.units_of(meta)
    if unit[u, at.LABEL] == at.UNSEEN:
        touch(meta, u, at.OF_UNIT)
    unit[u, at.LABEL] = to
    unit[u, at.VIA] = via


@compiled_part
def begin_search(meta: IntArray, row: int, kind: int) -> None:
    """Label the row where a search begins."""
    meta[at.DISTANCE] = at.UNSEEN
    meta[at.TERM] = at.NOWHERE
    if kind == at.OF_OFFER:
        reach_offer(meta, row, 0, at.ROOT)
    elif kind == at.OF_UNIT:
        reach_unit(meta, row, 0, at.ROOT)
    else:
        touch(meta, row, at.OF_NEED)
        at.need_label_of(meta)[row] = 0
        at.needs_of(meta)[row, at.VIA] = at.ROOT


@compiled_part
def tell_needs(meta: IntArray, o: int, sign: int) -> None:
    """Let needs know that the price of an offer rose or fell: those it serves, and those it could."""
    entry, offer, price = at.entries_of(meta), at.offers_of(meta), at.offer_price_of(meta)[o]
    need_price, need_second = at.need_price_of(meta), at.need_second_of(meta)
    start = offer[o, at.START]
    for k in range(start, start + offer[o, at.HELD]):
        need_price[entry[k, at.ENTRY_NEED]] = price + entry[k, at.ENTRY_COST]
    if sign < 0:
        for k in range(start + offer[o, at.HELD], start + offer[o, at.DEGREE]):
            n = entry[k, at.ENTRY_NEED]
            need_second[n] = min(need_second[n], price + entry[k, at.ENTRY_COST])


@compiled
def freshen(meta: IntArray) -> None:
    """Let the prices of needs follow those of the offers that serve them, where they are behind."""
    hop, behind = at.hops_of(meta), at.behind_of(meta)
    for k in range(meta[at.BEHINDS]):
        tell_needs(meta, behind[k], at.ONWARD)
        hop[behind[k], at.BEHIND] = at.NO
    meta[at.BEHINDS] = 0


@compiled_part
def settle_prices(meta: IntArray, sign: int) -> None:
    """Move the prices of all rows nearer than the end, and forget the labels."""
    need, unit, touched, plain = at.needs_of(meta), at.units_of(meta), at.touched_of(meta), is_plain(meta)
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    need_price, need_label = at.need_price_of(meta), at.need_label_of(meta)
    distance, hop, behind = meta[at.DISTANCE], at.hops_of(meta), at.behind_of(meta)
    for k in range(meta[at.TOUCHED]):
        row, kind = touched[k] >> 2, touched[k] & 3
        if kind == at.OF_OFFER:
            if offer_label[row] < distance:
                offer_price[row] += sign * (distance - offer_label[row])
                if plain and sign < 0:
                    tell_needs(meta, row, sign)
                    if hop[row, at.FELL] == 0:
                        at.cheaper_of(meta)[meta[at.CHEAPER]] = row
                        meta[at.CHEAPER] += 1
                    hop[row, at.FELL] += distance - offer_label[row]
                elif plain and hop[row, at.BEHIND] == at.NO:
                    hop[row, at.BEHIND] = at.YES
                    behind[meta[at.BEHINDS]] = row
                    meta[at.BEHINDS] += 1
            offer_label[row] = at.UNSEEN
        elif kind == at.OF_NEED:
            if need_label[row] < distance and not (plain and need[row, at.SERVED] > 0):
                need_price[row] += sign * (distance - need_label[row])
            need_label[row] = at.UNSEEN
        else:
            unit[row, at.PRICE] += sign * max(0, distance - unit[row, at.LABEL])
            unit[row, at.LABEL] = at.UNSEEN
    meta[at.TOUCHED] = 0
    heap, slot = at.heap_of(meta), at.slots_of(meta)
    for k in range(meta[at.HEAP_SIZE]):
        slot[heap[k]] = -1
    meta[at.HEAP_SIZE] = 0


@compiled_part
def pass_unit(meta: IntArray, u: int, sign: int) -> None:
    """Follow the ways from a unit on: its total, or a place taken back from one of its offers.

    With `BACK` the ways that lead to it: a place of its total given back, or an offer with room.
    """
    unit, offer = at.units_of(meta), at.offers_of(meta)
    offer_price, offer_label = at.offer_price_of(meta), at.offer_label_of(meta)
    label, own = unit[u, at.LABEL], unit[u, at.PRICE]
    if sign * unit[u, at.EXCESS] < 0:
        end_at(meta, label, at.OPEN_UNIT, u)
    if (unit[u, at.LIMIT] - unit[u, at.FLOW] if sign > 0 else unit[u, at.FLOW]) > 0:
        end_at(meta, label + sign * (find_load(meta, u, sign) - own), at.AT_UNIT, u)
    o = unit[u, at.FIRST]
    while o >= 0:
        room = offer[o, at.FLOW] if sign > 0 else offer[o, at.CAPACITY] - offer[o, at.FLOW]
        to = label + sign * (offer_price[o] - own)
        if to < offer_label[o] and to < meta[at.DISTANCE] and room > 0:
            reach_offer(meta, o, to, at.BY_UNIT)
        o = offer[o, at.NEXT]


@compiled_part
def pass_offer(meta: IntArray, o: int, sign: int) -> None:
    """Follow the ways from an offer on but those in place of its holders: its capacity, or its unit.

    With `BACK` the ways that lead to it but from needs: a place of it given back, or its unit.
    """
    offer, unit = at.offers_of(meta), at.units_of(meta)
    label, own, u = at.offer_label_of(meta)[o], at.offer_price_of(meta)[o], offer[o, at.UNIT]
    if sign * offer[o, at.EXCESS] < 0:
        end_at(meta, label, at.OPEN_OFFER, o)
    if (offer[o, at.CAPACITY] - offer[o, at.FLOW] if sign > 0 else offer[o, at.FLOW]) > 0:
        if u < 0:
            end_at(meta, label - sign * own, at.AT_OFFER, o)
        else:
            to = label + sign * (unit[u, at.PRICE] - own)
            if to < unit[u, at.LABEL] and to < meta[at.DISTANCE]:
                reach_unit(meta, u, to, o)
                pass_unit(meta, u, sign)


@compiled_part
def end_early(meta: IntArray, o: int, to: int, sign: int) -> None:
    """Take an offer that was just reached as an end if it is one, so that the limit is known early."""
    offer, unit, u = at.offers_of(meta), at.units_of(meta), at.offers_of(meta)[o, at.UNIT]
    if sign * offer[o, at.EXCESS] < 0:
        end_at(meta, to, at.OPEN_OFFER, o)
    elif (offer[o, at.CAPACITY] - offer[o, at.FLOW] if sign > 0 else offer[o, at.FLOW]) > 0:
        to -= sign * at.offer_price_of(meta)[o]
        if u < 0:
            end_at(meta, to, at.AT_OFFER, o)
        elif (unit[u, at.LIMIT] - unit[u, at.FLOW] if sign > 0 else unit[u, at.FLOW]) > 0:
            end_at(meta, to + sign * find_load(meta, u, sign), at.THROUGH_UNIT, o)


@compiled_part
def leave_need(meta: IntArray, n: int) -> None:
    """Follow the ways from a need on: unserved, or to its offers, cheapest first."""
    need, offer, edge, pair = at.needs_of(meta), at.offers_of(meta), at.edges_of(meta), at.pairs_of(meta)
    offer_price, offer_label, edge_flow = (
        at.offer_price_of(meta),
        at.offer_label_of(meta),
        at.edge_flow_of(meta),
    )
    has_room, move_cost = meta[at.HAS_ROOM], meta[at.MOVE_COST]
    base = at.need_label_of(meta)[n] - at.need_price_of(meta)[n]
    end_at(meta, base + need[n, at.WEIGHT] * meta[at.LEVEL_PRICE], at.UNSERVED, n)
    best = meta[at.DISTANCE]
    for e in range(need[n, at.START], need[n, at.START] + need[n, at.DEGREE]):
        cost = pair[e, at.COST]
        if base + cost - move_cost >= best:
            break
        o = pair[e, at.OFFER]
        to = base + cost + offer_price[o]
        if to - move_cost >= best:
            continue
        if move_cost > 0 and edge_flow[e] < edge[e, at.BASE]:
            to -= move_cost
        if to >= best or to >= offer_label[o] or (has_room and edge_flow[e] >= edge[e, at.ROOM]):
            continue
        reach_offer(meta, o, to, e)
        if offer[o, at.FLOW] < offer[o, at.CAPACITY] or offer[o, at.EXCESS] < 0:
            end_early(meta, o, to, at.ONWARD)
            best = meta[at.DISTANCE]


@compiled_part
def search_onward(meta: IntArray, row: int, kind: int) -> None:
    """Find the cheapest way for a place at a row to stay somewhere, and move the prices accordingly."""
    need, offer, edge, entry = at.needs_of(meta), at.offers_of(meta), at.edges_of(meta), at.entries_of(meta)
    need_price, need_label = at.need_price_of(meta), at.need_label_of(meta)
    offer_price, offer_label, edge_flow = (
        at.offer_price_of(meta),
        at.offer_label_of(meta),
        at.edge_flow_of(meta),
    )
    heap, move_cost = at.heap_of(meta), meta[at.MOVE_COST]
    begin_search(meta, row, kind)
    if kind == at.OF_UNIT:
        pass_unit(meta, row, at.ONWARD)
    elif kind == at.OF_NEED:
        leave_need(meta, row)
    while meta[at.HEAP_SIZE] > 0 and offer_label[heap[0]] < meta[at.DISTANCE]:
        o = pop(meta)
        base = offer_label[o] - offer_price[o]
        if offer[o, at.EXCESS] < 0 or offer[o, at.FLOW] < offer[o, at.CAPACITY]:
            pass_offer(meta, o, at.ONWARD)
        # Its holders could make way.
        for k in range(offer[o, at.START], offer[o, at.START] + offer[o, at.HELD]):
            n, e = entry[k, at.ENTRY_NEED], entry[k, at.ENTRY_EDGE]
            to = base + need_price[n] - entry[k, at.ENTRY_COST]
            if edge_flow[e] <= edge[e, at.BASE]:
                to += move_cost
            if to >= need_label[n] or to >= meta[at.DISTANCE]:
                continue
            if need_label[n] == at.UNSEEN:
                touch(meta, n, at.OF_NEED)
            need_label[n] = to
            need[n, at.VIA] = e
            leave_need(meta, n)
    settle_prices(meta, at.ONWARD)


@compiled_part
def enter_need(meta: IntArray, n: int) -> None:
    """Follow the ways that lead to a need: it waits unserved, or is served elsewhere."""
    need, edge, pair = at.needs_of(meta), at.edges_of(meta), at.pairs_of(meta)
    offer_price, offer_label, edge_flow = (
        at.offer_price_of(meta),
        at.offer_label_of(meta),
        at.edge_flow_of(meta),
    )
    move_cost, served, excess = meta[at.MOVE_COST], need[n, at.SERVED], need[n, at.EXCESS]
    label = at.need_label_of(meta)[n]
    base = label + at.need_price_of(meta)[n]
    if excess > 0:
        end_at(meta, label, at.OPEN_NEED, n)
    if need[n, at.QUANTITY] - served - excess > 0:
        end_at(meta, base - need[n, at.WEIGHT] * meta[at.LEVEL_PRICE], at.UNSERVED, n)
    e = need[n, at.START]
    while served > 0:
        flow = edge_flow[e]
        if flow > 0:
            served -= flow
            o = pair[e, at.OFFER]
            to = base - pair[e, at.COST] - offer_price[o]
            if move_cost > 0 and flow <= edge[e, at.BASE]:
                to += move_cost
            if to < offer_label[o] and to < meta[at.DISTANCE]:
                reach_offer(meta, o, to, e)
                end_early(meta, o, to, at.BACK)
        e += 1


@compiled_part
def search_back(meta: IntArray, row: int, kind: int) -> None:
    """Find who gains most from a place that came free at a row, and move the prices accordingly."""
    need, offer, edge, entry = at.needs_of(meta), at.offers_of(meta), at.edges_of(meta), at.entries_of(meta)
    need_price, need_label, need_second = (
        at.need_price_of(meta),
        at.need_label_of(meta),
        at.need_second_of(meta),
    )
    offer_price, offer_label, edge_flow = (
        at.offer_price_of(meta),
        at.offer_label_of(meta),
        at.edge_flow_of(meta),
    )
    heap, has_room, move_cost, plain = at.heap_of(meta), meta[at.HAS_ROOM], meta[at.MOVE_COST], is_plain(meta)
    freshen(meta)
    begin_search(meta, row, kind)
    if kind == at.OF_UNIT:
        pass_unit(meta, row, at.BACK)
    elif kind == at.OF_NEED:
        enter_need(meta, row)
    while meta[at.HEAP_SIZE] > 0 and offer_label[heap[0]] < meta[at.DISTANCE]:
        o = pop(meta)
        pass_offer(meta, o, at.BACK)
        base, best = offer_label[o] + offer_price[o], meta[at.DISTANCE]
        if offer_label[o] >= best:
            break
        start = offer[o, at.START]
        after_holders = start + offer[o, at.HELD]
        for k in range(start, start + offer[o, at.DEGREE]):
            n = entry[k, at.ENTRY_NEED]
            to = base + entry[k, at.ENTRY_COST] - need_price[n]
            if to - move_cost >= best:
                continue
            # A way from who holds places here alone would lead back here.
            if k < after_holders and plain and need_second[n] > need_price[n]:
                continue
            e = entry[k, at.ENTRY_EDGE]
            if move_cost > 0 and edge_flow[e] < edge[e, at.BASE]:
                to -= move_cost
            if to >= best or to >= need_label[n] or (has_room and edge_flow[e] >= edge[e, at.ROOM]):
                continue
            if need_label[n] == at.UNSEEN:
                touch(meta, n, at.OF_NEED)
            need_label[n] = to
            need[n, at.VIA] = e
            enter_need(meta, n)
            best = meta[at.DISTANCE]
    settle_prices(meta, at.BACK)
