"""The page's figures and rows of a round, and changes tried before they are kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import change_schemas, round_schemas, schemas
from api.answers import is_unchanged, make_tag, send_json
from api.board import Filters
from api.board_rows import list_rows, row_json
from api.board_summary import summarize
from api.context import InContext
from api.handlers import problem_responses
from api.paging import Page, Paging, cut_page, next_link
from api.problems import read_language
from api.routes.documents import get_board, round_tag
from api.services.errors import BadChangeError
from api.services.tryout import keep_changes, try_changes
from api.version import VERSION
from graph.periods import today
from graph.wording import word

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["page"])

InFilters = Annotated[Filters, Depends()]
InPaging = Annotated[Paging, Depends()]


@router.get(
    "/summary", response_model=round_schemas.Summary, responses=problem_responses("no-round", "invalid")
)
def get_summary(request: Request, context: InContext, round_id: str, filters: InFilters) -> Response:
    """The figures of the page's sentences, table, map and to-do list under a filter."""
    found = context.round(round_id)
    revision, token = context.store.revision()
    day = today()
    tag = make_tag(VERSION, "summary", found.id, found.status, token, revision, day, filters)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    board = get_board(context, found)
    ending = context.settings.ending_days
    document = summarize(board, filters, now=context.snapshot(), today=day, ending_days=ending)
    return send_json(request, {**document, "stale": context.is_stale(found)}, tag=tag)


@router.get("/rows", response_model=schemas.RecordPage, responses=problem_responses("no-round", "invalid"))
def get_rows(
    request: Request,
    context: InContext,
    round_id: str,
    filters: InFilters,
    paging: InPaging,
    unit: Annotated[str | None, Query(max_length=200, description="Only what this unit serves.")] = None,
    sort: Annotated[str | None, Query(max_length=40, description="A column; `-` first: descending.")] = None,
    target: Annotated[
        str | None, Query(alias="id", max_length=200, description="Only this need or project.")
    ] = None,
) -> Response:
    """Needs and projects with who serves them and why, under a filter, in an order, by pages."""
    found = context.round(round_id)
    tag = round_tag(found, "rows", filters, paging, unit, sort, target)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    board = get_board(context, found)
    rows = cut_page(list_rows(board, filters, unit, sort, target).tolist(), paging)
    page = Page([row_json(board, row) for row in rows.items], rows.next, rows.total)
    return send_json(request, page.as_json(), tag=tag, headers=next_link(request, page.next))


@router.post(
    "/try",
    response_model=change_schemas.Trial,
    responses=problem_responses("no-round", "invalid"),
)
def try_numbers(
    request: Request, context: InContext, round_id: str, asked: change_schemas.Supposed
) -> Response:
    """Solve the round with numbers, offers, places, units or pairs otherwise: who gains and loses."""
    if not (asked.changes or asked.added or asked.more or asked.gone or asked.forced):
        raise BadChangeError(**word("nothing_supposed"))
    found = context.round(round_id)
    document = try_changes(
        context.store,
        [change.model_dump() for change in asked.changes],
        added=[offer.model_dump() for offer in asked.added],
        more=[item.model_dump() for item in asked.more],
        gone=asked.gone,
        forced=[pair.model_dump() for pair in asked.forced],
        round_id=found.id,
        snapshot=context.round_snapshot(found),
        language=read_language(request.headers.get("accept-language")),
    )
    return send_json(request, document)


@router.post(
    "/keep",
    response_model=change_schemas.Kept,
    status_code=201,
    responses=problem_responses("no-round", "conflict", "invalid"),
)
def keep_numbers(
    request: Request, context: InContext, round_id: str, asked: change_schemas.KeepChanges
) -> Response:
    """Write the changes as one revision, if nobody wrote since, and make a new proposed round of them."""
    found = context.round(round_id)
    document = keep_changes(
        context.store,
        [change.model_dump() for change in asked.changes],
        round_id=found.id,
        expect_revision=asked.expect_revision,
        language=read_language(request.headers.get("accept-language")),
    )
    headers = {"Revision": str(document["revision"]), "Location": f"/v1/rounds/{document['round']}"}
    return send_json(request, document, status=201, headers=headers)
