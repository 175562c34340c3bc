"""The planner's own file back, its bad cells coloured and with the remedy as a comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from loaders.problems import Language, Problem, catalogue
from loaders.report import LoadReport
from loaders.sheets import save_book
from loaders.tables import CsvSheet, Sheet, WorkbookSheet, open_sheets
from loaders.write import replacing

_FILLS: Final = {"error": "FFF4B6B0", "warning": "FFFBE3AE"}
_MOST_ROWS: Final = 50_000
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t")
_ILLEGAL: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
_TITLE: Final = {"zh": "问题", "en": "Problems"}
_HEADERS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("文件", "工作表", "行", "列", "问题", "这一行", "现在写的", "应为", "怎么办"),
    "en": ("File", "Sheet", "Row", "Column", "Problem", "The row is", "Found", "Expected", "Remedy"),
}
_KEPT: Final = {"zh": {"error": "未载入", "warning": "已载入"}, "en": {"error": "refused", "warning": "kept"}}
_WIDTHS: Final = (18, 16, 7, 14, 26, 9, 20, 30, 44)

_Place = tuple[str, str | None]


def write_marked(
    paths: Sequence[Path | str], report: LoadReport, target: Path | str, *, language: Language = "zh"
) -> None:
    """Write a source back as one workbook with its problems marked.

    A single XLSX keeps its styles; of other sources values and merged cells are written, a sheet for each
    list, as text where they would be formulas. The first sheet lists every problem with a link to its cell.
    Of a list of more than 50,000 rows only those with problems are written, each after its row number.

    Parameters
    ----------
    paths : sequence of Path
        What was read.
    report : LoadReport
        What reading it found.
    target : Path
        An .xlsx file, written anew.
    language : str
        Of the comments and of the list of problems.
    """
    import openpyxl

    files = [Path(path) for path in paths]
    by_place: dict[_Place, list[Problem]] = {}
    for problem in report.problems:
        by_place.setdefault((problem.file, problem.sheet), []).append(problem)
    first_rows: dict[_Place, dict[int, int]] = {}
    titles: dict[_Place, str] = {}
    if len(files) == 1 and files[0].suffix.lower() in {".xlsx", ".xlsm"}:
        book = openpyxl.load_workbook(files[0])
        titles = {(files[0].name, name): name for name in book.sheetnames}
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for sheet in open_sheets(files, []):
            place = (sheet.file, sheet.name)
            titles[place] = _free_title(book, sheet.name or Path(sheet.file).stem)
            first_rows[place] = _copy(book.create_sheet(titles[place]), sheet, by_place.get(place, []))
    for place, problems in by_place.items():
        if place in titles:
            _mark(book[titles[place]], problems, first_rows.get(place), language)
    _list_problems(book, report.problems, titles, first_rows, language)
    with replacing(Path(target)) as fresh:
        save_book(book, fresh)


def _copy(page: Any, sheet: Sheet, problems: list[Problem]) -> dict[int, int]:
    """Copy a sheet's values; gives the row in the copy of each original row, empty where they agree."""
    is_long = sheet.row_count() > _MOST_ROWS or (isinstance(sheet, CsvSheet) and _is_long(sheet))
    wanted = {problem.row for problem in problems} if is_long else None
    moved: dict[int, int] = {}
    for number, cells in sheet.rows():
        if wanted is None:
            row, shown = number, cells
        elif number in wanted or number == 1:
            row, shown = len(moved) + 1, [str(number), *cells]
            moved[number] = row
        else:
            continue
        for column, text in enumerate(shown, start=1):
            if text:
                _put(page.cell(row, column), text)
    if isinstance(sheet, WorkbookSheet) and wanted is None:
        for (top, left), (bottom, right) in sheet.merged:
            page.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    return moved


def _is_long(sheet: CsvSheet) -> bool:
    return any(number > _MOST_ROWS for number, _ in sheet.rows())


def _put(cell: Any, text: str) -> None:
    """Write text as text: nothing in a planner's list may become a formula."""
    cell.value = text.translate(_ILLEGAL)[:32_767]
    if text.startswith(_FORMULA_STARTS):
        cell.data_type = "s"
        cell.quotePrefix = True


def _mark(page: Any, problems: list[Problem], moved: dict[int, int] | None, language: Language) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    remarks: dict[tuple[int, int], list[Problem]] = {}
    for problem in problems:
        if problem.row is not None:
            remarks.setdefault(_cell_of(problem, moved), []).append(problem)
    for (row, column), found in remarks.items():
        cell = page.cell(row, column)
        if isinstance(cell, MergedCell):
            corner = next((area for area in page.merged_cells.ranges if cell.coordinate in area), None)
            cell = page.cell(corner.min_row, corner.min_col) if corner is not None else cell
        severity = "error" if any(problem.severity == "error" for problem in found) else "warning"
        cell.fill = PatternFill("solid", fgColor=_FILLS[severity])
        lines = [_remark(problem, language) for problem in found]
        if cell.comment is not None:
            lines.insert(0, cell.comment.text)
        comment = Comment("\n".join(dict.fromkeys(lines)), "linli")
        comment.width, comment.height = 320, 40 + 40 * len(lines)
        cell.comment = comment


def _remark(problem: Problem, language: Language) -> str:
    shown = problem.as_json(language)
    expected = (
        f"{'应为' if language == 'zh' else 'Expected'} {shown['expected']}" if shown["expected"] else ""
    )
    title = catalogue()[problem.problem].title[language]
    return (
        ("。" if language == "zh" else ". ").join(part for part in (title, expected, shown["remedy"]) if part)
    ).strip()


def _cell_of(problem: Problem, moved: dict[int, int] | None) -> tuple[int, int]:
    assert problem.row is not None
    column = (problem.column_number or 0) + 1
    return (moved[problem.row], column + 1) if moved else (problem.row, column)


def _list_problems(
    book: Any,
    problems: Sequence[Problem],
    titles: Mapping[_Place, str],
    moved: Mapping[_Place, dict[int, int]],
    language: Language,
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink

    page = book.create_sheet(_free_title(book, _TITLE[language]), 0)
    page.append(list(_HEADERS[language]))
    for problem in problems:
        shown = problem.as_json(language)
        row = page.max_row + 1
        texts = (
            problem.file, problem.sheet or "", problem.row, problem.column or "",
            catalogue()[problem.problem].title[language], _KEPT[language][problem.severity],
            problem.found, shown["expected"], shown["remedy"],
        )  # fmt: skip
        for column, value in enumerate(texts, start=1):
            if isinstance(value, int):
                page.cell(row, column).value = value
            elif value:
                _put(page.cell(row, column), value)
        page.cell(row, 6).fill = PatternFill("solid", fgColor=_FILLS[problem.severity])
        place = (problem.file, problem.sheet)
        if place in titles and problem.row is not None:
            target_row, target_column = _cell_of(problem, moved.get(place))
            title = titles[place].replace("'", "''")
            cell = page.cell(row, 3)
            location = f"'{title}'!{get_column_letter(target_column)}{target_row}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
            cell.font = Font(underline="single", color="FF0B5CAD")
    for index, width in enumerate(_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(index)].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center")
    page.freeze_panes = "A2"
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False


def _free_title(book: Any, wanted: str) -> str:
    """A sheet title that Excel allows and the book doesn't have yet."""
    clean = "".join("_" if char in "[]:*?/\\" else char for char in wanted)[:28] or "list"
    title, number = clean, 1
    while title in book.sheetnames:
        number += 1
        title = f"{clean}-{number}"
    return title
