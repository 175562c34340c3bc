"""What offers remember of where those that they serve could go: nothing is nearer than that says."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from matcher import CandidateGraph
from matcher.live import LiveMatch
from matcher.live import state as at
from matcher.live.audit import find_fault
from matcher.live.build import list_rows


def make_town(seed: int) -> CandidateGraph:
    """Needs with the nearest 30 of 150 offers around a few centres, which units have all over the town."""
    rng = np.random.default_rng(seed)
    needs, offers, units, pairs = 2500, 150, 60, 30
    centre = rng.normal(0, 8000, (8, 2))
    place = centre[rng.integers(0, 8, offers)] + rng.normal(0, 600, (offers, 2))
    home = centre[rng.integers(0, 8, needs)] + rng.normal(0, 300, (needs, 2))
    metres, near = cKDTree(place).query(home, pairs)
    quantity = rng.integers(1, 3, needs)
    share = 1.1 * quantity.sum()
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), rng.poisson(share / offers, offers),
        np.repeat(np.arange(needs), pairs), near.ravel(), np.rint(metres).astype(np.int64).ravel(),
        offer_unit=rng.integers(0, units, offers), unit_capacity=rng.poisson(share / units, units),
    )  # fmt: skip


def check_steps(live: LiveMatch) -> int:
    """Hold all kept steps against the pairs of holders; give of how many offers there are any."""
    state, offers = live._state, int(live._state.meta[at.OFFERS])
    assert find_fault(state) is None
    hop, price = state.hop[:offers], state.offer_price[:offers]
    nearer = price - hop[:, at.LAID_PRICE] + state.meta[at.FALLEN] - hop[:, at.LAID_FALLEN]
    away = hop[:, at.REACH] - nearer
    bound, told = np.repeat(away[:, None], offers, axis=1), np.full((offers, offers), at.FAR)
    for o in np.flatnonzero(hop[:, at.LAID]).tolist():
        step = state.step[o * at.STEPS : o * at.STEPS + hop[o, at.HOP_COUNT]]
        bound[o, step[:, at.STEP_OFFER]] = step[:, at.STEP_AWAY] - nearer[o]
        told[o, step[:, at.STEP_OFFER]] = np.where(step[:, at.STEP_EDGE] < 0, at.FAR, step[:, at.STEP_COST])
    rows = list_rows(state.need, int(state.meta[at.NEEDS]))
    need, offer, cost = state.edge[rows, at.NEED], state.pair[rows, at.OFFER], state.pair[rows, at.COST]
    least = np.full((offers, offers), at.FAR)
    start = np.searchsorted(need, np.arange(int(need.max()) + 2))
    for held in np.flatnonzero(state.edge_flow[rows] > 0).tolist():
        own = slice(start[need[held]], start[need[held] + 1])
        here = (offer[held], offer[own])
        least[here] = np.minimum(least[here], cost[own] - cost[held])
    laid = np.repeat(hop[:, at.LAID, None] == at.YES, offers, axis=1)
    laid &= (least < at.FAR) & (price < at.FAR) & ~np.eye(offers, dtype=bool)
    assert (least + price - price[:, None] >= bound)[laid].all()
    assert (told >= least)[laid].all()
    known = laid & (told < at.FAR)
    assert (told == least)[known].all()
    return int(laid.any(axis=1).sum())


def test_what_offers_remember_holds_while_units_leave_and_come_back() -> None:
    graph = make_town(1)
    live, rng = LiveMatch(graph), np.random.default_rng(1)
    kept = []
    for unit in rng.integers(0, graph.unit_count, 25).tolist():
        live.unit_leaves(unit)
        kept.append(check_steps(live))
        if rng.random() < 0.6:
            for offer in np.flatnonzero(graph.offer_unit == unit).tolist():
                live.capacity_changes(offer, int(graph.offer_capacity[offer]))
            live.unit_capacity_changes(unit, int(graph.unit_capacity[unit]))
            kept.append(check_steps(live))
    assert max(kept) > graph.offer_count // 4
