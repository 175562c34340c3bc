"""Gaps, records, and what every page of the plan keeps to: no sideways scroll, nothing cut, focus seen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.services.rounds import current_round
from api.services.stores import opened
from graph.periods import today
from tests.web.support import (
    WIDER,
    answer_with,
    ask,
    change,
    intercept,
    numbers,
    settling,
    through_sizes,
    until,
    wait_for_trial,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HAN = re.compile(r"[\u4e00-\u9fff]")
PAGES = ["/today", "/lists", "/map", "/round", "/gaps", "unit", "need", "area", "/print/claims?by=unit"]
WITH_STOPS = ["/round", "/gaps", "unit"]
# Pages that are names of others and what they wrote, nearly throughout.
OTHERS_WORDS = ["area", "/print/claims?by=unit"]


@pytest.fixture(scope="module")
def addresses(shared_site: Any) -> dict[str, str]:
    row = next(
        row
        for row in ask(shared_site, "/v1/rounds/current/rows?limit=1000")["items"]
        if row["assignments"] and row.get("need") and row["area"]
    )
    return {
        "unit": f"/units/{row['assignments'][0]['unit']}",
        "need": f"/needs/{row['need']}",
        "area": f"/areas/{row['area']}",
        "offer": f"/offers/{row['assignments'][0]['offer']}",
    }


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_is_cut_or_hides_focus(shared_site, visit, addresses, path):
    """In each language and size; in English only names are left in Chinese."""
    page = visit(shared_site, addresses.get(path, path), size="small", has_map=path == "/map")
    for size in through_sizes(page):
        assert page.evaluate(WIDER) <= 0, ("zh", size)
    if path in WITH_STOPS:
        check_stops_of_tab(page)
    if path.startswith("/print"):  # paper has no menu to choose a language in
        visit(shared_site, f"{path}&lang=en")
    else:
        with settling(page):
            page.get_by_role("button", name="EN").click()
            until(page, "document.documentElement.lang === 'en'")
    if path not in OTHERS_WORDS:
        check_english(page)
    for size in through_sizes(page):
        assert page.evaluate(WIDER) <= 0, ("en", size)


def check_english(page: Any) -> None:
    page.wait_for_selector("main button")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, h1, h2, dt, .ag-header-cell-text")]
            .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
            .map((one) => one.textContent)"""
    )
    assert cut == []
    own = page.locator("main button, main h2, main dt, .ag-header-cell-text, .legend li").all_inner_texts()
    assert own
    names = page.locator(".chip, .num").all_inner_texts()
    assert not [text for text in own if HAN.search(text) and text not in names]


def check_stops_of_tab(page: Any) -> None:
    page.wait_for_selector("main button")
    for _ in range(30):
        page.keyboard.press("Tab")
        drawn, name = page.evaluate(
            """() => {
                const at = document.activeElement, look = getComputedStyle(at);
                const isDrawn = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
                return [isDrawn || at === document.body, at.outerHTML.slice(0, 100)];
            }"""
        )
        assert drawn, name


def test_gaps_add_up_and_so_does_each_certificate(shared_site, visit):
    document = ask(shared_site, "/v1/gaps")
    page = visit(shared_site, "/gaps")
    page.wait_for_selector(".gap")
    assert numbers(page.locator(".gaps-head h1").inner_text()) == [document["unserved"]]
    chips = page.locator(".gaps-reasons .chip").all_inner_texts()
    assert sum(numbers(chip)[0] for chip in chips) == document["unserved"]
    first = page.locator(".gaps-part").first
    places = first.locator(".gap-places").all_inner_texts()
    assert sum(numbers(text)[0] for text in places) == document["unserved"]
    shorts = []
    for gap in first.locator('.gap-group[data-reason="no_capacity"] .gap').all():
        gap.locator("button[aria-expanded]").click()
        wanted, held = (numbers(text)[0] for text in gap.locator("tfoot td").all_inner_texts())
        told = numbers(gap.locator(".cert-short").inner_text())
        assert told == [wanted, held, wanted - held]
        shorts.append(wanted - held)
    assert sum(shorts) == document["summary"]["no_capacity"]
    until(page, "!document.querySelector('.certificate')?.textContent.match(/need-|offer-/)")


def test_a_gap_out_of_reach_names_the_reach_that_would_do(own_site, visit):
    gap = next(one for one in ask(own_site, "/v1/gaps")["gaps"] if one.get("nearest", {}).get("reach_m"))
    page = visit(own_site, "/gaps?reason=out_of_reach")
    wanted = gap["nearest"]["reach_that_would_do_m"]
    page.locator(f'.gap button:has-text("{wanted:,}")').first.click()
    wait_for_trial(page)
    assert str(wanted) in [field.input_value() for field in page.locator(".change input").all()]
    assert numbers(page.locator(".trial-total").inner_text())[0] >= 1


def test_blind_spots_count_what_the_document_counts(shared_site, visit):
    document = ask(shared_site, "/v1/gaps")
    page = visit(shared_site, "/gaps")
    text = page.locator(".blind-spots").inner_text()
    for words, key in (
        ("未结对居民区", "unpaired_areas"),
        ("闲置资源", "idle_offers"),
        ("沉默单位", "idle_units"),
    ):
        assert re.search(rf"{words}\s*{len(document[key])}\b", text), (words, text)


def test_a_report_of_an_earlier_version_says_so_and_is_made_anew(own_site, visit):
    with opened(own_site.store_url) as store:
        kept = current_round(store)
        gaps = dict(kept.results["gaps"])
        del gaps["projects"]
        store.put_round(replace(kept, results={**kept.results, "gaps": gaps}))
    page = visit(own_site, "/gaps")
    shown = page.locator("main .state-empty")
    assert "较早版本" in shown.inner_text()
    shown.get_by_role("button").click()
    page.wait_for_selector(".gaps-head h1")
    assert numbers(page.locator(".gaps-head h1").inner_text()) == [ask(own_site, "/v1/gaps")["unserved"]]


def edit(page: Any, field: str) -> None:
    """Open a field of a record; what is typed next takes the place of what it holds."""
    page.locator(f'[data-field="{field}"] button').click()
    page.wait_for_selector(f'[data-field="{field}"] :focus')
    page.keyboard.press("Control+a")


def test_a_field_is_edited_in_its_place_and_undone(own_site, visit, addresses):
    path = addresses["unit"]
    page = visit(own_site, path)
    was = ask(own_site, f"/v1{path}")["kind"]
    edit(page, "kind")
    page.keyboard.type("社会组织甲")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('[data-field=kind] dd').textContent.includes('社会组织甲')")
    assert ask(own_site, f"/v1{path}")["kind"] == "社会组织甲"
    page.keyboard.press("Control+z")
    until(page, "!document.querySelector('[data-field=kind] dd').textContent.includes('社会组织甲')")
    assert ask(own_site, f"/v1{path}")["kind"] == was


def test_what_is_wrong_stands_beside_its_field(own_site, visit, addresses):
    path = addresses["offer"]
    before = ask(own_site, f"/v1{path}")
    page = visit(own_site, path)
    page.wait_for_selector(".fields")
    for details in page.locator(".empty-fields").all():
        details.evaluate("(one) => { one.open = true }")
    edit(page, "capacity")
    page.keyboard.type("两三次")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-field="capacity"] .field-fault')
    assert page.locator('[data-field="capacity"] .field-fault').inner_text().strip()
    assert ask(own_site, f"/v1{path}") == before
    page.keyboard.press("Escape")
    page.wait_for_selector(".field-fault", state="detached")


def test_what_others_changed_meanwhile_is_not_overwritten(own_site, visit, addresses):
    path = addresses["unit"]
    page = visit(own_site, path)
    with settling(page):
        edit(page, "kind")
    change(own_site, f"/v1{path}", {"kind": "别人写的"})
    page.keyboard.type("我写的")
    page.keyboard.press("Enter")
    page.wait_for_selector(".field-fault")
    assert "别人写的" in page.locator(".field-fault").inner_text()
    assert ask(own_site, f"/v1{path}")["kind"] == "别人写的"
    page.keyboard.press("Enter")
    page.wait_for_selector(".field-form", state="detached")
    assert ask(own_site, f"/v1{path}")["kind"] == "我写的"


def test_a_record_shows_what_its_card_holds(shared_site, visit, addresses):
    card = ask(shared_site, f"/v1{addresses['unit']}/card")
    page = visit(shared_site, addresses["unit"])
    page.wait_for_selector(".record-page")
    text = page.locator(".record-ties").inner_text()
    for given in card["gives"]:
        assert given["title"] in text
    for assignment in card["assignments"]:
        assert assignment["title"] in text
    page.locator(".record-ties a").first.click()
    page.wait_for_selector(".record-head")


def test_a_record_shows_the_further_columns_of_its_list(shared_site, visit):
    need = next(found for found in ask(shared_site, "/v1/needs?limit=200")["items"] if found["notes"])
    page = visit(shared_site, f"/needs/{need['id']}")
    page.locator(".empty-fields summary").last.click()
    shown = page.locator(".empty-fields").last.inner_text()
    for _, cell in need["notes"]:
        assert cell in shown
    # How exact a point is, is said of a point.
    is_empty = page.locator(".empty-fields [data-field=precision]").count() == 1
    assert is_empty == (need["lon"] is None)


def test_working_out_anew_keeps_the_days_of_the_round(shared_site, visit):
    page = visit(shared_site, "/today")
    page.wait_for_selector(".sentences")
    intercept(page, "**/v1/rounds", lambda route: route.abort())
    lately = (today() - timedelta(days=40)).isoformat()
    for last, is_kept in (("2021-12-31", True), ("2999-12-31", True), (lately, False)):
        days = {"from": f"{last[:4]}-01-01", "to": last}
        unruled = {"keep": None, "load": None}
        answer_with(page, "**/v1/rounds/*", {"period": days, "fit": "exact", "match": unruled})
        with page.expect_request(lambda asked: asked.method == "POST") as asked:
            page.keyboard.press("r")
        # One that ended lately gives way to this year, which the service takes by itself.
        assert asked.value.post_data_json == {**(days if is_kept else {}), "fit": "exact"}


def test_a_round_of_an_earlier_version_is_worked_out_anew_all_the_same(shared_site, visit):
    page = visit(shared_site, "/today")
    page.wait_for_selector(".sentences")
    intercept(page, "**/v1/rounds", lambda route: route.abort())
    problem = {"type": "urn:linli:problem:old-round", "title": "", "status": 409}
    intercept(
        page, "**/v1/rounds/*",
        lambda route: route.fulfill(status=409, json=problem, content_type="application/problem+json"),
    )  # fmt: skip
    with page.expect_request(lambda asked: asked.method == "POST") as asked:
        page.keyboard.press("r")
    assert asked.value.post_data_json == {}


def test_a_record_that_is_not_there_says_so(shared_site, visit):
    page = visit(shared_site, "/units/none")
    page.wait_for_selector("main .state-empty")
    assert "none" in page.locator("main .state-empty").inner_text()
    assert page.locator("main .state-empty button, main .state-empty a").first.is_visible()
