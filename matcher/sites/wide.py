"""The largest cover where pairs are so many that memory counts: greedy, and a bound by prices.

Pairs are kept once, by site, four bytes each; a million points with a hundred sites each take 400 MB. Prices
on rows bound what any choice covers (Galvao and ReVelle 1996): a row's price may be earned at every site that
covers it, what its weight is above the price once anyway. The sites most worth at these prices are a choice
too, as a rule a better one than the greedy choice in the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from graph.wording import word
from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.matrices import FloatArray, MatrixError
from matcher.sites.plan import leave_for_rounding

MOST_PAIRS: Final = 5_000_000
"""Pairs up to which covers are listed by row too, merged and exchanged."""

_ROUNDS: Final = 700
_PATIENCE: Final = 20
_FIRST_LENGTH: Final = 0.3
# Of the step that would close the whole gap; longer first steps throw prices far off, and hundreds of rounds
# bring them back.
_KEPT: Final = 0.95
# Part of the last round's way that goes into the next (Crowder 1976).
_LEAST_LENGTH: Final = 1e-3
_FIRST_SHARE: Final = 0.2
# Of the chosen sites that are given up at once for others; half of it whenever that gains nothing.


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """Rows that each site covers, and their weights.

    Attributes
    ----------
    by_site : int64 array (sites + 1)
    row_of : int32 array (pairs)
    weight : float64 array (rows)
    """

    by_site: IntArray
    row_of: RowArray
    weight: FloatArray

    @property
    def sites(self) -> int:
        """How many sites."""
        return len(self.by_site) - 1

    def count_times(self, chosen: IntArray) -> FloatArray:
        """How many of some sites cover each row."""
        from matcher.sites.wide_loops import count_times

        times = np.empty(len(self.weight))
        count_times(self.by_site, self.row_of, chosen, times)
        return times

    def add_greedily(self, left: FloatArray, chosen: BoolArray, count: int) -> None:
        """Add the site that covers most of what is left until so many are chosen; both are updated."""
        from matcher.sites.median_loops import add_greedily

        # A row that is covered costs nothing more, whichever site does: one zero stands for all pairs.
        nothing = np.broadcast_to(np.zeros(1), len(self.row_of))
        add_greedily(self.by_site, self.row_of, nothing, left, chosen, count)

    def add_up(self, chosen: BoolArray) -> float:
        """The weight that a choice covers."""
        return float(self.weight[self.count_times(np.flatnonzero(chosen)) > 0].sum())


def is_wide(cover: Any) -> bool:
    """Whether a matrix has so many entries that they are to be listed but once."""
    from scipy.sparse import issparse

    return bool(issparse(cover) and cover.nnz > MOST_PAIRS)


def list_pairs(cover: Any, weight: FloatArray) -> Wide:
    """List the rows of each site.

    Raises
    ------
    MatrixError
    """
    from scipy.sparse import csr_array

    if cover.shape[0] != len(weight):
        raise MatrixError(
            **word(
                "other_shape", name="cover", rows=cover.shape[0], columns=cover.shape[1],
                expected_rows=len(weight), expected_columns=cover.shape[1],
            )
        )  # fmt: skip
    rows = cover.tocsr()
    marks = np.ones(rows.nnz, np.int8)
    pairs = csr_array((marks, rows.indices, rows.indptr), shape=rows.shape).tocsc()
    pairs.sum_duplicates()
    if pairs.nnz < rows.nnz:
        at = int(np.argmax(pairs.data > 1))
        column = int(np.searchsorted(pairs.indptr, at, side="right")) - 1
        raise MatrixError(**word("entry_twice", name="cover", row=pairs.indices[at], column=column))
    return Wide(pairs.indptr.astype(np.int64), pairs.indices.astype(np.int32, copy=False), weight)


def choose_widely(wide: Wide, count: int, is_locked: BoolArray, *, gap: float) -> tuple[BoolArray, float]:
    """Choose `count` sites, and bound what any so many cover from above, until both are near enough.

    Parameters
    ----------
    wide : Wide
    count : int
        The locked ones included.
    is_locked : bool array (sites)
    gap : float
        Part of what is covered by which it may fall short of the bound.
    """
    from matcher.sites.wide_loops import weigh_sites

    # Until `count` are chosen, the one that covers most of what is left; then others for those least missed.
    left, chosen = wide.weight.copy(), is_locked.copy()
    wide.add_greedily(left, chosen, count)
    chosen = _exchange(wide, chosen, is_locked)
    fixed = wide.count_times(np.flatnonzero(is_locked)) > 0
    sure = float(wide.weight[fixed].sum())
    # What the locked sites cover has no price.
    weight = np.where(fixed, 0.0, wide.weight)
    free, wanted = np.flatnonzero(~is_locked), count - int(is_locked.sum())
    value = wide.add_up(chosen)
    # To begin with, each site that covers a row earns the same part of it.
    price = weight / np.maximum(wide.count_times(np.flatnonzero(chosen)), 1.0)
    best, best_price, length, idle = float(wide.weight.sum()), price, _FIRST_LENGTH, 0
    worth, way = np.empty(wide.sites), np.zeros(len(weight))
    for _ in range(_ROUNDS if wanted else 0):
        weigh_sites(wide.by_site, wide.row_of, price, worth)
        order = np.argpartition(-worth[free], wanted - 1)[:wanted]
        taken = free[order]
        bound = sure + float((weight - price).sum() + worth[taken].sum())
        idle += 1
        if bound < best:
            best, best_price, idle = bound, price, 0
        times = wide.count_times(taken)
        covered = sure + float(weight[times > 0].sum())
        if covered > value:
            value, chosen = covered, is_locked.copy()
            chosen[taken] = True
        if best - value <= max(gap * value, leave_for_rounding(best, whole=False)) or length < _LEAST_LENGTH:
            break
        slope = 1.0 - times
        slope[((price <= 0) & (slope < 0)) | ((price >= weight) & (slope > 0))] = 0.0
        way = _KEPT * way + (1 - _KEPT) * slope
        squares = float((way * way) @ weight)
        if not squares:
            break
        if idle >= _PATIENCE:
            length, idle, price = length / 2, 0, best_price
        price = np.clip(price + length * (bound - value) / squares * way * weight, 0.0, weight)
    return chosen, best if wanted else sure


def _exchange(wide: Wide, chosen: BoolArray, is_locked: BoolArray) -> BoolArray:
    """Give up the sites missed least, many at once, for those that then cover most, while that gains."""
    from matcher.sites.wide_loops import weigh_sites

    count, value, share = int(chosen.sum()), wide.add_up(chosen), _FIRST_SHARE
    alone = np.empty(wide.sites)
    while (many := int(share * count)) >= 1:
        times = wide.count_times(np.flatnonzero(chosen))
        weigh_sites(wide.by_site, wide.row_of, np.where(times == 1, wide.weight, 0.0), alone)
        free = np.flatnonzero(chosen & ~is_locked)
        trial = chosen.copy()
        trial[free[np.argsort(alone[free], kind="stable")[:many]]] = False
        left = np.where(wide.count_times(np.flatnonzero(trial)) > 0, 0.0, wide.weight)
        wide.add_greedily(left, trial, count)
        covered = wide.add_up(trial)
        if covered > value:
            value, chosen = covered, trial
        else:
            share /= 2
    return chosen
