"""Groups of parties: even, connected, no change helps; bounded, and compared with today's."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Alliance, Area, Branch, Membership, Need, Offer, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import solve
from matcher.candidates import build_instance
from matcher.grouping.design import Design
from matcher.grouping.today import continue_groups, groups_of
from matcher.rules import Rules
from tests.towns import FIRST, LAST

RULES = Rules(period=Period(FIRST, LAST))


def at(east_m: float, north_m: float = 0) -> dict[str, float]:
    return {"lon": 121.45 + east_m / 95_000, "lat": 31.25 + north_m / 111_000}


def design(records, **options):
    instance = build_instance(Snapshot.from_records(records), RULES)
    return Design(instance, solve(instance.graph), **options), instance


# Two quarters four kilometres apart, each with two neighbourhoods and two units.
QUARTERS = [
    record
    for side, east in (("a", 0), ("b", 4000))
    for record in (
        *(Area(id=f"n-{side}{i}", name=f"{side}{i}", **at(east, 300 * i)) for i in range(2)),
        *(Unit(id=f"u-{side}{i}", name=f"{side}{i}", **at(east + 200, 300 * i)) for i in range(2)),
    )
]


def test_two_quarters_are_two_groups():
    maker, _ = design(QUARTERS, step_m=1000)
    found = maker.group(2)
    groups = found.to_dict()
    assert found.sizes == (4, 4)
    assert found.connected
    assert len({groups[f"{kind}-a{i}"] for kind in "nu" for i in range(2)}) == 1
    assert found.affinity <= found.bound
    assert found.distance_m < 500
    mixed = maker.judge({party: index % 2 for index, party in enumerate(maker.parties)})
    assert mixed.affinity < found.affinity


def test_what_one_needs_and_the_other_offers_draws_them_together():
    kinds = ("health", "repair", "legal")
    records = [
        record
        for kind in kinds
        for record in (
            Area(id=f"n-{kind}", name=kind),
            Unit(id=f"u-{kind}", name=kind),
            Need(id=f"x-{kind}", area=f"n-{kind}", category=kind),
            Offer(id=f"o-{kind}", unit=f"u-{kind}", category=kind, capacity=1),
        )
    ]
    maker, _ = design(records)
    found = maker.group(3, slack=0)
    groups = found.to_dict()
    assert all(groups[f"n-{kind}"] == groups[f"u-{kind}"] for kind in kinds)
    assert found.complement == 1
    assert np.isnan(found.distance_m)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_town_is_grouped_as_trying_everything_would(seed):
    random = np.random.default_rng(seed)
    units = [Unit(id=f"u{i}", name=f"u{i}", **at(*random.uniform(0, 4000, 2))) for i in range(7)]
    maker, _ = design(units, step_m=10_000)
    found = maker.group(2)
    best = max(
        maker.judge(dict(zip(maker.parties, choice, strict=True))).affinity
        for choice in product((0, 1), repeat=7)
        if 2 <= sum(choice) <= 5
    )
    assert found.affinity == pytest.approx(best)
    assert best <= found.bound + 1e-9
    assert maker.group(2).to_dict() == found.to_dict()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=14, unique=True),
    st.integers(1, 5),
    st.sampled_from((1000, 1500)),
)
def test_groups_of_a_whole_hang_together_and_say_where_sizes_are_off(places, count, step_m):
    units = [Unit(id=f"u{i}", name=f"u{i}", **at(x * 950, y * 950)) for i, (x, y) in enumerate(places)]
    maker, _ = design(units, step_m=step_m)
    count = min(count, len(units))
    found = maker.group(count)
    least, most = found.limits
    assert len(found.sizes) == count
    assert sum(found.sizes) == len(units)
    assert found.off == sum(max(size - most, least - size, 0) for size in found.sizes)
    assert found.affinity <= found.bound + 1e-9
    # In one piece as a whole, which is what one group of all is.
    is_whole = maker.judge(dict.fromkeys(maker.parties, 0)).connected
    assert is_whole == (found.parts == 1) == (found.whole_step_m == 0)
    assert found.connected or not is_whole
    if not is_whole:
        wider, _ = design(units, step_m=found.whole_step_m + 1e-6)
        assert wider.group(count).connected


def test_a_chain_is_cut_into_even_stretches():
    units = [Unit(id=f"u{i:02}", name=f"u{i}", **at(i * 400)) for i in range(40)]
    maker, _ = design(units, step_m=500)
    for seed in range(3):
        found = maker.group(5, seed=seed)
        assert (found.connected, found.off) == (True, 0)


def test_sizes_that_no_whole_groups_can_have_are_said():
    # A hub whose neighbours hang with it alone: whoever isn't in its group is alone.
    ring = [at(900 * x, 900 * y) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    units = [Unit(id=f"u{i}", name=f"u{i}", **place) for i, place in enumerate([at(0), *ring])]
    maker, _ = design(units, step_m=1000)
    found = maker.group(2, slack=0)
    assert (sorted(found.sizes), found.limits, found.off) == ([1, 4], (2, 3), 2)
    assert found.connected


def test_todays_groups_are_judged_alike():
    records = [
        *QUARTERS,
        *(Alliance(id=name, name=name) for name in ("east", "west")),
        *(
            Membership(id=f"m-{kind}{side}{i}", alliance="east" if i else "west", party=f"{kind}-{side}{i}")
            for kind in "nu"
            for side in "ab"
            for i in range(2)
        ),
    ]
    maker, instance = design(records, step_m=1000)
    today = maker.judge(groups_of(instance))
    assert sorted(today.sizes) == [4, 4]
    assert not today.connected
    assert today.affinity < maker.group(2).affinity
    assert (
        len(maker.judge(groups_of(instance, "area")).sizes) == 8
    )  # nobody's area is recorded but areas' own


def test_of_several_groups_of_today_the_smallest_counts_and_one_may_be_left_out():
    in_all = [(f"{kind}-{side}{i}", "all") for kind in "nu" for side in "ab" for i in range(2)]
    ties = [*in_all, ("n-a0", "few"), ("u-a0", "few")]
    records = [
        *QUARTERS,
        *(Alliance(id=name, name=name) for name in ("all", "few")),
        *(Membership(id=f"m-{party}-{body}", alliance=body, party=party) for party, body in ties),
        Branch(id="joint", name="joint", units=("u-a0", "u-b0")),
        Branch(id="own", name="own", units=("u-a0",)),
        Branch(id="home", name="home", area="n-a1"),
    ]
    _, instance = design(records)
    assert groups_of(instance) == {party: "few" if party.endswith("-a0") else "all" for party, _ in in_all}
    assert groups_of(instance, without="all") == {"n-a0": "few", "u-a0": "few"}
    assert groups_of(instance, "branch") == {"n-a1": "home", "u-a0": "joint", "u-b0": "joint"}


def test_a_group_goes_on_from_the_one_of_today_that_it_shares_most_with():
    maker, _ = design(QUARTERS, step_m=1000)
    found = maker.group(2)
    today = {"n-a0": "west", "n-a1": "west", "n-b0": "west", "n-b1": "east", "u-b0": "south"}
    named = continue_groups(found, today)
    groups = found.to_dict()
    assert named[groups["n-a0"]] == "west"
    assert named[groups["n-b0"]] in ("east", "south")
    assert continue_groups(found, {}) == {}
    assert continue_groups(found, {"n-a0": "west"}) == {groups["n-a0"]: "west"}


def test_wrong_questions_are_refused():
    maker, instance = design(QUARTERS)
    for count in (0, 9):
        with pytest.raises(ValueError, match=f"into {count} groups"):
            maker.group(count)
    nobody, _ = design([])
    assert nobody.judge({}).sizes == ()
    with pytest.raises(ValueError, match="0 parties"):
        nobody.group(1)
    with pytest.raises(ValueError, match="named twice"):
        design(QUARTERS, parties=["u-a0", "u-a0"])
    with pytest.raises(ValueError, match="below 0"):
        design(QUARTERS, step_m=-1)
    with pytest.raises(ValueError, match="no grouping"):
        groups_of(instance, "colour")
