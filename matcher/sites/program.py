"""What bounds leave open, as mixed-integer programs for SciPy's solver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray

MOST_ENTRIES = 300_000
"""Pairs up to which a program is written down."""

MOST_NODES = 20_000
"""Nodes up to which a program is searched."""

_MOST_WORK = 10_000_000
"""Nodes times pairs up to which a program of covers is searched."""

_INFEASIBLE = 2


Limits = Sequence[tuple[FloatArray, float]]
"""Sites' amounts (one for each site), and how much the chosen ones may come to at most."""


def run_program(
    starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, free: BoolArray, count: int,
    *, least: int | None = None, limits: Limits = (),
) -> tuple[BoolArray | None, float]:  # fmt: skip
    """Choose `count` of the free sites (or as few as `least`, within limits) so that all rows pay least.

    Pairs of one row at one cost share a variable: the row can be served at that cost if one of them is chosen
    (Cornuejols, Nemhauser and Wolsey 1980), which makes covering a special case without further variables.

    Returns
    -------
    chosen : bool array (sites) or None
        None where nothing better than paying `fallback` everywhere was found, or the program is too large.
    bound : float
        No choice of the free sites costs less; minus infinity where that isn't known.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array, eye_array

    sites = np.flatnonzero(free)
    if len(site) > MOST_ENTRIES:
        return None, -np.inf
    least = count if least is None else least
    if least > len(sites) or count < 0 or any(most < 0 for _, most in limits):
        return None, np.inf
    if not count or not (len(site) or limits):
        some = np.zeros(len(free), np.bool_)
        some[sites[:count]] = True
        return some, float(fallback.sum())
    number = np.full(len(free), -1, np.int64)
    number[sites] = np.arange(len(sites))
    row = np.repeat(np.arange(len(fallback)), np.diff(starts))
    begins = np.concatenate([[True], (np.diff(row) > 0) | (np.diff(cost) > 0)])[: len(row)]
    step = np.cumsum(begins) - 1
    step_row = row[begins]
    steps = len(step_row)
    saves = fallback[step_row] - cost[begins]
    served = csr_array((np.ones(steps), (step_row, np.arange(steps))), shape=(len(fallback), steps))
    several = np.flatnonzero(np.diff(served.indptr) > 1)
    open_to = csr_array((np.ones(len(site)), (step, number[site])), shape=(steps, len(sites)))
    parts = []
    if steps:
        parts.append(
            LinearConstraint(block_array([[eye_array(steps), -open_to]], format="csr"), -np.inf, 0.0)
        )
    if len(several):
        once = block_array([[served[several], csr_array((len(several), len(sites)))]], format="csr")
        parts.append(LinearConstraint(once, -np.inf, 1.0))
    parts.append(_sum_up(np.ones(len(sites)), steps, least, count))
    parts += [_sum_up(amount[sites], steps, -np.inf, most) for amount, most in limits]
    found = milp(
        np.append(-saves, np.zeros(len(sites))), constraints=parts, bounds=Bounds(0, 1),
        integrality=np.append(np.zeros(steps), np.ones(len(sites))),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )  # fmt: skip
    return _read(found, steps, sites, free, float(fallback.sum()))


def _sum_up(amount: FloatArray, before: int, least: float, most: float) -> Any:
    """The rule that amounts of the chosen sites come to so much."""
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    return LinearConstraint(csr_array(np.append(np.zeros(before), amount)[None]), least, most)


def run_cover_program(
    starts: IntArray, site: IntArray, cost: FloatArray, free: BoolArray, *, limits: Limits = (),
    count: int | None = None, gap: float = 0.0,
) -> tuple[BoolArray | None, float]:  # fmt: skip
    """Cover every row by free sites (by so many of them) at the least cost; as `run_program`.

    It ends early once the cost and its bound are no farther apart than the gap, a part of the cost.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    sites = np.flatnonzero(free)
    if len(site) > MOST_ENTRIES:
        return None, -np.inf
    if (np.diff(starts) == 0).any() or any(most < 0 for _, most in limits):
        return None, np.inf
    if not len(sites) or (len(starts) == 1 and count is None):
        return (np.zeros(len(free), np.bool_), 0.0) if not count else (None, np.inf)
    number = np.full(len(free), -1, np.int64)
    number[sites] = np.arange(len(sites))
    parts = [_sum_up(amount[sites], 0, -np.inf, most) for amount, most in limits]
    if len(starts) > 1:
        rules = csr_array((np.ones(len(site)), number[site], starts), shape=(len(starts) - 1, len(sites)))
        parts.append(LinearConstraint(rules, 1.0, np.inf))
    if count is not None:
        parts.append(_sum_up(np.ones(len(sites)), 0, count, count))
    found = milp(
        cost[sites], bounds=Bounds(0, 1), constraints=parts,
        integrality=np.ones(len(sites)),
        options={"mip_rel_gap": gap, "node_limit": min(MOST_NODES, _MOST_WORK // (len(site) + 1))},
    )  # fmt: skip
    return _read(found, 0, sites, free, 0.0)


def find_few(
    starts: IntArray, site: IntArray, sites: int, count: int, nodes: int
) -> tuple[BoolArray | None, bool, int]:
    """Find any `count` sites or fewer that cover every row.

    Returns
    -------
    chosen : bool array (sites) or None
    is_none : bool
        There are none for certain.
    spent : int
        Nodes searched.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    chosen = np.zeros(sites, np.bool_)
    if len(starts) == 1:
        return chosen, False, 0
    if count <= 0:
        return None, True, 0
    if len(site) > MOST_ENTRIES or nodes <= 0:
        return None, False, 0
    used, number = np.unique(site, return_inverse=True)
    rules = csr_array((np.ones(len(site)), number, starts), shape=(len(starts) - 1, len(used)))
    # Any answer will do: with this gap the first one ends the search.
    found = milp(
        np.ones(len(used)), bounds=Bounds(0, 1), integrality=np.ones(len(used)),
        constraints=[LinearConstraint(rules, 1.0, np.inf), _sum_up(np.ones(len(used)), 0, -np.inf, count)],
        options={"mip_rel_gap": 1.0, "node_limit": nodes},
    )  # fmt: skip
    spent = int(found.mip_node_count or 0)
    if found.x is None:
        return None, found.status == _INFEASIBLE, spent
    chosen[used[found.x > 0.5]] = True
    return chosen, False, spent


def _read(
    found: Any, before: int, sites: IntArray, free: BoolArray, base: float
) -> tuple[BoolArray | None, float]:
    """Read the choice and the bound off the solver's answer."""
    if found.status == _INFEASIBLE:
        return None, np.inf
    x, lowest = found.x, found.mip_dual_bound
    bound = -np.inf if lowest is None or not np.isfinite(lowest) else base + float(lowest)
    if x is None:
        return None, bound
    chosen = np.zeros(len(free), np.bool_)
    chosen[sites[x[before:] > 0.5]] = True
    return chosen, bound
