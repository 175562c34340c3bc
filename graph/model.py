"""Records: what the alliance graph holds, one frozen dataclass for each table of the lists.

Field names are the English column names of the lists. Units stand in the names (`reach_m`,
`amount_yuan`); `None` means unknown, never zero. References to other records hold their ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

Notes = tuple[tuple[str, str], ...]

UNLIMITED: Final = 1_000_000_000
"""How records keep a capacity that its list calls 不限 (any); the matcher takes it for no limit at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record carries.

    Attributes
    ----------
    id : str
        Unique within its table.
    valid_from, valid_to : date or None
        First and last day (inclusive) on which the record holds; None: open.
    source : str
        Where the fact comes from, in the list's own words.
    notes : tuple of (str, str)
        Further columns of the list, kept as text and sorted by column.
    list_name, list_row : str, int
        File and sheet, and the row as a spreadsheet counts it; 0: not from a list. They say where a
        record came from and don't count when two records are compared.
    """

    id: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    notes: Notes = ()
    list_name: str = field(default="", compare=False)
    list_row: int = field(default=0, compare=False)

    def is_valid(self, day: date) -> bool:
        """Whether the record holds on a day."""
        return not (
            (self.valid_from is not None and day < self.valid_from)
            or (self.valid_to is not None and day > self.valid_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Record):
    """A record that may stand at a point.

    Attributes
    ----------
    area : str or None
        Id of the smallest area known to hold it.
    lon, lat : float or None
        WGS-84 degrees, both or neither.
    crs : str
        The system its list used: `wgs84`, `gcj02` or `bd09`.
    precision : str
        `exact`, `address`, `street` or `area`; distances from an `area` point are estimates.
    """

    area: str | None = None
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    precision: str = "exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Record):
    """An administrative area, or a block, building or quarter beside them."""

    name: str
    level: str = "neighbourhood"
    parent: str | None = None
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    precision: str = "area"
    population: int | None = None
    over60: int | None = None
    outline: str | None = None
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Placed):
    """An organisation in the area. `capacity` None: no limit over its offers."""

    name: str
    kind: str = ""
    code: str = ""
    capacity: int | None = None
    max_claims: int | None = None
    liaison: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Record):
    """Something that a party offers. `capacity` None: unknown.

    `reach_m` None and `reach_any` False and no `reach_areas`: nobody said how far it reaches.
    """

    title: str = ""
    unit: str
    category: str
    list_category: str = ""
    capacity: int | None = None
    per: str = "round"
    mode: str = "visit"
    reach_m: float | None = None
    reach_any: bool = False
    reach_areas: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    crs: str = "wgs84"
    precision: str = "exact"
    tags: tuple[str, ...] = ()
    min_people: int | None = None
    max_people: int | None = None
    times: str = ""
    measure: str = "places"
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Placed):
    """Something that a party needs. `party` is an area, unit, branch, or a resident's pseudonym."""

    title: str = ""
    party: str | None = None
    category: str
    list_category: str = ""
    quantity: int = 1
    priority: int = 3
    group: str = ""
    people: int | None = None
    tags: tuple[str, ...] = ()
    times: str = ""
    measure: str = "places"
    whole: bool = False
    referred_to: str = ""
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Placed):
    """A named undertaking that wants one or more different units. `category` None: any will do."""

    name: str
    category: str | None = None
    list_category: str = ""
    wanted: int = 1
    priority: int = 3
    status: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRule(Record):
    """What a list's own heading (大类) means; its id is the heading."""

    list_category: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Record):
    """What a planner once said that something in a list means, so that nobody has to say it again.

    Attributes
    ----------
    kind : str
        `category` (another word for a category), `name` (another name of a record), or `list` (a list that
        is known by its headers).
    written : str
        As lists have it; for `list` the headers, with | between them.
    meaning : str
        A category, an id or name; for `list` its table and what each of its columns is.
    """

    kind: str
    written: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Record):
    """A cell of members of an area or of one or more units."""

    name: str
    parent: str | None = None
    units: tuple[str, ...] = ()
    area: str | None = None
    members: int | None = None
    coverage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alliance(Record):
    """A standing body of units, branches and areas."""

    name: str
    parent: str | None = None
    kind: str = ""
    stage: str = ""
    area: str | None = None
    chair: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    """A party's place in an alliance."""

    alliance: str
    party: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Placed):
    """A place that radiates to what lies around it, and a party itself."""

    name: str
    party: str | None = None
    reach_m: float | None = None
    reach_any: bool = False
    reach_areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing(Record):
    """A standing agreement between two or more parties; `via` brought it about and is no party."""

    parties: tuple[str, ...]
    kind: str = ""
    via: str = ""
    amount_yuan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """A unit takes a need or project, or an area takes an offer."""

    target: str
    target_table: str
    by: str
    offer: str | None = None
    quantity: int | None = None
    status: str = "proposed"
    why: str = ""
    via: str = ""
    liaison: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord(Record):
    """What was delivered between two days; figures may be approximate."""

    claim: str | None = None
    unit: str | None = None
    area: str | None = None
    body: str | None = None
    from_date: date | None = None
    to_date: date | None = None
    activities: int | None = None
    services: int | None = None
    served_person_times: int | None = None
    volunteer_person_times: int | None = None
    hours: float | None = None
    approx: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Record):
    """Whose turn it is in a body during the record's validity."""

    body: str
    party: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Placed):
    """A volunteer's place at a party; `places` None: unknown."""

    title: str = ""
    party: str | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Record):
    """Members reporting to the area where they live (报到); `members` counts them."""

    area: str
    members: int | None = None
    approx: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking(Record):
    """A slot of a bookable offer."""

    offer: str
    by: str
    times: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSize(Record):
    """How long a published list is, where its rows are not all known."""

    name: str
    area: str | None = None
    alliance: str | None = None
    categories: int | None = None
    items: int | None = None
    approx: str = ""


TABLES: Final[Mapping[str, type[Record]]] = {
    "areas": Area,
    "units": Unit,
    "branches": Branch,
    "alliances": Alliance,
    "members": Membership,
    "stations": Station,
    "categories": CategoryRule,
    "aliases": Alias,
    "offers": Offer,
    "needs": Need,
    "projects": Project,
    "pairings": Pairing,
    "claims": Claim,
    "services": ServiceRecord,
    "duties": Duty,
    "posts": Post,
    "registrations": Registration,
    "bookings": Booking,
    "lists": ListSize,
}
"""Every table by its name, in an order in which references point backwards (but for trees)."""

NAMING: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "areas": ("name", ("parent",)),
    "units": ("name", ("area",)),
    "branches": ("name", ("parent", "area")),
    "alliances": ("name", ("parent", "area")),
    "stations": ("name", ("area",)),
    "categories": ("list_category", ("category",)),
    "aliases": ("written", ("meaning",)),
    "offers": ("title", ("unit",)),
    "needs": ("title", ("party", "area")),
    "projects": ("name", ("area",)),
    "posts": ("title", ("party", "area")),
    "lists": ("name", ("alliance", "area")),
}
"""Per table the field that names a record, and those of which the first known tells equal names apart."""

PARTY_TABLES: Final = ("areas", "units", "branches", "alliances", "stations")
"""Tables whose records may need, offer, claim and pair."""

TABLE_OF: Final[Mapping[type[Record], str]] = {record: table for table, record in TABLES.items()}


def table_of(record: Record) -> str:
    """Name of the table that a record belongs to."""
    return TABLE_OF[type(record)]


def field_names(table: str) -> Iterator[str]:
    """Names of a table's fields, in the order in which the record declares them."""
    return (item.name for item in fields(TABLES[table]))
