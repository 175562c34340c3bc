"""One match: candidates, the proved assignment, the by-hand rule beside it, and what unknowns could add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from matcher.instance import Instance
from matcher.rules import Rules
from matcher.solution import Solution

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one offer of unknown capacity could add if it alone were unlimited."""

    offer_row: int
    gain_places: int


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The match of one measure.

    Attributes
    ----------
    instance : Instance
    solution : Solution
        The proved assignment.
    by_hand : Solution
        What the by-hand rule makes of the same graph.
    like_by_hand : ndarray of int64 or None
        The cheapest flow that serves as many places of each priority as the by-hand rule does.
    served_upper : int
        Places of needs served if all unknown capacities were unlimited at once, unit totals and the
        projects' claims kept.
    ask_first : tuple of Ask
        Offers of unknown capacity that could add places, most first.
    """

    instance: Instance
    solution: Solution
    by_hand: Solution
    like_by_hand: NDArray[np.int64] | None
    served_upper: int
    ask_first: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A match of a snapshot: places, and money apart where there is any.

    Attributes
    ----------
    snapshot, rules : Snapshot, Rules
    places : Part
        Needs and projects counted in places.
    money : Part or None
        Needs counted in yuan; None where no need asks for money.
    """

    snapshot: Snapshot
    rules: Rules
    places: Part
    money: Part | None
