"""Loops for large covers, as machine code: the square of rows by sites, and exchange by chance."""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray


@compiled
def add_square(starts: IntArray, site: IntArray, scale: FloatArray, square: FloatArray) -> None:
    """Add up ``scale * a a^T`` over all rows a of sites, below the diagonal and on it; sites ascend."""
    square[:] = 0.0
    for row in range(len(starts) - 1):
        for k in range(starts[row], starts[row + 1]):
            for other in range(starts[row], k + 1):
                square[site[k], site[other]] += scale[row]


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
