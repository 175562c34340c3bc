"""Pages of long lists: cursors that nobody needs to read, and links to the next page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request

from api.problems import DoorError
from graph.wording import word

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """How much of a list is asked for, and from where."""

    limit: Annotated[int, Query(ge=1, le=1000, description="Most items of a page.")] = 100
    cursor: Annotated[
        str | None, Query(max_length=2000, description="`next` of the page before; absent: the first page.")
    ] = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    next: str | None
    total: int

    def as_json(self) -> dict[str, Any]:
        """The page as doors show it."""
        return {"items": list(self.items), "next": self.next, "total": self.total}


def write_cursor(value: str | int) -> str:
    """A cursor that stands for a position."""
    return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).rstrip(b"=").decode()


def read_cursor(cursor: str | None, kind: type[T]) -> T | None:
    """The position that a cursor stands for; None for none.

    Raises
    ------
    DoorError
        If it isn't one of ours.
    """
    if cursor is None:
        return None
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _bad_cursor()
    return value


def cut_page(items: Sequence[T], paging: Paging) -> Page[T]:
    """A page of a list that doesn't change, by position."""
    start = read_cursor(paging.cursor, int) or 0
    if start < 0:
        raise _bad_cursor()
    end = start + paging.limit
    following = write_cursor(end) if end < len(items) else None
    return Page(items[start:end], following, len(items))


def next_link(request: Request, cursor: str | None) -> Mapping[str, str]:
    """The Link header to the next page, where there is one."""
    if cursor is None:
        return {}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return {"Link": f'<{request.url.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}


def _bad_cursor() -> DoorError:
    return DoorError("invalid", **word("bad_cursor"))
