"""Constraints and indexes of a store in Neo4j, and the node that says which version they are.

Each record's id is unique within its label, each revision within the log. Properties that refer to other
records are indexed, so that whatever refers to a record is found from it. Existence can't be constrained in
every edition of Neo4j: the records' own types see to that before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from graph.errors import StoreError
from graph.model import TABLES
from graph.neo4j.claims import DESKS, desk
from graph.neo4j.shape import LABELS, PARTY, is_list, references
from graph.wording import word

if TYPE_CHECKING:
    from graph.neo4j.connection import Connection, Transaction

VERSION: Final = 3
"""Goes up with every step that an older store needs."""

STORE: Final = "Store"
"""Label of the one node that holds the newest revision; every writer locks it, last of all locks."""

STORE_ID: Final = "linli"

_UNIQUE: Final = (
    (STORE, ("id",)),
    ("Revision", ("revision",)),
    ("Revision", ("token",)),
    ("Changes", ("revision", "chunk")),
    ("Round", ("id",)),
    ("Document", ("round", "name")),
    ("Desk", ("id",)),
    ("Job", ("id",)),
)
_INDEXED: Final = (
    (PARTY, "id"),
    ("Changes", "revision"),
    ("Grant", "claim"),
    ("Grant", "number"),
    ("Round", "sequence"),
    ("Job", "status"),
)


def statements() -> Iterator[str]:
    """Every constraint and index, each made only where it isn't there."""
    for name, properties in (*_UNIQUE, *((LABELS[table], ("id",)) for table in TABLES)):
        keys = ", ".join(f"n.{key}" for key in properties)
        title = f"{name}_{'_'.join(properties)}_unique"
        yield f"CREATE CONSTRAINT {title} IF NOT EXISTS FOR (n:{name}) REQUIRE ({keys}) IS UNIQUE"
    indexed = [
        (LABELS[table], field) for table in TABLES for field in references(table) if not is_list(table, field)
    ]
    for name, key in (*_INDEXED, *indexed):
        yield f"CREATE INDEX {name}_{key} IF NOT EXISTS FOR (n:{name}) ON (n.`{key}`)"


def migrate(connection: Connection) -> int:
    """Make or check the schema; gives its version.

    Raises
    ------
    StoreError
        If the database holds something else, or a newer linli made the store.
    """
    found = connection.read(_version)
    if found == VERSION:
        return VERSION
    if found is None:
        _refuse_foreign(connection)
    elif found > VERSION:
        raise StoreError(**word("newer_store", found=found, version=VERSION))
    connection.write_schema(list(statements()))
    connection.write_freely(_mark)
    return VERSION


def _version(transaction: Transaction) -> int | None:
    found = transaction.one(f"MATCH (s:{STORE} {{id: $id}}) RETURN s.version", id=STORE_ID)
    return None if found is None else int(found[0])


def _refuse_foreign(connection: Connection) -> None:
    if connection.read(lambda transaction: transaction.many("MATCH (n) RETURN 1 LIMIT 1")):
        raise StoreError(**word("other_database"))


def _mark(transaction: Transaction) -> None:
    transaction.do(
        f"MERGE (s:{STORE} {{id: $id}}) ON CREATE SET s.revision = 0, s.token = '', s.rounds = 0, "
        "s.grants = 0 SET s.version = $version WITH s "
        "UNWIND $desks AS desk MERGE (d:Desk {id: desk}) SET d.locked = true",
        id=STORE_ID,
        version=VERSION,
        desks=[desk(number) for number in range(DESKS)],
    )
