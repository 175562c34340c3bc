"""What if: places more, units gone, pairs forced, fields changed; the same by the command and by HTTP."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from graph.model import UNLIMITED
from tests.api.terminal import linli, linli_json, store_option

TRY = "/v1/rounds/current/try"


def post(service: Any, **body: Any) -> Any:
    answer = service.client.post(TRY, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def first_more(service: Any, kind: str = "offer") -> Any:
    rows = service.get("/v1/beside?part=more_places&limit=1000")["more_places"]
    return next(row for row in rows if row["kind"] == kind and row["more_priority"])


@pytest.mark.parametrize("kind", ["offer", "total"])
def test_a_place_more_gains_what_its_worth_says(reading: Any, kind: str) -> None:
    row = first_more(reading, kind)
    table, record_id = ("offers", row["offer"]) if kind == "offer" else ("units", row["unit"])
    trial = post(reading, more=[{"table": table, "id": record_id}])
    changed = {p: n for p, n in trial["places_change_by_priority"].items() if n}
    wanted = {str(row["more_priority"]): 1}
    if row["less_priority"]:
        wanted[str(row["less_priority"])] = -1
    gained = sum(item["places"] for part in (trial, trial["projects"]) for item in part["gained"])
    lost = sum(item["places"] for part in (trial, trial["projects"]) for item in part["lost"])
    assert gained - lost == sum(wanted.values())
    # A unit's total may serve a project, which counts apart.
    if trial["places_change"]:
        assert changed == wanted
    assert trial["certified"]
    less = post(reading, more=[{"table": table, "id": record_id, "places": -1}])
    assert less["places_change"] <= 0


def test_a_number_per_month_can_be_one_place_more_in_all(reading: Any) -> None:
    offers = reading.store.find("offers")
    monthly = next(offer for offer in offers if offer.per == "month" and (offer.capacity or 0) > 0)
    card = reading.get(f"/v1/offers/{monthly.id}/card")
    gives = card["gives"][0] if card["gives"] else None
    one = post(reading, more=[{"id": monthly.id, "places": 1}])
    whole = post(
        reading,
        changes=[{"table": "offers", "id": monthly.id, "field": "capacity", "value": monthly.capacity + 1}],
    )
    assert one["places_change"] <= 1
    assert whole["places_change"] >= one["places_change"]
    assert gives is None or gives["counts"] > 1


def test_the_command_answers_as_the_route_does(reading: Any, town: Path) -> None:
    row = first_more(reading)
    unit = reading.get("/v1/beside?part=if_one_leaves&limit=1")["if_one_leaves"][0]["unit"]
    pair = next(item for item in reading.get("/v1/assignments") if item.get("need"))
    project = next(item for item in reading.store.find("projects") if item.wanted == 1)
    change = {"table": "projects", "id": project.id, "field": "wanted", "value": "2"}
    reach = {"table": "offers", "id": row["offer"], "field": "reach_m", "value": "4000"}
    store = store_option(town)
    for body, options in (
        ({"more": [{"id": row["offer"], "places": 2}]}, ["--more", f"{row['offer']}=2"]),
        ({"gone": [unit]}, ["--gone", unit]),
        ({"changes": [reach, change]}, ["--reach", f"{row['offer']}=4000", "--set", *change.values()]),
        (
            {"forced": [{"need": pair["need"], "offer": pair["offer"]}]},
            ["--force", pair["need"], pair["offer"]],
        ),
    ):
        assert linli_json("try", *options, *store) == json.loads(json.dumps(post(reading, **body)))


def test_a_project_that_wants_another_unit_gets_it_where_one_is_free(reading: Any) -> None:
    told = [post(reading, changes=[wider(project)]) for project in islice(reading.store.find("projects"), 12)]
    gained = [sum(row["places"] for row in trial["projects"]["gained"]) for trial in told]
    lost = [sum(row["places"] for row in trial["projects"]["lost"]) for trial in told]
    assert max(gained) > 0
    assert all(more >= less for more, less in zip(gained, lost, strict=True))
    assert all(trial["certified"] for trial in told)


def test_what_was_tried_of_a_project_can_be_kept(serve: Any) -> None:
    service = serve()
    project = next(iter(service.store.find("projects")))
    change = wider(project)
    trial = post(service, changes=[change])
    body = {"changes": [change], "expect_revision": service.get("/v1/state")["revision"]}
    kept = service.client.post("/v1/rounds/current/keep", json=body)
    assert kept.status_code == 201, kept.text
    assert service.get("/v1/rounds/current/summary")["figures"] == trial["after"]
    assert service.store.get("projects", project.id).wanted == change["value"]
    refused = service.client.post(TRY, json={"changes": [change | {"value": "两三家"}]})
    assert refused.status_code == 422


def wider(project: Any) -> dict[str, Any]:
    return {"table": "projects", "id": project.id, "field": "wanted", "value": project.wanted + 1}


def test_what_cannot_be_one_place_more_is_said(reading: Any) -> None:
    offers, units = reading.store.find("offers"), reading.store.find("units")
    without = {
        "units": next(unit.id for unit in units if unit.capacity is None),
        "offers": next((offer.id for offer in offers if offer.capacity == UNLIMITED), None),
    }
    for table, record_id in without.items():
        if record_id is not None:
            answer = reading.client.post(TRY, json={"more": [{"table": table, "id": record_id}]})
            assert (answer.status_code, answer.json()["type"]) == (422, "urn:linli:problem:bad-change")
            assert record_id in answer.json()["detail_en"]
    answer = reading.client.post(TRY, json={"more": [{"id": "nothing"}]})
    assert answer.status_code == 404


def test_the_command_says_who_gains_and_what_is_wrong(reading: Any, town: Path) -> None:
    store = store_option(town)
    row = first_more(reading)
    shown = linli("try", "--more", row["offer"], *store).stdout
    assert "(+1)" in shown
    assert "Both are proved best" in shown
    assert "Gained: " in shown
    unit = reading.get("/v1/beside?part=if_one_leaves&limit=1")["if_one_leaves"][0]["unit"]
    assert "Lost: " in linli("try", "--gone", unit, *store).stdout
    before = reading.get("/v1/state")
    for wrong in (
        [],
        ["--more", f"{row['offer']}=x"],
        ["--more", f"{row['offer']}=1000000001"],
        ["--more", f"{row['offer']}=-99999999999999999999"],
        ["--reach", row["offer"]],
        ["--set", "claims", "x", "y", "z"],
    ):
        assert linli("try", *wrong, *store, code=2).stderr
    for reach in ("1e400", "1e999999999", "9" * 400):
        refused = linli("try", "--reach", f"{row['offer']}={reach}", *store, code=1).stderr
        assert "reach_m: metres" in refused
    assert linli_json("try", "--gone", "不曾有过的单位", *store, code=1)["type"].endswith("not-found")
    assert reading.get("/v1/state") == before
