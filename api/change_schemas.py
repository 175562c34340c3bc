"""Shapes of what is tried before it is kept, and of promises and refusals."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.schemas import Body, Shape


class Change(Body):
    """One number or word of one record, changed on trial."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"table": "offers", "id": "offer-1", "field": "capacity", "value": 10}},
    )
    table: Literal["offers", "units", "needs", "projects"]
    id: str = Field(max_length=200)
    field: str = Field(max_length=40)
    value: bool | int | float | str | None


class Changes(Body):
    """Changes tried together."""

    changes: list[Change] = Field(min_length=1, max_length=100)


class Forced(Body):
    """Places of an offer promised to a need on trial."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"need": "need-1", "offer": "offer-1", "places": 1}}
    )
    need: str = Field(max_length=200)
    offer: str = Field(max_length=200)
    places: int = Field(default=1, ge=1, le=10**9)


class More(Body):
    """Places more (below zero: less) of an offer, or of a unit's total, in the round on trial."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"table": "offers", "id": "offer-1", "places": 1}}
    )
    table: Literal["offers", "units"] = "offers"
    id: str = Field(max_length=200)
    places: int = Field(default=1, ge=-(10**9), le=10**9)


class AddedOffer(Body):
    """An offer that isn't there, on trial: as an action's `offer_to_try` says it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"unit": "unit-1", "category": "health", "capacity": 4, "reach_m": 1500}
        },
    )
    unit: str = Field(max_length=200)
    category: str = Field(max_length=60)
    list_category: str = Field(default="", max_length=200)
    capacity: int = Field(ge=0, le=10**9)
    reach_m: float | None = Field(default=None, ge=0, le=1e7, allow_inf_nan=False)
    reach_areas: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=1000)
    tags: list[Annotated[str, Field(max_length=200)]] | None = Field(
        default=[], max_length=100, description="null: all that needs of the category ask for."
    )
    lon: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    precision: Literal["exact", "address", "street", "area"] = "exact"


class Supposed(Body):
    """What is supposed: numbers changed, offers added, places more, units gone, pairs forced; not nothing."""

    changes: list[Change] = Field(default=[], max_length=100)
    added: list[AddedOffer] = Field(default=[], max_length=20)
    more: list[More] = Field(default=[], max_length=100)
    gone: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=100)
    forced: list[Forced] = Field(default=[], max_length=100)


class KeepChanges(Changes):
    """Changes to keep, if the store is still at the revision that they were tried on."""

    expect_revision: int = Field(ge=0, le=2**53)


class Trial(Shape):
    """Who would be served instead, and who no longer."""

    before: dict[str, Any]
    after: dict[str, Any]
    gained: list[dict[str, Any]]
    lost: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    distance_change_m: float | None
    places_change: int
    places_change_by_priority: dict[str, int]
    cost_change: int
    certified: bool
    projects: dict[str, Any]


class Kept(Shape):
    """The revision written and the round made from it."""

    revision: int
    round: str


class Lock(Body):
    """Places of an offer promised to a need; without `places` as many as the round gives."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"need": "need-1", "offer": "offer-1", "places": 2}},
    )
    need: str = Field(max_length=200)
    offer: str = Field(max_length=200)
    places: int | None = Field(default=None, ge=1, le=1_000_000)


class Refuse(Body):
    """An offer's unit declines a need; later matches leave the pair out."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"need": "need-1", "offer": "offer-1", "why": "路太远"}},
    )
    need: str = Field(max_length=200)
    offer: str = Field(max_length=200)
    why: str = Field(default="", max_length=500)
