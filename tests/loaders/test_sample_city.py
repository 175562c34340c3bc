"""The synthetic city: sizes, references, clean cells, determinism."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from graph import taxonomy
from loaders.sample import city
from loaders.sample.city import write_city
from loaders.sample.city_draw import names_of
from tests.loaders.readings import as_text, read_book, read_folder

Records = list[dict[str, Any]]
CITY_SIZES = {"neighbourhoods": 45, "needs": 1500, "units": 60}


@pytest.fixture(scope="module")
def city_tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Records]:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder, **CITY_SIZES, seed=1)
    return {
        name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for name, rows in read_folder(folder).items()
    }


def test_city_counts_are_as_asked_and_as_returned(tmp_path: Path) -> None:
    counts = write_city(tmp_path, **CITY_SIZES, seed=2)
    assert counts == {name: len(rows) - 1 for name, rows in read_folder(tmp_path).items()}
    assert (counts["needs"], counts["units"], counts["areas"]) == (1500, 60, 1 + 3 + 45)


@pytest.mark.parametrize(("neighbourhoods", "needs", "units"), [(1, 40, 3), (10, 400, 8)])
def test_city_sizes_follow_from_the_neighbourhoods(
    neighbourhoods: int, needs: int, units: int, tmp_path: Path
) -> None:
    counts = write_city(tmp_path, neighbourhoods=neighbourhoods, seed=1)
    assert (counts["needs"], counts["units"]) == (needs, units)


def test_a_city_without_needs_can_be_written(tmp_path: Path) -> None:
    assert write_city(tmp_path, neighbourhoods=2, needs=0, units=1, seed=0)["needs"] == 0


def test_every_reference_in_the_city_resolves(city_tables: dict[str, Records]) -> None:
    ids = {name: {row["id"] for row in rows} for name, rows in city_tables.items() if name != "members"}
    for name, rows in city_tables.items():
        assert name == "members" or len(ids[name]) == len(rows)
    parties = set.union(*(ids[name] for name in ("areas", "units", "branches", "stations")))
    references = {
        ("units", "area"): ids["areas"],
        ("offers", "unit"): ids["units"],
        ("offers", "reach_areas"): ids["areas"],
        ("needs", "area"): ids["areas"],
        ("needs", "party"): ids["units"],
        ("projects", "area"): ids["areas"],
        ("areas", "parent"): ids["areas"],
        ("branches", "units"): ids["units"],
        ("branches", "area"): ids["areas"],
        ("alliances", "parent"): ids["alliances"],
        ("alliances", "area"): ids["areas"],
        ("alliances", "chair"): ids["units"],
        ("members", "alliance"): ids["alliances"],
        ("members", "party"): parties,
        ("stations", "party"): parties,
        ("stations", "area"): ids["areas"],
        ("pairings", "parties"): parties,
        ("pairings", "via"): ids["stations"],
        ("claims", "target"): ids["needs"],
        ("claims", "by"): ids["units"],
        ("claims", "offer"): ids["offers"],
    }
    for (table, column), known in references.items():
        used = {part for row in city_tables[table] for part in row[column].split(";") if part}
        assert used <= known, (table, column)


def test_city_cells_are_clean(city_tables: dict[str, Records]) -> None:
    needs, offers = city_tables["needs"], city_tables["offers"]
    assert all(taxonomy.is_category(row["category"]) for row in needs + offers)
    assert all(int(row["quantity"]) >= 1 and 1 <= int(row["priority"]) <= 5 for row in needs)
    assert all(row["capacity"] == "" or int(row["capacity"]) >= 1 for row in offers)
    assert all(row["reach_m"] or row["reach_areas"] for row in offers)
    assert all(int(row["min_people"]) <= int(row["max_people"]) for row in offers if row["min_people"])
    assert all(121.2 < float(row["lon"]) < 121.8 and 30.9 < float(row["lat"]) < 31.5 for row in needs)
    assert sum(row["reach_m"] == "any" for row in offers) >= 1
    assert {row["source"] for rows in city_tables.values() for row in rows} == {
        "synthetic (linli sample city --seed 1)"
    }


def test_city_claims_promise_what_fits(city_tables: dict[str, Records]) -> None:
    by_id = {name: {row["id"]: row for row in city_tables[name]} for name in ("needs", "offers", "units")}
    claims = city_tables["claims"]
    assert {"agreed", "declined"} <= {claim["status"] for claim in claims}
    for claim in claims:
        need, offer = by_id["needs"][claim["target"]], by_id["offers"][claim["offer"]]
        unit = by_id["units"][claim["by"]]
        assert offer["unit"] == claim["by"]
        assert offer["category"] == need["category"]
        east = (float(need["lon"]) - float(unit["lon"])) * 111_195 * math.cos(math.radians(31.2))
        north = (float(need["lat"]) - float(unit["lat"])) * 111_195
        assert math.hypot(east, north) <= int(offer["reach_m"])


def test_city_supply_falls_a_little_short(city_tables: dict[str, Records]) -> None:
    times_a_year = {"round": 1, "quarter": 4, "month": 12}
    supply = sum(int(row["capacity"] or 1) * times_a_year[row["per"]] for row in city_tables["offers"])
    wanted = sum(int(row["quantity"]) for row in city_tables["needs"])
    assert 0.6 < supply / wanted < 1.2


def test_homes_cluster_around_their_neighbourhoods(city_tables: dict[str, Records]) -> None:
    areas = {row["id"]: row for row in city_tables["areas"]}
    offsets = [
        (float(row["lat"]) - float(areas[row["area"]]["lat"])) * 111_195
        for row in city_tables["needs"]
        if not row["party"]
    ]
    spread = math.sqrt(sum(offset**2 for offset in offsets) / len(offsets))
    assert 100 < spread < 200


def test_city_is_the_same_from_the_same_seed(tmp_path: Path) -> None:
    for folder, seed in (("a", 7), ("b", 7), ("c", 8)):
        write_city(tmp_path / folder, **CITY_SIZES, seed=seed)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert (tmp_path / "a/needs.csv").read_bytes() != (tmp_path / "c/needs.csv").read_bytes()


def test_city_workbook_holds_the_cells_of_the_folder(tmp_path: Path) -> None:
    write_city(tmp_path / "folder", neighbourhoods=6, seed=3)
    write_city(tmp_path / "city.xlsx", neighbourhoods=6, seed=3)
    folder = read_folder(tmp_path / "folder")
    book = read_book(tmp_path / "city.xlsx")
    assert set(book) == set(folder)
    for name, rows in book.items():
        assert [[as_text(cell) for cell in row] for row in rows] == folder[name], name


def test_many_chunks_join_without_a_seam(tmp_path: Path) -> None:
    needs = 2 * city.CHUNK_NEEDS + 1
    calls: list[tuple[str, int, int]] = []
    write_city(
        tmp_path, neighbourhoods=20, needs=needs, units=5, seed=1, progress=lambda *call: calls.append(call)
    )
    with (tmp_path / "needs.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    assert ids == [f"n{number:07}" for number in range(1, needs + 1)]
    assert [call[1:] for call in calls if call[0] == "needs"] == [
        (50_000, needs),
        (100_000, needs),
        (needs, needs),
    ]


def test_a_city_too_large_for_a_sheet_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "city.xlsx"
    with pytest.raises(ValueError, match="Excel sheet"):
        write_city(path, neighbourhoods=10, needs=1_048_576, seed=1)
    assert not path.exists()


@pytest.mark.parametrize(
    "sizes",
    [
        {"neighbourhoods": 0, "seed": 1},
        {"neighbourhoods": 1, "needs": -1, "seed": 1},
        {"neighbourhoods": 1, "units": 0, "seed": 1},
        {"neighbourhoods": 1, "seed": -1},
        {"neighbourhoods": 998_002, "needs": 1, "seed": 1},
    ],
)
def test_sizes_out_of_range_are_refused(sizes: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"neighbourhoods|needs|units|seed"):
        write_city(tmp_path / "city", **sizes)
    assert not (tmp_path / "city").exists()


def test_names_of_neighbourhoods_are_all_different() -> None:
    assert len(set(names_of(5000))) == 5000
