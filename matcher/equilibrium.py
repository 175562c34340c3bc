"""Where people go when ways and crowds both cost: the equilibrium of the rational agent access model.

The equilibrium is the least of a convex function (Beckmann, McGuire and Winsten 1956): the ways of all, and
``N_j**2 / (2 room_j)`` for the people N_j at each site. Point after point moves its people to where they do
best while all others stay, which lowers that function until nobody wants to move.
"""

from __future__ import annotations

import numpy as np

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.matrices import FloatArray

GAP = 1e-8
"""Wardrop gap at which the search ends."""

_MOST_ROUNDS = 60
_MOST_TURNS = 2_000


def find_equilibrium(
    people: FloatArray, room: FloatArray, starts: IntArray, site: IntArray, way: FloatArray
) -> tuple[FloatArray, float]:
    """Find what the people of each point bear, and how far from the equilibrium that is.

    Parameters
    ----------
    people : float64 array (points)
    room : float64 array (sites)
        People at a site that cost one each; above 0 for every site in `site`.
    starts, site, way : arrays
        Sites in reach row by row, and what the way to each costs.

    Returns
    -------
    float64 array (points)
        Infinite for points without a site.
    float
        The Wardrop gap, relative to what all bear.
    """
    going = np.zeros(len(site))
    crowd = np.zeros(len(room))
    points = np.flatnonzero((people > 0) & (np.diff(starts) > 0))
    gap = 0.0
    for _ in range(_MOST_ROUNDS if len(points) else 0):
        for turn in range(5):
            _move_all(points[:: 1 - 2 * (turn % 2)], people, room, starts, site, way, going, crowd)
        gap, margin = _measure(points, people, room, starts, site, way, going, crowd)
        if gap <= GAP:
            break
        _move_undecided(margin, points, people, room, starts, site, way, going, crowd)
    return _bear(room, starts, site, way, crowd), gap


def _move_undecided(
    margin: float,
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> None:
    """Move only people with more than one site that may come to be best, among these, until they settle."""
    entry, count = _list_near(margin, points, room, starts, site, way, going, crowd)
    undecided = count > 1
    part = np.concatenate([[0], np.cumsum(count[undecided])])
    entry = entry[np.repeat(undecided, count)]
    some, near, cost, part_going = people[points[undecided]], site[entry], way[entry], going[entry]
    rows = np.arange(len(some))
    for turn in range(_MOST_TURNS):
        _move_all(rows[:: 1 - 2 * (turn % 2)], some, room, part, near, cost, part_going, crowd)
        # Measuring costs as much as moving, so it is done now and then.
        if turn % 20 == 19 and _measure_part(rows, some, room, part, near, cost, part_going, crowd) < GAP / 4:
            break
    going[entry] = part_going


@compiled
def _move_all(
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> None:
    """Let the people of one point after another go where they do best while all others stay."""
    for point in points:
        first, last = starts[point], starts[point + 1]
        least = np.inf
        for k in range(first, last):
            j = site[k]
            crowd[j] -= going[k]
            alone = way[k] + max(crowd[j], 0.0) / room[j] + people[point] / room[j]
            least = min(least, alone)
        # The level that all could bear falls to where just all find room (Newton on a convex function).
        level = least
        while True:
            filled = 0.0
            slope = 0.0
            for k in range(first, last):
                j = site[k]
                below = level - way[k] - max(crowd[j], 0.0) / room[j]
                if below > 0:
                    filled += below * room[j]
                    slope += room[j]
            if slope == 0.0:
                break
            lower = level - (filled - people[point]) / slope
            if not lower < level:
                break
            level = lower
        total = 0.0
        for k in range(first, last):
            j = site[k]
            going[k] = max(0.0, (level - way[k]) * room[j] - max(crowd[j], 0.0))
            total += going[k]
        for k in range(first, last):
            going[k] *= people[point] / total
            crowd[site[k]] += going[k]


@compiled
def _measure(
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> tuple[float, float]:
    """Add crowds up anew; give the gap, and how much dearer a site may be that could yet be best."""
    crowd[:] = 0.0
    for point in points:
        for k in range(starts[point], starts[point + 1]):
            crowd[site[k]] += going[k]
    gap = _measure_part(points, people, room, starts, site, way, going, crowd)
    excess = 0.0
    level = 0.0
    for point in points:
        least, most = np.inf, 0.0
        for k in range(starts[point], starts[point + 1]):
            here = way[k] + crowd[site[k]] / room[site[k]]
            least = min(least, here)
            if going[k] > 0:
                most = max(most, here)
        excess = max(excess, most - least)
        level += least / len(points)
    return gap, min(2 * excess, 0.02 * level)


@compiled
def _measure_part(
    points: IntArray,
    people: FloatArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> float:
    """Give what people bear beyond the best open to them, relative to what they bear."""
    borne = 0.0
    beyond = 0.0
    for point in points:
        least = np.inf
        for k in range(starts[point], starts[point + 1]):
            least = min(least, way[k] + crowd[site[k]] / room[site[k]])
        borne += people[point] * least
        for k in range(starts[point], starts[point + 1]):
            beyond += going[k] * (way[k] + crowd[site[k]] / room[site[k]] - least)
    return beyond / (borne + beyond) if beyond > 0 else 0.0


@compiled
def _list_near(
    margin: float,
    points: IntArray,
    room: FloatArray,
    starts: IntArray,
    site: IntArray,
    way: FloatArray,
    going: FloatArray,
    crowd: FloatArray,
) -> tuple[IntArray, IntArray]:
    """List the entries of each point that are in use or cost no more than the best and the margin."""
    entry = np.empty(len(site), np.int64)
    count = np.zeros(len(points), np.int64)
    size = 0
    for at, point in enumerate(points):
        least = np.inf
        for k in range(starts[point], starts[point + 1]):
            least = min(least, way[k] + crowd[site[k]] / room[site[k]])
        for k in range(starts[point], starts[point + 1]):
            if going[k] > 0 or way[k] + crowd[site[k]] / room[site[k]] <= least + margin:
                entry[size] = k
                size += 1
                count[at] += 1
    return entry[:size].copy(), count


@compiled
def _bear(
    room: FloatArray, starts: IntArray, site: IntArray, way: FloatArray, crowd: FloatArray
) -> FloatArray:
    """Give the least that somebody of each point would bear."""
    least = np.full(len(starts) - 1, np.inf)
    for point in range(len(least)):
        for k in range(starts[point], starts[point + 1]):
            least[point] = min(least[point], way[k] + crowd[site[k]] / room[site[k]])
    return least
