"""Linear programs over actions: rules row by row, and their answers by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from matcher.arrays import IntArray
from matcher.matrices import FloatArray

_MOST_NODES: Final = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A rule: values times columns come to no more than `most`.

    Attributes
    ----------
    columns : int64 array
    values : float64 array
    most : float
    """

    columns: IntArray
    values: FloatArray
    most: float

    @classmethod
    def of(cls, entries: Iterable[tuple[int, float]], most: float) -> Row:
        """Take a rule from its entries."""
        some = list(entries)
        columns = np.array([at for at, _ in some], np.int64)
        return cls(columns, np.array([value for _, value in some], np.float64), most)

    @classmethod
    def of_goal(cls, goal: FloatArray, most: float) -> Row:
        """Take the rule that a goal comes to no more than `most`."""
        columns = np.flatnonzero(goal)
        return cls(columns, goal[columns], most)

    @property
    def key(self) -> tuple[bytes, bytes, float]:
        """The same for rules that say the same."""
        return self.columns.tobytes(), self.values.tobytes(), self.most

    def find_excess(self, x: FloatArray) -> float:
        """By how much an answer breaks it."""
        return float(self.values @ x[self.columns] - self.most)


def solve_rows(
    goal: FloatArray, rows: Sequence[Row], low: FloatArray, high: FloatArray, *, in_part: bool = False
) -> Any:
    """Solve for the least of a goal in whole numbers, or in any; `mip_dual_bound` holds in any case."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    size = len(goal)
    starts = np.cumsum([0, *(len(row.columns) for row in rows)])
    columns = np.concatenate([np.zeros(0, np.int64), *(row.columns for row in rows)])
    values = np.concatenate([np.zeros(0), *(row.values for row in rows)])
    matrix = csr_array((values, columns, starts), shape=(len(rows), size))
    most = np.array([row.most for row in rows], np.float64)
    return milp(
        goal, constraints=LinearConstraint(matrix, -np.inf, most),
        integrality=np.full(size, not in_part).astype(int), bounds=Bounds(low, high),
        options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
    )  # fmt: skip
