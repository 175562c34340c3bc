"""Locks: on which pair each promise lies, and promises that exceed what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matcher.edges import Edges
from matcher.instance import Demand, Ints, Supply, Texts
from matcher.problem import UNLIMITED
from matcher.promises import Rows, Settled

Price = Callable[[Ints, Ints], Edges]
"""Gives pairs of need rows and offer rows their distance and cost."""


@dataclass(slots=True)
class Locks:
    """Promised places, by need row and offer row, need row and unit row.

    Attributes
    ----------
    offers : dict
        (need row, offer row) -> places.
    projects : set
        (need row of a project, unit row).
    loose : dict
        (need row, unit row) -> places for which the unit has no offer that fits.
    outside : list of dict
        The same as JSON values, one for each claim.
    """

    offers: dict[tuple[int, int], int] = field(default_factory=dict)
    projects: set[tuple[int, int]] = field(default_factory=set)
    loose: dict[tuple[int, int], int] = field(default_factory=dict)
    outside: list[dict[str, Any]] = field(default_factory=list)


def place_locks(
    promised: list[Settled],
    places: dict[str, int],
    rows: Rows,
    found: Edges,
    supply: Supply,
    fitting: Callable[[int, Ints], Ints],
    price: Price,
) -> Locks:
    """Find the pair that each promise lies on.

    Parameters
    ----------
    places : dict
        Places by claim, see `matcher.promises.promised_places`; claims not in it are passed over.
    found : Edges
        Feasible pairs of needs, sorted by need and offer.
    fitting : callable
        Which of some offer rows fit a need in kind.
    """
    locks = Locks()
    for item in promised:
        if item.claim not in places:
            continue
        need = rows.target(item)
        assert need is not None, "a promise has places only if its target takes part"
        unit = rows.units[item.by]
        if item.table == "projects":
            locks.projects.add((need, unit))
            continue
        offer = rows.offers.get(item.offer) if item.offer else None
        if offer is None:
            offer = _cheapest(need, rows.offers_of(item.by), found, fitting, price)
        if offer is None:
            locks.loose[need, unit] = locks.loose.get((need, unit), 0) + places[item.claim]
            locks.outside.append(
                {"claim": item.claim, "need": item.target, "unit": item.by, "places": places[item.claim]}
            )
        else:
            locks.offers[need, offer] = locks.offers.get((need, offer), 0) + places[item.claim]
    return locks


def _cheapest(
    need: int, offers: Ints, found: Edges, fitting: Callable[[int, Ints], Ints], price: Price
) -> int | None:
    """The cheapest of a unit's offers that may serve a need, else that fit it; the first of equals."""
    start, end = np.searchsorted(found.need, [need, need + 1])
    mine = start + np.flatnonzero(np.isin(found.offer[start:end], offers))
    if len(mine):
        return int(found.offer[mine[np.argmin(found.cost[mine])]])
    fits = fitting(need, offers)
    if not len(fits):
        return None
    return int(fits[np.argmin(price(np.full(len(fits), need), fits).cost)])


def overpromised(
    demand: Demand,
    supply: Supply,
    unit_ids: Texts,
    edges: Edges,
    locked: Ints,
    reserved_offer: Ints,
    reserved_unit: Ints,
    unit_capacity: Ints,
) -> tuple[dict[str, Any], ...]:
    """Needs, projects, offers and units of which more was promised than there is, as JSON values.

    An unknown capacity can't be exceeded.
    """
    held = np.flatnonzero(locked)

    def total(rows: np.ndarray, size: int) -> Ints:
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, rows[held], locked[held])
        return sums

    needs = total(edges.need, len(demand))
    offers = total(edges.offer, len(supply)) + reserved_offer
    units = reserved_unit.copy()
    np.add.at(units, supply.unit[edges.offer[held]], locked[held])
    limit = np.where(supply.capacity_assumed, UNLIMITED, supply.capacity)
    found = []
    for row in np.flatnonzero(needs > demand.quantity).tolist():
        kind = "project" if demand.is_project[row] else "need"
        found.append((kind, demand.ids[row], needs[row], demand.quantity[row]))
    for row in np.flatnonzero(offers > limit).tolist():
        kind = "offer" if supply.table_row[row] >= 0 else "unit_projects"
        name = supply.ids[row] if kind == "offer" else unit_ids[supply.unit[row]]
        found.append((kind, name, offers[row], limit[row]))
    for row in np.flatnonzero(units > unit_capacity).tolist():
        found.append(("unit", unit_ids[row], units[row], unit_capacity[row]))
    return tuple(
        {"warning": "overpromised", "kind": kind, "id": name, "places": int(places), "available": int(limit)}
        for kind, name, places, limit in found
    )
