"""Snapshots, dumps and copies of a store on a real Neo4j server: from the log, of one moment, going on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from graph.errors import ConflictError, StoreError
from graph.memory import MemoryStore
from graph.model import TABLES, Need, Unit
from graph.neo4j import dump, load, reading
from graph.neo4j.store import Neo4jStore
from graph.store import Batch, open_store
from graph.testing import TOWN, YEAR, claim_on
from tests.neo4j_stores import ask, found_ties, tell, wanted_ties


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
