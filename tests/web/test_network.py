"""The network: picture and table show the same, either selects, and the table alone suffices."""

from __future__ import annotations

import pytest

from tests.web.support import WIDER, answer_with, ask, numbers, settling, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

READY = "document.querySelector('.map-box')?.dataset.state === 'ready'"
ROWS = ".network-table .ag-grid-scrolling-rows .ag-row"


def test_the_table_alone_suffices(shared_site, visit):
    document = ask(shared_site, "/v1/network/picture?kind=multilayer")
    degree = {row["id"]: row for row in ask(shared_site, "/v1/network?measure=degree&kind=multilayer")}
    page = visit(shared_site, "/network?ties=multilayer&colour=alliance")
    page.wait_for_selector(ROWS)
    assert "WebGL" in page.locator(".map-missing").inner_text()
    best = max(degree.values(), key=lambda row: row["value"])
    top = page.locator(f"{ROWS}[row-index='0']")
    top.filter(has_text=best["name"]).wait_for()
    first = top.locator(".ag-cell").all_inner_texts()
    assert first[:2] == [best["name"], str(best["value"])]
    parties = document["parties"]
    row = next(at for at, party in enumerate(parties) if party["id"] == best["id"])
    tied = {parties[sum(tie[:2]) - row]["name"] for tie in document["ties"] if row in tie[:2]}
    assert {name.split("×")[0] for name in first[3].split("；")} == tied
    day = "2023-06-30"
    on_day = ask(shared_site, f"/v1/network/picture?kind=multilayer&as_of={day}")
    assert on_day["ties_total"] != document["ties_total"]
    with settling(page):
        page.get_by_label("哪一天").fill(day)
    assert numbers(page.locator(".network-sentence").inner_text())[1] == on_day["ties_total"]
    with settling(page):
        page.get_by_label("哪一天").fill("")
    assert numbers(page.locator(".network-sentence").inner_text())[1] == document["ties_total"]
    page.get_by_label("在表里找").fill(parties[0]["name"])
    until(page, f"document.querySelectorAll('{ROWS}').length < 20")
    names = page.locator(f"{ROWS} .ag-cell:first-child").all_inner_texts()
    assert parties[0]["name"] in names


def test_a_party_tells_its_ties_and_what_breaks_without_it(shared_site, visit):
    page = visit(shared_site, "/network")
    page.wait_for_selector(ROWS)
    breaking = ask(shared_site, "/v1/network?measure=articulation")[0]
    page.locator(ROWS, has_text=breaking["name"]).first.locator(".ag-cell").first.click()
    page.wait_for_selector(".network-party .network-breaks li")
    assert "sel=" in page.url
    panel = page.locator(".panel")
    assert panel.locator("h2").first.inner_text() == breaking["name"]
    assert f"多断成{breaking['value']}份" in panel.inner_text()
    assert panel.locator(".partners button").count() == 1
    page.wait_for_selector(".network-party .note:has-text('换次抽样')")
    page.get_by_role("button", name="整体怎样").click()
    page.wait_for_selector(".network-whole tbody tr")
    rows = page.locator(".network-whole tbody tr").all_inner_texts()
    ei = ask(shared_site, "/v1/network?measure=ei&by=kind")
    assert f"{ei['value']:.3f}".rstrip("0") in next(row for row in rows if "种类" in row)
    inward = min(
        ask(shared_site, "/v1/network?measure=ei")["groups"], key=lambda one: (one["as_inward"], one["value"])
    )
    assert inward["name"] in next(row for row in rows if "区域" in row).split("：")[-1]
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    page.locator(ROWS, has_text=breaking["name"]).first.locator(".ag-cell").first.click()
    page.wait_for_selector(".network-party .network-breaks li")
    other = panel.locator(".plain-list button").first
    name = other.inner_text()
    other.click()
    page.wait_for_selector(f".panel h2:has-text('{name}')")


def test_the_picture_is_walked_by_arrows(shared_site, visit):
    page = visit(shared_site, "/network?ties=multilayer&lang=en", has_map=True)
    until(page, READY)
    page.locator(".network-sheet").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**sel=**")
    before = page.url
    page.keyboard.press("ArrowLeft")
    until(page, "(before) => location.href !== before", before)
    page.keyboard.press("Enter")
    page.wait_for_selector(".network-party")
    chosen = page.locator(".panel h2").first.inner_text()
    assert chosen in page.locator(".network-table [role=status]").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    assert page.evaluate("document.activeElement.classList.contains('network-sheet')")


def test_ties_that_no_list_has_are_told_of(shared_site, empty_site, visit):
    page = visit(empty_site, "/network")
    page.get_by_role("button", name="载入清单").wait_for()
    document = ask(shared_site, "/v1/network/picture?kind=services")
    answer_with(page, "**/picture?kind=services", document | {"ties": [], "ties_total": 0})
    page = visit(shared_site, "/network?ties=services", size="phone")
    page.wait_for_selector(".network-page .state-empty")
    with settling(page):
        page.locator(".network-choices select").first.select_option("pairings")
    page.wait_for_selector(".network-table .touch-list button")
    assert page.evaluate(WIDER) <= 0
    page.locator(".network-table .touch-list button").first.click()
    page.wait_for_selector(".panel .network-party")
    assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_groups_are_proposed_beside_todays(shared_site, visit, lang):
    document = ask(shared_site, "/v1/group?into=3")
    page = visit(shared_site, f"/network?ties=multilayer&lang={lang}&into=3")
    with settling(page):
        page.locator(".network-choices select").nth(1).select_option("group")
    told = page.locator(".network-groups [role=status]")
    told.wait_for()
    fresh = [move for move in document["moves"] if move["from"] is None]
    sizes = min(document["sizes"]), max(document["sizes"])
    assert numbers(told.inner_text()) == [3, *sizes, len(document["moves"]) - len(fresh), len(fresh)]
    move = next(move for move in document["moves"] if move["from"] is not None)
    page.locator(".network-find input").fill(move["name"])
    until(page, f"document.querySelectorAll('{ROWS}').length < 20")
    rows = page.locator(ROWS).all()
    found = {cells[0]: cells for cells in (row.locator(".ag-cell").all_inner_texts() for row in rows)}
    assert str(move["to"]) in found[move["name"]][2]
    assert move["from_name"] in found[move["name"]][3]
    told.get_by_role("button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel .small-table")
    names = page.locator(".panel .plain-list li").all_inner_texts()
    assert len(names) == sum(document["sizes"])
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel", state="detached")
    with settling(page):
        page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(WIDER) <= 0
    assert ask(shared_site, "/v1/state")["revision"] == 1
