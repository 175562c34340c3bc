"""A whole store into another, its history and rounds included, and proof that nothing got lost."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.services.errors import NotEmptyError, NotVerifiedError
from api.services.stores import counts, holds_something, is_server, opened, store_file, store_url

if TYPE_CHECKING:
    from graph.neo4j.store import Neo4jStore
    from graph.store import Store

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
        raise NotEmptyError("source and target are the same store", remedy="Name another target.")
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
    return NotEmptyError(
        f"{target_url} holds something already", remedy="Name an empty store, or add --replace."
    )


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
        raise NotEmptyError(
            "source and target hold the same revision; they may be the same store",
            remedy="Name another target.",
        )


def _fill(source: Store, target_url: str, progress: Progress | None) -> dict[str, Any]:
    with opened(target_url) as target:
        target.load(_counted(source.dump(), progress))
        hashes = [_hashes(store) for store in (source, target)]
        if progress is not None:
            progress("verify", 1, 1)
        copied = [counts(store) for store in (source, target)]
        if hashes[0] != hashes[1] or copied[0] != copied[1]:
            raise NotVerifiedError(
                "the copy differs from its source",
                remedy="Was the source being written? Copy again.",
                source_rows=copied[0],
                target_rows=copied[1],
            )
        return {"copied": copied[1], "verified": True, "hashes": hashes[1]}


def _hashes(store: Store) -> dict[str, str]:
    """A hash of each table, and of revisions, changes, rounds and grants, in the dump's order."""
    digests: dict[str, Any] = {}
    for row in store.dump():
        part = row["table"] if row["kind"] == "record" else row["kind"]
        line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digests.setdefault(part, hashlib.sha256()).update(f"{line}\n".encode())
    return {part: digest.hexdigest() for part, digest in digests.items()}


def _counted(rows: Iterator[dict[str, Any]], progress: Progress | None) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, start=1):
        if progress is not None and number % 1000 == 0:
            progress("copy", number, 0)
        yield row
