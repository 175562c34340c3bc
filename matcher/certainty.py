"""Which pairs every optimum has: where nothing can be exchanged without making the assignment worse.

Two optimal flows differ by cycles of arcs with room that are as long as nothing at prices that prove either.
A pair keeps its places in all of them unless such a cycle runs through it, other than to and fro on the pair
itself. A pair that can only give places up, or only take more, lies on one where both its ends are in one
strongly connected part (Tarjan 1972). One that can do both always is; it keeps its places where it is a
bridge of that part, since cutting a tie that goes both ways either leaves a way around it or cuts the part
in two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph.backend.structure_loops import search_lowpoints
from matcher.arrays import BoolArray, IntArray
from matcher.ways import Ways

if TYPE_CHECKING:
    from matcher.solution import Solution


def find_certain(solution: Solution) -> BoolArray:
    """Mark the pairs that have the same places in every optimum.

    Parameters
    ----------
    solution : Solution
        Optimal, with the prices that prove it.

    Returns
    -------
    bool array (edges)
        In the caller's edge order. Where needs are whole, a pair may keep its places although it isn't
        marked: the optima compared are those in which all needs can be split.

    Raises
    ------
    ValueError
        The solution isn't optimal, or has no prices that prove it.
    """
    if solution.status != "optimal":
        raise ValueError(f"the assignment is {solution.status}; what is certain is known of an optimum")
    graph = solution.graph
    ways = Ways(graph, solution)
    row, tail, head = ways.list_tight()
    out, back = ways.room[2 * row] > 0, ways.room[2 * row + 1] > 0
    part = _find_parts(np.append(tail[out], head[back]), np.append(head[out], tail[back]), ways.size)
    inside = part[tail] == part[head]
    is_bridge = np.zeros(len(row), np.bool_)
    is_bridge[inside] = _find_bridges(tail[inside], head[inside], ways.size)
    changes = np.zeros(graph.edge_count, np.bool_)
    movable = inside & (out | back) & ~(out & back & is_bridge) & (row < graph.edge_count)
    changes[graph.edge_order[row[movable]]] = True
    return np.asarray(~changes)


def _find_parts(tail: IntArray, head: IntArray, size: int) -> IntArray:
    """Number the strongly connected parts of a directed graph."""
    arcs = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    return np.asarray(connected_components(arcs, directed=True, connection="strong")[1])


def _find_bridges(tail: IntArray, head: IntArray, size: int) -> BoolArray:
    """Mark the ties of an undirected graph without which a part falls in two; parallel ones count as one."""
    ends = np.append(tail, head), np.append(head, tail)
    ties = coo_array((np.ones(2 * len(tail), np.int64), ends), shape=(size, size)).tocsr()
    starts, heads = ties.indptr.astype(np.int32), ties.indices.astype(np.int32)
    at = search_lowpoints(starts, heads)[3]
    key = np.repeat(np.arange(size), np.diff(starts))[at] * size + heads[at]
    return np.isin(np.minimum(tail, head) * size + np.maximum(tail, head), key)
