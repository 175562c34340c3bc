"""Units that leave a tight town: many places at once have to go on from each of their offers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher import CandidateGraph
from matcher.live import LiveMatch
from tests.matcher.live_steps import check_change, check_optimal

pytestmark = pytest.mark.timeout(1200)


def make_town(seed: int, *, room: float, alone: int) -> CandidateGraph:
    """Needs with the nearest offers, which units have all over the town; room for a share of what is wanted.

    So many offers belong to no unit.
    """
    rng = np.random.default_rng(seed)
    needs, offers, units, pairs = 900, 45, 15, 9
    home, place = rng.random((needs, 2)), rng.random((offers, 2))
    metres = np.rint(3000 * np.hypot(*(home[:, None] - place).transpose(2, 0, 1))).astype(np.int64)
    near = np.argsort(metres, axis=1, kind="stable")[:, :pairs]
    quantity = rng.integers(1, 3, needs)
    unit = rng.integers(0, units, offers)
    unit[:alone] = -1
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), rng.poisson(room * quantity.sum() / offers, offers),
        np.repeat(np.arange(needs), pairs), near.ravel(), np.take_along_axis(metres, near, 1).ravel(),
        offer_unit=unit, unit_capacity=rng.poisson(room * quantity.sum() / units, units),
    )  # fmt: skip


@pytest.mark.parametrize(("room", "alone"), [(1.1, 0), (1.5, 15)])
def test_units_leave_a_tight_town(room: float, alone: int) -> None:
    graph = make_town(1, room=room, alone=alone)
    live = LiveMatch(graph)
    before = live.solution()
    displaced = []
    for unit in range(5):
        change = live.unit_leaves(unit)
        displaced.append(sum(move.places for move in change.moves if move.from_offer is not None))
        after = check_optimal(live)
        check_change(before, change, after)
        before = after
    assert max(displaced) > 100
    # An offer that loses most of its room, beside units that have left.
    offer = int(np.argmax(np.bincount(graph.edge_offer, before.flow, graph.offer_count)))
    live.capacity_changes(offer, 2)
    check_optimal(live)


@pytest.mark.parametrize("room", [0.8, 1.2])
def test_units_leave_and_come_back(room: float) -> None:
    # Where units come back, what searches remembered of prices that were higher has to be forgotten.
    graph = make_town(2, room=room, alone=5)
    live, rng = LiveMatch(graph), np.random.default_rng(2)
    for unit in rng.integers(0, graph.unit_count, 12).tolist():
        live.unit_leaves(unit)
        check_optimal(live)
        for offer in np.flatnonzero(graph.offer_unit == unit).tolist():
            live.capacity_changes(offer, int(graph.offer_capacity[offer]))
        live.unit_capacity_changes(unit, int(graph.unit_capacity[unit]))
        check_optimal(live)


def test_units_without_costs_leave() -> None:
    # All pairs are equally far, so that no step of an offer is nearer than the others.
    graph = make_town(3, room=1.1, alone=3)
    live = LiveMatch(replace(graph, edge_cost=np.zeros(graph.edge_count, np.int64)))
    for unit in range(4):
        live.unit_leaves(unit)
        check_optimal(live)
    live.offer_joins(40, np.arange(0, 900, 3), np.zeros(300, np.int64))
    check_optimal(live)
    live.unit_leaves(5)
    check_optimal(live)
