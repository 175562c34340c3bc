"""The p-center's parts: exchanges that find, programs that refuse, bounds that hold where neither decides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from matcher.arrays import group_rows
from matcher.sites import MatrixError, p_center
from matcher.sites import center as center_module
from matcher.sites import within as within_module
from matcher.sites.center_loops import cover_by_exchange
from matcher.sites.within import Within

POINTS, SITES = 30, 9


def make(seed: int) -> np.ndarray:
    """Whole distances between points and sites on a plane."""
    rng = np.random.default_rng(seed)
    home, place = rng.integers(0, 100, (POINTS, 2)), rng.integers(0, 100, (SITES, 2))
    return np.rint(np.hypot(*(home[:, None] - place[None]).transpose(2, 0, 1)))


def find_best(cost: np.ndarray, p: int, locked: tuple[int, ...] = ()) -> float:
    every = (c for c in itertools.combinations(range(SITES), p) if set(locked) <= set(c))
    return min(float(cost[:, chosen].min(axis=1).max()) for chosen in every)


@pytest.fixture
def without_prices(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Prices never refuse a distance, exchanges find next to nothing: the rest has to decide."""
    monkeypatch.setattr(Within, "is_priced_out", lambda self: False)
    monkeypatch.setattr(center_module, "_QUICK", 1)
    monkeypatch.setattr(center_module, "_LONG", 1)
    return monkeypatch


@pytest.mark.parametrize("first", [1, 100])
def test_programs_settle_what_prices_and_exchanges_leave(
    without_prices: pytest.MonkeyPatch, first: int
) -> None:
    without_prices.setattr(within_module, "_FEWEST_ROWS", first)
    without_prices.setattr(within_module, "_ROWS_A_SITE", 0)
    without_prices.setattr(within_module, "_ADDED", 1)
    for seed in range(25):
        cost = make(seed)
        for p, locked in ((2, ()), (3, (1,)), (4, ())):
            plan = p_center(cost, p, locked=locked)
            best = find_best(cost, p, locked)
            assert (plan.value, plan.bound, plan.status) == (best, best, "optimal")
            assert cost[:, plan.chosen].min(axis=1).max() == plan.value
            assert len(plan.chosen) == p
            assert set(locked) <= set(plan.chosen.tolist())


def test_what_nothing_decides_is_bounded(without_prices: pytest.MonkeyPatch) -> None:
    without_prices.setattr(center_module, "_NODES", 0)
    without_prices.setattr(center_module, "_FEWER_NODES", 0)
    states = set()
    for seed in range(40):
        cost = make(seed)
        plan, best = p_center(cost, 3), find_best(cost, 3)
        assert plan.bound <= best <= plan.value
        assert plan.status == ("optimal" if plan.bound == plan.value else "bounded")
        states.add(plan.status)
    assert "bounded" in states


def test_an_answer_within_a_gap_is_no_farther_from_the_best() -> None:
    for seed in range(40):
        cost = make(seed)
        for gap in (0.02, 0.2, 0.6):
            plan, best = p_center(cost, 3, gap=gap, seed=seed), find_best(cost, 3)
            assert plan.bound <= best <= plan.value
            assert plan.gap <= gap
    with pytest.raises(MatrixError, match="gap is 1"):
        p_center(cost, 3, gap=1)


def test_exchanges_keep_the_number_and_the_locked_and_tell_the_truth() -> None:
    found = 0
    for seed in range(60):
        cover = make(seed) <= 45
        row, site = np.nonzero(cover)
        starts = np.concatenate([[0], np.cumsum(cover.sum(axis=1))])
        by_site, order = group_rows(site, SITES)
        locked, chosen = np.zeros(SITES, bool), np.zeros(SITES, bool)
        locked[seed % SITES] = True
        chosen[[seed % SITES, (seed + 1) % SITES, (seed + 2) % SITES]] = True
        weight, turns = np.ones(POINTS, np.int64), 200 if cover.any(axis=1).all() else 0
        said = cover_by_exchange(
            starts,
            site,
            by_site,
            row[order],
            locked,
            chosen,
            weight,
            turns,
            0,
        )
        assert chosen.sum() == 3
        assert chosen[locked].all()
        assert said == bool(cover[:, chosen].any(axis=1).all())
        found += said
    assert found > 5
