"""A whole store into another, its history and rounds included, and proof that nothing got lost."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.services.errors import NotEmptyError, NotVerifiedError
from api.services.stores import counts, holds_something, is_server, opened, store_file, store_url
from graph.codec import dump_json
from graph.wording import word

if TYPE_CHECKING:
    from graph.neo4j.store import Neo4jStore
    from graph.store import Store

PAGE_ROWS = 1_000
Progress = Callable[[str, int, int], None]


def copy_store(
    source_url: str, target_url: str, *, replace: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    """Copy everything from one store to another and verify it.

    Parameters
    ----------
    source_url, target_url : str
    replace : bool
        Let the copy take the place of what the target holds: of a file once it is verified, of a server at
        once, since there is no place beside it; else a target that holds anything is refused.
    progress : callable, optional

    Returns
    -------
    dict
        `copied` {table: rows}, `verified` (True), `hashes` {table, or part of the history: SHA-256}.

    Raises
    ------
    NotEmptyError
        If the target holds something.
    NotVerifiedError
        If the copy differs from its source; a file is then as it was, a server empty.
    """
    source_file, target_file = store_file(source_url), store_file(target_url)
    if source_url == target_url or (target_file is not None and _same(source_file, target_file)):
        raise NotEmptyError(**word("same_store"))
    with opened(source_url, must_exist=True) as source:
        if target_file is None:
            return _fill_in_place(source, target_url, replace=replace, progress=progress)
        if target_file.exists() and not replace:
            _refuse_content(target_url)
        # The copy grows beside its target and takes its place when it is whole.
        growing = target_file.with_name(f".{target_file.name}.{secrets.token_hex(4)}.part")
        try:
            document = _fill(source, store_url(growing), progress)
            for tail in _SIDE_FILES:
                target_file.with_name(target_file.name + tail).unlink(missing_ok=True)
            growing.replace(target_file)
        finally:
            for tail in ("", *_SIDE_FILES):
                growing.with_name(growing.name + tail).unlink(missing_ok=True)
            shutil.rmtree(growing.with_name(growing.name + ".cache"), ignore_errors=True)
        return document


_SIDE_FILES = ("-wal", "-shm")


def _same(one: Path | None, other: Path) -> bool:
    return one is not None and one.absolute() == other.absolute()


def _refuse_content(target_url: str) -> None:
    with opened(target_url) as target:
        if holds_something(target):
            raise _not_empty(target_url)


def _not_empty(target_url: str) -> NotEmptyError:
    return NotEmptyError(**word("target_holds", url=target_url))


def _fill_in_place(
    source: Store, target_url: str, *, replace: bool, progress: Progress | None
) -> dict[str, Any]:
    """Copy into a store that has no file; a copy into a server that was broken off goes on."""
    if not is_server(target_url):
        return _fill(source, target_url, progress)
    from graph.neo4j.store import Neo4jStore

    with closing(Neo4jStore.open(target_url)) as target:
        if replace:
            _refuse_same(source, target)
            target.clear()
        elif not target.is_unfinished and holds_something(target):
            raise _not_empty(target_url)
        try:
            return _fill(source, target_url, progress)
        except NotVerifiedError:
            target.clear()
            raise


def _refuse_same(source: Store, target: Neo4jStore) -> None:
    """A server has several addresses: don't empty what is to be copied."""
    if target.is_unfinished:
        return
    token = target.revision()[1]
    if is_server(source.url) and token and token == source.revision()[1]:
        raise NotEmptyError(**word("same_revision"))


def _fill(source: Store, target_url: str, progress: Progress | None) -> dict[str, Any]:
    with opened(target_url) as target:
        given, kept = _Tally(), _Tally()
        target.load(_counted(given.watch(source.dump()), progress))
        for _ in kept.watch(_counted(target.dump(), progress, step="verify")):
            pass
        if given != kept or kept.rows != counts(target):
            raise NotVerifiedError(**word("copy_differs"), source_rows=given.rows, target_rows=kept.rows)
        return {"copied": kept.rows, "verified": True, "hashes": kept.hashes}


_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _part_of(row: dict[str, Any]) -> str:
    return str(row["table"] if row["kind"] == "record" else row["kind"])


class _Tally:
    """Counts the rows of a dump as they pass, and hashes each table and each part of the history."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self._digests: dict[str, Any] = {}

    def watch(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The same rows."""
        for part, group in groupby(rows, key=_part_of):
            # Documents of rounds may be large; their order isn't every store's.
            size, to_text = (1, _SORTED) if part == "round" else (PAGE_ROWS, dump_json)
            digest = self._digests.setdefault(part, hashlib.sha256())
            while page := list(islice(group, size)):
                if page[0]["kind"] == "record":
                    self.rows[part] = self.rows.get(part, 0) + len(page)
                # Wherever pages are cut, the digest is the same.
                digest.update(f"{to_text(page)[1:-1]},".encode())
                yield from page

    @property
    def hashes(self) -> dict[str, str]:
        """A hash of each table, and of revisions, changes, rounds and grants, in the dump's order."""
        return {part: digest.hexdigest() for part, digest in self._digests.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tally) and (self.rows, self.hashes) == (other.rows, other.hashes)

    __hash__ = None  # type: ignore[assignment]


def _counted(
    rows: Iterator[dict[str, Any]], progress: Progress | None, *, step: str = "copy"
) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        if progress is not None and number % 1000 == 0:
            progress(step, number, 0)
        yield row
