"""Lists into a store: checked, loaded as one revision, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.services.errors import NothingReadError
from api.services.stores import opened
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Record
    from graph.store import Batch, Ref, Store
    from loaders import Reading

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and of how much (0: not known)."""

_LISTS_NAMED: Final = ("units", "offers", "needs", "projects", "areas")


def check_paths(
    store: Store, paths: Sequence[Path], *, language: str = "zh", progress: Progress | None = None
) -> dict[str, Any]:
    """Check lists against a store and change nothing.

    Returns
    -------
    dict
        The document of `linli load --dry-run`: what `load_paths` would keep, leave and refuse.
    """
    return load_paths(store, paths, dry_run=True, language=language, progress=progress)


def load_into(
    url: str,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    replace: bool = False,
    report_path: Path | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Load lists into the store at an address; where it has no file yet, only rows to keep make one.

    Parameters, what is given and what is raised are those of `load_paths`.
    """
    with opened(url, is_trial=True) as store:
        reading = _read_marked(store, paths, report_path, language, progress)

        def keep(target: Store) -> dict[str, Any]:
            return keep_reading(
                target, reading, dry_run=dry_run, replace=replace, language=language, progress=progress
            )

        if dry_run or not reading.records or store.url == url:
            return keep(store)
        with opened(url) as lasting:
            return keep(lasting)


def load_paths(
    store: Store,
    paths: Sequence[Path],
    *,
    dry_run: bool = False,
    replace: bool = False,
    report_path: Path | None = None,
    language: str = "zh",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Load lists as one transaction and one revision.

    Parameters
    ----------
    store : Store
    paths : sequence of Path
        Folders, workbooks, CSV tables, outlines.
    dry_run : bool
        Check only.
    replace : bool
        Records of the tables brought that the lists no longer have are deleted; a refused row counts as
        present.
    report_path : Path, optional
        Where the planner's own file is written back with its bad cells marked.
    language : str
        `zh` or `en`, for the problems' sentences.

    Returns
    -------
    dict
        `kept` and `unchanged` {table: rows}, `refused` (rows), `problems`, `revision`, `deleted`, `dry_run`.

    Raises
    ------
    NothingReadError
        If there is no list among them, or none could be read; it carries the `problems`.
    """
    reading = _read_marked(store, paths, report_path, language, progress)
    return keep_reading(
        store, reading, dry_run=dry_run, replace=replace, language=language, progress=progress
    )


def _read_marked(
    store: Store, paths: Sequence[Path], report_path: Path | None, language: str, progress: Progress | None
) -> Reading:
    """Read lists, and write them back marked where that was asked for."""
    reading = read_paths(store, paths, progress)
    if report_path is not None:
        from loaders.marked import write_marked

        write_marked(list(paths), reading.report, report_path, language="en" if language == "en" else "zh")
    return reading


def read_paths(store: Store, paths: Sequence[Path], progress: Progress | None = None) -> Reading:
    """Read lists against what a store knows."""
    from loaders import Known, read

    return read(list(paths), Known.from_store(store), progress=progress)


def keep_reading(
    store: Store,
    reading: Reading,
    *,
    dry_run: bool = False,
    replace: bool = False,
    language: str = "zh",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write what was read, or say what writing it would do; see `load_paths`."""
    tell = progress or _silent
    document = reading.report.as_json(language="en" if language == "en" else "zh")
    if not document["kept"] and not document["refused"]:
        _refuse_nothing(reading, document["problems"])
    reading = stamp_reading(store, reading)
    batch = make_batch(store, reading, replace=replace)
    tell("write", 0, len(reading.records))
    if dry_run:
        document["unchanged"] = _count_unchanged(store, reading.records)
        document["deleted"] = dict(Counter(table for table, _ in batch.delete))
        document["revision"] = store.revision()[0]
    else:
        result = store.write(batch)
        document["unchanged"] = _nonzero(result.unchanged)
        document["deleted"] = _nonzero(result.deleted)
        document["revision"] = result.revision
    tell("write", len(reading.records), len(reading.records))
    document["dry_run"] = dry_run
    return document


def _refuse_nothing(reading: Reading, problems: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a source of which nothing could be read, or that has no list at all; an empty list is one."""
    if reading.report.has_errors:
        error = next(problem for problem in problems if problem["severity"] == "error")
        raise NothingReadError(
            **word("none_read", place=_place(error), remedy=error["remedy"]), problems=problems
        )
    if reading.records or reading.report.lists or any(p["problem"] == "empty_list" for p in problems):
        return
    from graph.taxonomy import words

    tables = words()["tables"]
    names = [word("list_name", table=table, name=tables[table]["zh"]) for table in _LISTS_NAMED]
    raise NothingReadError(**word("no_list", names=names), problems=problems)


def _place(problem: Mapping[str, Any]) -> str:
    """Where a problem is, as far as it is known."""
    return " ".join(str(problem[part]) for part in ("file", "sheet") if problem[part])


def make_batch(store: Store, reading: Reading, *, replace: bool = False) -> Batch:
    """The one transaction that a reading asks for; its claims are as `stamp_reading` left them."""
    from graph.store import Batch

    delete = _absent(store, reading) if replace else []
    return Batch(put=reading.records, delete=delete, action="load")


def undo(store: Store, revision: int | None = None) -> dict[str, int | None]:
    """Take a revision back; gives `undone` (its number) and `revision` (the one that this made).

    Where agreed claims now have no target or offer, `claims_left` says how many: they were made after it, so
    undoing leaves them as they are.
    """
    from graph.model import Claim

    event = store.undo(revision)
    done = {"undone": event.undoes, "revision": event.revision}
    gone = {
        change.id
        for change in event.changes
        if change.after is None and change.table in ("needs", "projects", "offers")
    }
    agreed = store.find("claims", status="agreed") if gone else ()
    left = sum(isinstance(item, Claim) and not gone.isdisjoint((item.target, item.offer)) for item in agreed)
    return {**done, "claims_left": left} if left else done


def stamp_reading(store: Store, reading: Reading) -> Reading:
    """A reading whose undated claims say when they were made; see `stamp_claims`."""
    return replace_fields(reading, records=stamp_claims(store, reading.records))


def stamp_claims(store: Store, records: Iterable[Record]) -> list[Record]:
    """Records whose claims without dates have the note `made_on`, which says to which round they belong.

    A claim that brings the note keeps it. One that the store has without dates stays as the store has it in
    this, so that the same list again changes nothing. Any other was made today (in Shanghai).
    """
    from graph.model import Claim
    from graph.periods import today
    from graph.room import MADE_ON

    stamped = list(records)
    undated = [
        (index, record)
        for index, record in enumerate(stamped)
        if isinstance(record, Claim)
        and record.valid_from is None
        and record.valid_to is None
        and MADE_ON not in dict(record.notes)
    ]
    if not undated:
        return stamped
    known = {
        claim.id: dict(claim.notes).get(MADE_ON)
        for claim in store.find("claims", valid_from=None, valid_to=None)
    }
    now = today().isoformat()
    for index, record in undated:
        made_on = known.get(record.id) if record.id in known else now
        if made_on is not None:
            notes = tuple(sorted((*record.notes, (MADE_ON, made_on))))
            stamped[index] = replace_fields(record, notes=notes)
    return stamped


def _silent(_step: str, _done: int, _total: int) -> None:
    pass


def _absent(store: Store, reading: Reading) -> list[Ref]:
    """Records of the tables brought that the lists don't have, refused rows aside."""
    return [
        (table, record_id)
        for table in sorted(reading.tables_brought)
        for record_id in reading.absent(table, [record.id for record in store.find(table)])
    ]


def _count_unchanged(store: Store, records: Iterable[Record]) -> dict[str, int]:
    """How many records of each table the store has just so."""
    groups: dict[str, dict[str, Record]] = {}
    for record in records:
        groups.setdefault(_table(record), {})[record.id] = record
    return _nonzero(
        {
            table: sum(wanted.get(known.id) == known for known in store.find(table))
            for table, wanted in groups.items()
        }
    )


def _table(record: Record) -> str:
    from graph.model import table_of

    return table_of(record)


def _nonzero(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}
