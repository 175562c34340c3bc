"""A round is out of date when the lists have changed since, and up to date again once that is undone."""

from __future__ import annotations

from typing import Any

from api.services.rounds import is_stale


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
    service.client.post("/v1/undo", json={})
    assert stale(service, second) == (True, True)
    assert stale(service, first) == (False, False)


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
