"""Shapes of rounds and the documents they keep, of jobs that make them, and of what to do next."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.schemas import Body, Count, Problem, Shape
from matcher.rules import AccessMeasure


class RoundWish(Body):
    """Days, fit, warnings, tiles and rules of a round; by default this calendar year, broad fits, one piece.

    `keep_round` is a published round whose assignments stay unless moving a place saves more than `keep_m`;
    at most `most_moves` places move, unless more can only be served so. `load_m` is what each further place
    of a unit costs more than the one before.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"example": {"from": "2026-01-01", "to": "2026-12-31", "fit": "broad"}},
    )
    first: str | None = Field(default=None, alias="from", pattern=r"^\d{4}-\d{2}-\d{2}$")
    last: str | None = Field(default=None, alias="to", pattern=r"^\d{4}-\d{2}-\d{2}$")
    fit: Literal["broad", "exact"] = "broad"
    low_access_share: float | None = Field(default=None, gt=0, le=1)
    access_measure: AccessMeasure | None = None
    tiles: int = Field(default=1, ge=1, le=10_000)
    keep_round: str | None = Field(default=None, min_length=1, max_length=200)
    keep_m: int = Field(default=500, ge=0, le=100_000)
    most_moves: int | None = Field(default=None, ge=0, le=1_000_000_000)
    load_m: int = Field(default=0, ge=0, le=100_000)


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
    within: dict[str, Any] | None = None
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
    """The document of `linli beside`; parts that weren't asked for are left out."""

    round: str
    exact: bool
    more_places: list[dict[str, Any]] = Field(default=[])
    less_places: list[dict[str, Any]] = Field(default=[])
    fair_share: dict[str, Any] = Field(default={})
    distance_cap: dict[str, Any] | None = None
    stability: dict[str, Any] = Field(default={})
    if_one_leaves: list[dict[str, Any]] = Field(default=[])


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


class AccessShape(Shape):
    """The document of `linli access`."""

    round: str | None
    measure: AccessMeasure
    catchment_m: float | None
    zones: list[list[float]]
    tau: float | None
    less_is_better: bool
    wardrop_gap: float | None
    assumed_offers: Count
    places: Count
    access: float | None
    unreached: Count
    empty: Count
    evenness: dict[str, Any]
    by_category: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    needs: list[dict[str, Any]] | None


class ActionsShape(Shape):
    """The document of `linli actions`."""

    round: str
    budget: float
    costs: dict[str, float]
    candidates: Count
    actions: list[dict[str, Any]]
    value: int
    value_by_priority: dict[str, int]
    value_project_units: int | None
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


class ClaimSheets(Shape):
    """Claim sheets (认领表) to print."""

    round: str
    period: dict[str, str]
    revision: Count
    by: Literal["unit", "area"]
    sheets: list[dict[str, Any]]
