"""Territories: which areas each station looks after, in one piece, without overlap, evenly (就近连片).

Areas that lie beside each other are told by their points: two are neighbours where the circle over the line
between them holds no third (Gabriel and Sokal 1969). Each area first goes to the station nearest by ways from
neighbour to neighbour, so that territories are connected; then areas at the edge go over to lighter
neighbours as long as that makes the heavier one lighter and leaves it connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from graph.geo import distance_m
from matcher.arrays import BoolArray, IntArray
from matcher.matrices import FloatArray

_BRUTE = 300
# Up to so many points every pair is looked at; beyond it those of a triangulation.


@dataclass(frozen=True, slots=True, eq=False)
class Territories:
    """Who looks after which area.

    Attributes
    ----------
    owner : int64 array (areas)
        The station of each area; -1 where there are no stations.
    load : float64 array (stations)
        Weight of its areas.
    farthest_m : float64 array (stations)
        Metres to the farthest of its areas; 0 where it has none.
    least_heaviest : float
        No division has a heaviest territory below this: an even share, or the heaviest area.
    """

    owner: IntArray
    load: FloatArray
    farthest_m: FloatArray
    least_heaviest: float


def find_neighbours(lon: FloatArray, lat: FloatArray) -> list[list[int]]:
    """List the neighbours of each point; the whole is connected.

    Points at one place are neighbours of each other.
    """
    x = np.radians(lon) * np.cos(np.radians(np.mean(lat) if len(lat) else 0.0))
    points = np.column_stack([x, np.radians(lat)])
    count = len(points)
    found: list[set[int]] = [set() for _ in range(count)]
    for one, other in _list_pairs(points):
        middle = (points[one] + points[other]) / 2
        radius = ((points[one] - points[other]) ** 2).sum() / 4
        inside = ((points - middle) ** 2).sum(axis=1) < radius * (1 - 1e-9)
        if not inside.any():
            found[one].add(other)
            found[other].add(one)
    return [sorted(some) for some in found]


def _list_pairs(points: FloatArray) -> list[tuple[int, int]]:
    count = len(points)
    if count <= _BRUTE:
        return [(one, other) for one in range(count) for other in range(one + 1, count)]
    from scipy.spatial import Delaunay

    # Joggled, so that points in a row or at one place are no obstacle.
    corners = Delaunay(points, qhull_options="QJ").simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    return [(int(one), int(other)) for one, other in np.unique(pairs, axis=0)]


def grow_territories(
    lon: FloatArray, lat: FloatArray, weight: FloatArray, station_lon: FloatArray, station_lat: FloatArray
) -> Territories:
    """Divide areas among stations.

    Parameters
    ----------
    lon, lat : float64 arrays (areas)
        Their points.
    weight : float64 array (areas)
        People, or places; at least 0.
    station_lon, station_lat : float64 arrays (stations)

    Returns
    -------
    Territories
        Every area belongs to one station, each territory is connected, and each station has at least its
        nearest area as long as there are enough. How even they are is a heuristic's, bounded by
        `least_heaviest`.
    """
    areas, stations = len(lon), len(station_lon)
    metres = distance_m(lon[:, None], lat[:, None], station_lon[None], station_lat[None])
    if not stations or not areas:
        return Territories(np.full(areas, -1), np.zeros(stations), np.zeros(stations), 0.0)
    neighbours = find_neighbours(lon, lat)
    seeds = _choose_seeds(metres)
    owner = _grow(neighbours, lon, lat, seeds)
    is_seed = np.zeros(areas, np.bool_)
    is_seed[[seed for seed in seeds if seed >= 0]] = True
    load = np.bincount(owner, weight, stations).astype(np.float64)
    _balance(neighbours, owner, load, weight, is_seed)
    own_m = metres[np.arange(areas), owner]
    farthest = np.zeros(stations)
    np.maximum.at(farthest, owner, own_m)
    least = max(float(weight.sum()) / stations, float(weight.max()))
    return Territories(owner, load, farthest, least)


def _choose_seeds(metres: FloatArray) -> list[int]:
    """The area that each station begins with: its nearest that is free, the nearest first; -1: none."""
    areas, stations = metres.shape
    seeds, taken = [-1] * stations, np.zeros(areas, np.bool_)
    order = np.argsort(metres, axis=None, kind="stable")
    left = min(areas, stations)
    for at in order.tolist():
        area, station = divmod(at, stations)
        if not taken[area] and seeds[station] < 0:
            seeds[station], taken[area] = area, True
            left -= 1
            if not left:
                break
    return seeds


def _grow(neighbours: list[list[int]], lon: FloatArray, lat: FloatArray, seeds: list[int]) -> IntArray:
    """Give each area to the seed with the shortest way from neighbour to neighbour (Dijkstra 1959)."""
    owner = np.full(len(lon), -1, np.int64)
    heap = [(0.0, station, seed) for station, seed in enumerate(seeds) if seed >= 0]
    heapify(heap)
    while heap:
        way, station, area = heappop(heap)
        if owner[area] >= 0:
            continue
        owner[area] = station
        for other in neighbours[area]:
            if owner[other] < 0:
                step = float(distance_m(lon[area], lat[area], lon[other], lat[other]))
                heappush(heap, (way + step, station, other))
    return owner


def _balance(
    neighbours: list[list[int]], owner: IntArray, load: FloatArray, weight: FloatArray, is_seed: BoolArray
) -> None:
    """Let areas at the edge go over to lighter neighbours while that makes the heavier of the two lighter."""
    moved = True
    while moved:
        moved = False
        for station in np.argsort(-load, kind="stable").tolist():
            best: tuple[float, int, int] | None = None
            for area in np.flatnonzero((owner == station) & ~is_seed & (weight > 0)).tolist():
                for other in {int(owner[near]) for near in neighbours[area]} - {station}:
                    after = max(load[station] - weight[area], load[other] + weight[area])
                    is_better = after < load[station] - 1e-9 and (best is None or after < best[0])
                    if is_better and _stays_connected(neighbours, owner, area):
                        best = (float(after), area, other)
            if best is not None:
                _, area, other = best
                owner[area] = other
                load[station] -= weight[area]
                load[other] += weight[area]
                moved = True
                break


def _stays_connected(neighbours: list[list[int]], owner: IntArray, area: int) -> bool:
    """Whether a territory stays in one piece without an area."""
    station = owner[area]
    mine = {int(other) for other in np.flatnonzero(owner == station)} - {area}
    if not mine:
        return False
    stack = [next(iter(mine))]
    seen = set(stack)
    while stack:
        for near in neighbours[stack.pop()]:
            if near in mine and near not in seen:
                seen.add(near)
                stack.append(near)
    return len(seen) == len(mine)
