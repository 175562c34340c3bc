"""The way into the engine: a remainder in, an optimal flow and its prices out, or an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph.compiled import compiled
from matcher.arrays import NO_LIMIT, BoolArray, IntArray, RowArray
from matcher.prices import Pair, Potentials
from matcher.remainder import Remainder

_RANGE_END = 1 << 49
_LEVEL = 64
_NOTHING = np.zeros(0, np.int64)

_Ends = tuple[RowArray, IntArray, Pair, Pair]


class EngineError(RuntimeError):
    """The engine came to an answer that its own check doesn't confirm; it is never returned."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An optimal flow and its prices.

    Attributes
    ----------
    edge_row, places : int32, int64 arrays
        The caller's rows of the edges in use, each once, and what flows on them.
    need, node : Pair
        Shortest way to a spare place from each row of the remainder, by level, then by cost: of needs; of
        offers (their unit's included), then units. A need's counts no further than staying without a place.
    path : str
        How it was found.
    """

    edge_row: RowArray
    places: IntArray
    need: Pair
    node: Pair
    path: str

    def lay_flow(self, edges: int) -> IntArray:
        """Give the flow on all edges, of which there are so many."""
        flow = np.zeros(edges, np.int64)
        flow[self.edge_row] = self.places
        return flow

    def potentials(self, offers: int) -> Potentials:
        """Put the lengths in the form that prices of a whole graph are laid from."""
        node = self.node
        return Potentials(
            self.need,
            Pair(node.level[:offers], node.cost[:offers]),
            Pair(node.level[offers:], node.cost[offers:]),
        )


@compiled
def find_best_ways(
    edge_need: RowArray,
    edge_offer: RowArray,
    edge_cost: IntArray,
    is_full: BoolArray,
    node_level: IntArray,
    node_cost: IntArray,
    needs: int,
) -> tuple[IntArray, IntArray]:
    """Find each need's shortest way over its pairs with room, by level and then by cost."""
    level = np.full(needs, NO_LIMIT, np.int64)
    cost = np.full(needs, NO_LIMIT, np.int64)
    for edge in range(len(edge_need)):
        if is_full[edge]:
            continue
        need, offer = edge_need[edge], edge_offer[edge]
        here = edge_cost[edge] + node_cost[offer]
        if node_level[offer] < level[need] or (node_level[offer] == level[need] and here < cost[need]):
            level[need] = node_level[offer]
            cost[need] = here
    return level, cost


def find_barrier(rest: Remainder) -> int:
    """Give a cost that no way through the network comes up to."""
    dearest = rest.dearest_edge + int(rest.step_cost.max(initial=0))
    # A unit with a load cost gets an offer for those that hold its places.
    units = (2 if rest.step_cost.any() else 1) * len(rest.unit_row)
    return (2 * (len(rest.offer_capacity) + units) + 6) * (dearest + 1)


def fits(rest: Remainder) -> bool:
    """True if no sum in the engine can overflow."""
    return find_barrier(rest) < _RANGE_END


def run(rest: Remainder, *, path: Literal["auction", "general"] | None = None, threads: int = 2) -> Answer:
    """Find an optimal flow and its prices.

    Parameters
    ----------
    rest : Remainder
        One that `fits`.
    path : str, optional
        The way to take, to try both; left out: the auction. An answer by auction that fails its check is
        found again by the general way.
    threads : int
        From 2 on, a second one works beside where a problem is large; the answer is the same.

    Raises
    ------
    EngineError
        The answer found isn't proved: a fault of the engine, whatever the problem.
    """
    barrier = find_barrier(rest)
    level = _LEVEL * barrier
    ways: tuple[Literal["auction", "general"], ...] = ("auction", "general")
    for way in ways if path is None else (path,):
        if way == "auction":
            found = _run_plain(rest, barrier, level, threads)
        else:
            found = _run_general(rest, barrier, level)
        if found is not None:
            return Answer(*found, way)
    raise EngineError("no answer was confirmed by its prices")


def _split(length: IntArray, level: int) -> Pair:
    """Take levels and costs apart."""
    levels = (length + level // 2) // level
    return Pair(levels, length - levels * level)


def _run_plain(rest: Remainder, barrier: int, level: int, threads: int) -> _Ends | None:
    """Find flow and lengths by auction; None if they aren't proved."""
    from matcher.engine.certify import is_optimal
    from matcher.engine.general import pack
    from matcher.engine.holders import has_steps, hold_places
    from matcher.engine.plain import solve_plain

    if not rest.edge_count:
        return _NOTHING.astype(np.int32), _NOTHING, Pair(_NOTHING, _NOTHING), Pair(_NOTHING, _NOTHING)
    held = hold_places(rest) if has_steps(rest) else None
    found = solve_plain(rest if held is None else held.rest, barrier, level, threads)
    if found is None:
        return None
    edge_row, places, length = found.edge_row, found.places, found.length
    if held is None:
        return edge_row, places, _split(found.need_length, level), _split(length, level)
    edge_row, places, length = held.take_back(edge_row, places, length)
    flow = np.zeros(len(rest.source.need), np.int64)
    flow[edge_row] = places
    flow = flow[rest.edge_row]
    if not is_optimal(pack(rest, by_offer=False), flow, length, level):
        return None
    node = _split(length, level)
    return edge_row, places, _find_ways(rest, flow, node), node


def _find_ways(rest: Remainder, flow: IntArray, node: Pair) -> Pair:
    """Find each need's shortest way over its pairs with room."""
    ways = find_best_ways(
        rest.edge_need, rest.edge_offer, rest.edge_cost, flow >= rest.edge_capacity, node.level, node.cost,
        len(rest.need_quantity),
    )  # fmt: skip
    return Pair(*ways)


def _run_general(rest: Remainder, barrier: int, level: int) -> _Ends | None:
    """Find flow and lengths of any problem; None if they aren't proved."""
    from matcher.engine.certify import is_optimal
    from matcher.engine.general import pack, read_flow, solve_net
    from matcher.engine.heap import make_heap
    from matcher.engine.shadow import find_lengths

    net = pack(rest)
    found = solve_net(net, rest.edge_need.astype(np.int64), barrier)
    if found is None:
        return None
    length = found.node_cost + level * found.node_level
    need_length = found.need_cost + level * found.need_level
    length += find_lengths(net, found.flow, length, need_length, level, make_heap(len(length)))
    flow = np.zeros(len(rest.edge_need), np.int64)
    read_flow(found.flow, np.arange(len(flow)), flow)
    if not is_optimal(net, flow, length, level):
        return None
    node = _split(length, level)
    used = np.flatnonzero(flow)
    return rest.edge_row[used], flow[used], _find_ways(rest, flow, node), node
