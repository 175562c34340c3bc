"""The shape of the optimum as the lists stand."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from api.schemas import Count, Shape


class LiveFigures(Shape):
    """What could be served at best as the lists stand, and how that was found since the last question."""

    revision: Count
    round: dict[str, str]
    way: Literal["kept", "events", "solved"]
    events: Count
    needs_moved: Count
    status: Literal["optimal", "bounded", "heuristic"]
    needs: Count
    places_wanted: Count
    places_served: Count
    served_by_priority: dict[str, Count]
    people_reached: float = Field(ge=0)
    cost: int
    distance_m: float
    places_without_distance: Count
    projects: dict[str, Any]
