"""How far offers reach: by metres, by areas, or everyone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.geo import distance_m
from matcher.instance import Bools, Demand, Floats, Ints, Supply
from matcher.places import AreaTree


class Reached(NamedTuple):
    """What reach says about pairs, element by element.

    Attributes
    ----------
    known : ndarray of bool
        It can be judged: no place is needed, or metres can be measured, or the need's area is known where
        areas are named.
    reached : ndarray of bool
        The need lies within the metres or within one of the areas; either is enough.
    distance_m : ndarray of float64
        Great-circle metres between both points; NaN where one is unknown.
    """

    known: Bools
    reached: Bools
    distance_m: Floats


def judge_reach(demand: Demand, supply: Supply, tree: AreaTree, need: Ints, offer: Ints) -> Reached:
    """Judge pairs of need rows and offer rows."""
    here, there = demand.sites, supply.sites
    metres = distance_m(here.lon[need], here.lat[need], there.lon[offer], there.lat[offer])
    measured = ~np.isnan(metres) & ~np.isnan(supply.reach_m[offer])
    area = here.area[need]
    named = np.zeros(len(need), dtype=bool)
    inside = np.zeros(len(need), dtype=bool)
    for column in range(supply.reach_areas.shape[1]):
        reach_area = supply.reach_areas[offer, column]
        named |= reach_area >= 0
        inside |= tree.is_within(area, reach_area)
    everyone = supply.reach_all[offer]
    with np.errstate(invalid="ignore"):
        reached = everyone | inside | (measured & (metres <= supply.reach_m[offer]))
    return Reached(everyone | measured | (named & (area >= 0)), reached, metres)
