"""A part of the network in which places can move, and the most it can serve with some actions.

An action opens doors: arcs that have no room without it. So every cut (Ford and Fulkerson 1956) bounds the
places of a part by a sum over the actions taken and the whole needs that are served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.problem import CandidateGraph
from matcher.remainder import NetAmounts

WHOLE_LEVEL = 0
"""The level at which only whole needs are sought; level p seeks priorities 1 to p, and whole needs."""

_Key = tuple[int, frozenset[int], frozenset[int]]

_SCALE: Final = 1 << 10
# Flows count in such parts of a place, so that actions can be taken in part.
FEW_ARCS: Final = 20_000
"""Arcs up to which flows are quick; beyond, they go on from what another leaves, and only some are found."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """No more than so many places: `places`, and what actions taken and whole needs served add.

    Attributes
    ----------
    places : int
    actions, wholes : dict of int to int
        By action number and need row.
    """

    places: int
    actions: dict[int, int]
    wholes: dict[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The most places with some actions taken.

    Attributes
    ----------
    places : int
    near, far : bool arrays
        Nodes on this side of the nearest and the farthest cut that proves that there are no more.
    helpful : frozenset of int
        Actions not taken that would each let a place more through.
    """

    places: int
    near: BoolArray
    far: BoolArray
    helpful: frozenset[int]


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs between needs, offers, units, doorways and the sink (the last node); `action` -1: always there."""

    tail: IntArray
    head: IntArray
    room: IntArray
    action: IntArray


def _scale(room: IntArray, share: np.ndarray) -> IntArray:
    """A share of room, rounded so that what is full or empty stays so."""
    return room // _SCALE * np.round(_SCALE * share).astype(np.int64)


class Part:
    """Needs, offers and units that places can move between, and doors of actions.

    Attributes
    ----------
    needs : int64 array
        Rows, ascending.
    actions : tuple of int
        Those with doors here, ascending.
    wholes : tuple of int
        Need rows that are served with all their places or not at all.
    levels : tuple of int
        Priorities of its needs, ascending.
    """

    def __init__(self, graph: CandidateGraph, net: NetAmounts, arcs: Arcs, sink: int) -> None:
        nodes, ends = np.unique(np.concatenate([arcs.tail, arcs.head, [sink]]), return_inverse=True)
        count = len(arcs.tail)
        self.needs = nodes[nodes < graph.need_count]
        self.quantity = net.need_quantity[self.needs]
        self.priority = graph.need_priority[self.needs].astype(np.int64)
        self.whole = np.asarray(graph.need_whole[self.needs])
        self.wholes = tuple(self.needs[self.whole].tolist())
        self.levels = tuple(np.unique(self.priority).tolist())
        self.actions = tuple(np.unique(arcs.action[arcs.action >= 0]).tolist())
        self.priority_of: dict[int, int] = dict(zip(self.needs.tolist(), self.priority.tolist(), strict=True))
        self.quantity_of: dict[int, int] = dict(zip(self.needs.tolist(), self.quantity.tolist(), strict=True))
        # The sink has the highest number of all nodes; the source comes behind.
        self.nodes, self.sink, self.source = len(nodes) + 1, len(nodes) - 1, len(nodes)
        self.tail, self.head = ends[:count].astype(np.int32), ends[count:-1].astype(np.int32)
        self.room = np.minimum(arcs.room, max(int(self.quantity.sum()), 1))
        # The number among `actions` of the one whose door an arc is; -1: of none.
        self.number = np.where(arcs.action >= 0, np.searchsorted(self.actions, arcs.action), -1)
        self.doors = np.flatnonzero(arcs.action >= 0)
        self._engines: dict[tuple[int, frozenset[int] | None], _Engine] = {}
        self._known: dict[_Key, Flow] = {}
        self._cuts: dict[_Key, tuple[Cut, ...]] = {}

    def flow(self, level: int, taken: Set[int], served: Set[int]) -> Flow:
        """Find the most places of a level's needs with some actions taken, beside these whole needs.

        Parameters
        ----------
        level : int
            Needs of priority 1 to `level`.
        taken : set of int
            Actions.
        served : set of int
            Whole needs that are sought besides; no others are.
        """
        key = level, frozenset(taken).intersection(self.actions), frozenset(served).intersection(self.wholes)
        if key not in self._known:
            self._known[key] = self._run(*key)
        return self._known[key]

    @property
    def is_large(self) -> bool:
        """Whether flows take so long that only some can be found."""
        return len(self.tail) > FEW_ARCS

    def list_cuts(self) -> Iterator[tuple[int, Cut]]:
        """Give all cuts of the flows found so far, with their levels."""
        for key, flow in self._known.items():
            if key not in self._cuts:
                self._cuts[key] = self.read_cuts(key[0], flow)
            for cut in self._cuts[key]:
                yield key[0], cut

    def find_cuts(self, level: int, share: Mapping[int, float]) -> tuple[Cut, ...]:
        """Find the cuts that hold most with shares of actions taken, and of whole needs served.

        Parameters
        ----------
        level : int
        share : mapping of int to float
            From 0 to 1 by action, and by ``-1 - row`` of whole needs; 0 where nothing is said.
        """
        return self.read_cuts(level, self._engine(level).solve(share))

    def read_cuts(self, level: int, flow: Flow) -> tuple[Cut, ...]:
        """What proves that a flow serves the most: bounds for other actions and whole needs too."""
        rows = np.flatnonzero(self.whole | (self.priority <= level))
        return self._read_cut(rows, flow.near), self._read_cut(rows, flow.far)

    def _run(self, level: int, taken: Set[int], served: Set[int]) -> Flow:
        if self.is_large:
            return self._engine(level, frozenset(served)).solve(dict.fromkeys(taken, 1.0))
        return self._engine(level).solve(dict.fromkeys([*taken, *(-1 - row for row in served)], 1.0))

    def _engine(self, level: int, served: frozenset[int] | None = None) -> _Engine:
        if (level, served) not in self._engines:
            if served is None:
                rows = np.flatnonzero(self.whole | (self.priority <= level))
                self._engines[level, served] = _Engine(self, rows)
            else:
                above = self._engine(level)
                self._engines[level, served] = above.go_on(dict.fromkeys((-1 - row for row in served), 1.0))
        return self._engines[level, served]

    def _read_cut(self, rows: IntArray, inside: BoolArray) -> Cut:
        crossing = np.flatnonzero(inside[self.tail] & ~inside[self.head])
        room = sum_by_row(self.number[crossing] + 1, self.room[crossing], len(self.actions) + 1)
        adding = np.flatnonzero(room[1:])
        left = rows[~inside[rows]]
        free = left[self.whole[left]]
        places = int(room[0] + self.quantity[left[~self.whole[left]]].sum())
        actions = {self.actions[at]: int(room[1 + at]) for at in adding.tolist()}
        wholes = dict(zip(self.needs[free].tolist(), self.quantity[free].tolist(), strict=True))
        return Cut(places, actions, wholes)


class _Engine:
    """A maximum flow of one part and level, found again and again as doors open.

    Parameters
    ----------
    part : Part
    rows : int64 array
        The needs (as places among `Part.needs`) that places are sought for.
    before : tuple of _Engine and dict, optional
        It goes on from what that one's flow leaves with these shares, whole needs as they are there.
    """

    def __init__(self, part: Part, rows: IntArray, before: tuple[IntArray, int] | None = None) -> None:
        from ortools.graph.python import max_flow

        self._part, self._rows = part, rows
        tail = np.concatenate([part.tail, np.full(len(rows), part.source)])
        head = np.concatenate([part.head, rows])
        room = _SCALE * np.concatenate([part.room, part.quantity[rows]])
        self._doors, self._full = part.doors, room[part.doors].copy()
        whole = np.flatnonzero(part.whole[rows])
        self._wholes = (len(part.tail) + whole).astype(np.int32)
        self._base, self._opened = 0, np.zeros(len(part.actions))
        room[part.doors] = 0
        if before is not None:
            flow, self._base = before
            room[self._wholes] = flow[self._wholes]
            back = np.flatnonzero(flow > 0)
            tail, head = np.concatenate([tail, head[back]]), np.concatenate([head, tail[back]])
            room, self._wholes = np.concatenate([room - flow, flow[back]]), self._wholes[:0]
        self._engine = max_flow.SimpleMaxFlow()
        self._engine.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), room)

    def go_on(self, share: Mapping[int, float]) -> _Engine:
        """The engine of what the flow with some whole needs leaves; it takes fewer steps to each answer."""
        self._set(share)
        flow = self._engine.flows(np.arange(len(self._part.tail) + len(self._rows), dtype=np.int32))
        before = np.asarray(flow, np.int64), int(self._engine.optimal_flow())
        return _Engine(self._part, self._rows, before)

    def _set(self, share: Mapping[int, float]) -> None:
        """Open doors in part, and find the flow."""
        part, engine = self._part, self._engine
        opened = np.array([share.get(action, 0.0) for action in part.actions])
        changed = np.flatnonzero((opened != self._opened)[part.number[self._doors]])
        if len(changed):
            room = _scale(self._full[changed], opened[part.number[self._doors[changed]]])
            engine.set_arcs_capacity(self._doors[changed].astype(np.int32), room)
        self._opened = opened
        if len(self._wholes):
            rows = self._rows[self._wholes - len(part.tail)]
            sought = np.array([share.get(-1 - row, 0.0) for row in part.needs[rows].tolist()])
            engine.set_arcs_capacity(self._wholes, _scale(_SCALE * part.quantity[rows], sought))
        status = engine.solve(part.source, part.sink)
        assert status == engine.OPTIMAL, f"a flow from source to sink always exists, found {status}"

    def solve(self, share: Mapping[int, float]) -> Flow:
        """The most places with some shares, as of `Part.find_cuts`."""
        part = self._part
        self._set(share)
        near, far = np.zeros(part.nodes, np.bool_), np.ones(part.nodes, np.bool_)
        near[np.asarray(self._engine.get_source_side_min_cut())] = True
        far[np.asarray(self._engine.get_sink_side_min_cut())] = False
        doors = self._doors[(self._opened == 0)[part.number[self._doors]]]
        # The way through an action's door may begin where another door of the same action leads.
        tail, head, number = part.tail[doors], part.head[doors], part.number[doors]
        come = near[tail]
        come |= np.isin(number * part.nodes + tail, (number * part.nodes + head)[come])
        helpful = doors[come & ~far[head]]
        places = (self._base + int(self._engine.optimal_flow())) // _SCALE
        actions = frozenset(part.actions[at] for at in np.unique(part.number[helpful]).tolist())
        return Flow(places, near, far, actions)
