"""What tests of stores in Neo4j share: an empty one, its relationships, a writer that waits for a server."""

from __future__ import annotations

from typing import Any

from graph.model import TABLES
from graph.neo4j.errors import ReadOnlyError
from graph.neo4j.shape import LABELS, TABLE_OF_LABEL, references, tie_type
from graph.neo4j.store import Neo4jStore
from graph.store import open_store
from tests.graph.test_durability import WRITER
from tests.neo4j_server import settings_of
from tools.neo4j_server import Server

PATIENT_WRITER = (
    WRITER.replace("    store.write(", "    write(store, ")
    .replace(
        "number = store",
        """
def write(store, batch):
    while True:
        try:
            return store.write(batch)
        except StoreError as error:
            assert "answers" in str(error), error
number = store""",
    )
    .replace("from graph.model", "from graph.errors import StoreError\nfrom graph.model")
)


def empty_store(server: Server) -> Neo4jStore:
    """The server's only store, with nothing in it; a server that was left read-only is started again."""
    store = open_store(server.url)
    assert isinstance(store, Neo4jStore)
    try:
        store.clear()
    except ReadOnlyError:
        store.close()
        server.kill()
        server.start(settings=settings_of(server))
        return empty_store(server)
    return store


def ask(store: Neo4jStore, query: str) -> list[list[Any]]:
    """What Cypher gives, as somebody at the server's own console would get it."""
    return store._connection.read(lambda inside: inside.many(query))


def tell(store: Neo4jStore, query: str) -> None:
    store._connection.write_freely(lambda inside: inside.do(query))


def found_ties(store: Neo4jStore) -> list[tuple[str, ...]]:
    rows = ask(store, "MATCH (n)-[r]->(m) RETURN labels(n)[0], n.id, type(r), labels(m)[0], m.id")
    return sorted(tuple(row) for row in rows if row[0] in TABLE_OF_LABEL)


def wanted_ties(store: Neo4jStore) -> list[tuple[str, ...]]:
    """What records refer to and is there, found by going through all of them."""
    records = {(table, record.id): record for table in TABLES for record in store.find(table)}
    wanted = set()
    for (table, record_id), record in records.items():
        for field, targets in references(table).items():
            held = getattr(record, field)
            for other in held if isinstance(held, tuple) else (held,):
                for target in (record.target_table,) if field == "target" else targets:
                    if (target, other) in records:
                        wanted.add((LABELS[table], record_id, tie_type(field), LABELS[target], other))
    return sorted(wanted)
