"""The fewest sites that cover all where prices leave much open: exchanges find fewer, programs bound them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.arrays import BoolArray
from matcher.sites.covering import Covering
from matcher.sites.within import Within

_TURNS = 20_000
"""Exchanges tried for each number of sites."""

_NODES, _PROOFS = 400, 3
"""Nodes of a program that asks whether so many sites will do, and how many such programs are left unanswered
before a search ends."""

Undercut = Callable[[float], float]
"""How many sites a cover must do with to be worth finding, by how many there are."""


def exchange_down(covering: Covering, chosen: BoolArray, bound: float) -> BoolArray:
    """Leave out one site after another by exchanges, as far as they and the bound go."""
    while chosen.sum() - 1 >= bound - 1e-6:
        found = _look(covering, chosen, int(chosen.sum()) - 1)[1]
        if found is None:
            break
        chosen = found
    return chosen


def prove_fewest(
    covering: Covering, chosen: BoolArray, bound: float, aim: Undercut
) -> tuple[BoolArray, float]:
    """Ask by programs whether fewer sites would do, until none are worth finding or too much was asked.

    Returns
    -------
    chosen : bool array (sites)
    bound : float
        No cover has fewer sites.
    """
    least, top, unanswered = int(np.ceil(bound - 1e-6)), int(np.floor(aim(float(chosen.sum())))), 0
    while least <= top and unanswered < _PROOFS:
        # The fewer, the easier to refuse.
        count = (least + top + 1) // 2 if unanswered else top
        within, found = _look(covering, chosen, count)
        is_none = False
        if found is None:
            found, is_none, _ = within.search(_NODES, 0)
        if found is not None:
            chosen = found
            top = min(top, int(np.floor(aim(float(chosen.sum())))))
        elif is_none:
            least = count + 1
        else:
            unanswered, top = unanswered + 1, count - 1
    return chosen, max(bound, float(least))


def _look(covering: Covering, chosen: BoolArray, count: int) -> tuple[Within, BoolArray | None]:
    """Look for so many sites that cover all, from more of them."""
    within = Within(covering.starts, covering.site, np.zeros(len(chosen), np.bool_), count)
    fewer = chosen.copy()
    fewer[np.flatnonzero(chosen)[count:]] = False
    return within, within.exchange(fewer, _TURNS, 0)
