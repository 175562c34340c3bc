"""Areas and gaps as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graph.snapshot import Snapshot

Json = dict[str, Any]


def areas_geojson(snapshot: Snapshot) -> Json:
    """Every area: its outline where one is known, else its point, else no geometry.

    `has_outline` tells which; `lon` and `lat` are its point, null where unknown.
    """
    columns = {
        name: snapshot.column("areas", name)
        for name in ("id", "name", "level", "parent", "precision", "population", "over60", "outline")
    }
    points = _points(snapshot)
    features = []
    for row, area in enumerate(columns["id"].tolist()):
        outline = columns["outline"][row]
        point = points[row]
        geometry = _geometry(outline) if outline else _point(point)
        properties = {
            "id": area,
            "name": columns["name"][row],
            "level": columns["level"][row],
            "parent": columns["parent"][row],
            "precision": columns["precision"][row],
            "population": _whole(columns["population"][row]),
            "over60": _whole(columns["over60"][row]),
            "lon": point[0] if point else None,
            "lat": point[1] if point else None,
            "has_outline": bool(outline),
        }
        features.append({"type": "Feature", "id": area, "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def gaps_geojson(gaps: Mapping[str, Any], snapshot: Snapshot) -> Json:
    """Every gap at the points of the areas it lies in; none where no point is known.

    Points are those of areas, never of needs.
    """
    points = _points(snapshot)
    features = []
    for number, gap in enumerate(gaps["gaps"]):
        places = _places_by_area(gap)
        rows = snapshot.rows_of("areas", list(places))
        known = [points[row] for row in rows.tolist() if row >= 0 and points[row]]
        geometry: Json | None = None
        if len(known) == 1:
            geometry = _point(known[0])
        elif known:
            geometry = {"type": "MultiPoint", "coordinates": [list(point) for point in known if point]}
        properties = {name: value for name, value in gap.items() if name != "certificate"}
        features.append({"type": "Feature", "id": number, "geometry": geometry, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _places_by_area(gap: Mapping[str, Any]) -> Sequence[str]:
    by_area = gap.get("by_area") or {}
    found = [str(area) for area in by_area] if isinstance(by_area, Mapping) else []
    return found or ([gap["area"]] if gap.get("area") else [])


def _points(snapshot: Snapshot) -> list[tuple[float, float] | None]:
    lon, lat = snapshot.column("areas", "lon"), snapshot.column("areas", "lat")
    return [
        None if np.isnan(x) or np.isnan(y) else (x, y)
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]


def _point(point: tuple[float, float] | None) -> Json | None:
    return None if point is None else {"type": "Point", "coordinates": list(point)}


def _geometry(outline: str) -> Json | None:
    found = json.loads(outline)
    geometry: Json | None = found["geometry"] if found.get("type") == "Feature" else found
    return geometry


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
