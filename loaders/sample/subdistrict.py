"""A synthetic sub-district in office style, sized like those of the newspaper reports.

20 neighbourhoods, 48 units, 51 projects in 10 list categories, 67 open resources in 8, and 27 kinds of
needs in 4; with branches, an alliance, pairings, last year's claims and service figures. All of it is
invented and says so on every row. It is written the way offices write, and it holds a few faults.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from graph.periods import today
from loaders.sample import faults, ties
from loaders.sample.catalogue import (
    NEED_CATEGORIES,
    NEED_KINDS,
    OFFER_CATEGORIES,
    OFFERS,
    PROJECT_CATEGORIES,
    PROJECTS,
    NeedKind,
    OfferEntry,
)
from loaders.sample.office import OFFICE_FORMS, Fault, Row, lay_out, locate
from loaders.sample.vocabulary import (
    DISTRICT,
    DISTRICT_CODE,
    FURTHER_AREAS,
    NEIGHBOURHOOD_GRID,
    NEIGHBOURHOODS,
    SUBDISTRICT,
    SUBDISTRICT_CODE,
    UNITS,
)
from loaders.sample.workbook import Cell, Sheet, write_sheets

_SOUTH_WEST = (121.5062, 31.1318)
"""Longitude and latitude of the invented patch's corner; the place is arbitrary."""
_SPACING_M = (540.0, 600.0)
_METRES_PER_DEGREE = 111_195.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A synthetic sub-district.

    Attributes
    ----------
    sheets
        Its lists in their office form, in the order of the sheets.
    faults
        The cells that a loader must find, in the order of sheets and rows.
    """

    sheets: tuple[Sheet, ...]
    faults: tuple[Fault, ...]


def write_subdistrict(path: Path | str, *, seed: int, year: int | None = None) -> dict[str, int]:
    """Write a synthetic sub-district as its office would hand it in.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx`` (a sheet a list), or a folder for CSV tables with a byte-order mark.
    seed
        Non-negative; the same seed and year give the same cells in both forms.
    year
        The year that the lists are for; this year in Shanghai by default. Claims are of the year before.

    Returns
    -------
    dict[str, int]
        Rows per table, those with faults included.

    Raises
    ------
    ValueError
        If the seed is negative.
    """
    subdistrict = draw_subdistrict(seed=seed, year=year)
    write_sheets(Path(path), subdistrict.sheets)
    return {sheet.table: len(sheet.rows) for sheet in subdistrict.sheets}


def draw_subdistrict(*, seed: int, year: int | None = None) -> Subdistrict:
    """Draw a synthetic sub-district without writing it; see `write_subdistrict`."""
    if seed < 0:
        raise ValueError(f"the seed is {seed}; expected a whole number from 0")
    year = today().year if year is None else year
    source = f"虚构示例 (synthetic, seed {seed})"
    random = Random(seed)
    places = _draw_places(random)
    rows: dict[str, list[Row]] = {
        "areas": _area_rows(random, places),
        "units": _unit_rows(random, places, year),
        "offers": [
            _offer_row(random, heading, entry) for heading, entries in OFFERS.items() for entry in entries
        ],
        "needs": _need_rows(random, places),
        "projects": _project_rows(random, year),
        "categories": _category_rows(),
    }
    rows |= ties.draw_ties(random, rows, year, seed=seed)
    planted = faults.plant_faults(rows, year)
    sheets = tuple(lay_out(table, rows[table], year=year, source=source) for table in OFFICE_FORMS)
    found = tuple(
        fault
        for sheet in sheets
        for fault in sorted(
            locate(sheet, rows[sheet.table], planted[sheet.table]), key=lambda fault: fault.row
        )
    )
    return Subdistrict(sheets, found)


def _draw_places(random: Random) -> dict[str, Point]:
    """Draw a point for every neighbourhood: a bent grid of about 2.7 by 2.4 km."""
    places = {}
    for y, names in enumerate(NEIGHBOURHOOD_GRID):
        for x, name in enumerate(names):
            east = (x + 0.5) * _SPACING_M[0] + random.uniform(-90, 90)
            north = (y + 0.5) * _SPACING_M[1] + random.uniform(-90, 90)
            places[name] = _point(_SOUTH_WEST, east, north)
    return places


def _point(origin: Point, east_m: float, north_m: float) -> Point:
    lon = origin[0] + east_m / (_METRES_PER_DEGREE * math.cos(math.radians(origin[1])))
    return round(lon, 6), round(origin[1] + north_m / _METRES_PER_DEGREE, 6)


def _near(random: Random, origin: Point, spread_m: float) -> Point:
    distance, angle = spread_m * math.sqrt(random.random()), random.uniform(0, 2 * math.pi)
    return _point(origin, distance * math.cos(angle), distance * math.sin(angle))


def _area_rows(random: Random, places: dict[str, Point]) -> list[Row]:
    middle = tuple(round(sum(axis) / len(places), 6) for axis in zip(*places.values(), strict=True))
    rows: list[Row] = [
        {"id": DISTRICT_CODE, "name": DISTRICT, "level": "区"},
        {"id": SUBDISTRICT_CODE, "name": SUBDISTRICT, "level": "街道", "parent": DISTRICT,
         "lon": middle[0], "lat": middle[1]},
    ]  # fmt: skip
    for number, name in enumerate(NEIGHBOURHOODS, start=1):
        population = random.randrange(2600, 5200, 10)
        lon, lat = places[name]
        rows.append(
            {"id": f"{SUBDISTRICT_CODE}{number:03}", "name": name, "level": "居民区", "parent": SUBDISTRICT,
             "lon": lon, "lat": lat, "population": population,
             "over60": round(population * random.uniform(0.24, 0.38))}
        )  # fmt: skip
    totals = {column: sum(row[column] for row in rows[2:]) for column in ("population", "over60")}  # type: ignore[misc]
    rows[1].update(totals)
    for name, level, home in FURTHER_AREAS:
        lon, lat = _near(random, places[home], 150)
        rows.append({"name": name, "level": level, "parent": SUBDISTRICT, "lon": lon, "lat": lat})
    return rows


def _unit_rows(random: Random, places: dict[str, Point], year: int) -> list[Row]:
    rows: list[Row] = []
    for entry in UNITS:
        lon, lat = _near(random, places[entry.home], 180)
        row: Row = {
            "name": entry.name, "kind": entry.kind, "area": entry.home, "lon": lon, "lat": lat,
            "capacity": entry.capacity, "max_claims": entry.max_claims, "liaison": entry.liaison,
        }  # fmt: skip
        if random.random() < 0.2:
            row["valid_from"] = date(year - random.randrange(1, 6), random.randrange(1, 13), 1)
        rows.append(row)
    return rows


def _offer_row(random: Random, heading: str, entry: OfferEntry) -> Row:
    number, mark, unit = entry.amount.partition("#")
    amount: Cell = entry.amount or None
    if mark:
        varied = max(1, int(number) + random.choice((-1, 0, 0, 1)))
        amount = f"{varied}{unit}" if unit else varied
    return {
        "list_category": heading, "category": entry.category, "title": entry.title, "unit": entry.unit,
        "capacity": amount, "measure": entry.measure, "per": entry.period, "mode": entry.mode,
        "reach_m": int(entry.reach) if entry.reach.isascii() and entry.reach.isdigit() else entry.reach,
        "reach_areas": entry.areas, "tags": entry.tags, "min_people": entry.people[0],
        "max_people": entry.people[1], "times": entry.times,
    }  # fmt: skip


def _need_rows(random: Random, places: dict[str, Point]) -> list[Row]:
    """Draw the needs: each kind in as many neighbourhoods as it says, with a point for about half of them."""
    rows = []
    for heading, kinds in NEED_KINDS.items():
        for kind in kinds:
            chosen = set(random.sample(NEIGHBOURHOODS, kind.rows))
            rows += [
                _need_row(random, heading, kind, area, places) for area in NEIGHBOURHOODS if area in chosen
            ]
    return rows


def _need_row(random: Random, heading: str, kind: NeedKind, area: str, places: dict[str, Point]) -> Row:
    priority = random.choice(kind.priorities)
    row: Row = {
        "list_category": heading, "category": kind.category, "title": kind.title, "area": area,
        "group": random.choice(kind.groups), "people": random.choice(kind.people) if kind.people else None,
        "quantity": random.choice(kind.quantities), "measure": kind.measure,
        "priority": int(priority) if priority.isdigit() else priority, "tags": kind.tags,
        "times": random.choice(kind.times),
    }  # fmt: skip
    if random.random() < 0.5:
        row["lon"], row["lat"] = _near(random, places[area], 160)
    if random.random() < 0.04:
        row["quantity"] = str(row["quantity"]).translate(_FULL_WIDTH)
    return row


_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _project_rows(random: Random, year: int) -> list[Row]:
    rows: list[Row] = []
    for heading, names in PROJECTS.items():
        for name in names:
            row: Row = {
                "list_category": heading, "name": name, "wanted": random.choice((None, 1, 1, 2, 2, 3)),
                "area": random.choice((SUBDISTRICT, SUBDISTRICT, random.choice(NEIGHBOURHOODS))),
                "priority": random.choice(("", "一般", "一般", 2, 4)),
            }  # fmt: skip
            if random.random() < 0.25:
                row["valid_from"], row["valid_to"] = date(year, 3, 1), date(year, 11, 30)
            rows.append(row)
    return rows


def _category_rows() -> list[Row]:
    mappings: Sequence[dict[str, str]] = (PROJECT_CATEGORIES, OFFER_CATEGORIES, NEED_CATEGORIES)
    return [
        {"list_category": heading, "category": category}
        for mapping in mappings
        for heading, category in mapping.items()
    ]
