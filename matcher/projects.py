"""Projects: needs of different units, each taken once, by any offer of a unit that fits and reaches."""

from __future__ import annotations

import numpy as np

from graph.snapshot import Snapshot
from matcher.edges import Edges
from matcher.instance import Demand, Ints, Supply, Texts
from matcher.supply import read_limits


def split_projects(edges: Edges, demand: Demand, supply: Supply) -> tuple[Edges, Edges]:
    """Part pairs of needs from those of projects, keeping for each project and unit the cheapest alone.

    Returns
    -------
    needs, projects : Edges
        In `projects`, `offer` is the *unit's* row and `behind` the offer by which it may take the project;
        equal costs go to the first offer.
    """
    of_project = demand.is_project[edges.need]
    if not of_project.any():
        return edges, edges.take(np.flatnonzero(of_project))
    some = edges.take(np.flatnonzero(of_project))
    unit = supply.unit[some.offer]
    order = np.lexsort((some.offer, some.cost, unit, some.need))
    pair = some.need[order].astype(np.int64) * (len(supply.unit) + 1) + unit[order]
    first = np.r_[True, pair[1:] != pair[:-1]] if len(pair) else np.empty(0, dtype=bool)
    chosen = order[first]
    best = some.take(chosen).with_offers(unit[chosen])
    return edges.take(np.flatnonzero(~of_project)), best


def max_claims(snapshot: Snapshot, units: Ints, unit_ids: Texts) -> Ints:
    """How many projects units may take; `UNLIMITED` where nobody said, or where a list says 不限 (any)."""
    rows = snapshot.rows_of("units", unit_ids[units])
    limits = np.append(snapshot.column("units", "max_claims"), np.nan)[rows]
    return read_limits(limits)
