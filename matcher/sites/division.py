"""A town's neighbourhoods divided among its stations, with what each would carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from graph.geo import unit_vectors
from matcher.places import Sites
from matcher.sites.territories import grow_territories

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Who is to be reached: where, and how much each counts.

    Attributes
    ----------
    ids : object array
        Of needs, areas or units.
    weight : int64 array
    sites : Sites
    """

    ids: np.ndarray
    weight: np.ndarray
    sites: Sites

    def take(self, rows: np.ndarray) -> Weighted:
        """Some of them."""
        return Weighted(self.ids[rows], self.weight[rows], self.sites.take(np.asarray(rows)))


def divide_areas(areas: tuple[np.ndarray, Sites], people: Weighted, stations: Sequence[Json]) -> Json:
    """Divide neighbourhoods among stations: all of them, each once, in one piece, evenly as far as that goes.

    Parameters
    ----------
    areas : tuple of object array and Sites
        Ids and points of the neighbourhoods.
    people : Weighted
        What is to be carried; each counts for the neighbourhood whose point is nearest.
    stations : sequence of dict
        With `id`, `name`, `lon` and `lat`; those without a point get none.

    Returns
    -------
    dict
        `stations` [{`id`, `name`, `areas`, `load`, `farthest_m`}], the heaviest first; `heaviest` (the
        largest load) and `least_heaviest` (no division has a lesser one), `status`: `optimal` where they are
        equal, else `heuristic`.
    """
    ids, sites = areas
    placed = [station for station in stations if station["lon"] is not None]
    weight = np.zeros(len(ids))
    if len(ids) and len(people.weight):
        tree = cKDTree(unit_vectors(sites.lon, sites.lat))
        nearest = tree.query(unit_vectors(people.sites.lon, people.sites.lat))[1]
        weight = np.bincount(nearest, people.weight, len(ids)).astype(np.float64)
    lon, lat = (np.array([station[name] for station in placed], dtype=np.float64) for name in ("lon", "lat"))
    found = grow_territories(sites.lon, sites.lat, weight, lon, lat)
    rows = [
        {
            "id": station["id"],
            "name": station["name"],
            "areas": ids[found.owner == at].tolist(),
            "load": int(found.load[at]),
            "farthest_m": round(float(found.farthest_m[at]), 1),
        }
        for at, station in enumerate(placed)
    ]
    heaviest, least = int(found.load.max(initial=0)), int(np.ceil(found.least_heaviest - 1e-9))
    return {
        "stations": sorted(rows, key=lambda row: (-row["load"], row["id"])),
        "heaviest": heaviest,
        "least_heaviest": least,
        "status": "optimal" if heaviest <= least else "heuristic",
    }
