"""What has a place as GeoJSON features, no finer than others may see."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from graph.model import Need, Record
from loaders.cells_out import Places, Records

PLACED_TABLES: Final = ("areas", "units", "stations", "offers", "needs", "projects", "posts")
_HIDDEN: Final = frozenset(
    {"notes", "list_name", "list_row", "outline", "lon", "lat", "crs", "liaison", "party", "source"}
)


def feature_collection(records: Records, places: Places, gaps: Mapping[str, Any] | None) -> dict[str, Any]:
    """Features of all placed records: areas by outline where one is known, all else by points.

    Parameters
    ----------
    gaps : mapping or None
        The document of `linli gaps`; an area then says how many of its places are unserved, and why.

    Returns
    -------
    dict
        A FeatureCollection in WGS-84. A record without a place is a feature without a geometry. Liaisons,
        parties of needs and free notes are left out.
    """
    unserved = _unserved(gaps)
    features = []
    for table in PLACED_TABLES:
        for record in records(table):
            properties: dict[str, Any] = {"table": table, **_properties(record)}
            if table == "areas" and gaps is not None:
                properties["unserved"] = unserved.get(record.id, Counter()).total()
                properties["unserved_by_reason"] = dict(unserved.get(record.id, Counter()))
            lon, lat, precision = _point(record, places)
            properties["precision"] = precision
            features.append(
                {
                    "type": "Feature",
                    "id": f"{table}:{record.id}",
                    "properties": properties,
                    "geometry": _geometry(record, lon, lat),
                }
            )
    return {"type": "FeatureCollection", "features": features}


def _unserved(gaps: Mapping[str, Any] | None) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for gap in gaps["gaps"] if gaps else ():
        for area, places in gap["by_area"].items():
            found.setdefault(area, Counter())[gap["reason"]] += places
    return found


def _point(record: Record, places: Places) -> tuple[float | None, float | None, str]:
    if isinstance(record, Need):
        return places.coarse(record)
    return getattr(record, "lon", None), getattr(record, "lat", None), getattr(record, "precision", "exact")


def _geometry(record: Record, lon: float | None, lat: float | None) -> Any:
    outline = getattr(record, "outline", None)
    if outline:
        return json.loads(outline)
    return None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}


def _properties(record: Record) -> dict[str, Any]:
    values = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if name not in _HIDDEN and value not in (None, "", ()):
            plain = list(value) if isinstance(value, tuple) else value
            values[name] = plain.isoformat() if hasattr(plain, "isoformat") else plain
    return values
