"""Choosing actions within a budget: the most places by priority, as a program over flows, solved exactly.

Actions that add pairs don't add up: two may help the same need, or one only after another. So the choice is
a program in which each action opens its pairs and places, the urgent first, priority by priority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matcher.actions.effects import Effect, Trials
from matcher.arrays import IntArray
from matcher.intervals import remake
from matcher.problem import PRIORITIES
from matcher.remainder import NetAmounts, find_open_edges, take_promises_off

MOST_EDGES: Final = 100_000
"""Pairs up to which the program is written down; beyond it actions are taken one by one."""

_MOST_NODES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which actions, and how good any others could be.

    Attributes
    ----------
    actions : tuple of int
        By number, ascending.
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

    Of equally good sets the cheapest is taken, of equally cheap ones that of least effort.

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
    every = [effect for effects in trials.effects for effect in effects]
    needs, offers = trials.touched(every)
    graph = trials.graph
    edges = np.flatnonzero(needs[graph.edge_need] & offers[graph.edge_offer])
    lacking = int(np.maximum(graph.need_quantity - trials.solution.served, 0)[needs].sum())
    if len(edges) + sum(len(effect.need) for effect in every) > MOST_EDGES:
        return _choose_one_by_one(trials, costs, units, budget, lacking)
    program = _Program(trials, edges, needs, np.asarray(costs, float), budget)
    return program.run(np.asarray(units, float), np.asarray(effort, float), lacking)


def _choose_one_by_one(
    trials: Trials, costs: Sequence[float], units: Sequence[int], budget: float, lacking: int
) -> Chosen:
    """Take what gains most for its cost, the urgent first, until the budget is used up."""
    chosen: list[int] = []
    left = budget
    while True:
        base = trials.gain(chosen)
        found = []
        for at, cost in enumerate(costs):
            if at not in chosen and cost <= left:
                more = tuple(a - b for a, b in zip(trials.gain([*chosen, at]), base, strict=True))
                if any(more) or units[at]:
                    found.append(([*(places / cost for places in more), units[at] / cost], -at))
        if not found:
            return Chosen(tuple(sorted(chosen)), lacking, is_proved=False)
        best = -max(found)[1]
        chosen.append(best)
        left -= costs[best]


class _Program:
    """Variables: places on pairs that are there, on pairs that actions add, needs served whole, actions."""

    def __init__(
        self, trials: Trials, edges: IntArray, needs: np.ndarray, costs: np.ndarray, budget: float
    ) -> None:
        graph = self._graph = trials.graph
        self._net = take_promises_off(graph)
        self._effects = [(at, e) for at, effects in enumerate(trials.effects) for e in effects]
        self._edges = edges[find_open_edges(graph, self._with_all())[edges]]
        self._costs, self._budget, self._needs = costs, budget, np.flatnonzero(needs)
        self._lay_columns()

    def _with_all(self) -> NetAmounts:
        """What offers and units have where every action is taken."""
        graph = self._graph
        offer, unit = graph.offer_capacity.copy(), graph.unit_capacity.copy()
        for _, effect in self._effects:
            if effect.of_unit:
                unit[effect.unit] += effect.capacity
            elif effect.offer >= 0:
                offer[effect.offer] += effect.capacity
        # What is promised beyond what there is takes from what is added.
        return take_promises_off(remake(graph, offer_capacity=offer, unit_capacity=unit))

    def _lay_columns(self) -> None:
        graph = self._graph
        need, offer, opens = [graph.edge_need[self._edges].astype(np.int64)], [], []
        offer.append(graph.edge_offer[self._edges].astype(np.int64))
        opens.append(np.full(len(self._edges), -1, np.int64))
        own = graph.offer_count
        self._own: list[tuple[int, int, Effect]] = []
        for at, effect in self._effects:
            row = effect.offer
            if row < 0 and not effect.of_unit:
                row = own
                self._own.append((row, at, effect))
                own += 1
            need.append(effect.need)
            offer.append(np.full(len(effect.need), row, np.int64))
            opens.append(np.full(len(effect.need), at, np.int64))
        self._need, self._offer, self._opens = (np.concatenate(rows) for rows in (need, offer, opens))
        whole = np.flatnonzero(graph.need_whole)
        self._whole = whole[np.isin(whole, self._needs) & (self._net.need_quantity[whole] > 0)]
        self._pairs, self._actions = len(self._need), len(self._costs)
        self._size = self._pairs + len(self._whole) + self._actions
        self._first = self._pairs + len(self._whole)
        self._offers = own

    def run(self, units: np.ndarray, effort: np.ndarray, lacking: int) -> Chosen:
        """Solve priority by priority, then for units, then for cost and effort."""
        rules = self._rules()
        if not self._actions:
            return Chosen((), 0, is_proved=True)
        proved, bound, answer = True, lacking, None
        goals = [self._places_of(priority) for priority in PRIORITIES]
        goals.append(np.append(np.zeros(self._first), units))
        for goal in goals:
            if not goal.any():
                continue
            found = self._solve(-goal, rules)
            if found.x is None:
                proved = False
                break
            answer, proved = found.x, proved and found.status == 0
            rules.append(self._at_least(goal, float(goal @ answer)))
        if answer is not None:
            least = self._costs.min() / (1.0 + effort.sum())
            found = self._solve(np.append(np.zeros(self._first), self._costs + 0.5 * least * effort), rules)
            answer = answer if found.x is None else found.x
        chosen = () if answer is None else np.flatnonzero(answer[self._first :] > 0.5).tolist()
        return Chosen(tuple(chosen), bound, proved)

    def _solve(self, cost: np.ndarray, rules: list[Any]) -> Any:
        from scipy.optimize import Bounds, milp

        upper = np.concatenate([self._pair_most(), np.ones(len(self._whole) + self._actions)])
        integral = np.append(np.zeros(self._pairs), np.ones(self._size - self._pairs))
        return milp(
            cost, constraints=rules, bounds=Bounds(0, upper), integrality=integral,
            options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
        )  # fmt: skip

    def _pair_most(self) -> np.ndarray:
        most = self._net.need_quantity[self._need].astype(float)
        there = len(self._edges)
        if self._net.edge_capacity is not None:
            most[:there] = np.minimum(most[:there], self._net.edge_capacity[self._edges])
        return most

    def _places_of(self, priority: int) -> np.ndarray:
        goal = np.zeros(self._size)
        goal[: self._pairs] = self._graph.need_priority[self._need] == priority
        return goal

    def _at_least(self, goal: np.ndarray, value: float) -> Any:
        from scipy.optimize import LinearConstraint

        return LinearConstraint(goal[None], round(value) - 1e-6, np.inf)

    def _rules(self) -> list[Any]:
        """Needs, offers, units and the budget hold; pairs open with their actions."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        graph, net = self._graph, self._net
        column = np.arange(self._pairs)
        table = _Table(self._size)
        # Needs: no more than they want; whole ones all or nothing.
        for at, row in enumerate(self._whole.tolist()):
            pairs = column[self._need == row]
            wanted = float(net.need_quantity[row])
            table.add([*pairs, self._pairs + at], [*np.ones(len(pairs)), -wanted], 0.0, 0.0)
        split = ~np.isin(self._need, self._whole)
        table.add_sums(self._need[split], column[split], net.need_quantity.astype(float))
        # Offers, with what actions add to them.
        capacity = np.append(net.offer_capacity.astype(float), np.zeros(self._offers - graph.offer_count))
        table.add_sums(self._offer, column, capacity, self._added(of_unit=False))
        unit = np.append(graph.offer_unit, [e.unit for _, _, e in self._own]).astype(np.int64)[self._offer]
        inside = unit >= 0
        totals = net.unit_capacity.astype(float)
        table.add_sums(unit[inside], column[inside], totals, self._added(of_unit=True))
        opened = column[self._opens >= 0]
        for at in opened.tolist():
            most = float(net.need_quantity[self._need[at]])
            table.add([at, self._first + int(self._opens[at])], [1.0, -most], -np.inf, 0.0)
        table.add(range(self._first, self._size), self._costs.tolist(), -np.inf, self._budget)
        matrix = csr_array((table.values, (table.rows, table.columns)), shape=(len(table.upper), self._size))
        return [LinearConstraint(matrix, table.lower, table.upper)]

    def _added(self, *, of_unit: bool) -> list[tuple[int, int, float]]:
        """(offer or unit row, column of the action, places it adds)."""
        found = []
        own = {id(effect): row for row, _, effect in self._own}
        every = self._with_all()
        for at, effect in self._effects:
            if effect.of_unit != of_unit or not effect.capacity:
                continue
            row = effect.unit if of_unit else own.get(id(effect), effect.offer)
            places = effect.capacity
            if of_unit:
                places = every.unit_capacity[row] - self._net.unit_capacity[row]
            elif row < self._graph.offer_count:
                places = every.offer_capacity[row] - self._net.offer_capacity[row]
            found.append((row, self._first + at, float(places)))
        return found


class _Table:
    """Rules of a program, row by row."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, columns: Any, values: Any, lower: float, upper: float) -> None:
        """One rule."""
        columns = list(columns)
        self.rows += [len(self.upper)] * len(columns)
        self.columns += [int(column) for column in columns]
        self.values += [float(value) for value in values]
        self.lower.append(lower)
        self.upper.append(upper)

    def add_sums(
        self, row: IntArray, column: IntArray, most: np.ndarray, added: Sequence[tuple[int, int, float]] = ()
    ) -> None:
        """Columns of one row come to so much at most, and more by what is added."""
        more: dict[int, list[tuple[int, float]]] = {}
        for at, action, places in added:
            more.setdefault(at, []).append((action, places))
        order = np.argsort(row, kind="stable")
        starts = np.flatnonzero(np.diff(row[order], prepend=-1))
        for some in np.split(order, starts[1:]) if len(order) else []:
            at = int(row[some[0]])
            extra = more.get(at, [])
            self.add(
                [*column[some].tolist(), *(action for action, _ in extra)],
                [*np.ones(len(some)), *(-places for _, places in extra)],
                -np.inf,
                float(most[at]),
            )


def rank(trials: Trials, chosen: Sequence[int]) -> list[int]:
    """Put chosen actions in order: the one that gains most first, then what gains most beside it."""
    left, ranked = list(chosen), list[int]()
    while left:
        best = max(left, key=lambda at: (trials.gain([*ranked, at]), -at))
        left.remove(best)
        ranked.append(best)
    return ranked
