"""Small steps over arrays that several parts of the matcher share (the independent check has its own)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
RowArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

NO_LIMIT = 1 << 62
"""Stands for "no limit at all" inside the matcher; never added to anything."""


def sum_by_row(rows: NDArray[np.integer], values: IntArray, size: int) -> IntArray:
    """Add up values by row, exactly.

    Parameters
    ----------
    rows : integer array
        The row that each value belongs to.
    values : int64 array
        As long as `rows`.
    size : int
        How many rows there are.

    Returns
    -------
    int64 array of length `size`
    """
    sums = np.zeros(size, np.int64)
    np.add.at(sums, rows, values)
    return sums


def group_rows(rows: NDArray[np.integer], size: int) -> tuple[IntArray, IntArray]:
    """List the positions of each row one after another (compressed rows).

    Returns
    -------
    starts : int64 array of length ``size + 1``
    positions : int64 array
        Positions of row ``r`` are ``positions[starts[r]:starts[r + 1]]``, in their old order.
    """
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=size), out=starts[1:])
    positions = np.argsort(rows, kind="stable").astype(np.int64, copy=False)
    return starts, positions


def members_of(groups: IntArray, starts: IntArray, positions: IntArray) -> IntArray:
    """Give the positions of several groups of `group_rows`, one group after another."""
    counts = starts[groups + 1] - starts[groups]
    total = int(counts.sum())
    shift = np.repeat(starts[groups] - (np.cumsum(counts) - counts), counts)
    members: IntArray = positions[np.arange(total, dtype=np.int64) + shift]
    return members


def freeze(values: NDArray[np.generic]) -> None:
    """Make an array read-only."""
    values.setflags(write=False)
