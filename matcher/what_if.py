"""What would be otherwise: a place more, a unit gone, pairs added, a pair forced; nothing is kept.

Each question makes another graph, solves it, and compares: the difference is certified where both assignments
are proved the best of their graphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from matcher.arguments import check_solution, read_row, read_whole
from matcher.arrays import IntArray, sum_by_row
from matcher.flow import solve
from matcher.intervals import remake
from matcher.problem import PRIORITIES, UNLIMITED, CandidateGraph, GraphError
from matcher.reading import Reader
from matcher.remainder import take_promises_off
from matcher.solution import Solution


@dataclass(frozen=True, slots=True)
class Shift:
    """Places of a need that go from one offer to another; -1: they were, or are then, unserved."""

    need: int
    from_offer: int
    to_offer: int
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What another assignment changes.

    Attributes
    ----------
    places_by_priority : mapping
        Priority 1 to 5 to places served more; below zero: fewer.
    places : int
        All of them.
    cost : int
        By how much the cost rises; below zero: falls.
    shifts : tuple of Shift
        Who moves, by need and offer rows. Where several assignments are equally good, these are between the
        two that were found.
    is_certified : bool
        Both assignments are proved the best of their graphs, so the figures are those of any other such pair.
    after : Solution
    """

    places_by_priority: Mapping[int, int]
    places: int
    cost: int
    shifts: tuple[Shift, ...]
    is_certified: bool
    after: Solution


def compare(before: Solution, after: Solution) -> Difference:
    """Compare assignments of two graphs with the same needs and offers; their pairs may differ."""
    more = {p: after.served_by_priority[p] - before.served_by_priority[p] for p in PRIORITIES}
    return Difference(
        MappingProxyType(more),
        sum(more.values()),
        after.cost - before.cost,
        tuple(_list_shifts(before, after)),
        before.status == after.status == "optimal",
        after,
    )


def _list_shifts(before: Solution, after: Solution) -> Iterator[Shift]:
    """Pair up what each need has no more with what it has instead, in order of offer rows."""
    offers = max(before.graph.offer_count, 1)
    keys, change = [], []
    for solution, sign in ((before, -1), (after, 1)):
        used = np.flatnonzero(solution.flow)
        graph = solution.graph
        keys.append(graph.edge_need[used].astype(np.int64) * offers + graph.edge_offer[used])
        change.append(sign * solution.flow[used])
    key, at = np.unique(np.concatenate(keys), return_inverse=True)
    net = sum_by_row(at, np.concatenate(change), len(key))
    of_need: dict[int, tuple[list[list[int]], list[list[int]]]] = {}
    for row in np.flatnonzero(net).tolist():
        need, offer = divmod(int(key[row]), offers)
        less, more = of_need.setdefault(need, ([], []))
        (more if net[row] > 0 else less).append([offer, abs(int(net[row]))])
    for need, (less, more) in of_need.items():
        while less or more:
            source, target = less[0] if less else None, more[0] if more else None
            places = min(item[1] for item in (source, target) if item is not None)
            yield Shift(need, source[0] if source else -1, target[0] if target else -1, places)
            for rows in (less, more):
                if rows:
                    rows[0][1] -= places
                    if not rows[0][1]:
                        rows.pop(0)


def more_places(graph: CandidateGraph, solution: Solution, offer: int, places: int = 1) -> Difference:
    """Give an offer more places (or, below zero, fewer).

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    offer : int
    places : int

    Raises
    ------
    ArgumentError
        A `ValueError`: a row that isn't there, no whole number, or the solution of another graph.
    """
    check_solution(graph, solution)
    offer, places = read_row("offer", offer, graph.offer_count), _read_change(places)
    capacity = graph.offer_capacity.copy()
    capacity[offer] = max(capacity[offer] + places, 0)
    return compare(solution, solve(remake(graph, offer_capacity=capacity)))


def without_unit(graph: CandidateGraph, solution: Solution, unit: int) -> Difference:
    """Take a unit away: its offers have no places but those they promised already.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    unit : int

    Raises
    ------
    ArgumentError
        As in `more_places`.
    """
    check_solution(graph, solution)
    unit = read_row("unit", unit, graph.unit_count)
    capacity = np.where(graph.offer_unit == unit, 0, graph.offer_capacity)
    return compare(solution, solve(remake(graph, offer_capacity=capacity)))


def with_pairs(
    graph: CandidateGraph, solution: Solution, offer: int, needs: ArrayLike, costs: ArrayLike
) -> Difference:
    """Let an offer reach further needs.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    offer : int
    needs, costs : integer arrays
        Rows of the needs, none of which has a pair with the offer yet, and the cost of a place of each.

    Raises
    ------
    ArgumentError
        As in `more_places`.
    GraphError
        A `ValueError`: a pair is there already, or an array doesn't fit.
    """
    check_solution(graph, solution)
    offer = read_row("offer", offer, graph.offer_count)
    rows, prices = _read_pairs(graph, needs, costs)
    added = {
        "edge_need": rows,
        "edge_offer": np.full(len(rows), offer),
        "edge_cost": prices,
        "edge_locked": np.zeros(len(rows), np.int64),
    }
    if graph.edge_capacity is not None:
        added["edge_capacity"] = graph.need_quantity[rows]
    joined = {name: np.concatenate([getattr(graph, name), values]) for name, values in added.items()}
    return compare(solution, solve(remake(graph, **joined)))


def forced(graph: CandidateGraph, solution: Solution, edge: int, places: int = 1) -> Difference | None:
    """Promise places on a pair beside all other promises.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    edge : int
        Edge row of the pair.
    places : int

    Returns
    -------
    Difference or None
        None where need, offer, unit or pair have fewer places left beside the promises.

    Raises
    ------
    ArgumentError
        As in `more_places`.
    """
    check_solution(graph, solution)
    edge, places = read_row("edge", edge, graph.edge_count), read_whole("places", places, low=1)
    net = take_promises_off(graph)
    offer = int(graph.edge_offer[edge])
    unit = int(graph.offer_unit[offer])
    left = [net.need_quantity[graph.edge_need[edge]], net.offer_capacity[offer]]
    left += [net.unit_capacity[unit]] if unit >= 0 else []
    left += [] if net.edge_capacity is None else [net.edge_capacity[edge]]
    if min(left) < places:
        return None
    locked = graph.edge_locked.copy()
    locked[edge] += places
    return compare(solution, solve(remake(graph, edge_locked=locked)))


def _read_change(places: int) -> int:
    """Take a number of places, above or below zero, that no list exceeds."""
    return read_whole("places", places, low=-UNLIMITED, high=UNLIMITED)


def _read_pairs(graph: CandidateGraph, needs: ArrayLike, costs: ArrayLike) -> tuple[IntArray, IntArray]:
    """Take rows of needs, each once, and as many costs; places in them count as they were given."""
    read = Reader()
    read.integers("needs", needs, np.int64, high=graph.need_count - 1)
    read.integers("costs", costs, np.int64)
    rows, prices = read.arrays["needs"], read.arrays["costs"]
    if not read.complaints and len(rows) != len(prices):
        read.complaints.append(f"costs has {len(prices)} entries, expected {len(rows)} as in needs")
    if read.complaints:
        raise GraphError(read.complaints)
    return rows, prices
