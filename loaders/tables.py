"""Tables as files hold them: every cell as text, rows numbered as a spreadsheet counts them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from loaders.neutral import restore_row
from loaders.problems import Problem, fault, make_problem
from loaders.xlsx_errors import unshown_cells

Row = list[str]
NumberedRow = tuple[int, Row]

CSV_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
GEOJSON_SUFFIXES: Final = frozenset({".geojson", ".json"})

_CHUNK_BYTES: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_LISTS: Final = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP, DOCX, PPTX"),
    (b"\xd0\xcf\x11\xe0", "DOC, PPT"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"\x1f\x8b", "GZIP"),
)
_DELIMITERS: Final = (",", "\t", ";", "，")
_EXACT_FLOAT: Final = 1e15


class Sheet(Protocol):
    """One table of a source, before anybody knows what it lists."""

    @property
    def file(self) -> str:
        """File as the planner knows it."""

    @property
    def name(self) -> str | None:
        """Sheet of a workbook; None for a file that is one table."""

    @property
    def is_hidden(self) -> bool:
        """Whether the workbook hides it."""

    @property
    def merged_fills(self) -> frozenset[tuple[int, int]]:
        """Cells (row as counted, column from 0) that only show the value of a merged cell above."""

    def rows(self) -> Iterator[NumberedRow]:
        """Rows with their numbers, from the first; each call reads again."""

    def row_count(self) -> int:
        """How many rows there are; 0 where nobody has counted."""

    def faults(self) -> list[Problem]:
        """What kept `rows` from reading everything."""


@dataclass(slots=True)
class CsvSheet:
    """A file of separated values in UTF-8, GB18030 or UTF-16; delimiter and encoding are sniffed."""

    path: Path
    file: str
    name: str | None = None
    is_hidden: bool = False
    merged_fills: frozenset[tuple[int, int]] = frozenset()
    _problems: list[Problem] = field(default_factory=list)
    _encoding: str | None = None
    _delimiter: str = ","

    def __post_init__(self) -> None:
        try:
            kind = sniff_binary(self.path)
            if kind is not None:
                self._problems.append(make_problem(fault("file_no_list", heading=kind), file=self.file))
                return
            self._encoding = sniff_encoding(self.path)
        except OSError:
            self._problems.append(make_problem(fault("file_unreadable"), file=self.file))
            return
        if self._encoding is None:
            self._problems.append(make_problem(fault("encoding_unreadable"), file=self.file))
            return
        with self.path.open(encoding=self._encoding, newline="") as stream:
            self._delimiter = sniff_delimiter(stream.read(16_384))

    def rows(self) -> Iterator[NumberedRow]:
        """Rows with their numbers, from the first."""
        if self._encoding is None:
            return
        number = 0
        with self.path.open(encoding=self._encoding, newline="") as stream:
            try:
                for number, row in enumerate(csv.reader(stream, delimiter=self._delimiter), start=1):
                    yield number, restore_row(list(map(str.strip, row)))
            except csv.Error:
                problem = make_problem(fault("row_broken"), file=self.file, row=number + 1)
                if problem not in self._problems:
                    self._problems.append(problem)

    def row_count(self) -> int:
        """Nobody has counted."""
        return 0

    def faults(self) -> list[Problem]:
        """What couldn't be opened, or read to the end."""
        return list(self._problems)


@dataclass(slots=True)
class WorkbookSheet:
    """One sheet of a workbook, merged cells filled downwards."""

    file: str
    name: str | None
    is_hidden: bool
    cells: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    unshown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged_fills: frozenset[tuple[int, int]] = field(init=False)
    _filled: dict[tuple[int, int], Any] = field(init=False)

    def __post_init__(self) -> None:
        fills: dict[tuple[int, int], Any] = {}
        for (top, left), (bottom, _right) in self.merged:
            if bottom > top and top < len(self.cells) and left < len(self.cells[top]):
                value = self.cells[top][left]
                if value != "":
                    fills.update({(row, left): value for row in range(top + 1, bottom + 1)})
        self._filled = fills
        self.merged_fills = frozenset((row + 1, column) for row, column in fills)

    def rows(self) -> Iterator[NumberedRow]:
        """Rows with their numbers, from the first."""
        filled_rows = {row for row, _ in self._filled} | {row for row, _ in self.unshown}
        for index, values in enumerate(self.cells):
            texts = [value.strip() if type(value) is str else as_text(value) for value in values]
            if index in filled_rows:
                for column in range(len(texts)):
                    if (index, column) in self._filled:
                        texts[column] = as_text(self._filled[index, column])
                    if (index, column) in self.unshown:
                        texts[column] = self.unshown[index, column]
            yield index + 1, restore_row(texts)

    def row_count(self) -> int:
        """Rows of the sheet."""
        return len(self.cells)

    def faults(self) -> list[Problem]:
        """None: an opened workbook is read whole."""
        return []


def as_text(value: Any) -> str:
    """A workbook's value as the text that a CSV would have: whole numbers without a point, ISO dates.

    A whole number too large for a float to hold exactly keeps its exponent, so that an id which lost
    its last digits can be told.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        number = float(value)
        if not number.is_integer():
            return repr(number)
        return str(int(number)) if abs(number) < _EXACT_FLOAT else f"{number:.14E}"
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "" if value is None else str(value).strip()


def sniff_binary(path: Path) -> str | None:
    """What a file is that holds no text, by its first bytes or its suffix; None if it may hold text.

    Raises
    ------
    OSError
        If the file can't be read.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, kind in _NO_LISTS:
        if head.startswith(mark):
            return kind
    is_text = path.suffix.lower() in CSV_SUFFIXES or any(head.startswith(mark) for mark, _ in _BOMS)
    return None if is_text or b"\x00" not in head else path.suffix.lstrip(".").upper() or "?"


def sniff_encoding(path: Path) -> str | None:
    """Encoding of a text file: by its mark, else UTF-8 if it all reads so, else GB18030; None if neither.

    Raises
    ------
    OSError
        If the file can't be read.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                if "\x00" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def sniff_delimiter(text: str) -> str:
    """The delimiter that splits the first rows into the most cells, comma where none does."""

    def width(delimiter: str) -> int:
        try:
            rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), 30))
        except csv.Error:
            return 0
        widths = sorted((len(row) for row in rows if row), reverse=True)
        return widths[len(widths) // 2] if widths else 0

    return max(_DELIMITERS, key=width)


def open_sheets(paths: Iterable[Path], problems: list[Problem]) -> Iterator[Sheet]:
    """Every table of some files and folders; what can't be opened becomes a problem.

    Folders are read in order of name, one level deep; files of other kinds in them are left alone.
    """
    seen: set[Path] = set()
    for path, label in _files(paths):
        resolved = path.resolve()
        if resolved in seen:
            continue
        seen.add(resolved)
        suffix = path.suffix.lower()
        if suffix in WORKBOOK_SUFFIXES:
            yield from _open_workbook(path, label, problems)
        elif suffix not in GEOJSON_SUFFIXES:
            sheet = CsvSheet(path, label)
            problems.extend(sheet.faults())
            if not sheet.faults():
                yield sheet


def geojson_files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """GeoJSON files among some files and folders, each with the name a planner knows it by."""
    return [(path, label) for path, label in _files(paths) if path.suffix.lower() in GEOJSON_SUFFIXES]


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    readable = CSV_SUFFIXES | WORKBOOK_SUFFIXES | GEOJSON_SUFFIXES
    for path in paths:
        if not path.is_dir():
            yield path, path.name
            continue
        for inner in sorted(path.iterdir()):
            is_temporary = inner.name.startswith((".", "~$"))
            if inner.is_file() and inner.suffix.lower() in readable and not is_temporary:
                yield inner, inner.name


def _open_workbook(path: Path, label: str, problems: list[Problem]) -> Iterator[WorkbookSheet]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(path)
    except (OSError, ValueError, python_calamine.CalamineError):
        problems.append(make_problem(fault("file_unreadable"), file=label))
        return
    with book:
        unshown = unshown_cells(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else {}
        for meta in book.sheets_metadata:
            if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            yield WorkbookSheet(
                file=label,
                name=meta.name,
                is_hidden=meta.visible is not python_calamine.SheetVisibleEnum.Visible,
                cells=sheet.to_python(skip_empty_area=False),
                merged=sheet.merged_cell_ranges or [],
                unshown=unshown.get(meta.name, {}),
            )
