"""Prices of a flow, taken over or from scratch, and a check of the whole state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.arrays import BoolArray, IntArray, sum_by_row
from matcher.live import state as at
from matcher.live.build import list_rows
from matcher.live.search import freshen
from matcher.live.state import State
from matcher.prices import Prices


def take_prices(state: State, prices: Prices) -> None:
    """Set all prices to those of a solution, a level counting `LEVEL_PRICE`."""
    needs, offers, units, level = state.meta[[at.NEEDS, at.OFFERS, at.UNITS, at.LEVEL_PRICE]].tolist()
    need, offer, unit = state.need[:needs], state.offer[:offers], state.unit[:units]
    unit[:, at.PRICE] = prices.unit_level * level + prices.unit_cost
    unit[unit[:, at.LIMIT] == 0, at.PRICE] = at.FAR
    of_unit = offer[:, at.UNIT] >= 0
    price = prices.offer_level * level + prices.offer_cost
    price[of_unit] += unit[offer[of_unit, at.UNIT], at.PRICE]
    price[offer[:, at.CAPACITY] == 0] = at.FAR
    state.offer_price[:offers] = np.minimum(price, at.FAR)
    worth = (need[:, at.WEIGHT] - prices.need_level) * level - prices.need_cost
    state.need_price[:needs] = np.where(need[:, at.QUANTITY] > 0, worth, -at.FAR)
    state.need_second[:] = -at.FAR


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """The edges in use: their rows, needs and offers, flow and room, and what moving adds to their cost.

    `back` is saved by a place that comes back to where it was when the event began, `stay` is paid by one
    that leaves.
    """

    row: IntArray
    need: IntArray
    offer: IntArray
    cost: IntArray
    flow: IntArray
    room: IntArray
    back: IntArray
    stay: IntArray

    @classmethod
    def of(cls, state: State) -> _Pairs:
        row = list_rows(state.need, int(state.meta[at.NEEDS]))
        edge, pair, flow = state.edge[row], state.pair[row], state.edge_flow[row]
        back, stay = flow < edge[:, at.BASE], flow <= edge[:, at.BASE]
        move_cost = state.meta[at.MOVE_COST]
        return cls(
            row, edge[:, at.NEED], pair[:, at.OFFER], pair[:, at.COST], flow, edge[:, at.ROOM],
            back * move_cost, stay * move_cost,
        )  # fmt: skip


def _find_loads(state: State) -> tuple[IntArray, IntArray]:
    """Load cost of each unit's next place, and of the one it gave last."""
    units, steps = int(state.meta[at.UNITS]), int(state.meta[at.LOAD_STEPS])
    if not steps:
        return np.zeros(units, np.int64), np.zeros(units, np.int64)
    unit, row = state.unit[:units], np.arange(units)
    count = unit[:, at.LOCKED] + unit[:, at.FLOW]
    following = state.unit_load[row, np.minimum(count, steps - 1)]
    last = state.unit_load[row, np.maximum(np.minimum(count, steps) - 1, 0)]
    return following, last


def find_prices(state: State) -> None:
    """Set every price of an optimal flow to the length of its shortest way.

    Label correcting from above, all rows after all, until nothing falls any more (Bellman 1958).
    """
    needs, offers, units, level = state.meta[[at.NEEDS, at.OFFERS, at.UNITS, at.LEVEL_PRICE]].tolist()
    need, offer, unit = state.need[:needs], state.offer[:offers], state.unit[:units]
    pairs = _Pairs.of(state)
    room = np.flatnonzero((pairs.flow < pairs.room) & (need[pairs.need, at.QUANTITY] > 0))
    held = np.flatnonzero(pairs.flow > 0)
    out, into = (pairs.cost - pairs.back)[room], (pairs.stay - pairs.cost)[held]
    unit_of = np.where(offer[:, at.UNIT] >= 0, offer[:, at.UNIT], units)
    spare = offer[:, at.FLOW] < offer[:, at.CAPACITY]
    giving = np.flatnonzero((offer[:, at.UNIT] >= 0) & (offer[:, at.FLOW] > 0))
    unit_price = np.where(unit[:, at.FLOW] < unit[:, at.LIMIT], _find_loads(state)[0], at.FAR)
    need_price = np.where(need[:, at.QUANTITY] > 0, need[:, at.WEIGHT] * level, -at.FAR)
    offer_price = np.full(offers, at.FAR)
    changed = True
    while changed:
        before = [unit_price.copy(), offer_price.copy(), need_price.copy()]
        np.minimum(offer_price, np.append(unit_price, 0)[unit_of], out=offer_price, where=spare)
        np.minimum.at(offer_price, pairs.offer[held], need_price[pairs.need[held]] + into)
        np.minimum.at(unit_price, unit_of[giving], offer_price[giving])
        np.minimum.at(need_price, pairs.need[room], offer_price[pairs.offer[room]] + out)
        after = (unit_price, offer_price, need_price)
        changed = any((a != b).any() for a, b in zip(before, after, strict=True))
    unit[:, at.PRICE] = unit_price
    state.offer_price[:offers] = offer_price
    state.need_price[:needs] = need_price
    state.need_second[:] = -at.FAR
    state.hop[:, at.LAID] = at.NO


def find_fault(state: State) -> str | None:
    """Check amounts and prices of every row; say what is wrong, if anything is."""
    freshen(state.meta)
    faults = _check_needs(state) | _check_offers(state) | _check_units(state)
    return next((name for name, wrong in faults.items() if wrong.any()), None)


def _check_needs(state: State) -> dict[str, BoolArray]:
    needs, level = state.meta[[at.NEEDS, at.LEVEL_PRICE]].tolist()
    need, price, pairs = state.need[:needs], state.need_price[:needs], _Pairs.of(state)
    quantity, served = need[:, at.QUANTITY], need[:, at.SERVED]
    reduced = pairs.cost + state.offer_price[pairs.offer] - price[pairs.need]
    wants, unserved = quantity > 0, need[:, at.WEIGHT] * level
    return {
        "a pair is too cheap": wants[pairs.need] & (pairs.flow < pairs.room) & (reduced < pairs.back),
        "a pair has no room for its flow": (pairs.flow < 0) | (pairs.flow > np.maximum(pairs.room, 0)),
        "a pair is too dear for its flow": (pairs.flow > 0) & (reduced > pairs.stay),
        "a need's places don't add up": sum_by_row(pairs.need, pairs.flow, needs) != served,
        "a need isn't dealt with": (need[:, at.EXCESS] != 0) | (served > quantity),
        "a need's price is too high": wants & (price > unserved),
        "a need waits that shouldn't": wants & (served < quantity) & (price != unserved),
    }


def _check_offers(state: State) -> dict[str, BoolArray]:
    offers, units = state.meta[[at.OFFERS, at.UNITS]].tolist()
    offer, price, pairs = state.offer[:offers], state.offer_price[:offers], _Pairs.of(state)
    of_unit = np.where(offer[:, at.UNIT] >= 0, offer[:, at.UNIT], units)
    onward = np.append(state.unit[:units, at.PRICE], 0)[of_unit]
    flow, place = offer[:, at.FLOW], state.edge[pairs.row, at.PLACE]
    among_holders = place < (offer[:, at.START] + offer[:, at.HELD])[pairs.offer]
    entry = state.entry[place]
    return {
        "a pair isn't listed": entry[:, at.ENTRY_EDGE] != pairs.row,
        "a pair is listed wrongly": (entry[:, at.ENTRY_NEED] != pairs.need)
        | (entry[:, at.ENTRY_COST] != pairs.cost),
        "holders are mixed up": (pairs.flow > 0) != among_holders,
        "an offer's places don't add up": sum_by_row(pairs.offer, pairs.flow, offers) != flow,
        "an offer isn't dealt with": (offer[:, at.EXCESS] != 0) | (flow > offer[:, at.CAPACITY]),
        "an offer's price is too high": (flow < offer[:, at.CAPACITY]) & (price > onward),
        "an offer's price is too low": (flow > 0) & (price < onward),
    }


def _check_units(state: State) -> dict[str, BoolArray]:
    offers, units = state.meta[[at.OFFERS, at.UNITS]].tolist()
    offer, unit, price = state.offer[:offers], state.unit[:units], state.unit[:units, at.PRICE]
    inside = offer[:, at.UNIT] >= 0
    flow, (following, last) = unit[:, at.FLOW], _find_loads(state)
    places = sum_by_row(offer[inside, at.UNIT], offer[inside, at.FLOW], units)
    return {
        "a unit's places don't add up": places != flow,
        "a unit isn't dealt with": (unit[:, at.EXCESS] != 0) | (flow > unit[:, at.LIMIT]),
        "a unit's price is too high": (flow < unit[:, at.LIMIT]) & (price > following),
        "a unit's price is too low": (flow > 0) & (price < last),
    }
