"""How many places more any set of actions would let be served, by flows where these actions could matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from matcher.actions.effects import Effect, apply_effects
from matcher.actions.network import Network
from matcher.actions.part import Part
from matcher.actions.program import Program
from matcher.arrays import sum_by_row
from matcher.problem import PRIORITIES, CandidateGraph
from matcher.solution import Solution

Gain = tuple[int, int, int, int, int]
"""Places more, of priority 1 to 5."""

NOTHING: Final[Gain] = (0, 0, 0, 0, 0)

_MOST_WHOLES: Final = 60
"""Whole needs of a part up to which it is settled exactly which of them are served."""


class Trials:
    """How many places more are served with some actions, found again exactly where these could matter.

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
        All that was tried so far, and that nothing more could be served before, is proved. Else gains count
        what is served beside the whole needs that are served already.
    served : frozenset of int
        Whole needs that are taken to be served whatever is done: none where gains are exact.
    locked : int64 array (needs)
        Places promised.
    """

    def __init__(self, graph: CandidateGraph, solution: Solution, effects: list[list[Effect]]) -> None:
        self.graph, self.solution, self.effects = graph, solution, effects
        self.network = Network(graph, effects)
        bound = solution.bound_by_priority
        self.is_exact = solution.status == "optimal" or bound == solution.served_by_priority
        whole = graph.need_whole & (solution.served > 0) & (solution.served >= graph.need_quantity)
        self._whole = frozenset(whole.nonzero()[0].tolist())
        self.locked = sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
        self.served = frozenset[int]() if self.is_exact else self._whole
        self._known: dict[tuple[int, frozenset[int]], tuple[int, ...]] = {}

    def gain(self, actions: Iterable[int]) -> Gain:
        """Places more by priority with some actions, by their numbers."""
        chosen = frozenset(actions)
        upto = [0] * len(PRIORITIES)
        for number in {number for action in chosen for number in self.network.parts_of[action]}:
            after, before = self._serve(number, chosen), self._serve(number, frozenset())
            upto = [sum(item) - item_before for *item, item_before in zip(upto, after, before, strict=True)]
        more = [places - (upto[at - 1] if at else 0) for at, places in enumerate(upto)]
        return (more[0], more[1], more[2], more[3], more[4])

    def count_served(self, actions: Iterable[int]) -> tuple[int, ...]:
        """Places of priorities 1 to p, for each p, with some actions, in the parts where actions matter."""
        chosen, upto = frozenset(actions), [0] * len(PRIORITIES)
        for number in range(len(self.network.parts)):
            upto = [sum(item) for item in zip(upto, self._serve(number, chosen), strict=True)]
        return tuple(upto)

    def find_helpful(self) -> list[int]:
        """Actions that gain something alone; in large parts also such as might help whole needs in part."""
        found = set[int]()
        for part in self.network.parts:
            for level in part.levels:
                found |= part.flow(level, frozenset(), self._sought(part, level)).helpful
        return [at for at in sorted(found) if self._is_plain(at) or any(self.gain([at]))]

    def _is_plain(self, action: int) -> bool:
        parts = [self.network.parts[number] for number in self.network.parts_of[action]]
        return all(part.is_large or not part.wholes for part in parts)

    def find_upto(self, level: int, actions: frozenset[int]) -> int:
        """Places of priorities 1 to `level` beside the whole needs that are served already."""
        return sum(self._beside(part, level, actions, self._whole) for part in self.network.parts)

    def bound_more(self, level: int, actions: frozenset[int]) -> dict[int, int]:
        """How many places each further action could add to that at most; those left out add none."""
        found: dict[int, int] = {}
        for part in self.network.parts:
            if level >= part.levels[0]:
                at = max(priority for priority in part.levels if priority <= level)
                flow = part.flow(at, actions, self._whole)
                near, far = (cut.actions for cut in part.read_cuts(at, flow))
                for action in flow.helpful:
                    found[action] = found.get(action, 0) + min(near.get(action, 0), far.get(action, 0))
        return found

    def apply(self, actions: Iterable[int]) -> CandidateGraph:
        """The whole graph with some actions."""
        return apply_effects(self.graph, [e for at in sorted(actions) for e in self.effects[at]])

    def _serve(self, number: int, chosen: frozenset[int]) -> tuple[int, ...]:
        """Places of priorities 1 to p in a part, for each p."""
        part = self.network.parts[number]
        taken = chosen.intersection(part.actions)
        if (number, taken) not in self._known:
            upto = self._find(number, part, taken)
            self._known[number, taken] = upto
        return self._known[number, taken]

    def _find(self, number: int, part: Part, taken: frozenset[int]) -> tuple[int, ...]:
        least = tuple(self._beside(part, level, taken, self._whole) for level in PRIORITIES)
        if not part.wholes:
            return least
        if part.is_large:
            # Which whole needs are served is left as it is.
            self.is_exact = False
            return least
        if least == tuple(self._most(part, level, taken) for level in PRIORITIES):
            return least
        if not taken and self.is_exact:
            return least
        if len(set(part.wholes) - self.served) > _MOST_WHOLES:
            self.is_exact = False
            return least
        costs = dict.fromkeys(taken, 0.0)
        found = Program([part], costs, 0.0, served=self.served.intersection(part.wholes), taken=taken).choose(
            {}, {}
        )
        self.is_exact &= found.is_proved
        return max(least, found.upto) if found.upto else least

    def _most(self, part: Part, level: int, taken: frozenset[int]) -> int:
        """Places of priorities 1 to `level` at most: all of them where no need is whole."""
        return self._beside(part, level, taken, self._sought(part, level))

    def _sought(self, part: Part, level: int) -> frozenset[int]:
        """The whole needs of a level, and those that are served whatever is done."""
        return self.served.union(whole for whole in part.wholes if part.priority_of[whole] <= level)

    @staticmethod
    def _beside(part: Part, level: int, taken: frozenset[int], wholes: frozenset[int]) -> int:
        """Places of priorities 1 to `level` where these whole needs are all served."""
        some = wholes.intersection(part.wholes)
        behind = sum(part.quantity_of[whole] for whole in some if part.priority_of[whole] > level)
        if not any(priority <= level for priority in part.levels):
            return 0
        level = max(priority for priority in part.levels if priority <= level)
        if len(taken.intersection(part.actions)) == 1:
            # One action that lets nothing more through needs no flow of its own.
            base = part.flow(level, frozenset(), some)
            if not taken & base.helpful:
                return base.places - behind
        return part.flow(level, taken, some).places - behind
