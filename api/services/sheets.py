"""Claim sheets (认领表): what each unit takes, and what each neighbourhood gets, in one round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from api.services.kept import document_of
from api.services.naming import Naming, category_name

if TYPE_CHECKING:
    from graph.snapshot import Snapshot
    from graph.store import Round

By = Literal["unit", "area"]
FEW: Final = 5
UNPLACED: Final = "地点不详"
_NOTES: Final = {
    "zh": {
        "few": "少于{n}人",
        "people": "{n}人",
        "locked": "已承诺",
        "assumed": "数量按假定",
        "broad": "只合大类",
    },
    "en": {
        "few": "fewer than {n} people",
        "people": "{n} people",
        "locked": "promised",
        "assumed": "quantity assumed",
        "broad": "broad fit",
    },
}


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
    assignments = document_of(round_, "assignments")
    names = Naming(snapshot, assignments)
    sheets: dict[str | None, dict[str, Any]] = {}
    for row in (_row(assigned, names) for assigned in assignments):
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


def _row(row: Mapping[str, Any], names: Naming) -> dict[str, Any]:
    from loaders.times_out import say_times

    target = names.target(row)
    area = names.area(target)
    times = getattr(target, "times", "")
    return {
        "target": target.id,
        "table": "needs" if row.get("need") else "projects",
        "offer": row["offer"],
        "unit": row["unit"],
        "unit_name": names.party_name(row["unit"]),
        "unit_kind": getattr(names.party(row["unit"]), "kind", ""),
        "area": area.id if area is not None else None,
        "area_name": area.name if area is not None else None,
        "area_kind": area.level if area is not None else "",
        "category": category_name(target),
        "category_en": category_name(target, "en"),
        "title": names.title(target, row["offer"]),
        "group": getattr(target, "group", ""),
        "places": row["places"],
        "times": times,
        "times_zh": say_times(times),
        "times_en": say_times(times, "en"),
        "note": "，".join(_notes(target, row, "zh")),
        "note_en": ", ".join(_notes(target, row, "en")),
        "locked": row["locked"],
    }


def _notes(record: Any, row: Mapping[str, Any], language: str) -> Iterable[str]:
    say = _NOTES[language]
    people = getattr(record, "people", None)
    if getattr(record, "group", ""):
        yield record.group
    if people is not None:
        yield say["few"].format(n=FEW) if people < FEW else say["people"].format(n=people)
    if row["locked"]:
        yield say["locked"]
    if row["assumed"]:
        yield say["assumed"]
    if row["fit"] == "broad":
        yield say["broad"]
