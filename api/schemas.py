"""Shapes of requests and answers at the edge, for checking what comes in and describing what goes out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Cell = str | bool | int | float | list[str] | None
"""What a field may be set to: a value, the text of a cell, or nothing."""


class Shape(BaseModel):
    """An answer; it may hold more than is described."""

    model_config = ConfigDict(extra="allow")


class Body(BaseModel):
    """A request; it holds nothing else."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """A refusal, as RFC 9457 describes it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "urn:linli:problem:no-round",
                "title": "没有这一轮",
                "status": 404,
                "detail": "还没有安排过",
                "detail_zh": "还没有安排过",
                "detail_en": "nothing has been matched yet",
                "remedy": "POST /v1/rounds",
                "instance": "/v1/gaps",
            }
        },
    )
    type: str
    title: str
    status: int
    detail: str
    detail_zh: str = ""
    detail_en: str = ""
    remedy: str = ""
    instance: str | None = None


class Health(Shape):
    """Whether the service answers."""

    status: Literal["ok"]
    version: str
    revision: Count


class State(Shape):
    """What the store holds."""

    revision: Count
    token: str
    counts: dict[str, Count]
    round: str | None
    round_stale: bool
    synthetic: bool
    store: str
    year: int
    outlines: bool
    pmtiles: str | None


class RecordPage(Shape):
    """A page of records."""

    items: list[dict[str, Any]]
    next: str | None
    total: Count


class Record(Shape):
    """One record; its fields are those of its table."""

    id: str


class Card(Shape):
    """A record with what it is tied to."""

    table: str
    record: dict[str, Any]
    name: str
    gives: list[dict[str, Any]]
    takes: list[dict[str, Any]]
    pairings: list[dict[str, Any]]
    branches: list[dict[str, Any]]
    alliances: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    services: list[dict[str, Any]]
    history: list[dict[str, Any]]
    assignments: list[dict[str, Any]]


class Search(Body):
    """What somebody typed; it stays out of addresses, since it may be a name."""

    text: str = Field(max_length=200, examples=["维修"])
    limit: int = Field(default=20, ge=1, le=100)


class Found(Shape):
    """What a search found."""

    items: list[dict[str, Any]]


class Undo(Body):
    """Which revision to take back; none: the newest that stands."""

    revision: int | None = Field(default=None, ge=1, le=2**53)


class Undone(Shape):
    """The revision taken back, the one that this made, and promises whose need or offer went with it."""

    undone: int
    revision: int
    claims_left: int = 0


class Revisions(Shape):
    """The log, newest first."""

    items: list[dict[str, Any]]
    next: str | None
    total: Count


class FeatureCollection(Shape):
    """GeoJSON (RFC 7946), WGS-84."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
