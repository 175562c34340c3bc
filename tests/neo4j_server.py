"""A Neo4j server of the tests' own: one for each process that runs them, on a data folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.neo4j.connection import PASSWORD, USER
from tools.neo4j_server import Server, ServerError, fetch, find_missing

# Started for seconds, it is not worth optimising far.
OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Plans stay as they are, though the tests fill and empty the store all the time.
SETTINGS = (
    "dbms.cypher.min_replan_interval=1h",
    "dbms.cypher.statistics_divergence_threshold=1.0",
)
REQUIRED = "LINLI_NEO4J_REQUIRED"
"""Where this is set, no server is a failure and not a reason to leave tests out."""


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """A new, empty server; user and password stand in the environment meanwhile."""
    if (missing := find_missing()) and not os.environ.get(REQUIRED):
        pytest.skip(missing)
    try:
        fetch()
    except ServerError as error:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(error))
    server = Server(home, "1g", OPTIONS)
    patch = pytest.MonkeyPatch()
    try:
        server.start(settings=SETTINGS)
        patch.setenv(USER, "neo4j")
        patch.setenv(PASSWORD, server.password)
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        yield server
    finally:
        patch.undo()
        server.kill()
