"""Writing tables the way an office keeps them: a title above the header, merged cells, a sheet a list."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders.sheets import save_book
from loaders.write import replacing

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | date | None

MAX_SHEET_ROWS = 1_048_576
"""Rows of an Excel sheet, its header included."""

_LONGEST_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """One list of an office.

    Attributes
    ----------
    table
        The table's name in the model (``units``, ``needs`` ...).
    name
        The sheet's name, and its file's without the ending.
    above
        The lines above the header, the title first, each in its row's first cell.
    headers
        Column headers.
    rows
        Cells by row; a merged column holds its value in every row here.
    merged
        The header of the column whose equal neighbours form one cell, or None.
    """

    table: str
    name: str
    above: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    merged: str | None = None

    @property
    def first_row(self) -> int:
        """Row of the first record as a spreadsheet counts."""
        return len(self.above) + 2

    def runs(self) -> Iterator[tuple[int, int]]:
        """Give first and last index of each run of rows that share one merged cell."""
        if self.merged is None:
            return
        column = self.headers.index(self.merged)
        start = 0
        for index in range(1, len(self.rows) + 1):
            if index == len(self.rows) or self.rows[index][column] != self.rows[start][column]:
                yield start, index - 1
                start = index

    def written_rows(self) -> list[list[Cell]]:
        """Give the records as they are written: a merged cell's value only in its first row."""
        written = [list(row) for row in self.rows]
        if self.merged is not None:
            column = self.headers.index(self.merged)
            for first, last in self.runs():
                for index in range(first + 1, last + 1):
                    written[index][column] = None
        return written


def is_workbook(path: Path) -> bool:
    """Say whether a path names a workbook; any other path is a folder of CSV tables."""
    return path.suffix.lower() == ".xlsx"


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write an office's lists as one workbook, or as a folder of CSV tables.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx``, or a folder, which is made where it is missing.
    sheets
        The lists; both forms hold the same cells.
    """
    if is_workbook(path):
        _write_workbook(path, sheets)
    else:
        path.mkdir(parents=True, exist_ok=True)
        for sheet in sheets:
            _write_csv(path / f"{sheet.name}.csv", sheet)


def _write_csv(path: Path, sheet: Sheet) -> None:
    # The byte-order mark is what makes Excel read a CSV as UTF-8; office files carry it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        padding = [""] * (len(sheet.headers) - 1)
        for line in sheet.above:
            writer.writerow([line, *padding])
        writer.writerow(sheet.headers)
        for row in sheet.written_rows():
            writer.writerow(["" if cell is None else cell for cell in row])


def _write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill_worksheet(book.create_sheet(sheet.name), sheet)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as fresh:
        save_book(book, fresh)


def _fill_worksheet(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font

    for line in sheet.above:
        page.append([line])
        page.merge_cells(
            start_row=page.max_row, end_row=page.max_row, start_column=1, end_column=len(sheet.headers)
        )
    page["A1"].font = Font(bold=True, size=14)
    page["A1"].alignment = Alignment(horizontal="center")
    page.append(list(sheet.headers))
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for row in sheet.written_rows():
        page.append(row)
    if sheet.merged is not None:
        column = sheet.headers.index(sheet.merged) + 1
        for first, last in sheet.runs():
            top, bottom = sheet.first_row + first, sheet.first_row + last
            if bottom > top:
                page.merge_cells(start_row=top, end_row=bottom, start_column=column, end_column=column)
            page.cell(top, column).alignment = Alignment(vertical="center")
    page.freeze_panes = page.cell(sheet.first_row, 1)
    _set_widths(page, sheet)


def _set_widths(page: Any, sheet: Sheet) -> None:
    from openpyxl.utils import get_column_letter

    for index, header in enumerate(sheet.headers):
        longest = max((len(str(row[index])) for row in sheet.rows if row[index] is not None), default=0)
        # A Chinese character is about two digits wide.
        width = min(2 * max(len(header), longest) + 2, _LONGEST_WIDTH)
        page.column_dimensions[get_column_letter(index + 1)].width = width
