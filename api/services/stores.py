"""Opening stores by address, and seeing what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.services.errors import NoStoreError
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Store

DEFAULT_URL: Final = "sqlite:///linli.db"
"""The store where nobody names one: `linli.db` in the folder one stands in."""

_SQLITE: Final = "sqlite:///"


def store_file(url: str) -> Path | None:
    """The file behind a store's address; None if it has none."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def store_url(file: Path) -> str:
    """The address of a store in a file."""
    return f"{_SQLITE}{file}"


def is_server(url: str) -> bool:
    """Whether a store's address is a Neo4j server's."""
    return url.startswith(("neo4j:", "neo4j+", "bolt:", "bolt+"))


def holds_something(store: Store) -> bool:
    """Whether a store has a revision or a round."""
    return bool(store.revision()[0] or store.rounds())


@contextmanager
def opened(url: str, *, must_exist: bool = False, is_trial: bool = False) -> Iterator[Store]:
    """Open a store for as long as the block lasts.

    Parameters
    ----------
    url : str
    must_exist : bool
        A command that only reads makes no new file.
    is_trial : bool
        Nothing will be written: where there is no such file, an empty store that ends with the block is
        given, and no file is made.

    Raises
    ------
    NoStoreError
        If there is no such file and there must be.
    """
    from graph.store import open_store

    file = store_file(url)
    if must_exist and file is not None and not file.exists():
        raise NoStoreError(**word("no_store", file=file))
    is_missing = file is not None and not file.exists()
    store = open_store("memory:" if is_trial and is_missing else url)
    try:
        yield store
    finally:
        store.close()


def counts(store: Store) -> dict[str, int]:
    """Rows of every table that has any."""
    from graph.model import TABLES

    return {table: count for table in TABLES if (count := store.count(table))}
