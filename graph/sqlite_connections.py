"""Connections to a SQLite file: one for each thread, safe settings, transactions, plain errors."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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


class Connections:
    """Hands each thread of a process its own connection to one file.

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

    def get(self) -> sqlite3.Connection:
        """Give the connection of the calling thread."""
        known: tuple[int, sqlite3.Connection] | None = getattr(self._local, "connection", None)
        # A connection must not be carried into a forked process.
        if known is not None and known[0] == os.getpid() and not self._is_closed:
            return known[1]
        if self._is_closed:
            raise StoreError(**word("store_closed", store=self.path))
        connection = self._connect()
        with self._lock:
            self._open.append(connection)
        self._local.connection = (os.getpid(), connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        with plain_errors(self.path):
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            try:
                for setting in _SETTINGS:
                    connection.execute(setting)
            except BaseException:
                connection.close()
                raise
            return connection

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            self._is_closed = True
            while self._open:
                self._open.pop().close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other writer can come between; all or nothing."""
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
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


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
