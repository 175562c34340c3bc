"""`python -m matcher.engine`: compile the engine ahead of its first use, and keep it."""

from __future__ import annotations

import numpy as np

from matcher.engine import plain
from matcher.engine.run import run
from matcher.problem import CandidateGraph
from matcher.remainder import find_remainder

if __name__ == "__main__":
    # Large quantities have a loop of their own.
    for quantity in (1, 1000):
        graph = CandidateGraph(
            np.array([quantity, 2]), np.array([1, 2]), np.array([1, 1]), np.array([0, 1, 1]),
            np.array([0, 0, 1]), np.array([1, 2, 3]), offer_unit=np.array([0, -1]),
            unit_capacity=np.array([1]), unit_load_cost=np.array([[quantity]]),
        )  # fmt: skip
        run(find_remainder(graph))
    # As much room as is wanted leaves places spare at a price, which are filled together from two on.
    plain._SINGLY = 0
    rng = np.random.default_rng(1)
    offer = np.concatenate([rng.choice(20, 5, replace=False) for _ in range(400)])
    graph = CandidateGraph(
        np.ones(400, np.int64), rng.integers(1, 6, 400), rng.poisson(20.4, 20), np.repeat(np.arange(400), 5),
        offer, rng.integers(0, 3000, 2000),
    )  # fmt: skip
    run(find_remainder(graph))
