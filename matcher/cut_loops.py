"""Searches through the network that a maximum flow leaves, as machine code; `matcher.cut` says what for.

Arcs out of node ``n`` are ``starts[2 n]`` to ``starts[2 n + 2]``; those that have room at first come before
``starts[2 n + 1]``. ``mate[a]`` is arc ``a`` the other way round. The sink is the last node.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,assignment"
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray, RowArray

_CLOSED = 1 << 30
_LEAST_BUDGET = 4000
# Arcs that a search by labels reads before it asks whether it can come to anything at all.
_TOUCHED, _READ, _STAMP = 0, 1, 2
# Places in `counts`: nodes whose label has changed, arcs read, searches around so far.


@compiled
def label_nodes(starts: IntArray, head: RowArray, mate: RowArray, room: IntArray) -> IntArray:
    """Count the fewest arcs with room from each node to the sink."""
    sink = len(starts) // 2 - 1
    label = np.full(sink + 1, _CLOSED, np.int64)
    queue = np.empty(sink + 1, np.int64)
    label[sink] = 0
    queue[0] = sink
    size = 1
    done = 0
    while done < size:
        node = queue[done]
        done += 1
        for arc in range(starts[2 * node], starts[2 * node + 2]):
            there = head[arc]
            if label[there] == _CLOSED and room[mate[arc]] > 0:
                label[there] = label[node] + 1
                queue[size] = there
                size += 1
    return label


@compiled
def count_losses(
    pair_starts: IntArray,
    pair_need: IntArray,
    sought: IntArray,
    own_starts: IntArray,
    own_nodes: IntArray,
    own_room: IntArray,
    base_label: IntArray,
    starts: IntArray,
    head: RowArray,
    mate: RowArray,
    room: IntArray,
) -> IntArray:
    """Count, for each leaver, the places that others could serve in its stead.

    Leaver ``l`` leaves ``sought[k]`` places of need ``pair_need[k]`` for ``pair_starts[l] <= k <
    pair_starts[l + 1]``, and takes the nodes of `own_nodes` along, which have `own_room` for further places.
    `room` is in the end as it was.

    A search follows labels that are never more than the arcs still to go (Goldberg and Tarjan 1988; Ahuja and
    Orlin 1991); those it raised fall back when the leaver returns. Where a leaver's places come no further,
    the nodes reached have no more room on their way out, all leavers together, than it used and had itself:
    the next leaver from among them needs to search no longer once it found as much.
    """
    leavers, nodes = len(pair_starts) - 1, len(base_label)
    found = np.zeros(leavers, np.int64)
    label = base_label.copy()
    is_touched = np.zeros(nodes, np.bool_)
    touched, queue, via = np.empty(nodes, np.int64), np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    seen, far = np.zeros(nodes, np.int64), np.empty(nodes, np.int64)
    counts = np.zeros(3, np.int64)
    # Arcs that had no room at first and have some while a leaver is gone: linked lists by node.
    first = np.full(nodes, -1, np.int64)
    more_arc, more_next = np.empty(64, np.int64), np.empty(64, np.int64)
    log_arc, log_places = np.empty(64, np.int64), np.empty(64, np.int64)
    # What the nodes of a cut can give on at most; -1: of no cut yet.
    cut_of = np.full(nodes, -1, np.int64)
    cut_room, cut_sum = np.empty(leavers, np.int64), np.empty(leavers, np.int64)
    cut_leaver = np.full(leavers, -1, np.int64)
    cuts = 0
    for leaver in range(leavers):
        bound = np.int64(0)
        for k in range(pair_starts[leaver], pair_starts[leaver + 1]):
            places = sought[k]
            cut = cut_of[pair_need[k]]
            if cut >= 0:
                if cut_leaver[cut] != leaver:
                    cut_leaver[cut] = leaver
                    cut_sum[cut] = 0
                places = min(places, cut_room[cut] - cut_sum[cut])
                cut_sum[cut] += places
            bound += places
        if bound == 0:
            continue
        own = own_starts[leaver + 1] - own_starts[leaver]
        for k in range(own):
            node = own_nodes[own_starts[leaver] + k]
            is_touched[node] = True
            touched[k] = node
            label[node] = _CLOSED
        counts[_TOUCHED] = own
        logged = 0
        more = 0
        budget = _LEAST_BUDGET
        for k in range(pair_starts[leaver], pair_starts[leaver + 1]):
            need = pair_need[k]
            left = sought[k]
            while left > 0 and found[leaver] < bound and label[need] < _CLOSED:
                depth = _advance(
                    need, budget, label, is_touched, touched, counts, via, starts, head, mate, room, first,
                    more_arc, more_next,
                )  # fmt: skip
                if depth < 0:
                    if label[need] < _CLOSED:
                        _look_around(
                            need, label, is_touched, touched, counts, queue, seen, far, starts, head, room,
                            first, more_arc, more_next,
                        )  # fmt: skip
                        budget *= 2
                    continue
                places = min(left, bound - found[leaver])
                for step in range(depth):
                    places = min(places, room[via[step]])
                if logged + depth > len(log_arc):
                    log_arc = _widen(log_arc, 2 * (logged + depth))
                    log_places = _widen(log_places, 2 * (logged + depth))
                if more + depth > len(more_arc):
                    more_arc = _widen(more_arc, 2 * (more + depth))
                    more_next = _widen(more_next, 2 * (more + depth))
                for step in range(depth):
                    arc = via[step]
                    back, there = mate[arc], head[arc]
                    if room[back] == 0 and back >= starts[2 * there + 1]:
                        more_arc[more] = back
                        more_next[more] = first[there]
                        first[there] = more
                        more += 1
                    room[arc] -= places
                    room[back] += places
                    log_arc[logged] = arc
                    log_places[logged] = places
                    logged += 1
                left -= places
                found[leaver] += places
        if found[leaver] < bound:
            limit = found[leaver] + own_room[leaver]
            cut_room[cuts] = limit
            for at in range(own, counts[_TOUCHED]):
                node = touched[at]
                if label[node] == _CLOSED and (cut_of[node] == -1 or cut_room[cut_of[node]] > limit):
                    cut_of[node] = cuts
            cuts += 1
        for at in range(logged):
            room[log_arc[at]] += log_places[at]
            room[mate[log_arc[at]]] -= log_places[at]
        for at in range(more):
            first[head[mate[more_arc[at]]]] = -1
        for at in range(counts[_TOUCHED]):
            label[touched[at]] = base_label[touched[at]]
            is_touched[touched[at]] = False
    return found


@compiled
def _advance(
    start: int,
    budget: int,
    label: IntArray,
    is_touched: BoolArray,
    touched: IntArray,
    counts: IntArray,
    via: IntArray,
    starts: IntArray,
    head: RowArray,
    mate: RowArray,
    room: IntArray,
    first: IntArray,
    more_arc: IntArray,
    more_next: IntArray,
) -> int:
    """Follow falling labels to the sink; give how many arcs `via` lists, or -1: closed, or budget spent."""
    sink = len(label) - 1
    node = np.int64(start)
    depth = 0
    counts[_READ] = 0
    while node != sink:
        least, best = np.int64(_CLOSED), np.int64(-1)
        for arc in range(starts[2 * node], starts[2 * node + 1]):
            counts[_READ] += 1
            if label[head[arc]] < least and room[arc] > 0:
                least, best = label[head[arc]], arc
                if least < label[node]:
                    break
        at = first[node]
        while at >= 0 and least >= label[node]:
            arc = more_arc[at]
            at = more_next[at]
            counts[_READ] += 1
            if label[head[arc]] < least and room[arc] > 0:
                least, best = label[head[arc]], arc
        if least < label[node]:
            via[depth] = best
            depth += 1
            node = np.int64(head[best])
            continue
        if not is_touched[node]:
            is_touched[node] = True
            touched[counts[_TOUCHED]] = node
            counts[_TOUCHED] += 1
        label[node] = least + 1 if least < _CLOSED else least
        if counts[_READ] > budget or (node == start and label[node] == _CLOSED):
            return -1
        if node != start:
            depth -= 1
            node = np.int64(head[mate[via[depth]]])
    return depth


@compiled
def _look_around(
    start: int,
    label: IntArray,
    is_touched: BoolArray,
    touched: IntArray,
    counts: IntArray,
    queue: IntArray,
    seen: IntArray,
    far: IntArray,
    starts: IntArray,
    head: RowArray,
    room: IntArray,
    first: IntArray,
    more_arc: IntArray,
    more_next: IntArray,
) -> None:
    """Raise labels to what a breadth-first search from a node tells: closed, where it finds no sink."""
    sink = len(label) - 1
    counts[_STAMP] += 1
    seen[start] = counts[_STAMP]
    far[start] = 0
    queue[0] = start
    size = 1
    done = 0
    goal = np.int64(_CLOSED)
    while done < size and goal == _CLOSED:
        node = queue[done]
        done += 1
        arc, last, at = starts[2 * node], starts[2 * node + 1], first[node]
        while True:
            if arc < last:
                some = arc
                arc += 1
            elif at >= 0:
                some = more_arc[at]
                at = more_next[at]
            else:
                break
            there = head[some]
            if room[some] > 0 and label[there] < _CLOSED and seen[there] != counts[_STAMP]:
                seen[there] = counts[_STAMP]
                far[there] = far[node] + 1
                if there == sink:
                    goal = far[there]
                    break
                queue[size] = there
                size += 1
    for at in range(size):
        node = queue[at]
        # Who is so far from the start has at least the rest of the shortest way still to go.
        label_here = np.int64(_CLOSED) if goal == _CLOSED else goal - far[node]
        if label_here > label[node]:
            if not is_touched[node]:
                is_touched[node] = True
                touched[counts[_TOUCHED]] = node
                counts[_TOUCHED] += 1
            label[node] = label_here


@compiled
def _widen(values: IntArray, size: int) -> IntArray:
    """Copy into a larger array."""
    wider = np.empty(size, np.int64)
    for at in range(len(values)):  # assigned as a slice it would take ten seconds more to compile
        wider[at] = values[at]
    return wider
