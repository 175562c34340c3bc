"""Snapshots kept on disk beside their store, so that opening a large one again takes seconds.

One folder for each revision's random token and this module's format holds a memory-mapped Arrow file per
table. Folders and files are their owner's alone; a folder appears whole, by one rename; the two used last
stay. Whatever is wrong with the cache, the store is read instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from graph.arrow import arrow_schema
from graph.model import TABLES

FORMAT: Final = 1
"""Goes up whenever the files would be read otherwise."""

KEPT: Final = 2
"""So many snapshots stay."""


def cache_folder(store: Path) -> Path:
    """Where the snapshots of a store's file are kept."""
    return store.with_name(store.name + ".cache")


def read_tables(store: Path, token: str) -> dict[str, pa.Table] | None:
    """The tables of a revision, memory-mapped; None if they aren't kept or can't be read."""
    folder = cache_folder(store) / f"{FORMAT}-{token}"
    try:
        tables = {table: _read(folder / f"{table}.arrow") for table in TABLES}
        os.utime(folder)
    except (OSError, pa.ArrowException):
        return None
    return tables if all(rows.schema == arrow_schema(table) for table, rows in tables.items()) else None


def kept_tokens(store: Path) -> list[str]:
    """Tokens of the revisions whose tables are kept."""
    try:
        names = [item.name for item in cache_folder(store).iterdir()]
    except OSError:
        return []
    return [name.removeprefix(f"{FORMAT}-") for name in names if name.startswith(f"{FORMAT}-")]


def _read(path: Path) -> pa.Table:
    with pa.memory_map(os.fspath(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_tables(store: Path, token: str, tables: Mapping[str, pa.Table]) -> bool:
    """Keep the tables of a revision; False if the disk doesn't let us."""
    folder = cache_folder(store)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        # mkdtemp makes the folder readable by its owner alone.
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
    except OSError:
        return False
    try:
        for table, rows in tables.items():
            _write(fresh / f"{table}.arrow", rows)
        fresh.rename(folder / f"{FORMAT}-{token}")
    except (OSError, pa.ArrowException):
        # Somebody else may have been quicker; theirs is as good.
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    evict(store)
    return True


def _write(path: Path, rows: pa.Table) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)


def evict(store: Path, *, kept: int = KEPT) -> None:
    """Remove all but the snapshots used last."""
    folders = [item for item in cache_folder(store).iterdir() if not item.name.startswith("new-")]
    for folder in sorted(folders, key=_last_use, reverse=True)[kept:]:
        shutil.rmtree(folder, ignore_errors=True)


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
