"""Lists that wait to be loaded: checked, mended cell by cell, and loaded as one revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.services.edits import as_language
from api.services.errors import NothingReadError
from api.services.loads import keep_reading
from api.services.unnamed import unnamed_lists

if TYPE_CHECKING:
    from graph.model import Record
    from graph.store import Store
    from loaders import Reading
    from loaders.mend import Mends
    from loaders.report import ListRead

Json = dict[str, Any]

MOST_GRID_ROWS: Final = 2_000
"""So many rows with problems are shown to be mended; the marked file has them all."""


def read_files(store: Store, files: Sequence[Path], mended: Mends, said: Sequence[Record] = ()) -> Reading:
    """Read lists, some of their cells put right, against what a store knows and somebody said."""
    from loaders import Known, read

    return read(list(files), Known.from_store(store).and_said(said), mended=mended)


def check_report(
    store: Store,
    files: Sequence[Path],
    mended: Mends,
    reading: Reading,
    said: Sequence[Record] = (),
    *,
    language: str = "zh",
) -> Json:
    """What loading would do, list by list, with the rows that have problems as they stand.

    Returns
    -------
    dict
        The document of `linli load --dry-run`, `tables` [{table, sheet, file, rows, kept, refused}],
        `grid` [{file, sheet, row, cells {header: text}, problems [indexes]}], and `unnamed`; see
        `api.services.unnamed`.
    """
    try:
        document = keep_reading(store, reading, dry_run=True, language=language)
    except NothingReadError as error:
        # Nothing could be loaded, which is what the page is about to show.
        problems = error.details["problems"]
        document = {"kept": {}, "unchanged": {}, "refused": reading.report.refused, "problems": problems}
        document["unread"] = []
    document["tables"] = [
        {
            "table": item.table,
            "sheet": item.sheet,
            "file": item.file,
            "rows": item.rows,
            "kept": item.rows - item.refused,
            "refused": item.refused,
        }
        for item in reading.report.lists
    ]
    document["grid"] = _grid(files, mended, reading)
    document["unnamed"] = unnamed_lists(files, reading.report, said)
    return document


def load_reading(
    store: Store,
    reading: Reading,
    said: Sequence[Record] = (),
    *,
    replace: bool,
    language: str = "zh",
) -> Json:
    """Load what was read, and remember what was said, as one revision.

    Raises
    ------
    NothingReadError
        If no list among them could be read.
    """
    brought = {(type(record), record.id) for record in reading.records}
    remembered = [record for record in said if (type(record), record.id) not in brought]
    reading = replace_fields(reading, records=[*reading.records, *remembered])
    return keep_reading(store, reading, replace=replace, language=language)


def write_marked_file(files: Sequence[Path], reading: Reading, target: Path, *, language: str = "zh") -> None:
    """Write the planner's own lists back with the bad cells marked and the remedies as notes."""
    from loaders.marked import write_marked

    write_marked(list(files), reading.report, target, language=as_language(language))


def _grid(files: Sequence[Path], mended: Mends, reading: Reading) -> list[Json]:
    from loaders.tables import open_sheets

    wanted: dict[tuple[str, str | None], dict[int, list[int]]] = {}
    for index, problem in enumerate(reading.report.problems):
        if problem.row is not None:
            rows = wanted.setdefault((problem.file, problem.sheet), {})
            rows.setdefault(problem.row, []).append(index)
    lists = {(item.file, item.sheet): item for item in reading.report.lists}
    grid: list[Json] = []
    for sheet in open_sheets(files, []):
        place = (sheet.file, sheet.name)
        if place not in wanted or place not in lists:
            continue
        for number, cells in sheet.rows():
            if number in wanted[place] and number > lists[place].header_row:
                shown = _cells(lists[place], cells, number, mended.get(place, {}))
                grid.append(
                    {
                        "file": sheet.file,
                        "sheet": sheet.name,
                        "row": number,
                        "cells": shown,
                        "problems": wanted[place][number],
                    }
                )
                if len(grid) >= MOST_GRID_ROWS:
                    return grid
    return grid


def _cells(
    listed: ListRead, cells: Sequence[str], row: int, mended: Mapping[tuple[int, str], str]
) -> dict[str, str]:
    """Cells of a row by header; columns that may name somebody, or tell how to reach them, stay unseen."""
    from loaders.columns import is_personal

    shown: dict[str, str] = {}
    for position, title in enumerate(listed.titles):
        if title and not is_personal(listed.table, title):
            text = cells[position] if position < len(cells) else ""
            shown.setdefault(title, mended.get((row, title), text))
    return shown
