"""The tables of a synthetic city: columns of cells from what was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from loaders.sample.city_draw import (
    CATEGORIES,
    CHUNK_NEEDS,
    DISTRICT_CODE,
    CityPlan,
    Column,
    Ints,
    Needs,
    Neighbourhoods,
    Offers,
    Units,
    distance_m,
    draw_needs,
)
from loaders.sample.city_words import CITY_MIX, NEED_TIMES, OFFER_TIMES, TAGS
from loaders.sample.vocabulary import DISTRICT

_LONGEST_CLAIMS = 200
_MONTHS = 12
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class CityTable:
    """One table: its headers, how many rows it has, and its columns of cells, chunk by chunk."""

    name: str
    headers: tuple[str, ...]
    rows: int
    chunks: Callable[[], Iterator[list[Column]]]


def city_tables(plan: CityPlan, homes: Neighbourhoods, units: Units, offers: Offers) -> list[CityTable]:
    """Give all tables of a city in the order in which references point backwards."""
    source = f"synthetic (linli sample city --seed {plan.seed})"
    subdistrict_of_unit = homes.subdistrict[units.neighbourhood]
    small = {
        "areas": _areas(homes),
        "units": _units(plan, homes, units, offers),
        "branches": _branches(plan, homes, units),
        "alliances": _alliances(homes, subdistrict_of_unit),
        "members": _members(plan, homes, subdistrict_of_unit),
        "stations": _stations(homes),
        "offers": _offers(plan, homes, units, offers),
        "projects": _projects(plan, homes),
        "pairings": _pairings(plan, homes, units),
        "claims": _claims(plan, homes, units, offers),
    }
    tables = [_whole(name, columns, source) for name, columns in small.items()]
    return [*tables[:8], _needs_table(plan, homes, units, source), *tables[8:]]


def unit_ids(rows: Ints) -> Column:
    """Ids of units by row."""
    return [f"u{row + 1:05}" for row in rows.tolist()]


def _whole(name: str, columns: dict[str, Column], source: str) -> CityTable:
    rows = len(next(iter(columns.values())))
    cells = [*columns.values(), [source] * rows]
    return CityTable(name, (*columns, "source"), rows, lambda: iter([cells]))


def _optional(values: Ints) -> Column:
    """Whole numbers as cells; -1 is an empty one."""
    return [None if value < 0 else value for value in values.tolist()]


def _areas(homes: Neighbourhoods) -> dict[str, Column]:
    count = homes.subdistrict_code.size
    members = np.bincount(homes.subdistrict, minlength=count)

    def total(values: Ints) -> Column:
        sums = np.rint(np.bincount(homes.subdistrict, weights=values, minlength=count)).astype(np.int64)
        return [int(values.sum()), *sums.tolist(), *values.tolist()]

    def middle(axis: np.ndarray) -> Column:
        means = np.round(np.bincount(homes.subdistrict, weights=axis, minlength=count) / members, 6)
        return [round(float(axis.mean()), 6), *means.tolist(), *axis.tolist()]

    parents = homes.subdistrict_code[homes.subdistrict].tolist()
    return {
        "id": [DISTRICT_CODE, *homes.subdistrict_code.tolist(), *homes.code.tolist()],
        "name": [DISTRICT, *(f"示例{row + 1}街道" for row in range(count)), *homes.name.tolist()],
        "level": ["district", *["subdistrict"] * count, *["neighbourhood"] * homes.code.size],
        "parent": ["", *[DISTRICT_CODE] * count, *parents],
        "lon": middle(homes.lon),
        "lat": middle(homes.lat),
        "population": total(homes.population),
        "over60": total(homes.over60),
    }


def _units(plan: CityPlan, homes: Neighbourhoods, units: Units, offers: Offers) -> dict[str, Column]:
    rng = plan.generator(4)
    stated = np.bincount(offers.unit, weights=np.maximum(offers.places, 1), minlength=plan.units)
    capacity = np.maximum(1, np.rint(stated * rng.uniform(0.75, 1.1, plan.units))).astype(np.int64)
    capacity[rng.random(plan.units) < 0.7] = -1
    claims = np.where(rng.random(plan.units) < 0.5, rng.integers(1, 5, plan.units), -1)
    kinds = [CITY_MIX[mix].unit_kind for mix in units.mix.tolist()]
    names = homes.name[units.neighbourhood].tolist()
    return {
        "id": unit_ids(np.arange(plan.units)),
        "name": [
            f"{name}{kind}{row}" for row, (name, kind) in enumerate(zip(names, kinds, strict=True), start=1)
        ],
        "kind": kinds,
        "area": homes.code[units.neighbourhood].tolist(),
        "lon": units.lon.tolist(),
        "lat": units.lat.tolist(),
        "capacity": _optional(capacity),
        "max_claims": _optional(claims),
    }


def _branches(plan: CityPlan, homes: Neighbourhoods, units: Units) -> dict[str, Column]:
    """A branch a neighbourhood, one for half of the units, and a joint one a subdistrict for some others."""
    rng = plan.generator(5)
    own = rng.random(plan.units) < 0.5
    names = [f"{name}居民区党总支" for name in homes.name.tolist()]
    member_units: Column = [""] * len(names)
    areas: Column = homes.code.tolist()
    for row in np.flatnonzero(own).tolist():
        names.append(f"第{row + 1}号单位党支部")
        member_units.append(f"u{row + 1:05}")
        areas.append(homes.code[units.neighbourhood[row]])
    subdistrict = homes.subdistrict[units.neighbourhood]
    for number, code in enumerate(homes.subdistrict_code.tolist()):
        joined = np.flatnonzero((subdistrict == number) & ~own)[:5]
        if joined.size > 1:
            names.append(f"示例{number + 1}街道联合党支部")
            member_units.append(";".join(unit_ids(joined)))
            areas.append(code)
    return {
        "id": [f"b{row:06}" for row in range(1, len(names) + 1)],
        "name": names,
        "units": member_units,
        "area": areas,
        "members": rng.integers(3, 180, len(names)).tolist(),
        "coverage": ["" if not text else "联" if ";" in text else "建" for text in member_units],
    }


def _alliances(homes: Neighbourhoods, subdistrict_of_unit: Ints) -> dict[str, Column]:
    stages = ("培育", "建立", "巩固", "提高")
    count = homes.subdistrict_code.size
    chair: Column = [""] * count
    for unit, subdistrict in reversed(list(enumerate(subdistrict_of_unit.tolist()))):
        chair[subdistrict] = f"u{unit + 1:05}"
    return {
        "id": [f"a{number:04}" for number in range(count + 1)],
        "name": ["示例区邻里联盟", *(f"示例{number + 1}街道分会" for number in range(count))],
        "parent": ["", *["a0000"] * count],
        "kind": ["联席会", *["分会"] * count],
        "stage": [stages[2], *(stages[number % len(stages)] for number in range(count))],
        "area": [DISTRICT_CODE, *homes.subdistrict_code.tolist()],
        "chair": ["", *chair],
    }


def _members(plan: CityPlan, homes: Neighbourhoods, subdistrict_of_unit: Ints) -> dict[str, Column]:
    joined = np.flatnonzero(plan.generator(6).random(plan.units) < 0.8)
    bodies = np.concatenate([homes.subdistrict, subdistrict_of_unit[joined]])
    return {
        "alliance": [f"a{number + 1:04}" for number in bodies.tolist()],
        "party": [*homes.code.tolist(), *unit_ids(joined)],
        "role": ["成员"] * bodies.size,
    }


def _stations(homes: Neighbourhoods) -> dict[str, Column]:
    """A station in every fifth neighbourhood."""
    rows = np.arange(0, homes.code.size, 5)
    return {
        "id": [f"s{number:05}" for number in range(1, rows.size + 1)],
        "name": [f"{name}党群服务站" for name in homes.name[rows].tolist()],
        "party": homes.code[rows].tolist(),
        "area": homes.code[rows].tolist(),
        "lon": homes.lon[rows].tolist(),
        "lat": homes.lat[rows].tolist(),
        "reach_m": [800] * rows.size,
    }


def _offers(plan: CityPlan, homes: Neighbourhoods, units: Units, offers: Offers) -> dict[str, Column]:
    rng = plan.generator(7)
    count = offers.unit.size
    kind = rng.random(count)
    per = np.where((kind < 0.1) & (offers.places >= _MONTHS), _MONTHS, 1)
    per = np.where((kind > 0.95) & (offers.places >= _QUARTERS), _QUARTERS, per)
    areas = homes.subdistrict_code[homes.subdistrict[units.neighbourhood[offers.unit]]]
    grouped = np.array([mix.people is not None for mix in CITY_MIX])[offers.mix]
    smallest, largest = np.array([mix.people or (1, 1) for mix in CITY_MIX])[offers.mix].T
    most = smallest + np.rint((largest - smallest) * rng.uniform(0.4, 1.2, count)).astype(np.int64)
    has_tag = [rng.random(count) < met for _, _, met in TAGS]
    # Advice and lessons can be given from afar; nobody mends a pipe on the phone.
    distant = np.array([mix.category in {"legal", "enterprise", "employment"} for mix in CITY_MIX])[
        offers.mix
    ]
    remote = distant & np.isinf(offers.reach_m)
    mode = np.where(remote, "remote", np.where(rng.random(count) < 0.55, "visit", "site"))
    number = np.arange(1, count + 1)
    titles = [
        CITY_MIX[mix].titles[row % len(CITY_MIX[mix].titles)] for row, mix in enumerate(offers.mix.tolist())
    ]
    return {
        "id": [f"o{row:06}" for row in number.tolist()],
        "title": titles,
        "unit": unit_ids(offers.unit),
        "category": CATEGORIES[offers.mix].tolist(),
        "capacity": _optional(np.where(offers.places < 0, -1, offers.places // per)),
        "per": np.where(per == _MONTHS, "month", np.where(per == _QUARTERS, "quarter", "round")).tolist(),
        "mode": mode.tolist(),
        "reach_m": ["any" if np.isinf(m) else None if m < 0 else int(m) for m in offers.reach_m.tolist()],
        "reach_areas": np.where(offers.reach_m < 0, areas, "").tolist(),
        "tags": _tags(has_tag),
        "min_people": _optional(np.where(grouped, smallest, -1)),
        "max_people": _optional(np.where(grouped, most, -1)),
        "times": [OFFER_TIMES[row][0] for row in offers.times.tolist()],
    }


def _tags(has_tag: list[np.ndarray]) -> Column:
    names = [name for name, *_ in TAGS]
    texts = [
        ";".join(name for bit, name in enumerate(names) if code >> bit & 1) for code in range(2 ** len(names))
    ]
    codes = sum((held.astype(np.int64) << bit for bit, held in enumerate(has_tag)), np.zeros(1, np.int64))
    return [texts[code] for code in codes.tolist()]


def _projects(plan: CityPlan, homes: Neighbourhoods) -> dict[str, Column]:
    rng = plan.generator(8)
    count = max(5, plan.units // 6)
    mix = rng.integers(0, len(CITY_MIX), count)
    home = rng.integers(0, homes.code.size, count)
    return {
        "id": [f"p{row:05}" for row in range(1, count + 1)],
        "name": [f"{CITY_MIX[m].titles[0]}共建行动{row}" for row, m in enumerate(mix.tolist(), start=1)],
        "category": CATEGORIES[mix].tolist(),
        "area": homes.code[home].tolist(),
        "lon": homes.lon[home].tolist(),
        "lat": homes.lat[home].tolist(),
        "wanted": rng.choice((1, 2, 3, 4), count, p=(0.4, 0.35, 0.15, 0.1)).tolist(),
        "priority": rng.choice((2, 3, 4), count, p=(0.2, 0.6, 0.2)).tolist(),
    }


def _pairings(plan: CityPlan, homes: Neighbourhoods, units: Units) -> dict[str, Column]:
    """Half of the units with the neighbourhood they lie in; every seventh neighbourhood has no partner."""
    rng = plan.generator(9)
    rows = np.flatnonzero((rng.random(plan.units) < 0.5) & (units.neighbourhood % 7 != 0))
    areas = homes.code[units.neighbourhood[rows]].tolist()
    # The station nearby brought some of them together.
    stations = units.neighbourhood[rows] // 5 + 1
    return {
        "id": [f"t{number:05}" for number in range(1, rows.size + 1)],
        "parties": [f"{unit};{area}" for unit, area in zip(unit_ids(rows), areas, strict=True)],
        "kind": rng.choice(("共建", "帮困", "双结对"), rows.size, p=(0.7, 0.2, 0.1)).tolist(),
        "via": [
            f"s{station:05}" if met else ""
            for station, met in zip(stations.tolist(), (rng.random(rows.size) < 0.15).tolist(), strict=True)
        ],
    }


def _claims(plan: CityPlan, homes: Neighbourhoods, units: Units, offers: Offers) -> dict[str, Column]:
    """Claims on a few needs of the first chunk: most agreed, some declined or waiting; each offer once."""
    columns: dict[str, Column] = {
        name: [] for name in ("id", "target", "by", "offer", "quantity", "status", "why")
    }
    needs = draw_needs(plan, homes, units, 0)
    simple = (needs.times == 0) & (needs.people < 0) & ~np.logical_or.reduce(needs.tags)
    free = np.isfinite(offers.reach_m) & (offers.reach_m > 0) & (offers.places > 0)
    lon, lat = units.lon[offers.unit], units.lat[offers.unit]
    for row in np.flatnonzero(simple)[: min(_LONGEST_CLAIMS, 1 + plan.needs // 200)].tolist():
        metres = distance_m(float(needs.lon[row]), float(needs.lat[row]), lon, lat)
        # A metre less than stated, for the rough distances.
        usable = free & (offers.mix == needs.mix[row]) & (metres * 1.01 + 1 < offers.reach_m)
        if not usable.any():
            continue
        offer = int(np.argmin(np.where(usable, metres, np.inf)))
        free[offer] = False
        number = len(columns["id"])
        status = ("agreed", "agreed", "agreed", "declined", "proposed")[number % 5]
        columns["id"].append(f"c{number + 1:04}")
        columns["target"].append(f"n{row + 1:07}")
        columns["by"].append(f"u{offers.unit[offer] + 1:05}")
        columns["offer"].append(f"o{offer + 1:06}")
        columns["quantity"].append(1)
        columns["status"].append(status)
        columns["why"].append("人手不足" if status == "declined" else "")
    return columns


_NEED_HEADERS = (
    "id", "title", "party", "category", "quantity", "priority", "group", "people", "area", "lon", "lat",
    "tags", "times", "whole", "source",
)  # fmt: skip


def _needs_table(plan: CityPlan, homes: Neighbourhoods, units: Units, source: str) -> CityTable:
    def chunks() -> Iterator[list[Column]]:
        for chunk in range(-(-plan.needs // CHUNK_NEEDS)):
            yield _need_columns(homes, draw_needs(plan, homes, units, chunk), source)

    return CityTable("needs", _NEED_HEADERS, plan.needs, chunks)


def _need_columns(homes: Neighbourhoods, needs: Needs, source: str) -> list[Column]:
    count = needs.mix.size
    times = np.array([text for text, _ in NEED_TIMES], dtype=object)
    # One in twenty of the larger ones is wanted in one piece.
    whole = (needs.quantity > 1) & (np.arange(count) % 20 == 0)
    return [
        [f"n{row:07}" for row in range(needs.row + 1, needs.row + count + 1)],
        needs.title,
        ["" if row < 0 else f"u{row + 1:05}" for row in needs.party.tolist()],
        CATEGORIES[needs.mix].tolist(),
        needs.quantity.tolist(),
        needs.priority.tolist(),
        needs.group,
        _optional(needs.people),
        homes.code[needs.neighbourhood].tolist(),
        needs.lon.tolist(),
        needs.lat.tolist(),
        _tags(needs.tags),
        times[needs.times].tolist(),
        [1 if held else None for held in whole.tolist()],
        [source] * count,
    ]
