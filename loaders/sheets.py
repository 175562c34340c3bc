"""Workbooks: lists a sheet each, and claim sheets (认领表) that print on A4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from loaders.neutral import neutralise, unique_names

Cell = str | int | float | None
Row = Sequence[Cell]

MOST_ROWS: Final = 1_048_576
"""Rows that an Excel sheet holds."""

SHEETS_A_BOOK: Final = 200
"""Claim sheets in one workbook; more go into further ones."""

_LONGEST_NAME: Final = 31
_LONGEST_CELL: Final = 32_767
_WIDEST: Final = 40

CLAIM_COLUMNS: Final[Mapping[str, tuple[tuple[str, str, int], ...]]] = {
    "unit": (
        ("serial", "序号", 6),
        ("area_name", "居民区", 14),
        ("category", "类别", 10),
        ("title", "内容", 22),
        ("places", "项次", 6),
        ("times_zh", "时段", 16),
        ("note", "备注", 16),
    ),
    "area": (
        ("serial", "序号", 6),
        ("unit_name", "单位", 18),
        ("category", "类别", 10),
        ("title", "内容", 22),
        ("places", "项次", 6),
        ("times_zh", "时段", 14),
        ("note", "备注", 14),
    ),
}
"""Columns of a claim sheet, with their widths in characters: by unit, and by neighbourhood."""

TITLE: Final = "认领表"
SIGNATURE: Final = "联络员签字："


class TooManyRowsError(ValueError):
    """A table has more rows than an Excel sheet holds; `sheet` is what its sheet would be called."""

    def __init__(self, sheet: str) -> None:
        super().__init__(f"{sheet} has more rows than an Excel sheet holds ({MOST_ROWS})")
        self.sheet = sheet


def write_workbook(path: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """Write tables as a workbook, a sheet each, row by row; the first row of each is its header.

    Raises
    ------
    TooManyRowsError
        If a table has more rows than a sheet holds.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = openpyxl.Workbook(write_only=True)
    for name, (label, rows) in zip(unique_names(list(tables), _LONGEST_NAME), tables.items(), strict=True):
        page = book.create_sheet(name)
        page.freeze_panes = "A2"
        for number, row in enumerate(rows):
            if number >= MOST_ROWS:
                for written in book.worksheets:
                    written.close()
                raise TooManyRowsError(label)
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, value=plain_cell(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            page.append(cells)
    save_book(book, path)


def save_book(book: Any, path: Path) -> None:
    """Save a workbook in one piece.

    On a full disk the packing itself would fail half way, and complain once more of every sheet left open.

    Raises
    ------
    OSError
        If the file can't be written.
    """
    content = BytesIO()
    book.save(content)
    path.write_bytes(content.getbuffer())


def plain_cell(value: Cell) -> Cell:
    """A value as a cell may hold it: text neutralised and no longer than Excel takes."""
    return neutralise(_printable(value))[:_LONGEST_CELL] if isinstance(value, str) else value


def _printable(text: str) -> str:
    """Text without control characters that a workbook can't hold."""
    return text if text.isprintable() else "".join(c for c in text if c in "\t\n\r" or ord(c) >= 32)


def claim_rows(sheet: Mapping[str, Any], by: str) -> list[list[Cell]]:
    """The rows of one claim sheet under their header, numbered."""
    columns = CLAIM_COLUMNS[by]
    rows: list[list[Cell]] = [[title for _, title, _ in columns]]
    for serial, row in enumerate(sheet["rows"], start=1):
        rows.append([serial if name == "serial" else row[name] for name, _, _ in columns])
    return rows


def write_claim_sheets(folder: Path, name: str, document: Mapping[str, Any]) -> list[Path]:
    """Write claim sheets as workbooks that print on A4 upright, one unit (or neighbourhood) a sheet.

    Parameters
    ----------
    folder : Path
    name : str
        File name without its ending; further workbooks get `-2`, `-3`.
    document : mapping
        `round`, `period` {from, to}, `revision`, `by` and `sheets`, as `/v1/claim-sheets` gives it.
    """
    import openpyxl

    files = []
    sheets = document["sheets"]
    for start in range(0, len(sheets), SHEETS_A_BOOK):
        book = openpyxl.Workbook()
        book.remove(book.active)
        part = sheets[start : start + SHEETS_A_BOOK]
        names = unique_names([sheet["name"] for sheet in part], _LONGEST_NAME)
        for page_name, sheet in zip(names, part, strict=True):
            _fill_claim_sheet(book.create_sheet(page_name), document, sheet)
        number = start // SHEETS_A_BOOK + 1
        file = folder / f"{name}{'' if number == 1 else f'-{number}'}.xlsx"
        save_book(book, file)
        files.append(file)
    return files


def _fill_claim_sheet(page: Any, document: Mapping[str, Any], sheet: Mapping[str, Any]) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    columns = CLAIM_COLUMNS[document["by"]]
    last = get_column_letter(len(columns))
    period = document["period"]
    about = f"轮次 {document['round']}    {period['from']}至{period['to']}    第{document['revision']}版"
    for number, text, size in ((1, f"{sheet['name']} {TITLE}", 14), (2, about, 10)):
        page.merge_cells(f"A{number}:{last}{number}")
        page.cell(number, 1, plain_cell(text)).font = Font(bold=number == 1, size=size)
    thin = Side(style="thin", color="000000")
    header_row = 3
    for number, row in enumerate(claim_rows(sheet, document["by"]), start=header_row):
        for position, value in enumerate(row, start=1):
            cell = page.cell(number, position)
            cell.value = plain_cell(value)
            if isinstance(value, str):
                cell.data_type = "s"
            is_number = isinstance(value, int)
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", horizontal="right" if is_number else "left"
            )
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(bold=number == header_row, size=10)
    end = header_row + len(sheet["rows"]) + 1
    page.cell(end, 1, f"合计{sheet['total_places']}项次").font = Font(size=10)
    page.cell(end + 2, 1, f"{SIGNATURE}________________    日期：________________").font = Font(size=11)
    for position, (_, _, width) in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = width
    _set_page(page, f"A1:{last}{end + 2}", header_row, about)


def _set_page(page: Any, area: str, header_row: int, about: str) -> None:
    """A4 upright, as wide as the paper, header row repeated, what it is and page n/m in the footer."""
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = page.ORIENTATION_PORTRAIT
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_area = area
    page.print_title_rows = f"{header_row}:{header_row}"
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.5
    page.oddFooter.left.text = about.replace("&", "&&")
    page.oddFooter.right.text = "第 &P/&N 页"
    page.freeze_panes = f"A{header_row + 1}"
