"""Stations tried on the map before anything is stored; territories and equity on the page of gaps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from graph.taxonomy import words
from tests.web.support import ask, numbers, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CATEGORIES = words()["categories"]
SHOWN = (
    "!!document.querySelector('.station-reach .trial') && !document.querySelector('.station-trial .old-mark')"
)
MATCHED = (
    "!!document.querySelector('.station-match .trial, .station-match p[role=status]')"
    " && !document.querySelector('.station-trial .old-mark')"
)
WAIT_S = 60
GO_TO = "(query) => { history.pushState(null, '', query); dispatchEvent(new Event('popstate')); }"


@pytest.mark.parametrize(("lang", "size"), [("zh", "desk"), ("en", "phone")])
def test_a_station_is_tried_and_nothing_is_stored(shared_site, visit, lang, size) -> None:
    before = ask(shared_site, "/v1/state")["revision"]
    areas = [
        area
        for area in ask(shared_site, "/v1/rounds/current/summary")["areas"]
        if area["wanted"] and area["lon"] is not None
    ]
    first, second = areas[0]["id"], areas[1]["id"]
    page = visit(shared_site, f"/map?lang={lang}&sel=area:{first}", size=size)
    button = page.get_by_role("button", name="试设站点" if lang == "zh" else "Try a station here")
    button.focus()
    page.keyboard.press("Enter")
    until(page, SHOWN)
    found = ask(shared_site, f"/v1/sites?p=0&reach=2000&at={first}")
    assert numbers(page.locator(".station-reach .trial-total").inner_text())[0] == found["tried"]["adds"]
    page.locator(".station-reach select").select_option("people")
    found = ask(shared_site, f"/v1/sites?p=0&reach=2000&demand=people&at={first}&at={second}")
    if size == "desk":
        page.evaluate(GO_TO, f"?lang={lang}&sel=area:{second}")
        page.get_by_role("button", name="试设站点").click()
        told_now = page.locator(".station-reach .trial p").nth(1)
        wait_for(
            page,
            lambda: numbers(told_now.inner_text()),
            [found["reached"], found["tried"]["value"], found["total"]],
        )
    assert ask(shared_site, "/v1/state")["revision"] == before


def test_what_matching_would_do_with_a_station_is_shown_before_anything_is_stored(shared_site, visit) -> None:
    before = ask(shared_site, "/v1/state")["revision"]
    figures = ask(shared_site, "/v1/rounds/current/summary")
    area = max((one for one in figures["areas"] if one["lon"] is not None), key=lambda one: one["unserved"])
    lacking: dict[str, int] = {}
    for cell in figures["cells"]:
        if cell["area"] == area["id"]:
            lacking[cell["category"]] = lacking.get(cell["category"], 0) + cell["unserved"]
    page = visit(shared_site, f"/map?sel=area:{area['id']}")
    page.get_by_role("button", name="试设站点").click()
    until(page, MATCHED)
    # It begins with a category that the place lacks most.
    first = page.locator(".station-match .chip").inner_text()
    fields = {
        "unit": "",
        "reach_m": 2000,
        "lon": area["lon"],
        "lat": area["lat"],
        "precision": "area",
        "tags": None,
    }
    category = next(
        category for category, places in lacking.items()
        if places == max(lacking.values()) and CATEGORIES[category]["zh"] in first
    )  # fmt: skip
    tried = told(shared_site, {**fields, "unit": "station", "category": category, "capacity": 10})
    assert gained_and_lost(page) == tried
    assert tried[0] > 0
    page.locator(".station-match [name=capacity]").fill("1")
    page.keyboard.press("Tab")
    fewer = told(shared_site, {**fields, "unit": "station", "category": category, "capacity": 1})
    assert fewer != tried
    wait_for(page, lambda: gained_and_lost(page), fewer)
    assert "的新站点" in page.locator(".station-match .trial").inner_text()
    page.get_by_role("button", name="放弃").click()
    page.wait_for_selector(".panel", state="detached")
    assert ask(shared_site, "/v1/state")["revision"] == before


def wait_for(page: Any, read: Callable[[], list[int]], expected: list[int]) -> None:
    """Wait until what the page says has come up to what the service said; until then it shows what was."""
    deadline = time.monotonic() + WAIT_S
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"{found} instead of {expected}"
        page.wait_for_timeout(50)


def told(site: Any, offer: dict[str, Any]) -> list[int]:
    """Places gained, moved and lost with an offer more, as the service says."""
    trial = ask(site, "/v1/rounds/current/try", {"added": [offer]})
    return [sum(item["places"] for item in trial[kind]) for kind in ("gained", "moved", "lost")]


def gained_and_lost(page: Any) -> list[int]:
    """The same of the page, which says in words where nothing would change."""
    total = page.locator(".station-match .trial-total")
    return numbers(total.inner_text())[:3] if total.count() else [0, 0, 0]


def test_territories_and_how_evenly_needs_are_served(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".stations form")
    page.locator(".stations input[name=territories]").check()
    page.locator(".stations button[type=submit]").click()
    until(page, "!!document.querySelector('.territories table')")
    plans = ask(shared_site, "/v1/sites?demand=needs&reach=2000&territories=true")["plans"]
    found = plans[-1]["territories"]
    rows = page.locator(".territories tbody tr").all_inner_texts()
    assert len(rows) == len(found["stations"])
    assert found["stations"][0]["name"] in rows[0]
    page.locator(".equity summary").click()
    equity = ask(shared_site, "/v1/gaps")["equity"]
    text = page.locator(".equity").inner_text()
    assert f"{100 * equity['share']:.1f}".rstrip("0").rstrip(".") in text
    assert page.locator(".equity table").first.locator("tbody tr").count() == len(equity["by_category"])
