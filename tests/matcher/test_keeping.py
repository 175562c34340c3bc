"""Keeping a published round, and spreading places over units: against every assignment of small towns."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from graph.model import Area, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher import verify
from matcher.explain import explain
from matcher.gaps import find_gaps
from matcher.keeping import LOAD_STEPS, count_moved, places_before
from matcher.match import match
from matcher.report import assignments, match_document
from matcher.rules import Held, Keep, Rules
from tests.matcher.brute import count_figures, list_assignments
from tests.towns import FIRST, LAST

RULES = Rules(period=Period(FIRST, LAST))


def at(metres: float) -> dict[str, float]:
    return {"lon": 121.45 + metres / 95_156, "lat": 31.25}


def town(seed: int, *, spare: int = 0):
    """Needs of two neighbourhoods, four offers of two units, one project."""
    draw = Random(seed)
    return [
        Area(id="n1", name="梧桐", **at(0)),
        Unit(id="u1", name="一队", area="n1", **at(0)),
        Unit(id="u2", name="二队", area="n1", capacity=draw.choice([None, 3]), **at(900)),
        *(
            Offer(
                id=f"o{k}", unit=f"u{1 + k % 2}", category="repair", capacity=draw.randint(1, 2) + spare,
                reach_m=5000.0, **at(draw.randint(0, 2000)),
            )
            for k in range(4)
        ),
        *(
            Need(id=f"d{k}", category="repair", quantity=draw.randint(1, 2), priority=draw.randint(1, 3),
                 area="n1", **at(draw.randint(0, 2000)))
            for k in range(3)
        ),
        Project(id="p", name="p", category="repair", wanted=1, area="n1"),
    ]  # fmt: skip


def read_rows(made) -> tuple[Held, ...]:
    return tuple(
        Held(row.get("need") or row["project"], row["offer"], row["unit"], row["places"], "project" in row)
        for row in assignments(made.places)
    )


def rematch(records, made, **keep):
    rules = replace(RULES, keep=Keep("2026-1", rows=read_rows(made), **keep))
    return match(Snapshot.from_records(records), rules)


def changed(seed: int):
    """A town matched, and how it is when an offer has moved and a need has come."""
    before = town(seed)
    made = match(Snapshot.from_records(before), RULES)
    draw = Random(seed + 1000)
    after = [replace(r, **at(draw.randint(0, 2000))) if isinstance(r, Offer) else r for r in before]
    after.append(Need(id="e", category="repair", priority=2, area="n1", **at(draw.randint(0, 2000))))
    return made, after


@pytest.mark.parametrize("extra", [0, 300, 2000])
def test_no_assignment_is_better_once_moving_is_paid(extra) -> None:
    for seed in range(12):
        made, after = changed(seed)
        plain = match(Snapshot.from_records(after), RULES).places
        kept = rematch(after, made, asked_m=extra).places
        graph, solution = kept.instance.graph, kept.solution
        assert verify(graph, solution).proof == "duality"
        before = places_before(kept.instance)
        assert (graph.edge_cost == plain.instance.graph.edge_cost + np.where(before, 0, extra)).all()
        assert dict(solution.served_by_priority) == dict(plain.solution.served_by_priority)
        moved = count_moved(kept.instance, solution.flow, before)
        assert moved <= count_moved(kept.instance, plain.solution.flow, before)


def test_a_limit_of_moves_is_kept_as_cheaply_as_can_be_or_bounded() -> None:
    seen = set()
    for seed in range(60):
        made, after = changed(seed)
        plain = match(Snapshot.from_records(after), RULES).places
        for most in (0, 1, 2):
            kept = rematch(after, made, asked_m=0, most_moves=most).places
            graph, before = plain.instance.graph, places_before(kept.instance)
            told = match_document(rematch(after, made, asked_m=0, most_moves=most))["keep"]
            seen.add(told["status"])
            every = [(count_figures(graph, flow), count_moved(kept.instance, flow, before))
                     for flow in list_assignments(graph)]  # fmt: skip
            (served, _), _ = min(every, key=lambda item: ([-n for n in item[0][0].values()], item[0][1]))
            as_many = [(cost, moved) for (places, cost), moved in every if places == served]
            assert told["moved"] == count_moved(kept.instance, kept.solution.flow, before)
            if told["status"] == "heuristic":
                assert told["moved"] > most
                continue
            allowed = [cost for cost, moved in as_many if moved <= most]
            if told["status"] == "exceeded":
                assert not allowed
                assert told["moved"] >= told["fewest"] > most
                assert told["fewest"] <= min(moved for _, moved in as_many)
                continue
            cost = int((graph.edge_cost * kept.solution.flow).sum())
            assert told["moved"] <= most
            assert min(allowed) <= cost <= min(allowed) + told["gap_m"]
            assert told["places"] == told["stay"] + told["moved"] + told["gone"]
    assert seen == {"optimal", "bounded", "exceeded", "heuristic"}


def test_what_was_raised_once_gives_the_same_again() -> None:
    for seed in range(20):
        made, after = changed(seed)
        kept = rematch(after, made, asked_m=100, most_moves=0)
        again = match(Snapshot.from_records(after), kept.rules)
        assert match_document(again) == match_document(kept)
        assert assignments(again.places) == assignments(kept.places)


def test_what_moving_costs_is_said_of_a_pair_and_adds_up() -> None:
    made, after = changed(3)
    kept = rematch(after, made, asked_m=700)
    said = set()
    for need in kept.places.instance.demand.ids.tolist():
        for row in explain(kept, need).to_json()["served_by"]:
            said.add(row["terms"]["moving"])
    assert said <= {0, 700}
    assert 0 in said
    find_gaps(kept)
    json.dumps(match_document(kept))


def test_needs_that_are_no_more_and_pairs_that_are_gone_are_counted_apart() -> None:
    before = town(5, spare=2)
    made = match(Snapshot.from_records(before), RULES)
    [gone] = {row["offer"] for row in assignments(made.places) if row.get("need") == "d0"}
    after = [r for r in before if r.id not in (gone, "d1")]
    told = match_document(rematch(after, made))["keep"]
    assert told["gone"] == sum(row["places"] for row in assignments(made.places)
                               if row.get("need") in ("d0", "d2") and row["offer"] == gone)  # fmt: skip
    assert told["round"] == "2026-1"


def test_load_spreads_places_over_units() -> None:
    here = [
        Area(id="n1", name="梧桐", **at(0)),
        Unit(id="u1", name="一队", area="n1", **at(0)),
        Unit(id="u2", name="二队", area="n1", **at(450)),
        Offer(id="o1", unit="u1", category="repair", capacity=9, reach_m=5000.0),
        Offer(id="o2", unit="u2", category="repair", capacity=9, reach_m=5000.0),
        Need(id="d", category="repair", quantity=8, area="n1", **at(0)),
    ]
    rows = {}
    for step in (0, 100, 1000):
        made = match(Snapshot.from_records(here), replace(RULES, load_m=step))
        verify(made.places.instance.graph, made.places.solution)
        rows[step] = [row["places"] for row in assignments(made.places)]
        document = match_document(made)
        load = document["load"]
        if step:
            k = rows[step][0]
            others = sum(rows[step][1:])
            spent = step * (k * (k - 1) + others * (others - 1)) // 2
            assert (load["cost"], load["most_places"]) == (spent, max(rows[step]))
        else:
            assert load is None
        find_gaps(made)
        explain(made, "d")
    # The other unit is 450 m farther: a place moves there while the load differs by more.
    assert rows == {0: [8], 100: [6, 2], 1000: [4, 4]}
    assert LOAD_STEPS == 20


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Keep("r", asked_m=-1), "asked_m is -1"),
        (lambda: Keep("r", most_moves=-2), "most_moves is -2"),
        (lambda: Rules(load_m=-1), "load_m is -1"),
    ],
)
def test_what_is_no_rule_is_refused(make, told) -> None:
    with pytest.raises(ValueError, match=told):
        make()
