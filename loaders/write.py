"""Exports: the lists as they can be loaded again, a round's assignments, gaps and claim sheets.

The lists lie in the folder itself, everything about a round in a folder of its name below, so that
`linli load FOLDER` reads back the lists and nothing else. Every file appears whole, by one rename.
"""

from __future__ import annotations

import csv
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args

from graph.errors import LinliError
from graph.model import TABLES
from graph.taxonomy import words
from graph.wording import word
from loaders.cells_out import Cell, Places, Records, TableWriter
from loaders.neutral import neutralise, safe_name, unique_names
from loaders.sheets import MOST_ROWS, TooManyRowsError, claim_rows, write_claim_sheets, write_workbook

Format = Literal["csv", "xlsx", "json", "geojson", "graphml", "gexf", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

Json = Mapping[str, Any]

FEW: Final = 5
"""Fewer people than this are shown as 少于5."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a round holds, for exports.

    Attributes
    ----------
    round_id : str
    match, gaps : mapping
        The documents of `linli match` and `linli gaps`.
    assignments : sequence of mapping
        The rows of `linli assignments`.
    claim_sheets : mapping
        By `unit` and by `area`, the documents of `/v1/claim-sheets`.
    """

    round_id: str
    match: Json
    assignments: Sequence[Json]
    gaps: Json
    claim_sheets: Mapping[str, Json] = field(default_factory=dict)


class ExportError(LinliError, ValueError):
    """A format that can't hold what was asked for."""


def write(
    folder: Path | str,
    records: Records,
    *,
    format: Format = "csv",
    results: Results | None = None,
    language: str = "zh",
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Path]:
    """Write a graph's lists and a round's results.

    Parameters
    ----------
    folder : path
        Made where it isn't there; files of the same names are replaced, others left alone.
    records : callable
        Gives a table's records, each time anew: `store.find`, or `snapshot.records`.
    format : str
        `csv`, `xlsx`, `json`, `parquet`: lists, assignments, gaps and claim sheets. `geojson`: what has a
        place. `graphml`, `gexf`: records and their ties as one graph.
    results : Results, optional
        Left out: the lists alone.
    language : str
        `zh` or `en`, of headers and sheets.

    Returns
    -------
    list of Path
        The files written, sorted.

    Raises
    ------
    ExportError
        If a table has more rows than the format holds.

    Notes
    -----
    A need's point becomes its neighbourhood's, unless an organisation has the need, whose place is public; a
    resident stays a pseudonym.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    writer = _Writer(target, records, Places.of(records), language, progress)
    if format in ("geojson", "graphml", "gexf"):
        writer.write_one(format, results)
    else:
        writer.write_lists(format)
        if results is not None:
            writer.write_results(format, results)
    return sorted(writer.files)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside another to write to; it takes the other's place when the block ends well."""
    fresh = path.with_name(f".{secrets.token_hex(4)}.{path.name}")
    try:
        yield fresh
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        fresh.replace(path)
    except OSError as error:
        # A full disk doesn't say for which file; the name in between means nothing to whoever asked for it.
        if error.errno is not None and error.filename in (None, str(fresh)):
            error.filename = str(path)
        raise
    finally:
        fresh.unlink(missing_ok=True)


@dataclass(slots=True)
class _Writer:
    """Writes files and remembers which."""

    folder: Path
    records: Records
    places: Places
    language: str
    progress: Callable[[str, int, int], None] | None
    files: list[Path] = field(default_factory=list)

    def write_lists(self, format_: str) -> None:
        tables = [table for table in TABLES if next(iter(self.records(table)), None) is not None]
        writers = {
            table: TableWriter(table, self.records, self.places, self._list_language(format_))
            for table in tables
        }
        if format_ == "xlsx" and tables:
            # A workbook has at least one sheet and a blank one is no list: an empty store gives no workbook.
            sheets = {self._sheet_name(table): self._listed(writers[table]) for table in tables}
            self._workbook(self.folder / "lists.xlsx", sheets)
        elif format_ == "json":
            self._json(self.folder / "lists.json", {table: self._objects(writers[table]) for table in tables})
        elif format_ != "xlsx":
            for table in tables:
                self._table(self.folder, table, self._listed(writers[table]), format_)
        if format_ in ("csv", "xlsx"):
            self._outlines()

    def write_results(self, format_: str, results: Results) -> None:
        folder = self.folder / safe_name(results.round_id)
        folder.mkdir(exist_ok=True)
        if format_ == "json":
            for name in ("match", "assignments", "gaps"):
                self._json(folder / f"{name}.json", getattr(results, name))
            self._json(folder / "claim-sheets.json", results.claim_sheets)
            return
        tables = {"assignments": assignment_rows(results.assignments), "gaps": gap_rows(results.gaps)}
        if format_ == "xlsx":
            self._workbook(folder / "results.xlsx", tables)
            for by, document in results.claim_sheets.items():
                # A workbook by unit and one by neighbourhood; there is no empty workbook.
                if document["sheets"]:
                    self._claim_workbooks(folder, f"claim-sheets-by-{by}", document)
            return
        for name, rows in tables.items():
            self._table(folder, name, rows, format_)
        for by, document in results.claim_sheets.items():
            self._claim_tables(folder / f"claim-sheets-by-{by}", document, format_)

    def write_one(self, format_: str, results: Results | None) -> None:
        assignments = results.assignments if results is not None else ()
        name = "lists" if results is None else safe_name(results.round_id)
        path = self.folder / f"{name}.{format_}"
        if format_ == "geojson":
            from loaders.maps import feature_collection

            self._json(path, feature_collection(self.records, self.places, results.gaps if results else None))
        else:
            from loaders.graphs import write_graph

            with replacing(path) as fresh:
                write_graph(fresh, self.records, assignments, format_)
            self.files.append(path)

    # -- one file each -----------------------------------------------------------------------------

    def _table(self, folder: Path, name: str, rows: Iterable[Sequence[Cell]], format_: str) -> None:
        path = folder / f"{name}.{format_}"
        with replacing(path) as fresh:
            if format_ == "csv":
                with fresh.open("w", encoding="utf-8-sig", newline="") as stream:
                    out = csv.writer(stream)
                    for row in rows:
                        out.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
            else:
                _write_parquet(fresh, rows)
        self._done(path)

    def _workbook(self, path: Path, tables: Mapping[str, Iterable[Sequence[Cell]]]) -> None:
        with replacing(path) as fresh:
            try:
                write_workbook(fresh, tables)
            except TooManyRowsError as error:
                words = word("sheet_full", sheet=error.sheet, most=MOST_ROWS)
                raise ExportError(**words) from error
        self._done(path)

    def _claim_workbooks(self, folder: Path, name: str, document: Json) -> None:
        for old in folder.glob(f"{name}*.xlsx"):
            old.unlink()
        for path in write_claim_sheets(folder, name, document):
            self._done(path)

    def _claim_tables(self, folder: Path, document: Json, format_: str) -> None:
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"*.{format_}"):
            old.unlink()
        names = unique_names([sheet["name"] for sheet in document["sheets"]])
        for name, sheet in zip(names, document["sheets"], strict=True):
            self._table(folder, name, claim_rows(sheet, document["by"]), format_)

    def _json(self, path: Path, document: Any) -> None:
        with replacing(path) as fresh, fresh.open("w", encoding="utf-8") as stream:
            json.dump(document, stream, ensure_ascii=False, indent=1, allow_nan=False)
        self._done(path)

    def _outlines(self) -> None:
        """Outlines beside the lists, as the readers take them."""
        features = [
            {"type": "Feature", "properties": {"id": area.id}, "geometry": json.loads(outline)}
            for area in self.records("areas")
            if (outline := getattr(area, "outline", None))
        ]
        if features:
            self._json(self.folder / "outlines.geojson", {"type": "FeatureCollection", "features": features})

    def _done(self, path: Path) -> None:
        self.files.append(path)
        if self.progress is not None:
            self.progress("export", len(self.files), 0)

    # -- rows ----------------------------------------------------------------------------------------

    def _list_language(self, format_: str) -> str:
        """Headers for programs are English, whatever the planner speaks."""
        return self.language if format_ in ("csv", "xlsx") else "en"

    def _sheet_name(self, table: str) -> str:
        return str(words()["tables"][table]["zh"]) if self.language == "zh" else table

    def _listed(self, writer: TableWriter) -> Iterator[list[Cell]]:
        yield list(writer.header())
        yield from writer.rows()

    def _objects(self, writer: TableWriter) -> list[dict[str, Cell]]:
        header = writer.header()
        return [dict(zip(header, row, strict=True)) for row in writer.rows()]


def assignment_rows(assignments: Sequence[Json]) -> Iterator[list[Cell]]:
    """The rows of `linli assignments` under their header."""
    names = (
        "need",
        "project",
        "offer",
        "unit",
        "places",
        "distance_m",
        "estimate",
        "fit",
        "assumed",
        "locked",
    )
    yield list(names)
    for row in assignments:
        yield [_cell(row.get(name)) for name in names]


def gap_rows(gaps: Json) -> Iterator[list[Cell]]:
    """The gaps of `linli gaps` under their header, one a row, the largest first as in the document."""
    yield ["gap", "reason", "category", "area", "places", "people", "short_by", "assumed", "needs"]
    for number, gap in enumerate(gaps["gaps"], start=1):
        certificate = gap["certificate"]
        yield [
            number,
            gap["reason"],
            gap["category"],
            gap["area"],
            gap["places"],
            shown_people(gap.get("people")),
            certificate["short_by"] if certificate else None,
            _cell(gap["assumed"]),
            "; ".join(gap["needs"]),
        ]


def shown_people(people: int | None) -> Cell:
    """How many people, as papers that are handed out say it: few enough to be recognised are 少于5."""
    return f"少于{FEW}" if people is not None and 0 < people < FEW else people


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, (int, float)) else str(value)


def _write_parquet(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Rows under a header as Parquet; a column that holds text and numbers becomes text."""
    import pyarrow as pa
    from pyarrow import parquet

    numbered = iter(rows)
    header = [str(name) for name in next(numbered)]
    columns: list[list[Cell]] = [list(column) for column in zip(*numbered, strict=True)] or [
        [] for _ in header
    ]
    arrays = []
    for values in columns:
        if any(isinstance(value, str) for value in values):
            arrays.append(pa.array([None if value is None else str(value) for value in values], pa.string()))
        elif any(isinstance(value, float) for value in values):
            arrays.append(pa.array(values, pa.float64()))
        else:
            arrays.append(pa.array(values))
    parquet.write_table(pa.Table.from_arrays(arrays, names=header), path)
