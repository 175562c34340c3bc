"""Reading lists in tests, by the readers and cell by cell."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from graph.model import Area, CategoryRule, Record, table_of
from loaders import Known, Reading, read
from tests.loaders.lists import Tables, write_folder

Cells = list[list[Any]]


def records_of(reading: Reading, record_type: type[Record]) -> list[Any]:
    return [record for record in reading.records if isinstance(record, record_type)]


def codes(reading: Reading) -> list[str]:
    return [problem.problem for problem in reading.report.problems]


def read_tables(tmp_path: Path, tables: Tables, known: Known | None = None) -> Reading:
    return read([write_folder(tmp_path / f"lists-{len(list(tmp_path.iterdir()))}", tables)], known)


def as_known(reading: Reading) -> Known:
    """What a store would know after writing a reading."""
    names: dict[str, list[tuple[str, str, str | None]]] = {}
    for record in reading.records:
        name = getattr(record, "name", None) or getattr(record, "title", "")
        parent = getattr(record, "parent", None) or getattr(record, "area", None)
        names.setdefault(table_of(record), []).append((record.id, name, parent))
    return Known(
        names=names,
        category_rules={rule.list_category: rule.category for rule in records_of(reading, CategoryRule)},
        areas={area.id: area for area in records_of(reading, Area)},
    )


def read_folder(folder: Path) -> dict[str, Cells]:
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            tables[path.stem] = list(csv.reader(file))
    return tables


def read_book(path: Path) -> dict[str, Cells]:
    book = load_workbook(path)
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets}


def as_text(cell: Any) -> str:
    """How CSV writes what a workbook holds as a number or a date."""
    if cell is None:
        return ""
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)
