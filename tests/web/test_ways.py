"""Ways through the page: a click for why, keys into tables, a lock released, addresses that lead nowhere."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.support import ask, change, go_by_keys, summary, try_number, until, wait_for_trial

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

GOES_TO = {"r": "round", "m": "map", "t": "today"}


def test_a_click_on_a_line_says_why_and_enter_opens_the_record(shared_site, visit):
    page = visit(shared_site, "/round")
    page.wait_for_url(f"**/round/{ask(shared_site, '/v1/state')['round']}*")
    page.locator(".round-grid .ag-row .ag-cell").first.click()
    page.wait_for_selector(".panel .why")
    said = page.locator(".panel h2").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    until(page, "(was) => document.querySelector('.panel h2').innerText !== was", said)
    page.keyboard.press("Enter")
    page.wait_for_selector(".record-page")


def test_after_going_to_a_page_the_arrows_are_in_its_table(shared_site, visit):
    page = visit(shared_site, "/lists")
    for key in "rmt":
        go_by_keys(page, f"g{key}")
        page.wait_for_url(re.compile(f"/{GOES_TO[key]}"))
        until(page, "document.activeElement?.closest('.ag-row')?.getAttribute('row-index') === '0'")
        page.keyboard.press("ArrowDown")
        until(page, "document.activeElement?.closest('.ag-row')?.getAttribute('row-index') === '1'")


def test_a_lock_is_seen_at_once_and_can_be_released(own_site, visit):
    page = visit(own_site, "/round?part=served&priority=2")
    line = page.locator(".round-grid .ag-row:not(:has([aria-label=已锁定])) .ag-cell").first
    line.click()
    panel = page.locator(".panel .why-list").first
    panel.get_by_role("button", name="锁定", exact=True).first.click()
    panel.get_by_role("button", name="解除锁定").wait_for()
    panel.locator(".saved").wait_for()
    need = parse_qs(urlsplit(page.url).query)["sel"][0].partition(":")[2]
    mine = [one for one in ask(own_site, "/v1/claims?limit=1000")["items"] if one["target"] == need]
    assert [one["status"] for one in mine] == ["agreed"]
    page.wait_for_selector(".round-page .stale button")
    panel.get_by_role("button", name="解除锁定").click()
    panel.get_by_role("button", name="锁定", exact=True).first.wait_for()
    assert ask(own_site, f"/v1/claims/{mine[0]['id']}")["status"] == "withdrawn"


def test_publishing_what_is_stale_offers_matching_first(own_site, visit):
    page = visit(own_site, "/round")
    page.wait_for_selector(".round-grid .ag-row")
    offer = summary(own_site)["suggestions"][0]["offer"]
    change(own_site, f"/v1/offers/{offer}", {"capacity": 3})
    page.reload()
    page.wait_for_selector(".stale")
    page.get_by_role("button", name="发布…").click()
    assert page.locator("dialog .primary").inner_text() == "重算"
    assert page.locator("dialog").get_by_role("button", name="仍然发布").count() == 1


def test_what_others_changed_meanwhile_is_shown_before_anything_is_kept(own_site, visit):
    page = visit(own_site, "/today")
    try_number(page, "10")
    offer = page.evaluate("JSON.parse(localStorage['linli.drafts'])[0].id")
    change(own_site, f"/v1/offers/{offer}", {"capacity": 4})
    page.get_by_role("button", name="保留这次改动").click()
    page.wait_for_selector(".conflict table")
    cells = page.locator(".conflict tbody td").all_inner_texts()
    assert cells == ["不详", "→ 4", "10"]
    assert page.locator(".panel .old-mark").count() == 1
    assert ask(own_site, f"/v1/offers/{offer}")["capacity"] == 4
    page.get_by_role("button", name="按我的再试").click()
    page.wait_for_selector(".conflict", state="detached")
    wait_for_trial(page)
    page.get_by_role("button", name="保留这次改动").click()
    page.wait_for_selector(".panel", state="detached")
    assert ask(own_site, f"/v1/offers/{offer}")["capacity"] == 10


@pytest.mark.parametrize("path", ["/nosuch/page", "/nosuch"])
def test_an_address_that_leads_nowhere_has_ways_on(shared_site, visit, path):
    page = visit(shared_site, path)
    assert "没有这一页" in page.locator("main").inner_text()
    page.locator("main").get_by_role("link", name="今天").click()
    page.wait_for_selector(".sentences")


def test_what_is_not_there_is_named_and_an_unknown_filter_can_be_dropped(shared_site, visit):
    page = visit(shared_site, "/units/nosuch")
    assert "nosuch" in page.locator("main").inner_text()
    for query in ("area=nosuch", "cat=nosuch"):
        page = visit(shared_site, f"/today?{query}")
        page.locator("main .state-empty button").click()
        page.wait_for_selector(".sentences")
