"""Large problems in which a few offers reach most needs: pairs of these come in where prices say they help.

As `matcher.wide` does where pairs are told by a function, but of pairs that are there: those of offers that
reach most needs are left out at first, priced at what the rest came to, and those that would gain come in,
until none is left. What was solved then is best for all pairs, and its prices prove it. Lots take part as
they would with all pairs (see `matcher.lots`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.arrays import BoolArray, IntArray, RowArray, list_members, sum_by_row
from matcher.engine.run import Answer, fits, run
from matcher.lots import Lots
from matcher.priced_loops import count_edges, gather_pairs, lay_block, mark_kept, mark_pairs
from matcher.problem import CandidateGraph
from matcher.remainder import MOST_URGENT, Remainder, Source
from matcher.wide_pairs import (
    FIRST_PAIRS,
    MORE_PAIRS,
    NO_BAR,
    PATIENT_ROUNDS,
    Omitted,
    WidePrices,
    pick_sample,
    share_out,
)

_LEAST_EDGES = 1_000_000
# Below, all pairs are packed in a third of a second or less.
_LEAST_WIDE = 0.125
# An offer that reaches such a share of all needs is wide.
_LEAST_LEFT_OUT = 0.2
# It pays where such a share of all pairs stays out at first.


def run_priced(rest: Remainder, lots: Lots | None, threads: int) -> Answer | None:
    """Find an optimal flow and its prices with some pairs left out; None where that wouldn't pay.

    Parameters
    ----------
    rest : Remainder
    lots : Lots or None
        What costs carry, and the answer's lengths too.
    threads : int
        As of `matcher.engine.run.run`.
    """
    if rest.edge_count < _LEAST_EDGES or rest.own_cost is not None:
        return None
    left = _Known.find(rest, lots)
    if left is None:
        return None
    measure = _price_sample(left, threads)
    left.bring_in(left.choose(measure, FIRST_PAIRS, NO_BAR).key)
    rounds = 0
    while True:
        part, rows = left.gather()
        if not fits(part):
            return None
        found = run(part, threads=threads)
        prices = WidePrices(
            -found.need.level, -found.need.cost, found.node.level[left.offers], found.node.cost[left.offers]
        )
        is_late = rounds >= PATIENT_ROUNDS
        most, bar = (len(left.offers), 0) if is_late else (MORE_PAIRS, measure.find_shift(prices))
        chosen = left.choose(prices, most, bar)
        if not chosen.violators:
            return replace(found, edge_row=rows[found.edge_row])
        left.bring_in(chosen.key)
        measure, rounds = prices, rounds + 1


class _Known(Omitted):
    """Pairs of a remainder, of which those of wide offers are left out until they come in.

    Rows of needs and offers are the remainder's.

    Parameters
    ----------
    start : int64 array (needs + 1)
        Where the edges of each need begin among the remainder's.
    offers : int64 array
        The wide ones.
    """

    def __init__(self, rest: Remainder, lots: Lots | None, start: IntArray, offers: IntArray) -> None:
        self.rest, self.start, self.offers = rest, start, offers
        self.needs = np.arange(len(rest.need_quantity))
        self.scale, nothing = 1, np.zeros(0, np.uint64)
        self._draws = (1, np.uint64(0), nothing, nothing)
        if lots is not None:
            self.scale = lots.scale
            self._draws = (lots.scale, np.uint64(64 - lots.bits), lots.need_draw, lots.offer_draw)
        self._need_number, self._offer_number = _find_numbers(rest)
        self._column = np.full(len(rest.offer_capacity), -1, np.int32)
        self._column[offers] = np.arange(len(offers))
        self._is_in: BoolArray = np.zeros(rest.edge_count, np.bool_)
        # Each wide offer keeps one pair, since an engine's rows all have one.
        mark_kept(
            rest.edge_row, rest.source.offer, self._offer_number, self._column, len(offers), self._is_in
        )

    @classmethod
    def find(cls, rest: Remainder, lots: Lots | None) -> _Known | None:
        """Find the offers that reach most needs; None where leaving out their pairs wouldn't pay."""
        needs, offers = len(rest.need_quantity), len(rest.offer_capacity)
        start, reached = np.zeros(needs + 1, np.int64), np.zeros(offers, np.int64)
        count_edges(rest.edge_row, rest.source.need, rest.source.offer, *_find_numbers(rest), start, reached)
        wide = np.flatnonzero(reached >= _LEAST_WIDE * needs)
        left_out = int(reached[wide].sum()) - FIRST_PAIRS * needs
        return cls(rest, lots, start, wide) if left_out >= _LEAST_LEFT_OUT * rest.edge_count else None

    def price_block(self, needs: IntArray) -> IntArray:
        cost = np.full((len(needs), len(self.offers)), -1, np.int64)
        source = self.rest.source
        lay_block(
            int(needs[0]), self.start, self.rest.edge_row, source.offer, source.cost, self._offer_number,
            self._column, self._is_in, *self._draws, cost,
        )  # fmt: skip
        return cost

    def bring_in(self, key: IntArray) -> None:
        """Take pairs into the problem."""
        wide = max(1, len(self.offers))
        mark_pairs(
            key // wide, self.offers[key % wide], self.start, self.rest.edge_row, self.rest.source.offer,
            self._offer_number, self._is_in,
        )  # fmt: skip

    def gather(self) -> tuple[Remainder, RowArray]:
        """Make the problem of the pairs that are in, at costs with lots; give the caller's rows of these."""
        rest, source = self.rest, self.rest.source
        rows = rest.edge_row[self._is_in]
        need, offer, cost = np.empty_like(rows), np.empty_like(rows), np.empty(len(rows), np.int64)
        gather_pairs(
            rows, source.need, source.offer, source.cost, self._need_number, self._offer_number, *self._draws,
            need, offer, cost,
        )  # fmt: skip
        limits = rest.edge_capacity
        part = replace(
            rest,
            edge_count=len(rows),
            source=Source(need, offer, cost, np.arange(len(rows), dtype=np.int32), None, None, None),
            edge_capacity=limits[self._is_in]
            if limits.strides[0]
            else np.broadcast_to(limits[:1], len(rows)),
            step_cost=rest.step_cost * self.scale,
        )
        return part, rows

    def sample(self, needs: IntArray) -> CandidateGraph:
        """Make a problem of some needs with all their pairs and a share of all places, at true costs."""
        rest, source = self.rest, self.rest.source
        at, count = list_members(needs, self.start)
        rows = rest.edge_row[at]
        places = int(rest.need_quantity.sum())
        share = float(rest.need_quantity[needs].sum()) / places
        total = sum_by_row(rest.step_unit, np.minimum(rest.step_capacity, places), len(rest.unit_row))
        return CandidateGraph(
            rest.need_quantity[needs],
            np.clip(MOST_URGENT - rest.need_weight[needs], 1, 5),
            share_out(np.minimum(rest.offer_capacity, places), share),
            np.repeat(np.arange(len(needs)), count),
            self._offer_number[source.offer[rows]],
            source.cost[rows],
            offer_unit=rest.offer_unit,
            unit_capacity=share_out(np.minimum(total, places), share),
        )


def _find_numbers(rest: Remainder) -> tuple[RowArray, RowArray]:
    """Give the remainder's row of each of the caller's needs and offers that takes part."""
    numbers = (rest.source.need_number, rest.source.offer_number)
    sizes = (len(rest.need_quantity), len(rest.offer_capacity))
    need, offer = (
        np.arange(size, dtype=np.int32) if number is None else number
        for number, size in zip(numbers, sizes, strict=True)
    )
    return need, offer


def _price_sample(left: _Known, threads: int) -> WidePrices:
    """Price the wide offers by solving a sample of the needs with all their pairs; at 0 without one."""
    from matcher.flow import solve

    wide = len(left.offers)
    needs = pick_sample(left.needs, wide, FIRST_PAIRS)
    if needs is None:
        return WidePrices.of_offers(left, np.zeros(wide, np.int64), np.zeros(wide, np.int64))
    found = solve(left.sample(needs), threads=threads).prices
    assert found is not None
    unit = left.rest.offer_unit[left.offers]
    level = found.offer_level[left.offers] + np.append(found.unit_level, 0)[unit]
    cost = found.offer_cost[left.offers] + np.append(found.unit_cost, 0)[unit]
    return WidePrices.of_offers(left, level, cost * left.scale)
