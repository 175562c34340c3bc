"""Whether so many sites reach all within a distance: exchanges say yes, prices and programs say no."""

from __future__ import annotations

import numpy as np

from matcher.arrays import BoolArray, IntArray
from matcher.sites.covering import Covering, bound_covers, keep_different_rows
from matcher.sites.program import find_few
from matcher.sites.reduce import reduce_cover

_ROWS_A_SITE, _FEWEST_ROWS = 20, 100
"""How many rows a program begins with, beside those for each site that is to be chosen."""

_ADDED = 100
"""Rows that a program lacked are added so many at a time."""

_ROUNDS = 40


class Within:
    """Who is within a distance of which sites, without what follows from the rest.

    Parameters
    ----------
    starts, site : int64 arrays
        Sites within the distance, by row; each has one.
    locked : bool array (sites)
        Rows within their distance are done.
    count : int
        How many sites may be chosen, the locked ones included.
    """

    def __init__(self, starts: IntArray, site: IntArray, locked: BoolArray, count: int) -> None:
        self._locked, self._count = locked, count
        self._left = count - int(locked.sum())
        row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        done = np.zeros(len(starts) - 1, np.bool_)
        done[row[locked[site]]] = True
        rest, left = np.concatenate([[0], np.cumsum(np.diff(starts)[~done])]), site[~done[row]]
        ones = np.ones(len(locked))
        rest, left = reduce_cover(*keep_different_rows(rest, left), ones)[:2]
        self._covering = Covering.of(rest, left, ones)
        self._weight = np.ones(self._covering.rows, np.int64)

    def exchange(self, start: BoolArray, turns: int, seed: int) -> BoolArray | None:
        """Look for sites that reach everybody, from others on; None where none were found."""
        from matcher.sites.center_loops import cover_by_exchange

        some, chosen = self._covering, start.copy()
        lists = (some.starts, some.site, some.by_site, some.row_of)
        found = cover_by_exchange(*lists, self._locked, chosen, self._weight, turns, seed)
        return chosen if found else None

    def is_priced_out(self) -> bool:
        """Whether prices on rows show that no such sites exist."""
        if not self._covering.rows:
            return False
        return bound_covers(self._covering, enough=float(self._left)) > self._left + 1e-6

    def search(self, nodes: int, seed: int) -> tuple[BoolArray | None, bool, int]:
        """Search all choices, by a program of the rows that exchanges found hardest.

        Rows that its answer leaves out are added until it has an answer for all, or none.

        Returns
        -------
        chosen : bool array (sites) or None
        is_none : bool
            That there is no such choice is proved.
        spent : int
            Nodes searched, of those given.
        """
        some, spent = self._covering, 0
        order = np.argsort(-self._weight, kind="stable")
        used = np.zeros(some.rows, np.bool_)
        used[order[: _FEWEST_ROWS + _ROWS_A_SITE * self._left]] = True
        for _ in range(_ROUNDS):
            ones = np.ones(len(self._locked))
            few = reduce_cover(*_take(some.starts, some.site, used), ones)[:2]
            found, is_none, took = find_few(*few, len(ones), self._left, nodes - spent)
            spent += max(took, 1)
            if found is None:
                return None, is_none, spent
            bare = np.flatnonzero(np.add.reduceat(found[some.site], some.starts[:-1]) == 0)
            if not len(bare):
                return self._fill(found), False, spent
            if spent >= nodes:
                break
            near = self.exchange(self._fill(found), _ROUNDS * _ADDED, seed)
            if near is not None:
                return near, False, spent
            used[bare[np.argsort(-self._weight[bare], kind="stable")[:_ADDED]]] = True
        return None, False, spent

    def _fill(self, chosen: BoolArray) -> BoolArray:
        """As many sites as may be chosen, the locked ones among them."""
        filled = chosen | self._locked
        filled[np.flatnonzero(~filled)[: self._count - int(filled.sum())]] = True
        return filled


def _take(starts: IntArray, site: IntArray, used: BoolArray) -> tuple[IntArray, IntArray]:
    sizes = np.diff(starts)
    return np.concatenate([[0], np.cumsum(sizes[used])]), site[np.repeat(used, sizes)]
