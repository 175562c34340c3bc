"""Matches by mutual choice: nobody finds a partner who would rather have them too.

Where both sides rank each other, an assignment is *stable* if no pair blocks it: no need and offer of which
both would rather have a place more together than something each of them holds (or holds free). Deferred
acceptance finds one (Gale and Shapley 1962; with capacities Roth 1984): one side asks in its own order, the
other keeps the best so far and sends the rest on. Which side asks matters: of all stable assignments it gets
the best one for itself. How many places each need gets, and each offer, is the same in all of them.

How quotas count. A need wants its quantity, place by place, and would have each place by the same ranks. An
offer keeps as many as it has places, the best by its ranks. A unit's total is shared by its offers through
the same ranks, read across all of them: it keeps the best of what its offers keep. As a unit's offers lie
wholly within it, such choices make places substitutes for one another, so that stable assignments exist
(Fleiner 2003). Promises are kept and take no part. Whole needs are counted as if they could be split.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.arguments import check_solution, read_one_of
from matcher.arrays import IntArray, freeze, group_rows, sum_by_row
from matcher.problem import PRIORITIES, CandidateGraph
from matcher.remainder import take_promises_off
from matcher.solution import Solution, make_solution

Side = Literal["needs", "offers"]


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """How both sides judge each pair: places in two strict orders of all edges, the smaller the better.

    Attributes
    ----------
    need_place, offer_place : int64 arrays (edges)
        Compared among the edges of one need; among those of one offer, or of one unit.
    """

    need_place: IntArray
    offer_place: IntArray


def make_ranks(
    graph: CandidateGraph, *, need_rank: ArrayLike | None = None, offer_rank: ArrayLike | None = None
) -> Ranks:
    """Turn ranks, which may be tied, into strict orders; ties go to the lower offer row, then need row.

    Parameters
    ----------
    graph : CandidateGraph
    need_rank : integer array (edges), optional
        How a need ranks each of its offers, the smaller the better; by default by cost.
    offer_rank : integer array (edges), optional
        How an offer, and its unit over all its offers, ranks needs; by default by priority, then cost.

    Raises
    ------
    ValueError
        An array isn't whole numbers, one for each edge.
    """
    by_need = (_read("need_rank", need_rank, graph),) if need_rank is not None else (graph.edge_cost,)
    by_offer: tuple[IntArray, ...]
    if offer_rank is None:
        by_offer = (graph.edge_cost, graph.need_priority[graph.edge_need].astype(np.int64))
    else:
        by_offer = (_read("offer_rank", offer_rank, graph),)
    rows = (graph.edge_need, graph.edge_offer)
    return Ranks(_places((*rows, *by_need)), _places((*rows, *by_offer)))


def _read(name: str, given: ArrayLike, graph: CandidateGraph) -> IntArray:
    values = np.asarray(given)
    if values.shape != (graph.edge_count,) or values.dtype.kind not in "iu":
        raise ValueError(
            f"{name} has shape {values.shape} of {values.dtype}, expected {graph.edge_count} integers"
        )
    return values.astype(np.int64)


def _places(keys: tuple[NDArray[np.integer], ...]) -> IntArray:
    order = np.lexsort(keys)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    freeze(place)
    return place


@dataclass(slots=True, eq=False)
class _Book:
    """What an assignment leaves of everything, promises taken off."""

    flow: IntArray
    edge_room: IntArray
    need_left: IntArray
    offer_left: IntArray
    unit_left: IntArray

    @classmethod
    def open(cls, graph: CandidateGraph, flow: IntArray) -> _Book:
        net = take_promises_off(graph)
        need, offer = (
            sum_by_row(rows, flow, size)
            for rows, size in ((graph.edge_need, graph.need_count), (graph.edge_offer, graph.offer_count))
        )
        inside = graph.offer_unit >= 0
        unit = sum_by_row(graph.offer_unit[inside], offer[inside], graph.unit_count)
        own = net.need_quantity[graph.edge_need] if net.edge_capacity is None else net.edge_capacity
        return cls(
            flow.copy(), np.maximum(own - flow, 0), net.need_quantity - need, net.offer_capacity - offer,
            net.unit_capacity - unit,
        )  # fmt: skip


def match_stably(graph: CandidateGraph, ranks: Ranks | None = None, *, proposing: Side = "needs") -> Solution:
    """Find the stable assignment that is the best of all for the side that asks.

    Parameters
    ----------
    graph : CandidateGraph
    ranks : Ranks, optional
        By default those of `make_ranks`.
    proposing : {"needs", "offers"}
        Offers of a unit ask as one, through the unit's total.

    Returns
    -------
    Solution
        `heuristic` in name, as it aims at no optimum: `blocking_pairs` finds none in it.

    Raises
    ------
    ArgumentError
        A `ValueError`: another side than these two.
    """
    from matcher.stable_loops import needs_propose, offers_propose

    read_one_of("proposing", proposing, get_args(Side))
    ranks = ranks or make_ranks(graph)
    book = _Book.open(graph, np.zeros(graph.edge_count, np.int64))
    need, offer = graph.edge_need.astype(np.int64), graph.edge_offer.astype(np.int64)
    unit = graph.offer_unit.astype(np.int64)
    book.edge_room = np.minimum(book.edge_room, book.need_left[need])
    by_need, by_offer = np.argsort(ranks.need_place), np.argsort(ranks.offer_place)
    need_starts, at = group_rows(need[by_need], graph.need_count)
    need_edges = by_need[at]
    offer_starts, at = group_rows(offer[by_offer], graph.offer_count)
    offer_edges = by_offer[at]
    if proposing == "needs":
        inside = unit[offer] >= 0
        unit_starts, _ = group_rows(unit[offer][inside], graph.unit_count)
        needs_propose(
            need_starts, need_edges, need, offer, unit, ranks.offer_place, book.edge_room, book.need_left,
            book.offer_left, book.unit_left, offer_starts, unit_starts, book.flow,
        )  # fmt: skip
    else:
        alone = np.flatnonzero(unit < 0)
        group = unit.copy()
        group[alone] = graph.unit_count + np.arange(len(alone))
        group_starts, group_offers = group_rows(group, graph.unit_count + len(alone))
        group_left = np.concatenate([book.unit_left, book.offer_left[alone]])
        offers_propose(
            group_starts, group_offers, group, offer_starts, offer_edges, need, offer, ranks.offer_place,
            ranks.need_place, book.edge_room, book.need_left, book.offer_left, group_left, need_starts,
            book.flow,
        )  # fmt: skip
    return make_solution(graph, book.flow, "heuristic")


def blocking_pairs(graph: CandidateGraph, solution: Solution, ranks: Ranks | None = None) -> IntArray:
    """Find the pairs that block an assignment: both sides would rather have a place more of each other.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Any assignment of the graph, such as its optimum.
    ranks : Ranks, optional
        By default those of `make_ranks`.

    Returns
    -------
    int64 array
        Edge rows, ascending.

    Raises
    ------
    ArgumentError
        A `ValueError`: the solution of another graph.
    """
    from matcher.stable_loops import mark_blocking

    check_solution(graph, solution)
    ranks = ranks or make_ranks(graph)
    book = _Book.open(graph, solution.flow - graph.edge_locked)
    blocks = np.zeros(graph.edge_count, np.bool_)
    mark_blocking(
        graph.edge_need.astype(np.int64), graph.edge_offer.astype(np.int64),
        graph.offer_unit.astype(np.int64), ranks.need_place, ranks.offer_place,
        book.edge_room, book.need_left, book.offer_left, book.unit_left, book.flow, blocks,
    )  # fmt: skip
    return np.flatnonzero(blocks)


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """What it would mean to let both sides choose.

    Attributes
    ----------
    by_needs, by_offers : Solution
        The stable assignments that are best for the one and for the other side.
    blocking : int64 array
        Edge rows of the pairs that block the optimum.
    places_lost : mapping
        Priority to places that every stable assignment serves less than the optimum; below zero: more.
    cost_by_needs, cost_by_offers : int
        Cost of the stable assignments less that of the optimum.
    """

    by_needs: Solution
    by_offers: Solution
    blocking: IntArray
    places_lost: Mapping[int, int]
    cost_by_needs: int
    cost_by_offers: int


def price_stability(graph: CandidateGraph, solution: Solution, ranks: Ranks | None = None) -> Stability:
    """Compare an optimum with the stable assignments beside it.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
    ranks : Ranks, optional
        By default those of `make_ranks`.
    """
    ranks = ranks or make_ranks(graph)
    by_needs, by_offers = (match_stably(graph, ranks, proposing=side) for side in ("needs", "offers"))
    lost = {p: solution.served_by_priority[p] - by_needs.served_by_priority[p] for p in PRIORITIES}
    return Stability(
        by_needs,
        by_offers,
        blocking_pairs(graph, solution, ranks),
        MappingProxyType(lost),
        by_needs.cost - solution.cost,
        by_offers.cost - solution.cost,
    )
