"""Where stations should stand: every exact claim beside trying all choices, bad input, and known answers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from matcher.sites import (
    InfeasibleError,
    MatrixError,
    SitePlan,
    covering,
    fewest,
    maximal_cover,
    p_center,
    p_median,
    set_cover,
)


def make(seed: int, *, points: int = 9, sites: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Whole distances, some out of reach, and weights, some zero."""
    rng = np.random.default_rng(seed)
    home, place = rng.integers(0, 30, (points, 2)), rng.integers(0, 30, (sites, 2))
    cost = np.abs(home[:, None] - place[None]).sum(axis=2).astype(float)
    cost[cost > rng.integers(18, 45)] = np.inf
    return cost, rng.integers(0, 8, points).astype(float)


def choices(sites: int, p: int, locked: tuple[int, ...]) -> Iterator[list[int]]:
    for chosen in itertools.combinations(range(sites), p):
        if set(locked) <= set(chosen):
            yield list(chosen)


def check(plan: SitePlan, best: float, p: int | None, locked: tuple[int, ...]) -> None:
    assert plan.value == pytest.approx(best, abs=1e-9)
    assert plan.status == "optimal"
    assert plan.bound == plan.value
    assert plan.gap == 0
    assert set(locked) <= set(plan.chosen.tolist())
    assert (np.diff(plan.chosen) > 0).all()
    if p is not None:
        assert len(plan.chosen) == p


CASES = [(seed, p, locked) for seed in range(40) for p, locked in ((1, ()), (3, ()), (3, (4,)), (4, (0, 2)))]


@pytest.mark.parametrize("block", range(4))
def test_covers_are_the_largest_of_all_choices(block: int) -> None:
    for seed, p, locked in CASES[block::4]:
        cost, weight = make(seed)
        cover = cost <= 9

        def value(chosen: list[int], cover: np.ndarray = cover, weight: np.ndarray = weight) -> float:
            return float(weight[cover[:, chosen].any(axis=1)].sum())

        plan = maximal_cover(cover, weight, p, locked=locked, seed=seed)
        check(plan, max(map(value, choices(6, p, locked))), p, locked)
        assert isinstance(plan.value, int)
        assert plan.value == value(plan.chosen.tolist())
        parts = maximal_cover(cover, weight / 7, p, locked=locked)
        assert parts.value == pytest.approx(plan.value / 7)
        assert parts.status == "optimal"


@pytest.mark.parametrize("block", range(4))
def test_medians_are_the_shortest_of_all_choices(block: int) -> None:
    for seed, p, locked in CASES[block::4]:
        cost, weight = make(seed)

        def value(chosen: list[int], cost: np.ndarray = cost, weight: np.ndarray = weight) -> float:
            return float(sum(w * c for w, c in zip(weight, cost[:, chosen].min(axis=1), strict=True) if w))

        best = min(map(value, choices(6, p, locked)))
        if math.isinf(best):
            with pytest.raises(InfeasibleError) as caught:
                p_median(cost, weight, p, locked=locked)
            check_named(caught.value, cost, weight > 0, p, locked)
            continue
        plan = p_median(cost, weight, p, locked=locked, seed=seed)
        check(plan, best, p, locked)
        assert plan.value == value(plan.chosen.tolist())
        assert p_median(cost / 3, weight, p, locked=locked).value == pytest.approx(best / 3)


def check_named(
    error: InfeasibleError, cost: np.ndarray, counts: np.ndarray, p: int, locked: tuple[int, ...]
) -> None:
    """What is named is reached by nobody, or no two of it share a site."""
    named = error.demand
    assert len(named)
    assert counts[named].all()
    reached = np.isfinite(cost[named])
    if reached.any():
        assert (reached.sum(axis=0) <= 1).all()
        assert not reached[:, list(locked)].any()
    assert error.remedy


@pytest.mark.parametrize("block", range(4))
def test_centers_are_the_nearest_of_all_choices(block: int) -> None:
    for seed, p, locked in CASES[block::4]:
        cost, _ = make(seed)
        best = min(cost[:, chosen].min(axis=1).max() for chosen in choices(6, p, locked))
        if math.isinf(best):
            with pytest.raises(InfeasibleError) as caught:
                p_center(cost, p, locked=locked)
            check_named(caught.value, cost, np.ones(9, bool), p, locked)
            continue
        plan = p_center(cost, p, locked=locked)
        check(plan, best, p, locked)
        assert cost[:, plan.chosen].min(axis=1).max() == plan.value


def test_set_covers_are_the_cheapest_of_all_choices() -> None:
    for seed in range(80):
        cost, price = make(seed)[0], np.random.default_rng(seed).integers(0, 6, 6).astype(float)
        cover = cost <= 16
        lonely = np.flatnonzero(~cover.any(axis=1))
        if len(lonely):
            with pytest.raises(InfeasibleError, match=f"demand {lonely[0]}") as caught:
                set_cover(cover)
            assert caught.value.demand.tolist() == lonely.tolist()
            continue
        for locked in ((), (1,), (0, 3)):
            some = [
                list(c)
                for p in range(7)
                for c in choices(6, p, locked)
                if cover[:, list(c)].any(axis=1).all()
            ]
            check(set_cover(cover, locked=locked), min(map(len, some)), None, locked)
            plan = set_cover(csr_array(cover), cost=price, locked=locked)
            check(plan, min(price[c].sum() for c in some), None, locked)
            assert cover[:, plan.chosen].any(axis=1).all()


def transport(cost: np.ndarray, weight: np.ndarray, room: np.ndarray, *, serve_all: bool) -> float:
    """The best split of demand among sites with room, by linear programming; infinite if there is none."""
    points, sites = cost.shape
    inside = np.isfinite(cost).ravel()
    rows = np.kron(np.eye(points), np.ones(sites))
    columns = np.kron(np.ones(points), np.eye(sites))
    value = np.where(inside, np.nan_to_num(cost.ravel(), posinf=0) if serve_all else -1.0, 0.0)
    most = np.where(inside, np.inf, 0.0)
    options: dict[str, Any] = {"A_eq": rows, "b_eq": weight} if serve_all else {}
    upper, limit = (columns, room) if serve_all else (np.vstack([columns, rows]), np.append(room, weight))
    found = linprog(
        value, A_ub=upper, b_ub=limit, bounds=np.stack([np.zeros_like(most), most], axis=1), **options
    )
    return float(found.fun) if found.status == 0 else math.inf


def test_capacities_are_kept_and_demand_is_split() -> None:
    for seed in range(25):
        cost, weight = make(seed, points=6, sites=5)
        room = np.random.default_rng(seed).integers(0, 14, 5).astype(float)
        reach = np.where(cost <= 12, cost, np.inf)
        for p, locked in ((2, ()), (3, (1,))):

            def most(chosen: list[int], reach: np.ndarray = reach, weight: np.ndarray = weight,
                     room: np.ndarray = room) -> float:  # fmt: skip
                return -transport(reach[:, chosen], weight, room[chosen], serve_all=False)

            plan = maximal_cover(reach <= 12, weight, p, locked=locked, capacity=room)
            check(plan, max(map(most, choices(5, p, locked))), p, locked)

            def least(chosen: list[int], cost: np.ndarray = cost, weight: np.ndarray = weight,
                      room: np.ndarray = room) -> float:  # fmt: skip
                return transport(cost[:, chosen], weight, room[chosen], serve_all=True)

            best = min(map(least, choices(5, p, locked)))
            if math.isinf(best):
                with pytest.raises(InfeasibleError) as caught:
                    p_median(cost, weight, p, locked=locked, capacity=room)
                assert len(caught.value.demand)
            else:
                check(p_median(cost, weight, p, locked=locked, capacity=room), best, p, locked)


@pytest.mark.parametrize("seed", range(3))
def test_larger_towns_are_proved_by_a_solver_without_our_bounds(seed: int) -> None:
    from scipy.optimize import LinearConstraint, milp

    rng = np.random.default_rng(seed)
    home, place = rng.random((150, 2)) * 100, rng.random((30, 2)) * 100
    cost = np.rint(np.hypot(*(home[:, None] - place[None]).T).T)
    weight = rng.integers(1, 50, 150)
    cover = cost <= 14
    rules = np.hstack([-np.eye(150), cover])
    once = np.append(np.zeros(150), np.ones(30))
    found = milp(
        np.append(-weight, np.zeros(30)), integrality=np.append(np.zeros(150), np.ones(30)), bounds=(0, 1),
        constraints=[LinearConstraint(rules, 0), LinearConstraint(once, 5, 5)], options={"mip_rel_gap": 0},
    )  # fmt: skip
    check(maximal_cover(cover, weight, 5), round(-found.fun), 5, ())
    pairs = 150 * 30
    every = np.kron(np.eye(150), np.ones(30))
    tie = np.hstack([-np.eye(pairs), np.kron(np.ones((150, 1)), np.eye(30))])
    found = milp(
        np.append((cost * weight[:, None]).ravel(), np.zeros(30)), bounds=(0, 1),
        integrality=np.append(np.zeros(pairs), np.ones(30)), options={"mip_rel_gap": 0},
        constraints=[
            LinearConstraint(np.hstack([every, np.zeros((150, 30))]), 1, 1), LinearConstraint(tie, 0),
            LinearConstraint(np.append(np.zeros(pairs), np.ones(30)), 4, 4),
        ],
    )  # fmt: skip
    check(p_median(cost, weight, 4), round(found.fun), 4, ())


def test_a_gap_is_kept_and_told() -> None:
    rng = np.random.default_rng(5)
    home, place = rng.random((400, 2)) * 100, rng.random((60, 2)) * 100
    cost = np.hypot(*(home[:, None] - place[None]).T).T
    weight = rng.integers(1, 9, 400)
    for exact, near in (
        (p_median(cost, weight, 8), p_median(cost, weight, 8, gap=0.1)),
        (maximal_cover(cost <= 10, weight, 8), maximal_cover(cost <= 10, weight, 8, gap=0.1)),
        (set_cover(cost <= 25), set_cover(cost <= 25, gap=0.2)),
    ):
        assert exact.status == "optimal"
        assert near.gap <= 0.2
        assert min(near.value, near.bound) <= exact.value * (1 + 1e-9)
        assert max(near.value, near.bound) >= exact.value * (1 - 1e-9)
    again = p_median(cost, weight, 8, seed=3)
    assert again.value == pytest.approx(p_median(cost, weight, 8, seed=4).value)


def test_stored_zeros_cover_and_are_distance_zero() -> None:
    zero = csr_array((np.zeros(2), ([0, 1], [0, 1])), shape=(2, 2))
    assert maximal_cover(zero, [3, 4], 1).value == 4
    assert set_cover(zero).value == 2
    plan = p_median(zero, [3, 4], 2)
    assert (plan.value, plan.chosen.tolist(), plan.chosen.dtype) == (0, [0, 1], np.int64)
    assert p_center(zero, 2).value == 0


def test_known_answers() -> None:
    """Five homes on a road, sites at each; weights pull the median, not the center."""
    road = np.array([0.0, 1, 2, 3, 10])
    cost = np.abs(road[:, None] - road[None])
    assert p_median(cost, [1, 1, 1, 1, 1], 1).value == 2 + 1 + 0 + 1 + 8
    assert p_median(cost, [1, 1, 1, 1, 1], 2).chosen.tolist() in ([1, 4], [2, 4])
    assert p_center(cost, 1).value == 7
    assert p_center(cost, 2).value == 2
    assert p_center(cost, 2, locked=[0]).value == 3
    assert set_cover(cost <= 1).value == 3
    assert maximal_cover(cost <= 1, [5, 1, 1, 1, 4], 1).value == 7


def test_edges_of_the_problem() -> None:
    none = np.zeros((0, 3))
    assert maximal_cover(none, [], 2).value == 0
    assert len(maximal_cover(none, [], 2).chosen) == 2
    assert (set_cover(none).value, set_cover(none).chosen.tolist()) == (0, [])
    assert p_median(none, [], 1).value == 0
    assert p_center(none, 1).value == 0
    assert maximal_cover(np.zeros((2, 3)), [1, 1], 2).value == 0
    assert maximal_cover(np.ones((2, 3)), [0, 0], 0).chosen.tolist() == []
    assert p_median([[math.inf], [2.0]], [0, 3], 1).value == 6
    with pytest.raises(InfeasibleError):
        p_median([[1.0]], [1], 0)


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (lambda: maximal_cover([[1]], [1], 2), "p is 2"),
        (lambda: maximal_cover([[1]], [1], -1), "p is -1"),
        (lambda: p_median([[1.0, 2.0]], [1], 1, locked=[0, 1]), "p is 1"),
        (lambda: p_center([[1.0]], 1, locked=[3]), r"locked is \[3\]"),
        (lambda: maximal_cover([[1]], [-2], 1), r"weight\[0\] is -2"),
        (lambda: maximal_cover([[1]], [1], 1, capacity=[math.nan]), r"capacity\[0\] is nan"),
        (lambda: set_cover([[1]], cost=[-1]), r"cost\[0\] is -1"),
        (lambda: p_median([[math.nan]], [1], 1), r"cost\[0, 0\] is nan"),
        (lambda: p_median([[1.0]], [1, 2], 1), "cost is 1 by 1, expected 2 by 1"),
        (lambda: p_median([[1.0]], [1], 1, gap=2), "gap is 2"),
        (lambda: p_center([[1.0]], 1, gap="x"), "gap is x, expected 0 to 1"),
        (lambda: set_cover([[1]], gap=None), "gap is None, expected 0 to 1"),
        (lambda: p_center([[1.0]], "x"), "p is x"),
        (lambda: p_median([[1.0]], [1], math.inf), "p is inf"),
        (lambda: set_cover([[1]], plans="x"), "plans is x"),
        (lambda: maximal_cover([[math.inf]], [1], 1), "cover holds"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Any, found: str) -> None:
    with pytest.raises(MatrixError, match=found) as caught:
        run()
    assert caught.value.remedy


def test_the_fewest_sites_by_exchange_and_programs_are_those_of_the_one_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(11)
    asked = []
    prove = fewest.prove_fewest

    def count_and_prove(*given: Any) -> Any:
        asked.append(prove(*given))
        return asked[-1]

    monkeypatch.setattr(fewest, "prove_fewest", count_and_prove)
    for _ in range(4):
        cover = rng.random((120, 30)) < 0.15
        cover = cover[cover.any(axis=1)]
        usual = set_cover(cover)
        with monkeypatch.context() as patch:
            patch.setattr(covering, "_LARGE", -1)
            other, near = set_cover(cover), set_cover(cover, gap=0.15)
        assert (other.value, other.bound, other.status) == (usual.value, usual.bound, "optimal")
        assert cover[:, near.chosen].any(axis=1).all()
        assert near.bound <= usual.value <= near.value
        assert near.gap <= 0.15
    assert asked


def test_programs_left_without_an_answer_leave_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    cover = np.random.default_rng(11).random((120, 30)) < 0.15
    cover = cover[cover.any(axis=1)]
    usual = set_cover(cover)
    monkeypatch.setattr(covering, "_LARGE", -1)
    monkeypatch.setattr(fewest, "_NODES", 0)
    plan = set_cover(cover)
    assert plan.status == "bounded"
    assert plan.bound < usual.value <= plan.value
    assert cover[:, plan.chosen].any(axis=1).all()
