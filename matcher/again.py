"""Solving again with some offers unlimited, and where that alone tells what they add.

Further places are a plain maximum flow where needs may be split and nothing else is at stake. Two things need
a whole new solve. Whole needs are served entirely or not at all. And where a unit's total is short, needs and
projects compete for it: a more urgent need takes the total from a project, or a project from a need, and of
equally urgent ones the cheaper stays; that the solver decides, and where cost ties too, as it happens to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import sum_by_row
from matcher.certificates import join_parts
from matcher.flow import solve
from matcher.instance import Bools, Instance, Ints
from matcher.layers import find_best_flow, spread
from matcher.problem import MANY_EDGES, UNLIMITED, CandidateGraph
from matcher.remainder import find_open_edges, find_remainder, take_promises_off


def places_again(instance: Instance, opened: Ints) -> int:
    """Count the places of needs, promises included, that solving with some offers unlimited serves."""
    given = instance.graph
    capacity = given.offer_capacity.copy()
    capacity[opened] = UNLIMITED
    graph = CandidateGraph(
        given.need_quantity,
        given.need_priority,
        capacity,
        given.edge_need,
        given.edge_offer,
        given.edge_cost,
        offer_unit=given.offer_unit,
        unit_capacity=given.unit_capacity,
        edge_capacity=given.edge_capacity,
        edge_locked=given.edge_locked,
        need_whole=given.need_whole,
        unit_load_cost=given.unit_load_cost,
    )
    if graph.need_whole.any() or graph.edge_count >= MANY_EDGES:
        flow = solve(graph).flow
    else:
        # The same flow as `solve` gives, without the prices that would prove it.
        rest = find_remainder(graph)
        flow = graph.edge_locked + spread(graph, rest, find_best_flow(rest))
    return int(flow[~instance.demand.is_project[graph.edge_need]].sum())


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The parts of a graph between which no place can ever move, and which of them only a solve settles.

    Attributes
    ----------
    need_part, offer_part : ndarray of int64
        The part of each need and offer row.
    has_whole, is_contested : ndarray of bool
        For each part: it holds a whole need; a unit's total there may be short for needs and projects
        together.
    """

    need_part: Ints
    offer_part: Ints
    has_whole: Bools
    is_contested: Bools

    @property
    def is_hard(self) -> Bools:
        """Parts in which only solving again tells what an opened offer adds."""
        return self.has_whole | self.is_contested


def find_parts(instance: Instance, opened: Ints) -> Parts:
    """Part the graph, with some offers counted as unlimited."""
    graph, project = instance.graph, instance.demand.is_project
    net = take_promises_off(graph)
    capacity = net.offer_capacity.copy()
    capacity[opened] = UNLIMITED
    needs, offers, units = graph.need_count, graph.offer_count, graph.unit_count
    is_open = find_open_edges(graph, net)
    # An opened offer without room of its own has none among the open edges.
    has_more = capacity > net.offer_capacity
    if has_more.any():
        is_open |= has_more[graph.edge_offer] & (net.need_quantity > 0)[graph.edge_need]
    is_open &= instance.pairs.feasible
    of_unit = np.flatnonzero(graph.offer_unit >= 0)
    label = join_parts(graph, is_open, of_unit)
    count = int(label.max(initial=-1)) + 1
    has_whole = np.zeros(count, dtype=bool)
    has_whole[label[:needs][graph.need_whole & (net.need_quantity > 0)]] = True
    is_contested = np.zeros(count, dtype=bool)
    if project.any():
        edges = np.flatnonzero(is_open)
        need, offer = graph.edge_need[edges], graph.edge_offer[edges]
        asked = []
        for some in (project[need], ~project[need]):
            wanted = sum_by_row(
                offer[some], np.where(project[need], 1, net.need_quantity[need])[some], offers
            )
            most = np.minimum(wanted, capacity)
            asked.append(sum_by_row(graph.offer_unit[of_unit], most[of_unit], units))
        by_projects, by_needs = asked
        is_short = (by_projects > 0) & (by_needs > 0) & (by_projects + by_needs > net.unit_capacity)
        is_contested[label[needs + offers :][is_short]] = True
    return Parts(label[:needs], label[needs : needs + offers], has_whole, is_contested)
