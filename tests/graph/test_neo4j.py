"""The store on a real Neo4j server: the contract of every store, and a state machine beside one in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from graph.neo4j.store import Neo4jStore
from graph.store import Store, open_store
from graph.store_machine import StoreMachine
from graph.testing import StoreTests
from tools.neo4j_server import Server


def empty_store(server: Server) -> Neo4jStore:
    """The server's only store, with nothing in it."""
    store = open_store(server.url)
    assert isinstance(store, Neo4jStore)
    store.clear()
    return store


class TestNeo4jStore(StoreTests):
    @pytest.fixture
    def new_store(self, neo4j_server: Server) -> Iterator[Callable[[], Store]]:
        opened: list[Store] = []

        def new() -> Store:
            opened.append(empty_store(neo4j_server))
            return opened[-1]

        yield new
        for store in opened:
            store.close()


@pytest.mark.usefixtures("neo4j_server")
class TestNeo4jAgainstMemory:
    def test_it_does_what_the_store_in_memory_does(self, neo4j_server: Server) -> None:
        class Neo4jMachine(StoreMachine):
            def new_store(self) -> Store:
                if hasattr(self, "store"):
                    self.store.close()
                return empty_store(neo4j_server)

            def teardown(self) -> None:
                if hasattr(self, "store"):
                    self.store.close()

        from hypothesis.stateful import run_state_machine_as_test

        run_state_machine_as_test(
            Neo4jMachine,
            settings=settings(
                max_examples=6,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
