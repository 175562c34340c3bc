"""What a live match holds: slots that grow, both directions of the pairs with slack, prices, and scratch.

Numbers that are read together lie side by side in tables with named columns; what is scanned fastest (prices,
labels) has a table of its own. All amounts are net of promises and of places held still. An excess above zero
is a place that has still to go on from there, one below zero a place that has still to come in; between
events all are zero.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from matcher.arrays import IntArray
from matcher.live.tables import Table, make_table

FAR = 1 << 60
"""A price that nothing pays: of what can give nothing. Sums with any cost stay below `UNSEEN`."""
UNSEEN = 1 << 62
"""The label of a row that no search has reached."""

# Columns of `need`: its block of edges; net places wanted and served, what is left to be dealt with; how a
# search came to it; 6 - priority; the last event that moved it.
START, DEGREE, QUANTITY, SERVED, EXCESS, VIA, WEIGHT, MOVED, NEED_COLUMNS = range(9)
# Columns of `need_rare`: edges that its block can hold; places that wait; all wanted, and promised.
SPACE, WAITING, WANTED, PROMISED, RARE_COLUMNS = range(5)
# Columns of `offer`; START, DEGREE (of its block of entries, holders first), EXCESS and VIA as above.
# NEXT: the unit's next offer; OFFER_SPACE: entries that its block can hold. IDLE: places held still, beside
# its unit's; CUT: those held still of the offer alone.
HELD, FLOW, CAPACITY, UNIT, NEXT, OFFER_SPACE, PROMISED_BY, IDLE, CUT, GIVEN = (
    2,
    3,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
)
OFFER_COLUMNS = 14
# Columns of `unit`; FLOW, EXCESS and VIA as above. FIRST leads to its offers, linked by NEXT.
FIRST, LIMIT, LOCKED, PRICE, LABEL, UNIT_IDLE, TOTAL, UNIT_COLUMNS = 0, 1, 2, 6, 7, 8, 9, 10
# Columns of `pair`: what a search reads of an edge.
COST, OFFER, PAIR_COLUMNS = range(3)
# Columns of `edge`: its entry by offer; its need; net room; flow when the event began; row in the log; places
# held still; places promised; its own capacity.
PLACE, NEED, ROOM, BASE, MARK, KEPT, LOCK, MOST, EDGE_COLUMNS = range(9)
# Columns of `entry`: an edge, as its offer lists it.
ENTRY_NEED, ENTRY_COST, ENTRY_EDGE, ENTRY_COLUMNS = range(4)
# Columns of `hop`, by offer: how many steps are laid, whether they still hold, up to which extra cost none is
# missing, and the offer's price and `FALLEN` then; by how much its price fell in this event; the least that
# leaving a holder unserved costs beyond the offer's price, and on which edge; from which offer a search came,
# and from where on it has to look farther than the steps; whether the prices of its holders are behind.
HOP_COUNT, LAID, REACH, LAID_PRICE, LAID_FALLEN, FELL, QUIT, QUIT_EDGE, FROM, LATER_AT, BEHIND = range(11)
HOP_COLUMNS = 11
# Columns of `step`, of which each offer has a block of so many, the nearest first: the extra cost at which a
# holder can go to another offer, the least there is; to which, by which edge; how far that was when laid.
STEPS = 24
STEP_COST, STEP_OFFER, STEP_EDGE, STEP_AWAY, STEP_COLUMNS = range(5)
# Columns of `log`.
LOG_NEED, LOG_OFFER, LOG_PLACES, LOG_EDGE, LOG_COLUMNS = range(5)
# Columns of `end`, the heap of ends that many places meet at once, the farthest on top: how far it is, how
# many places it can take, and ``row * 8 + where``.
END_KEY, END_ROOM, END_ROW, END_COLUMNS = range(4)

# Cells of `meta`: how much of each table is in use, what is ruled, and sums kept up to date.
NEEDS, OFFERS, UNITS, EDGE_END, ENTRY_END = range(5)
LEVEL_PRICE, MOVE_COST, MOST_MOVES, HAS_ROOM, LOAD_STEPS, DEAREST = range(5, 11)
HEAP_SIZE, TOUCHED, WORK, LOG, LOG_FIRST, EVENT = range(11, 17)
TERM, TERM_ROW, TERM_EDGE, DISTANCE, MOVES, STILL, MOVED_SO_FAR = range(17, 24)
FALLEN, BEHINDS, SERVED_BY = range(24, 27)
SERVED_BEFORE, COST_SUM, COST_BEFORE, TABLES = SERVED_BY + 6, SERVED_BY + 12, SERVED_BY + 13, SERVED_BY + 14
SUMS = slice(SERVED_BY, TABLES)
# While many places go at once these cells hold how many ends there are, their places, and those needed.
ENDS, END_PLACES, END_WANTED = TERM, TERM_ROW, TERM_EDGE

# Which way a search goes. (Numbers, and by name: for each truth value or number written out, Numba compiles
# the function called with it once more.)
ONWARD, BACK = 1, -1
NO, YES = 0, 1

# Kinds of rows in lists that mix them: ``row * 4 + kind``.
OF_NEED, OF_OFFER, OF_UNIT = range(3)

# Where a way ends (forward) or begins (backward).
NOWHERE, UNSERVED, AT_OFFER, THROUGH_UNIT, AT_UNIT, OPEN_NEED, OPEN_OFFER, OPEN_UNIT = range(8)

# How a label was reached where no edge says so.
ROOT, BY_UNIT = -1, -2


@dataclass(slots=True, eq=False)
class State:
    """The tables of a live match; see the columns above. They are longer than what is in use.

    Attributes
    ----------
    need, need_rare, offer, unit, pair, edge, entry, log : int64 arrays (rows, columns)
    need_price, offer_price : int64 arrays
        Cost of the cheapest way of one more place from there to where it can stay, a level counting
        `LEVEL_PRICE`; a unit's is in its column `PRICE`.
    need_label, offer_label : int64 arrays
        Scratch of the searches: distance at these prices.
    need_second : int64 array (needs)
        Where a need is served by one pair alone: no other pair costs less than this with its offer's price,
        nor does going unserved; far below zero where nobody knows. It lets searches pass by needs without
        reading their pairs.
    unit_load : int64 array (units, steps)
        One axis in compiled functions.
    edge_flow : int64 array
        Like `pair` and `edge` by need, cheapest first within the block of each need.
    hop, step, found, spot, later, cheaper, behind : int64 arrays
        What `matcher.live.hops` keeps; `behind` lists offers whose holders' prices have to follow.
    heap, slot, touched, work, end : int64 arrays
    meta : int64 array
        The directory: the cells above, then address and length of each table.
    """

    need: IntArray
    need_rare: IntArray
    need_price: IntArray
    need_label: IntArray
    need_second: IntArray
    offer: IntArray
    offer_price: IntArray
    offer_label: IntArray
    slot: IntArray
    unit: IntArray
    unit_load: IntArray
    pair: IntArray
    edge: IntArray
    edge_flow: IntArray
    entry: IntArray
    hop: IntArray
    step: IntArray
    found: IntArray
    spot: IntArray
    later: IntArray
    cheaper: IntArray
    behind: IntArray
    heap: IntArray
    touched: IntArray
    work: IntArray
    end: IntArray
    log: IntArray
    meta: IntArray

    def __post_init__(self) -> None:
        cells = []
        for name in TABLE_NAMES:
            values = getattr(self, name)
            cells += [values.ctypes.data, len(values) if name in COLUMNS else values.size]
        self.meta[TABLES:LATER] = cells
        self.meta[LATER:] = 0, UNSEEN, 0, 0


TABLE_NAMES = tuple(item.name for item in fields(State) if item.name != "meta")
# Beyond the tables, of no meaning between events: how many offers wait for a look farther than their steps,
# and how far away the first of them does; how many offers became cheaper; how far listed steps reach.
LATER = TABLES + 2 * len(TABLE_NAMES)
LATER_FIRST, CHEAPER, FOUND_REACH, META_CELLS = LATER + 1, LATER + 2, LATER + 3, LATER + 4
COLUMNS = {
    "need": NEED_COLUMNS, "need_rare": RARE_COLUMNS, "offer": OFFER_COLUMNS, "unit": UNIT_COLUMNS,
    "pair": PAIR_COLUMNS, "edge": EDGE_COLUMNS, "entry": ENTRY_COLUMNS, "log": LOG_COLUMNS,
    "hop": HOP_COLUMNS, "step": STEP_COLUMNS, "found": STEP_COLUMNS, "end": END_COLUMNS,
}  # fmt: skip
KEPT_TABLES = (
    "need", "need_rare", "need_price", "offer", "offer_price", "unit", "unit_load", "pair", "edge",
    "edge_flow", "entry",
)  # fmt: skip
"""Tables that hold something between events."""


def _table(name: str) -> Table:
    return make_table(TABLES + 2 * TABLE_NAMES.index(name), COLUMNS.get(name, 0))


# How compiled functions come to the tables.
needs_of = _table("need")
need_rare_of = _table("need_rare")
need_price_of = _table("need_price")
need_label_of = _table("need_label")
need_second_of = _table("need_second")
offers_of = _table("offer")
offer_price_of = _table("offer_price")
offer_label_of = _table("offer_label")
slots_of = _table("slot")
units_of = _table("unit")
unit_load_of = _table("unit_load")
pairs_of = _table("pair")
edges_of = _table("edge")
edge_flow_of = _table("edge_flow")
entries_of = _table("entry")
hops_of = _table("hop")
steps_of = _table("step")
found_of = _table("found")
later_of = _table("later")
cheaper_of = _table("cheaper")
spots_of = _table("spot")
behind_of = _table("behind")
heap_of = _table("heap")
touched_of = _table("touched")
work_of = _table("work")
ends_of = _table("end")
log_of = _table("log")
