"""The rows of a board as the page lists them: who serves whom, and why."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from api.board import NO_REASON, Board, Bools, Filters, Ints
from api.problems import DoorError
from graph.taxonomy import REASONS
from graph.wording import word

Json = dict[str, Any]

SORTS: Final = (
    "unserved", "gap", "priority", "quantity", "served", "title", "area", "category", "reason", "kind",
    "distance",
)  # fmt: skip
"""What rows can be sorted by, `-` before it for the largest first."""


def list_rows(
    board: Board, filters: Filters, unit: str | None, sort: str | None, target: str | None = None
) -> Ints:
    """Board rows under a filter, in an order.

    Parameters
    ----------
    unit : str, optional
        Only rows that this unit serves.
    sort : str, optional
        One of `SORTS`; by default the urgent first, then what has most unserved.
    target : str, optional
        Only this need or project.

    Raises
    ------
    DoorError
        If the order is none of them.
    """
    chosen = board.select(filters)
    if unit is not None:
        chosen &= _served_by(board, unit)
    if target is not None:
        chosen &= board.demand.ids == target
    rows = np.flatnonzero(chosen)
    if sort is None:
        return rows[np.lexsort((rows, -board.unserved[rows], board.demand.priority[rows]))]
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise DoorError("invalid", **word("no_such_sort", sorts=SORTS))
    key = np.unique(_sort_key(board, name)[rows], return_inverse=True)[1]
    return rows[np.lexsort((rows, -key if sort.startswith("-") else key))]


def row_json(board: Board, row: int) -> Json:
    """One row as the page shows it."""
    demand, snapshot = board.demand, board.snapshot
    area = int(demand.sites.area[row])
    is_project = bool(demand.is_project[row])
    target = str(demand.ids[row])
    reason = int(board.reason[row])
    return {
        "project" if is_project else "need": target,
        "kind": "project" if is_project else "need",
        "title": board.titles[row],
        "group": board.groups[row],
        "category": demand.category[row],
        "area": str(snapshot.ids("areas")[area]) if area >= 0 else None,
        "area_name": str(snapshot.column("areas", "name")[area]) if area >= 0 else None,
        "priority": int(demand.priority[row]),
        "quantity": int(demand.quantity[row]),
        "served": int(board.served[row]),
        "unserved": int(board.unserved[row]),
        "reason": None if reason == NO_REASON else REASONS[reason],
        "certificate": _certificate(board, row),
        "warnings": list(board.warnings.get(target, ())),
        "assignments": [assignment_json(board, index) for index in board.assignments_of(row)],
    }


def assignment_json(board: Board, index: int) -> Json:
    """One assignment with its unit's name and why it was made."""
    given = board.round.results["assignments"][index]
    whys = board.round.results.get("page", {}).get("whys")
    return {
        **{name: value for name, value in given.items() if name not in ("need", "project")},
        "unit_name": party_name(board, given["unit"]),
        "why": None if whys is None else _why(board, whys[index]),
    }


def _why(board: Board, why: Json) -> Json:
    names = {
        f"{name}_unit_name": None if why[f"{name}_unit"] is None else party_name(board, why[f"{name}_unit"])
        for name in ("runner_up", "nearest")
    }
    return {**why, **names}


def party_name(board: Board, party: str) -> str:
    """Name of a unit, or of whatever party offers; its id if it has none."""
    for table in ("units", "branches", "stations", "alliances", "areas"):
        row = int(board.snapshot.rows_of(table, [party])[0])
        if row >= 0:
            return str(board.snapshot.column(table, "name")[row])
    return party


def _certificate(board: Board, row: int) -> int | None:
    """Index of the gap whose certificate tells why places are short (for a project among theirs)."""
    gap = int(board.gap[row])
    gaps = board.round.results["gaps"]
    section = gaps["projects"] if board.demand.is_project[row] else gaps
    return gap if gap >= 0 and section["gaps"][gap].get("certificate") is not None else None


def _served_by(board: Board, unit: str) -> Bools:
    by_unit = np.array([item["unit"] == unit for item in board.round.results["assignments"]], dtype=bool)
    count = np.zeros(len(board.assigned) + 1, dtype=np.int64)
    np.cumsum(by_unit[board.assigned], out=count[1:])
    found: Bools = count[board.assigned_from[1:]] > count[board.assigned_from[:-1]]
    return found


def _sort_key(board: Board, name: str) -> np.ndarray[Any, Any]:
    demand = board.demand
    if name == "area":
        area = demand.sites.area
        names = np.append(board.snapshot.column("areas", "name"), "")
        return np.array([str(value) for value in names[area]], dtype=object)
    if name == "distance":
        return _metres(board)
    plain = {
        "unserved": board.unserved,
        "gap": board.unserved,
        "priority": demand.priority,
        "quantity": demand.quantity,
        "served": board.served,
        "reason": board.reason,
        "kind": demand.is_project,
    }
    if name in plain:
        return np.asarray(plain[name])
    texts = board.titles if name == "title" else demand.category
    return np.array([value or "" for value in texts], dtype=object)


def _metres(board: Board) -> np.ndarray[Any, Any]:
    """Known metres walked for each row."""
    rows = board.round.results["assignments"]
    metres = np.array([(row["distance_m"] or 0.0) * row["places"] for row in rows], dtype=np.float64)
    total = np.zeros(len(board.assigned) + 1)
    np.cumsum(metres[board.assigned], out=total[1:])
    walked: np.ndarray[Any, Any] = total[board.assigned_from[1:]] - total[board.assigned_from[:-1]]
    return walked
