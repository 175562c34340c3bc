"""What bounds leave open, as mixed-integer programs for SciPy's solver."""

from __future__ import annotations

from typing import Any

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray

MOST_ENTRIES = 300_000
"""Pairs up to which a program is written down."""

MOST_NODES = 20_000
"""Nodes up to which a program is searched."""
_INFEASIBLE = 2


def run_program(
    starts: IntArray, site: IntArray, cost: FloatArray, fallback: FloatArray, free: BoolArray, count: int
) -> tuple[BoolArray | None, float]:
    """Choose `count` of the free sites so that all rows pay least.

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
    if count > len(sites) or count < 0:
        return None, np.inf
    if not len(site) or not count:
        some = np.zeros(len(free), np.bool_)
        some[sites[:count]] = True
        return some, float(fallback.sum())
    number = np.full(len(free), -1, np.int64)
    number[sites] = np.arange(len(sites))
    row = np.repeat(np.arange(len(fallback)), np.diff(starts))
    begins = np.concatenate([[True], (np.diff(row) > 0) | (np.diff(cost) > 0)])
    step = np.cumsum(begins) - 1
    step_row = row[begins]
    steps = len(step_row)
    saves = fallback[step_row] - cost[begins]
    served = csr_array((np.ones(steps), (step_row, np.arange(steps))), shape=(len(fallback), steps))
    several = np.flatnonzero(np.diff(served.indptr) > 1)
    open_to = csr_array((np.ones(len(site)), (step, number[site])), shape=(steps, len(sites)))
    rules = block_array([[eye_array(steps), -open_to]], format="csr")
    parts = [LinearConstraint(rules, -np.inf, 0.0)]
    if len(several):
        once = block_array([[served[several], csr_array((len(several), len(sites)))]], format="csr")
        parts.append(LinearConstraint(once, -np.inf, 1.0))
    parts.append(
        LinearConstraint(csr_array(np.append(np.zeros(steps), np.ones(len(sites)))[None]), count, count)
    )
    found = milp(
        np.append(-saves, np.zeros(len(sites))), constraints=parts, bounds=Bounds(0, 1),
        integrality=np.append(np.zeros(steps), np.ones(len(sites))),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )  # fmt: skip
    return _read(found, steps, sites, free, float(fallback.sum()))


def run_cover_program(
    starts: IntArray, site: IntArray, cost: FloatArray, free: BoolArray
) -> tuple[BoolArray | None, float]:
    """Cover every row by free sites at the least cost; as `run_program`."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    sites = np.flatnonzero(free)
    if len(site) > MOST_ENTRIES:
        return None, -np.inf
    if len(starts) == 1:
        return np.zeros(len(free), np.bool_), 0.0
    if (np.diff(starts) == 0).any():
        return None, np.inf
    number = np.full(len(free), -1, np.int64)
    number[sites] = np.arange(len(sites))
    rules = csr_array((np.ones(len(site)), number[site], starts), shape=(len(starts) - 1, len(sites)))
    found = milp(
        cost[sites], constraints=LinearConstraint(rules, 1.0, np.inf), bounds=Bounds(0, 1),
        integrality=np.ones(len(sites)), options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
    )  # fmt: skip
    return _read(found, 0, sites, free, 0.0)


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
