"""How unsure a measure is: the span of values that what isn't known, or was drawn, leaves open.

A span always holds the value itself; where nothing is unsure, both ends are the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from graph.snapshot import Snapshot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWS: Final = 200
PERCENTILES: Final = (2.5, 97.5)
OFF: Final[Mapping[str, tuple[float, float]]] = {"余": (0.0, 0.1), "近": (-0.1, 0.0)}
"""By how much of itself an approximate figure may be off; any other word: a tenth both ways."""
EITHER_WAY: Final = (-0.1, 0.1)

YEAR_DAYS: Final = 365.2425
YEAR: Final = np.timedelta64(365, "D")
MONTH: Final = np.timedelta64(30, "D")
_EXACT_DAY: Final = ("", "day")


def span(value: float, values: FloatArray) -> dict[str, float]:
    """`from` and `to`: 95 % of the values drawn, and the value itself."""
    low, high = np.percentile(values, PERCENTILES).tolist()
    return {"from": min(low, value), "to": max(high, value)}


def draw_services(
    rows: Sequence[tuple[str, float, str]], judge: Callable[[FloatArray], float], value: float, seed: int
) -> dict[str, float]:
    """The span of a measure of services by unit, with what is approximate or unknown drawn.

    Each row has a unit (empty: unknown, then any that another row names, or one more), how many services
    (NaN: unknown, then as many as another row's) and how the number is meant: 余 is up to a tenth more, 近 up
    to a tenth less, 约 either.
    """
    counts = np.array([services for _, services, _ in rows], np.float64)
    known = counts[~np.isnan(counts)]
    names = sorted({party for party, _, _ in rows if party})
    number = {party: at for at, party in enumerate(names)}
    unit = np.array([number.get(party, -1) for party, _, _ in rows], np.int64)
    nobody = np.flatnonzero(unit < 0)
    off = np.array([OFF.get(approx, EITHER_WAY) if approx else (0.0, 0.0) for _, _, approx in rows])
    if len(known) == len(counts) and not off.any() and not len(nobody):
        return {"from": value, "to": value}
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(DRAWS):
        drawn = np.where(np.isnan(counts), draw.choice(known, len(counts)), counts)
        drawn = drawn * (1 + draw.uniform(off[:, 0], off[:, 1]))
        some = draw.integers(0, len(names) + 1, len(nobody))
        unit[nobody] = np.where(some < len(names), some, len(names) + np.arange(len(nobody)))
        given = np.bincount(unit, weights=drawn, minlength=len(names)).astype(np.float64)
        # Of those that nobody names only who gave something is there.
        found.append(judge(np.concatenate([given[: len(names)], (more := given[len(names) :])[more > 0]])))
    return span(value, np.array(found))


def span_ages(snapshot: Snapshot, day: np.datetime64, value: float) -> dict[str, float]:
    """The span of the median age in years of a snapshot's pairings, with vague beginnings at either end.

    A beginning known by its year or month may be anywhere in it. One that isn't known, or only by a report of
    that year, may be as old as the oldest known; what isn't known at all may also be new.
    """
    begun = snapshot.column("pairings", "valid_from")
    basis = [dict(notes or ()).get("date_basis", "") for notes in snapshot.column("pairings", "notes")]
    known = ~np.isnat(begun)
    room = np.array([_room(one) for one in basis], "timedelta64[D]")
    oldest = begun[known].min()
    latest = np.where(known, np.minimum(begun + room, np.maximum(begun, day)), day)
    earliest = np.where(known & (np.array(basis) != "report"), begun, oldest)
    low, high = (
        float(np.median((day - ends).astype("timedelta64[D]").astype(float)) / YEAR_DAYS)
        for ends in (latest, earliest)
    )
    return {"from": min(low, value), "to": max(high, value)}


def _room(basis: str) -> np.timedelta64:
    if basis in _EXACT_DAY:
        return np.timedelta64(0, "D")
    return MONTH if basis == "month" else YEAR


def span_batches(batches: FloatArray) -> tuple[FloatArray, FloatArray]:
    """95 % of the mean of several equally large draws, each a row of values (Student's t)."""
    from scipy.stats import t

    count = len(batches)
    error = batches.std(axis=0, ddof=1) / np.sqrt(count)
    reach = float(t.ppf(PERCENTILES[1] / 100, count - 1)) * error
    mean = batches.mean(axis=0)
    return np.clip(mean - reach, 0, 1), np.clip(mean + reach, 0, 1)
