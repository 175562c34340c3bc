"""Coordinates: to WGS-84 and back, and pairs that can't be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.geo import distance_m
from loaders.coordinates import from_wgs84, judge_point, to_wgs84

LON, LAT = st.floats(73.5, 134.5), st.floats(18.5, 53.0)


@given(LON, LAT, st.sampled_from(["gcj02", "bd09"]))
def test_inverse_is_exact_to_a_tenth_of_a_millimetre(lon: float, lat: float, crs: str) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert float(distance_m(lon, lat, *back)) < 0.0001


@pytest.mark.parametrize(("crs", "low", "high"), [("gcj02", 300, 700), ("bd09", 700, 1800)])
def test_shift_in_shanghai_is_some_hundred_metres(crs: str, low: float, high: float) -> None:
    shifted = from_wgs84(121.4737, 31.2304, crs)
    assert low < float(distance_m(121.4737, 31.2304, *shifted)) < high


def test_published_point_of_beijing() -> None:
    """The reference pair that implementations of the shift agree on."""
    lon, lat = from_wgs84(116.404, 39.915, "gcj02")
    assert (float(lon), float(lat)) == (
        pytest.approx(116.41024449916938, abs=1e-9),
        pytest.approx(39.91640428150164, abs=1e-9),
    )


def test_arrays_keep_their_shape_and_wgs84_is_left_alone() -> None:
    lon, lat = np.linspace(121, 122, 5), np.linspace(31, 32, 5)
    assert all(np.array_equal(a, b) for a, b in zip(to_wgs84(lon, lat, "wgs84"), (lon, lat), strict=True))
    assert to_wgs84(lon, lat, "bd09")[0].shape == (5,)
    assert to_wgs84([], [], "gcj02")[0].shape == (0,)


def test_outside_china_gcj02_is_wgs84() -> None:
    lon, lat = to_wgs84(-81.5, 28.5, "gcj02")
    assert (float(lon), float(lat)) == (-81.5, 28.5)


def test_unknown_system_is_refused() -> None:
    with pytest.raises(ValueError, match="epsg"):
        to_wgs84(1, 2, "epsg")


@pytest.mark.parametrize(
    ("lon", "lat", "problem"),
    [
        (121.47, 31.23, None),
        (-81.5, 28.5, None),
        (0, 0, "coordinate_zero"),
        (31.23, 121.47, "coordinate_swapped"),
        (31.23, 75.1, "coordinate_swapped"),
        (1214.7, 31.23, "coordinate_impossible"),
        (121.47, 312.3, "coordinate_impossible"),
    ],
)
def test_judged_pair(lon: float, lat: float, problem: str | None) -> None:
    found = judge_point(lon, lat)
    assert (found.problem if found else None) == problem
