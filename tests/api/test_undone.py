"""A round is out of date when the lists have changed since, and up to date again once that is undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.services.rounds import choose_current, current_round, is_stale
from graph.periods import Period
from graph.store import Round


def stale(service: Any, round_id: str) -> tuple[bool, bool]:
    """What the round and its summary say."""
    told = (
        service.get(f"/v1/rounds/{round_id}")["stale"],
        service.get(f"/v1/rounds/{round_id}/summary")["stale"],
    )
    kept = service.store.get_round(round_id)
    assert is_stale(service.store, kept) == told[0]
    listed = {item["id"]: item["stale"] for item in service.get("/v1/rounds")["items"]}
    assert listed[round_id] == told[0]
    return told


def shown(service: Any) -> str:
    """The round that every door shows where none is named."""
    told = {
        service.get("/v1/state")["round"],
        service.get("/v1/match")["round"]["id"],
        service.get("/v1/rounds/current")["id"],
        service.get("/v1/rounds/current/summary")["round"],
        current_round(service.store).id,
    }
    assert len(told) == 1
    return str(told.pop())


def test_undoing_makes_a_round_agree_again(service) -> None:
    first = service.get("/v1/state")["round"]
    offer = service.get("/v1/offers?limit=1")["items"][0]["id"]
    assert stale(service, first) == (False, False)

    changed = service.client.patch(f"/v1/offers/{offer}", json={"title": "另一个名字"})
    assert changed.status_code == 200
    assert stale(service, first) == (True, True)
    assert service.get("/v1/state")["round_stale"] is True

    undone = service.client.post("/v1/undo", json={}).json()
    assert stale(service, first) == (False, False)
    assert service.get("/v1/state")["round_stale"] is False

    service.client.post("/v1/undo", json={"revision": undone["revision"]})
    assert stale(service, first) == (True, True)


def test_a_later_round_is_out_of_date_once_its_change_is_undone(service) -> None:
    first = service.get("/v1/state")["round"]
    offer = service.get("/v1/offers?limit=1")["items"][0]["id"]
    service.client.patch(f"/v1/offers/{offer}", json={"title": "另一个名字"})
    job = service.client.post("/v1/rounds", json={}).json()
    second = service.wait(job["id"])["round"]
    assert stale(service, second) == (False, False)
    assert shown(service) == second
    undone = service.client.post("/v1/undo", json={}).json()
    assert stale(service, second) == (True, True)
    assert stale(service, first) == (False, False)
    assert shown(service) == first
    assert service.get("/v1/state")["round_stale"] is False

    service.client.post("/v1/undo", json={"revision": undone["revision"]})
    assert shown(service) == second


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ([], None),
        (["open"], None),
        (["open", "proposed stale", "proposed"], "2"),
        (["proposed stale", "proposed stale", "published", "proposed"], "2"),
        (["proposed stale", "proposed stale"], "0"),
        (["published stale", "proposed"], "0"),
        (["proposed stale", "published stale", "proposed"], "0"),
        (["published", "proposed"], "0"),
    ],
)
def test_the_round_shown_agrees_with_the_lists_but_never_passes_over_a_published_one(
    rounds, expected
) -> None:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    known = [
        Round(id=str(at), period=period, status=text.split()[0], revision=1, token="", rules={}, results={})
        for at, text in enumerate(rounds)
    ]
    chosen = choose_current(known, lambda found: rounds[int(found.id)].endswith("stale"))
    assert (chosen and chosen.id) == expected


def test_undoing_an_undoing_counts_too(service) -> None:
    first = service.get("/v1/state")["round"]
    offer = service.get("/v1/offers?limit=1")["items"][0]["id"]
    service.client.patch(f"/v1/offers/{offer}", json={"title": "另一个名字"})
    undone = service.client.post("/v1/undo", json={}).json()
    job = service.client.post("/v1/rounds", json={}).json()
    second = service.wait(job["id"])["round"]
    for is_back in (True, False, True):
        undone = service.client.post("/v1/undo", json={"revision": undone["revision"]}).json()
        assert stale(service, first) == stale(service, second) == (is_back, is_back)
