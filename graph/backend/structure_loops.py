"""Searches over compressed rows as machine code; `graph.backend.structure` says what they are for."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import IntArray, RowArray
from graph.compiled import compiled


@compiled
def find_components(starts: RowArray, heads: RowArray) -> tuple[RowArray, IntArray]:
    """Rows one connected component after another, and where each component ends."""
    count = len(starts) - 1
    # Numbers without signs don't have to be tried for counting from the end.
    others = heads.view(np.uint32)
    order = np.empty(count, np.int32)
    ends = np.empty(count, np.int64)
    seen = np.zeros(count, np.bool_)
    done = 0
    parts = 0
    for first in range(count):
        if seen[first]:
            continue
        seen[first] = True
        order[done] = first
        size = done + 1
        # Once every row is reached, what the rest are tied to is known.
        while done < size < count:
            for at in range(starts[order[done]], starts[order[done] + 1]):
                head = others[at]
                if not seen[head]:
                    seen[head] = True
                    order[size] = head
                    size += 1
            done += 1
        done = size
        ends[parts] = done
        parts += 1
    return order, ends[:parts]


@compiled
def reach(starts: RowArray, heads: RowArray, source: int) -> IntArray:
    """Rows that some way ties to a row, itself first."""
    order = np.empty(len(starts) - 1, np.int64)
    seen = np.zeros(len(starts) - 1, np.bool_)
    seen[source] = True
    order[0] = source
    done = 0
    size = 1
    while done < size:
        for at in range(starts[order[done]], starts[order[done] + 1]):
            head = heads[at]
            if not seen[head]:
                seen[head] = True
                order[size] = head
                size += 1
        done += 1
    return order[:size]


@compiled
def search_lowpoints(starts: RowArray, heads: RowArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Search depth first, keeping how far back each subtree is tied (Hopcroft & Tarjan 1973).

    Returns
    -------
    cuts : int64 array
        Articulation rows as they are found; some several times.
    order, ends : int64 arrays
        Rows one biconnected component after another, and where each component ends.
    bridges : int64 array
        For each bridge the position in `heads` at the end that has the smaller row.
    """
    count = len(starts) - 1
    found = np.full(count, -1, np.int64)
    low = np.empty(count, np.int64)
    above = np.full(count, -1, np.int64)
    entry = np.empty(count, np.int64)
    arc_to = np.empty(count, np.int64)
    next_at = starts[:-1].copy()
    way = np.empty(count, np.int64)
    kept = np.empty((len(heads) + 1, 2), np.int64)
    cuts = np.empty(2 * count + 1, np.int64)
    order = np.empty(2 * len(heads) + 1, np.int64)
    ends = np.empty(count, np.int64)
    seen_in = np.full(count, -1, np.int64)
    bridges = np.empty(count, np.int64)
    cut_count = listed = parts = bridge_count = 0
    for first in range(count):
        if found[first] >= 0:
            continue
        clock = 1
        found[first] = low[first] = 0
        above[first] = first
        way[0] = first
        depth = 1
        held = 0
        children = 0
        while depth > 0:
            here = way[depth - 1]
            if next_at[here] < starts[here + 1]:
                arc = next_at[here]
                there = heads[arc]
                next_at[here] += 1
                if there == above[here]:
                    continue
                if found[there] < 0:
                    found[there] = low[there] = clock
                    clock += 1
                    above[there] = here
                    entry[there] = held
                    arc_to[there] = arc
                    way[depth] = there
                    depth += 1
                elif found[there] <= found[here]:
                    low[here] = min(low[here], found[there])
                else:
                    continue
                kept[held, 0] = here
                kept[held, 1] = there
                held += 1
                continue
            depth -= 1
            if depth == 0:
                break
            parent = above[here]
            children += depth == 1
            if depth == 1 or low[here] >= found[parent]:
                cuts[cut_count] = parent
                cut_count += depth > 1  # of the first row the number of its subtrees decides, below
                listed = _list_ends(kept, entry[here], held, order, listed, seen_in, parts)
                held = entry[here]
                ends[parts] = listed
                parts += 1
            if low[here] > found[parent]:
                bridges[bridge_count] = _first_end(starts, heads, parent, here, arc_to[here])
                bridge_count += 1
            low[parent] = min(low[here], low[parent])
        if children > 1:
            cuts[cut_count] = first
            cut_count += 1
    return cuts[:cut_count], order[:listed], ends[:parts], bridges[:bridge_count]


@compiled
def _list_ends(
    ties: IntArray, first: int, last: int, order: IntArray, listed: int, seen_in: IntArray, part: int
) -> int:
    """Append the ends of some ties, each once; `seen_in` holds the last part that each row was listed in."""
    for tie in range(first, last):
        for end in range(2):
            row = ties[tie, end]
            if seen_in[row] != part:
                seen_in[row] = part
                order[listed] = row
                listed += 1
    return listed


@compiled
def _first_end(starts: RowArray, heads: RowArray, tail: int, head: int, arc: int) -> int:
    """The position of a tie in the row of the smaller of its ends."""
    if tail < head:
        return arc
    for at in range(starts[head], starts[head + 1]):
        if heads[at] == tail:
            return at
    return arc


@compiled
def peel(starts: RowArray, heads: RowArray) -> RowArray:
    """Core numbers by taking off the rows with the fewest ties left, all of one level at a time.

    Who is left when a level begins has at least as many ties as it, so that looking through them at every
    level costs no more than the ties times the logarithm of the levels.
    """
    count = len(starts) - 1
    others = heads.view(np.uint32)
    core = np.empty(count, np.int32)
    left = np.empty(count, np.int32)
    queue = np.empty(count + 1, np.uint32)  # what doesn't belong there is written behind its end
    for row in range(count):
        core[row] = starts[row + 1] - starts[row]
        left[row] = row
    kept = count
    level = 0
    while kept > 0:
        rest = size = 0
        least = count
        for at in range(kept):
            ties = core[left[at]]
            if ties > level:
                left[rest] = left[at]
                rest += 1
                least = min(least, ties)
            elif ties == level:
                queue[size] = left[at]
                size += 1
        kept = rest
        if size == 0:
            level = least
            continue
        done = 0
        while done < size:
            row = queue[done]
            done += 1
            for at in range(starts[row], starts[row + np.uint32(1)]):
                # Without a branch, which would be guessed wrong at every other tie.
                other = others[at]
                ties = core[other]
                core[other] = ties - (ties > level)
                queue[size] = other
                size += ties == level + 1
        level += 1
    return core
