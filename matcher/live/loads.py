"""What a unit's places cost: the next one, the last one, and how many in a row cost the same."""

from __future__ import annotations

from graph.compiled import compiled
from matcher.arrays import IntArray
from matcher.live import state as at


@compiled
def find_load(meta: IntArray, u: int, sign: int) -> int:
    """Load cost of the unit's next place, or with `BACK` of the place that it gave last."""
    steps = meta[at.LOAD_STEPS]
    if steps == 0:
        return 0
    unit = at.units_of(meta)
    step = unit[u, at.LOCKED] + unit[u, at.FLOW]
    if sign < 0:
        step -= 1
    load: int = at.unit_load_of(meta)[u * steps + min(step, steps - 1)]
    return load


@compiled
def find_run(meta: IntArray, u: int, sign: int) -> int:
    """How many places of a unit in a row cost the same as its next one (or the one it gave last)."""
    unit = at.units_of(meta)
    most: int = unit[u, at.LIMIT] - unit[u, at.FLOW] if sign > 0 else unit[u, at.FLOW]
    if meta[at.LOAD_STEPS] == 0:
        return most
    flat: int = unit[u, at.LOCKED] + unit[u, at.FLOW] - meta[at.LOAD_STEPS] + 1
    if sign > 0:
        return most if flat >= 0 else min(most, 1)
    return min(most, max(1, flat))


@compiled
def add_load(meta: IntArray, u: int, places: int) -> None:
    """Change what a unit gives, with its load cost."""
    unit, load, steps = at.units_of(meta), at.unit_load_of(meta), meta[at.LOAD_STEPS]
    if steps == 0:
        unit[u, at.FLOW] += places
        return
    last = steps - 1
    while places != 0:
        run = abs(places)
        count = unit[u, at.LOCKED] + unit[u, at.FLOW]
        if places > 0:
            run = run if count >= last else 1
            meta[at.COST_SUM] += run * load[u * steps + min(count, last)]
            unit[u, at.FLOW] += run
            places -= run
        else:
            run = min(run, max(1, count - last))
            meta[at.COST_SUM] -= run * load[u * steps + min(count - 1, last)]
            unit[u, at.FLOW] -= run
            places += run
