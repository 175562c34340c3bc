"""Reading lists as they are: files in; records, and a report on every cell that is wrong, out.

No store is touched. Lists of parties are read whole, since others refer to them by name; long lists
pass through a chunk at a time.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graph.model import PARTY_TABLES, TABLES, Record
from loaders.aliases import Aliases
from loaders.build import Builder
from loaders.cells import choice_words
from loaders.checks import Headings, check_frame, rules_of
from loaders.frame import Frame, ListSource, first_rows
from loaders.geojson import read_outlines
from loaders.guesses import likely_header
from loaders.headers import HEADER_ROWS, Header, find_header, near_header, settle_measure, table_by_name
from loaders.known import Known
from loaders.mend import Mends, mend_sheet
from loaders.problems import Problem, fault, make_problem
from loaders.report import ListRead, LoadReport, UnreadList
from loaders.tables import NumberedRow, Sheet, geojson_files, open_sheets
from loaders.trees import refuse_cycles_and_orphans

Progress = Callable[[str, int, int], None]
"""Called with a list's name, rows read of it, and all its rows (0: not known)."""

_SAMPLE_ROWS: Final = 60
_TABLE_WIDTH: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source holds.

    Attributes
    ----------
    records : list of Record
        Good rows and drafts, in the order of `graph.model.TABLES`, for one batch.
    report : LoadReport
    tables_brought : frozenset of str
        Tables that the source has a list of; `--replace` deletes in no other.
    present : mapping
        Per table, ids that refused rows may stand for; `--replace` keeps them.
    """

    records: list[Record]
    report: LoadReport
    tables_brought: frozenset[str]
    present: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    def absent(self, table: str, ids: Iterable[str]) -> list[str]:
        """Those of a store's ids that `--replace` deletes: of a table brought, neither read nor refused."""
        if table not in self.tables_brought:
            return []
        record_type = TABLES[table]
        kept = {record.id for record in self.records if type(record) is record_type}
        kept |= self.present.get(table, frozenset())
        return [record_id for record_id in ids if record_id not in kept]


def read(
    paths: Sequence[Path | str],
    known: Known | None = None,
    *,
    mended: Mends | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read lists from folders, workbooks, single tables and GeoJSON outlines.

    Parameters
    ----------
    paths : sequence of Path
        Folders of tables, workbooks (a sheet per table), CSV files, GeoJSON files; all are one source.
    known : Known, optional
        What was loaded before: a single list may refer to it.
    mended : mapping, optional
        Texts of cells that were put right after the files were written.
    progress : callable, optional
        Called now and then with a list's name, the rows read, and all its rows (0: not known).

    Returns
    -------
    Reading
        Records in the order of `graph.model.TABLES`; problems by list and row. What can't be opened or
        understood is a problem too, so that nothing is raised for it.
    """
    known = known if known is not None else Known.empty()
    files = [Path(path) for path in paths]
    problems: list[Problem] = []
    sources = []
    unread: list[UnreadList] = []
    for sheet in open_sheets(files, problems):
        source, refused = _understand(sheet, problems, mended or {}, known.aliases)
        if refused:
            unread.append(UnreadList(sheet.file, sheet.name, refused))
        if source is not None:
            sources.append(source)
    outlines = geojson_files(files)
    brought = frozenset(source.table for source in sources)
    builder = Builder(known, brought)
    reader = _Reader(builder, Headings(dict(known.category_rules)), progress)
    with _without_garbage_collection():
        reader.read(sources)
    for path, label in outlines:
        read_outlines(path, label, builder, problems)
    builder.finish()
    return _reading(builder, reader, sources, problems, unread)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Millions of records that stay are walked again and again by the collector, for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Reader:
    """Takes sources through frames to the builder, tables that others refer to first."""

    def __init__(self, builder: Builder, headings: Headings, progress: Progress | None) -> None:
        self.counts: dict[int, list[int]] = {}
        self._builder = builder
        self._headings = headings
        self._progress = progress

    def read(self, sources: Sequence[ListSource]) -> None:
        """Take every list to the builder."""
        by_table: dict[str, list[ListSource]] = {table: [] for table in TABLES}
        for source in sources:
            by_table[source.table].append(source)
        parties = [
            frame for table in PARTY_TABLES for source in by_table[table] for frame in self._frames(source)
        ]
        for frame in parties:
            self._builder.register(frame)
        for frame in parties:
            self._add(frame)
        refuse_cycles_and_orphans(self._builder, self.count_refused)
        for table, listed in by_table.items():
            if table not in PARTY_TABLES:
                for source in listed:
                    for frame in self._frames(source):
                        if table == "categories":
                            self._headings.rules.update(rules_of(frame))
                        self._add(frame)

    def count_refused(self, source: ListSource) -> None:
        """Count a row of a list that was refused after it had been kept."""
        self.counts[id(source)][1] += 1

    def _frames(self, source: ListSource) -> Iterable[Frame]:
        count = self.counts.setdefault(id(source), [0, 0])
        for frame in source.frames():
            check_frame(frame, self._headings)
            count[0] += len(frame.rows)
            if self._progress is not None:
                self._progress(source.list_name, count[0], source.sheet.row_count())
            yield frame

    def _add(self, frame: Frame) -> None:
        self._builder.add(frame)
        self.counts[id(frame.source)][1] += len(frame.refused)


def _understand(
    sheet: Sheet, problems: list[Problem], mended: Mends, aliases: Aliases
) -> tuple[ListSource | None, int]:
    """What a sheet lists, or None and how many rows were refused with it."""
    rows = first_rows(sheet, _SAMPLE_ROWS)
    filled = [cells for _, cells in rows if any(cells)]
    if not filled:
        problems.extend(sheet.faults())
        is_list = sheet.name is None or table_by_name(sheet.name) is not None
        if is_list and not sheet.is_hidden and not sheet.faults():
            problems.append(make_problem(fault("empty_list"), file=sheet.file, sheet=sheet.name))
        return None, 0
    if sheet.is_hidden:
        problems.append(make_problem(fault("hidden_sheet"), file=sheet.file, sheet=sheet.name))
        return None, 0
    named = table_by_name(sheet.name if sheet.name is not None else Path(sheet.file).stem)
    header = _recognise(sheet, rows, named)
    said = aliases.find_header(rows[:HEADER_ROWS])
    if said is not None and (header is None or header.missing or named in (None, said.table)):
        # Headers that several lists have say less than the name of a list that is whole without them.
        header = said
    if header is None:
        return None, _report_unknown(sheet, named, filled, problems)
    if header.missing:
        return None, _report_missing(sheet, header, problems)
    return ListSource(mend_sheet(sheet, header, mended), header, problems, aliases), 0


def _recognise(sheet: Sheet, rows: list[NumberedRow], named: str | None) -> Header | None:
    """The header of a list that its name or its headers tell."""
    header = find_header(rows[:HEADER_ROWS], named)
    if header is None and named is None and sheet.name is not None:
        named_by_file = table_by_name(Path(sheet.file).stem)
        header = find_header(rows[:HEADER_ROWS], named_by_file) if named_by_file is not None else None
    if header is None:
        return None
    samples = [cells for number, cells in rows if number > header.row]
    return settle_measure(header, samples, frozenset(choice_words("measure")))


def _report_unknown(sheet: Sheet, named: str | None, filled: list[list[str]], problems: list[Problem]) -> int:
    is_table = sum(sum(map(bool, cells)) >= _TABLE_WIDTH for cells in filled) >= 2
    if not is_table and named is None and sheet.name is not None:
        problems.append(make_problem(fault("skipped_sheet"), file=sheet.file, sheet=sheet.name))
        return 0
    problems.append(make_problem(fault("unknown_list"), file=sheet.file, sheet=sheet.name))
    header = likely_header(first_rows(sheet, _SAMPLE_ROWS))
    return sum(any(cells) for number, cells in sheet.rows() if header is None or number > header[0])


def _report_missing(sheet: Sheet, header: Header, problems: list[Problem]) -> int:
    titles = "、".join(title for title in header.titles if title)
    unknown = {
        near_header(title, header): title
        for position, title in enumerate(header.titles)
        if title and position not in header.columns
    }
    for column in header.missing:
        near = unknown.get(column.label(), "")
        found = fault("missing_column", wanted=column.label(), nearest=near, list=sheet.name or sheet.file)
        problems.append(make_problem(found, file=sheet.file, sheet=sheet.name, row=header.row, found=titles))
    return sum(any(cells) for number, cells in sheet.rows() if number > header.row)


def _reading(
    builder: Builder,
    reader: _Reader,
    sources: Sequence[ListSource],
    problems: list[Problem],
    unread: list[UnreadList],
) -> Reading:
    lists = []
    for source in sources:
        rows, refused = reader.counts[id(source)]
        place = (source.sheet.file, source.sheet.name, source.table)
        header = source.header
        if rows == 0 and not source.sheet.faults():
            problems.append(make_problem(fault("empty_list"), file=place[0], sheet=place[1], row=header.row))
        lists.append(ListRead(*place, rows, refused, tuple(source.note_columns), header.row, header.titles))
    made = Counter(type(record) for record in builder.resolver.made)
    records: list[Record] = []
    kept: dict[str, int] = {}
    for table, record_type in TABLES.items():
        own = builder.records[table]
        records.extend(record for record in builder.resolver.made if type(record) is record_type)
        records.extend(own)
        if own:
            kept[table] = len(own)
    assert sum(kept.values()) + made.total() == len(records)
    if builder.outlined:
        # Areas that were known, and got nothing but their outlines: no draft was made of them.
        kept["areas"] = kept.get("areas", 0) + builder.outlined
    order = {(source.sheet.file, source.sheet.name): index for index, source in enumerate(sources)}
    problems.sort(key=lambda p: (order.get((p.file, p.sheet), -1), p.row or 0, p.column_number or 0))
    report = LoadReport(
        lists=tuple(lists),
        kept=kept,
        refused=sum(item.rows for item in unread) + sum(item.refused for item in lists),
        drafts=dict(builder.resolver.drafts),
        problems=tuple(problems),
        unread=tuple(unread),
    )
    present = {table: frozenset(ids) for table, ids in builder.present.items()}
    return Reading(records, report, frozenset(source.table for source in sources), present)
