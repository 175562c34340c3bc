"""The figures of the page's sentences, table, map and to-do list, all counted from the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from api.board import Board, Bools, Filters, Ints, cell_areas
from api.board_rows import party_name
from api.services.kept import document_of
from api.services.tryout import bound_percent, cost_bound_percent
from graph.snapshot import Snapshot
from graph.taxonomy import REASONS, is_within
from matcher.rules import PROMISED_STATES

Json = dict[str, Any]

_MOST_SUGGESTIONS: Final = 5
_MOST_TODO: Final = 200
_URGENT: Final = 1


def summarize(board: Board, filters: Filters, *, now: Snapshot, today: date, ending_days: int) -> Json:
    """The page's figures under a filter.

    Parameters
    ----------
    now : Snapshot
        The graph as it is now, for what is to be done today.
    today : date
    ending_days : int
        Promises that end within so many days are counted.
    """
    chosen = board.select(filters)
    needs = chosen & ~board.demand.is_project
    return {
        "round": board.round.id,
        "status": board.round.status,
        "stale": now.token != board.round.token,
        "figures": figures(board, needs, filters),
        "reasons": _reasons(board, needs),
        "suggestions": _suggestions(board, filters),
        "cells": _cells(board, needs),
        "areas": _areas(board, needs),
        "units": _units(board),
        "categories": sorted({_top(c) for c in board.demand.category[~board.demand.is_project].tolist()}),
        "todo": _todo(board, needs, now, today, ending_days),
    }


def figures(board: Board, needs: Bools, filters: Filters) -> Json:
    """Places of the needs chosen. The gain over the by-hand rule is known for all of them only."""
    match = document_of(board.round, "match")
    urgent = needs & (board.demand.priority == _URGENT)
    served = int(board.served[needs].sum())
    gain = match["places_served"] - match["nearest_first"]["places_served"]
    return {
        "needs": int(needs.sum()),
        "places_wanted": int(board.demand.quantity[needs].sum()),
        "places_served": served,
        "unserved": int(board.unserved[needs].sum()),
        "urgent_wanted": int(board.demand.quantity[urgent].sum()),
        "urgent_served": int(board.served[urgent].sum()),
        "more_than_by_hand": gain if filters.is_empty else None,
        "solution_status": match["status"],
        "bound_percent": bound_percent(match),
        "cost_bound_percent": cost_bound_percent(match),
    }


def _reasons(board: Board, needs: Bools) -> list[Json]:
    places = _by_reason(board, needs)
    order = sorted(range(len(REASONS)), key=lambda code: (-places[code], code))
    return [{"reason": REASONS[code], "places": int(places[code])} for code in order if places[code]]


def _by_reason(board: Board, rows: Bools) -> Ints:
    return np.array([board.places_by(code)[rows].sum() for code in range(len(REASONS))], dtype=np.int64)


def _top(category: str) -> str:
    return category.partition(".")[0]


def _cells(board: Board, needs: Bools) -> list[Json]:
    rows = np.flatnonzero(needs)
    areas = _cell_of_row(board)[rows]
    tops = np.array([_top(category) for category in board.demand.category[rows].tolist()], dtype=object)
    names, codes = np.unique(tops, return_inverse=True) if len(tops) else (tops, np.zeros(0, dtype=np.int64))
    keys, inverse = np.unique(np.stack([areas, codes]), axis=1, return_inverse=True)
    inverse = inverse.reshape(-1)
    counts = _count(board, rows, inverse, keys.shape[1])
    ids = board.snapshot.ids("areas")
    return [
        {
            "area": str(ids[area]) if area >= 0 else None,
            "category": str(names[code]),
            **_counted(counts, at),
        }
        for at, (area, code) in enumerate(keys.T.tolist())
    ]


def _cell_of_row(board: Board) -> Ints:
    cell = cell_areas(board.tree)
    area = board.demand.sites.area
    return np.where(area >= 0, cell[area], -1) if len(cell) else np.full(len(area), -1)


def _count(board: Board, rows: Ints, group: Ints, groups: int) -> Mapping[str, Any]:
    """Places per group: wanted, served, unserved, and unserved by reason (shape groups by reasons)."""
    by_reason = np.zeros((groups, len(REASONS)), dtype=np.int64)
    for code in range(len(REASONS)):
        np.add.at(by_reason[:, code], group, board.places_by(code)[rows])
    counts: dict[str, Any] = {"by_reason": by_reason}
    columns = {"wanted": board.demand.quantity, "served": board.served, "unserved": board.unserved}
    for name, values in columns.items():
        total = np.zeros(groups, dtype=np.int64)
        np.add.at(total, group, values[rows])
        counts[name] = total
    return counts


def _counted(counts: Mapping[str, Any], at: int) -> Json:
    by_reason = counts["by_reason"][at]
    return {
        "wanted": int(counts["wanted"][at]),
        "served": int(counts["served"][at]),
        "unserved": int(counts["unserved"][at]),
        "reason": REASONS[int(by_reason.argmax())] if by_reason.any() else None,
        "by_reason": {
            reason: int(places) for reason, places in zip(REASONS, by_reason, strict=True) if places
        },
    }


def _areas(board: Board, needs: Bools) -> list[Json]:
    """Every neighbourhood, and every other area that a need is shown under."""
    snapshot = board.snapshot
    rows = np.flatnonzero(needs)
    cell = _cell_of_row(board)
    counts = _count(board, rows[cell[rows] >= 0], cell[rows][cell[rows] >= 0], snapshot.count("areas"))
    shown = snapshot.column("areas", "level") == "neighbourhood"
    shown[cell[cell >= 0]] = True
    found = []
    for row in np.flatnonzero(shown).tolist():
        counted = _counted(counts, row)
        found.append(
            {
                "id": str(snapshot.ids("areas")[row]),
                "name": str(snapshot.column("areas", "name")[row]),
                **_point(snapshot, "areas", row),
                "population": _whole(snapshot.column("areas", "population")[row]),
                "over60": _whole(snapshot.column("areas", "over60")[row]),
                **{name: counted[name] for name in ("wanted", "unserved", "reason")},
            }
        )
    return found


def _units(board: Board) -> list[Json]:
    """Every unit, with its stated total and the places that the round has it give."""
    snapshot = board.snapshot
    used: dict[str, int] = {}
    for item in board.round.results["assignments"]:
        if "need" in item:
            used[item["unit"]] = used.get(item["unit"], 0) + item["places"]
    members = set(snapshot.column("members", "party").tolist())
    columns = {name: snapshot.column("units", name) for name in ("name", "kind", "area", "capacity")}
    return [
        {
            "id": unit,
            "name": columns["name"][row],
            "kind": columns["kind"][row],
            "area": columns["area"][row],
            **_point(snapshot, "units", row),
            "member": unit in members,
            "capacity": _whole(columns["capacity"][row]),
            "used": used.get(unit, 0),
        }
        for row, unit in enumerate(snapshot.ids("units").tolist())
    ]


def _point(snapshot: Snapshot, table: str, row: int) -> Json:
    lon, lat = (float(snapshot.column(table, name)[row]) for name in ("lon", "lat"))
    known = not (np.isnan(lon) or np.isnan(lat))
    return {
        "lon": lon if known else None,
        "lat": lat if known else None,
        "precision": str(snapshot.column(table, "precision")[row]),
    }


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _suggestions(board: Board, filters: Filters) -> list[Json]:
    """What the round found worth asking or changing, each a gain over the whole round."""
    found: list[Json] = list(board.round.results.get("page", {}).get("suggestions", ()))
    if filters.cat is not None:
        offers = board.snapshot.rows_of("offers", [item["offer"] for item in found])
        categories = board.snapshot.column("offers", "category")
        wanted = filters.cat
        found = [
            item
            for item, row in zip(found, offers.tolist(), strict=True)
            if row >= 0 and (is_within(categories[row], wanted) or is_within(wanted, categories[row]))
        ]
    # The best of each kind comes first of all that are left, so that none crowds the other out.
    best = {item["kind"]: item for item in reversed(found)}
    chosen = [item for item in found if item is best[item["kind"]]]
    chosen += [item for item in found if item not in chosen][: _MOST_SUGGESTIONS - len(chosen)]
    chosen.sort(key=lambda item: -item["gain_places"])
    return [{**item, "unit_name": party_name(board, item["unit"])} for item in chosen]


def _todo(board: Board, needs: Bools, now: Snapshot, today: date, ending_days: int) -> Json:
    gaps = board.round.results["gaps"]
    urgent = np.flatnonzero(needs & (board.demand.priority == _URGENT) & (board.unserved > 0))
    area_ids = board.snapshot.ids("areas")
    status = now.column("claims", "status")
    ends = now.column("claims", "valid_to")
    last = np.datetime64(today + timedelta(days=ending_days))
    promised = np.isin(status.astype(str), sorted(PROMISED_STATES))
    ending = promised & (ends >= np.datetime64(today)) & (ends <= last)
    return {
        "urgent_unserved": [
            {
                "need": str(board.demand.ids[row]),
                "title": board.titles[row],
                "area": str(area_ids[area]) if (area := int(board.demand.sites.area[row])) >= 0 else None,
            }
            for row in urgent[:_MOST_TODO].tolist()
        ],
        "proposed_claims": int((status == "proposed").sum()),
        "promises_ending": int(ending.sum()),
        "silent_units": _named(board, gaps.get("idle_units", ()), "unit"),
        "unpaired_areas": _named(board, gaps.get("unpaired_areas", ()), "area"),
        "idle_offers": [_idle_offer(board, item) for item in gaps.get("idle_offers", ())][:_MOST_TODO],
        "uncovered_units": _named(board, gaps.get("uncovered_units", ()), "unit"),
    }


def _named(board: Board, items: Iterable[Any], key: str) -> list[Json]:
    """Ids, or documents that have one, with their names."""
    ids = [item if isinstance(item, str) else item.get(key) or item["id"] for item in items]
    return [{"id": found, "name": party_name(board, found)} for found in ids]


def _idle_offer(board: Board, item: Any) -> Json:
    offer = item if isinstance(item, str) else item["offer"]
    row = int(board.snapshot.rows_of("offers", [offer])[0])
    unit = str(board.snapshot.column("offers", "unit")[row]) if row >= 0 else ""
    return {
        "offer": offer,
        "title": str(board.snapshot.column("offers", "title")[row]) if row >= 0 else "",
        "unit": unit,
        "unit_name": party_name(board, unit),
    }
