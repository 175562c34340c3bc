"""Outlines of areas from GeoJSON: a FeatureCollection of polygons, tied to areas by code or name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from graph.model import Area
from loaders.build import Builder
from loaders.cells import choice_words
from loaders.coordinates import to_wgs84
from loaders.counts import fold
from loaders.identity import derive_name_id
from loaders.problems import Fault, Problem, fault, make_problem

_OUTLINES: Final = ("FeatureCollection", "Feature")
_CODES: Final = ("id", "code", "adcode", "编号", "代码", "区划代码")
_LIKELY: Final = tuple(
    re.compile(words, re.IGNORECASE)
    for words in ("code|代码|编码", "name|名", "^(?:neighbourhood|subdistrict|district|city)$")
)
_EMPTY_LEVELS: Final = re.compile(r"(?:000){1,2}$")
_NAMES: Final = ("name", "name:zh", "名称", "区域")


def read_outlines(path: Path, label: str, builder: Builder, problems: list[Problem]) -> None:
    """Set the outlines of areas from a GeoJSON file.

    A feature's area is found by its properties `id`, `code` or `name` among the source's areas and those
    known before; one that matches nothing becomes a draft area. A feature without these is tied to a known
    area by any other property that is a code or a name by its own name (`official_code_2023`, `osm_name`),
    and makes none. A property `crs` says in which system the degrees are. Rows of the report count features
    from 1.
    """
    features = _features(path)
    if isinstance(features, Fault):
        problems.append(make_problem(features, file=label))
        return
    for row, feature in enumerate(features, start=1):
        found = _read_feature(feature, row, label, builder)
        for item, column, text in found:
            problems.append(make_problem(item, file=label, row=row, column=column, found=text))


def _features(path: Path) -> list[Any] | Fault:
    """Features of a GeoJSON file; a fault if it is none, which for `.json` says that lists can't be JSON."""
    no_outlines = fault("json_list" if path.suffix.lower() == ".json" else "file_unreadable")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return no_outlines
    if not text.strip():
        return fault("empty_list")
    try:
        document = json.loads(text)
        features = document["features"] if document["type"] == "FeatureCollection" else [document]
    except (ValueError, KeyError, TypeError):
        return no_outlines
    return features if isinstance(features, list) and document["type"] in _OUTLINES else no_outlines


def _read_feature(feature: Any, row: int, label: str, builder: Builder) -> list[tuple[Fault, str, str]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    crs = choice_words("crs").get(fold(str(properties.get("crs") or "wgs84")))
    outline = _outline(geometry, crs) if crs is not None else None
    names = [str(properties[key]).strip() for key in (*_CODES, *_NAMES) if properties.get(key)]
    if outline is None:
        return [(fault("outline_unreadable"), "geometry", names[0] if names else "")]
    if not names:
        return _tie_by_likely(properties, outline, builder)
    hits = [builder.directory.find(name, ("areas",)) for name in names]
    hit = next((hit for hit in hits if not isinstance(hit, Fault)), hits[-1])
    if not isinstance(hit, Fault):
        builder.set_outline(hit[1], outline)
        return []
    if hit.problem != "reference_unknown":
        return [(hit, "name", names[-1])]
    record_id = derive_name_id("areas", names[-1])
    made = Area(id=record_id, name=names[-1], draft=True, outline=outline, list_name=label, list_row=row)
    builder.resolver.made.append(made)
    builder.resolver.drafts["areas"] += 1
    builder.directory.add("areas", record_id, names[-1])
    listed = {key: value for key, value in hit.values if key in ("nearest", "tables")}
    return [(fault("draft_area", **listed), "name", names[-1])]


def _tie_by_likely(
    properties: dict[str, Any], outline: str, builder: Builder
) -> list[tuple[Fault, str, str]]:
    """Tie an outline to the one known area that its codes name, else its names, else its levels."""
    texts = {key: str(value).strip() for key, value in properties.items() if isinstance(value, str | int)}
    missed = [(fault("required_empty", wanted="名称"), "name", "")]
    for likely in _LIKELY:
        found = {
            key: builder.directory.find(_short_code(text), ("areas",))
            for key, text in texts.items()
            if text and likely.search(key)
        }
        known = {hit for hit in found.values() if not isinstance(hit, Fault)}
        if len(known) == 1:
            builder.set_outline(known.pop()[1], outline)
            return []
        missed = [(hit, key, texts[key]) for key, hit in found.items() if isinstance(hit, Fault)][
            :1
        ] or missed
    return missed


def _short_code(text: str) -> str:
    """A statistical code of twelve digits without the levels it leaves empty: 310101002000 -> 310101002."""
    return _EMPTY_LEVELS.sub("", text) if text.isascii() and text.isdigit() and len(text) == 12 else text


def _outline(geometry: Any, crs: str) -> str | None:
    """A Polygon or MultiPolygon in WGS-84 as compact JSON, None if it is none."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    is_many = geometry["type"] == "MultiPolygon"
    try:
        polygons = geometry["coordinates"] if is_many else [geometry["coordinates"]]
        rings = [[_ring(ring, crs) for ring in polygon] for polygon in polygons]
    except (KeyError, TypeError, ValueError):
        return None
    if not rings or any(not polygon or None in polygon for polygon in rings):
        return None
    coordinates = rings if is_many else rings[0]
    return json.dumps({"type": geometry["type"], "coordinates": coordinates}, separators=(",", ":"))


def _ring(ring: Any, crs: str) -> list[list[float]] | None:
    points = np.array([point[:2] for point in ring], dtype=np.float64)
    if points.ndim != 2 or points.shape[0] < 4 or points.shape[1] != 2 or not np.isfinite(points).all():
        return None
    if not (points[0] == points[-1]).all() or (np.abs(points) > (180, 90)).any():
        return None
    lon, lat = to_wgs84(points[:, 0], points[:, 1], crs)
    rounded: list[list[float]] = np.column_stack((lon, lat)).round(7).tolist()
    return rounded
