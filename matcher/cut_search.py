"""Looking for room in the network that a flow leaves, layer by layer (Dinitz 1970), as machine code.

Nodes: needs, offers, units. A further place of a need can go to an offer of its pairs; where the offer is
full, another need can give up its place there for one elsewhere; where only its unit is full, another of the
unit's offers can give up a place.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,assignment,return-value"
# ruff: noqa: C901

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled_part
from matcher.arrays import IntArray, RowArray

_NOT_BEGUN = 1 << 40
# A slot beyond all.


class Network(NamedTuple):
    """Needs, offers and units with the flow between them; loops change flow, slots and room in place.

    Attributes
    ----------
    need_starts : int64 array (needs + 1)
        Edges of need ``n`` are ``need_starts[n]`` to ``need_starts[n + 1]``.
    edge_offer, edge_need : int32 arrays (edges)
    limit : int64 array (edges)
        What each pair can carry; empty where no pair has a capacity of its own.
    flow : int64 array (edges)
    offer_starts : int64 array (offers + 1)
        Edges of offer ``o`` stand at ``slots[offer_starts[o]:offer_starts[o + 1]]``.
    slots, slot_of : int32 arrays (edges)
        The first ``used[o]`` slots of an offer are the edges with flow; `slot_of` is the slot of each edge.
    used : int64 array (offers)
    offer_room, unit_room : int64 arrays
        Places to spare.
    offer_unit : int32 array (offers)
        -1 where the offer has none.
    offer_leaver : int64 array (offers)
        Who takes the offer along when leaving; -1: nobody.
    unit_starts, unit_offers : int64 arrays
        Offers of unit ``u`` are ``unit_offers[unit_starts[u]:unit_starts[u + 1]]``.
    """

    need_starts: IntArray
    edge_offer: RowArray
    edge_need: RowArray
    limit: IntArray
    flow: IntArray
    offer_starts: IntArray
    slots: RowArray
    slot_of: RowArray
    used: IntArray
    offer_room: IntArray
    offer_unit: RowArray
    offer_leaver: IntArray
    unit_starts: IntArray
    unit_offers: IntArray
    unit_room: IntArray


class Search(NamedTuple):
    """What a search notes of nodes: layer, the first way on that isn't tried, and lists as long as all nodes.

    Attributes
    ----------
    layer : int64 array (nodes)
        Layers of this search count from its first number; what is below has not been seen, or leads nowhere.
    way : int64 array (nodes)
        Edge of a need, slot of an offer, or entry of a unit.
    queue, path, via : int64 arrays (nodes + 1)
        Nodes seen; nodes of the way that is followed, and the edge between each and the next (-1: none).
    """

    layer: IntArray
    way: IntArray
    queue: IntArray
    path: IntArray
    via: IntArray


@compiled_part
def change_flow(net: Network, edge: int, places: int) -> None:
    """Add places to an edge or take them off; the room of its offer and unit follows."""
    offer = np.int64(net.edge_offer[edge])
    unit = np.int64(net.offer_unit[offer])
    before = net.flow[edge]
    net.flow[edge] = before + places
    net.offer_room[offer] -= places
    if unit >= 0:
        net.unit_room[unit] -= places
    if (before == 0) == (before + places == 0):
        return
    if before == 0:
        to = net.offer_starts[offer] + net.used[offer]
        net.used[offer] += 1
    else:
        net.used[offer] -= 1
        to = net.offer_starts[offer] + net.used[offer]
    at, other = net.slot_of[edge], net.slots[to]
    net.slots[to], net.slot_of[edge] = edge, to
    net.slots[at], net.slot_of[other] = other, at


@compiled_part
def find_layers(
    net: Network, search: Search, seeds: IntArray, seed_count: int, excess: IntArray, leaver: int, first: int
) -> tuple[int, bool, int]:
    """Number the layers around needs with excess places, up to the first with room.

    Offers of the leaver are passed by. Gives how many nodes `queue` lists, whether there is room, and the
    last layer.
    """
    needs, offers = len(net.need_starts) - 1, len(net.offer_room)
    layer, way, queue = search.layer, search.way, search.queue
    offer_room, offer_unit, unit_room = net.offer_room, net.offer_unit, net.unit_room
    size = 0
    for at in range(seed_count):
        need = seeds[at]
        if excess[need] > 0 and layer[need] < first:
            layer[need] = first
            way[need] = net.need_starts[need]
            queue[size] = need
            size += 1
    done = 0
    is_found = False
    here = last = np.int64(first)
    while done < size:
        node = queue[done]
        here = layer[node]
        if is_found and here > last:
            break
        done += 1
        if node < needs:
            for edge in range(net.need_starts[node], net.need_starts[node + 1]):
                offer = np.int64(net.edge_offer[edge])
                there = needs + offer
                if layer[there] >= first or net.offer_leaver[offer] == leaver:
                    continue
                if len(net.limit) and net.limit[edge] <= net.flow[edge]:
                    continue
                layer[there] = here + 1
                way[there] = _NOT_BEGUN
                queue[size] = there
                size += 1
                if offer_room[offer] > 0 and (offer_unit[offer] < 0 or unit_room[offer_unit[offer]] > 0):
                    is_found, last = True, here
        elif node < needs + offers:
            offer = node - needs
            there = needs + offers + offer_unit[offer]
            if offer_unit[offer] >= 0 and offer_room[offer] > 0 and layer[there] < first:
                layer[there] = here + 1
                way[there] = net.unit_starts[offer_unit[offer]]
                queue[size] = there
                size += 1
            for slot in range(net.offer_starts[offer], net.offer_starts[offer] + net.used[offer]):
                need = np.int64(net.edge_need[net.slots[slot]])
                if layer[need] < first:
                    layer[need] = here + 1
                    way[need] = net.need_starts[need]
                    queue[size] = need
                    size += 1
        else:
            unit = node - needs - offers
            for at in range(net.unit_starts[unit], net.unit_starts[unit + 1]):
                offer = net.unit_offers[at]
                if layer[needs + offer] < first and net.used[offer] > 0:
                    layer[needs + offer] = here + 1
                    way[needs + offer] = _NOT_BEGUN
                    queue[size] = needs + offer
                    size += 1
    return size, is_found, here


@compiled_part
def place(net: Network, search: Search, need: int, most: int, first: int) -> int:
    """Place up to so many excess places of a need along the layers, until no way is left; give how many.

    A path goes on from its last node to one of the next layer, and back where there is none.
    """
    needs, offers = len(net.need_starts) - 1, len(net.offer_room)
    layer, way, path, via = search.layer, search.way, search.path, search.via
    offer_room, offer_unit, unit_room = net.offer_room, net.offer_unit, net.unit_room
    placed = np.int64(0)
    depth = 0
    path[0] = need
    while placed < most:
        node = path[depth]
        next_layer = layer[node] + 1
        there, through = np.int64(-1), np.int64(-1)
        if node < needs:
            end = net.need_starts[node + 1]
            edge = way[node]
            while edge < end:
                some = needs + np.int64(net.edge_offer[edge])
                if layer[some] == next_layer and not (len(net.limit) and net.limit[edge] <= net.flow[edge]):
                    there, through = some, edge
                    break
                edge += 1
            way[node] = edge
        elif node < needs + offers:
            offer = node - needs
            unit = np.int64(offer_unit[offer])
            if offer_room[offer] > 0 and (unit < 0 or unit_room[unit] > 0):
                moved, depth = _carry(net, search, depth, most - placed)
                placed += moved
                continue
            if unit >= 0 and offer_room[offer] > 0 and layer[needs + offers + unit] == next_layer:
                there = needs + offers + unit
            else:
                # Backwards, since edges that gain flow meanwhile are put behind those that are left to try.
                start = net.offer_starts[offer]
                slot = min(way[node], start + net.used[offer] - 1)
                while slot >= start:
                    through = np.int64(net.slots[slot])
                    if layer[net.edge_need[through]] == next_layer:
                        there = np.int64(net.edge_need[through])
                        break
                    slot -= 1
                way[node] = slot
        else:
            end = net.unit_starts[node - needs - offers + 1]
            at = way[node]
            while at < end:
                offer = net.unit_offers[at]
                if layer[needs + offer] == next_layer and net.used[offer] > 0:
                    there = needs + offer
                    break
                at += 1
            way[node] = at
        if there >= 0:
            via[depth] = through
            depth += 1
            path[depth] = there
        else:
            layer[node] = first - 1
            if depth == 0:
                break
            depth -= 1
    return placed


@compiled_part
def _carry(net: Network, search: Search, depth: int, places: int) -> tuple[int, int]:
    """Move as many of some places as the path allows, to the offer at its end that has room.

    Gives how many, and the depth of the first node that can't go on as it did.
    """
    needs, offers = len(net.need_starts) - 1, len(net.offer_room)
    path, via = search.path, search.via
    last = path[depth] - needs
    places = min(places, net.offer_room[last])
    if net.offer_unit[last] >= 0:
        places = min(places, net.unit_room[net.offer_unit[last]])
    for at in range(depth):
        if path[at] < needs:
            if len(net.limit):
                places = min(places, net.limit[via[at]] - net.flow[via[at]])
        elif via[at] >= 0:
            places = min(places, net.flow[via[at]])
        elif path[at] < needs + offers:
            places = min(places, net.offer_room[path[at] - needs])
    kept = depth
    for at in range(depth - 1, -1, -1):
        if via[at] < 0:
            # To a full unit and on: the edges before and after change the room of two of its offers.
            if path[at] < needs + offers and net.offer_room[path[at] - needs] == places:
                kept = at
        elif path[at] < needs:
            change_flow(net, via[at], places)
            if len(net.limit) and net.limit[via[at]] == net.flow[via[at]]:
                kept = at
        else:
            change_flow(net, via[at], -places)
            if net.flow[via[at]] == 0:
                kept = at
    return places, kept
