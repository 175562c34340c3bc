"""Rounds that an earlier version kept: what lacks something is refused, with a way on."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.services.kept import SHAPES, find_missing
from api.services.rounds import current_round
from graph.store import open_store
from tests.api.terminal import linli, linli_json, store_option

ONE_OF_TWO = {"need", "project", "needs", "projects"}
"""Rows have one or the other of these."""

HOLDER = {"id", "unit", "offer"}
"""Holders that are pairs of a need and an offer have no id."""

Way = tuple[str, ...]


@pytest.fixture(scope="module")
def documents(town: Path) -> dict[str, Any]:
    store = open_store(f"sqlite:///{town}")
    try:
        return dict(current_round(store).results)
    finally:
        store.close()


def ways(shape: Any, before: Way = ()) -> Iterator[Way]:
    """The way to every name of a shape."""
    inside = shape[0] if isinstance(shape, list) else shape
    for name, inner in (inside or {}).items():
        yield (*before, name)
        yield from ways(inner, (*before, name))


WAYS = [(name, *way) for name, shape in SHAPES.items() for way in ways(shape)]


def at(value: Any, way: Way) -> list[dict[str, Any]]:
    """What holds the last name of a way: all of them, where lists are on it."""
    if value is None:
        return []
    if isinstance(value, list):
        return [found for row in value for found in at(row, way)]
    return [value] if len(way) == 1 else at(value[way[0]], way[1:])


def test_a_round_made_now_says_all_and_nothing_more_is_always_said(documents: dict[str, Any]) -> None:
    """What comes to be said in each round has to be named, or rounds without it would pass."""
    for name, shape in SHAPES.items():
        assert find_missing(documents[name], shape, name) is None
    looked_at = set()
    for way in sorted({way[:-1] for way in WAYS}):
        if found := at(documents, (*way, "any")):
            named = {one[-1] for one in WAYS if one[:-1] == way}
            always = set.intersection(*(set(row) for row in found))
            assert always - named <= (HOLDER if way[-1] == "holders" else ONE_OF_TWO), way
            looked_at.add(way[-1])
    assert looked_at == {way[-2] for way in WAYS}


def test_what_lacks_any_of_it_is_found(documents: dict[str, Any]) -> None:
    older, found = deepcopy(documents), set()
    for name, *rest in WAYS:
        # The fix of what is counted in money: there is none.
        if holders := at(older[name], tuple(rest)):
            kept = dict(holders[-1])
            del holders[-1][rest[-1]]
            assert find_missing(older[name], SHAPES[name], name) == ".".join((name, *rest))
            holders[-1].update(kept)
            found.add(rest[-1])
    assert found == {way[-1] for way in WAYS}


def keep_without(town: Path, *way: str) -> str:
    """Keep the round as a version kept it that didn't know a name yet; the round's id."""
    store = open_store(f"sqlite:///{town}")
    round_ = current_round(store)
    results = deepcopy(dict(round_.results))
    for holder in at(results, way):
        del holder[way[-1]]
    store.put_round(replace(round_, results=results))
    store.close()
    return round_.id


def test_each_door_refuses_a_report_that_an_earlier_version_made(own_town: Path, serve: Any) -> None:
    option = store_option(own_town)
    round_id = keep_without(own_town, "gaps", "projects", "warnings")
    refused = linli_json("gaps", *option, code=1)
    assert (refused["type"], refused["status"]) == ("urn:linli:problem:old-round", 409)
    assert refused["missing"] == "gaps.projects.warnings"
    told = linli("gaps", *option, code=1).output
    assert "earlier version" in told
    assert "linli match" in told
    assert "较早版本" in linli("gaps", *option, code=1, LINLI_LANG="zh").output
    # What the round does say stands.
    assert linli_json("assignments", *option)
    assert linli_json("match", *option)["round"]["id"] != round_id
    assert linli_json("gaps", *option)["projects"]["warnings"] is not None


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        (("gaps", "gaps", "fix", "gain"), ["gaps", "gaps.geojson", "rounds/current/summary"]),
        (("assignments", "locked_places"), ["assignments", "claim-sheets", "rounds/current/rows"]),
        (("match", "comparison"), ["match", "rounds/current", "rounds/current/summary"]),
    ],
)
def test_routes_refuse_what_an_earlier_version_made(service: Any, way: Way, refused: list[str]) -> None:
    keep_without(Path(service.store.url.removeprefix("sqlite:///")), *way)
    for route in refused:
        answer = service.client.get(f"/v1/{route}", headers={"Accept-Language": "en"})
        assert answer.status_code == 409, (route, answer.text[:300])
        problem = answer.json()
        assert problem["type"] == "urn:linli:problem:old-round"
        assert "earlier version" in problem["detail"]
        assert "较早版本" in problem["detail_zh"]
        assert problem["remedy"].startswith("Match anew")
    others = {"gaps", "assignments", "match"} - set(refused)
    assert all(service.client.get(f"/v1/{route}").status_code == 200 for route in others)
    started = service.client.post("/v1/rounds")
    assert service.wait(started.json()["id"])["status"] == "done"
    assert all(service.client.get(f"/v1/{route}").status_code == 200 for route in refused)
