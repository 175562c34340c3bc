"""Small steps over arrays that several parts of the matcher share (the independent check has its own)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
RowArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

NO_LIMIT = 1 << 62
"""Stands for "no limit at all" inside the matcher; never added to anything."""


_MANY = 100_000


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
    if len(values) >= _MANY:
        # Flows are mostly zero.
        some = np.flatnonzero(values)
        if 2 * len(some) < len(values):
            rows, values = rows[some], values[some]
    np.add.at(sums, rows, values)
    return sums


def find_used(flow: IntArray) -> IntArray:
    """Give the rows that carry something."""
    return np.flatnonzero(flow != 0)


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
    return starts, sort_rows(rows, size)


def sort_rows(rows: NDArray[np.integer], size: int) -> IntArray:
    """Give the positions in the order of their rows, in their old order within a row."""
    # Sixteen bits at a time, because NumPy sorts those by counting.
    order: IntArray = np.argsort(rows.astype(np.uint16), kind="stable").astype(np.int64, copy=False)
    if size > 1 << 16:
        order = order[np.argsort((rows[order] >> 16).astype(np.uint16), kind="stable")]
    return order


def list_members(groups: IntArray, starts: IntArray) -> tuple[IntArray, IntArray]:
    """List where the members of several groups of `group_rows` stand, one group after another.

    Returns
    -------
    places : int64 array
        Indices into the positions that `group_rows` gives.
    counts : int64 array
        How many members each group has.
    """
    counts = starts[groups + 1] - starts[groups]
    shift = np.repeat(starts[groups] - (np.cumsum(counts) - counts), counts)
    shift += np.arange(len(shift), dtype=np.int64)
    return shift, counts


def freeze(values: NDArray[np.generic]) -> None:
    """Make an array read-only."""
    values.setflags(write=False)
