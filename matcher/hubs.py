"""Hubs: needs that the same offers reach come to these by one arc, in networks where only places are counted.

A hundred offers that reach everyone are a hundred arcs of each need. Where no pair has a capacity of its own,
an arc to a hub, and from there one to each of the offers, lets just as many places through: a need never
passes on more than it wants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, IntArray, RowArray
from matcher.problem import MANY_EDGES, CandidateGraph

_LEAST_REACHED = 0.125
# Offers that reach such a share of all needs are put behind hubs.
_LEAST_MEMBERS = 8
# Fewer needs that the same offers reach get no hub.


@dataclass(frozen=True, slots=True, eq=False)
class Hubs:
    """Hubs of a graph.

    Attributes
    ----------
    hub_of : int32 array (needs)
        -1: none.
    hub, offer : int32 arrays
        The offers of each hub.
    is_behind : bool array (edges)
        Edges that the hubs stand for.
    """

    hub_of: RowArray
    hub: RowArray
    offer: RowArray
    is_behind: BoolArray

    @property
    def count(self) -> int:
        """How many hubs there are."""
        return int(self.hub_of.max(initial=-1)) + 1


def find_hubs(graph: CandidateGraph, counts: BoolArray) -> Hubs:
    """Find hubs for edges without a capacity of their own.

    Parameters
    ----------
    graph : CandidateGraph
    counts : bool array (edges)
        The edges that a hub may stand for.
    """
    none = np.zeros(0, np.int32)
    nobody = Hubs(np.full(graph.need_count, -1, np.int32), none, none, np.zeros(graph.edge_count, np.bool_))
    if graph.edge_count < MANY_EDGES:
        return nobody
    from matcher.engine.locality import find_starts
    from matcher.hubs_loops import compare_lists, count_reached, list_offers, mark_behind, sum_draws

    reached = np.zeros(graph.offer_count, np.int64)
    count_reached(graph.edge_offer, counts, reached)
    wide = reached >= max(_LEAST_REACHED * graph.need_count, 1)
    if wide.sum() < 2:
        return nobody
    start, order = find_starts(graph.edge_need, graph.need_count), graph.edge_order
    common = (start, order, graph.edge_offer, counts, wide)
    # Equal sums of draws are likely to be of equal lists, which is then looked at.
    draws = np.random.default_rng(0).integers(0, 1 << 63, graph.offer_count, np.uint64)
    sums = np.zeros(graph.need_count, np.uint64)
    sum_draws(*common, draws, sums)
    _, first, group, members = np.unique(sums, return_index=True, return_inverse=True, return_counts=True)
    is_hub = (members >= _LEAST_MEMBERS) & (sums[first] != 0)
    hub_of = np.where(is_hub, np.cumsum(is_hub) - 1, -1)[group].astype(np.int32)
    leaders = first[is_hub]
    compare_lists(*common, leaders, hub_of)
    size = int(is_hub.sum()) * int(wide.sum())
    hub, offer = np.empty(size, np.int32), np.empty(size, np.int32)
    found = list_offers(*common, leaders, hub, offer)
    is_behind = np.zeros(graph.edge_count, np.bool_)
    mark_behind(*common, hub_of, is_behind)
    return Hubs(hub_of, hub[:found], offer[:found], is_behind)


def sum_by_hub(hubs: Hubs, need_places: IntArray) -> IntArray:
    """Add up what the needs of each hub want."""
    some = hubs.hub_of >= 0
    sums = np.zeros(hubs.count, np.int64)
    np.add.at(sums, hubs.hub_of[some], need_places[some])
    return sums
