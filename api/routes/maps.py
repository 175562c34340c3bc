"""What the map draws."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import schemas
from api.answers import GeoJson, is_unchanged, make_tag, send_json
from api.context import InContext
from api.geojson import areas_geojson
from api.version import VERSION

router = APIRouter(prefix="/v1", tags=["store"])


@router.get("/areas.geojson", response_model=schemas.FeatureCollection, response_class=GeoJson)
def get_areas_geojson(request: Request, context: InContext) -> Response:
    """Areas: outlines where they are known, else points."""
    tag = make_tag(VERSION, "areas.geojson", context.store.revision()[1])
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return send_json(request, areas_geojson(context.snapshot()), tag=tag, media_type=GeoJson.media_type)
