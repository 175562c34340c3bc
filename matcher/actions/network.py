"""The network that actions could change, cut down to where a further place could go.

A place more can only come to rows that an unserved need reaches in the network that a maximum flow leaves,
with all actions' doors open. What lies outside keeps its flow whatever is done inside, and what lies inside
falls apart into parts that have nothing in common.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matcher.actions.effects import Effect
from matcher.actions.part import Arcs, Part
from matcher.arrays import BoolArray, sum_by_row
from matcher.certificates import serve_most
from matcher.problem import CandidateGraph
from matcher.remainder import take_promises_off


class Network:
    """Where places more could go with some actions, in parts.

    Parameters
    ----------
    graph : CandidateGraph
    effects : list of list of Effect
        For each action.

    Attributes
    ----------
    parts : list of Part
    parts_of : list of tuple of int
        For each action, the parts that have doors of it.
    """

    def __init__(self, graph: CandidateGraph, effects: Sequence[Sequence[Effect]]) -> None:
        self._graph, self._net = graph, take_promises_off(graph)
        self._flow = serve_most(graph) - graph.edge_locked
        self._own = graph.need_count + graph.offer_count
        own = sum(e.offer < 0 and not e.of_unit for some in effects for e in some)
        beside = sum(e.offer >= 0 and len(e.need) > 0 for some in effects for e in some)
        self._unit = self._own + own
        self._doorway = self._unit + graph.unit_count
        self._sink = self._doorway + beside
        doors = self._lay_doors(effects)
        within = self._find_within(doors)
        self.parts = self._split(self._lay_arcs(doors, within), within)
        self.parts_of: list[tuple[int, ...]] = [()] * len(effects)
        for number, part in enumerate(self.parts):
            for action in part.actions:
                self.parts_of[action] += (number,)

    def _lay_doors(self, effects: Sequence[Sequence[Effect]]) -> Arcs:
        """Arcs that actions bring: their doors, and the ways from needs to these."""
        graph, net = self._graph, self._net
        needs = graph.need_count
        locked = sum_by_row(graph.edge_offer, graph.edge_locked, graph.offer_count)
        offer_more = graph.offer_capacity - locked - net.offer_capacity
        unit_more = graph.unit_capacity - net.unit_locked - net.unit_capacity
        capacity = net.offer_capacity.copy()
        for effect in (effect for some in effects for effect in some if effect.offer >= 0):
            capacity[effect.offer] += effect.capacity
        tail, head, room, door = [], [], [], []
        own, doorway = self._own, self._doorway

        def lay(start: int, end: int, places: int, action: int) -> None:
            tail.append(np.array([start]))
            head.append(np.array([end]))
            room.append(np.array([max(places, 0)]))
            door.append(np.array([action]))

        for action, some in enumerate(effects):
            for effect in some:
                beyond = self._unit + effect.unit if effect.unit >= 0 else self._sink
                if effect.of_unit:
                    # What is promised beyond what there is takes from what is added.
                    lay(beyond, self._sink, effect.capacity + int(unit_more[effect.unit]), action)
                    continue
                wanted = net.need_quantity[effect.need]
                if effect.offer >= 0 and not len(effect.need):
                    more = effect.capacity + int(offer_more[effect.offer])
                    lay(needs + effect.offer, self._beyond(effect.offer), more, action)
                    continue
                if effect.offer < 0:
                    middle, own = own, own + 1
                    lay(middle, beyond, min(effect.capacity, int(wanted.sum())), action)
                else:
                    middle, doorway = doorway, doorway + 1
                    most = min(int(wanted.sum()), int(capacity[effect.offer]))
                    lay(middle, needs + effect.offer, most, action)
                tail.append(effect.need)
                head.append(np.full(len(effect.need), middle))
                room.append(wanted)
                door.append(np.full(len(effect.need), action))
        none = np.zeros(0, np.int64)
        return Arcs(*(np.concatenate([none, *rows]) for rows in (tail, head, room, door)))

    def _beyond(self, offer: int) -> int:
        unit = int(self._graph.offer_unit[offer])
        return self._unit + unit if unit >= 0 else self._sink

    def _find_within(self, doors: Arcs) -> BoolArray:
        """Nodes that a place more of an unserved need could come to, with every door open."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import breadth_first_order

        graph, net, flow = self._graph, self._net, self._flow
        needs = graph.need_count
        limit = net.need_quantity[graph.edge_need] if net.edge_capacity is None else net.edge_capacity
        out, back = np.flatnonzero(flow < limit), np.flatnonzero(flow > 0)
        used = sum_by_row(graph.edge_offer, flow, graph.offer_count)
        onward = np.flatnonzero((used < net.offer_capacity) & (graph.offer_unit >= 0))
        returned = np.flatnonzero((used > 0) & (graph.offer_unit >= 0))
        unserved = np.flatnonzero(net.need_quantity > sum_by_row(graph.edge_need, flow, needs))
        opened = doors.room > 0
        tail = np.concatenate([
            graph.edge_need[out], needs + graph.edge_offer[back].astype(np.int64), needs + onward,
            self._unit + graph.offer_unit[returned], doors.tail[opened],
            np.full(len(unserved), self._sink + 1),
        ])  # fmt: skip
        head = np.concatenate([
            needs + graph.edge_offer[out].astype(np.int64), graph.edge_need[back],
            self._unit + graph.offer_unit[onward], needs + returned, doors.head[opened], unserved,
        ])  # fmt: skip
        size = self._sink + 2
        network = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
        # The way ends at the sink: nothing starts from there.
        within = np.zeros(size, np.bool_)
        within[breadth_first_order(network, self._sink + 1, return_predecessors=False)] = True
        within[self._sink :] = False
        return within[:-1]

    def _lay_arcs(self, doors: Arcs, within: BoolArray) -> Arcs:
        """Arcs with room between nodes within; what leads out of them is full, and ends at the sink here."""
        graph, net, sink = self._graph, self._net, self._sink
        needs = graph.need_count
        inner = within[graph.edge_need]
        edges = np.flatnonzero(inner)
        need, offer = (
            graph.edge_need[edges].astype(np.int64),
            needs + graph.edge_offer[edges].astype(np.int64),
        )
        room = net.need_quantity[need]
        if net.edge_capacity is not None:
            room = np.minimum(room, net.edge_capacity[edges])
        outside = ~within[offer]
        room[outside] = self._flow[edges][outside]
        offers = np.flatnonzero(within[needs : self._own])
        beyond = np.where(graph.offer_unit[offers] >= 0, self._unit + graph.offer_unit[offers], sink)
        beyond = np.where(np.append(within, False)[beyond], beyond, sink)
        units = self._unit + np.flatnonzero(within[self._unit : self._doorway])
        used = within[doors.tail] & (doors.room > 0)
        tail = np.concatenate([need, needs + offers, units, doors.tail[used]])
        head = np.concatenate(
            [np.where(outside, sink, offer), beyond, np.full(len(units), sink), doors.head[used]]
        )
        rooms = np.concatenate([
            room, net.offer_capacity[offers], net.unit_capacity[units - self._unit], doors.room[used]
        ])  # fmt: skip
        action = np.append(np.full(len(need) + len(offers) + len(units), -1), doors.action[used])
        kept = rooms > 0
        return Arcs(tail[kept], head[kept], rooms[kept], action[kept])

    def _split(self, arcs: Arcs, within: BoolArray) -> list[Part]:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        inner = arcs.head != self._sink
        size = self._sink + 1
        ties = (np.ones(int(inner.sum()), np.int8), (arcs.tail[inner], arcs.head[inner]))
        label = connected_components(csr_array(ties, shape=(size, size)), directed=False)[1]
        order = np.argsort(label[arcs.tail], kind="stable")
        starts = np.flatnonzero(np.diff(label[arcs.tail[order]], prepend=-1))
        parts = []
        for some in np.split(order, starts[1:]) if len(order) else []:
            part = Part(
                self._graph,
                self._net,
                Arcs(arcs.tail[some], arcs.head[some], arcs.room[some], arcs.action[some]),
                self._sink,
            )
            # Where no action has a door, nothing can change.
            if part.actions:
                parts.append(part)
        return parts
