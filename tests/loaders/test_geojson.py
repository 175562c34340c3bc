"""Outlines of areas from GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph.model import Area
from loaders import Known, Reading, read
from tests.loaders.lists import TOWN, write_folder

SQUARE = [[[121.5, 31.2], [121.6, 31.2], [121.6, 31.3], [121.5, 31.2]]]


def feature(properties: dict[str, Any], coordinates: Any = SQUARE, kind: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def outlines(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def areas_of(reading: Reading) -> dict[str, Area]:
    return {record.id: record for record in reading.records if isinstance(record, Area)}


def test_outlines_by_code_and_name(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "town", {"区域": TOWN["区域"]})
    outlines(
        folder / "outlines.geojson",
        feature({"code": "A1"}),
        feature({"name": "香樟"}, [SQUARE], "MultiPolygon"),
    )
    reading = read([folder])
    areas = areas_of(reading)
    assert json.loads(areas["A1"].outline or "") == {"type": "Polygon", "coordinates": SQUARE}
    assert json.loads(areas["A2"].outline or "")["type"] == "MultiPolygon"
    assert areas["A3"].outline is None
    assert reading.report.problems == ()


def test_outlines_of_areas_known_before_and_kept_afterwards(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "town", {"区域": TOWN["区域"]})
    before = areas_of(read([folder]))
    known = Known(names={"areas": [(a.id, a.name, a.parent) for a in before.values()]}, areas=before)
    reading = read([outlines(tmp_path / "o.geojson", feature({"name": "银杏"}))], known)
    assert reading.report.kept == {"areas": 1}
    drawn = areas_of(reading)
    assert set(drawn) == {"A3"}
    assert (drawn["A3"].name, drawn["A3"].lon) == ("银杏居委会", 121.52)
    later = Known(names=known.names, areas={**before, **drawn})
    assert areas_of(read([folder], later))["A3"].outline == drawn["A3"].outline


def test_outlines_of_another_system_come_to_wgs84(tmp_path: Path) -> None:
    reading = read([outlines(tmp_path / "o.geojson", feature({"name": "新区域", "crs": "gcj02"}))])
    [area] = areas_of(reading).values()
    assert (area.draft, [problem.problem for problem in reading.report.problems]) == (True, ["draft_area"])
    lon, lat = json.loads(area.outline or "")["coordinates"][0][0]
    assert 121.49 < lon < 121.5
    assert 31.2 < lat < 31.21


def test_bad_outlines_are_problems(tmp_path: Path) -> None:
    open_ring = [SQUARE[0][:3]]
    reading = read(
        [
            outlines(
                tmp_path / "o.geojson",
                feature({"name": "甲"}, open_ring),
                feature({"name": "乙"}, [121.5, 31.2], "Point"),
                feature({}),
                feature({"name": "丙", "crs": "火星"}),
                {"type": "Feature"},
            )
        ]
    )
    found = [(problem.problem, problem.row) for problem in reading.report.problems]
    assert found == [
        ("outline_unreadable", 1),
        ("outline_unreadable", 2),
        ("required_empty", 3),
        ("outline_unreadable", 4),
        ("outline_unreadable", 5),
    ]
    assert reading.records == []
    (tmp_path / "bad.geojson").write_text("[", encoding="utf-8")
    assert [p.problem for p in read([tmp_path / "bad.geojson"]).report.problems] == ["file_unreadable"]


def test_outlines_under_a_publishers_own_property_names(tmp_path: Path) -> None:
    areas = [("310101", "甲区", None), ("310101002", "乙街道", "310101")]
    known = Known(names={"areas": areas}, areas={key: Area(id=key, name=name) for key, name, _ in areas})
    reading = read(
        [
            outlines(
                tmp_path / "o.geojson",
                feature({"district": "甲区", "official_code_2023": "310101002000", "osm_name": "不认识"}),
                feature({"district": "甲区", "district_en": "Jia"}),
                feature({"osm_name": "没有的街道"}),
                feature({"layer": 7}),
            )
        ],
        known,
    )
    assert set(areas_of(reading)) == {"310101", "310101002"}
    found = [(p.row, p.problem, p.column, p.found) for p in reading.report.problems]
    assert found == [
        (3, "reference_unknown", "osm_name", "没有的街道"),
        (4, "required_empty", "name", ""),
    ]
