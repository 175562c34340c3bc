"""Claim sheets (认领表): what each unit takes, and what each neighbourhood gets, in one round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from graph.model import Record
    from graph.snapshot import Snapshot
    from graph.store import Round

By = Literal["unit", "area"]
FEW: Final = 5
UNPLACED: Final = "地点不详"


def claim_sheets(round_: Round, snapshot: Snapshot, by: By) -> dict[str, Any]:
    """The claim sheets of a round.

    Parameters
    ----------
    round_ : Round
        With its results.
    snapshot : Snapshot
        The graph that it was solved from, which has the names.
    by : {"unit", "area"}
        One sheet for each unit, or for each neighbourhood.

    Returns
    -------
    dict
        `round`, `period` {from, to}, `revision`, `by`, and `sheets`: [{`id`, `name`, `kind`, `rows`,
        `total_places`}], by name. Rows name the area, never an address, a liaison or a resident; fewer than
        five people are 少于5. A neighbourhood's sheet of what has no known place has the id None.
    """
    rows = _Rows(snapshot).of(round_.results["assignments"])
    sheets: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        key = row[by]
        sheet = sheets.get(key)
        if sheet is None:
            name = row[f"{by}_name"] if key is not None else UNPLACED
            sheet = sheets[key] = {
                "id": key,
                "name": name,
                "kind": row[f"{by}_kind"],
                "rows": [],
                "total_places": 0,
            }
        sheet["rows"].append(row)
        sheet["total_places"] += row["places"]
    for sheet in sheets.values():
        sheet["rows"].sort(
            key=lambda row: (row["area_name"] or "", row["category"] or "", row["title"], row["target"])
        )
    return {
        "round": round_.id,
        "period": {"from": round_.period.first.isoformat(), "to": round_.period.last.isoformat()},
        "revision": round_.revision,
        "by": by,
        "sheets": sorted(sheets.values(), key=lambda sheet: (sheet["name"], sheet["id"] or "")),
    }


@dataclass(slots=True, init=False)
class _Rows:
    """Names and facts of a snapshot, for the rows of claim sheets."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._areas = {record.id: record for record in snapshot.records("areas")}
        self._known: dict[tuple[str, str], Record | None] = {}

    _snapshot: Snapshot
    _areas: dict[str, Any]
    _known: dict[tuple[str, str], Record | None]

    def of(self, assignments: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        listed = list(assignments)
        for table, name in (("needs", "need"), ("projects", "project"), ("offers", "offer")):
            self._remember(table, {row[name] for row in listed if row.get(name)})
        units = {row["unit"] for row in listed}
        for table in ("units", "branches", "alliances", "stations", "areas"):
            self._remember(table, units)
        return [self._row(row) for row in listed]

    def _remember(self, table: str, ids: set[str]) -> None:
        rows = self._snapshot.rows_of(table, sorted(ids))
        for record in self._snapshot.records(table, rows[rows >= 0].tolist()):
            self._known[table, record.id] = record

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        from loaders.times_out import say_times

        table = "needs" if row.get("need") else "projects"
        target = row.get("need") or row["project"]
        record: Any = self._known[table, target]
        area = self._area(record)
        unit = self._party(row["unit"])
        times = getattr(record, "times", "")
        return {
            "target": target,
            "table": table,
            "offer": row["offer"],
            "unit": row["unit"],
            "unit_name": getattr(unit, "name", row["unit"]),
            "unit_kind": getattr(unit, "kind", ""),
            "area": area.id if area is not None else None,
            "area_name": area.name if area is not None else None,
            "area_kind": area.level if area is not None else "",
            "category": _category(record),
            "title": self._title(record, row["offer"]),
            "group": getattr(record, "group", ""),
            "places": row["places"],
            "times": times,
            "times_zh": say_times(times),
            "note": "，".join(_notes(record, row)),
            "locked": row["locked"],
        }

    def _party(self, party: str) -> Record | None:
        tables = ("units", "branches", "alliances", "stations", "areas")
        return next((found for table in tables if (found := self._known.get((table, party)))), None)

    def _area(self, record: Any) -> Any:
        """The neighbourhood of a need or project: its own area, else its party's where that is an area."""
        return self._areas.get(record.area or "") or self._areas.get(getattr(record, "party", None) or "")

    def _title(self, record: Any, offer: str | None) -> str:
        own = getattr(record, "title", "") or getattr(record, "name", "")
        given = self._known.get(("offers", offer)) if offer else None
        return own or getattr(given, "title", "") or _category(record) or record.id


def _category(record: Any) -> str | None:
    """The category's Chinese name, or the list's own heading."""
    from graph.taxonomy import OTHER, words

    if record.category in (None, OTHER) and record.list_category:
        return str(record.list_category)
    entry = words()["categories"].get(record.category or "")
    return str(entry["zh"]) if entry else record.category


def _notes(record: Any, row: Mapping[str, Any]) -> Iterable[str]:
    people = getattr(record, "people", None)
    if getattr(record, "group", ""):
        yield record.group
    if people is not None:
        yield f"少于{FEW}人" if people < FEW else f"{people}人"
    if row["locked"]:
        yield "已承诺"
    if row["assumed"]:
        yield "数量按假定"
    if row["fit"] == "broad":
        yield "只合大类"
