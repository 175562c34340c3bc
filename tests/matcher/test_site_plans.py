"""Several plans, budgets and backup: each beside trying all choices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest

from matcher.sites import MatrixError, SitePlan, backup_cover, maximal_cover, p_center, p_median, set_cover
from matcher.sites import backup as backup_module
from matcher.sites import budget as budget_module
from matcher.sites import center as center_module

SITES = 6


def make(seed: int, *, points: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    home, place = rng.integers(0, 30, (points, 2)), rng.integers(0, 30, (SITES, 2))
    return np.abs(home[:, None] - place[None]).sum(axis=2).astype(float), rng.integers(0, 8, points).astype(
        float
    )


def list_choices(locked: tuple[int, ...], sizes: range) -> list[frozenset[int]]:
    some = (frozenset(c) for p in sizes for c in itertools.combinations(range(SITES), p))
    return [chosen for chosen in some if set(locked) <= chosen]


def check_plans(
    plan: SitePlan, choices: list[frozenset[int]], value: Callable[[frozenset[int]], float], *, sense: int,
    locked: tuple[int, ...], plans: int, differ: int,
) -> None:  # fmt: skip
    """Each plan is the best of all that leave out enough of those before; none is missing."""
    before: list[frozenset[int]] = []
    for one in [plan, *plan.others]:
        chosen = frozenset(one.chosen.tolist())
        left = [
            c
            for c in choices
            if all(len(b - c - set(locked)) >= differ for b in before) and math.isfinite(value(c))
        ]
        best = min(sense * value(c) for c in left)
        assert one.value == pytest.approx(value(chosen))
        assert sense * one.value == pytest.approx(best)
        assert one.status == "optimal"
        assert all(len(b - chosen - set(locked)) >= differ for b in before)
        before.append(chosen)
    if len(before) < plans:
        rest = [c for c in choices if all(len(b - c - set(locked)) >= differ for b in before)]
        assert not any(math.isfinite(value(c)) for c in rest)


CASES = [
    (seed, p, locked, differ)
    for seed in range(4)
    for p, locked in ((1, ()), (3, ()), (3, (4,)))
    for differ in (1, 2)
]


def test_the_next_best_covers_differ_and_are_the_best_of_those() -> None:
    for seed, p, locked, differ in CASES:
        cost, weight = make(seed)
        cover = cost <= 10

        def value(chosen: frozenset[int], cover: np.ndarray = cover, weight: np.ndarray = weight) -> float:
            return float(weight[cover[:, sorted(chosen)].any(axis=1)].sum())

        plan = maximal_cover(cover, weight, p, locked=locked, plans=4, differ=differ)
        choices = list_choices(locked, range(p, p + 1))
        check_plans(plan, choices, value, sense=-1, locked=locked, plans=4, differ=differ)


def test_the_next_best_medians_and_set_covers() -> None:
    for seed, p, locked, differ in CASES[::2]:
        cost, weight = make(seed)
        weight += 1
        cost[cost > 25] = np.inf
        if not np.isfinite(cost).any(axis=1).all():
            continue

        def far(chosen: frozenset[int], cost: np.ndarray = cost, weight: np.ndarray = weight) -> float:
            return float((weight * cost[:, sorted(chosen)].min(axis=1)).sum())

        choices = list_choices(locked, range(p, p + 1))
        if any(math.isfinite(far(c)) for c in choices):
            plan = p_median(cost, weight, p, locked=locked, plans=3, differ=differ)
            check_plans(plan, choices, far, sense=1, locked=locked, plans=3, differ=differ)
        cover = cost <= 20
        if not cover.any(axis=1).all():
            continue

        def count(chosen: frozenset[int], cover: np.ndarray = cover) -> float:
            return float(len(chosen)) if cover[:, sorted(chosen)].any(axis=1).all() else math.inf

        plan = set_cover(cover, locked=locked, plans=3, differ=differ)
        every = list_choices(locked, range(1, SITES + 1))
        check_plans(plan, every, count, sense=1, locked=locked, plans=3, differ=differ)


def test_the_next_best_centers(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed, p, locked, differ in CASES[1::2]:
        cost, _ = make(seed)
        cost[cost > 28] = np.inf

        def far(chosen: frozenset[int], cost: np.ndarray = cost) -> float:
            return float(cost[:, sorted(chosen)].min(axis=1).max())

        choices = list_choices(locked, range(p, p + 1))
        if not any(math.isfinite(far(c)) for c in choices):
            continue
        plan = p_center(cost, p, locked=locked, plans=3, differ=differ)
        check_plans(plan, choices, far, sense=1, locked=locked, plans=3, differ=differ)
        with monkeypatch.context() as patch:
            # Too large for a program: plans differ all the same, and their bounds hold.
            patch.setattr(center_module, "MOST_ENTRIES", 0)
            rough = p_center(cost, p, locked=locked, plans=3, differ=differ)
        for one, exact in zip(rough.others, plan.others, strict=False):
            assert one.bound <= exact.value
            assert one.value == far(frozenset(one.chosen.tolist()))
    nobody = p_center(np.zeros((0, 3)), 1, plans=4)
    assert sorted(plan.chosen.tolist() for plan in (nobody, *nobody.others)) == [[0], [1], [2]]


def test_with_capacities_plans_differ_too() -> None:
    cover, weight = np.ones((3, 4), bool), np.array([3.0, 3.0, 3.0])
    plan = maximal_cover(cover, weight, 2, capacity=[4, 3, 2, 1], plans=3)
    assert [plan.value, *(other.value for other in plan.others)] == [7, 6, 5]
    assert len({tuple(one.chosen) for one in (plan, *plan.others)}) == 3
    cost = np.array([[1.0, 2.0, 3.0]] * 2)
    plan = p_median(cost, [1, 1], 1, capacity=[2, 2, 2], plans=5)
    assert [plan.value, *(other.value for other in plan.others)] == [2, 4, 6]


@pytest.mark.parametrize("searched", [True, False])
def test_budgets_are_kept_and_used_best(searched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not searched:
        monkeypatch.setattr(budget_module, "run_program", lambda *_args, **_options: (None, -np.inf))
    for seed in range(10):
        cost, weight = make(seed)
        cover, price = cost <= 10, np.random.default_rng(seed).integers(0, 6, SITES).astype(float)
        for budget, p, locked in ((0.0, None, ()), (5.0, None, (2,)), (7.0, 2, ()), (7.0, None, ())):

            def value(
                chosen: frozenset[int], cover: np.ndarray = cover, weight: np.ndarray = weight
            ) -> float:
                return float(weight[cover[:, sorted(chosen)].any(axis=1)].sum())

            plan = maximal_cover(
                cover, weight, p, cost=price, budget=budget, locked=locked, plans=3 if searched else 1
            )
            every = list_choices(locked, range(len(locked), (p or SITES) + 1))
            within = [c for c in every if sum(price[j] for j in c if j not in locked) <= budget]
            if searched:
                check_plans(plan, within, value, sense=-1, locked=locked, plans=3, differ=1)
            else:
                best = max(map(value, within))
                assert plan.value <= best <= plan.bound
                assert frozenset(plan.chosen.tolist()) in within


def test_a_budget_of_places_costs_one_each() -> None:
    cover = np.eye(4, dtype=bool)
    plan = maximal_cover(cover, [4, 3, 2, 1], budget=2)
    assert (plan.value, plan.chosen.tolist()) == (7, [0, 1])


@pytest.mark.parametrize("searched", [True, False])
def test_backup_counts_a_second_cover(searched: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not searched:
        monkeypatch.setattr(backup_module, "MOST_ENTRIES", 0)
    for seed in range(8):
        cost, weight = make(seed)
        cover = cost <= 12
        for backup, p, locked in ((0.0, 2, ()), (0.5, 3, (1,)), (1.0, 4, ())):

            def value(chosen: frozenset[int], cover: np.ndarray = cover, weight: np.ndarray = weight,
                      backup: float = backup) -> float:  # fmt: skip
                times = cover[:, sorted(chosen)].sum(axis=1)
                return float((weight * ((times > 0) + backup * (times > 1))).sum())

            plan = backup_cover(cover, weight, p, backup=backup, locked=locked)
            best = max(map(value, list_choices(locked, range(p, p + 1))))
            assert plan.value == pytest.approx(value(frozenset(plan.chosen.tolist())))
            if searched:
                assert plan.value == pytest.approx(best)
                assert plan.status == "optimal"
            assert plan.value <= best + 1e-9
            assert plan.bound >= best - 1e-9
    assert backup_cover(cover, weight, 2, backup=0).value == maximal_cover(cover, weight, 2).value
    assert backup_cover(np.zeros((0, 3)), [], 2).value == 0


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (lambda: maximal_cover([[1]], [1]), "neither p nor a budget"),
        (lambda: maximal_cover([[1]], [1], 1, cost=[2]), "cost is given without a budget"),
        (lambda: maximal_cover([[1]], [1], budget=-1), r"budget\[0\] is -1"),
        (lambda: maximal_cover([[1]], [1], budget=1, capacity=[1]), "capacity and budget"),
        (lambda: maximal_cover([[1]], [1], 1, plans=0), "plans is 0"),
        (lambda: set_cover([[1]], differ=0), "differ is 0"),
        (lambda: backup_cover([[1]], [1], 1, backup=2), "backup is 2"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Callable[[], SitePlan], found: str) -> None:
    with pytest.raises(MatrixError, match=found) as caught:
        run()
    assert caught.value.remedy
