"""The level of each row: the weight of the most urgent needs that want more places than it has."""

# Arguments are passed in bundles, which mypy can't follow into the loops.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.arrays import IntArray
from matcher.engine.entries import make_entries
from matcher.engine.fill import count_spare, lay_backward, lay_forward, push_along_layers, serve_at_once
from matcher.engine.layout import OfferEdges, Plain


def find_levels(
    net: Plain, quantity: IntArray, capacity: IntArray, by_offer: Callable[[], OfferEdges]
) -> IntArray:
    """Find the level at which each node is held, for these quantities and capacities.

    The most places by weight, the heaviest first, are served without any costs; a row closes at the first
    weight of which some need that reaches it, or could by moving others, wants more.

    Parameters
    ----------
    net : Plain
    quantity, capacity : int64 arrays (needs; nodes)
    by_offer : callable
        Gives the edges by offer; called when they are first needed.

    Returns
    -------
    int64 array (nodes)
        0, or the weight at which the row was closed (offers: or their unit).
    """
    offers, nodes, needs = len(net.unit_of), len(net.capacity), len(quantity)
    left, used, level = quantity.copy(), np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    entries, edge_left = make_entries(needs, offers, len(net.edge_offer)), net.edge_capacity.copy()
    units = net.unit_of, net.member_start, net.members
    edges, wanting = (net.need_start, net.edge_offer), np.empty(needs, np.int32)
    layer, queue, node_entry = (
        np.zeros(nodes, np.int32),
        np.empty(nodes + 1, np.int32),
        np.zeros(nodes, np.int64),
    )
    need_seen, need_layer = np.zeros(needs, np.int32), np.zeros(needs, np.int32)
    marks = need_seen, need_layer, np.zeros(needs, np.int64), node_entry
    number = 0
    for weight in np.unique(net.weight[net.weight > 0])[::-1].tolist():
        count = serve_at_once(
            *edges, net.weight, weight, net.unit_of, capacity, left, used, *entries, edge_left, wanting
        )
        while count:
            last, number = 0, number + 1
            is_backward = count > count_spare(net.unit_of, capacity, used)
            if is_backward:
                lists = by_offer()
                last = lay_backward(
                    lists.start, lists.edge, lists.need, edge_left, net.edge_offer, net.need_start,
                    net.weight, left, *units, capacity, used, entries.of_offer, entries.of_need,
                    entries.edge, entries.other, weight, layer, queue, *marks, number,
                )  # fmt: skip
                number += last == 0
            if last == 0:
                last = lay_forward(
                    *edges, *units, capacity, used, entries.of_offer, entries.need, entries.after,
                    edge_left, wanting, count, weight, level, layer, queue, *marks, number,
                )  # fmt: skip
            if last == 0:
                break
            count = push_along_layers(
                *edges, *units, capacity, left, used, *entries, edge_left, wanting, count, layer, *marks,
                number, last,
            )  # fmt: skip
    of_unit = net.unit_of >= 0
    level[:offers][of_unit] = np.maximum(level[:offers][of_unit], level[net.unit_of[of_unit]])
    return level
