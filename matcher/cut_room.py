"""Where spare room can still be come to after a maximum flow, as machine code."""

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
    offer_edges: RowArray,
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
def list_edges(edge_offer: RowArray, offers: int) -> tuple[IntArray, RowArray]:
    """List the edges of each offer one after another: where each begins, and rows."""
    starts = np.zeros(offers + 2, np.int64)
    for offer in edge_offer:
        starts[offer + 2] += 1
    starts = np.cumsum(starts)
    rows = np.empty(len(edge_offer), np.int32)
    for edge in range(len(edge_offer)):
        rows[starts[edge_offer[edge] + 1]] = edge
        starts[edge_offer[edge] + 1] += 1
    return starts[:-1], rows
