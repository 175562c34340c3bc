"""Claim sheets as the printer gets them: A4 upright, nothing clipped, the header on each page, no address."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.support import WIDER, answer_with, ask, numbers, summary, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MEASURED = "!document.querySelector('.print-bar button.primary')?.disabled"
LONG = 130


def open_sheets(visit: Any, site: Any, query: str) -> Any:
    page = visit(site, f"/print/claims?{query}")
    page.wait_for_selector(".sheet-page")
    until(page, MEASURED)
    return page


def page_count(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def clipped(page: Any) -> list[str]:
    """Cells and lines that stand out of their sheet, or whose text stands out of them."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".sheet-page")].flatMap((sheet) => {
            const paper = sheet.getBoundingClientRect();
            return [...sheet.querySelectorAll("th, td, p, h2")].filter((one) => {
                const box = one.getBoundingClientRect();
                const isWide = box.right > paper.right + 1 || box.left < paper.left - 1;
                return isWide || box.bottom > paper.bottom + 1 || one.scrollWidth > one.clientWidth + 1;
            }).map((one) => one.textContent);
        })"""
    )
    return found


def test_today_prints_its_whole_table(shared_site, visit):
    document = summary(shared_site)
    page = visit(shared_site, "/today")
    page.set_viewport_size({"width": 740, "height": 1000})
    page.emulate_media(media="print")
    page.wait_for_selector(".paper-board")
    assert page.locator(".paper-board thead th").count() == len(document["categories"]) + 2
    totals = page.locator(".paper-board tbody td:last-child").all_inner_texts()
    figures = document["figures"]
    assert numbers(totals[0]) == [figures["unserved"], figures["places_wanted"]]
    assert sum(numbers(text)[-1] for text in totals[1:]) == figures["places_wanted"]
    assert page.evaluate(WIDER) <= 0
    page.emulate_media(media="screen")
    page.wait_for_selector(".paper-board", state="detached")


@pytest.mark.parametrize(("by", "lang"), [("unit", "zh"), ("area", "en")])
def test_sheets_print_on_as_many_pages_as_are_shown(shared_site, visit, by, lang):
    document = ask(shared_site, f"/v1/claim-sheets?by={by}")
    page = open_sheets(visit, shared_site, f"by={by}&lang={lang}")
    pages = page.locator(".sheet-page").count()
    assert pages >= len(document["sheets"])
    page.emulate_media(media="print")
    assert clipped(page) == []
    assert page_count(page.pdf(prefer_css_page_size=True)) == pages
    rows = page.locator(".claims tbody tr").count()
    assert rows == sum(len(sheet["rows"]) for sheet in document["sheets"])
    assert page.locator(".claims thead").count() == pages
    assert not page.locator(".print-bar").is_visible()
    categories = " ".join(page.locator(".claims td:nth-child(3)").all_inner_texts())
    assert bool(re.search(r"[\u4e00-\u9fff]", categories)) is (lang == "zh")
    times = page.locator(".claims td:nth-child(6)").all_inner_texts()
    said = [row[f"times_{lang}"] for sheet in document["sheets"] for row in sheet["rows"]]
    assert any(said)
    assert times == said


def test_a_long_sheet_goes_over_pages_with_its_header(shared_site, visit):
    """A unit with many claims: the header on each page, rows counted through, one place to sign."""
    document = ask(shared_site, "/v1/claim-sheets?by=unit")
    sheet = document["sheets"][0]
    row = {**sheet["rows"][0], "title": "上门为行动不便的高龄独居老人修理水电并检查燃气", "places": 1}
    long = {**sheet, "rows": [row] * LONG, "total_places": LONG}
    page = visit(shared_site, "/lists")
    answer_with(page, "**/v1/claim-sheets*", {**document, "sheets": [long]})
    page.goto(f"{shared_site.base}/print/claims?by=unit")
    page.wait_for_selector(".sheet-page")
    until(page, MEASURED)
    pages = page.locator(".sheet-page").count()
    assert pages > 1
    page.emulate_media(media="print")
    assert clipped(page) == []
    assert page_count(page.pdf(prefer_css_page_size=True)) == pages
    counted = [int(text) for text in page.locator(".claims td.c-no").all_inner_texts()]
    assert counted == list(range(1, LONG + 1))
    assert page.locator(".claims thead").count() == pages
    assert page.locator(".sheet-sign").count() == 1
    feet = [numbers(text)[-2:] for text in page.locator(".sheet-foot").all_inner_texts()]
    assert feet == [[at + 1, pages] for at in range(pages)]


def test_sheets_tell_no_address_and_are_black_on_white(shared_site, visit):
    page = visit(shared_site, "/print/claims?by=unit", theme="dark")
    page.wait_for_selector(".sheet-page")
    until(page, MEASURED)
    look = page.evaluate(
        """() => {
            const style = getComputedStyle(document.querySelector(".sheet-page"));
            return [style.color, style.backgroundColor];
        }"""
    )
    assert look == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    text = page.locator(".print-page").inner_text()
    assert not re.search(r"\d+号|\d+弄|\d+室|1[3-9]\d{9}", text)
    for unit in ask(shared_site, "/v1/units?limit=1000")["items"]:
        assert not unit["liaison"] or unit["liaison"] not in text.split()


def test_each_sheet_names_round_and_revision_and_leaves_room_to_sign(shared_site, visit):
    document = ask(shared_site, "/v1/claim-sheets?by=unit")
    page = open_sheets(visit, shared_site, "by=unit")
    first = page.locator(".sheet-page").first
    assert document["sheets"][0]["name"] in first.inner_text()
    foot = first.locator(".sheet-foot").inner_text()
    assert document["round"] in foot
    assert f"第{document['revision']}版" in foot
    assert "联络员签字" in first.locator(".sheet-sign").inner_text()
    heads = first.locator("th").all_inner_texts()
    assert heads == ["序号", "居民区", "类别", "内容", "项次", "时段", "备注"]
