"""The most places by priority as a program over actions and whole needs, bounded by cuts.

How many places a part of the network can serve is the least over its cuts (Ford and Fulkerson 1956), each of
them a sum over the actions taken. The program knows few cuts at first; each choice it makes is tried by a
flow, and where that serves less, the cuts that say so are added (Benders 1962). The cuts hold for every
choice, so that what the program promises bounds all others.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matcher.actions.linear import Row, solve_rows
from matcher.actions.part import WHOLE_LEVEL, Cut, Part
from matcher.problem import PRIORITIES

_MOST_ROUNDS: Final = 150
_NEAR: Final = 1e-6
_SURE: Final = 1e-4
_INFEASIBLE: Final = 2
_CLEAR: Final = 0.02
_PATIENCE: Final = 3
_LEAST_RISE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """Actions, and what they let be served.

    Attributes
    ----------
    actions : frozenset of int
    upto : tuple of int
        Places of priorities 1 to p in the parts looked at, for each p; empty where no choice was confirmed.
    is_proved : bool
        No other choice does better.
    """

    actions: frozenset[int]
    upto: tuple[int, ...]
    is_proved: bool


class Program:
    """Chooses actions, and which whole needs are served.

    Parameters
    ----------
    parts : sequence of Part
    costs : dict of int to float
        Of each action to choose from.
    budget : float
    served : set of int
        Whole needs that are served whatever is chosen.
    taken : set of int
        Actions that are taken whatever they cost.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        costs: dict[int, float],
        budget: float,
        *,
        served: Set[int] = frozenset(),
        taken: Set[int] = frozenset(),
    ) -> None:
        self._parts = parts
        self.actions = sorted(costs)
        wholes = sorted({whole for part in parts for whole in part.wholes})
        self._of_action = {action: at for at, action in enumerate(self.actions)}
        self._of_whole = {whole: len(self.actions) + at for at, whole in enumerate(wholes)}
        self._binary = len(self.actions) + len(wholes)
        self._levels = [self._list_levels(part) for part in parts]
        pairs = [
            (at, level) for at, levels in enumerate(self._levels) for level in levels if level != WHOLE_LEVEL
        ]
        self._of_places = {pair: self._binary + at for at, pair in enumerate(pairs)}
        self._size = self._binary + len(pairs)
        self._low, self._high = np.zeros(self._size), np.ones(self._size)
        for at, level in pairs:
            below = parts[at].priority <= level
            self._high[self._of_places[at, level]] = parts[at].quantity[below].sum()
        self._low[[self._of_whole[whole] for whole in wholes if whole in served]] = 1
        self._low[[self._of_action[action] for action in taken]] = 1
        self._rows: list[Row] = []
        self._told: set[tuple[bytes, bytes, float]] = set()
        self._pools: list[list[tuple[int, Row]]] = [[] for _ in parts]
        self._all_of: dict[tuple[int, int], int] = {}
        self._add(Row.of(((self._of_action[a], cost) for a, cost in costs.items() if a not in taken), budget))
        for at in range(len(parts)):
            for level in self._levels[at]:
                for some in (frozenset[int](), frozenset(self.actions)):
                    self._tell(
                        at, level, parts[at].read_cuts(level, parts[at].flow(level, some, frozenset(wholes)))
                    )

    @staticmethod
    def _list_levels(part: Part) -> list[int]:
        # Between two priorities of its needs a part serves as much as at the first.
        return [*([WHOLE_LEVEL] if part.wholes else []), *part.levels]

    def _add(self, row: Row) -> bool:
        if not len(row.columns) or row.key in self._told:
            return False
        self._told.add(row.key)
        self._rows.append(row)
        return True

    def _tell(self, at: int, level: int, cuts: Sequence[Cut]) -> bool:
        """Take cuts into the program; say whether any was new."""
        new = False
        for cut in cuts:
            new |= self._add(self._write(at, level, cut))
        return new

    def _write(self, at: int, level: int, cut: Cut) -> Row:
        part = self._parts[at]
        row = [] if level == WHOLE_LEVEL else [(self._of_places[at, level], 1.0)]
        # No action needs to lift a cut beyond what all of them together come to.
        if (at, level) not in self._all_of:
            every = part.flow(level, frozenset(part.actions), frozenset(part.wholes))
            self._all_of[at, level] = every.places
        most = max(self._all_of[at, level] - cut.places, 0)
        for action, places in cut.actions.items():
            if action in self._of_action:
                row.append((self._of_action[action], -float(min(places, most))))
        for whole in part.wholes:
            sought = part.quantity_of[whole] if part.priority_of[whole] > level else 0
            places = sought - cut.wholes.get(whole, 0)
            if places:
                row.append((self._of_whole[whole], float(places)))
        return Row.of(row, float(cut.places))

    def choose(
        self, units: dict[int, float], effort: dict[int, float], *, known: Set[int] = frozenset()
    ) -> Choice:
        """Choose for priority 1, then 2 and so on; then for units, then for the least cost and effort.

        Parameters
        ----------
        units, effort : dict of int to float
            Of each action: units that it reaches besides; what to have least of at last.
        known : set of int
            A choice to begin with, within the budget.
        """
        goals: list[tuple[int | None, np.ndarray]] = [(level, self._places_of(level)) for level in PRIORITIES]
        for values, sign in ((units, -1.0), (effort, 1.0)):
            goal = np.zeros(self._size)
            for action, value in values.items():
                goal[self._of_action[action]] = sign * value
            goals.append((None, goal))
        best, upto, proved = self._low.copy(), list[int](), True
        best[[self._of_action[action] for action in known]] = 1
        for level, goal in goals:
            found = self._reach(goal, level, best) if goal.any() else _Found(best, 0.0, is_proved=True)
            if found is None:
                return Choice(self._read_actions(best), (), is_proved=False)
            best, proved = found.x, proved and found.is_proved
            upto.append(round(-found.value))
            # A choice of so much is known, so nothing before is given up for what comes behind.
            self._add(Row.of_goal(goal, found.value + _NEAR))
        return Choice(self._read_actions(best), tuple(upto[: len(PRIORITIES)]), proved)

    def _places_of(self, level: int) -> np.ndarray:
        goal = np.zeros(self._size)
        for at, levels in enumerate(self._levels):
            below = [some for some in levels if WHOLE_LEVEL < some <= level]
            if below:
                goal[self._of_places[at, below[-1]]] = -1.0
        return goal

    def _read_actions(self, x: np.ndarray) -> frozenset[int]:
        return frozenset(action for action, at in self._of_action.items() if x[at] > 0.5)

    def _read_wholes(self, x: np.ndarray) -> frozenset[int]:
        return frozenset(whole for whole, at in self._of_whole.items() if x[at] > 0.5)

    def _reach(self, goal: np.ndarray, upto: int | None, start: np.ndarray) -> _Found | None:
        """The least of a goal that flows confirm; where that takes too long, the least found."""
        level = PRIORITIES[-1] if upto is None else upto
        known, _ = self._try(start, level)
        best = None if known is None else _Found(known, float(goal @ known), is_proved=False)
        enough = np.inf if best is None else best.value - (_NEAR if upto is None else 1.0 - _SURE)
        relaxed = self._relax(goal, level, enough)
        if best is not None and relaxed is not None and relaxed.fun >= enough:
            return _Found(best.x, best.value, is_proved=True)
        bound = -np.inf
        for _ in range(_MOST_ROUNDS):
            # Places are whole numbers: what is sought must be better by one, if there is such a choice.
            is_wanted = upto is not None and best is not None
            wanted = [Row.of_goal(goal, best.value - 1.0 + _NEAR)] if is_wanted and best else []
            answer = solve_rows(goal, [*self._rows, *wanted], self._low, self._high)
            if answer.x is None:
                is_proved = answer.status == _INFEASIBLE and is_wanted
                return _Found(best.x, best.value, is_proved=True) if is_proved and best else best
            least = answer.mip_dual_bound if upto is None else np.ceil(answer.mip_dual_bound - _SURE)
            if least > bound:
                bound = least
                self._add(Row.of_goal(-goal, _NEAR - bound))
            is_new = self._recall(answer.x, level, _NEAR)
            confirmed, is_short = self._try(answer.x, level)
            if confirmed is not None and (best is None or goal @ confirmed < best.value - _NEAR):
                best = _Found(confirmed, float(goal @ confirmed), is_proved=False)
            if best is not None and best.value <= bound + _NEAR:
                return _Found(best.x, best.value, is_proved=True)
            if not (is_new or is_short):
                break
        return best

    def _relax(self, goal: np.ndarray, upto: int, enough: float, *, counted: bool = False) -> Any | None:
        """Take in the cuts that hold where actions could be taken in part; give the least of a goal then.

        Those that hold nothing back in the end are left out again, which keeps the program small. It need not
        come to more than `enough`. With `counted` only levels that the goal counts are cut further.
        """
        rows, least, known = len(self._rows), list[float](), None
        while True:
            relaxed = solve_rows(goal, self._rows, self._low, self._high, in_part=True)
            if relaxed.x is None:
                return known
            known = relaxed
            if relaxed.fun >= enough:
                return relaxed
            least.append(relaxed.fun)
            if len(least) > _PATIENCE and least[-1] - least[-1 - _PATIENCE] < _LEAST_RISE:
                break
            if not self._find_cuts(goal if counted else None, relaxed.x, upto):
                break
        for at in reversed(range(rows, len(self._rows))):
            if self._rows[at].find_excess(known.x) < -_NEAR:
                self._told.discard(self._rows.pop(at).key)
        return known

    def _find_cuts(self, goal: np.ndarray | None, x: np.ndarray, upto: int) -> bool:
        """Take in the cuts that shares of actions break; say whether any was new."""
        share = {action: x[at] for action, at in self._of_action.items()}
        share |= {-1 - whole: x[at] for whole, at in self._of_whole.items()}
        is_new = False
        for at, part in enumerate(self._parts):
            for level in self._levels[at]:
                if level <= upto and (goal is None or (level and goal[self._of_places[at, level]])):
                    for cut in part.find_cuts(level, share):
                        row = self._write(at, level, cut)
                        if row.find_excess(x) > _CLEAR:
                            is_new |= self._add(row)
        return is_new

    def _recall(self, x: np.ndarray, upto: int, least: float) -> bool:
        """Take in the cuts of earlier flows that a choice breaks most; say whether there were any."""
        is_new = False
        for at, part in enumerate(self._parts):
            pool = self._pools[at]
            for level, cut in itertools.islice(part.list_cuts(), len(pool), None):
                pool.append((level, self._write(at, level, cut)))
            worst: dict[int, tuple[float, Row]] = {}
            for level, row in pool:
                by = row.find_excess(x) if level <= upto else 0.0
                if by > worst.get(level, (least, row))[0]:
                    worst[level] = by, row
            for _, row in worst.values():
                is_new |= self._add(row)
        return is_new

    def _try(self, x: np.ndarray, upto: int) -> tuple[np.ndarray | None, bool]:
        """What a choice really serves, if that keeps the rules, and whether cuts that say so are new."""
        taken, served = self._read_actions(x), self._read_wholes(x)
        real, is_new, is_kept = x.copy(), False, True
        for at, part in enumerate(self._parts):
            for level in self._levels[at]:
                if level > upto:
                    continue
                flow = part.flow(level, taken, served)
                behind = sum(
                    part.quantity_of[whole]
                    for whole in served.intersection(part.wholes)
                    if part.priority_of[whole] > level
                )
                places = flow.places - behind
                if level == WHOLE_LEVEL:
                    is_short = places < 0
                    is_kept &= not is_short
                else:
                    column = self._of_places[at, level]
                    is_short = places < x[column] - _NEAR
                    real[column] = places
                if is_short:
                    is_new |= self._tell(at, level, part.read_cuts(level, flow))
                    # What fewer of them come to tells more about other choices.
                    for action in taken.intersection(part.actions):
                        part.flow(level, taken - {action}, served)
        real[: self._binary] = np.round(real[: self._binary])
        kept = is_kept and all(row.find_excess(real) <= _NEAR for row in self._rows)
        return (real if kept else None), is_new

    def bound(self, least: Sequence[int]) -> tuple[int, ...]:
        """Bound the places of priorities 1 to p, for each p, where actions could even be taken in part.

        Parameters
        ----------
        least : sequence of int
            Places of priorities 1 to p, for each p, that some choice serves. Choices that serve fewer of more
            urgent needs are left out of account.

        Returns
        -------
        tuple of int
            No choice that serves as many of priorities 1 to q, for each q below p, serves more of 1 to p.
        """
        found = []
        for level, places in zip(PRIORITIES, least, strict=True):
            goal, most = self._places_of(level), 0.0
            if goal.any():
                relaxed = self._relax(goal, level, -1.0 - places + _SURE, counted=True)
                most = float(-(goal @ self._high) if relaxed is None else -relaxed.fun)
                self._add(Row.of_goal(goal, _NEAR - places))
            found.append(max(int(np.floor(most + _SURE)), places))
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    x: np.ndarray
    value: float
    is_proved: bool
