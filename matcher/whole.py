"""Needs that may not be split: served with all their places or not at all.

The flow that ignores this is a bound. Where it serves no whole need in part it is the answer. Else the parts
of the network where it does are searched exactly up to `MOST_EDGES` and `MOST_WHOLE`, by branch and bound
over which whole needs to serve; once that is settled the rest is a flow again and is computed in whole
numbers. Larger parts are repaired by giving up whole needs step by step; how far that may be from the best is
stated. In very large ones only the surroundings of what was given up are solved again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.layers import find_best_flow, spread
from matcher.nearest import fill_up
from matcher.prices import Prices
from matcher.problem import CandidateGraph
from matcher.remainder import (
    MOST_URGENT,
    NetAmounts,
    Remainder,
    find_open_edges,
    find_remainder,
    take_promises_off,
)
from matcher.solution import Solution, Status, find_bound, find_value, make_solution

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MOST_EDGES = 10_000
"""Pairs up to which a connected part is searched exactly."""

MOST_WHOLE = 300
"""Whole needs up to which a connected part is searched exactly."""

_ALL_AGAIN_EDGES = 400_000
# Pairs up to which a part is solved again as a whole when needs were given up.

_MOST_NODES = 5_000
# Branch and bound works in floating point: beyond these a tolerance could hide a whole place.
_MOST_PLACES = 100_000
_MOST_VALUE = 1 << 40
_NEAR = 0.4
_ENGINE_EDGES = 10_000
# Loading the compiled engine takes a second, in which OR-Tools has solved what is smaller.


def solve_whole(
    graph: CandidateGraph,
    flow: IntArray,
    *,
    bound_by_priority: Mapping[int, int],
    prices: Prices,
    path: str | None = None,
) -> Solution:
    """Turn an optimal flow that may split whole needs into an assignment that doesn't.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges)
        The optimal places beyond promises if every need may be split.
    bound_by_priority : mapping
        Places by priority that the flow serves, promises included.
    prices : Prices
        The prices that prove the flow optimal.
    path : str, optional
        How that flow was found.

    Returns
    -------
    Solution
        `optimal` where no better one exists, else `bounded`. Prices and bound are as given.
    """
    flow, exact = keep_whole(graph, flow)
    proved = exact or find_value(graph, flow) == find_bound(graph, prices)
    status: Status = "optimal" if proved else "bounded"
    return make_solution(graph, flow, status, bound_by_priority=bound_by_priority, prices=prices, path=path)


def keep_whole(graph: CandidateGraph, flow: IntArray) -> tuple[IntArray, bool]:
    """Give places of which no whole need has a part, beyond promises, and whether they are surely the best.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges)
        The optimal places beyond promises if every need may be split.
    """
    net = take_promises_off(graph)
    exact = True
    for needs in _find_parts(graph, net, flow):
        quantity = np.where(needs, net.need_quantity, 0)
        settled = _search(graph, quantity)
        if settled is None:
            exact = False
            settled = _repair(graph, net, quantity, np.where(needs[graph.edge_need], flow, 0))
        flow = np.where(needs[graph.edge_need], settled, flow)
    return flow, exact


def _find_broken(graph: CandidateGraph, quantity: IntArray, flow: IntArray) -> BoolArray:
    """Mark the whole needs that a flow serves in part."""
    used = sum_by_row(graph.edge_need, flow, graph.need_count)
    broken: BoolArray = graph.need_whole & (used > 0) & (used < quantity)
    return broken


def _find_parts(graph: CandidateGraph, net: NetAmounts, flow: IntArray) -> Iterator[BoolArray]:
    """Give the needs of each connected part in which a whole need is served in part."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    broken = _find_broken(graph, net.need_quantity, flow)
    if not broken.any():
        return
    needs, offers = graph.need_count, graph.offer_count
    edges = np.flatnonzero(find_open_edges(graph, net))
    of_unit = np.flatnonzero(graph.offer_unit >= 0)
    tail = np.concatenate([graph.edge_need[edges], needs + of_unit])
    head = np.concatenate([
        needs + graph.edge_offer[edges].astype(np.int64), needs + offers + graph.offer_unit[of_unit]
    ])  # fmt: skip
    size = needs + offers + graph.unit_count
    network = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
    part = connected_components(network, directed=False)[1][:needs]
    for number in np.unique(part[broken]):
        yield part == number


def _search(graph: CandidateGraph, quantity: IntArray) -> IntArray | None:
    """Find the best assignment of a part; None if it is too large or the search didn't come to an end."""
    rest = find_remainder(graph, need_quantity=quantity)
    program = _Program.set_up(rest, graph.need_whole[rest.need_row])
    if program is None:
        return None
    found = program.run()
    if found is None:
        return None
    chosen, places, cost = found
    served = np.zeros(graph.need_count, np.bool_)
    served[rest.need_row[program.whole[chosen]]] = True
    kept = np.where(graph.need_whole & ~served, 0, quantity)
    weight = np.where(served, MOST_URGENT, MOST_URGENT - graph.need_priority.astype(np.int64))
    exact = find_remainder(graph, need_quantity=kept, need_weight=weight)
    flow = spread(graph, exact, find_best_flow(exact))
    # The search counts in floating point; only what whole numbers confirm is taken.
    used = sum_by_row(graph.edge_need, flow, graph.need_count)
    by_weight = sum_by_row(MOST_URGENT - graph.need_priority.astype(np.int64), used, MOST_URGENT)
    confirmed = all(by_weight[w] == count for w, count in places.items())
    if not confirmed or abs(find_value(graph, flow)[1] - cost) > _NEAR:
        return None
    return None if _find_broken(graph, quantity, flow).any() else flow


@dataclass(frozen=True, slots=True, eq=False)
class _Program:
    """The part as a mixed-integer program: places on edges and steps, one yes or no per whole need."""

    rest: Remainder
    whole: IntArray
    rules: csr_matrix
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def set_up(cls, rest: Remainder, is_whole: BoolArray) -> _Program | None:
        """Write down the rules; None if the part is too large to be searched."""
        from scipy.sparse import csr_matrix

        needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
        edges, steps, whole = len(rest.edge_need), len(rest.step_unit), np.flatnonzero(is_whole)
        places = int(rest.need_quantity.sum())
        dearest = int(np.abs(rest.edge_cost).max(initial=0)) + int(rest.step_cost.max(initial=0))
        if edges > MOST_EDGES or len(whole) > MOST_WHOLE or places > _MOST_PLACES:
            return None
        if dearest * places > _MOST_VALUE:
            return None
        of_unit = np.flatnonzero(rest.offer_unit[rest.edge_offer] >= 0)
        unit_rule = needs + offers
        number = np.arange(edges)
        row = np.concatenate([
            rest.edge_need, needs + rest.edge_offer, unit_rule + rest.offer_unit[rest.edge_offer[of_unit]],
            unit_rule + rest.step_unit, whole,
        ])  # fmt: skip
        column = np.concatenate(
            [number, number, number[of_unit], edges + np.arange(steps), edges + steps + np.arange(len(whole))]
        )
        value = np.ones(len(row))
        value[2 * edges + len(of_unit) : 2 * edges + len(of_unit) + steps] = -1
        value[len(row) - len(whole) :] = -rest.need_quantity[whole]
        rules = csr_matrix((value, (row, column)), shape=(unit_rule + units, edges + steps + len(whole)))
        high = np.concatenate(
            [np.where(is_whole, 0, rest.need_quantity), rest.offer_capacity, np.zeros(units)]
        )
        low = np.full(len(high), -np.inf)
        low[whole] = 0
        most = np.minimum(np.concatenate([rest.edge_capacity, rest.step_capacity]), places)
        return cls(rest, whole, rules, low, high.astype(np.float64), np.append(most, np.ones(len(whole))))

    def run(self) -> tuple[BoolArray, dict[int, int], float] | None:
        """Serve the most places of each weight in turn, then the cheapest.

        Returns
        -------
        tuple or None
            Which whole needs are served, places by weight, and the cost; None if the search was cut short.
        """
        rest, size = self.rest, len(self.most)
        edges = len(rest.edge_need)
        places: dict[int, int] = {}
        served: list[tuple[NDArray[np.float64], int]] = []
        for weight in sorted(np.unique(rest.need_weight).tolist(), reverse=True):
            counts = np.zeros(size)
            counts[:edges] = rest.need_weight[rest.edge_need] == weight
            found = self._minimise(-counts, served)
            if found is None:
                return None
            places[weight] = round(-found[1])
            served.append((counts, places[weight]))
        cost = np.zeros(size)
        cost[:edges] = rest.edge_cost
        cost[edges : edges + len(rest.step_cost)] = rest.step_cost
        found = self._minimise(cost, served)
        if found is None:
            return None
        return found[0][size - len(self.whole) :] > 0.5, places, found[1]

    def _minimise(
        self, cost: NDArray[np.float64], served: list[tuple[NDArray[np.float64], int]]
    ) -> tuple[NDArray[np.float64], float] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        rules = [LinearConstraint(self.rules, self.low, self.high)]
        rules += [LinearConstraint(counts, places, places) for counts, places in served]
        integral = np.zeros(len(cost))
        integral[len(cost) - len(self.whole) :] = 1
        found = milp(
            cost, constraints=rules, integrality=integral, bounds=Bounds(0, self.most),
            options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
        )  # fmt: skip
        return (found.x, float(found.fun)) if found.status == 0 else None


def _repair(graph: CandidateGraph, net: NetAmounts, quantity: IntArray, flow: IntArray) -> IntArray:
    """Give up whole needs until none is served in part, then let those back in that still find room.

    Of the needs served in part, the least urgent half and among these the least served go first. `flow` is
    the best of the part if every need may be split.
    """
    kept = quantity.copy()
    is_large = np.count_nonzero(kept[graph.edge_need]) > _ALL_AGAIN_EDGES
    while True:
        broken = np.flatnonzero(_find_broken(graph, kept, flow))
        if not len(broken):
            break
        used = sum_by_row(graph.edge_need, flow, graph.need_count)[broken]
        share = used / kept[broken]
        order = np.lexsort((broken, share, -graph.need_priority[broken]))
        given_up = np.zeros(graph.need_count, np.bool_)
        given_up[broken[order[: (len(broken) + 1) // 2]]] = True
        kept[given_up] = 0
        again = _find_near(graph, kept, flow, given_up) if is_large else kept > 0
        held = np.where((again | given_up)[graph.edge_need], 0, flow)
        rest = find_remainder(graph, net=_take_off(graph, net, held), need_quantity=np.where(again, kept, 0))
        flow = held + _find_best(graph, rest)
    dropped = (quantity > 0) & (kept == 0)
    return flow + fill_up(graph, _take_off(graph, net, flow), dropped)


def _find_best(graph: CandidateGraph, rest: Remainder) -> IntArray:
    """Find the best flow of what remains, by the engine where that is the quicker."""
    if rest.edge_count >= _ENGINE_EDGES:
        from matcher.engine.run import fits, run

        if fits(rest):
            return run(rest).lay_flow(graph.edge_count)
    return spread(graph, rest, find_best_flow(rest))


def _find_near(graph: CandidateGraph, kept: IntArray, flow: IntArray, given_up: BoolArray) -> BoolArray:
    """Mark the needs that may gain or move when others are given up.

    Those that could take the places freed, and those short of places that could follow them where they
    leave.
    """
    lacks = kept > sum_by_row(graph.edge_need, flow, graph.need_count)
    freed = _mark(graph.edge_offer[(flow > 0) & given_up[graph.edge_need]], graph.offer_count)
    # A place that is freed of a unit's total may be given through any of its offers.
    of_unit = graph.offer_unit >= 0
    units = _mark(graph.offer_unit[freed & of_unit], graph.unit_count)
    freed[of_unit] |= units[graph.offer_unit[of_unit]]
    near = _mark(graph.edge_need[freed[graph.edge_offer]], graph.need_count)
    left = _mark(graph.edge_offer[(flow > 0) & near[graph.edge_need]], graph.offer_count)
    near |= lacks & _mark(graph.edge_need[left[graph.edge_offer]], graph.need_count)
    return near & (kept > 0)


def _mark(rows: NDArray[np.integer], size: int) -> BoolArray:
    """Mark the rows that occur."""
    marked = np.zeros(size, np.bool_)
    marked[rows] = True
    return marked


def _take_off(graph: CandidateGraph, net: NetAmounts, flow: IntArray) -> NetAmounts:
    """Take a flow off the capacities that it uses."""
    offer_used = sum_by_row(graph.edge_offer, flow, graph.offer_count)
    of_unit = graph.offer_unit >= 0
    unit_used = sum_by_row(graph.offer_unit[of_unit], offer_used[of_unit], graph.unit_count)
    return replace(
        net,
        offer_capacity=net.offer_capacity - offer_used,
        unit_capacity=net.unit_capacity - unit_used,
        unit_locked=net.unit_locked + unit_used,
        edge_capacity=None if net.edge_capacity is None else net.edge_capacity - flow,
    )
