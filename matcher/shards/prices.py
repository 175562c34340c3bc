"""Prices that tiles agree on: put together from those of the parts, exchanged, and what they prove.

Any prices of offers and units, none below zero, prove a bound, whatever they were taken from. So how prices
are found may be rough; what is claimed from them is exact. Level and cost stand in one number here: a level
is dearer than any way round could save.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, sum_by_row
from matcher.prices import Pair, Potentials
from matcher.problem import PRIORITIES
from matcher.remainder import MOST_URGENT, Remainder
from matcher.solution import multiply_exactly

_LEVEL = 64
_LARGEST_BARRIER = 1 << 49


def find_level(rest: Remainder) -> int | None:
    """Give what one level is worth in one number with the costs; None if sums could overflow then."""
    dearest = max(int(rest.edge_cost.max(initial=0)), -int(rest.edge_cost.min(initial=0)))
    barrier = (2 * (len(rest.offer_capacity) + len(rest.unit_row)) + 6) * (dearest + 1)
    return _LEVEL * barrier if barrier < _LARGEST_BARRIER else None


@dataclass(frozen=True, slots=True)
class Value:
    """Level and cost of an assignment, or of the bound that prices prove; the larger `worth` is better."""

    level: int
    cost: int
    worth: int


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """What the rounds need of a problem again and again.

    Attributes
    ----------
    rest : Remainder
    level : int
        What one level is worth.
    need_start : int64 array
        Where each need's edges begin.
    unit_capacity : int64 array (units)
    has_limits : bool
        Some pair has a capacity of its own.
    """

    rest: Remainder
    level: int
    need_start: IntArray
    unit_capacity: IntArray
    has_limits: bool

    @classmethod
    def of(cls, rest: Remainder, level: int) -> Fixed:
        """Gather it."""
        degree = np.bincount(rest.edge_need, minlength=len(rest.need_quantity))
        return cls(
            rest, level, np.cumsum(degree) - degree,
            sum_by_row(rest.step_unit, rest.step_capacity, len(rest.unit_row)),
            rest.has_edge_limits,
        )  # fmt: skip

    def split(self, price: IntArray) -> Pair:
        """Take levels and costs apart."""
        level = (price + self.level // 2) // self.level
        return Pair(level, price - level * self.level)


@dataclass(slots=True, eq=False)
class Board:
    """The prices on which the parts agree so far.

    Attributes
    ----------
    offer : int64 array (offers)
        With the unit's.
    unit : int64 array (units)
    """

    offer: IntArray
    unit: IntArray

    @classmethod
    def empty(cls, rest: Remainder) -> Board:
        """Nothing has a price yet."""
        return cls(np.zeros(len(rest.offer_capacity), np.int64), np.zeros(len(rest.unit_row), np.int64))

    def copy(self) -> Board:
        """The same prices to go on from."""
        return Board(self.offer.copy(), self.unit.copy())

    def own(self, rest: Remainder) -> IntArray:
        """Offers' prices without their units'."""
        price: IntArray = self.offer - np.append(self.unit, 0)[rest.offer_unit]
        return price


def price_needs(fixed: Fixed, gain: IntArray) -> IntArray:
    """Give each need's price: what its last place gains.

    Parameters
    ----------
    fixed : Fixed
    gain : int64 array (edges)
        What a place on each pair is worth, less its cost and the offer's price.
    """
    rest = fixed.rest
    if not fixed.has_limits:
        most: IntArray = np.maximum(np.maximum.reduceat(gain, fixed.need_start), 0)
        return most
    order = np.lexsort((-gain, rest.edge_need))
    need = rest.edge_need[order]
    room = np.minimum(rest.edge_capacity, rest.need_quantity[rest.edge_need])[order]
    upto = np.cumsum(room)
    before = (upto - room)[fixed.need_start]
    enough = np.flatnonzero(upto - before[need] >= rest.need_quantity[need])
    full, first = np.unique(need[enough], return_index=True)
    price = np.zeros(len(rest.need_quantity), np.int64)
    price[full] = np.maximum(gain[order[enough[first]]], 0)
    return price


def find_gains(fixed: Fixed, board: Board) -> IntArray:
    """Give what a place on each pair is worth, less its cost and price."""
    rest = fixed.rest
    gain = (fixed.level * rest.need_weight)[rest.edge_need]
    gain -= rest.edge_cost
    gain -= board.offer[rest.edge_offer]
    return gain


def find_bound(fixed: Fixed, board: Board, gain: IntArray, need_price: IntArray) -> Value:
    """Give what prices prove: no assignment has more levels, nor as many for less."""
    rest = fixed.rest
    level = cost = 0
    terms = [
        (rest.need_quantity, need_price), (rest.offer_capacity, board.own(rest)),
        (fixed.unit_capacity, board.unit),
    ]  # fmt: skip
    if fixed.has_limits:
        over = gain - need_price[rest.edge_need]
        rows = np.flatnonzero((over > 0) & (rest.edge_capacity < NO_LIMIT))
        terms.append((rest.edge_capacity[rows], over[rows]))
    for amount, price in terms:
        pair = fixed.split(price)
        level += multiply_exactly(amount, pair.level)
        cost -= multiply_exactly(amount, pair.cost)
    return Value(level, cost, level * fixed.level - cost)


def find_value(fixed: Fixed, flow: IntArray) -> Value:
    """Count the levels and the cost of an assignment."""
    rest = fixed.rest
    used = np.flatnonzero(flow)
    level = multiply_exactly(flow[used], rest.need_weight[rest.edge_need[used]])
    cost = multiply_exactly(flow[used], rest.edge_cost[used])
    return Value(level, cost, level * fixed.level - cost)


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """What an assignment uses: the pairs in use, and places of each need, offer and unit."""

    edges: IntArray
    need: IntArray
    offer: IntArray
    unit: IntArray

    @classmethod
    def of(cls, fixed: Fixed, flow: IntArray) -> Use:
        """Count it."""
        rest = fixed.rest
        edges = np.flatnonzero(flow)
        need = sum_by_row(rest.edge_need[edges], flow[edges], len(rest.need_quantity))
        offer = sum_by_row(rest.edge_offer[edges], flow[edges], len(rest.offer_capacity))
        inside = rest.offer_unit >= 0
        return cls(edges, need, offer, sum_by_row(rest.offer_unit[inside], offer[inside], len(rest.unit_row)))


def exchange(fixed: Fixed, flow: IntArray, use: Use, board: Board) -> bool:
    """Lower prices where moving a place on costs less than the price says; True if any fell.

    One step of Bellman and Ford: nobody pays more for a place than what it costs to free one, be it that who
    holds it moves on to another offer at that one's price, or goes without.
    """
    rest = fixed.rest
    before = board.copy()
    has_room = use.offer < rest.offer_capacity
    inside = rest.offer_unit >= 0
    board.unit[use.unit < fixed.unit_capacity] = 0
    onward = rest.edge_cost + board.offer[rest.edge_offer]
    if fixed.has_limits:
        onward[flow >= rest.edge_capacity] = NO_LIMIT
    way = np.minimum(np.minimum.reduceat(onward, fixed.need_start), fixed.level * rest.need_weight)
    freed = np.maximum(way[rest.edge_need[use.edges]] - rest.edge_cost[use.edges], 0)
    np.minimum.at(board.offer, rest.edge_offer[use.edges], freed)
    gives = inside & (use.offer > 0)
    np.minimum.at(board.unit, rest.offer_unit[gives], board.offer[gives])
    base = np.append(board.unit, 0)[rest.offer_unit]
    board.offer = np.where(has_room, np.minimum(board.offer, base), board.offer)
    board.offer = np.maximum(board.offer, base)
    return bool((before.offer != board.offer).any() or (before.unit != board.unit).any())


def find_trouble(
    fixed: Fixed, flow: IntArray, use: Use, board: Board, gain: IntArray, need_price: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Mark the needs and the offers at which prices and assignment disagree; where none is, both are best."""
    rest = fixed.rest
    needs = (need_price > 0) & (use.need < rest.need_quantity)
    over = gain - need_price[rest.edge_need]
    dear = use.edges[over[use.edges] < 0]
    needs[rest.edge_need[dear]] = True
    if fixed.has_limits:
        needs[rest.edge_need[(over > 0) & (flow < rest.edge_capacity)]] = True
    offers = (board.own(rest) > 0) & (use.offer < rest.offer_capacity)
    units = (board.unit > 0) & (use.unit < fixed.unit_capacity)
    offers |= np.append(units, False)[rest.offer_unit]
    return needs, offers


def bound_places(fixed: Fixed, board: Board) -> dict[int, int]:
    """Give the places beyond promises that no assignment exceeds, most urgent first, as prices prove them.

    For each priority one cut: what is held at its level or a more urgent one counts in full, and of needs
    only those that reach something held lower. The cuts together are worth as many levels as the prices
    prove.

    Returns
    -------
    dict
        Priority to places; those of 1, of 1 and 2, and so on are bounds.
    """
    rest = fixed.rest
    offer, unit = fixed.split(board.offer).level, fixed.split(board.unit).level
    around = np.append(unit, 0)[rest.offer_unit]
    places: dict[int, int] = {}
    before = 0
    for priority in PRIORITIES:
        level = MOST_URGENT - priority
        is_free = (offer < level)[rest.edge_offer]
        needs = rest.need_weight >= level
        if fixed.has_limits:
            room = np.minimum(rest.edge_capacity, rest.need_quantity[rest.edge_need])
            most = sum_by_row(rest.edge_need[is_free], room[is_free], len(needs))
            most = np.minimum(most, rest.need_quantity)[needs]
        else:
            reaches = np.zeros(len(needs), np.bool_)
            reaches[rest.edge_need[is_free]] = True
            most = rest.need_quantity[needs & reaches]
        held = rest.offer_capacity[(offer >= level) & (around < level)]
        upto = int(most.sum()) + int(held.sum()) + int(fixed.unit_capacity[unit >= level].sum())
        places[priority] = max(upto - before, 0)
        before = max(upto, before)
    return places


def make_potentials(fixed: Fixed, board: Board, need_price: IntArray) -> Potentials:
    """Put prices in the form that those of a whole graph are laid from."""
    worth = fixed.level * fixed.rest.need_weight
    return Potentials(fixed.split(worth - need_price), fixed.split(board.offer), fixed.split(board.unit))
