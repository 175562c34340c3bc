"""Files as they come: encodings, workbooks, unknown headers, what is no list at all."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import openpyxl
import pytest

from graph.model import Area, Need, Unit
from loaders import read
from tests.loaders.lists import TOWN, in_english, write_folder, write_workbook
from tests.loaders.readings import codes, read_tables, records_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_gives_the_same_records(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    plain = read([write_folder(tmp_path / "plain", TOWN)])
    other = read([write_folder(tmp_path / "other", TOWN, encoding=encoding, delimiter=delimiter)])
    assert other.records == plain.records
    assert codes(other) == codes(plain) == ["party_pseudonym"]


@pytest.mark.parametrize("titles", [False, True])
def test_workbook_gives_the_same_records(tmp_path: Path, titles: bool) -> None:
    plain = read([write_folder(tmp_path / "plain", TOWN)])
    assert read([write_workbook(tmp_path / "town.xlsx", TOWN, titles=titles)]).records == plain.records


def test_english_headers_give_the_same_records(tmp_path: Path) -> None:
    assert read_tables(tmp_path, in_english(TOWN)).records == read_tables(tmp_path, TOWN).records


def test_single_files_are_known_by_name_or_headers(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "town", in_english(TOWN))
    (folder / "needs.csv").rename(folder / "spring.csv")
    reading = read([folder / "spring.csv", folder / "areas.csv"])
    assert reading.tables_brought == {"needs", "areas"}
    assert len(records_of(reading, Need)) == 3


def test_same_file_twice_is_read_once(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "town", TOWN)
    assert read([folder, folder / "单位.csv"]).records == read([folder]).records


def test_cells_of_a_workbook(tmp_path: Path) -> None:
    """Dates, serial numbers, full-width digits, long ids, merged cells, totals, hidden and empty sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2026年服务需求清单"
    sheet.append(["编号", "大类", "需求内容", "数量", "区域", "生效日期", "失效日期", "备注"])
    sheet.append([310110021001003, "养老类", "助浴", "３", 310110021, datetime.date(2026, 1, 1), 46387, "甲"])
    sheet.append(
        [12.0, None, "陪诊", 2, "310110021", datetime.datetime.fromisoformat("2026-05-01T08:00"), None, None]
    )
    sheet.append([None] * 8)
    sheet.append([13, "维修类", "修灯", 1, 310110021.0, None, None, None])
    sheet.append(["合计", None, None, 6])
    sheet.append(["注：数量按次计"])
    sheet.merge_cells("B2:B3")
    hidden = book.create_sheet("旧清单")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "旧"
    book.create_sheet("空表")
    book.create_sheet("说明")["A1"] = "填表说明"
    book.save(tmp_path / "book.xlsx")
    reading = read([tmp_path / "book.xlsx"])
    needs = records_of(reading, Need)
    assert [need.id for need in needs] == ["310110021001003", "12", "13"]
    assert [(need.category, need.list_category) for need in needs] == [
        ("elder_care", "养老类"), ("elder_care", "养老类"), ("repair", "维修类"),
    ]  # fmt: skip
    assert [need.quantity for need in needs] == [3, 2, 1]
    assert (needs[0].valid_from, needs[0].valid_to) == (
        datetime.date(2026, 1, 1),
        datetime.date(2026, 12, 31),
    )
    assert needs[1].valid_from == datetime.date(2026, 5, 1)
    assert needs[0].notes == (("note", "甲"),)
    assert [need.list_row for need in needs] == [2, 3, 5]
    assert sorted(codes(reading)) == ["area_added", "hidden_sheet", "skipped_sheet"]
    areas = {area.id: area for area in records_of(reading, Area)}
    assert set(areas) == {"31", "310110", "310110021"}
    assert (areas["310110021"].name, areas["310110021"].draft) == ("长海路街道", False)


def test_formula_error_and_lost_digits_are_problems(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "needs"
    sheet.append(["id", "title", "category", "quantity"])
    sheet.append(["a", "never calculated", "repair", "=1+1"])
    sheet.append([310110021001003000, "long id", "repair", 1])
    sheet.append(["b", "good", "repair", 1])
    sheet.append(["c", "lost", "repair", "#REF!"])
    sheet.append(["d", "lost", "#N/A", 1])
    book.save(tmp_path / "needs.xlsx")
    reading = read([tmp_path / "needs.xlsx"])
    found = {p.row: (p.problem, p.column) for p in reading.report.problems}
    assert found == {
        2: ("formula_error", "quantity"),
        3: ("id_lost_digits", "id"),
        5: ("formula_error", "quantity"),
        6: ("formula_error", "category"),
    }
    # Told as the spreadsheet shows it, so that it is found there.
    assert {p.row: p.found for p in reading.report.problems if p.row in (5, 6)} == {5: "#REF!", 6: "#N/A"}
    assert [need.id for need in records_of(reading, Need)] == ["b"]


def test_credit_code_that_lost_digits_is_unknown_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "单位"
    sheet.append(["名称", "统一社会信用代码"])
    sheet.append(["甲", 123456789012345678])
    sheet.append(["乙", "1.2E+17"])
    sheet.append(["丙", "91310110MA1FP0XX0E"])
    book.save(tmp_path / "town.xlsx")
    reading = read([tmp_path / "town.xlsx"])
    found = [(p.problem, p.row, p.column, p.severity) for p in reading.report.problems]
    assert found == [("code_lost_digits", row, "统一社会信用代码", "warning") for row in (2, 3)]
    assert [unit.code for unit in records_of(reading, Unit)] == ["", "", "91310110MA1FP0XX0E"]


def test_merged_number_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "需求清单"
    for row in (["名称", "类别", "数量"], ["甲", "维修", 3], ["乙", "维修", None]):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "needs.xlsx")
    reading = read([tmp_path / "needs.xlsx"])
    assert [need.quantity for need in records_of(reading, Need)] == [3, 3]
    assert [(p.problem, p.row) for p in reading.report.problems] == [("merged_number", 3)]


def test_lists_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"not a workbook")
    (tmp_path / "unknown.csv").write_text("x1,x2,x3\n1,2,3\n4,5,6\n", encoding="utf-8")
    (tmp_path / "needs.csv").write_text("title,quantity\na,1\nb,2\n", encoding="utf-8")
    (tmp_path / "units.csv").write_bytes(b"name\n\xff\xff\xff\n")
    reading = read([tmp_path, tmp_path / "absent.csv"])
    found = {problem.file: problem.problem for problem in reading.report.problems}
    assert found == {
        "broken.xlsx": "file_unreadable", "unknown.csv": "unknown_list", "needs.csv": "missing_column",
        "units.csv": "encoding_unreadable", "absent.csv": "file_unreadable",
    }  # fmt: skip
    assert reading.report.refused == 4
    assert reading.records == []
    assert reading.tables_brought == frozenset()


def test_unknown_header_proposes_the_nearest(tmp_path: Path) -> None:
    needs = [["title", "category", "quantitiy", "weather"], ["a", "repair", "2", "rain"]]
    reading = read_tables(tmp_path, {"needs": needs})
    [problem] = reading.report.problems
    assert (problem.problem, problem.column, problem.row) == ("unknown_column", "quantitiy", 1)
    assert "数量" in problem.remedy
    [need] = records_of(reading, Need)
    assert need.notes == (("quantitiy", "2"), ("weather", "rain"))
    assert reading.report.lists[0].note_columns == ("quantitiy", "weather")


@pytest.mark.parametrize("content", ["", "\n\n", ",,,\n,,,\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / "needs.csv").write_text(content, encoding="utf-8")
    report = read([tmp_path / "needs.csv"]).report
    [problem] = report.problems
    assert (problem.problem, problem.severity, problem.file) == ("empty_list", "warning", "needs.csv")
    assert report.refused == 0


@pytest.mark.parametrize("content", ['[{"name": "甲队"}]', '{"units": []}', "{", '"x"'])
def test_json_is_no_list(tmp_path: Path, content: str) -> None:
    (tmp_path / "units.json").write_text(content, encoding="utf-8")
    [problem] = read([tmp_path / "units.json"]).report.problems
    assert (problem.problem, problem.severity) == ("json_list", "error")
    assert "CSV" in problem.as_json("en")["remedy"]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read([write_folder(tmp_path / "town", TOWN)], progress=lambda *step: told.append(step))
    assert {name for name, _, _ in told} == {f"{table}.csv" for table in TOWN}


def test_report_json_has_the_contracts_keys(tmp_path: Path) -> None:
    with (tmp_path / "needs.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [["title", "category", "quantity"], ["a", "repair", "两三次"], ["b", "repair", 1]]
        )
    report = read([tmp_path]).report.as_json(unchanged={"needs": 1})
    assert (report["kept"], report["unchanged"], report["refused"]) == ({"needs": 1}, {"needs": 1}, 1)
    assert report["problems"] == [
        {
            "problem": "number_vague", "severity": "error", "file": "needs.csv", "sheet": None, "row": 2,
            "column": "quantity", "found": "两三次", "expected": "≥1的整数",
            "remedy": "填其中一个数，如2、3；不清楚就清空",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header", [["category", "aa", "bb", "cc", "dd"], ["aa", "bb", "cc", "dd", "category"]]
)
def test_a_list_known_by_its_name_needs_its_required_columns_alone(tmp_path: Path, header: list[str]) -> None:
    cells = ["repair" if title == "category" else "x" for title in header]
    reading = read_tables(tmp_path, {"needs": [["2026年需求"], header, cells]})
    [need] = records_of(reading, Need)
    assert need.category == "repair"
    assert len(need.notes) == 4
    assert not reading.report.problems


def test_rows_of_a_wide_list_are_never_taken_for_its_header(tmp_path: Path) -> None:
    rows = [["哪样", "甲", "乙", "丙"], ["类别", "1", "2", "3"], ["repair", "4", "5", "6"]]
    [problem] = read_tables(tmp_path, {"需求清单": rows}).report.problems
    assert problem.problem == "unknown_list"


def test_a_code_and_a_name_alone_make_no_list_of_units(tmp_path: Path) -> None:
    path = tmp_path / "streets.csv"
    path.write_text("code,name,areaCode,cityCode,more\n1,一,2,3,4\n", encoding="utf-8")
    reading = read([path])
    assert [problem.problem for problem in reading.report.problems] == ["unknown_list"]
    assert reading.records == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("services.csv", "id,organization_id,name,url,email,status,fees\n1,2,Advice,x,y,active,none\n"),
        ("services.csv", "id,name\n1,Advice\n"),
        ("locations.csv", "id,name,latitude,longitude,transportation\n1,Office,31.2,121.5,bus\n"),
        ("schedules.csv", "id,service_id,valid_from,valid_to,freq\n1,2,2026-01-01,2026-12-31,weekly\n"),
        ("名单.csv", "编号,名称,经度,纬度\n1,甲,121.5,31.2\n"),
    ],
)
def test_columns_that_lists_of_all_kinds_have_make_no_list(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    reading = read([tmp_path / file])
    assert [problem.problem for problem in reading.report.problems] == ["unknown_list"]
    assert reading.records == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("units.csv", "id,name\n1,甲\n"),
        ("名单.csv", "名称,统一社会信用代码\n甲,\n"),
        ("services.csv", "id,from,served_person_times\n1,2026-01-01,20\n"),
    ],
)
def test_a_name_or_one_telling_column_makes_a_list(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert len(read([tmp_path / file]).records) == 1


def test_a_missing_column_proposes_the_header_that_may_be_mistyped(tmp_path: Path) -> None:
    rows = [["名称", "类別", "数俩"], ["修灯", "便民维修", "2"]]
    [problem] = read_tables(tmp_path, {"需求清单": rows}).report.problems
    assert (problem.problem, problem.row) == ("missing_column", 1)
    assert problem.remedy.startswith("是“类別”吗？")
    rows[0][1] = "类别"
    [problem] = read_tables(tmp_path, {"需求清单": rows}).report.problems
    assert (problem.problem, problem.column) == ("unknown_column", "数俩")
    assert problem.remedy.startswith("是“数量”吗？")
