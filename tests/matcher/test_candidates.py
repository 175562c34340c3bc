"""Candidates: who could serve whom, at what cost, held against the rules as plain loops."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Need, Offer
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.candidates import build_instance, candidates
from matcher.rules import Rules
from matcher.search import PAIR_BYTES, WIDE_BYTES, TooManyPairsError
from matcher.steps import steps
from tests.reference import Reference
from tests.towns import FIRST, LAST, few, towns

PERIOD = Period(FIRST, LAST)


def feasible_pairs(instance):
    graph, demand, supply, pairs = instance.graph, instance.demand, instance.supply, instance.pairs
    found = {}
    for edge in range(graph.edge_count):
        if pairs.feasible[edge]:
            need, offer = graph.edge_need[edge], graph.edge_offer[edge]
            other = instance.unit_ids[supply.unit[offer]] if demand.is_project[need] else supply.ids[offer]
            key = bool(demand.is_project[need]), demand.ids[need], other
            assert key not in found
            found[key] = edge
    return found


def same_distance(one, other):
    return (other is None and math.isnan(one)) or (other is not None and abs(one - other) < 1e-6)


@few
@given(towns(), st.sampled_from(["broad", "exact"]), st.sampled_from(["places", "yuan"]))
def test_the_pairs_their_distances_and_costs_are_those_of_the_rules(records, fit, measure):
    instance = build_instance(Snapshot.from_records(records), Rules(period=PERIOD, fit=fit), measure)
    reference = Reference(records, FIRST, LAST, fit=fit, measure=measure)
    expected = {(False, *key): pair for key, pair in reference.need_pairs().items()}
    expected |= {(True, *key): pair for key, pair in reference.project_pairs().items()}
    found = feasible_pairs(instance)
    assert set(found) == set(expected)
    for key, edge in found.items():
        pair = expected[key]
        assert same_distance(instance.pairs.distance_m[edge], pair.distance)
        assert instance.graph.edge_cost[edge] == pair.cost
        assert instance.pairs.broad[edge] == pair.broad
        assert instance.pairs.estimate[edge] == pair.estimate
        assert instance.pairs.assumed[edge] == pair.assumed
        assert instance.supply.ids[instance.pairs.offer_row[edge]] == pair.offer


@few
@given(towns(), st.integers(1, 4), st.integers(1, 6))
def test_pairs_found_block_by_block_are_those_found_at_once(records, first, chunk):
    snapshot = Snapshot.from_records(records)
    once = build_instance(snapshot, Rules(period=PERIOD))
    with mock.patch.multiple("matcher.search", _FIRST_NEEDS=first, _CHUNK_PAIRS=chunk):
        blocks = build_instance(snapshot, Rules(period=PERIOD))
    for name in ("edge_need", "edge_offer", "edge_cost", "edge_locked", "edge_capacity"):
        assert np.array_equal(getattr(once.graph, name), getattr(blocks.graph, name))
    for name in type(once.pairs).__slots__:
        one, other = getattr(once.pairs, name), getattr(blocks.pairs, name)
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64)


@few
@given(towns(projects=1))
def test_the_steps_of_each_need_are_those_of_the_rules(records):
    instance = build_instance(Snapshot.from_records(records), Rules(period=PERIOD))
    reference = Reference(records, FIRST, LAST)
    demand = instance.demand
    assert sorted(demand.ids[~demand.is_project]) == sorted(reference.needs)
    assert sorted(demand.ids[demand.is_project]) == sorted(reference.projects)
    for row, name in enumerate(demand.ids):
        need = reference.projects[name] if demand.is_project[row] else reference.needs[name]
        assert steps(instance, row).reason() == reference.reason(need)


@few
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(records, random):
    shuffled = list(records)
    random.shuffle(shuffled)
    one, other = (candidates(Snapshot.from_records(r), Rules(period=PERIOD)) for r in (records, shuffled))
    assert one.need_ids.tolist() == other.need_ids.tolist()
    assert one.edge_cost.tolist() == other.edge_cost.tolist()
    assert one.edge_locked.tolist() == other.edge_locked.tolist()


def test_a_match_too_large_for_memory_is_refused_in_words():
    needs = [Need(id=f"n{i}", category="repair") for i in range(4)]
    offers = [Offer(id=f"o{i}", unit="u", category="repair", reach_any=True) for i in range(3)]
    snapshot = Snapshot.from_records([*needs, *offers])
    assert candidates(snapshot, Rules(period=PERIOD, max_pairs=12)).edge_count == 12
    with pytest.raises(TooManyPairsError, match="more than 11 pairs") as refused:
        candidates(snapshot, Rules(period=PERIOD, max_pairs=11))
    assert "reach" in refused.value.remedy


def test_a_match_is_refused_where_the_machine_lacks_the_memory():
    needs = [Need(id=f"n{i}", category="repair", lon=121.0, lat=31.0) for i in range(4)]
    everyone = [Offer(id=f"o{i}", unit="u", category="repair", reach_any=True) for i in range(3)]
    near = Offer(id="near", unit="u", category="repair", reach_m=500.0, lon=121.0, lat=31.0)
    snapshot = Snapshot.from_records([*needs, *everyone, near])
    takes = 12 * WIDE_BYTES + 4 * PAIR_BYTES
    with mock.patch("matcher.search._read_memory", return_value=takes):
        assert candidates(snapshot, Rules(period=PERIOD)).edge_count == 16
        with pytest.raises(TooManyPairsError, match="1 GB of memory"):
            candidates(snapshot, Rules(period=PERIOD, tiles=2))
    with (
        mock.patch("matcher.search._read_memory", return_value=takes - 1),
        pytest.raises(TooManyPairsError, match="more than 15 pairs"),
    ):
        candidates(snapshot, Rules(period=PERIOD))


def test_rules_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="broad or exact"):
        Rules(fit="loose")
    with pytest.raises(ValueError, match="unpaired_m"):
        Rules(unpaired_m=-1)
