"""What a live match is handed: whole numbers, pairs and rules, read and refused."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, NoReturn, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.wording import word
from matcher.arrays import IntArray
from matcher.live import state as at
from matcher.live.change import LiveError
from matcher.live.rows import NEGATIVE, TWICE
from matcher.problem import CandidateGraph
from matcher.reading import Reader
from matcher.remainder import take_promises_off
from matcher.solution import Solution

RANGE_END = 1 << 62
"""Below it, sums of costs times places fit 64-bit integers."""


def refuse_pairs(code: int, k: int, name: str, rows: IntArray, costs: IntArray, *, count: int) -> NoReturn:
    """Say why pairs weren't taken: the position and value of the culprit among `count` rows."""
    if code == NEGATIVE:
        raise LiveError(**word("live_cost", entry=k, cost=costs[k]))
    if code == TWICE:
        first = int(np.flatnonzero(rows == rows[k])[0])
        raise LiveError(**word("row_twice", name=name, entry=k, row=rows[k], first=first))
    raise LiveError(**word("row_missing", name=name, entry=k, row=rows[k], count=count))


def check_rules(graph: CandidateGraph, switching_cost: int, max_moves: int | None) -> None:
    """Refuse rules that make no sense, and what can't be kept up to date under them."""
    for name, value in (("switching_cost", switching_cost), ("max_moves", max_moves)):
        number = None if value is None else _read_index(name, value)
        if number is not None and number < 0:
            raise LiveError(**word("negative_rules"))
    several = graph.need_whole & (take_promises_off(graph).need_quantity > 1)
    if several.any():
        row = int(np.flatnonzero(several)[0])
        raise LiveError(**word("whole_live", row=row))
    if max_moves is not None and graph.unit_load_cost is not None:
        raise LiveError(**word("moves_with_load"))


def check_solution(graph: CandidateGraph, solution: Solution) -> None:
    """Refuse what is no solution of the graph."""
    if not isinstance(solution, Solution):
        raise LiveError(**word("not_a_solution", found=type(solution).__name__))
    if solution.flow.shape != (graph.edge_count,):
        raise LiveError(**word("other_graph"))


def _read_index(name: str, value: SupportsIndex) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise LiveError(**word("live_amount", name=name, amount=repr(value))) from None


def read_amount(name: str, value: SupportsIndex) -> int:
    """Take a whole number of 0 or more."""
    amount = _read_index(name, value)
    if not 0 <= amount < RANGE_END:
        raise LiveError(**word("live_amount", name=name, amount=amount))
    return amount


def read_priority(value: SupportsIndex) -> int:
    """Take a whole number of 1 to 5."""
    try:
        priority = operator.index(value)
    except TypeError:
        priority = 0
    if not 1 <= priority <= 5:
        raise LiveError(**word("bad_priority", priority=repr(value)))
    return priority


def read_row(kind: str, row: SupportsIndex, count: int) -> int:
    """Take a row of a kind."""
    try:
        place = operator.index(row)
    except TypeError:
        place = -1
    if not 0 <= place < count:
        raise LiveError(**word("no_row", kind=kind, row=row, count=count))
    return place


def read_pairs(name: str, rows: ArrayLike, costs: ArrayLike) -> tuple[IntArray, IntArray]:
    """Take rows and costs as integers of one length."""
    both = [_read_column(what, given) for what, given in ((name, rows), ("costs", costs))]
    if len(both[0]) != len(both[1]):
        raise LiveError(
            **word("other_length", name="costs", entries=len(both[1]), expected=len(both[0]), like=name)
        )
    return both[0], both[1]


def _read_column(name: str, given: ArrayLike) -> IntArray:
    # An event takes microseconds: only what isn't plain integers is looked at entry by entry.
    if type(given) is np.ndarray and given.dtype.kind == "i" and given.ndim == 1:
        return np.ascontiguousarray(given, np.int64)
    read = Reader()
    # Rows and costs below zero are told apart later.
    read.integers(name, given, np.int64, low=np.iinfo(np.int64).min)
    if read.complaints:
        raise LiveError(**word("live_arrays", complaints="; ".join(read.complaints)))
    return np.array(read.arrays[name], np.int64)


def check_state(state: Mapping[str, NDArray[Any]]) -> None:
    """Refuse a saved state that lacks a table, or whose rows lie beyond its tables."""
    names = (*at.KEPT_TABLES, "meta", "facts")
    missing = [name for name in names if name not in state]
    if missing or len(state["meta"]) != at.TABLES or len(state["facts"]) != 2:
        raise LiveError(**word("broken_state"))
    sizes = dict(zip(("need", "offer", "unit", "edge", "entry"), state["meta"].tolist(), strict=False))
    sizes["pair"] = sizes["edge"]
    if any(len(state[name]) != sizes[name.partition("_")[0]] for name in at.KEPT_TABLES):
        raise LiveError(**word("broken_state"))
    need, offer, pair, edge, entry = (state[name] for name in ("need", "offer", "pair", "edge", "entry"))
    by_need = _list_block(need, sizes["edge"])
    by_offer = _list_block(offer, sizes["entry"])
    for rows, end in (
        (pair[by_need, at.OFFER], "offer"), (edge[by_need, at.NEED], "need"),
        (edge[by_need, at.PLACE], "entry"), (entry[by_offer, at.ENTRY_NEED], "need"),
        (entry[by_offer, at.ENTRY_EDGE], "edge"),
        (offer[:, at.UNIT] + 1, "unit + 1"), (offer[:, at.NEXT] + 1, "offer + 1"),
        (state["unit"][:, at.FIRST] + 1, "offer + 1"),
    ):  # fmt: skip
        kind, _, more = end.partition(" + ")
        if len(rows) and not 0 <= rows.min() <= rows.max() < sizes[kind] + int(more or 0):
            raise LiveError(**word("broken_state"))


def _list_block(table: NDArray[Any], end: int) -> IntArray:
    """List what the blocks of a table hold, all of it within a length."""
    start, degree = table[:, at.START], table[:, at.DEGREE]
    if ((start < 0) | (degree < 0) | (degree > end) | (start > end - degree)).any():
        raise LiveError(**word("broken_state"))
    before = np.cumsum(degree) - degree
    rows: IntArray = np.repeat(start - before, degree) + np.arange(int(degree.sum()))
    return rows
