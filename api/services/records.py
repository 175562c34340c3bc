"""Finding the record that somebody means by an id or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.codec import LIST_NAMES, codec
from graph.errors import AmbiguousError, NotFoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.model import Record
    from graph.store import Store


def record_json(table: str, record: Record) -> dict[str, Any]:
    """A record of a table as plain JSON, its fields named as lists name them."""
    return {LIST_NAMES.get(name, name): value for name, value in codec(table).to_json(record).items()}


def find_record(store: Store, text: str, tables: tuple[str, ...]) -> Record:
    """The record of some tables that a text stands for: its id, its name, `need:3` or `parent/name`.

    Raises
    ------
    NotFoundError, AmbiguousError
        If none or several answer to it.
    """
    for table in tables:
        try:
            return store.get(table, text)
        except NotFoundError:
            continue
    return store.get(*_find_by_name(store, text, tables))


def _find_by_name(store: Store, text: str, tables: tuple[str, ...]) -> tuple[str, str]:
    from loaders.known import Known
    from loaders.problems import Fault
    from loaders.references import Directory

    found = Directory(Known(names=store.names())).find(text, tables)
    if not isinstance(found, Fault):
        return found
    values = dict(found.values)
    if found.problem == "reference_ambiguous":
        raise AmbiguousError(**word("several_named", text=text, tables=tables, choices=values["choices"]))
    nearest = values.get("nearest")
    if nearest:
        raise NotFoundError(**word("nearly_named", text=text, tables=tables, nearest=nearest))
    raise NotFoundError(**word("nobody_named", text=text, tables=tables))


def names_of(store: Store, tables: tuple[str, ...]) -> dict[str, str]:
    """Names and titles by id, of the records that have one."""
    names = store.names()
    return {record_id: name for table in tables for record_id, name, _ in names.get(table, ()) if name}
