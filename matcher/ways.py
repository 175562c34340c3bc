"""Ways through what an assignment leaves: by what exchanges a place could come from one row to another.

Nodes are needs, offers, units, one hub (where places come from and go to), and groups of needs where somebody
asks for them. A way from one node to another moves one place along each of its arcs: a need takes a place of
an offer, or gives one back. Its length has two parts, as prices have: what it changes in places served, by
urgency, and what it changes in cost. In an optimum no way that comes back to its start is shorter than
nothing, and the prices that prove it make every arc as long as nothing or longer, so that shortest ways can
be found node by node (Dijkstra 1959; Edmonds and Karp 1972).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, group_rows, sum_by_row
from matcher.problem import PRIORITIES, UNLIMITED, CandidateGraph
from matcher.remainder import MOST_URGENT, NetAmounts, take_promises_off

if TYPE_CHECKING:
    from matcher.solution import Solution

EXCHANGES = (0, 1, 3, 7, 15, 31)
"""Level of a place by urgency (``6 - priority``): the differences of any two are all different, so that a
length tells which priority gains a place and which loses one."""


_ASIDE = 1 << 40
"""A level beyond all levels of ways between nodes that the hub is connected with."""


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """Lengths of shortest ways between one node and others; arrays are as long as the others.

    Attributes
    ----------
    reached : ndarray of bool
        False: there is no way, and the length means nothing.
    level, cost : int64 arrays
    """

    reached: BoolArray
    level: IntArray
    cost: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of needs, each wholly within another or apart from it.

    Attributes
    ----------
    of_need : int64 array (needs)
        The smallest group of each need; -1: none.
    parent : int64 array (groups)
        The group around each group; -1: none.
    """

    of_need: IntArray
    parent: IntArray

    def count(self, values: IntArray) -> IntArray:
        """Add up what needs have by group, with all groups within it."""
        total = sum_by_row(self.of_need[self.of_need >= 0], values[self.of_need >= 0], len(self.parent))
        own = total.copy()
        above = self.parent.copy()
        while (above >= 0).any():
            np.add.at(total, above[above >= 0], own[above >= 0])
            above = np.where(above >= 0, self.parent[above], -1)
        return total


class Ways:
    """The network that an optimal assignment leaves.

    Parameters
    ----------
    graph : CandidateGraph
        Its needs are split freely here, whole ones too.
    solution : Solution
        Optimal, with the prices that prove it.
    place_level : sequence of int, optional
        Levels of places by urgency 0 to 5, rising from 0; by default `EXCHANGES`.
    groups : Groups, optional
        Groups of needs, through which places come to these.
    least : int64 array (groups), optional
        Places beyond promises that a group can't go below, unless it is below them already.

    Attributes
    ----------
    first_offer, first_unit, hub, first_group : int
        Nodes: needs count from 0, offers, units and groups from where these say.
    size : int
        How many nodes there are.
    first_group_pair : int
        Groups have the last pairs of arcs, in order of their rows, each from its parent (or the hub).
    net : NetAmounts
    place_level : int64 array
    room : int64 array (arcs)
        Places that can still go along an arc; arcs ``2 k`` and ``2 k + 1`` run against each other.

    Raises
    ------
    ValueError
        The prices don't prove the assignment.
    """

    def __init__(
        self,
        graph: CandidateGraph,
        solution: Solution,
        *,
        place_level: tuple[int, ...] = EXCHANGES,
        groups: Groups | None = None,
        least: IntArray | None = None,
    ) -> None:
        if solution.prices is None:
            raise ValueError("the assignment has no prices; shortest ways need an optimum")
        self.graph, self.net = graph, take_promises_off(graph)
        self.place_level = np.array(place_level, dtype=np.int64)
        self.first_offer = graph.need_count
        self.first_unit = self.first_offer + graph.offer_count
        self.hub = self.first_unit + graph.unit_count
        self.first_group = self.hub + 1
        self._groups = groups or Groups(np.full(graph.need_count, -1), np.zeros(0, np.int64))
        self.size = self.first_group + len(self._groups.parent)
        self._set_up(*_list_arcs(self, solution, self._groups, least))
        self.first_group_pair = len(self._level) - len(self._groups.parent)
        self._set_prices(solution)
        self.check()

    def _set_up(
        self, tail: IntArray, head: IntArray, level: IntArray, cost: IntArray, room: IntArray
    ) -> None:
        ends = np.stack([tail, head], axis=1).ravel()
        self._starts, self._arcs = group_rows(ends, self.size)
        self._head = np.stack([head, tail], axis=1).ravel().astype(np.int32)
        self._level, self._cost, self.room = level, cost, room
        size = self.size
        self._near_level, self._near_cost, self._via = (np.zeros(size, np.int64) for _ in range(3))
        self._mark, self._turn = np.full(size, -1, np.int64), 0
        self._heap, self._place, self._settled = (np.zeros(size, np.int64) for _ in range(3))
        self._wanted = np.zeros(size, np.bool_)

    def _set_prices(self, solution: Solution) -> None:
        """Turn prices into what a place at each node is worth, negated: the length of ways from the hub."""
        prices, graph = solution.prices, self.graph
        assert prices is not None
        worth = MOST_URGENT - graph.need_priority.astype(np.int64)
        of_unit = graph.offer_unit >= 0
        offer_level, offer_cost = prices.offer_level.copy(), prices.offer_cost.copy()
        offer_level[of_unit] += prices.unit_level[graph.offer_unit[of_unit]]
        offer_cost[of_unit] += prices.unit_cost[graph.offer_unit[of_unit]]
        level = np.concatenate([worth - prices.need_level, offer_level, prices.unit_level])
        top = len(self.place_level) - 1
        inside = self.place_level[np.clip(level, 0, top)]
        above = self.place_level[top] * np.maximum(level - top, 0)
        level = -np.where(level < 0, level, inside + above)
        cost = -np.concatenate([-prices.need_cost, offer_cost, prices.unit_cost])
        # What the hub and the groups hand on is worth nothing before somebody gets it.
        self._at_level, self._at_cost = (np.zeros(self.size, np.int64) for _ in range(2))
        self._at_level[: self.hub], self._at_cost[: self.hub] = level, cost

    def check(self) -> None:
        """Make sure that no way back to its start is shorter than nothing: the flow is an optimum.

        Raises
        ------
        ValueError
            Some arc with room is shorter than its ends' prices allow.
        """
        level, cost = self._lengths()
        short = (level < 0) | ((level == 0) & (cost < 0))
        long = (level > 0) | ((level == 0) & (cost > 0))
        if (short & (self.room[::2] > 0)).any() or (long & (self.room[1::2] > 0)).any():
            raise ValueError("the prices of the assignment don't prove it; shortest ways need an optimum")

    def _lengths(self) -> tuple[IntArray, IntArray]:
        """Level and cost of each pair of arcs, the way out, less the prices of its ends."""
        tail, head = self._head[1::2], self._head[::2]
        level = self._level + self._at_level[tail] - self._at_level[head]
        return level, self._cost + self._at_cost[tail] - self._at_cost[head]

    def list_tight(self) -> tuple[IntArray, IntArray, IntArray]:
        """Give row, tail and head of the pairs of arcs that are as long as nothing at the prices."""
        level, cost = self._lengths()
        row = np.flatnonzero((level == 0) & (cost == 0))
        return row, self._head[2 * row + 1].astype(np.int64), self._head[2 * row].astype(np.int64)

    def keep(self) -> tuple[IntArray, IntArray, IntArray]:
        """Give a copy of what moving places changes, for `put_back`."""
        return self.room.copy(), self._at_level.copy(), self._at_cost.copy()

    def put_back(self, kept: tuple[IntArray, IntArray, IntArray]) -> None:
        """Undo all that was moved since."""
        self.room, self._at_level, self._at_cost = (values.copy() for values in kept)

    def reprice(self, node: int) -> None:
        """Let prices follow the last search (forward, up to a node it reached), whose way is to be used now.

        Every arc keeps its sign then, and those of the way become as long as nothing.
        """
        done = self._settled[: self._done]
        self._at_level[done] += self._near_level[done] - self._near_level[node]
        self._at_cost[done] += self._near_cost[done] - self._near_cost[node]

    def _reprice_all(self, side: int) -> None:
        done = self._settled[: self._done]
        aside = np.ones(self.size, np.bool_)
        aside[done] = False
        self._at_level[done] += side * self._near_level[done]
        self._at_cost[done] += side * self._near_cost[done]
        # No arc with room joins the others to these in that direction: they may be as dear as they like.
        self._at_level[aside] += side * _ASIDE

    def reached(self) -> IntArray:
        """Nodes that the last search settled, in order."""
        return self._settled[: self._done].copy()

    def net_flow(self) -> IntArray:
        """Places on each edge of the graph beyond promises, as moved so far."""
        flow = np.zeros(self.graph.edge_count, np.int64)
        flow[self.graph.edge_order] = self.room[1 : 2 * self.graph.edge_count : 2]
        return flow

    def run(
        self,
        node: int,
        targets: NDArray[np.integer],
        *,
        backward: bool = False,
        closed: int = -1,
        limit: tuple[int, int] = (NO_LIMIT, 0),
        everywhere: bool = False,
    ) -> Lengths:
        """Find the shortest ways from a node to others (backward: from the others to it).

        Parameters
        ----------
        node : int
        targets : integer array
            Nodes, each once.
        backward : bool
        closed : int
            A node that no way may pass; -1: none.
        limit : (int, int)
            Level and cost beyond which nodes count as not reached; in lengths less the prices of both ends
            (see `slack`).
        everywhere : bool
            Go as far as there are ways and let prices be the lengths found: from the hub these are the lowest
            prices there are, to the hub the highest.
        """
        from matcher.ways_loops import search

        self._turn += 1
        self._wanted[targets] = True
        count = self.size + 1 if everywhere else max(len(targets), 1)
        self._done = search(
            self._starts, self._arcs, self._head, self._level, self._cost, self.room, self._at_level,
            self._at_cost, node, backward, closed, *limit, self._wanted, count, self._near_level,
            self._near_cost, self._via, self._mark, self._turn, self._heap, self._place, self._settled,
        )  # fmt: skip
        self._wanted[targets] = False
        side = -1 if backward else 1
        found = Lengths(
            self._mark[targets] == 2 * self._turn + 1,
            self._near_level[targets] + side * (self._at_level[targets] - self._at_level[node]),
            self._near_cost[targets] + side * (self._at_cost[targets] - self._at_cost[node]),
        )
        if everywhere:
            self._reprice_all(side)
        return found

    def slack(
        self, tail: NDArray[np.integer] | int, head: NDArray[np.integer] | int, lengths: Lengths
    ) -> tuple[int, int]:
        """Give the largest of some lengths from tail to head, less the prices of both ends: a limit."""
        levels = lengths.level + self._at_level[tail] - self._at_level[head]
        costs = lengths.cost + self._at_cost[tail] - self._at_cost[head]
        return max(zip(levels.tolist(), costs.tolist(), strict=True), default=(0, 0))

    def trace(self, node: int) -> IntArray:
        """Arcs of the shortest way of the last search between its start and a node it reached, in order."""
        arcs = []
        arc = int(self._via[node])
        while arc >= 0:
            arcs.append(arc)
            arc = int(self._via[self._head[arc ^ 1]])
        return np.array(arcs[::-1], dtype=np.int64)

    def name_exchange(self, level: IntArray) -> tuple[IntArray, IntArray]:
        """Give the priorities that gain and that lose a place by lengths of `EXCHANGES`; 0: none does."""
        more, less = np.zeros(len(level), np.int64), np.zeros(len(level), np.int64)
        for gained in (0, *PRIORITIES):
            for lost in (0, *PRIORITIES):
                of = [self.place_level[MOST_URGENT - p] if p else 0 for p in (gained, lost)]
                same = (level == of[1] - of[0]) & (gained != lost)
                more[same], less[same] = gained, lost
        return more, less


def _list_arcs(
    ways: Ways, solution: Solution, groups: Groups, least: IntArray | None
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Give tail, head, level and cost of each pair of arcs, and the room of both arcs, one after another."""
    graph, net = ways.graph, ways.net
    order = graph.edge_order
    need, offer = graph.edge_need[order].astype(np.int64), graph.edge_offer[order].astype(np.int64)
    flow = (solution.flow - graph.edge_locked)[order]
    need_flow, offer_flow = (
        sum_by_row(need, flow, graph.need_count),
        sum_by_row(offer, flow, graph.offer_count),
    )
    own = np.maximum(net.need_quantity[need], flow) if net.edge_capacity is None else net.edge_capacity[order]
    unit = np.where(graph.offer_unit >= 0, ways.first_unit + graph.offer_unit.astype(np.int64), ways.hub)
    steps = list_steps(graph, net, offer_flow)
    worth = ways.place_level[MOST_URGENT - graph.need_priority.astype(np.int64)]
    among = np.where(groups.of_need >= 0, ways.first_group + groups.of_need, ways.hub)
    above = np.where(groups.parent >= 0, ways.first_group + groups.parent, ways.hub)
    inside = groups.count(need_flow)
    offers, needs = np.arange(graph.offer_count), np.arange(graph.need_count)
    members = ways.first_group + np.arange(len(above))
    no_cost = np.zeros(graph.need_count + graph.offer_count, np.int64)
    nothing = np.zeros(len(order) + graph.offer_count + len(steps.unit) + len(above), np.int64)
    tail = [need, among, ways.first_offer + offers, ways.first_unit + steps.unit, above]
    head = [ways.first_offer + offer, needs, unit, np.full(len(steps.unit), ways.hub), members]
    level = [nothing[: len(order)], -worth, nothing[len(order) :]]
    cost = [graph.edge_cost[order], no_cost, steps.cost, np.zeros(len(above), np.int64)]
    free = inside if least is None else np.maximum(inside - least, 0)
    used = np.concatenate([flow, need_flow, offer_flow, steps.flow, free])
    open_end = np.full(len(above), UNLIMITED, np.int64) + free
    most = np.concatenate([own, net.need_quantity, net.offer_capacity, steps.capacity, open_end])
    room = np.stack([most - used, used], axis=1).ravel()
    starts, ends, levels, costs = (
        np.concatenate(part).astype(np.int64) for part in (tail, head, level, cost)
    )
    return starts, ends, levels, costs, room


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Capacities of units, cut into steps of equal cost after their promised places, the cheapest first."""

    unit: IntArray
    capacity: IntArray
    cost: IntArray
    flow: IntArray


def list_steps(graph: CandidateGraph, net: NetAmounts, offer_flow: IntArray) -> Steps:
    """Cut the capacities of all units into steps, filled in order by what their offers give."""
    inside = graph.offer_unit >= 0
    unit_flow = sum_by_row(graph.offer_unit[inside], offer_flow[inside], graph.unit_count)
    rows = np.arange(graph.unit_count)
    if graph.unit_load_cost is None:
        return Steps(rows, net.unit_capacity, np.zeros(len(rows), np.int64), unit_flow)
    last = graph.unit_load_cost.shape[1] - 1
    columns = np.arange(last + 1)[None, :]
    first = np.minimum(net.unit_locked, last)[:, None]
    before = np.maximum(columns - first, 0)
    left = np.maximum(net.unit_capacity[:, None] - before, 0)
    width = np.where(columns < first, 0, np.where(columns == last, left, np.minimum(left, 1)))
    used = np.clip(unit_flow[:, None] - before, 0, width)
    unit = np.repeat(rows, last + 1)
    return Steps(unit, width.ravel(), graph.unit_load_cost.ravel(), used.ravel())
