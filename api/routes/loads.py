"""Lists uploaded, checked, mended, and loaded or discarded."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from api import list_schemas
from api.answers import send_json
from api.context import Context, InContext
from api.handlers import problem_responses
from api.problems import DoorError, read_language
from api.services.intake import check_report, load_reading, read_files, write_marked_file
from api.services.sayings import read_saying, write_sayings
from api.uploads import Mend, Upload
from graph.model import Record
from graph.wording import word
from loaders import Reading

router = APIRouter(prefix="/v1/loads", tags=["loads"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Texts = dict[tuple[str, str | None], dict[tuple[int, str], str]]


@router.post(
    "",
    response_model=list_schemas.Loaded,
    status_code=201,
    responses=problem_responses("invalid", "too-large", "bad-request"),
)
def upload_lists(
    request: Request,
    context: InContext,
    files: Annotated[list[UploadFile], File(description="Workbooks, CSV tables, GeoJSON outlines.")],
) -> Response:
    """Check lists; nothing is stored until they are confirmed."""
    if not any(file.filename for file in files):
        raise DoorError("invalid", **word("no_file"))
    upload = context.uploads.add((file.filename or "list.csv", file.file) for file in files)
    headers = {"Location": f"/v1/loads/{upload.id}"}
    return send_json(request, _document(request, context, upload), status=201, headers=headers)


@router.get("/{load_id}", response_model=list_schemas.Loaded, responses=problem_responses("not-found"))
def get_load(request: Request, context: InContext, load_id: str) -> Response:
    """Lists that wait, checked against the store as it is now."""
    return send_json(request, _document(request, context, context.uploads.get(load_id)))


@router.patch(
    "/{load_id}", response_model=list_schemas.Loaded, responses=problem_responses("not-found", "invalid")
)
def mend_load(
    request: Request, context: InContext, load_id: str, cells: list[list_schemas.MendedCell]
) -> Response:
    """Put cells right and check again; the file itself stays as it is."""
    mends = [Mend(cell.file, cell.sheet, cell.row, cell.column, cell.value) for cell in cells]
    return send_json(request, _document(request, context, context.uploads.mend(load_id, mends)))


@router.put(
    "/{load_id}/said", response_model=list_schemas.Loaded, responses=problem_responses("not-found", "invalid")
)
def say_of_load(request: Request, context: InContext, load_id: str, said: list_schemas.Sayings) -> Response:
    """Say what texts in these lists mean, or which columns a list has; kept for later lists once these load.

    The lists are checked again by it. What was said before is replaced, so that an empty list takes all back.
    """
    texts = [_as_text(record) for record in map(read_saying, (saying.model_dump() for saying in said))]
    return send_json(request, _document(request, context, context.uploads.say(load_id, texts)))


@router.delete("/{load_id}", status_code=204, responses=problem_responses("not-found"))
def discard_load(context: InContext, load_id: str) -> Response:
    """Let go of lists that wait."""
    context.uploads.remove(load_id)
    return Response(status_code=204)


@router.post(
    "/{load_id}/confirm",
    response_model=list_schemas.Confirmed,
    responses=problem_responses("not-found", "nothing-read", "invalid"),
)
def confirm_load(
    request: Request, context: InContext, load_id: str, wish: list_schemas.Confirm | None = None
) -> Response:
    """Load the good rows as one revision, which undo takes back."""
    upload = context.uploads.get(load_id)
    reading = _reading(context, upload)
    replace = wish is not None and wish.replace
    said = _said(upload)
    done = load_reading(context.store, reading, said, replace=replace, language=_language(request))
    context.uploads.remove(load_id)
    return send_json(request, done, headers={"Revision": str(done["revision"])})


@router.get(
    "/{load_id}/marked.xlsx",
    response_class=FileResponse,
    responses={
        200: {"content": {_XLSX: {}}, "description": "The lists with their bad cells marked."},
        **problem_responses("not-found"),
    },
)
def get_marked(request: Request, context: InContext, load_id: str) -> Response:
    """The planner's own file back, its bad cells marked and the remedies as notes."""
    upload = context.uploads.get(load_id)
    folder = Path(tempfile.mkdtemp(prefix="linli-"))
    try:
        target = folder / "marked.xlsx"
        write_marked_file(upload.files, _reading(context, upload), target, language=_language(request))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"{upload.files[0].stem}-标注.xlsx"
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(target, media_type=_XLSX, filename=name, background=done)


def _document(request: Request, context: Context, upload: Upload) -> dict[str, Any]:
    reading, said = _reading(context, upload), _said(upload)
    report = check_report(
        context.store, upload.files, _texts(upload), reading, said, language=_language(request)
    )
    return {"id": upload.id, "status": "checked", "report": report, "said": write_sayings(said)}


def _reading(context: Context, upload: Upload) -> Reading:
    """What the lists hold against the store as it is, read once for each state of both."""
    key = ("reading", upload.id, upload.mends, upload.said, context.store.revision()[1])
    return context.cache.get(
        key, lambda: read_files(context.store, upload.files, _texts(upload), _said(upload))
    )


def _said(upload: Upload) -> list[Record]:
    return [read_saying(json.loads(text)) for text in upload.said]


def _as_text(record: Record) -> str:
    return json.dumps(write_sayings([record])[0], ensure_ascii=False)


def _texts(upload: Upload) -> Texts:
    found: Texts = {}
    for mend in upload.mends:
        found.setdefault((mend.file, mend.sheet), {})[mend.row, mend.column] = mend.value
    return found


def _language(request: Request) -> str:
    return read_language(request.headers.get("accept-language"))
