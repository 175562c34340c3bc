"""What a live match is handed: whole numbers, pairs and rules, read and refused."""

from __future__ import annotations

import operator
from typing import NoReturn, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from graph.wording import word
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
        raise LiveError(**word("live_cost", entry=k, cost=costs[k]))
    what = "row_twice" if code == TWICE else "row_missing"
    raise LiveError(**word(what, entry=k, row=rows[k]))


def check_rules(graph: CandidateGraph, switching_cost: int, max_moves: int | None) -> None:
    """Refuse rules that make no sense, and what can't be kept up to date under them."""
    if switching_cost < 0 or (max_moves is not None and max_moves < 0):
        raise LiveError(**word("negative_rules"))
    several = graph.need_whole & (take_promises_off(graph).need_quantity > 1)
    if several.any():
        row = int(np.flatnonzero(several)[0])
        raise LiveError(**word("whole_live", row=row))
    if max_moves is not None and graph.unit_load_cost is not None:
        raise LiveError(**word("moves_with_load"))


def read_amount(name: str, value: SupportsIndex) -> int:
    """Take a whole number of 0 or more."""
    amount = operator.index(value)
    if not 0 <= amount < RANGE_END:
        raise LiveError(**word("live_amount", name=name, amount=amount))
    return amount


def read_pairs(name: str, rows: ArrayLike, costs: ArrayLike) -> tuple[IntArray, IntArray]:
    """Take rows and costs as integers of one length."""
    both = []
    for what, given in ((name, rows), ("costs", costs)):
        values = np.asarray(given)
        if values.ndim != 1 or (values.size and values.dtype.kind not in "iu"):
            whole = values.ndim == 1 and values.dtype.kind == "f" and bool((values == np.rint(values)).all())
            if not whole:
                raise LiveError(**word("not_whole_numbers", name=what, dtype=values.dtype, axes=values.ndim))
        both.append(np.ascontiguousarray(values, np.int64))
    if len(both[0]) != len(both[1]):
        raise LiveError(
            **word("other_length", name="costs", entries=len(both[1]), expected=len(both[0]), like=name)
        )
    return both[0], both[1]
