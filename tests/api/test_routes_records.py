"""Records over HTTP: listed without gaps, found, changed by hand as a list's cells would, undone."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from graph.model import TABLES, Need, Offer, Unit
from graph.store import Batch

SMALL = [
    Unit(id="unit-1", name="便民维修队"),
    Unit(id="unit-2", name="玉兰服务社"),
    Offer(id="offer-1", unit="unit-1", title="上门维修", category="repair", reach_m=800.0, tags=("电工",)),
    Need(id="need-1", title="修灯", category="repair", party="resident-0123456789abc", quantity=2),
]


@pytest.fixture
def small(serve) -> Any:
    service = serve(is_empty=True)
    service.store.write(Batch(put=SMALL))
    return service


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("limit", [1000, 37])
def test_pages_hold_every_record_once(reading, table: str, limit: int) -> None:
    seen, path = [], f"/v1/{table}?limit={limit}"
    while path:
        answer = reading.client.get(path)
        page = answer.json()
        assert page["total"] == reading.store.count(table)
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        link = answer.headers.get("link", "")
        assert bool(link) == (page["next"] is not None)
        path = link.partition(">")[0].lstrip("<") if link else ""
    assert seen == [record.id for record in reading.store.find(table)]


def test_pages_stay_whole_while_others_write(small) -> None:
    small.store.write(Batch(put=[Unit(id=f"u{number:02}", name=str(number)) for number in range(20)]))
    first = small.get("/v1/units?limit=10")
    small.store.write(Batch(put=[Unit(id="a", name="neu")], delete=[("units", first["items"][-1]["id"])]))
    second = small.get(f"/v1/units?limit=100&cursor={first['next']}")
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert len(ids) == len(set(ids)) == 22
    assert second["next"] is None


def test_filters(reading) -> None:
    area = reading.get("/v1/areas?level=subdistrict")["items"][0]["id"]
    all_needs = [need for need in reading.store.find("needs") if need.area is not None]
    found = reading.get(f"/v1/needs?area={area}&limit=1000")
    assert found["total"] == len(all_needs) > 100
    one = all_needs[0].area
    assert {item["area"] for item in reading.get(f"/v1/needs?area={one}")["items"]} == {one}
    repairs = reading.get("/v1/offers?category=repair&limit=1000")["items"]
    assert repairs
    assert all(item["category"].split(".")[0] == "repair" for item in repairs)
    assert reading.get("/v1/needs?status=closed") == {"items": [], "next": None, "total": 0}
    assert reading.get("/v1/units?area=nowhere")["total"] == 0


def test_a_category_holds_those_below_it(small) -> None:
    small.client.patch("/v1/offers/offer-1", json={"category": "中医"})
    assert small.get("/v1/offers?category=health")["items"][0]["category"] == "health.tcm"
    assert small.get("/v1/offers?category=health.tcm")["total"] == 1
    assert small.get("/v1/offers?category=health.mental")["total"] == 0


def test_unchanged_answers_are_not_sent_again(reading) -> None:
    for path in (
        "/v1/units",
        "/v1/revisions",
        "/v1/rounds",
        "/v1/rounds/current",
        "/v1/match",
        "/v1/assignments",
        "/v1/gaps",
        "/v1/gaps.geojson",
        "/v1/areas.geojson",
        "/v1/rounds/current/summary",
        "/v1/rounds/current/rows",
        "/v1/claim-sheets",
        "/v1/words",
    ):
        first = reading.client.get(path)
        assert first.status_code == 200
        tag = first.headers["etag"]
        again = reading.client.get(path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == tag
        assert reading.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_tags_differ_where_answers_do(reading) -> None:
    paths = ["/v1/units", "/v1/units?limit=5", "/v1/offers", "/v1/rounds/current/rows?sort=title"]
    assert len({reading.client.get(path).headers["etag"] for path in paths}) == len(paths)


def test_a_record_is_changed_as_a_cell_would_be(small) -> None:
    answer = small.client.patch("/v1/offers/offer-1", json={"capacity": "每月4次", "category": "养老助老"})
    assert answer.status_code == 200, answer.text
    record = answer.json()
    assert (record["capacity"], record["per"], record["category"]) == (4, "month", "elder_care")
    assert (record["title"], record["reach_m"], record["tags"]) == ("上门维修", 800.0, ["电工"])
    assert int(answer.headers["revision"]) == small.store.revision()[0] == 2
    assert small.get("/v1/offers/offer-1") == record
    record = small.client.patch("/v1/offers/offer-1", json={"reach_m": "不限", "capacity": None}).json()
    assert (record["reach_m"], record["reach_any"], record["capacity"]) == (None, True, None)
    record = small.client.patch("/v1/offers/offer-1", json={"reach_m": 1200, "tags": ["电工", "高空"]}).json()
    assert (record["reach_m"], record["reach_any"], record["tags"]) == (1200.0, False, ["电工", "高空"])


def test_references_are_found_by_name(small) -> None:
    record = small.client.patch("/v1/offers/offer-1", json={"unit": "玉兰服务社"}).json()
    assert record["unit"] == "unit-2"
    refused = small.client.patch("/v1/offers/offer-1", json={"unit": "没有的单位"})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["column"] == "unit"
    assert small.store.count("units") == 2


def test_a_resident_stays_a_pseudonym(small) -> None:
    record = small.client.patch("/v1/needs/need-1", json={"quantity": 3}).json()
    assert (record["party"], record["quantity"]) == ("resident-0123456789abc", 3)
    answer = small.client.post("/v1/needs", json={"title": "修窗", "category": "便民维修", "party": "王某某"})
    assert answer.status_code == 201
    assert answer.json()["party"].startswith("resident-")
    assert "王某某" not in answer.text
    assert "王某某" not in str(list(small.store.dump()))


def test_cells_that_cannot_be_read_come_back_as_problems(small) -> None:
    answer = small.client.patch("/v1/offers/offer-1", json={"capacity": "两三次", "category": "哈哈"})
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert {(problem["column"], problem["found"]) for problem in problems} == {
        ("capacity", "两三次"),
        ("category", "哈哈"),
    }
    assert all(problem["severity"] == "error" and problem["remedy"] for problem in problems)
    english = small.client.patch(
        "/v1/offers/offer-1", json={"capacity": "两三次"}, headers={"Accept-Language": "en"}
    )
    assert english.json()["problems"][0]["remedy"] != problems[0]["remedy"]
    told = english.json()
    assert told["detail"] == told["detail_en"]
    assert not re.search(r"[\u4e00-\u9fff]", told["detail_en"])
    assert re.search(r"[\u4e00-\u9fff]", told["detail_zh"])
    assert small.store.revision()[0] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "other"},
        {"nothing": 1},
        {"notes": []},
        {"list_row": 3},
        {"valid_from": "2026-05-01", "valid_to": "2026-04-01"},
    ],
)
def test_what_cannot_be_set_is_refused(small, changes: dict[str, Any]) -> None:
    answer = small.client.patch("/v1/offers/offer-1", json=changes)
    assert answer.status_code == 422, answer.text
    assert small.store.revision()[0] == 1


def test_states_follow_their_machine(small) -> None:
    answer = small.client.patch("/v1/needs/need-1", json={"status": "closed"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:linli:problem:transition"
    assert (
        small.client.patch("/v1/needs/need-1", json={"status": "withdrawn"}).json()["status"] == "withdrawn"
    )


def test_nobody_overwrites_what_he_has_not_seen(small) -> None:
    seen = small.client.get("/v1/offers/offer-1").headers["etag"]
    small.client.patch("/v1/offers/offer-1", json={"capacity": 5})
    for answer in (
        small.client.patch("/v1/offers/offer-1", json={"capacity": 6}, headers={"If-Match": seen}),
        small.client.delete("/v1/offers/offer-1", headers={"If-Match": seen}),
    ):
        assert answer.status_code == 412
        assert answer.json()["type"] == "urn:linli:problem:changed"
    now = small.client.get("/v1/offers/offer-1")
    assert now.json()["capacity"] == 5
    fresh = small.client.patch(
        "/v1/offers/offer-1", json={"capacity": 6}, headers={"If-Match": now.headers["etag"]}
    )
    assert fresh.json()["capacity"] == 6
    # Another record's change is no reason to refuse.
    small.client.patch("/v1/units/unit-1", json={"capacity": 9})
    again = small.client.patch(
        "/v1/offers/offer-1", json={"capacity": 7}, headers={"If-Match": fresh.headers["etag"]}
    )
    assert again.status_code == 200


def test_of_rival_changes_one_wins(small) -> None:
    seen = small.client.get("/v1/offers/offer-1").headers["etag"]
    codes: list[int] = []

    def change(capacity: int) -> None:
        answer = small.client.patch(
            "/v1/offers/offer-1", json={"capacity": capacity}, headers={"If-Match": seen}
        )
        codes.append(answer.status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] + [412] * 7


def test_a_row_is_added_once(small) -> None:
    row = {"name": "茉莉书店", "kind": "企业", "max_claims": 2}
    answer = small.client.post("/v1/units", json=row)
    assert answer.status_code == 201
    record = answer.json()
    assert (record["name"], record["max_claims"], record["list_name"]) == ("茉莉书店", 2, "")
    assert small.get(answer.headers["location"]) == record
    again = small.client.post("/v1/units", json=row)
    assert again.status_code == 409
    missing = small.client.post("/v1/units", json={"kind": "企业"})
    assert missing.status_code == 422


def test_days_of_service_are_named_as_in_lists(small) -> None:
    row = {"unit": "unit-1", "from": "2026-01-01", "to": "2026-06-30", "services": 12}
    made = small.client.post("/v1/services", json=row).json()
    assert (made["from"], made["to"]) == ("2026-01-01", "2026-06-30")
    assert "from_date" not in made
    assert small.get("/v1/services")["items"] == [made]
    changed = small.client.patch(f"/v1/services/{made['id']}", json={"to": "2026-07-31"}).json()
    assert changed == {**made, "to": "2026-07-31"}
    assert small.get(f"/v1/units/{made['unit']}/card")["services"] == [changed]


def test_a_new_offer_may_call_for_a_draft_unit(small) -> None:
    answer = small.client.post(
        "/v1/offers", json={"title": "理发", "unit": "新的理发店", "category": "repair"}
    )
    assert answer.status_code == 201
    unit = small.get(f"/v1/units/{answer.json()['unit']}")
    assert (unit["name"], unit["draft"]) == ("新的理发店", True)


def test_deleting_and_undoing(small) -> None:
    answer = small.client.delete("/v1/offers/offer-1")
    assert (answer.status_code, answer.headers["revision"]) == (204, "2")
    assert small.client.get("/v1/offers/offer-1").status_code == 404
    assert small.client.delete("/v1/offers/offer-1").status_code == 404
    assert small.client.post("/v1/undo", json={}).json() == {"undone": 2, "revision": 3}
    assert small.get("/v1/offers/offer-1")["title"] == "上门维修"


def test_the_log_says_what_was_taken_back(small) -> None:
    small.client.patch("/v1/units/unit-1", json={"capacity": 5})
    small.client.post("/v1/undo", json={"revision": 2})
    items = small.get("/v1/revisions")["items"]
    assert [(item["revision"], item["action"], item["undone_by"]) for item in items] == [
        (3, "undo", None),
        (2, "edit", 3),
        (1, "load", None),
    ]
    assert items[2]["changes"] == {"units": 2, "offers": 1, "needs": 1}
    # Taking the undo back makes the edit count again.
    small.client.post("/v1/undo", json={"revision": 3})
    assert small.get("/v1/units/unit-1")["capacity"] == 5
    items = small.get("/v1/revisions?limit=3")["items"]
    assert [(item["revision"], item["undone_by"]) for item in items] == [(4, None), (3, 4), (2, None)]


def test_undo_never_overwrites_a_later_change(small) -> None:
    small.client.patch("/v1/units/unit-1", json={"capacity": 5})
    small.client.patch("/v1/units/unit-1", json={"capacity": 6})
    answer = small.client.post("/v1/undo", json={"revision": 2})
    assert answer.status_code == 409
    assert small.get("/v1/units/unit-1")["capacity"] == 6
    assert small.client.post("/v1/undo", json={"revision": 99}).status_code == 404


def test_search(reading) -> None:
    unit = next(iter(reading.store.find("units")))
    found = reading.client.post("/v1/search", json={"text": unit.name}).json()["items"]
    assert found[0] == {"table": "units", "id": unit.id, "name": unit.name, "area": unit.area}
    assert reading.client.post("/v1/search", json={"text": unit.id}).json()["items"][0]["id"] == unit.id
    assert reading.client.post("/v1/search", json={"text": "  "}).json() == {"items": []}
    assert reading.client.post("/v1/search", json={"text": "(["}).json() == {"items": []}
    many = reading.client.post("/v1/search", json={"text": "修", "limit": 7}).json()["items"]
    assert len(many) == 7
    assert all("修" in item["name"] for item in many)


# -- record pages -------------------------------------------------------------------------------------


def test_the_page_of_a_unit(reading) -> None:
    row = next(item for item in reading.get("/v1/assignments") if "need" in item and item["offer"])
    card = reading.get(f"/v1/units/{row['unit']}/card")
    assert card["record"] == reading.get(f"/v1/units/{row['unit']}")
    assert card["name"] == card["record"]["name"]
    mine = [item for item in reading.get("/v1/assignments") if item["unit"] == row["unit"]]
    assert [(item.get("need"), item["places"]) for item in card["assignments"]] == [
        (item.get("need"), item["places"]) for item in mine
    ]
    used = {item["id"]: item["used"] for item in card["gives"]}
    assert sum(used.values()) == sum(item["places"] for item in mine if item["offer"])
    assert all(item["unit"] == row["unit"] for item in card["gives"])
    assert [entry["action"] for entry in card["history"]] == ["load"]


def test_the_page_of_a_need(reading) -> None:
    row = next(item for item in reading.get("/v1/assignments") if "need" in item)
    card = reading.get(f"/v1/needs/{row['need']}/card")
    assert card["takes"][0]["served"] >= row["places"]
    assert {item["need"] for item in card["assignments"]} == {row["need"]}
    assert all(item["unit_name"] for item in card["assignments"])


def test_the_page_of_an_area(reading) -> None:
    pairing = reading.get("/v1/pairings?limit=1")["items"][0]
    for party in pairing["parties"]:
        table = party.partition("-")[0]
        path = (
            f"/v1/{'branches' if table == 'branch' else 'units' if table == 'unit' else 'areas'}/{party}/card"
        )
        card = reading.get(path)
        assert pairing["id"] in {item["id"] for item in card["pairings"]}
    area = reading.get("/v1/areas?level=neighbourhood")["items"][0]["id"]
    card = reading.get(f"/v1/areas/{area}/card")
    assert card["takes"]
    assert card["branches"]


def test_history_names_the_fields(small) -> None:
    small.client.patch("/v1/offers/offer-1", json={"capacity": 5})
    history = small.get("/v1/offers/offer-1/card")["history"]
    assert [(entry["action"], entry["fields"]) for entry in history] == [("edit", ["capacity"]), ("load", [])]
    card = small.get("/v1/offers/offer-1/card")
    assert (card["gives"][0]["round_capacity"], card["gives"][0]["counts"]) == (5, 1)
    small.client.patch("/v1/offers/offer-1", json={"per": "month"})
    monthly = small.get("/v1/offers/offer-1/card")["gives"][0]
    assert (monthly["round_capacity"], monthly["counts"]) == (60, 12)
    small.client.patch("/v1/offers/offer-1", json={"capacity": None})
    unknown = small.get("/v1/offers/offer-1/card")["gives"][0]
    assert (unknown["round_capacity"], unknown["counts"]) == (None, 12)
    card = small.get("/v1/offers/offer-1/card")
    assert card["names"] == {"unit-1": "便民维修队"}


@pytest.mark.parametrize("table", TABLES)
def test_every_kind_of_record_has_a_page(reading, table: str) -> None:
    items = reading.get(f"/v1/{table}?limit=3")["items"]
    for item in items:
        card = reading.get(f"/v1/{table}/{item['id']}/card")
        assert (card["table"], card["record"]["id"]) == (table, item["id"])
    assert reading.client.get(f"/v1/{table}/nothing/card").status_code == 404
