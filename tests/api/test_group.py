"""Groups of parties at both doors: one document."""

from __future__ import annotations

from typing import Any

from tests.api.terminal import linli, linli_json


def test_groups_are_even_and_at_both_doors(reading: Any) -> None:
    store = "--store", reading.settings.store_url
    document = linli_json("group", "--into", "3", *store)
    assert document == reading.get("/v1/group?into=3")
    sizes = [row["size"] for row in document["groups"]]
    assert sizes == document["sizes"]
    assert max(sizes) - min(sizes) <= 3
    named = [party["id"] for row in document["groups"] for party in row["parties"]]
    assert len(named) == len(set(named)) == sum(sizes)
    assert document["affinity"] <= document["bound"]
    assert document["today"] is None or document["today"]["affinity"] <= document["today"]["bound"]
    for language in ("zh", "en"):
        shown = linli("group", "--into", "3", "--lang", language, *store).stdout
        assert document["groups"][0]["parties"][0]["name"] in shown


def test_whoever_changes_over_or_comes_in_is_told(reading: Any) -> None:
    store = "--store", reading.settings.store_url
    body = reading.get("/v1/alliances?limit=1")["items"][0]["id"]
    for wish in ("into=3", "into=3&beside=branch", f"into=2&body={body}"):
        document = reading.get(f"/v1/group?{wish}")
        group_of = {party["id"]: row["group"] for row in document["groups"] for party in row["parties"]}
        continues = {row["group"]: row["continues"] for row in document["groups"]}
        named = [name for name in continues.values() if name is not None]
        assert len(named) == len(set(named))
        moves = {move["id"]: move for move in document["moves"]}
        assert all(move["to"] == group_of[move["id"]] for move in moves.values())
        assert all(move["from"] is None or move["from"] != continues[move["to"]] for move in moves.values())
        stays = [group for party, group in group_of.items() if party not in moves]
        assert all(continues[group] is not None for group in stays)
        assert body not in [move["from"] for move in moves.values()] or "body" not in wish
    assert linli_json("group", "--into", "3", "--beside", "branch", *store)["beside"] == "branch"
    assert reading.client.get("/v1/group?into=3&beside=colour").status_code == 422


def test_wrong_wishes_are_refused_with_a_remedy(reading: Any) -> None:
    store = "--store", reading.settings.store_url
    linli("group", *store, code=2)
    linli("group", "--into", "100", *store, code=1)
    linli("group", "--into", "2", "--body", "nobody", *store, code=1)
    refused = reading.client.get("/v1/group?into=100")
    assert refused.status_code == 422
    assert refused.json()["remedy"]
    assert refused.json()["title"] == "这样算不出来"
    dated = "group", "--into", "2", "--as-of", "2026-05-01", *store
    assert linli_json(*dated) == reading.get("/v1/group?into=2&as_of=2026-05-01")


def test_why_groups_fall_apart_or_are_uneven_is_said(reading: Any) -> None:
    store = "--store", reading.settings.store_url
    document = reading.get("/v1/group?into=2&step_m=0")
    assert not document["connected"]
    apart = document["reasons"][0]
    assert (apart["reason"], apart["value"] > 1) == ("apart", True)
    for language, key in (("zh", "text"), ("en", "text_en")):
        shown = linli("group", "--into", "2", "--step", "0", "--lang", language, *store).stdout
        assert apart[key] in (" " if language == "en" else "").join(shown.split())
    whole = reading.get("/v1/group?into=2&step_m=10000000")
    assert (whole["connected"], whole["reasons"]) == (True, [])
    least, most = whole["limits"]
    assert all(least <= size <= most for size in whole["sizes"])
