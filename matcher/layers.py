"""Flows in the layered network of what remains: most places for each weight, then the cheapest for these.

Nodes: a source for each weight, needs, offers, units, a sink. OR-Tools' push-relabel and cost-scaling engines
run on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from graph.wording import word
from matcher.arrays import IntArray, sum_by_row
from matcher.banding import put_together
from matcher.prices import Pair, find_potentials
from matcher.problem import CandidateGraph, CostRangeError
from matcher.remainder import Remainder

Edges = IntArray | slice
"""Rows of some edges, or a slice: all of them without a copy."""

_SCALED_END = 1 << 60
_DIGITS = 12
_LEAST_PAIRS_BANDED = 100_000
# Below, what the engine needs is in the cache in any order.


@dataclass(frozen=True, slots=True)
class _Arcs:
    tail: IntArray
    head: IntArray
    capacity: IntArray
    cost: IntArray
    nodes: int


def find_most_places(rest: Remainder, tell: Callable[[str], None] = lambda name: None) -> dict[int, int]:
    """Find how many places each weight gets when the heavier always come first.

    Parameters
    ----------
    rest : Remainder
    tell : callable, optional
        Called with the name of each step before it starts.

    Returns
    -------
    dict
        Weight to places, heaviest first.
    """
    weights = sorted({int(w) for w in np.unique(rest.need_weight)}, reverse=True)
    wanted = [int(rest.need_quantity[rest.need_weight >= w].sum()) for w in weights]
    tell("places in all")
    upto = [0] * len(weights)
    if weights:
        upto[-1] = find_maximum(rest)
    everything = bool(weights) and upto[-1] == wanted[-1]
    for at, weight in enumerate(weights[:-1]):
        tell(f"places of weight {weight} and above")
        upto[at] = wanted[at] if everything else find_maximum(rest, lightest=weight)
    return {weight: upto[at] - (upto[at - 1] if at else 0) for at, weight in enumerate(weights)}


def find_maximum(rest: Remainder, *, lightest: int = 0) -> int:
    """Find the most places that needs of this weight and above can get together."""
    return int(_run_maximum(rest, lightest)[1])


def find_maximum_flow(rest: Remainder) -> IntArray:
    """Find a flow (per edge of `rest`) that serves the most places in all."""
    return _run_maximum(rest, 0)[0]


def can_serve(rest: Remainder, places: Mapping[int, int], edges: IntArray) -> bool:
    """Whether some edges alone can serve so many places of each weight, at any cost.

    Parameters
    ----------
    rest : Remainder
    places : mapping
        Weight to places.
    edges : int64 array
        Rows of edges of `rest`.
    """
    from ortools.graph.python import max_flow

    arcs = _lay_arcs(rest, edges)
    weights = np.array(sorted(places), np.int64)
    asked = np.array([places[weight] for weight in weights.tolist()], np.int64)
    source, of_weight = arcs.nodes, arcs.nodes + 1
    needs = np.flatnonzero(np.isin(rest.need_weight, weights))
    engine = max_flow.SimpleMaxFlow()
    for tail, head, capacity in (
        (arcs.tail, arcs.head, arcs.capacity),
        (np.full(len(weights), source), of_weight + np.arange(len(weights)), asked),
        (of_weight + np.searchsorted(weights, rest.need_weight[needs]), needs, rest.need_quantity[needs]),
    ):
        engine.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), capacity)
    status = engine.solve(source, arcs.nodes - 1)
    if status != engine.OPTIMAL:
        raise CostRangeError(**word("quantities_refused", status=status))
    return int(engine.optimal_flow()) == int(asked.sum())


def _run_maximum(rest: Remainder, lightest: int) -> tuple[IntArray, int]:
    from ortools.graph.python import max_flow

    chosen = np.flatnonzero(rest.need_weight >= lightest)
    needs = len(rest.need_quantity)
    edges: Edges = slice(None)
    if len(chosen) < needs:
        edges = np.flatnonzero(rest.need_weight[rest.edge_need] >= lightest)
    need, offer = rest.edge_need[edges], rest.edge_offer[edges]
    arcs = _lay_arcs(rest, edges)
    source, sink = arcs.nodes, arcs.nodes - 1
    engine = max_flow.SimpleMaxFlow()
    node = np.arange(arcs.nodes + 1, dtype=np.int32)
    if len(need) >= _LEAST_PAIRS_BANDED:
        offers = len(rest.offer_capacity)
        ranks = put_together(need, offer, needs, offers)
        node[: needs + offers] = np.concatenate([ranks[0], needs + ranks[1]])
    rows = engine.add_arcs_with_capacity(node[arcs.tail], node[arcs.head], arcs.capacity)
    if not needs:
        return np.zeros(0, np.int64), 0
    engine.add_arcs_with_capacity(
        np.full(len(chosen), source, np.int32), node[chosen], rest.need_quantity[chosen]
    )
    status = engine.solve(source, sink)
    if status != engine.OPTIMAL:
        raise CostRangeError(**word("quantities_refused", status=status))
    flow = np.asarray(engine.flows(rows[: len(need)]), dtype=np.int64)
    return flow, int(engine.optimal_flow())


def _lay_arcs(rest: Remainder, edges: Edges) -> _Arcs:
    """Lay the arcs from needs to the sink: the edges first, then offers, then the steps of units.

    Nodes: needs, offers, units, sink. Capacities are cut to what could ever flow, so that no sum overflows.
    """
    needs, offers, units = len(rest.need_quantity), len(rest.offer_capacity), len(rest.unit_row)
    sink = needs + offers + units
    need, offer = rest.edge_need[edges], rest.edge_offer[edges]
    edge_most = np.minimum(np.minimum(rest.edge_capacity[edges], rest.need_quantity[need]),
                           rest.offer_capacity[offer])  # fmt: skip
    offer_most = np.minimum(rest.offer_capacity, sum_by_row(offer, edge_most, offers))
    of_unit = rest.offer_unit >= 0
    offer_head = np.where(of_unit, needs + offers + rest.offer_unit, sink)
    unit_most = sum_by_row(rest.offer_unit[of_unit], offer_most[of_unit], units)
    step_most = np.minimum(rest.step_capacity, unit_most[rest.step_unit])
    return _Arcs(
        tail=np.concatenate([need, needs + np.arange(offers), needs + offers + rest.step_unit]),
        head=np.concatenate([needs + offer, offer_head, np.full(len(step_most), sink)]),
        capacity=np.concatenate([edge_most, offer_most, step_most]),
        cost=np.concatenate([rest.edge_cost[edges], np.zeros(offers, np.int64), rest.step_cost]),
        nodes=sink + 1,
    )


def find_best_flow(rest: Remainder) -> IntArray:
    """Find the flow (per edge of `rest`) that serves the heavier before the lighter, at least cost."""
    return find_cheapest(rest, find_most_places(rest))


def find_cheapest(rest: Remainder, places: dict[int, int]) -> IntArray:
    """Find the flow of least cost that serves exactly these places of each weight.

    Parameters
    ----------
    rest : Remainder
    places : dict
        Weight to places, as `find_most_places` gives them.

    Returns
    -------
    int64 array (edges of `rest`)
    """
    arcs = _lay_arcs(rest, slice(None))
    if not len(rest.edge_need):
        return np.zeros(0, np.int64)
    dearest = max(abs(int(arcs.cost.min())), abs(int(arcs.cost.max())))
    if dearest * (arcs.nodes + len(places) + 1) < _SCALED_END:
        flow = _run_cheapest(rest, places, arcs, np.zeros(len(rest.need_quantity), np.int64))
        if flow is not None:
            return flow
    return _find_cheapest_by_digits(rest, places, arcs)


def _run_cheapest(
    rest: Remainder, places: dict[int, int], arcs: _Arcs, need_cost: IntArray
) -> IntArray | None:
    """Run the engine; None if it finds the costs too large for its scaling."""
    from ortools.graph.python import min_cost_flow

    needs, sink = len(rest.need_quantity), arcs.nodes - 1
    weights = np.array(sorted(places), np.int64)
    source = arcs.nodes + np.searchsorted(weights, rest.need_weight)
    engine = min_cost_flow.SimpleMinCostFlow()
    rows = engine.add_arcs_with_capacity_and_unit_cost(
        arcs.tail.astype(np.int32), arcs.head.astype(np.int32), arcs.capacity, arcs.cost
    )
    engine.add_arcs_with_capacity_and_unit_cost(
        source.astype(np.int32), np.arange(needs, dtype=np.int32), rest.need_quantity, need_cost
    )
    supply = np.array([places[int(w)] for w in weights] + [-sum(places.values())], np.int64)
    nodes = np.append(arcs.nodes + np.arange(len(weights)), sink)
    engine.set_nodes_supplies(nodes.astype(np.int32), supply)
    status = engine.solve()
    if status == engine.BAD_COST_RANGE:
        return None
    if status != engine.OPTIMAL:
        raise CostRangeError(**word("numbers_refused", status=status))
    return np.asarray(engine.flows(rows[: len(rest.edge_need)]), dtype=np.int64)


def _find_cheapest_by_digits(rest: Remainder, places: dict[int, int], arcs: _Arcs) -> IntArray:
    """Solve with the leading digits of the costs, then for what is left of the costs under those prices.

    No way round can save more than one unit of the last leading digit on each arc. So arcs whose reduced cost
    is beyond `limit` keep what the coarse answer gives them, and cutting their cost to the limit changes
    nothing.
    """
    coarse = rest.with_costs(rest.edge_cost >> _DIGITS, rest.step_cost >> _DIGITS)
    potential = find_potentials(coarse, find_cheapest(coarse, places))
    need, offer, unit = potential.need, potential.offer, potential.unit
    limit = (2 * min(len(rest.need_quantity), len(rest.offer_capacity)) + 4) << _DIGITS
    after_offer = Pair.zeros(len(rest.offer_capacity))
    of_unit = rest.offer_unit >= 0
    after_offer.put(of_unit, unit.at(rest.offer_unit[of_unit]))
    reduced = [
        _reduce(rest.edge_cost, offer.at(rest.edge_offer).minus(need.at(rest.edge_need)), limit),
        _reduce(np.int64(0), after_offer.minus(offer), limit),
        _reduce(rest.step_cost, Pair.zeros(len(rest.step_cost)).minus(unit.at(rest.step_unit)), limit),
    ]
    need_cost = _reduce(
        np.int64(0), need.minus(Pair(rest.need_weight, np.zeros_like(rest.need_weight))), limit
    )
    flow = _run_cheapest(rest, places, replace(arcs, cost=np.concatenate(reduced)), need_cost)
    if flow is None:
        raise CostRangeError(**word("prices_too_large"))
    return flow


def _reduce(cost: IntArray | np.int64, change: Pair, limit: int) -> IntArray:
    """Add the change of price to a cost, within the limit; a change of level counts as beyond it."""
    most = (1 << 62) >> _DIGITS
    full = cost + (np.clip(change.cost, -most, most) << _DIGITS)
    reduced: IntArray = np.where(
        change.level == 0, np.clip(full, -limit, limit), np.sign(change.level) * limit
    )
    return reduced


def spread(graph: CandidateGraph, rest: Remainder, flow: IntArray) -> IntArray:
    """Bring a flow of a remainder back to the caller's edges (zero on those left out)."""
    net_flow = np.zeros(graph.edge_count, np.int64)
    net_flow[rest.edge_row] = flow
    return net_flow
