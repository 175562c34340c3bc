"""Reading lists as they are: formats, names, ids, drafts, pseudonyms."""

from __future__ import annotations

import csv
import datetime
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.model import UNLIMITED, Area, CategoryRule, Need, Offer, Record, Unit, table_of
from graph.store import Batch, open_store
from loaders import Known, Reading, read
from loaders.identity import derive_name_id, is_pseudonym
from tests.loaders.lists import TOWN, Tables, in_english, write_folder, write_workbook


def records_of(reading: Reading, record_type: type[Record]) -> list[Any]:
    return [record for record in reading.records if isinstance(record, record_type)]


def codes(reading: Reading) -> list[str]:
    return [problem.problem for problem in reading.report.problems]


def read_tables(tmp_path: Path, tables: Tables, known: Known | None = None) -> Reading:
    return read([write_folder(tmp_path / f"lists-{len(list(tmp_path.iterdir()))}", tables)], known)


def as_known(reading: Reading) -> Known:
    """What a store would know after writing a reading."""
    names: dict[str, list[tuple[str, str, str | None]]] = {}
    for record in reading.records:
        name = getattr(record, "name", None) or getattr(record, "title", "")
        parent = getattr(record, "parent", None) or getattr(record, "area", None)
        names.setdefault(table_of(record), []).append((record.id, name, parent))
    return Known(
        names=names,
        category_rules={rule.list_category: rule.category for rule in records_of(reading, CategoryRule)},
        areas={area.id: area for area in records_of(reading, Area)},
    )


# -- formats


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


def test_row_order_changes_no_id(tmp_path: Path) -> None:
    needs = [["名称", "类别", "区域", "数量"]] + [["修灯", "维修", "梧桐", n] for n in (1, 1, 2, 3)]
    needs += [[f"需求{n}", "健康", "香樟", 1] for n in range(20)]
    plain = read_tables(tmp_path, {**TOWN, "服务需求清单": needs})
    shuffled = needs[1:]
    random.Random(3).shuffle(shuffled)
    other = read_tables(tmp_path, {**TOWN, "服务需求清单": [needs[0], *shuffled]})
    by_id = {record.id: record for record in records_of(plain, Need)}
    assert {record.id: record for record in records_of(other, Need)} == by_id
    assert len(by_id) == 24
    assert sorted(i.rpartition("-")[2] for i in by_id if i.count("-") == 2) == ["2", "3", "4"]
    assert codes(plain).count("equal_rows") == 3


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
    book.save(tmp_path / "needs.xlsx")
    reading = read([tmp_path / "needs.xlsx"])
    found = [(p.problem, p.row, p.column) for p in reading.report.problems]
    assert found == [("formula_error", 2, "quantity"), ("id_lost_digits", 3, "id")]
    assert [need.id for need in records_of(reading, Need)] == ["b"]


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


# -- names and references


def test_references_by_id_name_and_suffix(tmp_path: Path) -> None:
    reading = read_tables(tmp_path, TOWN)
    areas = {area.id: area for area in records_of(reading, Area)}
    assert [areas[i].parent for i in ("A1", "A2", "A3")] == ["A0"] * 3
    units = {unit.name: unit for unit in records_of(reading, Unit)}
    assert [unit.area for unit in units.values()] == ["A1", "A2", "A3"]
    assert units["便民维修队"].capacity is None
    offers = {offer.title: offer for offer in records_of(reading, Offer)}
    assert offers["量血压"].unit == units["示例卫生服务中心"].id
    assert (offers["量血压"].capacity, offers["量血压"].per, offers["量血压"].reach_m) == (1, "month", 1500.0)
    assert (offers["中医咨询"].category, offers["中医咨询"].reach_any) == ("health.tcm", True)
    assert (offers["修水管"].capacity, offers["修水管"].times) == (None, "Mo-Fr 09:00-17:00")
    assert [offer.list_category for offer in offers.values()] == ["健康类", "健康类", "便民类"]
    needs = records_of(reading, Need)
    assert needs[0].party == "A1"
    assert needs[1].party is None
    assert [need.priority for need in needs] == [1, 3, 3]


def test_ambiguous_name_asks_and_a_parent_answers(tmp_path: Path) -> None:
    units = [["name", "area"], ["志愿队", "A1"], ["志愿队", "A2"]]
    offers = [["title", "unit", "category"], ["a", "志愿队", "repair"], ["b", "梧桐/志愿队", "repair"]]
    reading = read_tables(tmp_path, {"区域": TOWN["区域"], "units": units, "offers": offers})
    [problem] = reading.report.problems
    assert (problem.problem, problem.row, problem.column) == ("reference_ambiguous", 2, "unit")
    assert "梧桐居委会/志愿队" in problem.remedy
    assert [offer.title for offer in records_of(reading, Offer)] == ["b"]


def test_targets_of_claims(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        **TOWN,
        "projects": [["id", "name", "category"], ["12", "义诊周", ""], ["13", "修水管", ""]],
        "claims": [
            ["target", "by", "status"],
            ["project:12", "便民维修队", "已同意"],
            ["义诊周", "示例第一小学", "agreed"],
            ["项目:修水管", "便民维修队", ""],
            ["修水管", "便民维修队", ""],
        ],
    }
    reading = read_tables(tmp_path, tables)
    claims = [record for record in reading.records if table_of(record) == "claims"]
    assert [(c.target_table, c.target) for c in claims] == [
        ("projects", "12"),
        ("projects", "12"),
        ("projects", "13"),
    ]
    assert [p.problem for p in reading.report.problems if p.file == "claims.csv"] == ["reference_ambiguous"]


def test_unknown_provider_is_drafted_only_without_a_units_table(tmp_path: Path) -> None:
    offers = [["title", "unit", "category"], ["a", "新来的公司", "repair"], ["b", "新来的公司", "repair"]]
    alone = read_tables(tmp_path, {"offers": offers})
    [draft] = records_of(alone, Unit)
    assert (draft.name, draft.draft) == ("新来的公司", True)
    assert {offer.unit for offer in records_of(alone, Offer)} == {draft.id}
    assert codes(alone) == ["draft_unit", "draft_unit"]
    assert alone.report.drafts == {"units": 1}
    with_units = read_tables(tmp_path, {"offers": offers, "units": [["name"], ["示例公司"]]})
    assert records_of(with_units, Offer) == []
    assert with_units.report.refused == 2
    later = read_tables(tmp_path, {"units": [["name", "kind"], ["新来的公司", "企业"]]}, as_known(alone))
    [unit] = records_of(later, Unit)
    assert (unit.id, unit.draft) == (draft.id, False)
    assert draft.id == derive_name_id("units", "新来的公司")


def test_unknown_area_proposes_the_nearest(tmp_path: Path) -> None:
    needs = [["title", "category", "area"], ["a", "repair", "银杏苑"]]
    refused = read_tables(tmp_path, {"区域": TOWN["区域"], "needs": needs})
    assert records_of(refused, Need) == []
    [problem] = refused.report.problems
    assert problem.remedy.startswith("是“银杏居委会”吗？")
    assert problem.as_json("en")["remedy"].startswith("Is it “银杏居委会”?")
    drafted = read_tables(tmp_path, {"needs": needs}, as_known(read_tables(tmp_path, {"区域": TOWN["区域"]})))
    assert codes(drafted) == ["draft_area"]
    assert drafted.report.problems[0].remedy.startswith("是“银杏居委会”吗？")


def test_single_list_refers_to_what_is_known(tmp_path: Path) -> None:
    whole = read_tables(tmp_path, TOWN)
    alone = read_tables(tmp_path, {"服务需求清单": TOWN["服务需求清单"]}, as_known(whole))
    assert alone.records == records_of(whole, Need)


def test_same_lists_again_change_nothing(tmp_path: Path) -> None:
    first = read_tables(tmp_path, TOWN)
    again = read_tables(tmp_path, TOWN, as_known(first))
    assert again.records == first.records
    assert all(
        again.absent(table, [r.id for r in first.records if table_of(r) == table]) == []
        for table in again.tables_brought
    )


def test_circles_and_what_hangs_on_them_are_refused(tmp_path: Path) -> None:
    branches = [
        ["name", "parent"],
        ["甲支部", "乙支部"],
        ["乙支部", "甲支部"],
        ["丙支部", "甲支部"],
        ["丁支部", ""],
    ]
    reading = read_tables(tmp_path, {"branches": branches})
    assert [record.name for record in reading.records if table_of(record) == "branches"] == ["丁支部"]
    assert codes(reading) == ["reference_cycle", "reference_cycle", "reference_refused"]
    assert reading.report.refused == 3


def test_written_ids_stay_unique(tmp_path: Path) -> None:
    needs = [
        ["id", "title", "category", "quantity"],
        ["n1", "a", "repair", "x"],
        ["n1", "b", "repair", 1],
        ["n1", "c", "repair", 1],
    ]
    reading = read_tables(tmp_path, {"needs": needs})
    assert [need.title for need in records_of(reading, Need)] == ["b"]
    assert [(p.problem, p.row) for p in reading.report.problems] == [
        ("number_unreadable", 2),
        ("id_duplicate", 4),
    ]


def test_refused_rows_count_as_present(tmp_path: Path) -> None:
    units = [["name", "capacity"], ["甲公司", 1], ["乙公司", 2], ["丙公司", 3]]
    first = read_tables(tmp_path, {"units": units})
    ids = [record.id for record in first.records]
    second = read_tables(tmp_path, {"units": [units[0], units[1], ["乙公司", "好几"]]}, as_known(first))
    assert second.absent("units", ids) == [ids[2]]
    assert second.absent("needs", ["n1"]) == []


def test_a_store_that_holds_the_lists_stays_as_it_is(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'town.db'}")
    folder = write_folder(tmp_path / "town", TOWN)
    store.write(Batch(put=read([folder], Known.from_store(store)).records))
    again = store.write(Batch(put=read([folder], Known.from_store(store)).records))
    alone = store.write(Batch(put=read([folder / "服务需求清单.csv"], Known.from_store(store)).records))
    assert (again.added, again.changed, alone.added, alone.changed) == ({}, {}, {}, {})
    store.close()


# -- residents


def test_no_word_of_a_resident_stays(tmp_path: Path) -> None:
    rows = [
        ["名称", "提出方", "类别", "数量", "联系人", "联系电话", "家庭住址", "备注", "情况"],
        [
            "修灯",
            "虚构甲",
            "维修",
            1,
            "虚构乙",
            "13800000001",
            "虚构路1号",
            "请打13800000002",
            "编号 110101190001010010",
        ],
        ["修窗 13800000003", "虚构丙", "维修", "两三个", "虚构丁", "", "", "", ""],
        ["修门", "resident-虚构戊", "维修", "13800000004", "", "", "", "", ""],
    ]
    reading = read_tables(tmp_path, {"需求清单": rows})
    everything = (
        repr(reading.records) + repr(reading.report.as_json()) + repr(reading.report.as_json(language="en"))
    )
    for secret in ("虚构", "1380000000", "110101190001010010"):
        assert secret not in everything
    [need] = records_of(reading, Need)
    assert is_pseudonym(need.party)
    assert codes(reading).count("personal_column") == 3
    renamed = [rows[0], [*rows[1][:1], "虚构己", *rows[1][2:]], *rows[2:]]
    assert read_tables(tmp_path, {"需求清单": renamed}).records == reading.records


@pytest.mark.parametrize(
    "header", ["联系人", "手机号", "老人姓名", "受助人", "name", "Phone", "e-mail", "Home address"]
)
def test_a_column_that_may_name_a_resident_is_not_read(tmp_path: Path, header: str) -> None:
    reading = read_tables(tmp_path, {"needs": [["title", "category", header], ["a", "repair", "虚构甲"]]})
    assert "虚构甲" not in repr(reading)
    [problem] = reading.report.problems
    assert (problem.problem, problem.row, problem.column) == ("personal_column", 1, header)


def test_a_pseudonym_that_was_exported_is_kept(tmp_path: Path) -> None:
    first = read_tables(tmp_path, {"needs": [["title", "party", "category"], ["a", "虚构甲", "repair"]]})
    [need] = records_of(first, Need)
    again = read_tables(
        tmp_path, {"needs": [["id", "title", "party", "category"], [need.id, "a", need.party, "repair"]]}
    )
    assert again.records == first.records
    assert codes(again) == []


# -- what several cells say


def test_headings_are_mapped_once_and_remembered(tmp_path: Path) -> None:
    needs = [
        ["大类", "名称"],
        ["暖心行动", "甲"],
        ["", "乙"],
        ["二、养老助老类", "丙"],
        ["奇思妙想", "丁"],
        ["", "戊"],
    ]
    rules = [["大类", "类别"], ["暖心行动", "帮困慰问"]]
    reading = read_tables(tmp_path, {"需求清单": needs, "类别": rules})
    expected = ["hardship", "hardship", "elder_care", "other", "other"]
    assert [need.category for need in records_of(reading, Need)] == expected
    assert codes(reading) == ["category_other"]
    remembered = read_tables(tmp_path, {"需求清单": needs}, as_known(reading))
    assert [need.category for need in records_of(remembered, Need)] == expected


def test_section_rows_are_headings(tmp_path: Path) -> None:
    needs = [
        ["名称", "类别", "数量"],
        ["一、养老助老类", "", ""],
        ["助浴", "", 1],
        ["二、便民维修", "", ""],
        ["修灯", "", 2],
    ]
    reading = read_tables(tmp_path, {"需求清单": needs})
    assert [(n.title, n.category) for n in records_of(reading, Need)] == [
        ("助浴", "elder_care"),
        ("修灯", "repair"),
    ]


def test_numbers_carry_rhythm_measure_and_approximation(tmp_path: Path) -> None:
    offers = [
        ["名称", "提供方", "类别", "可提供数量", "周期", "计量单位"],
        ["a", "甲", "维修", "不限", "", ""],
        ["b", "甲", "维修", "约20人", "每月", ""],
        ["c", "甲", "帮困", "2000元", "", ""],
        ["d", "甲", "帮困", "2", "", "万元"],
        ["e", "甲", "维修", "每月一次", "每年", ""],
    ]
    reading = read_tables(tmp_path, {"资源清单": offers})
    found = [(o.capacity, o.per, o.measure, o.notes) for o in records_of(reading, Offer)]
    assert found == [
        (UNLIMITED, "round", "places", ()),
        (20, "month", "places", (("approx_capacity", "约"),)),
        (2000, "round", "yuan", ()),
        (20_000, "round", "yuan", ()),
        (1, "month", "places", ()),
    ]
    assert codes(reading).count("draft_unit") == 5
    assert codes(reading).count("per_conflict") == 1
    needs = [
        ["名称", "类别", "数量", "生效日期", "失效日期"],
        ["a", "维修", "若干", "", ""],
        ["b", "维修", "每月一次", "2026-01-01", "2026-03-31"],
    ]
    counted = read_tables(tmp_path, {"需求清单": needs})
    assert [need.quantity for need in records_of(counted, Need)] == [1, 3]
    assert codes(counted) == ["quantity_unknown", "rhythm_counted"]


def test_a_column_of_measures_is_the_measure(tmp_path: Path) -> None:
    needs = [
        ["名称", "提出方", "类别", "数量", "单位"],
        ["a", "", "帮困", 500, "元"],
        ["b", "", "维修", 2, "次"],
    ]
    assert [n.measure for n in records_of(read_tables(tmp_path, {"需求清单": needs}), Need)] == [
        "yuan",
        "places",
    ]


def test_places_of_other_systems_come_to_wgs84(tmp_path: Path) -> None:
    needs = [
        ["title", "category", "lon", "lat", "crs"],
        ["a", "repair", 121.48, 31.24, "gcj02"],
        ["b", "repair", 121.48, 31.24, ""],
    ]
    shifted, plain = records_of(read_tables(tmp_path, {"needs": needs}), Need)
    assert (plain.lon, plain.lat, plain.crs) == (121.48, 31.24, "wgs84")
    assert 0.003 < shifted.lon - 121.47 < 0.0075
    assert shifted.crs == "gcj02"


@pytest.mark.parametrize(
    ("lon", "lat", "crs", "problem"),
    [
        ("0", "0", "", "coordinate_zero"),
        ("31.2", "121.5", "", "coordinate_swapped"),
        ("1215", "31.2", "", "coordinate_impossible"),
        ("121.5", "", "", "coordinate_half"),
        ("东", "31.2", "", "coordinate_unreadable"),
        ("121.5", "31.2", "火星", "crs_unreadable"),
    ],
)
def test_a_bad_place_is_told_and_the_row_stays(
    tmp_path: Path, lon: str, lat: str, crs: str, problem: str
) -> None:
    needs = [["title", "category", "lon", "lat", "crs"], ["a", "repair", lon, lat, crs]]
    reading = read_tables(tmp_path, {"needs": needs})
    [need] = records_of(reading, Need)
    assert (need.lon, need.lat) == (None, None)
    assert codes(reading) == [problem]


def test_unreadable_times_are_a_note(tmp_path: Path) -> None:
    reading = read_tables(tmp_path, {"needs": [["title", "category", "times"], ["a", "repair", "等通知"]]})
    [need] = records_of(reading, Need)
    assert (need.times, need.notes) == ("", (("times", "等通知"),))
    assert codes(reading) == ["times_unreadable"]


# -- whole lists


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


# -- names that several have, that are almost so, that were refused

STREETS: Tables = {
    "区域": [
        ["编号", "名称", "级别", "上级"],
        ["S1", "甲街道", "街道", ""],
        ["S2", "乙街道", "街道", ""],
        ["N1", "新村居委会", "居民区", "甲街道"],
        ["N2", "新村居委会", "居民区", "乙街道"],
    ],
    "单位": [["名称", "区域"], ["百合长者照护之家", "甲街道"], ["第一小学", "乙街道"]],
}


def units_in(tmp_path: Path, area: str) -> Reading:
    return read_tables(tmp_path, {**STREETS, "单位": [["名称", "区域"], ["某单位", area]]})


@pytest.mark.parametrize("text", ["甲街道/新村", "甲街道新村", "甲街道新村居委会"])
def test_a_name_right_behind_its_parents_is_told_apart(tmp_path: Path, text: str) -> None:
    reading = units_in(tmp_path, text)
    assert "reference_ambiguous" not in codes(reading)
    areas = {area.id: area for area in records_of(reading, Area)}
    [unit] = records_of(reading, Unit)
    parent = areas[unit.area].parent
    assert (areas[unit.area].name, areas[parent or ""].name) == ("新村居委会", "甲街道")


@pytest.mark.parametrize("text", ["新村", "新邨居委会"])
def test_the_remedy_of_an_area_that_several_share_has_the_slash(tmp_path: Path, text: str) -> None:
    reading = units_in(tmp_path, text)
    [problem] = [p for p in reading.report.problems if p.column == "区域"]
    assert "甲街道/新村居委会、乙街道/新村居委会" in problem.remedy


@pytest.mark.parametrize(
    ("text", "proposed"),
    [("百合长者照护家园", "百合长者照护之家"), ("第二小学", ""), ("百合养老院", ""), ("樟木长者照护站", "")],
)
def test_a_name_almost_known_is_proposed(tmp_path: Path, text: str, proposed: str) -> None:
    offers = [["名称", "提供方", "类别"], ["量血压", text, "医疗健康"]]
    [problem] = read_tables(tmp_path, {**STREETS, "资源清单": offers}).report.problems
    assert problem.problem == "reference_unknown"
    assert (f"是“{proposed}”吗？" in problem.remedy) is bool(proposed)


@pytest.mark.parametrize("text", ["坏单位", "unit:坏单位", "甲街道/坏单位"])
def test_a_reference_to_a_refused_row_says_so(tmp_path: Path, text: str) -> None:
    units = [["名称", "区域", "总承载量"], ["坏单位", "甲街道", "两三次"], ["好单位", "甲街道", 3]]
    offers = [["名称", "提供方", "类别"], ["量血压", text, "医疗健康"]]
    reading = read_tables(tmp_path, {**STREETS, "单位": units, "资源清单": offers})
    [problem] = [p for p in reading.report.problems if p.column == "提供方"]
    assert (problem.problem, problem.row) == ("reference_refused", 2)
    assert problem.as_json("en")["remedy"] == "That row of “单位” (row 2) was refused: mend it first"


def test_a_claim_by_whom_the_offer_is_not_is_warned_of_and_kept(tmp_path: Path) -> None:
    tables: Tables = {
        "区域": STREETS["区域"][:2],
        "单位": [["名称", "区域"], ["甲队", "甲街道"], ["乙队", ""], ["丙队", ""]],
        "支部": [["名称", "units"], ["甲队党支部", "甲队"]],
        "结对": [["parties"], ["甲队;丙队"]],
        "资源清单": [["名称", "提供方", "类别"], ["修灯", "甲队", "便民维修"]],
        "需求清单": [["名称", "类别"], ["灯", "便民维修"]],
        "认领": [
            ["target", "by", "offer", "status"],
            *(["灯", by, "修灯", "agreed"] for by in ("甲队", "乙队", "丙队", "甲街道", "甲队党支部")),
        ],
    }
    reading = read_tables(tmp_path, tables)
    [problem] = [p for p in reading.report.problems if p.severity == "warning"]
    assert (problem.problem, problem.row, problem.column) == ("claim_not_provider", 3, "by")
    assert problem.found == "乙队"
    assert "甲队" in problem.expected
    assert (reading.report.kept["claims"], reading.report.refused) == (5, 0)
    store = open_store("memory:")
    store.write(Batch(put=reading.records))
    [alone] = [read_tables(tmp_path, {"认领": tables["认领"]}, Known.from_store(store)).report.problems]
    assert [p.problem for p in alone] == ["claim_not_provider"]


# -- files that hold no list


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
