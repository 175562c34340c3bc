"""What actions gain, on small problems of every kind: by brute force, solving each with the actions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher import CandidateGraph, capacity_certificates, solve
from matcher.actions import part as part_module
from matcher.actions.choose import bound_gains, choose_actions
from matcher.actions.effects import Effect
from matcher.actions.trials import Trials
from tests.matcher.graphs import random_graph, tiny_graphs

NONE = np.zeros(0, np.int64)


@st.composite
def drawn_effects(draw: st.DrawFn, graph: CandidateGraph) -> list[list[Effect]]:
    """More capacity, higher totals, pairs for offers that are there, and offers of their own."""
    more = st.integers(1, 4)
    found = [Effect(row, -1, draw(more), False, NONE, NONE) for row in _some(draw, graph.offer_count)]
    found += [Effect(-1, row, draw(more), True, NONE, NONE) for row in _some(draw, graph.unit_count)]
    for row in _some(draw, graph.offer_count):
        there = set(graph.edge_need[graph.edge_offer == row].tolist())
        found.append(_with_pairs(row, -1, 0, [n for n in _some(draw, graph.need_count) if n not in there]))
    for _ in range(draw(st.integers(0, 2))):
        unit = draw(st.integers(-1, graph.unit_count - 1))
        found.append(_with_pairs(-1, unit, draw(more), _some(draw, graph.need_count)))
    return [[effect] for effect in found]


def _some(draw: st.DrawFn, size: int) -> list[int]:
    return [row for row in range(size) if draw(st.booleans())]


def _with_pairs(offer: int, unit: int, capacity: int, needs: list[int]) -> Effect:
    return Effect(offer, unit, capacity, False, np.array(needs, np.int64), np.zeros(len(needs), np.int64))


def gain_by_solving(trials: Trials, chosen: tuple[int, ...]) -> tuple[int, ...]:
    after = solve(trials.apply(chosen)).served_by_priority
    return tuple(after[p] - trials.solution.served_by_priority[p] for p in range(1, 6))


@settings(max_examples=40)
@given(st.data())
def test_a_gain_is_that_of_solving_with_the_actions(data) -> None:
    graph = data.draw(tiny_graphs(whole=True, load=False))
    trials = Trials(graph, solve(graph), data.draw(drawn_effects(graph)))
    assume(trials.is_exact)
    for size in (1, 2):
        for chosen in itertools.islice(itertools.combinations(range(len(trials.effects)), size), 6):
            assert trials.gain(chosen) == gain_by_solving(trials, chosen)
    every = tuple(range(len(trials.effects)))
    assert trials.gain(every) == gain_by_solving(trials, every)
    assert trials.is_exact
    assert set(trials.find_helpful()) == {at for at in every if any(trials.gain([at]))}


@settings(max_examples=40)
@given(st.data())
def test_no_other_set_does_better(data) -> None:
    graph = data.draw(tiny_graphs(whole=True, load=False))
    trials = Trials(graph, solve(graph), data.draw(drawn_effects(graph))[:6])
    assume(trials.is_exact)
    every = range(len(trials.effects))
    costs = [float(data.draw(st.integers(1, 3))) for _ in every]
    units = [data.draw(st.sampled_from((0, 0, 2))) for _ in every]
    budget = data.draw(st.integers(0, 6))
    found = choose_actions(trials, costs, units, budget, effort=[1.0] * len(costs))

    def rank(chosen: tuple[int, ...]) -> tuple[tuple[int, ...], int, float]:
        return trials.gain(chosen), sum(units[at] for at in chosen), -sum(costs[at] for at in chosen)

    sets = [some for size in range(len(costs) + 1) for some in itertools.combinations(every, size)]
    best = max(rank(some) for some in sets if sum(costs[at] for at in some) <= budget)
    assert found.is_proved
    assert rank(found.actions) == best
    assert sum(costs[at] for at in found.actions) <= budget


@settings(max_examples=40)
@given(st.data())
def test_beyond_the_program_the_bound_holds(data) -> None:
    """Where flows go on from what others leave, gains are the same, and no set as good for the urgent beats
    the bounds."""
    graph = data.draw(tiny_graphs(load=False))
    effects = data.draw(drawn_effects(graph))[:6]
    solution = solve(graph)
    trials = Trials(graph, solution, effects)
    every = range(len(effects))
    costs, units = [1.0] * len(effects), [0] * len(effects)
    sets = [some for size in range(4) for some in itertools.combinations(every, size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(part_module, "FEW_ARCS", 0)
        large = Trials(graph, solution, effects)
        assert [large.gain(some) for some in sets] == [trials.gain(some) for some in sets]
        found = choose_actions(large, costs, units, 3, effort=costs)
        bounds = bound_gains(large, costs, units, 3, chosen=found.actions)
    assert len(found.actions) <= 3
    upto = _add_up(trials.gain(found.actions))
    assert bounds == bound_gains(trials, costs, units, 3, chosen=found.actions)
    for other in (_add_up(trials.gain(some)) for some in sets):
        for level, places in enumerate(bounds):
            if all(more >= mine for more, mine in zip(other[:level], upto[:level], strict=True)):
                assert places >= other[level]
        assert not found.is_proved or other <= upto
    assert all(places >= mine for places, mine in zip(bounds, upto, strict=True))


def _add_up(gain: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(itertools.accumulate(gain))


@pytest.mark.parametrize("seed", range(30))
def test_what_touches_no_gap_helps_nobody(seed) -> None:
    """New pairs with needs that are served and in no certificate gain nothing, whatever offer brings them.

    A pairing, a station, a new category, a recruit, a resident's offer and a wider reach bring pairs alone:
    none of them can bring more than an offer of its own with plenty of room for all these needs, or all pairs
    of an offer that is there. Room gains nothing at offers and units that neither hold a certificate nor
    belong to such a unit.
    """
    graph = random_graph(12, 8, 3 * (seed % 2), 26, seed=seed, room=0.9)
    solution = solve(graph)
    certificates = capacity_certificates(graph, flow=solution.flow)
    touched = graph.need_quantity > solution.served
    offers, units = np.zeros(graph.offer_count, np.bool_), np.zeros(graph.unit_count, np.bool_)
    for certificate in certificates:
        touched[certificate.needs] = True
        offers[certificate.offers] = True
        # A full offer of a unit whose total holds: more of it may serve the urgent instead of others.
        offers |= np.isin(graph.offer_unit, certificate.units) & (graph.offer_unit >= 0)
        units[certificate.units] = True
    others = np.flatnonzero(~touched)
    there = [
        np.setdiff1d(others, graph.edge_need[graph.edge_offer == row]) for row in range(graph.offer_count)
    ]
    effects = [_with_pairs(row, -1, 0, some.tolist()) for row, some in enumerate(there)]
    effects.append(_with_pairs(-1, -1, 99, others.tolist()))
    effects += [Effect(row, -1, 9, False, NONE, NONE) for row in np.flatnonzero(~offers).tolist()]
    effects += [Effect(-1, row, 9, True, NONE, NONE) for row in np.flatnonzero(~units).tolist()]
    for effect in effects:
        assert not any(Trials(graph, solution, [[effect]]).gain([0]))
    # Beside a gap's own needs the same offer helps, so that this isn't so for want of anything to gain.
    gap = _with_pairs(-1, -1, 99, np.flatnonzero(touched).tolist())
    assert any(Trials(graph, solution, [[gap]]).gain([0])) == bool(
        (graph.need_quantity > solution.served).any()
    )
