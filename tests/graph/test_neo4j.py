"""The store on a real Neo4j server.

The contract of every store and the state machine beside a store in memory come first, then what only a server
has: ties as relationships, snapshots from the log, copies that go on, writers at once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.errors import CapacityError, ConflictError, NotFoundError, StoreError, TransitionError
from graph.memory import MemoryStore
from graph.model import TABLES, Area, Need, Offer, Project, Unit
from graph.neo4j import dump, load, reading
from graph.neo4j import store as store_module
from graph.neo4j.connection import Transaction
from graph.neo4j.shape import references
from graph.neo4j.store import Neo4jStore
from graph.store import Batch, Store, open_store
from graph.store_machine import StoreMachine
from graph.testing import TOWN, YEAR, StoreTests, claim_on
from graph.ties import _TIES
from tests.graph.test_durability import let_two_processes_race
from tests.neo4j_stores import ask, empty_store, found_ties, tell, wanted_ties
from tools.neo4j_server import Server

OFFERS = 40
WAIT_S = 100.0


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


def test_a_store_is_emptied_in_small_parts(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(Batch(put=TOWN))
    store.claim(claim_on("need", quantity=1), YEAR)
    monkeypatch.setattr(load, "DELETED_AT_ONCE", 2)
    store.clear()
    assert store.revision() == (0, "")
    assert ask(store, "MATCH (n) WHERE NOT n:Desk RETURN labels(n)") == [[["Store"]]]
    assert store.write(Batch(put=TOWN)).revision == 1


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


def test_a_value_that_no_server_can_hold_writes_nothing(store: Neo4jStore) -> None:
    store.write(Batch(put=TOWN))
    for unit in (Unit(id="x", name="\ud800"), Unit(id="x", name="x", capacity=2**70)):
        with pytest.raises(StoreError, match="can't keep"):
            store.write(Batch(put=(Unit(id="y", name="y"), unit)))
    assert store.revision()[0] == 1
    assert store.count("units") == 2
    with pytest.raises(NotFoundError):
        store.get("units", "y")


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


def test_claims_that_share_nothing_are_looked_at_side_by_side(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write(Batch(put=TOWN))
    both, original = Barrier(2, timeout=WAIT_S), store_module.grant

    def meet(*asked: Any) -> Any:
        found = original(*asked)
        both.wait()  # both have looked, neither has written
        return found

    monkeypatch.setattr(store_module, "grant", meet)
    first, second = (
        claim_on("need", offer="checks"),
        claim_on("other", by="school", offer="talks", id="second"),
    )
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda claim: store.claim(claim, YEAR), (first, second)))
    assert made == [store.get("claims", "claim"), store.get("claims", "second")]
    assert [event.revision for event in store.events()] == [1, 2, 3]


@pytest.mark.parametrize("at", ["need", "offer", "unit", "claim"])
def test_who_asks_for_the_same_waits_and_so_does_all_else_that_writes(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    store.write(Batch(put=TOWN))
    store.claim(claim_on("other", id="old", by="area", quantity=1), YEAR)
    looked, original = [], store_module.grant
    first = claim_on("need", offer="checks")
    other = {
        "need": claim_on("need", by="school", offer="talks", id="second"),
        "offer": claim_on("other", by="area", offer="checks", id="second"),
        "unit": claim_on("other", id="second"),
        "claim": claim_on("other", by="school", offer="talks", id="second"),
    }[at]
    ends = ["old"] if at == "claim" else []

    def look(reader: Any, claim: Any, period: Any) -> Any:
        found = original(reader, claim, period)
        looked.append(claim.id)
        if claim.id == "claim":
            started.append(pool.submit(store.claim, other, YEAR, ends=ends))
            started.append(pool.submit(store.write, Batch(put=(Unit(id="bank", name="银行"),))))
            started.append(pool.submit(store.release, "old"))
            assert not wait(started, timeout=0.3).done
            assert looked == ["claim"]
        return found

    started: list[Future[Any]] = []
    monkeypatch.setattr(store_module, "grant", look)
    with ThreadPoolExecutor(3) as pool:
        store.claim(first, YEAR, ends=ends)
    wait(started)
    assert [event.revision for event in store.events()] == list(range(1, store.revision()[0] + 1))
    assert next(event for event in store.events(after=2)).action == "claim"
    refused = [type(done.exception()) for done in started if done.exception() is not None]
    assert set(refused) <= {CapacityError, TransitionError}


def test_writers_of_all_kinds_never_wait_for_each_other_in_a_ring(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [Unit(id=f"unit-{n}", name="x", capacity=6) for n in range(4)]
    offers = [Offer(id=f"offer-{n}", unit=f"unit-{n}", category="health", capacity=4) for n in range(4)]
    # Each need is another unit's, so that chains of relationships cross as well.
    needs = [Need(id=f"need-{n}", party=f"unit-{3 - n}", category="health", quantity=5) for n in range(4)]
    store.write(Batch(put=[*units, *offers, *needs]))
    rings, original = [], Transaction.many

    def many(self: Transaction, query: str, **values: Any) -> Any:
        from neo4j.exceptions import TransientError

        try:
            return original(self, query, **values)
        except TransientError as error:
            rings.append(error.code)
            raise

    def work(writer: int) -> None:
        draw = random.Random(writer)
        for number in range(12):
            one, unit, offer = (draw.randrange(4) for _ in range(3))
            with suppress(CapacityError, TransitionError, NotFoundError, ConflictError):
                if number % 4 == 3:
                    store.release(f"claim-{draw.randrange(4)}-{draw.randrange(number)}")
                    store.write(Batch(put=(replace(needs[one], title=f"{writer} {number}"), units[unit])))
                claim = claim_on(f"need-{one}", by=f"unit-{unit}", offer=f"offer-{offer}", quantity=1)
                mine = f"claim-{writer}-{number}"
                ends = [f"claim-{draw.randrange(4)}-{draw.randrange(number)}"] if number % 3 == 2 else []
                store.claim(replace(claim, id=mine), YEAR, ends=ends)

    monkeypatch.setattr(Transaction, "many", many)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert rings == []
    agreed = list(store.find("claims", status="agreed"))
    for field, most in (("target", 5), ("offer", 4)):
        taken = Counter(getattr(claim, field) for claim in agreed)
        assert max(taken.values()) <= most
    assert [event.revision for event in store.events()] == list(range(1, store.revision()[0] + 1))
    assert found_ties(store) == wanted_ties(store)
    snapshot = store.snapshot()
    assert list(snapshot.records("claims")) == list(store.find("claims"))


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
