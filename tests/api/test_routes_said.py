"""What a planner says of lists once and for all: named columns, other words, other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.services.loads import load_paths

UNITS = "编号,名称\nu1,玉兰社区服务社\nu2,便民维修队\n"
OFFERS = "名称,提供方,类别,大类\n修灯,老玉兰,缝缝补补,\n修窗,老玉兰,,杂活\n"
STRANGE = "登记事项,哪一类,共来几回,联系电话\n修灯,便民维修,2,13800000000\n修窗,便民维修,三次,13800000001\n"
SAID = [
    {"kind": "name", "written": "老玉兰", "meaning": "玉兰社区服务社"},
    {"kind": "category", "written": "缝缝补补", "meaning": "repair"},
    {"kind": "heading", "written": "杂活", "meaning": "便民维修"},
]


def send(service: Any, *files: tuple[str, str]) -> Any:
    parts = [("files", (name, text.encode())) for name, text in files]
    return service.client.post("/v1/loads", files=parts).json()


def say(service: Any, load: dict[str, Any], said: list[dict[str, Any]]) -> Any:
    return service.client.put(f"/v1/loads/{load['id']}/said", json=said)


@pytest.fixture
def empty(serve) -> Any:
    return serve(is_empty=True)


def test_what_is_said_holds_for_every_row_and_for_later_lists(empty, tmp_path: Path) -> None:
    load = send(empty, ("单位.csv", UNITS), ("资源清单.csv", OFFERS))
    assert (load["report"]["refused"], load["said"]) == (2, [])
    told = say(empty, load, SAID).json()
    assert told["report"]["problems"] == []
    assert [saying["meaning"] for saying in told["said"]] == ["玉兰社区服务社", "repair", "repair"]
    assert empty.store.revision()[0] == 0
    empty.client.post(f"/v1/loads/{load['id']}/confirm", json={})
    assert empty.store.revision()[0] == 1
    assert {alias.written for alias in empty.store.find("aliases")} == {"老玉兰", "缝缝补补"}
    assert [rule.category for rule in empty.store.find("categories")] == ["repair"]
    later = tmp_path / "资源清单.csv"
    later.write_text(
        "名称,提供方,类别,大类\n修门,老玉兰,缝缝补补,\n修锁,便民维修队,,杂活\n", encoding="utf-8"
    )
    document = load_paths(empty.store, [later])
    assert (document["refused"], document["problems"]) == (0, [])
    assert {offer.category for offer in empty.store.find("offers")} == {"repair"}
    empty.client.post("/v1/undo", json={"revision": 2})
    empty.client.post("/v1/undo", json={"revision": 1})
    assert empty.store.count("aliases") == 0


def test_what_was_said_is_taken_back_and_goes_with_a_discarded_list(empty) -> None:
    load = send(empty, ("单位.csv", UNITS), ("资源清单.csv", OFFERS))
    say(empty, load, SAID)
    assert say(empty, load, []).json()["report"] == load["report"]
    say(empty, load, SAID)
    empty.client.delete(f"/v1/loads/{load['id']}")
    assert empty.store.revision()[0] == 0


def test_columns_are_named_and_remembered(empty, tmp_path: Path) -> None:
    load = send(empty, ("登记.csv", STRANGE))
    [unnamed] = load["report"]["unnamed"]
    assert (unnamed["file"], unnamed["header_row"], unnamed["is_named"]) == ("登记.csv", 1, False)
    assert "1380000" not in str(load)
    needs = unnamed["choices"]["needs"]
    assert (unnamed["table"], needs["guesses"]) == ("needs", ["title", "category", "quantity", None])
    assert needs["columns"]["category"] is True
    said = {
        "kind": "list", "headers": unnamed["rows"][0]["cells"], "table": "needs",
        "columns": ["title", "category", "quantity", None],
    }  # fmt: skip
    told = say(empty, load, [said]).json()
    assert (told["report"]["kept"], told["report"]["refused"]) == ({"needs": 2}, 0)
    assert told["said"] == [said]
    assert [item["is_named"] for item in told["report"]["unnamed"]] == [True]
    empty.client.post(f"/v1/loads/{load['id']}/confirm", json={})
    assert {need.title: need.quantity for need in empty.store.find("needs")} == {"修灯": 2, "修窗": 3}
    later = tmp_path / "七月.csv"
    later.write_text(STRANGE.replace("修灯", "换灯"), encoding="utf-8")
    assert load_paths(empty.store, [later])["kept"] == {"needs": 2}
    assert send(empty, ("八月.csv", STRANGE))["report"]["unnamed"] == []


def test_a_required_column_that_nobody_named_is_asked_for(empty) -> None:
    load = send(empty, ("登记.csv", STRANGE))
    headers = load["report"]["unnamed"][0]["rows"][0]["cells"]
    said = {"kind": "list", "headers": headers, "table": "needs", "columns": ["title"]}
    report = say(empty, load, [said]).json()["report"]
    assert [problem["problem"] for problem in report["problems"]] == ["missing_column"]
    assert [item["is_named"] for item in report["unnamed"]] == [True]


@pytest.mark.parametrize(
    "saying",
    [
        {"kind": "category", "written": "缝缝补补", "meaning": "没有的类"},
        {"kind": "heading", "written": "杂活", "meaning": "没有的类"},
        {"kind": "name", "written": "13800000000", "meaning": "玉兰社区服务社"},
        {"kind": "name", "written": " ", "meaning": "玉兰社区服务社"},
        {"kind": "list", "headers": ["甲"], "table": "needs", "columns": ["weather"]},
        {"kind": "list", "headers": ["甲"], "table": "nothing", "columns": ["title"]},
        {"kind": "list", "headers": ["甲"], "table": "needs", "columns": [None]},
        {"kind": "list", "headers": ["13800000000", "乙"], "table": "needs", "columns": ["title", None]},
        {"kind": "weather", "written": "甲", "meaning": "乙"},
    ],
)
def test_what_stands_for_nothing_is_refused(empty, saying: dict[str, Any]) -> None:
    load = send(empty, ("单位.csv", UNITS))
    answer = say(empty, load, [saying])
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:linli:problem:invalid"
    assert empty.get(f"/v1/loads/{load['id']}")["said"] == []


def test_what_is_remembered_is_listed_and_removed(empty) -> None:
    load = send(empty, ("单位.csv", UNITS))
    say(empty, load, SAID)
    empty.client.post(f"/v1/loads/{load['id']}/confirm", json={})
    listed = empty.get("/v1/aliases")["items"]
    assert {(item["kind"], item["written"]) for item in listed} == {
        ("name", "老玉兰"),
        ("category", "缝缝补补"),
    }
    for item in listed:
        assert empty.client.delete(f"/v1/aliases/{item['id']}").status_code == 204
    assert empty.client.delete("/v1/categories/杂活").status_code == 204
    assert not list(empty.store.find("aliases"))
    assert send(empty, ("资源清单.csv", OFFERS))["report"]["problems"]


def test_closed_choices_name_their_words(empty) -> None:
    needs = "名称,类别,优先级,不可拆分\n甲,缝补,很久,\n乙,,一般,也许\n"
    problems = send(empty, ("需求清单.csv", needs))["report"]["problems"]
    assert {(p["problem"], p["choose_from"]) for p in problems} == {
        ("category_unreadable", "categories"), ("priority_unreadable", "priority"),
        ("required_empty", "categories"), ("yes_no_unreadable", "yes_no"),
    }  # fmt: skip
