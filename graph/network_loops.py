"""Distances and placing of parties as machine code; `graph.network_layout` says what they are for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from graph.compiled import compiled

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
StepArray = NDArray[np.uint8]

FAR = 255
"""Steps are counted up to here."""


@compiled
def count_steps(starts: IntArray, heads: IntArray, sources: IntArray) -> StepArray:
    """Steps from each source (row) to each row of the graph (column), `FAR` where no way leads or beyond."""
    count = len(starts) - 1
    steps = np.full((len(sources), count), FAR, np.uint8)
    order = np.empty(count, np.int64)
    for number in range(len(sources)):
        order[0] = sources[number]
        steps[number, sources[number]] = 0
        size = 1
        done = 0
        while done < size:
            here = order[done]
            done += 1
            further = steps[number, here] + 1
            if further >= FAR:
                break
            for at in range(starts[here], starts[here + 1]):
                there = heads[at]
                if steps[number, there] == FAR:
                    steps[number, there] = further
                    order[size] = there
                    size += 1
    return steps


@compiled
def relax(
    x: FloatArray,
    y: FloatArray,
    steps: StepArray,
    sources: IntArray,
    group: IntArray,
    apart: float,
    orders: IntArray,
    pace: FloatArray,
) -> None:
    """Move pairs of a source and any row towards their distance, in place (Zheng, Pawar & Goodman 2019).

    Their distance is the steps between them, and `apart` more where their groups differ. `orders` (rounds,
    rows) says in which order rows are taken in each round, `pace` how far they go.
    """
    count = len(x)
    for number in range(len(orders)):
        order = orders[number]
        for shift in range(count):
            for at in range(len(sources)):
                here = sources[at]
                there = order[(at + shift) % count]
                if here == there:
                    continue
                want = float(steps[at, there]) + (apart if group[here] != group[there] else 0.0)
                away_x = x[here] - x[there]
                away_y = y[here] - y[there]
                away = np.sqrt(away_x * away_x + away_y * away_y) + 1e-9
                step = min(1.0, pace[number] / (want * want)) * (away - want) / (2.0 * away)
                x[here] -= step * away_x
                y[here] -= step * away_y
                x[there] += step * away_x
                y[there] += step * away_y
