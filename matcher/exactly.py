"""Serving exactly so many places of each kind at least cost, by the engine that serves as many as can be.

What is to stay unserved of a kind goes to an offer of its own, which costs nothing and has just so many
places. Then all is served, and every real place costs one more than it does, so that none too many is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, RowArray, sum_by_row
from matcher.layers import find_cheapest
from matcher.problem import MANY_EDGES
from matcher.remainder import Remainder, Source


def serve_cheapest(rest: Remainder, places: Mapping[int, int]) -> IntArray:
    """Find the flow of least cost that serves exactly these places of each weight.

    Parameters
    ----------
    rest : Remainder
        Without load costs; its weights only tell kinds of needs apart.
    places : mapping
        Weight to places, each weight that occurs; some flow serves so many.

    Returns
    -------
    int64 array
        Per edge of the caller, 0 on those that take no part.
    """
    flow = np.zeros(len(rest.source.need), np.int64)
    answer = _run_engine(rest, places) if rest.edge_count >= max(MANY_EDGES, 1) else None
    if answer is None:
        flow[rest.edge_row] = find_cheapest(rest, dict(places))
    else:
        rows, amounts = answer
        flow[rows] = amounts
    return flow


def _run_engine(rest: Remainder, places: Mapping[int, int]) -> tuple[RowArray, IntArray] | None:
    """Give the edges in use and what flows on them; None where the engine's sums could overflow."""
    from matcher.engine.run import fits, run
    from matcher.priced import run_priced

    told = _add_stays(rest, places)
    if not fits(told):
        return None
    answer = run_priced(told, None, threads=2) or run(told)
    is_real = answer.edge_row < rest.edge_count
    edges, amounts = answer.edge_row[is_real], answer.places[is_real]
    served = sum_by_row(rest.need_weight[told.source.need[edges]], amounts, max(places) + 1)
    if any(served[weight] != count for weight, count in places.items()):
        raise ValueError(f"no assignment serves {dict(places)} by weight")
    return rest.edge_row[edges], amounts


def _add_stays(rest: Remainder, places: Mapping[int, int]) -> Remainder:
    """Add offers for what stays unserved of each weight, with an edge of every need of that weight."""
    from matcher.engine.locality import find_starts

    offers, edges = len(rest.offer_capacity), rest.edge_count
    weights = np.array(sorted(places), np.int64)
    kind = np.searchsorted(weights, rest.need_weight)
    stays = sum_by_row(kind, rest.need_quantity, len(weights))
    stays -= np.array([places[weight] for weight in weights.tolist()], np.int64)
    number = np.where(stays > 0, offers + np.cumsum(stays > 0) - 1, -1)[kind]
    some = np.flatnonzero(number >= 0)
    size = edges + len(some)
    need, offer, cost = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int64)
    rest.lay_edges(need[:edges], offer[:edges], cost[:edges])
    cost[:edges] += 1
    need[edges:], offer[edges:], cost[edges:] = some, number[some], 0
    end = find_starts(need[:edges], len(rest.need_quantity))[1:]
    order = np.insert(np.arange(edges, dtype=np.int32), end[some], np.arange(edges, size, dtype=np.int32))
    limits = rest.edge_capacity
    count = int((stays > 0).sum())
    return replace(
        rest,
        offer_row=np.append(rest.offer_row, np.full(count, -1)),
        edge_count=size,
        need_weight=np.ones_like(rest.need_weight),
        offer_capacity=np.append(rest.offer_capacity, stays[stays > 0]),
        offer_unit=np.append(rest.offer_unit, np.full(count, -1)),
        source=Source(need, offer, cost, order, None, None, None),
        edge_capacity=np.insert(limits, end[some], NO_LIMIT)
        if limits.strides[0]
        else np.broadcast_to(np.int64(NO_LIMIT), size),
    )
