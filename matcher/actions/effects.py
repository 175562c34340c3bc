"""What actions change in the matching problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graph.model import TABLES, Offer
from graph.snapshot import Snapshot, records_to_arrow
from matcher.actions.kinds import Action
from matcher.arrays import IntArray
from matcher.candidates import build_instance
from matcher.instance import PROMISES, Instance
from matcher.intervals import remake
from matcher.problem import UNLIMITED, CandidateGraph


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


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What actions change.

    Attributes
    ----------
    of_action : list of list of Effect
        One for each of an action's offers, or one for more capacity.
    beyond : frozenset of int
        Actions that may gain more or less than their effects say: their unit could take projects by its
        offers that it can't take now, and these pairs aren't among the effects; or it promised something
        without an offer, and the promise would take up places of the one that is new.
    """

    of_action: list[list[Effect]]
    beyond: frozenset[int]


def find_effects(instance: Instance, actions: Sequence[Action]) -> Effects:
    """Find what actions change.

    Offers as they would be are put beside those that are, and candidates are found once for all.
    """
    offers = [proposed.record for action in actions for proposed in action.offers]
    reached, takers = _find_pairs(instance, offers)
    promised = _find_promised(instance)
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
                waiting = promised.get(proposed.record.unit, {})
                taken = sum(places for row, places in waiting.items() if row in need)
                places = max(action.places - taken, 0)
                effects.append(Effect(-1, unit, places, False, need, cost))
        found.append(effects)
    beyond = (
        at
        for at, action in enumerate(actions)
        if any(
            offer.record.unit in takers or (offer.beside is None and offer.record.unit in promised)
            for offer in action.offers
        )
    )
    return Effects(found, frozenset(beyond))


def _find_pairs(
    instance: Instance, offers: Sequence[Offer]
) -> tuple[dict[str, tuple[IntArray, IntArray]], set[str]]:
    """Need rows that offers would reach, with costs, if these offers were there too.

    And the units that could take further projects then.
    """
    if not offers:
        return {}, set()
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
    before, after = _count_projects(instance), _count_projects(beside)
    return found, {unit for unit, count in after.items() if count > before.get(unit, 0)}


def _find_promised(instance: Instance) -> dict[str, dict[int, int]]:
    """Places of need rows that units promised without an offer: one that fits would have to give them."""
    graph, supply = instance.graph, instance.supply
    found: dict[str, dict[int, int]] = {}
    for edge in np.flatnonzero(
        (supply.kind[graph.edge_offer] == PROMISES) & (graph.edge_locked > 0)
    ).tolist():
        unit = str(instance.unit_ids[supply.unit[graph.edge_offer[edge]]])
        found.setdefault(unit, {})[int(graph.edge_need[edge])] = int(graph.edge_locked[edge])
    return found


def _count_projects(instance: Instance) -> dict[str, int]:
    """How many projects each unit could take."""
    graph = instance.graph
    of_project = instance.pairs.feasible & instance.demand.is_project[graph.edge_need]
    units, counts = np.unique(instance.supply.unit[graph.edge_offer[of_project]], return_counts=True)
    return dict(zip((str(unit) for unit in instance.unit_ids[units]), counts.tolist(), strict=True))


def _with_offers(snapshot: Snapshot, offers: Sequence[Offer]) -> Snapshot:
    """A snapshot with further offers."""
    tables = {table: snapshot.arrow(table) for table in TABLES}
    rows = tables["offers"]
    added = records_to_arrow("offers", list(offers)).cast(rows.schema)
    tables["offers"] = pa.concat_tables([rows, added]).sort_by("id")
    return Snapshot(tables, revision=snapshot.revision)


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
        # Of equally good assignments the ids decide: with them it is the one that a match would give.
        offer_ids=None if own else graph.offer_ids,
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
