"""Keeping what was published: a round matched again leaves places where they were unless moving gains enough.

A place on a pair that the published round doesn't have costs `Keep.extra_m` more. The urgent come first all
the same, and among the assignments that serve as many the optimum counts that cost in; so a place moves only
where that saves more than it costs. A limit of moved places is kept by raising the cost as little as keeps
it: at such a cost the optimum is also the cheapest of all that leave as many places where they were (Lagrange
multipliers; Everett 1963). Where it moves fewer than allowed, what a cheaper one could save is bounded by the
cost times the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from graph.snapshot import Snapshot
from matcher.arrays import sum_by_row
from matcher.instance import Bools, Demand, Instance, Ints, Texts
from matcher.problem import CostRangeError
from matcher.remainder import find_load_cost
from matcher.rules import Keep, Rules
from matcher.solution import Solution

LOAD_STEPS: Final = 20
"""What a further place of a unit costs more rises so many times."""

Solve = Callable[[Instance], Solution]


class Standing:
    """The places of a published round by need and offer, those of projects by unit.

    Parameters
    ----------
    snapshot : Snapshot
    keep : Keep
    demand : Demand
        Rows of needs that are no more, or not in this measure, are left out.
    unit_ids : ndarray of object
    """

    def __init__(self, snapshot: Snapshot, keep: Keep, demand: Demand, unit_ids: Texts) -> None:
        asked = zip(demand.is_project.tolist(), demand.ids.tolist(), strict=True)
        row_of = {key: row for row, key in enumerate(asked)}
        unit_of = {name: row for row, name in enumerate(unit_ids.tolist())}
        offers = snapshot.rows_of("offers", [held.offer or "" for held in keep.rows]).tolist()
        self._width = max(snapshot.count("offers"), len(unit_ids)) + 2
        places: dict[int, int] = {}
        self.places = 0
        for held, offer in zip(keep.rows, offers, strict=True):
            row = row_of.get((held.is_project, held.need))
            if row is None:
                continue
            self.places += held.places
            giver = unit_of.get(held.unit, -1) if held.is_project else offer
            if giver >= 0:
                key = self._key(row, giver)
                places[key] = places.get(key, 0) + held.places
        self._keys = np.array(sorted(places), np.int64)
        self._counts = np.array([places[key] for key in sorted(places)], np.int64)

    def _key(self, need: Any, giver: Any) -> Any:
        return need * self._width + giver + 1

    def find(self, need: Ints, is_project: Bools, offer_table_row: Ints, unit: Ints) -> Ints:
        """Give the places that pairs had, element by element."""
        if not len(self._keys):
            return np.zeros(len(need), np.int64)
        key = self._key(need.astype(np.int64), np.where(is_project, unit, offer_table_row))
        at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        return np.where(self._keys[at] == key, self._counts[at], 0)


def stand(snapshot: Snapshot, rules: Rules, demand: Demand, unit_ids: Texts) -> Standing | None:
    """Read what is to be kept; None where nothing is."""
    return None if rules.keep is None else Standing(snapshot, rules.keep, demand, unit_ids)


def places_before(instance: Instance) -> Ints:
    """Give the places that each pair of an instance had in the published round; zeros without one."""
    graph, supply = instance.graph, instance.supply
    standing = stand(instance.snapshot, instance.rules, instance.demand, instance.unit_ids)
    if standing is None:
        return np.zeros(graph.edge_count, np.int64)
    is_project = instance.demand.is_project[graph.edge_need]
    of_offer, unit = supply.table_row[graph.edge_offer], supply.unit[graph.edge_offer]
    return standing.find(graph.edge_need.astype(np.int64), is_project, of_offer, unit)


def moving_costs(instance: Instance, edges: Ints) -> Ints:
    """Give what some pairs cost more because the published round doesn't have them."""
    keep = instance.rules.keep
    if keep is None:
        return np.zeros(len(edges), np.int64)
    return np.where(places_before(instance)[edges] > 0, 0, keep.extra_m)


def solve_keeping(instance: Instance, solve: Solve) -> tuple[Instance, Solution]:
    """Solve, and where more places move than are allowed, again at what keeps them.

    Parameters
    ----------
    instance : Instance
    solve : callable

    Returns
    -------
    instance : Instance
        With the cost of moving that was needed, in its graph and its rules; what was raised before stays if
        it is enough.
    solution : Solution
        Where no cost keeps so many places without serving less, one that leaves as many on kept pairs as can
        be.
    """
    keep, solution = instance.rules.keep, solve(instance)
    if keep is None or keep.most_moves is None:
        return instance, solution
    before, most = places_before(instance), keep.most_moves
    found = instance, solution
    if count_moved(instance, solution.flow, before) <= most:
        return found
    if keep.extra_m > keep.asked_m:
        # What was raised before isn't enough: the search begins anew, so that it comes to the same again.
        instance = _with_price(instance, before, keep.asked_m)
        found = instance, solve(instance)
    low = keep.asked_m
    for price in _list_prices(instance, before):
        if count_moved(*_flow_of(found), before) <= most:
            break
        low = _price_of(found)
        try:
            dearer = _with_price(instance, before, price)
        except CostRangeError:
            break
        found = dearer, solve(dearer)
    moved = count_moved(*_flow_of(found), before)
    if moved <= most:
        return _lower(
            instance, solve, before, low, found, lambda flow: count_moved(instance, flow, before) <= most
        )
    # At the last price as many as can be are on kept pairs; a lower one mostly comes to the same.
    is_last = found[1].status == "optimal" and not _list_prices(found[0], before)
    stays = int(found[1].flow[before > 0].sum())
    fewest = moved - _count_more(found[1].flow, before) if is_last else None
    instance, solution = _lower(
        instance, solve, before, keep.asked_m, found, lambda flow: int(flow[before > 0].sum()) >= stays
    )
    kept = instance.rules.keep
    assert kept is not None
    return replace(instance, rules=replace(instance.rules, keep=replace(kept, fewest=fewest))), solution


def _lower(
    instance: Instance,
    solve: Solve,
    before: Ints,
    low: int,
    found: tuple[Instance, Solution],
    keeps: Callable[[Ints], bool],
) -> tuple[Instance, Solution]:
    """Find a cost above one that keeps too few places, up to one that keeps enough, below which it isn't."""
    high = _price_of(found)
    while high - low > 1:
        middle = (low + high) // 2
        dearer = _with_price(instance, before, middle)
        tried = dearer, solve(dearer)
        if keeps(tried[1].flow):
            high, found = middle, tried
        else:
            low = middle
    return found


def _price_of(found: tuple[Instance, Solution]) -> int:
    keep = found[0].rules.keep
    assert keep is not None
    return keep.extra_m


def _count_more(flow: Ints, before: Ints) -> int:
    """Count places on kept pairs beyond those that they had: the cost of moving doesn't tell them apart."""
    return int((flow[before > 0] - np.minimum(flow, before)[before > 0]).sum())


def _flow_of(found: tuple[Instance, Solution]) -> tuple[Instance, Ints]:
    return found[0], found[1].flow


def _list_prices(instance: Instance, before: Ints) -> list[int]:
    """Give rising costs of moving, above what it is; no way through the network saves as much as the last."""
    graph, keep = instance.graph, instance.rules.keep
    assert keep is not None
    own = graph.edge_cost - np.where(before > 0, 0, keep.extra_m)
    dearest = int(own.max(initial=0)) + keep.asked_m + instance.rules.load_m * LOAD_STEPS + 1
    last = (2 * (graph.offer_count + graph.unit_count) + 6) * dearest
    return [price for price in (dearest, 8 * dearest, last) if price > keep.extra_m]


def _with_price(instance: Instance, before: Ints, price: int) -> Instance:
    keep = instance.rules.keep
    assert keep is not None
    cost = instance.graph.edge_cost + np.where(before > 0, 0, price - keep.extra_m)
    rules = replace(instance.rules, keep=replace(keep, extra_m=price))
    return replace(instance, graph=replace(instance.graph, edge_cost=cost), rules=rules)


def count_moved(instance: Instance, flow: Ints, before: Ints) -> int:
    """Count the places that left a pair which is still there."""
    return int(_stood(instance, before).sum() - np.minimum(flow, before).sum())


def _stood(instance: Instance, before: Ints) -> Ints:
    """Places that each need had on pairs that there still are, as far as it wants them still."""
    graph = instance.graph
    had = sum_by_row(graph.edge_need, before, graph.need_count)
    locked = sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    return np.minimum(had, np.maximum(graph.need_quantity, locked))


def keep_document(instance: Instance, solution: Solution) -> dict[str, Any] | None:
    """Say what was kept, as JSON values; None where nothing was to be.

    Returns
    -------
    dict or None
        `round`; `asked_m` and `extra_m`: what moving a place costs, as asked for and as `most_moves` made it;
        `most_moves`, and `fewest`, how many must move at least, where that is more; `places` that the round
        gave these needs; of them `stay`, `moved` (the pair is still there, though it may have less to give)
        and `gone` (the pair is no more, or the need wants less); `needs_moved`; `status`: of the assignments
        that move no more places `optimal`, or `bounded`: a cheaper one could save up to `gap_m`; `exceeded`:
        serving as many moves more places than allowed, however it is done; `heuristic`: more places moved
        than allowed, and whether that could be avoided isn't known.
    """
    keep = instance.rules.keep
    if keep is None:
        return None
    graph = instance.graph
    before = places_before(instance)
    standing = stand(instance.snapshot, instance.rules, instance.demand, instance.unit_ids)
    assert standing is not None
    stays = np.minimum(solution.flow, before)
    stay, stood = int(stays.sum()), int(_stood(instance, before).sum())
    left = _stood(instance, before) > sum_by_row(graph.edge_need, stays, graph.need_count)
    status, gap_m = _judge(instance, solution, before)
    return {
        "round": keep.round,
        "asked_m": keep.asked_m,
        "extra_m": keep.extra_m,
        "most_moves": keep.most_moves,
        "fewest": keep.fewest,
        "places": standing.places,
        "stay": stay,
        "moved": stood - stay,
        "gone": standing.places - stood,
        "needs_moved": int(left.sum()),
        "status": status,
        "gap_m": gap_m,
    }


def _judge(instance: Instance, solution: Solution, before: Ints) -> tuple[str, int | None]:
    """Say how good an assignment is by the rule that it keeps, and what a cheaper one could save at most."""
    keep = instance.rules.keep
    assert keep is not None
    if solution.status != "optimal":
        return solution.status, None
    if keep.most_moves is None:
        return "optimal", 0
    allowed = keep.most_moves - count_moved(instance, solution.flow, before)
    if allowed < 0:
        is_proved = keep.fewest is not None and keep.fewest > keep.most_moves
        return ("exceeded" if is_proved else "heuristic"), None
    if keep.extra_m == keep.asked_m:
        return "optimal", 0
    gap_m = (keep.extra_m - keep.asked_m) * (allowed + _count_more(solution.flow, before))
    return ("bounded", gap_m) if gap_m else ("optimal", 0)


def spread_load(instance: Instance) -> Instance:
    """Let each further place of a unit cost more, where that is asked for; money has no load."""
    step = instance.rules.load_m
    if not step or instance.measure != "places":
        return instance
    row = step * np.arange(LOAD_STEPS + 1)
    load = np.tile(row, (instance.graph.unit_count, 1))
    return replace(instance, graph=replace(instance.graph, unit_load_cost=load))


def load_document(instance: Instance, solution: Solution) -> dict[str, Any] | None:
    """Say how places are spread over units, as JSON values; None where nobody asked for that.

    Returns
    -------
    dict or None
        `step_m`, `cost` (what the load of all units costs), `units` (with places), `most_places` (of one).
    """
    graph = instance.graph
    if graph.unit_load_cost is None:
        return None
    inside = graph.offer_unit[graph.edge_offer] >= 0
    load = sum_by_row(graph.offer_unit[graph.edge_offer[inside]], solution.flow[inside], graph.unit_count)
    return {
        "step_m": instance.rules.load_m,
        "cost": find_load_cost(graph, load),
        "units": int((load > 0).sum()),
        "most_places": int(load.max(initial=0)),
    }
