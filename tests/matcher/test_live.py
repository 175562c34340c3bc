"""The live match: after every event as good as a fresh solve, and proved; refusals; saving and going on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import linli
from matcher import CandidateGraph, CostRangeError, nearest_first, solve
from matcher import live as events
from matcher.live import LiveError, LiveMatch, Move
from tests.matcher.brute import find_best
from tests.matcher.graphs import random_graph, tiny_graphs
from tests.matcher.live_steps import check_change, check_optimal, draw_event, value_of

# The first test of an installation waits until everything is compiled.
pytestmark = pytest.mark.timeout(1200)

OPTIONS = [
    {},
    {"edge_capacity": True, "edge_locked": True},
    {"unit_load_cost": True, "edge_locked": True},
    {"edge_capacity": True, "unit_load_cost": True},
]


class LiveMachine(RuleBasedStateMachine):
    """Any events in any order, on problems small enough to try every assignment."""

    @initialize(graph=tiny_graphs())
    def start(self, graph: CandidateGraph) -> None:
        self.live = LiveMatch(graph)
        self.before = check_optimal(self.live)

    def judge(self, change: events.Change) -> None:
        assert change.status == "optimal"
        after = check_optimal(self.live)
        check_change(self.before, change, after)
        graph = after.graph
        if graph.edge_count <= 7 and graph.need_quantity.max(initial=0) <= 3:
            best = find_best(graph)
            assert value_of(after) == (best.served_by_priority, best.cost)
        self.before = after

    def draw_rows(self, data: st.DataObject, count: int) -> tuple[list[int], list[int]]:
        rows = data.draw(st.lists(st.sampled_from(range(count)), unique=True, max_size=3)) if count else []
        return rows, data.draw(st.lists(st.integers(0, 9), min_size=len(rows), max_size=len(rows)))

    def draw_pair(self, data: st.DataObject) -> tuple[int, int] | None:
        graph = self.before.graph
        if not graph.edge_count:
            return None
        e = data.draw(st.integers(0, graph.edge_count - 1))
        return int(graph.edge_need[e]), int(graph.edge_offer[e])

    @rule(data=st.data(), quantity=st.integers(0, 3), priority=st.integers(1, 5))
    def need_arrives(self, data: st.DataObject, quantity: int, priority: int) -> None:
        rows, costs = self.draw_rows(data, self.before.graph.offer_count)
        change = self.live.need_arrives(quantity, priority, rows, costs)
        assert change.need == self.before.graph.need_count
        self.judge(change)

    @rule(data=st.data(), capacity=st.integers(0, 4))
    def offer_joins(self, data: st.DataObject, capacity: int) -> None:
        rows, costs = self.draw_rows(data, self.before.graph.need_count)
        units = self.before.graph.unit_count
        unit = data.draw(st.none() | st.integers(0, units - 1)) if units else None
        change = self.live.offer_joins(capacity, rows, costs, unit)
        assert change.offer == self.before.graph.offer_count
        self.judge(change)

    @rule(data=st.data(), quantity=st.integers(0, 3))
    def quantity_changes(self, data: st.DataObject, quantity: int) -> None:
        need = data.draw(st.integers(0, self.before.graph.need_count - 1))
        self.judge(self.live.quantity_changes(need, quantity) if quantity else self.live.need_withdrawn(need))
        assert self.before.graph.need_quantity[need] == quantity

    @rule(data=st.data(), capacity=st.integers(0, 4))
    def capacity_changes(self, data: st.DataObject, capacity: int) -> None:
        offer = data.draw(st.integers(0, self.before.graph.offer_count - 1))
        self.judge(self.live.capacity_changes(offer, capacity) if capacity else self.live.offer_leaves(offer))
        assert self.before.graph.offer_capacity[offer] == capacity

    @rule(data=st.data(), capacity=st.integers(0, 5))
    def units_change(self, data: st.DataObject, capacity: int) -> None:
        units = self.before.graph.unit_count
        unit = data.draw(st.integers(0, units))
        if unit == units:
            self.judge(self.live.unit_joins(capacity))
        elif capacity:
            self.judge(self.live.unit_capacity_changes(unit, capacity))
        else:
            self.judge(self.live.unit_leaves(unit))

    @rule(data=st.data(), cost=st.integers(0, 9))
    def cost_changes(self, data: st.DataObject, cost: int) -> None:
        pair = self.draw_pair(data)
        if pair is not None:
            self.judge(self.live.cost_changes(*pair, cost))

    @rule(data=st.data(), places=st.integers(0, 2))
    def lock(self, data: st.DataObject, places: int) -> None:
        pair = self.draw_pair(data)
        if pair is not None:
            self.judge(self.live.lock(*pair, places))

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        pair = self.draw_pair(data)
        if pair is not None:
            if self.before.graph.edge_locked[self.find(pair)]:
                with pytest.raises(LiveError, match="promised"):
                    self.live.refuse(*pair)
                self.live.lock(*pair, 0)
                self.before = self.live.solution()
            self.judge(self.live.refuse(*pair))
            assert not len(self.find(pair))

    def find(self, pair: tuple[int, int]) -> np.ndarray:
        graph = self.live.graph()
        return np.flatnonzero((graph.edge_need == pair[0]) & (graph.edge_offer == pair[1]))

    @rule()
    def save_and_go_on(self) -> None:
        self.live = LiveMatch.from_state(self.live.state())
        assert value_of(self.live.solution()) == value_of(self.before)


TestLiveMachine = LiveMachine.TestCase
TestLiveMachine.settings = settings(max_examples=15, stateful_step_count=15)


def run_events(seed: int, count: int, check_every: int, graph: CandidateGraph) -> None:
    rng = np.random.default_rng(seed)
    live = LiveMatch(graph)
    before = live.solution()
    for k in range(1, count + 1):
        change = draw_event(live, rng)
        if k % check_every == 0 or k == count:
            check_optimal(live)
        if check_every == 1:
            after = live.solution()
            check_change(before, change, after)
            before = after


@pytest.mark.parametrize("options", OPTIONS)
def test_every_event_ends_at_the_optimum(options: dict[str, Any]) -> None:
    run_events(1, 40, 1, random_graph(40, 12, 4, 250, seed=5, **options))


def test_a_few_hundred_events_on_a_wider_network() -> None:
    run_events(2, 400, 50, random_graph(300, 60, 12, 3000, seed=6))


@pytest.mark.large
@pytest.mark.parametrize("options", OPTIONS)
def test_ten_thousand_events(options: dict[str, Any]) -> None:
    run_events(3, 10_000, 250, random_graph(2000, 300, 60, 30_000, seed=7, **options))


def test_what_a_change_tells() -> None:
    # Need 0 sits on the only offer that need 1 can have; offer 1 is dearer for need 0, and free.
    live = LiveMatch(CandidateGraph([1], [3], [1, 1], [0, 0], [0, 1], [5, 9]))
    change = live.need_arrives(1, 2, [0], [1])
    assert (change.need, change.offer, change.status) == (1, None, "optimal")
    assert change.moves == (Move(0, 0, 1, 1), Move(1, None, 0, 1))
    assert dict(change.served_by_priority) == {1: 0, 2: 1, 3: 0, 4: 0, 5: 0}
    assert change.cost == 9 - 5 + 1
    change = live.offer_leaves(1)
    assert change.moves == (Move(0, 1, None, 1),)
    assert (dict(change.served_by_priority)[3], change.cost) == (-1, -9)
    change = live.offer_joins(4, [0], [2])
    assert (change.offer, change.moves) == (2, (Move(0, None, 2, 1),))


def test_starts_from_a_solution_or_refuses_it() -> None:
    graph = random_graph(80, 20, 5, 500, seed=10)
    assert value_of(LiveMatch(graph, solution=solve(graph)).solution()) == value_of(solve(graph))
    with pytest.raises(LiveError, match="isn't optimal"):
        LiveMatch(graph, solution=nearest_first(graph))
    with pytest.raises(LiveError, match="another graph"):
        LiveMatch(graph, solution=solve(random_graph(80, 20, 5, 499, seed=10)))


def test_a_log_of_events_can_be_replayed_from_a_saved_state() -> None:
    graph = random_graph(50, 12, 4, 300, seed=11)
    live = LiveMatch(graph)
    live.cost_changes(int(graph.edge_need[0]), int(graph.edge_offer[0]), 2)
    saved = {name: values.copy() for name, values in live.state().items()}
    log = [
        events.NeedArrives(2, 1, [0, 3], [5, 6]),
        events.UnitJoins(9),
        events.OfferJoins(3, [0, 50], [1, 2], 4),
        events.Lock(50, 12, 1),
        events.Refuse(50, 0),
        events.CostChanges(50, 3, 1),
        events.CapacityChanges(3, 1),
        events.UnitCapacityChanges(2, 1),
        events.OfferLeaves(5),
        events.UnitLeaves(0),
        events.QuantityChanges(7, 9),
        events.NeedWithdrawn(8),
    ]
    for event in log:
        live.apply(event)
    again = LiveMatch.from_state(saved)
    for event in log:
        again.apply(event)
    assert again.solution().flow.tolist() == live.solution().flow.tolist()
    check_optimal(again)
    with pytest.raises(LiveError, match="no event"):
        live.apply("need 3 arrives")  # type: ignore[arg-type]


def test_a_broken_state_is_refused() -> None:
    state = LiveMatch(random_graph(20, 5, 2, 60, seed=1)).state()
    state["edge_flow"][:5] += 1
    with pytest.raises(LiveError, match="hold together"):
        LiveMatch.from_state(state)


def test_tables_grow() -> None:
    live = LiveMatch(CandidateGraph([1], [1], [1], [0], [0], [1], unit_capacity=[1]))
    for k in range(3000):
        live.need_arrives(1, 1 + k % 5, [0], [k % 7])
    for k in range(2500):
        live.offer_joins(1, [k, k + 1], [3, 4])
    for _ in range(1200):
        live.unit_joins(1)
    graph = live.graph()
    assert (graph.need_count, graph.offer_count, graph.unit_count) == (3001, 2501, 1201)
    check_optimal(live)


def test_dearer_costs_than_ever_before() -> None:
    live = LiveMatch(random_graph(30, 8, 3, 120, seed=12))
    for cost in (10**5, 10**7, 10**9):
        live.need_arrives(2, 2, [0, 1, 2], [cost, cost // 2, 0])
        check_optimal(live)
    with pytest.raises(CostRangeError):
        live.need_arrives(2, 2, [0], [2**60])
    check_optimal(live)
    with pytest.raises(CostRangeError):
        LiveMatch(CandidateGraph([1], [1], [1] * 500, [0, 0], [0, 1], [2**50, 0]))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (events.NeedArrives(1, 1, [0, 9], [1, 1]), r"offers\[1\] is 9, expected a row of the 2 offers"),
        (events.NeedArrives(1, 1, [0, 0], [1, 1]), r"offers\[1\] is 0 as offers\[0\] is"),
        (events.NeedArrives(1, 1, [0], [-1]), r"costs\[0\] is -1"),
        (events.NeedArrives(1, 1, [0], [1, 2]), "2 entries, expected 1"),
        (events.NeedArrives(1, 1, [0.5], [1]), r"offers\[0\] is 0.5"),
        (events.NeedArrives(1, 0, [0], [1]), "priority is 0"),
        (events.NeedArrives(-1, 1, [0], [1]), "quantity is -1"),
        (events.OfferJoins(1, [7], [1]), r"needs\[0\] is 7, expected a row of the 1 needs"),
        (events.OfferJoins(1, [0], [1], 3), "unit 3 isn't there"),
        (events.NeedWithdrawn(4), "need 4 isn't there"),
        (events.OfferLeaves(-1), "offer -1 isn't there"),
        (events.CapacityChanges(0, -2), "capacity is -2"),
        (events.UnitLeaves(0), "unit 0 isn't there"),
        (events.CostChanges(0, 1, 5), "no pair"),
        (events.Lock(0, 1, 1), "no pair"),
        (events.Refuse(0, 1), "no pair"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(event: events.LiveEvent, words: str) -> None:
    live = LiveMatch(CandidateGraph([1], [1], [1, 1], [0], [0], [3]))
    before = live.solution()
    with pytest.raises(LiveError, match=words):
        live.apply(event)
    assert value_of(check_optimal(live)) == value_of(before)
    assert live.need_arrives(1, 1, [1], [2]).need == 1


def test_what_cannot_be_kept_live_is_said_at_the_start() -> None:
    whole = CandidateGraph([2, 1], [1, 1], [2], [0, 1], [0, 0], [3, 1], need_whole=[True, True])
    with pytest.raises(LiveError, match="need 0 is whole"):
        LiveMatch(whole)
    check_optimal(LiveMatch(replace(whole, need_quantity=[1, 1])))
    loaded = CandidateGraph([1], [1], [1], [0], [0], [1], offer_unit=[0], unit_load_cost=[[1]])
    with pytest.raises(LiveError, match="load costs"):
        LiveMatch(loaded, max_moves=3)
    with pytest.raises(LiveError, match="below 0"):
        LiveMatch(loaded, switching_cost=-1)


def test_names_of_rows_stay_with_them() -> None:
    graph = CandidateGraph([1], [1], [1], [0], [0], [1], need_ids=["n"], offer_ids=["o"])
    live = LiveMatch.from_state(LiveMatch(graph).state())
    live.need_arrives(1, 1, [0], [5])
    assert live.graph().need_ids.tolist() == ["n", None]
    assert live.graph().offer_ids.tolist() == ["o"]
    assert live.graph().unit_ids is None


def test_the_live_match_is_public() -> None:
    assert linli.LiveMatch is LiveMatch


_NAN = float("nan")


def _small() -> CandidateGraph:
    return CandidateGraph(
        [2, 1], [1, 3], [1, 2], [0, 0, 1], [0, 1, 1], [5, 6, 7], offer_unit=[0, -1], unit_capacity=[3]
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (lambda live: live.need_arrives(_NAN, 1, [0], [1]), "quantity is nan, expected 0 to"),
        (lambda live: live.need_arrives("2", 1, [0], [1]), "quantity is '2', expected 0 to"),
        (lambda live: live.need_arrives(None, 1, [0], [1]), "quantity is None, expected 0 to"),
        (lambda live: live.need_arrives(1.0, 1, [0], [1]), "quantity is 1.0, expected 0 to"),
        (lambda live: live.need_arrives(1, 2.5, [0], [1]), "priority is 2.5, expected 1 to 5"),
        (lambda live: live.need_arrives(1, "1", [0], [1]), "priority is '1', expected 1 to 5"),
        (lambda live: live.need_arrives(1, 1, [0, 1], [1, _NAN]), r"costs\[1\] is nan"),
        (lambda live: live.need_arrives(1, 1, [0], [np.inf]), r"costs\[0\] is inf"),
        (lambda live: live.need_arrives(1, 1, [0], [2**70]), r"costs\[0\] is 1180591620717411303424"),
        (lambda live: live.need_arrives(1, 1, [[0], [1, 2]], [1, 2]), r"offers\[1\] is of another length"),
        (lambda live: live.need_arrives(1, 1, np.array([2**63 + 5], np.uint64), [1]), "9223372036854775813"),
        (lambda live: live.need_withdrawn("a"), "need a isn't there"),
        (lambda live: live.need_withdrawn(1.5), "need 1.5 isn't there"),
    ],
)
def test_events_that_say_no_whole_number_are_refused_by_name(event, told) -> None:
    live = LiveMatch(_small())
    before = live.solution()
    with pytest.raises(LiveError, match=told):
        event(live)
    after = live.solution()
    assert (after.cost, after.flow.tolist()) == (before.cost, before.flow.tolist())


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"switching_cost": 1.5}, "switching_cost is 1.5, expected 0 to"),
        ({"switching_cost": _NAN}, "switching_cost is nan"),
        ({"max_moves": "a"}, "max_moves is 'a'"),
        ({"solution": "x"}, "solution is a str, expected a Solution"),
    ],
)
def test_rules_and_solutions_of_another_kind_are_refused(settings, told) -> None:
    with pytest.raises(LiveError, match=told):
        LiveMatch(_small(), **settings)


def test_states_that_lack_tables_or_reach_beyond_them_are_refused() -> None:
    good = LiveMatch(_small()).state()
    assert LiveMatch.from_state(good).solution().served.tolist() == [2, 1]
    beyond = {name: values.copy() for name, values in good.items()}
    beyond["meta"][0] = 99
    row = {name: values.copy() for name, values in good.items()}
    row["pair"][:, 1] = 1_000_000
    for bad in ({}, {name: good[name] for name in good if name != "meta"}, beyond, row,
                {name: values[:1] for name, values in good.items()}):  # fmt: skip
        with pytest.raises(LiveError, match="doesn't hold together"):
            LiveMatch.from_state(bad)


def test_a_change_reads_shortly() -> None:
    change = LiveMatch(_small()).need_arrives(1, 1, [0], [1])
    assert repr(change) == "Change(status='optimal', need=2, offer=None, unit=None)"
