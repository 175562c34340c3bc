"""One match: candidates, the proved assignment, the by-hand rule beside it, and what unknowns could add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from matcher.candidates import build_instance
from matcher.comparison import assign_by_hand, serve_like
from matcher.flow import solve
from matcher.headroom import Ask, ask_first, served_if_unlimited
from matcher.instance import Instance
from matcher.keeping import solve_keeping
from matcher.rules import Measure, Rules
from matcher.shards.parts import Run
from matcher.shards.solve import solve_tiles
from matcher.solution import Solution

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and of how much."""

_STEPS = ("candidates", "assignment", "by hand", "unknown capacities")


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who serves whom in one measure.

    Attributes
    ----------
    instance : Instance
    solution : Solution
        The proved assignment.
    by_hand : Solution
        What the by-hand rule makes of the same graph.
    """

    instance: Instance
    solution: Solution
    by_hand: Solution


@dataclass(frozen=True, slots=True, eq=False)
class Part(Assignment):
    """The match of one measure: an assignment, and what else a report says of it.

    Attributes
    ----------
    like_by_hand : ndarray of int64
        Places per edge of the cheapest assignment that serves as many places of each priority, and as many
        units of projects, as the by-hand rule does; whole needs may be split in it.
    served_upper : int
        Places of needs that could be served if all unknown capacities were unlimited at once, unit totals
        kept.
    served_upper_exact : bool
        Solving with them unlimited serves just so many; see `matcher.headroom.served_if_unlimited`.
    ask_first : tuple of Ask
        Offers of unknown capacity that could add places, most first.
    ask_first_complete : bool
        No other could add more; see `matcher.headroom.ask_first`.
    """

    like_by_hand: NDArray[np.int64]
    served_upper: int
    served_upper_exact: bool
    ask_first: tuple[Ask, ...]
    ask_first_complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A match of a snapshot: places, and money apart where there is any.

    Attributes
    ----------
    snapshot, rules : Snapshot, Rules
    places : Part
        Needs and projects counted in places.
    money : Part or None
        Needs counted in yuan; None where no need that takes part asks for money.
    """

    snapshot: Snapshot
    rules: Rules
    places: Part
    money: Part | None


def match(
    snapshot: Snapshot,
    rules: Rules | None = None,
    *,
    progress: Progress | None = None,
    run: Run | None = None,
) -> Match:
    """Match a snapshot's needs and projects with its offers, exactly.

    The most urgent are served first, promises before all; then the cost is the least there is.

    Parameters
    ----------
    snapshot : Snapshot
    rules : Rules, optional
        By default this calendar year, broad fits allowed.
    progress : callable, optional
        Called with a step's name, how many steps are done, and how many there are; in tiles also with
        "round 1", "round 2" ... as each round of the assignment has ended.
    run : callable, optional
        Where the parts of a match in tiles are solved; see `matcher.shards.solve.solve_tiles`. It has no
        influence on the answer.

    Raises
    ------
    TooManyPairsError
        If there are more pairs of needs and offers than `Rules.max_pairs`, or than there is memory for.
    CostRangeError
        If quantities and costs are too large together for exact arithmetic.
    """
    rules = rules or Rules.default()
    asks_money = bool((snapshot.column("needs", "measure") == "yuan").any())
    measures: tuple[Measure, ...] = ("places", "yuan") if asks_money else ("places",)
    steps = len(_STEPS) * len(measures)
    parts = []
    for at, measure in enumerate(measures):

        def tell(step: int, name: str = "", done: int = at * len(_STEPS)) -> None:
            if progress is not None:
                progress(name or _STEPS[step], done + step, steps)

        parts.append(_match_part(snapshot, rules, measure, tell, run))
        # A limit of moves may have raised what moving costs.
        rules = parts[-1].instance.rules
    money = parts[1] if len(parts) > 1 and len(parts[1].instance.demand) else None
    return Match(snapshot, rules, parts[0], money)


def assign(snapshot: Snapshot, rules: Rules | None = None, *, progress: Progress | None = None) -> Assignment:
    """Assign places alone, as `match` does, without what unknown capacities and other orders would give.

    Several times as quick in a large town; for trying things out.

    Parameters
    ----------
    snapshot, rules, progress
        As of `match`.

    Raises
    ------
    TooManyPairsError, CostRangeError
        As `match` does.
    """

    def tell(step: int, name: str = "") -> None:
        if progress is not None:
            progress(name or _STEPS[step], step, len(_STEPS) - 1)

    return _assign_measure(snapshot, rules or Rules.default(), "places", tell, None)


def _match_part(
    snapshot: Snapshot, rules: Rules, measure: Measure, tell: Callable[..., None], run: Run | None
) -> Part:
    made = _assign_measure(snapshot, rules, measure, tell, run)
    like_by_hand = serve_like(made.instance, made.by_hand)
    tell(3)
    asks, complete = ask_first(made.instance, made.solution)
    upper, upper_exact = served_if_unlimited(made.instance, made.solution)
    return Part(
        instance=made.instance,
        solution=made.solution,
        by_hand=made.by_hand,
        like_by_hand=like_by_hand,
        served_upper=upper,
        served_upper_exact=upper_exact,
        ask_first=asks,
        ask_first_complete=complete,
    )


def _assign_measure(
    snapshot: Snapshot, rules: Rules, measure: Measure, tell: Callable[..., None], run: Run | None
) -> Assignment:
    tell(0)
    instance = build_instance(snapshot, rules, measure)
    tell(1)
    instance, solution = solve_keeping(
        instance, lambda given: _assign(given, run, lambda ended: tell(1, f"round {ended}"))
    )
    tell(2)
    return Assignment(instance, solution, assign_by_hand(instance))


def _assign(instance: Instance, run: Run | None, tell: Callable[[int], None]) -> Solution:
    """Find the assignment: in one piece, or in tiles cut by where needs are; `tell` hears of each round."""
    if instance.rules.tiles == 1:
        return solve(instance.graph)
    sites = instance.demand.sites
    # On a plane a degree of longitude is as long as it is in the middle of the town.
    middle = np.nanmean(sites.lat) if sites.has_point.any() else 0.0
    place = np.column_stack([sites.lon * np.cos(np.radians(middle)), sites.lat])
    ended = count(1)
    return solve_tiles(
        instance.graph, instance.rules.tiles, need_place=place, run=run, tell=lambda _: tell(next(ended))
    ).solution
