"""What the tests of stores share: a Neo4j server, started when the first of them asks for it."""

from collections.abc import Iterator

import pytest

from graph.neo4j.store import Neo4jStore
from tests.neo4j_server import running
from tests.neo4j_stores import empty_store
from tools.neo4j_server import Server


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("neo4j")) as server:
        yield server


@pytest.fixture
def store(neo4j_server: Server) -> Iterator[Neo4jStore]:
    """The server's store, with nothing in it."""
    made = empty_store(neo4j_server)
    yield made
    made.close()
