"""The documents of a round: what the commands of the same names print."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from api import round_schemas, schemas
from api.answers import GeoJson, is_unchanged, make_tag, send_json
from api.board import Board, build_board
from api.context import Context, InContext
from api.geojson import gaps_geojson
from api.handlers import problem_responses
from api.paging import Paging, cut_page, next_link
from api.services.beside import beside
from api.services.kept import document_of
from api.services.past import gaps_as_of, gaps_since
from api.services.rounds import explain, gaps_with_low_access, match_of, replay
from api.services.rules import UNCHANGED, Warned
from api.version import VERSION
from graph.periods import today
from graph.store import Round
from matcher.rules import AccessMeasure

router = APIRouter(prefix="/v1", tags=["match"])

RoundId = Annotated[
    str, Query(alias="round", max_length=200, description="Id of a round; by default the newest.")
]


def round_tag(found: Round, *parts: object) -> str:
    """The tag of an answer that depends on a round alone."""
    return make_tag(VERSION, found.id, found.token, found.status, *parts)


def get_board(context: Context, found: Round) -> Board:
    """A round's board, made once."""
    key = ("board", found.id, found.token, found.status)
    return context.cache.get(key, lambda: build_board(found, context.round_snapshot(found)))


@router.get("/match", response_model=round_schemas.MatchShape, responses=problem_responses("no-round"))
def get_match(request: Request, context: InContext, round_id: RoundId = "current") -> Response:
    """Figures of a round: the document of `linli match`."""
    found = context.round(round_id)
    return send_json(request, match_of(found), tag=round_tag(found, "match"))


@router.get(
    "/assignments",
    response_model=list[round_schemas.AssignmentShape],
    responses=problem_responses("no-round", "invalid"),
)
def list_assignments(
    request: Request,
    context: InContext,
    round_id: RoundId = "current",
    limit: Annotated[int | None, Query(ge=1, le=1000, description="Most rows; absent: all.")] = None,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Who serves whom: the document of `linli assignments`; in pages (Link `next`) where a limit is given."""
    found = context.round(round_id)
    rows = document_of(found, "assignments")
    headers: dict[str, str] = {}
    if limit is not None or cursor is not None:
        page = cut_page(rows, Paging(limit or 1000, cursor))
        rows, headers = page.items, dict(next_link(request, page.next))
    tag = round_tag(found, "assignments", limit, cursor)
    return send_json(request, rows, tag=tag, headers=headers)


@router.get(
    "/gaps",
    response_model=round_schemas.GapsShape | round_schemas.GapChangesShape,
    responses=problem_responses("no-round", "not-found", "invalid"),
)
def get_gaps(
    request: Request,
    context: InContext,
    round_id: RoundId = "current",
    as_of: Annotated[date | None, Query(description="Of what the store held on that day.")] = None,
    since: Annotated[date | None, Query(description="What closed and opened since that day.")] = None,
    low_access_share: Annotated[
        float | None,
        Query(
            gt=0,
            le=1,
            allow_inf_nan=False,
            description="Warn of access below this share of the mean instead.",
        ),
    ] = None,
    access_measure: Annotated[
        AccessMeasure | None, Query(description="What access is measured by instead.")
    ] = None,
) -> Response:
    """What is unserved and why, and what nobody covers: the document of `linli gaps`."""
    if as_of is not None or since is not None:
        return _send_past_gaps(request, context, as_of, since, (low_access_share, access_measure))
    found = context.round(round_id)
    document, warned = document_of(found, "gaps"), (low_access_share, access_measure)
    if warned != UNCHANGED:
        key = ("gaps", found.id, found.token, warned)
        document = context.cache.get(key, lambda: gaps_with_low_access(context.store, found, warned))
    return send_json(request, document, tag=round_tag(found, "gaps", *warned))


def _send_past_gaps(
    request: Request, context: InContext, as_of: date | None, since: date | None, warned: Warned
) -> Response:
    current = context.current()
    rules = current.id if current else None
    tag = make_tag(VERSION, "gaps", context.store.revision()[1], rules, as_of, since, warned)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    key = ("past gaps", context.store.revision()[1], rules, as_of, since, warned)
    document = context.cache.get(
        key,
        lambda: (
            gaps_since(context.store, since, warned=warned)
            if since is not None
            else gaps_as_of(context.store, as_of or today(), warned=warned)
        ),
    )
    return send_json(request, document, tag=tag)


@router.get(
    "/gaps.geojson",
    response_model=schemas.FeatureCollection,
    response_class=GeoJson,
    responses=problem_responses("no-round"),
)
def get_gaps_geojson(request: Request, context: InContext, round_id: RoundId = "current") -> Response:
    """Gaps at the points of their neighbourhoods."""
    found = context.round(round_id)
    tag = round_tag(found, "gaps.geojson")
    document = gaps_geojson(document_of(found, "gaps"), context.round_snapshot(found))
    return send_json(request, document, tag=tag, media_type=GeoJson.media_type)


@router.get(
    "/explain/{need}",
    response_model=round_schemas.ExplanationShape,
    responses=problem_responses("no-round", "not-found", "ambiguous", "impossible"),
)
def explain_need(
    request: Request,
    context: InContext,
    need: Annotated[str, Path(max_length=200, description="Id or name of a need or project.")],
    round_id: RoundId = "current",
    exact: Annotated[
        bool, Query(description="Work out what each alternative would cost in all, and who would move.")
    ] = False,
    exact_for: Annotated[
        str | None,
        Query(
            max_length=200,
            description="The same of one alternative: id or name of its offer, of a project's unit.",
        ),
    ] = None,
) -> Response:
    """Why a need is served as it is, and by nobody else: the document of `linli explain`."""
    found = context.round(round_id)
    tag = round_tag(found, "explain", need, exact, exact_for)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    made = context.cache.get(
        ("match", found.token, str(dict(found.rules))), lambda: replay(context.store, found)
    )
    document = explain(context.store, need, round_id=found.id, made=made, exact=exact or exact_for or False)
    return send_json(request, document, tag=tag)


@router.get(
    "/beside",
    response_model=round_schemas.BesideShape,
    responses=problem_responses("no-round", "not-found", "ambiguous", "invalid"),
)
def get_beside(
    request: Request,
    context: InContext,
    round_id: RoundId = "current",
    by: Annotated[Literal["area", "group"], Query(description="Who gets a fair share.")] = "area",
    share: Annotated[
        float | None,
        Query(
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="Of what each wants; absent: the largest all can have.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most rows of each list.")] = 10,
    part: Annotated[
        list[Literal["more_places", "fair_share", "distance_cap", "stability", "if_one_leaves"]] | None,
        Query(description="Only these parts, without the time the others take; absent: all."),
    ] = None,
    of: Annotated[
        str | None,
        Query(max_length=200, description="Id or name of a party: its places alone, where one more helps."),
    ] = None,
) -> Response:
    """Where a place more would help, and what else would cost: the document of `linli beside`."""
    found = context.round(round_id)
    parts = tuple(sorted(set(part or ())))
    tag = round_tag(found, "beside", by, share, limit, parts, of)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    made = context.cache.get(
        ("match", found.token, str(dict(found.rules))), lambda: replay(context.store, found)
    )
    document = context.cache.get(
        ("beside", found.id, found.token, str(dict(found.rules)), by, share, limit, parts, of),
        lambda: beside(
            context.store, by=by, share=share, limit=limit, parts=parts, of=of, round_id=found.id, made=made
        ),
    )
    return send_json(request, document, tag=tag)
