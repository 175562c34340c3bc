"""What became of gaps and blind spots between two states of the graph, and what did it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from graph.taxonomy import REASONS
from matcher.gaps import GapReport
from matcher.match import Match

Json = dict[str, Any]
Changed = Mapping[tuple[str, str], Json]
"""What is told of the last change of each record that changed, by table and id."""

_SPOTS = {
    "idle_offers": "offer",
    "idle_units": "unit",
    "unpaired_areas": "area",
    "uncovered_units": "unit",
    "half_covered_units": "unit",
}


def compare_gaps(before: tuple[Match, GapReport], after: tuple[Match, GapReport], changed: Changed) -> Json:
    """Say which gaps and blind spots closed and which opened between two states matched by the same rules.

    Parameters
    ----------
    before, after : tuple of Match and GapReport
    changed : mapping
        Records that changed between the two, with what is to be told of each.

    Returns
    -------
    dict
        `closed` and `opened` [{`need`, `places`, `category`, `area`, `reason` (while it was open), `how`,
        `by`}], most places first; `places_closed`, `places_opened` (their difference is that of the unserved
        places); `blind_spots` {kind: {`closed`, `opened`}} as ids, `areas_without_offer` as `category:area`.
        `how` is `need` (it came, went or changed), `offers` (those that serve it, or did, changed: `by`), or
        `elsewhere` (places moved because of other changes).
    """
    old, new = _Side(*before), _Side(*after)
    closed: list[Json] = []
    opened: list[Json] = []
    for need in sorted(old.unserved.keys() | new.unserved.keys()):
        less = old.unserved.get(need, 0) - new.unserved.get(need, 0)
        if less:
            side, rows = (old, closed) if less > 0 else (new, opened)
            rows.append(
                {**side.tell(need), "places": abs(less), **_find_cause(need, less, old, new, changed)}
            )
    for rows in (closed, opened):
        rows.sort(key=lambda row: (-row["places"], row["need"]))
    return {
        "places_closed": sum(row["places"] for row in closed),
        "places_opened": sum(row["places"] for row in opened),
        "closed": closed,
        "opened": opened,
        "blind_spots": dict(_compare_spots(before[1], after[1])),
    }


class _Side:
    """One of the two states: what was unserved, and by whom the rest was served."""

    def __init__(self, match: Match, report: GapReport) -> None:
        part = match.places
        self._demand, self._reasons = part.instance.demand, report.reasons
        rows = np.flatnonzero((report.reasons.unserved > 0) & ~self._demand.is_project)
        self._row = {str(name): row for row, name in enumerate(self._demand.ids.tolist())}
        self.unserved = {
            str(self._demand.ids[row]): int(report.reasons.unserved[row]) for row in rows.tolist()
        }
        graph, used = part.instance.graph, np.flatnonzero(part.solution.flow > 0)
        self.offers: dict[str, set[str]] = {}
        for edge in used[~self._demand.is_project[graph.edge_need[used]]].tolist():
            offer = str(part.instance.supply.ids[graph.edge_offer[edge]])
            self.offers.setdefault(str(self._demand.ids[graph.edge_need[edge]]), set()).add(offer)

    def has(self, need: str) -> bool:
        """Whether a need takes part."""
        return need in self._row

    def tell(self, need: str) -> Json:
        """A need that is unserved here."""
        row = self._row[need]
        return {
            "need": need,
            "category": self._demand.category[row],
            "area": self._demand.area_id[row],
            "reason": REASONS[int(self._reasons.reason[row])],
        }


def _find_cause(need: str, less: int, old: _Side, new: _Side, changed: Changed) -> Json:
    own = changed.get(("needs", need))
    if own is not None or old.has(need) != new.has(need):
        return {"how": "need", "by": [own] if own is not None else []}
    offers = new.offers.get(need, set()) if less > 0 else old.offers.get(need, set())
    by = [changed["offers", offer] for offer in sorted(offers) if ("offers", offer) in changed]
    return {"how": "offers" if by else "elsewhere", "by": by}


def _compare_spots(before: GapReport, after: GapReport) -> Iterator[tuple[str, Json]]:
    for name, key in _SPOTS.items():
        sides = [{row[key] for row in getattr(report.blind_spots, name)} for report in (before, after)]
        yield name, _differ(*sides)
    pairs = [
        {
            f"{row['category']}:{area}"
            for row in report.blind_spots.areas_without_offer
            for area in row["areas"]
        }
        for report in (before, after)
    ]
    yield "areas_without_offer", _differ(*pairs)


def _differ(before: set[str], after: set[str]) -> Json:
    return {"closed": sorted(before - after), "opened": sorted(after - before)}
