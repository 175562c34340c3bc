"""Offers that reach everyone, without a pair for everyone: pairs come in where prices say they could help.

A hundred offers that reach each of a million needs would be a hundred million pairs, of which hardly one in
twenty matters. So a problem with a few pairs of each need is solved, all pairs left out are priced at what it
came to, and those that would gain come in, until none is left: then the prices prove the assignment the best
of all pairs (delayed column generation; Ford and Fulkerson 1958, Gilmore and Gomory 1961). Which pairs to
begin with is told by the prices of a sample of the needs, solved with all their pairs. Costs of pairs are
asked for block by block and never all kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from matcher.arguments import check_graph
from matcher.arrays import IntArray, RowArray, freeze
from matcher.flow import Path, solve
from matcher.prices import Prices
from matcher.problem import UNLIMITED, CandidateGraph, GraphError
from matcher.remainder import MOST_URGENT, NetAmounts, take_promises_off
from matcher.solution import Solution, find_bound, find_value
from matcher.whole import solve_whole
from matcher.wide_pairs import (
    FIRST_PAIRS,
    MORE_PAIRS,
    NO_BAR,
    PATIENT_ROUNDS,
    CostOf,
    Joint,
    LeftOut,
    WidePrices,
    pick_sample,
    share_out,
)

_MOST_EQUALS = 2_000_000
# Pairs at most that come in though they'd neither gain nor lose, for the sake of lots.


@dataclass(frozen=True, slots=True)
class WideRound:
    """What one round came to.

    Attributes
    ----------
    pairs : int
        Pairs of the problem that was solved, the graph's own included.
    left_out : int
        Pairs left out, all of which were priced.
    violators : int
        How many of these would gain at its prices; 0: it is the best of all pairs.
    """

    pairs: int
    left_out: int
    violators: int


@dataclass(frozen=True, slots=True, eq=False)
class WideSolution:
    """The best assignment of all pairs, on the graph of those that came in.

    Attributes
    ----------
    solution : Solution
        Of a graph with the same needs, offers and units, whose edges are sorted by need, then offer. Status,
        bound and prices hold for all pairs, those left out too.
    own_edges : int32 array
        Row there of each of the caller's edges.
    wide_edges : int32 array
        Rows there of the wide pairs that came in.
    rounds : tuple of WideRound
        What was solved, one after another.
    """

    solution: Solution
    own_edges: RowArray
    wide_edges: RowArray
    rounds: tuple[WideRound, ...]


def solve_wide(
    graph: CandidateGraph,
    wide_offers: ArrayLike,
    cost_of: CostOf,
    *,
    threads: int | None = None,
    path: Path | None = None,
) -> WideSolution:
    """Solve a graph beside offers whose pairs are told by a function, as if all pairs were edges.

    Parameters
    ----------
    graph : CandidateGraph
        All needs, offers and units. Where it has an edge of a wide offer (a promise, say), this holds instead
        of what the function says.
    wide_offers : int array
        Rows of the offers whose further pairs `cost_of` tells; they have no capacity of their own.
    cost_of : callable
        Called with rows of needs (n) and of offers (m); gives integers, shape (n, m): the cost of one place,
        below 0 where there is no pair. It is asked for the same pairs again and again and must give the same.
    threads, path
        As of `solve`, which each round calls.

    Returns
    -------
    WideSolution
        Places by priority and cost are those of `solve` with all pairs. Where needs are whole and the best
        that splits them isn't reached, it is `bounded`, since a pair left out might have led to a better one.
        Where the graph has ids, of equally cheap assignments the one that `solve` takes too, unless more
        than two million pairs left out neither gain nor lose.

    Raises
    ------
    GraphError
        Rows of offers outside, or twice; costs that aren't integers of the shape asked for.
    CostRangeError, ArgumentError
        As of `solve`.
    """
    check_graph(graph)
    net = take_promises_off(graph)
    left = LeftOut(graph, net, _read_offers(graph, wide_offers), cost_of)
    measure = _price_sample(graph, net, left, threads, path)
    left.bring_in(left.choose(measure, FIRST_PAIRS, NO_BAR))
    rounds: list[WideRound] = []
    while True:
        joint = left.join()
        found = solve(joint.graph, threads=threads, path=path)
        assert found.prices is not None
        prices = WidePrices.of(graph, left, found.prices)
        is_late = len(rounds) >= PATIENT_ROUNDS
        most, bar = (len(left.offers), 0) if is_late else (MORE_PAIRS, measure.find_shift(prices))
        chosen = left.choose(prices, most, bar)
        rounds.append(WideRound(joint.graph.edge_count, chosen.left_out, chosen.violators))
        if not chosen.violators:
            if not _draws_lots(graph):
                break
            chosen = left.choose(prices, len(left.offers), 1, _MOST_EQUALS)
            if not len(chosen.key):
                break
        left.bring_in(chosen)
        measure = prices
    return WideSolution(_finish(graph, left, joint, found), joint.own_edges, joint.wide_edges, tuple(rounds))


def _draws_lots(graph: CandidateGraph) -> bool:
    """True if lots may decide between equals."""
    return graph.need_ids is not None and graph.offer_ids is not None


def _read_offers(graph: CandidateGraph, wide_offers: ArrayLike) -> IntArray:
    """Give the rows, ascending."""
    rows = np.asarray(wide_offers)
    if rows.ndim != 1 or (rows.size and rows.dtype.kind not in "iu"):
        raise GraphError([f"wide_offers holds {rows.dtype} in {rows.ndim} axes, expected integers in one"])
    rows = rows.astype(np.int64)
    wrong = np.flatnonzero((rows < 0) | (rows >= graph.offer_count))
    if len(wrong):
        raise GraphError([
            f"wide_offers[{wrong[0]}] is {rows[wrong[0]]}, expected a row of the {graph.offer_count} offers"
        ])  # fmt: skip
    ordered = np.unique(rows)
    if len(ordered) < len(rows):
        raise GraphError([f"wide_offers has {len(rows) - len(ordered)} rows twice, expected each once"])
    return ordered


def _price_sample(
    graph: CandidateGraph, net: NetAmounts, left: LeftOut, threads: int | None, path: Path | None
) -> WidePrices:
    """Price the wide offers by solving a sample of the needs with all their pairs; at 0 without one."""
    wide = len(left.offers)
    needs = pick_sample(left.needs, wide, FIRST_PAIRS)
    if needs is None:
        return WidePrices.of_offers(left, np.zeros(wide, np.int64), np.zeros(wide, np.int64))
    number = np.full(graph.need_count, -1, np.int32)
    number[needs] = np.arange(len(needs))
    own = np.flatnonzero(number[graph.edge_need] >= 0)
    cost = left.price_block(needs)
    row, column = np.nonzero(cost >= 0)
    share = float(net.need_quantity[needs].sum()) / float(net.need_quantity.sum())
    places = int(net.need_quantity.sum())
    capacity = None
    if net.edge_capacity is not None:
        capacity = np.concatenate([net.edge_capacity[own], np.full(len(row), UNLIMITED)])
    sample = CandidateGraph(
        net.need_quantity[needs],
        graph.need_priority[needs],
        share_out(np.minimum(net.offer_capacity, places), share),
        np.concatenate([number[graph.edge_need[own]], row.astype(np.int32)]),
        np.concatenate([graph.edge_offer[own], left.offers[column].astype(np.int32)]),
        np.concatenate([graph.edge_cost[own], cost[row, column]]),
        offer_unit=graph.offer_unit,
        unit_capacity=share_out(np.minimum(net.unit_capacity, places), share),
        edge_capacity=capacity,
        # A place here stands for so many.
        unit_load_cost=None
        if graph.unit_load_cost is None
        else graph.unit_load_cost[:, :: len(left.needs) // len(needs)],
    )
    found = solve(sample, threads=threads, path=path).prices
    assert found is not None
    unit = graph.offer_unit[left.offers]
    level = found.offer_level[left.offers] + np.append(found.unit_level, 0)[unit]
    return WidePrices.of_offers(
        left, level, found.offer_cost[left.offers] + np.append(found.unit_cost, 0)[unit]
    )


def _finish(graph: CandidateGraph, left: LeftOut, joint: Joint, found: Solution) -> Solution:
    """Let prices hold for all pairs, and give needs that may not be split all or nothing."""
    assert found.prices is not None
    prices = _raise_closed(graph, left, found.prices)
    if not graph.need_whole.any():
        return replace(found, prices=prices)
    whole = joint.with_whole(graph.need_whole)
    solution = solve_whole(
        whole, found.flow - whole.edge_locked, bound_by_priority=found.served_by_priority, prices=prices,
        path=found.path,
    )  # fmt: skip
    # What was searched are the pairs that are in: only reaching the bound proves it for all.
    is_best = find_value(whole, solution.flow - whole.edge_locked) == find_bound(whole, prices)
    return replace(solution, status="optimal" if is_best else "bounded")


def _raise_closed(graph: CandidateGraph, left: LeftOut, prices: Prices) -> Prices:
    """Price rows that promises or zero capacities close so high that no pair left out tempts either.

    Nothing is left to give or get there, so this adds nothing to either side of the proof.
    """
    is_open = np.zeros(graph.need_count, np.bool_)
    is_open[left.needs] = True
    needs = np.flatnonzero(~is_open)
    need_level, offer_level, unit_level = (
        level.copy() for level in (prices.need_level, prices.offer_level, prices.unit_level)
    )
    need_cost, offer_cost, unit_cost = (
        cost.copy() for cost in (prices.need_cost, prices.offer_cost, prices.unit_cost)
    )
    units = left.closed_units
    rows = ((need_level, need_cost, needs), (unit_level, unit_cost, units))
    for level, cost, some in (*rows, (offer_level, offer_cost, left.closed_offers)):
        low = some[level[some] < MOST_URGENT]
        level[low], cost[low] = MOST_URGENT, 0
    for values in (need_level, need_cost, offer_level, offer_cost, unit_level, unit_cost):
        freeze(values)
    return Prices(need_level, need_cost, offer_level, offer_cost, unit_level, unit_cost)
