"""Offers beside a need, each with the reason why it serves it or doesn't, and numbers.

`reason` is one of: `chosen`; of those that could serve it `dearer` (by `dearer_by_m`, were there room or
not), `equal` (it has room), `full`, `unit_full`, `claims_full` (the offer's places, the unit's total, or the
projects it may take are used up; `held_by` says by what, `capacity_assumed` whether nobody stated how many
there are), `rule` (room for some of it, but it may not be split), `promised_elsewhere` (promises fill the
need already); of the others, in the contract's order, `people`, `tags`, `own_party`, `unknown_place`,
`too_far`, `wrong_time`, `refused`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from matcher.instance import PROJECTS, Instance, Ints
from matcher.market import Market, View
from matcher.problem import PRIORITIES, UNLIMITED
from matcher.refusals import Refusals
from matcher.remainder import MOST_URGENT
from matcher.sieve import STAGES, Looks, Sieve
from matcher.what_if import forced

Json = dict[str, Any]

_REASON_OF_STAGE: Final = {
    "people": "people",
    "tags": "tags",
    "party": "own_party",
    "place": "unknown_place",
    "reach": "too_far",
    "time": "wrong_time",
    "refused": "refused",
}

_MOST_HOLDERS: Final = 5


class Alternatives:
    """All offers of a fitting category beside one need row, best first.

    Those in use come first, then those that could serve it by how much dearer they would be, then the others,
    the later the step that stops them the earlier; of these the nearest first.

    Parameters
    ----------
    market : Market
    view : View
        Of the need row.
    """

    def __init__(self, market: Market, view: View) -> None:
        self.market, self.view, self.instance = market, view, market.instance
        extra = view.extra
        metres = self.instance.pairs.distance_m[view.edges]
        feasible = np.flatnonzero(view.feasible | (view.flow > 0))
        order = np.lexsort(
            (metres[feasible], extra.cost[feasible], extra.level[feasible], view.flow[feasible] == 0)
        )
        self._able = feasible[order]
        self._looks, self._stage, self._unable = self._find_unable()

    def __len__(self) -> int:
        return len(self._able) + len(self._unable)

    def rows(self, limit: int | None, *, exact: bool | str = False) -> Iterator[Json]:
        """The first of them as JSON values; those in use, and the one that `exact` names, are always given.

        `exact` adds the `regret` of those that could serve the need and don't, or of the one offer (of a
        project: unit) with that id; see `regret_json`.
        """
        used = int((self.view.flow > 0).sum())
        most = len(self) if limit is None else max(limit, used)
        shown = self._able[:most].tolist()
        if isinstance(exact, str):
            shown += [at for at in self._able[most:].tolist() if self._name(at) == exact]
        for at in shown:
            row = able_json(self.market, self.view, at)
            asked = exact is True or exact == self._name(at)
            if asked and row["reason"] != "chosen":
                row["regret"] = regret_json(self.market, self.view, at)
            yield row
        refusals = Refusals(self.instance)
        for at in self._unable[: max(most - len(self._able), 0)].tolist():
            yield self._unable_json(at, refusals)

    def _name(self, at: int) -> str:
        """The id of a pair's offer; of a project's, that of its unit."""
        supply, offer = self.instance.supply, int(self.instance.graph.edge_offer[self.view.edges[at]])
        of_offer = supply.table_row[offer] >= 0
        return str(supply.ids[offer] if of_offer else self.instance.unit_ids[supply.unit[offer]])

    def closest_unable(self) -> Json | None:
        """The offer that comes closest to being able to serve the need, as JSON values; None: none."""
        return self._unable_json(int(self._unable[0]), Refusals(self.instance)) if len(self._unable) else None

    def _find_unable(self) -> tuple[Looks, Ints, Ints]:
        """Offers that some step stops, and the first step that does."""
        instance, view = self.instance, self.view
        looks = Sieve(instance).look(view.need)
        fails = np.array([~looks.passes[stage] for stage in STAGES[1:]]).reshape(len(STAGES) - 1, -1)
        stage = np.where(fails.any(axis=0), fails.argmax(axis=0) + 1, len(STAGES))
        shown = self._able[view.flow[self._able] > 0]
        offers = instance.graph.edge_offer[view.edges]
        if instance.demand.is_project[view.need]:
            units = instance.supply.unit[offers[self._able]]
            stopped = ~np.isin(instance.supply.unit[looks.offers], units)
        else:
            stopped = (stage < len(STAGES)) & ~np.isin(looks.offers, offers[shown])
        rows = np.flatnonzero(stopped & (stage < len(STAGES)))
        order = np.lexsort((looks.offers[rows], looks.distance_m[rows], -stage[rows]))
        return looks, stage, rows[order]

    def _unable_json(self, at: int, refusals: Refusals) -> Json:
        instance, need = self.instance, self.view.need
        demand, supply = instance.demand, instance.supply
        offer, metres = int(self._looks.offers[at]), float(self._looks.distance_m[at])
        reason = _REASON_OF_STAGE[STAGES[int(self._stage[at])]]
        row: Json = {
            "offer": supply.ids[offer],
            "unit": instance.unit_ids[supply.unit[offer]],
            "reason": reason,
            "distance_m": _number(metres, 1),
        }
        if reason == "people":
            row |= {
                "people": _number(demand.people[need]),
                "min_people": _number(supply.min_people[offer]),
                "max_people": _number(supply.max_people[offer]),
            }
        elif reason == "tags":
            row["missing_tags"] = _missing_tags(instance, need, offer)
        elif reason == "too_far":
            reach = float(supply.reach_m[offer])
            row |= {
                "reach_m": _number(reach),
                "too_far_by_m": _number(metres - reach, 1),
                "reach_assumed": bool(supply.reach_assumed[offer]),
            }
        elif reason == "wrong_time":
            texts = instance.schedules.texts
            row |= {"need_times": texts[demand.times[need]], "offer_times": texts[supply.times[offer]]}
        elif reason == "refused":
            row["why"] = refusals.why(need, offer)
        return row


def able_json(market: Market, view: View, at: int) -> Json:
    """One pair that is in use or could be, as JSON values.

    `cost` is that of a place in metre-equivalents; `price` what a place takes away elsewhere: `cost` more
    metre-equivalents and, where `displaces_priority` isn't None, a place of a need of that priority;
    `extra_m` by how much the pair is dearer in all than the need's dearest in use, and
    `extra_displaces_priority` the priority of a place lost besides (None: none, or what is in use, once
    freed, makes up for it); `nearer_m` by how much it is nearer than the need's farthest pair in use (below
    zero: farther; None where either is unknown); `room` what is left (None: no limit).
    """
    instance, edge = market.instance, int(view.edges[at])
    supply, offer = instance.supply, int(instance.graph.edge_offer[edge])
    displaces = MOST_URGENT - int(view.price.level[at]) if view.price.level[at] > 0 else None
    # A need without a place of its own has none to free in return.
    made_up = bool((view.flow > view.locked).any()) and view.extra.level[at] <= 0
    of_offer = supply.table_row[offer] >= 0
    reason = _reason(market, view, at)
    row: Json = {
        "offer": supply.ids[offer] if of_offer else None,
        "unit": instance.unit_ids[supply.unit[offer]],
        "reason": reason,
        "places": int(view.flow[at]),
        "distance_m": _number(instance.pairs.distance_m[edge], 1),
        "cost": int(view.cost[at]),
        "price": {"cost": int(view.price.cost[at]), "displaces_priority": displaces},
        "extra_m": int(view.extra.cost[at]),
        "extra_displaces_priority": None if made_up else displaces,
        "nearer_m": _nearer_m(market, view, at),
        "room": int(view.room[at]) if view.room[at] < UNLIMITED >> 1 else None,
    }
    if not of_offer:
        behind = int(instance.pairs.offer_row[edge])
        row["by_way_of"] = supply.ids[behind] if behind >= 0 else None
    if reason == "dearer":
        row["dearer_by_m"] = int(view.cost[at]) - view.way[1]
    elif reason in ("full", "unit_full", "claims_full"):
        row |= _holders(market, view, at, reason)
        # A unit's total is stated or not there; what an offer can give may be unknown and counted as 1.
        row["capacity_assumed"] = reason == "full" and bool(supply.capacity_assumed[offer])
    return row


def _nearer_m(market: Market, view: View, at: int) -> int | None:
    """By how many metres a pair is nearer than the need's farthest one in use."""
    metres = market.instance.pairs.distance_m[view.edges]
    used = metres[view.flow > 0]
    if not len(used) or np.isnan(used).any() or np.isnan(metres[at]):
        return None
    return round(float(used.max() - metres[at]))


def regret_json(market: Market, view: View, at: int) -> Json:
    """What a place more on a pair would cost in all, and who would move for it.

    Returns
    -------
    dict
        `possible`; and where it is, `places_by_priority` served more, `cost` by which all rises, `moves`:
        [{`need`, `from_offer`, `to_offer`, `places`}], and whether that is `exact`. Where needs are whole,
        the match is solved again with the place promised; else it takes one search.
    """
    instance, edge = market.instance, int(view.edges[at])
    moves: Iterable[tuple[int, int, int, int]]
    if market.regrets is not None:
        found = market.regrets.find(edge)
        if found is None:
            return {"possible": False}
        change = {found.more: 1, found.less: -1} if found.more != found.less else {}
        by_priority = {p: change.get(p, 0) for p in PRIORITIES}
        cost, is_exact = found.cost, found.is_exact
        moves = [(move.need, move.from_offer, move.to_offer, 1) for move in found.moves]
    else:
        again = forced(instance.graph, market.part.solution, edge)
        if again is None:
            return {"possible": False}
        by_priority, cost, is_exact = dict(again.places_by_priority), again.cost, again.is_certified
        moves = [(shift.need, shift.from_offer, shift.to_offer, shift.places) for shift in again.shifts]
    ids = instance.supply.ids
    return {
        "possible": True,
        "places_by_priority": {str(p): places for p, places in by_priority.items()},
        "cost": cost,
        "moves": [
            {
                "need": instance.demand.ids[need],
                "from_offer": ids[source] if source >= 0 else None,
                "to_offer": ids[target] if target >= 0 else None,
                "places": places,
            }
            for need, source, target, places in moves
        ],
        "exact": is_exact,
    }


def _reason(market: Market, view: View, at: int) -> str:
    instance, net = market.instance, market.net
    offer = int(instance.graph.edge_offer[view.edges[at]])
    unit = int(instance.supply.unit[offer])
    if view.flow[at] > 0:
        return "chosen"
    if net.need_quantity[view.need] == 0:
        return "promised_elsewhere"
    full = "claims_full" if instance.supply.kind[offer] == PROJECTS else "full"
    if net.unit_capacity[unit] == 0:
        return "unit_full"
    if net.offer_capacity[offer] == 0:
        return full
    level, cost = view.way
    if level == 0 and view.cost[at] > cost:
        return "dearer"
    if view.room[at] > 0:
        equal = view.extra.level[at] == 0 and view.extra.cost[at] == 0
        return "equal" if equal and (view.flow > view.locked).any() else "rule"
    return "unit_full" if view.unit_room[at] == 0 else full


def _holders(market: Market, view: View, at: int, reason: str) -> Json:
    """By what a full offer or unit is held: `promises`, `nothing` (it has no places), or the `needs`."""
    instance, graph = market.instance, market.instance.graph
    offer = int(graph.edge_offer[view.edges[at]])
    unit = int(graph.offer_unit[offer])
    if reason == "unit_full":
        net, gross = market.net.unit_capacity[unit], graph.unit_capacity[unit]
        reserved = instance.promises.unit_reserved[unit]
    else:
        net, gross = market.net.offer_capacity[offer], graph.offer_capacity[offer]
        reserved = instance.promises.reserved[offer]
    if net == 0:
        return {"held_by": "promises" if gross > 0 or reserved > 0 else "nothing", "holders": []}
    used = np.flatnonzero(market.part.solution.flow > 0)
    same = graph.offer_unit[graph.edge_offer[used]] == unit
    if reason != "unit_full":
        same = graph.edge_offer[used] == offer
    rows = graph.edge_need[used[same]]
    # The least urgent first: these would have to give way.
    rows = rows[np.lexsort((rows, -graph.need_priority[rows].astype(np.int64)))]
    ids = instance.demand.ids[rows[:_MOST_HOLDERS]].tolist()
    return {"held_by": "needs", "holders": ids, "holders_total": len(rows)}


def _missing_tags(instance: Instance, need: int, offer: int) -> list[str]:
    wanted = instance.snapshot.column("needs", "tags")[instance.demand.table_row[need]]
    there = instance.snapshot.column("offers", "tags")[instance.supply.table_row[offer]]
    return sorted(set(wanted) - set(there))


def _number(value: Any, digits: int | None = None) -> float | int | None:
    """A number for JSON: None where unknown, whole ones as such."""
    if np.isnan(value):
        return None
    return round(float(value), digits) if digits else int(value) if value == int(value) else float(value)
