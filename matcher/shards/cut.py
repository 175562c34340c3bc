"""Cutting needs into tiles: by place where places are known, else by the order in which they share offers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.arrays import BoolArray, IntArray
from matcher.remainder import Remainder

Floats = NDArray[np.float64]


def cut_needs(
    rest: Remainder,
    needs: IntArray,
    pieces: int,
    place: Floats | None = None,
) -> IntArray:
    """Cut needs into pieces that lie together and have about as many pairs each.

    Parameters
    ----------
    rest : Remainder
    needs : int64 array
        Rows of the needs to cut.
    pieces : int
    place : float array (needs of `rest`, 2), optional
        Where each need is, on any plane; NaN where nobody knows. Left out, needs are ordered by the offers
        that they share.

    Returns
    -------
    int64 array, as long as `needs`
        Piece of each need, from 0.
    """
    pairs = np.bincount(rest.edge_need, minlength=len(rest.need_quantity))[needs]
    if place is None:
        line = _line_up(rest)[needs].astype(np.float64)
        where = np.column_stack([line, line])
    else:
        where = _fill_places(rest, place)[needs]
    piece = np.zeros(len(needs), np.int64)
    _halve(where, pairs, np.arange(len(needs)), pieces, piece)
    return piece


def _halve(where: Floats, pairs: IntArray, rows: IntArray, pieces: int, piece: IntArray) -> None:
    """Cut rows across the direction in which they reach farthest, and both sides again."""
    if pieces <= 1 or len(rows) <= 1:
        return
    axis = int(np.argmax(np.ptp(where[rows], axis=0)))
    order = rows[np.lexsort((where[rows, 1 - axis], where[rows, axis]))]
    first = pieces // 2
    upto = np.cumsum(pairs[order])
    at = int(np.searchsorted(upto, first / pieces * upto[-1]))
    left, right = order[:at], order[at:]
    piece[right] += first
    _halve(where, pairs, left, first, piece)
    _halve(where, pairs, right, pieces - first, piece)


def _line_up(rest: Remainder) -> IntArray:
    """Give each need its place in an order in which needs that share offers are near one another."""
    from matcher.engine.layout import line_up

    order = line_up(rest)[1]
    at = np.empty(len(order), np.int64)
    at[order] = np.arange(len(order))
    return at


def _fill_places(rest: Remainder, place: Floats) -> Floats:
    """Put needs whose place is unknown where those are who share their first offer, else in the middle."""
    known: BoolArray = np.isfinite(place[:, 0]) & np.isfinite(place[:, 1])
    if known.all():
        return place
    of_known: BoolArray = known[rest.edge_need]
    offers = len(rest.offer_capacity)
    count = np.bincount(rest.edge_offer[of_known], minlength=offers)
    filled = np.where(known[:, None], place, 0.0)
    start = np.searchsorted(rest.edge_need, np.flatnonzero(~known))
    for axis in (0, 1):
        values = filled[rest.edge_need[of_known], axis]
        mean = np.bincount(rest.edge_offer[of_known], values, offers) / np.maximum(count, 1)
        middle = float(filled[known, axis].mean()) if known.any() else 0.0
        mean[count == 0] = middle
        filled[~known, axis] = mean[rest.edge_offer[start]]
    return filled
