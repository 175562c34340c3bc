"""Where spare room can still be come to after a maximum flow, and moving it there evenly, as machine code."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def mark_open(
    need_starts: IntArray,
    edge_need: RowArray,
    edge_offer: RowArray,
    flow: IntArray,
    is_full: BoolArray,
    offer_starts: IntArray,
    offer_edges: IntArray,
    offer_room: IntArray,
    offer_unit: RowArray,
    unit_starts: IntArray,
    unit_offers: IntArray,
    unit_room: IntArray,
) -> BoolArray:
    """Mark needs, offers and units from which a place can still come to spare room, walking back from there.

    Edges lie by need; `is_full` is empty where no edge has a capacity of its own.
    """
    needs, offers = len(need_starts) - 1, len(offer_room)
    is_open = np.zeros(needs + offers + len(unit_room), np.bool_)
    queue = np.empty(len(is_open), np.int64)
    size = 0
    for row in range(offers + len(unit_room)):
        has_room = unit_room[row - offers] > 0 if row >= offers else offer_room[row] > 0 > offer_unit[row]
        if has_room:
            is_open[needs + row] = True
            queue[size] = needs + row
            size += 1
    done = 0
    while done < size:
        node = queue[done]
        done += 1
        if node < needs:
            for edge in range(need_starts[node], need_starts[node + 1]):
                there = needs + edge_offer[edge]
                if flow[edge] > 0 and not is_open[there]:
                    is_open[there] = True
                    queue[size] = there
                    size += 1
        elif node < needs + offers:
            offer = node - needs
            for at in range(offer_starts[offer], offer_starts[offer + 1]):
                edge = offer_edges[at]
                there = edge_need[edge]
                if not is_open[there] and not (len(is_full) and is_full[edge]):
                    is_open[there] = True
                    queue[size] = there
                    size += 1
                if (
                    flow[edge] > 0
                    and offer_unit[offer] >= 0
                    and not is_open[needs + offers + offer_unit[offer]]
                ):
                    is_open[needs + offers + offer_unit[offer]] = True
                    queue[size] = needs + offers + offer_unit[offer]
                    size += 1
        else:
            unit = node - needs - offers
            for at in range(unit_starts[unit], unit_starts[unit + 1]):
                there = needs + unit_offers[at]
                if offer_room[unit_offers[at]] > 0 and not is_open[there]:
                    is_open[there] = True
                    queue[size] = there
                    size += 1
    return is_open


@compiled
def spread_room(
    need_starts: IntArray,
    edge_offer: RowArray,
    limit: IntArray,
    flow: IntArray,
    offer_room: IntArray,
    offer_pool: IntArray,
    pool_room: IntArray,
    sweeps: int,
) -> None:
    """Move what needs get towards the roomiest of their offers, until spare room lies about evenly.

    Serves each need as much as before. `offer_pool` is the row of the offer's unit in `pool_room`; `limit` is
    empty where no edge has a capacity of its own.
    """
    needs = len(need_starts) - 1
    spare = np.int64(0)
    for offer in range(len(offer_room)):
        spare += offer_room[offer]
    for sweep in range(sweeps):
        moved = np.int64(0)
        for row in range(needs):
            need = row if sweep % 2 == 0 else needs - 1 - row
            best, most = np.int64(-1), np.int64(0)
            for edge in range(need_starts[need], need_starts[need + 1]):
                offer = edge_offer[edge]
                room = min(offer_room[offer], pool_room[offer_pool[offer]])
                if len(limit):
                    room = min(room, limit[edge] - flow[edge])
                if room > most:
                    best, most = edge, room
            if best == -1:
                continue
            there = edge_offer[best]
            for edge in range(need_starts[need], need_starts[need + 1]):
                if flow[edge] == 0 or edge == best:
                    continue
                offer = edge_offer[edge]
                room = min(offer_room[offer], pool_room[offer_pool[offer]])
                places = min(flow[edge], (most - room) // 2)
                if places > 0:
                    flow[edge] -= places
                    flow[best] += places
                    offer_room[offer] += places
                    offer_room[there] -= places
                    pool_room[offer_pool[offer]] += places
                    pool_room[offer_pool[there]] -= places
                    most -= places
                    moved += places
        if moved * 2000 <= spare:
            break
