"""Promises and refusals by hand."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import change_schemas, schemas
from api.answers import send_json
from api.context import InContext
from api.handlers import problem_responses
from api.services.promises import claim_document, lock, refuse

router = APIRouter(prefix="/v1", tags=["claims"])


@router.post(
    "/lock",
    response_model=schemas.Record,
    status_code=201,
    responses=problem_responses("not-found", "capacity", "ambiguous"),
)
def lock_places(request: Request, context: InContext, asked: change_schemas.Lock) -> Response:
    """Promise places of an offer to a need: kept before all in every later match, as `linli lock` does.

    A refusal of the pair ends; `withdrawn` names it.
    """
    settled = lock(context.store, asked.need, asked.offer, asked.places)
    headers = {"Revision": str(context.store.revision()[0]), "Location": f"/v1/claims/{settled.claim.id}"}
    return send_json(request, claim_document(settled), status=201, headers=headers)


@router.post(
    "/refuse",
    response_model=schemas.Record,
    status_code=201,
    responses=problem_responses("not-found", "ambiguous"),
)
def refuse_pair(request: Request, context: InContext, asked: change_schemas.Refuse) -> Response:
    """Note that an offer's unit declined a need: later matches leave the pair out, as `linli refuse` does.

    What was promised to the pair is withdrawn; `withdrawn` names the claims.
    """
    settled = refuse(context.store, asked.need, asked.offer, asked.why)
    headers = {"Revision": str(context.store.revision()[0]), "Location": f"/v1/claims/{settled.claim.id}"}
    return send_json(request, claim_document(settled), status=201, headers=headers)
