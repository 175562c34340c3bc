"""Projects: taken by different units, each once, at its cheapest, within its totals."""

from __future__ import annotations

from collections import Counter

from hypothesis import given

from graph.model import Claim, Need, Offer, Project, Unit
from graph.periods import Period
from graph.snapshot import Snapshot
from matcher.match import match
from matcher.report import assignments, match_document
from matcher.rules import Rules
from tests.towns import FIRST, LAST, few, towns

RULES = Rules(period=Period(FIRST, LAST))


def project_rows(*records):
    return [
        row for row in assignments(match(Snapshot.from_records(records), RULES).places) if "project" in row
    ]


def units(**cells):
    return [Unit(id=name, name=name, lon=121.45, lat=31.25, **cells) for name in ("u", "v")]


def offers(**cells):
    return [
        Offer(id=f"o-{name}", unit=name, **{"category": "repair", "reach_m": 900.0, "capacity": 0} | cells)
        for name in ("u", "v")
    ]


PROJECT = Project(id="p", name="微更新", wanted=3, lon=121.45, lat=31.25)


def test_each_unit_takes_a_project_once_and_no_offer_is_used_up():
    rows = project_rows(*units(), *offers(), PROJECT)
    assert [(row["unit"], row["places"], row["offer"]) for row in rows] == [("u", 1, None), ("v", 1, None)]


def test_a_category_asks_for_an_offer_that_fits_and_any_offer_does_without():
    fitting = Project(id="p", name="义诊", category="health", wanted=2, lon=121.45, lat=31.25)
    assert project_rows(*units(), *offers(), fitting) == []
    assert len(project_rows(*units(), *offers(category="health.tcm"), fitting)) == 2
    assert len(project_rows(*units(), *offers(measure="yuan"), PROJECT)) == 2


def test_totals_of_the_unit_hold():
    assert project_rows(*units(max_claims=0), *offers(), PROJECT) == []
    assert project_rows(*units(capacity=0), *offers(), PROJECT) == []
    other = Project(id="q", name="二", wanted=2, lon=121.45, lat=31.25)
    rows = project_rows(*units(max_claims=1), *offers(), PROJECT, other)
    assert Counter(row["unit"] for row in rows) == {"u": 1, "v": 1}


def test_the_unit_s_total_is_shared_with_needs_by_priority():
    need = Need(id="n", category="repair", quantity=1, priority=1, lon=121.45, lat=31.25)
    document = match_document(
        match(Snapshot.from_records([*units(capacity=1), *offers(capacity=1), PROJECT, need]))
    )
    assert document["places_served"] == 1
    assert document["projects"]["units"] == 1


def test_claims_on_projects_are_kept_or_refused():
    def claim(**cells):
        return Claim(**{"id": "c", "target": "p", "target_table": "projects", "by": "w"} | cells)

    rows = project_rows(*units(), *offers(), PROJECT, claim(status="agreed", quantity=5))
    assert [(row["unit"], row["locked"]) for row in rows] == [("u", False), ("v", False), ("w", True)]
    rows = project_rows(*units(), *offers(), PROJECT, claim(status="declined", by="u"))
    assert [row["unit"] for row in rows] == ["v"]


@few
@given(towns(projects=4))
def test_no_unit_takes_a_project_twice(records):
    result = match(Snapshot.from_records(records), RULES)
    rows = [row for row in assignments(result.places) if "project" in row]
    assert all(row["places"] == 1 for row in rows)
    assert max(Counter((row["project"], row["unit"]) for row in rows).values(), default=1) == 1
    projects = match_document(result)["projects"]
    assert projects["units"] == len(rows)
    kinds = projects["full"] + projects["partly"] + projects["unclaimed"]
    assert kinds == int(result.places.instance.demand.is_project.sum())
