"""Records as rows of a list again: the cells that the readers read back to the same records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model import PARTY_TABLES, UNLIMITED, Need, Record
from graph.taxonomy import words
from loaders.columns import Column, header_words, normal_header, table_columns
from loaders.identity import PREFIXES

Cell = str | int | float | None
Records = Callable[[str], Iterable[Record]]
"""Gives a table's records in order of id, each time anew."""

LEFT_OUT: Final = frozenset({"outline", "crs"})
"""Outlines go into a GeoJSON file; points are written as WGS-84, which needs no saying."""

PUBLIC_PARTIES: Final = ("units", "branches", "alliances", "stations")
"""What an organisation needs, it needs at a public place."""

_CHOICES: Final = {
    "per": "per",
    "mode": "mode",
    "measure": "measure",
    "level": "level",
    "precision": "precision",
    "coverage": "coverage",
    "alias_kind": "alias_kind",
    "claim_status": "claim_status",
    "need_status": "need_status",
    "offer_status": "offer_status",
}
_COARSE_DIGITS: Final = 2
_FURTHER: Final = frozenset({"source", "draft", "target_table", "list_category"})
_UNDATED: Final = frozenset({"categories", "areas", "branches", "stations", "services"})


@dataclass(frozen=True, slots=True)
class Places:
    """What it takes to show a need no finer than its neighbourhood.

    Attributes
    ----------
    points : mapping
        Area id -> (lon, lat) of its point.
    public : frozenset of str
        Ids of organisations.
    """

    points: Mapping[str, tuple[float, float]]
    public: frozenset[str]

    @classmethod
    def of(cls, records: Records) -> Places:
        """The places of a graph."""
        points = {}
        for area in records("areas"):
            lon, lat = getattr(area, "lon", None), getattr(area, "lat", None)
            if lon is not None and lat is not None:
                points[area.id] = (lon, lat)
        public = frozenset(record.id for table in PUBLIC_PARTIES for record in records(table))
        return cls(points, public)

    def coarse(self, need: Need) -> tuple[float | None, float | None, str]:
        """A need's lon, lat and precision as others may see them.

        An organisation's point stays. Any other becomes its area's point or, where that isn't known, is
        rounded to a hundredth of a degree (about a kilometre).
        """
        if need.lon is None or need.lat is None or need.party in self.public:
            return need.lon, need.lat, need.precision
        point = self.points.get(need.area or "")
        if point is not None:
            return point[0], point[1], "area"
        return round(need.lon, _COARSE_DIGITS), round(need.lat, _COARSE_DIGITS), "area"


class TableWriter:
    """Turns one table's records into a header and rows.

    Parameters
    ----------
    table : str
    records : Records
    places : Places
    language : str
        `zh` or `en`, of headers and words.
    """

    def __init__(self, table: str, records: Records, places: Places, language: str) -> None:
        self.table = table
        self._records = records
        self._places = places
        self._language = language
        self._shared = shared_ids(records)
        used, notes = _used(records(table))
        self._columns = [
            column
            for name, column in table_columns(table).items()
            if name not in LEFT_OUT
            and (column.is_required or column.field in used or not _is_further(table, name))
        ]
        self._notes = notes

    def header(self) -> list[str]:
        """Column headers."""
        entries = words()["columns"]
        if self._language == "en":
            return [column.name for column in self._columns] + [
                self._note_header(name) for name in self._notes
            ]
        named = [str(entries.get(column.name, {"zh": column.name})["zh"]) for column in self._columns]
        # Two columns of one list may share a Chinese name; the English one tells them apart.
        seen = [
            name if named.count(name) == 1 else column.name
            for name, column in zip(named, self._columns, strict=True)
        ]
        return seen + [self._note_header(name) for name in self._notes]

    def _note_header(self, name: str) -> str:
        """A note's column; one that would be read as a column of the list says that it is a second one."""
        if name in ("serial", "note"):
            return name if self._language == "en" else str(words()["columns"][name]["zh"])
        return f"{name}·2" if normal_header(name) in header_words(self.table) else name

    def rows(self) -> Iterator[list[Cell]]:
        """Rows in order of id, those without a heading (大类) first: empty ones are filled down when read."""
        for record in self._ordered():
            notes = dict(record.notes)
            given = self._given(record)
            if not given.get("times") and "times" in notes:
                # What couldn't be read goes back to where it stood.
                given["times"] = notes.pop("times")
            yield [self._cell(column, given) for column in self._columns] + [
                notes.get(name) for name in self._notes
            ]

    def _ordered(self) -> Iterator[Record]:
        if not any(column.name == "list_category" for column in self._columns):
            yield from self._records(self.table)
            return
        for has_heading in (False, True):
            for record in self._records(self.table):
                if bool(getattr(record, "list_category", "")) is has_heading:
                    yield record

    def _given(self, record: Record) -> dict[str, Any]:
        given = {column.field: getattr(record, column.field, None) for column in self._columns}
        if isinstance(record, Need):
            given["lon"], given["lat"], given["precision"] = self._places.coarse(record)
        if getattr(record, "reach_any", False):
            given["reach_m"] = "any"
        return given

    def _cell(self, column: Column, given: Mapping[str, Any]) -> Cell:
        value = given.get(column.field)
        if value is None or value == "" or value == ():
            return None
        if isinstance(value, tuple):
            return "; ".join(self._reference(column, item) for item in value)
        if column.reader == "reference":
            return self._reference(column, str(value))
        if isinstance(value, bool):
            return self._word("yes" if value else "no")
        if isinstance(value, date):
            return value.isoformat()
        if value == UNLIMITED or value == "any":
            return "any" if self._language == "en" else "不限"
        if column.reader in _CHOICES and self._language != "en":
            return str(words()["values"][_CHOICES[column.reader]][value]["zh"])
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value if isinstance(value, (int, float)) else str(value)

    def _reference(self, column: Column, value: str) -> str:
        """An id; where records of several tables share it, with its table (`unit:12`)."""
        if column.reader in ("reference", "references") and len(column.tables) > 1 and value in self._shared:
            tables = [table for table in self._shared[value] if table in column.tables]
            if len(tables) > 1:
                return f"{PREFIXES[tables[0]]}:{value}"
        return value

    def _word(self, answer: str) -> str:
        return answer if self._language == "en" else {"yes": "是", "no": "否"}[answer]


def shared_ids(records: Records) -> dict[str, list[str]]:
    """Ids that parties of several tables share, with these tables; a claim says its target's table itself."""
    tables: dict[str, list[str]] = {}
    for table in PARTY_TABLES:
        for record in records(table):
            tables.setdefault(record.id, []).append(table)
    return {record_id: found for record_id, found in tables.items() if len(found) > 1}


def _is_further(table: str, name: str) -> bool:
    """Whether a list does without this column: written only where some record says something in it.

    The others always stand there, filled or not: whoever reads exports by their headers finds the same ones
    whatever the lists hold.
    """
    if name in ("valid_from", "valid_to"):
        return table in _UNDATED
    return name in _FURTHER or (name == "status" and table != "claims")


def _used(records: Iterable[Record]) -> tuple[set[str], list[str]]:
    """Fields in which any record says something, and names of its notes, sorted."""
    used: set[str] = set()
    notes: dict[str, None] = {}
    fields: Sequence[str] = ()
    for record in records:
        if not fields:
            fields = [
                name for name in record.__dataclass_fields__ if name not in ("notes", "list_name", "list_row")
            ]
        for name in fields:
            if name not in used and getattr(record, name) not in (None, "", (), False):
                used.add(name)
        if getattr(record, "reach_any", False):
            used.add("reach_m")
        for name, _ in record.notes:
            notes.setdefault(name)
    if "times" in notes and "times" in fields:
        used.add("times")
    return used, sorted(notes)
