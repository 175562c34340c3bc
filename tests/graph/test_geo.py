from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.geo import EARTH_RADIUS_M, chord_of, distance_m, unit_vectors

POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def by_cosines(one: tuple[float, float], other: tuple[float, float]) -> float:
    a, b = (np.array(unit_vectors([lon], [lat]))[0] for lon, lat in (one, other))
    return EARTH_RADIUS_M * math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))


@given(POINTS, POINTS)
def test_distance_agrees_with_the_angle_between_vectors(one, other) -> None:
    assert float(distance_m(*one, *other)) == pytest.approx(by_cosines(one, other), rel=1e-6, abs=1e-2)
    assert float(distance_m(*one, *other)) == float(distance_m(*other, *one))
    assert float(distance_m(*one, *one)) == 0


def test_a_degree_of_a_meridian() -> None:
    assert float(distance_m(121.5, 31, 121.5, 32)) == pytest.approx(math.pi * EARTH_RADIUS_M / 180)


def test_unknown_points_give_unknown_distances() -> None:
    assert np.isnan(distance_m([np.nan, 121.5], [31.2, 31.2], 121.5, 31.2)).tolist() == [True, False]


@given(st.floats(0, 1e7), POINTS)
def test_chords_order_as_arcs_do(arc_m: float, point) -> None:
    lon = point[0]
    there = unit_vectors([lon, lon + math.degrees(arc_m / EARTH_RADIUS_M)], [0.0, 0.0])
    assert float(np.linalg.norm(there[0] - there[1])) == pytest.approx(float(chord_of(arc_m)), abs=1e-9)
