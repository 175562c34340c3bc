from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from graph.measures import parties
from graph.measures.names import KINDS, MEASURES, PARTY_MEASURES, UNFIT
from graph.measures.run import measure
from graph.measures.words import measure_words, render_page
from graph.model import Branch, Pairing, ServiceRecord, Unit
from graph.snapshot import Snapshot
from tests.graph.networks import EMPTY, STAR, town, values


def test_a_star_is_told_as_one() -> None:
    assert values(measure(STAR, "degree")) == {"a": 3, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "betweenness"))["a"] == pytest.approx(3 / 6)
    assert values(measure(STAR, "articulation")) == {"a": 2, "b": 0, "c": 0, "d": 0, "e": 0}
    assert values(measure(STAR, "bridges")) == {"a": 3, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "core")) == {"a": 1, "b": 1, "c": 1, "d": 1, "e": 0}
    assert values(measure(STAR, "effective_size")) == {"a": 3.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": None}
    assert values(measure(STAR, "constraint"))["a"] == pytest.approx(3 * (1 / 3) ** 2)
    assert measure(STAR, "density").value == pytest.approx(3 / 10)
    parts = measure(STAR, "components")
    assert (parts.value, parts.details) == (1, {"largest": 4, "tied": 4, "alone": 1})


def test_agreements_complement_and_tree_are_measured_where_that_says_something() -> None:
    snapshot = Snapshot.from_records(
        [
            *(Unit(id=name, name=name.upper()) for name in "abc"),
            Pairing(id="p", parties=("a", "b", "c")),
            Pairing(id="q", parties=("a", "b")),
            Branch(id="one", name="one", parent="top"),
            Branch(id="top", name="top"),
        ]
    )
    degree = measure(snapshot, "degree", kind="agreements")
    named = {row.name: row.value for row in degree.parties or ()}
    assert named == {"A": 2, "B": 2, "C": 1, "A、B、C": 3, "A、B": 2}
    tree = measure(snapshot, "components", kind="tree")
    assert (tree.value, tree.details["tied"], tree.details["alone"]) == (1, 2, 0)
    fitting = measure(snapshot, "density", kind="complement")
    assert fitting.value == 0


def test_values_come_largest_first_and_say_why_one_is_missing() -> None:
    document = measure(STAR, "constraint").as_json()
    assert [row["id"] for row in document] == ["b", "c", "d", "a", "e"]
    assert document[-1] == {"id": "e", "name": "单位e", "value": None, "reason": "no_ties"}


def test_brokerage_tells_roles_apart() -> None:
    found = {row["id"]: row for row in measure(STAR, "brokerage").as_json()}
    # b and c, b and d: a stands with b. c and d: all three apart.
    assert found["a"]["roles"] == {"coordinator": 0, "itinerant": 0, "gatekeeper": 2, "liaison": 1}
    assert found["a"]["value"] == 3
    tied = town([("a", "b"), ("a", "c"), ("b", "c")], a="east", b="east", c="west")
    assert set(values(measure(tied, "brokerage")).values()) == {0}
    same = town([("a", "b"), ("a", "c")], a="east", b="west", c="west")
    assert measure(same, "brokerage").as_json()[0]["roles"]["itinerant"] == 1
    nowhere = Snapshot.from_records([Unit(id="a", name="甲"), Pairing(id="p", parties=("a", "b"))])
    assert {row["reason"] for row in measure(nowhere, "brokerage").as_json()} == {"no_group"}


def test_drawn_betweenness_carries_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    ties = [(f"u{n:02}", f"u{other:02}") for n in range(1, 60) for other in {n // 2, n - 1}]
    snapshot = town(ties)
    exact = values(measure(snapshot, "betweenness"))
    monkeypatch.setattr(parties, "EXACT_UP_TO", 50)
    monkeypatch.setattr(parties, "SOURCES", 300)
    drawn = measure(snapshot, "betweenness")
    assert drawn.status == "estimate"
    rows = [row.as_json() for row in drawn.parties or ()]
    assert all(0 <= row["from"] <= row["value"] <= row["to"] <= 1 for row in rows)
    held = [row["from"] - 1e-9 <= exact[row["id"]] <= row["to"] + 1e-9 for row in rows]
    assert np.mean(held) > 0.85


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("kind", KINDS)
def test_next_to_nothing_has_defined_values(name: str, kind: str) -> None:
    alone = Snapshot.from_records([Unit(id="a", name="甲")])
    oneself = Snapshot.from_records([Unit(id="a", name="甲"), Pairing(id="p", parties=("a", "a"))])
    for snapshot in (EMPTY, alone, oneself):
        if name in UNFIT.get(kind, ()):
            with pytest.raises(ValueError, match="says nothing"):
                measure(snapshot, name, kind=kind)
            continue
        answer = measure(snapshot, name, kind=kind)
        numbers = [answer.value] if answer.parties is None else [party.value for party in answer.parties]
        assert all(number is None or math.isfinite(number) for number in numbers)
        reasons = {party.reason for party in answer.parties or () if party.value is None}
        if answer.parties is None and answer.value is None:
            reasons.add(answer.reason)
        assert reasons <= set(measure_words()["reasons"])


def units(names: str) -> list[Unit]:
    return [Unit(id=name, name=f"单位{name}") for name in names]


BAD: dict[str, list[Any]] = {
    "no ties": units("abc"),
    "one party": units("a"),
    "an isolated unit": [*units("abc"), Pairing(id="p", parties=("a", "b"))],
    "a tie to oneself": [*units("ab"), Pairing(id="p", parties=("a", "a"))],
    "parallel ties": [
        *units("abc"),
        *(Pairing(id=f"p{number}", parties=("a", "b")) for number in range(3)),
        Pairing(id="q", parties=("b", "a", "b")),
    ],
    "dates out of order": [
        *units("ab"),
        Pairing(id="p", parties=("a", "b"), valid_from=date(2026, 5, 1), valid_to=date(2025, 1, 1)),
        ServiceRecord(id="s", unit="a", area="x", from_date=date(2026, 5, 1), to_date=date(2025, 1, 1)),
    ],
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_has_defined_values(bad: str, name: str) -> None:
    snapshot = Snapshot.from_records(BAD[bad])
    for day in (None, date(2026, 6, 1)):
        answer = measure(snapshot, name, as_of=day)
        json.dumps(answer.as_json(), allow_nan=False)
        told = [answer] if answer.parties is None else answer.parties
        assert all((one.value is None) == bool(one.reason) for one in told)


def test_ties_to_oneself_and_parallel_ones_make_no_partners() -> None:
    assert values(measure(Snapshot.from_records(BAD["a tie to oneself"]), "degree")) == {"a": 0, "b": 0}
    parallel = Snapshot.from_records(BAD["parallel ties"])
    assert values(measure(parallel, "degree")) == {"a": 1, "b": 1, "c": 0}
    assert values(measure(parallel, "strength")) == {"a": 4, "b": 4, "c": 0}
    never = Snapshot.from_records(BAD["dates out of order"])
    assert values(measure(never, "degree", as_of=date(2026, 6, 1))) == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    "wrong", [{"name": "beauty"}, {"name": "ei", "by": "colour"}, {"name": "degree", "kind": "friends"}]
)
def test_unknown_names_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="there is no"):
        measure(EMPTY, **wrong)


def test_every_measure_is_documented() -> None:
    table = measure_words()["measures"]
    assert set(table) == set(MEASURES)
    wanted = {"zh", "en", "formula", "range", "source", "says_zh", "says_en"}
    assert all(set(entry) - {"interval"} == wanted and all(entry.values()) for entry in table.values())
    assert all(f"### `{name}`" in render_page() for name in PARTY_MEASURES)
