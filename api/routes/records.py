"""Records of every table: listed, found, shown with what they are tied to, changed by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from api import schemas
from api.answers import is_unchanged, make_tag, send_json, tag_matches
from api.context import Context, InContext
from api.handlers import problem_responses
from api.listing import RecordFilters, list_records, search_names
from api.paging import Paging, next_link
from api.problems import DoorError, read_language
from api.services.cards import Cards
from api.services.edits import add_record, change_record, delete_record
from api.services.errors import NoRoundError
from api.services.records import record_json
from api.version import VERSION
from graph.errors import NotFoundError
from graph.model import TABLES, Record
from graph.periods import this_year
from graph.store import Round
from graph.wording import word

router = APIRouter(prefix="/v1", tags=["records"])


def read_table(table: Annotated[str, Path(json_schema_extra={"enum": list(TABLES)})]) -> str:
    """The table of an address.

    Raises
    ------
    DoorError
        If there is no such table.
    """
    if table not in TABLES:
        raise DoorError("not-found", **word("no_such_table", tables=TABLES))
    return table


InTable = Annotated[str, Depends(read_table)]
RecordId = Annotated[str, Path(max_length=200)]


@router.post("/search", response_model=schemas.Found, responses=problem_responses("invalid"))
def search(request: Request, context: InContext, asked: schemas.Search) -> Response:
    """Records whose name or id holds a text; a request body, since names stay out of addresses."""
    return send_json(request, {"items": search_names(context.snapshot(), asked.text, asked.limit)})


@router.get(
    "/{table}", response_model=schemas.RecordPage, responses=problem_responses("not-found", "invalid")
)
def get_records(
    request: Request,
    context: InContext,
    table: InTable,
    filters: Annotated[RecordFilters, Depends()],
    paging: Annotated[Paging, Depends()],
) -> Response:
    """Records of a table in order of id, by pages, filtered by fields."""
    tag = make_tag(VERSION, table, context.store.revision()[1], filters, paging)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    page = list_records(context.snapshot(), table, filters, paging)
    return send_json(request, page.as_json(), tag=tag, headers=next_link(request, page.next))


@router.post(
    "/{table}",
    response_model=schemas.Record,
    status_code=201,
    responses=problem_responses("not-found", "conflict", "invalid"),
)
def create_record(
    request: Request, context: InContext, table: InTable, cells: dict[str, schemas.Cell]
) -> Response:
    """Add one row, its cells read as a list's would be; what can't be read comes back as `problems`."""
    record, revision = add_record(context.store, table, cells, language=_language(request))
    headers = {"Location": f"/v1/{table}/{record.id}", "Revision": str(revision)}
    return send_json(request, record_json(table, record), tag=record_tag(record), status=201, headers=headers)


@router.get("/{table}/{record_id}", response_model=schemas.Record, responses=problem_responses("not-found"))
def get_record(request: Request, context: InContext, table: InTable, record_id: RecordId) -> Response:
    """One record."""
    record = context.store.get(table, record_id)
    return send_json(request, record_json(table, record), tag=record_tag(record))


@router.patch(
    "/{table}/{record_id}",
    response_model=schemas.Record,
    responses=problem_responses("not-found", "transition", "changed", "invalid"),
)
def edit_record(
    request: Request,
    context: InContext,
    table: InTable,
    record_id: RecordId,
    changes: dict[str, schemas.Cell],
) -> Response:
    """Change some fields, each read as a list's cell would be; null empties one.

    With If-Match only if the record is still as it was read.
    """
    record, revision = change_record(
        context.store, table, record_id, changes, check=_check_match(request), language=_language(request)
    )
    headers = {"Revision": str(revision)}
    return send_json(request, record_json(table, record), tag=record_tag(record), headers=headers)


@router.delete("/{table}/{record_id}", status_code=204, responses=problem_responses("not-found", "changed"))
def remove_record(request: Request, context: InContext, table: InTable, record_id: RecordId) -> Response:
    """Delete a record; undo brings it back."""
    revision = delete_record(context.store, table, record_id, check=_check_match(request))
    return Response(status_code=204, headers={"Revision": str(revision)})


@router.get(
    "/{table}/{record_id}/card", response_model=schemas.Card, responses=problem_responses("not-found")
)
def get_card(request: Request, context: InContext, table: InTable, record_id: RecordId) -> Response:
    """A record with what it gives and takes, its ties, what happened to it, and the newest round's rows."""
    token = context.store.revision()[1]
    newest = _newest(context)
    round_id = None if newest is None else newest.id
    tag = make_tag(VERSION, "card", table, record_id, token, round_id)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    cards = context.cache.get(("cards", token, round_id), lambda: _cards(context, newest))
    try:
        card = cards.card(table, record_id)
    except KeyError as error:
        raise NotFoundError(**word("no_record", table=table, id=record_id)) from error
    card["history"] = context.log.history(table, record_id)
    return send_json(request, card, tag=tag)


def record_tag(record: Record) -> str:
    """The tag of a record: it changes with every field."""
    return make_tag(VERSION, record)


def _check_match(request: Request) -> Callable[[Record], None]:
    wanted = request.headers.get("if-match")

    def check(record: Record) -> None:
        if wanted is not None and not tag_matches(wanted, record_tag(record)):
            raise DoorError("changed")

    return check


def _language(request: Request) -> str:
    return read_language(request.headers.get("accept-language"))


def _newest(context: Context) -> Round | None:
    try:
        return context.round()
    except NoRoundError:
        return None


def _cards(context: Context, newest: Round | None) -> Cards:
    period = this_year() if newest is None else newest.period
    return Cards(context.snapshot(), period, newest)
