"""What a live match holds: slots that grow, both directions of the pairs with slack, prices, and scratch.

Whole rows of numbers lie side by side in tables with named columns, since the loops read them together; what
is scanned fastest (prices, labels, costs) has an array of its own. All amounts are net of promises and of
places held still.
"""

from __future__ import annotations

from typing import NamedTuple

from matcher.arrays import IntArray

FAR = 1 << 60
"""A price that nothing pays: of what can give nothing. Sums with any cost stay below `UNSEEN`."""
UNSEEN = 1 << 62
"""The label of a row that no search has reached."""

# Columns of `need`: its block of edges; net places wanted and served, what is left to be dealt with; how a
# search came to it; 6 - priority; the last event that moved it; places that wait; all wanted, and promised.
START, DEGREE, SPACE, QUANTITY, SERVED, EXCESS, VIA, WEIGHT, MOVED, WAITING, WANTED, PROMISED = range(12)
NEED_COLUMNS = 12
# Columns of `offer`; START to SPACE (of its block of entries, holders first), EXCESS and VIA as above.
# IDLE: places held still, beside its unit's; CUT: those held still of the offer alone.
HELD, FLOW, CAPACITY, UNIT, NEXT, SLOT, PROMISED_BY, IDLE, CUT, GIVEN = 3, 4, 7, 8, 9, 10, 11, 12, 13, 14
OFFER_COLUMNS = 15
# Columns of `unit`; FLOW, EXCESS and VIA as above. FIRST leads to its offers, linked by NEXT.
FIRST, LIMIT, LOCKED, PRICE, LABEL, UNIT_IDLE, TOTAL = 0, 1, 2, 3, 7, 8, 9
UNIT_COLUMNS = 10
# Columns of `edge`: its entry by offer; its need; net room; flow when the event began; row in the log; places
# held still; places promised; its own capacity.
PLACE, NEED, ROOM, BASE, MARK, KEPT, LOCK, MOST = range(8)
EDGE_COLUMNS = 8
# Columns of `log`.
LOG_NEED, LOG_OFFER, LOG_PLACES, LOG_EDGE, LOG_COLUMNS = range(5)

# Cells of `meta`: how much of each table is in use, what is ruled, and sums kept up to date.
NEEDS, OFFERS, UNITS, EDGE_END, ENTRY_END = range(5)
LEVEL_PRICE, MOVE_COST, MOST_MOVES, HAS_ROOM, HAS_LOAD = range(5, 10)
HEAP_SIZE, TOUCHED, WORK, LOG, LOG_FIRST, EVENT = range(10, 16)
TERM, TERM_ROW, DISTANCE, MOVES, STILL, FAILED, MOVED_SO_FAR, SERVED_BY = range(16, 24)
SERVED_BEFORE, COST, COST_BEFORE = SERVED_BY + 6, SERVED_BY + 12, SERVED_BY + 13
META_CELLS = SERVED_BY + 14

# Kinds of rows in lists that mix them: ``row * 4 + kind``.
OF_NEED, OF_OFFER, OF_UNIT = range(3)

# Where a way ends (forward) or begins (backward).
NOWHERE, UNSERVED, AT_OFFER, THROUGH_UNIT, AT_UNIT, OPEN_NEED, OPEN_OFFER, OPEN_UNIT = range(8)

# How a label was reached where no edge says so.
ROOT, BY_UNIT = -1, -2


class State(NamedTuple):
    """The tables of a live match; see the columns above. Arrays are longer than what is in use.

    An excess above zero is a place that has still to go on from there, one below zero a place that has still
    to come in; between events all are zero.

    Attributes
    ----------
    need, offer, unit, edge : int64 arrays (rows, columns)
    need_price, offer_price : int64 arrays
        Cost of the cheapest way of one more place from there to where it can stay, a level counting
        `LEVEL_PRICE`; a unit's is in its column `PRICE`.
    need_label, offer_label : int64 arrays
        Scratch of the searches: distance at these prices.
    need_next : int64 array (needs)
        Where a need is served by one pair alone: no other pair is cheaper than this, nor is going unserved;
        far below zero where nobody knows. It lets searches pass by needs without reading their pairs.
    unit_load : int64 array (units, steps)
    edge_offer, edge_cost, edge_flow : int64 arrays
        By need, cheapest first within the block of each need.
    entry_need, entry_cost, entry_edge : int64 arrays
        The same pairs by offer, with the row of the edge; those in use first.
    heap, touched, work, log : int64 arrays
    meta : int64 array
    """

    need: IntArray
    need_price: IntArray
    need_label: IntArray
    need_next: IntArray
    offer: IntArray
    offer_price: IntArray
    offer_label: IntArray
    unit: IntArray
    unit_load: IntArray
    edge: IntArray
    edge_offer: IntArray
    edge_cost: IntArray
    edge_flow: IntArray
    entry_need: IntArray
    entry_cost: IntArray
    entry_edge: IntArray
    heap: IntArray
    touched: IntArray
    work: IntArray
    log: IntArray
    meta: IntArray


KEPT_TABLES = (
    "need", "need_price", "offer", "offer_price", "unit", "unit_load", "edge", "edge_offer", "edge_cost",
    "edge_flow", "entry_need", "entry_cost", "entry_edge",
)  # fmt: skip
"""Arrays that hold something between events."""
