"""References of rows: ids where names stood, drafts and official areas where nothing answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from graph.model import PARTY_TABLES, Area, Record, Unit
from loaders import areas as divisions
from loaders.columns import Column, table_columns
from loaders.frame import Frame, Scrubbed, scrub
from loaders.identity import derive_name_id, is_pseudonym
from loaders.problems import Fault, fault
from loaders.references import Directory, looks_like_area, looks_like_branch, table_of_word
from loaders.residents import hide, hide_names, names_in

Hit = tuple[str, str]

_DRAFTING: Final = frozenset(
    {
        ("offers", "unit"), ("claims", "by"), ("members", "party"), ("pairings", "parties"),
        ("stations", "party"), ("branches", "units"), ("services", "unit"),
        ("posts", "party"), ("duties", "party"),
        ("bookings", "by"),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pending:
    """A text that matches nothing, but may become a draft once its row is sure to be kept."""

    position: int
    column: Column
    text: str
    fault: Fault
    put: Callable[[str], None]


class Resolver:
    """Puts ids where names stood.

    Parameters
    ----------
    directory : Directory
        What may be referred to.
    tables_brought : frozenset of str
        Tables that the source has a list of: what matches nothing in them is refused, else drafted.

    Attributes
    ----------
    made : list of Record
        Draft units and areas, and official areas, that references called for.
    drafts : Counter of str
        How many drafts per table.
    """

    def __init__(self, directory: Directory, tables_brought: frozenset[str]) -> None:
        self.made: list[Record] = []
        self.drafts: Counter[str] = Counter()
        self._directory = directory
        self._brought = tables_brought
        self._pending: list[_Pending] = []

    def resolve(self, frame: Frame) -> set[int]:
        """Resolve every reference of a frame, refusing rows where that fails.

        Returns
        -------
        set of int
            Positions of needs whose party nobody knows; its text is gone from the frame, wherever its row
            repeats it.
        """
        anonymous: dict[int, str] = {}
        self._pending = []
        if frame.table == "pairings":
            self._check_parties(frame)
        lists: dict[str, list[Any]] = {}
        for name, column in table_columns(frame.table).items():
            if column.tables and name in frame.texts:
                if column.reader == "references":
                    lists[name] = self._resolve_many(frame, column)
                else:
                    self._resolve_one(frame, column, anonymous)
        if anonymous:
            hide_names(frame, anonymous, self._is_known)
        for pending in self._pending:
            if pending.position not in frame.refused:
                names = names_in(anonymous.get(pending.position, ""), self._is_known)
                pending.put(self._make(frame, replace(pending, text=hide(pending.text, names))))
        for name, hits in lists.items():
            frame.values[name] = [
                tuple(dict.fromkeys(hit for hit in row if hit is not None)) or None if row else None
                for row in hits
            ]
        if frame.table == "pairings":
            self._check_parties(frame)
        return set(anonymous)

    def _is_known(self, name: str) -> bool:
        return self._directory.is_name(name, PARTY_TABLES)

    @staticmethod
    def _check_parties(frame: Frame) -> None:
        for position, parties in enumerate(frame.column("parties")):
            if parties is not None and len(set(parties)) < 2 and position not in frame.refused:
                frame.report(position, "parties", fault("parties_too_few"))

    def _resolve_one(self, frame: Frame, column: Column, anonymous: dict[int, str]) -> None:
        values = frame.values[column.name]
        is_target = column.name == "target"
        stated = frame.column("target_table") if is_target else None
        target_tables: list[Any] = [None] * len(values)
        for position, text in enumerate(values):
            if text is None:
                continue
            tables = column.tables
            if stated is not None and stated[position]:
                table = table_of_word(stated[position])
                tables = (table,) if table in column.tables else tables
            found = self._find(frame, position, column, text, tables, self._putter(values, position))
            values[position] = found[1] if found is not None else None
            target_tables[position] = found[0] if found is not None else None
            if (
                found is None
                and frame.table == "needs"
                and column.name == "party"
                and _is_unknown(self._directory.find(text, tables))
            ):
                anonymous[position] = text
                frame.texts["party"][position] = ""
        if is_target:
            frame.values["target_table"] = target_tables

    def _resolve_many(self, frame: Frame, column: Column) -> list[Any]:
        rows: list[Any] = []
        for position, texts in enumerate(frame.values[column.name]):
            hits: list[str | None] = [None] * len(texts or ())
            for index, text in enumerate(texts or ()):
                put = self._putter(hits, index)
                found = self._find(frame, position, column, text, column.tables, put)
                hits[index] = found[1] if found is not None else None
            rows.append(hits)
        return rows

    @staticmethod
    def _putter(values: list[Any], index: int) -> Callable[[str], None]:
        def put(record_id: str) -> None:
            values[index] = record_id

        return put

    def _find(
        self,
        frame: Frame,
        position: int,
        column: Column,
        text: str,
        tables: tuple[str, ...],
        put: Callable[[str], None],
    ) -> Hit | None:
        """The record that a text refers to; None if there is none (yet), and that is noted."""
        found = self._directory.find(text, tables)
        if isinstance(found, Fault) and isinstance(bare := scrub(text), Scrubbed):
            # What it refers to was kept without the number, too.
            found = self._directory.find(str(bare), tables)
        if not isinstance(found, Fault):
            return found
        is_unknown = found.problem == "reference_unknown"
        if is_unknown and frame.table == "needs" and column.name == "party":
            return ("residents", text) if is_pseudonym(text) else None
        if column.name == "chair":
            listed = dict(found.values).get("tables", "")
            frame.report(position, column.name, fault("chair_unknown", tables=listed), found=text)
        elif is_unknown and self._may_make(frame, column, text):
            self._pending.append(_Pending(position, column, text, found, put))
        else:
            frame.report(position, column.name, found, found=text)
        return None

    def _may_make(self, frame: Frame, column: Column, text: str) -> bool:
        table = self._draft_table(frame, column, text)
        if not scrub(text):
            return False
        if table == "areas" and official_code(text) is not None:
            return True
        return table is not None and table not in self._brought

    @staticmethod
    def _draft_table(frame: Frame, column: Column, text: str) -> str | None:
        """The table in which a text that matches nothing may become a record."""
        if column.tables == ("areas",):
            return "areas"
        if (frame.table, column.name) not in _DRAFTING or looks_like_branch(text):
            return None
        return "areas" if looks_like_area(text) and "areas" in column.tables else "units"

    def _make(self, frame: Frame, pending: _Pending) -> str:
        text, row = scrub(pending.text), frame.rows[pending.position]
        if isinstance(text, Scrubbed):
            frame.report(pending.position, pending.column.name, fault("personal_cell"), found="")
            text = str(text)
        table = self._draft_table(frame, pending.column, text) or "units"
        code = official_code(text) if table == "areas" else None
        if code is not None:
            if not self._directory.knows("areas", code):
                found = fault("area_added", heading=self._add_divisions(code, frame, row))
                frame.report(pending.position, pending.column.name, found, found=text)
            return code
        values = {key: value for key, value in pending.fault.values if key in ("nearest", "tables")}
        problem = "draft_area" if table == "areas" else "draft_unit"
        frame.report(pending.position, pending.column.name, fault(problem, **values), found=text)
        record_id = derive_name_id(table, text)
        if not self._directory.knows(table, record_id):
            made = Area if table == "areas" else Unit
            self.made.append(
                made(id=record_id, name=text, draft=True, list_name=frame.list_name, list_row=row)
            )
            self.drafts[table] += 1
            self._directory.add(table, record_id, pending.text)
        return record_id

    def _add_divisions(self, code: str, frame: Frame, row: int) -> str:
        """Add an official area and those above it; gives their names from the top."""
        names = []
        current: str | None = code
        while current is not None:
            area = _divisions()[current]
            names.append(area.name)
            if not self._directory.knows("areas", current):
                place: dict[str, Any] = {"level": area.level, "parent": area.parent}
                record = Area(id=current, name=area.name, list_name=frame.list_name, list_row=row, **place)
                self.made.append(record)
                self._directory.add("areas", current, area.name, area.parent, area.level)
            current = area.parent
        return "/".join(reversed(names))


@cache
def _divisions() -> Mapping[str, divisions.Division]:
    return {area.code: area for area in divisions.shanghai_areas()}


def _is_unknown(found: Hit | Fault) -> bool:
    return type(found) is Fault and found.problem == "reference_unknown"


def official_code(text: str) -> str | None:
    """The official area that a text names: by its code, or the only district or sub-district of that name."""
    if text.isascii() and text.isdigit() and len(text) in (6, 9, 12):
        code = divisions.current_code(text)
        return code if code in _divisions() else None
    codes = [code for code in divisions.codes_of(text) if len(code) in (6, 9)]
    return codes[0] if len(codes) == 1 else None
