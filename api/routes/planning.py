"""What a planner could do next: sites for new stations, actions for a budget."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api import round_schemas
from api.answers import is_unchanged, make_tag, send_json, send_kept
from api.context import InContext
from api.handlers import problem_responses
from api.routes.documents import RoundId
from api.services.access import tell_access
from api.services.planning import plan_actions, plan_sites, read_category, read_costs
from api.services.rounds import replay
from api.version import VERSION
from matcher.rules import AccessMeasure
from matcher.sites.town import Wish

router = APIRouter(prefix="/v1", tags=["planning"])

Number = Annotated[int, Query(ge=0, le=10_000)]


@router.get(
    "/sites", response_model=round_schemas.SitesShape, responses=problem_responses("no-round", "invalid")
)
def get_sites(
    request: Request,
    context: InContext,
    round_id: RoundId = "current",
    p: Annotated[
        list[Number] | None, Query(max_length=20, description="New stations; absent: a curve.")
    ] = None,
    demand: Annotated[
        Literal["needs", "unserved", "people", "units"], Query(description="Whom stations should reach.")
    ] = "needs",
    category: Annotated[str | None, Query(max_length=60, description="Only needs of this category.")] = None,
    reach: Annotated[
        float | None, Query(ge=0, le=1e6, allow_inf_nan=False, description="Metres, of a new station.")
    ] = None,
    anew: Annotated[bool, Query(description="As if there were no stations yet.")] = False,
    plans: Annotated[int, Query(ge=1, le=20, description="Plans that differ for each p.")] = 1,
    gap: Annotated[
        float, Query(ge=0, le=0.5, allow_inf_nan=False, description="May fall short by this part.")
    ] = 0.0,
    territories: Annotated[bool, Query(description="Who looks after which neighbourhoods.")] = False,
    at: Annotated[
        list[Annotated[str, Query(max_length=200)]] | None,
        Query(
            max_length=20,
            description="Areas or units: who new stations there would reach, not who would be served.",
        ),
    ] = None,
) -> Response:
    """Where new stations should stand: the document of `linli sites`."""
    wish = Wish(
        demand,
        tuple(p or ()),
        read_category(category),
        reach,
        not anew,
        plans,
        gap,
        territories,
        tuple(at or ()),
    )
    found = context.current() if round_id == "current" else context.round(round_id)
    key = ("sites", context.store.revision()[1], found.id if found else None, wish)
    return send_kept(
        request,
        context.cache,
        key,
        lambda: plan_sites(context.store, wish, round_id=found.id if found else None),
    )


@router.get(
    "/access", response_model=round_schemas.AccessShape, responses=problem_responses("no-round", "invalid")
)
def get_access(
    request: Request,
    context: InContext,
    round_id: RoundId = "current",
    measure: Annotated[
        AccessMeasure | None, Query(description="Absent: the one that the round's low access rests on.")
    ] = None,
    catchment: Annotated[
        float | None,
        Query(ge=1, le=1e6, allow_inf_nan=False, description="Metres, for all; absent: each offer's reach."),
    ] = None,
    needs: Annotated[bool, Query(description="Tell of each need too.")] = True,
) -> Response:
    """What supply needs can count on, by category and area: the document of `linli access`."""
    found = context.current() if round_id == "current" else context.round(round_id)
    name = found.id if found else None
    key = ("access", context.store.revision()[1], name, measure, catchment, needs)
    return send_kept(
        request,
        context.cache,
        key,
        lambda: tell_access(
            context.store, measure=measure, catchment_m=catchment, with_needs=needs, round_id=name
        ),
    )


@router.get(
    "/actions",
    response_model=round_schemas.ActionsShape,
    responses=problem_responses("no-round", "invalid", "bad-change"),
)
def get_actions(
    request: Request,
    context: InContext,
    budget: Annotated[
        float,
        Query(ge=0, le=1e9, allow_inf_nan=False, description="What actions may cost together; each costs 1."),
    ],
    cost: Annotated[
        list[Annotated[str, Query(max_length=60)]] | None,
        Query(max_length=20, description="KIND=NUMBER: what an action of a kind costs."),
    ] = None,
    round_id: RoundId = "current",
) -> Response:
    """What would close a round's gaps best for a budget: the document of `linli actions`."""
    costs = read_costs(cost or ())
    found = context.round(round_id)
    key = ("actions", found.id, found.token, budget, tuple(sorted(costs.items())))
    tag = make_tag(VERSION, *key)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    made = context.cache.get(
        ("match", found.token, str(dict(found.rules))), lambda: replay(context.store, found)
    )
    document = context.cache.get(
        key, lambda: plan_actions(context.store, budget, costs=costs, round_id=found.id, made=made)
    )
    return send_json(request, document, tag=tag)
