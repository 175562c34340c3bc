"""How Hypothesis draws matching problems, and larger ones drawn with NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from matcher import UNLIMITED, CandidateGraph


@st.composite
def tiny_graphs(
    draw: st.DrawFn,
    *,
    whole: bool = False,
    load: bool = True,
    locked: bool = True,
    limits: bool = True,
) -> CandidateGraph:
    """Problems small enough to try every assignment, with every option the graph has."""
    needs, offers, units = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(0, 2))

    def some(size: int, low: int, high: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=size, max_size=size))

    pairs = draw(st.lists(st.sampled_from([(n, o) for n in range(needs) for o in range(offers)]),
                          unique=True, max_size=6))  # fmt: skip
    options: dict[str, Any] = {}
    if units:
        options |= {"offer_unit": some(offers, -1, units - 1), "unit_capacity": some(units, 0, 4)}
        if load and draw(st.booleans()):
            steps = draw(st.integers(1, 3))
            options["unit_load_cost"] = [sorted(some(steps, 0, 6)) for _ in range(units)]
    if limits and draw(st.booleans()):
        options["edge_capacity"] = some(len(pairs), 0, 3)
    if locked and draw(st.booleans()):
        options["edge_locked"] = some(len(pairs), 0, 2)
    if whole:
        options["need_whole"] = draw(st.lists(st.booleans(), min_size=needs, max_size=needs))
    return CandidateGraph(
        some(needs, 0, 3), some(needs, 1, 3), some(offers, 0, 4),
        [n for n, _ in pairs], [o for _, o in pairs],
        some(len(pairs), 0, 9), **options,
    )  # fmt: skip


def random_graph(
    needs: int, offers: int, units: int, edges: int, *, seed: int, room: float = 0.8, **options: Any
) -> CandidateGraph:
    """A problem of a given size in which about `room` of what is wanted could be served.

    ``edge_capacity=True`` and the like ask for that option to be drawn too.
    """
    rng = np.random.default_rng(seed)
    pairs = np.sort(rng.choice(needs * offers, min(edges, needs * offers), replace=False))
    quantity = rng.integers(1, 6, needs)
    drawn: dict[str, Any] = {}
    if units:
        drawn["offer_unit"] = rng.integers(-1, units, offers)
        drawn["unit_capacity"] = rng.poisson(room * quantity.sum() / units, units)
    if options.get("edge_capacity"):
        drawn["edge_capacity"] = rng.integers(0, 4, len(pairs))
    if options.get("edge_locked"):
        drawn["edge_locked"] = np.where(rng.random(len(pairs)) < 0.05, rng.integers(1, 4, len(pairs)), 0)
    if options.get("need_whole"):
        drawn["need_whole"] = rng.random(needs) < 0.3
    if options.get("unit_load_cost"):
        drawn["unit_load_cost"] = np.sort(rng.integers(0, 500, (units, 8)), axis=1)
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), rng.poisson(room * quantity.sum() / offers, offers),
        pairs // offers, pairs % offers, rng.integers(0, 3000, len(pairs)), **drawn,
    )  # fmt: skip


def draw_held(seed: int) -> CandidateGraph:
    """A problem with load costs, rooms of pairs, or both, of a random kind: ties, no limits, no load."""
    rng = np.random.default_rng(seed)
    needs, offers, units = int(rng.integers(1, 30)), int(rng.integers(1, 12)), int(rng.integers(1, 6))
    if rng.random() < 0.1:
        needs, offers, units = 120, 30, 9
    degree = min(offers, int(rng.integers(1, 7)))
    edge_need = np.repeat(np.arange(needs), degree)
    edge_offer = np.concatenate([rng.choice(offers, degree, replace=False) for _ in range(needs)])
    some = np.flatnonzero(rng.random(needs * degree) < rng.choice([0.6, 1.0]))
    edges = rng.permutation(some)
    many = 1 if rng.random() < 0.6 else int(rng.choice([3, 1000, 100_000]))
    quantity = rng.integers(0, 9, needs) * many + rng.integers(0, many, needs)
    span = int(rng.choice([1, 3, 50, 3000]))
    capacity = rng.poisson(rng.choice([0.3, 0.7, 1.0, 1.5]) * quantity.sum() / offers, offers)
    total = rng.poisson(rng.choice([0.3, 0.7, 1.5, 3.0]) * quantity.sum() / units, units)
    for most in (capacity, total):
        if rng.random() < 0.2:
            most[rng.random(len(most)) < 0.5] = UNLIMITED
    options: dict[str, Any] = {}
    kind = int(rng.integers(0, 4))
    if kind != 1:
        load = rng.integers(0, int(rng.choice([1, 2, span, 3 * span])) + 1, (units, int(rng.integers(1, 14))))
        load[rng.random(units) < rng.choice([0.0, 0.0, 0.5, 1.0])] = 0
        options["unit_load_cost"] = np.sort(load, axis=1)
    if kind != 2:
        room = rng.integers(0, 4, len(edges)) * int(rng.choice([1, many]))
        is_limited = rng.random(len(edges)) < rng.choice([0.1, 0.5, 1])
        options["edge_capacity"] = np.where(is_limited, room, UNLIMITED)
    if rng.random() < 0.3:
        options["edge_locked"] = np.where(rng.random(len(edges)) < 0.1, rng.integers(1, 4, len(edges)), 0)
    if rng.random() < 0.3:
        for name, rows in (("need_ids", needs), ("offer_ids", offers)):
            options[name] = [f"{name} {row}" for row in range(rows)]
    return CandidateGraph(
        quantity, rng.integers(1, 6, needs), capacity, edge_need[edges], edge_offer[edges],
        rng.integers(0, span, len(edges)), offer_unit=rng.integers(-1, units, offers), unit_capacity=total,
        **options,
    )  # fmt: skip
