"""A place with three units, for tests of what is told of single needs."""

from __future__ import annotations

from graph.model import Area, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST

RULES = Rules(period=Period(FIRST, LAST))
HERE = {"lon": 121.45, "lat": 31.25}
AREA = Area(id="n1", name="梧桐", lon=121.45, lat=31.25)
UNITS = [
    Unit(id="u1", name="一中", lon=121.451, lat=31.25),
    Unit(id="u2", name="二院", lon=121.453, lat=31.25),
    Unit(id="u3", name="三所", lon=121.456, lat=31.25),
]


def solve_town(records):
    return match(Snapshot.from_records(records), RULES)


def offer(name, unit, **more):
    return Offer(id=name, unit=unit, **{"category": "repair", "capacity": 5, "reach_m": 3000.0} | more)


def town(*records):
    return solve_town([AREA, *UNITS, *records])
