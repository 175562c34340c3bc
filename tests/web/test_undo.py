"""Undoing: nothing large or foreign goes without having been named, and what was undone comes back."""

from __future__ import annotations

import pytest

from tests.web.support import ask, change, summary, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_fresh_page_names_the_load_before_undoing_it_and_brings_it_back_after_a_reload(own_site, visit):
    units = ask(own_site, "/v1/state")["counts"]["units"]
    page = visit(own_site, "/today")
    page.wait_for_selector(".saved")
    page.keyboard.press("Control+z")
    page.wait_for_selector(".undo-bar")
    assert f"单位{units}" in page.locator(".undo-bar").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector(".undo-bar", state="detached")
    assert ask(own_site, "/v1/state")["counts"]["units"] == units

    page.keyboard.press("Control+z")
    page.locator(".undo-bar").get_by_role("button", name="撤销").click()
    page.wait_for_selector("main .state-empty")
    assert ask(own_site, "/v1/state")["counts"]["units"] == 0
    page.reload()
    page.locator("main .state-empty").get_by_role("button", name="恢复").click()
    page.wait_for_selector(".sentences")
    assert ask(own_site, "/v1/state")["counts"]["units"] == units


def test_the_list_of_revisions_undoes_an_undoing(own_site, visit):
    held = ask(own_site, "/v1/state")["counts"]
    page = visit(own_site, "/lists")
    page.locator(".history").get_by_role("button", name="撤销").click()
    page.locator(".history").get_by_role("button", name="恢复").click()
    until(page, "document.querySelectorAll('.history li').length === 3")
    assert ask(own_site, "/v1/state")["counts"] == held


def test_what_somebody_else_saved_is_asked_about(own_site, visit):
    unit = ask(own_site, "/v1/units?limit=1")["items"][0]
    change(own_site, f"/v1/units/{unit['id']}", {"name": "示例甲"})
    page = visit(own_site, "/today")
    page.wait_for_selector(".saved")
    page.keyboard.press("Control+z")
    page.wait_for_selector(".undo-bar")
    assert ask(own_site, f"/v1/units/{unit['id']}")["name"] == "示例甲"


def test_undoing_goes_on_one_step_at_a_time(own_site, visit):
    unit = ask(own_site, "/v1/units?limit=1")["items"][0]
    path = f"/units/{unit['id']}"
    page = visit(own_site, path)
    for kind in ("甲类", "乙类"):
        page.locator('[data-field="kind"] button').click()
        page.wait_for_selector('[data-field="kind"] :focus')
        page.keyboard.press("Control+a")
        page.keyboard.type(kind)
        page.keyboard.press("Enter")
        until(page, f"document.querySelector('[data-field=kind] dd').textContent.includes('{kind}')")
    for kind in ("甲类", unit["kind"]):
        page.keyboard.press("Control+z")
        until(page, f"document.querySelector('[data-field=kind] dd').textContent.includes('{kind}')")
        assert ask(own_site, f"/v1{path}")["kind"] == kind
    page.keyboard.press("Control+z")
    page.wait_for_selector(".undo-bar")


def test_undoing_a_kept_answer_brings_the_plan_before_it_back(own_site, visit):
    before = summary(own_site)
    offer = before["suggestions"][0]["offer"]
    kept = ask(
        own_site,
        f"/v1/rounds/{before['round']}/keep",
        {
            "changes": [{"table": "offers", "id": offer, "field": "capacity", "value": 10}],
            "expect_revision": ask(own_site, "/v1/state")["revision"],
        },
    )
    served = "document.querySelector('.sentences')?.textContent.includes('已安排%d')"
    page = visit(own_site, "/today")
    until(page, served % summary(own_site)["figures"]["places_served"])
    page.keyboard.press("Control+z")
    page.locator(".undo-bar").get_by_role("button", name="撤销").click()
    for _ in range(2):
        until(page, served % before["figures"]["places_served"])
        assert page.locator(".stale").count() == 0
        page.reload()
    for path in ("/map", f"/map?round={kept['round']}", "/print/claims?by=unit"):
        is_old = kept["round"] in path
        page.goto(own_site.base + path)
        page.wait_for_selector(".map-page, .sheet-page")
        until(page, f"(document.querySelector('.stale') !== null) === {str(is_old).lower()}")


def test_changed_lists_are_told_wherever_the_plan_is_shown(own_site, visit):
    offer = summary(own_site)["suggestions"][0]["offer"]
    change(own_site, f"/v1/offers/{offer}", {"capacity": 3})
    for path in ("/today", "/map", "/gaps", "/print/claims?by=unit"):
        page = visit(own_site, path)
        page.wait_for_selector(".stale")
        assert page.locator(".stale button").count() == 1, path
        page.emulate_media(media="print")
        assert page.locator(".print-page > .stale").is_visible() is False
        page.emulate_media(media="screen")
