"""A live match's tables from a graph and a flow, with slack to grow in, and back into a graph."""

from __future__ import annotations

import numpy as np

from graph.wording import word
from matcher.arrays import NO_LIMIT, IntArray, sum_by_row
from matcher.live import state as at
from matcher.live.search import freshen
from matcher.live.state import State
from matcher.problem import UNLIMITED, CandidateGraph, CostRangeError
from matcher.remainder import find_load_cost, take_promises_off

_RANGE_END = 1 << 57
_Four = tuple[IntArray, IntArray, IntArray, IntArray]


def find_level_price(rows: int, dearest: int) -> int:
    """Give what one level must cost so that no way round could save as much.

    A way that passes no row twice has at most two pairs for each offer and unit; so a price above all of
    these together lets the urgent come first, and one number can stand for level and cost.

    Parameters
    ----------
    rows : int
        Offers and units.
    dearest : int
        The largest cost, of load and of moving included.

    Raises
    ------
    CostRangeError
        Five such levels wouldn't fit.
    """
    price = (2 * rows + 4) * max(dearest, 1) + 1
    if price * 12 >= _RANGE_END:
        raise CostRangeError(**word("too_large_live", dearest=dearest, rows=rows))
    return price


def find_dearest(state: State) -> int:
    """Give the largest cost there is, pairs and load together."""
    rows = list_rows(state.need, int(state.meta[at.NEEDS]))
    pairs = abs(state.pair[rows, at.COST]).max(initial=0)
    return int(pairs) + int(state.unit_load.max(initial=0))


_MOST_ENDS = 4096
"""So many places at most raise prices together; where more have to go on, the others follow."""


def lay_tables(graph: CandidateGraph, flow: IntArray) -> State:
    """Lay out a graph and a net flow; prices are still open.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges)
        Places beyond promises.
    """
    counts = (graph.need_count, graph.offer_count, graph.unit_count)
    needs, offers, units = (count + count // 4 + 1024 for count in counts)
    tables = {
        "need": np.zeros((needs, at.NEED_COLUMNS), np.int64),
        "need_rare": np.zeros((needs, at.RARE_COLUMNS), np.int64),
        "offer": np.zeros((offers, at.OFFER_COLUMNS), np.int64),
        "unit": np.zeros((units, at.UNIT_COLUMNS), np.int64),
        "need_price": np.zeros(needs, np.int64), "offer_price": np.zeros(offers, np.int64),
    }  # fmt: skip
    meta = np.zeros(at.META_CELLS, np.int64)
    meta[[at.NEEDS, at.OFFERS, at.UNITS]] = counts
    meta[at.HAS_ROOM] = graph.edge_capacity is not None
    meta[at.MOST_MOVES] = -1
    load = graph.unit_load_cost
    tables["unit_load"] = np.zeros((units, 0 if load is None else load.shape[1]), np.int64)
    if load is not None:
        meta[at.LOAD_STEPS] = load.shape[1]
        tables["unit_load"][: graph.unit_count] = load
    _fill_needs(graph, flow, tables["need"], tables["need_rare"])
    _fill_offers(graph, flow, tables["offer"], tables["unit"])
    rows = _lay_edges(graph, flow, tables)
    _lay_entries(graph, rows, tables)
    meta[at.EDGE_END] = tables["need_rare"][:, at.SPACE].sum()
    meta[at.ENTRY_END] = tables["offer"][:, at.OFFER_SPACE].sum()
    _count_sums(graph, flow, meta)
    return State(**tables, **_lay_scratch(needs, offers, units, len(tables["pair"])), meta=meta)


def _lay_scratch(needs: int, offers: int, units: int, edges: int) -> dict[str, IntArray]:
    """Lay out what holds nothing between events."""
    rows = needs + offers + units
    return {
        "need_label": np.full(needs, at.UNSEEN), "need_second": np.full(needs, -at.FAR),
        "hop": np.zeros((offers, at.HOP_COLUMNS), np.int64), "spot": np.full(offers, -1),
        "step": np.zeros((offers * at.STEPS, at.STEP_COLUMNS), np.int64),
        "found": np.zeros((offers, at.STEP_COLUMNS), np.int64), "later": np.zeros(offers, np.int64),
        "cheaper": np.zeros(offers, np.int64), "behind": np.zeros(offers, np.int64),
        "offer_label": np.full(offers, at.UNSEEN), "slot": np.full(offers, -1),
        "heap": np.zeros(offers + 1, np.int64), "touched": np.zeros(rows + 1, np.int64),
        "work": np.zeros(4 * rows, np.int64), "end": np.zeros((_MOST_ENDS, at.END_COLUMNS), np.int64),
        "log": np.zeros((edges, at.LOG_COLUMNS), np.int64),
    }  # fmt: skip


def _fill_needs(graph: CandidateGraph, flow: IntArray, need: IntArray, rare: IntArray) -> None:
    count = graph.need_count
    degree = np.bincount(graph.edge_need, minlength=count)
    space = degree + degree // 8 + 2
    need[:count, at.DEGREE] = degree
    # Needs that one offer serves lie together, since a search reads them one after another.
    used = np.flatnonzero(flow)
    served_by = np.full(count, graph.offer_count)
    served_by[graph.edge_need[used]] = graph.edge_offer[used]
    order = np.argsort(served_by, kind="stable")
    need[order, at.START] = np.cumsum(space[order]) - space[order]
    need[:count, at.WEIGHT] = 6 - graph.need_priority.astype(np.int64)
    need[:count, at.QUANTITY] = take_promises_off(graph).need_quantity
    need[:count, at.SERVED] = sum_by_row(graph.edge_need, flow, count)
    rare[:count, at.SPACE] = space
    rare[:count, at.WANTED] = graph.need_quantity
    rare[:count, at.PROMISED] = sum_by_row(graph.edge_need, graph.edge_locked, count)


def _fill_offers(graph: CandidateGraph, flow: IntArray, offer: IntArray, unit: IntArray) -> None:
    count, net = graph.offer_count, take_promises_off(graph)
    degree = np.bincount(graph.edge_offer, minlength=count)
    space = degree + degree // 4 + 4
    offer[:count, at.DEGREE] = degree
    offer[:count, at.OFFER_SPACE] = space
    offer[:count, at.START] = np.cumsum(space) - space
    offer[:count, at.FLOW] = sum_by_row(graph.edge_offer, flow, count)
    offer[:count, at.CAPACITY] = net.offer_capacity
    offer[:count, at.GIVEN] = graph.offer_capacity
    offer[:count, at.PROMISED_BY] = sum_by_row(graph.edge_offer, graph.edge_locked, count)
    offer[:count, at.UNIT] = graph.offer_unit
    offer[:, at.NEXT] = -1
    unit[:, at.FIRST] = -1
    unit[:, at.LABEL] = at.UNSEEN
    units = graph.unit_count
    for o in np.flatnonzero(graph.offer_unit >= 0)[::-1].tolist():
        u = int(graph.offer_unit[o])
        offer[o, at.NEXT] = unit[u, at.FIRST]
        unit[u, at.FIRST] = o
    of_unit = graph.offer_unit >= 0
    unit[:units, at.TOTAL] = graph.unit_capacity
    unit[:units, at.LIMIT] = net.unit_capacity
    unit[:units, at.LOCKED] = net.unit_locked
    unit[:units, at.FLOW] = sum_by_row(graph.offer_unit[of_unit], offer[:count, at.FLOW][of_unit], units)


def _lay_edges(graph: CandidateGraph, flow: IntArray, tables: dict[str, IntArray]) -> IntArray:
    """Lay out the edges by need and give the rows of those in use; their `PLACE` is still open."""
    need, count = tables["need"], graph.need_count
    size = int(tables["need_rare"][:, at.SPACE].sum() * 3 // 2) + 4096
    order = np.lexsort((graph.edge_offer, graph.edge_cost, graph.edge_need))
    row = list_rows(need, count)
    edge, pair = np.zeros((size, at.EDGE_COLUMNS), np.int64), np.zeros((size, at.PAIR_COLUMNS), np.int64)
    edge_flow = np.zeros(size, np.int64)
    most = np.full(len(row), NO_LIMIT) if graph.edge_capacity is None else graph.edge_capacity[order]
    locked = np.where(most < NO_LIMIT, graph.edge_locked[order], 0)
    edge[:, at.MARK] = -1
    edge[row, at.NEED] = graph.edge_need[order]
    edge[row, at.LOCK] = graph.edge_locked[order]
    edge[row, at.BASE] = flow[order]
    edge[row, at.MOST] = most
    edge[row, at.ROOM] = np.maximum(most - locked, 0)
    pair[row, at.OFFER] = graph.edge_offer[order]
    pair[row, at.COST] = graph.edge_cost[order]
    edge_flow[row] = flow[order]
    tables |= {"edge": edge, "pair": pair, "edge_flow": edge_flow}
    return row


def _lay_entries(graph: CandidateGraph, row: IntArray, tables: dict[str, IntArray]) -> None:
    """List the edges by offer, those in use first."""
    offer, pair, edge = tables["offer"][: graph.offer_count], tables["pair"], tables["edge"]
    size = int(offer[:, at.OFFER_SPACE].sum() * 3 // 2) + 4096
    idle = tables["edge_flow"][row] == 0
    order = np.lexsort((idle, pair[row, at.OFFER]))
    offer[:, at.HELD] = np.bincount(pair[row[~idle], at.OFFER], minlength=len(offer))
    row = row[order]
    o = pair[row, at.OFFER]
    before = np.cumsum(offer[:, at.DEGREE]) - offer[:, at.DEGREE]
    place = offer[o, at.START] + np.arange(len(o)) - before[o]
    entry = np.zeros((size, at.ENTRY_COLUMNS), np.int64)
    entry[place, at.ENTRY_NEED] = edge[row, at.NEED]
    entry[place, at.ENTRY_COST] = pair[row, at.COST]
    entry[place, at.ENTRY_EDGE] = row
    edge[row, at.PLACE] = place
    tables["entry"] = entry


def list_rows(need: IntArray, count: int) -> IntArray:
    """List the rows of all edges in use, need by need."""
    degree = need[:count, at.DEGREE]
    before = np.cumsum(degree) - degree
    rows: IntArray = np.repeat(need[:count, at.START] - before, degree) + np.arange(int(degree.sum()))
    return rows


def _count_sums(graph: CandidateGraph, flow: IntArray, meta: IntArray) -> None:
    places = flow + graph.edge_locked
    served = sum_by_row(6 - graph.need_priority[graph.edge_need].astype(np.int64), places, 6)
    meta[at.SERVED_BY : at.SERVED_BY + 6] = served
    offer_places = sum_by_row(graph.edge_offer, places, graph.offer_count)
    inside = graph.offer_unit >= 0
    load = sum_by_row(graph.offer_unit[inside], offer_places[inside], graph.unit_count)
    meta[at.COST_SUM] = (graph.edge_cost * places).sum() + find_load_cost(graph, load)


def grow(state: State) -> State:
    """Give tables half as long again, with the same in them."""
    freshen(state.meta)
    return restore({name: getattr(state, name) for name in at.KEPT_TABLES} | {"meta": state.meta})


def restore(arrays: dict[str, np.ndarray]) -> State:
    """Lay out saved tables again, with slack."""
    tables = {}
    for name in at.KEPT_TABLES:
        values = arrays[name]
        tables[name] = np.zeros((len(values) * 3 // 2 + 4096, *values.shape[1:]), np.int64)
        tables[name][: len(values)] = values
    meta = np.zeros(at.META_CELLS, np.int64)
    meta[: at.TABLES] = arrays["meta"][: at.TABLES]
    tables["offer"][len(arrays["offer"]) :, at.NEXT] = -1
    tables["unit"][len(arrays["unit"]) :, at.FIRST] = -1
    tables["unit"][len(arrays["unit"]) :, at.LABEL] = at.UNSEEN
    tables["edge"][len(arrays["edge"]) :, at.MARK] = -1
    meta[at.LOG_FIRST] += meta[at.LOG]
    meta[[at.LOG, at.FALLEN, at.BEHINDS]] = 0
    sizes = (len(tables[name]) for name in ("need", "offer", "unit", "pair"))
    return State(**tables, **_lay_scratch(*sizes), meta=meta)


def read_graph(state: State, ids: dict[str, np.ndarray | None]) -> CandidateGraph:
    """Give the problem as it stands: rows in order of arrival, pairs by need, then offer.

    Parameters
    ----------
    state : State
    ids : dict
        `need_ids`, `offer_ids` and `unit_ids` of the rows there were in the beginning, or None.
    """
    needs, offers, units = (int(state.meta[cell]) for cell in (at.NEEDS, at.OFFERS, at.UNITS))
    rows = sort_rows(state)
    edge = state.edge[rows]
    most = edge[:, at.MOST]
    named = {name: _name_rows(values, count) for (name, values), count in
             zip(ids.items(), (needs, offers, units), strict=True)}  # fmt: skip
    return CandidateGraph(
        state.need_rare[:needs, at.WANTED], 6 - state.need[:needs, at.WEIGHT], state.offer[:offers, at.GIVEN],
        edge[:, at.NEED], state.pair[rows, at.OFFER], state.pair[rows, at.COST],
        offer_unit=state.offer[:offers, at.UNIT], unit_capacity=state.unit[:units, at.TOTAL],
        edge_capacity=None if state.meta[at.HAS_ROOM] == 0 else np.minimum(most, UNLIMITED),
        edge_locked=edge[:, at.LOCK],
        unit_load_cost=state.unit_load[:units] if state.meta[at.LOAD_STEPS] else None, **named,
    )  # fmt: skip


def sort_rows(state: State) -> IntArray:
    """List the rows of all edges by need, then offer."""
    rows = list_rows(state.need, int(state.meta[at.NEEDS]))
    # Rows come need by need, mostly in order of offers already: one key finds them nearly sorted.
    key = state.edge[rows, at.NEED] * max(int(state.meta[at.OFFERS]), 1) + state.pair[rows, at.OFFER]
    order: IntArray = rows[np.argsort(key, kind="stable")]
    return order


def read_flow(state: State, *, with_promised: bool = False) -> IntArray:
    """Give the places beyond promises, or with them, held still or not, in the order of `read_graph`."""
    rows = sort_rows(state)
    flow: IntArray = state.edge_flow[rows] + state.edge[rows, at.KEPT]
    return flow + state.edge[rows, at.LOCK] if with_promised else flow


def _name_rows(names: np.ndarray | None, count: int) -> np.ndarray | None:
    if names is None:
        return None
    named = np.full(count, None, object)
    named[: len(names)] = names
    return named
