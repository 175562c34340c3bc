"""What another offer would cost, in words and worked out: bounds hold, and only who loses is said to."""

from __future__ import annotations

from hypothesis import given, settings

from graph.model import Need
from matcher.explain import explain
from tests.matcher.small_town import HERE, offer, solve_town, town
from tests.towns import towns


def test_full_says_how_much_nearer_it_is_and_what_its_place_is_worth():
    # The other need would have to go from 95 m to 570 m; this one would save 190 m by it.
    other = Need(id="y", category="repair", lon=121.45, lat=31.25, tags=("夜间",))
    need = Need(id="x", category="repair", **HERE)
    able = {"tags": ("夜间",), "capacity": 1}
    made = town(need, other, offer("near", "u1", **able), offer("far", "u3", **able), offer("mine", "u2"))
    told = explain(made, "x", exact=True)
    rows = {row["offer"]: row for row in told.alternatives}
    assert rows["near"]["nearer_m"] == 190
    assert rows["near"]["price"] == {"cost": 475, "displaces_priority": None}
    assert rows["near"]["extra_m"] == 285
    assert rows["near"]["sentence_en"].startswith(
        "一中: 190 m nearer, but this offer is full; its place is worth 475 metres (or their equivalent) "
        "to others, and giving it to this need would cost at least 285 more in all."
    )
    assert rows["near"]["sentence_zh"] == (
        "一中：近190米，但这项资源已满，它的一个名额值475米（折算），让给这项需求，总代价至少多285米。"
        "算到底：总代价+285米（折算），另有1项需求变动。"
    )
    assert rows["near"]["regret"] == {
        "possible": True,
        "places_by_priority": dict.fromkeys("12345", 0),
        "cost": 285,
        "moves": [
            {"need": "x", "from_offer": "mine", "to_offer": "near", "places": 1},
            {"need": "y", "from_offer": "near", "to_offer": "far", "places": 1},
        ],
        "exact": True,
    }
    assert rows["far"]["regret"]["cost"] == 285
    assert "regret" not in rows["mine"]
    assert "regret" not in explain(made, "x").alternatives[1]
    one = {row["offer"]: row for row in explain(made, "x", exact="near").alternatives}
    assert {name for name, row in one.items() if "regret" in row} == {"near"}
    assert one["near"] == rows["near"]
    # With a whole need about, the match is solved again; the figures are the same.
    made = town(
        need, other, Need(id="z", category="repair", quantity=2, whole=True, lon=121.6, lat=31.25),
        offer("near", "u1", **able), offer("far", "u3", **able), offer("mine", "u2"),
    )  # fmt: skip
    again = {row["offer"]: row for row in explain(made, "x", exact=True).alternatives}
    assert again["near"]["regret"] == rows["near"]["regret"]


def test_where_what_a_need_gives_up_makes_up_for_it_nobody_is_said_to_lose():
    # Too few places for all three: each is some need's. The two that have one could change places.
    here = Need(id="x", category="repair", priority=1, **HERE)
    there = Need(id="y", category="repair", priority=1, lon=121.457, lat=31.25)
    short = Need(id="z", category="repair", **HERE)
    made = town(here, there, short, offer("near", "u1", capacity=1), offer("far", "u3", capacity=1))
    _, row = explain(made, "x", exact=True).alternatives
    assert (row["offer"], row["price"]["displaces_priority"]) == ("far", 1)
    assert (row["extra_m"], row["extra_displaces_priority"]) == (475, None)
    assert (row["regret"]["cost"], set(row["regret"]["places_by_priority"].values())) == (950, {0})
    assert row["sentence_zh"].startswith(
        "三所：远475米，这项资源已满，让给这项需求，总代价至少多475米（折算）。算到底：总代价+950米"
    )
    assert row["sentence_en"].startswith(
        "三所: 475 m farther, and this offer is full; a place for this need would cost at least 475 metres "
        "(or their equivalent) more in all. Worked out: +950 metres"
    )
    # Who has no place gives none up: somebody would lose one.
    _, row = explain(made, "z", exact=True).alternatives
    assert (row["extra_displaces_priority"], row["regret"]["places_by_priority"]["1"]) == (1, -1)
    assert "少服务一项优先级1的需求" in row["sentence_zh"]
    assert "cost a need of priority 1 one" in row["sentence_en"]
    # Where changing places costs nothing, nothing is said of what it costs.
    twin = Need(id="y", category="repair", priority=1, **HERE)
    made = town(here, twin, short, offer("near", "u1", capacity=1), offer("far", "u3", capacity=1))
    told = [explain(made, name, exact=True).alternatives[1] for name in "xy"]
    assert [row["regret"]["cost"] for row in told] == [0, 0]
    for row in told:
        assert "，名额都排给了别的需求。" in row["sentence_zh"]
        assert "this offer is full; other needs have its places." in row["sentence_en"]


@settings(max_examples=25)
@given(towns(offers=6, claims=2))
def test_the_regret_is_never_below_the_bound_that_prices_give(records):
    made = solve_town([record for record in records if not getattr(record, "whole", False)])
    demand = made.places.instance.demand
    for name in demand.ids[~demand.is_project].tolist():
        for row in explain(made, name, exact=True).alternatives:
            found = row.get("regret")
            if row["reason"] not in ("dearer", "equal", "full", "unit_full") or not found["possible"]:
                continue
            if row["extra_displaces_priority"] is not None:
                losers = {move["need"] for move in found["moves"] if move["to_offer"] is None}
                assert losers - {name}
            elif not any(found["places_by_priority"].values()):
                assert found["cost"] >= row["extra_m"]
