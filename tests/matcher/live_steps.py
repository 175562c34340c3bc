"""Events drawn for a live match, and what must hold after each."""

from __future__ import annotations

import numpy as np

from matcher import Solution, solve, verify
from matcher.live import Change, LiveMatch


def value_of(solution: Solution) -> tuple[dict[int, int], int]:
    return dict(solution.served_by_priority), solution.cost


def check_optimal(live: LiveMatch) -> Solution:
    """The live match is proved, and as good as a fresh solve."""
    solution = live.solution()
    assert solution.status == "optimal"
    assert value_of(solution) == value_of(solve(solution.graph))
    assert verify(solution.graph, solution).proof == "duality"
    return solution


def check_change(before: Solution, change: Change, after: Solution) -> None:
    """What a change tells is the difference between two solutions."""
    assert change.cost == after.cost - before.cost
    assert dict(change.served_by_priority) == {
        p: after.served_by_priority[p] - before.served_by_priority[p] for p in range(1, 6)
    }
    flow = [pairs_of(before), pairs_of(after)]
    for move in change.moves:
        assert move.places > 0
        for offer, sign in ((move.from_offer, -1), (move.to_offer, 1)):
            if offer is not None:
                flow[0][move.need, offer] = flow[0].get((move.need, offer), 0) + sign * move.places
    assert {k: v for k, v in flow[0].items() if v} == flow[1]


def pairs_of(solution: Solution) -> dict[tuple[int, int], int]:
    graph, used = solution.graph, np.flatnonzero(solution.flow)
    pairs = zip(graph.edge_need[used].tolist(), graph.edge_offer[used].tolist(), strict=True)
    return dict(zip(pairs, solution.flow[used].tolist(), strict=True))


def draw_event(live: LiveMatch, rng: np.random.Generator) -> Change:
    """Do one event of any kind."""
    graph = live.graph()
    needs, offers, units = graph.need_count, graph.offer_count, graph.unit_count
    kind = rng.integers(0, 24)
    pair = int(rng.integers(graph.edge_count)) if graph.edge_count else None
    if kind in (0, 1) and units:
        unit = int(rng.integers(units))
        return live.unit_leaves(unit) if kind else live.unit_capacity_changes(unit, int(rng.integers(0, 12)))
    if kind == 2:
        return live.unit_joins(int(rng.integers(0, 9)))
    if kind in (3, 4):
        chosen = rng.choice(needs, rng.integers(0, min(needs, 8) + 1), replace=False)
        unit = int(rng.integers(-1, units))
        costs = rng.integers(0, 3000, len(chosen))
        return live.offer_joins(int(rng.integers(0, 6)), chosen, costs, None if unit < 0 else unit)
    if kind in (5, 6):
        return live.offer_leaves(int(rng.integers(offers)))
    if kind in (7, 8):
        return live.capacity_changes(int(rng.integers(offers)), int(rng.integers(0, 8)))
    if kind in (9, 10):
        return live.need_withdrawn(int(rng.integers(needs)))
    if kind in (11, 12):
        return live.quantity_changes(int(rng.integers(needs)), int(rng.integers(0, 6)))
    if pair is not None and kind < 19:
        need, offer = int(graph.edge_need[pair]), int(graph.edge_offer[pair])
        if kind < 16:
            return live.cost_changes(need, offer, int(rng.integers(0, 3000)))
        if kind < 18 or graph.edge_locked[pair]:
            return live.lock(need, offer, int(rng.integers(0, 3)))
        return live.refuse(need, offer)
    chosen = rng.choice(offers, rng.integers(0, min(offers, 6) + 1), replace=False)
    costs = rng.integers(0, 3000, len(chosen))
    return live.need_arrives(int(rng.integers(0, 5)), int(rng.integers(1, 6)), chosen, costs)
