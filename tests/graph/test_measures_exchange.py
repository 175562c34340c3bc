from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from graph.measures.run import measure
from graph.model import Area, Branch, Claim, Membership, Need, Offer, Pairing, ServiceRecord, Unit
from graph.network_picture import draw_network
from graph.snapshot import Snapshot
from tests.graph.networks import values


def test_exchange_is_read_from_its_own_records() -> None:
    day = date(2026, 7, 1)
    snapshot = Snapshot.from_records(
        [
            Unit(id="clinic", name="诊所"),
            Area(id="lane", name="里弄"),
            Need(id="n", party="lane", category="health"),
            Offer(id="o", unit="lane", category="venue"),
            Offer(id="o2", unit="clinic", category="health"),
            Claim(id="c1", target="n", target_table="needs", by="clinic", status="agreed", via="station"),
            Claim(id="c2", target="o", target_table="offers", by="clinic", status="done"),
            Claim(id="c3", target="o2", target_table="offers", by="lane", status="declined"),
            Pairing(id="p", parties=("clinic", "lane"), via="station", valid_from=date(2024, 7, 1)),
            Pairing(id="q", parties=("clinic", "lane"), valid_from=date(2026, 6, 1)),
            Pairing(id="r", parties=("clinic", "lane")),
            ServiceRecord(id="s1", unit="clinic", services=30),
            ServiceRecord(id="s2", claim="c4", services=10),
            Claim(id="c4", target="n", target_table="needs", by="lane-shop", status="declined"),
            ServiceRecord(id="s3", unit="clinic"),
        ]
    )
    assert values(measure(snapshot, "introduced")) == {"station": 2}
    assert values(measure(snapshot, "reciprocity")) == {"clinic": 1.0, "lane": 1.0}
    assert measure(snapshot, "gini").value == pytest.approx(0.25)
    hhi = measure(snapshot, "hhi")
    assert hhi.value == pytest.approx(0.75**2 + 0.25**2)
    assert hhi.details.items() >= {"units": 2, "services": 40, "records_unknown": 1}.items()
    # The record without a number may be another 10 or 30 of the clinic's.
    assert hhi.status == "estimate"
    assert (hhi.details["from"], hhi.details["to"]) == pytest.approx((hhi.value, (6 / 7) ** 2 + (1 / 7) ** 2))
    age = measure(snapshot, "tie_age", as_of=day)
    assert age.value == pytest.approx((2 + 30 / 365.2425) / 2, abs=0.01)
    assert (age.details["without_date"], age.details["begun_within_a_year"]) == (1, 1)
    # The undated one may be as new as today, or as old as the oldest.
    assert age.details["from"] == pytest.approx(30 / 365.2425)
    assert age.details["to"] == pytest.approx(2, abs=0.01)


def test_on_a_day_counts_what_was_delivered_until_then() -> None:
    first, later = date(2026, 1, 1), date(2026, 6, 1)
    snapshot = Snapshot.from_records(
        [
            Unit(id="a", name="a"),
            Unit(id="b", name="b", valid_from=later),
            Area(id="lane", name="里弄"),
            ServiceRecord(id="s1", unit="a", area="lane", services=5, from_date=first),
            ServiceRecord(id="s2", unit="b", area="lane", services=5, from_date=later),
            Pairing(id="p", parties=("a", "b"), valid_from=first),
        ]
    )
    assert measure(snapshot, "hhi").value == pytest.approx(0.5)
    assert measure(snapshot, "hhi", as_of=first).value == 1
    assert values(measure(snapshot, "strength", kind="services", as_of=first)) == {"a": 5, "lane": 5}
    found = {row["id"]: row["name"] for row in measure(snapshot, "degree", as_of=first).as_json()}
    assert found == {"a": "a", "b": "b"}, "who was paired then has a name, whatever his own record says"
    drawn = draw_network(snapshot, as_of=first)["parties"]
    assert [(party["name"], party["table"]) for party in drawn] == [("a", "units"), ("b", "units")]


def test_what_is_sure_has_no_span_and_vague_figures_have_one() -> None:
    sure = [ServiceRecord(id=f"s{n}", unit=f"u{n}", services=10 * n) for n in (1, 2, 3)]
    gini = measure(Snapshot.from_records(sure), "gini")
    assert gini.status == "exact"
    assert gini.details["from"] == gini.value == gini.details["to"]
    more = [*sure[:2], ServiceRecord(id="s3", unit="u3", services=30, approx="余")]
    vague = measure(Snapshot.from_records(more), "gini")
    assert vague.value == gini.value == vague.details["from"], "only more can be behind it"
    most = np.array([10, 20, 33])
    assert vague.value < vague.details["to"] <= np.abs(most[:, None] - most).sum() / (6 * most.sum()) + 1e-12


@pytest.mark.parametrize("name", ["gini", "hhi"])
def test_a_record_without_a_unit_leaves_open_who_served(name: str) -> None:
    """It may be of any that gave some, or of one more; the value is that of the records that say who."""
    sure = [ServiceRecord(id=f"s{n}", unit=f"u{n}", services=10 * n) for n in (1, 2, 3)]
    nobody = ServiceRecord(id="s4", services=30)
    known, left_open = (measure(Snapshot.from_records(some), name) for some in (sure, [*sure, nobody]))
    each = [
        measure(Snapshot.from_records([*sure, replace(nobody, unit=unit)]), name).value
        for unit in ("u1", "u2", "u3", "new")
    ]
    assert (left_open.value, left_open.status) == (known.value, "estimate")
    assert left_open.details["records_unknown"] == 1
    span = left_open.details["from"], left_open.details["to"]
    assert span == pytest.approx((min([known.value, *each]), max([known.value, *each])))


@pytest.mark.parametrize(("basis", "least", "most"), [("day", 2, 2), ("year", 1, 2), ("month", 1.9, 2)])
def test_a_vague_beginning_leaves_the_age_open(basis: str, least: float, most: float) -> None:
    begun, notes = date(2024, 7, 1), (("date_basis", basis),)
    snapshot = Snapshot.from_records(
        [
            *(Pairing(id=f"p{n}", parties=("a", f"b{n}"), valid_from=begun, notes=notes) for n in range(3)),
            Pairing(id="was", parties=("a", "b1"), valid_from=date(2020, 1, 1), valid_to=date(2026, 1, 1)),
            Pairing(id="gone", parties=("a", "c"), valid_to=date(2026, 2, 1)),
            Pairing(id="long gone", parties=("a", "b2"), valid_to=date(2021, 2, 1)),
        ]
    )
    age = measure(snapshot, "tie_age", as_of=date(2026, 7, 1))
    assert (age.details["from"], age.details["to"]) == pytest.approx((least, most), abs=0.03)
    assert (age.details["ended_within_a_year"], age.details["renewed"]) == (2, 1)


def test_participation_is_even_over_layers_or_in_one_alone() -> None:
    everywhere = [
        Unit(id="u", name="u"),
        Pairing(id="p", parties=("u", "a")),
        Membership(id="m", alliance="b", party="u"),
        Branch(id="c", name="c", units=("u",)),
        ServiceRecord(id="s", unit="u", area="d", services=9),
        Pairing(id="q", parties=("a", "a2")),
    ]
    found = values(measure(Snapshot.from_records(everywhere), "participation"))
    assert found == {"u": 1.0, "a": 0.0, "a2": 0.0, "b": 0.0, "c": 0.0, "d": 0.0}


def test_an_age_without_a_pairing_that_holds_says_so() -> None:
    ended = Pairing(id="p", parties=("a", "b"), valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    age = measure(Snapshot.from_records([ended]), "tie_age", as_of="2026-07-01")
    assert (age.value, age.reason) == (None, "no_ties")
