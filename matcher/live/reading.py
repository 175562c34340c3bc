"""What a live match is handed: whole numbers, pairs and rules, read and refused."""

from __future__ import annotations

import operator
from typing import NoReturn, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from matcher.arrays import IntArray
from matcher.live.change import LiveError
from matcher.live.rows import NEGATIVE, TWICE
from matcher.problem import CandidateGraph
from matcher.remainder import take_promises_off

RANGE_END = 1 << 62
"""Below it, sums of costs times places fit 64-bit integers."""


def refuse_pairs(code: int, k: int, rows: IntArray, costs: IntArray) -> NoReturn:
    """Say why pairs weren't taken."""
    if code == NEGATIVE:
        raise LiveError(f"costs[{k}] is {costs[k]}, expected at least 0", "Correct the costs.")
    what = "stands there twice" if code == TWICE else "isn't there"
    raise LiveError(f"entry {k}: row {rows[k]} {what}", "Give each row once, as the match counts them.")


def check_rules(graph: CandidateGraph, switching_cost: int, max_moves: int | None) -> None:
    """Refuse rules that make no sense, and what can't be kept up to date under them."""
    if switching_cost < 0 or (max_moves is not None and max_moves < 0):
        raise LiveError("switching_cost and max_moves can't be below 0", "Give 0 or more.")
    several = graph.need_whole & (take_promises_off(graph).need_quantity > 1)
    if several.any():
        row = int(np.flatnonzero(several)[0])
        raise LiveError(
            f"need {row} is whole and wants several places: that can't be kept up to date",
            "Solve the graph again after each change, or let the need be split.",
        )
    if max_moves is not None and graph.unit_load_cost is not None:
        raise LiveError("max_moves can't be kept with load costs", "Leave out one of the two.")


def read_amount(name: str, value: SupportsIndex) -> int:
    """Take a whole number of 0 or more."""
    amount = operator.index(value)
    if not 0 <= amount < RANGE_END:
        raise LiveError(f"{name} is {amount}, expected 0 to 2**62 - 1", "Give a whole number, 0 or more.")
    return amount


def read_pairs(name: str, rows: ArrayLike, costs: ArrayLike) -> tuple[IntArray, IntArray]:
    """Take rows and costs as integers of one length."""
    both = []
    for what, given in ((name, rows), ("costs", costs)):
        values = np.asarray(given)
        if values.ndim != 1 or (values.size and values.dtype.kind not in "iu"):
            whole = values.ndim == 1 and values.dtype.kind == "f" and bool((values == np.rint(values)).all())
            if not whole:
                found = f"{what} holds {values.dtype} in {values.ndim} axes"
                raise LiveError(found, "Give whole numbers in one axis.")
        both.append(np.ascontiguousarray(values, np.int64))
    if len(both[0]) != len(both[1]):
        found = f"costs has {len(both[1])} entries, expected {len(both[0])} as in {name}"
        raise LiveError(found, "Give one cost for each row.")
    return both[0], both[1]
