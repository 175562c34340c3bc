"""What an assignment makes of one need: its pairs, what each would cost, what room and price they have.

Prices say what freeing a place of an offer, or of its unit's total, would take away elsewhere. Many prices
prove one optimum; these are the highest, which are exact (see `matcher.ways`) and the same however the
optimum was found. Where whole needs leave a bound instead of a proof, they are the bound's, and an offer can
have room and still a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import sum_by_row
from matcher.instance import Bools, Instance, Ints
from matcher.match import Part
from matcher.prices import Pair
from matcher.problem import CandidateGraph
from matcher.regret import Regrets
from matcher.remainder import NetAmounts, take_promises_off
from matcher.solution import Solution
from matcher.ways import EXCHANGES, Ways


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The pairs of one need row; arrays are as long as `edges`.

    Attributes
    ----------
    need : int
    edges : ndarray of int64
        Edge rows of the graph, feasible or promised.
    flow, locked : ndarray of int64
        Places in use (promises included), and promised ones among them.
    feasible : ndarray of bool
    cost : ndarray of int64
        Of one place, in metre-equivalents.
    offer_room, unit_room : ndarray of int64
        Places that the offer, and its unit's total, have left.
    price : Pair
        Of the offer and its unit's total together.
    way : (int, int)
        Level and cost (with prices) of the dearest pair in use beyond promises; where there is none, of the
        cheapest feasible pair.
    """

    need: int
    edges: Ints
    flow: Ints
    locked: Ints
    feasible: Bools
    cost: Ints
    offer_room: Ints
    unit_room: Ints
    price: Pair
    way: tuple[int, int]

    @property
    def room(self) -> Ints:
        """Places that a further need could take."""
        return np.minimum(self.offer_room, self.unit_room)

    @property
    def extra(self) -> Pair:
        """By how much one place on each pair would be dearer than on the need's way: the reduced cost."""
        return Pair(self.price.level - self.way[0], self.cost + self.price.cost - self.way[1])


class Market:
    """A match of one measure, to be looked at need by need.

    Parameters
    ----------
    part : Part
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self.instance: Instance = part.instance
        graph: CandidateGraph = part.instance.graph
        self.net: NetAmounts = take_promises_off(graph)
        flow = part.solution.flow - graph.edge_locked
        by_offer = sum_by_row(graph.edge_offer, flow, graph.offer_count)
        self._offer_room = self.net.offer_capacity - by_offer
        self._unit_room = self.net.unit_capacity - sum_by_row(graph.offer_unit, by_offer, graph.unit_count)

    def room_of(self, offer: NDArray[np.integer]) -> Ints:
        """Places that a further need could take of some offer rows of the graph."""
        room = np.minimum(self._offer_room, self._unit_room[self.instance.graph.offer_unit])
        return np.asarray(room[offer])

    def price_of(self, offer: NDArray[np.integer]) -> Pair:
        """Prices of some offer rows of the graph, their units' totals included."""
        return Pair(self._price.level[offer], self._price.cost[offer])

    @cached_property
    def regrets(self) -> Regrets | None:
        """Forces pairs into the assignment; None where prices don't prove it the best."""
        graph, solution = self.instance.graph, self.part.solution
        return Regrets(graph, solution) if _is_proved(graph, solution) else None

    @cached_property
    def _price(self) -> Pair:
        """What freeing a place of each offer row would take away elsewhere."""
        graph, prices = self.instance.graph, self.part.solution.prices
        if prices is None:
            return Pair.zeros(graph.offer_count)
        level = prices.offer_level + prices.unit_level[graph.offer_unit]
        cost = prices.offer_cost + prices.unit_cost[graph.offer_unit]
        if _is_proved(graph, self.part.solution):
            ways = Ways(graph, self.part.solution)
            nodes = ways.first_offer + np.arange(graph.offer_count)
            found = ways.run(ways.hub, nodes, backward=True, everywhere=True)
            level = np.where(found.reached, np.searchsorted(EXCHANGES, found.level), level)
            cost = np.where(found.reached, found.cost, cost)
        return Pair(level, cost)

    def look(self, need: int) -> View:
        """Gather what there is to say about the pairs of one need row."""
        graph, solution = self.instance.graph, self.part.solution
        edges = np.arange(*np.searchsorted(graph.edge_need, [need, need + 1]))
        offer = graph.edge_offer[edges]
        unit = graph.offer_unit[offer]
        price = self.price_of(offer)
        feasible = self.instance.pairs.feasible[edges]
        flow, locked, cost = solution.flow[edges], graph.edge_locked[edges], graph.edge_cost[edges]
        lengths = list(zip(price.level.tolist(), (cost + price.cost).tolist(), strict=True))
        used = [lengths[at] for at in np.flatnonzero(flow > locked).tolist()]
        able = [lengths[at] for at in np.flatnonzero(feasible).tolist()]
        return View(
            need=need,
            edges=edges,
            flow=flow,
            locked=locked,
            feasible=feasible,
            cost=cost,
            offer_room=self._offer_room[offer],
            unit_room=self._unit_room[unit],
            price=price,
            way=max(used) if used else min(able, default=(0, 0)),
        )


def _is_proved(graph: CandidateGraph, solution: Solution) -> bool:
    """Whether the prices prove the assignment itself; with whole needs they prove a bound."""
    return solution.status == "optimal" and not graph.need_whole.any()
