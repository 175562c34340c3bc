"""Services on their own: trying one number, the past of a store, promises."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.services.edits import CellsError
from api.services.errors import BadChangeError, NoRoundError
from api.services.history import snapshot_at, snapshot_of_round
from api.services.promises import lock, refuse
from api.services.rounds import current_round, is_stale, make_round, replay
from api.services.tryout import compare, keep_changes, try_changes
from graph.errors import CapacityError, ConflictError, NotFoundError
from graph.model import TABLES, Area, Need, Offer, Pairing, Project, Record, Unit
from graph.periods import Period, this_year
from graph.snapshot import Snapshot
from graph.store import Batch, Store, open_store
from matcher.report import assignments

TOWN: tuple[Record, ...] = (
    Area(id="n1", name="梧桐", level="neighbourhood", lon=121.50, lat=31.20),
    Unit(id="u1", name="东队", area="n1", lon=121.500, lat=31.200),
    Unit(id="u2", name="西队", area="n1", lon=121.520, lat=31.200),
    Offer(id="o1", title="修灯", unit="u1", category="repair", capacity=2, reach_m=5000.0),
    Offer(id="o2", title="修锁", unit="u2", category="repair", capacity=2, reach_m=5000.0),
    Need(id="d1", title="灯", category="repair", area="n1", lon=121.501, lat=31.200, quantity=2, priority=1),
    Need(id="d2", title="锁", category="repair", area="n1", lon=121.502, lat=31.200, quantity=2),
    Need(id="d3", title="门", category="repair", area="n1", lon=121.519, lat=31.200, quantity=2),
    Project(id="p1", name="楼道", category="repair", area="n1", wanted=2),
    Pairing(id="x", parties=("n1", "u2")),
)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("memory:")
    opened.write(Batch(put=TOWN))
    yield opened
    opened.close()


def change(table: str, record_id: str, field: str, value: object) -> dict[str, Any]:
    return {"table": table, "id": record_id, "field": field, "value": value}


def places(rows: list[dict[str, Any]]) -> int:
    return sum(row["places"] for row in rows)


# -- trying -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        [change("offers", "o1", "capacity", 5)],
        [change("offers", "o1", "capacity", 0)],
        [change("offers", "o2", "capacity", None)],
        [change("offers", "o2", "reach_m", "100米")],
        [change("units", "u1", "capacity", 1), change("offers", "o2", "capacity", "不限")],
        [change("needs", "d1", "quantity", 4), change("needs", "d3", "priority", "紧急")],
    ],
)
def test_trying_gives_what_keeping_would(store: Store, changes: list[dict[str, Any]]) -> None:
    made = make_round(store)
    revision = store.revision()
    tried = try_changes(store, changes)
    assert store.revision() == revision
    assert [item.id for item in store.rounds()] == [made.id]
    assert places(tried["gained"]) - places(tried["lost"]) == tried["places_change"]
    kept = keep_changes(store, changes, expect_revision=revision[0])
    new = current_round(store)
    assert kept == {"revision": store.revision()[0], "round": new.id}
    assert tried["after"]["places_served"] == new.results["match"]["places_served"]
    assert tried["after"]["places_wanted"] == new.results["match"]["places_wanted"]
    again = compare(made.results["assignments"], new.results["assignments"], store.snapshot())
    for kind in ("gained", "lost", "moved"):
        assert again["needs"][kind] == tried[kind]


def test_what_moves_names_both_units(store: Store) -> None:
    make_round(store)
    tried = try_changes(store, [change("offers", "o1", "capacity", 0)])
    assert (places(tried["gained"]), places(tried["lost"]), tried["places_change"]) == (0, 2, -2)
    moved = {row["need"]: (row["from_unit_name"], row["to_unit_name"]) for row in tried["moved"]}
    assert moved == {"d1": ("东队", "西队")}
    assert tried["moved"][0]["distance_change_m"] > 1000
    assert (tried["before"]["urgent_served"], tried["after"]["urgent_served"]) == (2, 2)


def test_projects_are_compared_apart(store: Store) -> None:
    make_round(store)
    tried = try_changes(store, [change("projects", "p1", "wanted", 1)])
    assert tried["places_change"] == 0
    assert places(tried["projects"]["lost"]) == 1


def test_a_unit_that_is_gone_takes_its_offers_away(store: Store) -> None:
    make_round(store)
    tried = try_changes(store, [change("offers", "o1", "capacity", 9)], gone=["u1"])
    assert tried["places_change"] == -2
    assert tried["places_change_by_priority"] == {"1": 0, "2": 0, "3": -2, "4": 0, "5": 0}
    assert tried["certified"] is True
    as_empty = try_changes(store, [change("offers", "o1", "capacity", 0)])
    assert tried["cost_change"] == as_empty["cost_change"]
    assert store.get("offers", "o1") == TOWN[3]


def test_a_forced_pair_serves_and_others_move(store: Store) -> None:
    made = make_round(store)
    (held,) = {row["offer"] for row in made.results["assignments"] if row.get("need") == "d1"}
    other = {"o1": "o2", "o2": "o1"}[held]
    tried = try_changes(store, [], forced=[{"need": "d1", "offer": other, "places": 2}])
    assert "d1" in {row["need"] for row in tried["moved"]}
    assert (tried["places_change"], tried["certified"]) == (0, True)
    assert tried["cost_change"] > 0
    with pytest.raises(BadChangeError, match="can't give or take"):
        try_changes(store, [], forced=[{"need": "d1", "offer": other, "places": 3}])
    with pytest.raises(BadChangeError, match="no offer"):
        try_changes(store, [], forced=[{"need": "d1", "offer": "o9", "places": 1}])
    for gone, forced in ((["u9"], []), ([], [{"need": "d9", "offer": "o1", "places": 1}])):
        with pytest.raises(NotFoundError):
            try_changes(store, [], gone=gone, forced=forced)


def test_an_offer_is_tried_that_isn_t_there(store: Store) -> None:
    """What a gap's fix would bring is tried as the fix tells it: a resident is no party of the lists yet."""
    store.write(Batch(put=[Need(id="d4", category="culture", area="n1", quantity=3)]))
    made = make_round(store)
    gaps = made.results["gaps"]["gaps"]
    [fix] = [gap["fix"] for gap in gaps if gap["category"] == "culture"]
    assert fix["kind"] == "resident_offer"
    tried = try_changes(store, [], added=[fix["offer_to_try"]])
    assert tried["places_change"] == fix["gain_places"] == 1
    assert [(row["need"], row["unit"]) for row in tried["gained"]] == [("d4", "resident:n1")]
    assert make_round(store).results["match"]["places_served"] == made.results["match"]["places_served"]
    with pytest.raises(BadChangeError):
        try_changes(store, [], added=[{**fix["offer_to_try"], "category": "magic"}])
    with pytest.raises(NotFoundError):
        try_changes(store, [], added=[{**fix["offer_to_try"], "reach_areas": ["n9"]}])


def test_an_offer_whose_tags_are_not_said_can_do_all_that_is_asked_for_in_its_category(store: Store) -> None:
    asked = [
        Need(id="d4", category="culture", area="n1", quantity=3, tags=("书法",)),
        Need(id="d5", category="legal", area="n1", quantity=1, tags=("遗嘱",)),
    ]
    store.write(Batch(put=asked))
    make_round(store)
    place = {"lon": 121.50, "lat": 31.20, "precision": "area", "reach_m": 3000.0, "reach_areas": []}
    offer = {"unit": "station-at-n1", "category": "culture", "capacity": 9, **place}
    assert try_changes(store, [], added=[{**offer, "tags": []}])["gained"] == []
    [gained] = try_changes(store, [], added=[{**offer, "tags": None}])["gained"]
    assert (gained["need"], gained["places"], gained["unit"]) == ("d4", 3, "station-at-n1")


def test_changes_that_make_no_sense_are_refused(store: Store) -> None:
    make_round(store)
    cases = [
        (change("areas", "n1", "name", "x"), BadChangeError),
        (change("offers", "o9", "capacity", 1), NotFoundError),
        (change("offers", "o1", "capacity", "两三次"), CellsError),
        (change("offers", "o1", "colour", "red"), CellsError),
    ]
    for made, error in cases:
        with pytest.raises(error):
            try_changes(store, [made])


def test_nothing_is_kept_when_the_store_moved_on(store: Store) -> None:
    make_round(store)
    expected = store.revision()[0]
    store.write(Batch(put=[Unit(id="u3", name="南队")]))
    with pytest.raises(ConflictError):
        keep_changes(store, [change("offers", "o1", "capacity", 9)], expect_revision=expected)
    assert store.get("offers", "o1") == TOWN[3]
    with pytest.raises(NoRoundError):
        try_changes(store, [], round_id="1999-1")


# -- the past -----------------------------------------------------------------------------------------


def contents(snapshot: Snapshot) -> dict[str, list[Record]]:
    return {table: list(snapshot.records(table)) for table in TABLES}


def test_any_earlier_revision_can_be_seen_again(store: Store) -> None:
    seen = [(store.revision(), contents(store.snapshot()))]
    steps = [
        Batch(put=[Unit(id="u0", name="北队"), Unit(id="u1", name="改名")]),
        Batch(delete=[("needs", "d2"), ("units", "u2")]),
        Batch(put=[Need(id="d2", category="health")]),
    ]
    for batch in steps:
        store.write(batch)
        seen.append((store.revision(), contents(store.snapshot())))
    store.undo(2)
    for (revision, token), known in seen:
        past = snapshot_at(store, revision, token)
        assert (past.revision, past.token) == (revision, token)
        assert contents(past) == known


def test_a_round_replays_after_the_lists_changed(store: Store) -> None:
    made = make_round(store)
    assert not is_stale(store, made)
    store.write(Batch(delete=[("offers", "o1"), ("needs", "d1")]))
    assert is_stale(store, made)
    assert snapshot_of_round(store, made).token == made.token
    assert assignments(replay(store, made).places) == made.results["assignments"]


# -- promises -----------------------------------------------------------------------------------------


def test_lock_takes_what_the_round_gives_else_all_that_is_asked(store: Store) -> None:
    assert lock(store, "d2", "o2").claim.quantity == 2
    store.undo()
    made = make_round(store)
    given = Counter[tuple[str, str]]()
    for row in made.results["assignments"]:
        if "need" in row:
            given[row["need"], row["offer"]] += row["places"]
    assert lock(store, "灯", "修灯").claim.quantity == given["d1", "o1"]
    assert lock(store, "d3", "o2", 1).claim.quantity == 1


def test_a_second_promise_for_a_pair_is_another_claim(store: Store) -> None:
    one, other = lock(store, "d1", "o1", 1), lock(store, "d1", "o1", 1)
    assert one.claim.id != other.claim.id
    with pytest.raises(CapacityError):
        lock(store, "d1", "o1", 1)
    with pytest.raises(CapacityError):
        lock(store, "d1", "o2", 0)
    assert store.count("claims") == 2


def test_promises_and_refusals_hold_for_the_rounds_days(store: Store) -> None:
    assert (lock(store, "d1", "o1", 1).claim.valid_from, lock(store, "d1", "o1", 1).claim.valid_to) == (
        this_year().first,
        this_year().last,
    )
    period = Period(this_year().first, this_year().first.replace(month=3))
    make_round(store, period=period)
    claim = refuse(store, "d3", "o1", "太远").claim
    assert (claim.valid_from, claim.valid_to, claim.by) == (period.first, period.last, "u1")
    made = make_round(store, period=period)
    pairs = {(row.get("need"), row["offer"]) for row in made.results["assignments"]}
    assert ("d3", "o1") not in pairs
    assert store.get("claims", claim.id) == replace(claim)


def test_an_offer_to_add_without_a_place_is_refused_by_the_field(store: Store) -> None:
    make_round(store)
    offer = {"unit": "new", "category": "culture", "capacity": 2, "reach_areas": [], "tags": None}
    for place, field in (
        ({}, "added.0.unit"),
        ({"lon": 121.5}, "added.0.lat is missing"),
        ({"lat": 31.2}, "added.0.lon is missing"),
        ({"lon": 0.0, "lat": 0}, "added.0.lon: 0 and 0"),
    ):
        with pytest.raises(BadChangeError, match=field) as caught:
            try_changes(store, [], added=[{**offer, **place}])
        assert caught.value.remedy
    known = {**offer, "unit": "u1"}
    for good in (known, {**offer, "reach_areas": ["n1"]}, {**offer, "lon": 121.5, "lat": 31.2}):
        assert "gained" in try_changes(store, [], added=[good])
