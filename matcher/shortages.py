"""Shortages: which unserved places want for capacity, which are held back by a rule, and the proof.

Needs and projects count apart, though a unit's total holds for both: each is looked at with what the other
was given set aside. An optimal assignment serves as many places as any could then, so that what it leaves is
short by exactly what the certificates say. Only whole needs can break this: the places that a flow which may
split them would serve beside all that is served are held by that rule, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrays import sum_by_row
from matcher.certificates import Certificate, certify
from matcher.instance import Bools, Instance, Ints
from matcher.problem import CandidateGraph
from matcher.remainder import take_promises_off
from matcher.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class Shortages:
    """What the unserved places of needs (or of projects) want for.

    Attributes
    ----------
    no_capacity, held_by_whole : ndarray of int64
        Places of each need row.
    certificates : tuple of Certificate
        Rows of the instance's graph; together short by all places of `no_capacity`.
    need_places, offer_places, unit_places, pair_places : ndarray of int64
        Places wanted and to be had per need, offer, unit and edge row of the graph: net of promises, and of
        what projects (or, for projects, needs) were given. The certificates add these up.
    set_aside : ndarray of int64
        What the other kind was given of each unit.
    """

    no_capacity: Ints
    held_by_whole: Ints
    certificates: tuple[Certificate, ...]
    need_places: Ints
    offer_places: Ints
    unit_places: Ints
    pair_places: Ints
    set_aside: Ints


def find_shortages(instance: Instance, solution: Solution, *, projects: bool) -> Shortages:
    """Part the places that no assignment could serve beside those served from those a rule holds back.

    Parameters
    ----------
    instance : Instance
    solution : Solution
        An assignment of the instance's graph.
    projects : bool
        True: look at projects, with the needs' places set aside; False: the other way round.
    """
    graph = instance.graph
    net = take_promises_off(graph)
    flow = solution.flow - graph.edge_locked if graph.edge_locked.any() else solution.flow
    mine = instance.demand.is_project == projects
    of_mine = mine[graph.edge_need]
    used = np.flatnonzero(flow)
    others = used[~of_mine[used]]
    other_offer = sum_by_row(graph.edge_offer[others], flow[others], graph.offer_count)
    other_unit = _sum_by_unit(graph, other_offer)
    quantity = np.where(mine, net.need_quantity, 0)
    offer_left, unit_left = net.offer_capacity - other_offer, net.unit_capacity - other_unit
    of_mine &= instance.pairs.feasible
    # All of them, where that is so, without a copy.
    edges: Ints | slice = slice(None) if of_mine.all() else np.flatnonzero(of_mine)
    nothing = np.broadcast_to(np.int64(0), graph.edge_count)
    pair_left = nothing if net.edge_capacity is None else net.edge_capacity
    part = _take_part(graph, edges, quantity, offer_left, unit_left, net.edge_capacity)
    reachable = np.zeros(graph.need_count, dtype=bool)
    reachable[part.edge_need] = True
    served = flow[edges]
    short = _left(part, served, reachable)
    try:
        found = certify(part, served)
    except ValueError:
        # More could be served if needs were split, or by a better assignment; nothing else may leave places.
        if solution.status == "optimal" and not (short[graph.need_whole] > 0).any():
            raise
        served = _serve_more(part, served, short)
        found = certify(part, served)
    no_capacity = _left(part, served, reachable)
    return Shortages(
        no_capacity=no_capacity,
        held_by_whole=short - no_capacity,
        certificates=tuple(
            c if isinstance(edges, slice) else replace(c, pairs=edges[c.pairs]) for c in found
        ),
        need_places=quantity,
        offer_places=offer_left,
        unit_places=unit_left,
        pair_places=pair_left,
        set_aside=other_unit,
    )


def _take_part(
    graph: CandidateGraph,
    edges: Ints | slice,
    quantity: Ints,
    offer_left: Ints,
    unit_left: Ints,
    pair_left: Ints | None,
) -> CandidateGraph:
    """What is left for some pairs, as a problem of its own; rows keep their numbers."""
    # A pair that may carry all its need asks for holds nothing back.
    limits = pair_left is not None and (pair_left < quantity[graph.edge_need])[edges].any()
    is_all = isinstance(edges, slice)
    return CandidateGraph(
        quantity,
        graph.need_priority,
        offer_left,
        *(row if is_all else row[edges] for row in (graph.edge_need, graph.edge_offer, graph.edge_cost)),
        offer_unit=graph.offer_unit,
        unit_capacity=unit_left,
        edge_capacity=pair_left[edges] if limits and pair_left is not None else None,
    )


def no_shortages(instance: Instance) -> Shortages:
    """What there is to say where nobody wants for capacity."""
    graph = instance.graph
    sizes = (graph.need_count, graph.need_count, graph.need_count, graph.offer_count)
    no_capacity, held, needs, offers = (np.zeros(size, dtype=np.int64) for size in sizes)
    units, pairs, aside = (
        np.zeros(size, dtype=np.int64) for size in (graph.unit_count, graph.edge_count, graph.unit_count)
    )
    return Shortages(no_capacity, held, (), needs, offers, units, pairs, aside)


def _left(part: CandidateGraph, flow: Ints, reachable: Bools) -> Ints:
    """Places not served of the needs that some offer may serve."""
    used = np.flatnonzero(flow)
    left = part.need_quantity - sum_by_row(part.edge_need[used], flow[used], part.need_count)
    return np.where(reachable, left, 0)


def _sum_by_unit(graph: CandidateGraph, offer_flow: Ints) -> Ints:
    of_unit = graph.offer_unit >= 0
    return sum_by_row(graph.offer_unit[of_unit], offer_flow[of_unit], graph.unit_count)


def _serve_more(part: CandidateGraph, flow: Ints, short: Ints) -> Ints:
    """The most places that can be served beside all that is served, every need split if it must.

    A maximum flow in the network that the given one leaves, which never takes a place from anybody.
    """
    from ortools.graph.python import max_flow

    needs, offers, units = part.need_count, part.offer_count, part.unit_count
    source = needs + offers + units
    sink = source + 1
    wanted = int(short.sum())
    edge_need, edge_offer = part.edge_need.astype(np.int64), part.edge_offer.astype(np.int64)
    limit = part.need_quantity[edge_need]
    if part.edge_capacity is not None:
        limit = np.minimum(limit, part.edge_capacity)
    offer_flow = sum_by_row(edge_offer, flow, offers)
    of_unit = part.offer_unit >= 0
    after = np.where(of_unit, needs + offers + part.offer_unit, sink)
    unit_room = part.unit_capacity - _sum_by_unit(part, offer_flow)
    every_offer = needs + np.arange(offers)
    arcs = [
        (edge_need, needs + edge_offer, limit - flow),
        (needs + edge_offer, edge_need, flow),
        (np.full(needs, source), np.arange(needs), short),
        (every_offer, after, part.offer_capacity - offer_flow),
        (after[of_unit], every_offer[of_unit], offer_flow[of_unit]),
        (needs + offers + np.arange(units), np.full(units, sink), unit_room),
    ]
    tail, head, room = (np.concatenate([arc[at] for arc in arcs]) for at in range(3))
    engine = max_flow.SimpleMaxFlow()
    engine.add_arcs_with_capacity(
        tail.astype(np.int32), head.astype(np.int32), np.minimum(room, max(wanted, 1)).astype(np.int64)
    )
    status = engine.solve(source, sink)
    assert status == engine.OPTIMAL, f"a flow from source to sink always exists, found {status}"
    edges = len(flow)
    changes = np.asarray(engine.flows(np.arange(2 * edges, dtype=np.int32)), dtype=np.int64)
    return np.asarray(flow + changes[:edges] - changes[edges:], dtype=np.int64)
