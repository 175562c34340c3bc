"""What the tests of stores share: a Neo4j server, started when the first of them asks for it."""

from collections.abc import Iterator

import pytest

from tests.neo4j_server import running
from tools.neo4j_server import Server


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("neo4j")) as server:
        yield server
