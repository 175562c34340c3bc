"""Promises: what claims settle before anything is solved.

- Claims that were agreed (or are being delivered, or are done) are promises in every round that their
  validity touches. One without dates belongs to the round it was made in: the round of its note `made_on`
  (an ISO date), which loading gives it. Without that note (a snapshot made from records, a store of an
  earlier linli) it belongs to whichever round is matched.
- A promise on a need that takes part is locked on its offer; without one, on the unit's cheapest offer that
  could serve the need, else on its cheapest that fits in kind, else outside all offers, with a warning.
- A claim without a quantity takes what the need's other promises leave, at least one place; on an offer, one
  place; on a project, the unit as a whole.
- Promises on needs that don't take part (served already, passed on) and claims on offers hold places of the
  offer and of the unit's total. Needs that came to nothing (`GONE_STATES`) hold none.
- Declined claims are refused pairs in the rounds that they belong to in the same way. One that names no
  offer refuses all of the party's; one on an offer refuses the claiming party's needs; one on a project
  refuses the unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from graph.model import Claim
from graph.periods import Period
from graph.room import belongs_to
from graph.snapshot import Snapshot
from matcher.instance import Bools, Demand, Ints, Supply, Texts
from matcher.rules import PROMISED_STATES, Rules

GONE_STATES: Final = frozenset({"withdrawn", "expired", "rejected"})
"""States of needs and projects on which no promise holds anything any more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim that counts in the round: a promise, or a refusal."""

    claim: str
    table: str
    target: str
    by: str
    offer: str | None
    quantity: int | None


def read_claims(snapshot: Snapshot, rules: Rules) -> tuple[list[Settled], list[Settled]]:
    """Promises and refusals that count in the round, each in order of claims' ids."""
    first, last = rules.period.first, rules.period.last
    promised, declined = [], []
    for record in claims_between(snapshot, first, last):
        settled = Settled(
            claim=record.id,
            table=record.target_table,
            target=record.target,
            by=record.by,
            offer=record.offer or None,
            quantity=record.quantity,
        )
        if record.status == "declined":
            declined.append(settled)
        elif record.status in PROMISED_STATES:
            promised.append(settled)
    return promised, declined


def claims_between(snapshot: Snapshot, first: date, last: date) -> Iterator[Claim]:
    """Claims that belong to some days, in order of their ids: by validity, else by when they were made."""
    period = Period(first, last)
    rows = np.flatnonzero(snapshot.valid("claims", first, last))
    for record in snapshot.records("claims", rows):
        assert isinstance(record, Claim)
        if belongs_to(record, period):
            yield record


class Rows:
    """Finds need rows, offer rows and unit rows by id."""

    def __init__(self, demand: Demand, supply: Supply, unit_ids: Texts) -> None:
        count = int((~demand.is_project).sum())
        self.needs = {item: row for row, item in enumerate(demand.ids[:count].tolist())}
        self.projects = {item: row for row, item in enumerate(demand.ids[count:].tolist(), start=count)}
        self.offers = {item: row for row, item in enumerate(supply.ids.tolist())}
        self.units = {item: row for row, item in enumerate(unit_ids.tolist())}
        self._supply = supply
        self._order = np.argsort(supply.unit, kind="stable")
        self._starts = np.searchsorted(supply.unit[self._order], np.arange(len(unit_ids) + 1))

    def offers_of(self, party: str) -> Ints:
        """Offer rows of a party, none if it provides nothing."""
        unit = self.units.get(party)
        if unit is None:
            return np.empty(0, dtype=np.int64)
        return np.sort(self._order[self._starts[unit] : self._starts[unit + 1]])

    def target(self, settled: Settled) -> int | None:
        """Need row of a claim's need or project, None if it takes no part."""
        return {"needs": self.needs, "projects": self.projects}.get(settled.table, {}).get(settled.target)


def refused_pairs(declined: list[Settled], rows: Rows, demand: Demand) -> tuple[Ints, Ints]:
    """Need rows and offer rows of declined pairs, sorted; for a project every offer of the unit."""
    pairs: set[tuple[int, int]] = set()
    by_party: dict[str, list[int]] = {}
    if any(item.table == "offers" for item in declined):
        for row, party in enumerate(demand.party.tolist()):
            by_party.setdefault(party, []).append(row)
    for item in declined:
        if item.table == "offers":
            offer = rows.offers.get(item.target)
            needs = by_party.get(item.by, []) if offer is not None else []
            pairs.update((need, offer) for need in needs if offer is not None)
            continue
        need = rows.target(item)
        if need is None:
            continue
        if item.offer is not None and item.table == "needs":
            named = rows.offers.get(item.offer)
            pairs.update([(need, named)] if named is not None else [])
        else:
            pairs.update((need, offer) for offer in rows.offers_of(item.by).tolist())
    both = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def is_listed(
    need: np.ndarray, offer: np.ndarray, listed_need: Ints, listed_offer: Ints, offers: int
) -> Bools:
    """Whether pairs are among the listed ones, which are sorted."""
    if not len(listed_need):
        return np.zeros(len(need), dtype=bool)
    listed = listed_need * offers + listed_offer
    key = need.astype(np.int64) * offers + offer
    at = np.minimum(np.searchsorted(listed, key), len(listed) - 1)
    return np.asarray(listed[at] == key)


def promised_places(promised: list[Settled], rows: Rows, demand: Demand) -> dict[str, int]:
    """Places of each promise (by claim) on a need or project that takes part."""
    places: dict[str, int] = {}
    open_ended: list[tuple[Settled, int]] = []
    held: dict[int, int] = {}
    for item in promised:
        need = rows.target(item)
        if need is None:
            continue
        if item.table == "projects":
            places[item.claim] = 1
        elif item.quantity is None:
            open_ended.append((item, need))
        else:
            places[item.claim] = item.quantity
            held[need] = held.get(need, 0) + item.quantity
    for item, need in open_ended:
        places[item.claim] = max(1, int(demand.quantity[need]) - held.get(need, 0))
        held[need] = held.get(need, 0) + places[item.claim]
    return places


@dataclass(frozen=True, slots=True, eq=False)
class Reserved:
    """Places held beside the needs of a match: of offers, of units in all, and projects of units."""

    offer: Ints
    unit: Ints
    unit_projects: Ints


def reserve(
    snapshot: Snapshot, promised: list[Settled], rows: Rows, supply: Supply, measure: str, units: int
) -> Reserved:
    """Add up what promises hold that lie outside the needs and projects of the match."""
    reserved = Reserved(*(np.zeros(size, dtype=np.int64) for size in (len(supply), units, units)))
    for item in promised:
        if rows.target(item) is not None:
            continue
        places = _outside_places(snapshot, item, measure)
        offer_id = item.target if item.table == "offers" else item.offer
        offer = rows.offers.get(offer_id) if offer_id else None
        if offer is not None:
            provider: int | None = int(supply.unit[offer])
        else:
            provider = rows.units.get(_provider(snapshot, offer_id) or item.by)
        if item.table == "projects":
            provider = rows.units.get(item.by)
        elif offer is not None:
            reserved.offer[offer] += places
        if provider is not None:
            reserved.unit[provider] += places
            reserved.unit_projects[provider] += places if item.table == "projects" else 0
    return reserved


def _provider(snapshot: Snapshot, offer_id: str | None) -> str | None:
    row = int(snapshot.rows_of("offers", [offer_id])[0])
    return str(snapshot.column("offers", "unit")[row]) if offer_id and row >= 0 else None


def _outside_places(snapshot: Snapshot, item: Settled, measure: str) -> int:
    """Places that a promise holds whose target takes no part; 0 where there is nothing to hold."""
    row = int(snapshot.rows_of(item.table, [item.target])[0])
    if row < 0:
        return 0
    if item.table == "projects":
        gone = snapshot.column("projects", "status")[row] in GONE_STATES
        return 0 if gone or measure != "places" else 1
    if snapshot.column(item.table, "measure")[row] != measure:
        return 0
    if item.table == "offers":
        return item.quantity if item.quantity is not None else 1
    if snapshot.column("needs", "status")[row] in GONE_STATES:
        return 0
    return item.quantity if item.quantity is not None else int(snapshot.column("needs", "quantity")[row])
