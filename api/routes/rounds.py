"""Rounds: made as a job, listed, published; and the documents that a round keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api import round_schemas
from api.answers import make_tag, send_json
from api.context import Context, InContext
from api.handlers import problem_responses
from api.jobs import Task, job_json
from api.problems import DoorError, Language, read_language
from api.services.rounds import match_of, round_document
from api.services.rules import read_keep
from api.version import VERSION
from graph.jobs import Job
from graph.periods import Period, this_year
from graph.store import Round
from graph.wording import word

router = APIRouter(prefix="/v1", tags=["rounds"])


@router.post(
    "/rounds",
    response_model=round_schemas.JobShape,
    status_code=202,
    responses=problem_responses("invalid", "busy", "no-round"),
)
def start_round(
    request: Request, context: InContext, wanted: round_schemas.RoundWish | None = None
) -> Response:
    """Match what the store holds, as a job, in one piece or in `tiles`; it ends with a proposed round."""
    wish = wanted or round_schemas.RoundWish()
    _check_keep(context, wish)
    task = Task(
        _period(wish), wish.fit, wish.low_access_share, wish.access_measure, wish.tiles,
        wish.keep_round, wish.keep_m, wish.most_moves, wish.load_m,
    )  # fmt: skip
    job = context.jobs.start(task)
    return send_json(
        request, job_json(job, _language(request)), status=202, headers={"Location": f"/v1/jobs/{job.id}"}
    )


def find_job(context: InContext, job_id: str) -> Job:
    """The job of an address; a refusal must come before the first event."""
    return context.jobs.get(job_id)


@router.get("/jobs/{job_id}", response_model=round_schemas.JobShape, responses=problem_responses("not-found"))
def get_job(request: Request, context: InContext, job_id: str) -> Response:
    """How far a job has come."""
    return send_json(request, job_json(context.jobs.get(job_id), _language(request)))


@router.delete(
    "/jobs/{job_id}", response_model=round_schemas.JobShape, responses=problem_responses("not-found")
)
def cancel_job(request: Request, context: InContext, job_id: str) -> Response:
    """Cancel a job; one that is over stays as it is."""
    return send_json(request, job_json(context.jobs.cancel(job_id), _language(request)))


@router.get(
    "/jobs/{job_id}/events",
    response_class=EventSourceResponse,
    responses=problem_responses("not-found"),
)
async def follow_job(
    request: Request, context: InContext, known: Annotated[Job, Depends(find_job)]
) -> AsyncIterator[ServerSentEvent]:
    """A job's news as server-sent events: `progress`, at the end `done`, `failed` or `cancelled`."""
    loop, language = asyncio.get_running_loop(), _language(request)
    news: asyncio.Queue[Job] = asyncio.Queue()

    def hear(job: Job) -> None:
        loop.call_soon_threadsafe(news.put_nowait, job)

    stop = context.jobs.listen(known.id, hear)
    try:
        while True:
            job = await news.get()
            yield ServerSentEvent(
                event=job.status if job.is_over else "progress", data=job_json(job, language)
            )
            if job.is_over:
                return
    finally:
        stop()


@router.get("/rounds", response_model=round_schemas.Rounds)
def list_rounds(request: Request, context: InContext) -> Response:
    """All rounds, newest first."""
    pending = context.publisher.pending()
    items = [round_json(context, item, pending) for item in context.store.rounds()]
    return send_json(request, {"items": items}, tag=make_tag(VERSION, "rounds", items))


@router.get(
    "/rounds/{round_id}", response_model=round_schemas.RoundShape, responses=problem_responses("no-round")
)
def get_round(request: Request, context: InContext, round_id: str) -> Response:
    """One round (`current`: the one that is shown where none is named) with the figures of its match."""
    found = context.round(round_id)
    about = round_json(context, found)
    return send_json(request, {**about, "match": match_of(found)}, tag=make_tag(VERSION, "round", about))


@router.post(
    "/rounds/{round_id}/publish",
    response_model=round_schemas.RoundShape,
    status_code=202,
    responses=problem_responses("no-round", "transition"),
)
def publish_round(request: Request, context: InContext, round_id: str) -> Response:
    """Publish a round; it takes effect at `takes_effect_at`, until when it can be taken back."""
    found = context.round(round_id)
    context.publisher.publish(found.id)
    return send_json(request, round_json(context, found), status=202)


@router.post(
    "/rounds/{round_id}/take-back",
    response_model=round_schemas.RoundShape,
    responses=problem_responses("no-round", "transition"),
)
def take_back_round(request: Request, context: InContext, round_id: str) -> Response:
    """Take a publication back that hasn't taken effect."""
    found = context.round(round_id)
    context.publisher.take_back(found.id)
    return send_json(request, round_json(context, found))


def round_json(
    context: Context, found: Round, pending: Mapping[str, datetime] | None = None
) -> dict[str, Any]:
    """What is told of a round, its documents aside; `pending`: what is being published, if known."""
    takes_effect_at = (context.publisher.pending() if pending is None else pending).get(found.id)
    return round_document(found, stale=context.is_stale(found), takes_effect_at=takes_effect_at)


def _language(request: Request) -> Language:
    return read_language(request.headers.get("accept-language"))


def _check_keep(context: Context, wish: round_schemas.RoundWish) -> None:
    """Refuse at once what the job would end with."""
    if wish.keep_round is None:
        if wish.most_moves is not None or "keep_m" in wish.model_fields_set:
            raise DoorError("invalid", **word("keep_which"))
        return
    read_keep(context.store, wish.keep_round, wish.keep_m, wish.most_moves)


def _period(wish: round_schemas.RoundWish) -> Period | None:
    if wish.first is None and wish.last is None:
        return None
    year = this_year()
    try:
        first = date.fromisoformat(wish.first) if wish.first else year.first
        last = date.fromisoformat(wish.last) if wish.last else year.last
        return Period(first, last)
    except ValueError as error:
        words = word("no_period", first=wish.first or year.first, last=wish.last or year.last)
        raise DoorError("invalid", **words) from error
