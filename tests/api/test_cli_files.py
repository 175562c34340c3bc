"""Commands that write files: copy, export, sample."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pytest
from pyarrow import parquet

from graph.model import TABLES
from graph.store import open_store
from tests.api.terminal import linli, linli_json, store_option


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def records(path: Path) -> dict[str, dict[str, Any]]:
    store = open_store(f"sqlite:///{path}")
    found: dict[str, dict[str, Any]] = {
        table: {record.id: record for record in store.find(table)} for table in TABLES
    }
    store.close()
    return found


# -- copy ---------------------------------------------------------------------------------------------


def test_copy_brings_everything_and_verifies_it(town: Path, tmp_path: Path) -> None:
    source, target = f"sqlite:///{town}", f"sqlite:///{tmp_path / 'copy.db'}"
    document = linli_json("copy", source, target)
    assert document["verified"] is True
    one, other = open_store(source), open_store(target)
    assert document["copied"] == {table: one.count(table) for table in TABLES if one.count(table)}
    assert other.revision() == one.revision()
    assert list(other.dump()) == list(one.dump())
    assert [item.name for item in tmp_path.iterdir() if item.name.startswith(".")] == []


def test_copy_refuses_a_target_that_holds_something(town: Path, tmp_path: Path) -> None:
    target = tmp_path / "other.db"
    shutil.copy(town, target)
    arguments = ("copy", f"sqlite:///{town}", f"sqlite:///{target}")
    linli("undo", *store_option(target))
    assert linli_json(*arguments, code=1)["type"].endswith("not-empty")
    assert open_store(f"sqlite:///{target}").revision()[0] == 2
    linli(*arguments, "--replace")
    assert open_store(f"sqlite:///{target}").revision()[0] == 1
    assert linli_json("copy", f"sqlite:///{town}", f"sqlite:///{town}", "--replace", code=1)["type"].endswith(
        "not-empty"
    )


def test_copy_of_no_store_makes_none(tmp_path: Path) -> None:
    arguments = ("copy", f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}")
    assert linli_json(*arguments, code=1)["type"].endswith("no-store")
    assert list(tmp_path.iterdir()) == []


# -- export -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_exported_lists_load_again(town: Path, tmp_path: Path, format_: str, language: str) -> None:
    out = tmp_path / "out"
    document = linli_json("export", out, "--format", format_, "--lang", language, *store_option(town))
    assert sorted(map(str, (path for path in out.rglob("*") if path.is_file()))) == sorted(document["files"])
    linli("load", out, *store_option(tmp_path / "again.db"))
    before, after = records(town), records(tmp_path / "again.db")
    for table, known in before.items():
        assert after[table].keys() == known.keys(), table
        for record_id, record in known.items():
            if table != "needs":
                assert after[table][record_id] == record
    hidden = {"lon", "lat", "precision"}
    for record_id, need in before["needs"].items():
        again = after["needs"][record_id]
        names = [name for name in need.__dataclass_fields__ if name not in {*hidden, "list_name", "list_row"}]
        assert [getattr(again, name) for name in names] == [getattr(need, name) for name in names]


def test_needs_are_shown_no_finer_than_their_neighbourhood(town: Path, tmp_path: Path) -> None:
    linli("export", tmp_path / "csv", "--format", "csv", *store_option(town))
    linli("export", tmp_path / "map", "--format", "geojson", *store_option(town))
    known = records(town)
    public = {party for table in ("units", "branches", "alliances", "stations") for party in known[table]}
    points = {(area.lon, area.lat) for area in known["areas"].values()}
    shown = {row["id"]: (row["lon"], row["lat"]) for row in read_csv(tmp_path / "csv" / "needs.csv")}
    collection = json.loads(next((tmp_path / "map").glob("*.geojson")).read_text(encoding="utf-8"))
    mapped = {feature["id"]: feature["geometry"] for feature in collection["features"]}
    hidden = 0
    for need in known["needs"].values():
        if need.lon is not None and need.party not in public:
            lon, lat = map(float, shown[need.id])
            assert (lon, lat) in points or (lon, lat) == (round(need.lon, 2), round(need.lat, 2))
            assert mapped[f"needs:{need.id}"]["coordinates"] == [lon, lat]
            hidden += 1
    assert hidden > 50


def test_results_stand_beside_the_lists(town: Path, tmp_path: Path) -> None:
    linli("export", tmp_path, "--format", "csv", *store_option(town))
    round_folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    rows = read_csv(round_folder / "assignments.csv")
    assert len(rows) == len(linli_json("assignments", *store_option(town)))
    gaps = linli_json("gaps", *store_option(town))
    listed = read_csv(round_folder / "gaps.csv")
    assert sum(int(row["places"]) for row in listed) == gaps["unserved"]
    for by in ("unit", "area"):
        sheets = [read_csv(path) for path in (round_folder / f"claim-sheets-by-{by}").glob("*.csv")]
        assert sum(int(row["项次"]) for sheet in sheets for row in sheet) == sum(
            int(row["places"]) for row in rows
        )


def test_claim_sheets_print_on_a4_one_unit_a_sheet(town: Path, tmp_path: Path) -> None:
    linli("export", tmp_path, "--format", "xlsx", *store_option(town))
    book = openpyxl.load_workbook(next(tmp_path.rglob("claim-sheets-by-unit.xlsx")))
    units = {row["unit"] for row in linli_json("assignments", *store_option(town))}
    assert len(book.sheetnames) == len(units)
    liaisons = {unit.liaison for unit in records(town)["units"].values() if unit.liaison}
    for page in book:
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
        assert page.page_setup.fitToHeight == 0
        assert page.print_title_rows == "$3:$3"
        assert page.print_area
        assert "&P/&N" in page.oddFooter.right.text
        header = [cell.value for cell in page[3]]
        assert header == ["序号", "居民区", "类别", "内容", "项次", "时段", "备注"]
        texts = [cell.value for row in page for cell in row if isinstance(cell.value, str)]
        assert any("联络员签字" in text for text in texts)
        assert not any(liaison in text for liaison in liaisons for text in texts)
        assert all(page.column_dimensions[letter].width for letter in "ABCDEFG")
        assert page.cell(4, 1).value == 1


def test_json_and_parquet_hold_the_same_rows(town: Path, tmp_path: Path) -> None:
    linli("export", tmp_path, "--format", "json", *store_option(town))
    linli("export", tmp_path, "--format", "parquet", *store_option(town))
    lists = json.loads((tmp_path / "lists.json").read_text(encoding="utf-8"))
    known = records(town)
    for table, rows in lists.items():
        assert {row["id"] if "id" in row else row["list_category"] for row in rows} == known[table].keys()
        assert parquet.read_table(tmp_path / f"{table}.parquet").num_rows == len(rows)
    round_folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    gaps = json.loads((round_folder / "gaps.json").read_text(encoding="utf-8"))
    assert gaps == linli_json("gaps", *store_option(town))


@pytest.mark.parametrize(("format_", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_graphs_hold_records_ties_and_assignments(
    town: Path, tmp_path: Path, format_: str, read: Any
) -> None:
    (file,) = linli_json("export", tmp_path, "--format", format_, *store_option(town))["files"]
    graph, known = read(file), records(town)
    tables = [data["table"] for _, data in graph.nodes(data=True)]
    assert tables.count("units") == len(known["units"])
    edges = [data for *_, data in graph.edges(data=True)]
    assignments = linli_json("assignments", *store_option(town))
    assert sum(int(edge["places"]) for edge in edges if edge["kind"] == "serves") == sum(
        row["places"] for row in assignments
    )
    assert sum(edge["kind"] == "offered_by" for edge in edges) == len(known["offers"])
    assert not any("liaison" in data or "lon" in data for _, data in graph.nodes(data=True))


def test_without_a_round_the_lists_alone_are_exported(town: Path, tmp_path: Path) -> None:
    shutil.copy(town, tmp_path / "a.db")
    linli("export", tmp_path / "lists", "--format", "csv", *store_option(town))
    linli("load", tmp_path / "lists", *store_option(tmp_path / "b.db"))
    document = linli_json("export", tmp_path / "out", "--format", "csv", *store_option(tmp_path / "b.db"))
    assert all(Path(file).parent == tmp_path / "out" for file in document["files"])
    arguments = (
        "export",
        tmp_path / "out",
        "--format",
        "csv",
        "--round",
        "2026-1",
        *store_option(tmp_path / "b.db"),
    )
    assert linli_json(*arguments, code=1)["type"].endswith("no-round")


# -- sample -------------------------------------------------------------------------------------------


def test_issues_own_line_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = linli_json("sample", "city", "--neighbourhoods", 30, "--seed", 1, "-o", "town.xlsx")
    assert linli_json("load", "town.xlsx")["kept"] == {table: rows[table] for table in rows if rows[table]}
    match, gaps = linli_json("match"), linli_json("gaps")
    assert match["status"] == "optimal"
    assert gaps["unserved"] == match["places_wanted"] - match["places_served"]


def test_sizes_of_a_city_are_as_asked(tmp_path: Path) -> None:
    arguments = ("--neighbourhoods", 3, "--needs", 17, "--units", 4, "--seed", 5, "-o", tmp_path / "city")
    rows = linli_json("sample", "city", *arguments)
    assert (rows["needs"], rows["units"]) == (17, 4)
    assert {path.stem for path in (tmp_path / "city").glob("*.csv")} == set(rows)


@pytest.mark.parametrize("name", ["reports", "reports.xlsx"])
def test_reports_load_without_a_problem(tmp_path: Path, name: str) -> None:
    rows = linli_json("sample", "reports", "-o", tmp_path / name)
    document = linli_json("load", tmp_path / name, *store_option(tmp_path / "a.db"))
    assert document["problems"] == []
    assert document["kept"] == rows
    assert rows["projects"] > 100
