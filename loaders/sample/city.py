"""A synthetic city of any size: clean lists with ids and English headers, written as they are drawn.

Homes cluster around neighbourhoods, needs follow the number of people over 60, and the units' offers
fall a little short of what is needed, so that there is something to decide. Memory stays the same
however many needs there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.wording import word
from loaders.sample.city_draw import (
    CHUNK_NEEDS,
    CityPlan,
    SampleError,
    draw_neighbourhoods,
    draw_offers,
    draw_units,
)
from loaders.sample.city_tables import CityTable, city_tables
from loaders.sample.workbook import MAX_SHEET_ROWS, is_workbook
from loaders.sheets import save_book
from loaders.write import replacing

Progress = Callable[[str, int, int], None]
"""Called with a table's name, how many of its rows are written, and how many there will be."""

NEEDS_PER_NEIGHBOURHOOD = 40
NEEDS_PER_UNIT = 50
FEWEST_UNITS = 3


def write_city(
    path: Path | str,
    *,
    neighbourhoods: int,
    needs: int | None = None,
    units: int | None = None,
    seed: int,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write a synthetic city's lists.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx`` (a sheet a table), or a folder for UTF-8 CSV tables.
    neighbourhoods
        At least 1.
    needs
        Rows of needs; 40 a neighbourhood by default.
    units
        Rows of units, at least 1; one for 50 needs by default, and no fewer than 3.
    seed
        Non-negative; the same seed and sizes give the same cells in both forms, and the same bytes as CSV.
    progress
        Called after every piece that is written.

    Returns
    -------
    dict[str, int]
        Rows per table.

    Raises
    ------
    SampleError
        If a size or the seed is out of range, or if a table has more rows than an Excel sheet holds;
        nothing is written then.
    """
    plan = _plan(neighbourhoods, needs, units, seed)
    target = Path(path)
    if is_workbook(target):
        _check_sheet("needs", plan.needs)
    homes = draw_neighbourhoods(plan)
    city_units = draw_units(plan, homes)
    tables = city_tables(plan, homes, city_units, draw_offers(plan, city_units))
    if is_workbook(target):
        _write_workbook(target, tables, progress)
    else:
        _write_folder(target, tables, progress)
    return {table.name: table.rows for table in tables}


def _plan(neighbourhoods: int, needs: int | None, units: int | None, seed: int) -> CityPlan:
    needs = NEEDS_PER_NEIGHBOURHOOD * neighbourhoods if needs is None else needs
    units = max(FEWEST_UNITS, round(needs / NEEDS_PER_UNIT)) if units is None else units
    for name, value, least in (
        ("neighbourhoods", neighbourhoods, 1),
        ("needs", needs, 0),
        ("units", units, 1),
        ("seed", seed, 0),
    ):
        if value < least:
            raise SampleError(**word("sample_number", name=name, value=value, least=least))
    return CityPlan(neighbourhoods, needs, units, seed)


def _check_sheet(name: str, rows: int) -> None:
    if rows + 1 > MAX_SHEET_ROWS:
        raise SampleError(**word("sample_sheet", table=name, rows=rows, most=MAX_SHEET_ROWS - 1))


def _write_folder(folder: Path, tables: Iterable[CityTable], progress: Progress | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="\n") as file:
            file.write(",".join(table.headers) + "\n")
            done = 0
            for columns in table.chunks():
                # No cell of ours holds a comma, quote or line break, so joining is all that CSV asks for;
                # it is several times faster than csv.writer.
                texts = [["" if cell is None else str(cell) for cell in column] for column in columns]
                file.writelines(map("{}\n".format, map(",".join, zip(*texts, strict=True))))
                done += len(columns[0])
                _report(progress, table, done)


def _write_workbook(path: Path, tables: Iterable[CityTable], progress: Progress | None) -> None:
    from openpyxl import Workbook

    for table in tables:
        _check_sheet(table.name, table.rows)
    book = Workbook(write_only=True)
    for table in tables:
        page = book.create_sheet(table.name)
        page.append(list(table.headers))
        for done, row in enumerate(_rows(table), start=1):
            page.append(row)
            if done % CHUNK_NEEDS == 0 or done == table.rows:
                _report(progress, table, done)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as fresh:
        save_book(book, fresh)


def _rows(table: CityTable) -> Iterator[tuple[object, ...]]:
    for columns in table.chunks():
        # An empty text is an empty cell here as it is in CSV.
        cleaned = [[None if cell == "" else cell for cell in column] for column in columns]
        yield from zip(*cleaned, strict=True)


def _report(progress: Progress | None, table: CityTable, done: int) -> None:
    if progress is not None:
        progress(table.name, done, table.rows)
