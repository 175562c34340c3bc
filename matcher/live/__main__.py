"""`python -m matcher.live`: compile the live match's loops ahead of their first use, and keep them."""

from __future__ import annotations

import numpy as np

from matcher.live import LiveMatch
from matcher.problem import CandidateGraph

if __name__ == "__main__":
    graph = CandidateGraph(
        np.array([1, 2, 1]), np.array([1, 2, 3]), np.array([1, 2]), np.array([0, 1, 1, 2]),
        np.array([0, 0, 1, 1]), np.array([1, 2, 3, 4]), offer_unit=np.array([0, -1]),
        unit_capacity=np.array([1]),
    )  # fmt: skip
    for live in (LiveMatch(graph), LiveMatch(graph, switching_cost=1), LiveMatch(graph, max_moves=0)):
        need = live.need_arrives(1, 1, np.array([0, 1]), np.array([1, 1])).need
        offer = live.offer_joins(1, np.array([0, 1]), np.array([1, 1]), unit=0).offer
        assert need is not None
        assert offer is not None
        live.cost_changes(need, 0, 3)
        live.lock(need, 1, 1)
        live.lock(need, 1, 0)
        live.refuse(need, 1)
        live.need_withdrawn(need)
        live.unit_capacity_changes(0, 2)
        live.unit_leaves(0)
        live.offer_leaves(1)
        live.catch_up()
        live.solution()
