"""Measures of what parties do for each other: introductions, giving and taking, service, age of ties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.measures.answers import Found
from graph.measures.intervals import YEAR_DAYS, draw_services, span_ages
from graph.ties import LIVE_CLAIMS, NOBODY, read_claims

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

FloatArray = NDArray[np.float64]


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
    states = dict(zip(snapshot.ids("claims"), snapshot.column("claims", "status"), strict=True))
    for claim, (giver, taker, _) in read_claims(snapshot).items():
        if states[claim] not in LIVE_CLAIMS:
            continue
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


def gini(snapshot: Snapshot, seed: int = 0, as_of: date | None = None) -> Found:
    """How unevenly service is spread over the units that gave any (Gini 1912)."""
    return _concentration(snapshot, _spread, seed, as_of)


def _spread(values: FloatArray) -> float:
    order = np.arange(1, len(values) + 1)
    return float((2 * order - len(values) - 1) @ np.sort(values) / (len(values) * values.sum()))


def hhi(snapshot: Snapshot, seed: int = 0, as_of: date | None = None) -> Found:
    """Sum of the squared shares of the units that gave service (Herfindahl 1950, Hirschman 1945)."""
    return _concentration(snapshot, _squares, seed, as_of)


def _squares(values: FloatArray) -> float:
    return float(((values / values.sum()) ** 2).sum())


def _concentration(
    snapshot: Snapshot, judge: Callable[[FloatArray], float], seed: int, as_of: date | None
) -> Found:
    """A measure of services by unit, of the records that say how many and by whom."""
    rows = _services(snapshot, as_of)
    found: Counter[str] = Counter()
    for unit, services, _ in rows:
        if unit and not np.isnan(services):
            found[unit] += int(services)
    unknown = sum(not unit or bool(np.isnan(services)) for unit, services, _ in rows)
    about = {"units": len(found), "services": sum(found.values()), "records_unknown": unknown}
    if not about["services"]:
        return Found(None, "no_services", about)
    value = judge(np.array(sorted(found.values()), np.float64))
    return Found(value, "", {**about, **draw_services(rows, judge, value, seed)})


def _services(snapshot: Snapshot, as_of: date | None) -> list[tuple[str, float, str]]:
    """Unit (empty where neither the record nor its claim names one), services and how they are meant."""
    claimed = read_claims(snapshot)
    names = ("unit", "claim", "services", "approx", "from_date", "to_date")
    columns = [snapshot.column("services", name) for name in names]
    rows = []
    for named, claim, services, approx, begins, ends in zip(*columns, strict=True):
        begun = ends if np.isnat(begins) else begins
        if as_of is not None and not np.isnat(begun) and begun > np.datetime64(as_of):
            continue
        rows.append((named or claimed.get(claim, NOBODY).giver or "", float(services), approx or ""))
    return rows


def tie_age(snapshot: Snapshot, day: date) -> Found:
    """Median age in years of the pairings that hold on a day, of those whose beginning is known.

    Beside it how many ended in the year before, and how many of these hold again between the same parties.
    """
    shown = snapshot.at(day)
    begun = shown.column("pairings", "valid_from")
    known = begun[~np.isnat(begun)]
    about = {"pairings": len(begun), "without_date": len(begun) - len(known), "as_of": day.isoformat()}
    about |= _renewal(snapshot, shown, day)
    if not len(known):
        return Found(None, "no_dates" if len(begun) else "no_ties", about)
    years = (np.datetime64(day) - known).astype("timedelta64[D]").astype(np.float64) / YEAR_DAYS
    value = float(np.median(years))
    about["begun_within_a_year"] = int((years < 1).sum())
    return Found(value, "", {**about, **span_ages(shown, np.datetime64(day), value)})


def _renewal(snapshot: Snapshot, shown: Snapshot, day: date) -> dict[str, int]:
    """Pairings that ended in the year before a day, and of how many the parties are paired on it."""
    holding = [frozenset(parties) for parties in shown.column("pairings", "parties")]
    now = np.datetime64(day)
    ends = snapshot.column("pairings", "valid_to")
    ended = [
        frozenset(parties)
        for parties, end in zip(snapshot.column("pairings", "parties"), ends, strict=True)
        if now - np.timedelta64(365, "D") <= end < now
    ]
    renewed = sum(any(parties <= others for others in holding) for parties in ended)
    return {"ended_within_a_year": len(ended), "renewed": renewed}
