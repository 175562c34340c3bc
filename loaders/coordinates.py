"""Coordinates: telling impossible ones, and bringing GCJ-02 and BD-09 to WGS-84.

GCJ-02 shifts WGS-84 by a published, smooth function inside China and leaves the rest of the world alone;
BD-09 adds a second shift. Neither has a closed inverse: a fixed-point iteration finds the point whose
shifted image is the one given, to 0.03 mm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from loaders.problems import Fault, fault

Degrees = NDArray[np.float64]
_Pair = tuple[Degrees, Degrees]

CHINA: Final = (72.004, 137.8347, 0.8293, 55.8271)
"""West, east, south and north of the box in which GCJ-02 shifts points."""

_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_BD_TURN: Final = np.pi * 3000.0 / 180.0
_ITERATIONS: Final = 12


def judge_point(lon: float, lat: float) -> Fault | None:
    """What is wrong with a pair of degrees: 0,0, swapped or impossible; None if nothing is.

    A pair counts as swapped if it is no point of the world, or of China, and the pair turned round is.
    """
    if lon == 0 and lat == 0:
        return fault("coordinate_zero")
    is_possible = abs(lon) <= 180 and abs(lat) <= 90
    turned = {"first": f"{lat:.10g}", "second": f"{lon:.10g}"}
    if _in_china(lat, lon) and not (is_possible and _in_china(lon, lat)):
        return fault("coordinate_swapped", **turned)
    if is_possible:
        return None
    if abs(lat) <= 180 and abs(lon) <= 90:
        return fault("coordinate_swapped", **turned)
    return fault("coordinate_impossible")


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> _Pair:
    """Bring points of a coordinate system to WGS-84.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees in `crs`.
    crs : str
        `wgs84`, `gcj02` or `bd09`.

    Returns
    -------
    tuple of two float64 arrays
        WGS-84 degrees, within 0.03 mm of the point whose shifted image was given.

    Raises
    ------
    ValueError
        For any other system.
    """
    given = (np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return given if crs == "wgs84" else _invert(_shift_of(crs), given)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> _Pair:
    """The image of WGS-84 points in another system; the reverse of `to_wgs84`."""
    given = (np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return given if crs == "wgs84" else _shift_of(crs)(*given)


def _shift_of(crs: str) -> Callable[[Degrees, Degrees], _Pair]:
    if crs == "gcj02":
        return _wgs84_to_gcj02
    if crs == "bd09":
        return _wgs84_to_bd09
    raise ValueError(f"“{crs}” is none of wgs84, gcj02, bd09")


def _invert(shift: Callable[[Degrees, Degrees], _Pair], image: _Pair) -> _Pair:
    lon, lat = image[0].copy(), image[1].copy()
    for _ in range(_ITERATIONS):
        shifted_lon, shifted_lat = shift(lon, lat)
        step_lon, step_lat = image[0] - shifted_lon, image[1] - shifted_lat
        lon, lat = lon + step_lon, lat + step_lat
        if step_lon.size == 0 or max(np.abs(step_lon).max(), np.abs(step_lat).max()) < 1e-12:
            break
    return lon, lat


def _in_china(lon: float, lat: float) -> bool:
    return CHINA[0] <= lon <= CHINA[1] and CHINA[2] <= lat <= CHINA[3]


def _waves(x: Degrees, factors: tuple[tuple[float, float], ...]) -> Degrees:
    return np.asarray(sum(height * np.sin(x * turn * np.pi) for height, turn in factors), dtype=np.float64)


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> _Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (common + _waves(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (common + _waves(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))) * 2.0 / 3.0
    sine = np.sin(np.radians(lat))
    magic = 1.0 - _ECCENTRICITY_SQUARED * sine * sine
    metres_lat = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    metres_lon = _AXIS_M / np.sqrt(magic) * np.cos(np.radians(lat))
    inside = (lon >= CHINA[0]) & (lon <= CHINA[1]) & (lat >= CHINA[2]) & (lat <= CHINA[3])
    return (
        np.where(inside, lon + np.degrees(east / metres_lon), lon),
        np.where(inside, lat + np.degrees(north / metres_lat), lat),
    )


def _wgs84_to_bd09(lon: Degrees, lat: Degrees) -> _Pair:
    gcj_lon, gcj_lat = _wgs84_to_gcj02(lon, lat)
    radius = np.hypot(gcj_lon, gcj_lat) + 0.00002 * np.sin(gcj_lat * _BD_TURN)
    angle = np.arctan2(gcj_lat, gcj_lon) + 0.000003 * np.cos(gcj_lon * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
