"""The store on a real Neo4j server; one file, so that one process meets all of it and one server is started.

The contract of every store and the state machine beside a store in memory come first, then what only a server
has: ties as relationships, snapshots from the log, copies that go on, sign-in, and at last its sudden end.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from api.settings import Settings
from graph.errors import ConflictError, NotFoundError, StoreError
from graph.memory import MemoryStore
from graph.model import TABLES, Area, Need, Project, Unit
from graph.neo4j import dump, load, reading
from graph.neo4j.connection import CA_FILE, PASSWORD, USER, Transaction
from graph.neo4j.shape import references
from graph.neo4j.store import Neo4jStore
from graph.store import Batch, Store, open_store
from graph.store_machine import StoreMachine
from graph.testing import TOWN, YEAR, StoreTests, claim_on
from graph.ties import _TIES
from tests.api.conftest import Service, serving
from tests.graph.test_durability import BATCH, let_two_processes_race
from tests.neo4j_doors import CypherTests, DoorTests, SharedServerTests
from tests.neo4j_server import REQUIRED, certificate, settings_of
from tests.neo4j_stores import PATIENT_WRITER, ask, empty_store, found_ties, tell, wanted_ties
from tools.neo4j_server import Server

OFFERS = 40
WAIT_S = 100.0


@pytest.fixture
def store(neo4j_server: Server) -> Iterator[Neo4jStore]:
    made = empty_store(neo4j_server)
    yield made
    made.close()


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


class TestDoors(DoorTests):
    """Commands and routes on a server."""


class TestServices(SharedServerTests):
    """Several services on one server."""


class TestCypher(CypherTests):
    """Queries of the documentation."""


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


# -- ties ---------------------------------------------------------------------------------------------


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


# -- snapshots and dumps ------------------------------------------------------------------------------


def test_a_snapshot_from_the_log_equals_one_read_anew(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    store.snapshot()
    store.write(
        Batch(
            put=(Unit(id="bank", name="银行", kind="新"), Need(id="need", category="legal", tags=("夜间",))),
            delete=(("units", "school"), ("pairings", "pair")),
        )
    )
    store.claim(claim_on("need", quantity=1), YEAR)
    store.undo(2)
    advanced, anew = store.snapshot(), reading.read_tables(store._connection)
    assert advanced.revision == 4
    assert {table: advanced.arrow(table) for table in TABLES if advanced.count(table)} == {
        table: rows for table, rows in anew.items() if rows.num_rows
    }


def test_a_snapshot_begins_with_what_the_disk_has(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    first = store.snapshot()
    assert store.snapshot() is first
    store.write(Batch(put=(Unit(id="bank", name="银行"),)))
    with_bank = open_store(store.url)
    tell(store, "MATCH (n:Need) DETACH DELETE n")  # what comes from the disk doesn't miss them
    assert list(with_bank.snapshot().records("needs")) == list(first.records("needs"))
    assert list(with_bank.snapshot().ids("units")) == ["bank", "clinic", "school"]
    with_bank.close()


def test_what_is_written_while_a_snapshot_is_read_is_in_it(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(Batch(put=TOWN))
    original = reading.read_tables

    def read_slowly(connection: Any) -> Any:
        tables = original(connection)
        store.write(Batch(put=(Unit(id="bank", name="银行"),), delete=(("units", "school"),)))
        return tables

    monkeypatch.setattr(reading, "read_tables", read_slowly)
    snapshot = store.snapshot()
    assert (snapshot.revision, snapshot.token) == store.revision()
    assert list(snapshot.ids("units")) == ["bank", "clinic"]


def test_a_dump_shows_one_moment_while_others_write(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(Batch(put=[*TOWN, *(Need(id=f"n{number}", category="health") for number in range(7))]))
    monkeypatch.setattr(dump, "PAGE_ROWS", 2)
    before = list(store.dump())
    rows = store.dump()
    seen = [next(rows) for _ in range(30)]
    store.write(
        Batch(
            put=(Need(id="a-new", category="legal"), Need(id="n6", category="legal"), Unit(id="z", name="z")),
            delete=(("needs", "n3"), ("needs", "other"), ("pairings", "pair")),
        )
    )
    seen.append(next(rows))
    store.undo()
    store.write(Batch(delete=(("needs", "n5"),)))
    assert [*seen, *rows] == before


def test_a_filling_that_was_broken_off_goes_on(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    source = MemoryStore()
    source.write(Batch(put=TOWN))
    source.claim(claim_on("need", offer="checks"), YEAR)
    source.undo()
    rows = list(source.dump())
    monkeypatch.setattr(load, "PAGE_ROWS", 5)

    def broken() -> Iterator[dict[str, Any]]:
        yield from rows[:33]
        raise OSError("the source went away")

    with pytest.raises(OSError, match="went away"):
        store.load(broken())
    again = open_store(store.url)
    for use in (
        again.revision,
        again.snapshot,
        lambda: again.get("units", "clinic"),
        lambda: again.write(Batch()),
    ):
        with pytest.raises(StoreError, match="isn't finished"):
            use()
    with pytest.raises(ConflictError, match="another copy"):
        again.load(iter([rows[0], {**rows[1], "action": "edit"}, *rows[2:]]))
    written = ask(store, "MATCH (n) RETURN count(n)")
    assert again.load(iter(rows)) == len(rows) - 1
    assert written < ask(store, "MATCH (n) RETURN count(n)")
    assert list(again.dump()) == rows
    assert found_ties(store) == wanted_ties(store)
    again.close()


def test_an_emptying_that_was_broken_off_is_ended_by_the_next_filling(store: Neo4jStore) -> None:
    source = MemoryStore()
    source.write(Batch(put=TOWN))
    rows = list(source.dump())
    store.write(Batch(put=TOWN))
    load._reset(store._connection, load.CLEARING)
    with pytest.raises(StoreError):
        store.revision()
    assert store.load(iter(rows)) == len(rows) - 1
    assert list(store.dump()) == rows


# -- writers at once ----------------------------------------------------------------------------------


def test_threads_write_and_read_at_once(store: Neo4jStore) -> None:
    def write(number: int) -> int:
        store.write(Batch(put=(Unit(id=f"unit-{number}", name="x"),)))
        return store.count("units")

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(write, range(24)))
    assert max(seen) == 24
    assert [event.revision for event in store.events()] == list(range(1, 25))
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count("units")


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_write_whose_answer_got_lost_is_done_once(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    from neo4j import Session
    from neo4j.exceptions import IncompleteCommit

    original, lost = Session.execute_write, [True]

    def execute(self: Session, work: Any) -> Any:
        if lost.pop() if lost else False:
            if is_kept:
                original(self, work)
            raise IncompleteCommit("the connection broke")
        return original(self, work)

    monkeypatch.setattr(Session, "execute_write", execute)
    result = store.write(Batch(put=TOWN))
    assert (result.revision, result.added["units"]) == (1, 2)
    assert [event.revision for event in store.events()] == [1]


def test_two_processes_never_take_the_same_last_places(store: Neo4jStore) -> None:
    let_two_processes_race(store, OFFERS)


def test_a_claim_asks_the_server_seldom(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(put=TOWN))
    store.claim(claim_on("other", id="first", offer="checks", quantity=1), YEAR)
    asked: list[str] = []
    original = Transaction.many

    def many(self: Transaction, query: str, **values: Any) -> Any:
        asked.append(query)
        return original(self, query, **values)

    monkeypatch.setattr(Transaction, "many", many)
    store.claim(claim_on("need", offer="checks"), YEAR)
    assert len(asked) == 7
    monkeypatch.undo()
    assert found_ties(store) == wanted_ties(store)


# -- sign-in, what else a database may hold ------------------------------------------------


def test_a_wrong_password_and_none_are_told(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(StoreError, match="refuses the user and password") as caught:
        open_store(neo4j_server.url)
    assert PASSWORD in caught.value.remedy
    monkeypatch.delenv(USER)
    with pytest.raises(StoreError, match="wants a user"):
        open_store(neo4j_server.url)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_certificate_is_trusted_by_who_signed_it(
    neo4j_server: Server, monkeypatch: pytest.MonkeyPatch, scheme: str, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        assert REQUIRED not in os.environ
        pytest.skip("no certificate can be made without openssl")
    address = neo4j_server.url.replace("neo4j:", f"{scheme}+s:")
    with pytest.raises(StoreError, match="isn't trusted: self-signed") as caught:
        open_store(address)
    assert CA_FILE in caught.value.remedy
    open_store(address.replace("+s:", "+ssc:")).close()
    monkeypatch.setenv(CA_FILE, str(certificate(neo4j_server)))
    store = open_store(address)
    assert store.url == address
    store.close()
    with pytest.raises(StoreError, match="isn't trusted: Hostname mismatch"):
        open_store(f"bolt+s://localhost:{neo4j_server.port}")
    for unreadable in (tmp_path, __file__):
        monkeypatch.setenv(CA_FILE, str(unreadable))
        with pytest.raises(StoreError, match="no certificates that can be read"):
            open_store(address)


def test_a_database_that_is_not_there_is_told(neo4j_server: Server) -> None:
    with pytest.raises(StoreError, match="database"):
        open_store(f"{neo4j_server.url}/nothing")


def test_an_older_server_is_refused(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        agent = "Neo4j/4.4.40"

    monkeypatch.setattr("neo4j.Driver.get_server_info", lambda self, **_: Old())
    with pytest.raises(StoreError, match=r"Neo4j/4.4.40; linli needs Neo4j 5.26"):
        open_store(neo4j_server.url)


def test_what_is_no_store_or_a_newer_one_is_refused_and_left_alone(store: Neo4jStore) -> None:
    tell(store, "MATCH (d:Desk) DELETE d")
    tell(store, "MATCH (s:Store) SET s.version = 99")
    with pytest.raises(StoreError, match="versions up to"):
        open_store(store.url)
    tell(store, "MATCH (s:Store) SET s:Film REMOVE s:Store")
    try:
        with pytest.raises(StoreError, match="another program"):
            open_store(store.url)
        with pytest.raises(StoreError, match="was removed"):
            store.revision()
        assert ask(store, "MATCH (n) RETURN count(n), labels(n)") == [[1, ["Film"]]]
    finally:
        tell(store, "MATCH (n) DETACH DELETE n")
        open_store(store.url).close()


def test_a_value_that_no_server_can_hold_writes_nothing(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    for unit in (Unit(id="x", name="\ud800"), Unit(id="x", name="x", capacity=2**70)):
        with pytest.raises(StoreError, match="can't keep"):
            store.write(Batch(put=(Unit(id="y", name="y"), unit)))
    assert store.revision()[0] == 1
    assert store.count("units") == 2
    with pytest.raises(NotFoundError):
        store.get("units", "y")


# -- the server's end; the last test leaves it read-only ----------------------------------------------


def test_nothing_is_lost_when_the_server_is_killed_and_writers_go_on(
    store: Neo4jStore, neo4j_server: Server
) -> None:
    command = [sys.executable, "-c", PATIENT_WRITER, store.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(random.Random(7).uniform(0.1, 0.3))
        with serving(Settings(store_url=store.url)) as service:
            neo4j_server.kill()
            is_told_that_the_server_is_away(service)
            neo4j_server.start(settings=settings_of(neo4j_server))
            assert service.get("/v1/state")["revision"] >= acknowledged
        revision, _ = store.revision()  # the connection opened before the end goes on too
        known = store.count("needs")
        while (acknowledged := int(writer.stdout.readline())) <= revision:
            pass
        writer.kill()
        lines = writer.stdout.readlines()
    acknowledged = max([acknowledged, *(int(line) for line in lines if line.endswith("\n"))])
    assert known >= revision * BATCH
    revision, _ = store.revision()
    assert revision in (acknowledged, acknowledged + 1)
    assert store.count("needs") == revision * BATCH
    assert [(event.revision, len(event.changes)) for event in store.events()] == [
        (number, BATCH) for number in range(1, revision + 1)
    ]


def is_told_that_the_server_is_away(service: Service) -> None:
    for path in ("/v1/state", "/v1/jobs/nothing"):
        answer = service.client.get(path, headers={"Accept-Language": "en"})
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (problem["status"], problem["type"]) == (503, "urn:linli:problem:store")
        assert "no Neo4j server answers" in problem["detail"]
        assert "what was written before is kept" in problem["remedy"]
        assert "Traceback" not in answer.text


def test_a_read_only_server_shows_everything_and_takes_nothing(
    store: Neo4jStore, neo4j_server: Server
) -> None:
    store.write(Batch(put=TOWN))
    neo4j_server.kill()
    neo4j_server.start(settings=["server.databases.read_only=neo4j"])
    reader = open_store(store.url)
    start = time.monotonic()
    for use in (
        lambda: reader.write(Batch(put=(Project(id="x", name="x"),))),
        lambda: reader.claim(claim_on("need"), YEAR),
        reader.undo,
    ):
        with pytest.raises(StoreError, match="lets nobody write"):
            use()
    assert time.monotonic() - start < WAIT_S
    assert reader.get("units", "clinic") in TOWN
    assert reader.snapshot().count("needs") == 2
    assert len(list(reader.dump())) > len(TOWN)
    reader.close()
