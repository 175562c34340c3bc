"""The synthetic sub-district: sizes, shapes, faults, determinism, references."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from graph import taxonomy
from loaders.sample.office import OFFICE_FORMS
from loaders.sample.subdistrict import Subdistrict, draw_subdistrict, write_subdistrict
from tests.loaders.readings import Cells, as_text, read_book, read_folder

YEAR = 2026
Records = list[dict[str, Any]]


def records(subdistrict: Subdistrict, table: str, *, good: bool = True) -> Records:
    """Rows of a table by the model's columns, without those that a loader must refuse."""
    sheet = next(sheet for sheet in subdistrict.sheets if sheet.table == table)
    columns = [column for column, _ in OFFICE_FORMS[table].columns]
    refused = {fault.row for fault in subdistrict.faults if fault.table == table and fault.refused and good}
    return [
        dict(zip(columns, row, strict=True))
        for number, row in enumerate(sheet.rows, start=sheet.first_row)
        if number not in refused
    ]


@pytest.fixture(scope="module")
def subdistrict() -> Subdistrict:
    return draw_subdistrict(seed=1, year=YEAR)


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cells]:
    folder = tmp_path_factory.mktemp("office")
    write_subdistrict(folder, seed=1, year=YEAR)
    return read_folder(folder)


def test_subdistrict_has_the_sizes_of_the_reports(tmp_path: Path) -> None:
    counts = write_subdistrict(tmp_path, seed=1, year=YEAR)
    assert {name: counts[name] for name in ("units", "projects", "offers")} == {
        "units": 48,
        "projects": 51,
        "offers": 67,
    }
    assert 280 <= counts["needs"] <= 330
    assert set(counts) == set(OFFICE_FORMS)
    assert {path.stem for path in tmp_path.iterdir()} == {form.sheet for form in OFFICE_FORMS.values()}


def test_list_categories_and_kinds_are_as_many_as_stated(subdistrict: Subdistrict) -> None:
    headings = {
        table: {row["list_category"] for row in records(subdistrict, table, good=False)}
        for table in ("projects", "offers", "needs")
    }
    assert {table: len(found) for table, found in headings.items()} == {
        "projects": 10,
        "offers": 8,
        "needs": 4,
    }
    kinds = {row["title"].split("（")[0] for row in records(subdistrict, "needs", good=False)}
    assert len(kinds) == 27
    areas = records(subdistrict, "areas")
    assert sum(row["level"] == "居民区" for row in areas) == 20


def test_folder_and_workbook_hold_the_same_cells(tmp_path: Path, office_folder: dict[str, Cells]) -> None:
    path = tmp_path / "lists" / "office.xlsx"
    write_subdistrict(path, seed=1, year=YEAR)
    book = read_book(path)
    assert list(book) == [form.sheet for form in OFFICE_FORMS.values()]
    for name, rows in book.items():
        assert [[as_text(cell) for cell in row] for row in rows] == office_folder[name], name


def test_same_seed_same_bytes_other_seed_other_rows(tmp_path: Path) -> None:
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_subdistrict(tmp_path / folder, seed=seed, year=YEAR)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert (tmp_path / "a" / "服务需求清单.csv").read_bytes() != (
        tmp_path / "c" / "服务需求清单.csv"
    ).read_bytes()


def test_titles_stand_above_the_header_and_list_categories_are_merged(tmp_path: Path) -> None:
    path = tmp_path / "office.xlsx"
    write_subdistrict(path, seed=1, year=YEAR)
    book = load_workbook(path)
    page = book["资源开放清单"]
    merged = {str(area) for area in page.merged_cells.ranges}
    last_column = get_column_letter(page.max_column)
    assert {f"A1:{last_column}1", f"A2:{last_column}2"} <= merged
    assert [cell.value for cell in page[3]][:3] == ["序号", "大类", "类别"]
    assert sum(area.startswith("B") for area in merged) == 8
    assert [cell.value for cell in book["单位"][3]][:2] == ["序号", "名称"]
    assert [cell.value for cell in book["支部"][2]][:2] == ["序号", "名称"]


def test_a_merged_cell_is_written_once(office_folder: dict[str, Cells]) -> None:
    header = office_folder["党建项目清单"][2]
    column = [row[header.index("大类")] for row in office_folder["党建项目清单"][3:]]
    written = [cell for cell in column if cell]
    assert len(written) == len(set(written)) == 10
    assert column.count("") == 41


@pytest.mark.parametrize("seed", [0, 1, 2, 17])
def test_every_fault_stands_where_it_is_said_to(seed: int, tmp_path: Path) -> None:
    faults = draw_subdistrict(seed=seed, year=YEAR).faults
    write_subdistrict(tmp_path, seed=seed, year=YEAR)
    folder = read_folder(tmp_path)
    assert 16 <= len({(fault.sheet, fault.row) for fault in faults}) <= 20
    for fault in faults:
        sheet = folder[fault.sheet]
        header = next(row for row in sheet if fault.column in row)
        assert sheet[fault.row - 1][header.index(fault.column)] == fault.found
    found = {fault.found for fault in faults}
    assert {"两三次", "银杏苑", "便民服务社", "91.2", "邻里杂项", "量血压"} <= found
    assert Counter(fault.refused for fault in faults)[False] >= 4


def test_capacities_are_written_the_way_offices_write_them(subdistrict: Subdistrict) -> None:
    amounts = [row["capacity"] for row in records(subdistrict, "offers", good=False)]
    unknown = sum(amount in (None, "若干") for amount in amounts)
    assert unknown == pytest.approx(len(amounts) / 3, abs=3)
    texts = {str(amount) for amount in amounts}
    assert {"每月一次", "每季度1场", "若干", "不限", "5000元", "４", "两三次"} <= texts
    assert any(re.fullmatch(r"\d+人", text) for text in texts)
    times = {row["times"] for row in records(subdistrict, "offers")}
    assert {"每周四下午", "工作日 9:00-17:00", "寒暑假", "长期"} <= times


@settings(max_examples=25)
@given(seed=st.integers(0, 2**40))
def test_good_rows_refer_to_rows_that_are_there(seed: int) -> None:
    drawn = draw_subdistrict(seed=seed, year=YEAR)
    names = Counter(
        row["name"]
        for table in ("areas", "units", "branches", "alliances", "stations")
        for row in records(drawn, table)
    )
    targets = Counter(
        row.get("name") or row["title"]
        for table in ("needs", "projects", "offers")
        for row in records(drawn, table)
    )
    offers = Counter(row["title"] for row in records(drawn, "offers"))
    references = {
        "areas": ("parent",),
        "units": ("area",),
        "offers": ("unit", "reach_areas"),
        "needs": ("area",),
        "projects": ("area",),
        "branches": ("parent", "units", "area"),
        "alliances": ("parent", "area", "chair"),
        "members": ("alliance", "party"),
        "stations": ("party", "area", "reach_areas"),
        "pairings": ("parties", "via"),
        "claims": ("by", "via"),
        "services": ("unit", "area", "body"),
    }
    for table, columns in references.items():
        for row in records(drawn, table):
            for column in columns:
                for name in (row[column] or "").split("、"):
                    assert not name or names[name] == 1, (table, column, name)
    for claim in records(drawn, "claims"):
        assert targets[claim["target"]] == 1
        assert not claim["offer"] or offers[claim["offer"]] == 1


@settings(max_examples=25)
@given(seed=st.integers(0, 2**40))
def test_no_two_needs_are_alike_and_claims_are_of_last_year(seed: int) -> None:
    drawn = draw_subdistrict(seed=seed, year=YEAR)
    keys = Counter((row["title"], row["area"], row["party"]) for row in records(drawn, "needs"))
    assert max(keys.values()) == 1
    claims = records(drawn, "claims")
    assert {claim["valid_from"].year for claim in claims} == {YEAR - 1}
    by_status = {
        status: [c for c in claims if c["status"] == status] for status in ("已完成", "已同意", "已婉拒")
    }
    assert {claim["valid_to"] for claim in by_status["已完成"]} == {date(YEAR - 1, 12, 31)}
    assert {claim["valid_to"] for claim in by_status["已同意"]} == {date(YEAR, 12, 31)}
    assert by_status["已婉拒"]
    assert all(claim["why"] for claim in by_status["已婉拒"])


def test_needs_name_units_and_branches_and_two_voices_nobody_knows(subdistrict: Subdistrict) -> None:
    parties = {row["party"] for row in records(subdistrict, "needs") if row["party"]}
    known = {row["name"] for table in ("units", "branches") for row in records(subdistrict, table)}
    assert len(parties & known) >= 4
    assert len(parties - known) == 2
    assert sum(row["priority"] == "紧急" for row in records(subdistrict, "needs")) >= 5
    assert sum(bool(row["referred_to"]) for row in records(subdistrict, "needs")) == 2


@settings(max_examples=25)
@given(seed=st.integers(0, 2**40))
def test_some_units_say_where_they_served_and_one_does_not(seed: int) -> None:
    drawn = draw_subdistrict(seed=seed, year=YEAR)
    services = [row for row in records(drawn, "services") if row["unit"]]
    placed = Counter((row["unit"], row["area"]) for row in services if row["area"])
    assert set(placed.values()) == {1}
    assert {area for _, area in placed} <= {
        row["name"] for row in records(drawn, "areas") if row["level"] == "居民区"
    }
    assert len({row["unit"] for row in services if not row["area"]} - {unit for unit, _ in placed}) == 1
    for unit in {unit for unit, _ in placed}:
        parts = [row for row in services if row["unit"] == unit]
        assert 4 <= len(parts) <= 8
        assert 12 <= sum(row["services"] for row in parts) < 90
        assert len({row["served_person_times"] / row["services"] for row in parts}) == 1
        assert all(row["services"] > 0 and row["hours"] == 2 * row["services"] for row in parts)


def test_every_row_of_the_subdistrict_says_that_it_is_invented(subdistrict: Subdistrict) -> None:
    for table in OFFICE_FORMS:
        assert {row["source"] for row in records(subdistrict, table)} == {"虚构示例 (synthetic, seed 1)"}


def test_list_categories_map_to_known_categories_but_one(subdistrict: Subdistrict) -> None:
    mapping = {row["list_category"]: row["category"] for row in records(subdistrict, "categories")}
    headings = {
        row["list_category"]
        for table in ("projects", "offers", "needs")
        for row in records(subdistrict, table, good=False)
    }
    assert headings - set(mapping) == {"自选特色"}
    chinese = {entry["zh"] for entry in taxonomy.words()["categories"].values()}
    assert set(mapping.values()) <= chinese
    own = {row["category"] for table in ("offers", "needs") for row in records(subdistrict, table)}
    assert own - {"", None} <= chinese


def test_places_lie_within_a_few_kilometres(subdistrict: Subdistrict) -> None:
    points = [(row["lon"], row["lat"]) for row in records(subdistrict, "areas") if row["lon"]]
    east = (
        (max(lon for lon, _ in points) - min(lon for lon, _ in points)) * 111.2 * math.cos(math.radians(31.1))
    )
    north = (max(lat for _, lat in points) - min(lat for _, lat in points)) * 111.2
    assert 1.8 < east < 3.2
    assert 1.5 < north < 3.2


def test_this_year_is_the_default_and_a_negative_seed_is_refused() -> None:
    assert draw_subdistrict(seed=3).sheets[2].above[0].startswith("示例街道20")
    with pytest.raises(ValueError, match="seed"):
        draw_subdistrict(seed=-1)
