"""Communities by Louvain's method: in networkx's own steps for small graphs, with a queue for large ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.backend.communities_loops import move_nodes
from graph.backend.csr import AnyGraph, CompiledGraph, FloatArray, IntArray, as_compiled, sum_by_row

if TYPE_CHECKING:
    from random import Random

STEPS_UP_TO: Final = 2_000
"""Up to so many nodes a seed gives the communities that networkx finds; beyond, others of like modularity."""

_SEED_BITS: Final = 64

Level = tuple[IntArray, IntArray, IntArray, FloatArray]
"""Where rows start, then for each entry its row, the other end and the value of the tie."""


def louvain_communities(
    G: AnyGraph,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = 1e-7,
    max_level: int | None = None,
    seed: int | Random | None = None,
) -> list[set[Any]]:
    """Communities of high modularity (Blondel et al. 2008).

    Up to `STEPS_UP_TO` nodes a seed gives the same as in networkx. Beyond, the levels are gone through once
    more when all are found, unless `max_level` is given.

    Raises
    ------
    ValueError
        If `max_level` is less than 1.
    """
    from networkx.utils import create_py_random_state

    if max_level is not None and max_level <= 0:
        raise ValueError("max_level argument must be a positive integer or None")
    rows, values = _read(G, weight)
    if max_level is None and _is_large(rows):
        from graph.backend.communities_large import find_best

        drawn = create_py_random_state(seed).getrandbits(_SEED_BITS)
        return _sets(rows, find_best(rows, values, float(resolution), threshold, drawn))
    *_, found = islice(louvain_partitions(G, weight, resolution, threshold, seed), max_level)
    return found


def louvain_partitions(
    G: AnyGraph,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = 1e-7,
    seed: int | Random | None = None,
) -> Iterator[list[set[Any]]]:
    """The communities of each level, the finest first."""
    from networkx.utils import create_py_random_state

    rows, values = _read(G, weight)
    draws = create_py_random_state(seed)
    if _is_large(rows):
        from graph.backend.communities_large import find_levels

        found = find_levels(rows, values, float(resolution), threshold, draws.getrandbits(_SEED_BITS))
        return (_sets(rows, member) for member in found)
    starts, tails, heads = (part.astype(np.int64) for part in (rows.starts, rows.tails, rows.heads))
    return _partitions(rows, (starts, tails, heads, values), resolution, threshold, draws)


def _read(graph: AnyGraph, weight: str | None) -> tuple[CompiledGraph, FloatArray]:
    rows = as_compiled(graph, weight)
    values = rows.weight_of(weight)
    if len(values) and (values.min() < 0 or values.max() <= 0):
        raise NotImplementedError("weights below zero, or all zero, are left to networkx")
    return rows, values


def _is_large(rows: CompiledGraph) -> bool:
    return len(rows) > STEPS_UP_TO and len(rows.heads) > 0


def _partitions(
    rows: CompiledGraph, level: Level, resolution: float, threshold: float, draws: Random
) -> Iterator[list[set[Any]]]:
    if not len(rows.heads):
        yield [{node} for node in rows.nodes]
        return
    member = np.arange(len(rows))
    # As they stand when networkx has copied the ties: of equal gains the first decides.
    level = _merge(level, member)
    value = _modularity(level, member, resolution)
    while True:
        starts, _, heads, values = level
        order = list(range(len(starts) - 1))
        draws.shuffle(order)
        joined = move_nodes(starts, heads, values, _degrees(level), np.array(order), float(resolution))
        # Communities that lost all their members close ranks; the others keep their order.
        joined = np.unique(joined, return_inverse=True)[1].astype(np.int64)
        if joined.max() == len(joined) - 1 and member.max() < len(member) - 1:
            return  # a further level at which nothing moves is none
        member = joined[member]
        yield _sets(rows, member)
        reached = _modularity(level, joined, resolution)
        if reached - value <= threshold:
            return
        value = reached
        level = _merge(level, joined)


def _degrees(level: Level) -> FloatArray:
    """Value of the ties of each row, a self-tie twice."""
    starts, tails, heads, values = level
    return sum_by_row(tails, np.where(tails == heads, 2 * values, values), len(starts) - 1)


def _modularity(level: Level, member: IntArray, resolution: float) -> float:
    """What part of the ties lies inside communities, less what chance would put there (Newman 2006)."""
    _, tails, heads, values = level
    inside = np.where(tails == heads, values, values / 2)[member[tails] == member[heads]].sum()
    degrees = sum_by_row(member, _degrees(level), 1)
    total = degrees.sum()
    return float(inside / (total / 2) - resolution * ((degrees / total) ** 2).sum())


def _merge(level: Level, member: IntArray) -> Level:
    """Communities as nodes; ties between two add up, and stand in the order in which they are first met."""
    _, tails, heads, values = level
    once = tails <= heads
    ends = np.sort(member[np.stack([tails[once], heads[once]])], axis=0)
    size = int(member.max()) + 1
    keys, met, group = np.unique(ends[0] * size + ends[1], return_index=True, return_inverse=True)
    sums = sum_by_row(group, values[once], len(keys))
    order = np.argsort(met)
    one, other, sums = keys[order] // size, keys[order] % size, sums[order]
    apart = one != other
    rank = np.arange(len(one))
    new_tails = np.concatenate([one, other[apart]])
    order = np.lexsort([np.concatenate([rank, rank[apart]]), new_tails])
    new_starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(new_tails, minlength=size), out=new_starts[1:])
    new_heads = np.concatenate([other, one[apart]])[order]
    return new_starts, new_tails[order], new_heads, np.concatenate([sums, sums[apart]])[order]


def _sets(rows: CompiledGraph, member: NDArray[np.integer[Any]]) -> list[set[Any]]:
    order = np.argsort(member, kind="stable").tolist()
    ends = np.cumsum(np.bincount(member)).tolist()
    nodes = list(map(rows.nodes.__getitem__, order))
    return [set(nodes[first:end]) for first, end in pairwise([0, *ends])]
