"""Large covers: the relaxation, cases that raise its bound, exchange by chance; beside all choices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from matcher.matrices import MatrixError
from matcher.sites import large as large_module
from matcher.sites import maximal_cover
from matcher.sites import wide as wide_module
from matcher.sites.branching import raise_by_cases
from matcher.sites.relaxed import Rule, relax_cover

SITES = 8


def make(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A cover without empty or equal rows: as a table, as rows of sites, and the weights."""
    rng = np.random.default_rng(seed)
    cover = rng.random((30, SITES)) < 0.35
    cover = np.unique(cover[cover.any(axis=1)], axis=0)
    weight = rng.integers(1, 20, len(cover)).astype(float)
    return cover, np.concatenate([[0], np.cumsum(cover.sum(axis=1))]), np.nonzero(cover)[1], weight


def relax_by_solver(cover: np.ndarray, weight: np.ndarray, count: int, rule: Rule | None) -> float:
    """The same relaxation by linear programming; infinite where nothing keeps the rule."""
    rows = len(cover)
    table, most = [np.hstack([-np.eye(rows), -cover.astype(float)])], [-np.ones(rows)]
    if rule is not None:
        line = np.append(np.zeros(rows), rule.members.astype(float))
        table += [line[None], -line[None]]
        most += [np.array([rule.most]), np.array([-rule.least])]
    found = linprog(
        np.append(weight, np.zeros(SITES)), A_ub=np.vstack(table), b_ub=np.concatenate(most),
        A_eq=np.append(np.zeros(rows), np.ones(SITES))[None], b_eq=[count],
        bounds=[(0, None)] * rows + [(0, 1)] * SITES,
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else np.inf


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_relaxation_is_that_of_linear_programming(count: int) -> None:
    members = np.arange(SITES) < 4
    for seed in range(12):
        cover, starts, site, weight = make(seed)
        for rule in (None, Rule(members, 0, 1), Rule(members, 2, count)):
            found = relax_cover(starts, site, weight, SITES, count, rules=() if rule is None else (rule,))
            best = relax_by_solver(cover, weight, count, rule)
            if np.isinf(best):
                continue
            assert found.bound <= best + 1e-6
            assert found.bound == pytest.approx(best, abs=1e-3)
            assert found.share.sum() == pytest.approx(count, abs=1e-4)


def test_cases_never_raise_a_bound_above_the_best_choice() -> None:
    raised = 0
    for seed in range(15):
        cover, starts, site, weight = make(seed)
        best = min(
            float(weight[~cover[:, list(some)].any(axis=1)].sum())
            for some in itertools.combinations(range(SITES), 3)
        )
        relaxed = relax_cover(starts, site, weight, SITES, 3)
        bound = raise_by_cases(starts, site, weight, SITES, 3, relaxed, best - 1e-3)
        assert relaxed.bound <= bound <= best + 1e-3
        raised += bound > relaxed.bound + 0.5
    assert raised


def test_what_is_near_enough_is_proved_without_the_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("the relaxation isn't needed")

    monkeypatch.setattr(large_module, "relax_cover", refuse)
    for seed in range(10):
        cover, _, _, weight = make(seed)
        best = max(
            weight[cover[:, list(some)].any(axis=1)].sum() for some in itertools.combinations(range(SITES), 2)
        )
        plan = maximal_cover(cover, weight, 2, gap=0.3, seed=seed)
        assert plan.value <= best <= plan.bound
        assert plan.bound <= 1.3 * plan.value


def test_without_a_solver_bounds_hold_and_chance_finds_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_module, "search_rest", lambda *_args, **_options: (None, -np.inf))
    for seed in range(10):
        cover, _, _, weight = make(seed)
        for locked, capacity_free in (((), 3), ((2,), 4)):
            best = max(
                weight[cover[:, list(some)].any(axis=1)].sum()
                for some in itertools.combinations(range(SITES), capacity_free)
                if set(locked) <= set(some)
            )
            plan = maximal_cover(cover, weight, capacity_free, locked=locked, gap=0.001)
            assert plan.value == best <= plan.bound
            assert plan.value == weight[cover[:, plan.chosen].any(axis=1)].sum()
            assert set(locked) <= set(plan.chosen.tolist())
            again = maximal_cover(cover, weight, capacity_free, locked=locked, gap=0.001)
            assert again.chosen.tolist() == plan.chosen.tolist()


def test_of_very_many_pairs_the_bound_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide_module, "MOST_PAIRS", 0)
    for seed in range(10):
        table, _, _, weight = make(seed)
        cover = csr_array(table.astype(np.int8))
        for locked, count in (((), 3), ((2,), 4), ((1, 2), 2), ((), SITES)):
            best = max(
                weight[table[:, list(some)].any(axis=1)].sum()
                for some in itertools.combinations(range(SITES), count)
                if set(locked) <= set(some)
            )
            plan = maximal_cover(cover, weight, count, locked=locked, gap=0.1)
            assert plan.value <= best <= plan.bound <= max(1.1 * plan.value, plan.value + 8)
            assert plan.value == weight[table[:, plan.chosen].any(axis=1)].sum()
            assert len(plan.chosen) == count
            assert set(locked) <= set(plan.chosen.tolist())
    with pytest.raises(MatrixError, match=r"\[1, 1\]"):
        maximal_cover(csr_array((np.ones(3), [0, 1, 1], [0, 1, 3]), shape=(2, 2)), [1, 1], 1)
    with pytest.raises(MatrixError):
        maximal_cover(csr_array(np.ones((2, 2))), [1, 1, 1], 1)
