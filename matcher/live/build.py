"""A live match's tables from a graph and a flow, with slack to grow in, and back into a graph."""

from __future__ import annotations

import numpy as np

from matcher.arrays import NO_LIMIT, IntArray, sum_by_row
from matcher.live import state as at
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
        raise CostRangeError(
            f"costs up to {dearest} over {rows} offers and units are too large to be kept live"
        )
    return price


def find_dearest(graph: CandidateGraph) -> int:
    """Give the largest cost in a graph, pairs and load together."""
    dearest = max(abs(int(graph.edge_cost.min(initial=0))), abs(int(graph.edge_cost.max(initial=0))))
    if graph.unit_load_cost is not None:
        dearest += int(graph.unit_load_cost.max(initial=0))
    return dearest


def lay_tables(graph: CandidateGraph, flow: IntArray) -> State:
    """Lay out a graph and a net flow.

    Parameters
    ----------
    graph : CandidateGraph
    flow : int64 array (edges)
        Places beyond promises.
    """
    spare = [count // 4 + 1024 for count in (graph.need_count, graph.offer_count, graph.unit_count)]
    sizes = (graph.need_count + spare[0], graph.offer_count + spare[1], graph.unit_count + spare[2])
    unit = np.zeros((sizes[2], at.UNIT_COLUMNS), np.int64)
    offer = np.zeros((sizes[1], at.OFFER_COLUMNS), np.int64)
    need = np.zeros((sizes[0], at.NEED_COLUMNS), np.int64)
    _fill_needs(graph, flow, need)
    _fill_offers(graph, flow, offer, unit)
    edge_parts = _lay_edges(graph, flow, need)
    rows = list_rows(need, graph.need_count)
    entry_parts = _lay_entries(offer[: graph.offer_count], rows, *edge_parts)
    edge_end = int(need[: graph.need_count, at.SPACE].sum())
    entry_end = int(offer[: graph.offer_count, at.SPACE].sum())
    meta = np.zeros(at.META_CELLS, np.int64)
    meta[[at.NEEDS, at.OFFERS, at.UNITS]] = graph.need_count, graph.offer_count, graph.unit_count
    meta[[at.EDGE_END, at.ENTRY_END]] = edge_end, entry_end
    meta[at.HAS_ROOM] = graph.edge_capacity is not None
    meta[at.HAS_LOAD] = graph.unit_load_cost is not None
    meta[at.MOST_MOVES] = -1
    load = graph.unit_load_cost
    unit_load = np.zeros((sizes[2], 1 if load is None else load.shape[1]), np.int64)
    if load is not None:
        unit_load[: graph.unit_count] = load
    _count_sums(graph, flow, meta)
    all_rows = sum(sizes)
    return State(
        need, np.zeros(sizes[0], np.int64), np.full(sizes[0], at.UNSEEN), np.full(sizes[0], -at.FAR),
        offer, np.zeros(sizes[1], np.int64), np.full(sizes[1], at.UNSEEN), unit, unit_load,
        *edge_parts, *entry_parts,
        np.zeros(sizes[1] + 1, np.int64), np.zeros(all_rows + 1, np.int64),
        np.zeros(4 * all_rows, np.int64), np.zeros((len(edge_parts[1]), at.LOG_COLUMNS), np.int64),
        meta,
    )  # fmt: skip


def _fill_needs(graph: CandidateGraph, flow: IntArray, need: IntArray) -> None:
    count = graph.need_count
    degree = np.bincount(graph.edge_need, minlength=count)
    space = degree + degree // 8 + 2
    need[:count, at.DEGREE] = degree
    need[:count, at.SPACE] = space
    need[:count, at.START] = np.cumsum(space) - space
    need[:count, at.WEIGHT] = 6 - graph.need_priority.astype(np.int64)
    need[:count, at.WANTED] = graph.need_quantity
    need[:count, at.PROMISED] = sum_by_row(graph.edge_need, graph.edge_locked, count)
    need[:count, at.QUANTITY] = take_promises_off(graph).need_quantity
    need[:count, at.SERVED] = sum_by_row(graph.edge_need, flow, count)


def _fill_offers(graph: CandidateGraph, flow: IntArray, offer: IntArray, unit: IntArray) -> None:
    count, net = graph.offer_count, take_promises_off(graph)
    degree = np.bincount(graph.edge_offer, minlength=count)
    space = degree + degree // 4 + 4
    offer[:count, at.DEGREE] = degree
    offer[:count, at.SPACE] = space
    offer[:count, at.START] = np.cumsum(space) - space
    offer[:count, at.FLOW] = sum_by_row(graph.edge_offer, flow, count)
    offer[:count, at.CAPACITY] = net.offer_capacity
    offer[:count, at.GIVEN] = graph.offer_capacity
    offer[:count, at.PROMISED_BY] = sum_by_row(graph.edge_offer, graph.edge_locked, count)
    offer[:count, at.UNIT] = graph.offer_unit
    offer[:, at.SLOT] = -1
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


def _lay_edges(graph: CandidateGraph, flow: IntArray, need: IntArray) -> _Four:
    """Give the table of edges, and their offers, costs and flows; the table's `PLACE` is still open."""
    size = int(need[: graph.need_count, at.SPACE].sum() * 3 // 2) + 4096
    order = np.lexsort((graph.edge_offer, graph.edge_cost, graph.edge_need))
    n = graph.edge_need[order]
    before = np.cumsum(np.bincount(n, minlength=graph.need_count)) - need[: graph.need_count, at.DEGREE]
    row = need[n, at.START] + np.arange(len(n)) - before[n]
    edge = np.zeros((size, at.EDGE_COLUMNS), np.int64)
    edge[:, at.MARK] = -1
    edge[row, at.NEED] = n
    edge[row, at.LOCK] = graph.edge_locked[order]
    edge[row, at.BASE] = flow[order]
    most = np.full(len(n), NO_LIMIT) if graph.edge_capacity is None else graph.edge_capacity[order]
    edge[row, at.MOST] = most
    locked = np.where(most < NO_LIMIT, graph.edge_locked[order], 0)
    edge[row, at.ROOM] = np.maximum(most - locked, 0)
    edge_offer = np.zeros(size, np.int64)
    edge_cost, edge_flow = np.zeros(size, np.int64), np.zeros(size, np.int64)
    edge_offer[row] = graph.edge_offer[order]
    edge_cost[row] = graph.edge_cost[order]
    edge_flow[row] = flow[order]
    return edge, edge_offer, edge_cost, edge_flow


def _lay_entries(
    offer: IntArray, used: IntArray, edge: IntArray, edge_offer: IntArray, edge_cost: IntArray,
    edge_flow: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:  # fmt: skip
    """List the edges by offer, those in use first."""
    size = int(offer[:, at.SPACE].sum() * 3 // 2) + 4096
    idle = edge_flow[used] == 0
    order = np.lexsort((idle, edge_offer[used]))
    row, o = used[order], edge_offer[used][order]
    before = np.cumsum(offer[:, at.DEGREE]) - offer[:, at.DEGREE]
    place = offer[o, at.START] + np.arange(len(o)) - before[o]
    offer[:, at.HELD] = np.bincount(o[~idle[order]], minlength=len(offer))
    entry_need = np.zeros(size, np.int64)
    entry_cost, entry_edge = np.zeros(size, np.int64), np.zeros(size, np.int64)
    entry_need[place] = edge[row, at.NEED]
    entry_cost[place] = edge_cost[row]
    entry_edge[place] = row
    edge[row, at.PLACE] = place
    return entry_need, entry_cost, entry_edge


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
    meta[at.COST] = (graph.edge_cost * places).sum() + find_load_cost(graph, load)


def grow(state: State) -> State:
    """Give tables half as long again, with the same in them."""
    parts = dict(state._asdict())
    fill = {"need_label": at.UNSEEN, "need_next": -at.FAR, "offer_label": at.UNSEEN}
    for name in State._fields:
        values = parts[name]
        if name in ("meta", "heap"):
            continue
        more = np.zeros((len(values) // 2 + 4096, *values.shape[1:]), values.dtype)
        more += fill.get(name, 0)
        parts[name] = np.concatenate([values, more])
    parts["offer"][len(state.offer) :, [at.SLOT, at.NEXT]] = -1
    parts["unit"][len(state.unit) :, at.FIRST] = -1
    parts["unit"][len(state.unit) :, at.LABEL] = at.UNSEEN
    parts["edge"][len(state.edge) :, at.MARK] = -1
    parts["heap"] = np.zeros(len(parts["offer"]) + 1, np.int64)
    rows = sum(len(parts[name]) for name in ("need", "offer", "unit"))
    parts["touched"] = np.zeros(rows + 1, np.int64)
    parts["work"] = np.zeros(4 * rows, np.int64)
    return State(**parts)


def read_graph(state: State, ids: dict[str, np.ndarray | None], *, has_load: bool) -> CandidateGraph:
    """Give the problem as it stands: rows in order of arrival, pairs by need, then offer.

    Parameters
    ----------
    state : State
    ids : dict
        `need_ids`, `offer_ids` and `unit_ids` of the rows there were in the beginning, or None.
    has_load : bool
        Whether units have load costs.
    """
    needs, offers, units = (int(state.meta[cell]) for cell in (at.NEEDS, at.OFFERS, at.UNITS))
    rows = sort_rows(state)
    edge = state.edge[rows]
    most = edge[:, at.MOST]
    named = {name: _name_rows(values, count) for (name, values), count in
             zip(ids.items(), (needs, offers, units), strict=True)}  # fmt: skip
    return CandidateGraph(
        state.need[:needs, at.WANTED], 6 - state.need[:needs, at.WEIGHT], state.offer[:offers, at.GIVEN],
        edge[:, at.NEED], state.edge_offer[rows], state.edge_cost[rows],
        offer_unit=state.offer[:offers, at.UNIT], unit_capacity=state.unit[:units, at.TOTAL],
        edge_capacity=None if state.meta[at.HAS_ROOM] == 0 else np.minimum(most, UNLIMITED),
        edge_locked=edge[:, at.LOCK],
        unit_load_cost=state.unit_load[:units] if has_load else None, **named,
    )  # fmt: skip


def sort_rows(state: State) -> IntArray:
    """List the rows of all edges by need, then offer."""
    rows = list_rows(state.need, int(state.meta[at.NEEDS]))
    order: IntArray = rows[np.lexsort((state.edge_offer[rows], state.edge[rows, at.NEED]))]
    return order


def read_flow(state: State) -> IntArray:
    """Give the places beyond promises, held still or not, in the order of `read_graph`."""
    rows = sort_rows(state)
    flow: IntArray = state.edge_flow[rows] + state.edge[rows, at.KEPT]
    return flow


def _name_rows(names: np.ndarray | None, count: int) -> np.ndarray | None:
    if names is None:
        return None
    named = np.full(count, None, object)
    named[: len(names)] = names
    return named


def restore(arrays: dict[str, np.ndarray]) -> State:
    """Lay out saved arrays again, with slack."""
    parts = {name: np.array(arrays[name]) for name in at.KEPT_TABLES}
    needs, offers, edges = (len(parts[name]) for name in ("need", "offer", "edge"))
    parts |= {
        "need_label": np.full(needs, at.UNSEEN), "need_next": np.full(needs, -at.FAR),
        "offer_label": np.full(offers, at.UNSEEN),
        "heap": np.zeros(0, np.int64), "touched": np.zeros(0, np.int64), "work": np.zeros(0, np.int64),
        "log": np.zeros((edges, at.LOG_COLUMNS), np.int64), "meta": np.array(arrays["meta"]),
    }  # fmt: skip
    parts["meta"][at.LOG_FIRST] += parts["meta"][at.LOG]
    parts["meta"][at.LOG] = 0
    return grow(State(**parts))
