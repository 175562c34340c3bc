"""Moving nodes between communities as machine code; `communities` and `communities_large` say what for."""

from __future__ import annotations

import numpy as np

from graph.backend.csr import FloatArray, IntArray, RowArray
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


@compiled
def settle_rows(
    starts: RowArray,
    heads: RowArray,
    values: FloatArray,
    degree: FloatArray,
    order: RowArray,
    member: RowArray,
    total: FloatArray,
    resolution: float,
) -> int:
    """Move each row to the neighbouring community where modularity gains most; gives how many moves it took.

    All rows wait in the order given; one comes back when a neighbour goes to another community than its own.
    Values are above zero, no row is tied to itself. `member` and `total`, degrees by community, follow.
    """
    count = len(starts) - 1
    queue = order.copy()
    waits = np.ones(count, np.bool_)
    tied = np.zeros(count)
    met = np.empty(count, np.int32)
    share = resolution / degree.sum()
    at = 0
    left = count
    moves = 0
    while left > 0:
        row = queue[at]
        at = at + 1 if at + 1 < count else 0
        left -= 1
        waits[row] = False
        size = 0
        for entry in range(starts[row], starts[row + 1]):
            near = member[heads[entry]]
            if tied[near] == 0.0:
                met[size] = near
                size += 1
            tied[near] += values[entry]
        own = member[row]
        pull = degree[row] * share
        # Rounding alone must not move a row to and fro.
        most = tied[own] - (total[own] - degree[row]) * pull + 1e-12 * degree[row]
        best = own
        for number in range(size):
            near = met[number]
            gain = tied[near] - total[near] * pull
            if near != own and gain > most:
                most = gain
                best = near
            tied[near] = 0.0
        if best == own:
            continue
        moves += 1
        total[own] -= degree[row]
        total[best] += degree[row]
        member[row] = best
        for entry in range(starts[row], starts[row + 1]):
            there = heads[entry]
            if not waits[there] and member[there] != best:
                waits[there] = True
                end = at + left
                queue[end if end < count else end - count] = there
                left += 1
    return moves


@compiled
def merge_rows(
    starts: RowArray,
    heads: RowArray,
    values: FloatArray,
    inside: FloatArray,
    degree: FloatArray,
    member: RowArray,
) -> tuple[RowArray, RowArray, FloatArray, FloatArray, FloatArray]:
    """Communities as rows: starts, heads and values of the ties between them, values inside (twice), degrees.

    Communities are numbered anew, in place, in the order in which they first appear.
    """
    count = len(starts) - 1
    number = np.full(count, -1, np.int32)
    size = 0
    for row in range(count):
        if number[member[row]] < 0:
            number[member[row]] = size
            size += 1
        member[row] = number[member[row]]
    ends = np.zeros(size + 1, np.int64)
    for row in range(count):
        ends[member[row] + 1] += 1
    ends = np.cumsum(ends)
    ranked = np.empty(count, np.int32)
    place = ends.copy()
    for row in range(count):
        ranked[place[member[row]]] = row
        place[member[row]] += 1
    new_starts = np.zeros(size + 1, np.int32)
    new_heads = np.empty(len(heads), np.int32)
    new_values = np.empty(len(heads))
    new_inside = np.zeros(size)
    new_degree = np.zeros(size)
    tied = np.zeros(size)
    full = 0
    for own in range(size):
        first = full
        for row in ranked[ends[own] : ends[own + 1]]:
            new_inside[own] += inside[row]
            new_degree[own] += degree[row]
            for entry in range(starts[row], starts[row + 1]):
                near = member[heads[entry]]
                if near == own:
                    new_inside[own] += values[entry]
                    continue
                if tied[near] == 0.0:
                    new_heads[full] = near
                    full += 1
                tied[near] += values[entry]
        for entry in range(first, full):
            new_values[entry] = tied[new_heads[entry]]
            tied[new_heads[entry]] = 0.0
        new_starts[own + 1] = full
    return new_starts, new_heads[:full].copy(), new_values[:full].copy(), new_inside, new_degree
