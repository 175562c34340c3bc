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
from graph.wording import word

_CODE_OF_STATUS: Final[Mapping[int, str]] = {
    400: "bad-request",
    404: "not-found",
    405: "method",
    413: "too-large",
}


_EXPECTED: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("要有，这里没有", "wanted, but missing"),
    "json_invalid": ("要是JSON", "JSON"),
    "extra_forbidden": ("没有这一项", "nothing of that name"),
    "string_type": ("文字", "a text"),
    "string_too_short": ("至少{min_length}个字", "a text of at least {min_length} characters"),
    "string_too_long": ("至多{max_length}个字", "a text of at most {max_length} characters"),
    "too_short": ("至少{min_length}项", "at least {min_length} items"),
    "too_long": ("至多{max_length}项", "at most {max_length} items"),
    "literal_error": ("其中之一：{expected}", "one of {expected}"),
    "enum": ("其中之一：{expected}", "one of {expected}"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), ("整数", "a whole number")),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), ("数", "a number")),
    **dict.fromkeys(("bool_parsing", "bool_type"), ("true或false", "true or false")),
    **dict.fromkeys(
        ("date_parsing", "date_type", "date_from_datetime_parsing"),
        ("日期，如2026-01-31", "a day, as 2026-01-31"),
    ),
    **dict.fromkeys(("list_type", "tuple_type"), ("列表", "a list")),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), ("对象", "an object")),
    "greater_than_equal": ("≥{ge}", "at least {ge}"),
    "greater_than": (">{gt}", "more than {gt}"),
    "less_than_equal": ("≤{le}", "at most {le}"),
    "less_than": ("<{lt}", "less than {lt}"),
}
"""What a request's validator wanted, by its kind of error, in Chinese and English."""


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
        named = [
            word(
                "bad_field",
                field=".".join(fault["where"]),
                expected={"message": fault["expected"], "message_zh": fault["expected_zh"]},
            )
            for fault in faults[:3]
        ]
        code = "bad-request" if any(item["type"] == "json_invalid" for item in error.errors()) else "invalid"
        refusal = DoorError(code, **word("bad_fields", faults=named), extra={"errors": faults})
        return problem_response(refusal, request.scope)

    @app.exception_handler(HTTPException)
    def refuse_route(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODE_OF_STATUS.get(error.status_code, "bad-request" if error.status_code < 500 else "failed")
        # What a framework says of itself is in English alone; the kind's own words are in both languages.
        told: Any = error.detail
        own = told if isinstance(told, dict) else {}
        return problem_response(DoorError(code, **own), request.scope, headers=error.headers)


def _fault(item: Mapping[str, Any]) -> dict[str, Any]:
    """Where a request is wrong and what was expected; what was sent stays unsaid, it may hold a name."""
    limits = item.get("ctx") or {}
    zh, en = _EXPECTED.get(item["type"], ("另一种值", "another kind of value"))
    blank = {"ge": "", "le": "", "gt": "", "lt": "", "expected": "", "min_length": "", "max_length": ""}
    filled = {**blank, **limits}
    return {
        "where": [str(part) for part in item["loc"]],
        "expected": en.format(**filled),
        "expected_zh": zh.format(**filled),
        "kind": item["type"],
    }


def problem_responses(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What a route declares about its refusals, for the OpenAPI document."""
    found: dict[int | str, dict[str, Any]] = {}
    # Whoever asks for a round may come upon one of an earlier version.
    for code in (*codes, "old-round") if "no-round" in codes else codes:
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
