"""Choosing actions within a budget: the most places of the urgent first, and how good any others could be.

Actions that add pairs don't add up: two may help the same need, or one only after another. So where flows are
quick the choice isn't made one by one, but by a program whose promises flows confirm; see
`matcher.actions.program`. In large towns actions are taken one by one, and the program gives the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.actions.program import Program
from matcher.actions.trials import Trials
from matcher.problem import PRIORITIES


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which actions, and how good any others could be.

    Attributes
    ----------
    actions : tuple of int
        By number: the one that gains most first, then what gains most beside it.
    bound : int
        No set within the budget lets more places be served in all, where the gains by priority don't prove
        the set to be the best there is.
    is_proved : bool
        No set within the budget does better at the first priority at which the two differ.
    """

    actions: tuple[int, ...]
    bound: int
    is_proved: bool


def choose_actions(
    trials: Trials, costs: Sequence[float], units: Sequence[int], budget: float, *, effort: Sequence[float]
) -> Chosen:
    """Choose the actions that gain most places of priority 1, then of 2, and so on; then reach most units.

    Of equally good sets the cheapest is taken, of equally cheap ones such of little effort.

    Parameters
    ----------
    trials : Trials
    costs : sequence of float
        Of each action; above 0.
    units : sequence of int
        Units without any coverage that each action would reach.
    budget : float
    effort : sequence of float
    """
    some = [at for at, parts in enumerate(trials.network.parts_of) if parts or units[at]]
    cost_of = {at: float(costs[at]) for at in some if costs[at] <= budget}
    if not cost_of:
        return Chosen((), 0, is_proved=True)
    kept, lesser = _leave_out_lesser(trials, cost_of, units)
    taken = take_one_by_one(trials, kept, units, budget, effort)
    parts = trials.network.parts
    if any(part.is_large for part in parts):
        return Chosen(tuple(taken), _bound(trials, kept, budget), is_proved=False)
    least = min(kept.values()) / (1.0 + sum(effort[at] for at in kept))
    choice = Program(parts, kept, budget, served=trials.served).choose(
        {at: float(units[at]) for at in kept if units[at]},
        {at: cost + 0.5 * least * effort[at] for at, cost in kept.items()},
        known=frozenset(taken),
    )
    proved = choice.is_proved and trials.is_exact
    chosen = _take_lesser(trials, sorted(choice.actions), lesser, effort)
    bound = 0 if proved else _bound(trials, kept, budget)
    return Chosen(tuple(_rank(trials, chosen)), bound, proved)


def _leave_out_lesser(
    trials: Trials, costs: dict[int, float], units: Sequence[int]
) -> tuple[dict[int, float], dict[int, list[int]]]:
    """Leave out actions whose pairs another brings to the same offer too, at the same cost.

    Returns
    -------
    kept : dict of int to float
        The others, with their costs.
    lesser : dict of int to list of int
        Those left out for each of the others.
    """
    alike: dict[tuple[int, int, int, float], list[tuple[frozenset[int], int]]] = {}
    for at, cost in costs.items():
        if len(trials.effects[at]) == 1 and len(trials.effects[at][0].need) and not units[at]:
            (effect,) = trials.effects[at]
            needs = frozenset(effect.need.tolist())
            alike.setdefault((effect.offer, effect.unit, effect.capacity, cost), []).append((needs, at))
    kept, lesser = dict(costs), dict[int, list[int]]()
    for some in alike.values():
        most: list[tuple[frozenset[int], int]] = []
        for needs, at in sorted(some, key=lambda item: (-len(item[0]), item[1])):
            above = next((other for more, other in most if needs <= more), None)
            if above is None:
                most.append((needs, at))
            else:
                del kept[at]
                lesser.setdefault(above, []).append(at)
    return kept, lesser


def _take_lesser(
    trials: Trials, chosen: list[int], lesser: dict[int, list[int]], effort: Sequence[float]
) -> list[int]:
    """Take the action of least effort instead of a greater one where that gains as much."""
    total = trials.gain(chosen)
    for number, at in enumerate(chosen):
        for other in sorted([at, *lesser.get(at, ())], key=lambda some: (effort[some], some)):
            instead = [*chosen[:number], other, *chosen[number + 1 :]]
            if other == at or trials.gain(instead) == total:
                chosen = instead
                break
    return chosen


def take_one_by_one(
    trials: Trials, costs: dict[int, float], units: Sequence[int], budget: float, effort: Sequence[float]
) -> list[int]:
    """Take the action that gains most for its cost, the urgent first, until the budget is used up."""
    taken: list[int] = []
    left = budget
    while True:
        best = [at for at, cost in costs.items() if cost <= left and at not in taken]
        gains = False
        for level in PRIORITIES:
            if len(best) > 1 or not gains:
                best, more = _find_best(trials, level, frozenset(taken), best, costs)
                gains |= more
        if not gains:
            best = [at for at in best if units[at]]
        if not best:
            return taken
        found = min(best, key=lambda at: (-units[at] / costs[at], costs[at], effort[at], at))
        taken.append(found)
        left -= costs[found]


def _find_best(
    trials: Trials, level: int, taken: frozenset[int], some: list[int], costs: dict[int, float]
) -> tuple[list[int], bool]:
    """Those of some actions that add most places of a level for their cost, and whether they add any."""
    bound, base = trials.bound_more(level, taken), trials.find_upto(level, taken)
    best, most = some, 0.0
    for at in sorted(some, key=lambda at: -bound.get(at, 0) / costs[at]):
        if bound.get(at, 0) / costs[at] < most or not bound.get(at, 0):
            break
        more = (trials.find_upto(level, taken | {at}) - base) / costs[at]
        if more > most:
            best, most = [], more
        if more == most > 0:
            best.append(at)
    return best, most > 0


def _bound(trials: Trials, costs: dict[int, float], budget: float) -> int:
    """How many places more any set could let be served in all, whichever whole needs are served."""
    parts = trials.network.parts
    served = trials.solution.served - trials.locked
    now = sum(int(served[part.needs].sum()) for part in parts)
    return Program(parts, costs, budget, levels=PRIORITIES[-1:]).bound() - now


def _rank(trials: Trials, chosen: Sequence[int]) -> list[int]:
    left, ranked = list(chosen), list[int]()
    while left:
        best = max(left, key=lambda at: (trials.gain([*ranked, at]), -at))
        left.remove(best)
        ranked.append(best)
    return ranked
