"""Several services on one file: jobs done once, whoever dies; lists, publications and writes shared."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.publishing import Publisher
from api.services.log import Log
from graph.entries import Round
from graph.memory import MemoryStore
from graph.model import Unit
from graph.periods import Period
from graph.store import Batch, Store, open_store
from tests.workers import WorkerTests, until

MADE = Round("", Period(date(2026, 1, 1), date(2026, 12, 31)), "proposed", 0, "", {}, {"match": {}})


class TestWorkersOnAFile(WorkerTests):
    @pytest.fixture
    def shared(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
        yield store
        store.close()


def test_a_publication_outlives_its_service_and_happens_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'town.db'}"
    stores = [open_store(url) for _ in range(3)]
    round_id = stores[0].put_round(MADE).id
    errors: list[BaseException] = []
    first = Publisher(stores[0], 0.3, errors.append)
    at = first.publish(round_id)
    first.close()
    time.sleep(0.4)
    assert stores[0].get_round(round_id).status == "proposed"
    others = [Publisher(store, 60.0, errors.append) for store in stores[1:]]
    until(lambda: stores[0].get_round(round_id).status == "published")
    assert all(other.pending() == {} for other in others)
    assert at.tzinfo is not None
    assert errors == []
    for other, store in zip(others, stores[1:], strict=True):
        other.close()
        store.close()
    stores[0].close()


def test_the_log_is_read_anew_where_a_copy_took_the_stores_place() -> None:
    store = MemoryStore()
    store.write(Batch(put=(Unit(id="a", name="a"),)))
    log = Log(store)
    assert [entry["changes"] for entry in log.revisions()] == [{"units": 1}]
    for batches in (((Unit(id="b", name="b"), Unit(id="c", name="c")),), ((Unit(id="d", name="d"),),) * 2):
        other = MemoryStore()
        for batch in batches:
            other.write(Batch(put=batch))
            other.write(Batch(delete=(("units", "d"),)))
        store.__dict__.update(other.__dict__)
        expected = [{"units": len(event.changes)} for event in other.events()]
        assert [entry["changes"] for entry in log.revisions()] == expected[::-1]
