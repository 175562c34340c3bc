"""Loops over ways of two ties as machine code; `graph.backend.closure` says what they are for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph.backend.csr import FloatArray, IntArray, RowArray
from graph.compiled import compiled

RankArray = NDArray[np.uint32]


@compiled
def count_triangles(starts: RowArray, heads: RowArray) -> IntArray:
    """Triangles of each row: each is met once, from its corner of fewest ties (Chiba & Nishizeki 1985).

    Rows are numbered by their ties, so that whom most ties lead to stand close together in memory; without
    signs, so that no number has to be tried for counting from the end.
    """
    count = len(starts) - 1
    rank, first, up = _point_upwards(starts, heads)
    found = np.zeros(count, np.int64)
    mark = np.zeros(count, np.bool_)
    for row in range(count):
        for at in range(first[row], first[row + 1]):
            mark[up[at]] = True
        for at in range(first[row], first[row + 1]):
            other = up[at]
            closed = 0
            for further in range(first[other], first[other + np.uint32(1)]):
                third = up[further]
                if mark[third]:
                    closed += 1
                    found[third] += 1
            found[other] += closed
            found[row] += closed
        for at in range(first[row], first[row + 1]):
            mark[up[at]] = False
    of_row: IntArray = found[rank]
    return of_row


@compiled
def _point_upwards(starts: RowArray, heads: RowArray) -> tuple[RankArray, RankArray, RankArray]:
    """The rank of each row by its ties, and for each rank the ranks above it that it is tied to, as rows."""
    count = len(starts) - 1
    most = 0
    for row in range(count):
        most = max(most, starts[row + 1] - starts[row])
    free = np.zeros(most + 2, np.uint32)
    for row in range(count):
        free[starts[row + 1] - starts[row] + 1] += 1
    for ties in range(most + 1):
        free[ties + 1] += free[ties]
    rank = np.empty(count, np.uint32)
    order = np.empty(count, np.uint32)
    for row in range(count):
        ties = starts[row + 1] - starts[row]
        rank[row] = free[ties]
        order[free[ties]] = row
        free[ties] += 1
    ends = heads.view(np.uint32)
    first = np.empty(count + 1, np.uint32)
    # Each tie points upwards from one of its ends; what a row has of others is written over.
    up = np.empty(len(heads) // 2 + 1, np.uint32)
    size = 0
    for number in range(count):
        row = order[number]
        first[number] = size
        for at in range(starts[row], starts[row + np.uint32(1)]):
            other = rank[ends[at]]
            up[size] = other
            size += other > number
    first[count] = size
    return rank, first, up


@compiled
def sum_constraint(starts: RowArray, heads: RowArray, values: FloatArray, strength: FloatArray) -> FloatArray:
    """Burt's constraint: the squares of what leads to each neighbour directly and by one other, summed.

    `strength` is what the values of each row add up to. A row without entries gets NaN.
    """
    count = len(starts) - 1
    found = np.empty(count)
    led = np.zeros(count)
    for row in range(count):
        if starts[row] == starts[row + 1]:
            found[row] = np.nan
            continue
        for at in range(starts[row], starts[row + 1]):
            led[heads[at]] = values[at] / strength[row]
        total = 0.0
        for at in range(starts[row], starts[row + 1]):
            other = heads[at]
            # Gathered at the far end, so that only ties back into the circle count.
            part = led[other]
            for further in range(starts[other], starts[other + 1]):
                third = heads[further]
                if led[third] > 0.0:
                    part += led[third] * values[further] / strength[third]
            total += part * part
        found[row] = total
        for at in range(starts[row], starts[row + 1]):
            led[heads[at]] = 0.0
    return found
