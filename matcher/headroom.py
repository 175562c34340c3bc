"""What unknown capacities, and longer reaches, could add: at most, and whom to ask first.

How many places of needs does a match serve in which all unknown capacities, or one, are unlimited, or one
reach is longer, units' totals still held? Mostly that is a maximum flow in the network that the assignment
leaves: a further place of an unserved need goes to an offer with room, or takes the place of another need
that moves on. Where whole needs or projects are at stake too (see `matcher.again`), the match is solved again
as far as its size allows; else the flow gives a bound, or an estimate, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from matcher.again import find_parts, places_again
from matcher.arrays import RowArray, sum_by_row
from matcher.fitting import NONE, suits
from matcher.hubs import find_hubs, sum_by_hub
from matcher.instance import OFFER, Bools, Instance, Ints
from matcher.problem import UNLIMITED, CandidateGraph
from matcher.promises import is_listed
from matcher.reach import judge_reach
from matcher.remainder import NetAmounts, take_promises_off
from matcher.search import meet
from matcher.solution import Solution

_MOST_ARCS = 60_000_000
"""So many arcs are walked at most for the ranking; by then the most promising offers are settled."""

_SOLVED_EDGES = 600_000
"""Where only solving again tells a gain, it is done for so many edges in all."""

_FIRST_EDGES = 600_000
"""Where that is too few for all offers, the first ones are solved again, for so many edges in all."""


_LARGEST_TOTAL = UNLIMITED >> 1
"""A unit's total from which on it is none."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one offer of unknown capacity could add if it alone were unlimited.

    Attributes
    ----------
    offer_row : int
    gain_places : int
        Further places of needs served.
    is_exact : bool
        A match with this offer unlimited serves just so many more. False where that was too large to try:
        the gain then counts only needs that may be split, projects keeping the units they were given, and
        could be more or less.
    """

    offer_row: int
    gain_places: int
    is_exact: bool


def assumed_offers(instance: Instance) -> Ints:
    """Offer rows of the open offers whose capacity nobody stated."""
    supply = instance.supply
    open_ones = supply.capacity_assumed & (supply.kind == OFFER) & supply.is_open & supply.of_measure
    return np.flatnonzero(open_ones)


def served_if_unlimited(instance: Instance, solution: Solution) -> tuple[int, bool]:
    """Places of needs served if all unknown capacities were unlimited at once.

    Returns
    -------
    places : int
        Never fewer than the assignment serves.
    is_exact : bool
        A match with these capacities unlimited serves just so many. False: it serves no more; either the
        match holds whole needs and is too large to be solved again, or more urgent needs, or projects,
        would be served in place of more others.
    """
    project = instance.demand.is_project
    served = int(solution.served[~project].sum())
    asked = assumed_offers(instance)
    parts = find_parts(instance, asked)
    of_asked = np.zeros(len(parts.is_hard), dtype=bool)
    of_asked[parts.offer_part[asked]] = True
    hard = of_asked & parts.is_hard
    size = instance.graph.edge_count
    if hard.any() and (size <= _SOLVED_EDGES or not instance.graph.need_whole.any()):
        found = places_again(instance, asked)
        return max(found, served), found >= served
    waiting = ~project & of_asked[parts.need_part]
    net = _Residual(instance, solution, waiting, without_projects=bool(parts.is_contested[hard].any()))
    within = net.reachable(asked)
    pocket = _Pocket(net, np.flatnonzero(within[net.tail]), np.intersect1d(asked, net.offers_in(within)))
    return served + pocket.add(pocket.offers), not hard.any()


def ask_first(instance: Instance, solution: Solution) -> tuple[tuple[Ask, ...], bool]:
    """Rank the offers of unknown capacity by what each alone could add, the most first; ties by row.

    Returns
    -------
    asks : tuple of Ask
        At most `Rules.ask_first_limit`.
    complete : bool
        No offer left out could add more than the last one given, as far as gains are exact. False where the
        network is so large that only those were tried that could gain most by a quick upper bound.
    """
    asked = assumed_offers(instance)
    graph, project, limit = instance.graph, instance.demand.is_project, instance.rules.ask_first_limit
    parts = find_parts(instance, asked)
    is_hard = parts.is_hard[parts.offer_part[asked]]
    is_solved = int(is_hard.sum()) * graph.edge_count <= _SOLVED_EDGES
    by_flow = asked[~is_hard] if is_solved else asked
    gains, complete = _gains(_Residual(instance, solution, ~project & ~graph.need_whole), by_flow, limit)
    served = int(solution.served[~project].sum())
    inexact = set(asked[is_hard].tolist())
    count = len(inexact) if is_solved else _FIRST_EDGES // max(1, graph.edge_count)
    for _ in range(count):
        first = min(inexact, key=lambda offer: (-gains.get(offer, 0), offer), default=None)
        if first is None or (not is_solved and gains.get(first, 0) <= 0):
            break
        gains[first] = places_again(instance, np.array([first])) - served
        inexact.remove(first)
    ranked = sorted((-gain, offer) for offer, gain in gains.items() if gain > 0)
    return tuple(Ask(offer, -gain, offer not in inexact) for gain, offer in ranked[:limit]), complete


def _gains(net: _Residual, asked: Ints, limit: int) -> tuple[dict[int, int], bool]:
    """Gains of the offers asked, the most promising first, and whether all that count are there."""
    pockets = list(net.pockets(asked))
    queue = sorted(
        (-bound, offer, at) for at, pocket in enumerate(pockets) for offer, bound in pocket.bounds().items()
    )
    gains: dict[int, int] = {}
    walked = floor = 0
    for negative, offer, at in queue:
        if -negative <= floor:
            break
        if walked > _MOST_ARCS:
            return gains, False
        gains[offer] = pockets[at].add(np.array([offer])) - pockets[at].base
        walked += pockets[at].size
        if len(gains) >= limit:
            floor = sorted(gains.values(), reverse=True)[limit - 1]
    return gains, True


class LongerReach:
    """What offers could add to an assignment if they reached farther, one at a time.

    Parameters
    ----------
    instance : Instance
    solution : Solution

    Attributes
    ----------
    is_exact : bool
        Gains are what solving again would serve more. False where there are whole needs, or units' totals
        that projects could take: gains then count only needs that may be split, projects keeping their units.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        graph, project = instance.graph, instance.demand.is_project
        has_totals = bool((graph.unit_capacity < _LARGEST_TOTAL).any())
        self.is_exact = not graph.need_whole.any() and not (project.any() and has_totals)
        self._instance = instance
        self._net = _Residual(instance, solution, ~project & ~graph.need_whole)

    def gain(self, offer: int, reach_m: float) -> int:
        """Further places of needs if one offer row had this reach."""
        net = self._net
        needs = self._taken_in(offer, reach_m)
        full = net.quantity[needs]
        wider = copy(net)
        wider.tail = np.concatenate([net.tail, needs])
        wider.head = np.concatenate([net.head, np.full(len(needs), net.needs + offer)])
        wider.capacity = np.concatenate([net.capacity, np.minimum(full, max(net.wanted, 1))])
        within = wider.reachable(np.empty(0, dtype=np.int64))
        return _Pocket(wider, np.flatnonzero(within[wider.tail]), np.empty(0, dtype=np.int64)).base

    def _taken_in(self, offer: int, reach_m: float) -> Ints:
        """Need rows with places to serve that the offer may serve with this reach, and couldn't before."""
        instance, demand = self._instance, self._instance.demand
        reach = instance.supply.reach_m.copy()
        reach[offer] = reach_m
        supply = replace(instance.supply, reach_m=reach)
        graph = instance.graph
        is_new = ~demand.is_project & (self._net.quantity > 0)
        is_new[graph.edge_need[(graph.edge_offer == offer) & instance.pairs.feasible]] = False
        is_new &= instance.fits[demand.fit_class, supply.fit_class[offer]] != NONE
        needs = np.flatnonzero(is_new)
        offers = np.full(len(needs), offer)
        passes = judge_reach(demand, supply, instance.areas, needs, offers).reached
        passes &= suits(demand, supply, needs, offers, instance.unit_ids)
        listed = instance.promises.refused_need, instance.promises.refused_offer
        passes &= ~is_listed(needs, offers, *listed, len(supply))
        needs = needs[passes]
        return np.asarray(needs[meet(demand, supply, instance.schedules, needs, offers[: len(needs)])])


class _Residual:
    """The network that an assignment leaves. Nodes: needs, offers, units, hubs, source, sink.

    Parameters
    ----------
    waiting : ndarray of bool
        Needs of which further places are looked for; no projects.
    without_projects : bool
        Projects give up their units, promised ones aside; by default they keep them.

    Attributes
    ----------
    tail, head, capacity : ndarrays of int32, int32 and int64
        Its arcs with room; see `matcher.hubs` for what hubs are.
    """

    def __init__(
        self, instance: Instance, solution: Solution, waiting: Bools, *, without_projects: bool = False
    ) -> None:
        graph = self.graph = instance.graph
        net = take_promises_off(graph)
        self.needs, self._offers, units = graph.need_count, graph.offer_count, graph.unit_count
        project = instance.demand.is_project
        edges = ~project[graph.edge_need]
        edges &= instance.pairs.feasible
        hubs = find_hubs(graph, _without_limit(graph, net, edges))
        self.first_hub = self.needs + self._offers + units
        self.source = self.first_hub + hubs.count
        self.sink = self.source + 1
        flow = solution.flow - graph.edge_locked if graph.edge_locked.any() else solution.flow
        if without_projects:
            flow = np.where(project[graph.edge_need], 0, flow)
        need_flow = sum_by_row(graph.edge_need, flow, self.needs)
        offer_flow = sum_by_row(graph.edge_offer, flow, self._offers)
        unit_flow = sum_by_row(graph.offer_unit, offer_flow, units)
        lacks = np.where(waiting, net.need_quantity - need_flow, 0)
        self.wanted = int(lacks.sum())
        self.quantity = net.need_quantity
        back = np.flatnonzero(edges & (flow > 0))
        edges &= ~hubs.is_behind
        forth = np.flatnonzero(edges)
        limit = net.need_quantity[graph.edge_need[forth]]
        if net.edge_capacity is not None:
            limit = np.minimum(limit, net.edge_capacity[forth])
        at_hub = np.flatnonzero(hubs.hub_of >= 0)
        all_offers = self.needs + np.arange(self._offers)
        unit = self.needs + self._offers + graph.offer_unit.astype(np.int64)
        unit_room = net.unit_capacity - unit_flow
        # A unit with room for all that is wanted never passes a place back to one of its offers.
        tight = unit_room[graph.offer_unit] < self.wanted
        arcs: list[tuple[Ints | RowArray, Ints | RowArray, Ints]] = [
            (np.full(self.needs, self.source), np.arange(self.needs), lacks),
            (graph.edge_need[forth], self.needs + graph.edge_offer[forth], limit - flow[forth]),
            (at_hub, self.first_hub + hubs.hub_of[at_hub], net.need_quantity[at_hub]),
            (
                self.first_hub + hubs.hub,
                self.needs + hubs.offer,
                sum_by_hub(hubs, net.need_quantity)[hubs.hub],
            ),
            (self.needs + graph.edge_offer[back], graph.edge_need[back], flow[back]),
            (all_offers, unit, net.offer_capacity - offer_flow),
            (unit, all_offers, np.where(tight, offer_flow, 0)),
            (self.needs + self._offers + np.arange(units), np.full(units, self.sink), unit_room),
        ]
        used = [room > 0 for _, _, room in arcs]
        self.tail, self.head = (
            np.concatenate([arc[end][some].astype(np.int32) for arc, some in zip(arcs, used, strict=True)])
            for end in range(2)
        )
        room = np.concatenate([arc[2][some] for arc, some in zip(arcs, used, strict=True)])
        self.capacity = np.minimum(room, max(self.wanted, 1))
        self.unit_node = unit

    def reachable(self, opened: Ints) -> Bools:
        """Nodes that a further place could come to if some offers had no limit."""
        size = self.sink + 1
        keep = self.tail != self.sink
        tail = np.concatenate([self.tail[keep], (self.needs + opened).astype(np.int32)])
        head = np.concatenate([self.head[keep], self.unit_node[opened].astype(np.int32)])
        matrix = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
        within = np.zeros(size, dtype=bool)
        within[breadth_first_order(matrix, self.source, return_predecessors=False)] = True
        return within

    def offers_in(self, within: Bools) -> Ints:
        """Offer rows among nodes."""
        return np.flatnonzero(within[self.needs : self.needs + self._offers])

    def pockets(self, asked: Ints) -> Iterator[_Pocket]:
        """Parts of the network that no further place could pass between, if they hold an offer asked."""
        within = self.reachable(asked)
        asked = np.intersect1d(asked, self.offers_in(within))
        arcs = np.flatnonzero(within[self.tail])
        inner = arcs[(self.tail[arcs] != self.source) & (self.head[arcs] != self.sink)]
        tail = np.concatenate([self.tail[inner], (self.needs + asked).astype(np.int32)])
        head = np.concatenate([self.head[inner], self.unit_node[asked].astype(np.int32)])
        size = self.sink + 1
        matrix = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
        label = connected_components(matrix, directed=False)[1]
        own = np.where(self.tail[arcs] == self.source, self.head[arcs], self.tail[arcs])
        order = np.argsort(label[own], kind="stable")
        arcs, part = arcs[order], label[own][order]
        for some in np.unique(label[self.needs + asked]).tolist():
            mine = arcs[slice(*np.searchsorted(part, [some, some + 1]))]
            yield _Pocket(self, mine, asked[label[self.needs + asked] == some])


def _without_limit(graph: CandidateGraph, net: NetAmounts, edges: Bools) -> Bools:
    """Which of some edges could carry all that their need wants."""
    if net.edge_capacity is None:
        return edges
    return np.asarray(edges & (net.edge_capacity >= net.need_quantity[graph.edge_need]))


class _Pocket:
    """A part of the network, kept by the flow engine so that one offer after another can be opened in it.

    Attributes
    ----------
    offers : ndarray of int64
        Offer rows that can be opened, sorted.
    """

    def __init__(self, net: _Residual, arcs: Ints, offers: Ints) -> None:
        from ortools.graph.python import max_flow

        self.offers = offers
        self.size = len(arcs)
        self._net, self._arcs = net, arcs
        number = np.full(net.sink + 1, -1, dtype=np.int32)
        tail = np.concatenate([net.tail[arcs], (net.needs + offers).astype(np.int32)])
        head = np.concatenate([net.head[arcs], net.unit_node[offers].astype(np.int32)])
        number[[net.source, net.sink]] = 0
        number[tail] = number[head] = 0
        nodes = np.flatnonzero(number == 0)
        number[nodes] = np.arange(len(nodes))
        self._source, self._sink = int(number[net.source]), int(number[net.sink])
        closed = np.zeros(len(offers), dtype=np.int64)
        self._engine = max_flow.SimpleMaxFlow()
        rows = self._engine.add_arcs_with_capacity(
            number[tail], number[head], np.concatenate([net.capacity[arcs], closed])
        )
        self._doors = dict(zip(offers.tolist(), np.asarray(rows)[len(arcs) :].tolist(), strict=True))

    @cached_property
    def base(self) -> int:
        """Further places with no offer opened: above zero only where nobody proved the assignment."""
        return self.add(self.offers[:0])

    def bounds(self) -> dict[int, int]:
        """How many places could come to each offer at most; offers that none could are left out."""
        net, arcs = self._net, self._arcs
        lacking = int(net.capacity[arcs][net.tail[arcs] == net.source].sum())
        head, tail = net.head[arcs], net.tail[arcs]
        of_hub = (tail >= net.first_hub) & (tail < net.source)
        into = arcs[(head >= net.needs) & (head < net.first_hub) & ((tail < net.needs) | of_hub)]
        rows, room = net.head[into] - net.needs, net.capacity[into]
        from_need = net.tail[into] < net.needs
        room[from_need] = np.minimum(room[from_need], net.quantity[net.tail[into][from_need]])
        order = np.argsort(rows, kind="stable")
        rows, room = rows[order], room[order]
        upto = np.concatenate([[0], np.cumsum(room)])
        ends, starts = (np.searchsorted(rows, self.offers, side=side) for side in ("right", "left"))
        most = np.minimum(upto[ends] - upto[starts], lacking)
        return {int(offer): int(count) for offer, count in zip(self.offers, most, strict=True) if count}

    def add(self, opened: Ints) -> int:
        """Further places with some offers unlimited."""
        if not self._net.wanted:
            return 0
        doors = [self._doors[offer] for offer in opened.tolist()]
        for door in doors:
            self._engine.set_arc_capacity(door, self._net.wanted)
        status = self._engine.solve(self._source, self._sink)
        assert status == self._engine.OPTIMAL, f"a flow from source to sink always exists, found {status}"
        for door in doors:
            self._engine.set_arc_capacity(door, 0)
        return int(self._engine.optimal_flow())
