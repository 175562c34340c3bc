"""Small made-up towns for property tests: every column of the lists, little of each, plenty of clashes."""

from __future__ import annotations

import json
from datetime import date
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from graph.model import (
    Alliance,
    Area,
    Branch,
    Claim,
    Need,
    Offer,
    Pairing,
    Project,
    Record,
    Station,
    Unit,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

AREAS = ("d1", "s1", "s2", "n1", "n2", "n3", "b1")
UNITS = ("u1", "u2", "u3", "u4")
PARTIES = (*UNITS, "br1", "br2", "n1", "n2", "st1", "al1", "resident-1")
CATEGORIES = ("health", "health", "health", "health.tcm", "health.tcm", "repair", "other")
TIMES = (
    "",
    "",
    "",
    "",
    "Mo-Fr 09:00-17:00",
    "Sa",
    "Th 13:00-18:00",
    "09:00-09:20",
    "07-01..08-31",
    "2026-05-01",
)

_GRID = (0.0, 0.004, 0.009, 0.013, 0.031)
_DATES = (
    *[(None, None)] * 9,
    (date(2025, 6, 1), date(2026, 2, 10)),
    (date(2026, 3, 1), None),
    (None, date(2025, 12, 31)),
    (date(2026, 4, 15), date(2026, 5, 20)),
    (date(2026, 5, 1), date(2026, 5, 1)),
    (date(2027, 1, 1), None),
)


# How many towns a property draws: matching one takes a tenth of a second, so a third of a profile's examples.
few = settings(max_examples=settings().max_examples // 3)


class _Dice:
    """Draws the cells of a town."""

    def __init__(self, random: Random) -> None:
        self.one_of = random.choice
        self.between = random.randint
        self.shuffle = random.shuffle
        self._random = random

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def maybe(self, values, share: float = 0.5):
        return self.one_of(values) if self.chance(share) else None

    def some(self, values, most: int = 2) -> tuple[str, ...]:
        return tuple(self._random.sample(values, self.between(0, most)))

    def validity(self):
        first, last = self.one_of(_DATES)
        return {"valid_from": first, "valid_to": last}

    def point(self, share: float = 0.75):
        if not self.chance(share):
            return {"lon": None, "lat": None}
        return {
            "lon": 121.45 + self.one_of(_GRID),
            "lat": 31.25 + self.one_of(_GRID),
            "precision": self.one_of(("exact", "exact", "street", "area")),
        }


def _areas(dice: _Dice) -> list[Record]:
    square = [[121.449, 31.249], [121.456, 31.249], [121.456, 31.256], [121.449, 31.256], [121.449, 31.249]]
    outline = json.dumps({"type": "Polygon", "coordinates": [square]})
    above = {"s1": "d1", "s2": "d1", "n1": "s1", "n2": "s1", "n3": "s2"}
    levels = {"d1": "district", "s1": "subdistrict", "s2": "subdistrict", "b1": "building"}
    return [
        Area(
            id=name,
            name=name,
            level=levels.get(name, "neighbourhood"),
            parent=above.get(name),
            outline=outline if name == "n1" and dice.chance(0.5) else None,
            **dice.point(),
        )
        for name in AREAS
    ]


def _parties(dice: _Dice) -> list[Record]:
    units = [
        Unit(
            id=name,
            name=name,
            area=dice.maybe(AREAS),
            capacity=dice.maybe(range(5), 0.4),
            max_claims=dice.maybe(range(3)),
            **dice.point(),
            **(dice.validity() if name == "u4" else {}),
        )
        for name in UNITS
    ]
    return [
        *units,
        Branch(id="br1", name="br1", area=dice.maybe(AREAS), units=("u1",)),
        Branch(id="br2", name="br2", area=dice.maybe(AREAS), units=dice.some(UNITS)),
        Station(id="st1", name="st1", area=dice.maybe(AREAS), **dice.point()),
        Alliance(id="al1", name="al1", area=dice.maybe(AREAS)),
    ]


def _offer(dice: _Dice, name: str) -> Offer:
    least = dice.maybe(range(1, 20), 0.2)
    category = dice.one_of(CATEGORIES)
    return Offer(
        id=name,
        unit=dice.one_of((*UNITS, *UNITS, *PARTIES)),
        category=category,
        list_category=dice.one_of(("", "甲", "乙")) if category == "other" else "",
        capacity=dice.maybe(range(5), 0.6),
        per=dice.one_of(("round", "round", "round", "month", "quarter", "year")),
        mode=dice.one_of(("visit", "site", "visit", "site", "visit", "remote")),
        reach_m=dice.maybe((3000.0, 1000.0, 500.0, 0.0)),
        reach_any=dice.chance(0.1),
        reach_areas=dice.some((*AREAS, "unheard-of")) if dice.chance(0.3) else (),
        tags=dice.some(("无障碍", "夜间", "双语"), most=3),
        min_people=least,
        max_people=None if least is None or dice.chance(0.5) else least + dice.between(0, 20),
        times=dice.one_of(TIMES),
        measure=dice.one_of(["places"] * 9 + ["yuan"]),
        status=dice.one_of(["open"] * 9 + ["exhausted", "exhausted", "paused", "closed"]),
        **dice.point(0.3),
        **dice.validity(),
    )


def _need(dice: _Dice, name: str) -> Need:
    category = dice.one_of(CATEGORIES)
    return Need(
        id=name,
        party=dice.maybe(PARTIES, 0.6),
        category=category,
        list_category=dice.one_of(("", "甲", "乙")) if category == "other" else "",
        quantity=dice.between(1, 4),
        priority=dice.between(1, 5),
        people=dice.maybe(range(1, 30)),
        area=dice.maybe((*AREAS, "unheard-of"), 0.6),
        tags=dice.some(("无障碍", "夜间")) if dice.chance(0.25) else (),
        times=dice.one_of(TIMES),
        measure=dice.one_of(["places"] * 9 + ["yuan"]),
        whole=dice.chance(0.15),
        referred_to="城管" if dice.chance(0.05) else "",
        status=dice.one_of(["open"] * 12 + ["reported", "claimed", "served", "withdrawn"]),
        **dice.point(),
        **dice.validity(),
    )


def _project(dice: _Dice, name: str) -> Project:
    return Project(
        id=name,
        name=name,
        category=dice.maybe(CATEGORIES),
        wanted=dice.between(1, 3),
        priority=dice.between(1, 5),
        area=dice.maybe(AREAS),
        status=dice.one_of(["open"] * 5 + ["closed"]),
        **dice.point(),
        **dice.validity(),
    )


def _claim(dice: _Dice, name: str, targets: dict[str, list[str]], offers: list[Offer]) -> Claim:
    table = dice.one_of(["needs"] * 4 + ["projects", "offers"])
    offer = dice.maybe(offers, 0.7) if offers else None
    return Claim(
        id=name,
        target=dice.one_of(targets[table] or ["unheard-of"]),
        target_table=table,
        by=offer.unit if offer and table != "offers" else dice.one_of(PARTIES),
        offer=dice.one_of([offer.id, None, None, "unheard-of"]) if offer and table == "needs" else None,
        quantity=dice.maybe(range(1, 4)),
        status=dice.one_of(("agreed", "agreed", "declined", "declined", "done", "proposed", "lapsed")),
        notes=dice.one_of(((), (), (("made_on", "2025-03-01"),), (("made_on", "2026-03-01"),))),
        **dice.validity(),
    )


def make_town(
    random: Random, needs: int, offers: int, projects: int, claims: int, pairings: int
) -> list[Record]:
    """Draw all records of a town, in no order."""
    dice = _Dice(random)
    targets = {
        table: [f"{table[:-1]}{i}" for i in range(count)]
        for table, count in (("needs", needs), ("offers", offers), ("projects", projects))
    }
    records: list[Record] = [*_areas(dice), *_parties(dice)]
    records += [_need(dice, name) for name in targets["needs"]]
    offered = [_offer(dice, name) for name in targets["offers"]]
    records += offered
    records += [_project(dice, name) for name in targets["projects"]]
    records += [_claim(dice, f"claim{i}", targets, offered) for i in range(claims)]
    for i in range(pairings):
        parties = random.sample(PARTIES, dice.between(2, 3))
        records.append(Pairing(id=f"pairing{i}", parties=tuple(parties), via="u4", **dice.validity()))
    dice.shuffle(records)
    return records


def towns(needs: int = 8, offers: int = 10, projects: int = 2, claims: int = 5, pairings: int = 3):
    """Draw towns of at most so many rows.

    Cells come from a seed, since independent draws leave most towns without any pair.
    """
    sizes = (st.integers((most + 1) // 2, most) for most in (needs, offers, projects, claims, pairings))
    return st.builds(make_town, st.randoms(use_true_random=True), *sizes)
