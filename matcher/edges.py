"""Pairs on their way into the graph, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

    @classmethod
    def join(cls, parts: Sequence[Edges]) -> Edges:
        """All the parts' pairs, one part behind the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def take(self, rows: NDArray[np.integer]) -> Edges:
        """Some of the pairs."""
        return Edges(*(getattr(self, name)[rows] for name in self.__slots__))

    def with_offers(self, offer: NDArray[np.integer]) -> Edges:
        """The same pairs with other offer rows."""
        return Edges(self.need, offer.astype(np.int32), self.cost, self.metres, self.broad, self.behind)

    def with_behind(self, behind: NDArray[np.integer]) -> Edges:
        """The same pairs with other rows behind them."""
        return Edges(self.need, self.offer, self.cost, self.metres, self.broad, behind.astype(np.int32))

    def key(self, offers: int) -> Ints:
        """One number for each pair, in order of need, then offer."""
        return self.need.astype(np.int64) * max(offers, 1) + self.offer
