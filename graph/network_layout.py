"""Where parties stand in a picture of the network: the fewer steps between two, the nearer they are drawn.

Each connected part is laid out by itself, so that the distances drawn follow the steps from one to the other
(stress, by stochastic descent: Zheng, Pawar & Goodman 2019); parties of different groups are pushed somewhat
further apart, so that circles are seen as such. Parts stand beside each other in rows, the largest first, and
below them whoever has no tie. The same graph, groups and seed give the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
RowArray = NDArray[np.int32]

ALL_PAIRS_UP_TO: Final = 3_000
"""Up to so many parties in one part every pair is placed; beyond, all against so many drawn ones:"""
SOURCES: Final = 400
ROUNDS: Final = 15
APART: Final = 1.5
"""Steps that parties of different groups stand further apart."""

_LEAST_PACE: Final = 0.05
_GAP: Final = 1.2
_ALONE: Final = 0.7
"""Steps between two parties without a tie."""
_WIDE: Final = 1.7
"""The picture is so many times as wide as high."""


def lay_out(
    graph: nx.Graph, groups: Mapping[Any, int] | None = None, *, seed: int = 0
) -> dict[Any, tuple[float, float]]:
    """Place the nodes of a graph in the plane.

    Parameters
    ----------
    graph : networkx.Graph
        Undirected, without parallel ties.
    groups : mapping of node to int, optional
        Nodes of one group are drawn together; who has none is a group by itself.
    seed : int

    Returns
    -------
    dict of node to (float, float)
        Right and up, in steps; the middle of the picture is near (0, 0).
    """
    from graph.backend.csr import compress
    from graph.backend.structure_loops import find_components

    rows = compress(graph)
    if not len(rows):
        return {}
    known = groups or {}
    group = np.array([known.get(node, -1 - row) for row, node in enumerate(rows.nodes)], np.int64)
    order, ends = find_components(rows.starts, rows.heads)
    parts = sorted(np.split(order, ends[:-1]), key=lambda part: (-len(part), int(part.min())))
    place = np.zeros((len(rows), 2))
    boxes = []
    for part in parts:
        if len(part) > 1:
            part = np.sort(part)
            place[part] = _lay_out_part(rows.starts, rows.heads, part, group, seed)
            boxes.append(part)
    alone = np.concatenate([np.zeros(0, np.int64), *(part for part in parts if len(part) == 1)])
    width = _stand_beside(place, boxes, len(alone))
    _line_up(place, alone, width)
    place -= (place.min(axis=0) + place.max(axis=0)) / 2
    return {node: (x, y) for node, (x, y) in zip(rows.nodes, place.tolist(), strict=True)}


def _lay_out_part(
    starts: RowArray, heads: RowArray, part: RowArray, group: IntArray, seed: int
) -> FloatArray:
    """Places of one connected part, its longest side across and its lower left corner at the origin."""
    from graph.network_loops import count_steps, relax

    draw = np.random.default_rng(seed)
    count = len(part)
    number = np.full(len(starts) - 1, -1, np.int64)
    number[part] = np.arange(count)
    own_starts = np.zeros(count + 1, np.int64)
    np.cumsum((starts[1:] - starts[:-1])[part], out=own_starts[1:])
    own_heads = number[np.concatenate([heads[starts[row] : starts[row + 1]] for row in part])]
    chosen = np.arange(count)
    if count > ALL_PAIRS_UP_TO:
        chosen = np.sort(draw.choice(count, SOURCES, replace=False))
    steps = count_steps(own_starts, own_heads, chosen)
    farthest = float(steps.max()) + APART
    pace = np.geomspace(farthest**2, _LEAST_PACE, ROUNDS)
    orders = np.array([draw.permutation(count) for _ in range(ROUNDS)], np.int64)
    x, y = draw.random((2, count)) * math.sqrt(count)
    relax(x, y, steps, chosen, group[part], APART, orders, pace)
    place = np.stack([x, y], axis=1)
    place -= place.mean(axis=0)
    _, _, axes = np.linalg.svd(place, full_matrices=False)
    # The signs of axes are free: the first party decides, so that every machine draws alike.
    turned = place @ axes.T
    turned *= np.where(turned[np.argmax(np.abs(turned), axis=0), [0, 1]] < 0, -1, 1)
    return np.asarray(turned - turned.min(axis=0))


def _stand_beside(place: FloatArray, boxes: list[RowArray], alone: int) -> float:
    """Put parts in rows from the top, the largest first; gives how wide the picture is."""
    sizes = [place[part].max(axis=0) + _GAP for part in boxes]
    area = sum(wide * high for wide, high in sizes) + alone * _ALONE**2
    width = float(max([math.sqrt(_WIDE * area), *(wide for wide, _ in sizes)]))
    left = top = highest = 0.0
    for part, (wide, high) in zip(boxes, sizes, strict=True):
        if left > 0 and left + wide > width + 1e-9:
            left, top, highest = 0.0, top - highest, 0.0
        place[part] += (left, top - high)
        left += wide
        highest = max(highest, high)
    return width


def _line_up(place: FloatArray, alone: IntArray, width: float) -> None:
    """Put who has no tie in lines below the rest."""
    if not len(alone):
        return
    tied = np.setdiff1d(np.arange(len(place)), alone)
    below = float(place[tied, 1].min()) - _GAP if len(tied) else 0.0
    across = max(1, round(width / _ALONE))
    place[alone, 0] = _ALONE * (np.arange(len(alone)) % across)
    place[alone, 1] = below - _ALONE * (np.arange(len(alone)) // across)
