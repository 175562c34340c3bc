"""Bids and prices to begin the exact end with: by auctions for a part of what is wanted, and for all of it.

The auction for a part can have levels of its own, so that it needs none of the whole problem's, which are
then found beside it.
"""

# Machine code: NumPy's 64-bit numbers and ints are one there, and loops stay whole instead of being cut up.
# mypy: disable-error-code="arg-type,return-value,assignment"

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matcher.arrays import IntArray, RowArray
from matcher.engine.bids import bid_once
from matcher.engine.layout import OfferEdges, Plain
from matcher.engine.phases import Bids, Halves, hold_auction
from matcher.engine.priorities import find_levels
from matcher.engine.sample import limit_worth, lower_prices, take_sample, take_share

_EPSILONS = (1.6, 0.4, 0.1, 0.025, 0.006)
# Shares of the mean cost by which bids rise, phase by phase.
_EVERY = 4
_MANY_NEEDS = 50_000
_LARGEST_MEAN = 8
# Where there are many needs of few places each, the first phases are held for every so many-th of them.
_FEW_PLACES = 2.0
# Where quantities are large, bids are held for so many places of each; at these prices all bid once.
_STEPS_BACK = 2
# Epsilons of the last phase by which prices go down before the next: too few leave places spare that have a
# price, each of which takes a long search; more only take bids.
_STEPS_BACK_OF_SHARE = 6
# The same where all bid once at the prices of a share.
_CHEAP = 10
# Mean costs below zero at which rows that must be filled begin; from less, remote ones stay spare.
_DEAREST_BID = 30
# Mean costs beyond its cheapest way that a need of a sample pays at most.


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What prices are measured by.

    Attributes
    ----------
    level : int
        What one level counts.
    mean : int
        The mean cost, at least 1.
    """

    level: int
    mean: int

    def lay_cheap_floors(self, node_level: IntArray, unit_of: RowArray) -> IntArray:
        """Give the prices at which an auction begins."""
        return lay_floors(node_level, unit_of, self.level, _CHEAP * self.mean + 1)


class Ahead(NamedTuple):
    """Prices (nodes) that an auction for a part came to, and the levels (nodes) it had.

    A node that has another level in the whole problem begins anew: moved there, its price would be too high
    too often.
    """

    price: IntArray
    node_level: IntArray


def is_large(net: Plain) -> bool:
    """True if quantities are large: they would be displaced piece by piece without an end."""
    return bool(net.quantity.mean() > _LARGEST_MEAN)


Levels = IntArray | Callable[[], OfferEdges]
"""The levels of all nodes, or what gives the edges by offer, for levels of the part alone."""


def bid_ahead(net: Plain, scale: Scale, bids: Bids, halves: Halves | None, levels: Levels) -> Ahead | None:
    """Hold an auction for a part, where that pays: for some of many needs, for a share of large ones.

    Without levels it needs nothing but the problem. `bids` is for use.
    """
    if is_large(net):
        part = take_share(net.quantity, net.capacity, len(net.unit_of), _FEW_PLACES)
        return _bid_for_prices(net, part, scale, _EPSILONS, bids, halves, levels, _STEPS_BACK_OF_SHARE)
    if len(net.quantity) >= _MANY_NEEDS:
        part = take_sample(net.quantity, net.capacity, np.diff(net.offer_start), _EVERY)
        return _bid_for_prices(net, part, scale, _EPSILONS[:3], bids, halves, levels, 2 * _STEPS_BACK)
    return None


def bid_for_all(
    net: Plain, scale: Scale, node_level: IntArray, ahead: Ahead | None, bids: Bids, halves: Halves | None
) -> IntArray:
    """Let all needs bid, from the prices of a part where there are some; give the prices.

    Large quantities bid once, at the prices of their part.
    """
    outside = net.find_outside(scale.level)
    begin = scale.lay_cheap_floors(node_level, net.unit_of)
    price = begin.copy()
    if ahead is not None:
        price = np.where(ahead.node_level == node_level, np.maximum(begin, ahead.price), begin)
    if is_large(net):
        # As in an auction, an offer costs no less than its unit does and what it has to be filled for.
        offers = len(net.unit_of)
        own = begin[:offers] - np.append(begin, 0)[net.unit_of]
        price[:offers] = np.maximum(price[:offers], np.append(price, 0)[net.unit_of] + own)
        bid_once(
            net.need_start, net.edge_offer, net.edge_cost, net.quantity, outside, net.unit_of, net.capacity,
            net.edge_capacity, *bids, price,
        )  # fmt: skip
        return price
    epsilons = _EPSILONS if ahead is None else _EPSILONS[2:]
    _hold(net, net.quantity, outside, net.capacity, begin, scale.mean, epsilons, bids, price, halves)
    return price


def _bid_for_prices(
    net: Plain,
    part: tuple[IntArray, IntArray],
    scale: Scale,
    epsilons: tuple[float, ...],
    bids: Bids,
    halves: Halves | None,
    levels: Levels,
    steps_back: int,
) -> Ahead:
    """Hold phases for a part of all places wanted and there; give the prices from which all may go on."""
    quantity, capacity = part
    node_level = levels if isinstance(levels, np.ndarray) else find_levels(net, quantity, capacity, levels)
    outside, begin = net.find_outside(scale.level), scale.lay_cheap_floors(node_level, net.unit_of)
    near = np.empty_like(outside)
    limit_worth(
        net.need_start, net.edge_offer, net.edge_cost, quantity, outside, begin, _DEAREST_BID * scale.mean,
        near,
    )  # fmt: skip
    price = begin.copy()
    _hold(net, quantity, near, capacity, begin, scale.mean, epsilons, bids, price, halves)
    lower_prices(
        net.need_start, net.edge_offer, net.edge_cost, quantity, near, net.unit_of, capacity, begin, price,
        np.empty(len(net.unit_of), np.int64),
    )  # fmt: skip
    back = steps_back * max(1, int(epsilons[-1] * scale.mean))
    return Ahead(np.maximum(begin, price - back), node_level)


def _hold(
    net: Plain, quantity: IntArray, outside: IntArray, capacity: IntArray, floor: IntArray, mean: int,
    shares: tuple[float, ...], bids: Bids, price: IntArray, halves: Halves | None,
) -> None:  # fmt: skip
    """Hold the phases of these epsilons, from the prices given."""
    epsilons = [max(1, int(share * mean)) for share in shares]
    steps_back = [0, *(_STEPS_BACK * epsilon for epsilon in epsilons[:-1])]
    # Only for a part, beside which the levels are found: with all needs it costs what it saves.
    falls = quantity is not net.quantity and not is_large(net)
    hold_auction(
        net, quantity, outside, capacity, floor, epsilons, steps_back, bids, price, halves, falls=falls
    )


def lay_floors(level: IntArray, unit_of: RowArray, level_worth: int, below: int) -> IntArray:
    """Give the lowest price of each node: 0, or so much below its level's worth where it must be filled."""
    offers = len(unit_of)
    floor = np.where(level > 0, level * level_worth - below, 0)
    on = np.append(level, 0)[unit_of]
    own = level[:offers] - on
    floor[:offers] = np.append(floor, 0)[unit_of] + np.where(own > 0, own * level_worth - below, 0)
    return floor
