"""How many places are left for a claim: on its need or project, its offer, and its unit's total.

The rules are those of every backend; a backend calls `grant` while nobody else can write.

- Claims that are agreed, being delivered or done hold places in a round that their validity touches. One
  without dates counts in the round of its note `made_on`, which loading gives it; where it has none (a
  store of an earlier linli, records that were never loaded) in every round.
- A claim without a quantity takes what the need's other promises leave (at least one place), one place of
  an offer, and the unit as a whole on a project.
- An offer's capacity counts once per calendar period that both the round and its validity touch. An unknown
  capacity limits nothing: only who offers knows, and a promise made is not refused on a guess.
- A unit's total counts places over all its offers, and the projects it takes; money (yuan) is no place.
- Promises that a list brings may exceed all this and stay; only a new claim is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from graph.errors import CapacityError, NotFoundError
from graph.lifecycle import GONE, PROMISED, move
from graph.model import Claim, Need, Offer, Project, Record, Unit
from graph.periods import Period, count_per
from graph.wording import word

MADE_ON: Final = "made_on"
"""Note of a claim with the day on which it was made (ISO)."""

TARGETS: Final = ("needs", "projects", "offers")
"""Tables of what can be claimed."""


_KINDS_ZH: Final = {
    "need": "需求", "project": "项目", "offer": "资源", "unit": "单位", "unit_projects": "单位可认领的项目",
}  # fmt: skip


def belongs_to(claim: Claim, period: Period) -> bool:
    """Whether a claim counts in a round: its validity touches it; without dates, it was made in it.

    A claim with neither dates nor a note `made_on` that is a day counts in every round.
    """
    if claim.valid_from is not None or claim.valid_to is not None:
        return period.overlap(claim.valid_from, claim.valid_to) is not None
    try:
        made_on = date.fromisoformat(dict(claim.notes).get(MADE_ON, ""))
    except ValueError:
        return True
    return period.first <= made_on <= period.last


class Reader(Protocol):
    """What the rules need to look up."""

    def lookup(self, table: str, record_id: str) -> Record | None:
        """One record, or None."""

    def where(self, table: str, **fields: object) -> Iterator[Record]:
        """Records of a table whose fields equal the given ones."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that limits a claim: `capacity` places in the round, of which `taken` are promised.

    `kind` is `need`, `project`, `offer`, `unit` (its total) or `unit_projects` (how many it may take).
    """

    kind: str
    id: str
    capacity: int
    taken: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A claim as it is to be written, what it takes, and what limits it."""

    claim: Claim
    places: int
    limits: tuple[Limit, ...]

    def check(self) -> None:
        """Refuse the claim if a limit has too little room.

        Raises
        ------
        CapacityError
            Naming the first such limit and what is left.
        """
        for limit in self.limits:
            left = max(0, limit.capacity - limit.taken)
            if self.places > left:
                raise CapacityError(
                    **word(
                        "no_room" if left else "no_room_left",
                        places=self.places,
                        kind=limit.kind,
                        limit=_KINDS_ZH[limit.kind],
                        id=limit.id,
                        left=left,
                        capacity=limit.capacity,
                    )
                )


def grant(reader: Reader, claim: Claim, period: Period) -> Grant:
    """Work out what an agreed claim would take in a period, and what limits it.

    A claim without dates gets the period's.

    Raises
    ------
    NotFoundError
        If its target or offer isn't there.
    TransitionError
        If the claim is in the store in a state that can't become agreed.
    CapacityError
        If it asks for less than one place; `Grant.check` says whether the places are there.
    """
    known = reader.lookup("claims", claim.id)
    if isinstance(known, Claim):
        move("claim", known.status, "agreed")
    if claim.valid_from is None and claim.valid_to is None:
        claim = replace(claim, valid_from=period.first, valid_to=period.last)
    agreed = replace(claim, status="agreed")
    if claim.target_table not in TARGETS:
        raise NotFoundError(**word("claim_table", table=claim.target_table))
    target = _must(reader, claim.target_table, claim.target)
    offer = target if claim.target_table == "offers" else None
    if claim.offer and offer is None:
        offer = _must(reader, "offers", claim.offer)
    ledger = _Ledger(reader, agreed, period)
    places = ledger.places(agreed)
    if places < 1:
        raise CapacityError(**word("claim_places", id=claim.id, places=places))
    limits: list[Limit] = []
    if isinstance(target, Need):
        limits.append(Limit("need", target.id, target.quantity, ledger.on_target(target.id)))
    elif isinstance(target, Project):
        limits += [Limit("project", target.id, target.wanted, ledger.on_target(target.id))]
        limits += [Limit("project", target.id, 1, ledger.on_target(target.id, by=claim.by))]
    if isinstance(offer, Offer) and not isinstance(target, Project):
        limits += ledger.offer_limits(offer)
    limits += ledger.unit_limits(agreed, target, offer if isinstance(offer, Offer) else None)
    if agreed.quantity is None:
        agreed = replace(agreed, quantity=places)
    return Grant(agreed, places, tuple(limits))


def withdrawn(reader: Reader, claim_ids: Iterable[str]) -> list[Claim]:
    """Claims as they are once withdrawn; those that are withdrawn already stay so.

    Raises
    ------
    NotFoundError
        If one isn't there.
    TransitionError
        If one is in a state that can't be withdrawn.
    """
    ended = []
    for claim_id in claim_ids:
        known = reader.lookup("claims", claim_id)
        if not isinstance(known, Claim):
            raise NotFoundError(**word("no_claim", id=claim_id))
        ended.append(replace(known, status=move("claim", known.status, "withdrawn")))
    return ended


def _must(reader: Reader, table: str, record_id: str) -> Record:
    found = reader.lookup(table, record_id)
    if found is None:
        raise NotFoundError(**word("no_such_record", kind=table[:-1], id=record_id))
    return found


class _Ledger:
    """Sums of what other claims hold in the period."""

    def __init__(self, reader: Reader, claim: Claim, period: Period) -> None:
        self._reader = reader
        self._claim = claim
        self._period = period

    def _promised(self, **fields: object) -> Iterator[Claim]:
        for other in self._reader.where("claims", **fields):
            if isinstance(other, Claim) and other.id != self._claim.id and self._counts(other):
                yield other

    def _counts(self, other: Claim) -> bool:
        if other.status not in PROMISED or not belongs_to(other, self._period):
            return False
        target = self._reader.lookup(other.target_table, other.target)
        return not isinstance(target, Need | Project) or target.status not in GONE

    def places(self, claim: Claim) -> int:
        """Places that a claim takes."""
        if claim.target_table == "projects":
            return 1
        if claim.quantity is not None:
            return claim.quantity
        target = self._reader.lookup(claim.target_table, claim.target)
        if isinstance(target, Need):
            others = (
                other.quantity or 0 for other in self._promised(target=target.id) if other.id != claim.id
            )
            return max(1, target.quantity - sum(others))
        return 1

    def _sum(self, claims: Iterable[Claim]) -> int:
        return sum(self.places(claim) for claim in claims)

    def on_target(self, target: str, *, by: str | None = None) -> int:
        """Places promised on the claim's need or project."""
        table = self._claim.target_table
        found = self._promised(target=target, **({} if by is None else {"by": by}))
        return self._sum(other for other in found if other.target_table == table)

    def on_offer(self, offer: str) -> Iterator[Claim]:
        """Claims that hold places of an offer."""
        for other in self._promised(offer=offer):
            if other.target_table == "needs":
                yield other
        for other in self._promised(target=offer):
            if other.target_table == "offers":
                yield other

    def offer_limits(self, offer: Offer) -> list[Limit]:
        """The offer's capacity in the round, if it is known."""
        if offer.capacity is None:
            return []
        days = self._period.overlap(offer.valid_from, offer.valid_to)
        capacity = offer.capacity * count_per(offer.per, days)
        return [Limit("offer", offer.id, capacity, self._sum(self.on_offer(offer.id)))]

    def unit_limits(self, claim: Claim, target: Record, offer: Offer | None) -> list[Limit]:
        """The total of the unit that serves, and how many projects it may take."""
        is_project = isinstance(target, Project)
        unit = self._reader.lookup("units", claim.by if is_project or offer is None else offer.unit)
        if not isinstance(unit, Unit) or getattr(offer or target, "measure", "places") != "places":
            return []
        projects = [other for other in self._promised(by=unit.id) if other.target_table == "projects"]
        limits = []
        if is_project and unit.max_claims is not None:
            limits.append(Limit("unit_projects", unit.id, unit.max_claims, len(projects)))
        if unit.capacity is not None:
            limits.append(Limit("unit", unit.id, unit.capacity, len(projects) + self._served_by(unit)))
        return limits

    def _served_by(self, unit: Unit) -> int:
        """Places promised over all of a unit's offers, and on needs it took without naming one."""
        total = 0
        for offer in self._reader.where("offers", unit=unit.id):
            if isinstance(offer, Offer) and offer.measure == "places":
                total += self._sum(self.on_offer(offer.id))
        for other in self._promised(by=unit.id):
            need = self._reader.lookup("needs", other.target)
            if other.target_table == "needs" and not other.offer and isinstance(need, Need):
                total += self.places(other) if need.measure == "places" else 0
        return total
