"""How much one offer would have to have more for a need to be served whole, proved by solving again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.flow import solve
from matcher.instance import Instance
from matcher.intervals import remake
from matcher.problem import UNLIMITED
from matcher.solution import Solution

_SOLVED_EDGES: Final = 150_000
"""Offers are tried, the cheapest for the need first, while the graphs solved have so many edges in all."""

_MOST_TRIED: Final = 20


@dataclass(frozen=True, slots=True)
class Enough:
    """An offer with which a need is served whole.

    Attributes
    ----------
    offer : int
        Its row.
    of_total : bool
        Its unit's total has to grow by as much.
    """

    offer: int
    of_total: bool


def find_enough(instance: Instance, solution: Solution, need: int, places: int) -> Enough | None:
    """Find the cheapest offer that would do with so many places more, everything else as it is.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Of the instance's graph.
    need : int
    places : int

    Returns
    -------
    Enough or None
        None where none is proved to do: all else that is more urgent may take the places first, or there are
        more offers, or larger graphs, than are tried.
    """
    graph = instance.graph
    edges = np.flatnonzero((graph.edge_need == need) & instance.pairs.feasible)
    order = np.lexsort((graph.edge_offer[edges], graph.edge_cost[edges]))
    tried = min(_SOLVED_EDGES // max(graph.edge_count, 1), _MOST_TRIED)
    unit_used = np.zeros(graph.unit_count, np.int64)
    of_unit = graph.offer_unit[graph.edge_offer] >= 0
    np.add.at(unit_used, graph.offer_unit[graph.edge_offer[of_unit]], solution.flow[of_unit])
    for offer in graph.edge_offer[edges[order[:tried]]].tolist():
        unit, of_offer, of_all = int(graph.offer_unit[offer]), graph.offer_capacity, graph.unit_capacity
        of_total = unit >= 0 and bool(of_all[unit] < UNLIMITED and unit_used[unit] + places > of_all[unit])
        of_offer, of_all = of_offer.copy(), of_all.copy()
        of_offer[offer] += places
        if of_total:
            of_all[unit] += places
        after = solve(remake(graph, offer_capacity=of_offer, unit_capacity=of_all))
        if after.status == "optimal" and after.served[need] >= graph.need_quantity[need]:
            return Enough(offer, of_total)
    return None
