"""Cells put right by hand after a list was checked; the planner's file itself stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loaders.headers import Header
from loaders.problems import Problem
from loaders.tables import NumberedRow, Sheet

Mends = Mapping[tuple[str, str | None], Mapping[tuple[int, str], str]]
"""Per file and sheet: new texts by row (as a spreadsheet counts) and header as written."""


@dataclass(frozen=True, slots=True)
class MendedSheet:
    """A sheet some of whose cells hold another text.

    Attributes
    ----------
    sheet : Sheet
        As the file has it.
    cells : mapping
        New texts by row as counted and column from 0.
    """

    sheet: Sheet
    cells: Mapping[tuple[int, int], str]

    @property
    def file(self) -> str:
        """File as the planner knows it."""
        return self.sheet.file

    @property
    def name(self) -> str | None:
        """Sheet of a workbook."""
        return self.sheet.name

    @property
    def is_hidden(self) -> bool:
        """Whether the workbook hides it."""
        return self.sheet.is_hidden

    @property
    def merged_fills(self) -> frozenset[tuple[int, int]]:
        """Cells that only show the value of a merged cell above; a mended one has its own."""
        return self.sheet.merged_fills - self.cells.keys()

    def rows(self) -> Iterator[NumberedRow]:
        """Rows with their numbers, mended."""
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in self.cells.items():
            by_row.setdefault(row, {})[column] = text.strip()
        for number, cells in self.sheet.rows():
            if number in by_row:
                width = max(len(cells), max(by_row[number]) + 1)
                cells = [*cells, *[""] * (width - len(cells))]
                for column, text in by_row[number].items():
                    cells[column] = text
            yield number, cells

    def row_count(self) -> int:
        """How many rows there are; 0 where nobody has counted."""
        return self.sheet.row_count()

    def faults(self) -> list[Problem]:
        """What kept `rows` from reading everything."""
        return self.sheet.faults()


def mend_sheet(sheet: Sheet, header: Header, mends: Mends) -> Sheet:
    """A sheet with its mended cells; those above its header, or in columns that it hasn't, are left alone."""
    cells = {
        (row, header.titles.index(title)): text
        for (row, title), text in mends.get((sheet.file, sheet.name), {}).items()
        if row > header.row and title in header.titles
    }
    return MendedSheet(sheet, cells) if cells else sheet
