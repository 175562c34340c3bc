"""Rounds over HTTP: the same documents as the commands', published with time to think, promises, trials."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.cli import main
from loaders.write import FORMATS


def ask_command(town: Path, *arguments: str) -> Any:
    """The JSON of a command over the same store."""
    done = CliRunner().invoke(main, [*arguments, "--json", "--store", f"sqlite:///{town}"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_every_door_shows_the_same_documents(reading, town: Path) -> None:
    assignments = reading.get("/v1/assignments")
    assert assignments == ask_command(town, "assignments")
    assert reading.get("/v1/gaps") == ask_command(town, "gaps")
    need = next(row["need"] for row in assignments if "need" in row)
    assert reading.get(f"/v1/explain/{need}") == ask_command(town, "explain", need)
    assert reading.get("/v1/beside?by=group&share=0.25&limit=3") == ask_command(
        town, "beside", "--by", "group", "--share", "0.25", "--limit", "3"
    )
    assert reading.get("/v1/beside?part=stability&part=more_places") == ask_command(
        town, "beside", "--part", "more_places", "--part", "stability"
    )
    assert reading.client.get("/v1/beside?part=luck").status_code == 422
    every = reading.get("/v1/beside?part=more_places&limit=1000")
    unit = every["less_places"][-1]["unit"]
    own = reading.get(f"/v1/beside?part=more_places&of={unit}&limit=1000")
    assert own == ask_command(town, "beside", "--part", "more_places", "--of", unit, "--limit", "1000")
    for name in ("more_places", "less_places"):
        assert own[name] == [row for row in every[name] if row["unit"] == unit]
    assert reading.client.get("/v1/beside?part=more_places&of=nobody").status_code == 404
    exact = reading.get(f"/v1/explain/{need}?exact=true")
    assert exact == ask_command(town, "explain", need, "--exact")
    asked = next(row["offer"] for row in exact["alternatives"] if "regret" in row)
    one = reading.get(f"/v1/explain/{need}?exact_for={asked}")
    assert one == ask_command(town, "explain", need, "--exact-for", asked)
    assert [row["offer"] for row in one["alternatives"] if "regret" in row] == [asked]
    unable = next(offer.id for offer in reading.store.find("offers") if offer.id not in able_offers(exact))
    for wrong, status, kind in (("nothing-such", 404, "not-found"), (unable, 422, "impossible")):
        refused = reading.client.get(f"/v1/explain/{need}", params={"exact_for": wrong})
        assert (refused.status_code, refused.json()["type"]) == (status, f"urn:linli:problem:{kind}")
        assert wrong in refused.json()["detail_en"]


def able_offers(explanation: dict[str, Any]) -> set[str]:
    """Offers that could serve a need; all are shown where there are fewer than so many."""
    rows = explanation["alternatives"]
    assert len(rows) == explanation["alternatives_total"]
    return {row["offer"] for row in rows if "regret" in row or row["reason"] == "chosen"}


def test_assignments_in_pages(reading) -> None:
    rows, path = [], "/v1/assignments?limit=70"
    while path:
        answer = reading.client.get(path)
        rows += answer.json()
        link = answer.headers.get("link", "")
        path = link.partition(">")[0].lstrip("<")
    assert rows == reading.get("/v1/assignments")
    assert len(rows) > 140


def test_rounds_are_listed_and_shown(reading) -> None:
    listed = reading.get("/v1/rounds")["items"]
    assert len(listed) == 1
    shown = reading.get("/v1/rounds/current")
    assert {name: shown[name] for name in listed[0]} == listed[0]
    assert shown["match"] == reading.get("/v1/match")
    assert (shown["status"], shown["stale"]) == ("proposed", False)
    assert reading.get(f"/v1/rounds/{shown['id']}") == shown
    assert reading.get(f"/v1/match?round={shown['id']}") == shown["match"]


def test_publishing_takes_effect_after_a_while(serve) -> None:
    service = serve(publish_delay_s=0.5)
    answer = service.client.post("/v1/rounds/current/publish")
    assert answer.status_code == 202
    assert answer.json()["status"] == "proposed"
    assert answer.json()["takes_effect_at"]
    assert service.get("/v1/rounds/current")["takes_effect_at"] == answer.json()["takes_effect_at"]
    deadline = time.monotonic() + 60
    while service.get("/v1/rounds/current")["status"] != "published":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert service.get("/v1/rounds/current")["takes_effect_at"] is None
    for path in ("publish", "take-back"):
        again = service.client.post(f"/v1/rounds/current/{path}")
        assert (again.status_code, again.json()["type"]) == (409, "urn:linli:problem:transition")


def test_publishing_can_be_taken_back(serve) -> None:
    service = serve(publish_delay_s=0.3)
    first = service.client.post("/v1/rounds/current/publish").json()
    assert service.client.post("/v1/rounds/current/publish").json() == first
    assert service.client.post("/v1/rounds/current/take-back").json()["takes_effect_at"] is None
    time.sleep(0.6)
    assert service.get("/v1/rounds/current")["status"] == "proposed"
    again = service.client.post("/v1/rounds/current/take-back", headers={"Accept-Language": "en"})
    assert again.status_code == 409
    assert again.json()["remedy"] == "Nothing has to be taken back: it is still a draft."


def test_a_service_that_ends_publishes_nothing(serve) -> None:
    service = serve(publish_delay_s=0.2)
    service.client.post("/v1/rounds/current/publish")
    service.app.state.context.publisher.close()
    time.sleep(0.4)
    assert service.get("/v1/rounds/current")["status"] == "proposed"


# -- promises -----------------------------------------------------------------------------------------


def served(service: Any) -> dict[str, Any]:
    rows = service.get("/v1/rounds/current/rows?limit=1000")["items"]
    return next(
        r for r in rows if r["kind"] == "need" and r["assignments"] and not r["assignments"][0]["locked"]
    )


def test_a_promise_is_kept_by_the_next_round(service) -> None:
    row = served(service)
    offer = row["assignments"][0]["offer"]
    answer = service.client.post("/v1/lock", json={"need": row["need"], "offer": offer, "places": 1})
    assert answer.status_code == 201
    claim = answer.json()
    assert (claim["target"], claim["offer"], claim["quantity"]) == (row["need"], offer, 1)
    assert service.get(answer.headers["location"])["status"] == "agreed"
    assert service.get("/v1/state")["round_stale"] is True
    service.wait(service.client.post("/v1/rounds", json={}).json()["id"])
    locked = [a for a in service.get("/v1/assignments") if a.get("need") == row["need"] and a["locked"]]
    assert [item["offer"] for item in locked] == [offer]


def test_a_refusal_ends_a_pair(service) -> None:
    row = served(service)
    offer = row["assignments"][0]["offer"]
    answer = service.client.post("/v1/refuse", json={"need": row["need"], "offer": offer, "why": "路太远"})
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["why"]) == ("declined", "路太远")
    service.wait(service.client.post("/v1/rounds", json={}).json()["id"])
    unit = row["assignments"][0]["unit"]
    pairs = {(item.get("need"), item["offer"]) for item in service.get("/v1/assignments")}
    assert (row["need"], offer) not in pairs, unit


@pytest.mark.parametrize("path", ["/v1/lock", "/v1/refuse"])
def test_promises_name_what_there_is(reading, path: str) -> None:
    assert reading.client.post(path, json={"need": "nothing", "offer": "nothing"}).status_code == 404
    assert reading.client.post(path, json={"need": "nothing"}).status_code == 422


def test_more_than_there_is_cannot_be_promised(service) -> None:
    row = served(service)
    offer = row["assignments"][0]["offer"]
    body = {"need": row["need"], "offer": offer, "places": 1000}
    answer = service.client.post("/v1/lock", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:linli:problem:capacity")


# -- one number changed -------------------------------------------------------------------------------


def ask_first(service: Any) -> dict[str, Any]:
    found = service.get("/v1/rounds/current/summary")["suggestions"]
    return next(item for item in found if item["kind"] == "ask")


def test_a_trial_adds_up_and_keeps_nothing(reading) -> None:
    suggestion = ask_first(reading)
    before = reading.get("/v1/state")
    change = {"table": "offers", "id": suggestion["offer"], "field": "capacity", "value": 1000}
    trial = reading.client.post("/v1/rounds/current/try", json={"changes": [change]}).json()
    gained, lost = (sum(row["places"] for row in trial[name]) for name in ("gained", "lost"))
    assert gained - lost == trial["places_change"] == suggestion["gain_places"]
    assert trial["after"]["places_served"] - trial["before"]["places_served"] == trial["places_change"]
    assert trial["before"] == reading.get("/v1/rounds/current/summary")["figures"]
    assert reading.get("/v1/state") == before
    assert len(reading.get("/v1/rounds")["items"]) == 1


def test_a_suggested_reach_gains_what_it_says(reading) -> None:
    found = reading.get("/v1/rounds/current/summary")["suggestions"]
    reaches = [item for item in found if item["kind"] == "reach"]
    assert reaches
    for item in reaches:
        change = {"table": "offers", "id": item["offer"], "field": "reach_m", "value": item["to_reach_m"]}
        trial = reading.client.post("/v1/rounds/current/try", json={"changes": [change]}).json()
        assert trial["places_change"] == item["gain_places"]
        assert item["to_reach_m"] > item["reach_m"]


def test_keeping_a_change_makes_a_revision_and_a_round(service) -> None:
    suggestion = ask_first(service)
    state = service.get("/v1/state")
    change = {"table": "offers", "id": suggestion["offer"], "field": "capacity", "value": "每月1次"}
    trial = service.client.post("/v1/rounds/current/try", json={"changes": [change]}).json()
    body = {"changes": [change], "expect_revision": state["revision"]}
    answer = service.client.post("/v1/rounds/current/keep", json=body)
    assert answer.status_code == 201
    kept = answer.json()
    assert kept["revision"] == state["revision"] + 1
    assert service.get("/v1/state")["round"] == kept["round"] != state["round"]
    assert service.get("/v1/rounds/current/summary")["figures"] == trial["after"]
    # Who has not seen the change keeps nothing.
    again = service.client.post("/v1/rounds/current/keep", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:linli:problem:conflict")
    assert service.get("/v1/state")["revision"] == kept["revision"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"table": "offers", "id": "nothing", "field": "capacity", "value": 1}, 404),
        ({"table": "offers", "field": "capacity", "value": "两三次"}, 422),
        ({"table": "offers", "field": "nothing", "value": 1}, 422),
        ({"table": "claims", "id": "x", "field": "status", "value": "agreed"}, 422),
    ],
)
def test_what_cannot_be_tried_is_said(reading, change: dict[str, Any], status: int) -> None:
    body = {"changes": [{"id": ask_first(reading)["offer"], **change}]}
    answer = reading.client.post("/v1/rounds/current/try", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


# -- what leaves the house ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["unit", "area"])
def test_claim_sheets_hold_every_place(reading, by: str) -> None:
    document = reading.get(f"/v1/claim-sheets?by={by}")
    total = sum(row["places"] for row in reading.get("/v1/assignments"))
    assert document["by"] == by
    assert sum(sheet["total_places"] for sheet in document["sheets"]) == total
    assert sum(row["places"] for sheet in document["sheets"] for row in sheet["rows"]) == total
    liaisons = {unit.liaison for unit in reading.store.find("units") if unit.liaison}
    assert liaisons
    assert "resident-" not in json.dumps(document)


@pytest.mark.parametrize("format_", FORMATS)
def test_exports_are_downloads(reading, format_: str) -> None:
    answer = reading.client.get(f"/v1/exports/{format_}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    if answer.headers["content-type"] == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) > 1
            assert all(name.startswith("linli/") and ".." not in name for name in archive.namelist())
    else:
        assert len(answer.content) > 100


def test_gaps_on_the_map(reading) -> None:
    gaps = reading.get("/v1/gaps")["gaps"]
    features = reading.get("/v1/gaps.geojson")["features"]
    assert [feature["properties"]["places"] for feature in features] == [gap["places"] for gap in gaps]
    areas = {
        tuple(f["geometry"]["coordinates"])
        for f in reading.get("/v1/areas.geojson")["features"]
        if f["geometry"]
    }
    placed = [feature["geometry"] for feature in features if feature["geometry"]]
    assert placed
    for geometry in placed:
        points = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"]
        assert {tuple(point) for point in points} <= areas


@pytest.mark.parametrize("body", [{}, {"added": []}, {"changes": [], "gone": []}])
def test_a_trial_of_nothing_says_what_to_send(reading: Any, body: dict[str, Any]) -> None:
    answer = reading.client.post("/v1/rounds/current/try", json=body)
    assert answer.status_code == 422
    assert "changes, added, more, gone and forced" in answer.json()["detail_en"]
    assert "at least one item" in answer.json()["remedy"] or "至少写一项" in answer.json()["remedy"]
