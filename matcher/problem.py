"""The matching problem over arrays: needs, offers, units and the pairs that could serve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.errors import LinliError
from graph.wording import word
from matcher.arrays import BoolArray, IntArray, RowArray, sum_by_row
from matcher.reading import Reader

PRIORITIES = (1, 2, 3, 4, 5)
"""From the most urgent to the least."""

UNLIMITED = 1 << 40
"""The capacity to give where nothing limits it: more places than any list counts, safe to add up."""

_RANGE_END = 1 << 62
MANY_EDGES = 500_000
"""From so many edges on, compiled loops save more than loading them takes."""


class GraphError(LinliError, ValueError):
    """The arrays don't describe a matching problem; `complaints` has one sentence for each fault.

    Parameters
    ----------
    complaints : list of str
        Which array, which entry, what was found and what is expected.
    """

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(**word("bad_graph", places=len(complaints), complaints="; ".join(complaints)))
        self.complaints = tuple(complaints)


class CostRangeError(LinliError, ValueError):
    """Costs and quantities are so large together that 64-bit arithmetic couldn't be exact."""


@dataclass(frozen=True, slots=True, init=False, eq=False)
class CandidateGraph:
    """Who could serve whom: the whole matching problem as read-only arrays.

    Every argument is copied where needed and converted to the type stated; floats are taken if they are whole
    numbers. An array of that type that is read-only, and no view of another, is kept as it is. Rows count
    from 0. All faults are reported together.

    Parameters
    ----------
    need_quantity : int64 array (needs)
        Places wanted, at least 0.
    need_priority : int8 array (needs)
        1 (most urgent) to 5.
    offer_capacity : int64 array (offers)
        Places an offer can give, at least 0; `UNLIMITED` where nothing limits it.
    edge_need, edge_offer : int32 arrays (edges)
        Rows of the need and the offer of each pair; no pair twice.
    edge_cost : int64 array (edges)
        Cost of one place on the pair, at least 0.
    offer_unit : int32 array (offers), optional
        Row of the unit whose total the offer counts in; -1: none.
    unit_capacity : int64 array (units), optional
        Places a unit can give over all its offers. Left out while `offer_unit` is given: no unit has a limit.
    edge_capacity : int64 array (edges), optional
        Places the pair can carry; left out: only need and offer limit it.
    edge_locked : int64 array (edges), optional
        Places already promised on the pair. They stay whatever happens, even beyond a quantity or capacity.
    need_whole : bool array (needs), optional
        True: all the places that remain after promises are served, by one offer or several, or none of
        them is.
    unit_load_cost : int64 array (units, steps), optional
        ``unit_load_cost[u, k]`` is the extra cost of the unit's ``k + 1``-th place, promises included; the
        last column holds for all further places. At least 0, never falling along a row.
    need_ids, offer_ids, unit_ids : object arrays, optional
        Names of the rows. With those of needs and offers, `solve` takes the same one of equally cheap
        assignments whatever the order of rows.

    Raises
    ------
    GraphError
        A `ValueError` that lists every fault found.
    CostRangeError
        A `ValueError`: the largest cost (with load) times all places reaches 2**62, or the places of each
        need times its pairs do when added up.
    """

    need_quantity: IntArray
    need_priority: NDArray[np.int8]
    offer_capacity: IntArray
    edge_need: RowArray
    edge_offer: RowArray
    edge_cost: IntArray
    offer_unit: RowArray
    unit_capacity: IntArray
    edge_capacity: IntArray | None
    edge_locked: IntArray
    need_whole: BoolArray
    unit_load_cost: IntArray | None
    need_ids: NDArray[np.object_] | None
    offer_ids: NDArray[np.object_] | None
    unit_ids: NDArray[np.object_] | None
    _order: RowArray | None = field(init=False)

    def __init__(
        self,
        need_quantity: ArrayLike,
        need_priority: ArrayLike,
        offer_capacity: ArrayLike,
        edge_need: ArrayLike,
        edge_offer: ArrayLike,
        edge_cost: ArrayLike,
        *,
        offer_unit: ArrayLike | None = None,
        unit_capacity: ArrayLike | None = None,
        edge_capacity: ArrayLike | None = None,
        edge_locked: ArrayLike | None = None,
        need_whole: ArrayLike | None = None,
        unit_load_cost: ArrayLike | None = None,
        need_ids: ArrayLike | None = None,
        offer_ids: ArrayLike | None = None,
        unit_ids: ArrayLike | None = None,
    ) -> None:
        read = Reader()
        read.integers("need_quantity", need_quantity, np.int64)
        read.integers("need_priority", need_priority, np.int8, low=1, high=5)
        read.integers("offer_capacity", offer_capacity, np.int64)
        read.integers("edge_need", edge_need, np.int32)
        read.integers("edge_offer", edge_offer, np.int32)
        read.integers("edge_cost", edge_cost, np.int64)
        needs, offers, edges = (read.length(n) for n in ("need_quantity", "offer_capacity", "edge_need"))
        read.integers("offer_unit", offer_unit, np.int32, low=-1, default=(offers, -1))
        if unit_capacity is None:
            unit_capacity = np.full(read.count_units(unit_load_cost), UNLIMITED)
        read.integers("unit_capacity", unit_capacity, np.int64)
        units = read.length("unit_capacity")
        read.integers("edge_capacity", edge_capacity, np.int64, is_optional=True)
        read.integers("edge_locked", edge_locked, np.int64, default=(edges, 0))
        read.integers("unit_load_cost", unit_load_cost, np.int64, axes=2, is_optional=True)
        read.truths("need_whole", need_whole, needs)
        for name, ids in (("need_ids", need_ids), ("offer_ids", offer_ids), ("unit_ids", unit_ids)):
            read.labels(name, ids)
        read.check_lengths(needs=needs, offers=offers, units=units, edges=edges)
        read.check_rows(needs=needs, offers=offers, units=units)
        read.check_load()
        order = read.find_order(offers, MANY_EDGES)
        if read.complaints:
            raise GraphError(read.complaints)
        for name, values in read.arrays.items():
            object.__setattr__(self, name, values)
        object.__setattr__(self, "_order", order)
        _check_range(self)

    def __repr__(self) -> str:
        """Counts only: arrays would fill pages."""
        return (
            f"CandidateGraph(needs={self.need_count}, offers={self.offer_count}, units={self.unit_count}, "
            f"edges={self.edge_count})"
        )

    @property
    def need_count(self) -> int:
        """How many needs."""
        return len(self.need_quantity)

    @property
    def offer_count(self) -> int:
        """How many offers."""
        return len(self.offer_capacity)

    @property
    def unit_count(self) -> int:
        """How many units."""
        return len(self.unit_capacity)

    @property
    def edge_count(self) -> int:
        """How many pairs."""
        return len(self.edge_cost)

    @property
    def edge_order(self) -> RowArray:
        """Edge rows sorted by need, then offer: the order in which the matcher works."""
        return np.arange(self.edge_count, dtype=np.int32) if self._order is None else self._order


def read_integers(name: str, given: ArrayLike) -> IntArray:
    """Take whole numbers from 0.

    Raises
    ------
    GraphError
        A `ValueError` that says which entries are none.
    """
    read = Reader()
    read.integers(name, given, np.int64)
    if read.complaints:
        raise GraphError(read.complaints)
    found: IntArray = read.arrays[name]
    return found


def _check_range(graph: CandidateGraph) -> None:
    """Refuse what 64-bit integers can't add up exactly, before anything is solved."""
    locked = np.zeros(graph.need_count, np.int64)
    if graph.edge_locked.any():
        if sum(_exact_terms(graph.edge_locked)) >= _RANGE_END:
            at = int(graph.edge_locked.argmax())
            raise CostRangeError(**word("locked_too_many", entry=at, places=graph.edge_locked[at]))
        locked = sum_by_row(graph.edge_need, graph.edge_locked, graph.need_count)
    places = sum(_exact_terms(np.maximum(graph.need_quantity, locked)))
    cost = max(abs(int(c)) for c in (graph.edge_cost.min(initial=0), graph.edge_cost.max(initial=0)))
    if graph.unit_load_cost is not None:
        cost += int(graph.unit_load_cost.max(initial=0))
    if max(cost, 1) * places >= _RANGE_END:
        raise CostRangeError(**word(
            "cost_times_places", cost=cost, places=places,
            largest=_name_largest("edge_cost", graph.edge_cost),
            wanted=_name_largest("need_quantity", graph.need_quantity),
        ))  # fmt: skip
    if int(graph.need_quantity.max(initial=0)) * graph.edge_count < _RANGE_END:
        return
    degree = np.bincount(graph.edge_need, minlength=graph.need_count)
    spread = float(np.dot(graph.need_quantity.astype(np.float64), degree))
    if spread >= _RANGE_END:
        wanted = _name_largest("need_quantity", graph.need_quantity)
        raise CostRangeError(**word("spread_too_large", spread=spread, wanted=wanted))


def _name_largest(name: str, values: IntArray) -> str:
    at = int(values.argmax()) if len(values) else 0
    return f"{name}[{at}] = {values[at]}" if len(values) else name


def _exact_terms(values: IntArray) -> Iterator[int]:
    """Give two terms whose sum is that of up to 2**31 non-negative values, without overflow."""
    yield int((values >> 31).sum()) << 31
    yield int((values & ((1 << 31) - 1)).sum())
