"""The pairs of offers that reach everyone: told block by block, priced, and brought in where they help."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.wording import word
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.prices import Prices
from matcher.problem import UNLIMITED, CandidateGraph, CostRangeError, GraphError
from matcher.remainder import MOST_URGENT, NetAmounts

CostOf = Callable[[IntArray, IntArray], ArrayLike]
"""Cost of a place for some rows of needs and offers, shape (needs, offers); below 0: no pair."""

NO_BAR = 1 << 62
"""A reduced cost that none comes up to."""

FIRST_PAIRS = 10
MORE_PAIRS = 8
# Pairs of a need to begin with, and how many come in at most after a round.
PATIENT_ROUNDS = 12
# After so many rounds all pairs come in that would gain.
_SAMPLE_EVERY = 10
_SAMPLE_MOST = 40_000
_SAMPLE_PAIRS = 4_000_000
_SAMPLE_LEAST = 1_000
# Every so many-th need is in the sample, fewer where it would be so large; too few teach nothing.
_BLOCK = 1 << 19
# Pairs priced at once.
_RANGE_END = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Pairs to bring in, by key (see `LeftOut`), and what was counted on the way.

    Attributes
    ----------
    key, cost : int64 arrays
    left_out : int
        Pairs that were priced.
    violators : int
        How many of them would gain.
    """

    key: IntArray
    cost: IntArray
    left_out: int
    violators: int


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """A graph of the caller's edges and of the wide pairs that are in."""

    graph: CandidateGraph
    own_edges: RowArray
    wide_edges: RowArray

    def with_whole(self, need_whole: BoolArray) -> CandidateGraph:
        """Give the graph with needs that may not be split."""
        return _make_graph(self.graph, self.graph, need_whole=need_whole)


@dataclass(frozen=True, slots=True, eq=False)
class WidePrices:
    """What pairs are measured by: need prices less worth (open needs), and offers' with their units'."""

    need_level: IntArray
    need_cost: IntArray
    offer_level: IntArray
    offer_cost: IntArray

    @classmethod
    def of(cls, graph: CandidateGraph, left: LeftOut, prices: Prices) -> WidePrices:
        """Take them from the prices of a whole graph."""
        offers = left.offers
        unit = graph.offer_unit[offers]
        worth = MOST_URGENT - graph.need_priority.astype(np.int64)[left.needs]
        return cls(
            prices.need_level[left.needs] - worth,
            prices.need_cost[left.needs],
            prices.offer_level[offers] + np.append(prices.unit_level, 0)[unit],
            prices.offer_cost[offers] + np.append(prices.unit_cost, 0)[unit],
        )

    @classmethod
    def of_offers(cls, left: Omitted, level: IntArray, cost: IntArray) -> WidePrices:
        """Measure by the prices of offers alone: with these levels of needs every pair counts."""
        needs = len(left.needs)
        return cls(np.full(needs, -3 * MOST_URGENT), np.zeros(needs, np.int64), level, cost)

    def find_shift(self, other: WidePrices) -> int:
        """Give how far prices of offers moved, for one in the middle; they may move so far again."""
        like = self.offer_level == other.offer_level
        if not like.any():
            return 0
        return int(np.median(np.abs(self.offer_cost[like] - other.offer_cost[like])))


class Omitted(ABC):
    """Pairs of wide offers that aren't in a problem: told block by block, and priced.

    A pair's key is ``need row * wide offers + column``.

    Attributes
    ----------
    needs, offers : int64 arrays
        Rows that have something to give or get, ascending.
    """

    needs: IntArray
    offers: IntArray

    @abstractmethod
    def price_block(self, needs: IntArray) -> IntArray:
        """Give the costs of all pairs of some needs that follow one another, -1 where none is left out."""

    def _blocks(self) -> Iterator[tuple[slice, IntArray]]:
        if not len(self.offers):
            return
        size = max(1, _BLOCK // len(self.offers))
        for first in range(0, len(self.needs), size):
            some = slice(first, first + size)
            yield some, self.price_block(self.needs[some])

    def choose(self, prices: WidePrices, most: int, bar: int, limit: int = NO_BAR) -> Chosen:
        """Choose the pairs of each need that gain most, so many at most, and only those below a bar.

        More than `limit` in all are none: then it isn't worth while.
        """
        from matcher.wide_loops import choose_pairs

        keys, costs, left_out, violators = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0, 0
        width = max(1, min(most, len(self.offers)))
        for some, cost in self._blocks():
            needs = self.needs[some]
            column, count = np.zeros((len(needs), width), np.int64), np.zeros(len(needs), np.int64)
            pairs, worse = choose_pairs(
                cost, prices.need_level[some], prices.need_cost[some], prices.offer_level, prices.offer_cost,
                bar, np.zeros(width, np.int64), np.zeros(width, np.int64), column, count,
            )  # fmt: skip
            left_out += pairs
            violators += worse
            limit -= int(count.sum())
            if limit < 0:
                return Chosen(keys[0], costs[0], left_out, violators)
            row, rank = np.nonzero(np.arange(width) < count[:, None])
            column = column[row, rank]
            keys.append(needs[row] * len(self.offers) + column)
            costs.append(cost[row, column])
        return Chosen(np.concatenate(keys), np.concatenate(costs), left_out, violators)


class LeftOut(Omitted):
    """The wide pairs that aren't in the problem, told by a function.

    Rows that have nothing to give or get are left aside: no flow of theirs can change.
    """

    def __init__(self, graph: CandidateGraph, net: NetAmounts, offers: IntArray, cost_of: CostOf) -> None:
        unit = graph.offer_unit[offers]
        has_places, unit_has = net.offer_capacity[offers] > 0, np.append(net.unit_capacity, 1)[unit] > 0
        is_open = has_places & unit_has
        self.graph, self._cost_of = graph, cost_of
        self.offers = offers[is_open]
        self.closed_offers, self.closed_units = offers[~has_places], np.unique(unit[~unit_has])
        self.needs = np.flatnonzero(net.need_quantity > 0)
        column = np.full(graph.offer_count, -1, np.int64)
        column[self.offers] = np.arange(len(self.offers))
        own = np.flatnonzero(column[graph.edge_offer] >= 0) if len(self.offers) else np.zeros(0, np.int64)
        self._own_key = np.sort(
            graph.edge_need[own].astype(np.int64) * len(self.offers) + column[graph.edge_offer[own]]
        )
        self._key, self._cost = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._places = int(net.need_quantity.sum())
        self._load = 0 if graph.unit_load_cost is None else int(graph.unit_load_cost.max(initial=0))

    def price_block(self, needs: IntArray) -> IntArray:
        """Give the costs of all pairs of some needs (ascending), -1 where there is none or it is in."""
        shape = (len(needs), len(self.offers))
        given = np.asarray(self._cost_of(needs, self.offers))
        if given.shape != shape or given.dtype.kind not in "iu":
            raise GraphError(
                [f"cost_of gave {given.dtype} of shape {given.shape}, expected integers, {shape}"]
            )
        cost = np.array(given, dtype=np.int64)
        dearest = int(given.max(initial=0)) + self._load
        if max(dearest, 1) * self._places >= _RANGE_END:
            at, column = divmod(int(given.argmax()), shape[1])
            most = int(self.graph.need_quantity.argmax())
            raise CostRangeError(**word(
                "cost_times_places", cost=dearest, places=self._places,
                largest=f"cost_of(need {needs[at]}, offer {self.offers[column]}) = {given[at, column]}",
                wanted=f"need_quantity[{most}] = {self.graph.need_quantity[most]}",
            ))  # fmt: skip
        for key in (self._own_key, self._key):
            first, end = np.searchsorted(key, [needs[0] * shape[1], (needs[-1] + 1) * shape[1]])
            inside = key[first:end]
            row = np.searchsorted(needs, inside // shape[1])
            there = needs[np.minimum(row, len(needs) - 1)] == inside // shape[1]
            cost[row[there], inside[there] % shape[1]] = -1
        return cost

    def bring_in(self, chosen: Chosen) -> None:
        """Take pairs into the problem."""
        key = np.concatenate([self._key, chosen.key])
        order = np.argsort(key, kind="stable")
        self._key, self._cost = key[order], np.concatenate([self._cost, chosen.cost])[order]

    def join(self) -> Joint:
        """Make the graph of the caller's edges and of what is in; its needs may all be split."""
        from matcher.wide_loops import merge_pairs

        graph, width = self.graph, max(1, len(self.offers))
        need = (self._key // width).astype(np.int32)
        offer = self.offers[self._key % width].astype(np.int32)
        own_place, place = np.empty(graph.edge_count, np.int32), np.empty(len(need), np.int32)
        merge_pairs(graph.edge_need, graph.edge_offer, graph.edge_order, need, offer, own_place, place)

        def lay(own: NDArray[Any], wide: Any) -> NDArray[Any]:
            laid = np.empty(len(own_place) + len(place), own.dtype)
            laid[own_place], laid[place] = own, wide
            return laid

        edges = _Edges(
            lay(graph.edge_need, need),
            lay(graph.edge_offer, offer),
            lay(graph.edge_cost, self._cost),
            None if graph.edge_capacity is None else lay(graph.edge_capacity, UNLIMITED),
            lay(graph.edge_locked, 0) if graph.edge_locked.any() else None,
        )
        return Joint(_make_graph(graph, edges), own_place, place)


def pick_sample(needs: IntArray, wide: int, first: int) -> IntArray | None:
    """Pick needs whose pairs tell what places of wide offers are worth; None where it would teach nothing.

    Parameters
    ----------
    needs : int64 array
    wide : int
        How many wide offers there are.
    first : int
        So many pairs with them each need begins with.
    """
    most = min(_SAMPLE_MOST, _SAMPLE_PAIRS // max(wide, 1), len(needs) // _SAMPLE_EVERY)
    if wide <= first or most < _SAMPLE_LEAST:
        return None
    every = len(needs) // most
    return needs[every // 2 :: every]


def share_out(part: IntArray, share: float) -> IntArray:
    """Give a share of all capacities, rounded so that those of neighbours add up to theirs."""
    upto = np.append(0, np.cumsum(part))
    return np.asarray(np.diff(np.floor(upto * share).astype(np.int64)))


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """The edges of a graph to be."""

    edge_need: RowArray
    edge_offer: RowArray
    edge_cost: IntArray
    edge_capacity: IntArray | None
    edge_locked: IntArray | None


def _make_graph(
    rows: CandidateGraph, edges: _Edges | CandidateGraph, need_whole: BoolArray | None = None
) -> CandidateGraph:
    """Make a graph of the rows of one and the edges of another."""
    return CandidateGraph(
        rows.need_quantity,
        rows.need_priority,
        rows.offer_capacity,
        edges.edge_need,
        edges.edge_offer,
        edges.edge_cost,
        offer_unit=rows.offer_unit,
        unit_capacity=rows.unit_capacity,
        edge_capacity=edges.edge_capacity,
        edge_locked=edges.edge_locked,
        need_whole=need_whole,
        unit_load_cost=rows.unit_load_cost,
        need_ids=rows.need_ids,
        offer_ids=rows.offer_ids,
        unit_ids=rows.unit_ids,
    )
