"""Catchment measures: plain loops beside them, what each conserves, and what NaN and zero stand for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, csr_matrix

from matcher.access import balanced_fca, enhanced_two_step_fca, raam, three_step_fca, two_step_fca
from matcher.matrices import MatrixError

ZONES = [(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]
Town = tuple[list[float], list[float], np.ndarray]
Measure = Callable[..., Any]


def weigh(cost: float, zones: list[tuple[float, float]]) -> float:
    return next((weight for bound, weight in zones if cost <= bound), 0.0)


def by_hand(town: Town, zones: list[tuple[float, float]], steps: int) -> list[float]:
    """Two or three steps as plain loops."""
    people, places, cost = town
    points, sites = range(len(people)), range(len(places))
    W = [[weigh(cost[i, j], zones) for j in sites] for i in points]
    if steps == 3:
        W = [[w * (w / sum(row)) if w else 0.0 for w in row] for row in W]
    ratio = []
    for j in sites:
        asked = sum(people[i] * W[i][j] for i in points)
        ratio.append(places[j] / asked if asked else 0.0)
    return [sum(W[i][j] * ratio[j] for j in sites) if any(W[i]) else math.nan for i in points]


def balanced_by_hand(town: Town) -> tuple[list[float], list[float]]:
    people, places, cost = town
    points, sites = range(len(people)), range(len(places))
    W = [[weigh(cost[i, j], ZONES) for j in sites] for i in points]
    level = []
    for j in sites:
        asked = sum(people[i] * W[i][j] / sum(W[i]) for i in points if W[i][j])
        level.append(places[j] / asked if asked else 0.0)
    access = [
        sum(level[j] * W[i][j] / sum(W[k][j] for k in points) for j in sites if W[i][j])
        if any(W[i])
        else math.nan
        for i in points
    ]
    return access, level


@st.composite
def towns(draw: st.DrawFn) -> Town:
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    people = draw(st.lists(st.integers(0, 9).map(float), min_size=points, max_size=points))
    places = draw(st.lists(st.integers(0, 5).map(float), min_size=sites, max_size=sites))
    costs = st.sampled_from([0.0, 5.0, 10.0, 10.5, 20.0, 29.0, 30.0, 31.0, math.inf])
    cost = np.array(draw(st.lists(costs, min_size=points * sites, max_size=points * sites)))
    return people, places, cost.reshape(points, sites)


def make_town(points: int, sites: int, seed: int) -> Town:
    rng = np.random.default_rng(seed)
    home, place = rng.random((points, 2)) * 60, rng.random((sites, 2)) * 60
    cost = np.hypot(*(home[:, None] - place[None]).T).T
    cost[cost > 35] = np.inf
    return rng.integers(1, 50, points).astype(float), rng.integers(1, 9, sites).astype(float), cost  # type: ignore[return-value]


@given(towns())
def test_steps_are_what_plain_loops_give(town: Town) -> None:
    same = pytest.approx
    assert two_step_fca(*town, catchment=20).tolist() == same(by_hand(town, [(20, 1)], 2), nan_ok=True)
    assert enhanced_two_step_fca(*town, zones=ZONES).tolist() == same(by_hand(town, ZONES, 2), nan_ok=True)
    assert three_step_fca(*town, zones=ZONES).tolist() == same(by_hand(town, ZONES, 3), nan_ok=True)
    assert balanced_fca(*town, zones=ZONES).tolist() == same(balanced_by_hand(town)[0], nan_ok=True)


@given(towns())
def test_what_each_conserves(town: Town) -> None:
    people, places, cost = town
    weight = np.array([[weigh(c, ZONES) for c in row] for row in cost])
    reached = (weight * np.array(people)[:, None]).sum(axis=0) > 0
    supply = np.array(places)[reached].sum()
    for measure in (enhanced_two_step_fca, three_step_fca):
        assert np.nansum(measure(*town, zones=ZONES) * people) == pytest.approx(supply)
    near = (np.array(people)[:, None] * (cost <= 20)).sum(axis=0) > 0
    got = np.nansum(two_step_fca(*town, catchment=20) * people)
    assert got == pytest.approx(np.array(places)[near].sum())
    assert np.nansum(balanced_fca(*town, zones=ZONES)) == pytest.approx(sum(balanced_by_hand(town)[1]))


@given(towns())
def test_nan_is_out_of_reach_and_zero_is_reached_but_empty(town: Town) -> None:
    people, _, cost = town
    nothing = np.zeros(cost.shape[1])
    for run in (
        lambda supply: two_step_fca(people, supply, cost, catchment=30),
        lambda supply: enhanced_two_step_fca(people, supply, cost, zones=ZONES),
        lambda supply: three_step_fca(people, supply, cost, zones=ZONES),
        lambda supply: balanced_fca(people, supply, cost, zones=ZONES),
        lambda supply: raam(people, supply, np.where(cost <= 30, cost, np.inf), tau=10),
    ):
        expected = np.where((cost <= 30).any(axis=1), 0.0, np.nan)
        np.testing.assert_array_equal(run(nothing), expected)


@given(towns())
def test_sparse_and_dense_say_the_same(town: Town) -> None:
    people, places, cost = town
    inside = np.isfinite(cost)
    row, site = np.nonzero(inside)
    listed = coo_array((cost[inside], (row, site)), shape=cost.shape)
    for measure, options in (
        (two_step_fca, {"catchment": 20}), (enhanced_two_step_fca, {"zones": ZONES}),
        (three_step_fca, {"zones": ZONES}), (balanced_fca, {"zones": ZONES}), (raam, {"tau": 10}),
    ):  # fmt: skip
        dense = measure(people, places, cost, **options)
        assert dense.dtype == np.float64
        for sparse in (listed, csr_array(listed), csr_matrix(listed)):
            np.testing.assert_array_equal(dense, measure(people, places, sparse, **options))


def test_a_stored_zero_is_distance_zero() -> None:
    cost = csr_array((np.array([0.0]), ([0], [0])), shape=(2, 1))
    np.testing.assert_array_equal(two_step_fca([4, 4], [2], cost, catchment=1), [0.5, np.nan])
    np.testing.assert_array_equal(raam([4, 4], [2], cost, tau=1), [0.5, np.nan])


def test_known_answers() -> None:
    """Two points, two sites; the second point reaches both."""
    cost = [[5.0, math.inf], [15.0, 5.0]]
    np.testing.assert_allclose(two_step_fca([10, 30], [8, 3], cost, catchment=15), [0.2, 0.3])
    zones = [(10, 1.0), (20, 0.5)]
    first, second = 8 / (10 + 30 * 0.5), 3 / 30
    np.testing.assert_allclose(
        enhanced_two_step_fca([10, 30], [8, 3], cost, zones=zones), [first, 0.5 * first + second]
    )
    first, second = 8 / (10 + 30 * 0.5 / 3), 3 / (30 * 2 / 3)
    np.testing.assert_allclose(
        three_step_fca([10, 30], [8, 3], cost, zones=zones), [first, first * 0.5 / 3 + second * 2 / 3]
    )
    first, second = 8 / (10 + 30 / 3), 3 / (30 * 2 / 3)
    np.testing.assert_allclose(
        balanced_fca([10, 30], [8, 3], cost, zones=zones), [first * 2 / 3, first / 3 + second]
    )


def test_people_go_where_way_and_crowd_cost_least() -> None:
    """One point, two equal sites: x at the near one and 12 - x at the far one bear the same."""
    cost, gap = raam([12], [1, 1], [[0.0, 10.0]], tau=10, return_gap=True)
    # x / 6 = 1 + (12 - x) / 6, so x = 9.
    assert cost.tolist() == pytest.approx([1.5])
    assert gap <= 1e-8
    assert raam([12], [1, 1], [[0.0, 100.0]], tau=10).tolist() == pytest.approx([2.0])


@pytest.mark.filterwarnings("ignore:delta_grad == 0.0")
@pytest.mark.parametrize("seed", range(4))
def test_nobody_can_do_better_elsewhere(seed: int) -> None:
    """The equilibrium by another way: the least of its convex function, with a general solver."""
    from scipy.optimize import LinearConstraint, minimize

    people, places, cost = make_town(6, 3, seed)
    cost = np.where(np.isinf(cost), 40, cost)
    found, gap = raam(people, places, cost, tau=20, return_gap=True)
    assert 0 <= gap <= 1e-8
    room = np.asarray(places) * sum(people) / sum(places)
    way = cost / 20

    def total(x: np.ndarray) -> float:
        going = x.reshape(cost.shape)
        return float((going * way).sum() + (going.sum(axis=0) ** 2 / (2 * room)).sum())

    def slope(x: np.ndarray) -> np.ndarray:
        return (way + x.reshape(cost.shape).sum(axis=0) / room).ravel()

    rows = np.kron(np.eye(6), np.ones(3))
    start = (np.outer(people, np.ones(3)) / 3).ravel()
    best = minimize(
        total, start, jac=slope, bounds=[(0, None)] * 18, method="trust-constr",
        constraints=LinearConstraint(rows, people, people), options={"gtol": 1e-10, "maxiter": 3000},
    )  # fmt: skip
    crowd = best.x.reshape(cost.shape).sum(axis=0)
    np.testing.assert_allclose(found, (way + crowd / room).min(axis=1), rtol=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_larger_towns_come_to_the_equilibrium(seed: int) -> None:
    people, places, cost = make_town(400, 40, seed)
    found, gap = raam(people, places, cost, tau=10, return_gap=True)
    assert gap <= 1e-8
    # What sites cost follows from what points bear: each is as dear as the dearest point that uses it says.
    room = np.asarray(places) * sum(people) / sum(places)
    price = np.nanmax(np.where(np.isfinite(cost), found[:, None] - cost / 10, -np.inf), axis=0)
    crowd = np.maximum(price, 0) * room
    reached = np.isfinite(cost).any(axis=1)
    assert crowd.sum() == pytest.approx(np.asarray(people)[reached].sum(), rel=1e-4)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [(5, 3), (50, 10), (300, 40)])
def test_sites_without_supply_change_nothing_for_those_with_others(size: tuple[int, int], seed: int) -> None:
    people, places, cost = make_town(*size, seed)
    places = np.asarray(places, dtype=float)
    places[::4] = 0.0
    found, gap = raam(people, places, cost, tau=10, return_gap=True)
    assert gap <= 1e-8
    without, _ = raam(people, places[places > 0], cost[:, places > 0], tau=10, return_gap=True)
    served = np.isfinite(cost[:, places > 0]).any(axis=1)
    np.testing.assert_allclose(found[served], without[served], rtol=1e-6)
    reached = np.isfinite(cost).any(axis=1)
    assert (found[reached & ~served] == 0.0).all()
    assert np.isnan(found[~reached]).all()


def test_crowds_spread_along_a_street() -> None:
    """Each point lies between two sites: all are equally full only if everybody moves up a little."""
    sites = 121
    way = np.full((sites - 1, sites), np.inf)
    rows = np.arange(sites - 1)
    way[rows, rows], way[rows, rows + 1] = 1.0, 2.0
    found, gap = raam(np.full(sites - 1, 30), np.ones(sites), way, tau=1e6, return_gap=True)
    assert gap <= 1e-8
    np.testing.assert_allclose(found, 1.0, rtol=1e-4)


def test_nobody_about_means_no_crowd() -> None:
    assert raam([0, 0], [3, 1], [[5.0, 2.0], [1.0, math.inf]], tau=10).tolist() == pytest.approx([0.2, 0.1])
    assert two_step_fca([0], [3], [[1.0]], catchment=5).tolist() == [0.0]
    for measure in (three_step_fca, balanced_fca, enhanced_two_step_fca):
        assert measure([0], [3], [[1.0]], zones=ZONES).tolist() == [0.0]
        assert measure([], [], np.zeros((0, 0)), zones=ZONES).shape == (0,)
        assert np.isnan(measure([4], [], np.zeros((1, 0)), zones=ZONES)).all()
    assert np.isnan(raam([4], [], np.zeros((1, 0)), tau=1)).all()


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (([-1], [1], [[1.0]]), r"demand\[0\] is -1"),
        (([1], [math.nan], [[1.0]]), r"supply\[0\] is nan"),
        (([1], [math.inf], [[1.0]]), r"supply\[0\] is inf"),
        (([1], [1], [[math.nan]]), r"cost\[0, 0\] is nan"),
        (([1], [1], [[-2.0]]), r"cost\[0, 0\] is -2"),
        (([1, 1], [1], [[1.0]]), "cost is 1 by 1, expected 2 by 1"),
        (([1], [1], [1.0]), "in 1 axes"),
        ((["a"], [1], [[1.0]]), "demand holds"),
        (([1], [1], csr_array((np.ones(2), np.zeros(2, int), np.array([0, 2])), shape=(1, 1))), "twice"),
    ],
)
def test_what_cannot_be_measured_is_located(arguments: tuple[Any, ...], found: str) -> None:
    for measure, options in (
        (two_step_fca, {"catchment": 5}),
        (raam, {"tau": 5}),
        (balanced_fca, {"zones": ZONES}),
    ):
        with pytest.raises(MatrixError, match=found) as caught:
            measure(*arguments, **options)
        assert caught.value.remedy


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(MatrixError, match="zones are"):
        three_step_fca([1], [1], [[1.0]], zones=[(10, 1.0), (5, 0.5)])
    with pytest.raises(MatrixError, match="zones are"):
        enhanced_two_step_fca([1], [1], [[1.0]], zones=[])
    with pytest.raises(MatrixError, match="tau is 0"):
        raam([1], [1], [[1.0]], tau=0)
    with pytest.raises(ValueError, match="catchment is -1"):
        two_step_fca([1], [1], [[1.0]], catchment=-1)
