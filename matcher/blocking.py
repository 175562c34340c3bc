"""Who would rather have each other: the pairs that block an assignment, with what each side would give up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import IntArray, sum_by_row
from matcher.instance import Instance
from matcher.remainder import take_promises_off
from matcher.solution import Solution
from matcher.stable import Ranks, make_ranks

Json = dict[str, Any]


def list_blocking(instance: Instance, solution: Solution, edges: IntArray, limit: int | None) -> list[Json]:
    """Give the pairs of edge rows that block an assignment, as JSON values.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        The assignment that they block, by the ranks of `make_ranks`.
    edges : int64 array
    limit : int, optional
        So many at most: needs that nobody serves fully first, the urgent before others, then those that would
        save the most.

    Returns
    -------
    list of dict
        `need` (a project where `project`), `offer` (None for a project), `unit`; `instead_of`, the `offer`
        and `unit` that the need would leave, None where it has a place still open; `in_the_way`, the need
        that would have to make room there (`project`, `need`), None where there is room; `saves`: what the
        need's place costs less, None where it is open.
    """
    ranks = make_ranks(solution.graph)
    holds = _Holds(solution, ranks)
    graph = solution.graph
    leaves = holds.need_worst[graph.edge_need[edges]]
    saves = np.where(leaves >= 0, graph.edge_cost[leaves] - graph.edge_cost[edges], 0)
    urgency = graph.need_priority[graph.edge_need[edges]]
    order = np.lexsort((edges, -saves, urgency, leaves >= 0))[:limit]
    return [
        _pair_json(instance, solution, int(edges[at]), int(leaves[at]), holds.in_the_way(int(edges[at])))
        for at in order.tolist()
    ]


class _Holds:
    """The worst place that each need, offer and unit holds beyond promises, as edge rows; -1: none."""

    def __init__(self, solution: Solution, ranks: Ranks) -> None:
        graph = solution.graph
        self._graph = graph
        flow = solution.flow - graph.edge_locked
        net = take_promises_off(graph)
        used = np.flatnonzero(flow > 0)
        self._offer_left = net.offer_capacity - sum_by_row(graph.edge_offer, flow, graph.offer_count)
        need_left = net.need_quantity - sum_by_row(graph.edge_need, flow, graph.need_count)
        self.need_worst = _worst(graph.edge_need[used], used, ranks.need_place, graph.need_count)
        # A need with an open place gives nothing up.
        self.need_worst[need_left > 0] = -1
        offers = graph.edge_offer[used]
        self._offer_worst = _worst(offers, used, ranks.offer_place, graph.offer_count)
        units = graph.offer_unit[offers]
        inside = units >= 0
        self._unit_worst = _worst(units[inside], used[inside], ranks.offer_place, graph.unit_count)
        by_unit = sum_by_row(units[inside], flow[used[inside]], graph.unit_count)
        self._unit_left = net.unit_capacity - by_unit

    def in_the_way(self, edge: int) -> int:
        """Edge row of the place that would have to go for a pair; -1: there is room."""
        offer = int(self._graph.edge_offer[edge])
        unit = int(self._graph.offer_unit[offer])
        if self._offer_left[offer] <= 0:
            return int(self._offer_worst[offer])
        return int(self._unit_worst[unit]) if unit >= 0 and self._unit_left[unit] <= 0 else -1


def _worst(rows: NDArray[np.integer], edges: IntArray, place: IntArray, size: int) -> IntArray:
    """Of each row's edges the one whose place is last."""
    found = np.full(size, -1, dtype=np.int64)
    order = np.argsort(place[edges])
    # Of several entries for one row the last one stays.
    found[rows[order]] = edges[order]
    return found


def _pair_json(instance: Instance, solution: Solution, edge: int, leaves: int, way: int) -> Json:
    graph = solution.graph
    cost = graph.edge_cost
    return {
        **_need_json(instance, int(graph.edge_need[edge])),
        **_offer_json(instance, int(graph.edge_offer[edge])),
        "instead_of": _offer_json(instance, int(graph.edge_offer[leaves])) if leaves >= 0 else None,
        "in_the_way": _need_json(instance, int(graph.edge_need[way])) if way >= 0 else None,
        "saves": int(cost[leaves] - cost[edge]) if leaves >= 0 else None,
    }


def _need_json(instance: Instance, row: int) -> Json:
    return {"need": instance.demand.ids[row], "project": bool(instance.demand.is_project[row])}


def _offer_json(instance: Instance, row: int) -> Json:
    supply = instance.supply
    of_offer = supply.table_row[row] >= 0
    return {
        "offer": supply.ids[row] if of_offer else None,
        "unit": instance.unit_ids[supply.unit[row]],
    }
