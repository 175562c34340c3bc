"""Deferred acceptance and the search for blocking pairs, as machine code; `matcher.stable` says what for."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray


@compiled
def needs_propose(
    need_starts: IntArray,
    need_edges: IntArray,
    edge_need: IntArray,
    edge_offer: IntArray,
    offer_unit: IntArray,
    offer_place: IntArray,
    edge_room: IntArray,
    need_left: IntArray,
    offer_left: IntArray,
    unit_left: IntArray,
    offer_starts: IntArray,
    unit_starts: IntArray,
    flow: IntArray,
) -> None:
    """Let needs ask their offers in order; offers and units keep the best and send the worst away.

    `need_edges` lists each need's edges from the best; `offer_place` is the place of an edge in the strict
    order by which offers and units judge. All amounts are lowered to what is left, `edge_room` to what may
    still be asked for; `flow` holds what was agreed. Offers and units keep their edges in heaps, the worst
    first.
    """
    offer_heap, unit_heap = edge_need.copy(), edge_need.copy()
    offer_size, unit_size = offer_left.copy(), unit_left.copy()
    offer_size[:] = 0
    unit_size[:] = 0
    in_offer, in_unit = flow.copy(), flow.copy()
    cursor = need_starts.copy()
    stack, waiting = need_left.copy(), need_left.copy()
    top = 0
    for need in range(len(need_left) - 1, -1, -1):
        waiting[need] = 0
        if need_left[need] > 0:
            stack[top] = need
            waiting[need] = 1
            top += 1
    while top > 0:
        top -= 1
        need = stack[top]
        waiting[need] = 0
        while need_left[need] > 0 and cursor[need] < need_starts[need + 1]:
            edge = need_edges[cursor[need]]
            places = min(need_left[need], edge_room[edge])
            if places <= 0:
                cursor[need] += 1
                continue
            offer = edge_offer[edge]
            unit = offer_unit[offer]
            flow[edge] += places
            edge_room[edge] -= places
            need_left[need] -= places
            offer_left[offer] -= places
            if not in_offer[edge]:
                in_offer[edge] = 1
                _push(offer_heap, offer_starts[offer], offer_size, offer, edge, offer_place)
            if unit >= 0:
                unit_left[unit] -= places
                if not in_unit[edge]:
                    in_unit[edge] = 1
                    _push(unit_heap, unit_starts[unit], unit_size, unit, edge, offer_place)
            # First the offer sends away what is beyond its places, then the unit what is beyond its total.
            top = _send_away(
                offer, offer_starts[offer], offer_left, offer_heap, offer_size, in_offer, offer_place, flow,
                edge_room, edge_need, edge_offer, offer_unit, need_left, offer_left, unit_left, need, stack,
                waiting, top,
            )  # fmt: skip
            if unit >= 0:
                top = _send_away(
                    unit, unit_starts[unit], unit_left, unit_heap, unit_size, in_unit, offer_place, flow,
                    edge_room, edge_need, edge_offer, offer_unit, need_left, offer_left, unit_left, need,
                    stack, waiting, top,
                )  # fmt: skip


@compiled
def _send_away(
    row: int,
    start: int,
    left: IntArray,
    heap: IntArray,
    sizes: IntArray,
    inside: IntArray,
    place: IntArray,
    flow: IntArray,
    edge_room: IntArray,
    edge_need: IntArray,
    edge_offer: IntArray,
    offer_unit: IntArray,
    need_left: IntArray,
    offer_left: IntArray,
    unit_left: IntArray,
    asking: int,
    stack: IntArray,
    waiting: IntArray,
    top: int,
) -> int:
    """Take back the worst that an offer (or unit) holds beyond what it has; give the stack's new height."""
    while left[row] < 0:
        worst = heap[start]
        offer, need = edge_offer[worst], edge_need[worst]
        sent = min(-left[row], flow[worst])
        flow[worst] -= sent
        edge_room[worst] = 0
        need_left[need] += sent
        offer_left[offer] += sent
        if offer_unit[offer] >= 0:
            unit_left[offer_unit[offer]] += sent
        if flow[worst] == 0:
            inside[worst] = 0
            _pop(heap, start, sizes, row, place)
        if sent > 0 and need != asking and waiting[need] == 0:
            waiting[need] = 1
            stack[top] = need
            top += 1
    return top


@compiled
def offers_propose(
    group_starts: IntArray,
    group_offers: IntArray,
    offer_group: IntArray,
    offer_starts: IntArray,
    offer_edges: IntArray,
    edge_need: IntArray,
    edge_offer: IntArray,
    offer_place: IntArray,
    need_place: IntArray,
    edge_room: IntArray,
    need_left: IntArray,
    offer_left: IntArray,
    group_left: IntArray,
    need_starts: IntArray,
    flow: IntArray,
) -> None:
    """Let offers ask needs in order, those of a unit the best first; needs keep the best.

    `group_offers` lists the offers of each unit (an offer without one is a group of its own), `offer_edges`
    each offer's edges from the best. The rest is as in `needs_propose`, with the sides exchanged.
    """
    cursor = offer_starts.copy()
    heap = edge_need.copy()
    heap_size = need_left.copy()
    heap_size[:] = 0
    held = flow.copy()
    groups = len(group_starts) - 1
    stack, waiting = group_left.copy(), group_left.copy()
    top = 0
    for group in range(groups - 1, -1, -1):
        stack[top] = group
        waiting[group] = 1
        top += 1
    while top > 0:
        top -= 1
        group = stack[top]
        waiting[group] = 0
        while group_left[group] > 0:
            edge = _next_edge(
                group_starts[group], group_starts[group + 1], group_offers, offer_starts, offer_edges, cursor,
                edge_room, offer_left, offer_place,
            )  # fmt: skip
            if edge < 0:
                break
            need = edge_need[edge]
            places = min(edge_room[edge], offer_left[edge_offer[edge]], group_left[group])
            flow[edge] += places
            edge_room[edge] -= places
            offer_left[edge_offer[edge]] -= places
            group_left[group] -= places
            need_left[need] -= places
            if not held[edge]:
                held[edge] = 1
                _push(heap, need_starts[need], heap_size, need, edge, need_place)
            while need_left[need] < 0:
                worst = heap[need_starts[need]]
                sent = min(-need_left[need], flow[worst])
                flow[worst] -= sent
                edge_room[worst] = 0
                need_left[need] += sent
                other = edge_offer[worst]
                offer_left[other] += sent
                group_left[offer_group[other]] += sent
                if flow[worst] == 0:
                    held[worst] = 0
                    _pop(heap, need_starts[need], heap_size, need, need_place)
                if sent > 0 and waiting[offer_group[other]] == 0 and offer_group[other] != group:
                    waiting[offer_group[other]] = 1
                    stack[top] = offer_group[other]
                    top += 1


@compiled
def _next_edge(
    first: int,
    end: int,
    group_offers: IntArray,
    offer_starts: IntArray,
    offer_edges: IntArray,
    cursor: IntArray,
    edge_room: IntArray,
    offer_left: IntArray,
    offer_place: IntArray,
) -> int:
    """Give the best edge that an offer of a group with room has not asked yet; -1: none."""
    best = -1
    for at in range(first, end):
        offer = group_offers[at]
        while cursor[offer] < offer_starts[offer + 1] and edge_room[offer_edges[cursor[offer]]] <= 0:
            cursor[offer] += 1
        if cursor[offer] == offer_starts[offer + 1] or offer_left[offer] <= 0:
            continue
        edge = offer_edges[cursor[offer]]
        if best < 0 or offer_place[edge] < offer_place[best]:
            best = edge
    return best


@compiled
def _push(heap: IntArray, start: int, sizes: IntArray, row: int, edge: int, place: IntArray) -> None:
    """Put an edge into a row's heap, which has the worst first."""
    at = sizes[row]
    sizes[row] += 1
    while at > 0:
        above = (at - 1) >> 1
        if place[heap[start + above]] >= place[edge]:
            break
        heap[start + at] = heap[start + above]
        at = above
    heap[start + at] = edge


@compiled
def _pop(heap: IntArray, start: int, sizes: IntArray, row: int, place: IntArray) -> None:
    """Take the worst edge out of a row's heap."""
    sizes[row] -= 1
    size = sizes[row]
    edge = heap[start + size]
    at = 0
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size and place[heap[start + below + 1]] > place[heap[start + below]]:
            below += 1
        if place[heap[start + below]] <= place[edge]:
            break
        heap[start + at] = heap[start + below]
        at = below
    heap[start + at] = edge


@compiled
def mark_blocking(
    edge_need: IntArray,
    edge_offer: IntArray,
    offer_unit: IntArray,
    need_place: IntArray,
    offer_place: IntArray,
    edge_room: IntArray,
    need_left: IntArray,
    offer_left: IntArray,
    unit_left: IntArray,
    flow: IntArray,
    blocks: BoolArray,
) -> None:
    """Mark the pairs of which both sides would rather have a place more than something they hold."""
    need_worst, offer_worst, unit_worst = need_left.copy(), offer_left.copy(), unit_left.copy()
    need_worst[:] = -1
    offer_worst[:] = -1
    unit_worst[:] = -1
    for edge in range(len(edge_need)):
        if flow[edge] > 0:
            need, offer = edge_need[edge], edge_offer[edge]
            need_worst[need] = max(need_worst[need], need_place[edge])
            offer_worst[offer] = max(offer_worst[offer], offer_place[edge])
            if offer_unit[offer] >= 0:
                unit = offer_unit[offer]
                unit_worst[unit] = max(unit_worst[unit], offer_place[edge])
    for edge in range(len(edge_need)):
        need, offer = edge_need[edge], edge_offer[edge]
        unit = offer_unit[offer]
        asks = edge_room[edge] > 0 and (need_left[need] > 0 or need_worst[need] > need_place[edge])
        if offer_left[offer] <= 0:
            takes = offer_worst[offer] > offer_place[edge]
        elif unit >= 0 and unit_left[unit] <= 0:
            takes = unit_worst[unit] > offer_place[edge]
        else:
            takes = True
        blocks[edge] = asks and takes
