"""Snapshots of a store in Neo4j: read by columns, kept on this computer, brought up to date from the log.

A page of rows comes as one list for each column, so that names of properties, empty columns and those with
one value throughout cost nothing. What is read while others write may mix their revisions; every revision up
to the end of reading is therefore applied to it again from the log, which leaves the state after the last of
them.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graph.changes import RowChange
from graph.codec import EMPTY_LIST, Field, list_text, table_fields
from graph.model import TABLES
from graph.neo4j.connection import Connection, State, Transaction
from graph.neo4j.log import count_chunks, read_chunk
from graph.neo4j.rows import count_all
from graph.neo4j.shape import is_absent_when_empty, label

if TYPE_CHECKING:
    import pyarrow as pa

    from graph.snapshot import Snapshot

PAGE_ROWS: Final = 10_000
DELTA_SHARE: Final = 0.2
"""Up to so many changes in a row of the store, the log is quicker than reading anew."""

DELTA_LEAST: Final = 5_000


def place_of(url: str) -> Path:
    """What stands for a store's file, where others keep things beside it: a name in the user's cache."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "linli"
    return root / hashlib.sha256(url.encode()).hexdigest()[:16]


class Snapshots:
    """The newest snapshot of a store, from memory, disk or the server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        self._place = place_of(connection.address.url)

    def get(self, state: State) -> Snapshot:
        """The whole graph at a revision, or at a later one that others have made by now."""
        with self._lock:
            if self._newest is None or self._newest.token != state.token:
                self._newest = self._make(state)
            return self._newest

    def _make(self, state: State) -> Snapshot:
        from graph.snapshot import Snapshot
        from graph.snapshot_cache import write_tables
        from graph.snapshot_delta import advance

        base = self._newest or self._from_disk()
        is_new = base is None or not self._is_near(base, state)
        if base is None or is_new:
            first = self._connection.settle()
            base = Snapshot(read_tables(self._connection), revision=first.revision, token=first.token)
        last = self._connection.settle()
        tables = {name: base.arrow(name) for name in TABLES}
        if last.token != base.token:
            tables = advance(tables, self._changes(base.revision, last.revision))
        if is_new and last.token:
            self._place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_tables(self._place, last.token, tables)
        return Snapshot(tables, revision=last.revision, token=last.token)

    def _from_disk(self) -> Snapshot | None:
        """The newest snapshot that is kept, if it is of this store."""
        from graph.snapshot import Snapshot
        from graph.snapshot_cache import kept_tokens, read_tables

        tokens = kept_tokens(self._place)
        query = (
            "MATCH (r:Revision) WHERE r.token IN $tokens RETURN r.revision, r.token ORDER BY r.revision DESC"
        )
        found = self._connection.read(lambda inside: inside.many(query, tokens=tokens)) if tokens else []
        for revision, token in found:
            if (tables := read_tables(self._place, token)) is not None:
                return Snapshot(tables, revision=revision, token=token)
        return None

    def _is_near(self, base: Snapshot, state: State) -> bool:
        """Whether the log leads from a snapshot to a revision, by few enough changes."""

        def count(inside: Transaction) -> int | None:
            known = inside.one("MATCH (r:Revision {token: $token}) RETURN r.revision", token=base.token)
            if known is None or known[0] != base.revision or base.revision > state.revision:
                return None
            query = "MATCH (c:Changes) WHERE c.revision > $revision RETURN sum(c.size)"
            return int(inside.value(query, revision=base.revision))

        changes = self._connection.read(count)
        return changes is not None and changes <= max(DELTA_LEAST, DELTA_SHARE * len(base))

    def _changes(self, after: int, last: int) -> Iterator[RowChange]:
        for revision in range(after + 1, last + 1):
            yield from read_changes(self._connection, revision)


def read_changes(connection: Connection, revision: int) -> Iterator[RowChange]:
    """The changes of a revision, a part at a time."""
    for chunk in range(connection.read(lambda inside: count_chunks(inside, revision))):
        yield from _read_part(connection, revision, chunk)


def _read_part(connection: Connection, revision: int, chunk: int) -> list[RowChange]:
    return connection.read(lambda inside: read_chunk(inside, revision, chunk))


def read_tables(connection: Connection) -> dict[str, pa.Table]:
    """Every table, read page by page."""
    from graph.arrow import columns_to_arrow

    sizes = connection.read(count_all)
    return {
        table: columns_to_arrow(table, _pages(connection, table) if size else ())
        for table, size in sizes.items()
    }


def _pages(connection: Connection, table: str) -> Iterator[list[Sequence[Any]]]:
    after, size = "", PAGE_ROWS
    while size == PAGE_ROWS:
        columns = read_columns(connection, table, after=after, limit=PAGE_ROWS)
        size = len(columns[0])
        if not size:
            return
        yield columns
        after = columns[0][-1]


def read_columns(connection: Connection, table: str, *, after: str, limit: int) -> list[Sequence[Any]]:
    """A page of a table behind an id, as columns of what rows hold; the first one holds the ids."""
    fields = table_fields(table)
    dates = [item.name for item in fields if item.kind == "date"]
    names = [item.name for item in fields if item.kind != "date"]
    query = page_query(table, is_first=not after)
    size, plain, days = connection.read(
        lambda inside: inside.many(query, after=after, limit=limit, names=names, dates=dates)[0]
    )
    found = dict(zip((*names, *dates), (*plain, *days), strict=True))
    return [_values(item, found[item.name], size) for item in fields]


@cache
def page_query(table: str, *, is_first: bool) -> str:
    """Cypher for a page of a table by columns (`names`, `dates`)."""

    def lists(names: str, value: str) -> str:
        return (
            f"[name IN {names} | CASE WHEN none(n IN page WHERE n[name] IS NOT NULL) THEN null "
            f"WHEN all(n IN page WHERE n[name] = page[0][name]) THEN [n IN page[..1] | {value}] "
            f"ELSE [n IN page | {value}] END]"
        )

    return (
        f"MATCH (n:{label(table)}) WHERE n.id {'>=' if is_first else '>'} $after "
        "WITH n ORDER BY n.id LIMIT $limit WITH collect(n) AS page "
        f"RETURN size(page), {lists('$names', 'n[name]')}, {lists('$dates', 'toString(n[name])')}"
    )


def _values(item: Field, values: Sequence[Any] | None, size: int) -> Sequence[Any]:
    """One column as rows hold it; one value may stand for all."""
    empty = ("" if item.kind == "text" else EMPTY_LIST) if is_absent_when_empty(item) else None
    if values is None:
        return [empty] * size
    if item.kind == "texts":
        values = [empty if value is None else list_text(tuple(value)) for value in values]
    elif empty is not None:
        values = [empty if value is None else value for value in values]
    return values if len(values) == size else [values[0]] * size
