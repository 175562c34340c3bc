"""The round: who serves whom and why, a number tried, kept or discarded, locked, declined, published."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.support import ask, numbers, settling, summary, try_number, until, wait_for_new_round

READY = "document.querySelector('.panel .map-box')?.dataset.state === 'ready'"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def open_round(visit: Any, site: Any, query: str = "", **how: Any) -> Any:
    page = visit(site, f"/round{query}", **how)
    page.wait_for_selector(".round-grid .ag-row" if how.get("size", "desk") == "desk" else ".touch-list")
    return page


def choose(page: Any, text: str) -> Any:
    """Focuses the first line that says a text."""
    cell = page.locator(f'.round-grid .ag-row:has-text("{text}") .ag-cell').first
    cell.click()
    page.wait_for_url("**sel=*")
    return cell


def figures(site: Any, round_id: str = "current") -> Any:
    return ask(site, f"/v1/rounds/{round_id}/summary")["figures"]


def claims(site: Any) -> list[Any]:
    return list(ask(site, "/v1/claims?limit=1000")["items"])


def test_the_lines_add_up_to_what_is_asked_for(shared_site, visit):
    page = open_round(visit, shared_site)
    rows = ask(shared_site, "/v1/rounds/current/rows?limit=1000")["items"]
    lines = sum(len(row["assignments"]) + (row["unserved"] > 0) for row in rows)
    places = sum(row["quantity"] for row in rows)
    assert numbers(page.locator(".round-page > .selected-line .note").inner_text())[:2] == [lines, places]
    head = page.locator(".round-head").inner_text()
    shown = figures(shared_site)
    for figure in ("places_wanted", "places_served", "unserved"):
        assert str(shown[figure]) in head


def test_a_filter_and_a_unit_leave_only_their_lines(shared_site, visit):
    unit = max(summary(shared_site)["units"], key=lambda one: one["used"])
    page = open_round(visit, shared_site, f"?unit={unit['id']}")
    rows = page.locator(".round-grid .ag-row")
    assert rows.count() > 0
    assert str(unit["used"]) in page.locator(".round-page > p.note").inner_text()
    page = open_round(visit, shared_site, "?reason=no_capacity&part=unserved")
    texts = page.locator('.round-grid .ag-row [col-id="why"]').all_inner_texts()
    assert texts
    assert all("供给不足" in text for text in texts)


def test_why_has_numbers_and_a_certificate_that_can_be_added(shared_site, visit):
    page = open_round(visit, shared_site, "?reason=no_capacity&part=unserved")
    page.locator(".round-grid .ag-row .ag-cell").first.click()
    page.keyboard.press("Space")
    page.wait_for_selector(".panel .certificate table tfoot td")
    columns = [
        [int(cell) for cell in table.locator("tbody td.amount").all_inner_texts()]
        for table in page.locator(".panel .certificate table").all()
    ]
    sums = [int(cell) for cell in page.locator(".panel .certificate tfoot td").all_inner_texts()]
    assert [sum(column) for column in columns] == sums
    short = numbers(page.locator(".panel .cert-short").inner_text())
    assert short == [*sums, sums[0] - sums[1]]
    assert short[2] > 0


def test_trying_changes_nothing_until_it_is_kept(own_site, visit):
    before = figures(own_site)
    state = ask(own_site, "/v1/state")
    page = visit(own_site, "/today")
    sentences = page.locator(".sentences").inner_text()
    try_number(page, "10")
    assert "尚未保存" in page.locator(".change").inner_text()
    told = numbers(page.locator(".trial-total").inner_text())
    gained, moved, lost = told[:3]
    lists = page.locator(".trial li").all_inner_texts()
    sums = {
        sign: sum(int(re.search(r"×(\d+)", line)[1]) for line in lists if line.startswith(sign))
        for sign in "+⇄−"
    }
    assert sums == {"+": gained, "⇄": moved, "−": lost}
    assert gained > 0
    assert ask(own_site, "/v1/state") == state

    page.get_by_role("button", name="放弃").click()
    page.wait_for_selector(".panel", state="detached")
    assert ask(own_site, "/v1/state") == state
    assert page.locator(".sentences").inner_text() == sentences
    assert page.evaluate("JSON.parse(localStorage['linli.drafts'])") == []

    try_number(page, "10")
    page.get_by_role("button", name="保留这次改动").click()
    page.wait_for_selector(".panel", state="detached")
    after = figures(own_site)
    assert after["places_served"] - before["places_served"] == gained - lost


def test_the_whole_loop_goes_without_a_mouse(own_site, visit):
    before = figures(own_site)
    page = visit(own_site, "/today")
    sentence = page.locator(".sentences > p").first.inner_text()
    try_number(page, "10")
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel", state="detached")
    until(page, "(was) => document.querySelector('.sentences > p').innerText !== was", sentence)
    kept = figures(own_site)
    assert kept["places_served"] > before["places_served"]
    assert str(kept["places_served"]) in page.locator(".sentences > p").first.inner_text()
    page.keyboard.press("Control+z")
    until(page, "(was) => document.querySelector('.sentences > p').innerText === was", sentence)
    page.wait_for_selector(".stale", state="detached")
    page.keyboard.press("Control+Shift+z")
    until(page, "(was) => document.querySelector('.sentences > p').innerText !== was", sentence)
    assert str(kept["places_served"]) in page.locator(".sentences > p").first.inner_text()


def test_a_reload_in_the_middle_gives_the_same_picture(own_site, visit):
    page = visit(own_site, "/today", has_map=True)
    try_number(page, "10")
    until(page, READY)
    panel = page.locator(".panel").inner_text()
    typed = page.locator(".change input").first.input_value()
    page.reload()
    page.wait_for_selector(".trial")
    until(page, READY)
    until(
        page,
        "(was) => document.querySelector('.panel').innerText.split(/\\s+/).join(' ').trim() === was",
        " ".join(panel.split()),
    )
    assert page.locator(".change input").first.input_value() == typed


def test_a_trial_draws_its_ways(own_site, visit):
    page = visit(own_site, "/map", has_map=True)
    until(page, "document.querySelector('.map-box')?.dataset.state === 'ready'")
    assert page.locator(".legend-new").count() == 0
    offer = summary(own_site)["suggestions"][0]["offer"]
    draft = [{"table": "offers", "id": offer, "field": "capacity", "value": 10}]
    page.evaluate("(value) => { localStorage['linli.drafts'] = JSON.stringify(value) }", draft)
    page.reload()
    page.wait_for_selector(".legend-new")
    assert page.locator(".legend-old").count() == 1


def test_a_lock_holds_and_can_be_undone(own_site, visit):
    page = open_round(visit, own_site)
    row = next(
        row
        for row in ask(own_site, "/v1/rounds/current/rows?limit=1000")["items"]
        if "need" in row and row["assignments"] and not row["assignments"][0]["locked"]
    )
    before = len(claims(own_site))
    page.goto(f"{own_site.base}/round?sel=need:{row['need']}")
    page.wait_for_selector(".round-grid .cell-selected")
    page.keyboard.press("l")
    page.wait_for_selector(".saved:has-text('已保存')")
    until(page, "document.querySelector('.stale') !== null")
    made = [claim for claim in claims(own_site) if claim["target"] == row["need"]]
    assert len(claims(own_site)) == before + 1
    assert made[0]["status"] == "agreed"
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('.stale') === null")
    assert len(claims(own_site)) == before


def test_a_refusal_is_coded_and_the_pair_left_out_afterwards(own_site, visit):
    row = next(
        row
        for row in ask(own_site, "/v1/rounds/current/rows?limit=1000")["items"]
        if "need" in row and row["assignments"] and not row["assignments"][0]["locked"]
    )
    given = row["assignments"][0]
    page = visit(own_site, f"/round?sel=need:{row['need']}")
    page.wait_for_selector(".round-grid .cell-selected")
    page.keyboard.press("x")
    page.wait_for_selector(".refuse input:focus")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".refuse", state="detached")
    made = next(claim for claim in claims(own_site) if claim["target"] == row["need"])
    assert (made["status"], made["why"]) == ("declined", "时间不合")
    was = ask(own_site, "/v1/state")["round"]
    page.keyboard.press("r")
    wait_for_new_round(own_site, page, was)
    pairs = {(one.get("need"), one["offer"]) for one in ask(own_site, "/v1/assignments")}
    assert (row["need"], given["offer"]) not in pairs


def test_publishing_can_be_taken_back(own_site, visit):
    page = open_round(visit, own_site)
    page.get_by_role("button", name="发布…").click()
    page.locator("dialog").get_by_role("button", name="发布本轮").click()
    page.wait_for_selector(".publishing")
    assert 20 <= numbers(page.locator(".publishing").inner_text())[0] <= 30
    assert ask(own_site, "/v1/rounds/current")["takes_effect_at"] is not None
    page.get_by_role("button", name="撤回").click()
    page.wait_for_selector(".publishing", state="detached")
    assert ask(own_site, "/v1/rounds/current")["takes_effect_at"] is None
    assert ask(own_site, "/v1/rounds/current")["status"] == "proposed"


def test_why_is_open_again_after_a_reload_unless_it_was_closed(shared_site, visit):
    page = open_round(visit, shared_site)
    page.locator(".round-grid .ag-row .ag-cell").first.click()
    page.wait_for_selector(".panel .why")
    heading = page.locator(".panel h2").inner_text()
    sentence = page.locator(".panel .why-sentence").inner_text()
    with settling(page):
        page.reload()
    assert page.locator(".panel h2").inner_text() == heading
    assert page.locator(".panel .why-sentence").inner_text() == sentence
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    with settling(page):
        page.reload()
    page.wait_for_selector(".round-grid .cell-selected")
    assert page.locator(".panel").count() == 0


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("path", ["/round", "/today"])
@pytest.mark.parametrize("kind", ["need", "project"])
def test_a_link_that_names_a_need_or_project_opens_why(shared_site, visit, path, kind, size):
    items = ask(shared_site, "/v1/rounds/current/rows?limit=1000")["items"]
    row = next(row for row in reversed(items) if row["kind"] == kind)
    page = visit(shared_site, f"{path}?sel={kind}:{row[kind]}", size=size)
    page.wait_for_selector(".panel .why-sentence")
    assert row["title"] in page.locator(".panel h2").inner_text()
    told = ask(shared_site, f"/v1/explain/{row[kind]}")
    assert page.locator(".panel .why-sentence").inner_text() == told["sentence_zh"]


def test_a_link_to_nobody_opens_nothing(shared_site, visit):
    page = visit(shared_site, "/round?sel=need:nobody")
    with settling(page):
        page.wait_for_selector(".round-grid .ag-row")
    assert page.locator(".panel").count() == 0
    assert page.locator(".state-error").count() == 0


def test_the_phone_has_the_same_lines_as_a_list(shared_site, visit):
    page = open_round(visit, shared_site, "?reason=out_of_reach&part=unserved", size="phone")
    wanted = sum(
        one["unserved"]
        for one in ask(shared_site, "/v1/rounds/current/rows?reason=out_of_reach&limit=1000")["items"]
    )
    shown = page.locator(".phone-line .amount").all_inner_texts()
    assert sum(int(text.removeprefix("×")) for text in shown) == wanted
    page.locator(".phone-line").first.click()
    page.wait_for_selector(".panel .why")
