"""Stations tried on the map before anything is stored; territories and equity on the page of gaps."""

from __future__ import annotations

import pytest

from tests.web.support import ask, numbers, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SHOWN = (
    "!!document.querySelector('.station-trial .trial') && !document.querySelector('.station-trial .old-mark')"
)
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
    until(page, SHOWN.format(1))
    found = ask(shared_site, f"/v1/sites?p=0&reach=800&at={first}")
    assert numbers(page.locator(".station-trial .trial-total").inner_text())[0] == found["tried"]["adds"]
    page.locator(".station-trial select").first.select_option("people")
    found = ask(shared_site, f"/v1/sites?p=0&reach=800&demand=people&at={first}&at={second}")
    if size == "desk":
        page.evaluate(GO_TO, f"?lang={lang}&sel=area:{second}")
        page.get_by_role("button", name="试设站点").click()
        until(page, SHOWN.format(2))
        shown = numbers(page.locator(".station-trial .trial p").nth(1).inner_text())
        assert shown == [found["reached"], found["tried"]["value"], found["total"]]
    assert ask(shared_site, "/v1/state")["revision"] == before


def test_territories_and_how_evenly_needs_are_served(shared_site, visit) -> None:
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".stations form")
    page.locator(".stations input[name=territories]").check()
    page.locator(".stations button[type=submit]").click()
    until(page, "!!document.querySelector('.territories table')")
    plans = ask(shared_site, "/v1/sites?demand=needs&reach=500&territories=true")["plans"]
    found = plans[-1]["territories"]
    rows = page.locator(".territories tbody tr").all_inner_texts()
    assert len(rows) == len(found["stations"])
    assert found["stations"][0]["name"] in rows[0]
    page.locator(".equity summary").click()
    equity = ask(shared_site, "/v1/gaps")["equity"]
    text = page.locator(".equity").inner_text()
    assert f"{100 * equity['share']:.1f}".rstrip("0").rstrip(".") in text
    assert page.locator(".equity table").first.locator("tbody tr").count() == len(equity["by_category"])
