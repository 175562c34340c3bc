"""Loops over ways of two ties as machine code; `graph.backend.closure` says what they are for."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import FloatArray, IntArray
from graph.compiled import compiled


@compiled
def count_triangles(starts: IntArray, heads: IntArray, rank: IntArray) -> IntArray:
    """Triangles of each row: each is met once, from its corner of least rank (Chiba & Nishizeki 1985)."""
    count = len(starts) - 1
    first = np.zeros(count + 1, np.int64)
    for row in range(count):
        above = 0
        for at in range(starts[row], starts[row + 1]):
            if rank[heads[at]] > rank[row]:
                above += 1
        first[row + 1] = first[row] + above
    up = np.empty(first[count], np.int64)
    size = 0
    for row in range(count):
        for at in range(starts[row], starts[row + 1]):
            if rank[heads[at]] > rank[row]:
                up[size] = heads[at]
                size += 1
    found = np.zeros(count, np.int64)
    mark = np.full(count, -1, np.int64)
    for row in range(count):
        for at in range(first[row], first[row + 1]):
            mark[up[at]] = row
        for at in range(first[row], first[row + 1]):
            other = up[at]
            closed = 0
            for further in range(first[other], first[other + 1]):
                third = up[further]
                if mark[third] == row:
                    closed += 1
                    found[third] += 1
            found[other] += closed
            found[row] += closed
    return found


@compiled
def sum_constraint(starts: IntArray, heads: IntArray, values: FloatArray, strength: FloatArray) -> FloatArray:
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
