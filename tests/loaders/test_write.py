"""What is written is read back the same, prints, and attacks nobody."""

import csv
import errno
import gc
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import (
    UNLIMITED,
    Alias,
    Area,
    Branch,
    CategoryRule,
    Claim,
    Need,
    Offer,
    Pairing,
    Project,
    Record,
    Station,
    Unit,
    table_of,
)
from loaders import Known, read
from loaders.cells import EMPTY_CELLS
from loaders.neutral import neutralise, restore, safe_name, unique_names
from loaders.sample.city import write_city
from loaders.sample.subdistrict import write_subdistrict
from loaders.times_out import say_times
from loaders.write import ExportError, Results, replacing, write

DANGEROUS = ["=1+1", "+86", "-2", "@SUM(A1)", "'=1", "''=x", "=cmd|' /C calc'!A0"]

TOWN: tuple[Record, ...] = (
    Area(id="s1", name="示例街道", level="subdistrict"),
    Area(id="n1", name="梧桐", level="neighbourhood", parent="s1", lon=121.5, lat=31.2, population=900),
    Unit(id="u1", name="=便民维修队", area="n1", lon=121.51, lat=31.21, capacity=9, liaison="一位联络员"),
    Unit(id="u2", name="@诊所", notes=(("note", "-两层"), ("楼层", "+2"))),
    Branch(id="b1", name="联合支部", units=("u1", "u2"), members=16),
    Station(id="st1", name="站", party="u1", reach_any=True),
    CategoryRule(id="家电", list_category="家电", category="repair"),
    Alias(id="alias-1", kind="category", written="缝缝补补", meaning="repair"),
    Alias(id="alias-2", kind="list", written="甲||乙", meaning="needs|title||category"),
    Offer(
        id="o1",
        title="修灯",
        unit="u1",
        category="repair",
        capacity=UNLIMITED,
        per="month",
        reach_m=800.5,
        tags=("电工", "夜间"),
        times="Mo-Fr 09:00-17:00",
        valid_from=date(2026, 1, 1),
    ),
    Offer(id="o2", unit="u2", category="other", list_category="杂项", reach_any=True, mode="remote"),
    Offer(id="o3", unit="u2", category="other", reach_areas=("s1", "n1"), capacity=0),
    Need(
        id="d1", title="修灯", party="n1", category="repair", lon=121.50123, lat=31.20456, area="n1", people=3
    ),
    Need(id="d2", party="u2", category="health.tcm", quantity=3, priority=1, whole=True, lon=121.4, lat=31.1),
    Need(id="d3", party="resident-0123456789abc", category="legal", lon=121.456789, lat=31.123456),
    Need(id="d4", category="repair", notes=(("times", "等通知"),), measure="yuan", quantity=500),
    Project(id="p1", name="项目", wanted=2),
    Pairing(id="pa1", parties=("u1", "n1", "b1"), kind="共建", amount_yuan=2000.5),
    Claim(id="c1", target="d1", target_table="needs", by="u1", offer="o1", quantity=1, status="agreed"),
    Claim(id="c2", target="p1", target_table="projects", by="u2", status="declined", why="=人手"),
)


def of(records: Iterable[Record]) -> Any:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(table_of(record), []).append(record)
    return lambda table: groups.get(table, [])


def read_back(folder: Path) -> dict[tuple[str, str], Record]:
    reading = read([folder], Known.empty())
    assert [p for p in reading.report.problems if p.severity == "error"] == []
    return {(table_of(record), record.id): record for record in reading.records}


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_lists_are_read_back_the_same(tmp_path: Path, format_: Any, language: str) -> None:
    write(tmp_path, of(TOWN), format=format_, language=language)
    found = read_back(tmp_path)
    assert len(found) == len(TOWN)
    for record in TOWN:
        if not isinstance(record, Need):
            assert found[table_of(record), record.id] == record


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_an_empty_store_has_no_lists_to_write(tmp_path: Path, format_: Any) -> None:
    assert write(tmp_path, of([]), format=format_) == []
    assert list(tmp_path.iterdir()) == []


def test_a_list_has_its_columns_whatever_it_holds(tmp_path: Path) -> None:
    write(tmp_path, of([Unit(id="u1", name="甲队"), Need(id="d1", category="repair")]), language="en")
    headers = {
        path.stem: path.read_text("utf-8-sig").splitlines()[0].split(",") for path in tmp_path.iterdir()
    }
    assert headers["units"] == [
        *("id", "name", "kind", "code", "area", "lon", "lat", "precision", "capacity", "max_claims"),
        *("liaison", "valid_from", "valid_to"),
    ]
    assert {"people", "tags", "times", "whole", "referred_to", "valid_to"} <= set(headers["needs"])


def test_points_of_needs_are_coarse_unless_public(tmp_path: Path) -> None:
    write(tmp_path, of(TOWN), format="csv")
    found: Any = {key[1]: record for key, record in read_back(tmp_path).items() if key[0] == "needs"}
    assert (found["d1"].lon, found["d1"].lat, found["d1"].precision) == (121.5, 31.2, "area")
    assert (found["d2"].lon, found["d2"].lat, found["d2"].precision) == (121.4, 31.1, "exact")
    assert (found["d3"].lon, found["d3"].lat, found["d3"].precision) == (121.46, 31.12, "area")
    assert found["d3"].party == "resident-0123456789abc"
    assert found["d4"].notes == (("times", "等通知"),)


def test_outlines_travel_beside_the_lists(tmp_path: Path) -> None:
    outline = '{"type":"Polygon","coordinates":[[[121.0,31.0],[121.1,31.0],[121.1,31.1],[121.0,31.0]]]}'
    write(tmp_path, of([Area(id="n1", name="梧桐", outline=outline)]), format="csv")
    assert read_back(tmp_path)["areas", "n1"] == Area(id="n1", name="梧桐", outline=outline)


def test_no_cell_begins_like_a_formula(tmp_path: Path) -> None:
    units = [Unit(id=f"u{n}", name=text, kind=text) for n, text in enumerate(DANGEROUS)]
    write(tmp_path / "csv", of(units), format="csv")
    write(tmp_path / "xlsx", of(units), format="xlsx")
    with (tmp_path / "csv" / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    book = openpyxl.load_workbook(tmp_path / "xlsx" / "lists.xlsx")
    cells += [str(cell.value) for row in book.active for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for row in book.active for cell in row)
    assert not any(cell[:1] in tuple("=+-@\t\r") for cell in cells if cell)
    for folder in ("csv", "xlsx"):
        names = [getattr(record, "name", "") for record in read_back(tmp_path / folder).values()]
        assert sorted(names) == sorted(DANGEROUS)


@given(st.text())
def test_restoring_gives_back_what_was_neutralised(text: str) -> None:
    neutral = neutralise(text)
    assert neutral[:1] not in tuple("=+-@\t\r\n") or neutral == ""
    assert restore(neutral) == text


printable = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Cf"]),
    min_size=1,
)


@settings(max_examples=40)
@given(names=st.lists(printable.map(str.strip).filter(bool), min_size=1, max_size=5, unique=True))
def test_any_name_is_read_back(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("names")
    units = [Unit(id=f"u{n}", name=name) for n, name in enumerate(names)]
    write(folder, of(units), format="csv", language="en")
    if not EMPTY_CELLS.intersection(names):
        found = {record.id: getattr(record, "name", "") for record in read([folder]).records}
        assert found == {unit.id: unit.name for unit in units}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("梧桐/便民", "梧桐_便民"),
        ("../../etc", "etc"),
        ("CON", "_CON"),
        ("a:b*c?", "a_b_c"),
        ("", "_"),
        (".hidden", "hidden"),
        ("[表]'一'", "表_一"),
    ],
)
def test_file_names_are_safe(text: str, safe: str) -> None:
    assert safe_name(text).strip("_") == safe.strip("_")
    assert safe_name(text)[:1] not in (".", "")
    assert not set(safe_name(text)) & set('/\\:*?"<>|[]')


@given(st.lists(st.text(), max_size=8))
def test_equal_names_are_numbered(texts: list[str]) -> None:
    names = unique_names(texts, 31)
    assert len({name.casefold() for name in names}) == len(texts)
    assert all(0 < len(name) <= 32 for name in names)


def write_half(path: Path) -> None:
    with replacing(path) as fresh:
        fresh.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "the disk is full")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before", encoding="utf-8")

    with pytest.raises(OSError, match="full") as caught:
        write_half(path)
    assert caught.value.filename == str(path)
    assert [item.name for item in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text(encoding="utf-8") == "before"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["subdistrict", "city"])
def test_a_sample_that_no_disk_takes_leaves_what_was_there(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_half(path: Path, content: Any) -> int:
        with path.open("wb") as stream:
            stream.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "the disk is full")

    path = tmp_path / "town.xlsx"
    path.write_text("before", encoding="utf-8")
    monkeypatch.setattr(Path, "write_bytes", take_half)
    with pytest.raises(OSError, match="full"):
        write_city(path, neighbourhoods=2, needs=4, seed=1) if kind == "city" else write_subdistrict(
            path, seed=1
        )
    gc.collect()
    assert [item.name for item in tmp_path.iterdir()] == ["town.xlsx"]
    assert path.read_text(encoding="utf-8") == "before"


def test_a_sheet_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.sheets.MOST_ROWS", 3)
    units = [Unit(id=f"u{n}", name=f"单位{n}") for n in range(4)]
    with pytest.raises(ExportError, match="more rows"):
        write(tmp_path, of(units), format="xlsx")
    assert list(tmp_path.iterdir()) == []


def claim_document(count: int) -> dict[str, Any]:
    row = {
        "area_name": "梧桐",
        "category": "=1",
        "title": "修灯",
        "places": 2,
        "times_zh": "周四",
        "note": "少于5人",
    }
    sheets = [
        {"id": f"u{n}", "name": "队", "kind": "", "rows": [row], "total_places": 2} for n in range(count)
    ]
    period = {"from": "2026-01-01", "to": "2026-12-31"}
    return {"round": "2026-1", "period": period, "revision": 7, "by": "unit", "sheets": sheets}


def test_many_claim_sheets_go_into_several_workbooks(tmp_path: Path) -> None:
    results = Results("2026-1", {}, [], {"gaps": []}, {"unit": claim_document(201)})
    files = write(tmp_path, of(TOWN), format="xlsx", results=results)
    books = [file for file in files if "claim-sheets" in file.name]
    assert [len(openpyxl.load_workbook(book).sheetnames) for book in sorted(books)] == [1, 200]
    page = openpyxl.load_workbook(min(books)).active
    assert page["A2"].value == "轮次 2026-1    2026-01-01至2026-12-31    第7版"
    assert page["C4"].value == "'=1"


def test_an_export_again_leaves_no_sheet_of_before(tmp_path: Path) -> None:
    for count in (3, 1):
        results = Results("2026-1", {}, [], {"gaps": []}, {"unit": claim_document(count)})
        files = write(tmp_path, of(TOWN), format="csv", results=results)
    sheets = sorted((tmp_path / "2026-1" / "claim-sheets-by-unit").iterdir())
    assert [file for file in files if "claim-sheets" in str(file)] == sheets
    assert len(sheets) == 1


@pytest.mark.parametrize(
    ("canonical", "said"),
    [
        ("", ""),
        ("Mo-Fr 09:00-17:00", "周一至周五09:00-17:00"),
        ("Mo,We,Fr 08:00-12:00,13:00-18:00", "周一、周三、周五08:00-12:00、13:00-18:00"),
        ("Th#1; Th#-1", "每月第一个周四；每月最后一个周四"),
        ("D5,D10-12", "每月5日、每月10至12日"),
        ("05-01..06-30 Sa", "5月1日至6月30日周六"),
        ("2026-05-01..2026-06-30", "2026-05-01至2026-06-30"),
        ("2026-05-01", "2026-05-01"),
        ("2026-05-01..", "2026-05-01起"),
    ],
)
def test_times_are_said_in_chinese(canonical: str, said: str) -> None:
    assert say_times(canonical) == said


@pytest.mark.parametrize(
    ("canonical", "said"),
    [
        ("", ""),
        ("Mo-Fr 09:00-17:00; Sa 10:00-12:00", "Mon to Fri 09:00-17:00; Sat 10:00-12:00"),
        ("Mo,We 08:00-12:00,13:00-18:00", "Mon, Wed 08:00-12:00, 13:00-18:00"),
        ("Th#1; Th#-1", "first Thu of each month; last Thu of each month"),
        ("D5,D10-12", "day 5 of each month, day 10 to 12 of each month"),
        ("01-20..02-20,07-01..08-31", "20 Jan to 20 Feb, 1 Jul to 31 Aug"),
        ("2026-05-01..", "from 2026-05-01"),
    ],
)
def test_times_are_said_in_english(canonical: str, said: str) -> None:
    assert say_times(canonical, "en") == said
