"""Answers as JSON, with tags by which a client asks whether anything changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from api.caches import LruCache
from api.version import VERSION

MEDIA_TYPE: Final = "application/json"


class GeoJson(JSONResponse):
    """An answer in GeoJSON (RFC 7946)."""

    media_type = "application/geo+json"


def make_tag(*parts: object) -> str:
    """A weak entity tag of what an answer depends on."""
    text = json.dumps([str(part) for part in parts], ensure_ascii=False)
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def tag_matches(header: str, tag: str) -> bool:
    """Whether an If-None-Match or If-Match header names a tag, compared weakly."""
    wanted = tag.removeprefix("W/")
    return any(part.strip() == "*" or part.strip().removeprefix("W/") == wanted for part in header.split(","))


def send_json(
    request: Request,
    document: Any,
    *,
    tag: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = MEDIA_TYPE,
) -> Response:
    """A document as an answer; 304 where the client has it already."""
    head = {"Cache-Control": "no-cache", **(headers or {})}
    if tag is not None:
        head["ETag"] = tag
        if status == 200 and is_unchanged(request, tag):
            return Response(status_code=304, headers=head)
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body, status_code=status, headers=head, media_type=media_type)


def send_kept(
    request: Request, cache: LruCache, key: tuple[object, ...], make: Callable[[], Any]
) -> Response:
    """A document that follows from its key: not made for a client that has it already, and made once."""
    tag = make_tag(VERSION, *key)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    return send_json(request, cache.get(key, make), tag=tag)


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the client has the version of a tag."""
    known = request.headers.get("if-none-match")
    return request.method in ("GET", "HEAD") and known is not None and tag_matches(known, tag)
