"""The contract that every store fulfils, as tests: subclass `StoreTests` with a fixture `new_store`.

`new_store` is a callable that gives a fresh, empty store each time. `graph.store_machine` compares a backend
with `graph.memory.MemoryStore` step by step.
"""

# ruff: noqa: D102 - the names of the tests say what they hold.

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np
import pytest

from graph.errors import CapacityError, ConflictError, NotFoundError, StoreError, TransitionError
from graph.memory import MemoryStore
from graph.model import (
    TABLES,
    Area,
    Branch,
    Claim,
    Membership,
    Need,
    Offer,
    Pairing,
    Project,
    Record,
    Unit,
    table_of,
)
from graph.periods import Period
from graph.store import Batch, Round, Store
from graph.testing_jobs import JobTests
from graph.ties import KINDS

YEAR: Final = Period(date(2026, 1, 1), date(2026, 12, 31))

TOWN: Final[tuple[Record, ...]] = (
    Area(id="area", name="银杏", parent="street"),
    Area(id="street", name="示例街道", level="subdistrict"),
    Unit(id="clinic", name="诊所", area="area", capacity=5, max_claims=1),
    Unit(id="school", name="学校", area="area"),
    Branch(id="branch", name="联合支部", units=("clinic", "school"), area="area"),
    Membership(id="member", alliance="alliance", party="clinic"),
    Offer(id="checks", unit="clinic", category="health", capacity=1, per="quarter"),
    Offer(id="talks", unit="school", category="health"),
    Need(id="need", party="area", category="health", quantity=3, area="area", tags=("上门", "夜间")),
    Need(id="other", party="area", category="health", quantity=9, notes=(("序号", "7"),)),
    Project(id="project", name="共建花园", wanted=2),
    Pairing(id="pair", parties=("clinic", "school", "area"), valid_to=date(2026, 6, 30)),
)
"""A few records that refer to each other."""


def claim_on(need: str, by: str = "clinic", *, id: str = "claim", **fields: Any) -> Claim:
    """A claim by a unit on a need, unless `fields` say otherwise."""
    return Claim(**{"id": id, "target": need, "target_table": "needs", "by": by, **fields})


class StoreTests(JobTests):
    """What a store does, whatever keeps it."""

    @pytest.fixture
    def store(self, new_store: Callable[[], Store]) -> Store:
        """A store with the town in it."""
        store = new_store()
        store.write(Batch(put=TOWN))
        return store

    def test_an_empty_store_is_at_revision_zero(self, new_store: Callable[[], Store]) -> None:
        store = new_store()
        assert store.revision() == (0, "")
        assert len(store.snapshot()) == 0
        assert list(store.events()) == []

    def test_what_is_written_is_read_back(self, store: Store) -> None:
        assert [store.get(table_of(record), record.id) for record in TOWN] == list(TOWN)
        assert {table: store.count(table) for table in TABLES} == {
            table: sum(table_of(record) == table for record in TOWN) for table in TABLES
        }

    def test_ids_and_tables_that_are_not_there_are_not_found(self, store: Store) -> None:
        with pytest.raises(NotFoundError):
            store.get("needs", "nobody")
        with pytest.raises(NotFoundError):
            store.get("nothing", "need")
        with pytest.raises(NotFoundError):
            list(store.find("needs", colour="red"))

    def test_the_same_batch_again_makes_no_revision(self, store: Store) -> None:
        before = store.revision()
        result = store.write(Batch(put=TOWN))
        assert store.revision() == before
        assert (result.added, result.changed, result.deleted) == ({}, {}, {})
        assert sum(result.unchanged.values()) == len(TOWN)

    def test_where_a_record_came_from_is_no_change(self, store: Store) -> None:
        before = store.revision()
        store.write(
            Batch(put=(Project(id="project", name="共建花园", wanted=2, list_name="x.csv", list_row=3),))
        )
        assert store.revision() == before

    def test_a_write_counts_and_logs_what_it_changes(self, store: Store) -> None:
        revision, token = store.revision()
        changed = Need(id="need", category="legal")
        batch = Batch(
            put=(changed, Unit(id="bank", name="银行")), delete=(("units", "school"), ("units", "x"))
        )
        result = store.write(batch)
        assert result.revision == revision + 1
        assert result.added == {"units": 1}
        assert result.changed == {"needs": 1}
        assert result.deleted == {"units": 1}
        assert store.revision()[1] not in ("", token)
        (event,) = store.events(after=revision)
        found = [(item.table, item.id, item.before is None, item.after is None) for item in event.changes]
        assert found == [
            ("units", "bank", True, False),
            ("units", "school", False, True),
            ("needs", "need", False, False),
        ]
        assert event.changes[2].after == changed
        assert (event.revision, event.token, event.action) == (*store.revision(), "load")

    def test_an_outdated_expectation_is_refused(self, store: Store) -> None:
        revision, _ = store.revision()
        store.write(Batch(put=(Unit(id="bank", name="银行"),)), expect_revision=revision)
        with pytest.raises(ConflictError):
            store.write(Batch(put=(Unit(id="shop", name="店"),)), expect_revision=revision)
        assert store.count("units") == 3

    def test_the_last_of_equal_ids_counts_and_putting_beats_deleting(self, store: Store) -> None:
        bank = Unit(id="bank", name="银行")
        store.write(Batch(put=(Unit(id="bank", name="行"), bank), delete=(("units", "bank"),)))
        assert store.get("units", "bank") == bank

    def test_find_pages_in_order_of_id(self, store: Store) -> None:
        store.write(Batch(put=[Unit(id=f"u{number:04}", name="x", kind="new") for number in range(2500)]))
        found = [record.id for record in store.find("units", kind="new")]
        assert found == [f"u{number:04}" for number in range(2500)]
        page = [record.id for record in store.find("units", kind="new", after="u0003", limit=2)]
        assert page == ["u0004", "u0005"]
        assert [record.id for record in store.find("units", capacity=None, kind="")] == ["school"]
        assert [record.id for record in store.find("needs", tags=("上门", "夜间"))] == ["need"]

    def test_find_as_of_a_day(self, store: Store) -> None:
        assert [record.id for record in store.find("pairings", as_of=date(2026, 6, 30))] == ["pair"]
        assert list(store.find("pairings", as_of=date(2026, 7, 1))) == []

    def test_names_tell_equal_names_apart(self, store: Store) -> None:
        names = store.names()
        assert ("area", "银杏", "street") in names["areas"]
        assert ("clinic", "诊所", "area") in names["units"]
        assert ("checks", "", "clinic") in names["offers"]
        assert list(names["members"]) == [("member", "", None)]

    def test_undo_takes_the_newest_back_then_the_one_before(self, store: Store) -> None:
        before = _contents(store)
        store.write(Batch(put=(Need(id="need", category="legal"),), delete=(("units", "school"),)))
        store.write(Batch(put=(Unit(id="bank", name="银行"),)))
        event = store.undo()
        assert [(change.id, change.after) for change in event.changes] == [("bank", None)]
        store.undo()
        assert _contents(store) == before
        store.undo()
        assert len(store.snapshot()) == 0
        with pytest.raises(NotFoundError):
            store.undo()

    def test_undo_is_refused_where_something_changed_later(self, store: Store) -> None:
        store.write(Batch(put=(Unit(id="clinic", name="医院"),)))
        before = _contents(store)
        with pytest.raises(ConflictError, match="clinic"):
            store.undo(1)
        assert _contents(store) == before
        with pytest.raises(NotFoundError):
            store.undo(99)

    def test_undos_are_undone_one_after_the_other(self, store: Store) -> None:
        before = _contents(store)
        store.write(Batch(put=(Unit(id="new", name="一"),)))
        first, with_one = store.revision()[0], _contents(store)
        store.write(Batch(put=(Unit(id="new", name="二"),)))
        with_two = _contents(store)
        last = store.undo()
        for expected in (with_two, with_one, with_two, with_one):
            last = store.undo(last.revision)
            assert _contents(store) == expected
        # The second change stands taken back, so the first one is next.
        assert store.undo().undoes == first
        assert _contents(store) == before

    def test_an_undo_can_be_undone_once(self, store: Store) -> None:
        store.write(Batch(put=(Unit(id="bank", name="银行"),)))
        revision = store.undo().revision
        store.undo(revision)
        assert store.get("units", "bank") == Unit(id="bank", name="银行")
        with pytest.raises(ConflictError):
            store.undo(revision)
        store.undo(2)
        assert store.count("units") == 2

    def test_tokens_never_repeat(self, store: Store) -> None:
        store.write(Batch(put=(Unit(id="bank", name="银行"),)))
        store.undo()
        store.undo(3)
        tokens = [event.token for event in store.events()]
        assert len(set(tokens)) == len(tokens) == 4

    def test_a_claim_takes_what_the_need_wants(self, store: Store) -> None:
        claim = store.claim(claim_on("need", offer="checks"), YEAR)
        assert (claim.status, claim.quantity, claim.valid_from, claim.valid_to) == (
            "agreed",
            3,
            YEAR.first,
            YEAR.last,
        )
        assert store.get("claims", "claim") == claim
        assert store.claim(claim, YEAR) == claim

    @pytest.mark.parametrize(
        ("claim", "left"),
        [
            (claim_on("other", id="x", offer="checks", quantity=2), "offer checks"),
            (claim_on("need", id="x", by="school", offer="talks", quantity=1), "need need"),
            (claim_on("other", id="x", quantity=3), "unit clinic"),
            (Claim(id="x", target="checks", target_table="offers", by="area", quantity=2), "offer checks"),
        ],
    )
    def test_no_claim_goes_beyond_what_is_left(self, store: Store, claim: Claim, left: str) -> None:
        store.claim(claim_on("need", offer="checks"), YEAR)
        before = _contents(store)
        with pytest.raises(CapacityError, match=left):
            store.claim(claim, YEAR)
        assert _contents(store) == before

    def test_what_is_released_can_be_taken_again(self, store: Store) -> None:
        store.claim(claim_on("need", offer="checks"), YEAR)
        ended = store.release("claim", why="人手不足")
        assert (ended.status, ended.why) == ("withdrawn", "人手不足")
        store.claim(claim_on("need", id="again", offer="checks"), YEAR)
        with pytest.raises(TransitionError):
            store.claim(ended, YEAR)
        with pytest.raises(NotFoundError):
            store.release("nobody")

    def test_unknown_capacity_refuses_nobody_and_rounds_count_apart(self, store: Store) -> None:
        store.claim(claim_on("other", by="school", offer="talks", quantity=9), YEAR)
        later = Period(date(2027, 1, 1), date(2027, 3, 31))
        store.claim(claim_on("need", id="one", offer="checks", quantity=1), later)
        with pytest.raises(CapacityError):
            store.claim(claim_on("other", id="two", offer="checks", quantity=1), later)

    def test_a_project_takes_different_units_each_within_its_number(self, store: Store) -> None:
        def claim(name: str, by: str, target: str = "project") -> None:
            store.claim(Claim(id=name, target=target, target_table="projects", by=by), YEAR)

        claim("one", "clinic")
        with pytest.raises(CapacityError):
            claim("two", "clinic")
        store.write(Batch(put=(Project(id="second", name="夜校", wanted=9), Unit(id="bank", name="银行"))))
        with pytest.raises(CapacityError, match="unit_projects"):
            claim("three", "clinic", "second")
        claim("four", "school")
        with pytest.raises(CapacityError, match="project project"):
            claim("five", "bank")

    def test_overpromises_of_a_list_stay_but_nothing_is_added(self, store: Store) -> None:
        promised = claim_on("other", offer="checks", quantity=50, status="agreed")
        store.write(Batch(put=(promised,)))
        assert store.get("claims", "claim") == promised
        with pytest.raises(CapacityError):
            store.claim(claim_on("need", id="x", offer="checks", quantity=1), YEAR)

    def test_a_claim_on_nothing_is_refused(self, store: Store) -> None:
        for claim in (
            claim_on("nobody"),
            claim_on("need", offer="nothing"),
            Claim(id="x", target="clinic", target_table="units", by="school"),
        ):
            with pytest.raises(NotFoundError):
                store.claim(claim, YEAR)
        with pytest.raises(CapacityError):
            store.claim(claim_on("need", quantity=0), YEAR)
        assert store.count("claims") == 0

    def test_neighbours_by_tie_and_day(self, store: Store) -> None:
        store.claim(claim_on("need", offer="checks", quantity=1), YEAR)
        assert store.neighbours("clinic", kind="pairing") == [("areas", "area"), ("units", "school")]
        assert store.neighbours("clinic", kind="pairing", as_of=date(2026, 7, 1)) == []
        assert store.neighbours("clinic") == [
            ("areas", "area"), ("branches", "branch"), ("needs", "need"), ("offers", "checks"),
            ("units", "school"),
        ]  # fmt: skip
        assert store.neighbours("need", kind="claims") == [("units", "clinic")]
        assert store.neighbours("street") == [("areas", "area")]

    def test_edges_are_arrays(self, store: Store) -> None:
        edges = store.edges("pairing")
        assert sorted(zip(edges.tail, edges.head, edges.record, strict=True)) == [
            ("clinic", "area", "pair"), ("clinic", "school", "pair"), ("school", "area", "pair"),
        ]  # fmt: skip
        assert len(store.edges("pairing", as_of=date(2026, 7, 1)).tail) == 0
        assert all(len(store.edges(kind).tail) == len(store.edges(kind).record) for kind in KINDS)

    def test_a_snapshot_shows_one_revision(self, store: Store) -> None:
        snapshot = store.snapshot()
        assert (snapshot.revision, snapshot.token) == store.revision()
        store.write(Batch(put=(Unit(id="bank", name="银行"),)))
        assert snapshot.count("units") == 2
        fresh = store.snapshot()
        assert (fresh.revision, fresh.token) == store.revision()
        assert list(fresh.ids("units")) == ["bank", "clinic", "school"]
        assert list(fresh.records("needs")) == list(store.find("needs"))
        assert store.snapshot(date(2026, 7, 1)).count("pairings") == 0
        assert np.isnan(fresh.column("units", "capacity")).tolist() == [True, False, True]

    def test_rounds_keep_their_results(self, store: Store) -> None:
        revision, token = store.revision()
        made = Round(
            "", YEAR, "proposed", revision, token, {"fit": "broad"}, {"match": {"needs": 2}, "gaps": []}
        )
        first, second = store.put_round(made), store.put_round(made)
        assert first.id != second.id
        assert store.revision() == (revision, token)
        assert store.get_round(first.id) == first
        assert [value.id for value in store.rounds()] == [second.id, first.id]
        assert store.rounds()[0].results == {}
        assert store.change_round(first.id, "published").status == "published"
        with pytest.raises(ConflictError):
            store.put_round(first)
        with pytest.raises(TransitionError):
            store.change_round(first.id, "open")
        with pytest.raises(NotFoundError):
            store.get_round("nothing")

    def test_a_dump_fills_an_empty_store(self, store: Store, new_store: Callable[[], Store]) -> None:
        store.claim(claim_on("need", offer="checks"), YEAR)
        store.undo()
        store.put_round(Round("", YEAR, "open", *store.revision(), {}, {"match": {"a": [1, None, "中"]}}))
        rows = list(store.dump())
        for target in (new_store(), MemoryStore()):
            assert target.load(iter(rows)) == len(rows) - 1
            assert list(target.dump()) == rows
            assert target.revision() == store.revision()
            with pytest.raises(ConflictError):
                target.load(iter(rows))

    def test_a_broken_dump_leaves_nothing(self, store: Store, new_store: Callable[[], Store]) -> None:
        rows = [*store.dump(), {"kind": "mystery"}]
        target = new_store()
        for broken in (rows, rows[1:], []):
            with pytest.raises(StoreError):
                target.load(iter(broken))
            assert target.revision() == (0, "")
            assert target.count("units") == 0

    def test_text_of_all_kinds_comes_back(self, store: Store) -> None:
        unit = Unit(id="'\"%_\x00\n🏥", name="a;b、c", notes=(("x\ty", "[]"), ("", '"')), source="None")
        store.write(Batch(put=(unit,)))
        assert store.get("units", unit.id) == unit
        assert store.snapshot().record("units", unit.id) == unit


def _contents(store: Store) -> dict[str, list[Record]]:
    return {table: list(store.find(table)) for table in TABLES}
