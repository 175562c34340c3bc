"""Where needs and offers are: points, areas, and the nesting of areas."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]

PARTY_ORDER: Final = ("units", "branches", "areas", "stations", "alliances")
"""Tables in which a party's id is looked up, the first that has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Where rows are: points in WGS-84 degrees and rows of the table `areas`.

    Attributes
    ----------
    lon, lat : ndarray of float64
        NaN where no point is known.
    estimate : ndarray of bool
        The point only stands for an area.
    area, subdistrict : ndarray of int64
        Rows of the table `areas`: the smallest one known, and the sub-district above it; -1: unknown.
    """

    lon: Floats
    lat: Floats
    estimate: Bools
    area: Ints
    subdistrict: Ints

    def take(self, rows: Ints) -> Sites:
        """The places of some rows; nothing is known of row -1."""
        known = rows >= 0
        if not len(self.lon):
            empty = np.full(len(rows), np.nan)
            return Sites(empty, empty, known, np.full(len(rows), -1), np.full(len(rows), -1))
        return Sites(
            lon=np.where(known, self.lon[rows], np.nan),
            lat=np.where(known, self.lat[rows], np.nan),
            estimate=known & self.estimate[rows],
            area=np.where(known, self.area[rows], -1),
            subdistrict=np.where(known, self.subdistrict[rows], -1),
        )

    @property
    def has_point(self) -> Bools:
        """Whether a point is known."""
        return ~np.isnan(self.lon)


class AreaTree:
    """The nesting of a snapshot's areas, for asking what lies below what.

    Attributes
    ----------
    enter, leave : ndarray of int64
        Area b lies in area a, or is it, where ``enter[a] <= enter[b] < leave[a]``.
    subdistrict : ndarray of int64
        Row of the sub-district that holds each area, or is it; -1: none.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        count = snapshot.count("areas")
        self.snapshot = snapshot
        parent = snapshot.rows_of("areas", snapshot.column("areas", "parent"))
        children: list[list[int]] = [[] for _ in range(count)]
        for row, above in enumerate(parent.tolist()):
            if above >= 0 and above != row:
                children[above].append(row)
        self.enter, self.leave, self.subdistrict = (np.full(count, -1, dtype=np.int64) for _ in range(3))
        self._clock = 0
        levels = snapshot.column("areas", "level")
        roots = [row for row in range(count) if parent[row] < 0 or parent[row] == row]
        # Rows left over lie on a ring of parents; each such ring is entered somewhere and cut there.
        for root in (*roots, *range(count)):
            if self.enter[root] < 0:
                self._walk(root, children, levels)

    def _walk(self, root: int, children: list[list[int]], levels: Texts) -> None:
        stack = [(root, -1, False)]
        while stack:
            row, above, done = stack.pop()
            if done:
                self.leave[row] = self._clock
                continue
            if self.enter[row] >= 0:
                continue
            self.enter[row] = self._clock
            self._clock += 1
            self.subdistrict[row] = row if levels[row] == "subdistrict" else above
            stack.append((row, above, True))
            stack.extend((child, int(self.subdistrict[row]), False) for child in children[row])

    def is_within(self, area: Ints, ancestor: Ints) -> Bools:
        """Whether areas lie in others or are them, element by element; row -1 is in nothing."""
        if not self.enter.size:
            return np.zeros(np.broadcast(area, ancestor).shape, dtype=bool)
        inside = (self.enter[ancestor] <= self.enter[area]) & (self.enter[area] < self.leave[ancestor])
        return np.asarray(inside & (np.asarray(area) >= 0) & (np.asarray(ancestor) >= 0))

    def rows_of(self, ids: Iterable[str | None]) -> Ints:
        """Rows of areas by id; -1 where there is none."""
        return self.snapshot.rows_of("areas", ids)

    def locate(self, lon: Floats, lat: Floats) -> Ints:
        """Smallest area whose outline holds each point; -1 where none does."""
        found = np.full(len(lon), -1, dtype=np.int64)
        if not len(lon):
            return found
        outlines = self.snapshot.column("areas", "outline")
        rows = [row for row in range(len(outlines)) if outlines[row]]
        # Larger areas are entered before those they hold, so that the smallest has the last word.
        for row in sorted(rows, key=lambda row: int(self.enter[row])):
            found[_holds(json.loads(outlines[row]), lon, lat)] = row
        return found


def _holds(geometry: dict[str, Any], lon: Floats, lat: Floats) -> Bools:
    """Which points lie in a GeoJSON polygon or multipolygon, by counting the borders to their east."""
    if geometry.get("type") == "Feature":
        geometry = geometry["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    inside = np.zeros(len(lon), dtype=bool)
    for polygon in polygons:
        odd = np.zeros(len(lon), dtype=bool)
        for ring in polygon:
            x, y = np.asarray([point[:2] for point in ring], dtype=np.float64).T
            near = np.flatnonzero((lon >= x.min()) & (lon <= x.max()) & (lat >= y.min()) & (lat <= y.max()))
            for x0, y0, x1, y1 in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
                crosses = (y0 > lat[near]) != (y1 > lat[near])
                rows = near[crosses]
                odd[rows] ^= lon[rows] < x0 + (lat[rows] - y0) / (y1 - y0) * (x1 - x0)
        inside |= odd
    return inside


def settle(tree: AreaTree, lon: Floats, lat: Floats, estimate: Bools, area: Ints) -> Sites:
    """Complete places: the area from an outline that holds the point, the point from the area."""
    area = area.copy()
    loose = np.flatnonzero((area < 0) & ~np.isnan(lon))
    area[loose] = tree.locate(lon[loose], lat[loose])
    if tree.enter.size:
        points = tree.snapshot.column("areas", "lon"), tree.snapshot.column("areas", "lat")
        bare = np.isnan(lon) & (area >= 0)
        lon, lat = (np.where(bare, of[area], own) for of, own in zip(points, (lon, lat), strict=True))
        estimate = estimate | (bare & ~np.isnan(lon))
        subdistrict = np.where(area >= 0, tree.subdistrict[area], -1)
    else:
        subdistrict = np.full(len(area), -1, dtype=np.int64)
    return Sites(lon, lat, estimate & ~np.isnan(lon), area, subdistrict)


def own_sites(tree: AreaTree, snapshot: Snapshot, table: str) -> Sites:
    """Places of a table's rows by their own columns."""
    lon, lat = snapshot.column(table, "lon"), snapshot.column(table, "lat")
    unknown = np.isnan(lon) | np.isnan(lat)
    area = tree.rows_of(snapshot.column(table, "area"))
    estimate = snapshot.column(table, "precision") == "area"
    return settle(tree, np.where(unknown, np.nan, lon), np.where(unknown, np.nan, lat), estimate, area)


class Parties:
    """Every party by id, and where it is.

    A branch is in its area, else where its unit is if it has just one; an area is in itself, its point an
    estimate; an alliance is in its area.
    """

    def __init__(self, snapshot: Snapshot, tree: AreaTree) -> None:
        sites = {table: _party_sites(snapshot, tree, table) for table in PARTY_ORDER}
        sites["branches"] = _settle_branches(snapshot, sites["branches"], sites["units"])
        self._snapshot = snapshot
        ids = np.concatenate([snapshot.ids(table) for table in PARTY_ORDER])
        self.tables = np.repeat(PARTY_ORDER, [snapshot.count(table) for table in PARTY_ORDER])
        # Of an id that stands in several tables the first row counts: later ones are laid under it.
        self._row_of: dict[str | None, int] = dict(
            zip(reversed(ids.tolist()), reversed(range(len(ids))), strict=True)
        )
        self.sites = Sites(
            *(
                np.concatenate([getattr(sites[table], name) for table in PARTY_ORDER])
                for name in ("lon", "lat", "estimate", "area", "subdistrict")
            )
        )

    def is_valid(self, first: date, last: date) -> Bools:
        """Which parties hold on a day from `first` to `last`."""
        return np.concatenate([self._snapshot.valid(table, first, last) for table in PARTY_ORDER])

    def rows_of(self, ids: Iterable[str | None]) -> Ints:
        """Rows of parties by id; -1: no such party (a resident's pseudonym, say)."""
        return np.array(list(map(self._row_of.get, ids, repeat(-1))), dtype=np.int64)


def _party_sites(snapshot: Snapshot, tree: AreaTree, table: str) -> Sites:
    if table in ("units", "stations"):
        return own_sites(tree, snapshot, table)
    count = snapshot.count(table)
    area = np.arange(count) if table == "areas" else tree.rows_of(snapshot.column(table, "area"))
    nowhere = np.full(count, np.nan)
    return settle(tree, nowhere, nowhere, np.zeros(count, dtype=bool), area)


def _settle_branches(snapshot: Snapshot, branches: Sites, units: Sites) -> Sites:
    """Branches without an area of their own stand where their only unit does."""
    members = snapshot.column("branches", "units")
    only = snapshot.rows_of("units", [names[0] if len(names) == 1 else None for names in members])
    loose = (branches.area < 0) & (only >= 0)
    theirs = units.take(only)
    return Sites(
        *(
            np.where(loose, getattr(theirs, name), getattr(branches, name))
            for name in ("lon", "lat", "estimate", "area", "subdistrict")
        )
    )


def place_rows(
    tree: AreaTree, snapshot: Snapshot, table: str, parties: Sites, *, party_is_area: Bools
) -> Sites:
    """Places of needs (or projects), those without one taking their party's.

    Parameters
    ----------
    parties : Sites
        Place of each row's party.
    party_is_area : ndarray of bool
        A row with a point but no area lies in its party if that is an area.
    """
    own = own_sites(tree, snapshot, table)
    placed = own.has_point | (own.area >= 0)
    here = Sites(
        *(
            np.where(placed, getattr(own, name), getattr(parties, name))
            for name in ("lon", "lat", "estimate", "area", "subdistrict")
        )
    )
    inside = (here.area < 0) & party_is_area
    return Sites(
        here.lon,
        here.lat,
        here.estimate,
        np.where(inside, parties.area, here.area),
        np.where(inside, parties.subdistrict, here.subdistrict),
    )
