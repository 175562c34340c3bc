"""The documents that a round keeps, and whether they say all that this version shows of them.

A store outlives versions of linli. What an earlier one didn't write nobody can know from its document, and a
page or a table that reads it all the same would be blank or wrong: so it is refused, with what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from api.services.errors import OldRoundError
from graph.wording import word

if TYPE_CHECKING:
    from graph.store import Round

Name = Literal["match", "assignments", "gaps"]


def _names(text: str, **inner: Any) -> dict[str, Any]:
    return {**dict.fromkeys(text.split()), **inner}


_FIGURES: Final = _names(
    "needs places_wanted places_served served_by_priority people_reached cost distance_m"
    " places_without_distance",
    projects=_names("wanted units full partly unclaimed cost distance_m places_without_distance"),
)
_PART: Final = _FIGURES | _names(
    "status wanted_by_priority places_bound within warnings places_served_upper places_served_upper_exact"
    " assumed_offers ask_first_complete keep load",
    ask_first=[_names("offer unit gain_places exact")],
    nearest_first=_FIGURES,
    comparison=_names(
        "places_gained gained_by_priority metres_per_place nearest_first_metres_per_place as_many_as_by_hand"
    ),
)
_ASSIGNMENTS: Final = [_names("offer unit places distance_m estimate fit assumed locked locked_places")]
_FIX: Final = _names(
    "id kind places assumed gain gain_places gain_here gain_project_units cost exact sentence_zh sentence_en",
    where=_names("area unit offer category"),
)
_GAP: Final = _names(
    "reason category area by_category by_area places people priority assumed would_do",
    certificate=_names("short_by", holders=[_names("kind places assumed")]),
    fix=_FIX,
    no_fix=_names("why tried sentence_zh sentence_en"),
)
_GAPS: Final = _names("unserved summary warnings", gaps=[_GAP])
_SHARE: Final = _names("within between")
_UNCOVERED: Final = [_names("unit missing place_known")]

SHAPES: Final[Mapping[Name, Any]] = {
    "match": _PART | _names("round fit last_year", money=_PART | {"assignments": _ASSIGNMENTS}),
    "assignments": _ASSIGNMENTS,
    "gaps": _GAPS
    | _names(
        "idle_units",
        projects=_GAPS,
        money=_GAPS,
        idle_offers=[_names("offer unit category why")],
        unpaired_areas=[_names("area population over60")],
        uncovered_units=_UNCOVERED,
        half_covered_units=_UNCOVERED,
        areas_without_offer=[_names("category areas population over60 unknown")],
        coverage=_names("units organisation work both neither"),
        equity=_names(
            "weight share gini theil by_category by_group over60 unplaced",
            theil_subdistricts=_SHARE,
            theil_districts=_SHARE,
            worst=_names("part share areas"),
            areas=[_names("area wanted served share weight")],
            access=_names(
                "measure catchment_m zones tau less_is_better mean weight gini theil unknown_areas",
                theil_subdistricts=_SHARE,
                theil_districts=_SHARE,
                worst=_names("part access areas"),
            ),
        ),
    ),
}
"""What each document says in every round: names, below them those of what they hold, in a list those of rows.

What only some rows say isn't named. Where something is unknown its name is there all the same.
"""


def document_of(round_: Round, name: Name) -> Any:
    """A document that a round keeps, with all that `SHAPES` names.

    Raises
    ------
    OldRoundError
        If an earlier version of linli made it, which said less.
    """
    document = round_.results.get(name)
    missing = name if document is None else find_missing(document, SHAPES[name], name)
    if missing is not None:
        raise OldRoundError(**word("old_round", id=round_.id), missing=missing)
    return document


def find_missing(value: Any, shape: Any, path: str) -> str | None:
    """The way to the first name of a shape that a document lacks; None where it lacks none."""
    if shape is None or value is None:
        return None
    if isinstance(shape, list):
        if not isinstance(value, Sequence) or isinstance(value, str):
            return path
        return next((found for row in value if (found := find_missing(row, shape[0], path))), None)
    if not isinstance(value, Mapping):
        return path
    for name, inner in shape.items():
        if name not in value:
            return f"{path}.{name}"
        if inner is not None and (found := find_missing(value[name], inner, f"{path}.{name}")):
            return found
    return None
