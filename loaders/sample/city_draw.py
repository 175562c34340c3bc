"""Drawing a synthetic city: its areas, units and offers at once, its needs chunk by chunk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import LinliError
from graph.wording import word
from loaders.sample.city_words import CITY_MIX, GROUPS, NEED_TIMES, OFFER_TIMES, TAGS
from loaders.sample.vocabulary import NEIGHBOURHOODS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Column = list[Any]
"""The cells of one column: text, whole numbers, floats, or None for an empty one."""

CHUNK_NEEDS = 50_000
DISTRICT_CODE = "310198"
"""A district code that the statistical codes of Shanghai do not use."""
PER_SUBDISTRICT = 20
_LARGEST_SERIAL = 999

_CENTRE = (121.47, 31.22)
_METRES_PER_DEGREE = 111_195.0
_SPACING_M = 560.0
_HOME_SPREAD_M, _UNIT_SPREAD_M = 150.0, 260.0
_MEAN_QUANTITY_P = (0.80, 0.13, 0.05, 0.02)
_SUPPLY_RATIO = 0.95
_CANDIDATES = 8.0
_SUFFIXES = ("苑", "里", "坊", "园", "村", "台", "庭", "湾")

SHARES = np.array([mix.share for mix in CITY_MIX]) / sum(mix.share for mix in CITY_MIX)
CATEGORIES = np.array([mix.category for mix in CITY_MIX], dtype=object)
_IS_GROUP = np.array([mix.people is not None for mix in CITY_MIX])
_PEOPLE = np.array([mix.people or (1, 1) for mix in CITY_MIX])
_CARES = np.array([mix.category.split(".")[0] in {"elder_care", "health", "hardship"} for mix in CITY_MIX])
_URGENCY = np.cumsum([mix.urgency for mix in CITY_MIX], axis=1)[:, :4]
_TITLES = np.array([title for mix in CITY_MIX for title in mix.titles], dtype=object)
_TITLE_COUNT = np.array([len(mix.titles) for mix in CITY_MIX])
_TITLE_START = np.cumsum(_TITLE_COUNT) - _TITLE_COUNT


class SampleError(LinliError, ValueError):
    """Lists of that size can't be made up, or can't be written in that form."""


@dataclass(frozen=True, slots=True)
class CityPlan:
    """How large a city is, and the seed it is drawn from."""

    neighbourhoods: int
    needs: int
    units: int
    seed: int

    def generator(self, *stream: int) -> np.random.Generator:
        """Give the random numbers of one part of the city, whatever has been drawn before."""
        return np.random.default_rng((self.seed, *stream))


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Where people live: points in degrees, how many they are, and the subdistrict's row of each."""

    name: NDArray[Any]
    code: NDArray[Any]
    subdistrict: Ints
    subdistrict_code: NDArray[Any]
    lon: Floats
    lat: Floats
    population: Ints
    over60: Ints

    @property
    def cumulative_demand(self) -> Floats:
        """Shares of the needs by neighbourhood, added up; they follow the number of people over 60."""
        weight = np.cumsum(self.over60 + 0.05 * self.population)
        return np.asarray(weight / weight[-1], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Units:
    """The city's organisations: neighbourhood and category by row, and their points."""

    neighbourhood: Ints
    mix: Ints
    lon: Floats
    lat: Floats


@dataclass(frozen=True, slots=True)
class Offers:
    """What the units offer. A capacity or reach of -1 is not stated; an infinite reach is anywhere."""

    unit: Ints
    mix: Ints
    places: Ints
    reach_m: Floats
    times: Ints


def names_of(count: int) -> list[str]:
    """Give names of invented neighbourhoods, all different."""
    plants, suffixes = len(NEIGHBOURHOODS), len(_SUFFIXES)
    return [
        NEIGHBOURHOODS[row % plants]
        + _SUFFIXES[row // plants % suffixes]
        + (str(row // (plants * suffixes) + 1) if row >= plants * suffixes else "")
        for row in range(count)
    ]


def draw_neighbourhoods(plan: CityPlan) -> Neighbourhoods:
    """Draw neighbourhoods by subdistricts that lie on a bent grid.

    Raises
    ------
    SampleError
        If there are more than statistical codes can number.
    """
    count = plan.neighbourhoods
    per_subdistrict = max(PER_SUBDISTRICT, math.ceil(count / _LARGEST_SERIAL))
    if per_subdistrict > _LARGEST_SERIAL:
        raise SampleError(**word("sample_codes", neighbourhoods=count, most=_LARGEST_SERIAL**2))
    rng = plan.generator(0)
    row = np.arange(count)
    subdistrict = row // per_subdistrict
    side = math.ceil(math.sqrt(subdistrict[-1] + 1))
    inner_side = math.ceil(math.sqrt(per_subdistrict))
    place = row % per_subdistrict
    x = (subdistrict % side) * inner_side + place % inner_side
    y = (subdistrict // side) * inner_side + place // inner_side
    bend = rng.uniform(-0.3, 0.3, (2, count))
    east = (x - side * inner_side / 2 + bend[0]) * _SPACING_M
    north = (y - side * inner_side / 2 + bend[1]) * _SPACING_M
    lon, lat = _degrees(np.full(count, _CENTRE[0]), np.full(count, _CENTRE[1]), east, north)
    population = np.maximum(400, np.rint(rng.lognormal(math.log(3600), 0.35, count))).astype(np.int64)
    codes = np.array(
        [f"{DISTRICT_CODE}{number + 1:03}" for number in range(subdistrict[-1] + 1)], dtype=object
    )
    return Neighbourhoods(
        name=np.array(names_of(count), dtype=object),
        code=np.array(
            [f"{codes[s]}{p + 1:03}" for s, p in zip(subdistrict, place, strict=True)], dtype=object
        ),
        subdistrict=subdistrict,
        subdistrict_code=codes,
        lon=lon,
        lat=lat,
        population=population,
        over60=np.rint(population * rng.beta(18, 40, count)).astype(np.int64),
    )


def draw_units(plan: CityPlan, homes: Neighbourhoods) -> Units:
    """Draw units near neighbourhoods; the first ones take each category once, the rest as needs do."""
    rng = plan.generator(1)
    neighbourhood = rng.integers(0, plan.neighbourhoods, plan.units)
    mix = rng.choice(len(CITY_MIX), plan.units, p=SHARES)
    every_category = np.argsort(-SHARES, kind="stable")[: plan.units]
    mix[: every_category.size] = every_category
    east, north = rng.normal(0, _UNIT_SPREAD_M, (2, plan.units))
    lon, lat = _degrees(homes.lon[neighbourhood], homes.lat[neighbourhood], east, north)
    return Units(neighbourhood, mix, lon, lat)


def draw_offers(plan: CityPlan, units: Units) -> Offers:
    """Draw one to three offers a unit, so that supply falls a little short and reaches overlap.

    The mean capacity of a category follows from its share of the needs, the mean reach from how many
    offers of it there are on the city's ground.
    """
    rng = plan.generator(2)
    per_unit = 1 + rng.binomial(2, 0.4, plan.units)
    unit = np.repeat(np.arange(plan.units), per_unit)
    first = np.cumsum(per_unit) - per_unit
    mix = rng.choice(len(CITY_MIX), unit.size, p=SHARES)
    mix[first] = units.mix
    offers_of = np.bincount(mix, minlength=len(CITY_MIX)).clip(1)
    mean_quantity = sum(times * share for times, share in enumerate(_MEAN_QUANTITY_P, start=1))
    wanted = plan.needs * SHARES * mean_quantity
    mean_places = (_SUPPLY_RATIO * wanted / offers_of)[mix]
    places = np.maximum(1, np.rint(rng.gamma(2.0, mean_places / 2))).astype(np.int64)
    places[rng.random(unit.size) < 0.06] = -1
    ground_m2 = plan.neighbourhoods * _SPACING_M**2
    mean_reach = np.sqrt(_CANDIDATES * ground_m2 / (math.pi * offers_of))[mix]
    reach = np.round(np.clip(mean_reach * rng.lognormal(0, 0.3, unit.size), 300, 8000) / 50) * 50
    kind = rng.random(unit.size)
    reach[kind < 0.06] = np.inf
    reach[(kind >= 0.06) & (kind < 0.12)] = -1
    return Offers(unit, mix, places, reach, _draw_entries(rng, OFFER_TIMES, unit.size))


@dataclass(frozen=True, slots=True)
class Needs:
    """One chunk of needs; `row` is the number of the first one, `party` a unit's row or -1."""

    row: int
    mix: Ints
    title: Column
    neighbourhood: Ints
    party: Ints
    lon: Floats
    lat: Floats
    quantity: Ints
    priority: Ints
    people: Ints
    times: Ints
    tags: list[Bools]
    group: Column


def draw_needs(plan: CityPlan, homes: Neighbourhoods, units: Units, chunk: int) -> Needs:
    """Draw one chunk of needs; it depends on the plan and the chunk's number alone."""
    rng = plan.generator(3, chunk)
    start = chunk * CHUNK_NEEDS
    count = min(CHUNK_NEEDS, plan.needs - start)
    mix = rng.choice(len(CITY_MIX), count, p=SHARES)
    home = np.searchsorted(homes.cumulative_demand, rng.random(count), side="right")
    home = np.minimum(home, plan.neighbourhoods - 1)
    east, north = rng.normal(0, _HOME_SPREAD_M, (2, count))
    lon, lat = _degrees(homes.lon[home], homes.lat[home], east, north)
    title = _TITLES[_TITLE_START[mix] + (rng.random(count) * _TITLE_COUNT[mix]).astype(np.int64)]
    low, high = _PEOPLE[mix].T
    people = np.where(_IS_GROUP[mix], low + (rng.random(count) * (high - low + 1)).astype(np.int64), -1)
    # A tenth of the needs for a group are an organisation's own, at its own place.
    party = np.where(_IS_GROUP[mix] & (rng.random(count) < 0.1), rng.integers(0, plan.units, count), -1)
    owned = party >= 0
    home[owned] = units.neighbourhood[party[owned]]
    lon[owned], lat[owned] = units.lon[party[owned]], units.lat[party[owned]]
    group = np.array([text for text, _ in GROUPS], dtype=object)[_draw_entries(rng, GROUPS, count)]
    group[~_CARES[mix]] = ""
    return Needs(
        row=start,
        mix=mix,
        title=title.tolist(),
        neighbourhood=home,
        party=party,
        lon=lon,
        lat=lat,
        quantity=1 + rng.choice(len(_MEAN_QUANTITY_P), count, p=_MEAN_QUANTITY_P),
        priority=1 + (rng.random(count)[:, None] >= _URGENCY[mix]).sum(axis=1),
        people=people,
        times=_draw_entries(rng, NEED_TIMES, count),
        tags=[rng.random(count) < asked for _, asked, _ in TAGS],
        group=group.tolist(),
    )


def distance_m(lon: float, lat: float, other_lon: Floats, other_lat: Floats) -> Floats:
    """Give rough distances in metres, good to a fraction of a percent within a city."""
    east = (other_lon - lon) * math.cos(math.radians(lat)) * _METRES_PER_DEGREE
    return np.asarray(np.hypot(east, (other_lat - lat) * _METRES_PER_DEGREE), dtype=np.float64)


def _draw_entries(rng: np.random.Generator, entries: Sequence[tuple[str, float]], count: int) -> Ints:
    shares = np.array([share for _, share in entries])
    return rng.choice(len(entries), count, p=shares / shares.sum())


def _degrees(lon: Floats, lat: Floats, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    scale = _METRES_PER_DEGREE * np.cos(np.radians(lat))
    return np.round(lon + east_m / scale, 6), np.round(lat + north_m / _METRES_PER_DEGREE, 6)
