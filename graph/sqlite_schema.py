"""The tables of a SQLite store, and the steps that bring an older file up to date.

Tables of records follow from the records' annotations. References between records are plain text without
foreign keys: a list may name what another list brings later, a party may stand in any of five tables, and
undoing one load must not take another's rows along; readers resolve references and report what dangles.
Foreign keys hold within the store's own tables: the log, the rounds, the grants.

Dates are ISO text, lists compact JSON, flags 0 or 1, unknown is NULL. Text sorts by code point, as in Python.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Final

from graph.codec import Field, plain_default, table_fields
from graph.errors import StoreError
from graph.model import TABLES
from graph.wording import word

APPLICATION_ID: Final = 0x4C696E6C
"""Marks a file as a linli store (the letters "Linl")."""

INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "areas": ("parent",),
    "units": ("area",),
    "branches": ("parent", "area"),
    "alliances": ("parent", "area"),
    "members": ("alliance", "party"),
    "stations": ("party", "area"),
    "offers": ("unit",),
    "needs": ("party", "area"),
    "projects": ("area",),
    "claims": ("target", "by", "offer"),
    "services": ("claim", "unit", "area"),
}
"""Columns by which records are looked up often."""

_SQL_TYPES: Final = {
    "text": "TEXT", "integer": "INTEGER", "real": "REAL", "flag": "INTEGER", "date": "TEXT", "texts": "TEXT",
    "pairs": "TEXT",
}  # fmt: skip

_LOG: Final = (
    """CREATE TABLE revisions (
        revision INTEGER PRIMARY KEY,
        token TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        undoes INTEGER REFERENCES revisions,
        undone_by INTEGER REFERENCES revisions
    )""",
    """CREATE TABLE event_chunks (
        revision INTEGER NOT NULL REFERENCES revisions ON DELETE CASCADE,
        chunk INTEGER NOT NULL,
        changes INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (revision, chunk)
    )""",
)

_ROUNDS: Final = (
    """CREATE TABLE rounds (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        first TEXT NOT NULL,
        last TEXT NOT NULL CHECK (last >= first),
        status TEXT NOT NULL,
        revision INTEGER NOT NULL,
        token TEXT NOT NULL,
        rules TEXT NOT NULL,
        made_at TEXT NOT NULL
    )""",
    """CREATE TABLE round_results (
        round TEXT NOT NULL REFERENCES rounds(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (round, name)
    ) WITHOUT ROWID""",
    # What each granted claim took of what limited it. The check lets no claim be granted beyond a limit.
    """CREATE TABLE grants (
        claim TEXT NOT NULL,
        revision INTEGER NOT NULL REFERENCES revisions,
        kind TEXT NOT NULL,
        holder TEXT NOT NULL,
        places INTEGER NOT NULL CHECK (places > 0),
        taken INTEGER NOT NULL,
        capacity INTEGER NOT NULL,
        CONSTRAINT room CHECK (taken + places <= capacity)
    )""",
    "CREATE INDEX grants_claim ON grants (claim)",
)

_JOBS: Final = (
    """CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL,
        body TEXT NOT NULL
    )""",
    "CREATE INDEX jobs_status ON jobs (status)",
)


def quote(name: str) -> str:
    """A name as SQL takes it (`group` and `from` are words of SQL)."""
    return '"' + name.replace('"', '""') + '"'


def _column(item: Field) -> str:
    default = plain_default(item)
    text = "" if default is None else f" DEFAULT {_literal(default)}"
    required = "" if item.optional else " NOT NULL"
    return f"{quote(item.name)} {_SQL_TYPES[item.kind]}{required}{text}"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def create_table(table: str) -> str:
    """SQL that makes the table of a kind of record."""
    columns = ", ".join(_column(item) for item in table_fields(table))
    return f"CREATE TABLE {quote(table)} ({columns}, PRIMARY KEY (id)) WITHOUT ROWID"


def _records(connection: sqlite3.Connection) -> None:
    """Make the tables of records, and add columns that records have gained since."""
    for table in TABLES:
        known = {row[1] for row in connection.execute(f"PRAGMA table_info({quote(table)})")}
        if not known:
            connection.execute(create_table(table))
        for item in table_fields(table):
            if known and item.name not in known:
                connection.execute(f"ALTER TABLE {quote(table)} ADD COLUMN {_column(item)}")
        for name in INDEXES.get(table, ()):
            index = quote(f"{table}_{name}")
            connection.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quote(table)} ({quote(name)})")


def _run(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def step(connection: sqlite3.Connection) -> None:
        for statement in statements:
            connection.execute(statement)

    return step


STEPS: Final[tuple[tuple[Callable[[sqlite3.Connection], None], ...], ...]] = (
    (_run(*_LOG), _records),
    (_run(*_ROUNDS),),
    (_records,),
    (_run(*_JOBS),),
)
"""Step i brings a file from version i to i + 1. A field added to a record needs a step `(_records,)`."""

VERSION: Final = len(STEPS)


def version(connection: sqlite3.Connection) -> int:
    """Version of an open file's schema; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, *, to: int = VERSION) -> int:
    """Bring an open file's schema up to a version, within one transaction.

    Raises
    ------
    StoreError
        If the file is no linli store, or a newer linli made it.
    """
    found = version(connection)
    _refuse_foreign(connection, found)
    if found >= to:
        return found
    connection.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version(connection), to):
            for step in STEPS[number]:
                step(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {to}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return to


def _refuse_foreign(connection: sqlite3.Connection, found: int) -> None:
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if mark != APPLICATION_ID and tables:
        raise StoreError(**word("other_file"))
    if found > VERSION:
        raise StoreError(**word("newer_store", found=found, version=VERSION))
