"""What is lost as one after another leaves and comes back, as machine code; `matcher.cut` says what for."""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,assignment,return-value"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.compiled import compiled, compiled_part
from matcher.arrays import IntArray
from matcher.cut_search import Network, Search, change_flow, find_layers, place


class Leavers(NamedTuple):
    """Who leaves, in which order, and what goes along.

    Attributes
    ----------
    order : int64 array
        Leavers, neighbours one after another.
    own_starts, own_offers : int64 arrays
        Offers of leaver ``l`` are ``own_offers[own_starts[l]:own_starts[l + 1]]``.
    more_starts, more_need, more_places : int64 arrays
        Places that needs want besides what they have in the network, once the leaver's promises are gone.
    """

    order: IntArray
    own_starts: IntArray
    own_offers: IntArray
    more_starts: IntArray
    more_need: IntArray
    more_places: IntArray


class _Cuts(NamedTuple):
    """Sets of nodes that few places can leave.

    Attributes
    ----------
    of_need : int64 array (needs)
        The cut that holds most tightly, -1: of none yet.
    room, asked, leaver : int64 arrays (cuts)
        Places that can leave at most; how many of them a leaver asked for already, and which one that was.
    count : int64 array (1)
    """

    of_need: IntArray
    room: IntArray
    asked: IntArray
    leaver: IntArray
    count: IntArray


@compiled
def count_unplaced(net: Network, leavers: Leavers) -> IntArray:
    """Count, for each leaver, the places that nobody else could serve in its stead.

    The flow serves all needs in full before and after each leaver, but need not be the same: what moved stays
    where it is, and the next leaver, a neighbour, finds the room of the one before, which is back and empty.
    What it finds at most is the same from every such flow. Where places find no room, the nodes reached,
    with the leaver, can give on no more places than the leaver then has room for; whatever flow serves all
    needs, that stays so, and the next leaver needs to search no longer once it found as much.
    """
    needs, edges = len(net.need_starts) - 1, len(net.edge_offer)
    nodes, size = needs + len(net.offer_room) + len(net.unit_room), len(leavers.own_starts) - 1
    unplaced = np.zeros(size, np.int64)
    search = Search(
        np.zeros(nodes, np.int64), np.zeros(nodes, np.int64), np.zeros(nodes + 1, np.int64),
        np.zeros(nodes + 1, np.int64), np.zeros(nodes + 1, np.int64),
    )  # fmt: skip
    cuts = _Cuts(
        np.full(needs, -1, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64),
        np.full(size, -1, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    excess, seeds = np.zeros(needs, np.int64), np.zeros(needs, np.int64)
    left_edge, left_places = np.zeros(edges, np.int64), np.zeros(edges, np.int64)
    first = np.int64(1)
    for leaver in leavers.order:
        left, seed_count = _leave(net, leavers, leaver, excess, seeds, left_edge, left_places)
        total = np.int64(0)
        for at in range(seed_count):
            total += excess[seeds[at]]
        bound = _bound(cuts, leaver, excess, seeds, seed_count)
        placed = np.int64(0)
        seen = 0
        while placed < bound:
            seen, is_found, last = find_layers(net, search, seeds, seed_count, excess, leaver, first)
            if is_found:
                seen = 0
                for at in range(seed_count):
                    need = seeds[at]
                    if excess[need] > 0 and placed < bound:
                        moved = place(net, search, need, min(excess[need], bound - placed), first)
                        excess[need] -= moved
                        placed += moved
            first = last + 2
            if not is_found:
                break
        unplaced[leaver] = total - placed
        removed = _come_back(net, leavers, leaver, excess, left_edge, left_places, left)
        if seen > 0:
            _note_cut(net, leavers, leaver, cuts, search, seen, removed)
    return unplaced


@compiled_part
def _leave(
    net: Network,
    leavers: Leavers,
    leaver: int,
    excess: IntArray,
    seeds: IntArray,
    left_edge: IntArray,
    left_places: IntArray,
) -> tuple[int, int]:
    """Take a leaver's places off; give how many edges had some, and how many needs have excess now."""
    left = seed_count = 0
    for own in range(leavers.own_starts[leaver], leavers.own_starts[leaver + 1]):
        offer = leavers.own_offers[own]
        while net.used[offer] > 0:
            edge = np.int64(net.slots[net.offer_starts[offer] + net.used[offer] - 1])
            need, places = np.int64(net.edge_need[edge]), net.flow[edge]
            left_edge[left], left_places[left] = edge, places
            left += 1
            if excess[need] == 0:
                seeds[seed_count] = need
                seed_count += 1
            excess[need] += places
            change_flow(net, edge, -places)
    for at in range(leavers.more_starts[leaver], leavers.more_starts[leaver + 1]):
        need = leavers.more_need[at]
        if excess[need] == 0:
            seeds[seed_count] = need
            seed_count += 1
        excess[need] += leavers.more_places[at]
    return left, seed_count


@compiled_part
def _bound(cuts: _Cuts, leaver: int, excess: IntArray, seeds: IntArray, seed_count: int) -> int:
    """Bound the places that can be found by the cuts known."""
    bound = np.int64(0)
    for at in range(seed_count):
        places = excess[seeds[at]]
        cut = cuts.of_need[seeds[at]]
        if cut >= 0:
            if cuts.leaver[cut] != leaver:
                cuts.leaver[cut] = leaver
                cuts.asked[cut] = 0
            places = min(places, cuts.room[cut] - cuts.asked[cut])
            cuts.asked[cut] += places
        bound += places
    return bound


@compiled_part
def _come_back(
    net: Network,
    leavers: Leavers,
    leaver: int,
    excess: IntArray,
    left_edge: IntArray,
    left_places: IntArray,
    left: int,
) -> int:
    """Serve every need as much as before; give how many places more than that are taken off again."""
    for at in range(leavers.more_starts[leaver], leavers.more_starts[leaver + 1]):
        excess[leavers.more_need[at]] -= leavers.more_places[at]
    for at in range(left):
        need = np.int64(net.edge_need[left_edge[at]])
        places = min(left_places[at], excess[need])
        if places > 0:
            change_flow(net, left_edge[at], places)
            excess[need] -= places
    removed = np.int64(0)
    for at in range(leavers.more_starts[leaver], leavers.more_starts[leaver + 1]):
        need = leavers.more_need[at]
        for edge in range(net.need_starts[need], net.need_starts[need + 1]):
            places = min(net.flow[edge], -excess[need])
            if places > 0:
                change_flow(net, edge, -places)
                excess[need] += places
                removed += places
    return removed


@compiled_part
def _note_cut(
    net: Network, leavers: Leavers, leaver: int, cuts: _Cuts, search: Search, seen: int, removed: int
) -> None:
    """Note what the nodes of a search that found no room can give on, with the leaver back in its place."""
    room, unit = np.int64(0), np.int64(-1)
    for own in range(leavers.own_starts[leaver], leavers.own_starts[leaver + 1]):
        room += net.offer_room[leavers.own_offers[own]]
        unit = np.int64(net.offer_unit[leavers.own_offers[own]])
    if unit >= 0:
        room = min(room, net.unit_room[unit])
    cut = cuts.count[0]
    cuts.count[0] += 1
    cuts.room[cut] = room + removed
    for at in range(seen):
        node = search.queue[at]
        if node < len(cuts.of_need):
            other = cuts.of_need[node]
            if other == -1 or cuts.room[other] > cuts.room[cut]:
                cuts.of_need[node] = cut
