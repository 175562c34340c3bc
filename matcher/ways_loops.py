"""The search for shortest ways with two-part lengths, as machine code; `matcher.ways` says what it is for."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray


@compiled
def search(
    starts: IntArray,
    arcs: IntArray,
    head: RowArray,
    level: IntArray,
    cost: IntArray,
    room: IntArray,
    at_level: IntArray,
    at_cost: IntArray,
    source: int,
    backward: bool,
    closed: int,
    limit_level: int,
    limit_cost: int,
    wanted: BoolArray,
    wanted_count: int,
    near_level: IntArray,
    near_cost: IntArray,
    via: IntArray,
    mark: IntArray,
    turn: int,
    heap: IntArray,
    place: IntArray,
    settled: IntArray,
) -> int:
    """Settle nodes in the order of their reduced distance from (or, backward, to) a node (Dijkstra 1959).

    Arc ``2 k`` runs as the pair ``k`` of `level` and `cost` says, arc ``2 k + 1`` the other way for the
    opposite. Stops when `wanted_count` wanted nodes are settled, or all others are beyond the limit; the
    node `closed` is reached but not passed. Gives how many nodes were settled; these have
    ``mark == 2 turn + 1``.
    """
    near_level[source] = 0
    near_cost[source] = 0
    via[source] = -1
    mark[source] = 2 * turn
    heap[0] = source
    place[source] = 0
    size = 1
    done = 0
    while size > 0:
        here = heap[0]
        size -= 1
        if size > 0:
            heap[0] = heap[size]
            place[heap[0]] = 0
            _sink(heap, place, near_level, near_cost, size)
        mark[here] = 2 * turn + 1
        settled[done] = here
        done += 1
        if wanted[here]:
            wanted_count -= 1
            if wanted_count == 0:
                break
        if here == closed:
            continue
        for position in range(starts[here], starts[here + 1]):
            arc = arcs[position]
            there = head[arc]
            if room[arc ^ 1 if backward else arc] <= 0 or mark[there] == 2 * turn + 1:
                continue
            sign = 1 - 2 * (arc & 1)
            side = -1 if backward else 1
            new_level = near_level[here] + side * (sign * level[arc >> 1] + at_level[here] - at_level[there])
            new_cost = near_cost[here] + side * (sign * cost[arc >> 1] + at_cost[here] - at_cost[there])
            if new_level > limit_level or (new_level == limit_level and new_cost > limit_cost):
                continue
            if mark[there] != 2 * turn:
                mark[there] = 2 * turn
                heap[size] = there
                place[there] = size
                size += 1
            elif new_level > near_level[there] or (
                new_level == near_level[there] and new_cost >= near_cost[there]
            ):
                continue
            near_level[there] = new_level
            near_cost[there] = new_cost
            via[there] = arc
            _lift(heap, place, near_level, near_cost, place[there])
    return done


@compiled
def _lift(heap: IntArray, place: IntArray, level: IntArray, cost: IntArray, at: int) -> None:
    """Bring an entry of the heap up to where it belongs."""
    node = heap[at]
    while at > 0:
        above = (at - 1) >> 1
        other = heap[above]
        if level[other] < level[node] or (level[other] == level[node] and cost[other] <= cost[node]):
            break
        heap[at] = other
        place[other] = at
        at = above
    heap[at] = node
    place[node] = at


@compiled
def _sink(heap: IntArray, place: IntArray, level: IntArray, cost: IntArray, size: int) -> None:
    """Bring the first entry of the heap down to where it belongs."""
    at = 0
    node = heap[0]
    while 2 * at + 1 < size:
        below = 2 * at + 1
        if below + 1 < size:
            one, other = heap[below], heap[below + 1]
            if level[other] < level[one] or (level[other] == level[one] and cost[other] < cost[one]):
                below += 1
        other = heap[below]
        if level[node] < level[other] or (level[node] == level[other] and cost[node] <= cost[other]):
            break
        heap[at] = other
        place[other] = at
        at = below
    heap[at] = node
    place[node] = at
