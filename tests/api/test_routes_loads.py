"""Lists over HTTP: uploaded, checked, mended cell by cell, loaded or discarded."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.services.loads import check_paths
from graph.store import open_store

UNITS = "名称,类型\n便民维修队,社会组织\n玉兰服务社,社会组织\n"
NEEDS = "名称,类别,数量,联系电话\n修灯,便民维修,两三次,13800000000\n修窗,便民维修,2,13800000001\n"


def send(service: Any, *files: tuple[str, bytes]) -> Any:
    return service.client.post("/v1/loads", files=[("files", file) for file in files])


@pytest.fixture
def empty(serve) -> Any:
    return serve(is_empty=True)


@pytest.fixture
def faulty(empty) -> dict[str, Any]:
    answer = send(empty, ("单位.csv", UNITS.encode()), ("需求清单.csv", NEEDS.encode()))
    assert answer.status_code == 201
    return dict(answer.json(), location=answer.headers["location"])


def test_the_report_is_that_of_a_dry_run(serve, workbook: Path, tmp_path: Path) -> None:
    service = serve(is_empty=True)
    load = send(service, ("2026.xlsx", workbook.read_bytes())).json()
    store = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    dry = check_paths(store, [workbook])
    store.close()
    report = load["report"]
    assert {name: report[name] for name in dry} == dry
    assert service.store.revision()[0] == 0
    errors = {(p["sheet"], p["row"]) for p in dry["problems"] if p["severity"] == "error"}
    assert sum(table["refused"] for table in report["tables"]) == len(errors) == dry["refused"] > 5
    assert sum(table["kept"] for table in report["tables"]) == sum(dry["kept"].values())
    for row in report["grid"]:
        for index in row["problems"]:
            problem = report["problems"][index]
            assert (problem["file"], problem["sheet"], problem["row"]) == (
                row["file"],
                row["sheet"],
                row["row"],
            )
            if problem["column"] in row["cells"] and problem["found"]:
                assert row["cells"][problem["column"]]
    located = {index for row in report["grid"] for index in row["problems"]}
    assert len(located) > 10


def test_a_problem_stands_beside_its_cell(empty, faulty: dict[str, Any]) -> None:
    report = faulty["report"]
    assert report["kept"] == {"units": 2, "needs": 1}
    row = report["grid"][0]
    assert (row["file"], row["row"], row["cells"]["数量"]) == ("需求清单.csv", 2, "两三次")
    problem = report["problems"][row["problems"][0]]
    assert (problem["column"], problem["found"], problem["severity"]) == ("数量", "两三次", "error")
    assert empty.get(faulty["location"])["report"] == report


def test_what_reaches_people_is_not_shown(faulty: dict[str, Any]) -> None:
    assert "13800000000" not in str(faulty)
    assert "联系电话" not in faulty["report"]["grid"][0]["cells"]


def test_a_mended_cell_lets_its_row_in(empty, faulty: dict[str, Any]) -> None:
    cell = {"file": "需求清单.csv", "sheet": None, "row": 2, "column": "数量"}
    wrong = empty.client.patch(faulty["location"], json=[{**cell, "value": "四五次"}]).json()
    assert wrong["report"]["grid"][0]["cells"]["数量"] == "四五次"
    mended = empty.client.patch(faulty["location"], json=[{**cell, "value": "3"}]).json()
    assert mended["report"]["refused"] == 0
    assert mended["report"]["kept"]["needs"] == 2
    confirmed = empty.client.post(f"{faulty['location']}/confirm", json={})
    assert confirmed.status_code == 200
    assert confirmed.json()["revision"] == 1
    assert confirmed.headers["revision"] == "1"
    assert {need.title: need.quantity for need in empty.store.find("needs")} == {"修灯": 3, "修窗": 2}


def test_good_rows_are_loaded_and_the_wait_is_over(empty, faulty: dict[str, Any]) -> None:
    confirmed = empty.client.post(f"{faulty['location']}/confirm").json()
    assert (confirmed["refused"], confirmed["kept"]) == (1, {"units": 2, "needs": 1})
    assert empty.client.get(faulty["location"]).status_code == 404
    assert empty.client.post(f"{faulty['location']}/confirm").status_code == 404
    assert not list(empty.app.state.context.uploads._folder.iterdir())
    assert empty.get("/v1/revisions")["items"][0]["changes"] == {"units": 2, "needs": 1}
    empty.client.post("/v1/undo", json={})
    assert empty.store.count("needs") == 0


def test_the_same_file_twice_changes_nothing(empty, workbook: Path) -> None:
    for revision in (1, 1):
        load = send(empty, ("2026.xlsx", workbook.read_bytes())).json()
        done = empty.client.post(f"/v1/loads/{load['id']}/confirm").json()
        assert done["revision"] == revision
    assert done["unchanged"]["needs"] == empty.store.count("needs")


def test_replacing_deletes_what_the_lists_no_longer_have(empty) -> None:
    for text, replace in ((UNITS, False), ("名称\n玉兰服务社\n", True)):
        load = send(empty, ("单位.csv", text.encode())).json()
        empty.client.post(f"/v1/loads/{load['id']}/confirm", json={"replace": replace})
    assert [unit.name for unit in empty.store.find("units")] == ["玉兰服务社"]


def test_discarding(empty, faulty: dict[str, Any]) -> None:
    assert empty.client.delete(faulty["location"]).status_code == 204
    assert empty.client.delete(faulty["location"]).status_code == 404
    assert empty.store.revision()[0] == 0


def test_the_planners_own_file_comes_back_marked(empty, workbook: Path) -> None:
    load = send(empty, ("2026年清单.xlsx", workbook.read_bytes())).json()
    answer = empty.client.get(f"/v1/loads/{load['id']}/marked.xlsx")
    assert answer.status_code == 200
    assert "filename*=utf-8''2026" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    comments = [cell.comment for page in book for row in page.iter_rows() for cell in row if cell.comment]
    assert len(comments) > 10


@pytest.mark.parametrize("name", ["photo.png", "清单.docx", "empty.csv", "broken.xlsx"])
def test_what_is_no_list_is_said_and_not_loaded(empty, name: str) -> None:
    content = {"photo.png": bytes(range(256)), "empty.csv": b""}.get(name, b"PK\x03\x04 nothing")
    answer = send(empty, (name, content))
    assert answer.status_code == 201
    report = answer.json()["report"]
    assert report["kept"] == {}
    confirmed = empty.client.post(f"/v1/loads/{answer.json()['id']}/confirm")
    assert confirmed.status_code in (200, 422)
    assert empty.store.revision()[0] == 0
    if confirmed.status_code == 422:
        assert confirmed.json()["type"] == "urn:linli:problem:nothing-read"
        assert report["problems"]


def test_an_upload_that_is_too_large_is_refused(serve) -> None:
    service = serve(is_empty=True, upload_bytes=1000)
    answer = send(service, ("单位.csv", b"a" * 2000))
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:linli:problem:too-large"
    assert not (service.app.state.context.uploads._folder).exists()


@pytest.mark.parametrize("files", [[], [("files", ("", b""))], [("other", ("a.csv", b"a"))]])
def test_no_file_is_no_load(empty, files: list[Any]) -> None:
    answer = empty.client.post("/v1/loads", files=files or None)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_waiting_load_outlives_the_service(serve) -> None:
    first = serve(is_empty=True)
    load = send(first, ("单位.csv", UNITS.encode())).json()
    second = serve(is_empty=True, store_url=first.settings.store_url)
    assert second.get(f"/v1/loads/{load['id']}")["report"]["kept"] == {"units": 2}


def test_mends_of_other_places_change_nothing(empty, faulty: dict[str, Any]) -> None:
    cells = [
        {"file": "nothing.csv", "sheet": None, "row": 2, "column": "数量", "value": "3"},
        {"file": "需求清单.csv", "sheet": "x", "row": 2, "column": "数量", "value": "3"},
        {"file": "需求清单.csv", "sheet": None, "row": 1, "column": "数量", "value": "3"},
        {"file": "需求清单.csv", "sheet": None, "row": 2, "column": "没有", "value": "3"},
    ]
    answer = empty.client.patch(faulty["location"], json=cells)
    assert answer.status_code == 200
    assert answer.json()["report"] == faulty["report"]
