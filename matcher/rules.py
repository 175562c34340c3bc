"""What a match is asked for: the round, how strictly categories fit, and what costs how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

from graph.periods import Period, this_year

Fit = Literal["broad", "exact"]
Measure = Literal["places", "yuan"]
AccessMeasure = Literal["2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM"]

ACCESS_MEASURES: Final[tuple[AccessMeasure, ...]] = ("2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM")
"""The measures of `matcher.access`, by the names of the literature."""

MATCHED_STATES: Final = frozenset({"reported", "confirmed", "open", "claimed", "in_service"})
"""States of needs and projects that somebody still waits on; all others are left out of the matching."""

OFFERED_STATES: Final = frozenset({"open", "exhausted"})
"""States of offers that take part. Being exhausted follows from capacity and hides nothing."""

PROMISED_STATES: Final = frozenset({"agreed", "delivering", "done"})
"""States of claims that hold places: agreed ones, and what has come of them."""


@dataclass(frozen=True, slots=True)
class Held:
    """Places that a need, or a project, had in a published round.

    Attributes
    ----------
    need : str
        Id of the need, or of the project if `is_project`.
    offer : str or None
        None for a project, and for a promise without an offer.
    unit : str
    places : int
    is_project : bool
    """

    need: str
    offer: str | None
    unit: str
    places: int
    is_project: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """Which published round's assignments are kept unless moving gains enough (see `matcher.keeping`).

    Attributes
    ----------
    round : str
        Its id.
    asked_m : int
        What a place costs more, in metre-equivalents, on a pair that the round doesn't have.
    most_moves : int, optional
        So many places at most leave a pair on which they could stay, unless no more could be served
        otherwise.
    extra_m : int
        What it costs after all: `asked_m`, or what keeps `most_moves`.
    fewest : int, optional
        So many places must move at least for as many to be served; None where that was no question.
    rows : tuple of Held
        Who serves whom in that round.
    """

    round: str
    asked_m: int = 500
    most_moves: int | None = None
    extra_m: int = -1
    fewest: int | None = None
    rows: tuple[Held, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.asked_m < 0:
            raise ValueError(f"asked_m is {self.asked_m}, but may not be below 0")
        if self.most_moves is not None and self.most_moves < 0:
            raise ValueError(f"most_moves is {self.most_moves}, but may not be below 0")
        if self.extra_m < self.asked_m:
            object.__setattr__(self, "extra_m", self.asked_m)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one match is asked for.

    Attributes
    ----------
    period : Period
        The round; by default this calendar year in Shanghai.
    fit : {"broad", "exact"}
        `exact` leaves out offers whose category lies below the need's.
    unpaired_m, other_subdistrict_m, broad_m : int
        Extra cost of a place, in metre-equivalents: where no standing pairing ties both sides; where the
        need lies in another sub-district than the provider (both known); where the fit is broad.
    reciprocity_m : int
        Most that a place costs more for a need whose party got more than it gave (see
        `matcher.reciprocity`); 0: nothing.
    keep : Keep, optional
        Keep who serves whom in a published round unless moving gains enough.
    load_m : int
        What each further place of a unit costs more than the one before, in metre-equivalents, up to its
        21st; 0: nothing. It spreads places evenly over units. Money has no load.
    low_access_share : float
        A served need is warned of low access if its access is below this share (above 0, at most 1) of its
        category's mean, weighted by places wanted; of a measure whose less is better, if the mean is below
        this share of it.
    access_measure : {"2SFCA", "E2SFCA", "3SFCA", "BFCA", "RAAM"}
        The measure of access that low access and its equity rest on (see `matcher.catchments`).
    max_pairs : int
        A match with more pairs of needs and offers is refused, and so is one for which the machine hasn't the
        memory (see `matcher.search`); so many fit 16 GB where most are of offers that reach everyone.
    ask_first_limit : int
        How many of the offers of unknown capacity are ranked at most.
    tiles : int
        The assignment is solved in so many tiles that agree on prices (see `matcher.shards`). It is the best
        either way; of several equally good ones another may be chosen.
    """

    period: Period = field(default_factory=this_year)
    fit: Fit = "broad"
    unpaired_m: int = 300
    other_subdistrict_m: int = 200
    broad_m: int = 500
    reciprocity_m: int = 0
    keep: Keep | None = None
    load_m: int = 0
    low_access_share: float = 0.25
    access_measure: AccessMeasure = "2SFCA"
    max_pairs: int = 140_000_000
    ask_first_limit: int = 200
    tiles: int = 1

    def __post_init__(self) -> None:
        if self.fit not in ("broad", "exact"):
            raise ValueError(f"fit is “{self.fit}”, but may be broad or exact")
        for name in ("unpaired_m", "other_subdistrict_m", "broad_m", "reciprocity_m", "load_m"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, but may not be below 0")
        # NaN is refused too: it compares as neither.
        if not 0 < self.low_access_share <= 1:
            raise ValueError(
                f"low_access_share is {self.low_access_share}, but must be above 0 and may not be above 1"
            )
        if self.access_measure not in ACCESS_MEASURES:
            raise ValueError(
                f"access_measure is “{self.access_measure}”, but may be {', '.join(ACCESS_MEASURES)}"
            )
        if self.tiles < 1:
            raise ValueError(f"tiles is {self.tiles}, but may not be below 1")

    @classmethod
    def default(cls) -> Rules:
        """The rules nobody changed: this calendar year, broad fits allowed."""
        return cls()

    def to_json(self) -> dict[str, Any]:
        """The rules as plain JSON values; of a round that is kept all but its rows."""
        values = asdict(replace(self, keep=None))
        if self.keep is not None:
            values["keep"] = asdict(replace(self.keep, rows=()))
            del values["keep"]["rows"]
        values["period"] = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return values
