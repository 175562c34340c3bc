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
    """Which actions, and whether any others could do better.

    Attributes
    ----------
    actions : tuple of int
        By number: the one that gains most first, then what gains most beside it.
    is_proved : bool
        No set within the budget does better at the first priority at which the two differ.
    """

    actions: tuple[int, ...]
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
    kept, lesser = _leave_out_lesser(trials, _find_affordable(trials, costs, units, budget), units)
    if not kept:
        return Chosen((), is_proved=True)
    taken = take_one_by_one(trials, kept, units, budget, effort)
    parts = trials.network.parts
    if any(part.is_large for part in parts):
        return Chosen(tuple(taken), is_proved=False)
    least = min(kept.values()) / (1.0 + sum(effort[at] for at in kept))
    choice = Program(parts, kept, budget, served=trials.served).choose(
        {at: float(units[at]) for at in kept if units[at]},
        {at: cost + 0.5 * least * effort[at] for at, cost in kept.items()},
        known=frozenset(taken),
    )
    chosen = _take_lesser(trials, sorted(choice.actions), lesser, effort)
    return Chosen(tuple(_rank(trials, chosen)), choice.is_proved and trials.is_exact)


def bound_gains(
    trials: Trials, costs: Sequence[float], units: Sequence[int], budget: float, *, chosen: Sequence[int]
) -> tuple[int, ...]:
    """Bound what any set within the budget gains, whichever whole needs are served.

    Parameters
    ----------
    trials, costs, units, budget
        As for `choose_actions`.
    chosen : sequence of int
        The set it is measured by.

    Returns
    -------
    tuple of int
        For each priority p: of sets that gain as many places as the chosen one of priorities 1 to q, for each
        q below p, none gains more of priorities 1 to p.
    """
    kept, _ = _leave_out_lesser(trials, _find_affordable(trials, costs, units, budget), units)
    now, after = trials.count_served(()), trials.count_served(chosen)
    most = Program(trials.network.parts, kept, budget).bound(after)
    return tuple(upto - before for upto, before in zip(most, now, strict=True))


def _find_affordable(
    trials: Trials, costs: Sequence[float], units: Sequence[int], budget: float
) -> dict[int, float]:
    """Actions that change anything and don't cost too much, with their costs."""
    some = [at for at, parts in enumerate(trials.network.parts_of) if parts or units[at]]
    return {at: float(costs[at]) for at in some if costs[at] <= budget}


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


def _rank(trials: Trials, chosen: Sequence[int]) -> list[int]:
    left, ranked = list(chosen), list[int]()
    while left:
        best = max(left, key=lambda at: (trials.gain([*ranked, at]), -at))
        left.remove(best)
        ranked.append(best)
    return ranked
