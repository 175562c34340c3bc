"""Equity: the indices by their definitions, and the document of a match."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Area, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.equity import equity_document, find_worst, gini, part_theil, theil
from matcher.match import match
from matcher.rules import Rules
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))
PEOPLE = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 9), st.sampled_from("abc")), min_size=1, max_size=12
)


@given(PEOPLE)
def test_indices_are_those_of_the_people_one_by_one(people) -> None:
    value, weight = (np.array(column, float) for column in list(zip(*people, strict=True))[:2])
    each = [y for y, w, _ in people for _ in range(w)]
    if not each or not sum(each):
        assert gini(value, weight) is None
        assert theil(value, weight) is None
        assert part_theil(value, weight, [g for *_, g in people]) is None
        return
    mean = sum(each) / len(each)
    apart = sum(abs(a - b) for a in each for b in each)
    assert gini(value, weight) == pytest.approx(apart / (2 * len(each) ** 2 * mean), abs=1e-12)
    logs = sum(y / mean * math.log(y / mean) for y in each if y) / len(each)
    assert theil(value, weight) == pytest.approx(logs, abs=1e-12)
    groups = {}
    for y, w, g in people:
        groups.setdefault(g, []).extend([y] * w)
    within = 0.0
    for some in groups.values():
        for y in some:
            within += y / mean * math.log(y / (sum(some) / len(some))) / len(each) if y else 0.0
    parts = part_theil(value, weight, [g for *_, g in people])
    assert parts is not None
    assert parts[0] == pytest.approx(within, abs=1e-9)
    assert sum(parts) == pytest.approx(logs, abs=1e-9)


@given(PEOPLE, st.floats(0.01, 1))
def test_the_worst_served_are_those_with_least(people, part) -> None:
    value, weight = (np.array(column, float) for column in list(zip(*people, strict=True))[:2])
    mean, rows = find_worst(value, weight, part)
    if not weight.sum():
        assert mean is None
        return
    fine = sorted(y for y, w, _ in people for _ in range(w * 100))
    few_of_them = fine[: max(1, round(part * len(fine)))]
    assert mean == pytest.approx(sum(few_of_them) / len(few_of_them), abs=0.6)
    assert weight[rows].sum() >= part * weight.sum() - 1e-9
    others = [y for at, (y, w, _) in enumerate(people) if w and at not in rows]
    assert value[rows].max() <= min(others, default=99)


def test_a_town_served_unevenly() -> None:
    records = [
        Area(id="s1", name="s1", level="subdistrict"),
        Area(id="n1", name="n1", parent="s1", population=900, over60=100),
        Area(id="n2", name="n2", parent="s1", population=100, over60=300),
        Area(id="b", name="b", level="building", parent="n1"),
        Unit(id="u", name="u"),
        Offer(id="o", unit="u", category="health", capacity=3, reach_areas=("n1",)),
        Need(id="a", category="health.tcm", quantity=2, area="n1", group="独居"),
        Need(id="b", category="health", quantity=2, area="b"),
        Need(id="c", category="repair", quantity=2, area="n2", group="独居"),
        Need(id="d", category="repair", quantity=1),
    ]
    found = equity_document(match(Snapshot.from_records(records), RULES).places)
    json.dumps(found)
    assert (found["weight"], found["unplaced"]) == ("population", 1)
    assert found["areas"][0] == {"area": "n2", "wanted": 2, "served": 0, "share": 0.0, "weight": 100}
    assert (found["areas"][1]["area"], found["areas"][1]["served"]) == ("n1", 3)
    assert found["share"] == 0.675
    assert found["gini"] == 0.1
    assert found["theil_subdistricts"]["between"] == 0
    assert found["theil_districts"]["within"] == found["theil"]
    assert found["worst"] == {"part": 0.05, "share": 0.0, "areas": ["n2"]}
    assert found["by_category"]["health"] == {"wanted": 4, "served": 3, "share": 0.75, "gini": 0.0}
    assert found["by_category"]["repair"]["gini"] is None
    assert found["by_group"].keys() == {"独居"}
    assert found["by_group"]["独居"]["wanted"] == 4
    assert found["over60"] == {"people": 400, "share": 0.1875}


@few
@given(towns())
def test_equity_of_any_town_adds_up(records) -> None:
    part = match(Snapshot.from_records(records), RULES).places
    found = equity_document(part)
    json.dumps(found)
    wanted = sum(row["wanted"] for row in found["areas"])
    assert wanted + found["unplaced"] == sum(row["wanted"] for row in found["by_category"].values())
    if found["theil"] is not None:
        for parts in (found["theil_subdistricts"], found["theil_districts"]):
            assert parts["within"] + parts["between"] == pytest.approx(found["theil"], abs=2e-4)
