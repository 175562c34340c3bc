"""The exact solver: most places of the most urgent first, then least cost, as flows in a layered network.

Source, needs, offers, units, sink. Served sets of such a network form a polymatroid, so the most places of
priority 1, of priorities 1 and 2, and so on can all be had at once (Edmonds 1970; Megiddo 1974 for flows);
one flow of least cost with exactly these amounts is the answer. No penalties are needed that could overflow.
The engine of our own (`matcher.engine`) finds both where a problem is large, OR-Tools (`matcher.layers`)
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from matcher.arguments import check_graph, read_one_of, read_whole
from matcher.arrays import sum_by_row
from matcher.layers import find_best_flow, find_cheapest, spread
from matcher.lots import Lots, draw_lots
from matcher.prices import find_prices, lay_prices
from matcher.problem import PRIORITIES, CandidateGraph
from matcher.remainder import MOST_URGENT, Remainder, find_remainder
from matcher.solution import Solution, count_by_priority, keep_flow, make_solution, sum_served
from matcher.whole import solve_whole

if TYPE_CHECKING:
    from matcher.engine.run import Answer

Path = Literal["scaling", "auction", "general"]
"""The ways to an optimum; see `solve`."""

_LEAST_EDGES = 10_000
# Loading the compiled engine takes a second, in which OR-Tools has solved what is smaller.
_LARGEST_MEAN = 8
# From there on quantities are large.
_MOST_LIMITED = 0.6
# Large quantities that most pairs can't carry go out in many pieces, for which the engine is slower.

Progress = Callable[[str, int, int], None]
"""Called with the name of the step, how many steps are done, and how many there are."""


def solve(
    graph: CandidateGraph,
    *,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
    path: Path | None = None,
) -> Solution:
    """Find an assignment that serves the urgent first and, among those, costs the least.

    Most places of priority 1, then of 2 (without giving up any of 1), and so on to 5; then the least cost of
    pairs and load; where the graph has ids, of the cheapest the one that their lots single out (see
    `matcher.lots`). Promises stay and come off everything first. Time and memory grow with rows and edges,
    not with quantities.

    Parameters
    ----------
    graph : CandidateGraph
    seed : int
        Taken for the sake of callers that pass one to every engine; this one draws nothing at random.
    threads : int, optional
        1: everything on one. Left out or 2 and more: large problems take a second one for a part of the work.
        No answer depends on it.
    progress : callable, optional
        Called with the name of the step that begins, how many are done, and how many there are.
    path : {"scaling", "auction", "general"}, optional
        The way to take; all give the same places and cost. Left out, `auction` (our own engine, several times
        as quick) takes problems of 10,000 pairs and more, and `scaling` (OR-Tools, which needs no compiling)
        smaller ones, and those of large quantities most of whose pairs have a capacity below what is wanted.
        `Solution.path` says which way was taken: `auction` goes on by the general way should its answer not
        be proved, and both go by scaling where their sums could overflow.

    Returns
    -------
    Solution
        `optimal` and proved by its prices. Where needs are whole (see `CandidateGraph`) it may be `bounded`.

    Raises
    ------
    CostRangeError
        Costs and rows are too large together for the engine.
    ArgumentError
        A `ValueError`: no graph, a path of another name, `threads` that is no whole number from 1, or `seed`
        that is none from 0.
    """
    _check_arguments(graph, seed, threads, path)
    tell = _Teller(progress, steps=2)
    tell("places and costs")
    rest = find_remainder(graph)
    lots = draw_lots(graph, rest)
    answer = _run_engine(rest, lots, path or _choose_path(rest), 2 if threads is None else threads)
    if answer is None:
        flow = find_best_flow(rest if lots is None else lots.carry(rest))
        tell("prices")
        prices, taken = find_prices(graph, rest, flow), "scaling"
        net_flow = spread(graph, rest, flow)
    else:
        tell("prices")
        if lots is not None:
            answer = replace(answer, need=lots.strip_off(answer.need), node=lots.strip_off(answer.node))
        ends = answer.potentials(len(rest.offer_capacity))
        prices, taken = lay_prices(graph, rest, ends), answer.path
        net_flow = answer.lay_flow(graph.edge_count)
    if not graph.need_whole.any():
        net_flow += graph.edge_locked
        found = keep_flow(graph, net_flow, "optimal", prices=prices, path=taken)
        return replace(
            found, bound=sum(found.served_by_priority.values()), bound_by_priority=found.served_by_priority
        )
    bound = count_by_priority(graph, sum_served(graph, net_flow + graph.edge_locked))
    tell("whole needs")
    return solve_whole(graph, net_flow, bound_by_priority=bound, prices=prices, path=taken)


def _check_arguments(graph: CandidateGraph, seed: int, threads: int | None, path: Path | None) -> None:
    check_graph(graph)
    read_whole("seed", seed, low=0)
    if threads is not None:
        read_whole("threads", threads, low=1)
    if path is not None:
        read_one_of("path", path, get_args(Path))


def _choose_path(rest: Remainder) -> Path:
    """Choose by the problem alone, so that the same records always take the same way."""
    is_large = rest.edge_count > 0 and rest.need_quantity.mean() > _LARGEST_MEAN
    if rest.edge_count < _LEAST_EDGES:
        return "scaling"
    if is_large and rest.has_edge_limits:
        is_limited = rest.edge_capacity < rest.need_quantity[rest.edge_need]
        return "scaling" if is_limited.mean() > _MOST_LIMITED else "auction"
    return "auction"


def _run_engine(rest: Remainder, lots: Lots | None, path: Path, threads: int) -> Answer | None:
    """Solve by our own engine; None where that isn't asked for, or its sums could overflow."""
    if path == "scaling":
        return None
    from matcher.engine.run import fits, run
    from matcher.priced import run_priced

    if path == "auction" and (answer := run_priced(rest, lots, threads)) is not None:
        return answer
    carried = rest if lots is None else lots.carry(rest)
    if not fits(carried):
        return None
    return run(carried, path="general" if path == "general" else None, threads=threads)


def serve_exactly(graph: CandidateGraph, served_by_priority: Mapping[int, int]) -> Solution:
    """Find the least cost at which some assignment serves exactly these places of each priority.

    Parameters
    ----------
    graph : CandidateGraph
        Its needs are split freely here, whole ones too.
    served_by_priority : mapping
        Priority to places, promises included, as `Solution.served_by_priority` of any assignment of the
        graph.

    Returns
    -------
    Solution
        `heuristic` in name, since it leaves out places that could be served; its cost is exact.

    Raises
    ------
    ValueError
        No assignment serves these places, or priorities and places that are none.
    """
    for priority, count in served_by_priority.items():
        read_whole("a priority of served_by_priority", priority, low=1, high=5)
        read_whole(f"served_by_priority[{priority}]", count, low=0)
    rest = find_remainder(graph)
    locked = count_by_priority(graph, sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count))
    places = {MOST_URGENT - p: served_by_priority.get(p, 0) - locked[p] for p in PRIORITIES}
    wanted = sum_by_row(rest.need_weight, rest.need_quantity, MOST_URGENT)
    for weight, count in places.items():
        if not 0 <= count <= wanted[weight]:
            raise ValueError(
                f"{count} places beyond promises can't be served of priority {MOST_URGENT - weight}: "
                f"0 to {wanted[weight]} have an offer"
            )
    places = {w: places[w] for w in np.unique(rest.need_weight).tolist()}
    return make_solution(graph, spread(graph, rest, find_cheapest(rest, places)), "heuristic")


class _Teller:
    """Counts the steps of a solve for whoever follows its progress."""

    def __init__(self, progress: Progress | None, steps: int) -> None:
        self._progress = progress
        self._done = 0
        self._steps = steps

    def __call__(self, name: str) -> None:
        if self._progress is not None:
            self._progress(name, self._done, max(self._steps, self._done + 1))
        self._done += 1
