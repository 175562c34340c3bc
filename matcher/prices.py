"""Prices of needs, offers and units, derived from shortest ways through the network that a flow leaves.

A price has two parts, because serving comes before cost: its level counts in places by urgency (serving one
place of priority p is worth ``6 - p`` levels), its cost in the unit of the edge costs. Prices compare by
level, then by cost: one level is worth more than any cost. Linear-programming duality for both parts together
is what proves an assignment optimal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, freeze, group_rows, list_members, sum_by_row
from matcher.problem import CandidateGraph
from matcher.remainder import MOST_URGENT, Remainder, list_closed_edges, take_promises_off


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two-part numbers, compared by level first."""

    level: IntArray
    cost: IntArray

    @classmethod
    def zeros(cls, size: int) -> Pair:
        """As many zeros."""
        return cls(np.zeros(size, np.int64), np.zeros(size, np.int64))

    def at(self, rows: NDArray[np.integer]) -> Pair:
        """Those of some rows."""
        return Pair(self.level[rows], self.cost[rows])

    def put(self, where: IntArray | BoolArray, other: Pair) -> None:
        """Write to some rows."""
        self.level[where] = other.level
        self.cost[where] = other.cost

    def minus(self, other: Pair) -> Pair:
        """Subtract part by part."""
        return Pair(self.level - other.level, self.cost - other.cost)

    def is_positive(self) -> BoolArray:
        """True where the number is above zero."""
        positive: BoolArray = (self.level > 0) | ((self.level == 0) & (self.cost > 0))
        return positive

    def above_zero(self) -> Pair:
        """The larger of the number and zero."""
        positive = self.is_positive()
        return Pair(np.where(positive, self.level, 0), np.where(positive, self.cost, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What one more place is worth at each need, offer and unit, in two parts (see the module).

    With ``worth = (6 - priority, 0)`` and all sums taken part by part, a pair's reduced cost is
    ``cost + offer price + unit price + need price - worth``. It is never below zero unless the pair's own
    capacity is used up, and is zero where the pair is used.

    Attributes
    ----------
    need_level, need_cost : int64 arrays (needs)
        What one place more of the need's would cost less than it is worth; zero unless it is wholly served.
    offer_level, offer_cost : int64 arrays (offers)
        What it takes away elsewhere to free a place of the offer; zero while it has room. Level ``l`` above 0
        means that it is held by needs whose urgency is ``l`` levels worth: priority ``6 - l``.
    unit_level, unit_cost : int64 arrays (units)
        The same for the unit's total, including the load cost of its next place.
    """

    need_level: IntArray
    need_cost: IntArray
    offer_level: IntArray
    offer_cost: IntArray
    unit_level: IntArray
    unit_cost: IntArray

    def reduced_costs(
        self, graph: CandidateGraph, edges: IntArray | None = None
    ) -> tuple[IntArray, IntArray]:
        """Give the reduced cost of edges, level and cost (int64 arrays, in the caller's edge order).

        A positive one says by how much the pair is dearer than the need's best way to be served. `edges`
        are the rows asked for, all if left out.
        """
        some = slice(None) if edges is None else edges
        need, offer = graph.edge_need[some], graph.edge_offer[some]
        level = self.offer_level[offer] + self.need_level[need]
        level -= MOST_URGENT - graph.need_priority.astype(np.int64)[need]
        cost = graph.edge_cost[some] + self.offer_cost[offer] + self.need_cost[need]
        of_unit = graph.offer_unit[offer] >= 0
        unit = graph.offer_unit[offer[of_unit]]
        level[of_unit] += self.unit_level[unit]
        cost[of_unit] += self.unit_cost[unit]
        return level, cost


@dataclass(frozen=True, slots=True, eq=False)
class Potentials:
    """Length of the shortest way to the sink for one more place at each need, offer and unit."""

    need: Pair
    offer: Pair
    unit: Pair


@dataclass(slots=True, eq=False)
class _Ways:
    """The ways a further place can take: which arcs have room, and what the last arc to the sink costs."""

    edge_out: BoolArray
    edge_back: BoolArray
    offer_out: BoolArray
    offer_back: BoolArray
    edge_cost: IntArray
    need_end: IntArray
    offer_end: IntArray
    unit_end: IntArray


def find_potentials(rest: Remainder, flow: IntArray) -> Potentials:
    """Find the shortest ways, by level first and then by cost among the ways of least level.

    Parameters
    ----------
    rest : Remainder
    flow : int64 array (edges of `rest`)
        A flow that is optimal.
    """
    ways, end_cost = _find_ways(rest, flow)
    levels = _search(rest, ways)
    need, offer, unit = levels
    unit_of = np.where(rest.offer_unit >= 0, rest.offer_unit, len(unit))
    after_offer = np.append(unit, 0)[unit_of]
    # Only ways that are shortest by level may compete by cost.
    tight = _Ways(
        edge_out=ways.edge_out & (need[rest.edge_need] == offer[rest.edge_offer]),
        edge_back=ways.edge_back & (need[rest.edge_need] == offer[rest.edge_offer]),
        offer_out=ways.offer_out & (offer == after_offer),
        offer_back=ways.offer_back & (offer == after_offer),
        edge_cost=rest.edge_cost,
        need_end=np.where(ways.need_end == need, 0, NO_LIMIT),
        offer_end=np.where(ways.offer_end == offer, 0, NO_LIMIT),
        unit_end=np.where(ways.unit_end == unit, end_cost, NO_LIMIT),
    )
    costs = _search(rest, tight)
    need_pair, offer_pair, unit_pair = (Pair(a, b) for a, b in zip(levels, costs, strict=True))
    return Potentials(need_pair, offer_pair, unit_pair)


def _find_ways(rest: Remainder, flow: IntArray) -> tuple[_Ways, IntArray]:
    """Find the arcs with room, their levels, and the cost of each unit's next place."""
    need_flow = sum_by_row(rest.edge_need, flow, len(rest.need_quantity))
    offer_flow = sum_by_row(rest.edge_offer, flow, len(rest.offer_capacity))
    of_unit = rest.offer_unit >= 0
    units = len(rest.unit_row)
    unit_flow = sum_by_row(rest.offer_unit[of_unit], offer_flow[of_unit], units)
    # The first step that isn't full: steps of a unit follow one another in rising cost.
    before = np.cumsum(rest.step_capacity) - rest.step_capacity
    first = np.searchsorted(rest.step_unit, np.arange(units))
    room = before + rest.step_capacity - before[first][rest.step_unit] > unit_flow[rest.step_unit]
    end_cost = np.full(units, NO_LIMIT, np.int64)
    np.minimum.at(end_cost, rest.step_unit[room], rest.step_cost[room])
    has_room = offer_flow < rest.offer_capacity
    ways = _Ways(
        edge_out=flow < rest.edge_capacity,
        edge_back=flow > 0,
        offer_out=has_room & of_unit,
        offer_back=(offer_flow > 0) & of_unit,
        edge_cost=np.zeros(len(flow), np.int64),
        need_end=np.where(need_flow > 0, rest.need_weight, NO_LIMIT),
        offer_end=np.where(has_room & ~of_unit, 0, NO_LIMIT),
        unit_end=np.where(end_cost < NO_LIMIT, 0, NO_LIMIT),
    )
    return ways, end_cost


@dataclass(frozen=True, slots=True, eq=False)
class _Fan:
    """Arcs listed by the row they lead on from: the row each comes to and its cost, in one piece per row."""

    starts: IntArray
    to: NDArray[np.integer]
    cost: IntArray

    @classmethod
    def lay(cls, rows: NDArray[np.integer], to: NDArray[np.integer], cost: IntArray, size: int) -> _Fan:
        starts, order = group_rows(rows, size)
        return cls(starts, to[order], cost[order])

    def lower(self, length: IntArray, target: IntArray, changed: IntArray) -> IntArray:
        """Lower the target's lengths by way of the rows that changed; give the target rows that did so."""
        places, counts = list_members(changed, self.starts)
        to = self.to[places]
        candidate = self.cost[places]
        candidate += np.repeat(length[changed], counts)
        better = np.flatnonzero(candidate < target[to])
        to = to[better]
        np.minimum.at(target, to, candidate[better])
        lowered = np.zeros(len(target), np.bool_)
        lowered[to] = True
        return np.flatnonzero(lowered)


def _search(rest: Remainder, ways: _Ways) -> tuple[IntArray, IntArray, IntArray]:
    """Give the lengths from needs, offers and units; `NO_LIMIT` where there is no way.

    Label correcting (Bellman 1958), all rows that changed at once; ways run backwards, from the sink.
    """
    need, offer, unit = ways.need_end.copy(), ways.offer_end.copy(), ways.unit_end.copy()
    out, back = np.flatnonzero(ways.edge_out), np.flatnonzero(ways.edge_back)
    to_needs = _Fan.lay(rest.edge_offer[out], rest.edge_need[out], ways.edge_cost[out], len(offer))
    to_offers = _Fan.lay(rest.edge_need[back], rest.edge_offer[back], -ways.edge_cost[back], len(need))
    out, back = np.flatnonzero(ways.offer_out), np.flatnonzero(ways.offer_back)
    from_units = _Fan.lay(rest.offer_unit[out], out, np.zeros(len(out), np.int64), len(unit))
    to_units = _Fan.lay(back, rest.offer_unit[back], np.zeros(len(back), np.int64), len(offer))
    needs, offers, units = (np.flatnonzero(length < NO_LIMIT) for length in (need, offer, unit))
    while len(needs) or len(offers) or len(units):
        lowered = [to_offers.lower(need, offer, needs), from_units.lower(unit, offer, units)]
        offers = np.unique(np.concatenate([offers, *lowered]))
        units = to_units.lower(offer, unit, offers)
        needs = to_needs.lower(offer, need, offers)
        offers = np.zeros(0, np.int64)
    return need, offer, unit


def find_prices(graph: CandidateGraph, rest: Remainder, flow: IntArray) -> Prices:
    """Derive the prices of all rows of a graph from an optimal flow of its remainder.

    Parameters
    ----------
    graph : CandidateGraph
    rest : Remainder
        That of `graph`.
    flow : int64 array (edges of `rest`)
    """
    return lay_prices(graph, rest, find_potentials(rest, flow))


def lay_prices(graph: CandidateGraph, rest: Remainder, ends: Potentials) -> Prices:
    """Turn the shortest ways on a remainder into prices of all rows of its graph."""
    need, offer, unit = (
        Pair.zeros(graph.need_count),
        Pair.zeros(graph.offer_count),
        Pair.zeros(graph.unit_count),
    )
    worth = Pair(rest.need_weight, np.zeros_like(rest.need_weight))
    need.put(rest.need_row, worth.minus(ends.need).above_zero())
    unit.put(rest.unit_row, ends.unit)
    of_unit = rest.offer_unit >= 0
    offer.put(rest.offer_row, ends.offer)
    own = ends.offer.at(np.flatnonzero(of_unit)).minus(ends.unit.at(rest.offer_unit[of_unit]))
    offer.put(rest.offer_row[of_unit], own)
    _price_closed_rows(graph, rest, need, offer, unit)
    prices = Prices(need.level, need.cost, offer.level, offer.cost, unit.level, unit.cost)
    for values in (need.level, need.cost, offer.level, offer.cost, unit.level, unit.cost):
        freeze(values)
    return prices


def _price_closed_rows(graph: CandidateGraph, rest: Remainder, need: Pair, offer: Pair, unit: Pair) -> None:
    """Price the rows that promises or zero capacities leave no part in, high enough that no pair tempts.

    Such a row has nothing left to give or get, so its price adds nothing to either side of the proof.
    """
    net = take_promises_off(graph)
    idle = np.ones(graph.unit_count, np.bool_)
    idle[rest.unit_row] = False
    if graph.unit_load_cost is not None:
        step = np.minimum(net.unit_locked, graph.unit_load_cost.shape[1] - 1)
        unit.cost[idle] = graph.unit_load_cost[np.flatnonzero(idle), step[idle]]
    if rest.edge_count == graph.edge_count:
        return
    rows = list_closed_edges(graph, net, rest.edge_count)
    for_need = net.need_quantity[graph.edge_need[rows]] > 0
    unit_of = graph.offer_unit[graph.edge_offer[rows]]
    unit_full = (unit_of >= 0) & (np.append(net.unit_capacity, 1)[unit_of] == 0)
    _raise_to_gain(
        unit, rows[for_need & unit_full], unit_of[for_need & unit_full], graph, (need, offer, unit)
    )
    tempting = rows[for_need & ~unit_full]
    _raise_to_gain(offer, tempting, graph.edge_offer[tempting], graph, (need, offer, unit))
    tempting = rows[~for_need]
    _raise_to_gain(need, tempting, graph.edge_need[tempting], graph, (need, offer, unit))


def _raise_to_gain(
    price: Pair,
    edges: IntArray,
    rows: NDArray[np.integer],
    graph: CandidateGraph,
    prices: tuple[Pair, Pair, Pair],
) -> None:
    """Raise the price of each row by the most that any of its edges would gain at the prices so far."""
    need, offer, unit = prices
    values = Prices(need.level, need.cost, offer.level, offer.cost, unit.level, unit.cost)
    level, cost = (-part for part in values.reduced_costs(graph, edges))
    gains = Pair(level, cost).is_positive()
    level, cost, rows = level[gains], cost[gains], rows[gains].astype(np.int64)
    most = np.zeros(len(price.level), np.int64)
    np.maximum.at(most, rows, level)
    first = level == most[rows]
    extra = np.full(len(price.level), -NO_LIMIT, np.int64)
    np.maximum.at(extra, rows[first], cost[first])
    changed = np.unique(rows)
    price.level[changed] += most[changed]
    price.cost[changed] += extra[changed]
