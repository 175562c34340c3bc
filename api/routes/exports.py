"""What leaves the house: exports and claim sheets."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from api import round_schemas
from api.answers import is_unchanged, send_json
from api.context import InContext
from api.handlers import problem_responses
from api.problems import DoorError, read_language
from api.routes.documents import RoundId, round_tag
from api.services.errors import NoRoundError
from api.services.exports import export_store
from api.services.sheets import claim_sheets
from graph.wording import word
from loaders.write import FORMATS

router = APIRouter(prefix="/v1", tags=["exports"])

_MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".graphml": "application/xml",
    ".gexf": "application/xml",
    ".zip": "application/zip",
}
_UNKNOWN = "application/octet-stream"


@router.get(
    "/claim-sheets",
    response_model=round_schemas.ClaimSheets,
    responses=problem_responses("no-round", "invalid"),
)
def get_claim_sheets(
    request: Request,
    context: InContext,
    by: Annotated[
        Literal["unit", "area"], Query(description="A sheet per unit, or per neighbourhood.")
    ] = "unit",
    round_id: RoundId = "current",
) -> Response:
    """Claim sheets (认领表) of a round, to print; no address, no liaison, no resident is on them."""
    found = context.round(round_id)
    tag = round_tag(found, "claim-sheets", by)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return send_json(request, claim_sheets(found, context.round_snapshot(found), by), tag=tag)


@router.get(
    "/exports/{format}",
    response_class=FileResponse,
    responses={
        200: {
            "content": {media_type: {} for media_type in (*_MEDIA_TYPES.values(), _UNKNOWN)},
            "description": "One file, or a zip of several.",
        },
        **problem_responses("not-found", "no-round"),
    },
)
def get_export(
    request: Request,
    context: InContext,
    format_: Annotated[str, PathParameter(alias="format", json_schema_extra={"enum": list(FORMATS)})],
    round_id: Annotated[str | None, Query(alias="round", max_length=200)] = None,
) -> Response:
    """The lists, and the newest round's assignments, gaps and claim sheets, as `linli export` writes them."""
    if format_ not in FORMATS:
        raise DoorError("not-found", **word("no_format", formats=FORMATS))
    if round_id is not None and round_id not in {found.id for found in context.store.rounds()}:
        raise NoRoundError(**word("no_such_round"))
    folder = Path(tempfile.mkdtemp(prefix="linli-"))
    try:
        language = read_language(request.headers.get("accept-language"))
        written = export_store(context.store, folder / "linli", format_, round_id=round_id, language=language)
        file = pack_files(written, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    media_type = _MEDIA_TYPES.get(file.suffix, _UNKNOWN)
    return FileResponse(file, media_type=media_type, filename=file.name, background=done)


def pack_files(files: Sequence[Path], folder: Path) -> Path:
    """The only file, or a zip of several under their paths."""
    if len(files) == 1:
        return files[0]
    target = folder / "linli.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            archive.write(file, file.relative_to(folder))
    return target
