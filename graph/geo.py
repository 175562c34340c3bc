"""Distances on the sphere; coordinates are WGS-84 degrees throughout."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the earth in metres (IUGG)."""


def distance_m(
    lon: ArrayLike, lat: ArrayLike, other_lon: ArrayLike, other_lat: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle distance between points, element by element.

    Parameters
    ----------
    lon, lat, other_lon, other_lat : array_like of float
        WGS-84 degrees; they broadcast against each other. NaN gives NaN.

    Returns
    -------
    ndarray of float64
        Metres, by the haversine formula on a sphere of `EARTH_RADIUS_M`.
    """
    phi, other_phi = np.radians(lat), np.radians(other_lat)
    half_chord = (
        np.sin((other_phi - phi) / 2) ** 2
        + np.cos(phi) * np.cos(other_phi) * np.sin(np.radians(np.subtract(other_lon, lon)) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))), dtype=np.float64)


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Points as unit vectors, in which the nearest by chord is the nearest by great circle.

    Returns
    -------
    ndarray of float64, shape (n, 3)
    """
    lam, phi = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def chord_of(arc_m: ArrayLike) -> NDArray[np.float64]:
    """Chord on the unit sphere that spans an arc of so many metres (half a turn at most)."""
    half = np.minimum(np.asarray(arc_m, float) / (2 * EARTH_RADIUS_M), np.pi / 2)
    return np.asarray(2 * np.sin(half), dtype=np.float64)
