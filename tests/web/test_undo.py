"""Undoing: nothing large or foreign goes without having been named, and what was undone comes back."""

from __future__ import annotations

import pytest

from tests.web.support import ask, change, until

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
