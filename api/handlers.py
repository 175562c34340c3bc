"""Turns whatever a route raises into problem details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.problems import KINDS, MEDIA_TYPE, DoorError, describe, read_language
from graph.errors import LinliError

_CODE_OF_STATUS: Final[Mapping[int, str]] = {
    400: "bad-request",
    404: "not-found",
    405: "method",
    413: "too-large",
}


def problem_response(
    error: BaseException, scope: Scope, *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error as a response, in the language that the request asks for."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    language = read_language(accepted.decode("latin-1"))
    document = describe(error, instance=scope["path"], language=language)
    return JSONResponse(
        document, status_code=document["status"], headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def install_handlers(app: FastAPI) -> None:
    """Let every refusal of the app be a problem document."""

    @app.exception_handler(LinliError)
    def refuse(request: Request, error: LinliError) -> JSONResponse:
        return problem_response(error, request.scope)

    @app.exception_handler(RequestValidationError)
    def refuse_request(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(item) for item in error.errors()]
        where = "; ".join(f"{'.'.join(fault['where'])}: {fault['expected']}" for fault in faults[:3])
        code = "bad-request" if any(item["type"] == "json_invalid" for item in error.errors()) else "invalid"
        return problem_response(DoorError(code, where, extra={"errors": faults}), request.scope)

    @app.exception_handler(HTTPException)
    def refuse_route(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODE_OF_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "failed")
        detail = "" if code in ("not-found", "method") else str(error.detail)
        return problem_response(DoorError(code, detail), request.scope, headers=error.headers)


def _fault(item: Mapping[str, Any]) -> dict[str, Any]:
    """Where a request is wrong and what was expected; what was sent stays unsaid, it may hold a name."""
    return {"where": [str(part) for part in item["loc"]], "expected": item["msg"], "kind": item["type"]}


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What a route declares about its refusals, for the OpenAPI document."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        kind = KINDS[code]
        example = describe(DoorError(code), instance="/v1/…", language="en")
        entry = found.setdefault(
            kind.status,
            {
                "description": kind.en,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        entry["content"][MEDIA_TYPE]["examples"][code] = {"summary": kind.en, "value": example}
    return found
