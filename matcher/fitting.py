"""Whether an offer is the right kind of thing for a need: category, measure, people, tags, another's party.

No party serves itself: the need's party and the offer's provider are two different ids. A unit's branch
is a party of its own, so that a branch's members may be served by their unit and the other way round.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from graph.taxonomy import OTHER, is_within
from matcher.instance import Bools, Demand, Floats, Ints, Supply

NONE: Final = 0
BROAD: Final = 1
EXACT: Final = 2

Kind = tuple[str | None, str, frozenset[str]]
"""Category (None: any), heading of its list where the category is `other`, tags."""


def category_fit(need: str | None, need_heading: str, offer: str, offer_heading: str) -> int:
    """How an offer's category fits a need's: `EXACT`, `BROAD` or `NONE`.

    Exactly if it is the need's or above it, broadly if it is below; a project without a category takes
    any; two of the category `other` fit only under the same heading of their lists.
    """
    if need is None:
        return EXACT
    if is_within(need, OTHER) and is_within(offer, OTHER) and need_heading != offer_heading:
        return NONE
    if is_within(need, offer):
        return EXACT
    return BROAD if is_within(offer, need) else NONE


class Kinds:
    """Different kinds of needs (or offers), numbered as they come."""

    def __init__(self) -> None:
        self._index: dict[Hashable, int] = {}
        self.kinds: list[Kind] = []

    def number(
        self,
        categories: Iterable[str | None],
        headings: Iterable[str | None],
        tags: Iterable[tuple[str, ...]],
    ) -> Ints:
        """Number of each row's kind."""
        return np.fromiter(
            (self._find(*row) for row in zip(categories, headings, tags, strict=True)), dtype=np.int64
        )

    def _find(self, category: str | None, heading: str | None, tags: tuple[str, ...]) -> int:
        raw = (category, heading, tags)
        found = self._index.get(raw)
        if found is None:
            counts = category is not None and is_within(category, OTHER)
            kind = (category, (heading or "") if counts else "", frozenset(tags))
            found = self._index.get(kind)
            if found is None:
                found = len(self.kinds)
                self.kinds.append(kind)
                self._index[kind] = found
            self._index[raw] = found
        return found


def fit_table(needs: list[Kind], offers: list[Kind], *, allow_broad: bool) -> NDArray[np.int8]:
    """How each kind of need is fitted by each kind of offer, tags included.

    Returns
    -------
    ndarray of int8, shape (needs, offers)
        `EXACT`, `BROAD` (only where allowed) or `NONE`.
    """
    tags = sorted({tag for kind in needs for tag in kind[2]})
    wants = np.array([[tag in kind[2] for tag in tags] for kind in needs], dtype=np.int32)
    lacks = np.array([[tag not in kind[2] for tag in tags] for kind in offers], dtype=np.int32)
    suits = (wants.reshape(len(needs), len(tags)) @ lacks.reshape(len(offers), len(tags)).T) == 0
    need_heads, need_at = _heads(needs)
    offer_heads, offer_at = _heads(offers)
    table = np.array(
        [[category_fit(*need, offer[0] or "", offer[1]) for offer in offer_heads] for need in need_heads],
        dtype=np.int8,
    ).reshape(len(need_heads), len(offer_heads))
    if not allow_broad:
        table[table == BROAD] = NONE
    return np.asarray(np.where(suits, table[need_at][:, offer_at], NONE), dtype=np.int8)


def _heads(kinds: list[Kind]) -> tuple[list[tuple[str | None, str]], Ints]:
    """Different categories with their headings, and which of them each kind has."""
    index: dict[tuple[str | None, str], int] = {}
    at = np.fromiter((index.setdefault(kind[:2], len(index)) for kind in kinds), dtype=np.int64)
    return list(index), at


def people_fit(people: Floats, least: Floats, most: Floats) -> Bools:
    """Whether so many people lie within an offer's limits; a number nobody gave stands in nobody's way."""
    inside = (np.isnan(least) | (people >= least)) & (np.isnan(most) | (people <= most))
    return np.asarray(np.isnan(people) | inside)


def suits(demand: Demand, supply: Supply, need: Ints, offer: Ints, providers: NDArray[np.object_]) -> Bools:
    """Whether people and parties allow pairs whose kinds fit already, element by element.

    Parameters
    ----------
    need, offer : ndarray of int64
        Need rows and offer rows.
    providers : ndarray of object
        `Instance.unit_ids`.
    """
    fits = people_fit(demand.people[need], supply.min_people[offer], supply.max_people[offer])
    return np.asarray(fits & (demand.party[need] != providers[supply.unit[offer]]))
