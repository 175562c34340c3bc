"""Rows of a list, read column by column: the texts of their cells, what they mean, what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from loaders.aliases import Aliases
from loaders.cells import EMPTY_CELLS, READERS, SECTIONS, CellCache, Reader, read_category, read_text
from loaders.columns import Column, is_personal, note_name
from loaders.counts import fold
from loaders.headers import Header, near_header
from loaders.problems import Fault, Problem, fault, make_problem
from loaders.tables import NumberedRow, Sheet

CHUNK_ROWS: Final = 16_384

_TOTAL: Final = re.compile(r"(?:合计|总计|小计|共计|总数|汇总|total|sum|grandtotal)[:：]?.*")
_FOOTNOTE: Final = re.compile(
    r"(?:注|说明|备注|填表|制表|填报|联系人|联系电话|日期|审核|负责人)[^,]{0,6}[:：].*"
)
_SECTION: Final = re.compile(
    r"(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])\s*[^\d\s].{0,20}"
)
_NO_ROW_STARTS: Final = frozenset("合总小共汇注说备填制联日审负一二三四五六七八九十（(tTsSgGＴ")
_PERSONAL_NUMBER: Final = re.compile(
    r"(?<![\dA-Za-z_])(?<!\d\.)(?:"
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"
    r")(?![\dA-Za-z_])"
)
_LAND_LINE: Final = re.compile(r"(?<![\dA-Za-z_.])(?:0\d{2,3}[- ]?\d{7,8}|[3-9]\d{7})(?![\dA-Za-z_.])")
_AS_WRITTEN: Final = frozenset({"liaison", "outline", "source", "target_table", "written", "meaning"})
# Whom a unit names to be called; shapes; where rows are from; what is said of words is checked elsewhere.

_MERGED_NUMBERS: Final = frozenset({"quantity", "capacity", "amount"})


class Scrubbed(str):
    """Text from which a phone or identity number was taken."""

    __slots__ = ()


def scrub(text: str, *, land_lines: bool = False) -> str:
    """Text without mobile and identity numbers (and land lines where asked), marked if any was taken."""
    clean = _PERSONAL_NUMBER.sub("", text)
    if land_lines:
        clean = _LAND_LINE.sub("", clean)
    return text if clean == text else Scrubbed(" ".join(clean.split()))


@dataclass(slots=True)
class Frame:
    """Some rows of one list, by column.

    Attributes
    ----------
    table : str
    list_name : str
        File and sheet.
    rows : list of int
        Number of each row, as a spreadsheet counts.
    texts : dict of str to list of str
        Per column name, what stands in the cells; empty where nothing does.
    values : dict of str to list
        Per column name, what the texts mean; None where the cell is empty or can't be read.
    notes : list of dict
        Further columns by name.
    refused : set of int
        Positions of rows that have an error.
    """

    table: str
    list_name: str
    rows: list[int]
    texts: dict[str, list[str]]
    values: dict[str, list[Any]]
    notes: list[dict[str, str]]
    refused: set[int]
    source: ListSource

    def report(
        self, position: int, column: str | None, found_fault: Fault, *, found: str | None = None
    ) -> None:
        """Note a problem of a row's cell; an error refuses the row."""
        if found is None:
            found = self.texts[column][position] if column in self.texts else ""
        problem = self.source.locate(found_fault, row=self.rows[position], column=column, found=found)
        if problem.severity == "error":
            self.refused.add(position)

    def column(self, name: str) -> list[Any]:
        """Values of a column, None in every row where the list has no such column."""
        values = self.values.get(name)
        return values if values is not None else [None] * len(self.rows)

    def text(self, name: str) -> list[str]:
        """Texts of a column, empty in every row where the list has no such column."""
        texts = self.texts.get(name)
        return texts if texts is not None else [""] * len(self.rows)


@dataclass(slots=True)
class ListSource:
    """A sheet with its header understood: gives frames, and locates problems."""

    sheet: Sheet
    header: Header
    problems: list[Problem]
    aliases: Aliases = field(default_factory=Aliases)
    note_columns: list[str] = field(default_factory=list)
    rows_refused: int = 0
    _caches: dict[str, CellCache] = field(default_factory=dict)
    _notes: list[tuple[int, str]] = field(default_factory=list)
    _section: str = ""
    _last_heading: str = ""

    def __post_init__(self) -> None:
        for column in self.header.columns.values():
            self._caches[column.name] = CellCache(self._reader(column))
        self._caches["*note"] = CellCache(
            lambda text: scrub(read_text(text), land_lines=self.table == "needs")
        )
        duplicates = dict(self.header.duplicates)
        for position, title in enumerate(self.header.titles):
            if position in self.header.columns or title in EMPTY_CELLS:
                continue
            if is_personal(self.table, title):
                self.locate(fault("personal_column"), row=self.header.row, column=title, number=position)
                continue
            self._notes.append((position, note_name(title)))
            self.note_columns.append(title)
            if position in duplicates:
                found = fault("duplicate_column", wanted=duplicates[position].label())
                self.locate(found, row=self.header.row, column=title, found=title, number=position)
            elif near := near_header(title, self.header):
                found = fault("unknown_column", nearest=near, list=self.sheet.name or self.sheet.file)
                self.locate(found, row=self.header.row, column=title, found=title, number=position)

    @property
    def table(self) -> str:
        """The list's table."""
        return self.header.table

    @property
    def list_name(self) -> str:
        """File, and sheet where it has one."""
        return f"{self.sheet.file} [{self.sheet.name}]" if self.sheet.name else self.sheet.file

    def locate(
        self,
        found_fault: Fault,
        *,
        row: int | None,
        column: str | None = None,
        found: str = "",
        number: int | None = None,
    ) -> Problem:
        """Note a problem at a row and column (the contract's name, or a header as written)."""
        if number is None and column is not None:
            number = self.header.position(column)
        title = column if number is None else self.header.titles[number]
        problem = make_problem(
            found_fault,
            file=self.sheet.file,
            sheet=self.sheet.name,
            row=row,
            column=title,
            found=str(scrub(found, land_lines=self.table == "needs")),
            column_number=number,
        )
        self.problems.append(problem)
        return problem

    def note_position(self, name: str) -> int | None:
        """Where the further column stands that is kept as a note of some name."""
        return next((position for position, note in self._notes if note == name), self.header.position(name))

    def holds(self, problem: Problem) -> bool:
        """Whether a problem is one of this list's."""
        return (problem.file, problem.sheet) == (self.sheet.file, self.sheet.name)

    def frames(self) -> Iterator[Frame]:
        """The rows in order, some thousand at a time; blank, total and repeated header rows left out."""
        chunk: list[NumberedRow] = []
        sections: list[str] = []
        for row in self._data_rows():
            chunk.append(row)
            sections.append(self._section)
            if len(chunk) >= CHUNK_ROWS:
                yield self._frame(chunk, sections)
                chunk, sections = [], []
        if chunk:
            yield self._frame(chunk, sections)
        for problem in self.sheet.faults():
            if problem not in self.problems:
                self.problems.append(problem)

    def _data_rows(self) -> Iterator[NumberedRow]:
        titles = list(self.header.titles)
        width = len(titles)
        for number, cells in self.sheet.rows():
            if number <= self.header.row:
                continue
            first = next(filter(None, cells), "")
            if not first or (first in titles and cells[:width] == titles):
                continue
            if (
                first[0] in _NO_ROW_STARTS
                and len(first) < 60
                and self._is_no_row(first, [c for c in cells if c])
            ):
                continue
            yield number, cells if len(cells) >= width else cells + [""] * (width - len(cells))

    def _is_no_row(self, first: str, filled: Sequence[str]) -> bool:
        """Whether a row is a total, a footnote or a section's heading (一、养老助老), which is remembered."""
        if len(filled) > 1:
            return _TOTAL.fullmatch(fold(first)) is not None and len(first) < 8
        if _TOTAL.fullmatch(fold(first)) or _FOOTNOTE.fullmatch(first):
            return True
        if len(self.header.columns) > 2 and _SECTION.fullmatch(first) and "list_category" not in self._caches:
            self._section = first
            return True
        return False

    def _frame(self, chunk: list[NumberedRow], sections: list[str]) -> Frame:
        rows = [number for number, _ in chunk]
        cells = [row for _, row in chunk]
        frame = Frame(self.table, self.list_name, rows, {}, {}, [{} for _ in rows], set(), self)
        for position, column in self.header.columns.items():
            texts = [row[position] if row[position] not in EMPTY_CELLS else "" for row in cells]
            if column.name == "list_category" and self.table != "categories":
                texts = self._fill_down(texts)
            frame.texts[column.name] = texts
            self._read(frame, column, texts)
        if "list_category" not in frame.texts and any(sections):
            frame.texts["list_category"] = sections
            frame.values["list_category"] = [section or None for section in sections]
        self._read_notes(frame, cells)
        self._check_merged(frame)
        return frame

    def _read(self, frame: Frame, column: Column, texts: list[str]) -> None:
        cache = self._caches[column.name]
        values = [cache[text] if text else None for text in texts]
        frame.values[column.name] = values
        if cache.has_faults:
            for position, value in enumerate(values):
                if type(value) is Fault:
                    values[position] = None
                    frame.report(position, column.name, value)
                elif type(value) is Scrubbed:
                    # Ids and what is said of the row follow from what is kept.
                    texts[position] = str(value)
                    values[position] = texts[position] or None
                    frame.report(position, column.name, fault("personal_cell"), found="")
        if column.is_required and column.name != "category":
            for position, text in enumerate(texts):
                if not text:
                    frame.report(position, column.name, required_empty(column))

    def _read_notes(self, frame: Frame, cells: list[list[str]]) -> None:
        cache = self._caches["*note"]
        for position, name in self._notes:
            title = self.header.titles[position]
            for index, row in enumerate(cells):
                text = row[position]
                if text and text not in EMPTY_CELLS:
                    value = cache[text]
                    if type(value) is Fault:
                        continue
                    if type(value) is Scrubbed:
                        self.locate(
                            fault("personal_cell"), row=frame.rows[index], column=title, number=position
                        )
                    if value:
                        frame.notes[index][name] = str(value)

    def _check_merged(self, frame: Frame) -> None:
        fills = self.sheet.merged_fills
        if not fills:
            return
        for position, column in self.header.columns.items():
            if column.reader in _MERGED_NUMBERS:
                for index, row in enumerate(frame.rows):
                    if (row, position) in fills and index not in frame.refused:
                        frame.report(index, column.name, fault("merged_number"))

    def _fill_down(self, texts: list[str]) -> list[str]:
        filled = []
        for text in texts:
            self._last_heading = text or self._last_heading
            filled.append(self._last_heading)
        return filled

    def _reader(self, column: Column) -> Reader:
        reader = READERS[column.reader]
        if column.reader == "category":
            return self._read_category
        if column.reader != "text" or column.name in _AS_WRITTEN:
            return reader

        def read_clean(text: str) -> str:
            # A land line in a list of units or of what they offer is an office's own.
            cleaned = scrub(read_text(text), land_lines=self.table == "needs")
            if type(cleaned) is Scrubbed:
                self._caches[column.name].has_faults = True
            return cleaned

        return read_clean

    def _read_category(self, text: str) -> str | Fault:
        """A category by its own words, else by what somebody once said that the text means."""
        category = read_category(text)
        meant = self.aliases.categories.get(fold(text)) if isinstance(category, Fault) else None
        return read_category(meant) if meant is not None else category


def required_empty(column: Column) -> Fault:
    """An empty cell in a column that must be filled."""
    section = SECTIONS.get(column.reader)
    given = {"wanted": column.label()} | ({"section": section} if section is not None else {})
    return fault("required_empty", **given)


def first_rows(sheet: Sheet, most: int) -> list[NumberedRow]:
    """The first rows of a sheet."""
    return list(islice(sheet.rows(), most))
