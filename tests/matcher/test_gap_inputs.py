"""What can be wrong or missing where gaps are looked for: each has a result or a typed error."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from graph.model import Area, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.access import balanced_fca, raam, three_step_fca, two_step_fca
from matcher.actions.report import plan_actions
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.rules import Rules
from matcher.sites import InfeasibleError, MatrixError, maximal_cover, p_center, p_median, set_cover
from matcher.sites.town import Wish, plan_sites
from tests.towns import FIRST, LAST

RULES = Rules(period=Period(FIRST, LAST))
HERE = {"lon": 121.45, "lat": 31.25}
TOWN = [
    Area(id="n1", name="n1", population=0, **HERE),
    Unit(id="u", name="u", area="n1", **HERE),
    Offer(id="o", unit="u", category="repair", capacity=2, reach_m=500.0),
    Need(id="a", category="repair", quantity=3, area="n1", **HERE),
    Need(id="b", category="legal", quantity=1, area="n1", **HERE),
    Need(id="c", category="repair", quantity=1),
]


def test_without_demand_there_is_nothing_to_close() -> None:
    found = find_gaps(match(Snapshot.from_records(TOWN[:3]), RULES)).to_json()
    assert (found["unserved"], found["gaps"]) == (0, [])
    plans = plan_sites(Snapshot.from_records(TOWN[:3]), RULES, Wish())
    assert (plans["total"], plans["plans"], plans["everybody"]) == (0, [], None)
    assert two_step_fca([], [3], np.zeros((0, 1)), catchment=1).shape == (0,)
    assert maximal_cover(np.zeros((0, 2)), [], 1).value == 0


def test_nobody_living_there_is_no_division_by_nought() -> None:
    plans = plan_sites(Snapshot.from_records(TOWN), RULES, Wish(demand="people"))
    assert (plans["total"], plans["plans"]) == (0, [])
    equity = find_gaps(match(Snapshot.from_records(TOWN), RULES)).to_json()["equity"]
    assert equity["weight"] == "places"
    assert raam([0.0, 0.0], [1.0], [[1.0], [2.0]], tau=1).tolist() == [1.0, 2.0]
    zones = [(9.0, 1.0)]
    for access in (three_step_fca, balanced_fca):
        assert np.isfinite(access([0.0, 0.0], [1.0], [[1.0], [2.0]], zones=zones)).all()


def test_without_sites_whoever_needs_one_is_named() -> None:
    nowhere = np.zeros((2, 0))
    assert maximal_cover(nowhere, [1, 2], 0).value == 0
    for run in (
        lambda: set_cover(nowhere),
        lambda: p_median(nowhere, [1, 2], 0),
        lambda: p_center(nowhere, 0),
    ):
        with pytest.raises(InfeasibleError) as caught:
            run()
        assert caught.value.demand.tolist() == [0, 1]
    assert np.isnan(two_step_fca([1, 2], [], nowhere, catchment=1)).all()


@pytest.mark.parametrize("amount", [-1.0, math.nan, math.inf])
def test_amounts_that_are_negative_or_unknown_are_refused(amount: float) -> None:
    with pytest.raises(MatrixError, match="capacity"):
        maximal_cover([[1]], [1], 1, capacity=[amount])
    with pytest.raises(MatrixError, match="supply"):
        two_step_fca([1], [amount], [[1.0]], catchment=1)
    with pytest.raises(MatrixError, match="p is 3"):
        p_center([[1.0, 2.0]], 3)


def test_an_unknown_capacity_is_assumed_and_said() -> None:
    town = [replace(row, capacity=None) if isinstance(row, Offer) else row for row in TOWN]
    gaps = find_gaps(match(Snapshot.from_records(town), RULES)).to_json()["gaps"]
    (short,) = [gap for gap in gaps if gap["reason"] == "no_capacity"]
    assert short["assumed"]
    assert [holder["assumed"] for holder in short["certificate"]["holders"]] == [True]


def test_unknown_places_and_categories_without_offers_have_reasons_and_no_false_cures() -> None:
    made = match(Snapshot.from_records(TOWN), RULES)
    summary = find_gaps(made).to_json()["summary"]
    assert (summary["no_capable_unit"], summary["unknown_place"], summary["no_capacity"]) == (1, 1, 1)
    plans = plan_sites(Snapshot.from_records(TOWN), RULES, Wish(reach_m=500.0))
    assert plans["unplaced"] == 1
    found = plan_actions(made, 5)
    assert found["value"] <= 2
    assert not any("c" in row["needs"] for row in found["actions"])


def test_areas_that_nothing_ties_are_gaps_of_their_own() -> None:
    far = {"lon": 121.95, "lat": 31.25}
    town = [
        *TOWN[:4],
        Unit(id="v", name="v", **far),
        Offer(id="p", unit="v", category="repair", capacity=1, reach_m=500.0),
        Need(id="z", category="repair", quantity=5, **far),
    ]
    gaps = find_gaps(match(Snapshot.from_records(town), RULES)).to_json()["gaps"]
    short = sorted((gap["certificate"]["short_by"], gap["needs"]) for gap in gaps if gap["certificate"])
    assert short == [(1, ["a"]), (4, ["z"])]


def test_where_nobody_offers_anything_actions_are_still_found() -> None:
    needs = [row for row in TOWN if not isinstance(row, Offer)]
    found = plan_actions(match(Snapshot.from_records(needs), RULES), 5)
    assert found["status"] == "optimal"
    assert found["value"] == sum(row["adds_places"] for row in found["actions"])
