"""Searches through the network that a maximum flow leaves, as machine code; `matcher.cut` says what for.

Arc ``2 k + 1`` is arc ``2 k`` the other way round; `arcs[starts[n]:starts[n + 1]]` lead out of node ``n``.
"""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def find_open_ends(starts: IntArray, arcs: IntArray, head: RowArray, room: IntArray, sink: int) -> BoolArray:
    """Mark the nodes from which a place can still come to the sink, walking back from there."""
    is_open = np.zeros(sink + 1, np.bool_)
    queue = np.empty(sink + 1, np.int64)
    is_open[sink] = True
    queue[0] = sink
    size = 1
    done = 0
    while done < size:
        node = queue[done]
        done += 1
        for at in range(starts[node], starts[node + 1]):
            there = head[arcs[at]]
            if room[arcs[at] ^ 1] > 0 and not is_open[there]:
                is_open[there] = True
                queue[size] = there
                size += 1
    return is_open


@compiled
def count_losses(
    pair_starts: IntArray,
    pair_need: IntArray,
    sought: IntArray,
    owner: IntArray,
    is_open: BoolArray,
    starts: IntArray,
    arcs: IntArray,
    head: RowArray,
    room: IntArray,
    sink: int,
) -> IntArray:
    """Count, for each leaver, the places that others could serve in its stead.

    Leaver ``l`` leaves ``sought[k]`` places of need ``pair_need[k]`` for ``pair_starts[l] <= k <
    pair_starts[l + 1]``; nodes it owns are closed to the search. `room` is in the end as it was.
    """
    found = np.zeros(len(pair_starts) - 1, np.int64)
    # Nodes seen in a search bear its number; nodes that lead nowhere without a leaver bear the leaver's.
    seen = np.full(sink + 1, -1, np.int64)
    ends = np.full(sink + 1, -1, np.int64)
    via = np.empty(sink + 1, np.int64)
    queue = np.empty(sink + 1, np.int64)
    log_arc = np.empty(64, np.int64)
    log_places = np.empty(64, np.int64)
    search = 0
    for leaver in range(len(found)):
        logged = 0
        for k in range(pair_starts[leaver], pair_starts[leaver + 1]):
            need = pair_need[k]
            left = sought[k]
            while left > 0 and is_open[need] and ends[need] != leaver:
                search += 1
                size = _search(
                    need,
                    leaver,
                    search,
                    owner,
                    is_open,
                    ends,
                    seen,
                    via,
                    queue,
                    starts,
                    arcs,
                    head,
                    room,
                    sink,
                )
                if seen[sink] != search:
                    # Later ways never come into these nodes, so they stay closed while this leaver is gone.
                    for at in range(size):
                        ends[queue[at]] = leaver
                    break
                places = left
                node = sink
                steps = 0
                while node != need:
                    places = min(places, room[via[node]])
                    node = head[via[node] ^ 1]
                    steps += 1
                if logged + steps > len(log_arc):
                    log_arc = _widen(log_arc, 2 * (logged + steps))
                    log_places = _widen(log_places, 2 * (logged + steps))
                node = sink
                while node != need:
                    room[via[node]] -= places
                    room[via[node] ^ 1] += places
                    log_arc[logged] = via[node]
                    log_places[logged] = places
                    logged += 1
                    node = head[via[node] ^ 1]
                left -= places
                found[leaver] += places
        for at in range(logged):
            room[log_arc[at]] += log_places[at]
            room[log_arc[at] ^ 1] -= log_places[at]
    return found


@compiled
def _search(
    start: int,
    leaver: int,
    search: int,
    owner: IntArray,
    is_open: BoolArray,
    ends: IntArray,
    seen: IntArray,
    via: IntArray,
    queue: IntArray,
    starts: IntArray,
    arcs: IntArray,
    head: RowArray,
    room: IntArray,
    sink: int,
) -> int:
    """Search the sink breadth first; give how many nodes were seen, which `queue` lists."""
    seen[start] = search
    queue[0] = start
    size = 1
    done = 0
    while done < size:
        node = queue[done]
        done += 1
        for at in range(starts[node], starts[node + 1]):
            arc = arcs[at]
            there = head[arc]
            if seen[there] == search or room[arc] <= 0 or not is_open[there]:
                continue
            if owner[there] == leaver or ends[there] == leaver:
                continue
            seen[there] = search
            via[there] = arc
            if there == sink:
                return size
            queue[size] = there
            size += 1
    return size


@compiled
def _widen(values: IntArray, size: int) -> IntArray:
    """Copy into a larger array."""
    wider = np.empty(size, np.int64)
    for at in range(len(values)):  # assigned as a slice it would take ten seconds more to compile
        wider[at] = values[at]
    return wider
