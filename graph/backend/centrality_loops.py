"""Breadth-first searches from many sources as machine code; `graph.backend.centrality` says what for."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import FloatArray, IntArray, RowArray
from graph.compiled import compiled


@compiled
def sum_dependencies(starts: RowArray, heads: RowArray, sources: IntArray, endpoints: bool) -> FloatArray:
    """Dependencies of all pairs with one end among the sources, by node (Brandes 2001).

    With `endpoints` the ends of a way count as being on it.
    """
    count = len(starts) - 1
    sums = np.zeros(count)
    ways = np.zeros(count)
    share = np.zeros(count)
    distance = np.full(count, -1, np.int64)
    order = np.empty(count, np.int64)
    for source in sources:
        ways[source] = 1.0
        distance[source] = 0
        order[0] = source
        size = 1
        done = 0
        while done < size:
            here = order[done]
            done += 1
            for at in range(starts[here], starts[here + 1]):
                there = heads[at]
                if distance[there] < 0:
                    distance[there] = distance[here] + 1
                    order[size] = there
                    size += 1
                if distance[there] == distance[here] + 1:
                    ways[there] += ways[here]
        for position in range(size - 1, 0, -1):
            here = order[position]
            part = (1.0 + share[here]) / ways[here]
            nearer = distance[here] - 1
            for at in range(starts[here], starts[here + 1]):
                there = heads[at]
                if distance[there] == nearer:
                    share[there] += ways[there] * part
            sums[here] += share[here] + (1.0 if endpoints else 0.0)
        if endpoints:
            sums[source] += size - 1
        for position in range(size):
            here = order[position]
            ways[here] = 0.0
            share[here] = 0.0
            distance[here] = -1
    return sums


@compiled
def sum_distances(starts: RowArray, heads: RowArray, sources: IntArray) -> tuple[IntArray, IntArray]:
    """For each source how many rows it reaches, itself included, and the sum of the steps to them."""
    count = len(starts) - 1
    reached = np.empty(len(sources), np.int64)
    total = np.zeros(len(sources), np.int64)
    distance = np.full(count, -1, np.int64)
    order = np.empty(count, np.int64)
    for number in range(len(sources)):
        order[0] = sources[number]
        distance[order[0]] = 0
        size = 1
        done = 0
        while done < size:
            here = order[done]
            done += 1
            for at in range(starts[here], starts[here + 1]):
                there = heads[at]
                if distance[there] < 0:
                    distance[there] = distance[here] + 1
                    total[number] += distance[there]
                    order[size] = there
                    size += 1
        reached[number] = size
        for position in range(size):
            distance[order[position]] = -1
    return reached, total
