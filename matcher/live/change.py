"""What a live match is told and what it answers: events, changes, and what can't be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from numpy.typing import ArrayLike

from graph.errors import LinliError
from matcher.arrays import IntArray
from matcher.problem import PRIORITIES


class LiveError(LinliError, ValueError):
    """An event doesn't fit the match as it stands; nothing was changed."""


class Move(NamedTuple):
    """Places of a need that go from one offer to another.

    Attributes
    ----------
    need : int
        Row.
    from_offer, to_offer : int or None
        Rows; None: not served before, or not any more.
    places : int
    """

    need: int
    from_offer: int | None
    to_offer: int | None
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What one event changed.

    Attributes
    ----------
    status : str
        `optimal`: nothing better can be had by the rules that were set (promises, what moving costs).
        `bounded`: some places are held still because of `max_moves`; the rest is optimal beside them, and
        `LiveMatch.solution` says how far from the best the whole is.
    need, offer, unit : int or None
        Row of what the event added.
    """

    status: Literal["optimal", "bounded"]
    need: int | None
    offer: int | None
    unit: int | None
    _log: IntArray = field(repr=False)
    _sums: IntArray = field(repr=False)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Who moved where, by need; promised places included."""
        taken: dict[int, list[tuple[int, int]]] = {}
        given: dict[int, list[tuple[int, int]]] = {}
        for need, offer, places, _ in self._log.tolist():
            if places:
                (given if places > 0 else taken).setdefault(need, []).append((offer, abs(places)))
        moves: list[Move] = []
        for need in sorted({*taken, *given}):
            moves += _pair(need, sorted(taken.get(need, [])), sorted(given.get(need, [])))
        return tuple(moves)

    @property
    def served_by_priority(self) -> Mapping[int, int]:
        """How many places more (or fewer) of each priority are served."""
        now, before = self._sums[:6].tolist(), self._sums[6:12].tolist()
        return {p: now[6 - p] - before[6 - p] for p in PRIORITIES}

    @property
    def cost(self) -> int:
        """How much more (or less) the assignment costs."""
        return int(self._sums[-2] - self._sums[-1])


def _pair(need: int, taken: list[tuple[int, int]], given: list[tuple[int, int]]) -> list[Move]:
    """Say of the places that a need lost and got which came in place of which."""
    moves: list[Move] = []
    while taken or given:
        places = min(part[0][1] for part in (taken, given) if part)
        offers: list[int | None] = []
        for part in (taken, given):
            if part:
                offer, left = part.pop(0)
                offers.append(offer)
                if left > places:
                    part.insert(0, (offer, left - places))
            else:
                offers.append(None)
        moves.append(Move(need, offers[0], offers[1], places))
    return moves


@dataclass(frozen=True, slots=True, eq=False)
class NeedArrives:
    """See `LiveMatch.need_arrives`."""

    quantity: int
    priority: int
    offers: ArrayLike
    costs: ArrayLike


@dataclass(frozen=True, slots=True)
class NeedWithdrawn:
    """See `LiveMatch.need_withdrawn`."""

    need: int


@dataclass(frozen=True, slots=True)
class QuantityChanges:
    """See `LiveMatch.quantity_changes`."""

    need: int
    quantity: int


@dataclass(frozen=True, slots=True, eq=False)
class OfferJoins:
    """See `LiveMatch.offer_joins`."""

    capacity: int
    needs: ArrayLike
    costs: ArrayLike
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class OfferLeaves:
    """See `LiveMatch.offer_leaves`."""

    offer: int


@dataclass(frozen=True, slots=True)
class CapacityChanges:
    """See `LiveMatch.capacity_changes`."""

    offer: int
    capacity: int


@dataclass(frozen=True, slots=True)
class UnitJoins:
    """See `LiveMatch.unit_joins`."""

    capacity: int


@dataclass(frozen=True, slots=True)
class UnitLeaves:
    """See `LiveMatch.unit_leaves`."""

    unit: int


@dataclass(frozen=True, slots=True)
class UnitCapacityChanges:
    """See `LiveMatch.unit_capacity_changes`."""

    unit: int
    capacity: int


@dataclass(frozen=True, slots=True)
class CostChanges:
    """See `LiveMatch.cost_changes`."""

    need: int
    offer: int
    cost: int


@dataclass(frozen=True, slots=True)
class Lock:
    """See `LiveMatch.lock`."""

    need: int
    offer: int
    places: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """See `LiveMatch.refuse`."""

    need: int
    offer: int


LiveEvent = (
    NeedArrives | NeedWithdrawn | QuantityChanges | OfferJoins | OfferLeaves | CapacityChanges | UnitJoins
    | UnitLeaves | UnitCapacityChanges | CostChanges | Lock | Refuse
)  # fmt: skip

METHODS: Mapping[type, str] = {
    NeedArrives: "need_arrives",
    NeedWithdrawn: "need_withdrawn",
    QuantityChanges: "quantity_changes",
    OfferJoins: "offer_joins",
    OfferLeaves: "offer_leaves",
    CapacityChanges: "capacity_changes",
    UnitJoins: "unit_joins",
    UnitLeaves: "unit_leaves",
    UnitCapacityChanges: "unit_capacity_changes",
    CostChanges: "cost_changes",
    Lock: "lock",
    Refuse: "refuse",
}
"""Which method takes which event."""
