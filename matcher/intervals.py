"""What one place more or less is worth, exactly: the interval in which all prices of an optimum lie.

Prices that prove an optimum are rarely unique. What is: by how much the best possible assignment would gain
if an offer, or a unit's total, had one place more, and by how much it would lose with one place less. Every
valid price lies between the two. Both are lengths of shortest ways through what the assignment leaves (see
`matcher.ways`), so nothing is solved again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, freeze, group_rows, sum_by_row
from matcher.flow import solve
from matcher.problem import CandidateGraph
from matcher.remainder import MOST_URGENT
from matcher.solution import Solution
from matcher.ways import Lengths, Ways, list_steps

Kind = Literal["offer", "unit", "both"]


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """By how much optima differ, row by row: first in places by priority, then in cost.

    Attributes
    ----------
    more, less : int64 arrays
        Priority of the one place that the better optimum serves more, and of the one that it serves less;
        0: none. At most one place of each changes.
    cost : int64 array
        By how much the better optimum costs less; below zero where serving a place more costs something.
    """

    more: IntArray
    less: IntArray
    cost: IntArray

    @property
    def level(self) -> IntArray:
        """Levels as in `Prices`: those of the place served more, less those of the one served less."""
        urgency = np.append(0, MOST_URGENT - np.arange(1, 6))
        return np.asarray(urgency[self.more] - urgency[self.less])

    def rank(self) -> IntArray:
        """Rows in order of worth, the largest first; equal ones in order of row."""
        urgency = 2 ** np.append(0, MOST_URGENT - np.arange(1, 6))
        return np.lexsort((-self.cost, urgency[self.less] - urgency[self.more]))

    def list_positive(self) -> list[int]:
        """Rows whose worth is above nothing."""
        rows: list[int] = np.flatnonzero((self.more != self.less) | (self.cost > 0)).tolist()
        return rows

    def is_positive(self, row: int) -> bool:
        """Whether a row's worth is above nothing."""
        return bool(self.more[row] != self.less[row] or self.cost[row] > 0)


@dataclass(frozen=True, slots=True, eq=False)
class PriceIntervals:
    """What a place more and a place less is worth, per row; promises stay where they are.

    Attributes
    ----------
    offer_gain, unit_gain : Worth
        What the optimum gains if the row's capacity alone is one place larger: the lower end of its prices.
    offer_loss, unit_loss : Worth
        What the optimum loses if it is one place smaller (zero where it has none to lose): the upper end.
    both_gain : Worth
        Per offer: what is gained if it and its unit's total both have one place more; as `offer_gain` for an
        offer without a unit.
    is_exact : bool
        False where the graph has whole needs: these are counted as if they could be split.
    """

    offer_gain: Worth
    offer_loss: Worth
    unit_gain: Worth
    unit_loss: Worth
    both_gain: Worth
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Help:
    """One place where a place more would help.

    Attributes
    ----------
    kind : str
        `offer`, `unit` (its total), or `both` (an offer and its unit's total, neither of which helps alone).
    row : int
        Of the offer; of the unit where that is the kind.
    more, less : int
        Priority of the place served more, and of the one served less; 0: none.
    cost : int
        By how much the optimum would cost less; below zero: more.
    """

    kind: Kind
    row: int
    more: int
    less: int
    cost: int


def split_freely(graph: CandidateGraph, solution: Solution) -> tuple[CandidateGraph, Solution]:
    """Give the graph without whole needs, and its optimum; the same two where it has none.

    Raises
    ------
    ValueError
        The solution is not an optimum of the graph.
    """
    if not graph.need_whole.any():
        if solution.status != "optimal":
            raise ValueError(f"the assignment is {solution.status}; this asks for an optimal one")
        return graph, solution
    split = remake(graph, need_whole=None)
    return split, solve(split)


def remake(graph: CandidateGraph, **changed: object) -> CandidateGraph:
    """Give a graph with some of its arrays changed."""
    names = (
        "need_quantity", "need_priority", "offer_capacity", "edge_need", "edge_offer", "edge_cost",
        "offer_unit", "unit_capacity", "edge_capacity", "edge_locked", "need_whole", "unit_load_cost",
        "need_ids", "offer_ids", "unit_ids",
    )  # fmt: skip
    return CandidateGraph(**{**{name: getattr(graph, name) for name in names}, **changed})


def price_intervals(graph: CandidateGraph, solution: Solution) -> PriceIntervals:
    """Find what one place more and one place less of every offer and every unit's total is worth.

    Two searches over the whole network settle all units and all offers without one; a unit with offers that
    are full needs up to two more, which stop early.

    Parameters
    ----------
    graph : CandidateGraph
    solution : Solution
        Its optimum.

    Raises
    ------
    ValueError
        The solution isn't optimal or has no prices that prove it.
    """
    split, optimum = split_freely(graph, solution)
    work = _Work(split, optimum)
    work.search()
    found = {name: work.name(level, cost) for name, (level, cost) in work.results().items()}
    return PriceIntervals(**found, is_exact=split is graph)


class _Work:
    """Finds the lengths behind the intervals."""

    def __init__(self, graph: CandidateGraph, solution: Solution) -> None:
        self.graph = graph
        self.ways = ways = Ways(graph, solution)
        net = ways.net
        flow = solution.flow - graph.edge_locked
        offer_flow = sum_by_row(graph.edge_offer, flow, graph.offer_count)
        self.inside = graph.offer_unit >= 0
        self.unit = graph.offer_unit.astype(np.int64)
        unit_flow = sum_by_row(graph.offer_unit[self.inside], offer_flow[self.inside], graph.unit_count)
        self.offer_is_full = offer_flow == net.offer_capacity
        self.unit_is_full = unit_flow == net.unit_capacity
        self.offer_node = ways.first_offer + np.arange(graph.offer_count)
        self.unit_node = ways.first_unit + np.arange(graph.unit_count)
        self.next_cost, self.last_cost = self._step_costs(offer_flow)
        # More capacity helps nobody while promises exceed it; none that isn't there can be lost.
        locked = sum_by_row(graph.edge_offer, graph.edge_locked, graph.offer_count)
        self.offer_grows = self.offer_is_full & (graph.offer_capacity >= locked)
        self.unit_grows = self.unit_is_full & (graph.unit_capacity >= net.unit_locked)
        self.offer_shrinks = self.offer_is_full & (net.offer_capacity > 0)
        self.unit_shrinks = self.unit_is_full & (net.unit_capacity > 0)

    def _step_costs(self, offer_flow: IntArray) -> tuple[IntArray, IntArray]:
        """Load cost of each unit's next place, and of its last one."""
        graph, net = self.graph, self.ways.net
        if graph.unit_load_cost is None:
            return np.zeros(graph.unit_count, np.int64), np.zeros(graph.unit_count, np.int64)
        steps = list_steps(graph, net, offer_flow)
        used = net.unit_locked + sum_by_row(steps.unit, steps.flow, graph.unit_count)
        last = graph.unit_load_cost.shape[1] - 1
        rows = np.arange(graph.unit_count)
        return (
            graph.unit_load_cost[rows, np.minimum(used, last)],
            graph.unit_load_cost[rows, np.clip(used - 1, 0, last)],
        )

    def search(self) -> None:
        """Find the lengths between the hub and all rows, and between units and those of their offers asked.

        Between a unit and its offers, ways by the hub are known then; others are looked for only as far as
        they can be shorter, with the prices that tell most of them: the lowest for what is gained, the
        highest for what is lost.
        """
        graph, ways = self.graph, self.ways
        nodes = np.concatenate([self.offer_node, self.unit_node])
        out, lowest = ways.run(ways.hub, nodes, everywhere=True), ways.keep()
        back = ways.run(ways.hub, nodes, backward=True, everywhere=True)
        self.to_offer, self.to_unit = _cut(out, graph.offer_count)
        self.from_offer, self.from_unit = _cut(back, graph.offer_count)
        offers = np.flatnonzero(self.inside)
        unit = self.unit[offers]
        self.unit_to_offer, self.offer_to_unit = (
            _join(one, other, graph.offer_count, offers)
            for one, other in (
                (_pick(self.from_unit, unit), _pick(self.to_offer, offers)),
                (_pick(self.from_offer, offers), _pick(self.to_unit, unit)),
            )
        )
        self._search_units(self.offer_shrinks, backward=True)
        ways.put_back(lowest)
        self._search_units(self.offer_grows, backward=False)

    def _search_units(self, asked: np.ndarray, *, backward: bool) -> None:
        """Lower the lengths between units and some of their offers by ways that don't pass the hub."""
        ways, kept = self.ways, self.offer_to_unit if backward else self.unit_to_offer
        # Without load cost, a unit with room is as near to everything as the hub.
        apart = self.unit_is_full | (self.graph.unit_load_cost is not None)
        offers = np.flatnonzero(asked & np.append(apart, False)[self.unit])
        starts, members = group_rows(self.unit[offers], self.graph.unit_count)
        for unit in np.flatnonzero(np.diff(starts)).tolist():
            rows = offers[members[starts[unit] : starts[unit + 1]]]
            node, others, known = int(self.unit_node[unit]), self.offer_node[rows], _pick(kept, rows)
            if backward:
                limit = ways.slack(others, node, known) if known.reached.all() else (NO_LIMIT, 0)
            else:
                # Only a way shorter than nothing gains anything.
                limit = ways.slack(node, others, _lower(known))
                if limit <= (0, 0):
                    continue
            found = ways.run(node, others, backward=backward, closed=ways.hub, limit=limit)
            shorter = found.reached & (~known.reached | _is_less(found, known))
            kept.reached[rows[shorter]] = True
            kept.level[rows[shorter]] = found.level[shorter]
            kept.cost[rows[shorter]] = found.cost[shorter]

    def results(self) -> dict[str, tuple[IntArray, IntArray]]:
        """Level and cost of each part of the intervals."""
        next_cost = np.append(self.next_cost, 0)[self.unit]
        gain_from = _choose(self.inside, self.unit_to_offer, self.to_offer)
        loss_by = _choose(self.inside, self.offer_to_unit, self.from_offer)
        unit_grows = np.append(self.unit_grows, True)[self.unit]
        unit_full = np.append(self.unit_is_full, False)[self.unit]
        both = self.offer_grows & self.inside & unit_grows & unit_full
        offer_gain = _gain(self.offer_grows, gain_from, np.zeros_like(next_cost))
        together = _gain(both, self.to_offer, next_cost)
        return {
            "offer_gain": offer_gain,
            "offer_loss": _loss(self.offer_shrinks, loss_by, np.zeros_like(next_cost)),
            "unit_gain": _gain(self.unit_grows, self.to_unit, self.next_cost),
            "unit_loss": _loss(self.unit_shrinks, self.from_unit, self.last_cost),
            "both_gain": (
                np.where(both, together[0], offer_gain[0]),
                np.where(both, together[1], offer_gain[1]),
            ),
        }

    def name(self, level: IntArray, cost: IntArray) -> Worth:
        """Turn lengths into worth."""
        more, less = self.ways.name_exchange(-level)
        for values in (more, less, cost):
            freeze(values)
        return Worth(more, less, cost)


def _gain(grows: np.ndarray, way: Lengths, more: IntArray) -> tuple[IntArray, IntArray]:
    """What a place more gains: the way to it, if that is shorter than nothing; `more` is its own cost."""
    level, cost = -way.level, -(way.cost + more)
    pays = grows & way.reached & ((level > 0) | ((level == 0) & (cost > 0)))
    return np.where(pays, level, 0), np.where(pays, cost, 0)


def _loss(shrinks: np.ndarray, way: Lengths, saved: IntArray) -> tuple[IntArray, IntArray]:
    """What a place less loses: the way by which what it gave comes from elsewhere, or goes unserved."""
    return np.where(shrinks, way.level, 0), np.where(shrinks, way.cost - saved, 0)


def _cut(lengths: Lengths, first: int) -> tuple[Lengths, Lengths]:
    parts = ((lengths.reached[some], lengths.level[some], lengths.cost[some])
             for some in (slice(first), slice(first, None)))  # fmt: skip
    one, other = (Lengths(*part) for part in parts)
    return one, other


def _pick(lengths: Lengths, rows: IntArray) -> Lengths:
    return Lengths(lengths.reached[rows], lengths.level[rows], lengths.cost[rows])


def _is_less(one: Lengths, other: Lengths) -> np.ndarray:
    less: np.ndarray = (one.level < other.level) | ((one.level == other.level) & (one.cost < other.cost))
    return less


def _lower(lengths: Lengths) -> Lengths:
    """Lengths, or nothing where they are longer."""
    below = lengths.reached & ((lengths.level < 0) | ((lengths.level == 0) & (lengths.cost < 0)))
    return Lengths(below, np.where(below, lengths.level, 0), np.where(below, lengths.cost, 0))


def _join(one: Lengths, other: Lengths, size: int, rows: IntArray) -> Lengths:
    """Ways of two parts, as rows of `size`."""
    joined = Lengths(np.zeros(size, np.bool_), np.zeros(size, np.int64), np.zeros(size, np.int64))
    joined.reached[rows] = one.reached & other.reached
    joined.level[rows] = one.level + other.level
    joined.cost[rows] = one.cost + other.cost
    return joined


def _choose(which: np.ndarray, one: Lengths, other: Lengths) -> Lengths:
    return Lengths(
        np.where(which, one.reached, other.reached),
        np.where(which, one.level, other.level),
        np.where(which, one.cost, other.cost),
    )


def where_a_place_helps(
    graph: CandidateGraph, intervals: PriceIntervals, limit: int | None = None
) -> Iterator[Help]:
    """List where one place more would help most, the best first.

    An offer together with its unit's total is listed where both being full keeps either from helping alone.

    Parameters
    ----------
    graph : CandidateGraph
    intervals : PriceIntervals
    limit : int, optional
        So many at most.
    """
    both = (item for item in _rows("both", intervals.both_gain) if _adds(graph, intervals, item[1]))
    kinds = [*_rows("offer", intervals.offer_gain), *_rows("unit", intervals.unit_gain), *both]
    return _by_worth(kinds, limit)


def where_a_place_is_missed(intervals: PriceIntervals, limit: int | None = None) -> Iterator[Help]:
    """List where one place less would cost most, the dearest first.

    Of what is listed, `more` is the priority of the place no longer served, `less` of the one served in its
    stead, `cost` by how much the cost rises. The kind is `offer` or `unit`.

    Parameters
    ----------
    intervals : PriceIntervals
    limit : int, optional
        So many at most.
    """
    kinds = [*_rows("offer", intervals.offer_loss), *_rows("unit", intervals.unit_loss)]
    return _by_worth(kinds, limit)


def _rows(kind: Kind, worth: Worth) -> list[tuple[Kind, int, Worth]]:
    """Rows of one kind that are worth something."""
    return [(kind, row, worth) for row in worth.list_positive()]


def _by_worth(kinds: list[tuple[Kind, int, Worth]], limit: int | None) -> Iterator[Help]:
    """Rows of several kinds by their worth, the largest first."""
    joined = Worth(
        *(
            np.array([getattr(worth, name)[row] for _, row, worth in kinds], dtype=np.int64)
            for name in ("more", "less", "cost")
        )
    )
    for at in joined.rank()[:limit].tolist():
        kind, row, _ = kinds[at]
        yield Help(kind, row, *(int(part[at]) for part in (joined.more, joined.less, joined.cost)))


def _adds(graph: CandidateGraph, intervals: PriceIntervals, offer: int) -> bool:
    """Whether an offer and its unit's total gain something together, and neither does alone."""
    unit = int(graph.offer_unit[offer])
    return (
        unit >= 0
        and not intervals.offer_gain.is_positive(offer)
        and not intervals.unit_gain.is_positive(unit)
    )
