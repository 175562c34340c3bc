"""From one state of the lists to the next: the events that lead from a live match to another graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.wording import word
from matcher.arrays import BoolArray, IntArray, RowArray, sum_by_row
from matcher.live.change import (
    CapacityChanges,
    CostChanges,
    LiveError,
    LiveEvent,
    Lock,
    NeedArrives,
    NeedWithdrawn,
    OfferJoins,
    OfferLeaves,
    QuantityChanges,
    Refuse,
    UnitCapacityChanges,
    UnitJoins,
)  # fmt: skip
from matcher.problem import UNLIMITED, CandidateGraph

Ids = NDArray[np.object_]


class TooDifferentError(LiveError):
    """No events lead from one graph to the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which row of a live match is which record.

    Attributes
    ----------
    needs, offers, units : ndarray of str
        Ids by row; empty where a row stands for nothing any more.
    """

    needs: Ids
    offers: Ids
    units: Ids

    @classmethod
    def of(cls, graph: CandidateGraph) -> Rows:
        """The rows of a graph that has ids."""
        ids = graph.need_ids, graph.offer_ids, graph.unit_ids
        if ids[0] is None or ids[1] is None or (ids[2] is None and graph.unit_count):
            raise LiveError(**word("no_ids"))
        return cls(ids[0], ids[1], np.empty(0, object) if ids[2] is None else ids[2])


def find_rows(ids: Ids, known: Ids) -> IntArray:
    """Give the row of each id, or -1."""
    row_of = {name: row for row, name in enumerate(known.tolist()) if name}
    return np.array([row_of.get(name, -1) for name in ids.tolist()], np.int64)


@dataclass(slots=True, init=False, eq=False)
class Difference:
    """What differs between a live match's graph and another one.

    A need whose priority changed, or that can have an offer that it couldn't, goes and comes again as a new
    row; so does an offer that changed its unit, or that can serve several needs that it couldn't.

    Parameters
    ----------
    now : CandidateGraph
        What `LiveMatch.graph` gives.
    rows : Rows
        Its ids.
    graph : CandidateGraph
        With ids.

    Attributes
    ----------
    rows : Rows
        The ids after the events.
    need_row, offer_row, unit_row : int64 arrays
        Row in the live match, after the events, of each row of `graph`.

    Raises
    ------
    TooDifferentError
        What a pair can give at most has changed, or begins to be limited: no event says that.
    """

    now: CandidateGraph
    graph: CandidateGraph
    rows: Rows
    need_row: IntArray
    offer_row: IntArray
    unit_row: IntArray
    _old_need: IntArray
    _old_offer: IntArray
    _old_unit: IntArray
    _pair_of: IntArray
    _fresh: BoolArray

    def __init__(self, now: CandidateGraph, rows: Rows, graph: CandidateGraph) -> None:
        self.now, self.graph = now, graph
        wanted = Rows.of(graph)
        self._old_unit = find_rows(wanted.units, rows.units)
        self._old_offer = self._find_offers(find_rows(wanted.offers, rows.offers))
        old = find_rows(wanted.needs, rows.needs)
        same = (old >= 0) & (now.need_priority[old] == graph.need_priority) if now.need_count else old >= 0
        self._old_need = np.where(same, old, -1)
        self._find_pairs()
        missing = self._pair_of < 0
        missing &= (self._old_need[graph.edge_need] >= 0) & (self._old_offer[graph.edge_offer] >= 0)
        several = sum_by_row(graph.edge_offer, missing.astype(np.int64), graph.offer_count) > 1
        self._old_offer[several] = -1
        self._old_need[graph.edge_need[missing & ~several[graph.edge_offer]]] = -1
        self._find_pairs()
        self._fresh = self._pair_of < 0
        self._check_rooms()
        self.need_row, needs = _enter(self._old_need, wanted.needs, rows.needs)
        self.offer_row, offers = _enter(self._old_offer, wanted.offers, rows.offers)
        self.unit_row, units = _enter(self._old_unit, wanted.units, rows.units)
        self.rows = Rows(needs, offers, units)

    def _find_offers(self, old: IntArray) -> IntArray:
        """Offers that are still of the same unit."""
        unit, before = self.graph.offer_unit, self.now.offer_unit
        if not len(before):
            return old
        known = np.append(self._old_unit, -1)[unit]
        same = (old >= 0) & (before[old] == known) & ((unit < 0) == (before[old] < 0))
        return np.where(same, old, -1)

    def _find_pairs(self) -> None:
        """For each pair of the graph its row in `now.edge_need`, -1 where it isn't there."""
        now, graph, width = self.now, self.graph, max(self.now.offer_count, 1)
        key = now.edge_need.astype(np.int64) * width + now.edge_offer
        need, offer = self._old_need[graph.edge_need], self._old_offer[graph.edge_offer]
        wanted = np.where((need >= 0) & (offer >= 0), need * width + offer, -1)
        order = np.argsort(key, kind="stable")
        at = np.searchsorted(key, wanted, sorter=order)
        row = np.append(order, -1)[at]
        self._pair_of = np.where((wanted >= 0) & (np.append(key, -1)[row] == wanted), row, -1)

    def _check_rooms(self) -> None:
        graph, now, there = self.graph, self.now, ~self._fresh
        room = np.full(graph.edge_count, UNLIMITED) if graph.edge_capacity is None else graph.edge_capacity
        before = np.full(now.edge_count, UNLIMITED) if now.edge_capacity is None else now.edge_capacity
        if (room[there] != before[self._pair_of[there]]).any() or (room[self._fresh] != UNLIMITED).any():
            raise TooDifferentError(**word("pair_limit_changed"))

    def events(self) -> Iterator[LiveEvent]:
        """Give the events, in an order in which each can be done."""
        yield from self._endings()
        yield from self._amounts()
        yield from self._arrivals()
        graph, before = self.graph, np.append(self.now.edge_locked, 0)[self._pair_of]
        before[self._fresh] = 0
        for e in np.flatnonzero(graph.edge_locked > before).tolist():
            n, o = self.need_row[graph.edge_need[e]], self.offer_row[graph.edge_offer[e]]
            yield Lock(int(n), int(o), int(graph.edge_locked[e]))

    def _endings(self) -> Iterator[LiveEvent]:
        """What is there no more: promises, needs, offers, pairs."""
        now, graph, there = self.now, self.graph, ~self._fresh
        left = np.full(now.edge_count, -1)
        left[self._pair_of[there]] = graph.edge_locked[there]
        for e in np.flatnonzero(now.edge_locked > np.maximum(left, 0)).tolist():
            yield Lock(int(now.edge_need[e]), int(now.edge_offer[e]), max(int(left[e]), 0))
        stay = np.zeros(now.need_count, bool), np.zeros(now.offer_count, bool)
        stay[0][self._old_need[self._old_need >= 0]] = True
        stay[1][self._old_offer[self._old_offer >= 0]] = True
        for n in np.flatnonzero(~stay[0] & (now.need_quantity > 0)).tolist():
            yield NeedWithdrawn(n)
        for o in np.flatnonzero(~stay[1] & (now.offer_capacity > 0)).tolist():
            yield OfferLeaves(o)
        gone = (left < 0) & stay[0][now.edge_need] & stay[1][now.edge_offer]
        for e in np.flatnonzero(gone).tolist():
            yield Refuse(int(now.edge_need[e]), int(now.edge_offer[e]))

    def _amounts(self) -> Iterator[LiveEvent]:
        """What is wanted, given, or costs otherwise."""
        now, graph = self.now, self.graph
        for u in np.flatnonzero(self._old_unit < 0).tolist():
            yield UnitJoins(int(graph.unit_capacity[u]))
        stay = np.zeros(now.unit_count, bool)
        stay[self._old_unit[self._old_unit >= 0]] = True
        for u in np.flatnonzero(~stay & (now.unit_capacity > 0)).tolist():
            yield UnitCapacityChanges(u, 0)
        for u, old in _changed(self._old_unit, now.unit_capacity, graph.unit_capacity):
            yield UnitCapacityChanges(old, int(graph.unit_capacity[u]))
        for n, old in _changed(self._old_need, now.need_quantity, graph.need_quantity):
            yield QuantityChanges(old, int(graph.need_quantity[n]))
        for o, old in _changed(self._old_offer, now.offer_capacity, graph.offer_capacity):
            yield CapacityChanges(old, int(graph.offer_capacity[o]))
        for e, old in _changed(self._pair_of, now.edge_cost, graph.edge_cost):
            yield CostChanges(int(now.edge_need[old]), int(now.edge_offer[old]), int(graph.edge_cost[e]))

    def _arrivals(self) -> Iterator[LiveEvent]:
        """New needs with their pairs to offers that are there, then new offers with all their pairs."""
        graph, known = self.graph, self._old_offer[self.graph.edge_offer] >= 0
        fresh = np.flatnonzero(self._fresh & known)
        of_need = _group(graph.edge_need[fresh], graph.need_count)
        for n in np.flatnonzero(self._old_need < 0).tolist():
            pairs = fresh[of_need[n]]
            yield NeedArrives(
                int(graph.need_quantity[n]), int(graph.need_priority[n]),
                self.offer_row[graph.edge_offer[pairs]], graph.edge_cost[pairs],
            )  # fmt: skip
        fresh = np.flatnonzero(self._fresh & ~known)
        of_offer = _group(graph.edge_offer[fresh], graph.offer_count)
        for o in np.flatnonzero(self._old_offer < 0).tolist():
            pairs, unit = fresh[of_offer[o]], graph.offer_unit[o]
            yield OfferJoins(
                int(graph.offer_capacity[o]), self.need_row[graph.edge_need[pairs]], graph.edge_cost[pairs],
                None if unit < 0 else int(self.unit_row[unit]),
            )  # fmt: skip


def _enter(old: IntArray, ids: Ids, known: Ids) -> tuple[IntArray, Ids]:
    """Give each row its place in the live match, new ones behind all others; and the ids by place."""
    fresh = old < 0
    row = np.where(fresh, len(known) + np.cumsum(fresh) - 1, old)
    names = np.full(len(known) + int(fresh.sum()), "", object)
    names[row] = ids
    return row, names


def _changed(old: IntArray, before: IntArray, after: IntArray) -> Iterator[tuple[int, int]]:
    """List the rows that stay with another amount, and their old rows."""
    rows = np.flatnonzero(old >= 0)
    rows = rows[before[old[rows]] != after[rows]]
    return zip(rows.tolist(), old[rows].tolist(), strict=True)


def _group(rows: IntArray | RowArray, count: int) -> list[IntArray]:
    """List the positions of each row."""
    order = np.argsort(rows, kind="stable")
    return np.split(order, np.cumsum(np.bincount(rows, minlength=count))[:-1]) if count else []
