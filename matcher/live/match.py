"""The live match: one event at a time, the optimum restored after each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.wording import word
from matcher.arrays import IntArray
from matcher.flow import solve
from matcher.live import audit, blocks, build, events
from matcher.live import state as at
from matcher.live.change import METHODS, Change, LiveError, LiveEvent
from matcher.live.reading import (
    RANGE_END,
    check_rules,
    check_solution,
    check_state,
    read_amount,
    read_pairs,
    read_priority,
    read_row,
    refuse_pairs,
)
from matcher.live.rows import CROWDED, DEARER, DONE, add_need, add_offer, check_pairs
from matcher.live.search import freshen
from matcher.prices import find_prices
from matcher.problem import CandidateGraph, CostRangeError
from matcher.remainder import find_remainder
from matcher.solution import Solution, find_bound, find_value, make_solution

_ID_NAMES = ("need_ids", "offer_ids", "unit_ids")


class LiveMatch:
    """An assignment that follows its needs and offers as they come and go, optimal after each event.

    After an event only what the event touches is looked at: successive shortest ways from the places that
    have to go somewhere, and to the places that came free, on the prices as they are.

    Parameters
    ----------
    graph : CandidateGraph
        How things stand. Needs that are `whole` may want one place at most beyond promises.
    solution : Solution, optional
        An optimal solution of `graph`; without it, `graph` is solved first.
    switching_cost : int
        What it costs more to take a place from the pair it is on when an event begins. The urgent still come
        first; a change is then optimal with this cost counted in.
    max_moves : int, optional
        How many needs an event may move besides those that it leaves without their place. What would need
        more is held still (see `Change.status` and `catch_up`).

    Raises
    ------
    LiveError
        A `ValueError`: whole needs of several places; `max_moves` together with load costs; a solution
        that isn't an optimal one of this graph.
    CostRangeError
        Costs and rows are too large together for exact 64-bit prices.
    """

    def __init__(
        self,
        graph: CandidateGraph,
        *,
        solution: Solution | None = None,
        switching_cost: int = 0,
        max_moves: int | None = None,
    ) -> None:
        check_rules(graph, switching_cost, max_moves)
        if solution is None:
            solution = solve(graph)
        else:
            check_solution(graph, solution)
        self._state = build.lay_tables(graph, solution.flow - graph.edge_locked)
        meta = self._state.meta
        meta[at.MOVE_COST] = switching_cost
        meta[at.MOST_MOVES] = -1 if max_moves is None else max_moves
        self._ids = {name: getattr(graph, name) for name in _ID_NAMES}
        self._places = int(graph.need_quantity.sum()) + int(graph.edge_locked.sum())
        self._set_level_price(build.find_dearest(self._state), self._places)
        if solution.prices is not None:
            audit.take_prices(self._state, solution.prices)
        if solution.prices is None or audit.find_fault(self._state):
            raise LiveError(**word("not_optimal"))

    def need_arrives(self, quantity: int, priority: int, offers: ArrayLike, costs: ArrayLike) -> Change:
        """A need arrives.

        Parameters
        ----------
        quantity : int
            Places wanted, at least 0.
        priority : int
            1 (most urgent) to 5.
        offers : int array
            Rows of the offers that could serve it, each once.
        costs : int array
            Cost of one place at each of these, at least 0.

        Returns
        -------
        Change
            With the row of the new need.
        """
        quantity, priority = read_amount("quantity", quantity), read_priority(priority)
        found, prices = read_pairs("offers", offers, costs)
        self._check_range(quantity)
        self._make_room(at.OF_OFFER, found, prices)
        add_need(self._state.meta, quantity, 6 - priority, found, prices)
        self._places += quantity
        return self._settle(need=int(self._state.meta[at.NEEDS]) - 1)

    def need_withdrawn(self, need: int) -> Change:
        """A need is withdrawn: it wants nothing any more. What was promised to it stays promised."""
        return self.quantity_changes(need, 0)

    def quantity_changes(self, need: int, quantity: int) -> Change:
        """A need wants another number of places, promised ones included."""
        need, quantity = self._row("need", need, at.NEEDS), read_amount("quantity", quantity)
        more = quantity - int(self._state.need_rare[need, at.WANTED])
        self._check_range(max(more, 0))
        events.want(self._state, need, quantity)
        self._places += more
        return self._settle()

    def offer_joins(
        self, capacity: int, needs: ArrayLike, costs: ArrayLike, unit: int | None = None
    ) -> Change:
        """An offer joins.

        Parameters
        ----------
        capacity : int
            Places it can give, at least 0; `UNLIMITED` where nothing limits it.
        needs : int array
            Rows of the needs that it could serve, each once.
        costs : int array
            Cost of one place for each of these, at least 0.
        unit : int, optional
            Row of the unit whose total it counts in.

        Returns
        -------
        Change
            With the row of the new offer.
        """
        capacity = read_amount("capacity", capacity)
        u = -1 if unit is None else self._row("unit", unit, at.UNITS)
        found, prices = read_pairs("needs", needs, costs)
        self._check_range(0)
        self._make_room(at.OF_NEED, found, prices)
        add_offer(self._state, capacity, u, found, prices)
        return self._settle(offer=int(self._state.meta[at.OFFERS]) - 1)

    def offer_leaves(self, offer: int) -> Change:
        """An offer leaves: its capacity is 0. What it promised stays promised until the promise is lifted."""
        return self.capacity_changes(offer, 0)

    def capacity_changes(self, offer: int, capacity: int) -> Change:
        """An offer can give another number of places, promised ones included."""
        offer, capacity = self._row("offer", offer, at.OFFERS), read_amount("capacity", capacity)
        events.give(self._state, offer, capacity)
        return self._settle()

    def unit_joins(self, capacity: int) -> Change:
        """A unit joins, without offers so far, that can give so many places in all."""
        capacity = read_amount("capacity", capacity)
        self._check_range(0)
        self._ensure_rows(0)
        events.found(self._state, capacity)
        return self._settle(unit=int(self._state.meta[at.UNITS]) - 1)

    def unit_leaves(self, unit: int) -> Change:
        """A unit leaves: its total and the capacities of all its offers are 0."""
        events.disband(self._state, self._row("unit", unit, at.UNITS))
        return self._settle()

    def unit_capacity_changes(self, unit: int, capacity: int) -> Change:
        """A unit can give another number of places over all its offers, promised ones included."""
        unit, capacity = self._row("unit", unit, at.UNITS), read_amount("capacity", capacity)
        events.set_limit(self._state, unit, capacity)
        return self._settle()

    def cost_changes(self, need: int, offer: int, cost: int) -> Change:
        """A place on a pair costs something else."""
        pair, cost = self._pair(need, offer), read_amount("cost", cost)
        self._check_range(0, cost)
        events.reprice(self._state, *pair, cost)
        return self._settle()

    def lock(self, need: int, offer: int, places: int) -> Change:
        """Promise a number of places on a pair: they stay there whatever happens; 0 lifts the promise.

        Places that are on the pair already become the promised ones.
        """
        pair, places = self._pair(need, offer), read_amount("places", places)
        self._check_range(places)
        promised = self._state.need_rare[:, at.PROMISED]
        before = int(promised[need])
        events.promise(self._state, *pair, places)
        self._places += int(promised[need]) - before
        return self._settle()

    def refuse(self, need: int, offer: int) -> Change:
        """Take a pair out: it is refused. A promise on it has to be lifted before."""
        events.forbid(self._state, *self._pair(need, offer))
        return self._settle()

    def catch_up(self, max_moves: int | None = None) -> Change:
        """Let what `max_moves` held still take part again; without a limit all is optimal afterwards."""
        meta = self._state.meta
        limit = int(meta[at.MOST_MOVES])
        meta[at.MOST_MOVES] = -1 if max_moves is None else read_amount("max_moves", max_moves)
        events.release(self._state)
        change = self._settle()
        meta[at.MOST_MOVES] = limit
        return change

    def apply(self, event: LiveEvent) -> Change:
        """Do what an event says: the method of the same name with the event's fields."""
        method = METHODS.get(type(event))
        if method is None:
            raise LiveError(**word("no_live_event", event=type(event).__name__))
        told = {item.name: getattr(event, item.name) for item in fields(event)}
        change: Change = getattr(self, method)(**told)
        return change

    def graph(self) -> CandidateGraph:
        """Give the problem as it stands.

        Rows stand in the order of their arrival; a withdrawn need has quantity 0, an offer that left
        capacity 0. Pairs are sorted by need, then offer; refused ones are gone.
        """
        return build.read_graph(self._state, self._ids)

    def flow(self) -> IntArray:
        """Give the places on each pair of `graph()`, promised ones included, without a proof."""
        return build.read_flow(self._state, with_promised=True)

    def solution(self) -> Solution:
        """Give the assignment as it stands, for `graph()`, with its proof.

        Returns
        -------
        Solution
            `optimal` with prices that prove it, derived anew. Where places are held still, or a switching
            cost kept some where they were, the graph is solved afresh, and the solution is `bounded` by that
            unless it is as good.

        Raises
        ------
        AssertionError
            The prices don't prove the assignment: a fault of the program, never returned as an answer.
        """
        graph, flow = self.graph(), build.read_flow(self._state)
        meta = self._state.meta
        if meta[at.MOVE_COST] or meta[at.STILL]:
            best = solve(graph)
            status = make_solution(graph, flow, "heuristic")
            same = (status.served_by_priority, status.cost) == (best.served_by_priority, best.cost)
            return make_solution(
                graph, flow, "optimal" if same else "bounded",
                bound_by_priority=best.bound_by_priority, prices=best.prices,
            )  # fmt: skip
        fault = audit.find_fault(self._state)
        assert fault is None, f"the live match is out of step: {fault}"
        rest = find_remainder(graph)
        prices = find_prices(graph, rest, flow[rest.edge_row])
        assert find_bound(graph, prices) == find_value(graph, flow), "the prices don't prove the live match"
        found = make_solution(graph, flow, "optimal")
        return make_solution(
            graph, flow, "optimal", bound_by_priority=found.served_by_priority, prices=prices
        )

    def state(self) -> dict[str, NDArray[Any]]:
        """Give all there is as plain arrays, for `from_state`."""
        freshen(self._state.meta)
        meta = self._state.meta[: at.TABLES].copy()
        sizes = dict(zip(("need", "offer", "unit", "edge", "entry"), meta.tolist(), strict=False))
        sizes["pair"] = sizes["edge"]
        arrays: dict[str, NDArray[Any]] = {
            name: getattr(self._state, name)[: sizes[name.partition("_")[0]]].copy()
            for name in at.KEPT_TABLES
        }
        facts = [self._rows_allowed, self._places]
        arrays |= {"meta": meta, "facts": np.array(facts, np.int64)}
        for name, ids in self._ids.items():
            if ids is not None:
                arrays[name] = ids.astype(str)
        return arrays

    @classmethod
    def from_state(cls, state: dict[str, NDArray[Any]]) -> LiveMatch:
        """Go on from what `state` gave (ids of rows come back as text).

        Raises
        ------
        LiveError
            A table is missing, rows lie beyond the tables, or the prices don't prove the assignment.
        """
        check_state(state)
        live = cls.__new__(cls)
        live._state = build.restore(state)
        live._rows_allowed, live._places = state["facts"].tolist()
        live._ids = {name: state[name].astype(object) if name in state else None for name in _ID_NAMES}
        if audit.find_fault(live._state):
            raise LiveError(**word("broken_state"))
        return live

    def _row(self, kind: str, row: SupportsIndex, cell: int) -> int:
        return read_row(kind, row, int(self._state.meta[cell]))

    def _pair(self, need: SupportsIndex, offer: SupportsIndex) -> tuple[int, int]:
        return self._row("need", need, at.NEEDS), self._row("offer", offer, at.OFFERS)

    def _make_room(self, kind: int, rows: IntArray, costs: IntArray) -> None:
        """Check new pairs with rows of a kind, and make room for them in the tables."""
        self._ensure_rows(len(rows))
        answer = check_pairs(self._state.meta, kind, rows, costs)
        while answer != DONE:
            k = answer >> 8
            if answer == DEARER:
                self._check_range(0, int(costs.max()))
            elif answer & 255 == CROWDED:
                degree = (self._state.need if kind == at.OF_NEED else self._state.offer)[rows[k], at.DEGREE]
                self._ensure_rows(len(rows) + blocks.count_wider(int(degree)))
                (blocks.widen_need if kind == at.OF_NEED else blocks.widen_offer)(self._state, int(rows[k]))
            else:
                name, cell = ("needs", at.NEEDS) if kind == at.OF_NEED else ("offers", at.OFFERS)
                refuse_pairs(answer & 255, k, name, rows, costs, count=int(self._state.meta[cell]))
            answer = check_pairs(self._state.meta, kind, rows, costs)

    def _ensure_rows(self, pairs: int) -> None:
        """Let the tables grow unless they have room for so many pairs and one row more."""
        state, meta = self._state, self._state.meta
        more = blocks.count_wider(pairs)
        full = meta[at.EDGE_END] + more > len(state.pair) or meta[at.ENTRY_END] + more > len(state.entry)
        rows = zip(meta[: at.EDGE_END].tolist(), (state.need, state.offer, state.unit), strict=True)
        if full or any(count == len(table) for count, table in rows):
            self._state = build.grow(state)
            self._ensure_rows(pairs)

    def _check_range(self, places: int, cost: int = 0) -> None:
        """Refuse what 64-bit integers can't add up, before anything is changed; make levels dear enough."""
        meta, all_places = self._state.meta, self._places + places
        rows = int(meta[at.OFFERS] + meta[at.UNITS]) + 1
        allowed = int(meta[at.DEAREST])
        if cost <= allowed and rows <= self._rows_allowed and max(allowed, 1) * all_places < RANGE_END:
            return
        dearest = max(build.find_dearest(self._state), cost, 1)
        if dearest * all_places >= RANGE_END:
            raise CostRangeError(**word("costs_too_large", cost=dearest, places=all_places))
        self._set_level_price(dearest, all_places)
        audit.find_prices(self._state)

    def _set_level_price(self, dearest: int, places: int) -> None:
        """Choose what a level costs, with slack for what may come if that fits."""
        meta = self._state.meta
        rows, move_cost = int(meta[at.OFFERS] + meta[at.UNITS]) + 1, int(meta[at.MOVE_COST])
        try:
            allowed = (2 * rows + 1000, min(4 * dearest + 1000, RANGE_END // max(places, 1) - 1))
            price = build.find_level_price(allowed[0], allowed[1] + move_cost)
        except CostRangeError:
            allowed = (rows + 1, dearest)
            price = build.find_level_price(allowed[0], allowed[1] + move_cost)
        meta[at.LEVEL_PRICE] = price
        self._rows_allowed, meta[at.DEAREST] = allowed

    def _settle(self, need: int | None = None, offer: int | None = None, unit: int | None = None) -> Change:
        """Bring back the optimum and tell what has changed."""
        events.restore(self._state)
        meta = self._state.meta
        log = self._state.log[: meta[at.LOG]].copy()
        return Change(
            "bounded" if meta[at.STILL] else "optimal", need, offer, unit, log, meta[at.SUMS].copy()
        )
