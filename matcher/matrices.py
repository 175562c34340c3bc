"""Amounts and matrices of demand by sites as callers give them, checked and brought to one form.

Rows are demand points, columns are sites. In a sparse matrix an absent entry is out of reach and a stored
zero is distance zero; in a dense one infinity is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import LinliError
from graph.wording import word
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
        raise MatrixError(**word("not_one_axis", name=name, dtype=values.dtype, axes=values.ndim))
    values = values.astype(np.float64)
    if length is not None and len(values) != length:
        raise MatrixError(**word("other_length", name=name, entries=len(values), expected=length, like=like))
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        row = int(wrong[0])
        if len(wrong) == 1:
            raise MatrixError(**word("bad_amount", name=name, row=row, value=values[row]))
        raise MatrixError(**word("bad_amounts", name=name, row=row, value=values[row], others=len(wrong) - 1))
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
        raise MatrixError(**word("bad_cost", row=row, column=site[at], value=values[at]))
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
            raise MatrixError(**word("bad_cover", dtype=cover.dtype))
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
                raise MatrixError(**word("entry_twice", name=name, row=row[at], column=matrix.indices[at]))
        values = np.asarray(matrix.data, dtype=np.float64)
        starts, site = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
        return starts, site, values, (int(matrix.shape[0]), int(matrix.shape[1]))
    dense = np.asarray(given)
    if dense.ndim != 2 or (dense.size and dense.dtype.kind not in "biuf"):
        raise MatrixError(**word("not_two_axes", name=name, dtype=dense.dtype, axes=dense.ndim))
    inside = dense != np.inf
    row, site = np.nonzero(inside)
    starts = np.concatenate([[0], np.cumsum(inside.sum(axis=1))]).astype(np.int64)
    return starts, site.astype(np.int64), dense[inside].astype(np.float64), dense.shape


def _check_shape(name: str, shape: tuple[int, int], rows: int | None, columns: int | None) -> None:
    expected = (shape[0] if rows is None else rows, shape[1] if columns is None else columns)
    if tuple(shape) != expected:
        raise MatrixError(
            **word(
                "other_shape",
                name=name,
                rows=shape[0],
                columns=shape[1],
                expected_rows=expected[0],
                expected_columns=expected[1],
            )
        )


def read_zones(zones: Iterable[tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Take zones as (upper bound, weight), bounds rising; an upper bound belongs to its zone.

    Raises
    ------
    MatrixError
    """
    try:
        pairs = np.array([tuple(zone) for zone in zones], dtype=np.float64)
    except (TypeError, ValueError):
        raise MatrixError(**word("bad_zones", zones=repr(zones))) from None
    good = pairs.ndim == 2 and pairs.shape[1] == 2 and not np.isnan(pairs).any()
    if good:
        good = bool((pairs[:, 0] >= 0).all() and (np.diff(pairs[:, 0]) > 0).all())
        good = good and bool((pairs[:, 1] >= 0).all() and np.isfinite(pairs[:, 1]).all())
    if not good:
        raise MatrixError(**word("bad_zones", zones=str(pairs.tolist())))
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is one number, as text and truth values aren't."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def is_whole_number(value: object) -> TypeGuard[float]:
    """Whether it is one whole number, however it is written."""
    return is_number(value) and bool(np.isfinite(value)) and int(value) == value


def read_bound(name: str, value: float) -> float:
    """Take the largest cost that counts: 0 or above, infinite for no bound.

    Raises
    ------
    MatrixError
    """
    number = float(value) if is_number(value) else np.nan
    if not number >= 0:
        raise MatrixError(**word("below_zero", name=name, value=value))
    return number


def read_positive(name: str, value: float) -> float:
    """Take one number above 0.

    Raises
    ------
    MatrixError
    """
    number = float(value) if is_number(value) else np.nan
    if not (np.isfinite(number) and number > 0):
        raise MatrixError(**word("not_above_zero", name=name, value=value))
    return number
