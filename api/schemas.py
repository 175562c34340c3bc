"""Shapes of requests and answers at the edge, for checking what comes in and describing what goes out."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class RoundWish(Body):
    """Days, fit, warnings and tiles of a round; by default this calendar year, broad fits, one piece."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"example": {"from": "2026-01-01", "to": "2026-12-31", "fit": "broad"}},
    )
    first: str | None = Field(default=None, alias="from", pattern=r"^\d{4}-\d{2}-\d{2}$")
    last: str | None = Field(default=None, alias="to", pattern=r"^\d{4}-\d{2}-\d{2}$")
    fit: Literal["broad", "exact"] = "broad"
    low_access_share: float | None = Field(default=None, gt=0, le=1)
    tiles: int = Field(default=1, ge=1, le=10_000)


class JobShape(Shape):
    """How far a solve has come."""

    id: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    done: Count
    total: Count
    round: str | None
    problem: Problem | None


class RoundShape(Shape):
    """A round."""

    id: str
    period: dict[str, str]
    status: str
    revision: Count
    made_at: str | None
    stale: bool


class Rounds(Shape):
    """All rounds, newest first."""

    items: list[RoundShape]


class MatchShape(Shape):
    """The document of `linli match`."""

    status: Literal["optimal", "bounded", "heuristic"]
    round: dict[str, Any]
    needs: Count
    places_wanted: Count
    places_served: Count
    places_served_upper: Count
    places_served_upper_exact: bool
    assumed_offers: Count
    ask_first: list[dict[str, Any]]
    served_by_priority: dict[str, Count]
    people_reached: Count
    cost: int
    distance_m: float
    places_without_distance: Count
    projects: dict[str, Any]
    nearest_first: dict[str, Any]


class AssignmentShape(Shape):
    """Who serves whom; `project` instead of `need` for a project."""

    offer: str | None
    unit: str
    places: Count
    distance_m: float | None
    estimate: bool
    fit: Literal["exact", "broad"]
    assumed: bool
    locked: bool


class GapsShape(Shape):
    """The document of `linli gaps`."""

    unserved: Count
    summary: dict[str, Count]
    gaps: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    idle_offers: list[Any]
    idle_units: list[Any]
    unpaired_areas: list[Any]
    uncovered_units: list[Any]


class GapChangesShape(Shape):
    """The document of `linli gaps --since`."""

    since: dict[str, Any]
    now: dict[str, Any]
    places_closed: Count
    places_opened: Count
    closed: list[dict[str, Any]]
    opened: list[dict[str, Any]]
    blind_spots: dict[str, dict[str, list[str]]]


class ExplanationShape(Shape):
    """The document of `linli explain`."""

    need: str
    served_by: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    unserved: dict[str, Any] | None


class BesideShape(Shape):
    """The document of `linli beside`."""

    round: str
    exact: bool
    more_places: list[dict[str, Any]]
    fair_share: dict[str, Any]
    distance_cap: dict[str, Any] | None
    stability: dict[str, Any]
    if_one_leaves: list[dict[str, Any]]


class SitesShape(Shape):
    """The document of `linli sites`."""

    round: str | None
    demand: str
    category: str | None
    reach_m: float
    total: Count
    reached: Count
    within_reach: Count
    unplaced: Count
    estimated: Count
    existing: list[dict[str, Any]]
    candidates: Count
    plans: list[dict[str, Any]]
    everybody: dict[str, Any] | None
    tried: dict[str, Any] | None


class ActionsShape(Shape):
    """The document of `linli actions`."""

    round: str
    budget: float
    costs: dict[str, float]
    candidates: Count
    actions: list[dict[str, Any]]
    value: int
    value_by_priority: dict[str, int]
    units: Count
    bound: int
    bound_by_priority: dict[str, int]
    status: Literal["optimal", "bounded"]
    spent: float


class Summary(Shape):
    """The page's figures under a filter."""

    round: str
    status: str
    stale: bool
    figures: dict[str, Any]
    reasons: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    cells: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    units: list[dict[str, Any]]
    categories: list[str]
    todo: dict[str, Any]


class Change(Body):
    """One number or word of one record, changed on trial."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"table": "offers", "id": "offer-1", "field": "capacity", "value": 10}},
    )
    table: Literal["offers", "units", "needs"]
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


class Supposed(Body):
    """What is supposed: changed numbers, units that are gone, pairs that are forced; at least one of them."""

    changes: list[Change] = Field(default=[], max_length=100)
    gone: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=100)
    forced: list[Forced] = Field(default=[], max_length=100)

    @model_validator(mode="after")
    def _has_some(self) -> Self:
        if not (self.changes or self.gone or self.forced):
            raise ValueError("say at least one of changes, gone and forced")
        return self


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


class ClaimSheets(Shape):
    """Claim sheets (认领表) to print."""

    round: str
    period: dict[str, str]
    revision: Count
    by: Literal["unit", "area"]
    sheets: list[dict[str, Any]]


class FeatureCollection(Shape):
    """GeoJSON (RFC 7946), WGS-84."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
