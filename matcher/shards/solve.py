"""Rounds of tiles: each tile solved by itself, then the seams, wherever prices and assignment still disagree.

The first round cuts needs by place; a tile gets its share of the offers that several tiles reach. Its prices
are put beside those of the others. Where they disagree with the assignment, mostly along seams, the needs
around are solved anew as parts of their own, with all that lies outside held still, cut elsewhere each time
and in wider and wider rings. Each round keeps what was found or betters it, and proves a bound, so it may end
at any time with a gap that is certain; left to itself it ends with the optimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from matcher.arrays import NO_LIMIT, BoolArray, IntArray, sum_by_row
from matcher.flow import solve
from matcher.layers import spread
from matcher.prices import Potentials, lay_prices
from matcher.problem import CandidateGraph
from matcher.remainder import find_remainder
from matcher.shards.cut import Floats, cut_needs
from matcher.shards.parts import Part, Run, Task, cut_parts, solve_part
from matcher.shards.prices import (
    Board,
    Fixed,
    Use,
    Value,
    bound_places,
    exchange,
    find_bound,
    find_gains,
    find_level,
    find_trouble,
    find_value,
    make_potentials,
    price_needs,
)
from matcher.shards.regions import find_pieces, grow
from matcher.solution import Solution, Status, count_by_priority, make_solution
from matcher.whole import solve_whole

_FIRST_HOPS = 1
_MOST_HOPS = 64
_MOST_EXCHANGES = 60

_ROOM = 1.2
# How much larger than a tile the parts of the second round may be.
_WORTH_IT = 0.99
_ENOUGH = 4
# A round that leaves less than a quarter of the gap was worth while; after any other the next goes farther.


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did.

    Attributes
    ----------
    parts : int
        Problems solved side by side.
    needs, pairs : int
        Needs solved anew in all, and the pairs of the largest part.
    value, bound : Value
        What the assignment is worth after it, and what prices prove that none exceeds.
    trouble : int
        Needs and offers at which prices and assignment still disagree.
    """

    parts: int
    needs: int
    pairs: int
    value: Value
    bound: Value
    trouble: int

    @property
    def slack(self) -> int:
        """What lies between the assignment and its bound, levels and costs in one number."""
        return self.bound.worth - self.value.worth

    @property
    def is_closed(self) -> bool:
        """True if nothing does: the assignment is optimal."""
        return self.slack == 0

    @property
    def gap_places(self) -> float:
        """How far places, by urgency (priority p counts ``6 - p``), are below the bound, as part of it."""
        return (self.bound.level - self.value.level) / max(self.bound.level, 1)

    @property
    def gap_cost(self) -> float | None:
        """How far the cost is above its bound, as part of it; None while fewer are served than might be.

        No assignment that serves as many costs less than its bound.
        """
        if self.bound.level != self.value.level:
            return None
        return (self.value.cost - self.bound.cost) / max(abs(self.bound.cost), 1)

    def is_within(self, gap: float) -> bool:
        """True if as many are served as can be, at a cost within this part of its bound."""
        return self.gap_cost is not None and self.gap_cost <= gap


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """What the tiles came to.

    Attributes
    ----------
    solution : Solution
        Of the whole graph: `optimal` where the gap closed, else `bounded`.
    rounds : tuple of Round
    """

    solution: Solution
    rounds: tuple[Round, ...]


class _Search:
    """The assignment and the prices so far, round by round."""

    def __init__(self, fixed: Fixed, place: Floats | None, run: Run) -> None:
        self.fixed = fixed
        self.place = place
        self.run = run
        self.flow = np.zeros(len(fixed.rest.edge_need), np.int64)
        self.use = Use.of(fixed, self.flow)
        self.board = Board.empty(fixed.rest)
        self.best, self.bound = self.board, self._judge(self.board)
        self.trouble: tuple[BoolArray, BoolArray] | None = None

    def begin(self, tiles: int) -> Round:
        """Solve the tiles, each by itself."""
        rest = self.fixed.rest
        piece = cut_needs(rest, np.arange(len(rest.need_quantity)), tiles, self.place)
        return self._solve(piece, tiles, None)

    def go_on(self, reach: _Reach, *, tiles: int, shifted: bool) -> Round:
        """Solve the surroundings of all trouble anew."""
        assert self.trouble is not None
        needs, offers = self.trouble
        if reach.is_all:
            needs, offers = np.ones_like(needs), np.ones_like(offers)
        region = grow(self.fixed, self.use, self.board, needs, offers, reach.hops)
        piece, count = find_pieces(
            self.fixed.rest, region.needs, reach.pairs, self.place, machines=tiles, shifted=shifted
        )
        return self._solve(piece, count, region.core)

    def _solve(self, piece: IntArray, count: int, core: BoolArray | None) -> Round:
        """Solve pieces side by side; take over what they assign, and their prices in the core."""
        rest = self.fixed.rest
        parts: list[Part] = []

        def give_out() -> Iterator[Task]:
            for part, task in cut_parts(rest, self.flow, piece, count, self.fixed.level):
                parts.append(part)
                yield task

        before = self.flow.copy()
        offer = np.full(len(rest.offer_capacity), NO_LIMIT, np.int64)
        unit = np.full(len(rest.unit_row), NO_LIMIT, np.int64)
        for at, answer in enumerate(self.run(solve_part, give_out())):
            part = parts[at]
            before[part.edges] = 0
            before[part.edges[answer.edge]] = answer.places
            for price, rows, found, is_open in (
                (offer, part.offers, answer.offer_price, part.offer_is_open),
                (unit, part.units, answer.unit_price, part.unit_is_open),
            ):
                np.minimum.at(price, rows[is_open], found[is_open])
        self.flow = before
        self._post(offer, unit, core)
        return self._look(len(parts), int((piece >= 0).sum()), max((len(p.edges) for p in parts), default=0))

    def _post(self, offer: IntArray, unit: IntArray, core: BoolArray | None) -> None:
        """Take over the prices that parts found; `NO_LIMIT` stands where none knows."""
        around = self.fixed.rest.offer_unit
        units = np.ones(len(unit) + 1, np.bool_)
        if core is not None:
            units[:] = False
            units[around[core]] = True
            offer = np.where(core, offer, NO_LIMIT)
        board = self.board
        board.offer = np.where(offer < NO_LIMIT, offer, board.offer)
        board.unit = np.where(units[:-1] & (unit < NO_LIMIT), unit, board.unit)
        board.offer = np.maximum(board.offer, np.append(board.unit, 0)[around])

    def _look(self, parts: int, needs: int, pairs: int) -> Round:
        """Let prices settle, and see how good assignment and prices are."""
        self.use = Use.of(self.fixed, self.flow)
        self._agree()
        gain = find_gains(self.fixed, self.board)
        price = price_needs(self.fixed, gain)
        self.trouble = find_trouble(self.fixed, self.flow, self.use, self.board, gain, price)
        count = int(self.trouble[0].sum() + self.trouble[1].sum())
        return Round(parts, needs, pairs, find_value(self.fixed, self.flow), self.bound, count)

    def _agree(self) -> None:
        """Exchange prices as long as that betters the bound; keep the best prices of all rounds."""
        best, bound = self.board, self._judge(self.board)
        trial = best.copy()
        for _ in range(_MOST_EXCHANGES):
            if not exchange(self.fixed, self.flow, self.use, trial):
                break
            found = self._judge(trial)
            if found.worth > bound.worth:
                break
            best, bound = trial.copy(), found
        self.board = best
        if bound.worth <= self.bound.worth:
            self.best, self.bound = best, bound

    def _judge(self, board: Board) -> Value:
        gain = find_gains(self.fixed, board)
        return find_bound(self.fixed, board, gain, price_needs(self.fixed, gain))

    def potentials(self) -> Potentials:
        """The best prices in the form that those of a whole graph are laid from."""
        need_price = price_needs(self.fixed, find_gains(self.fixed, self.best))
        return make_potentials(self.fixed, self.best, need_price)


@dataclass(slots=True)
class _Reach:
    """How far around trouble a round goes, and how large its parts may be.

    Where a round gained little both are doubled, up to the whole problem in one part, which is its optimum,
    or as large as a machine takes.
    """

    hops: int
    pairs: int
    most_pairs: int
    largest: int
    is_all: bool = False

    def widen(self) -> bool:
        """Go farther next time; False where that was all."""
        if self.is_all:
            return False
        self.is_all = self.pairs >= min(self.largest, self.most_pairs) and self.hops >= _MOST_HOPS
        self.hops = min(2 * self.hops, _MOST_HOPS)
        self.pairs = min(2 * self.pairs, self.most_pairs)
        return True


def solve_tiles(
    graph: CandidateGraph,
    tiles: int,
    *,
    need_place: ArrayLike | None = None,
    gap: float = 0.0,
    most_rounds: int | None = None,
    most_pairs: int | None = None,
    run: Run | None = None,
    tell: Callable[[Round], None] | None = None,
) -> Tiled:
    """Solve a graph in tiles, round by round, until the gap is small enough.

    Parameters
    ----------
    graph : CandidateGraph
        Where units have load costs, or costs are too large for one number with the levels, it is solved in
        one piece by `matcher.solve`.
    tiles : int
        How many parts are solved side by side, at least 1.
    need_place : float array (needs, 2), optional
        Where each need is, on any plane; NaN where unknown. Tiles are cut by it; left out, by which offers
        needs share.
    gap : float
        Ends once as many are served as can be, the urgent first, at a cost within this part of its bound; at
        0 with the optimum.
    most_rounds : int, optional
        Ends after so many.
    most_pairs : int, optional
        About how many pairs a machine takes in one part. Left out, later rounds may solve larger parts than
        the tiles, in the last resort all in one. It doesn't hold for the tiles themselves.
    run : callable, optional
        Called with `solve_part` and tasks; gives the answers in their order, wherever they were solved. Left
        out, one after another here. What it gives has no influence on the answer.
    tell : callable, optional
        Called with each `Round` as it ends.

    Returns
    -------
    Tiled
        The same for the same graph whoever solved the parts, and for edges in any order.

    Raises
    ------
    ValueError
        There is no tile, the gap isn't from 0 up to 1, or places don't fit the needs.
    CostRangeError
        As in `matcher.solve`.
    """
    place = _read(graph, tiles, gap, need_place)
    rest = find_remainder(graph)
    level = find_level(rest)
    if level is None or rest.step_cost.any() or not len(rest.edge_need):
        return Tiled(solve(graph), ())
    fixed = Fixed.of(rest, level)
    search = _Search(fixed, None if place is None else place[rest.need_row], run or map)
    rounds: list[Round] = []
    for done in _go_round(search, tiles, most_pairs):
        rounds.append(done)
        if tell is not None:
            tell(done)
        if done.is_within(gap) or len(rounds) == most_rounds:
            break
    return Tiled(_finish(graph, search, rounds[-1].is_closed), tuple(rounds))


def _read(graph: CandidateGraph, tiles: int, gap: float, need_place: ArrayLike | None) -> Floats | None:
    if tiles < 1:
        raise ValueError(f"tiles is {tiles}, expected at least 1")
    if not 0 <= gap < 1:
        raise ValueError(f"gap is {gap}, expected 0 or more and below 1")
    if need_place is None:
        return None
    place = np.asarray(need_place, np.float64)
    if place.shape != (graph.need_count, 2):
        raise ValueError(f"need_place has shape {place.shape}, expected ({graph.need_count}, 2)")
    return place


def _go_round(search: _Search, tiles: int, most_pairs: int | None) -> Iterator[Round]:
    """Give rounds until nothing is left that could get better."""
    last = search.begin(tiles)
    yield last
    pairs = len(search.fixed.rest.edge_need)
    reach = _Reach(_FIRST_HOPS, int(_ROOM * pairs / tiles), most_pairs or pairs, pairs)
    reach.pairs = max(min(reach.pairs, reach.most_pairs), 1)
    shifted = True
    while not last.is_closed:
        done = search.go_on(reach, tiles=tiles, shifted=shifted)
        yield done
        if _ENOUGH * done.slack > last.slack and not reach.widen() and done.slack > _WORTH_IT * last.slack:
            break
        last, shifted = done, not shifted


def _finish(graph: CandidateGraph, search: _Search, is_closed: bool) -> Solution:
    """Bring assignment, prices and bound back to the caller's graph."""
    fixed = search.fixed
    promised = count_by_priority(graph, sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count))
    bound = {p: places + promised[p] for p, places in bound_places(fixed, search.best).items()}
    prices = lay_prices(graph, fixed.rest, search.potentials())
    flow = spread(graph, fixed.rest, search.flow)
    if graph.need_whole.any():
        found = solve_whole(graph, flow, bound_by_priority=bound, prices=prices)
        return found if is_closed else replace(found, status="bounded")
    status: Status = "optimal" if is_closed else "bounded"
    return make_solution(graph, flow, status, bound_by_priority=bound, prices=prices)
