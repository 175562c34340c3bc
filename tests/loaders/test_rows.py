"""Rows: their ids, what comes again, and what several cells of one say together."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from graph.model import UNLIMITED, Need, Offer, table_of
from graph.store import Batch, open_store
from loaders import Known, read
from tests.loaders.lists import TOWN, write_folder
from tests.loaders.readings import as_known, codes, read_tables, records_of


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


def test_same_lists_again_change_nothing(tmp_path: Path) -> None:
    first = read_tables(tmp_path, TOWN)
    again = read_tables(tmp_path, TOWN, as_known(first))
    assert again.records == first.records
    assert all(
        again.absent(table, [r.id for r in first.records if table_of(r) == table]) == []
        for table in again.tables_brought
    )


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
