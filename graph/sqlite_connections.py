"""Connections to a SQLite file: one for each thread, safe settings, transactions, plain errors.

A file that may be read but not written, or whose folder may not, is opened for reading alone. SQLite wants to
keep two files beside it even then; where it can't, the file is read as one that nobody changes, and what was
read is refused if somebody did.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.errors import StoreError
from graph.wording import word

BUSY_TIMEOUT_S: Final = 60.0
"""A writer waits so long for another one to finish."""

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # Every acknowledged transaction is on the disk, a power cut included.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
)


_READ_SETTINGS: Final = ("PRAGMA query_only = ON", "PRAGMA cache_size = -65536")

Stamp = tuple[tuple[int, int, int], ...]
"""Changes whenever a file, or the log beside it, does."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A connection of this process; with a stamp where SQLite takes the file for one that nobody changes."""

    connection: sqlite3.Connection
    stamp: Stamp | None = None
    pid: int = field(default_factory=os.getpid)


class Connections:
    """Hands each thread of a process its own connection to one file.

    Attributes
    ----------
    path : Path
    is_read_only : bool
        Whether the file can't be written from here.

    Raises
    ------
    StoreError
        If the file can't be made or opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        self._is_closed = False
        create_private(path)
        self.is_read_only = not (may_write(path) and may_write(path.parent))

    def get(self) -> sqlite3.Connection:
        """Give the connection of the calling thread."""
        known: _Open | None = getattr(self._local, "open", None)
        # A connection must not be carried into a forked process.
        if known is not None and known.pid == os.getpid() and not self._is_closed:
            if known.connection.in_transaction or not self._has_changed(known):
                return known.connection
            self._drop(known)
        if self._is_closed:
            raise StoreError(**word("store_closed", store=self.path))
        with plain_errors(self.path):
            made = self._open_to_read() if self.is_read_only else _Open(self._connect())
        with self._lock:
            self._open.append(made.connection)
        self._local.open = made
        return made.connection

    def _connect(self, address: str = "", settings: Sequence[str] = _SETTINGS) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address or self.path,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            uri=bool(address),
        )
        try:
            for setting in settings:
                connection.execute(setting)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(self) -> _Open:
        address, stamp = f"{self.path.as_uri()}?mode=ro", self._stamp()
        # The file itself is looked into, since only then SQLite says that it can't.
        settings = (*_READ_SETTINGS, "SELECT count(*) FROM sqlite_master")
        try:
            return _Open(self._connect(address, settings))
        except sqlite3.OperationalError as error:
            log = self.path.with_name(f"{self.path.name}-wal")
            if log.exists() and log.stat().st_size:
                raise StoreError(**word("file_in_use", path=self.path)) from error
            return _Open(self._connect(f"{address}&immutable=1", settings), stamp)

    def _stamp(self) -> Stamp:
        found = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(FileNotFoundError):
                status = path.stat()
                found.append((status.st_ino, status.st_mtime_ns, status.st_size))
        return tuple(found)

    def _has_changed(self, known: _Open) -> bool:
        """Whether somebody else wrote a file that is read as one that nobody changes."""
        return known.stamp is not None and known.stamp != self._stamp()

    def _drop(self, known: _Open) -> None:
        with self._lock:
            self._open.remove(known.connection)
        known.connection.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            self._is_closed = True
            while self._open:
                self._open.pop().close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other writer can come between; all or nothing.

        Raises
        ------
        StoreError
            If the file can only be read.
        """
        if self.is_read_only:
            raise StoreError(**word("file_read_only", path=self.path))
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the store throughout."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self.get()
        with plain_errors(self.path):
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
                if self._has_changed(self._local.open):
                    raise StoreError(**word("file_changed", path=self.path))
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def may_write(path: Path) -> bool:
    """Whether the user who runs this may write a file or folder; a disk may let nobody."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def create_private(path: Path) -> None:
    """Make a file that only its owner can read, unless it is there already.

    Raises
    ------
    StoreError
        If it can't be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        if path.is_dir():
            raise StoreError(**word("is_folder", path=path)) from None
    except FileNotFoundError as error:
        raise StoreError(**word("no_folder", folder=path.parent)) from error
    except OSError as error:
        raise StoreError(**word("not_made", path=path, why=error.strerror)) from error


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `StoreError`, saying what to do where that is known."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            code = "store_busy"
        elif "readonly" in str(error) or "unable to open" in str(error):
            code = "store_unwritable"
        elif "full" in str(error):
            code = "disk_full"
        else:
            code = "store_trouble"
        raise StoreError(**word(code, path=path, error=error)) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(**word("not_a_store", path=path, error=error)) from error
    except (OverflowError, UnicodeEncodeError, sqlite3.ProgrammingError) as error:
        raise StoreError(**word("file_value", path=path, error=error)) from error
