"""Cells of an XLSX file that fast readers show as empty: formulas with an error or without a result."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_CELL: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>/]*)>(.*?)</c>', re.DOTALL)
_ERROR_TYPE: Final = re.compile(rb'\bt="e"')
_TEXT_TYPE: Final = re.compile(rb'\bt="str"')
_RESULT: Final = re.compile(rb"<v>([^<]+)")
NO_RESULT: Final = "#ERROR!"
"""What a cell reads as whose formula was never calculated, or gives an error that nobody knows."""

ERRORS: Final = frozenset(
    {NO_RESULT, "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"}
)
"""What a spreadsheet shows in the place of a result."""


def unshown_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Per sheet, the cells (row and column from 0) whose formula gives an error or was never calculated.

    Each with the error as the spreadsheet shows it.

    A file that isn't built as the standard says gives nothing: its sheets are read by another library,
    which refuses what it can't read.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name, part in _parts(archive).items():
                body = archive.read(part)
                if b"<f" in body or b't="e"' in body:
                    found[name] = _unshown(body)
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return found
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path of its part in the archive."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(f"{_PACKAGE}Relationship")}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    parts = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_OFFICE}id"), "")
        if target:
            parts[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _unshown(body: bytes) -> dict[tuple[int, int], str]:
    cells = {}
    for match in _CELL.finditer(body):
        letters, row, attributes, content = match.groups()
        is_error = _ERROR_TYPE.search(attributes) is not None
        is_text = _TEXT_TYPE.search(attributes) is not None
        result = _RESULT.search(content)
        if is_error or (b"<f" in content and not is_text and not result):
            column = 0
            for letter in letters.decode("ascii"):
                column = column * 26 + ord(letter) - ord("A") + 1
            shown = result[1].decode("utf-8", "replace").strip() if result else NO_RESULT
            cells[int(row) - 1, column - 1] = shown if shown in ERRORS else NO_RESULT
    return cells
