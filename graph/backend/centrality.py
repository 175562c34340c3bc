"""Who stands between the others, who is near to all, and where a walk along ties ends up."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.backend import centrality_loops
from graph.backend.csr import AnyGraph, as_compiled

if TYPE_CHECKING:
    from random import Random


def betweenness_centrality(
    G: AnyGraph,
    k: int | None = None,
    normalized: bool = True,
    weight: None = None,
    endpoints: bool = False,
    seed: int | Random | None = None,
) -> dict[Any, float]:
    """Shares of shortest ways that lead through each node (Freeman 1977, by Brandes 2001).

    With `k`, from as many sources, drawn with `seed` as networkx draws them.
    """
    from networkx.utils import create_py_random_state

    rows = as_compiled(G)
    count = len(rows)
    sampled = k is not None and k != count
    # networkx draws from a list of nodes; drawing rows makes the same draws.
    chosen = create_py_random_state(seed).sample(range(count), k) if sampled else range(count)
    sources = np.array(chosen, np.int64)
    sums = centrality_loops.sum_dependencies(rows.starts, rows.heads, sources, endpoints)
    scale = _scale(count, len(sources), sampled, normalized, endpoints)
    if scale is not None:
        drawn = np.zeros(count, bool)
        drawn[sources] = sampled
        sums = sums * np.where(drawn, scale[0], scale[1])
    return rows.by_node(sums)


def _scale(
    count: int, sources: int, sampled: bool, normalized: bool, endpoints: bool
) -> tuple[float, float] | None:
    """What sums over sources count for, for a drawn source and for the rest; None: as they are.

    A source is no end of its own ways, so that of the sources drawn one fewer speaks for itself.
    """
    others = count if endpoints else count - 1
    if others < 2:
        return None
    if not sampled:
        sources = others
    own = sources if not sampled or endpoints else sources - 1
    if normalized:
        return 1 / (own * (others - 1)) if own else math.nan, 1 / (sources * (others - 1))
    return others / (2 * own) if own else math.nan, others / (2 * sources)


def closeness_centrality(
    G: AnyGraph, u: Hashable | None = None, distance: None = None, wf_improved: bool = True
) -> Any:
    """How near each node (or one node `u`) is to all that it can reach (Freeman 1979).

    With `wf_improved` scaled by the share of nodes reached (Wasserman & Faust 1994).
    """
    import networkx as nx

    rows = as_compiled(G)
    if u is not None and u not in rows:
        raise nx.NodeNotFound(f"Node {u} is not in G")
    sources = np.arange(len(rows)) if u is None else np.array([rows.index[u]])
    reached, total = centrality_loops.sum_distances(rows.starts, rows.heads, sources)
    others = (reached - 1).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(total > 0, others / total, 0.0)
        if wf_improved:
            values = np.where(total > 0, values * (others / (len(rows) - 1)), 0.0)
    return rows.by_node(values) if u is None else float(values[0])


def pagerank(
    G: AnyGraph,
    alpha: float = 0.85,
    personalization: None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    nstart: None = None,
    weight: str | None = "weight",
    dangling: None = None,
) -> dict[Any, float]:
    """Where a walk along ties is found that starts anew with probability ``1 - alpha`` (Page et al. 1999).

    Raises
    ------
    networkx.PowerIterationFailedConvergence
        If the values still move by `tol` per node after `max_iter` steps.
    """
    import networkx as nx
    from scipy.sparse import csr_array

    rows = as_compiled(G, weight)
    count = len(rows)
    if count == 0:
        return {}
    ties = csr_array((rows.weight_of(weight), rows.heads, rows.starts), shape=(count, count))
    strength = ties @ np.ones(count)
    inverse = np.divide(1.0, strength, out=np.zeros(count), where=strength != 0)
    ends = strength == 0
    found = np.full(count, 1.0 / count)
    for _ in range(max_iter):
        before = found
        found = alpha * (ties @ (before * inverse) + before[ends].sum() / count) + (1 - alpha) / count
        if np.abs(found - before).sum() < count * tol:
            return rows.by_node(found)
    raise nx.PowerIterationFailedConvergence(max_iter)
