"""Single arguments, read or refused by name, value and what is expected."""

from __future__ import annotations

import math
import operator
from collections.abc import Collection
from fractions import Fraction
from typing import Any

import numpy as np

from graph.errors import LinliError
from graph.wording import word
from matcher.problem import CandidateGraph
from matcher.solution import Solution

_OF_PROBLEM = (
    "need_quantity", "need_priority", "offer_capacity", "edge_need", "edge_offer", "edge_cost", "offer_unit",
    "unit_capacity", "edge_capacity", "edge_locked", "need_whole", "unit_load_cost",
)  # fmt: skip


class ArgumentError(LinliError, ValueError):
    """An argument isn't what is asked for; the message has its name, its value and what is expected."""


def read_whole(name: str, value: Any, *, low: int, high: int | None = None) -> int:
    """Take a whole number of a range."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or number < low or (high is not None and number > high):
        if high is None:
            raise ArgumentError(**word("not_whole_from", name=name, found=repr(value), low=low))
        raise ArgumentError(**word("not_whole_between", name=name, found=repr(value), low=low, high=high))
    return number


def read_row(name: str, value: Any, count: int) -> int:
    """Take the row of one of so many things."""
    try:
        return read_whole(name, value, low=0, high=count - 1)
    except ArgumentError:
        raise ArgumentError(**word("not_a_row", name=name, found=repr(value), count=count)) from None


def read_real(name: str, value: Any, *, low: float) -> float:
    """Take a number that isn't below another; infinity is one."""
    try:
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not number >= low:
        raise ArgumentError(**word("not_real_from", name=name, found=repr(value), low=low))
    return number


def check_share(name: str, value: Any) -> None:
    """Refuse what is no number from 0 to 1; fractions are as good as floats, text isn't."""
    is_number = isinstance(value, int | float | Fraction | np.number) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 1:
        raise ArgumentError(**word("not_a_share", name=name, found=repr(value)))


def read_one_of(name: str, value: Any, allowed: Collection[str]) -> None:
    """Refuse what isn't one of some names."""
    if not isinstance(value, str) or value not in allowed:
        raise ArgumentError(**word("not_one_of", name=name, found=repr(value), allowed=", ".join(allowed)))


def check_graph(graph: CandidateGraph) -> None:
    """Refuse what is no graph."""
    if not isinstance(graph, CandidateGraph):
        raise ArgumentError(**word("not_a_graph", found=type(graph).__name__))


def check_kinds(graph: CandidateGraph, solution: Solution) -> None:
    """Refuse what is no graph, or no solution; of what, isn't asked."""
    check_graph(graph)
    if not isinstance(solution, Solution):
        raise ArgumentError(**word("not_a_solution", found=type(solution).__name__))


def check_solution(graph: CandidateGraph, solution: Solution) -> None:
    """Refuse what is no solution, or that of another problem."""
    check_kinds(graph, solution)
    if solution.graph is graph:
        return
    for name in _OF_PROBLEM:
        mine, theirs = getattr(graph, name), getattr(solution.graph, name)
        if (mine is None) != (theirs is None) or not (mine is None or np.array_equal(mine, theirs)):
            raise ArgumentError(**word("other_problem", name=name))
