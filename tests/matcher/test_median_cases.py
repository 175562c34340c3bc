"""Medians whose prices leave a gap: cases beside trying all choices, and what is said where cases run out."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from matcher.sites import cases, p_median, prices


def make(seed: int, *, points: int = 24, sites: int = 11) -> tuple[np.ndarray, np.ndarray]:
    """Costs that know no distance, so that relaxations open halves of sites; some pairs out of reach."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 100, (points, sites)).astype(float)
    cost[:, 1:][rng.random((points, sites - 1)) < 0.1 * (seed % 3)] = np.inf
    return cost, rng.integers(1, 1 + 10 ** (seed % 4), points).astype(float)


def try_all(cost: np.ndarray, weight: np.ndarray, p: int, locked: tuple[int, ...]) -> float:
    sites = range(cost.shape[1])
    choices = (list(c) for c in itertools.combinations(sites, p) if set(locked) <= set(c))
    return min(float(weight @ cost[:, c].min(axis=1)) for c in choices)


PROBLEMS = [(seed, 2 + seed % 5, ((), (0,), (0, 3))[seed % 2 * (seed % 3)]) for seed in range(240)]


@pytest.fixture
def splits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The bounds of the cases that are split; nothing is left to the solver."""
    seen: list[float] = []
    split: Any = cases._Search._split

    def note(search: Any, bound: float, case: Any) -> int:
        seen.append(bound)
        return int(split(search, bound, case))

    monkeypatch.setattr(cases._Search, "_split", note)
    monkeypatch.setattr(prices, "run_program", lambda *_args, **_options: (None, -np.inf))
    return seen


@pytest.mark.parametrize("block", range(4))
def test_medians_with_gaps_are_the_shortest_of_all_choices(block: int, splits: list[float]) -> None:
    for seed, p, locked in PROBLEMS[block::4]:
        cost, weight = make(seed)
        plan = p_median(cost, weight, p, locked=(0, *locked), seed=seed)
        best = try_all(cost, weight, p, (0, *locked))
        assert (plan.value, plan.bound, plan.status) == (best, best, "optimal")
        assert float(weight @ cost[:, plan.chosen].min(axis=1)) == plan.value
        parts = p_median(cost / 7, weight, p, locked=(0, *locked))
        assert parts.value == pytest.approx(best / 7)
        assert parts.status == "optimal"
    # Prices alone do not prove them all.
    assert len(splits) > 20


def test_where_cases_run_out_the_bound_still_holds(
    splits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST_CASES", 2)
    unproved = 0
    for seed in range(40):
        cost, weight = make(seed)
        best = try_all(cost, weight, 3, (0,))
        plan = p_median(cost, weight, 3, locked=(0,))
        assert plan.bound <= best <= plan.value
        unproved += plan.status == "bounded"
        assert (plan.status == "optimal") == (plan.gap == 0)
    assert unproved
    assert splits


@pytest.mark.parametrize("gap", [0.005, 0.03])
def test_no_more_than_the_gap_asked_for_is_left(gap: float, splits: list[float]) -> None:
    for seed in range(40):
        cost, weight = make(seed)
        best = try_all(cost, weight, 4, (0,))
        plan = p_median(cost, weight, 4, locked=(0,), gap=gap)
        assert plan.bound <= best <= plan.value
        assert plan.gap <= gap * (1 + 1e-9)
    assert splits


def test_a_town_of_near_alike_plans_beside_a_solver_of_its_own() -> None:
    """Homes round a few centres, of which each could have its sites this way or that."""
    from scipy.optimize import LinearConstraint, milp

    rng = np.random.default_rng(4)
    home = rng.integers(0, 3, (120, 1)) * 60 + rng.normal(0, 9, (120, 2))
    place = rng.permutation(home)[:24]
    cost, weight = np.rint(10 * np.hypot(*(home[:, None] - place[None]).T).T), rng.integers(1, 9, 120)
    pairs = cost.size
    every = np.kron(np.eye(120), np.ones(24))
    tie = np.hstack([-np.eye(pairs), np.kron(np.ones((120, 1)), np.eye(24))])
    found = milp(
        np.append((cost * weight[:, None]).ravel(), np.zeros(24)), bounds=(0, 1),
        integrality=np.append(np.zeros(pairs), np.ones(24)), options={"mip_rel_gap": 0},
        constraints=[
            LinearConstraint(np.hstack([every, np.zeros((120, 24))]), 1, 1), LinearConstraint(tie, 0),
            LinearConstraint(np.append(np.zeros(pairs), np.ones(24)), 7, 7),
        ],
    )  # fmt: skip
    plan = p_median(cost, weight, 7)
    assert (plan.value, plan.status) == (round(found.fun), "optimal")
