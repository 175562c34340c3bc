"""Loops for large covers, as machine code: the square of rows by sites, and exchange by chance."""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled, compiled_part
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray


@compiled
def add_square(starts: IntArray, site: IntArray, scale: FloatArray, square: FloatArray) -> None:
    """Add up ``scale * a a^T`` over all rows a of sites, above the diagonal and on it; sites ascend."""
    square[:] = 0.0
    for row in range(len(starts) - 1):
        for k in range(starts[row], starts[row + 1]):
            for other in range(k, starts[row + 1]):
                square[site[k], site[other]] += scale[row]


@compiled_part
def take_eight(square: FloatArray, first: int, row: int) -> None:
    """Take eight finished rows off another one, from its diagonal on."""
    third, fifth = first + 2, first + 4
    a, b, c, d = square[first, row:], square[first + 1, row:], square[third, row:], square[third + 1, row:]
    e, f, g, h = (
        square[fifth, row:],
        square[fifth + 1, row:],
        square[fifth + 2, row:],
        square[fifth + 3, row:],
    )
    mine = square[row, row:]
    s, t, u, v, w, x, y, z = a[0], b[0], c[0], d[0], e[0], f[0], g[0], h[0]
    for k in range(len(mine)):
        mine[k] -= (s * a[k] + t * b[k] + u * c[k] + v * d[k]) + (w * e[k] + x * f[k] + y * g[k] + z * h[k])


@compiled
def factorize(square: FloatArray) -> bool:
    """Give the triangle U with ``U^T U`` the symmetric matrix, of which what is above the diagonal is read.

    In place, by Cholesky's way; false where the matrix isn't positive. A BLAS takes half the time on a free
    machine, but its threads wait for each other by spinning: on a busy one that took thirty times as long.
    """
    size = len(square)
    for first in range(0, size, 32):
        last = min(first + 32, size)
        for group in range(first, last, 8):
            end = min(group + 8, last)
            for row in range(group, end):
                mine = square[row]
                for k in range(group, row):
                    times, other = square[k, row], square[k]
                    for j in range(row, size):
                        mine[j] -= times * other[j]
                if not mine[row] > 0:
                    return False
                part = 1.0 / np.sqrt(mine[row])
                for j in range(row, size):
                    mine[j] *= part
            for row in range(end, last):
                take_eight(square, group, row)
        for row in range(last, size):
            # A row stays near while all that is finished is taken off it.
            for group in range(first, last, 8):
                take_eight(square, group, row)
    return True


@compiled
def solve_triangles(factor: FloatArray, right: FloatArray) -> None:
    """Solve ``U^T U x = right`` for each column, in place."""
    size, columns = right.shape
    for row in range(size):
        mine = factor[row]
        for c in range(columns):
            right[row, c] /= mine[row]
        for k in range(row + 1, size):
            for c in range(columns):
                right[k, c] -= mine[k] * right[row, c]
    for row in range(size - 1, -1, -1):
        mine = factor[row]
        for c in range(columns):
            left = right[row, c]
            for k in range(row + 1, size):
                left -= mine[k] * right[k, c]
            right[row, c] = left / mine[row]


@compiled
def exchange_warmly(  # noqa: C901 (one loop: it is the hottest)
    by_site: IntArray, row_of: IntArray, weight: FloatArray, chosen: BoolArray, locked: BoolArray,
    open_sites: IntArray, moves: int, hot: float, cold: float, seed: int,
) -> BoolArray:  # fmt: skip
    """Exchange sites at falling heat, and give the choice that covered most on the way.

    A site drawn at random comes in, and one of all goes, by chance: the less it would be missed beside the
    heat, the likelier (Geman and Geman 1984). What each chosen site alone covers is kept up to date, so that
    one walk over the rows of the newcomer weighs it against all others.
    """
    np.random.seed(seed)
    sites = len(chosen)
    times = np.zeros(len(weight), np.int64)
    # The sum of the chosen sites that cover a row: of one alone its own number.
    whose = np.zeros(len(weight), np.int64)
    inside = np.empty(sites, np.int64)
    size = 0
    for j in range(sites):
        if chosen[j]:
            for k in range(by_site[j], by_site[j + 1]):
                times[row_of[k]] += 1
                whose[row_of[k]] += j
            if not locked[j]:
                inside[size] = j
                size += 1
    alone = np.zeros(sites)
    back = np.zeros(sites)
    total = 0.0
    for row in range(len(weight)):
        if times[row] > 0:
            total += weight[row]
        if times[row] == 1:
            alone[whose[row]] += weight[row]
    best = total
    best_chosen = chosen.copy()
    chosen = chosen.copy()
    heat = hot
    for _ in range(moves):
        heat *= (cold / hot) ** (1.0 / moves)
        new = open_sites[np.random.randint(len(open_sites))]
        if chosen[new]:
            continue
        gain = 0.0
        for k in range(by_site[new], by_site[new + 1]):
            row = row_of[k]
            if times[row] == 0:
                gain += weight[row]
            elif times[row] == 1:
                back[whose[row]] += weight[row]
        at = -1
        # The least of what each is missed by, with noise of this kind, is drawn by Boltzmann's chances.
        least = gain + heat * np.log(-np.log(np.random.random()))
        for place in range(size):
            missed = alone[inside[place]] - back[inside[place]]
            if missed < gain + 9.0 * heat:
                missed += heat * np.log(-np.log(np.random.random()))
                if missed < least:
                    least = missed
                    at = place
        for k in range(by_site[new], by_site[new + 1]):
            if times[row_of[k]] == 1:
                back[whose[row_of[k]]] = 0.0
        if at < 0:
            continue
        old = inside[at]
        for k in range(by_site[new], by_site[new + 1]):
            row = row_of[k]
            if times[row] == 0:
                total += weight[row]
                alone[new] += weight[row]
            elif times[row] == 1:
                alone[whose[row]] -= weight[row]
            times[row] += 1
            whose[row] += new
        for k in range(by_site[old], by_site[old + 1]):
            row = row_of[k]
            times[row] -= 1
            whose[row] -= old
            if times[row] == 0:
                total -= weight[row]
            elif times[row] == 1:
                alone[whose[row]] += weight[row]
        alone[old] = 0.0
        chosen[old] = False
        chosen[new] = True
        inside[at] = new
        if total > best:
            best = total
            best_chosen[:] = chosen
    return best_chosen
