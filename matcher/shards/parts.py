"""Parts of a problem: cut out with their share of what offers and units have left, solved, put back.

A part sees its own needs and all their pairs. What needs outside it use of an offer or unit stays theirs;
what nobody uses is divided among the parts that ask for it. So what the parts find always fits together, and
nothing found before is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, sum_by_row
from matcher.problem import CandidateGraph
from matcher.remainder import MOST_URGENT, Remainder

_FAINT = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A part as it goes to whoever solves it.

    Attributes
    ----------
    graph : CandidateGraph
    level : int
        What one level is worth in the unit of the costs; see `matcher.shards.prices`.
    """

    graph: CandidateGraph
    level: int


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A part's optimum.

    Attributes
    ----------
    edge, places : int64 arrays
        The pairs in use (rows of the part) and the places on each.
    offer_price, unit_price : int64 arrays
        What one place more is worth, levels and costs in one number; an offer's with its unit's.
    """

    edge: IntArray
    places: IntArray
    offer_price: IntArray
    unit_price: IntArray


Run = Callable[[Callable[[Task], Answer], Iterable[Task]], Iterable[Answer]]
"""Something like `map`: calls a function for each task, in whatever place, and gives the answers in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Where a part's rows lie in the whole.

    Attributes
    ----------
    edges, offers, units : int64 arrays
        Rows of the whole.
    offer_is_open, unit_is_open : bool arrays
        Whether the part got a share; where it got none it can't know a price.
    """

    edges: IntArray
    offers: IntArray
    units: IntArray
    offer_is_open: BoolArray
    unit_is_open: BoolArray


def solve_part(task: Task) -> Answer:
    """Solve one part to its optimum; all that it needs comes with the task."""
    from matcher.flow import solve

    graph = task.graph
    found = solve(graph)
    prices = found.prices
    assert prices is not None  # no need of a part is whole, so it is solved with a proof
    own = prices.offer_level * task.level + prices.offer_cost
    unit = prices.unit_level * task.level + prices.unit_cost
    edge = np.flatnonzero(found.flow)
    total = own + np.append(unit, 0)[graph.offer_unit]
    return Answer(edge, found.flow[edge], total, unit)


def cut_parts(
    rest: Remainder, flow: IntArray, part_of_need: IntArray, count: int, level: int
) -> Iterator[tuple[Part, Task]]:
    """Cut out the parts, one after another; what each may use is settled before the first is given out.

    Parameters
    ----------
    rest : Remainder
    flow : int64 array (edges of `rest`)
        What is assigned so far.
    part_of_need : int64 array (needs of `rest`)
        Part of each need, -1 for needs that stay as they are.
    count : int
        How many parts there are.
    level : int
    """
    offer_share, unit_share = _share_out(rest, flow, part_of_need, count)
    unit_count = len(rest.unit_row)
    part_of_edge = part_of_need[rest.edge_need]
    for part in range(count):
        edges = np.flatnonzero(part_of_edge == part)
        if not len(edges):
            continue
        needs, need = _renumber(rest.edge_need[edges], len(rest.need_quantity))
        offers, offer = _renumber(rest.edge_offer[edges], len(rest.offer_capacity))
        inside = rest.offer_unit[offers] >= 0
        units, unit = _renumber(rest.offer_unit[offers[inside]], unit_count)
        offer_unit = np.full(len(offers), -1, np.int64)
        offer_unit[inside] = unit
        capacity = rest.edge_capacity[edges]
        offer_capacity, unit_capacity = offer_share[offers, part], unit_share[units, part]
        graph = CandidateGraph(
            rest.need_quantity[needs], MOST_URGENT - rest.need_weight[needs], offer_capacity,
            need, offer, rest.edge_cost[edges], offer_unit=offer_unit, unit_capacity=unit_capacity,
            edge_capacity=capacity if (capacity < NO_LIMIT).any() else None,
        )  # fmt: skip
        yield Part(edges, offers, units, offer_capacity > 0, unit_capacity > 0), Task(graph, level)


def _renumber(rows: NDArray[np.integer], size: int) -> tuple[IntArray, IntArray]:
    """Give the rows that occur, ascending, and each entry's place among them."""
    occurs = np.zeros(size, np.bool_)
    occurs[rows] = True
    number = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), number[rows]


def _share_out(
    rest: Remainder, flow: IntArray, part_of_need: IntArray, count: int
) -> tuple[IntArray, IntArray]:
    """Divide offers and units among the parts: what each one uses, and its share of what nobody does.

    Returns
    -------
    offer_share, unit_share : int64 arrays (offers or units, parts)
    """
    offers, units = len(rest.offer_capacity), len(rest.unit_row)
    # The last column is for needs that stay.
    column = np.where(part_of_need < 0, count, part_of_need)
    lacking = rest.need_quantity - sum_by_row(rest.edge_need, flow, len(rest.need_quantity))
    degree = np.bincount(rest.edge_need, minlength=len(rest.need_quantity))
    # Needs that lack nothing ask too, if faintly: they may come over and leave room where they were.
    wish = (lacking + _FAINT * rest.need_quantity) * rest.need_weight / np.maximum(degree, 1)
    key = rest.edge_offer.astype(np.int64) * (count + 1) + column[rest.edge_need]
    size = offers * (count + 1)
    asked = np.bincount(key, wish[rest.edge_need], size).reshape(offers, count + 1)[:, :count]
    used_edges = np.flatnonzero(flow)
    used = sum_by_row(key[used_edges], flow[used_edges], size).reshape(offers, count + 1)
    spare = rest.offer_capacity - used.sum(axis=1)
    offer_share = used[:, :count] + divide(spare, asked)
    inside = np.flatnonzero(rest.offer_unit >= 0)
    unit_used = np.zeros((units, count + 1), np.int64)
    np.add.at(unit_used, rest.offer_unit[inside], used[inside])
    unit_asked = np.zeros((units, count))
    np.add.at(unit_asked, rest.offer_unit[inside], asked[inside])
    capacity = sum_by_row(rest.step_unit, rest.step_capacity, units)
    unit_share = unit_used[:, :count] + divide(capacity - unit_used.sum(axis=1), unit_asked)
    return offer_share, unit_share


def divide(amount: IntArray, asked: np.ndarray) -> IntArray:
    """Divide whole amounts in proportion to what is asked, all of them where anything is asked.

    Parameters
    ----------
    amount : int64 array (rows)
    asked : float array (rows, parts)

    Returns
    -------
    int64 array (rows, parts)
        Along a row it adds up to the amount.
    """
    rows, parts = asked.shape
    if not rows or not parts:
        return np.zeros((rows, parts), np.int64)
    total = asked.sum(axis=1)
    share = np.full(asked.shape, 1.0 / parts)
    np.divide(asked, total[:, None], out=share, where=total[:, None] > 0)
    upto = np.cumsum(share, axis=1)
    # Large amounts lose digits as floating-point numbers: the last one who asks gets what is left.
    ends = np.minimum(np.rint(upto * amount[:, None]).astype(np.int64), amount[:, None])
    ends[:, -1] = amount
    shares: IntArray = np.diff(ends, axis=1, prepend=0)
    return shares
