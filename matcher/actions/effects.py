"""What actions change in the matching problem, and how many places any set of them would let be served."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.model import TABLES, Offer
from graph.snapshot import Snapshot, records_to_arrow
from matcher.actions.kinds import Action
from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.candidates import build_instance
from matcher.flow import solve
from matcher.instance import Instance
from matcher.intervals import remake
from matcher.layers import find_cheapest, find_most_places
from matcher.problem import PRIORITIES, UNLIMITED, CandidateGraph
from matcher.remainder import MOST_URGENT, find_remainder
from matcher.solution import Solution, count_by_priority

Gain = tuple[int, int, int, int, int]
"""Places more, of priority 1 to 5."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What one action changes in the graph.

    Attributes
    ----------
    offer : int
        Offer row whose pairs or capacity it adds to; -1: it brings an offer of its own.
    unit : int
        Row of the unit that has the offer of its own, or whose total rises; -1: none.
    capacity : int
        Places added to the offer, to the unit's total, or of the offer of its own.
    of_unit : bool
        The places are added to the unit's total.
    need, cost : int64 arrays
        Pairs added, with what a place costs.
    """

    offer: int
    unit: int
    capacity: int
    of_unit: bool
    need: IntArray
    cost: IntArray


def find_effects(instance: Instance, actions: Sequence[Action]) -> list[list[Effect]]:
    """Find what actions change: one effect for each of their offers, or one for more capacity.

    Offers as they would be are put beside those that are, and candidates are found once for all.
    """
    offers = [proposed.record for action in actions for proposed in action.offers]
    reached = _find_pairs(instance, offers)
    row_of = {offer: row for row, offer in enumerate(instance.supply.ids.tolist())}
    unit_of = {unit: row for row, unit in enumerate(instance.unit_ids.tolist())}
    none = np.zeros(0, np.int64)
    found = []
    for action in actions:
        unit = unit_of.get(action.unit or "", -1)
        if action.kind in ("more_capacity", "ask_capacity"):
            row = row_of.get(action.offer or "", -1)
            found.append([Effect(row, unit, action.places, action.of_unit, none, none)])
            continue
        effects = []
        for proposed in action.offers:
            need, cost = reached[proposed.record.id]
            if proposed.beside is not None:
                shared = row_of[proposed.beside]
                graph = instance.graph
                new = ~np.isin(need, graph.edge_need[graph.edge_offer == shared])
                effects.append(Effect(shared, unit, 0, False, need[new], cost[new]))
            else:
                effects.append(Effect(-1, unit, action.places, False, need, cost))
        found.append(effects)
    return found


def _find_pairs(instance: Instance, offers: Sequence[Offer]) -> dict[str, tuple[IntArray, IntArray]]:
    """Need rows that offers would reach, with costs, if these offers were there too."""
    if not offers:
        return {}
    beside = build_instance(_with_offers(instance.snapshot, offers), instance.rules, instance.measure)
    graph = beside.graph
    row_of = {offer: row for row, offer in enumerate(beside.supply.ids.tolist())}
    counts = np.flatnonzero(beside.pairs.feasible & ~beside.demand.is_project[graph.edge_need])
    order = counts[np.argsort(graph.edge_offer[counts], kind="stable")]
    starts = np.searchsorted(graph.edge_offer[order], np.arange(graph.offer_count + 1))
    found = {}
    for offer in offers:
        row = row_of[offer.id]
        edges = order[starts[row] : starts[row + 1]]
        found[offer.id] = (graph.edge_need[edges].astype(np.int64), graph.edge_cost[edges])
    return found


def _with_offers(snapshot: Snapshot, offers: Sequence[Offer]) -> Snapshot:
    """A snapshot with further offers."""
    tables = {table: snapshot.arrow(table) for table in TABLES}
    rows = tables["offers"]
    added = records_to_arrow("offers", list(offers)).cast(rows.schema)
    tables["offers"] = pa.concat_tables([rows, added]).sort_by("id")
    return Snapshot(tables, revision=snapshot.revision)


class Trials:
    """How many places more are served with some actions, solved again exactly where these could matter.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.
    effects : list of list of Effect
        For each action.

    Attributes
    ----------
    is_exact : bool
        All that was tried so far, and the optimum itself, is proved.
    """

    def __init__(self, graph: CandidateGraph, solution: Solution, effects: list[list[Effect]]) -> None:
        self.graph, self.solution, self.effects = graph, solution, effects
        self.is_exact = solution.status == "optimal"
        self._label_parts()
        self._known: dict[frozenset[int], Gain] = {frozenset(): (0, 0, 0, 0, 0)}

    def _label_parts(self) -> None:
        graph = self.graph
        needs, offers = graph.need_count, graph.offer_count
        of_unit = np.flatnonzero(graph.offer_unit >= 0)
        tail = np.concatenate([graph.edge_need, needs + of_unit])
        head = np.concatenate(
            [needs + graph.edge_offer.astype(np.int64), needs + offers + graph.offer_unit[of_unit]]
        )
        size = needs + offers + graph.unit_count
        matrix = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(size, size))
        part = connected_components(matrix, directed=False)[1].astype(np.int64)
        self._need_part, self._offer_part = part[:needs], part[needs : needs + offers]
        self._unit_part = part[needs + offers :]

    def gain(self, actions: Iterable[int]) -> Gain:
        """Places more by priority with some actions, by their numbers."""
        chosen = frozenset(actions)
        if chosen not in self._known:
            effects = [effect for at in sorted(chosen) for effect in self.effects[at]]
            self._known[chosen] = self._solve(effects)
        return self._known[chosen]

    def apply(self, actions: Iterable[int]) -> CandidateGraph:
        """The whole graph with some actions."""
        return apply_effects(self.graph, [e for at in sorted(actions) for e in self.effects[at]])

    def _solve(self, effects: list[Effect]) -> Gain:
        needs, offers = self.touched(effects)
        if not needs.any():
            return (0, 0, 0, 0, 0)
        before = self._count_served(needs)
        after, proved = count_most(_take_part(self.graph, needs, offers, effects))
        self.is_exact &= proved
        more = [after[p] - before[p] for p in PRIORITIES]
        return (more[0], more[1], more[2], more[3], more[4])

    def _count_served(self, needs: BoolArray) -> dict[int, int]:
        served = np.where(needs, self.solution.served, 0)
        return count_by_priority(self.graph, served)

    def touched(self, effects: list[Effect]) -> tuple[BoolArray, BoolArray]:
        """Needs and offers that some effects could matter to."""
        parts = [np.zeros(0, np.int64)]
        for effect in effects:
            parts.append(self._need_part[effect.need])
            if effect.offer >= 0:
                parts.append(self._offer_part[[effect.offer]])
            if effect.unit >= 0:
                parts.append(self._unit_part[[effect.unit]])
        some = np.unique(np.concatenate(parts))
        return np.isin(self._need_part, some), np.isin(self._offer_part, some)


def count_most(graph: CandidateGraph) -> tuple[dict[int, int], bool]:
    """The most places by priority, promises included, and whether that is proved."""
    locked = sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    found = count_by_priority(graph, locked)
    rest = find_remainder(graph)
    most = find_most_places(rest)
    if graph.need_whole.any():
        # Where no whole need happens to be split, nothing more is to be looked for.
        flow = find_cheapest(rest, most)
        used = sum_by_row(rest.edge_need, flow, len(rest.need_row))
        if (graph.need_whole[rest.need_row] & (used > 0) & (used < rest.need_quantity)).any():
            solution = solve(graph)
            return dict(solution.served_by_priority), solution.status == "optimal"
    for weight, places in most.items():
        found[MOST_URGENT - weight] += places
    return found, True


def apply_effects(graph: CandidateGraph, effects: Sequence[Effect]) -> CandidateGraph:
    """A graph with some effects; rows keep their numbers, offers of their own come behind."""
    offer_capacity, unit_capacity = graph.offer_capacity.copy(), graph.unit_capacity.copy()
    own = [effect for effect in effects if effect.offer < 0 and not effect.of_unit]
    for effect in effects:
        if effect.of_unit:
            unit_capacity[effect.unit] = min(unit_capacity[effect.unit] + effect.capacity, UNLIMITED)
        elif effect.offer >= 0:
            offer_capacity[effect.offer] = min(offer_capacity[effect.offer] + effect.capacity, UNLIMITED)
    need, offer, cost = _list_pairs(graph, effects)
    more = {
        "edge_need": need,
        "edge_offer": offer,
        "edge_cost": cost,
        "edge_locked": np.zeros(len(need), np.int64),
    }
    if graph.edge_capacity is not None:
        more["edge_capacity"] = np.full(len(need), UNLIMITED)
    return remake(
        graph,
        offer_capacity=np.append(offer_capacity, [effect.capacity for effect in own]).astype(np.int64),
        unit_capacity=unit_capacity,
        offer_unit=np.append(graph.offer_unit, [effect.unit for effect in own]).astype(np.int32),
        offer_ids=None,
        **{name: np.concatenate([getattr(graph, name), values]) for name, values in more.items()},
    )


def _list_pairs(graph: CandidateGraph, effects: Sequence[Effect]) -> tuple[IntArray, IntArray, IntArray]:
    """Pairs that effects add, each once at its least cost."""
    none = np.zeros(0, np.int64)
    needs, offers, costs = [none], [none], [none]
    last = graph.offer_count
    for effect in effects:
        row = effect.offer
        if row < 0 and not effect.of_unit:
            row, last = last, last + 1
        needs.append(effect.need)
        offers.append(np.full(len(effect.need), row, np.int64))
        costs.append(effect.cost)
    need, offer, cost = np.concatenate(needs), np.concatenate(offers), np.concatenate(costs)
    order = np.lexsort((cost, offer, need))
    need, offer, cost = need[order], offer[order], cost[order]
    first = np.ones(len(need), np.bool_)
    first[1:] = (np.diff(need) > 0) | (np.diff(offer) > 0)
    return need[first], offer[first], cost[first]


def _take_part(
    graph: CandidateGraph, needs: BoolArray, offers: BoolArray, effects: Sequence[Effect]
) -> CandidateGraph:
    """The part of a graph with some needs and offers, and effects on it."""
    need_number, offer_number = np.cumsum(needs) - 1, np.cumsum(offers) - 1
    edges = np.flatnonzero(needs[graph.edge_need] & offers[graph.edge_offer])
    part = CandidateGraph(
        graph.need_quantity[needs],
        graph.need_priority[needs],
        graph.offer_capacity[offers],
        need_number[graph.edge_need[edges]],
        offer_number[graph.edge_offer[edges]],
        np.zeros(len(edges), np.int64),
        offer_unit=graph.offer_unit[offers],
        unit_capacity=graph.unit_capacity,
        edge_capacity=None if graph.edge_capacity is None else graph.edge_capacity[edges],
        edge_locked=graph.edge_locked[edges],
        need_whole=graph.need_whole[needs],
    )
    moved = [
        Effect(
            int(offer_number[e.offer]) if e.offer >= 0 else -1, e.unit, e.capacity, e.of_unit,
            need_number[e.need], np.zeros(len(e.need), np.int64),
        )
        for e in effects
    ]  # fmt: skip
    return apply_effects(part, moved)
