"""One record changed, added or deleted by hand, read by the same readers as the cells of a list."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from api.services.errors import RefusedError
from api.services.loads import stamp_claims
from graph.errors import ConflictError, NotFoundError
from graph.wording import Words, word

if TYPE_CHECKING:
    from graph.model import Record
    from graph.store import Store, WriteResult
    from loaders import Reading
    from loaders.known import Known

T = TypeVar("T")
Check = Callable[["Record"], None]

_TRIES: Final = 20
_NOTHING: Final = {"column": None, "expected": "", "remedy": ""}
_STATE_MACHINES: Final = {"needs": "need", "projects": "project", "offers": "offer", "claims": "claim"}


class CellsError(RefusedError, ValueError):
    """Fields that can't be read; `problems` says where and what would do, as for a list."""

    code = "invalid"


class ExistsError(RefusedError):
    """A record of that id is there already."""

    code = "conflict"


def change_record(
    store: Store,
    table: str,
    record_id: str,
    changes: Mapping[str, Any],
    *,
    check: Check | None = None,
    language: str = "zh",
) -> tuple[Record, int]:
    """Change some fields of a record, as one revision.

    Parameters
    ----------
    store, table, record_id
        Which record.
    changes : mapping
        Fields by name, each with a value or the text that a list's cell would hold; None empties a cell.
    check : callable, optional
        Given the record as it stands before it is written; raises to leave it so.
    language : str
        Of the problems' sentences.

    Returns
    -------
    Record, int
        The record, and the store's revision.

    Raises
    ------
    NotFoundError
        If there is no such record.
    CellsError
        If a field is unknown or can't be read.
    TransitionError
        If its state can't become the one asked for.
    """

    def attempt() -> tuple[Record, int]:
        revision = store.revision()[0]
        known = store.get(table, record_id)
        if check is not None:
            check(known)
        changed = read_changes(store, table, known, changes, language=language)
        _check_state(table, known, changed)
        [changed] = stamp_claims(store, [changed])
        return changed, _write(store, [changed], revision=revision, action="edit").revision

    return retried(attempt)


def add_record(
    store: Store, table: str, cells: Mapping[str, Any], *, language: str = "zh"
) -> tuple[Record, int]:
    """Add one row as a list would bring it; gives the record and the store's revision.

    Raises
    ------
    CellsError
        If a column is unknown or a cell can't be read.
    ExistsError
        If the row stands for a record that is there already.
    """

    def attempt() -> tuple[Record, int]:
        revision = store.revision()[0]
        texts = _texts(table, cells)
        reading = _read(table, texts, _known(store, table, texts))
        record = _only(table, reading, language)
        if _has(store, table, record.id):
            raise ExistsError(**word("exists", table=table, id=record.id))
        # No list brought it, so none is named; drafts that it called for come along.
        bare = [replace(item, list_name="", list_row=0) for item in reading.records]
        records = stamp_claims(store, bare)
        added = next(item for item in records if item.id == record.id and type(item) is type(record))
        return added, _write(store, records, revision=revision, action="add").revision

    return retried(attempt)


def delete_record(store: Store, table: str, record_id: str, *, check: Check | None = None) -> int:
    """Delete a record; gives the store's revision.

    Raises
    ------
    NotFoundError
        If there is no such record.
    """
    from graph.store import Batch

    def attempt() -> int:
        revision = store.revision()[0]
        known = store.get(table, record_id)
        if check is not None:
            check(known)
        batch = Batch(delete=[(table, record_id)], action="delete")
        return store.write(batch, expect_revision=revision).revision

    return retried(attempt)


def read_changes(
    store: Store, table: str, known: Record, changes: Mapping[str, Any], *, language: str = "zh"
) -> Record:
    """A record with some fields changed, read as a list's row would be; nothing is written.

    The row is read twice, as it is and as it would be: only what differs between the two, and what was asked
    for, is taken over, so that whatever a list can't say of the record stays.
    """
    texts = _texts(table, changes)
    if "id" in texts:
        raise _unknown_fields(table, ["id"])
    before = record_cells(table, known)
    lookup = _known(store, table, {**before, **texts})
    old = _read(table, before, lookup)
    new = _read(table, {**before, **texts}, lookup)
    if new.report.drafts:
        raise _cells_error(table, new, language, is_strict=True)
    after = _only(table, new, language)
    changed_fields = {_field(table, column) for column in texts}
    baseline = old.records[-1] if old.records else None
    if baseline is not None:
        changed_fields |= {
            item.name
            for item in fields(after)
            if getattr(after, item.name) != getattr(baseline, item.name) and item.compare
        }
    taken = {name: getattr(after, name) for name in changed_fields - {"id", "notes"}}
    return replace(known, **taken)


def record_cells(table: str, record: Record) -> dict[str, str]:
    """A record as the cells of a list: ids for references, ISO dates, WGS-84 degrees."""
    from graph.model import UNLIMITED
    from loaders.columns import table_columns

    cells = {"id": record.id}
    for name, column in table_columns(table).items():
        value = getattr(record, column.field, None)
        if name in ("id", "outline") or value is None or value in ("", ()):
            continue
        cells[name] = "any" if value == UNLIMITED and not isinstance(value, bool) else _text(value)
    if getattr(record, "reach_any", False):
        cells["reach_m"] = "any"
    if "crs" in cells:
        cells["crs"] = "wgs84"
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ";".join(str(item) for item in value)
    return str(value)


def _texts(table: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Cells by column name, from fields or columns by their English names."""
    from loaders.columns import table_columns

    columns = {column.field: name for name, column in table_columns(table).items()}
    columns |= {name: name for name in table_columns(table)}
    unknown = [name for name in given if name not in columns]
    if unknown:
        raise _unknown_fields(table, unknown)
    return {columns[name]: _text(value) for name, value in given.items()}


def _unknown_fields(table: str, names: Iterable[str]) -> CellsError:
    from loaders.columns import table_columns

    return CellsError(
        **word(
            "no_field_to_set",
            table=table,
            names=sorted(names),
            fields=[name for name in table_columns(table) if name != "id"],
        ),
        problems=[],
    )


def _field(table: str, column: str) -> str:
    from loaders.columns import table_columns

    return table_columns(table)[column].field


def _read(table: str, texts: Mapping[str, str], known: Known) -> Reading:
    """Read one row as a list of its own; the row is in a file of the user's own for a moment."""
    from loaders import read

    with tempfile.TemporaryDirectory(prefix="linli-") as folder:
        path = Path(folder) / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as sink:
            csv.writer(sink).writerows([list(texts), list(texts.values())])
        return read([path], known)


def _known(store: Store, table: str, texts: Mapping[str, str]) -> Known:
    """What the references among some cells may stand for; other tables stay unread."""
    from graph.model import NAMING, Area, CategoryRule
    from loaders.aliases import Aliases
    from loaders.columns import table_columns
    from loaders.known import Known

    columns = table_columns(table)
    tables = {target for name in texts for target in columns[name].tables}
    names = {}
    for target in sorted(tables):
        name, others = NAMING.get(target, ("", ()))
        names[target] = [
            (record.id, str(getattr(record, name, "") or ""), _first(record, others))
            for record in store.find(target)
        ]
    rules = [rule for rule in store.find("categories") if isinstance(rule, CategoryRule)]
    areas = [area for area in store.find("areas") if isinstance(area, Area)] if table == "areas" else []
    return Known(
        names=names,
        category_rules={rule.list_category: rule.category for rule in rules},
        areas={area.id: area for area in areas},
        claim_ids=frozenset(item for item, _, _ in names.get("claims", ())),
        aliases=Aliases.of(store.find("aliases")),
    )


def _first(record: Record, names: Iterable[str]) -> str | None:
    return next((str(value) for name in names if (value := getattr(record, name)) is not None), None)


def _only(table: str, reading: Reading, language: str) -> Record:
    """The one record of a table that was read.

    Raises
    ------
    CellsError
        If the row was refused.
    """
    from graph.model import TABLES

    found = [record for record in reading.records if type(record) is TABLES[table]]
    if reading.report.has_errors or not found:
        raise _cells_error(table, reading, language)
    return found[-1]


def _cells_error(table: str, reading: Reading, language: str, *, is_strict: bool = False) -> CellsError:
    faults = [item for item in reading.report.problems if is_strict or item.severity == "error"]
    problems = [problem.as_json(as_language(language)) for problem in faults]
    for problem in problems:
        problem.update(file=None, sheet=None, row=None)
    zh, en = ({**_NOTHING, **(faults[0].as_json(tongue) if faults else {})} for tongue in ("zh", "en"))
    told = {
        name: Words(message=en[name], message_zh=zh[name], remedy="", remedy_zh="")
        for name in ("expected", "remedy")
    }
    return CellsError(**word("bad_cell", column=zh["column"] or table, **told), problems=problems)


def as_language(text: str) -> Any:
    """`en` for English, else `zh`."""
    return "en" if text == "en" else "zh"


def _check_state(table: str, known: Record, changed: Record) -> None:
    from graph.lifecycle import move

    before, after = getattr(known, "status", None), getattr(changed, "status", None)
    if table in _STATE_MACHINES and before is not None and after is not None and before != after:
        move(_STATE_MACHINES[table], before, after)


def _has(store: Store, table: str, record_id: str) -> bool:
    try:
        store.get(table, record_id)
    except NotFoundError:
        return False
    return True


def _write(store: Store, records: list[Record], *, revision: int, action: str) -> WriteResult:
    from graph.store import Batch

    return store.write(Batch(put=records, action=action), expect_revision=revision)


def retried(attempt: Callable[[], T]) -> T:
    """Try again where another write came between reading and writing; checks are made anew each time."""
    for _ in range(_TRIES - 1):
        try:
            return attempt()
        except ExistsError:
            raise
        except ConflictError:
            continue
    return attempt()
