"""The by-hand rule for a match, and what serving as many as by hand would cost at best."""

from __future__ import annotations

import numpy as np

from matcher.arrays import sum_by_row
from matcher.exactly import serve_cheapest
from matcher.instance import Instance, Ints
from matcher.nearest import fill_up
from matcher.remainder import find_remainder, take_promises_off
from matcher.solution import Solution, keep_flow

_FARTHEST_M = 1e8


def assign_by_hand(instance: Instance) -> Solution:
    """Assign as a planner with a list and a map would.

    Needs by priority, then id, each to the nearest offers that have room, split if it must; distances that
    nobody knows come last, offers equally near (to the millimetre) by id. Totals and promises are kept, and
    a whole need is served in full or not at all.
    """
    graph = instance.graph
    # What nobody knows is farther than half the way round the earth.
    key = np.nan_to_num(instance.pairs.distance_m, nan=_FARTHEST_M)
    key *= 1000
    flow = fill_up(
        graph, take_promises_off(graph), np.ones(graph.need_count, np.bool_),
        edge_key=np.rint(key, out=key).astype(np.int64),
    )  # fmt: skip
    flow += graph.edge_locked
    return keep_flow(graph, flow, "heuristic")


def serve_like(instance: Instance, other: Solution) -> Ints:
    """Find the least cost at which as many are served as another assignment serves.

    Returns
    -------
    ndarray of int64
        Places per edge, promises included: as many of each priority, needs and projects each for
        themselves. Whole needs may be split, so with such needs its cost is a lower bound.
    """
    graph = instance.graph
    weight = (6 - graph.need_priority.astype(np.int64)) * 2 + ~instance.demand.is_project
    rest = find_remainder(graph, need_weight=weight)
    locked = (
        sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count) if graph.edge_locked.any() else 0
    )
    net_served = other.served - locked
    served = sum_by_row(weight, net_served, 12)
    places = {int(w): int(served[w]) for w in np.unique(rest.need_weight)}
    flow = serve_cheapest(rest, places)
    flow += graph.edge_locked
    return flow
