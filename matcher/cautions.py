"""Cautions: what served needs rest on, so that a planner knows where an assignment is thin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from matcher.catchments import Access, measure_access
from matcher.instance import Bools, Instance, Ints
from matcher.match import Part

Json = dict[str, Any]

_NEAR: Final = 1 - 1e-9


def list_cautions(part: Part) -> list[Json]:
    """List the warnings of one measure as JSON values, each with `warning`, and `need` or `project` (an id).

    - `fragile`: all offers that may serve it belong to one `unit`; `offers` says how many.
    - `low_access`: its `access` by the rules' `measure` (see `matcher.catchments`) is below
      `Rules.low_access_share` of the `mean` of its category, weighted by the places wanted in reach; of a
      cost, the mean is below that share of it. Needs only.
    - `assumed`: `places` of it rest on a capacity or reach that nobody stated, by way of `offers`.
    - `broad`: `places` of it are served by `offers` whose category lies below its own.
    - `overpromised`: more `places` are promised of it, or of an offer or unit (`kind`, `id`; `need` is None
      then), than there are.
    """
    instance, flow = part.instance, part.solution.flow
    served = np.asarray(part.solution.served > 0)
    locked, pairs = instance.graph.edge_locked, instance.pairs
    return [
        *_fragile(instance, served),
        *_low_access(instance, served),
        *_resting_on("assumed", instance, flow, np.flatnonzero(pairs.assumed & (flow > locked)), locked),
        *_resting_on("broad", instance, flow, np.flatnonzero(pairs.broad & (flow > 0))),
        *({**item, **_need_of(item)} for item in instance.promises.overpromised),
    ]


def _named(instance: Instance, warning: str, need: int) -> Json:
    kind = "project" if instance.demand.is_project[need] else "need"
    return {"warning": warning, kind: instance.demand.ids[need]}


def _need_of(item: Json) -> Json:
    return {item["kind"]: item["id"]} if item["kind"] in ("need", "project") else {"need": None}


def _fragile(instance: Instance, served: np.ndarray) -> Iterator[Json]:
    graph = instance.graph
    # Edges come by need. Those that are only promised count as if they weren't there.
    feasible, unit_of = instance.pairs.feasible, instance.supply.unit.astype(np.int32)
    offers = np.bincount(graph.edge_need[feasible], minlength=graph.need_count)
    has_some = np.flatnonzero(offers)
    starts = np.cumsum(offers[has_some]) - offers[has_some]
    unit = unit_of[graph.edge_offer[feasible]]
    least, most = np.full(graph.need_count, graph.unit_count), np.full(graph.need_count, -1)
    if len(has_some):
        least[has_some], most[has_some] = (by.reduceat(unit, starts) for by in (np.minimum, np.maximum))
    for row in np.flatnonzero(served & (least == most)).tolist():
        yield {
            **_named(instance, "fragile", row),
            "unit": instance.unit_ids[least[row]],
            "offers": int(offers[row]),
        }


def _low_access(instance: Instance, served: np.ndarray) -> Iterator[Json]:
    access, category = measure_access(instance), instance.demand.category
    rows_of: dict[str, list[int]] = {}
    for row in np.flatnonzero(~instance.demand.is_project).tolist():
        rows_of.setdefault(category[row], []).append(row)
    low: list[tuple[int, float | None]] = []
    for members in rows_of.values():
        rows = np.array(members)
        mean = access.find_mean(rows)
        low += [(row, mean) for row in rows[served[rows] & _is_low(access, rows, mean)].tolist()]
    for row, mean in sorted(low, key=lambda found: found[0]):
        yield {
            **_named(instance, "low_access", row),
            "access": round(float(access.value[row]), 3),
            "mean": None if mean is None else round(mean, 3),
            "measure": access.measure,
        }


def _is_low(access: Access, rows: Ints, mean: float | None) -> Bools:
    """Which of some need rows have much less than the mean; what is unknown is not low."""
    value, share = access.value[rows], access.instance.rules.low_access_share
    if access.is_cost:
        # Whose sites have no places bears no cost that could be told, and is worst off.
        dear = np.zeros(len(rows), np.bool_) if mean is None else value * share * _NEAR > mean
        costly: Bools = (value == 0) | dear
        return costly
    # Sums of floats differ in their last digits; only what is clearly below counts.
    below: Bools = value < share * (mean or 0.0) * _NEAR
    return below


def _resting_on(
    warning: str, instance: Instance, flow: Ints, edges: Ints, less: Ints | None = None
) -> Iterator[Json]:
    """Warn of needs by the places on some edges, which are sorted by need; some places may not count."""
    graph, supply = instance.graph, instance.supply
    if not len(edges):
        return
    for some in np.split(edges, np.flatnonzero(np.diff(graph.edge_need[edges])) + 1):
        offers = instance.pairs.offer_row[some]
        yield {
            **_named(instance, warning, int(graph.edge_need[some[0]])),
            "places": int(flow[some].sum() - (0 if less is None else less[some].sum())),
            "offers": supply.ids[offers[offers >= 0]].tolist(),
        }
