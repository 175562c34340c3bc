"""What a measure gives: a value for each party, or one for the whole; none comes with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class PartyValue:
    """The value of one party.

    Attributes
    ----------
    id, name : str
        The party; its id stands for a name that nobody recorded.
    value : float, int or None
        None: undefined, for a reason of `graph/words/measures.json`.
    reason : str
        Empty where there is a value.
    details : mapping
        Further numbers that the value is made of.
    """

    id: str
    name: str
    value: float | None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The value as a plain document."""
        document = {"id": self.id, "name": self.name, "value": self.value, **self.details}
        return document if self.value is not None else {**document, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one measure gives.

    Attributes
    ----------
    measure : str
    status : str
        `exact`, or `estimate` where only a part was drawn.
    parties : tuple of PartyValue or None
        Largest first (communities by number), undefined ones last; None for a measure of the whole.
    value, z : float or None
        Of the whole; `z` says how many standard deviations it lies from what chance gives.
    reason : str
        Why there is no value.
    details : mapping
        Further numbers, and what the null model was.
    """

    measure: str
    status: str = "exact"
    parties: tuple[PartyValue, ...] | None = None
    value: float | None = None
    z: float | None = None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> list[dict[str, Any]] | dict[str, Any]:
        """A list of parties, or one value, as a plain document."""
        if self.parties is not None:
            return [party.as_json() for party in self.parties]
        about = {"measure": self.measure, "value": self.value, "z": self.z, "status": self.status}
        return {**about, "reason": self.reason or None, **self.details}


@dataclass(frozen=True, slots=True)
class Found:
    """A number on its way into an answer."""

    value: float | None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def defined(value: float, reason: str, **details: Any) -> Found:
    """A number, or the reason why there is none where it is NaN."""
    return Found(None, reason, details) if math.isnan(value) else Found(value, "", details)


def rank(parties: list[PartyValue], *, rising: bool = False) -> tuple[PartyValue, ...]:
    """Parties by value, largest first unless `rising`, then by id; undefined values last."""
    sign = 1 if rising else -1
    return tuple(sorted(parties, key=lambda one: (one.value is None, sign * (one.value or 0), one.id)))
