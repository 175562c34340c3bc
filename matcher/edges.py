"""Pairs on their way into the graph, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.instance import Bools, Floats, Ints

Narrow = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Pairs with what is known of them, element by element.

    Attributes
    ----------
    need, offer : ndarray of int32
        Need rows and offer rows.
    cost, metres, broad : ndarray
        Cost of a place, distance (NaN: unknown), and whether the fit is only broad.
    behind : ndarray of int32
        Row of the offer that makes the pair possible; -1: none.
    """

    need: Narrow
    offer: Narrow
    cost: Ints
    metres: Floats
    broad: Bools
    behind: Narrow

    def __len__(self) -> int:
        return len(self.need)

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    def take(self, rows: NDArray[np.integer]) -> Edges:
        """Some of the pairs."""
        return Edges(*(getattr(self, name)[rows] for name in self.__slots__))

    def insert(self, at: Ints, others: Edges) -> Edges:
        """The pairs with others among them, each before the row given, as `numpy.insert` has it."""
        own = self.columns()
        return Edges(**{name: np.insert(own[name], at, column) for name, column in others.columns().items()})

    def with_offers(self, offer: NDArray[np.integer]) -> Edges:
        """The same pairs with other offer rows."""
        return Edges(self.need, offer.astype(np.int32), self.cost, self.metres, self.broad, self.behind)

    def with_behind(self, behind: NDArray[np.integer]) -> Edges:
        """The same pairs with other rows behind them."""
        return Edges(self.need, self.offer, self.cost, self.metres, self.broad, behind.astype(np.int32))

    def key(self, offers: int) -> Ints:
        """One number for each pair, in order of need, then offer."""
        return self.need.astype(np.int64) * max(offers, 1) + self.offer


class Gathered:
    """Pairs that come part by part.

    Columns grow in place, so that millions of pairs are never held twice and leave no gaps in memory.
    """

    def __init__(self, first: Edges) -> None:
        self._columns = {name: column.copy() for name, column in first.columns().items()}
        self._is_own = True

    def __len__(self) -> int:
        return len(self._columns["need"])

    def add(self, part: Edges) -> None:
        """Put further pairs behind those that are there; what `edges` gave before holds no longer."""
        if not len(part):
            return
        if self._is_own and part.behind is not part.offer:
            self._columns["behind"] = self._columns["offer"].copy()
            self._is_own = False
        size = len(self)
        for name, column in part.columns().items():
            if self._is_own and name == "behind":
                continue
            mine = self._columns[name]
            mine.resize(size + len(part), refcheck=False)
            mine[size:] = column

    def edges(self) -> Edges:
        """All pairs so far; `behind` is `offer` itself where that is so of all."""
        columns = self._columns | ({"behind": self._columns["offer"]} if self._is_own else {})
        return Edges(**columns)
