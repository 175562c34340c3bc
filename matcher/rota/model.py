"""A rota as a model of constraints (CP-SAT): the fairest turns, and the smallest set of rules in conflict.

Each rule hangs on a literal of its own. Solved under all of them as assumptions, an infeasible model names
some that suffice for that. The smallest such set is a smallest hitting set of the sets whose removal makes
the rest possible (Reiter 1987; Ignatiev, Previti, Liffiton & Marques-Silva 2015): a smallest set that hits
all those found so far is either in conflict itself, and then no smaller one is, or leaves another such set
to be found. What can be seen without search comes before all that (`plain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from graph.errors import LinliError
from graph.wording import word
from matcher.rota.plain import find_plain_conflict, least_size
from matcher.rota.problem import Load, Rota, Rule, Wish, share_fairly, touches

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

Turn = tuple[int, str | None, str]

_SCALE: Final = 1000
"""Shares are compared in thousandths of a turn."""

_MOST_WORK: Final = 5.0
"""Where one search ends unproved, in the solver's own measure of work: answers don't hang on the clock."""

_MOST_ROUNDS: Final = 40
_MOST_RULES: Final = 12
"""A larger conflict, or one after so many hitting sets, isn't proved to be the smallest."""


def find_rota(wish: Wish) -> Rota:
    """Find the fairest rota: first the smallest largest deviation, then the smallest sum of deviations.

    Among these, where no gap is asked for, one whose turns lie as far apart as can be.

    Parameters
    ----------
    wish : Wish

    Returns
    -------
    Rota
        With status `impossible` it names rules in conflict.
    """
    if (plain := find_plain_conflict(wish)) is not None:
        return Rota((), (), None, "impossible", tuple(sorted(plain, key=_order)), True)
    found = _solve(wish, wish.gap or 0, None)
    if found == "unknown":
        raise UndecidedError(**word("rota_undecided"))
    if found == "none":
        rules, is_smallest = find_conflict(wish)
        return Rota((), (), None, "impossible", rules, is_smallest)
    turns, limits, proved = found
    gap = wish.gap or 0
    if wish.gap is None:
        low, high = 0, len(wish.periods)
        while high - low > 1:
            middle = (low + high) // 2
            wider = _solve(wish, middle, limits)
            if isinstance(wider, str):
                high = middle
            else:
                low, turns = middle, wider[0]
        gap = low
    counts = {taker.id: 0 for taker in wish.takers}
    for _, _, party in turns:
        counts[party] += 1
    loads = tuple(
        Load(taker.id, counts[taker.id], round(fair, 3))
        for taker, fair in zip(wish.takers, share_fairly(wish), strict=True)
    )
    return Rota(tuple(turns), loads, gap, "optimal" if proved else "bounded")


class UndecidedError(LinliError, ValueError):
    """A rota was neither found nor proved impossible in reasonable time."""


class _Model:
    """Variables and rules of a wish; a rule's literal is true where it is kept."""

    def __init__(self, wish: Wish, gap: int) -> None:
        from ortools.sat.python import cp_model

        self.wish, self.gap = wish, gap
        self.model: CpModel = cp_model.CpModel()
        self.literals: dict[Rule, IntVar] = {}
        self.x: dict[tuple[int, str | None, str], IntVar] = {}
        for period in range(len(wish.periods)):
            for area in wish.areas:
                for taker in wish.takers:
                    if taker.area in (None, area):
                        self.x[period, area, taker.id] = self.model.new_bool_var("")
        self._cover()
        self._each_party()
        self._count_windows()
        for turn in wish.kept:
            kept = self.x.get((turn.period, turn.area, turn.party))
            literal = self._rule(Rule("kept", turn.period, turn.area, turn.party))
            self.model.add_bool_or([] if kept is None else [kept]).only_enforce_if(literal)

    def _rule(self, rule: Rule) -> IntVar:
        if rule not in self.literals:
            self.literals[rule] = self.model.new_bool_var("")
        return self.literals[rule]

    def _cover(self) -> None:
        """Each period has one party in each area; two in one place are never allowed."""
        for period in range(len(self.wish.periods)):
            for area in self.wish.areas:
                there = [
                    self.x[period, area, taker.id]
                    for taker in self.wish.takers
                    if (period, area, taker.id) in self.x
                ]
                self.model.add_at_most_one(there)
                self.model.add_bool_or(there).only_enforce_if(self._rule(Rule("cover", period, area)))

    def _each_party(self) -> None:
        wish = self.wish
        for taker in wish.takers:
            own = [
                [self.x[period, area, taker.id] for area in wish.areas if (period, area, taker.id) in self.x]
                for period in range(len(wish.periods))
            ]
            for period, turns in enumerate(own):
                if touches(taker.away, wish.periods[period]) and turns:
                    away = self._rule(Rule("away", period, party=taker.id))
                    self.model.add_bool_and([~turn for turn in turns]).only_enforce_if(away)
                if len(turns) > 1:
                    self.model.add(sum(turns) <= 1).only_enforce_if(self._rule(Rule("once")))
                near = [turn for later in own[period : period + self.gap + 1] for turn in later]
                if self.gap and len(near) > 1:
                    self.model.add(sum(near) <= 1).only_enforce_if(self._rule(Rule("gap")))

    def _count_windows(self) -> None:
        """A turn and its gap need as many parties as they are long: implied, but slow to be found out."""
        wish, width = self.wish, self.gap + 1
        if not self.gap:
            return
        for area in wish.areas:
            count = sum(taker.area in (None, area) for taker in wish.takers)
            covers = [self._rule(Rule("cover", period, area)) for period in range(len(wish.periods))]
            if count < min(width, len(covers)):
                for first in range(max(len(covers) - width, 0) + 1):
                    window = covers[first : first + width]
                    self.model.add(sum(window) <= count).only_enforce_if(self._rule(Rule("gap")))

    def solve(self) -> tuple[CpSolver, Any]:
        """Solve the model as it stands."""
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = _MOST_WORK
        return solver, solver.solve(self.model)


def _solve(
    wish: Wish, gap: int, limits: tuple[int, int] | None
) -> tuple[list[Turn], tuple[int, int], bool] | Literal["none", "unknown"]:
    """The fairest turns with a gap, their largest deviation and sum, and whether that is proved.

    With limits given, any turns that keep within them.
    """
    from ortools.sat.python import cp_model

    made = _Model(wish, gap)
    model = made.model
    model.add_bool_and(made.literals.values())
    deviations = _add_deviations(made)
    largest = model.new_int_var(0, _SCALE * (len(wish.periods) * len(wish.areas) + 1), "")
    model.add_max_equality(largest, [*deviations, model.new_constant(0)])
    proved = True
    if limits is None:
        bounds = []
        for goal in (largest, sum(deviations)):
            model.minimize(goal)
            solver, status = made.solve()
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return "none" if status == cp_model.INFEASIBLE else "unknown"
            proved &= status == cp_model.OPTIMAL
            bounds.append(round(solver.objective_value))
            model.add(goal <= bounds[-1])
        limits = bounds[0], bounds[1]
    else:
        model.add(largest <= limits[0])
        model.add(sum(deviations) <= limits[1])
        solver, status = made.solve()
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return "none" if status == cp_model.INFEASIBLE else "unknown"
    turns = [turn for turn, taken in made.x.items() if solver.boolean_value(taken)]
    return turns, limits, proved


def _add_deviations(made: _Model) -> list[IntVar]:
    """By party how far its turns are from what is fair, in thousandths."""
    found = []
    most = _SCALE * (len(made.wish.periods) * len(made.wish.areas) + 1)
    for taker, fair in zip(made.wish.takers, share_fairly(made.wish), strict=True):
        own = [turn for (_, _, party), turn in made.x.items() if party == taker.id]
        away = made.model.new_int_var(0, most, "")
        made.model.add_abs_equality(away, _SCALE * sum(own) - round(_SCALE * fair))
        found.append(away)
    return found


def find_conflict(wish: Wish) -> tuple[tuple[Rule, ...], bool]:
    """Name a smallest set of rules that no rota keeps together, and whether that it is smallest is proved.

    Returns
    -------
    rules : tuple of Rule
        Empty if all rules can be kept.
    is_smallest : bool
    """
    if (plain := find_plain_conflict(wish)) is not None:
        return tuple(sorted(plain, key=_order)), True
    made = _Model(wish, wish.gap or 0)
    rules = list(made.literals)
    core = _find_core(made, rules)
    if not core:
        return (), core is None
    core = _shrink(made, core)
    if len(core) <= least_size(wish):
        return tuple(sorted(core, key=_order)), True
    to_hit: list[set[Rule]] = []
    for _ in range(_MOST_ROUNDS if len(core) <= _MOST_RULES else 0):
        chosen = _hit(to_hit, rules)
        if len(chosen) >= len(core):
            return tuple(sorted(core, key=_order)), True
        found = _find_core(made, chosen)
        if found is not None:
            return tuple(sorted(chosen if found else core, key=_order)), bool(found)
        to_hit.append(set(rules) - _grow(wish, chosen))
    return tuple(sorted(core, key=_order)), False


def _order(rule: Rule) -> tuple[str, int, str, str]:
    return rule.kind, -1 if rule.period is None else rule.period, rule.area or "", rule.party or ""


def _find_core(made: _Model, rules: Sequence[Rule]) -> list[Rule] | None:
    """Some of these rules that are in conflict; None if there is none, empty if nobody could tell."""
    from ortools.sat.python import cp_model

    made.model.clear_assumptions()
    made.model.add_assumptions([made.literals[rule] for rule in rules])
    solver, status = made.solve()
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    if status != cp_model.INFEASIBLE:
        return []
    numbers = set(solver.sufficient_assumptions_for_infeasibility())
    return [rule for rule in rules if made.literals[rule].index in numbers]


def _shrink(made: _Model, core: list[Rule]) -> list[Rule]:
    """Leave out of a conflict what it doesn't need."""
    kept = list(core)
    for rule in core:
        fewer = [other for other in kept if other != rule]
        if rule in kept and (found := _find_core(made, fewer)):
            kept = found
    return kept


def _hit(sets: list[set[Rule]], rules: list[Rule]) -> list[Rule]:
    """A smallest set of rules that has one of each set."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = {rule: model.new_bool_var("") for rule in rules}
    for one in sets:
        model.add_bool_or([taken[rule] for rule in sorted(one, key=_order)])
    model.minimize(sum(taken.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.solve(model)
    return [rule for rule in rules if solver.boolean_value(taken[rule])]


def _grow(wish: Wish, chosen: Iterable[Rule]) -> set[Rule]:
    """As many rules as can be kept together with the chosen ones."""
    made = _Model(wish, wish.gap or 0)
    made.model.add_bool_and([made.literals[rule] for rule in chosen])
    made.model.maximize(sum(made.literals.values()))
    solver, _ = made.solve()
    return {rule for rule, literal in made.literals.items() if solver.boolean_value(literal)}
