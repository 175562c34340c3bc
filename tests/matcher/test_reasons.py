"""Reasons by need row: what is missing, which offer is nearest, and what rests on an assumed reach."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from graph.taxonomy import REASONS
from matcher.match import match
from matcher.reasons import find_reasons
from matcher.rules import Rules
from tests.reference_gaps import GapReference
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def parts_of(made):
    return [part for part in (made.places, made.money) if part is not None]


@few
@given(towns(projects=1))
def test_details_of_reasons_are_those_of_the_rules(records):
    made = match(Snapshot.from_records(records), RULES)
    for part in parts_of(made):
        instance, demand = part.instance, part.instance.demand
        reference = GapReference(records, FIRST, LAST, measure=instance.measure)
        reasons = find_reasons(instance, part.solution)
        for row, name in enumerate(demand.ids):
            need = reference.projects[name] if demand.is_project[row] else reference.needs[name]
            lost = bool(reasons.unserved[row]) and reference.reason(need) is not None
            assert reasons.missing[row] == (reference.missing(need) if lost else None)
            assert reasons.assumed[row] == (lost and reference.rests_on_reach(need))
            if lost and reference.reason(need) == "out_of_reach":
                nearest = reference.nearest_out_of_reach(need)
                offer = reference.get("offers", instance.supply.ids[reasons.offer[row]])
                assert reference.judge(need, offer)[2] == pytest.approx(nearest)
                assert (nearest is None) == math.isnan(reasons.distance_m[row])
            if not lost:
                assert reasons.offer[row] == -1


@few
@given(towns(), st.data())
def test_a_few_rows_have_the_reasons_they_have_among_all(records, data):
    part = match(Snapshot.from_records(records), RULES).places
    everything = find_reasons(part.instance, part.solution)
    rows = [row for row in range(len(part.instance.demand)) if data.draw(st.booleans())]
    some = find_reasons(part.instance, part.solution, needs=np.array(rows, dtype=np.int64))
    for row in rows:
        assert list(some.by_reason(row)) == list(everything.by_reason(row))
        assert some.offer[row] == everything.offer[row]
    others = np.setdiff1d(np.arange(len(part.instance.demand)), rows)
    assert not some.unserved[others].any()
    assert (some.reason[others] == -1).all()


@few
@given(towns())
def test_by_reason_adds_up_in_the_agreed_order(records):
    part = match(Snapshot.from_records(records), RULES).places
    reasons = find_reasons(part.instance, part.solution)
    for row, places in enumerate(reasons.unserved.tolist()):
        found = list(reasons.by_reason(row))
        assert sum(count for _, count in found) == places
        assert [REASONS.index(name) for name, _ in found] == sorted(REASONS.index(name) for name, _ in found)
        assert (REASONS[reasons.reason[row]] if reasons.reason[row] >= 0 else None) == (
            found[0][0] if found else None
        )


def test_of_equally_near_offers_the_first_is_named_and_those_nobody_can_place_last():
    def offer(name, lon):
        return Offer(
            id=name, unit="u", category="health", reach_m=50, lon=lon, lat=None if lon is None else 0
        )

    need = Need(id="n", category="health", lon=0, lat=0)
    records = [Unit(id="u", name="u"), need, offer("a", None), offer("b", 0.02), offer("c", 0.01),
               offer("d", -0.01)]  # fmt: skip
    part = match(Snapshot.from_records(records), RULES).places
    reasons = find_reasons(part.instance, part.solution)
    assert [REASONS[reason] for reason in reasons.reason] == ["out_of_reach"]
    assert part.instance.supply.ids[reasons.offer[0]] == "c"
    assert reasons.distance_m[0] == pytest.approx(1112, abs=1)
    nowhere = match(Snapshot.from_records(records[:3]), RULES).places
    reasons = find_reasons(nowhere.instance, nowhere.solution)
    assert [REASONS[reason] for reason in reasons.reason] == ["unknown_place"]
    assert nowhere.instance.supply.ids[reasons.offer[0]] == "a"
    assert math.isnan(reasons.distance_m[0])
