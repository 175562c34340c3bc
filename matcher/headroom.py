"""What unknown capacities could add: an upper bound for all at once, and whom to ask first.

Both count places of needs beyond an assignment, projects keeping the units they were given. They are maximum
flows in the network that the assignment leaves: a further place of an unserved need goes to an offer with
room, or takes the place of another need that moves on. An offer of unknown capacity is opened there without
limit, its unit's total still held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from matcher.arrays import sum_by_row
from matcher.flow import solve
from matcher.instance import OFFER, Bools, Instance, Ints
from matcher.problem import UNLIMITED, CandidateGraph
from matcher.remainder import take_promises_off
from matcher.solution import Solution

_MOST_ARCS = 50_000_000
"""So many arcs are walked at most for the ranking; by then the most promising offers are settled."""

_WHOLE_EDGES = 4_000_000
"""Where needs are whole, each offer asked is a solve of its own, for so many edges in all."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one offer of unknown capacity could add if it alone were unlimited.

    Attributes
    ----------
    offer_row : int
    gain_places : int
        Further places of needs served.
    """

    offer_row: int
    gain_places: int


def assumed_offers(instance: Instance) -> Ints:
    """Offer rows of the open offers whose capacity nobody stated."""
    supply = instance.supply
    open_ones = supply.capacity_assumed & (supply.kind == OFFER) & supply.is_open & supply.of_measure
    return np.flatnonzero(open_ones)


def served_if_unlimited(instance: Instance, solution: Solution) -> int:
    """Places of needs served if all unknown capacities were unlimited at once.

    Exact where needs may be split, else an upper bound.
    """
    net = _Residual(instance, solution, split_whole=True)
    served = int(solution.served[~instance.demand.is_project].sum())
    asked = assumed_offers(instance)
    within = net.reachable(asked)
    return served + net.augment(
        np.flatnonzero(within[net.tail]), np.intersect1d(asked, net.offers_in(within))
    )


def ask_first(instance: Instance, solution: Solution) -> tuple[Ask, ...]:
    """Rank the offers of unknown capacity by what each alone could add, the most first; ties by row.

    At most `Rules.ask_first_limit` are given, and no others could add more than the last of them unless the
    network is so large that the ranking stops early. Where needs are whole and the match is large, gains
    count only needs that may be split.
    """
    asked = assumed_offers(instance)
    graph = instance.graph
    if graph.need_whole.any() and len(asked) * graph.edge_count <= _WHOLE_EDGES:
        gains = {int(offer): _gain_by_solving(instance, solution, int(offer)) for offer in asked}
    else:
        gains = _gains(
            _Residual(instance, solution, split_whole=False), asked, instance.rules.ask_first_limit
        )
    ranked = sorted((-gain, offer) for offer, gain in gains.items() if gain > 0)
    return tuple(Ask(offer, -gain) for gain, offer in ranked[: instance.rules.ask_first_limit])


def _gains(net: _Residual, asked: Ints, limit: int) -> dict[int, int]:
    gains: dict[int, int] = {}
    walked = 0
    floor = 0
    parts = list(net.components(asked))
    queue = sorted(
        ((-bound, offer, at) for at, (_, some) in enumerate(parts) for offer, bound in some.items())
    )
    base = [net.augment(arcs, np.empty(0, dtype=np.int64)) for arcs, _ in parts]
    for negative, offer, at in queue:
        if -negative <= floor or walked > _MOST_ARCS:
            break
        arcs = parts[at][0]
        gains[offer] = net.augment(arcs, np.array([offer])) - base[at]
        walked += len(arcs)
        if len(gains) >= limit:
            floor = sorted(gains.values(), reverse=True)[limit - 1]
    return gains


def _gain_by_solving(instance: Instance, solution: Solution, offer: int) -> int:
    """Solve again with one offer unlimited, projects kept as they are."""
    graph, is_project = instance.graph, instance.demand.is_project
    capacity = graph.offer_capacity.copy()
    capacity[offer] = UNLIMITED
    wider = CandidateGraph(
        np.where(is_project, solution.served, graph.need_quantity),
        graph.need_priority,
        capacity,
        graph.edge_need,
        graph.edge_offer,
        graph.edge_cost,
        offer_unit=graph.offer_unit,
        unit_capacity=graph.unit_capacity,
        edge_capacity=graph.edge_capacity,
        edge_locked=np.where(is_project[graph.edge_need], solution.flow, graph.edge_locked),
        need_whole=graph.need_whole,
    )
    more = solve(wider).served - solution.served
    return int(more[~is_project].sum())


class _Residual:
    """The network that an assignment leaves. Nodes: needs, offers, units, source, sink.

    Attributes
    ----------
    tail, head, capacity : ndarray of int64
        Its arcs with room.
    """

    def __init__(self, instance: Instance, solution: Solution, *, split_whole: bool) -> None:
        graph = self.graph = instance.graph
        net = take_promises_off(graph)
        self._needs, self._offers, units = graph.need_count, graph.offer_count, graph.unit_count
        self.source = self._needs + self._offers + units
        self.sink = self.source + 1
        flow = solution.flow - graph.edge_locked
        need_flow = sum_by_row(graph.edge_need, flow, self._needs)
        offer_flow = sum_by_row(graph.edge_offer, flow, self._offers)
        unit_flow = sum_by_row(graph.offer_unit, offer_flow, units)
        project = instance.demand.is_project
        lacks = np.where(project, 0, net.need_quantity - need_flow)
        if not split_whole:
            lacks[graph.need_whole] = 0
        self.wanted = int(lacks.sum())
        self.quantity = net.need_quantity
        edges = np.flatnonzero(~project[graph.edge_need] & instance.pairs.feasible)
        need, offer = (
            graph.edge_need[edges].astype(np.int64),
            self._needs + graph.edge_offer[edges].astype(np.int64),
        )
        limit = net.need_quantity[graph.edge_need] if net.edge_capacity is None else net.edge_capacity
        forward = np.minimum(limit[edges], net.need_quantity[need]) - flow[edges]
        all_offers = self._needs + np.arange(self._offers)
        unit = self._needs + self._offers + graph.offer_unit.astype(np.int64)
        unit_room = net.unit_capacity - unit_flow
        # A unit with room for all that is wanted never passes a place back to one of its offers.
        tight = unit_room[graph.offer_unit] < self.wanted
        arcs = [
            (np.full(self._needs, self.source), np.arange(self._needs), lacks),
            (need, offer, forward),
            (offer, need, flow[edges]),
            (all_offers, unit, net.offer_capacity - offer_flow),
            (unit, all_offers, np.where(tight, offer_flow, 0)),
            (self._needs + self._offers + np.arange(units), np.full(units, self.sink), unit_room),
        ]
        tail, head, room = (np.concatenate([arc[part] for arc in arcs]) for part in range(3))
        used = room > 0
        self.tail, self.head, self.capacity = (
            tail[used],
            head[used],
            np.minimum(room[used], max(self.wanted, 1)),
        )
        self._unit = unit

    def reachable(self, opened: Ints) -> Bools:
        """Nodes that a further place could come to if some offers had no limit."""
        size = self.sink + 1
        keep = self.tail != self.sink
        tail = np.concatenate([self.tail[keep], self._needs + opened])
        head = np.concatenate([self.head[keep], self._unit[opened]])
        matrix = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
        within = np.zeros(size, dtype=bool)
        within[breadth_first_order(matrix, self.source, return_predecessors=False)] = True
        return within

    def offers_in(self, within: Bools) -> Ints:
        """Offer rows among nodes."""
        return np.flatnonzero(within[self._needs : self._needs + self._offers])

    def components(self, asked: Ints) -> Iterator[tuple[Ints, dict[int, int]]]:
        """Parts of the network that no further place could pass between.

        Gives the arcs of each, and for its offers asked how much they could add at most.
        """
        within = self.reachable(asked)
        asked = np.intersect1d(asked, self.offers_in(within))
        arcs = np.flatnonzero(within[self.tail])
        inner = arcs[(self.tail[arcs] != self.source) & (self.head[arcs] != self.sink)]
        tail = np.concatenate([self.tail[inner], self._needs + asked])
        head = np.concatenate([self.head[inner], self._unit[asked]])
        size = self.sink + 1
        matrix = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
        label = connected_components(matrix, directed=False)[1]
        own = np.where(self.tail[arcs] == self.source, self.head[arcs], self.tail[arcs])
        order = np.argsort(label[own], kind="stable")
        arcs, part = arcs[order], label[own][order]
        for some in np.unique(label[self._needs + asked]).tolist():
            mine = arcs[slice(*np.searchsorted(part, [some, some + 1]))]
            lacking = int(self.capacity[mine][self.tail[mine] == self.source].sum())
            offers = asked[label[self._needs + asked] == some]
            bounds = self._bounds(mine, offers)
            yield mine, {int(o): min(lacking, int(bounds[o])) for o in offers if lacking and bounds[o]}

    def _bounds(self, arcs: Ints, offers: Ints) -> dict[int, int]:
        """At most so many places can come to each offer from its needs."""
        into = arcs[(self.head[arcs] >= self._needs) & (self.tail[arcs] < self._needs)]
        rows = self.head[into] - self._needs
        order = np.argsort(rows, kind="stable")
        rows, room = rows[order], np.minimum(self.capacity[into], self.quantity[self.tail[into]])[order]
        upto = np.concatenate([[0], np.cumsum(room)])
        starts, ends = np.searchsorted(rows, offers), np.searchsorted(rows, offers, side="right")
        return dict(zip(offers.tolist(), (upto[ends] - upto[starts]).tolist(), strict=True))

    def augment(self, arcs: Ints, opened: Ints) -> int:
        """Further places that some arcs and offers without limit carry from source to sink."""
        from ortools.graph.python import max_flow

        if not self.wanted or not len(arcs):
            return 0
        ends = np.unique(
            np.concatenate(
                [
                    [self.source, self.sink],
                    self.tail[arcs],
                    self._needs + opened,
                    self.head[arcs],
                    self._unit[opened],
                ]
            ),
            return_inverse=True,
        )[1]
        source, sink = int(ends[0]), int(ends[1])
        tail, head = np.split(ends[2:].astype(np.int32), 2)
        capacity = np.concatenate([self.capacity[arcs], np.full(len(opened), self.wanted)])
        engine = max_flow.SimpleMaxFlow()
        engine.add_arcs_with_capacity(tail, head, capacity)
        status = engine.solve(source, sink)
        assert status == engine.OPTIMAL, f"a flow from source to sink always exists, found {status}"
        return int(engine.optimal_flow())
