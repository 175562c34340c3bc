"""What is lost if a unit leaves: places that nobody else could serve, exactly, for every unit.

A unit takes its capacity, its promises and its pairs along. What it served is sought elsewhere in the network
that a maximum flow leaves, and only where a way to spare room exists at all: beyond the minimum cut (Ford and
Fulkerson 1956) there is none, so that units on its near side lose exactly what they give. Afterwards the unit
comes back, and what moved stays where it is: its neighbour, which leaves next, finds that room next door.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.arrays import BoolArray, IntArray, RowArray, freeze, group_rows, sum_by_row
from matcher.banding import put_together
from matcher.certificates import read_net_flow
from matcher.problem import CandidateGraph
from matcher.remainder import NetAmounts, take_promises_off

if TYPE_CHECKING:
    from matcher.cut_loops import Leavers
    from matcher.cut_search import Network


def leave_one_out(graph: CandidateGraph, *, flow: IntArray | None = None) -> IntArray:
    """Count the places that could no longer be served if a unit left, each unit by itself.

    Exact: the most places that can be served with the unit, less the most without it and its offers. Its
    promises are lost with it, and their places sought elsewhere like the others; promises of all others stay.
    Needs are taken as if all could be split.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges), optional
        An assignment that serves as many places as can be served, promises included: that of `serve_most`, or
        of `solve` where no need is whole. Left out, one is found.

    Returns
    -------
    int64 array (units)
        By offer where the graph has no units. Read-only, at least 0.

    Raises
    ------
    ValueError
        `flow` isn't an assignment of the graph, or more places could be served.
    """
    from matcher.cut_loops import count_unplaced

    net = take_promises_off(graph)
    beyond = read_net_flow(graph, net, flow)
    leaver = graph.offer_unit.astype(np.int64) if graph.unit_count else np.arange(graph.offer_count)
    size = graph.unit_count or graph.offer_count
    rest = _Open.find(graph, net, beyond)
    leavers = _list_leavers(graph, rest, leaver, size)
    # What was promised is lost in any case, and what needs got that can come to no spare room.
    is_lost = (graph.edge_locked > 0) | ((beyond > 0) & (rest.need_node < 0)[graph.edge_need])
    row = np.flatnonzero(is_lost & (leaver >= 0)[graph.edge_offer])
    places = graph.edge_locked[row] + np.where(rest.need_node[graph.edge_need[row]] < 0, beyond[row], 0)
    loss = sum_by_row(leaver[graph.edge_offer[row]], places, size)
    # What is sought beyond the flow was promised before, and counted with that.
    more = np.repeat(np.arange(size), np.diff(leavers.more_starts))
    loss -= sum_by_row(more, leavers.more_places, size)
    loss += count_unplaced(_lay_network(graph, net, rest, leaver), leavers)
    freeze(loss)
    return loss


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """What a place could still come to spare room from after a maximum flow; nobody else has a part in it.

    What lies between these rows and the others can't change: a need that is left out may have places of an
    offer that isn't, by a pair that can carry no more.

    Attributes
    ----------
    need_node, offer_node : int64 arrays (needs, offers)
        Number of each open row, neighbours together; -1 for the others.
    edges : int64 array
        Edges with two open ends, by the number of their need.
    flow : int64 array (edges)
        Places beyond promises, in the caller's order of edges.
    offer_room, unit_room : int64 arrays (offers, units)
    """

    need_node: IntArray
    offer_node: IntArray
    edges: IntArray
    flow: IntArray
    offer_room: IntArray
    unit_room: IntArray

    @classmethod
    def find(cls, graph: CandidateGraph, net: NetAmounts, flow: IntArray) -> _Open:
        needs, offers = graph.need_count, graph.offer_count
        of_unit = graph.offer_unit >= 0
        used = sum_by_row(graph.edge_offer, flow, offers)
        offer_room = net.offer_capacity - used
        unit_room = net.unit_capacity - sum_by_row(graph.offer_unit[of_unit], used[of_unit], graph.unit_count)
        is_open, order = _mark_open(graph, net, flow, offer_room, unit_room)
        unserved = net.need_quantity > sum_by_row(graph.edge_need, flow, needs)
        if (unserved & is_open[:needs]).any():
            raise ValueError("flow leaves places unserved that could be served; take that of serve_most")
        edges = order[is_open[graph.edge_need[order]] & is_open[needs:][graph.edge_offer[order]]].astype(
            np.int64
        )
        need_node, need_row = _number(is_open[:needs])
        offer_node, offer_row = _number(is_open[needs : needs + offers])
        need_node[need_row], offer_node[offer_row] = put_together(
            need_node[graph.edge_need[edges]], offer_node[graph.edge_offer[edges]],
            len(need_row), len(offer_row),
        )  # fmt: skip
        by_need = np.argsort(need_node[graph.edge_need[edges]].astype(np.int32), kind="stable")
        return cls(need_node, offer_node, edges[by_need], flow, offer_room, unit_room)


def _mark_open(
    graph: CandidateGraph, net: NetAmounts, flow: IntArray, offer_room: IntArray, unit_room: IntArray
) -> tuple[BoolArray, RowArray]:
    """Mark needs, offers and units that can come to spare room; give the order of edges by need too."""
    from matcher.cut_room import list_edges, mark_open

    order = graph.edge_order
    need, offer, sorted_flow = graph.edge_need[order], graph.edge_offer[order], flow[order]
    is_full = np.zeros(0, np.bool_) if net.edge_capacity is None else sorted_flow >= net.edge_capacity[order]
    of_unit = np.flatnonzero(graph.offer_unit >= 0)
    unit_starts, unit_offers = group_rows(graph.offer_unit[of_unit], graph.unit_count)
    is_open = mark_open(
        np.searchsorted(need, np.arange(graph.need_count + 1)), need, offer, sorted_flow, is_full,
        *list_edges(offer, graph.offer_count), offer_room, graph.offer_unit, unit_starts,
        of_unit[unit_offers], unit_room,
    )  # fmt: skip
    return is_open, order


def _number(is_in: BoolArray) -> tuple[IntArray, IntArray]:
    """Number the marked rows, -1 for the others; and list them."""
    number = np.full(len(is_in), -1, np.int64)
    rows = np.flatnonzero(is_in)
    number[rows] = np.arange(len(rows))
    return number, rows


def _lay_network(graph: CandidateGraph, net: NetAmounts, rest: _Open, leaver: IntArray) -> Network:
    """Lay what is open as the loops take it."""
    from matcher.cut_search import Network

    offer_row = np.flatnonzero(rest.offer_node >= 0)
    offer_row = offer_row[np.argsort(rest.offer_node[offer_row])]
    need, offer = rest.need_node[graph.edge_need[rest.edges]], rest.offer_node[graph.edge_offer[rest.edges]]
    carried = rest.flow[rest.edges]
    # Edges with flow come first among those of an offer.
    half, slots = group_rows(2 * offer + (carried == 0), 2 * len(offer_row))
    slot_of = np.empty(len(slots), np.int32)
    slot_of[slots] = np.arange(len(slots), dtype=np.int32)
    unit = graph.offer_unit[offer_row]
    members = np.flatnonzero(unit >= 0)
    unit_starts, in_unit = group_rows(unit[members], graph.unit_count)
    return Network(
        need_starts=np.searchsorted(need, np.arange(np.count_nonzero(rest.need_node >= 0) + 1)),
        edge_offer=offer.astype(np.int32),
        edge_need=need.astype(np.int32),
        limit=np.zeros(0, np.int64) if net.edge_capacity is None else net.edge_capacity[rest.edges],
        flow=carried,
        offer_starts=half[::2].copy(),
        slots=slots.astype(np.int32),
        slot_of=slot_of,
        used=half[1::2] - half[:-1:2],
        offer_room=rest.offer_room[offer_row],
        offer_unit=unit,
        offer_leaver=leaver[offer_row],
        unit_starts=unit_starts,
        unit_offers=members[in_unit],
        unit_room=rest.unit_room,
    )


def _list_leavers(graph: CandidateGraph, rest: _Open, leaver: IntArray, size: int) -> Leavers:
    """List who leaves with what, and what their needs want once their promises are gone."""
    from matcher.cut_loops import Leavers

    need_node, offer_node = rest.need_node, rest.offer_node
    row = np.flatnonzero((leaver >= 0) & (offer_node >= 0))
    own_starts, own = group_rows(leaver[row], size)
    # Who has none of the offers here, but promises to needs that are, goes last.
    nearest = np.full(size, graph.offer_count, np.int64)
    np.minimum.at(nearest, leaver[row], offer_node[row])
    locked = np.flatnonzero(graph.edge_locked)
    locked = locked[(need_node[graph.edge_need[locked]] >= 0) & (leaver[graph.edge_offer[locked]] >= 0)]
    needs = max(graph.need_count, 1)
    key = leaver[graph.edge_offer[locked]] * needs + graph.edge_need[locked]
    pair, pair_of = np.unique(key, return_inverse=True)
    need = pair % needs
    promised = sum_by_row(pair_of, graph.edge_locked[locked], len(pair))
    all_promised = sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    kept = (graph.need_quantity - all_promised)[need]
    more_starts = np.searchsorted(pair // needs, np.arange(size + 1))
    order = np.argsort(nearest, kind="stable")
    order = order[(nearest[order] < graph.offer_count) | (np.diff(more_starts)[order] > 0)]
    return Leavers(
        order=order,
        own_starts=own_starts,
        own_offers=offer_node[row][own],
        more_starts=more_starts,
        more_need=need_node[need],
        more_places=np.maximum(kept + promised, 0) - np.maximum(kept, 0),
    )
