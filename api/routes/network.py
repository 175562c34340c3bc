"""Measures of the network."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.answers import is_unchanged, make_tag, send_json
from api.context import InContext
from api.handlers import problem_responses
from api.schemas import Shape
from api.services.network import take_measure
from api.version import VERSION
from graph.measures.names import By, Kind, PartyMeasure, WholeMeasure
from graph.periods import today

router = APIRouter(prefix="/v1", tags=["network"])


class PartyValueShape(Shape):
    """A measure of one party; a value of null comes with its reason."""

    id: str
    name: str
    value: float | None


class WholeValueShape(Shape):
    """A measure of the whole; `z` is how far it lies from chance, in standard deviations."""

    measure: str
    value: float | None
    z: float | None
    status: str
    reason: str | None


@router.get(
    "/network",
    response_model=list[PartyValueShape] | WholeValueShape,
    responses=problem_responses("invalid"),
)
def get_measure(
    request: Request,
    context: InContext,
    measure: PartyMeasure | WholeMeasure,
    kind: Annotated[Kind, Query(description="Ties that make the network.")] = "pairings",
    by: Annotated[By, Query(description="Groups, for ei and brokerage.")] = "area",
    as_of: Annotated[date | None, Query(description="Only what is valid on that day.")] = None,
    seed: Annotated[int, Query(ge=0, le=2**32 - 1, description="For what is drawn.")] = 0,
) -> Response:
    """One measure of how the alliance is tied: the document of `linli network`, see docs/measures.md."""
    # Ages grow from day to day though the records stay.
    key = ("network", context.store.revision()[1], measure, kind, by, as_of or today(), as_of is None, seed)
    tag = make_tag(VERSION, *key)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    document = context.cache.get(
        key,
        lambda: take_measure(context.snapshot(), measure, kind=kind, by=by, as_of=as_of, seed=seed),
    )
    return send_json(request, document, tag=tag)
