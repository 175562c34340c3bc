"""What a candidate graph takes, and what it refuses."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from matcher import UNLIMITED, ArgumentError, CandidateGraph, CostRangeError, GraphError, solve


def test_arrays_have_the_stated_types_and_cannot_be_changed() -> None:
    quantity = np.array([2, 1])
    graph = CandidateGraph(quantity, [1.0, 5.0], [3], [1, 0], [0, 0], [5, 7], need_ids=["a", "b"])
    quantity[0] = 99
    assert graph.need_quantity.tolist() == [2, 1]
    assert (graph.need_quantity.dtype, graph.need_priority.dtype) == (np.int64, np.int8)
    assert (graph.edge_need.dtype, graph.edge_offer.dtype, graph.offer_unit.dtype) == (np.int32,) * 3
    assert graph.need_ids is not None
    assert graph.need_ids.dtype == object
    assert graph.edge_order.tolist() == [1, 0]
    for values in (graph.need_quantity, graph.edge_cost, graph.edge_locked, graph.need_whole):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(GraphError) as caught:
        CandidateGraph(
            [1, -2], [1, 7, 3], [3, 4], [1, 0, 1, 5], [0, 0, 0, 1], [5.5, 7, 1, 2],
            offer_unit=[0, 2], unit_capacity=[4], need_whole=[0, 1], unit_load_cost=[[3, 2]],
            edge_capacity=[1, 2], edge_locked=[[1]],
        )  # fmt: skip
    text = "\n".join(caught.value.complaints)
    for part in (
        "need_quantity[1] is -2", "need_priority[1] is 7", "need_priority has 3 entries, expected 2",
        "edge_need[3] is 5, expected a row of the 2 needs", "edge 2 pairs need 1 with offer 0 as edge 0",
        "edge_cost[0] is 5.5", "offer_unit[1] is 2, expected a row of the 1 units",
        "need_whole holds int64", "unit_load_cost[0, 1] is 2 after 3",
        "edge_capacity has 2 entries, expected 4", "edge_locked has 2 axes",
    ):  # fmt: skip
        assert part in text
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("values", [["a"], [None], [np.nan], [np.inf], [2.0**60]])
def test_what_is_no_whole_number_is_refused(values: list[object]) -> None:
    with pytest.raises(GraphError, match="edge_cost"):
        CandidateGraph([1], [1], [1], [0], [0], values)


def test_many_faults_of_a_kind_are_counted() -> None:
    with pytest.raises(GraphError, match="need_quantity has 7 further entries out of range"):
        CandidateGraph([-1] * 10, [1] * 10, [], [], [], [])
    with pytest.raises(GraphError, match="2 further edges repeat a pair"):
        CandidateGraph([1], [1], [1], [0] * 6, [0] * 6, [1] * 6)


@pytest.mark.parametrize(
    ("cost", "quantity", "fits"),
    [
        (2**31, 2**31 - 1, True),
        (2**31, 2**31, False),
        (0, 1, True),
        (2**62, 1, False),
        (0, 2**62, False),
    ],
)
def test_costs_and_quantities_must_fit_together(cost: int, quantity: int, fits: bool) -> None:
    def build() -> CandidateGraph:
        return CandidateGraph([quantity], [1], [UNLIMITED], [0], [0], [cost])

    if fits:
        assert solve(build()).cost == cost * min(quantity, UNLIMITED)
    else:
        with pytest.raises(CostRangeError):
            build()


def test_load_costs_promises_and_pairs_count_in_the_range() -> None:
    with pytest.raises(CostRangeError):
        CandidateGraph([4], [1], [9], [0], [0], [2**59], offer_unit=[0], unit_load_cost=[[2**59]])
    with pytest.raises(CostRangeError):
        CandidateGraph([1], [1], [9], [0], [0], [2**31], edge_locked=[2**31])
    with pytest.raises(CostRangeError):
        CandidateGraph([1], [1], [9, 9], [0, 0], [0, 1], [0, 0], edge_locked=[2**62, 2**62])
    with pytest.raises(CostRangeError, match="pairs"):
        CandidateGraph([2**60], [1], [9] * 4, [0] * 4, range(4), [0] * 4)


def test_units_without_capacities_have_no_limit() -> None:
    graph = CandidateGraph([3], [1], [5], [0], [0], [1], offer_unit=[1])
    assert graph.unit_capacity.tolist() == [UNLIMITED, UNLIMITED]
    assert solve(graph).served.tolist() == [3]


def test_importing_the_matcher_leaves_heavy_libraries_alone() -> None:
    code = "import matcher, sys; print([m for m in ('ortools', 'scipy', 'pandas') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_negative_costs_are_named() -> None:
    with pytest.raises(GraphError, match=r"edge_cost\[1\] is -3"):
        CandidateGraph([1], [3], [1, 1], [0, 0], [0, 1], [5, -3])


_GOOD = {
    "need_quantity": [2, 1], "need_priority": [1, 3], "offer_capacity": [1, 2],
    "edge_need": [0, 0, 1], "edge_offer": [0, 1, 1], "edge_cost": [5, 6, 7],
    "offer_unit": [0, 0], "unit_capacity": [3],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"edge_cost": None}, "edge_cost is None, expected whole numbers"),
        ({"edge_cost": [[1], [2, 3], 4]}, "edge_cost[1] is of another length than edge_cost[0]"),
        ({"edge_cost": [1, None, 3]}, "edge_cost[1] is None, expected a whole number"),
        ({"edge_cost": [2**70, 1, 2]}, "edge_cost[0] is 1180591620717411303424, expected 0 to"),
        ({"edge_cost": ["a", "b", "c"]}, "edge_cost[0] is 'a', expected a whole number"),
        ({"edge_cost": np.ma.array([5, 6, 7], mask=[0, 1, 0])}, "edge_cost[1] is masked"),
        ({"unit_load_cost": [[5, float("nan")]]}, "unit_load_cost[0, 1] is nan, expected a whole number"),
        ({"unit_load_cost": [[5, 3]]}, "unit_load_cost[0, 1] is 3 after 5"),
        ({"need_ids": ["a", "a"]}, "need_ids[1] is 'a' as need_ids[0] is"),
        ({"edge_offer": [0, -1, 1]}, "edge_offer[1] is -1, expected 0 to 2147483647"),
        ({"need_quantity": 5}, "need_quantity has 0 axes, expected 1"),
    ],
)
def test_each_fault_says_where_and_what(changed: dict[str, object], told: str) -> None:
    with pytest.raises(GraphError) as caught:
        CandidateGraph(**{**_GOOD, **changed})  # type: ignore[arg-type]
    (complaint,) = caught.value.complaints
    assert complaint.startswith(told)


def test_numbers_too_large_together_are_named() -> None:
    with pytest.raises(CostRangeError, match=r"edge_cost\[1\] = 2305843009213693952"):
        CandidateGraph(**{**_GOOD, "edge_cost": [1, 2**61, 1]})  # type: ignore[arg-type]
    with pytest.raises(CostRangeError, match=r"edge_locked\[2\] is 4611686018427387904"):
        CandidateGraph(**{**_GOOD, "edge_locked": [0, 0, 2**62]})  # type: ignore[arg-type]
    with pytest.raises(CostRangeError, match=r"need_quantity\[0\] = 1152921504606846976"):
        CandidateGraph([2**60], [1], [9] * 4, [0] * 4, range(4), [0] * 4)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"path": "quick"}, "path is 'quick', expected one of scaling, auction, general"),
        ({"threads": 0}, "threads is 0, expected a whole number from 1"),
        ({"threads": "x"}, "threads is 'x', expected"),
        ({"threads": 2.5}, "threads is 2.5, expected"),
        ({"seed": "x"}, "seed is 'x', expected a whole number from 0"),
        ({"seed": -1}, "seed is -1, expected"),
    ],
)
def test_settings_of_solve_are_named(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ArgumentError, match=told):
        solve(CandidateGraph(**_GOOD), **settings)  # type: ignore[arg-type]


def test_only_arrays_that_nobody_can_write_to_are_kept_without_a_copy() -> None:
    cost, base, view = np.array([3, 4, 5]), np.array([0, 1, 2], np.int32), np.array([0, 1, 2], np.int32)
    cost.setflags(write=False)
    seen = view[:]
    seen.setflags(write=False)
    graph = CandidateGraph([1, 1, 1], [1, 1, 1], [1, 1, 1], base, seen, cost)
    assert graph.edge_cost is cost
    base[0], view[0] = 2, 2
    assert (graph.edge_need[0], graph.edge_offer[0]) == (0, 0)
