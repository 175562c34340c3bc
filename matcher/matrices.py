"""Amounts and matrices of demand by sites as callers give them, checked and brought to one form.

Rows are demand points, columns are sites. In a sparse matrix an absent entry is out of reach and a stored
zero is distance zero; in a dense one infinity is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import LinliError
from matcher.arrays import IntArray

FloatArray = NDArray[np.float64]


class MatrixError(LinliError, ValueError):
    """Amounts, distances or settings that no measure can be computed from.

    The message names the array, the entry, what was found and what is expected; `remedy` says what to do.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Which sites each demand point reaches, row by row, columns ascending within a row.

    Attributes
    ----------
    starts : int64 array (rows + 1)
        Entries of row ``i`` are ``starts[i]:starts[i + 1]``.
    site : int64 array (entries)
    cost : float64 array (entries)
        Ones where the matrix only says who is covered.
    site_count : int
    """

    starts: IntArray
    site: IntArray
    cost: FloatArray
    site_count: int

    @property
    def is_whole(self) -> bool:
        """Whether all costs are whole numbers small enough to be exact."""
        return bool((self.cost < 2.0**53).all() and (self.cost == np.rint(self.cost)).all())

    @property
    def row_count(self) -> int:
        """How many demand points."""
        return len(self.starts) - 1

    @property
    def row(self) -> IntArray:
        """The demand point of each entry."""
        return np.repeat(np.arange(self.row_count), np.diff(self.starts))


def read_amounts(name: str, given: ArrayLike, *, length: int | None = None, like: str = "") -> FloatArray:
    """Take amounts: finite, at least 0, one axis.

    Raises
    ------
    MatrixError
    """
    values = np.asarray(given)
    if values.ndim != 1 or (values.size and values.dtype.kind not in "iufb"):
        raise MatrixError(
            f"{name} holds {values.dtype} in {values.ndim} axes, expected numbers in one",
            remedy=f"Give {name} as a list of numbers, one for each row.",
        )
    values = values.astype(np.float64)
    if length is not None and len(values) != length:
        raise MatrixError(
            f"{name} has {len(values)} entries, expected {length} as in {like}",
            remedy=f"Give one number of {name} for each.",
        )
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        more = f" ({len(wrong) - 1} more like it)" if len(wrong) > 1 else ""
        raise MatrixError(
            f"{name}[{wrong[0]}] is {values[wrong[0]]}, expected a number of 0 or above{more}",
            remedy="Leave out rows whose amount nobody knows, or put an assumed amount and say so.",
        )
    return values


def read_costs(cost: Any, *, rows: int | None = None, columns: int | None = None) -> Reach:
    """Take distances (or other costs) between demand and sites.

    Parameters
    ----------
    cost : sparse matrix or array_like (rows, columns)
        At least 0. Absent or infinite: out of reach.
    rows, columns : int, optional
        What the shape must be.

    Raises
    ------
    MatrixError
    """
    starts, site, values, shape = _read_entries("cost", cost)
    _check_shape("cost", shape, rows, columns)
    if not (values >= 0).all():
        at = int(np.argmin(values >= 0))
        row = int(np.searchsorted(starts, at, side="right")) - 1
        raise MatrixError(
            f"cost[{row}, {site[at]}] is {values[at]}, expected a number of 0 or above",
            remedy="Leave out pairs whose distance nobody knows (inf in a dense array), or put an estimate.",
        )
    if np.isinf(values).any():
        inside = np.isfinite(values)
        starts = np.concatenate([[0], np.cumsum(inside)])[starts]
        site, values = site[inside], values[inside]
    return Reach(starts, site, values, shape[1])


def read_cover(cover: Any, *, rows: int | None = None) -> Reach:
    """Take who is covered from where: every stored entry of a sparse matrix, every nonzero of a dense one.

    Raises
    ------
    MatrixError
    """
    from scipy.sparse import issparse

    if not issparse(cover):
        cover = np.asarray(cover)
        if cover.dtype.kind not in "biuf" or (cover.dtype.kind == "f" and not np.isfinite(cover).all()):
            raise MatrixError(
                f"cover holds {cover.dtype} that are not all numbers, expected true or false",
                remedy="Compare the distances with a reach first: cover = distance <= reach.",
            )
        cover = np.where(cover != 0, 0.0, np.inf)
    starts, site, _, shape = _read_entries("cover", cover)
    _check_shape("cover", shape, rows, None)
    return Reach(starts, site, np.ones(len(site)), shape[1])


def _read_entries(name: str, given: Any) -> tuple[IntArray, IntArray, FloatArray, tuple[int, int]]:
    """Give starts, columns, values and shape of a sparse or dense matrix."""
    from scipy.sparse import issparse

    if issparse(given):
        matrix = given.tocsr()
        if not matrix.has_canonical_format:
            matrix = matrix.copy() if matrix is given else matrix
            matrix.sort_indices()
            row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
            twice = (np.diff(row) == 0) & (np.diff(matrix.indices) == 0)
            if twice.any():
                at = int(np.flatnonzero(twice)[0])
                raise MatrixError(
                    f"{name} holds the entry [{row[at]}, {matrix.indices[at]}] twice, expected each once",
                    remedy="Keep one entry for each pair, such as the smallest distance.",
                )
        values = np.asarray(matrix.data, dtype=np.float64)
        starts, site = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
        return starts, site, values, (int(matrix.shape[0]), int(matrix.shape[1]))
    dense = np.asarray(given)
    if dense.ndim != 2 or (dense.size and dense.dtype.kind not in "biuf"):
        raise MatrixError(
            f"{name} holds {dense.dtype} in {dense.ndim} axes, expected numbers in two",
            remedy=f"Give {name} as a table of numbers: demand points by sites.",
        )
    inside = dense != np.inf
    row, site = np.nonzero(inside)
    starts = np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype(np.int64)
    return starts, site.astype(np.int64), dense[inside].astype(np.float64), dense.shape


def _check_shape(name: str, shape: tuple[int, int], rows: int | None, columns: int | None) -> None:
    expected = (shape[0] if rows is None else rows, shape[1] if columns is None else columns)
    if tuple(shape) != expected:
        raise MatrixError(
            f"{name} is {shape[0]} by {shape[1]}, expected {expected[0]} by {expected[1]}",
            remedy="Give one row for each demand point and one column for each site.",
        )


def read_zones(zones: Iterable[tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Take zones as (upper bound, weight), bounds rising; an upper bound belongs to its zone.

    Raises
    ------
    MatrixError
    """
    pairs = np.array([tuple(zone) for zone in zones], dtype=np.float64)
    good = pairs.ndim == 2 and pairs.shape[1] == 2 and not np.isnan(pairs).any()
    if good:
        good = bool((pairs[:, 0] >= 0).all() and (np.diff(pairs[:, 0]) > 0).all())
        good = good and bool((pairs[:, 1] >= 0).all() and np.isfinite(pairs[:, 1]).all())
    if not good:
        raise MatrixError(
            f"zones are {pairs.tolist()}, expected pairs of a rising upper bound and a weight of 0 or above",
            remedy="Give zones such as [(500, 1.0), (1000, 0.68), (1500, 0.22)].",
        )
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def read_bound(name: str, value: float) -> float:
    """Take the largest cost that counts: 0 or above, infinite for no bound.

    Raises
    ------
    MatrixError
    """
    number = float(value)
    if not number >= 0:
        raise MatrixError(
            f"{name} is {value}, expected a number of 0 or above", remedy=f"Give {name} in the unit of cost."
        )
    return number


def read_positive(name: str, value: float) -> float:
    """Take one number above 0.

    Raises
    ------
    MatrixError
    """
    number = float(value)
    if not (np.isfinite(number) and number > 0):
        raise MatrixError(
            f"{name} is {value}, expected a number above 0", remedy=f"Give {name} in the unit of cost."
        )
    return number
