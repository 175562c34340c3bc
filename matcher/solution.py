"""An assignment: how many places flow on each pair, what that serves and costs, and how it is proved."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from matcher.arrays import BoolArray, IntArray, find_used, freeze, sum_by_row
from matcher.problem import PRIORITIES, CandidateGraph
from matcher.remainder import find_load_cost, take_promises_off

if TYPE_CHECKING:
    import pandas as pd

    from matcher.certificates import Certificate
    from matcher.prices import Prices

Status = Literal["optimal", "bounded", "heuristic"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows how good a solution is, net of promises.

    Attributes
    ----------
    status : str
    served_level, served_cost : int
        The value reached: each place of priority p counts ``6 - p`` levels; cost as it is.
    bound_level, bound_cost : int or None
        What the prices say no assignment can exceed in level, nor, at that level, undercut in cost; None
        without prices. Equal to the value reached where needs may be split: the proof that it is optimal.
    shortages : tuple of Certificate
        For the places not served for want of capacity, which needs have only which offers, and how many
        places these are short by (needs counted as if all could be split).
    """

    status: Status
    served_level: int
    served_cost: int
    bound_level: int | None
    bound_cost: int | None
    shortages: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """An assignment for a candidate graph, as read-only arrays; promised places are included everywhere.

    Attributes
    ----------
    graph : CandidateGraph
        What was solved.
    flow : int64 array (edges)
        Places on each pair, in the caller's edge order.
    served : int64 array (needs)
        Places served of each need.
    served_by_priority : mapping
        Priority 1 to 5 to places.
    cost : int
        Edge costs of all places, and the units' load costs.
    status : str
        `optimal`: proved; `bounded`: at most as far from the best as `bound` says; `heuristic`: no more than
        an assignment that breaks no rule.
    bound : int or None
        Places that no assignment can exceed in total; None where nothing was proved.
    bound_by_priority : mapping or None
        The same by priority when the urgent come first: no assignment serves more of priority 1, nor of 1 and
        2 together, and so on.
    prices : Prices or None
        The prices that prove the optimum or, with whole needs, the bound; None for a heuristic.
    path : str or None
        How the flow that the prices prove was found: `auction` (our own engine, for problems without load
        costs, with edge capacities where they can be told as offers), `general` (its shortest ways one by
        one, for problems of every kind) or `scaling` (OR-Tools: small problems, and what the others don't
        take); None for a heuristic. All are exact.
    """

    graph: CandidateGraph
    flow: IntArray
    served: IntArray
    served_by_priority: Mapping[int, int]
    cost: int
    status: Status
    bound: int | None
    bound_by_priority: Mapping[int, int] | None
    prices: Prices | None
    path: str | None = None

    def __repr__(self) -> str:
        """Figures only: arrays, and the graph, would fill pages."""
        places = int(self.served.sum())
        return f"Solution(status={self.status!r}, places={places}, cost={self.cost}, path={self.path!r})"

    def certificate(self) -> Proof:
        """Put together what proves this solution, with the shortages behind unserved places."""
        from matcher.certificates import capacity_certificates

        net = self.flow - self.graph.edge_locked
        level, cost = find_value(self.graph, net)
        bound = None if self.prices is None else find_bound(self.graph, self.prices)
        return Proof(
            self.status, level, cost,
            None if bound is None else bound[0], None if bound is None else bound[1],
            tuple(capacity_certificates(self.graph)),
        )  # fmt: skip

    def find_certain(self) -> BoolArray:
        """Mark the pairs that have the same places in every optimum (see `matcher.certainty`).

        Returns
        -------
        bool array (edges)
            Pairs without places are marked where no optimum uses them.

        Raises
        ------
        ValueError
            The solution isn't optimal, or has no prices that prove it.
        """
        from matcher.certainty import find_certain

        return find_certain(self)

    def to_frame(self, *, certain: bool = False) -> pd.DataFrame:
        """Give the pairs in use as a table.

        Parameters
        ----------
        certain : bool
            Say of each pair whether every optimum has exactly these places on it.

        Returns
        -------
        DataFrame
            `need`, `offer`, `unit` (ids where the graph has them, else rows; None for no unit), `places`,
            `locked` (places promised among them) and `place_cost` (of one place), by need and offer; where
            asked for, `certain`.
        """
        import pandas as pd

        graph = self.graph
        edges = graph.edge_order[self.flow[graph.edge_order] > 0]
        need, offer = graph.edge_need[edges], graph.edge_offer[edges]
        unit = graph.offer_unit[offer]
        unit_ids = np.arange(graph.unit_count) if graph.unit_ids is None else graph.unit_ids
        unit_name = np.full(len(edges), None, object)
        unit_name[unit >= 0] = unit_ids[unit[unit >= 0]]
        frame = pd.DataFrame(
            {
                "need": need if graph.need_ids is None else graph.need_ids[need],
                "offer": offer if graph.offer_ids is None else graph.offer_ids[offer],
                "unit": pd.Series(unit_name, dtype=object),
                "places": self.flow[edges],
                "locked": graph.edge_locked[edges],
                "place_cost": graph.edge_cost[edges],
            }
        )
        if certain:
            frame["certain"] = self.find_certain()[edges]
        return frame


def _copy_mapping(values: dict[int, int]) -> Mapping[int, int]:
    return MappingProxyType(values)


def _reduce_mapping(mapping: Any) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _copy_mapping, (dict(mapping),)


# Python can't pickle read-only mappings by itself, and so no solution, toll or difference.
copyreg.pickle(MappingProxyType, _reduce_mapping)


def make_solution(
    graph: CandidateGraph,
    net_flow: IntArray,
    status: Status,
    *,
    bound_by_priority: Mapping[int, int] | None = None,
    prices: Prices | None = None,
    path: str | None = None,
) -> Solution:
    """Add promises to a flow and count what it serves and costs.

    Parameters
    ----------
    graph : CandidateGraph
    net_flow : int64 array (edges)
        Places beyond the promises, in the caller's edge order.
    status : str
    bound_by_priority : mapping, optional
        Priority to places, promises included.
    prices : Prices, optional
    path : str, optional
        How the flow was found.
    """
    return keep_flow(
        graph,
        net_flow + graph.edge_locked,
        status,
        bound_by_priority=bound_by_priority,
        prices=prices,
        path=path,
    )


def keep_flow(
    graph: CandidateGraph,
    flow: IntArray,
    status: Status,
    *,
    bound_by_priority: Mapping[int, int] | None = None,
    prices: Prices | None = None,
    path: str | None = None,
) -> Solution:
    """Count what a flow serves and costs that holds promises already; it is kept as it is, and closed."""
    used = find_used(flow)
    served = sum_by_row(graph.edge_need[used], flow[used], graph.need_count)
    freeze(flow)
    freeze(served)
    return Solution(
        graph=graph,
        flow=flow,
        served=served,
        served_by_priority=MappingProxyType(count_by_priority(graph, served)),
        cost=_add_costs(graph, used, flow[used]),
        status=status,
        bound=None if bound_by_priority is None else sum(bound_by_priority.values()),
        bound_by_priority=None if bound_by_priority is None else MappingProxyType(dict(bound_by_priority)),
        prices=prices,
        path=path,
    )


def sum_served(graph: CandidateGraph, flow: IntArray) -> IntArray:
    """Add up the places of each need."""
    used = find_used(flow)
    return sum_by_row(graph.edge_need[used], flow[used], graph.need_count)


def count_by_priority(graph: CandidateGraph, served: IntArray) -> dict[int, int]:
    """Add up places per need by priority: 1 to 5, each one present."""
    return {p: int(served[graph.need_priority == p].sum()) for p in PRIORITIES}


def find_cost(graph: CandidateGraph, flow: IntArray) -> int:
    """Add up the edge costs of a flow (promises included) and the load costs of its units."""
    used = find_used(flow)
    return _add_costs(graph, used, flow[used])


def _add_costs(graph: CandidateGraph, used: IntArray, places: IntArray) -> int:
    offer_flow = sum_by_row(graph.edge_offer[used], places, graph.offer_count)
    of_unit = graph.offer_unit >= 0
    unit_load = sum_by_row(graph.offer_unit[of_unit], offer_flow[of_unit], graph.unit_count)
    return int((graph.edge_cost[used] * places).sum()) + find_load_cost(graph, unit_load)


def find_value(graph: CandidateGraph, net_flow: IntArray) -> tuple[int, int]:
    """Give level and cost of the places beyond promises."""
    served = sum_by_row(graph.edge_need, net_flow, graph.need_count)
    level = sum((6 - p) * places for p, places in count_by_priority(graph, served).items())
    return level, find_cost(graph, net_flow + graph.edge_locked) - find_cost(graph, graph.edge_locked)


def find_bound(graph: CandidateGraph, prices: Prices) -> tuple[int, int]:
    """Give the level that no assignment exceeds, and the cost that none undercuts at that level.

    The value of the dual problem, net of promises: all quantities and capacities at their prices, with the
    level as it is and the cost negated. Exact for any size of price.
    """
    net = take_promises_off(graph)
    level = cost = 0
    for amount, price_level, price_cost in (
        (net.need_quantity, prices.need_level, prices.need_cost),
        (net.offer_capacity, prices.offer_level, prices.offer_cost),
    ):
        level += multiply_exactly(amount, price_level)
        cost += multiply_exactly(amount, price_cost)
    steps = 1 if graph.unit_load_cost is None else graph.unit_load_cost.shape[1]
    for step in range(steps):
        load = (
            np.zeros(graph.unit_count, np.int64)
            if graph.unit_load_cost is None
            else graph.unit_load_cost[:, step]
        )
        # Places of the unit that cost this much: one in each column after the promises, the rest in the last.
        taken = np.minimum(net.unit_locked, steps - 1)
        left = np.maximum(net.unit_capacity - np.maximum(step - taken, 0), 0)
        width = np.where(step < taken, 0, left if step == steps - 1 else np.minimum(left, 1))
        gain = prices.unit_cost - load
        pays = (prices.unit_level > 0) | ((prices.unit_level == 0) & (gain > 0))
        level += multiply_exactly(width[pays], prices.unit_level[pays])
        cost += multiply_exactly(width[pays], gain[pays])
    if net.edge_capacity is not None:
        edge_level, edge_cost = prices.reduced_costs(graph)
        below = (edge_level < 0) | ((edge_level == 0) & (edge_cost < 0))
        level -= multiply_exactly(net.edge_capacity[below], edge_level[below])
        cost -= multiply_exactly(net.edge_capacity[below], edge_cost[below])
    return level, -cost


def multiply_exactly(left: IntArray, right: IntArray) -> int:
    """Sum the products of two arrays without overflow (the left one not negative)."""
    if not len(left):
        return 0
    if float(np.abs(left).max()) * float(np.abs(right).max()) * len(left) < 2.0**62:
        return int(np.dot(left, right))
    return int(sum(int(a) * int(b) for a, b in zip(left[right != 0], right[right != 0], strict=True)))
