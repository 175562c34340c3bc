"""Access of a town's needs: by the definitions, over the pairs that may be matched."""

from __future__ import annotations

import json
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.access_report import access_document
from matcher.candidates import build_instance
from matcher.catchments import ZONES, measure_access
from matcher.equity import equity_document
from matcher.gaps import find_gaps
from matcher.match import match
from matcher.matrices import MatrixError
from matcher.rules import ACCESS_MEASURES, Rules
from tests.reference_gaps import GapReference
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))
HERE = {"lon": 121.45, "lat": 31.25}
METRES = 0.001 * math.pi / 180 * 6_371_008.8


def weigh(way: float) -> float:
    return next((weight for end, weight in ZONES if way <= end), 0.0)


def by_definition(measure, wanted, supply, ways):
    """Access by need, pair by pair; `ways` by (need, offer), none beyond the catchment."""
    weight = {pair: 1.0 if measure == "2SFCA" else weigh(way) for pair, way in ways.items()}
    of_need, of_offer = defaultdict(float), defaultdict(float)
    for (need, offer), value in weight.items():
        of_need[need] += value
        of_offer[offer] += value
    if measure == "BFCA":
        asked = defaultdict(float)
        for (need, offer), value in weight.items():
            asked[offer] += wanted[need] * value / of_need[need]
        gets = {pair: value / of_offer[pair[1]] for pair, value in weight.items()}
    else:
        if measure == "3SFCA":
            weight = {pair: value * value / of_need[pair[0]] for pair, value in weight.items()}
        asked = defaultdict(float)
        for (need, offer), value in weight.items():
            asked[offer] += wanted[need] * value
        gets = weight
    found = dict.fromkeys(of_need, 0.0)
    for (need, offer), value in gets.items():
        found[need] += supply[offer] / asked[offer] * value
    return found


@few
@given(towns(), st.sampled_from(["2SFCA", "E2SFCA", "3SFCA", "BFCA"]), st.sampled_from([None, 700.0, 2500.0]))
def test_access_is_that_of_the_definitions_over_pairs_that_may_be_matched(records, measure, catchment_m):
    instance = build_instance(Snapshot.from_records(records), RULES, "places")
    reference = GapReference(records, FIRST, LAST)
    metres = {
        (instance.demand.ids[need], instance.supply.ids[offer]): instance.pairs.distance_m[edge]
        for edge, (need, offer) in enumerate(
            zip(instance.graph.edge_need, instance.graph.edge_offer, strict=True)
        )
    }
    row = {offer: at for at, offer in enumerate(instance.supply.ids.tolist())}
    ways = {}
    for pair in reference.need_pairs():
        at = row[pair[1]]
        usual = instance.supply.unknown_m[at]
        way = usual if math.isnan(metres[pair]) else metres[pair]
        part = (min(1.0, way / usual) if usual else 0.0) if catchment_m is None else way / catchment_m
        part = 0.0 if instance.supply.reach_all[at] else part
        if part <= 1:
            ways[pair] = part
    wanted = {name: need.quantity for name, need in reference.needs.items()}
    asked = defaultdict(int)
    for need, offer in ways:
        asked[offer] += wanted[need]
    supply = {
        offer: min(instance.graph.offer_capacity[row[offer]], places) for offer, places in asked.items()
    }
    expected = by_definition(measure, wanted, supply, ways)
    access = measure_access(instance, measure=measure, catchment_m=catchment_m)
    for at, name in enumerate(instance.demand.ids.tolist()):
        if instance.demand.is_project[at] or name not in expected:
            assert np.isnan(access.value[at])
        else:
            assert access.value[at] == pytest.approx(expected[name], abs=1e-9)
    reached = ~np.isnan(access.value)
    if measure == "BFCA":
        return
    held = float((access.value[reached] * instance.graph.need_quantity[reached]).sum())
    assert held == pytest.approx(sum(supply.values()), abs=1e-6)


@few
@given(towns())
def test_the_rational_measure_comes_to_its_equilibrium_in_any_town(records):
    access = measure_access(Snapshot.from_records(records), RULES, measure="RAAM")
    assert access.is_cost
    assert access.gap is not None
    assert 0 <= access.gap <= 1e-6
    assert (np.nan_to_num(access.value) >= 0).all()


def street(**offer) -> list:
    """One offer at the start of a street, a need at each of four doors some 111 m apart, one far away."""
    needs = [
        Need(id=f"a{at}", category="repair", quantity=1, area="n1", lon=121.45, lat=31.25 + at / 1000)
        for at in range(4)
    ]
    return [
        Area(id="s1", name="s1", level="subdistrict"),
        Area(id="n1", name="n1", parent="s1", population=100, **HERE),
        Area(id="n2", name="n2", parent="s1", population=300, lon=121.6, lat=31.25),
        Unit(id="u", name="u", **HERE),
        Offer(
            id="o", unit="u", category="repair", **{"reach_m": 3 * METRES + 1, "capacity": 2, **offer}, **HERE
        ),
        *needs,
        Need(id="far", category="repair", quantity=5, area="n2", lon=121.6, lat=31.25),
        Need(id="law", category="legal", quantity=2, area="n2", lon=121.6, lat=31.25),
        Project(id="p", name="p", wanted=1),
    ]


def find_access(records, **asked) -> dict:
    document = access_document(measure_access(Snapshot.from_records(records), RULES, **asked))
    return {row["need"]: row["access"] for row in document["needs"]}


def test_unreachable_is_unknown_and_reached_but_empty_is_nothing():
    assert find_access(street()) == {**dict.fromkeys(("a0", "a1", "a2", "a3"), 0.5), "far": None, "law": None}
    assert find_access(street(capacity=0))["a0"] == 0.0
    for measure in ACCESS_MEASURES:
        assert find_access(street(capacity=0), measure=measure)["a3"] == 0.0
        assert find_access(street(), measure=measure)["law"] is None


def test_zones_are_thirds_of_the_reach_and_weigh_as_published():
    found = find_access(street(), measure="E2SFCA")
    # Doors at 0, 1/3, 2/3 and 3/3 of the reach: the second is just within the first third.
    ratio = 2 / (1 + 1 + 0.68 + 0.22)
    assert found["a0"] == found["a1"] == pytest.approx(ratio, abs=1e-4)
    assert found["a2"] == pytest.approx(0.68 * ratio, abs=1e-4)
    assert found["a3"] == pytest.approx(0.22 * ratio, abs=1e-4)


def test_a_catchment_of_metres_leaves_out_who_is_farther():
    found = find_access(street(), catchment_m=1.5 * METRES)
    assert (found["a0"], found["a1"], found["a2"]) == (1.0, 1.0, None)
    everyone = find_access(street(reach_any=True, reach_m=None), catchment_m=1.5 * METRES)
    assert everyone["far"] == pytest.approx(2 / 9, abs=1e-4)
    with pytest.raises(MatrixError):
        measure_access(Snapshot.from_records(street()), RULES, catchment_m=0)


def test_more_than_is_wanted_is_no_more_access():
    assert find_access(street(capacity=1000))["a0"] == 1.0
    found = measure_access(Snapshot.from_records(street(capacity=None)), RULES)
    assert (found.assumed_offers, found.value[0]) == (1, 0.25)


def test_the_document_adds_up_and_tells_the_worst_first():
    document = access_document(measure_access(Snapshot.from_records(street()), RULES))
    json.dumps(document, allow_nan=False)
    assert (document["places"], document["unreached"], document["empty"]) == (11, 7, 0)
    rows = {(row["area"], row["category"]): row for row in document["rows"]}
    assert [row["area"] for row in document["rows"]] == ["n2", "n2", "n1"]
    assert rows["n1", "repair"] == {
        "area": "n1", "category": "repair", "places": 4, "access": 0.5, "unreached": 0, "empty": 0,
    }  # fmt: skip
    assert rows["n2", "legal"]["access"] is None
    by_category = {row["category"]: row for row in document["by_category"]}
    assert by_category["repair"]["access"] == 0.5
    assert by_category["legal"]["gini"] is None
    for name in ("places", "unreached", "empty"):
        assert document[name] == sum(row[name] for row in document["rows"])
        assert document[name] == sum(row[name] for row in document["by_category"])
    even = document["evenness"]
    assert (even["unknown_areas"], even["gini"], even["worst"]["areas"]) == (1, 0.0, ["n1"])
    short = access_document(measure_access(Snapshot.from_records(street()), RULES), with_needs=False)
    assert short == {**document, "needs": None}


def test_equity_and_low_access_rest_on_the_measure_of_the_rules():
    snapshot = Snapshot.from_records(street())
    told = {}
    for measure in ACCESS_MEASURES:
        rules = Rules(period=RULES.period, access_measure=measure, low_access_share=0.5)
        made = match(snapshot, rules)
        even = equity_document(made.places)["access"]
        assert even["measure"] == measure
        assert even["less_is_better"] is (measure == "RAAM")
        low = [w for w in find_gaps(made).needs.warnings if w["warning"] == "low_access"]
        assert all(warning["measure"] == measure for warning in low)
        told[measure] = even["mean"]
        assert find_gaps(made).needs.unserved == 9
    # These share out the same places, so that the mean over places wanted is the same.
    assert told["2SFCA"] == told["E2SFCA"] == told["3SFCA"] == 0.5


def test_low_access_is_far_below_the_mean_by_the_measure_chosen():
    served = [*street(capacity=4)]
    low = {}
    for measure in ("2SFCA", "E2SFCA"):
        rules = Rules(period=RULES.period, access_measure=measure, low_access_share=0.5)
        report = find_gaps(match(Snapshot.from_records(served), rules))
        low[measure] = [w["need"] for w in report.needs.warnings if w["warning"] == "low_access"]
    assert low == {"2SFCA": [], "E2SFCA": ["a3"]}


def test_of_a_cost_who_bears_much_more_than_the_mean_is_warned_of():
    records = [
        *street(capacity=4),
        Unit(id="v", name="v", lon=121.6, lat=31.25),
        Offer(id="w", unit="v", category="repair", capacity=1, reach_m=500.0, lon=121.6, lat=31.25),
    ]
    rules = Rules(period=RULES.period, access_measure="RAAM", low_access_share=0.8)
    report = find_gaps(match(Snapshot.from_records(records), rules))
    [low] = [w for w in report.needs.warnings if w["warning"] == "low_access"]
    assert low["need"] == "far"
    assert low["access"] > low["mean"] / 0.8


def test_a_measure_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="access_measure"):
        Rules(access_measure="huff")  # type: ignore[arg-type]


def test_a_town_without_needs_has_no_access_to_tell_of():
    document = access_document(measure_access(Snapshot.from_records([Unit(id="u", name="u")]), RULES))
    assert (document["places"], document["access"], document["rows"], document["needs"]) == (0, None, [], [])
    assert document["evenness"]["gini"] is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"measure": "foo"}, "measure is “foo”, but may be 2SFCA, E2SFCA, 3SFCA, BFCA, RAAM"),
        ({"measure": ""}, "measure is “”, but may be 2SFCA"),
        ({"zones": 5}, "zones are 5, expected pairs"),
        ({"zones": [(1.0,), (2.0, 1.0)]}, r"zones are \[\(1.0,\), \(2.0, 1.0\)\], expected pairs"),
        ({"zones": [(1.0, -1.0)], "measure": "2SFCA"}, "expected pairs"),
        ({"tau": -1}, "tau is -1, expected a number above 0"),
        ({"tau": "x", "measure": "2SFCA"}, "tau is x, expected a number above 0"),
        ({"catchment_m": "far"}, "catchment_m is far, expected a number above 0"),
        ({"rules": 5}, "rules are a int, expected Rules"),
    ],
)
def test_settings_that_make_no_sense_say_what_was_found_and_what_is_expected(asked, found):
    with pytest.raises(MatrixError, match=found) as caught:
        measure_access(Snapshot.from_records(street()), **asked)
    assert caught.value.remedy


def test_what_is_no_snapshot_is_refused_by_its_kind():
    with pytest.raises(MatrixError, match="about is a list, expected a Snapshot or an Instance"):
        measure_access(street())  # type: ignore[arg-type]
