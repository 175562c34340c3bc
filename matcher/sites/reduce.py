"""Smaller covering problems with the same answer: rows and sites that others make superfluous left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import BoolArray, IntArray, group_rows
from matcher.matrices import FloatArray

_MOST_WORDS = 60_000_000
"""Rows times words of 64 sites up to which sets are compared bit by bit."""

_ROUNDS = 5


def reduce_cover(
    starts: IntArray, site: IntArray, cost: FloatArray
) -> tuple[IntArray, IntArray, BoolArray, BoolArray]:
    """Leave out rows that are covered whenever another one is, and sites that another one replaces.

    A row whose sites are among the choices of a row with more is covered with it (row dominance); a site that
    covers no more than one that costs no more is never needed (column dominance; Toregas and ReVelle 1972).
    Both are repeated until nothing changes.

    Parameters
    ----------
    starts, site : int64 arrays
        Sites of each row, ascending within a row; every row has one.
    cost : float64 array (sites)

    Returns
    -------
    starts, site : int64 arrays
        The rows kept, with the sites kept.
    row_kept : bool array (rows)
    site_kept : bool array (sites)
    """
    row_kept = np.ones(len(starts) - 1, np.bool_)
    site_kept = np.ones(len(cost), np.bool_)
    for _ in range(_ROUNDS):
        before = int(row_kept.sum()) + int(site_kept.sum())
        kept = _drop_wider(starts, site, len(cost))
        row_kept[np.flatnonzero(row_kept)[~kept]] = False
        starts, site = _take_rows(starts, site, kept)
        by_site, rows = _turn(starts, site, len(cost))
        used = _drop_narrower(by_site, rows, len(starts) - 1, cost)
        site_kept &= used
        starts, site = _keep_sites(starts, site, used)
        if int(row_kept.sum()) + int(site_kept.sum()) == before:
            break
    return starts, site, row_kept, site_kept


def _drop_wider(starts: IntArray, site: IntArray, sites: int) -> BoolArray:
    """Mark the rows to keep: those whose sites include no other row's; of equal ones the first."""
    rows = len(starts) - 1
    kept = np.ones(rows, np.bool_)
    if rows * (sites // 64 + 1) > _MOST_WORDS:
        return kept
    bits = _pack(starts, site, sites)
    by_site, rows_of = _turn(starts, site, sites)
    sizes, order = np.diff(by_site), np.argsort(np.diff(starts), kind="stable")
    for row in order.tolist():
        if not kept[row]:
            continue
        mine = site[starts[row] : starts[row + 1]]
        rarest = mine[np.argmin(sizes[mine])]
        others = rows_of[by_site[rarest] : by_site[rarest + 1]]
        others = others[kept[others] & (others != row)]
        kept[others[~(bits[row] & ~bits[others]).any(axis=1)]] = False
    return kept


def _drop_narrower(by_site: IntArray, rows_of: IntArray, rows: int, cost: FloatArray) -> BoolArray:
    """Mark the sites to keep: those that cover something no site at their cost or less covers besides."""
    sites = len(cost)
    sizes = np.diff(by_site)
    kept = sizes > 0
    if sites * (rows // 64 + 1) > _MOST_WORDS:
        return kept
    bits = _pack(by_site, rows_of, rows)
    starts, site = _turn(by_site, rows_of, rows)
    row_sizes = np.diff(starts)
    # The smallest and dearest first, so that of equal ones the last is left.
    for one in np.lexsort((-cost, sizes)).tolist():
        if not kept[one]:
            continue
        mine = rows_of[by_site[one] : by_site[one + 1]]
        rarest = mine[np.argmin(row_sizes[mine])]
        others = site[starts[rarest] : starts[rarest + 1]]
        others = others[kept[others] & (others != one) & (cost[others] <= cost[one])]
        if len(others) and (~(bits[one] & ~bits[others]).any(axis=1)).any():
            kept[one] = False
    return kept


def _pack(starts: IntArray, member: IntArray, size: int) -> NDArray[np.uint64]:
    """Sets as bits, 64 to a word."""
    bits = np.zeros((len(starts) - 1, size // 64 + 1), np.uint64)
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    np.bitwise_or.at(bits, (row, member // 64), np.uint64(1) << (member % 64).astype(np.uint64))
    return bits


def _turn(starts: IntArray, member: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Lists by row as lists by member."""
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    begins, order = group_rows(member, size)
    return begins, row[order]


def _take_rows(starts: IntArray, site: IntArray, kept: BoolArray) -> tuple[IntArray, IntArray]:
    sizes = np.diff(starts)
    return np.concatenate([[0], np.cumsum(sizes[kept])]), site[np.repeat(kept, sizes)]


def _keep_sites(starts: IntArray, site: IntArray, kept: BoolArray) -> tuple[IntArray, IntArray]:
    inside = kept[site]
    return np.concatenate([[0], np.cumsum(inside)])[starts], site[inside]
