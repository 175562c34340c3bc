"""Measures of what parties do for each other: introductions, giving and taking, service, age of ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.measures.answers import Found
from graph.ties import LIVE_CLAIMS

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

FloatArray = NDArray[np.float64]
YEAR_DAYS = 365.2425


def introduced(snapshot: Snapshot) -> Mapping[str, Found]:
    """How many pairings and claims each party is recorded to have brought about (`via`).

    Claims that came to nothing count too: the introduction was made.
    """
    pairings = Counter(name for name in snapshot.column("pairings", "via") if name)
    claims = Counter(name for name in snapshot.column("claims", "via") if name)
    return {
        party: Found(
            pairings[party] + claims[party], "", {"pairings": pairings[party], "claims": claims[party]}
        )
        for party in sorted(pairings.keys() | claims.keys())
    }


def reciprocity(snapshot: Snapshot) -> Mapping[str, Found]:
    """How even each party's giving and taking is, by claims that are proposed, agreed, delivered or done."""
    given: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    takers = dict(zip(snapshot.ids("needs"), snapshot.column("needs", "party"), strict=True))
    givers = dict(zip(snapshot.ids("offers"), snapshot.column("offers", "unit"), strict=True))
    columns = (snapshot.column("claims", name) for name in ("target", "target_table", "by", "status"))
    for target, table, by, status in zip(*columns, strict=True):
        if status not in LIVE_CLAIMS:
            continue
        if table == "offers":
            giver, taker = givers.get(target), by
        else:
            giver, taker = by, takers.get(target) if table == "needs" else None
        given.update([giver] if giver else [])
        taken.update([taker] if taker else [])
    return {
        party: Found(
            2 * min(given[party], taken[party]) / (given[party] + taken[party]),
            "",
            {"given": given[party], "taken": taken[party]},
        )
        for party in sorted(given.keys() | taken.keys())
    }


def service_by_unit(snapshot: Snapshot) -> tuple[dict[str, int], int]:
    """Services delivered by unit, and how many records don't say how many or by whom."""
    found: Counter[str] = Counter()
    unknown = 0
    columns = snapshot.column("services", "unit"), snapshot.column("services", "services")
    for unit, services in zip(*columns, strict=True):
        if not unit or np.isnan(services):
            unknown += 1
        else:
            found[unit] += int(services)
    return dict(found), unknown


def gini(snapshot: Snapshot) -> Found:
    """How unevenly service is spread over the units that gave any (Gini 1912)."""
    values, about = _services(snapshot)
    if not values.sum():
        return Found(None, "no_services", about)
    order = np.arange(1, len(values) + 1)
    spread = (2 * order - len(values) - 1) @ np.sort(values) / (len(values) * values.sum())
    return Found(float(spread), "", about)


def hhi(snapshot: Snapshot) -> Found:
    """Sum of the squared shares of the units that gave service (Herfindahl 1950, Hirschman 1945)."""
    values, about = _services(snapshot)
    if not values.sum():
        return Found(None, "no_services", about)
    return Found(float(((values / values.sum()) ** 2).sum()), "", about)


def _services(snapshot: Snapshot) -> tuple[FloatArray, dict[str, int]]:
    found, unknown = service_by_unit(snapshot)
    values = np.array(sorted(found.values()), np.float64)
    return values, {"units": len(found), "services": int(values.sum()), "records_unknown": unknown}


def tie_age(snapshot: Snapshot, day: date) -> Found:
    """Median age in years of the pairings that hold on a day, of those whose beginning is known."""
    shown = snapshot.at(day)
    begun = shown.column("pairings", "valid_from")
    known = begun[~np.isnat(begun)]
    about = {"pairings": len(begun), "without_date": len(begun) - len(known), "as_of": day.isoformat()}
    if not len(known):
        return Found(None, "no_dates", about)
    years = (np.datetime64(day) - known).astype("timedelta64[D]").astype(np.float64) / YEAR_DAYS
    renewed = {"begun_within_a_year": int((years < 1).sum())}
    return Found(float(np.median(years)), "", {**about, **renewed})
