"""Arrays as they are handed over, converted and checked: each fault with its place and its value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matcher.arrays import RowArray, freeze

_ROWS_END = 1 << 31
_TOLD = 3
"""So many faults of one kind are told one by one."""


class Reader:
    """Converts the arrays of a graph and collects what is wrong with them."""

    def __init__(self) -> None:
        self.arrays: dict[str, Any] = {}
        self.complaints: list[str] = []
        self.faulty: set[str] = set()

    def length(self, name: str) -> int:
        """How many entries an array has; 0 where it couldn't be read."""
        values = self.arrays.get(name)
        return 0 if values is None else len(values)

    def integers(
        self,
        name: str,
        given: ArrayLike | None,
        dtype: type[np.signedinteger[Any]],
        *,
        low: int = 0,
        high: int | None = None,
        default: tuple[int, int] | None = None,
        axes: int = 1,
        is_optional: bool = False,
    ) -> None:
        """Take integers of a range; `default` is (length, value) where nothing is given."""
        self.arrays[name] = None
        if given is None:
            if default is not None:
                self._keep(name, np.broadcast_to(dtype(default[1]), default[0]))
            elif not is_optional:
                self._complain(name, f"{name} is None, expected whole numbers")
            return
        values = self._take(name, given)
        if values is None:
            return
        if values.ndim != axes:
            self._complain(name, f"{name} has {values.ndim} axes, expected {axes}")
        elif not values.size or self._are_whole(name, values):
            end = np.iinfo(dtype).max if high is None else high
            is_within = not values.size or (values.min() >= low and values.max() <= end)
            wrong = np.zeros((0, axes), np.int64) if is_within else _find_outside(values, low, end)
            for where in wrong[:_TOLD]:
                found = values[tuple(where)]
                self._complain(name, f"{_at(name, where)} is {found}, expected {low} to {end}")
            if len(wrong) > _TOLD:
                self._complain(name, f"{name} has {len(wrong) - _TOLD} further entries out of range")
            if values.dtype == dtype and _is_closed(values):
                self._keep(name, values)
                return
            # Out-of-range entries would wrap round when converted; the graph is refused anyway.
            self._keep(name, np.array(np.clip(values, low, end) if len(wrong) else values, dtype=dtype))

    def _take(self, name: str, given: ArrayLike) -> NDArray[Any] | None:
        """Make an array of what is given; None, with a complaint, where it is ragged or hides entries."""
        hidden = (
            np.argwhere(np.ma.getmaskarray(given))
            if isinstance(given, np.ma.MaskedArray)
            else np.zeros((0, 1))
        )
        if len(hidden):
            self._complain(name, f"{_at(name, hidden[0])} is masked, expected a whole number")
            return None
        try:
            return np.asarray(given)
        except ValueError:
            shapes = [_shape_of(item) for item in cast("Sequence[Any]", given)]
            other = next((k for k, shape in enumerate(shapes) if shape != shapes[0]), 0)
            self._complain(
                name, f"{name}[{other}] is of another length than {name}[0], expected one number each"
            )
            return None

    def _are_whole(self, name: str, values: NDArray[Any]) -> bool:
        """Whether all are whole numbers; complain of the first that isn't."""
        if values.dtype.kind in "iu":
            return True
        if values.dtype.kind == "O":
            wrong = np.array([not _is_whole(value) for value in values.flat])
        elif values.dtype.kind == "f":
            wrong = ~(np.isfinite(values) & (values == np.rint(values)) & (np.abs(values) < 2.0**53)).ravel()
        else:
            wrong = np.ones(values.size, np.bool_)
        if wrong.any():
            where = np.argwhere(wrong.reshape(values.shape))[0]
            found = values[tuple(where)]
            shown = repr(found.item() if isinstance(found, np.generic) else found)
            expected = "a whole number" if values.dtype.kind != "f" else "a whole number within 2**53"
            self._complain(name, f"{_at(name, where)} is {shown}, expected {expected}")
        return not wrong.any()

    def _complain(self, name: str, complaint: str) -> None:
        self.complaints.append(complaint)
        self.faulty.add(name)

    def truths(self, name: str, given: ArrayLike | None, length: int) -> None:
        """Take an array of truths."""
        self.arrays[name] = None
        values = np.zeros(length, np.bool_) if given is None else np.asarray(given)
        if values.ndim != 1 or (values.size and values.dtype.kind != "b"):
            self._complain(name, f"{name} holds {values.dtype} in {values.ndim} axes, expected bool in one")
        else:
            self._keep(name, np.array(values, dtype=np.bool_))

    def labels(self, name: str, given: ArrayLike | None) -> None:
        """Take the names of rows."""
        self.arrays[name] = None
        if given is not None:
            values = np.array(given, dtype=object)
            if values.ndim != 1:
                self._complain(name, f"{name} has {values.ndim} axes, expected 1")
            else:
                self._keep(name, values)
                self._refuse_twins(name, values.tolist())

    def _refuse_twins(self, name: str, labels: list[Any]) -> None:
        """Complain of names that stand for several rows; None is no name."""
        nameless = labels.count(None)
        if len(set(labels)) - (nameless > 0) == len(labels) - nameless:
            return
        first: dict[Any, int] = {}
        again = (
            (k, at)
            for k, label in enumerate(labels)
            if label is not None and (at := first.setdefault(label, k)) != k
        )
        for k, at in islice(again, _TOLD):
            self._complain(name, f"{name}[{k}] is {labels[k]!r} as {name}[{at}] is, expected each name once")

    def _keep(self, name: str, values: NDArray[Any]) -> None:
        freeze(values)
        self.arrays[name] = values

    def count_units(self, unit_load_cost: ArrayLike | None) -> int:
        """How many units there are where no total says so."""
        if unit_load_cost is not None:
            return int(np.atleast_1d(np.asarray(unit_load_cost)).shape[0])
        offer_unit = self.arrays["offer_unit"]
        return 0 if offer_unit is None else int(offer_unit.max(initial=-1)) + 1

    def check_lengths(self, **lengths: int) -> None:
        """Complain of arrays that aren't as long as what they belong to."""
        axes = (
            ("needs", "need_quantity", ("need_priority", "need_whole", "need_ids")),
            ("offers", "offer_capacity", ("offer_unit", "offer_ids")),
            ("units", "unit_capacity", ("unit_load_cost", "unit_ids")),
            ("edges", "edge_need", ("edge_offer", "edge_cost", "edge_capacity", "edge_locked")),
        )
        for axis, first, names in axes:
            if lengths[axis] >= _ROWS_END:
                self.complaints.append(f"{first} has {lengths[axis]} entries, expected fewer than 2**31")
            for name in names:
                values = self.arrays[name]
                if self.arrays[first] is not None and values is not None and len(values) != lengths[axis]:
                    self.complaints.append(
                        f"{name} has {len(values)} entries, expected {lengths[axis]} as in {first}"
                    )

    def check_rows(self, **lengths: int) -> None:
        """Complain of rows that aren't there."""
        for name, axis in (("edge_need", "needs"), ("edge_offer", "offers"), ("offer_unit", "units")):
            rows, of_rows = self.arrays[name], {"needs": "need_quantity", "offers": "offer_capacity"}
            if rows is None or self.arrays[of_rows.get(axis, "unit_capacity")] is None:
                continue
            wrong = np.flatnonzero(rows >= lengths[axis])
            if len(wrong):
                found = rows[wrong[0]]
                self.complaints.append(
                    f"{name}[{wrong[0]}] is {found}, expected a row of the {lengths[axis]} {axis}"
                    + (f" ({len(wrong) - 1} more like it)" if len(wrong) > 1 else "")
                )

    def check_load(self) -> None:
        """Complain of load costs that fall."""
        load = self.arrays["unit_load_cost"]
        if load is None:
            return
        if load.shape[1] == 0:
            self.complaints.append("unit_load_cost has no columns, expected the cost of at least one place")
        for unit, step in np.argwhere(np.diff(load, axis=1) < 0)[:_TOLD].tolist():
            after, before = load[unit, step + 1], load[unit, step]
            self.complaints.append(
                f"unit_load_cost[{unit}, {step + 1}] is {after} after {before}, expected rows that never fall"
            )

    def find_order(self, offers: int, many: int) -> RowArray | None:
        """Sort the edges by need and offer, None where they are so already; report pairs given twice.

        From so many edges on by compiled loops.
        """
        edge_need, edge_offer = self.arrays["edge_need"], self.arrays["edge_offer"]
        if edge_need is None or edge_offer is None or len(edge_need) != len(edge_offer):
            return None
        if self.faulty & {"edge_need", "edge_offer"}:
            return None
        is_large = len(edge_need) >= many and not self.complaints
        find = _order_many if is_large else _order_few
        order, repeats, count = find(edge_need, edge_offer, offers)
        if order is None:
            return None
        for at in repeats:
            row, earlier = order[at], order[at - 1]
            self.complaints.append(
                f"edge {row} pairs need {edge_need[row]} with offer {edge_offer[row]} as edge {earlier} "
                "does, expected each pair once"
            )
        if count > len(repeats):
            self.complaints.append(f"{count - len(repeats)} further edges repeat a pair")
        freeze(order)
        return order


def _order_few(
    edge_need: RowArray, edge_offer: RowArray, offers: int
) -> tuple[RowArray | None, list[int], int]:
    """Give the order (None: the edges are in it), the first places that repeat a pair, and how many do."""
    key = edge_need.astype(np.int64) * max(offers, 1) + edge_offer
    if (key[1:] > key[:-1]).all():
        return None, [], 0
    order = np.argsort(key, kind="stable").astype(np.int32)
    twice = np.flatnonzero(key[order[1:]] == key[order[:-1]]) + 1
    return order, twice[:3].tolist(), len(twice)


def _order_many(
    edge_need: RowArray, edge_offer: RowArray, offers: int
) -> tuple[RowArray | None, list[int], int]:
    """Do the same in a fraction of the time and room; the loops must be loaded first."""
    from matcher.edge_order import find_repeats, is_sorted, sort_edges

    if is_sorted(edge_need, edge_offer):
        return None, [], 0
    by_offer, order = np.empty_like(edge_need), np.empty_like(edge_need)
    sort_edges(edge_need, edge_offer, by_offer, order)
    some = np.zeros(3, np.int64)
    count = find_repeats(edge_need, edge_offer, order, some)
    return order, some[: min(count, 3)].tolist(), count


def _find_outside(values: NDArray[Any], low: int, end: int) -> NDArray[np.int64]:
    return np.argwhere((values < low) | (values > end))


def _is_closed(values: NDArray[Any]) -> bool:
    """True if nobody can write to an array, be it through another: then it needs no copy."""
    return not values.flags.writeable and values.flags.owndata and type(values) is np.ndarray


def _at(name: str, where: Any) -> str:
    return f"{name}[{', '.join(str(int(k)) for k in where)}]"


def _shape_of(item: Any) -> tuple[int, ...]:
    return np.shape(np.asarray(item, object))


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
