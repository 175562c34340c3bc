"""Writers at once on a real Neo4j server: nobody takes the same places, nothing is doubled, no rings."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from graph.errors import CapacityError, ConflictError, NotFoundError, StoreError, TransitionError
from graph.model import Need, Offer, Unit
from graph.neo4j import store as store_module
from graph.neo4j.connection import Transaction
from graph.neo4j.store import Neo4jStore
from graph.store import Batch
from graph.testing import TOWN, YEAR, claim_on
from tests.graph.test_durability import let_two_processes_race
from tests.neo4j_stores import found_ties, wanted_ties

OFFERS = 40
WAIT_S = 100.0


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
