"""The store on a real Neo4j server.

The contract of every store and the state machine beside a store in memory come first, then what only a server
has: ties as relationships, and its ways with texts and numbers. Copies, and writers at once, have files of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.errors import NotFoundError, StoreError
from graph.memory import MemoryStore
from graph.model import Area, Need, Project, Unit
from graph.neo4j import reading
from graph.neo4j.shape import references
from graph.neo4j.store import Neo4jStore
from graph.store import Batch, Store
from graph.store_machine import StoreMachine
from graph.testing import TOWN, StoreTests
from graph.ties import _TIES
from tests.neo4j_stores import empty_store, found_ties, wanted_ties
from tools.neo4j_server import Server


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


def test_it_does_what_the_store_in_memory_does(neo4j_server: Server) -> None:
    class Neo4jMachine(StoreMachine):
        def new_store(self) -> Store:
            if hasattr(self, "store"):
                self.store.close()
            return empty_store(neo4j_server)

        def teardown(self) -> None:
            if hasattr(self, "store"):
                assert isinstance(self.store, Neo4jStore)
                assert found_ties(self.store) == wanted_ties(self.store)
                self.store.close()

    few = settings(
        max_examples=max(6, settings().max_examples // 10),
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Neo4jMachine, settings=few)


def test_every_tie_of_the_graph_is_a_relationship() -> None:
    for ties in _TIES.values():
        for table, tail, tail_tables, head, head_tables in ties:
            for field, tables in ((tail, tail_tables), (head, head_tables)):
                assert field == "id" or set(tables) <= set(references(table)[field]), (table, field)


def test_ties_follow_what_comes_late_changes_and_goes(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    first = found_ties(store)
    assert ("Pairing", "pair", "PARTIES", "Area", "area") in first
    assert first == wanted_ties(store)
    store.write(Batch(put=(Need(id="need", category="health", party="late", area="street"),)))
    store.write(
        Batch(put=(Unit(id="late", name="后来"), Area(id="area", name="银杏")), delete=(("units", "clinic"),))
    )
    assert ("Need", "need", "PARTY", "Unit", "late") in found_ties(store)
    assert found_ties(store) == wanted_ties(store)
    store.undo()
    store.undo()
    assert found_ties(store) == first


def test_ids_are_in_the_order_of_their_characters(store: Neo4jStore) -> None:
    ids = ["", "a", "Z", "单位", "\uffff", "🏥", "é", "e\u0301", "a b", "a-2", "a2"]
    store.write(Batch(put=[Unit(id=one, name="x") for one in ids]))
    assert [unit.id for unit in store.find("units")] == sorted(ids)
    assert [name for name, _, _ in store.names()["units"]] == sorted(ids)
    assert list(store.snapshot().ids("units")) == sorted(ids)


AWKWARD = ["", " ", "a\x1fb", "a\x1eb", "\x18", "[]", '[""]', "0", "null", "a\\b'\"`$c0", "\n", "邻里🏥"]


def awkward(text: str, at: int) -> list[Need | Project]:
    day = date(2026, 2, 28)
    first = Need(
        id=text, category="legal", lon=-0.0, lat=1e-7, valid_to=day, people=0, whole=True, list_row=1
    )
    return [
        first,
        Need(
            id=f"a{at}", category=text, party=text, notes=((text, text),), tags=("夜", text), valid_from=day
        ),
        Need(id=f"b{at}", category="legal", tags=(text,), quantity=2**63 - 1, lon=121.47370000000001, lat=31),
        Need(id=f"c{at}", category="legal", party="", area=text, source=text, tags=(text, text)),
        Project(id=f"a{at}", name=text),
        Project(id=f"b{at}", name="x", category=text),
    ]


def test_any_text_number_and_list_is_kept(store: Neo4jStore) -> None:
    """Whether a page of new records goes as columns or, with a value that these can't hold, as properties."""
    memory = MemoryStore()
    for at, text in enumerate(AWKWARD):
        for one in (store, memory):
            one.write(Batch(put=awkward(text, at)))
    for table in ("needs", "projects"):
        assert list(store.find(table)) == list(memory.find(table))
        assert reading.read_tables(store._connection)[table].equals(memory.snapshot().arrow(table))
    assert repr(store.get("needs", "").lon) == "-0.0"


def test_a_number_beyond_the_server_s_is_refused(store: Neo4jStore) -> None:
    with pytest.raises(StoreError):
        store.write(Batch(put=[Need(id="many", category="legal", quantity=2**63)]))
    assert store.revision() == (0, "")


def test_a_value_that_no_server_can_hold_writes_nothing(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    for unit in (Unit(id="x", name="\ud800"), Unit(id="x", name="x", capacity=2**70)):
        with pytest.raises(StoreError, match="can't keep"):
            store.write(Batch(put=(Unit(id="y", name="y"), unit)))
    assert store.revision()[0] == 1
    assert store.count("units") == 2
    with pytest.raises(NotFoundError):
        store.get("units", "y")
