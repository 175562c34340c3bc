"""Lists that nobody recognises: what a planner is shown and asked, and files that are no lists at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.guesses import Unnamed, guess_list
from loaders.read import read
from loaders.tables import open_sheets
from tests.loaders.lists import write_folder

ROWS = [
    ["2026年登记汇总"],
    ["序", "登记事项", "哪一类", "来几回", "急不急", "联系电话", "什么时候"],
    ["1", "修灯，13812345678", "便民维修", "2", "紧急", "13800000000", "周四下午"],
    ["2", "量血压", "医疗健康", "一次", "一般", "13800000001", "工作日"],
    ["3", "修窗", "便民维修", "3", "一般", "13800000002", ""],
]


def guess(folder: Path, rows: list[list[str]], name: str = "汇总", row: int | None = None) -> Unnamed | None:
    [sheet] = open_sheets([write_folder(folder, {name: rows})], [])
    return guess_list(sheet, row)


def test_columns_are_guessed_by_headers_and_by_cells(tmp_path: Path) -> None:
    found = guess(tmp_path, ROWS)
    assert found is not None
    assert (found.header_row, found.table) == (2, "needs")
    assert found.guesses["needs"] == (None, "title", "category", "quantity", "priority", None, "times")


def test_misspelt_categories_are_still_guessed(tmp_path: Path) -> None:
    rows = [
        ["登记事项", "哪一类", "几回"],
        ["修灯", "缝缝补补", "2"],
        ["修窗", "补漏", "3"],
        ["量血压", "健康", "1"],
    ]
    rows.append(["量血糖", "医疗健康", "1"])
    found = guess(tmp_path, rows)
    assert found is not None
    assert found.table == "needs"
    assert found.guesses["needs"] == ("title", "category", "quantity")


def test_a_list_of_offers_in_everyday_words(tmp_path: Path) -> None:
    rows = [["哪家", "能做啥", "归哪类", "几次", "多远"], ["甲公司", "修灯", "便民维修", "3", "800"]]
    rows.append(["乙诊所", "量血压", "医疗健康", "2", "500"])
    found = guess(tmp_path, rows)
    assert found is not None
    assert found.table == "offers"
    assert found.guesses["offers"] == ("unit", "title", "category", "capacity", "reach_m")


def test_an_unknown_list_counts_its_rows_alone(tmp_path: Path) -> None:
    report = read(
        [write_folder(tmp_path, {"汇总": [["某年汇总"], ["甲", "乙", "丙"], *[["天", "地", "人"]] * 3]})]
    ).report
    assert report.refused == 3
    assert report.as_json()["unread"] == [{"file": "汇总.csv", "sheet": None, "rows": 3}]


def test_the_numbers_of_the_rows_are_no_quantity(tmp_path: Path) -> None:
    found = guess(tmp_path, [["序", "登记事项", "几回"], ["1", "修灯", "3"], ["2", "修窗", "1"]])
    assert found is not None
    assert found.guesses["needs"] == (None, "title", "quantity")


def test_what_looks_like_no_list_gets_no_guess(tmp_path: Path) -> None:
    found = guess(tmp_path, [["foo", "bar"], ["1", "2"]])
    assert found is not None
    assert found.table is None


def test_no_phone_number_is_shown(tmp_path: Path) -> None:
    found = guess(tmp_path, ROWS)
    assert found is not None
    assert "1380000" not in str(found.rows)
    assert "13812345678" not in str(found.rows)
    assert [row for row, _ in found.rows] == [1, 2, 3, 4, 5]


def test_the_header_may_be_said_to_stand_elsewhere(tmp_path: Path) -> None:
    found = guess(tmp_path, ROWS, row=3)
    assert found is not None
    assert found.header_row == 3


def test_the_name_of_the_sheet_says_which_table(tmp_path: Path) -> None:
    found = guess(tmp_path, [["甲", "乙"], ["x", "y"]], "资源清单")
    assert found is not None
    assert found.table == "offers"


def test_no_columns_no_question(tmp_path: Path) -> None:
    assert guess(tmp_path, [["只有一列"], ["x"]]) is None


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("通知.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        ("通知.csv", b"%PDF-1.4\n1 0 obj\n", "PDF"),
        ("说明.docx", b"PK\x03\x04 anything", "DOCX"),
        ("照片.png", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("backup.bin", b"abc\x00\x01\x02", "BIN"),
    ],
)
def test_a_file_of_another_kind_is_said_to_be_that(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    [problem] = read([path]).report.problems
    assert problem.problem == "file_no_list"
    assert kind in problem.remedy
    assert "CSV" in problem.expected
