"""How a gain divides between needs and projects, and how few places are enough for it: solved again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from matcher.actions.effects import Effect, apply_effects
from matcher.actions.trials import Gain, Trials
from matcher.arrays import IntArray
from matcher.flow import solve
from matcher.instance import Instance
from matcher.problem import PRIORITIES
from matcher.solution import Solution

_SOLVED_EDGES: Final = 3_000_000
"""So many pairs are solved again in all: each solution counts those of the graph."""


@dataclass(frozen=True, slots=True, eq=False)
class _Again:
    """What is served more where a match is solved again."""

    is_proved: bool
    by_priority: tuple[int, ...]
    of_need: IntArray


class Shares:
    """Tells places of needs and units of projects apart in what actions gain.

    A flow counts both alike, and may serve either where they are equally urgent; which of them gets the place
    follows from the costs, so the match is solved again with the actions.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        Its optimum.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self._graph, self._is_project = instance.graph, instance.demand.is_project
        self._before = solution
        self._edges_left = _SOLVED_EDGES
        self._known: dict[tuple[Effect, ...], _Again] = {}

    def count_of(self, effects: Sequence[Effect], needs: IntArray) -> int | None:
        """Places more of some needs; None where nobody knows, as what was matched before isn't proved.

        Parameters
        ----------
        effects : sequence of Effect
        needs : int64 array
            Rows of the needs.
        """
        if self._before.status != "optimal":
            return None
        return int(self._solve(effects).of_need[needs].sum())

    def count_units(self, effects: Sequence[Effect], gain: Gain) -> int | None:
        """Units of projects among what is gained; None where nobody knows.

        Parameters
        ----------
        effects : sequence of Effect
        gain : Gain
            What they gain by flows: a solution that gains something else tells nothing about it.
        """
        if not self._is_project.any():
            return 0
        if self._before.status != "optimal":
            return None
        if tuple(effects) not in self._known:
            if self._edges_left < self._graph.edge_count:
                return None
            self._edges_left -= self._graph.edge_count
        again = self._solve(effects)
        if not again.is_proved or again.by_priority != gain:
            return None
        return int(again.of_need[self._is_project].sum())

    def _solve(self, effects: Sequence[Effect]) -> _Again:
        """Solve again with some effects; the same ones only once."""
        key = tuple(effects)
        if key not in self._known:
            before, after = self._before, solve(apply_effects(self._graph, effects))
            more = (after.served_by_priority[p] - before.served_by_priority[p] for p in PRIORITIES)
            self._known[key] = _Again(after.status == "optimal", tuple(more), after.served - before.served)
        return self._known[key]

    def find_least(self, effect: Effect, gain: Gain) -> int:
        """The fewest places of an effect that gain as much, where whole needs may take more than is gained.

        The best gain only grows with the places, so the least is found by halving; where a trial isn't proved
        or takes too long, all places that are known to do it stay.
        """
        low, high = 0, effect.capacity
        while high - low > 1 and self._edges_left >= self._graph.edge_count:
            self._edges_left -= self._graph.edge_count
            middle = (low + high) // 2
            trials = Trials(self._graph, self._before, [[replace(effect, capacity=middle)]])
            gained = trials.gain([0])
            if not trials.is_exact:
                return high
            low, high = (low, middle) if gained == gain else (middle, high)
        return high
