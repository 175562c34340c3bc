"""The actions of a budget, and each gap's cheapest fix, as the documents that every door shows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graph.model import Area, Offer, Record
from matcher.actions.candidates import Finder
from matcher.actions.choose import bound_gains, choose_actions
from matcher.actions.effects import Effect, find_effects
from matcher.actions.kinds import KINDS, Action, tell_action
from matcher.actions.limits import check_limits
from matcher.actions.shares import Shares
from matcher.actions.trials import Gain, Trials
from matcher.arrays import IntArray
from matcher.flow import solve
from matcher.match import Assignment, Match
from matcher.places import PARTY_ORDER
from matcher.problem import PRIORITIES
from matcher.reasons import Reasons, find_reasons
from matcher.sentences import category_name
from matcher.sites.town import Wish, plan_sites

Json = dict[str, Any]

DEFAULT_COST: Final = 1.0
_MOST_STATIONS: Final = 3
_GAP_OF_STATIONS: Final = 0.01


class Planner:
    """The actions that could help a match, and what each and all of them would gain.

    Parameters
    ----------
    made : Match or Assignment
    reasons : Reasons, optional
        Why its places are unserved, where somebody knows already.
    costs : mapping, optional
        What an action of each kind costs; 1 where nothing is said.
    with_stations : bool
        Stations for units without any coverage are among the actions.

    Attributes
    ----------
    actions : list of Action
    trials : Trials
    shares : Shares
    """

    def __init__(
        self,
        made: Match | Assignment,
        *,
        reasons: Reasons | None = None,
        costs: Mapping[str, float] | None = None,
        with_stations: bool = True,
    ) -> None:
        part = self.part = made.places if isinstance(made, Match) else made
        self._costs = dict(costs or {})
        reasons = reasons or find_reasons(part.instance, part.solution)
        self.actions = Finder(part, reasons).find()
        if with_stations:
            self.actions += _station_actions(part)
        effects = find_effects(part.instance, self.actions)
        self._beyond = effects.beyond
        self.trials = Trials(part.instance.graph, part.solution, effects.of_action)
        self.shares = Shares(part.instance, part.solution)
        self._usable: dict[int, tuple[Action, list[Effect]]] = {}

    def cost(self, at: int) -> float:
        """What an action costs, by its number."""
        return self._costs.get(self.actions[at].kind, DEFAULT_COST)

    def alone(self, at: int) -> Gain:
        """What an action gains alone, by its number."""
        return self.trials.gain([at])

    def tell(self, at: int, *, alone: bool = False) -> Json:
        """An action and what it gains alone, with a sentence in Chinese and English.

        Where nothing else is done beside it (`alone`), it asks for no more places than can be used so.
        """
        action, gain, effects = self.actions[at], self.alone(at), self.trials.effects[at]
        if alone:
            action, effects = self._as_usable(at)
        zh, en = tell_action(action, self._names(action))
        return {
            **action.to_json(),
            "gain": _by_priority(gain),
            "gain_places": sum(gain),
            "gain_project_units": None if at in self._beyond else self.shares.count_units(effects, gain),
            "gain_units": action.units,
            "cost": self.cost(at),
            "exact": self.trials.is_exact and at not in self._beyond,
            "sentence_zh": zh,
            "sentence_en": en,
        }

    def count_units(self, chosen: Sequence[int], gain: Gain) -> int | None:
        """Units of projects among what some actions gain together; None where nobody knows."""
        if not self._beyond.isdisjoint(chosen):
            return None
        effects = [effect for at in sorted(chosen) for effect in self.trials.effects[at]]
        return self.shares.count_units(effects, gain)

    def count_of(self, at: int, needs: IntArray) -> int | None:
        """Places more of some needs, by their rows, with one action alone; None where nobody knows."""
        return self.shares.count_of(self._as_usable(at)[1], needs)

    def _as_usable(self, at: int) -> tuple[Action, list[Effect]]:
        """An action with no more places than can be used where nothing else is done, and what it changes."""
        if at not in self._usable:
            action, effects = self.actions[at], self.trials.effects[at]
            if action.kind == "more_capacity":
                action = replace(action, places=self._find_usable(at))
                effects = [replace(effect, capacity=action.places) for effect in effects]
            self._usable[at] = action, effects
        return self._usable[at]

    def _find_usable(self, at: int) -> int:
        """The fewest places more that gain as much as all that an action asks for.

        What is served of priorities 1 to p is a maximum flow, which grows by one with each place until it
        grows no more: so the largest of these five gains is enough for all of them. Whole needs may take more
        or fewer than is gained; there it is tried.
        """
        parts, gain = self.trials.network.parts, self.alone(at)
        if not any(parts[number].wholes for number in self.trials.network.parts_of[at]):
            return max(itertools.accumulate(gain))
        (effect,) = self.trials.effects[at]
        return self.shares.find_least(effect, gain) if self.trials.is_exact else effect.capacity

    def _names(self, action: Action) -> tuple[Json, Json]:
        snapshot = self.part.instance.snapshot
        party: Record | None = None
        for table in PARTY_ORDER if action.unit else ():
            party = party or snapshot.record(table, action.unit or "")
        offer = snapshot.record("offers", action.offer or "")
        area = snapshot.record("areas", action.area or "")
        category = category_name(action.category)
        title = offer.title if isinstance(offer, Offer) and offer.title else None
        shared = {
            "unit": getattr(party, "name", None) or action.unit,
            "area": area.name if isinstance(area, Area) else action.area,
        }
        zh, en = ({**shared, "category": name or "", "title": title or name or ""} for name in category)
        return zh, en


def _station_actions(part: Assignment) -> list[Action]:
    """Stations that would reach units without any coverage, those first that reach most."""
    instance = part.instance
    wish = Wish(demand="units", numbers=(_MOST_STATIONS,), gap=_GAP_OF_STATIONS)
    found = plan_sites(instance.snapshot, instance.rules, wish)
    actions = []
    for site in found["plans"][0]["chosen"] if found["total"] else ():
        if site["adds"]:
            actions.append(
                Action(
                    f"new_station:units:{site['id']}", "new_station", area=site["area"],
                    unit=site["id"] if site["kind"] == "unit" else None, units=site["adds"],
                    amounts={"site": site["name"], "reach_m": found["reach_m"]}, assumed=True,
                )
            )  # fmt: skip
    return actions


def plan_actions(
    made: Match | Assignment, budget: float, *, costs: Mapping[str, float] | None = None
) -> Json:
    """Choose the actions that gain most for a budget: places by priority, then units that have no coverage.

    Parameters
    ----------
    made : Match or Assignment
        An assignment will do, which takes a fraction of a whole match's time.
    budget : float
        What they may cost together.
    costs : mapping, optional
        What an action of each kind costs (above 0); 1 where nothing is said: the budget counts actions then.

    Returns
    -------
    dict
        The document of `linli actions`: `budget`, `costs`, `candidates` (how many actions would gain
        something alone), `actions` in order of use (each with `kind`, `where`, `gain` by priority and
        `gain_places` alone, `adds` by priority and `adds_places` beside those before it, `cost`), `value`
        (places that all of them gain together, solved again), `value_by_priority`, `units` (newly covered),
        `value_project_units` (how many of these places are units of projects, of each action
        `gain_project_units` and `adds_project_units`; None where the match was too large to solve again),
        `bound_by_priority` (of each priority, no set gains more that gains as many up to each more urgent
        one), `bound` (no set gains more in all that gains as many up to each of priorities 1 to 4), `status`
        (`optimal`: no set does better at the first priority at which they differ), `spent`. A project's unit
        counts as a place. Projects that a unit could take only by an action's offer are counted nowhere; the
        action is not `exact` then, and may gain more. Nor is a new offer of a unit that promised something
        without one, for the promise may take up its places.

    Raises
    ------
    ActionError
        If the budget isn't a number from 0 to 1e9, or a cost not one above 0 and below 1e9 of one of `KINDS`.
    """
    check_limits(budget, costs)
    planner = Planner(made, costs=costs)
    trials = planner.trials
    # Of equally cheap ones what somebody stated comes before what is assumed, and less effort before more.
    effort = [find_effort(action) for action in planner.actions]
    useful = {at for at, action in enumerate(planner.actions) if action.units}.union(trials.find_helpful())
    costs_of = [planner.cost(at) for at in range(len(planner.actions))]
    units_of = [action.units for action in planner.actions]
    chosen = choose_actions(trials, costs_of, units_of, budget, effort=effort)
    ranked = sorted(
        chosen.actions, key=lambda at: not any(planner.alone(at)) and planner.actions[at].units > 0
    )
    total = trials.gain(ranked)
    is_best = chosen.is_proved and _is_best(planner, chosen.actions, total)
    upto = list(itertools.accumulate(total))
    most = upto if is_best else bound_gains(trials, costs_of, units_of, budget, chosen=ranked)
    rows, units = _tell_in_order(planner, ranked)
    at_most = [places - before for places, before in zip(most, [0, *upto], strict=False)]
    return {
        "budget": budget,
        "costs": {kind: planner._costs.get(kind, DEFAULT_COST) for kind in KINDS},
        "candidates": len(useful),
        "actions": rows,
        "value": sum(total),
        "value_project_units": units,
        "value_by_priority": _by_priority(total),
        "units": sum(planner.actions[at].units for at in ranked),
        "bound": most[-1],
        "bound_by_priority": _by_priority(at_most),
        "status": "optimal" if is_best else "bounded",
        "spent": sum(planner.cost(at) for at in ranked),
    }


def find_effort(action: Action) -> float:
    """How much an action asks of people beside its cost: by kind, stated before assumed, near before far."""
    stretch = float(action.amounts.get("to_reach_m", 0)) / max(action.amounts.get("reach_m", 1), 1)
    return float(KINDS.index(action.kind) + len(KINDS) * action.assumed + min(stretch, 9.0) / 10)


def _tell_in_order(planner: Planner, ranked: Sequence[int]) -> tuple[list[Json], int | None]:
    """The actions in order of use, and how many units of projects all of them gain."""
    rows = []
    before: Gain = (0, 0, 0, 0, 0)
    units_before: int | None = 0
    for number, at in enumerate(ranked, start=1):
        after = planner.trials.gain(ranked[:number])
        adds = tuple(a - b for a, b in zip(after, before, strict=True))
        units = planner.count_units(ranked[:number], after)
        more = None if units is None or units_before is None else units - units_before
        adds_json = {"adds": _by_priority(adds), "adds_places": sum(adds), "adds_project_units": more}
        rows.append({**planner.tell(at), **adds_json})
        before, units_before = after, units
    return rows, units_before


def _is_best(planner: Planner, chosen: Sequence[int], total: Gain) -> bool:
    """Solve the whole match with the actions: whether it gains just what the flows say, proved."""
    if not planner.trials.is_exact:
        return False
    again = solve(planner.trials.apply(chosen))
    served, before = again.served_by_priority, planner.part.solution.served_by_priority
    return again.status == "optimal" and tuple(served[p] - before[p] for p in PRIORITIES) == total


def _by_priority(gain: Sequence[int]) -> dict[str, int]:
    return {str(priority): places for priority, places in zip(PRIORITIES, gain, strict=True)}
