"""Why pairs in use were chosen, for many needs at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from graph.taxonomy import OTHER, default_reach_m
from matcher.instance import Bools, Instance, Ints
from matcher.keeping import moving_costs
from matcher.market import Market
from matcher.reciprocity import find_reciprocity

KINDS: Final = (
    "promised", "only", "nearest_with_room", "pairing", "cheapest_overall", "not_nearest",
)  # fmt: skip
"""Reasons for a choice, the first that holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What the costs of pairs consist of, in metre-equivalents; they add up to the cost.

    Attributes
    ----------
    metres, other_subdistrict, broad, reciprocity, moving : ndarray of int64
    unpaired : ndarray of int64
        What the lack of a standing pairing adds.
    """

    metres: Ints
    other_subdistrict: Ints
    broad: Ints
    reciprocity: Ints
    moving: Ints
    unpaired: Ints


def split_costs(instance: Instance, edges: Ints) -> Terms:
    """Split the costs of some edges into their terms."""
    graph, demand, supply, rules = instance.graph, instance.demand, instance.supply, instance.rules
    need, known = graph.edge_need[edges], instance.pairs.distance_m[edges]
    behind = instance.pairs.offer_row[edges]
    offer = np.where(behind >= 0, behind, graph.edge_offer[edges])
    length = np.where(np.isnan(known), supply.unknown_m[offer], known)
    bare = np.flatnonzero(np.isnan(length))
    length[bare] = [default_reach_m(item or OTHER) for item in demand.category[need[bare]]]
    metres = np.rint(length).astype(np.int64)
    here, there = demand.sites.subdistrict[need], supply.sites.subdistrict[offer]
    is_other = (here >= 0) & (there >= 0) & (here != there)
    other = np.where(is_other, rules.other_subdistrict_m, 0).astype(np.int64)
    broad = np.where(instance.pairs.broad[edges], rules.broad_m, 0).astype(np.int64)
    balance = find_reciprocity(instance.snapshot, rules, demand)[need]
    moving = moving_costs(instance, edges)
    # All that is left of the cost is what the lack of a standing pairing adds.
    unpaired = graph.edge_cost[edges] - metres - other - broad - balance - moving
    return Terms(metres, other, broad, balance, moving, unpaired)


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The pairs in use of some needs, and what else there was; arrays are as long as `edges`.

    Attributes
    ----------
    edges : ndarray of int64
        Edge rows of the graph with places on them, in the graph's order.
    kind : ndarray of int64
        Index into `KINDS`. `promised`; `only` (no other offer could serve the need); `nearest_with_room`
        (nearer ones, if any, have no room); `pairing` (a standing pairing, which nearer ones with room
        lack); `cheapest_overall` (the least cost of all that could); `not_nearest` (a better one is needed
        elsewhere).
    runner_up : ndarray of int64
        Edge row of the next best of another unit that isn't in use; -1: none.
    nearest : ndarray of int64
        Edge row of the nearest that could serve the need, unknown distances last; -1: none.
    """

    edges: Ints
    kind: Ints
    runner_up: Ints
    nearest: Ints


def find_choices(market: Market, needs: Ints) -> Choices:
    """Say why the pairs in use of some need rows were chosen.

    Parameters
    ----------
    market : Market
    needs : ndarray of int64
        Need rows, each once.
    """
    instance, solution = market.instance, market.part.solution
    graph, pairs = instance.graph, instance.pairs
    wanted = np.zeros(graph.need_count, dtype=bool)
    wanted[needs] = True
    edges = np.flatnonzero(wanted[graph.edge_need])
    need, offer = graph.edge_need[edges].astype(np.int64), graph.edge_offer[edges]
    flow, able = solution.flow[edges], pairs.feasible[edges]
    metres, cost, unit = pairs.distance_m[edges], graph.edge_cost[edges], instance.supply.unit[offer]
    price, room = market.price_of(offer), market.room_of(offer)
    used = np.flatnonzero(flow > 0)
    mine, own = need[used], metres[used]

    def best(order: Ints, among: Bools) -> Ints:
        """The first of some rows in an order for each need row; -1: none."""
        rows = order[among[order]][::-1]
        found = np.full(graph.need_count, -1)
        found[need[rows]] = rows
        return found

    order = np.lexsort((metres, cost + price.cost, price.level))
    idle = able & (flow == 0)
    first = best(order, idle)
    second = best(order, idle & (unit != unit[first[need]]))
    is_own = (first[mine] >= 0) & (unit[first[mine]] == unit[used])
    runner_up = np.where(is_own, second[mine], first[mine])

    by_metres, by_cost = (np.argsort(values, kind="stable") for values in (metres, cost))
    unpaired = split_costs(instance, edges).unpaired
    with_room = able & (room > 0)
    free, tied = (best(by_metres, some)[mine] for some in (with_room, with_room & (unpaired <= 0)))
    has_nearer, has_nearer_tied = ((some >= 0) & (metres[some] < own) for some in (free, tied))
    least, nearest = best(by_cost, able)[mine], best(by_metres, able)[mine]
    holds = [
        graph.edge_locked[edges[used]] == flow[used],
        np.bincount(need[able], minlength=graph.need_count)[mine] == 1,
        ~np.isnan(own) & ~has_nearer,
        (unpaired[used] == 0) & has_nearer & ~has_nearer_tied,
        (least >= 0) & (cost[least] == cost[used]),
        np.ones(len(used), dtype=bool),
    ]
    return Choices(
        edges=edges[used],
        kind=np.argmax(np.array(holds), axis=0),
        runner_up=np.where(runner_up >= 0, edges[runner_up], -1),
        nearest=np.where(nearest >= 0, edges[nearest], -1),
    )
