"""An independent check of an assignment: nothing here is shared with the engine that found it.

Flow and prices are taken as claims. That the flow keeps every rule is counted anew. That it is optimal
follows from the prices alone, by the duality of linear programming: if no pair is cheaper than the prices
allow, if only pairs are used that cost exactly what the prices say, and if only what is used up has a price,
then nothing serves more urgent places, nor as many for less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matcher.arguments import check_kinds
from matcher.problem import CandidateGraph

if TYPE_CHECKING:
    from matcher.solution import Solution

Ints = NDArray[np.int64]


class VerificationError(ValueError):
    """A solution isn't what it claims to be; `problems` lists all that is wrong, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted anew, promises included.

    Attributes
    ----------
    served : int
        Places served.
    unserved : int
        Places wanted and not served.
    served_by_priority : mapping
        Priority 1 to 5 to places.
    cost : int
    status : str
        As the solution claims.
    proof : str
        `duality`: the prices prove it optimal. `bound`: the prices prove the bound it states, which whole
        needs may keep it from reaching; a claim that such a solution is the best one rests on the search that
        found it. `none`: it breaks no rule, and nothing more is claimed.
    """

    served: int
    unserved: int
    served_by_priority: Mapping[int, int]
    cost: int
    status: str
    proof: Literal["duality", "bound", "none"]


@dataclass(slots=True, eq=False)
class _Net:
    """Everything less promises, and what the claimed flow uses of it."""

    flow: Ints
    need: Ints
    need_used: Ints
    offer: Ints
    offer_used: Ints
    unit: Ints
    unit_used: Ints
    unit_promised: Ints
    edge: Ints | None


def verify(graph: CandidateGraph, solution: Solution) -> Figures:
    """Check a solution from scratch.

    Parameters
    ----------
    graph : CandidateGraph
        What the solution is said to solve.
    solution : Solution

    Returns
    -------
    Figures

    Raises
    ------
    VerificationError
        A quantity, capacity, promise or whole need isn't kept, a figure is wrong, or the prices don't prove
        what the status claims. Every kind of fault is listed; prices are judged once the flow itself is
        right.
    ArgumentError
        A `ValueError`: no graph, or no solution.
    """
    check_kinds(graph, solution)
    flow = np.asarray(solution.flow)
    if flow.shape != (graph.edge_count,) or flow.dtype.kind not in "iu":
        raise VerificationError(
            [f"flow has shape {flow.shape} of {flow.dtype}, expected {graph.edge_count} integers"]
        )
    problems: list[str] = []
    net = _count(graph, flow.astype(np.int64))
    _check_rules(graph, net, problems)
    figures = _check_figures(graph, solution, flow, problems)
    proof: Literal["duality", "bound", "none"] = "none"
    if solution.prices is not None and not problems:
        proof = _check_prices(graph, solution, net, problems)
    elif solution.status != "heuristic" and solution.prices is None:
        problems.append(f"the status is {solution.status}, but there are no prices to prove it")
    if problems:
        raise VerificationError(problems)
    return replace(figures, proof=proof)


def _add(rows: NDArray[np.integer], values: Ints, size: int) -> Ints:
    """Sum values by row in whole numbers."""
    order = np.argsort(rows, kind="stable")
    total = np.concatenate([[0], np.cumsum(values[order])])
    ends = np.searchsorted(rows[order], np.arange(size + 1))
    sums: Ints = total[ends[1:]] - total[ends[:-1]]
    return sums


def _count(graph: CandidateGraph, flow: Ints) -> _Net:
    promised, free = graph.edge_locked, flow - graph.edge_locked
    offer_promised, offer_free = (_add(graph.edge_offer, x, graph.offer_count) for x in (promised, free))
    inside = np.flatnonzero(graph.offer_unit >= 0)
    unit_promised, unit_free = (
        _add(graph.offer_unit[inside], x[inside], graph.unit_count) for x in (offer_promised, offer_free)
    )
    need_promised = _add(graph.edge_need, promised, graph.need_count)
    return _Net(
        flow=free,
        need=(graph.need_quantity - need_promised).clip(0),
        need_used=_add(graph.edge_need, free, graph.need_count),
        offer=(graph.offer_capacity - offer_promised).clip(0),
        offer_used=offer_free,
        unit=(graph.unit_capacity - unit_promised).clip(0),
        unit_used=unit_free,
        unit_promised=unit_promised,
        edge=None if graph.edge_capacity is None else (graph.edge_capacity - promised).clip(0),
    )


def _report(problems: list[str], wrong: NDArray[np.bool_], what: str, kind: str) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        more = "" if len(rows) == 1 else f" and {len(rows) - 1} more"
        problems.append(f"{what}: {kind} {rows[0]}{more}")


def _check_rules(graph: CandidateGraph, net: _Net, problems: list[str]) -> None:
    _report(problems, net.flow < 0, "fewer places than promised (or than none)", "edge")
    _report(problems, net.need_used > net.need, "more places than wanted", "need")
    _report(problems, net.offer_used > net.offer, "beyond the offer's capacity", "offer")
    _report(problems, net.unit_used > net.unit, "beyond the unit's total", "unit")
    if net.edge is not None:
        _report(problems, net.flow > net.edge, "beyond the pair's capacity", "edge")
    broken = graph.need_whole & (net.need_used > 0) & (net.need_used < net.need)
    _report(problems, broken, "a whole need is served in part", "need")


def _check_figures(graph: CandidateGraph, solution: Solution, flow: Ints, problems: list[str]) -> Figures:
    served = _add(graph.edge_need, flow, graph.need_count)
    if not np.array_equal(np.asarray(solution.served), served):
        problems.append("served doesn't add up from flow")
    by_priority = {p: int(served[graph.need_priority == p].sum()) for p in range(1, 6)}
    if dict(solution.served_by_priority) != by_priority:
        problems.append(f"served_by_priority is {dict(solution.served_by_priority)}, counted {by_priority}")
    cost = _dot(graph.edge_cost, flow) + _cost_of_load(graph, flow)
    if solution.cost != cost:
        problems.append(f"cost is {solution.cost}, counted {cost}")
    if solution.bound is not None and solution.bound < served.sum():
        problems.append(f"bound is {solution.bound}, counted {int(served.sum())} places served")
    unserved = int((graph.need_quantity - served).clip(0).sum())
    return Figures(int(served.sum()), unserved, by_priority, cost, solution.status, "none")


def _cost_of_load(graph: CandidateGraph, flow: Ints) -> int:
    load = graph.unit_load_cost
    if load is None:
        return 0
    unit = np.append(graph.offer_unit, -1)[graph.edge_offer]
    places = _add(unit[unit >= 0], flow[unit >= 0], graph.unit_count)
    cost = 0
    for step in range(load.shape[1]):
        beyond = (places - step).clip(0)
        cost += _dot(load[:, step], beyond if step == load.shape[1] - 1 else beyond.clip(max=1))
    return cost


def _dot(left: Ints, right: Ints) -> int:
    """Sum of products in whole numbers, however large."""
    if not left.size:
        return 0
    if float(np.abs(left).max()) * float(np.abs(right).max()) * left.size < 2.0**62:
        return int((left * right).sum())
    return sum(x * y for x, y in zip(left.tolist(), right.tolist(), strict=True) if x and y)


def _above(level: Ints, cost: Ints) -> NDArray[np.bool_]:
    """True where a two-part number is above zero."""
    above: NDArray[np.bool_] = (level > 0) | ((level == 0) & (cost > 0))
    return above


def _check_prices(
    graph: CandidateGraph, solution: Solution, net: _Net, problems: list[str]
) -> Literal["duality", "bound"]:
    prices = solution.prices
    assert prices is not None
    sizes = (("need", graph.need_count), ("offer", graph.offer_count), ("unit", graph.unit_count))
    for kind, size in sizes:
        for part in ("level", "cost"):
            found = getattr(prices, f"{kind}_{part}").shape
            if found != (size,):
                problems.append(f"prices.{kind}_{part} has shape {found}, expected ({size},)")
    if problems:
        return "bound"
    need, offer, unit = ((getattr(prices, f"{k}_level"), getattr(prices, f"{k}_cost")) for k, _ in sizes)
    _report(problems, _above(-need[0], -need[1]), "price below zero", "need")
    _report(problems, _above(-offer[0], -offer[1]), "price below zero", "offer")
    unit_of = graph.offer_unit[graph.edge_offer]
    n, o, u = graph.edge_need, graph.edge_offer, unit_of
    level = (
        np.append(unit[0], 0)[u] + offer[0][o] + need[0][n] - (6 - graph.need_priority.astype(np.int64))[n]
    )
    cost = np.append(unit[1], 0)[u] + offer[1][o] + need[1][n] + graph.edge_cost
    below = _above(-level, -cost)
    if net.edge is None:
        _report(problems, below, "a pair would gain at these prices", "edge")
    dual = _value_of_prices(graph, net, (need, offer, unit))
    if net.edge is not None:
        dual = (dual[0] + _dot(net.edge[below], -level[below]), dual[1] + _dot(net.edge[below], -cost[below]))
    weight = 6 - graph.need_priority.astype(np.int64)
    primal = (_dot(weight, net.need_used), _net_cost(graph, solution))
    if graph.need_whole.any() and (dual[0], -dual[1]) != primal:
        _check_bound(graph, solution, dual[0], problems)
        return "bound"
    if solution.status != "optimal":
        _check_bound(graph, solution, dual[0], problems)
        return "bound"
    _check_slackness(graph, net, (need, offer, unit), (level, cost), problems)
    if primal != (dual[0], -dual[1]):
        problems.append(f"flow is worth {primal} (level, cost), prices allow {(dual[0], -dual[1])}")
    return "duality"


def _net_cost(graph: CandidateGraph, solution: Solution) -> int:
    flow = np.asarray(solution.flow)
    promised = graph.edge_locked
    before = _dot(graph.edge_cost, promised) + _cost_of_load(graph, promised)
    return _dot(graph.edge_cost, flow) + _cost_of_load(graph, flow) - before


def _steps(graph: CandidateGraph, net: _Net) -> list[tuple[Ints, Ints, Ints]]:
    """Each column of load cost: places of each unit at that cost, places before them, and the cost."""
    load = graph.unit_load_cost
    if load is None:
        return [(net.unit, np.zeros_like(net.unit), np.zeros_like(net.unit))]
    steps, before, last = [], np.zeros_like(net.unit), load.shape[1] - 1
    for column in range(last + 1):
        free = (net.unit - before).clip(0)
        if column < last:
            free = np.where(net.unit_promised > column, 0, free.clip(max=1))
        steps.append((free, before, load[:, column]))
        before = before + free
    return steps


def _value_of_prices(
    graph: CandidateGraph, net: _Net, prices: tuple[tuple[Ints, Ints], ...]
) -> tuple[int, int]:
    """Quantities and capacities at their prices: what no assignment can be worth more than."""
    need, offer, unit = prices
    level = _dot(need[0], net.need) + _dot(offer[0], net.offer)
    cost = _dot(need[1], net.need) + _dot(offer[1], net.offer)
    for places, _, load in _steps(graph, net):
        gain = unit[1] - load
        paid = _above(unit[0], gain)
        level += _dot(unit[0][paid], places[paid])
        cost += _dot(gain[paid], places[paid])
    return level, cost


def _check_slackness(
    graph: CandidateGraph,
    net: _Net,
    prices: tuple[tuple[Ints, Ints], ...],
    reduced: tuple[Ints, Ints],
    problems: list[str],
) -> None:
    need, offer, unit = prices
    dear = _above(*reduced)
    _report(problems, dear & (net.flow > 0), "a pair is used that costs more than the prices say", "edge")
    if net.edge is not None:
        cheap = _above(-reduced[0], -reduced[1])
        _report(
            problems, cheap & (net.flow < net.edge), "a pair with room would gain at these prices", "edge"
        )
    _report(
        problems, _above(*need) & (net.need_used < net.need), "a price on a need not wholly served", "need"
    )
    _report(problems, _above(*offer) & (net.offer_used < net.offer), "a price on an offer with room", "offer")
    wrong = np.zeros(graph.unit_count, np.bool_)
    for places, before, load in _steps(graph, net):
        used = (net.unit_used - before).clip(0, places)
        gain = unit[1] - load
        wrong |= _above(unit[0], gain) & (used < places)
        wrong |= _above(-unit[0], -gain) & (used > 0)
    _report(problems, wrong, "a price that doesn't fit the unit's load", "unit")


def _check_bound(graph: CandidateGraph, solution: Solution, level: int, problems: list[str]) -> None:
    """Check that the prices prove the bound stated, and that nothing beyond it is claimed."""
    stated = solution.bound_by_priority
    if stated is None or solution.bound is None:
        problems.append(f"the status is {solution.status}, but no bound is stated")
        return
    promised = _add(graph.edge_need, graph.edge_locked, graph.need_count)
    worth = sum((6 - p) * stated.get(p, 0) for p in range(1, 6))
    worth -= _dot(6 - graph.need_priority.astype(np.int64), promised)
    if worth < level:
        problems.append(f"the bound stated is worth {worth} levels, the prices prove only {level}")
    if solution.bound != sum(stated.values()):
        problems.append(f"bound is {solution.bound}, its parts add up to {sum(stated.values())}")
    for priority in range(1, 6):
        upto = range(1, priority + 1)
        if sum(solution.served_by_priority[p] for p in upto) > sum(stated.get(p, 0) for p in upto):
            problems.append(f"more places up to priority {priority} than the bound allows")
