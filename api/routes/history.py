"""The log, and taking a revision back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import schemas
from api.answers import make_tag, send_json
from api.context import InContext
from api.handlers import problem_responses
from api.paging import Paging, cut_page, next_link
from api.services.loads import undo
from api.version import VERSION

router = APIRouter(prefix="/v1", tags=["history"])


@router.get("/revisions", response_model=schemas.Revisions, responses=problem_responses("invalid"))
def list_revisions(request: Request, context: InContext, paging: Annotated[Paging, Depends()]) -> Response:
    """What each revision changed, newest first, and which one took it back."""
    page = cut_page(context.log.revisions(), paging)
    tag = make_tag(VERSION, "revisions", context.store.revision()[1], paging)
    return send_json(request, page.as_json(), tag=tag, headers=next_link(request, page.next))


@router.post(
    "/undo", response_model=schemas.Undone, responses=problem_responses("not-found", "conflict", "invalid")
)
def undo_revision(request: Request, context: InContext, wanted: schemas.Undo | None = None) -> Response:
    """Take a revision back, by default the newest that stands; refused where it was changed since."""
    done = undo(context.store, None if wanted is None else wanted.revision)
    return send_json(request, done, headers={"Revision": str(done["revision"])})
