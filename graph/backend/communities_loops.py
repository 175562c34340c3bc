"""Moving nodes between communities as machine code; `graph.backend.communities` says what it is for."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import FloatArray, IntArray
from graph.compiled import compiled


@compiled
def move_nodes(
    starts: IntArray,
    heads: IntArray,
    values: FloatArray,
    degree: FloatArray,
    order: IntArray,
    resolution: float,
) -> IntArray:
    """Move each row to the neighbouring community where modularity gains most, until no row moves.

    Each row begins alone. Among equal gains the community met first wins, so that the order of the entries
    decides as it does in networkx. Gives the community of each row.
    """
    count = len(starts) - 1
    member = np.arange(count)
    total = degree.copy()
    m = degree.sum() / 2
    tied = np.zeros(count)
    is_met = np.zeros(count, np.bool_)
    met = np.empty(count, np.int64)
    moves = 1
    while moves > 0:
        moves = 0
        for row in order:
            own = member[row]
            size = 0
            for at in range(starts[row], starts[row + 1]):
                if heads[at] == row:
                    continue
                near = member[heads[at]]
                if not is_met[near]:
                    is_met[near] = True
                    met[size] = near
                    size += 1
                tied[near] += values[at]
            total[own] -= degree[row]
            stay = -tied[own] / m + resolution * (total[own] * degree[row]) / (2 * m**2)
            most = 0.0
            best = own
            for number in range(size):
                near = met[number]
                gain = stay + tied[near] / m - resolution * (total[near] * degree[row]) / (2 * m**2)
                if gain > most:
                    most = gain
                    best = near
                tied[near] = 0.0
                is_met[near] = False
            total[best] += degree[row]
            if best != own:
                member[row] = best
                moves += 1
    return member
