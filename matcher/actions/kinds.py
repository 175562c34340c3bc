"""Actions: what somebody could do about a gap, what it takes, and what it is called in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from graph.model import Offer
from matcher.sentences import fill

Json = dict[str, Any]

KINDS: Final = (
    "more_capacity",
    "ask_capacity",
    "wider_reach",
    "new_pairing",
    "new_station",
    "new_category",
    "recruit",
    "resident_offer",
)
"""The least effort first: of equally useful actions the earlier kind is shown."""

_TRIED: Final = ("unit", "category", "list_category", "capacity", "reach_m", "lon", "lat", "precision")

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "more_capacity": (
        "请{unit}的“{title}”再增加{places}个名额",
        "Ask {unit} for {places} more {places:place|places} of {title}",
    ),
    "more_total": ("请{unit}的总承载量再提高{places}", "Ask {unit} to take {places} more in all"),
    "ask_capacity": (
        "问{unit}的“{title}”能提供多少（按同类的{total}个名额估算）",
        "Ask {unit} how much {title} there is (taken as {total}, as others of its kind give)",
    ),
    "wider_reach": (
        "把{unit}“{title}”的服务半径从{reach_m}米放宽到{to_reach_m}米",
        "Let {title} of {unit} reach {to_reach_m} m instead of {reach_m} m",
    ),
    "new_pairing": ("{unit}与{area}结对，服务到{area}", "Pair {unit} with {area}, and let it serve there"),
    "new_station": (
        "在{area}为{unit}的“{title}”设一个服务点",
        "Open a point of service at {area} for {title} of {unit}",
    ),
    "cover_units": (
        "在{site}设一个站点，覆盖附近{units}家没有任何覆盖的单位",
        "Set up a station at {site}, which reaches {units} {units:unit|units} near it without any coverage",
    ),
    "new_category": (
        "请{unit}增加“{category}”（做过或同类单位多在做；按{places}个名额估算）",
        (
            "Ask {unit} to offer {category} too, as it or most of its kind did "
            "(taken as {places} {places:place|places})"
        ),
    ),
    "recruit": (
        "动员尚未加入的{unit}提供“{category}”（做过或同类单位多在做；按{places}个名额估算）",
        (
            "Win {unit}, no member yet, for {category}, as it or most of its kind did "
            "(taken as {places} {places:place|places})"
        ),
    ),
    "resident_offer": (
        "在{area}找一位能提供“{category}”的居民（按{places}个名额估算）",
        "Find a resident of {area} who offers {category} (taken as {places} {places:place|places})",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """An offer as it would be, and the one (if any) whose capacity it shares."""

    record: Offer
    beside: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One thing to do.

    Attributes
    ----------
    id : str
        Tells actions of one report apart; it follows from what they are.
    kind : str
        One of `KINDS`.
    unit, offer, area, category : str or None
        Whom and what it is about, as ids; `area` is where it is done.
    places : int
        Places it brings: more capacity, or the capacity taken for what is new.
    assumed : bool
        Those places, or that the unit is able to, nobody stated.
    needs : tuple of str
        Ids of the unserved needs it is meant for.
    units : int
        Units without any coverage that it would reach.
    amounts : dict
        What else it takes, as JSON values: `reach_m`, `to_reach_m`, `total`, `site`.
    offers : tuple of Proposed
        Whom these reach is what the action brings.
    of_unit : bool
        The places are added to the unit's total, not to the offer.
    moves : bool
        The offer's own room is used up, so it helps only where what it serves can move elsewhere.
    """

    id: str
    kind: str
    unit: str | None = None
    offer: str | None = None
    area: str | None = None
    category: str | None = None
    places: int = 0
    assumed: bool = False
    needs: tuple[str, ...] = ()
    units: int = 0
    amounts: Json = field(default_factory=dict)
    offers: tuple[Proposed, ...] = ()
    of_unit: bool = False
    moves: bool = False

    def to_json(self) -> Json:
        """What it is, without what it gains."""
        return {
            "id": self.id,
            "kind": self.kind,
            "where": {
                "area": self.area,
                "unit": self.unit,
                "offer": self.offer,
                "category": self.category,
            },
            "places": self.places,
            "assumed": self.assumed,
            "needs": list(self.needs),
            **self.amounts,
            **({} if self.offer_to_try is None else {"offer_to_try": self.offer_to_try}),
        }

    @property
    def offer_to_try(self) -> Json | None:
        """The offer that it brings, as a trial takes it; None where it changes one that is there."""
        if len(self.offers) != 1 or self.offers[0].beside is not None:
            return None
        record = self.offers[0].record
        return {
            **{name: getattr(record, name) for name in _TRIED},
            **{name: list(getattr(record, name)) for name in ("reach_areas", "tags")},
        }

    @property
    def text_key(self) -> str:
        """Which sentence tells it."""
        if self.kind == "more_capacity" and self.of_unit:
            return "more_total"
        return "cover_units" if self.kind == "new_station" and self.offer is None else self.kind


def tell_action(action: Action, names: tuple[Json, Json]) -> tuple[str, str]:
    """An action in a sentence, Chinese and English.

    Parameters
    ----------
    action : Action
    names : tuple of dict
        `unit`, `title`, `area`, `category` and `site` in words, for both languages.
    """
    values = {"places": action.places, "units": action.units, **action.amounts}
    zh, en = (
        fill(text, {**values, **name}) for text, name in zip(_TEXTS[action.text_key], names, strict=True)
    )
    return zh + "。", en + "."
