"""The page's figures: counted from the same rows as the documents, under every filter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.board import Board, Filters, build_board
from api.board_rows import list_rows, row_json
from api.board_summary import summarize
from api.problems import DoorError
from api.services.rounds import solve_round
from graph.model import Alliance, Area, Claim, Membership, Need, Offer, Project, Record, Unit
from graph.snapshot import Snapshot
from graph.taxonomy import REASONS

TODAY = date(2026, 6, 1)

AREAS: list[Record] = [
    Area(id="s", name="示例街道", level="subdistrict"),
    Area(id="a", name="梧桐", parent="s", lon=121.5, lat=31.2, population=4000, over60=1000),
    Area(id="b", name="香樟", parent="s", lon=121.52, lat=31.2),
    Area(id="a1", name="一号楼", level="building", parent="a", lon=121.5, lat=31.2),
]
TOWN: list[Record] = [
    *AREAS,
    Unit(id="u", name="便民维修队", area="a", lon=121.5, lat=31.2),
    Unit(id="v", name="玉兰服务社", area="b", lon=121.52, lat=31.2, capacity=1),
    Alliance(id="l", name="联盟"),
    Membership(id="m", alliance="l", party="u"),
    Offer(id="o", unit="u", category="repair", capacity=3, reach_any=True, title="上门维修"),
    Offer(id="p", unit="v", category="health", capacity=None, reach_m=500.0, title="量血压"),
    Need(id="n1", category="repair", area="a", quantity=2, priority=1, title="修灯"),
    Need(id="n2", category="repair", area="b", quantity=4, title="修窗"),
    Need(id="n3", category="health", area="a1", quantity=1, title="量血压"),
    Need(id="n4", category="legal", title="咨询", priority=1),
    Need(id="n5", category="health.tcm", area="b", title="艾灸"),
    Project(id="q", name="花园", wanted=3, area="a"),
    Claim(id="c1", target="n2", target_table="needs", by="u", status="proposed"),
    Claim(
        id="c2", target="n1", target_table="needs", by="u", offer="o", quantity=1, status="agreed",
        valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 20),
    ),
]  # fmt: skip


def board_of(*records: Record) -> Board:
    snapshot = Snapshot.from_records(records)
    return build_board(replace(solve_round(snapshot), id="2026-1"), snapshot)


@pytest.fixture(scope="module")
def board() -> Board:
    return board_of(*TOWN)


def summary_of(board: Board, filters: Filters | None = None) -> dict[str, Any]:
    return summarize(board, filters or Filters(), now=board.snapshot, today=TODAY, ending_days=30)


def rows_of(board: Board, filters: Filters, **extra: Any) -> list[dict[str, Any]]:
    rows = list_rows(board, filters, extra.get("unit"), extra.get("sort"))
    return [row_json(board, row) for row in rows.tolist()]


FILTERS = [
    Filters(),
    Filters(area="s"),
    Filters(area="a"),
    Filters(area="b"),
    Filters(cat="repair"),
    Filters(cat="health"),
    Filters(priority=1),
    Filters(reason="no_capacity"),
    Filters(area="b", cat="repair", priority=3, reason="no_capacity"),
    Filters(cat="youth"),
]


@pytest.mark.parametrize("filters", FILTERS)
def test_sentence_table_map_and_rows_agree(board: Board, filters: Filters) -> None:
    check_sums(board, filters)


def check_sums(board: Board, filters: Filters) -> None:
    summary = summary_of(board, filters)
    figures = summary["figures"]
    needs = [row for row in rows_of(board, filters) if row["kind"] == "need"]
    assert figures["needs"] == len(needs)
    for name, column in (
        ("places_wanted", "quantity"),
        ("places_served", "served"),
        ("unserved", "unserved"),
    ):
        assert figures[name] == sum(row[column] for row in needs)
    cells = summary["cells"]
    assert figures["places_wanted"] == sum(cell["wanted"] for cell in cells)
    assert figures["places_served"] == sum(cell["served"] for cell in cells)
    assert figures["unserved"] == sum(cell["unserved"] for cell in cells)
    assert figures["unserved"] == sum(item["places"] for item in summary["reasons"])
    for item in summary["reasons"]:
        assert item["places"] == sum(cell["by_reason"].get(item["reason"], 0) for cell in cells)
    placed = sum(cell["unserved"] for cell in cells if cell["area"] is not None)
    assert placed == sum(area["unserved"] for area in summary["areas"])
    for row in needs:
        assert row["served"] == sum(item["places"] for item in row["assignments"])
        assert (row["reason"] is None) == (row["unserved"] == 0)


@pytest.mark.parametrize("reason", REASONS)
def test_a_town_of_size_agrees_with_its_documents(reading, reason: str) -> None:
    match, gaps = reading.get("/v1/match"), reading.get("/v1/gaps")
    summary = reading.get("/v1/rounds/current/summary")
    figures = summary["figures"]
    for name in ("needs", "places_wanted", "places_served"):
        assert figures[name] == match[name]
    assert figures["unserved"] == gaps["unserved"]
    assert figures["urgent_served"] == match["served_by_priority"]["1"]
    assert figures["more_than_by_hand"] == match["comparison"]["places_gained"]
    assert {item["reason"]: item["places"] for item in summary["reasons"]}.get(reason, 0) == gaps["summary"][
        reason
    ]
    filtered = reading.get(f"/v1/rounds/current/summary?reason={reason}")
    assert filtered["figures"]["unserved"] >= gaps["summary"][reason]
    assert filtered["figures"]["more_than_by_hand"] is None


def test_a_row_can_be_asked_for_by_its_id(reading) -> None:
    whole = reading.get("/v1/rounds/current/rows?limit=1000")["items"]
    for kind in ("need", "project"):
        row = [row for row in whole if row["kind"] == kind][-1]
        assert reading.get(f"/v1/rounds/current/rows?id={row[kind]}")["items"] == [row]
    assert reading.get("/v1/rounds/current/rows?id=nobody")["items"] == []


def test_rows_come_in_pages_that_hold_each_once(reading) -> None:
    whole = reading.get("/v1/rounds/current/rows?limit=1000")
    seen, cursor = [], ""
    while cursor is not None:
        page = reading.get(f"/v1/rounds/current/rows?limit=50{cursor and '&cursor=' + cursor}")
        seen += page["items"]
        assert page["total"] == whole["total"]
        cursor = page["next"]
    assert seen == whole["items"]
    keys = {(row["kind"], row.get("need") or row["project"]) for row in seen}
    assert len(keys) == whole["total"]


def test_what_was_asked_for_and_given(board: Board) -> None:
    rows = {row.get("need") or row["project"]: row for row in rows_of(board, Filters())}
    assert (rows["n1"]["served"], rows["n1"]["unserved"], rows["n1"]["area_name"]) == (2, 0, "梧桐")
    assert (rows["n2"]["served"], rows["n2"]["unserved"], rows["n2"]["reason"]) == (1, 3, "no_capacity")
    assert rows["n2"]["certificate"] is not None
    assert rows["n3"]["reason"] == "out_of_reach"
    assert rows["n4"]["reason"] == "no_capable_unit"
    assert (rows["n4"]["area"], rows["n4"]["area_name"]) == (None, None)
    assert rows["n5"]["served"] == 0 or rows["n5"]["assignments"][0]["fit"] == "exact"
    assert (rows["q"]["kind"], rows["q"]["quantity"]) == ("project", 3)
    given = rows["n1"]["assignments"][0]
    assert (given["unit_name"], given["locked"], given["why"]["kind"]) == ("便民维修队", True, "only")


def test_needs_of_a_building_are_shown_in_their_neighbourhood(board: Board) -> None:
    summary = summary_of(board)
    assert {"area": "a", "category": "health"}.items() <= next(
        cell for cell in summary["cells"] if (cell["area"], cell["category"]) == ("a", "health")
    ).items()
    assert "a1" not in {cell["area"] for cell in summary["cells"]}
    assert {row["need"] for row in rows_of(board, Filters(area="a")) if "need" in row} == {"n1", "n3"}


def test_children_of_a_category_share_its_column(board: Board) -> None:
    assert summary_of(board)["categories"] == ["health", "legal", "repair"]
    assert {row["need"] for row in rows_of(board, Filters(cat="health"))} == {"n3", "n5"}
    assert {row["need"] for row in rows_of(board, Filters(cat="health.tcm"))} == {"n5"}


def test_units_and_areas_as_the_map_draws_them(board: Board) -> None:
    summary = summary_of(board)
    units = {unit["id"]: unit for unit in summary["units"]}
    assert (units["u"]["member"], units["u"]["used"], units["u"]["capacity"]) == (True, 3, None)
    assert (units["v"]["member"], units["v"]["capacity"]) == (False, 1)
    areas = {area["id"]: area for area in summary["areas"]}
    assert areas["a"] == {
        "id": "a", "name": "梧桐", "lon": 121.5, "lat": 31.2, "precision": "area", "population": 4000,
        "over60": 1000, "wanted": 3, "unserved": 1, "reason": "out_of_reach",
    }  # fmt: skip
    assert areas["b"]["population"] is None


def test_what_is_to_be_done_today(board: Board) -> None:
    todo = summary_of(board)["todo"]
    assert [item["need"] for item in todo["urgent_unserved"]] == ["n4"]
    assert todo["proposed_claims"] == 1
    assert todo["promises_ending"] == 1
    assert {"id": "a", "name": "梧桐"} in todo["unpaired_areas"]
    assert (
        summarize(board, Filters(), now=board.snapshot, today=date(2026, 1, 1), ending_days=30)["todo"][
            "promises_ending"
        ]
        == 0
    )


def test_the_board_says_when_the_lists_moved_on(board: Board) -> None:
    later = Snapshot.from_records(TOWN)
    later.token = "another"
    assert summary_of(board)["stale"] is False
    stale = summarize(board, Filters(), now=later, today=TODAY, ending_days=30)
    assert stale["stale"] is True
    assert stale["figures"] == summary_of(board)["figures"]


def test_orders(board: Board) -> None:
    def ids(sort: str | None) -> list[str]:
        return [row.get("need") or row["project"] for row in rows_of(board, Filters(), sort=sort)]

    assert ids(None)[0] == "n4"
    assert ids("-unserved")[:2] == ["n2", "q"]
    assert ids("-gap") == ids("-unserved")
    assert ids("unserved") != ids("-unserved")
    titles = [row["title"] for row in rows_of(board, Filters(), sort="title")]
    assert titles == sorted(titles)
    with pytest.raises(DoorError):
        ids("colour")


def test_rows_of_one_unit(board: Board) -> None:
    found = {row.get("need") or row["project"] for row in rows_of(board, Filters(), unit="u")}
    assert {"n1", "n2"} <= found
    assert "n4" not in found
    assert rows_of(board, Filters(), unit="nobody") == []


@pytest.mark.parametrize("filters", [Filters(area="nowhere"), Filters(reason="colour")])
def test_filters_name_what_there_is(board: Board, filters: Filters) -> None:
    with pytest.raises(DoorError):
        board.select(filters)


def test_an_empty_town_has_an_empty_board() -> None:
    board = board_of()
    check_sums(board, Filters())
    assert rows_of(board, Filters()) == []


def test_areas_nested_in_a_ring_end_somewhere() -> None:
    ring = [
        Area(id="x", name="x", level="building", parent="y"),
        Area(id="y", name="y", level="building", parent="x"),
        Need(id="n", category="repair", area="x"),
    ]
    check_sums(board_of(*ring), Filters())


def test_a_need_held_by_a_rule_says_so() -> None:
    records = [
        *AREAS,
        Unit(id="u", name="u", area="a"),
        Offer(id="o", unit="u", category="repair", capacity=3, reach_any=True),
        Need(id="n", category="repair", area="a", quantity=4, whole=True),
        Need(id="w", category="repair", area="a", quantity=2, whole=True),
        Need(id="x", category="repair", area="a", quantity=2, whole=True),
    ]
    board = board_of(*records)
    check_sums(board, Filters())
    gaps = board.round.results["gaps"]
    found = {item["reason"]: item["places"] for item in summary_of(board)["reasons"]}
    assert found == {reason: places for reason, places in gaps["summary"].items() if places}
    held = Filters(reason="held_by_rule")
    assert (not board.select(held).any()) == (gaps["summary"]["held_by_rule"] == 0)


def test_an_older_round_tells_what_was_true_of_it(service) -> None:
    before = service.get("/v1/rounds/current/summary")
    rows = service.get("/v1/rounds/current/rows?limit=1000")
    need = next(row["need"] for row in rows["items"] if row["kind"] == "need" and row["served"])
    assert service.client.delete(f"/v1/needs/{need}").status_code == 204
    service.client.post("/v1/needs", json={"title": "修窗", "category": "便民维修", "area": "梧桐"})
    after = service.get("/v1/rounds/current/summary")
    assert after["stale"] is True
    for name in ("figures", "reasons", "cells", "areas", "units"):
        assert after[name] == before[name]
    assert service.get("/v1/rounds/current/rows?limit=1000") == rows
