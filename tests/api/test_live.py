"""The optimum now: a service follows what is written, also after it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.services.live import LiveRound
from graph.model import Alias, Area, Claim, Need, Offer, Project, Record, Unit
from graph.store import Batch, Store, open_store
from matcher.match import match
from matcher.report import figures

pytestmark = pytest.mark.timeout(1200)

TOWN: tuple[Record, ...] = (
    Area(id="a", name="梧桐", lon=121.5, lat=31.2),
    Area(id="b", name="香樟", lon=121.51, lat=31.2),
    Unit(id="u", name="便民维修队", area="a", lon=121.5, lat=31.2, capacity=5),
    Unit(id="v", name="玉兰服务社", area="b", lon=121.51, lat=31.2),
    Offer(id="o", unit="u", category="repair", capacity=2, reach_m=3000),
    Offer(id="p", unit="v", category="repair", capacity=1, reach_m=3000),
    Need(id="n1", category="repair", area="a", quantity=2),
    Need(id="n2", category="repair", area="b", quantity=2, priority=1),
    Project(id="garden", name="共建花园", wanted=1),
)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    store.write(Batch(put=TOWN))
    yield store
    store.close()


def check(store: Store, live: LiveRound, way: str) -> dict[str, Any]:
    """The figures are those of a match made afresh."""
    found, fresh = live.now(), match(store.snapshot()).places
    expected = figures(fresh.instance, fresh.solution.flow)
    for name in ("needs", "places_wanted", "places_served", "served_by_priority", "cost", "projects"):
        assert found[name] == expected[name], name
    assert (found["way"], found["status"]) == (way, "optimal")
    assert found["revision"] == store.revision()[0]
    return found


def change(record_id: str, **fields: Any) -> Record:
    record = next(item for item in TOWN if item.id == record_id)
    return replace(record, **fields)


def test_follows_what_is_written(store: Store, tmp_path: Path) -> None:
    live = LiveRound(store, tmp_path / "live.npz")
    assert check(store, live, "solved")["places_served"] == 3
    assert check(store, live, "kept")["events"] == 0
    steps: list[Batch] = [
        Batch(put=[change("o", capacity=9)]),
        Batch(put=[change("u", capacity=1)]),
        Batch(put=[Need(id="n0", category="repair", area="a", priority=2)]),
        Batch(delete=[("needs", "n1")]),
        Batch(put=[change("n2", priority=4, quantity=3)]),
        Batch(put=[Claim(id="c", target="n2", target_table="needs", by="v", offer="p", status="agreed")]),
        Batch(put=[Claim(id="d", target="n0", target_table="needs", by="u", offer="o", status="declined")]),
        Batch(put=[Offer(id="q", unit="v", category="repair", capacity=4, reach_m=3000)]),
        Batch(put=[change("p", reach_m=10)]),
    ]
    for step in steps:
        store.write(step)
        assert check(store, live, "events")["events"] > 0
    store.undo(store.revision()[0])
    assert check(store, live, "events")["events"] > 0
    store.write(Batch(put=[Alias(id="x", kind="name", written="梧桐苑", meaning="梧桐")]))
    check(store, live, "kept")


def test_what_says_nothing_of_who_serves_whom_asks_for_no_work(store: Store, tmp_path: Path) -> None:
    live = LiveRound(store, tmp_path / "live.npz")
    check(store, live, "solved")
    for record in (
        change("u", liaison="王老师"),
        change("v", name="玉兰便民社", code="91310000MA1FL0001X"),
        change("n1", title="修水管", notes=(("备注", "楼道灯也坏了"),), source="清单"),
    ):
        store.write(Batch(put=[record]))
        check(store, live, "kept")
    store.write(Batch(put=[change("v", name="玉兰便民社", capacity=1)]))
    check(store, live, "events")


def test_goes_on_after_a_stop(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "live.npz"
    live = LiveRound(store, file)
    check(store, live, "solved")
    store.write(Batch(put=[change("o", capacity=9)]))
    check(store, live, "events")
    live.close()
    store.write(Batch(put=[change("p", capacity=3)]))
    # Both what was followed before the stop and what was written since.
    again = LiveRound(store, file)
    assert check(store, again, "events")["events"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(file.read_bytes()[:200])
    check(store, LiveRound(store, file), "solved")
    # Where nothing can be kept, it is told all the same.
    check(store, LiveRound(store, tmp_path / "none" / "live.npz"), "solved")


def test_another_store_in_its_place_is_solved_anew(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "live.npz"
    check(store, LiveRound(store, file), "solved")
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    other.write(Batch(put=TOWN[:-2]))
    check(other, LiveRound(other, file), "solved")
    other.close()


def test_a_need_that_may_not_be_split_is_served_whole(store: Store, tmp_path: Path) -> None:
    live = LiveRound(store, tmp_path / "live.npz")
    check(store, live, "solved")
    # Three places for four: the less urgent of the two would get one of its two.
    store.write(Batch(put=[change("n1", whole=True)]))
    assert check(store, live, "events")["places_served"] == 2
    check(store, live, "kept")
    store.write(Batch(put=[change("o", capacity=3)]))
    assert check(store, live, "events")["places_served"] == 4


def test_the_service_tells_the_optimum_now(serve: Callable[..., Any]) -> None:
    service = serve()
    first = service.get("/v1/live")
    assert first["places_served"] == service.get("/v1/match")["places_served"]
    need = service.store.snapshot().column("needs", "id")[0]
    service.store.write(Batch(delete=[("needs", need)]))
    then = service.get("/v1/live")
    assert (then["way"], then["events"]) == ("events", 1)
    assert then["needs"] == first["needs"] - 1
